//! Opening the index: creating it, emptying one that does not fit, and keeping off one that another
//! process writes.
use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use anyhow::{Context, Result};
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, DirectoryLock, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::{IndexReader, IndexSettings, ReloadPolicy};

use super::document::{Fields, VERSION};
use super::terms::{SPLIT, Split};
use super::view::View;
use super::{Busy, Index, Words};

/// Decompressed blocks of stored fields kept by each segment.
const BLOCKS: usize = 4;
/// How often, every half second, a server that must empty the index waits for the one before it.
const TRIES: usize = 60;

/// How far an index has come; the payload of each commit says it after what the index was made with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub position: i64,
    pub generation: i64,
}

impl Mark {
    pub fn payload(self, words: &Words) -> String {
        format!("{VERSION} {:016x} {} {}", words.hash(), self.position, self.generation)
    }

    /// The mark in a payload, if it was written with this version and these words.
    fn read(words: &Words, payload: &str) -> Option<Mark> {
        let rest = payload.strip_prefix(&format!("{VERSION} {:016x} ", words.hash()))?;
        let (position, generation) = rest.split_once(' ').unwrap_or((rest, "0"));
        Some(Mark { position: position.parse().ok()?, generation: generation.parse().ok()? })
    }
}

/// Whether an error says that another process writes the index.
pub fn is_busy(error: &crate::Error) -> bool {
    matches!(error, crate::Error::Other(error) if error.downcast_ref::<Busy>().is_some())
}

/// Whether tantivy wrote the file: a wrong directory in the configuration must not cost anybody their files.
fn ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let segment = |name: &str| name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit());
    matches!(name, "meta.json" | ".managed.json") || segment(name.split('.').next().unwrap_or_default())
}

fn settings() -> IndexSettings {
    // Small blocks: a hit decompresses one to show three lines.
    IndexSettings { docstore_blocksize: 8_192, docstore_compress_dedicated_thread: false, ..IndexSettings::default() }
}

/// The turn to write, or none while another process has it.
fn turn(dir: &Path) -> Result<Option<DirectoryLock>> {
    match MmapDirectory::open(dir)?.acquire_lock(&INDEX_WRITER_LOCK) {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::LockBusy) => Ok(None),
        Err(error) => Err(error).context("locking the search index"),
    }
}

impl Index {
    /// Opens the index in `dir`, creating it when it is missing. An index of another version, made with other word
    /// data, or unreadable, is emptied, and stands at position 0; if another process writes it, that one gets half a
    /// minute to end. Fails when the directory cannot be used. Blocks.
    pub fn open(dir: &Path, words: Words) -> Result<Index> {
        let fields = Fields::new();
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
        if let Some((opened, view, mark)) = Self::fitting(dir, &fields, &words) {
            return Ok(Self::made(opened, view, fields, words, mark));
        }
        for _ in 0..TRIES {
            if let Some(turn) = turn(dir)? {
                return Self::anew(dir, fields, words, turn);
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        Err(Busy).with_context(|| format!("the search index in {} is of another version", dir.display()))
    }

    /// Opens the index for a command that runs beside a server: what another process writes is left as it is. If that
    /// cannot be read, an empty one stands in for it, to which nothing can be applied.
    pub fn attach(dir: &Path, words: Words) -> Result<Index> {
        let fields = Fields::new();
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
        if let Some((opened, view, mark)) = Self::fitting(dir, &fields, &words) {
            return Ok(Self::made(opened, view, fields, words, mark));
        }
        match turn(dir)? {
            Some(turn) => Self::anew(dir, fields, words, turn),
            None => Ok(Index { absent: true, ..Self::in_memory(words)? }),
        }
    }

    /// An empty index that lives in memory.
    pub fn in_memory(words: Words) -> Result<Index> {
        let fields = Fields::new();
        let builder = tantivy::Index::builder().schema(fields.schema.clone()).settings(settings());
        Self::fresh(builder.create_in_ram()?, fields, words)
    }

    /// How far the index in a folder has come, by what its files say; none when there is none that
    /// this version can use. Changes nothing.
    pub fn position_in(dir: &Path, words: &Words) -> Option<i64> {
        let payload = tantivy::Index::open_in_dir(dir).ok()?.load_metas().ok()?.payload?;
        Mark::read(words, &payload).map(|mark| mark.position)
    }

    /// The index that is there, if it fits this version and these words.
    fn fitting(dir: &Path, fields: &Fields, words: &Words) -> Option<((tantivy::Index, IndexReader), View, Mark)> {
        let index = tantivy::Index::open_in_dir(dir).ok()?;
        let payload = index.load_metas().ok().and_then(|m| m.payload).unwrap_or_default();
        let Some(mark) = Mark::read(words, &payload) else {
            tracing::info!("search index was made with other words or another version");
            return None;
        };
        if index.schema() != fields.schema {
            tracing::info!("search index has another schema");
            return None;
        }
        match Self::with(index, fields) {
            Ok((opened, view)) => Some((opened, view, mark)),
            Err(error) => {
                tracing::warn!("search index unreadable: {error:#}");
                None
            }
        }
    }

    /// Empties the directory while it is our turn.
    fn anew(dir: &Path, fields: Fields, words: Words, turn: DirectoryLock) -> Result<Index> {
        for entry in std::fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_file() && ours(&path) {
                std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
            }
        }
        let directory = MmapDirectory::open(dir)?;
        let builder = tantivy::Index::builder().schema(fields.schema.clone()).settings(settings());
        let index = builder.open_or_create(directory)?;
        // The writer takes the turn itself.
        drop(turn);
        Self::fresh(index, fields, words)
    }

    fn fresh(index: tantivy::Index, fields: Fields, words: Words) -> Result<Index> {
        let (opened, view) = Self::with(index, &fields)?;
        let made = Self::made(opened, view, fields, words, Mark::default());
        // The first commit notes what the index is made with.
        made.apply(Vec::new(), 0)?;
        Ok(made)
    }

    fn with(index: tantivy::Index, fields: &Fields) -> Result<((tantivy::Index, IndexReader), View)> {
        index.tokenizers().register(SPLIT, Split::default());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(BLOCKS).try_into()?;
        let view = View::open(reader.searcher(), fields)?;
        Ok(((index, reader), view))
    }

    fn made(opened: (tantivy::Index, IndexReader), view: View, fields: Fields, words: Words, mark: Mark) -> Index {
        Index {
            fields,
            inner: opened.0,
            reader: opened.1,
            writer: Mutex::new(None),
            view: RwLock::new(Arc::new(view)),
            words: RwLock::new(Arc::new(words)),
            mark: Mutex::new(mark),
            absent: false,
        }
    }
}
