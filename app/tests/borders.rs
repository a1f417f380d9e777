//! Who may import whom, read from the manifests.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
mod common;

/// The project's own crates that each crate may depend on; dev-dependencies may add the test crates.
const ALLOWED: &[(&str, &[&str])] = &[
    ("kit/pictures", &[]),
    ("kit/base", &["pictures"]),
    ("kit/web", &["base"]),
    ("kit/stage", &["base", "web", "both", "statements"]),
    ("kit/stage/statements", &[]),
    ("kit/stage/both", &[]),
    ("slices/people", &["base", "web"]),
    ("slices/regions", &["base", "web", "people"]),
    ("slices/kim", &["base", "web", "people", "regions"]),
    ("slices/newsroom", &["base", "web", "people", "regions", "kim"]),
    ("app", &["base", "web", "people", "regions", "kim", "newsroom"]),
    ("x", &[]),
];

const OWN: &[&str] =
    &["base", "pictures", "web", "stage", "both", "statements", "people", "regions", "kim", "newsroom", "simpul", "x"];

#[test]
fn no_crate_imports_over_a_border() {
    for (folder, allowed) in ALLOWED {
        let text = std::fs::read_to_string(common::root().join(folder).join("Cargo.toml")).expect("a manifest");
        let mut section = String::new();
        for line in text.lines().map(str::trim) {
            if line.starts_with('[') {
                section = line.trim_matches(['[', ']']).to_owned();
                continue;
            }
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            if !OWN.contains(&name) || !section.ends_with("dependencies") {
                continue;
            }
            let test_crate = section == "dev-dependencies" && matches!(name, "stage" | "both" | "web" | "base");
            assert!(allowed.contains(&name) || test_crate, "{folder} must not depend on {name}");
        }
    }
}

#[test]
fn every_slice_stands_in_the_list() {
    for entry in std::fs::read_dir(common::root().join("slices")).expect("slices") {
        let name = format!("slices/{}", entry.expect("an entry").file_name().to_string_lossy());
        assert!(ALLOWED.iter().any(|(folder, _)| *folder == name), "{name} is not in the list of borders");
    }
}

/// The sources under these folders with their paths from the root, tests left out.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let root = common::root();
    let own = |(path, text): (std::path::PathBuf, String)| {
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
        let test = name.ends_with("tests.rs") || name.ends_with("testing.rs") || name.contains("/tests/");
        (!test).then_some((name, text))
    };
    common::files(folders, &["rs"]).into_iter().filter_map(own).collect()
}

/// Lines of a source that hold one of these words, a longer word around it left aside.
fn lines_with(name: &str, text: &str, words: &[&str]) -> Vec<String> {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let stands = |line: &str, word: &str| {
        line.match_indices(word).any(|(at, _)| !(word.starts_with(inner) && line[..at].ends_with(inner)))
    };
    let hits = text.lines().enumerate().filter(|(_, line)| words.iter().any(|word| stands(line, word)));
    hits.map(|(i, line)| format!("{name}:{} {}", i + 1, line.trim())).collect()
}

#[test]
fn only_the_platform_knows_the_engines() {
    let mut wrong = Vec::new();
    for (name, text) in sources(&["kit/pictures/src", "kit/web/src", "slices", "app/src"]) {
        // The name of the engine may be written down.
        let text = text.replace(".engine().name()", "");
        wrong.extend(lines_with(&name, &text, &["Engine::Sqlite", "Engine::Postgres", ".engine()"]));
    }
    assert!(wrong.is_empty(), "branch on the engine in kit/base:\n{}", wrong.join("\n"));
}

#[test]
fn every_statement_is_made_by_a_macro() {
    let mut wrong = Vec::new();
    for (name, text) in sources(&["kit/base/src", "kit/web/src", "slices", "app/src"]) {
        if name != "kit/base/src/query.rs" {
            wrong.extend(lines_with(&name, &text, &["Query::new("]));
        }
    }
    assert!(wrong.is_empty(), "the gates do not see these; use sql!:\n{}", wrong.join("\n"));
}

#[test]
fn files_stay_short() {
    let long: Vec<String> = common::files(&["kit", "slices", "app", "x", "web/ts", "web/css"], &["rs", "ts", "css", "html"])
        .into_iter()
        .filter(|(path, text)| text.lines().count() > 450 && !path.to_string_lossy().contains("node_modules"))
        .map(|(path, text)| format!("{} has {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
