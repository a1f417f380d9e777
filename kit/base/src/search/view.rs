//! One state of the index, opened once and shared by the queries on it: per segment the term lists, the columns,
//! and the table that turns the length of a text into the denominator of BM25.

use std::sync::Arc;

use anyhow::Result;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{InvertedIndexReader, SegmentReader};
use tantivy::postings::{BlockSegmentPostings, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::Query;
use super::document::Fields;

/// Usual constants of BM25.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// A text field: its lists and lengths in each segment.
pub struct Texts {
    field: Field,
    segments: Vec<(Arc<InvertedIndexReader>, FieldNormReader)>,
    /// By length class, what is added to the term frequency in the denominator.
    damping: Box<[f32; 256]>,
}

/// A text column of one segment: the values sorted, and their number for each document.
pub struct Labels {
    pub values: Vec<String>,
    column: Option<StrColumn>,
}

pub struct Segment {
    pub reader: SegmentReader,
    pub kind: Labels,
    pub region: Labels,
    pub group: Labels,
    pub category: Labels,
    pub at: Column<i64>,
    pub id: Column<i64>,
}

pub struct View {
    pub searcher: Searcher,
    pub text: Texts,
    pub title: Texts,
    pub head: Texts,
    pub segments: Vec<Segment>,
}

/// Where a term stands in each segment, and in how many documents.
#[derive(Clone)]
pub struct Place {
    pub infos: Vec<Option<TermInfo>>,
    pub df: u64,
}

impl Texts {
    fn open(searcher: &Searcher, field: Field) -> Result<Self> {
        let mut segments = Vec::new();
        let (mut words, mut docs) = (0, 0);
        for reader in searcher.segment_readers() {
            let lists = reader.inverted_index(field)?;
            words += lists.total_num_tokens();
            docs += u64::from(reader.max_doc());
            segments.push((lists, reader.get_fieldnorms_reader(field)?));
        }
        let average = (words as f32 / docs.max(1) as f32).max(1.0);
        let mut damping = Box::new([0.0; 256]);
        for (class, value) in (0..=255).zip(damping.iter_mut()) {
            let length = FieldNormReader::id_to_fieldnorm(class) as f32;
            *value = K1 * (1.0 - B + B * length / average);
        }
        Ok(Self { field, segments, damping })
    }

    pub fn lists(&self, segment: usize) -> &InvertedIndexReader {
        &self.segments[segment].0
    }

    /// Looks a term up in all segments.
    pub fn place(&self, term: &str) -> Result<Place> {
        let term = Term::from_field_text(self.field, term);
        let mut place = Place { infos: Vec::with_capacity(self.segments.len()), df: 0 };
        for (lists, _) in &self.segments {
            let info = lists.get_term_info(&term)?;
            place.df += info.as_ref().map_or(0, |i| u64::from(i.doc_freq));
            place.infos.push(info);
        }
        Ok(place)
    }

    /// The list of a term in one segment, with frequencies.
    pub fn blocks(&self, segment: usize, place: &Place) -> Result<Option<BlockSegmentPostings>> {
        let lists = self.lists(segment);
        let info = place.infos[segment].as_ref();
        Ok(info.map(|i| lists.read_block_postings_from_terminfo(i, IndexRecordOption::WithFreqs)).transpose()?)
    }

    /// The list of a term in one segment, with positions.
    pub fn positions(&self, segment: usize, place: &Place) -> Result<Option<SegmentPostings>> {
        let lists = self.lists(segment);
        let info = place.infos[segment].as_ref();
        Ok(info.map(|i| lists.read_postings_from_terminfo(i, IndexRecordOption::WithFreqsAndPositions)).transpose()?)
    }

    /// The part of a BM25 score that depends on the document: 0 to K1 + 1.
    #[inline]
    pub fn saturated(&self, segment: usize, doc: u32, frequency: u32) -> f32 {
        let class = self.segments[segment].1.fieldnorm_id(doc);
        let frequency = frequency as f32;
        frequency * (K1 + 1.0) / (frequency + self.damping[usize::from(class)])
    }
}

impl Labels {
    fn open(reader: &SegmentReader, name: &str) -> Result<Self> {
        let column = reader.fast_fields().str(name)?;
        let mut values = Vec::new();
        if let Some(column) = &column {
            for number in 0..column.num_terms() as u64 {
                let mut value = String::new();
                column.ord_to_str(number, &mut value)?;
                values.push(value);
            }
        }
        Ok(Self { values, column })
    }

    /// The number of the value of one document.
    pub fn number(&self, doc: u32) -> Option<u64> {
        self.column.as_ref().and_then(|c| c.ords().first(doc))
    }

    /// The numbers of the values of many documents.
    pub fn numbers(&self, docs: &[u32], into: &mut Vec<Option<u64>>) {
        into.clear();
        into.resize(docs.len(), None);
        if let Some(column) = &self.column {
            column.ords().first_vals(docs, into);
        }
    }

    /// Which values pass.
    fn allow(&self, pass: impl Fn(&str) -> bool) -> Vec<bool> {
        self.values.iter().map(|v| pass(v)).collect()
    }
}

impl View {
    pub fn open(searcher: Searcher, fields: &Fields) -> Result<Self> {
        let mut segments = Vec::new();
        for reader in searcher.segment_readers() {
            segments.push(Segment {
                kind: Labels::open(reader, "kind")?,
                region: Labels::open(reader, "region")?,
                group: Labels::open(reader, "group")?,
                category: Labels::open(reader, "category")?,
                at: reader.fast_fields().i64("at")?,
                id: reader.fast_fields().i64("id")?,
                reader: reader.clone(),
            });
        }
        Ok(Self {
            text: Texts::open(&searcher, fields.text)?,
            title: Texts::open(&searcher, fields.title)?,
            head: Texts::open(&searcher, fields.head)?,
            segments,
            searcher,
        })
    }

    /// Inverse document frequency, never negative.
    pub fn rarity(&self, df: u64) -> f32 {
        let all = self.segments.iter().map(|s| u64::from(s.reader.max_doc())).sum::<u64>() as f32;
        let df = (df as f32).min(all);
        (1.0 + (all - df + 0.5) / (df + 0.5)).ln()
    }
}

/// Whether `code` is `area` or lies below it: 62.7 is not above 62.71.
pub fn within(code: &str, area: &str) -> bool {
    code.strip_prefix(area).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The filters of a query for one segment.
pub struct Filter<'a> {
    segment: &'a Segment,
    labels: Vec<(&'a Labels, Vec<bool>)>,
    from: i64,
    until: i64,
    numbers: Vec<Option<u64>>,
    times: Vec<Option<i64>>,
}

impl<'a> Filter<'a> {
    pub fn new(segment: &'a Segment, query: &Query) -> Self {
        let mut labels = Vec::new();
        if !query.kinds.is_empty() {
            labels.push((&segment.kind, segment.kind.allow(|v| query.kinds.iter().any(|k| k == v))));
        }
        if let Some(area) = query.region.as_deref().filter(|a| !a.is_empty()) {
            labels.push((&segment.region, segment.region.allow(|v| within(v, area))));
        }
        if let Some(group) = &query.group {
            labels.push((&segment.group, segment.group.allow(|v| v == group)));
        }
        if let Some(category) = &query.category {
            labels.push((&segment.category, segment.category.allow(|v| v == category)));
        }
        let (from, until) = (query.from.unwrap_or(i64::MIN), query.until.unwrap_or(i64::MAX));
        Self { segment, labels, from, until, numbers: Vec::new(), times: Vec::new() }
    }

    /// Whether no document of the segment can pass.
    pub fn excludes_all(&self) -> bool {
        self.labels.iter().any(|(_, allow)| !allow.contains(&true))
    }

    /// Keeps the documents that are alive and pass.
    pub fn apply(&mut self, docs: &mut Vec<u32>) {
        if let Some(alive) = self.segment.reader.alive_bitset() {
            docs.retain(|&doc| alive.is_alive(doc));
        }
        for (labels, allow) in &self.labels {
            labels.numbers(docs, &mut self.numbers);
            let mut numbers = self.numbers.iter();
            docs.retain(|_| numbers.next().copied().flatten().is_some_and(|n| allow.get(n as usize) == Some(&true)));
        }
        if self.from != i64::MIN || self.until != i64::MAX {
            self.times.clear();
            self.times.resize(docs.len(), None);
            self.segment.at.first_vals(docs, &mut self.times);
            let mut times = self.times.iter();
            docs.retain(|_| times.next().copied().flatten().is_some_and(|t| t >= self.from && t < self.until));
        }
    }
}
