//! The task runner: `cargo x run`, `cargo x test` and their parts. Standard library only, so that it
//! builds in a second.
#![allow(clippy::disallowed_methods, reason = "the task runner stands outside the product and its settings")]
mod browser;
mod dist;
mod postgres;
mod step;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

use step::{Failed, Step, say};

const USAGE: &str = "\
cargo x run            set up, build, load the demo and serve it at http://localhost:8080
cargo x test           set up and pass every test: both engines and the browser
cargo x test rust      the Rust tests and gates only; more words go to cargo test
cargo x test browser   the browser journeys only (--built: with the binary that is there)
cargo x check          format, lints, licences and types
cargo x build          the browser side and a release binary
cargo x dist           archive, Debian package, list of parts and checksums in target/dist
                       (--binary PATH: of a binary that is there)
cargo x bench          load and scale measurements (see bench/README.md)
cargo x web            the browser side only
cargo x new SLICE NAME a feature folder to start from
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["run", rest @ ..] => run(rest),
        ["test"] => rust_tests(&[]).and_then(|()| browser::tests(false)),
        ["test", "rust", rest @ ..] => rust_tests(rest),
        ["test", "browser", rest @ ..] => browser::tests(!rest.contains(&"--built")),
        ["check"] => check(),
        ["build"] => build(),
        ["dist", rest @ ..] => dist::dist(rest),
        ["web"] => tools::web(),
        ["bench", rest @ ..] => bench(rest),
        ["new", slice, name] => new(slice, name),
        _ => {
            print!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            eprintln!("\n✗ {why}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the project.
pub fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn run(rest: &[&str]) -> Result<(), Failed> {
    tools::web()?;
    say("building the server (the first time takes some minutes)");
    Step::new("cargo").args(["build", "--package", "simpul"]).run()?;
    let binary = target().join("debug/simpul");
    let data = root().join(".simpul");
    let here = |words: &[&str]| {
        let mut step = Step::at(&binary).args(words.iter().copied()).dir(&root());
        if std::env::var_os("SIMPUL_DATA").is_none() {
            step = step.env("SIMPUL_DATA", &data);
        }
        if std::env::var_os("SIMPUL_REGION").is_none() {
            step = step.env("SIMPUL_REGION", "62.71");
        }
        step
    };
    let mark = data.join("demo-loaded");
    if !mark.exists() && std::env::var_os("SIMPUL_DATABASE").is_none() {
        say("loading the demo of Palangka Raya");
        // A run that was cut short leaves half a demo behind: begin again.
        if data.exists() {
            std::fs::remove_dir_all(&data).map_err(|e| Failed(format!("{}: {e}", data.display())))?;
        }
        here(&["demo"]).run()?;
        std::fs::write(&mark, "").map_err(|e| Failed(format!("{}: {e}", mark.display())))?;
    }
    say("serving at http://localhost:8080 (Ctrl+C stops)");
    let words: Vec<&str> = if rest.is_empty() { vec!["serve"] } else { rest.to_vec() };
    here(&words).run()
}

fn rust_tests(rest: &[&str]) -> Result<(), Failed> {
    tools::web()?;
    tools::types()?;
    let server = postgres::start()?;
    let statements = target().join("statements");
    // Left over from another run, its notes would hide a statement that lost its test.
    let _ = std::fs::remove_dir_all(&statements);
    std::fs::create_dir_all(&statements).map_err(|e| Failed(e.to_string()))?;
    say("building and running the Rust tests on both engines");
    let tests = |words: &[&str]| {
        Step::new("cargo")
            .args(["test", "--workspace"])
            .args(words.iter().copied())
            .env("SIMPUL_TEST_POSTGRES", server.address())
            .env("SIMPUL_STATEMENTS", &statements)
            .env("RUST_MIN_STACK", "8388608")
    };
    tests(rest).run()?;
    if rest.is_empty() {
        say("every statement must have been executed by some test");
        Step::new("cargo").args(["run", "--quiet", "--package", "statements", "--"]).arg(&statements).run()?;
    }
    Ok(())
}

fn check() -> Result<(), Failed> {
    tools::web()?;
    tools::types()?;
    say("formatting");
    Step::new("cargo").args(["fmt", "--all", "--check"]).run()?;
    say("lints");
    Step::new("cargo").args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).run()?;
    if tools::has("cargo-deny") {
        say("licences and sources");
        Step::new("cargo").args(["deny", "--offline", "check", "licenses", "bans", "sources"]).run()?;
    } else {
        say("cargo-deny is not installed: licences not checked (cargo install cargo-deny)");
    }
    Ok(())
}

/// The browser side and a release binary.
pub fn build() -> Result<(), Failed> {
    tools::web()?;
    say("building a release binary");
    Step::new("cargo").args(["build", "--release", "--package", "simpul"]).run()?;
    say("done: target/release/simpul");
    Ok(())
}

fn bench(rest: &[&str]) -> Result<(), Failed> {
    tools::web()?;
    say("building with the bench-server profile");
    Step::new("cargo").args(["build", "--profile", "bench-server", "--package", "simpul"]).run()?;
    Step::new("node")
        .arg(root().join("bench/run.mjs"))
        .args(rest.iter().copied())
        .env("SIMPUL_BINARY", target().join("bench-server/simpul"))
        .run()
}

/// A feature folder with the files a feature has; docs/ADDING-A-FEATURE.md goes on from there.
fn new(slice: &str, name: &str) -> Result<(), Failed> {
    let plain = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if !plain(slice) || !plain(name) {
        return Err(Failed("a slice and a feature are named with small letters".into()));
    }
    let folder = root().join("slices").join(slice).join("src").join(name);
    if !root().join("slices").join(slice).exists() || folder.exists() {
        return Err(Failed(format!("{} exists already, or slices/{slice} does not", folder.display())));
    }
    let files = [
        (
            "mod.rs",
            format!(
                "//! {name}: say in one to three lines what it is for. Types and rules, pure.\npub mod pages;\nmod store;\n#[cfg(test)]\nmod tests;\n"
            ),
        ),
        ("store.rs", format!("//! SQL of {name}.\n")),
        ("pages.rs", format!("//! Pages of {name}.\n")),
        ("tests.rs", "use super::*;\n".to_owned()),
        ("show.html", format!("<h1>{{{{ \"{slice}-{name}-title\"|t }}}}</h1>\n")),
    ];
    std::fs::create_dir_all(&folder).map_err(|e| Failed(e.to_string()))?;
    for (file, text) in files {
        std::fs::write(folder.join(file), text).map_err(|e| Failed(e.to_string()))?;
        println!("{}", folder.join(file).display());
    }
    println!("Next: docs/ADDING-A-FEATURE.md");
    Ok(())
}
