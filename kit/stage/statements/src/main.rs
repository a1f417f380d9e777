//! Names every statement that no test executed on an engine that runs it. Usage: statements FOLDER, where
//! each file of the folder holds what one test process executed, one JSON array of engine and text a line.
use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).unwrap_or_default();
    let mut executed: HashSet<(String, String)> = HashSet::new();
    for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        executed.extend(text.lines().filter_map(|line| serde_json::from_str::<(String, String)>(line).ok()));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let (mut all, mut missing) = (0, 0);
    for found in statements::all(&root) {
        let first: String = found.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(110).collect();
        for engine in found.on.engines() {
            all += 1;
            if !executed.contains(&((*engine).to_owned(), found.text.clone())) {
                missing += 1;
                println!("{}:{} never executed on {engine}: {first}", found.file, found.line);
            }
        }
    }
    println!("{} of {all} statements were executed by some test, each counted once an engine", all - missing);
    if missing == 0 && all > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
