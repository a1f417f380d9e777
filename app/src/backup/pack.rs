//! Writes an archive or a folder: members come in pieces, are hashed on the way, and appear under
//! their name only when everything was written and synced.
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use age::stream::StreamWriter;
use anyhow::{Context, Result, anyhow, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use tempfile::SpooledTempFile;
use tokio::sync::mpsc;

use super::lock::Lock;
use super::manifest::{self, Manifest, Member};
use super::seal::Sealing;

/// Bytes of a member that may wait in memory; larger ones wait in a file beside the archive.
const IN_MEMORY: usize = 8_000_000;

/// Where to write.
#[derive(Clone, Debug)]
pub enum Target {
    /// A `.tar.gz`, encrypted when there is a lock.
    File(PathBuf),
    /// A folder with the same members.
    Folder(PathBuf),
}

impl Target {
    pub fn path(&self) -> &Path {
        match self {
            Target::File(path) | Target::Folder(path) => path,
        }
    }
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Packed {
    pub manifest: Manifest,
    /// SHA-256 of the manifest.
    pub digest: String,
    pub path: PathBuf,
    pub bytes: u64,
}

enum Piece {
    Begin(String),
    Bytes(Vec<u8>),
    End,
    Finish(Box<Manifest>),
}

/// An archive under way. Dropped without [`Pack::finish`], it leaves nothing behind.
pub struct Pack {
    to: mpsc::Sender<Piece>,
    work: tokio::task::JoinHandle<Result<Packed>>,
}

impl Pack {
    pub fn start(target: Target, lock: Option<Lock>) -> Pack {
        let (to, from) = mpsc::channel(16);
        let work = tokio::task::spawn_blocking(move || write(&target, lock, from));
        Pack { to, work }
    }

    pub async fn begin(&mut self, name: String) -> Result<()> {
        self.send(Piece::Begin(name)).await
    }

    pub async fn bytes(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.send(Piece::Bytes(bytes)).await
    }

    pub async fn end(&mut self) -> Result<()> {
        self.send(Piece::End).await
    }

    /// One whole member.
    pub async fn member(&mut self, name: String, bytes: Vec<u8>) -> Result<()> {
        self.begin(name).await?;
        self.bytes(bytes).await?;
        self.end().await
    }

    async fn send(&mut self, piece: Piece) -> Result<()> {
        if self.to.send(piece).await.is_err() {
            // The writer ended early: its own words say why.
            return match (&mut self.work).await? {
                Err(error) => Err(error),
                Ok(_) => Err(anyhow!("the writer ended early")),
            };
        }
        Ok(())
    }

    /// Adds the manifest, whose members are filled here, and gives the archive its name.
    pub async fn finish(mut self, manifest: Manifest) -> Result<Packed> {
        self.send(Piece::Finish(Box::new(manifest))).await?;
        self.work.await?
    }
}

impl Pack {
    /// Ends without an archive, once what was begun of it is gone.
    pub async fn give_up(self) {
        drop(self.to);
        if !self.work.is_finished() {
            // It fails for want of a manifest, as it should.
            let _ = self.work.await;
        }
    }
}

fn write(target: &Target, lock: Option<Lock>, from: mpsc::Receiver<Piece>) -> Result<Packed> {
    let path = target.path();
    if path.exists() {
        bail!("{} exists already", path.display());
    }
    let part = path.with_file_name(format!("{}.part", path.file_name().context("a file name")?.to_string_lossy()));
    let outcome = match target {
        Target::File(_) => Out::file(&part, lock),
        Target::Folder(_) => Out::folder(&part),
    };
    let outcome = outcome.with_context(|| format!("writing {}", part.display())).and_then(|out| {
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        pieces(out, folder, from).with_context(|| format!("writing {}", path.display())).inspect_err(|_| remove(&part))
    });
    let (manifest, digest, bytes) = outcome?;
    std::fs::rename(&part, path).with_context(|| format!("naming {}", path.display()))?;
    sync_folder(path)?;
    Ok(Packed { manifest, digest, path: path.to_owned(), bytes })
}

/// What is left of an unfinished archive goes; the error that ended it is told already.
fn remove(part: &Path) {
    let _ = if part.is_dir() { std::fs::remove_dir_all(part) } else { std::fs::remove_file(part) };
}

/// A new name is durable only when its folder is synced.
pub fn sync_folder(path: &Path) -> Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)?.sync_all().with_context(|| format!("syncing {}", parent.display()))
}

fn pieces(mut out: Out, folder: &Path, mut from: mpsc::Receiver<Piece>) -> Result<(Manifest, String, u64)> {
    let mut members = Vec::new();
    let mut open: Option<(String, SpooledTempFile, Sha256, u64)> = None;
    while let Some(piece) = from.blocking_recv() {
        match (piece, &mut open) {
            (Piece::Begin(name), None) => {
                open = Some((name, tempfile::spooled_tempfile_in(IN_MEMORY, folder), Sha256::new(), 0));
            }
            (Piece::Bytes(bytes), Some((_, spool, hash, size))) => {
                hash.update(&bytes);
                *size += bytes.len() as u64;
                spool.write_all(&bytes)?;
            }
            (Piece::End, held) => {
                let (name, mut spool, hash, bytes) = held.take().context("a member ended that never began")?;
                spool.seek(SeekFrom::Start(0))?;
                out.member(&name, &mut spool, bytes)?;
                members.push(Member { name, bytes, sha256: hex::encode(hash.finalize()) });
            }
            (Piece::Finish(mut manifest), None) => {
                manifest.members = members;
                let (text, digest) = manifest.write()?;
                out.member(manifest::NAME, &mut text.as_bytes(), text.len() as u64)?;
                return Ok((*manifest, digest, out.finish()?));
            }
            _ => bail!("members came in a wrong order"),
        }
    }
    bail!("it was not finished")
}

/// The bytes on their way to the disk.
enum Disk {
    Open(BufWriter<File>),
    Locked(StreamWriter<BufWriter<File>>),
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Disk::Open(file) => file.write(bytes),
            Disk::Locked(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Disk::Open(file) => file.flush(),
            Disk::Locked(file) => file.flush(),
        }
    }
}

enum Out {
    Tar(Box<tar::Builder<GzEncoder<Sealing<Disk>>>>),
    Folder(PathBuf, u64),
}

impl Out {
    fn file(part: &Path, lock: Option<Lock>) -> Result<Out> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = BufWriter::with_capacity(1 << 20, options.open(part)?);
        let disk = match lock {
            Some(lock) => Disk::Locked(lock.write(file)?),
            None => Disk::Open(file),
        };
        // Pictures are packed already; rows pack well even at the fastest level.
        let packed = GzEncoder::new(Sealing::new(disk), Compression::fast());
        Ok(Out::Tar(Box::new(tar::Builder::new(packed))))
    }

    fn folder(part: &Path) -> Result<Out> {
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(part)?;
        Ok(Out::Folder(part.to_owned(), 0))
    }

    fn member(&mut self, name: &str, from: &mut dyn Read, bytes: u64) -> Result<()> {
        match self {
            Out::Tar(tar) => {
                let mut header = tar::Header::new_gnu();
                header.set_size(bytes);
                header.set_mode(0o600);
                header.set_mtime(0);
                header.set_uid(0);
                header.set_gid(0);
                tar.append_data(&mut header, name, from)?;
            }
            Out::Folder(folder, total) => {
                let path = folder.join(name);
                std::fs::create_dir_all(path.parent().context("a folder")?)?;
                let mut file = File::create(&path).with_context(|| name.to_owned())?;
                std::io::copy(from, &mut file)?;
                file.sync_all()?;
                *total += bytes;
            }
        }
        Ok(())
    }

    /// Everything is on the disk when this returns; says how many bytes.
    fn finish(self) -> Result<u64> {
        match self {
            Out::Tar(tar) => {
                let file = match tar.into_inner()?.finish()?.finish()? {
                    Disk::Open(file) => file,
                    Disk::Locked(file) => file.finish()?,
                };
                let file = file.into_inner().map_err(|e| e.into_error())?;
                file.sync_all()?;
                Ok(file.metadata()?.len())
            }
            Out::Folder(_, total) => Ok(total),
        }
    }
}
