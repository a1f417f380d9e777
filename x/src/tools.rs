//! What the project needs on the machine: Node packages, the browser bundle, Debian packages.
use std::path::{Path, PathBuf};

use crate::root;
use crate::step::{Failed, Step, say};

/// Installs the Node packages when missing and bundles the browser side.
pub fn web() -> Result<(), Failed> {
    packages(&root().join("web"))?;
    say("bundling the browser side");
    Step::new("node").arg("build.mjs").dir(&root().join("web")).run()
}

/// Checks the types of the browser side.
pub fn types() -> Result<(), Failed> {
    say("checking the browser side's types");
    Step::new("npx").args(["--no-install", "tsc", "--noEmit"]).dir(&root().join("web")).run()
}

/// `npm ci` in a folder, unless it was done for this lock file.
pub fn packages(folder: &Path) -> Result<(), Failed> {
    let lock = std::fs::read(folder.join("package-lock.json")).map_err(|e| Failed(format!("{}: {e}", folder.display())))?;
    let mark = folder.join("node_modules/.installed-lock");
    if std::fs::read(&mark).is_ok_and(|known| known == lock) {
        return Ok(());
    }
    require("node", "nodejs")?;
    say(&format!("installing the packages of {}", folder.file_name().unwrap_or_default().to_string_lossy()));
    Step::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).dir(folder).run()?;
    std::fs::write(&mark, lock).map_err(|e| Failed(e.to_string()))
}

/// Whether a program is on the path.
pub fn has(program: &str) -> bool {
    find(program).is_some()
}

/// Where a program is.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Makes sure that a program is there, installing its Debian package when we may.
pub fn require(program: &str, package: &str) -> Result<(), Failed> {
    if has(program) { Ok(()) } else { install(program, package) }
}

/// Installs a Debian package; says what to do where that cannot be done.
pub fn install(what: &str, package: &str) -> Result<(), Failed> {
    let help = format!("{what} is needed; install it (on Debian: apt-get install {package})");
    if !has("apt-get") || !is_root() {
        return Err(Failed(help));
    }
    say(&format!("installing {package}"));
    let quietly =
        |words: &[&str]| Step::new("apt-get").args(words.iter().copied()).env("DEBIAN_FRONTEND", "noninteractive").quiet();
    let install = ["install", "-y", "--no-install-recommends", package];
    if quietly(&install).is_err() {
        quietly(&["update"])?;
        quietly(&install).map_err(|Failed(why)| Failed(format!("{help}\n{why}")))?;
    }
    Ok(())
}

/// Whether this process may do anything.
pub fn is_root() -> bool {
    Step::new("id").arg("-u").quiet().is_ok_and(|id| id.trim() == "0")
}
