//! Scores the documents of one segment for a plan: word by word over a window of documents at a time, so that the
//! sums stay in the processor's cache whatever the size of the index, and coverage is known exactly.

use anyhow::Result;
use tantivy::postings::{BlockSegmentPostings, Postings};
use tantivy::{DocSet, TERMINATED};

use super::plan::{Area, Plan, Way};
use super::view::{Texts, View};

/// Documents a window.
const WINDOW: usize = 4_096;
/// Share of the score that a document with all the words and one with hardly any differ by.
const COVERAGE: f32 = 0.6;

/// The sums of one window; made once a query.
pub struct Board {
    sum: Vec<f32>,
    word: Vec<f32>,
    count: Vec<u32>,
    touched: Vec<u32>,
    hits: Vec<u32>,
}

impl Board {
    pub fn new() -> Self {
        Self { sum: vec![0.0; WINDOW], word: vec![0.0; WINDOW], count: vec![0; WINDOW], touched: Vec::new(), hits: Vec::new() }
    }
}

/// Receives the documents of a window and what each scored, by document minus the first argument.
pub type Each<'a> = dyn FnMut(u32, &mut Vec<u32>, &[f32]) -> Result<()> + 'a;

enum Source {
    Term { list: Box<BlockSegmentPostings>, at: usize },
    Phrase { found: Vec<(u32, u32)>, next: usize },
}

impl Source {
    fn doc(&self) -> u32 {
        match self {
            Source::Term { list, at } => list.docs().get(*at).copied().unwrap_or(TERMINATED),
            Source::Phrase { found, next } => found.get(*next).map_or(TERMINATED, |f| f.0),
        }
    }

    fn seek(&mut self, doc: u32) {
        if self.doc() >= doc {
            return;
        }
        match self {
            Source::Term { list, at } => *at = list.seek(doc),
            Source::Phrase { found, next } => *next += found[*next..].partition_point(|f| f.0 < doc),
        }
    }

    fn frequency(&self) -> u32 {
        match self {
            Source::Term { list, at } => list.freq(*at),
            Source::Phrase { found, next } => found.get(*next).map_or(0, |f| f.1),
        }
    }

    /// Calls `each` with every document before `end` and its frequency.
    #[inline]
    fn drain(&mut self, end: u32, mut each: impl FnMut(u32, u32)) {
        match self {
            Source::Term { list, at } => loop {
                // A block at a time: documents and frequencies lie side by side.
                let from = (*at).min(list.block_len());
                let docs = &list.docs()[from..];
                let count = docs.partition_point(|&doc| doc < end);
                for (&doc, &frequency) in docs[..count].iter().zip(&list.freqs()[from..]) {
                    each(doc, frequency);
                }
                if count < docs.len() || list.block_len() == 0 {
                    *at += count;
                    return;
                }
                list.advance();
                *at = 0;
            },
            Source::Phrase { found, next } => {
                while let Some(&(doc, frequency)) = found.get(*next).filter(|f| f.0 < end) {
                    each(doc, frequency);
                    *next += 1;
                }
            }
        }
    }

    fn size(&self) -> usize {
        match self {
            Source::Term { list, .. } => list.doc_freq() as usize,
            Source::Phrase { found, .. } => found.len(),
        }
    }
}

/// A way to say a word, in this segment.
struct List<'a> {
    source: Source,
    texts: &'a Texts,
    segment: usize,
    weight: f32,
    /// Documents.
    size: usize,
}

impl<'a> List<'a> {
    fn open(view: &'a View, segment: usize, way: &Way) -> Result<Option<Self>> {
        let texts = match way.area {
            Area::Text => &view.text,
            Area::Title => &view.title,
            Area::Head => &view.head,
        };
        let source = match way.places.as_slice() {
            [place] => texts.blocks(segment, place)?.map(|list| Source::Term { list: Box::new(list), at: 0 }),
            _ => phrase(texts, segment, way)?,
        };
        Ok(source.map(|source| {
            let size = source.size();
            List { source, texts, segment, weight: way.weight, size }
        }))
    }

    fn open_all(view: &'a View, segment: usize, ways: &[Way]) -> Result<Vec<Self>> {
        ways.iter().filter_map(|way| Self::open(view, segment, way).transpose()).collect()
    }

    #[inline]
    fn score(&self, doc: u32, frequency: u32) -> f32 {
        self.weight * self.texts.saturated(self.segment, doc, frequency)
    }

    /// Adds to the documents of the window that count already.
    fn add(&mut self, base: u32, docs: u32, board: &mut Board) {
        self.source.seek(base);
        let (texts, segment, weight) = (self.texts, self.segment, self.weight);
        // Leaping from hit to hit pays only where the hits are few against the list.
        if self.size / (docs as usize / WINDOW + 1) > 8 * board.hits.len() {
            for &at in &board.hits {
                self.source.seek(base + at);
                if self.source.doc() == base + at {
                    board.sum[at as usize] += self.score(base + at, self.source.frequency());
                }
            }
            return;
        }
        self.source.drain(base + WINDOW as u32, |doc, frequency| {
            let at = (doc - base) as usize;
            if board.count[at] > 0 {
                board.sum[at] += weight * texts.saturated(segment, doc, frequency);
            }
        });
    }
}

/// Where the words of a phrase follow each other, and how often.
fn phrase(texts: &Texts, segment: usize, way: &Way) -> Result<Option<Source>> {
    let mut lists = Vec::new();
    for place in &way.places {
        match texts.positions(segment, place)? {
            Some(list) => lists.push(list),
            None => return Ok(None),
        }
    }
    let mut order: Vec<usize> = (0..lists.len()).collect();
    order.sort_by_key(|&i| way.places[i].infos[segment].as_ref().map_or(0, |info| info.doc_freq));
    let mut found = Vec::new();
    let mut starts = Vec::new();
    let mut positions = Vec::new();
    let mut doc = lists[order[0]].doc();
    while doc != TERMINATED {
        let mut furthest = doc;
        for &i in &order[1..] {
            if lists[i].doc() < furthest {
                lists[i].seek(furthest);
            }
            furthest = furthest.max(lists[i].doc());
            if furthest > doc {
                break;
            }
        }
        if furthest == TERMINATED {
            break;
        }
        if furthest > doc {
            doc = lists[order[0]].seek(furthest);
            continue;
        }
        for (shift, list) in (0..).zip(&mut lists) {
            positions.clear();
            list.positions(&mut positions);
            let shifted = positions.iter().filter_map(|p| p.checked_sub(shift));
            if shift == 0 {
                starts.clear();
                starts.extend(shifted);
                starts.dedup();
            } else {
                let here: Vec<u32> = shifted.collect();
                starts.retain(|s| here.binary_search(s).is_ok());
            }
        }
        if !starts.is_empty() {
            found.push((doc, starts.len() as u32));
        }
        doc = lists[order[0]].advance();
    }
    Ok((!found.is_empty()).then_some(Source::Phrase { found, next: 0 }))
}

/// Calls `each` for every window of `segment` with documents that match the plan.
pub fn matches(view: &View, segment: usize, plan: &Plan, board: &mut Board, each: &mut Each) -> Result<()> {
    let docs = view.segments[segment].reader.max_doc();
    let mut words = Vec::new();
    let mut extras = Vec::new();
    for group in &plan.groups {
        let ways = List::open_all(view, segment, &group.ways)?;
        if group.stop {
            extras.extend(ways);
        } else {
            words.push(ways);
        }
        extras.extend(List::open_all(view, segment, &group.extras)?);
    }
    let mut out = Vec::new();
    loop {
        let base = words.iter().flatten().map(|l| l.source.doc()).min().unwrap_or(TERMINATED);
        if base == TERMINATED {
            return Ok(());
        }
        let end = base + WINDOW as u32;
        for word in &mut words {
            for list in word {
                let (texts, weight) = (list.texts, list.weight);
                list.source.drain(end, |doc, frequency| {
                    let at = (doc - base) as usize;
                    let score = weight * texts.saturated(segment, doc, frequency);
                    let best = &mut board.word[at];
                    if *best == 0.0 {
                        board.touched.push(at as u32);
                    }
                    *best = best.max(score);
                });
            }
            for at in board.touched.drain(..) {
                let place = at as usize;
                if board.count[place] == 0 {
                    board.hits.push(at);
                }
                board.count[place] += 1;
                board.sum[place] += board.word[place];
                board.word[place] = 0.0;
            }
        }
        let (count, sum) = (&mut board.count, &mut board.sum);
        board.hits.retain(|&at| {
            let enough = count[at as usize] >= plan.need;
            if !enough {
                count[at as usize] = 0;
                sum[at as usize] = 0.0;
            }
            enough
        });
        board.hits.sort_unstable();
        if !board.hits.is_empty() {
            for list in &mut extras {
                list.add(base, docs, board);
            }
            out.clear();
            for &at in &board.hits {
                let covered = board.count[at as usize] as f32 / plan.full.max(1) as f32;
                board.sum[at as usize] *= 1.0 - COVERAGE + COVERAGE * covered;
                out.push(base + at);
            }
            each(base, &mut out, &board.sum)?;
        }
        for at in board.hits.drain(..) {
            board.count[at as usize] = 0;
            board.sum[at as usize] = 0.0;
        }
    }
}

/// Calls `each` for every document of `segment`, without scores.
pub fn everything(view: &View, segment: usize, board: &Board, each: &mut Each) -> Result<()> {
    let docs = view.segments[segment].reader.max_doc();
    let mut out = Vec::with_capacity(WINDOW);
    for base in (0..docs).step_by(WINDOW) {
        out.clear();
        out.extend(base..docs.min(base + WINDOW as u32));
        each(base, &mut out, &board.sum)?;
    }
    Ok(())
}
