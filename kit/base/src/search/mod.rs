//! Full-text search over everything public: entries go in by [`Index::apply`], answers come out of [`Index::find`].
//! Tantivy holds the index; stemming, synonyms, typing errors and the ranking are here.

mod analyse;
mod document;
mod english;
mod excerpt;
mod index;
mod mend;
mod near;
mod open;
mod page;
mod plan;
mod related;
mod run;
mod sieve;
mod stem;
mod terms;
mod view;
mod words;

#[cfg(test)]
mod quality;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_index;
#[cfg(test)]
mod tests_words;

pub use index::Index;
pub use open::is_busy;
pub use page::is_cursor;
pub use words::Words;

/// Another process writes the index: one at a time may.
#[derive(Debug, thiserror::Error)]
#[error("another process writes the search index")]
pub struct Busy;

/// One thing that can be found. `kind` and `id` identify it; putting it again replaces it.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// What it is, such as `article`.
    pub kind: String,
    pub id: i64,
    pub slug: String,
    pub title: String,
    /// Path of its page.
    pub url: String,
    /// Summary, plain text.
    pub lead: String,
    /// Plain text.
    pub body: String,
    pub tags: Vec<String>,
    pub category: String,
    /// Dotted area code such as `62.71.01.1001`; may be empty.
    pub region: String,
    pub region_name: String,
    /// Slug of the KIM, or empty.
    pub group: String,
    pub group_name: String,
    /// Language tag: `en` is stemmed as English, the rest as Indonesian.
    pub lang: String,
    /// Epoch microseconds.
    pub at: i64,
}

/// A change to the index.
// Nearly all changes are `Put`, so that boxing would only cost.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone)]
pub enum Change {
    Put(Entry),
    Remove {
        kind: String,
        id: i64,
    },
    /// Forgets everything, including the changes before it in the same batch.
    Clear,
}

/// What to look for. Empty text lists everything that passes the filters, newest first.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub text: String,
    /// Any of these kinds; all when empty.
    pub kinds: Vec<String>,
    /// This area and all below it, by dotted component.
    pub region: Option<String>,
    pub group: Option<String>,
    pub category: Option<String>,
    /// Earliest time, inclusive, epoch microseconds.
    pub from: Option<i64>,
    /// Latest time, exclusive, epoch microseconds.
    pub until: Option<i64>,
    /// Most hits a page; 0 only counts.
    pub limit: usize,
    /// The `next` of the page before. One that cannot be read ([`is_cursor`]) gives the first page.
    pub after: Option<String>,
    /// Whether to count by kind, region, group and category.
    pub facets: bool,
}

/// A page of the answer.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub items: Vec<Hit>,
    /// Give this as `after` for the next page; none on the last page.
    pub next: Option<String>,
    /// Empty unless asked for.
    pub facets: Vec<Facet>,
    /// The text as understood, when mistyped words were replaced.
    pub corrected: Option<String>,
    /// All that match, over all pages.
    pub total: u64,
}

/// Counts of the matches by one property, most frequent first, 100 at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// `kind`, `region`, `group` or `category`. Regions are counted one level below the filter, or below the
    /// deepest area that holds them all.
    pub name: &'static str,
    pub values: Vec<(String, u64)>,
}

/// One entry found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hit {
    pub kind: String,
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub url: String,
    /// Escaped HTML; the words that matched stand in `<mark>`.
    pub excerpt: String,
    /// Comparable within one answer only; 0 in a list without text.
    pub score: f32,
    pub region: String,
    pub region_name: String,
    pub group: String,
    pub group_name: String,
    pub category: String,
    /// Epoch microseconds.
    pub at: i64,
}
