//! Shared by the gates: the root of the sources.
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a root").to_owned()
}

/// Every file under `folder` (of the root) with one of the endings, without built or foreign ones.
#[allow(dead_code, reason = "not every gate reads files")]
pub fn files(folders: &[&str], endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in folders {
        for entry in walkdir::WalkDir::new(root().join(folder)).sort_by_file_name().into_iter().flatten() {
            let path = entry.path();
            let ending = path.extension().and_then(|end| end.to_str()).unwrap_or("");
            if path.is_file() && endings.contains(&ending) {
                found.push((path.to_owned(), std::fs::read_to_string(path).expect("a text file")));
            }
        }
    }
    found
}
