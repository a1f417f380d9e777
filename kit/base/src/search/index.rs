//! The index itself: one commit a batch of changes, and the questions that it answers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use anyhow::{Context, Result};
use tantivy::collector::TopDocs;
use tantivy::directory::error::LockError;
use tantivy::indexer::IndexWriterOptions;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, IndexReader, IndexWriter, TantivyDocument, TantivyError};

use super::document::Fields;
use super::excerpt::excerpt;
use super::open::Mark;
use super::page::{self, Page};
use super::plan::{self, Plan};
use super::terms::Stems;
use super::view::View;
use super::{Busy, Change, Found, Hit, Query, Words, related};

/// Bytes the writer may fill before it starts a new segment; tantivy takes no less than 15 MB.
const HEAP: usize = 16_000_000;

/// A search index. Threads may share it; writes queue, reads never wait for them.
pub struct Index {
    pub(super) fields: Fields,
    pub(super) inner: tantivy::Index,
    pub(super) reader: IndexReader,
    pub(super) writer: Mutex<Option<IndexWriter>>,
    pub(super) view: RwLock<Arc<View>>,
    pub(super) words: RwLock<Arc<Words>>,
    pub(super) mark: Mutex<Mark>,
    /// Stands in for an index that another process writes and that this one cannot read.
    pub(super) absent: bool,
}

impl Index {
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
        Self::lock(&self.mark).position
    }

    /// The last demand for a rebuild that was met, as given to [`Index::restart`].
    pub fn generation(&self) -> i64 {
        Self::lock(&self.mark).generation
    }

    /// Forgets everything and stands at position 0, having met the demand `generation`. Blocks.
    pub fn restart(&self, generation: i64) -> Result<()> {
        self.commit(vec![Change::Clear], Mark { position: 0, generation })
    }

    /// Takes other synonyms, slang and stop words from now on. Roots and exceptions are built in, so that documents
    /// need not be analysed again.
    pub fn reload_words(&self, words: Words) {
        *self.words.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(words);
    }

    /// Applies changes in order, in one commit that also records `position`; queries see them when this returns.
    /// After an error the batch may be given again, whole. Blocks: call it off the asynchronous threads. Give some
    /// hundred changes at a time: a batch waits in memory. The error is [`Busy`] while another process writes.
    pub fn apply(&self, changes: Vec<Change>, position: i64) -> Result<()> {
        self.commit(changes, Mark { position, generation: self.generation() })
    }

    fn commit(&self, changes: Vec<Change>, mark: Mark) -> Result<()> {
        if self.absent {
            return Err(Busy.into());
        }
        let mut writer = Self::lock(&self.writer);
        let result = self.write(&mut writer, &changes, mark);
        if result.is_err() {
            // A writer that failed stays unusable; the next batch opens another.
            *writer = None;
        }
        result.context("updating the search index")
    }

    fn write(&self, slot: &mut Option<IndexWriter>, changes: &[Change], mark: Mark) -> Result<()> {
        if slot.is_none() {
            let options =
                IndexWriterOptions::builder().memory_budget_per_thread(HEAP).num_worker_threads(1).num_merge_threads(1).build();
            *slot = Some(match self.inner.writer_with_options(options) {
                Err(TantivyError::LockFailure(LockError::LockBusy, _)) => return Err(Busy.into()),
                opened => opened?,
            });
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
        commit.set_payload(&mark.payload(&words));
        commit.commit()?;
        *Self::lock(&self.mark) = mark;
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
