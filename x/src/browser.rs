//! The browser journeys: the demo served by a real binary, on both engines, driven in Chromium.
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use crate::step::{Failed, Running, Step, free_port, fresh, say, variable};
use crate::{postgres, root, target, tools};

/// Runs all journeys on both engines. After the Rust tests the binary is built already, and building
/// it alone would compile half of the packages again with other features.
pub fn tests(build: bool) -> Result<(), Failed> {
    tools::web()?;
    tools::packages(&root().join("tests"))?;
    let chromium = chromium()?;
    tools::require("java", "default-jre-headless")?;
    if build {
        say("building the server");
        Step::new("cargo").args(["build", "--package", "simpul"]).run()?;
    }
    let server = postgres::start()?;
    journeys(&chromium, "sqlite", None)?;
    journeys(&chromium, "postgres", Some(server.address()))
}

/// Journeys that write to the database.
const ERRANDS: &[&str] = &["bulk", "data", "factors", "first", "handover", "joining", "keyboard-desk", "safety"];

fn journeys(chromium: &PathBuf, engine: &str, database: Option<&str>) -> Result<(), Failed> {
    say(&format!("the demo on {engine}"));
    let folder = fresh(&format!("journeys-{engine}"))?;
    let port = free_port()?;
    let base_url = format!("http://localhost:{port}");
    let simpul = |words: &[&str]| {
        let step = Step::at(&target().join("debug/simpul"))
            .args(words.iter().copied())
            .dir(&folder)
            .env("SIMPUL_DATA", folder.join("data"))
            .env("SIMPUL_LISTEN", format!("127.0.0.1:{port}"))
            .env("SIMPUL_BASE_URL", &base_url)
            .env("SIMPUL_REGION", "62.71");
        match database {
            Some(address) => step.env("SIMPUL_DATABASE", address),
            None => step,
        }
    };
    let accounts = simpul(&["demo"]).quiet()?;
    let accounts_file = folder.join("accounts.txt");
    std::fs::write(&accounts_file, accounts).map_err(|e| Failed(e.to_string()))?;
    let log = folder.join("server.log");
    let _serving = Running(simpul(&["serve"]).start(&log)?);
    wait(port).map_err(|Failed(why)| Failed(format!("{why}\n{}", std::fs::read_to_string(&log).unwrap_or_default())))?;
    say(&format!("browser journeys on {engine}"));
    let files = match engine {
        "sqlite" => vec!["journeys/".to_owned()],
        // How a page looks, weighs and is walked by keys does not hang on the engine.
        _ => ERRANDS.iter().map(|name| format!("journeys/{name}.test.mjs")).collect(),
    };
    Step::new("node")
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(files.iter().map(String::as_str))
        .dir(&root().join("tests"))
        .env("SIMPUL_URL", &base_url)
        .env("SIMPUL_ENGINE", engine)
        .env("SIMPUL_ACCOUNTS", &accounts_file)
        .env("SIMPUL_OUT", folder.join("out"))
        .env("SIMPUL_BINARY", target().join("debug/simpul"))
        .env("CHROMIUM", chromium)
        .run()
}

/// The browser to drive: `CHROMIUM`, or one on the path, or Debian's package.
fn chromium() -> Result<PathBuf, Failed> {
    if let Some(given) = variable("CHROMIUM") {
        return Ok(given.into());
    }
    let known = || ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| tools::find(name));
    match known() {
        Some(found) => Ok(found),
        None => {
            tools::install("Chromium", "chromium")?;
            known().ok_or(Failed("Chromium was installed but is not on the path".into()))
        }
    }
}

/// Waits until the server says it is ready.
fn wait(port: u16) -> Result<(), Failed> {
    for _ in 0..150 {
        if ready(port).unwrap_or(false) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Err(Failed("the server did not become ready in 30 seconds".into()))
}

fn ready(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200"))
}
