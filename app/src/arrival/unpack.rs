//! Reads the archive of a KIM: what it says of itself and its rows at once, its files one by one.
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use base::pictures::MOST_BYTES;
use flate2::read::GzDecoder;
use kim::{FORMAT, VERSION};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;

/// Name of the member that says what the archive is.
const MANIFEST: &str = "manifest.json";
/// Largest part, unpacked, in bytes: some hundred thousand rows.
const PART_MOST: u64 = 512 * 1024 * 1024;

/// What an archive says of itself.
#[derive(Debug, Deserialize)]
struct Manifest {
    version: u32,
    site: String,
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
struct Part {
    name: String,
    rows: usize,
}

/// Everything but the files.
pub struct Unpacked {
    pub version: u32,
    /// Address of the site that it comes from.
    pub site: String,
    /// Rows by the name of their part.
    pub parts: BTreeMap<String, Vec<Value>>,
    /// Paths of the files, as rows name them.
    pub files: HashSet<String>,
}

/// Reads the rows and checks that they are whole. Blocks.
pub fn rows(from: &Path) -> Result<Unpacked> {
    let mut texts: HashMap<String, Vec<u8>> = HashMap::new();
    let mut files = HashSet::new();
    walk(from, &mut |path, entry| {
        if path.starts_with("files/") {
            files.insert(path);
            return Ok(true);
        }
        let mut text = Vec::new();
        entry.take(PART_MOST + 1).read_to_end(&mut text).with_context(|| path.clone())?;
        if text.len() as u64 > PART_MOST {
            bail!("{path} is larger than {} MB", PART_MOST / 1024 / 1024);
        }
        texts.insert(path, text);
        Ok(true)
    })?;
    let manifest = texts.remove(MANIFEST).with_context(|| no_archive(from))?;
    let manifest = manifest_of(from, &manifest)?;
    let mut parts = BTreeMap::new();
    for part in manifest.parts {
        let name = format!("{}.jsonl", part.name);
        let text = texts.remove(&name).with_context(|| format!("{name} is missing: the archive was cut short"))?;
        let rows = lines(&name, &text)?;
        if rows.len() != part.rows {
            bail!("{name} holds {} rows instead of {}: the archive was changed or cut short", rows.len(), part.rows);
        }
        parts.insert(part.name, rows);
    }
    Ok(Unpacked { version: manifest.version, site: manifest.site, parts, files })
}

/// Says what a manifest must say, or what is wrong with it.
fn manifest_of(from: &Path, text: &[u8]) -> Result<Manifest> {
    let told: Value = serde_json::from_slice(text).with_context(|| no_archive(from))?;
    if told["form"].is_u64() && told["use"].is_string() {
        bail!("{} is a backup or export of a whole site, not the archive of one KIM", from.display());
    }
    if told["format"] != FORMAT {
        bail!(no_archive(from));
    }
    let version = told["version"].as_u64().unwrap_or(0);
    if version > u64::from(VERSION) {
        bail!(
            "it was made by a newer version of Simpul (archive version {version}; this one reads up to {VERSION}): upgrade first"
        );
    }
    serde_json::from_value(told).context(MANIFEST)
}

fn no_archive(from: &Path) -> String {
    format!("{} is not the archive of a KIM (kim-….tar.gz, from the page “Arsip KIM”)", from.display())
}

fn lines(name: &str, text: &[u8]) -> Result<Vec<Value>> {
    let text = std::str::from_utf8(text).with_context(|| name.to_owned())?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(n, line)| serde_json::from_str::<Value>(line).with_context(|| format!("line {} of {name}", n + 1))).collect()
}

/// Sends the wanted files, each once, as they come. Blocks.
pub fn files(from: &Path, mut wanted: HashSet<String>, to: &mpsc::Sender<(String, Vec<u8>)>) -> Result<()> {
    // One byte too many is enough to refuse a file.
    const FILE_MOST: u64 = MOST_BYTES as u64 + 1;
    walk(from, &mut |path, entry| {
        if wanted.remove(&path) {
            let mut bytes = Vec::new();
            entry.take(FILE_MOST).read_to_end(&mut bytes).with_context(|| path.clone())?;
            // Nobody listens any more after an error there.
            if to.blocking_send((path, bytes)).is_err() {
                return Ok(false);
            }
        }
        Ok(!wanted.is_empty())
    })
}

/// Gives every file of the archive to `each`, with its path below the one folder that all lie in, until
/// `each` says that it is enough.
fn walk(from: &Path, each: &mut dyn FnMut(String, &mut dyn Read) -> Result<bool>) -> Result<()> {
    let file = File::open(from).with_context(|| format!("opening {}", from.display()))?;
    let mut archive = tar::Archive::new(GzDecoder::new(BufReader::with_capacity(1 << 20, file)));
    let entries = archive.entries().with_context(|| no_archive(from))?;
    for (n, entry) in entries.enumerate() {
        // What cannot be read at all is something else; what breaks off was one.
        let broken = || if n == 0 { no_archive(from) } else { format!("{} was cut short or is damaged", from.display()) };
        let mut entry = entry.with_context(broken)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8(entry.path_bytes().into_owned()).context("a member's name")?;
        let Some((_, path)) = name.split_once('/') else { continue };
        if !each(path.to_owned(), &mut entry)? {
            break;
        }
    }
    Ok(())
}
