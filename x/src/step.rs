//! One command to run, said aloud, and what to do when it fails.
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Why a task stopped.
#[derive(Debug)]
pub struct Failed(pub String);

/// Tells what happens now.
pub fn say(text: &str) {
    println!("\n• {text}");
}

/// A command with its surroundings.
pub struct Step {
    command: Command,
    shown: String,
}

/// Whether cargo sets a variable for the program that it runs.
fn of_runner(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|start| name.starts_with(start))
}

impl Step {
    pub fn new(program: &str) -> Step {
        let mut command = Command::new(program);
        command.current_dir(crate::root());
        // `cargo x` is a `cargo run`: what it tells of this runner would make build scripts run anew.
        for (name, _) in std::env::vars().filter(|(name, _)| of_runner(name)) {
            command.env_remove(name);
        }
        Step { command, shown: program.to_owned() }
    }

    pub fn at(program: &Path) -> Step {
        Step { command: Command::new(program), shown: program.display().to_string() }
    }

    pub fn arg(mut self, word: impl AsRef<OsStr>) -> Step {
        self.shown.push(' ');
        self.shown.push_str(&word.as_ref().to_string_lossy());
        self.command.arg(word);
        self
    }

    pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(self, words: I) -> Step {
        words.into_iter().fold(self, Step::arg)
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Step {
        self.command.env(name, value);
        self
    }

    pub fn dir(mut self, folder: &Path) -> Step {
        self.command.current_dir(folder);
        self
    }

    /// Runs to the end with the output shown.
    pub fn run(mut self) -> Result<(), Failed> {
        let status = self.command.status().map_err(|e| Failed(format!("{}: {e}", self.shown)))?;
        if status.success() { Ok(()) } else { Err(Failed(format!("{} ended with {status}", self.shown))) }
    }

    /// Runs to the end and returns what it printed; the output is shown only when it fails.
    pub fn quiet(mut self) -> Result<String, Failed> {
        let output = self.command.output().map_err(|e| Failed(format!("{}: {e}", self.shown)))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let both = [output.stdout, output.stderr].concat();
        Err(Failed(format!("{} ended with {}\n{}", self.shown, output.status, String::from_utf8_lossy(&both))))
    }

    /// Starts and goes on, with output into a file.
    pub fn start(mut self, log: &Path) -> Result<Child, Failed> {
        let file = std::fs::File::create(log).map_err(|e| Failed(format!("{}: {e}", log.display())))?;
        let twin = file.try_clone().map_err(|e| Failed(e.to_string()))?;
        self.command.stdout(file).stderr(twin).stdin(Stdio::null());
        self.command.spawn().map_err(|e| Failed(format!("{}: {e}", self.shown)))
    }
}

/// A child process that ends with this value.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A fresh folder below the target folder.
pub fn fresh(name: &str) -> Result<PathBuf, Failed> {
    let folder = crate::target().join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|e| Failed(format!("{}: {e}", folder.display())))?;
    }
    std::fs::create_dir_all(&folder).map_err(|e| Failed(format!("{}: {e}", folder.display())))?;
    Ok(folder)
}

/// A port nobody listens on now.
pub fn free_port() -> Result<u16, Failed> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| Failed(e.to_string()))?;
    Ok(listener.local_addr().map_err(|e| Failed(e.to_string()))?.port())
}

/// The value of an environment variable, or none.
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
