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

#[test]
fn files_stay_short() {
    let long: Vec<String> = common::files(&["kit", "slices", "app", "x", "web/ts", "web/css"], &["rs", "ts", "css", "html"])
        .into_iter()
        .filter(|(path, text)| text.lines().count() > 450 && !path.to_string_lossy().contains("node_modules"))
        .map(|(path, text)| format!("{} has {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
