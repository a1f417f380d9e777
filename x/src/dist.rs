//! `cargo x dist`: what a release consists of: an archive, a Debian package, a list of parts, and
//! the checksums of all three.
use std::path::{Path, PathBuf};

use crate::step::{Failed, Step, fresh, say};
use crate::{build, root, target, tools};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The documents that go with the binary.
const DOCS: &[&str] = &["README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md", "docs"];

/// Builds a release binary unless `--binary PATH` names one, and packs it into `target/dist`.
pub fn dist(words: &[&str]) -> Result<(), Failed> {
    let binary = match words {
        [] => {
            build()?;
            target().join("release/simpul")
        }
        ["--binary", path] => PathBuf::from(path),
        _ => return Err(Failed("cargo x dist [--binary PATH]".into())),
    };
    let out = fresh("dist")?;
    pack(&binary, &out)?;
    say(&format!("done: {}", out.display()));
    Ok(())
}

/// Puts the packages of a binary into an empty folder.
pub fn pack(binary: &Path, out: &Path) -> Result<(), Failed> {
    tools::require("strip", "binutils")?;
    tools::require("dpkg-deb", "dpkg")?;
    let work = out.join("work");
    make(&work)?;
    let slim = work.join("simpul");
    Step::new("strip").arg("-o").arg(&slim).arg(binary).run()?;
    let architecture = Step::new("dpkg").arg("--print-architecture").quiet()?.trim().to_owned();
    say("the archive");
    let archive = archive(&work, &slim, out, &architecture)?;
    say("the Debian package");
    let package = package(&work, &slim, out, &architecture)?;
    say("the list of parts");
    let parts = parts(out)?;
    std::fs::remove_dir_all(&work).map_err(|e| Failed(format!("{}: {e}", work.display())))?;
    let sums = Step::new("sha256sum").args([&archive, &package, &parts]).dir(out).quiet()?;
    write(&out.join("SHA256SUMS"), &sums)
}

fn archive(work: &Path, binary: &Path, out: &Path, architecture: &str) -> Result<String, Failed> {
    let name = format!("simpul-{VERSION}-linux-{architecture}");
    let folder = work.join(&name);
    make(&folder)?;
    install(binary, &folder.join("simpul"), "755")?;
    for doc in DOCS {
        copy(&root().join(doc), &folder)?;
    }
    let package = folder.join("systemd");
    make(&package)?;
    for file in ["simpul.service", "simpul.socket", "simpul.toml", "secrets.env"] {
        copy(&root().join("app/package").join(file), &package)?;
    }
    let file = format!("{name}.tar.gz");
    Step::new("tar")
        .args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"])
        .arg(format!("--mtime=@{}", moment()?))
        .arg("-czf")
        .arg(out.join(&file))
        .arg("-C")
        .arg(work)
        .arg(&name)
        .run()?;
    Ok(file)
}

fn package(work: &Path, binary: &Path, out: &Path, architecture: &str) -> Result<String, Failed> {
    let stage = work.join("deb");
    let doc = stage.join("usr/share/doc/simpul");
    let from = root().join("app/package");
    for folder in ["DEBIAN", "usr/bin", "usr/lib/systemd/system", "usr/share/doc/simpul", "etc/simpul"] {
        make(&stage.join(folder))?;
    }
    install(binary, &stage.join("usr/bin/simpul"), "755")?;
    for unit in ["simpul.service", "simpul.socket"] {
        install(&from.join(unit), &stage.join("usr/lib/systemd/system").join(unit), "644")?;
    }
    install(&from.join("simpul.toml"), &stage.join("etc/simpul/simpul.toml"), "640")?;
    install(&from.join("secrets.env"), &stage.join("etc/simpul/secrets.env"), "600")?;
    install(&from.join("copyright"), &doc.join("copyright"), "644")?;
    for name in ["README.md", "CHANGELOG.md", "LICENSE"] {
        install(&root().join(name), &doc.join(name), "644")?;
    }
    for entry in std::fs::read_dir(root().join("docs")).map_err(|e| Failed(e.to_string()))?.flatten() {
        if entry.path().extension().is_some_and(|end| end == "md") {
            install(&entry.path(), &doc.join(entry.file_name()), "644")?;
        }
    }
    let control = std::fs::read_to_string(from.join("control")).map_err(|e| Failed(format!("control: {e}")))?;
    let size = Step::new("du").args(["-sk", "--apparent-size"]).arg(&stage).quiet()?;
    let control = control
        .replace("@VERSION@", VERSION)
        .replace("@ARCHITECTURE@", architecture)
        .replace("@SIZE@", size.split_whitespace().next().unwrap_or("0"))
        .replace("@LIBC@", &newest_libc(binary)?);
    write(&stage.join("DEBIAN/control"), &control)?;
    install(&from.join("conffiles"), &stage.join("DEBIAN/conffiles"), "644")?;
    for script in ["postinst", "prerm", "postrm"] {
        install(&from.join(script), &stage.join("DEBIAN").join(script), "755")?;
    }
    let file = format!("simpul_{VERSION}_{architecture}.deb");
    Step::new("dpkg-deb")
        .args(["--root-owner-group", "--build"])
        .arg(&stage)
        .arg(out.join(&file))
        .env("SOURCE_DATE_EPOCH", moment()?)
        .quiet()?;
    Ok(file)
}

fn parts(out: &Path) -> Result<String, Failed> {
    tools::require("node", "nodejs")?;
    let metadata = out.join("work/metadata.json");
    let text = Step::new("cargo").args(["metadata", "--format-version", "1", "--locked"]).quiet()?;
    write(&metadata, &text)?;
    let list = Step::new("sh").args(["-c", "node x/sbom.mjs < \"$0\""]).arg(&metadata).quiet()?;
    let file = format!("simpul-{VERSION}.cdx.json");
    write(&out.join(&file), &list)?;
    Ok(file)
}

/// The newest version of the C library that the binary asks for.
fn newest_libc(binary: &Path) -> Result<String, Failed> {
    let symbols = Step::new("objdump").arg("-T").arg(binary).quiet()?;
    let versions = symbols.split("GLIBC_").skip(1).filter_map(|rest| {
        let version: Vec<u32> =
            rest.split(|c: char| !c.is_ascii_digit() && c != '.').next()?.split('.').flat_map(str::parse).collect();
        (version.len() >= 2).then_some(version)
    });
    let newest = versions.max().ok_or(Failed(format!("{} asks for no C library", binary.display())))?;
    Ok(newest.iter().map(u32::to_string).collect::<Vec<_>>().join("."))
}

/// The time of the sources, so that the same sources give the same archive.
fn moment() -> Result<String, Failed> {
    if let Some(given) = crate::step::variable("SOURCE_DATE_EPOCH") {
        return Ok(given.to_string_lossy().into_owned());
    }
    Ok(Step::new("git").args(["log", "-1", "--format=%ct"]).quiet()?.trim().to_owned())
}

fn make(folder: &Path) -> Result<(), Failed> {
    std::fs::create_dir_all(folder).map_err(|e| Failed(format!("{}: {e}", folder.display())))
}

fn write(path: &Path, text: &str) -> Result<(), Failed> {
    std::fs::write(path, text).map_err(|e| Failed(format!("{}: {e}", path.display())))
}

fn copy(from: &Path, into: &Path) -> Result<(), Failed> {
    Step::new("cp").arg("-r").arg(from).arg(into).run()
}

fn install(from: &Path, to: &Path, mode: &str) -> Result<(), Failed> {
    Step::new("install").args(["-m", mode]).arg(from).arg(to).run()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The units with a program that is there in the place of ours.
    fn units(folder: &Path) {
        for unit in ["simpul.service", "simpul.socket"] {
            let text = std::fs::read_to_string(root().join("app/package").join(unit)).expect("a unit");
            std::fs::write(folder.join(unit), text.replace("/usr/bin/simpul", "/bin/true")).expect("written");
        }
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("simpul-dist-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    #[test]
    fn a_binary_becomes_an_archive_a_package_and_a_list() {
        let out = folder("pack");
        let own = std::env::current_exe().expect("this program");
        pack(&own, &out).unwrap_or_else(|Failed(why)| panic!("{why}"));
        let deb = format!("simpul_{VERSION}_");
        let all: Vec<String> =
            std::fs::read_dir(&out).expect("a folder").flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        let deb = all.iter().find(|name| name.starts_with(&deb)).expect("a package");
        let list = Step::new("dpkg-deb").arg("-c").arg(out.join(deb)).quiet().unwrap_or_else(|Failed(why)| panic!("{why}"));
        for (mode, path) in [
            ("-rwxr-xr-x root/root", "./usr/bin/simpul"),
            ("-rw-r--r-- root/root", "./usr/lib/systemd/system/simpul.service"),
            ("-rw-r--r-- root/root", "./usr/lib/systemd/system/simpul.socket"),
            ("-rw-r----- root/root", "./etc/simpul/simpul.toml"),
            ("-rw------- root/root", "./etc/simpul/secrets.env"),
            ("-rw-r--r-- root/root", "./usr/share/doc/simpul/OPERATING.md"),
            ("-rw-r--r-- root/root", "./usr/share/doc/simpul/LICENSE"),
        ] {
            assert!(list.lines().any(|line| line.starts_with(mode) && line.ends_with(path)), "{mode} {path}\n{list}");
        }
        let facts = Step::new("dpkg-deb").arg("-I").arg(out.join(deb)).quiet().unwrap_or_else(|Failed(why)| panic!("{why}"));
        for fact in ["Package: simpul", "adduser", "libc6 (>= 2.", "conffiles", "postinst", "prerm", "postrm"] {
            assert!(facts.contains(fact), "{fact}\n{facts}");
        }
        assert!(!facts.contains('@') || facts.matches('@').count() == 1, "a mark was not filled\n{facts}");
        let sums = Step::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).dir(&out).quiet();
        let sums = sums.unwrap_or_else(|Failed(why)| panic!("{why}"));
        assert_eq!(sums.matches(": OK").count(), 3, "{sums}");
        let parts = std::fs::read_to_string(out.join(format!("simpul-{VERSION}.cdx.json"))).expect("a list");
        for part in ["\"CycloneDX\"", "pkg:cargo/sqlx@", "pkg:cargo/tantivy@", "pkg:npm/squire-rte@", "\"SHA-256\""] {
            assert!(parts.contains(part), "{part}");
        }
        assert!(!parts.contains("pkg:cargo/stage@"), "tests are no part of it");
        std::fs::remove_dir_all(&out).expect("removed");
    }

    #[test]
    fn systemd_understands_the_units_and_finds_them_tight() {
        if !tools::has("systemd-analyze") {
            println!("systemd-analyze is not here");
            return;
        }
        let folder = folder("units");
        units(&folder);
        let mut command = std::process::Command::new("systemd-analyze");
        command.env("SYSTEMD_UNIT_PATH", format!("{}:", folder.display()));
        let out = command.args(["verify", "--man=no", "simpul.service", "simpul.socket"]).output().expect("it runs");
        let words = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success() && !words.contains("simpul"), "{words}");
        let unit = folder.join("simpul.service");
        Step::new("systemd-analyze")
            .args(["security", "--offline=true", "--no-pager", "--threshold=15"])
            .arg(unit)
            .quiet()
            .unwrap_or_else(|Failed(why)| panic!("{why}"));
        std::fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn the_scripts_of_the_package_are_sound() {
        for script in ["postinst", "prerm", "postrm"] {
            let path = root().join("app/package").join(script);
            Step::new("sh").arg("-n").arg(&path).quiet().unwrap_or_else(|Failed(why)| panic!("{why}"));
        }
        let unit = std::fs::read_to_string(root().join("app/package/simpul.service")).expect("a unit");
        for line in [
            "Type=notify",
            "WatchdogSec=60",
            "Environment=MALLOC_ARENA_MAX=2",
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "MemoryDenyWriteExecute=yes",
            "PrivateTmp=yes",
            "CapabilityBoundingSet=",
            "StateDirectory=simpul",
        ] {
            assert!(unit.lines().any(|own| own == line), "{line}");
        }
    }
}
