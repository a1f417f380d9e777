//! Names every `sql!` statement that no test executed. Usage: unexecuted FOLDER, where each file of
//! the folder holds the executed texts of one test process, one JSON string a line.
use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).unwrap_or_default();
    let mut executed = HashSet::new();
    for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        executed.extend(text.lines().filter_map(|line| serde_json::from_str::<String>(line).ok()));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let all = statements::all(&root);
    let missing: Vec<_> = all.iter().filter(|found| !executed.contains(&found.text)).collect();
    for found in &missing {
        let first: String = found.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(110).collect();
        println!("{}:{} never executed: {first}", found.file, found.line);
    }
    println!("{} of {} statements were executed by some test", all.len() - missing.len(), all.len());
    if missing.is_empty() && !all.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
