//! Reads an archive or a folder: each member is hashed on the way and compared with the manifest,
//! and the archive's seal is checked at the end.
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::lock::{Key, MARK};
use super::manifest::{self, Manifest, Member};
use super::seal::Sealed;

/// What comes out, in the order it was put in.
#[derive(Debug)]
pub enum Item {
    Begin(String),
    Bytes(Vec<u8>),
    End,
}

/// Reads everything and gives it to `each`. Only when this returns without error is all of it
/// known to be whole. Blocks.
pub fn walk(from: &Path, key: &Key, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<Manifest> {
    let outcome = if from.is_dir() { folder(from, each) } else { archive(from, key, each) };
    outcome.with_context(|| format!("reading {}", from.display()))
}

/// Whether a file is encrypted.
pub fn is_locked(from: &Path) -> Result<bool> {
    let mut first = Vec::new();
    File::open(from)?.take(MARK.len() as u64).read_to_end(&mut first)?;
    Ok(first == MARK)
}

fn archive(from: &Path, key: &Key, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<Manifest> {
    let file = BufReader::with_capacity(1 << 20, File::open(from)?);
    let plain: Box<dyn Read + '_> = if is_locked(from)? { Box::new(key.read(file)?) } else { Box::new(file) };
    let mut tar = tar::Archive::new(GzDecoder::new(Sealed::new(plain)));
    let mut found = Vec::new();
    let mut manifest = None;
    for entry in tar.entries()? {
        let mut entry = entry?;
        let name = String::from_utf8(entry.path_bytes().into_owned()).context("a member's name")?;
        if manifest.is_some() || !entry.header().entry_type().is_file() || !is_plain(&name) {
            bail!("{name} does not belong here");
        }
        if name == manifest::NAME {
            let mut text = Vec::new();
            entry.read_to_end(&mut text)?;
            manifest = Some(Manifest::read(&text).context(manifest::NAME)?);
        } else {
            found.push(member(name, &mut entry, each)?);
        }
    }
    let mut rest = tar.into_inner();
    std::io::copy(&mut rest, &mut std::io::sink())?;
    let left = std::io::copy(&mut rest.into_inner(), &mut std::io::sink())?;
    let manifest = manifest.context("it has no manifest: it was cut short, or it is no backup of Simpul")?;
    if left > 0 {
        bail!("{left} bytes stand after the end");
    }
    compare(&found, &manifest)?;
    Ok(manifest)
}

fn folder(from: &Path, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<Manifest> {
    let text = std::fs::read(from.join(manifest::NAME)).context(manifest::NAME)?;
    let manifest = Manifest::read(&text).context(manifest::NAME)?;
    let mut found = Vec::new();
    for one in &manifest.members {
        if !is_plain(&one.name) {
            bail!("{} does not belong here", one.name);
        }
        let mut file = BufReader::new(File::open(from.join(&one.name)).with_context(|| one.name.clone())?);
        found.push(member(one.name.clone(), &mut file, each)?);
    }
    compare(&found, &manifest)?;
    Ok(manifest)
}

/// A path that stays where it is put.
fn is_plain(name: &str) -> bool {
    let parts = |part: &str| !part.is_empty() && part != "." && part != "..";
    name.split('/').all(parts) && !name.contains(['\\', '\0'])
}

fn member(name: String, from: &mut dyn Read, each: &mut dyn FnMut(Item) -> Result<()>) -> Result<Member> {
    each(Item::Begin(name.clone()))?;
    let mut hash = Sha256::new();
    let mut size = 0;
    loop {
        let mut bytes = vec![0u8; 65_536];
        let read = from.read(&mut bytes).with_context(|| name.clone())?;
        if read == 0 {
            break;
        }
        bytes.truncate(read);
        hash.update(&bytes);
        size += read as u64;
        each(Item::Bytes(bytes))?;
    }
    each(Item::End)?;
    Ok(Member { name, bytes: size, sha256: hex::encode(hash.finalize()) })
}

fn compare(found: &[Member], manifest: &Manifest) -> Result<()> {
    for (one, said) in found.iter().zip(&manifest.members) {
        if one != said {
            bail!("{} is not what the manifest says: bytes changed", one.name);
        }
    }
    if found.len() != manifest.members.len() {
        bail!("{} members instead of {}", found.len(), manifest.members.len());
    }
    Ok(())
}

/// Reads everything and keeps nothing: the check before a restore.
pub async fn check(from: &Path, key: Key) -> Result<(Manifest, Key)> {
    let from = from.to_owned();
    let work = move || walk(&from, &key, &mut |_| Ok(())).map(|manifest| (manifest, key));
    tokio::task::spawn_blocking(work).await?
}

/// The items of an archive, read on a thread of its own.
pub struct Unpack {
    from: mpsc::Receiver<Item>,
    work: tokio::task::JoinHandle<Result<Manifest>>,
}

impl Unpack {
    pub fn start(from: &Path, key: Key) -> Unpack {
        let (to, items) = mpsc::channel(16);
        let from = from.to_owned();
        let work = tokio::task::spawn_blocking(move || {
            walk(&from, &key, &mut |item| to.blocking_send(item).map_err(|_| anyhow!("nobody listens any more")))
        });
        Unpack { from: items, work }
    }

    /// The next item; none at the end, or when reading failed, which [`Unpack::end`] tells.
    pub async fn next(&mut self) -> Option<Item> {
        self.from.recv().await
    }

    pub async fn end(self) -> Result<Manifest> {
        self.work.await?
    }
}
