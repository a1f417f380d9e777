//! A PostgreSQL of our own for the tests: fresh, without fsync, on a port of its own.
use std::path::{Path, PathBuf};

use crate::step::{Failed, Step, free_port, fresh, say, variable};
use crate::tools;

/// The test server; it stops with this value.
pub struct Server {
    address: String,
    stop: Option<(PathBuf, PathBuf)>,
}

impl Server {
    /// `postgres://…` for `SIMPUL_TEST_POSTGRES`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Uses the server that `SIMPUL_TEST_POSTGRES` names, or starts one.
pub fn start() -> Result<Server, Failed> {
    if let Some(given) = variable("SIMPUL_TEST_POSTGRES") {
        return Ok(Server { address: given.to_string_lossy().into_owned(), stop: None });
    }
    let bin = match programs() {
        Some(bin) => bin,
        None => {
            tools::install("the PostgreSQL server", "postgresql")?;
            programs().ok_or(Failed("PostgreSQL was installed but initdb is not found".into()))?
        }
    };
    say("starting a PostgreSQL for the tests");
    let folder = fresh("postgres")?;
    // The server refuses to run as root, and its own user must reach the folder.
    let folder = if tools::is_root() { elsewhere()? } else { folder };
    let data = folder.join("data");
    let port = free_port()?;
    as_server(
        &bin.join("initdb"),
        &["-D", &text(&data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
    )?;
    let options = format!(
        "-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=128MB -c max_locks_per_transaction=256",
        text(&folder)
    );
    as_server(&bin.join("pg_ctl"), &["-D", &text(&data), "-l", &text(&folder.join("log")), "-w", "-o", &options, "start"])?;
    Ok(Server { address: format!("postgres://postgres@127.0.0.1:{port}/postgres"), stop: Some((bin, data)) })
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((bin, data)) = &self.stop {
            // The process ends anyway; a server left behind only wastes memory.
            let _ = as_server(&bin.join("pg_ctl"), &["-D", &text(data), "-m", "immediate", "stop"]);
            if let Some(folder) = data.parent() {
                let _ = std::fs::remove_dir_all(folder);
            }
        }
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Debian keeps the server's programs away from the path.
fn programs() -> Option<PathBuf> {
    if let Some(found) = tools::find("initdb") {
        return found.canonicalize().ok()?.parent().map(PathBuf::from);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> =
        versions.flatten().map(|v| v.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).collect();
    found.sort();
    found.pop()
}

/// A folder that belongs to the server's user.
fn elsewhere() -> Result<PathBuf, Failed> {
    let folder = std::env::temp_dir().join(format!("simpul-postgres-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|e| Failed(e.to_string()))?;
    Step::new("chown").args([user(), &text(&folder)]).quiet()?;
    Ok(folder)
}

fn user() -> &'static str {
    let known = Step::new("id").args(["-u", "postgres"]).quiet().is_ok();
    if known { "postgres" } else { "nobody" }
}

/// Runs one of the server's programs, never as root. Its output goes to files only, so that a
/// server left running cannot hold our pipes open.
fn as_server(program: &Path, words: &[&str]) -> Result<(), Failed> {
    let log = std::env::temp_dir().join(format!("simpul-postgres-{}.log", std::process::id()));
    let step = if tools::is_root() {
        Step::new("setpriv").args(["--reuid", user(), "--regid", user(), "--clear-groups"]).arg(program)
    } else {
        Step::at(program)
    };
    let mut child = step.args(words.iter().copied()).dir(&std::env::temp_dir()).start(&log)?;
    let status = child.wait().map_err(|e| Failed(e.to_string()))?;
    let said = std::fs::read_to_string(&log).unwrap_or_default();
    let _ = std::fs::remove_file(&log);
    if status.success() { Ok(()) } else { Err(Failed(format!("{} ended with {status}\n{said}", program.display()))) }
}
