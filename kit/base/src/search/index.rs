//! The index itself: opening and rebuilding, one commit a batch of changes, and the questions that it answers.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use anyhow::{Context, Result};
use tantivy::collector::TopDocs;
use tantivy::indexer::IndexWriterOptions;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument};

use super::document::{Fields, VERSION};
use super::excerpt::excerpt;
use super::page::{self, Page};
use super::plan::{self, Plan};
use super::terms::{SPLIT, Split, Stems};
use super::view::View;
use super::{Change, Found, Hit, Query, Words, related};

/// Bytes the writer may fill before it starts a new segment; tantivy takes no less than 15 MB.
const HEAP: usize = 16_000_000;
/// Decompressed blocks of stored fields kept by each segment.
const BLOCKS: usize = 4;

/// A search index. Threads may share it; writes queue, reads never wait for them.
pub struct Index {
    fields: Fields,
    inner: tantivy::Index,
    reader: IndexReader,
    writer: Mutex<Option<IndexWriter>>,
    view: RwLock<Arc<View>>,
    words: RwLock<Arc<Words>>,
    position: Mutex<i64>,
}

/// What the payload of a commit says: the position, after what the index was made with.
fn payload(words: &Words, position: i64) -> String {
    format!("{VERSION} {:016x} {position}", words.hash())
}

/// The position in a payload, if it was written with this version and these words.
fn position_in(words: &Words, text: &str) -> Option<i64> {
    text.strip_prefix(&format!("{VERSION} {:016x} ", words.hash())).and_then(|p| p.parse().ok())
}

/// Whether tantivy wrote the file: a wrong directory in the configuration must not cost anybody their files.
fn ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let segment = |name: &str| name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit());
    matches!(name, "meta.json" | ".managed.json")
        || name.starts_with(".tantivy-")
        || segment(name.split('.').next().unwrap_or_default())
}

fn settings() -> IndexSettings {
    // Small blocks: a hit decompresses one to show three lines.
    IndexSettings { docstore_blocksize: 8_192, docstore_compress_dedicated_thread: false, ..IndexSettings::default() }
}

impl Index {
    /// Opens the index in `dir`, creating it when it is missing. An index of another version, made with other word
    /// data, or unreadable, is emptied, and stands at position 0. Fails when the directory cannot be used.
    pub fn open(dir: &Path, words: Words) -> Result<Index> {
        std::fs::create_dir_all(dir).with_context(|| format!("creating {}", dir.display()))?;
        let fields = Fields::new();
        if let Ok(index) = tantivy::Index::open_in_dir(dir) {
            let payload = index.load_metas().ok().and_then(|m| m.payload).unwrap_or_default();
            if let Some(position) = position_in(&words, &payload) {
                let schema = index.schema() == fields.schema;
                match schema.then(|| Self::with(index, &fields)) {
                    Some(Ok((reader, view))) => {
                        return Ok(Self::made(reader, view, fields, words, position));
                    }
                    Some(Err(e)) => tracing::warn!("search index unreadable, starting anew: {e:#}"),
                    None => tracing::info!("search index has another schema, starting anew"),
                }
            } else {
                tracing::info!("search index was made with other words or another version, starting anew");
            }
        }
        for entry in std::fs::read_dir(dir)? {
            let path = entry?.path();
            if path.is_file() && ours(&path) {
                std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
            }
        }
        let directory = tantivy::directory::MmapDirectory::open(dir)?;
        let builder = tantivy::Index::builder().schema(fields.schema.clone()).settings(settings());
        Self::fresh(builder.open_or_create(directory)?, fields, words)
    }

    /// An empty index that lives in memory.
    pub fn in_memory(words: Words) -> Result<Index> {
        let fields = Fields::new();
        let builder = tantivy::Index::builder().schema(fields.schema.clone()).settings(settings());
        Self::fresh(builder.create_in_ram()?, fields, words)
    }

    fn fresh(index: tantivy::Index, fields: Fields, words: Words) -> Result<Index> {
        let (reader, view) = Self::with(index, &fields)?;
        let made = Self::made(reader, view, fields, words, 0);
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

    fn made(opened: (tantivy::Index, IndexReader), view: View, fields: Fields, words: Words, position: i64) -> Index {
        Index {
            fields,
            inner: opened.0,
            reader: opened.1,
            writer: Mutex::new(None),
            view: RwLock::new(Arc::new(view)),
            words: RwLock::new(Arc::new(words)),
            position: Mutex::new(position),
        }
    }

    fn view(&self) -> Arc<View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn words(&self) -> Arc<Words> {
        self.words.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[cfg(test)]
    pub fn view_for_tests(&self) -> Arc<View> {
        self.view()
    }

    fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the caller's source of changes has been applied, as given to the last [`Index::apply`].
    pub fn position(&self) -> i64 {
        *Self::lock(&self.position)
    }

    /// Takes other synonyms, slang and stop words from now on. Roots and exceptions are built in, so that documents
    /// need not be analysed again.
    pub fn reload_words(&self, words: Words) {
        *self.words.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(words);
    }

    /// Applies changes in order, in one commit that also records `position`; queries see them when this returns.
    /// After an error the batch may be given again, whole. Blocks: call it off the asynchronous threads. Give some
    /// hundred changes at a time: a batch waits in memory.
    pub fn apply(&self, changes: Vec<Change>, position: i64) -> Result<()> {
        let mut writer = Self::lock(&self.writer);
        let result = self.write(&mut writer, &changes, position);
        if result.is_err() {
            // A writer that failed stays unusable; the next batch opens another.
            *writer = None;
        }
        result.context("updating the search index")
    }

    fn write(&self, slot: &mut Option<IndexWriter>, changes: &[Change], position: i64) -> Result<()> {
        if slot.is_none() {
            let options =
                IndexWriterOptions::builder().memory_budget_per_thread(HEAP).num_worker_threads(1).num_merge_threads(1).build();
            *slot = Some(self.inner.writer_with_options(options)?);
        }
        let Some(writer) = slot.as_mut() else {
            anyhow::bail!("no writer");
        };
        let words = self.words();
        let mut stems = Stems::new(&words.stemmer);
        for change in changes {
            match change {
                Change::Put(entry) => {
                    writer.delete_term(self.fields.identity(&entry.kind, entry.id));
                    writer.add_document(self.fields.document(entry, &mut stems))?;
                }
                Change::Remove { kind, id } => {
                    writer.delete_term(self.fields.identity(kind, *id));
                }
                Change::Clear => {
                    writer.delete_query(Box::new(tantivy::query::AllQuery))?;
                }
            }
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&payload(&words, position));
        commit.commit()?;
        *Self::lock(&self.position) = position;
        self.reader.reload()?;
        let view = Arc::new(View::open(self.reader.searcher(), &self.fields)?);
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = view;
        Ok(())
    }

    /// Answers a query. Never fails for what a reader may type; an error means that the index cannot be read.
    pub fn find(&self, query: &Query) -> Result<Found> {
        let (view, words) = (self.view(), self.words());
        if query.text.trim().is_empty() {
            let page = page::page(&view, None, query, None)?;
            return self.found(&view, &words, &page, &Plan::default(), false);
        }
        let mut plan = plan::plan(&view, &words, &query.text)?;
        let page = page::page(&view, Some(&plan), query, None)?;
        let mut found = self.found(&view, &words, &page, &plan, true)?;
        found.corrected = plan.corrected.take();
        Ok(found)
    }

    /// Entries that share the most telling words with the given one, which is left out; none when it is unknown.
    pub fn similar(&self, kind: &str, id: i64, limit: usize) -> Result<Vec<Hit>> {
        let (view, words) = (self.view(), self.words());
        let Some(address) = self.address(&view, kind, id)? else {
            return Ok(Vec::new());
        };
        let (hit, lead, body) = self.fields.hit(&view.searcher.doc::<TantivyDocument>(address)?);
        let plan = related::telling(&view, &words, &[(&hit.title, 3.0), (&lead, 2.0), (&body, 1.0)])?;
        let query = Query { limit, ..Query::default() };
        let page = page::page(&view, Some(&plan), &query, Some((address.segment_ord, address.doc_id)))?;
        Ok(self.found(&view, &words, &page, &Plan::default(), true)?.items)
    }

    fn address(&self, view: &View, kind: &str, id: i64) -> Result<Option<DocAddress>> {
        let term = TermQuery::new(self.fields.identity(kind, id), IndexRecordOption::Basic);
        let top = view.searcher.search(&term, &TopDocs::with_limit(1).order_by_score())?;
        Ok(top.first().map(|(_, address)| *address))
    }

    /// Titles that begin with `prefix`, whatever the case and accents; in the order of the alphabet.
    pub fn suggest(&self, prefix: &str, limit: usize) -> Vec<String> {
        related::titles(&self.fields, &self.view(), prefix, limit).unwrap_or_else(|e| {
            tracing::warn!("suggesting titles: {e:#}");
            Vec::new()
        })
    }

    fn found(&self, view: &View, words: &Words, page: &Page, plan: &Plan, scored: bool) -> Result<Found> {
        let mut items = Vec::with_capacity(page.ranks.len());
        for rank in &page.ranks {
            let address = DocAddress::new(rank.segment, rank.doc);
            let (mut hit, lead, body) = self.fields.hit(&view.searcher.doc::<TantivyDocument>(address)?);
            hit.excerpt = excerpt(words, &plan.marks, &lead, &body);
            hit.score = if scored { rank.score() } else { 0.0 };
            items.push(hit);
        }
        let next = page.ranks.last().filter(|_| page.more).map(|rank| rank.cursor());
        Ok(Found { items, next, facets: page.facets.clone(), corrected: None, total: page.total })
    }
}
