//! What leads on from an entry or from a few letters: the words that tell an entry from the rest, and titles.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, TantivyDocument};

use super::analyse;
use super::document::Fields;
use super::plan::{Area, Group, Plan, Way};
use super::view::View;
use super::words::Words;

/// Terms that stand for an entry when others like it are sought.
const TELLING: usize = 16;

/// A plan of the rarest frequent words of some weighted texts.
pub fn telling(view: &View, words: &Words, texts: &[(&str, f32)]) -> Result<Plan> {
    let mut counts: BTreeMap<String, f32> = Default::default();
    for (text, weight) in texts {
        for token in analyse::tokens(text, &words.stemmer, false) {
            if token.form.len() > 2 && !words.is_stop(&token.form) && !token.form.bytes().all(|b| b.is_ascii_digit()) {
                *counts.entry(token.stem).or_default() += weight;
            }
        }
    }
    let mut ways = Vec::new();
    for (stem, count) in counts {
        let place = view.text.place(&stem)?;
        // A word of this entry alone finds nothing else.
        if place.df > 1 {
            let weight = view.rarity(place.df) * (1.0 + count).ln();
            ways.push((Way { area: Area::Text, places: vec![place], weight }, stem));
        }
    }
    ways.sort_by(|a, b| b.0.weight.total_cmp(&a.0.weight).then_with(|| a.1.cmp(&b.1)));
    ways.truncate(TELLING);
    let full = ways.len() as u32;
    let groups = ways.into_iter().map(|(way, _)| Group { ways: vec![way], ..Group::default() }).collect();
    Ok(Plan { groups, full, need: (full / 5).max(1), corrected: None, marks: HashSet::new() })
}

/// Titles that begin with the prefix, by the alphabet.
pub fn titles(fields: &Fields, view: &View, prefix: &str, limit: usize) -> Result<Vec<String>> {
    let prefix = analyse::folded(prefix.trim_start());
    let mut found = BTreeMap::new();
    if prefix.is_empty() {
        return Ok(Vec::new());
    }
    for (number, segment) in (0u32..).zip(view.searcher.segment_readers()) {
        let lists = segment.inverted_index(fields.start)?;
        let mut stream = lists.terms().range().ge(&prefix).into_stream()?;
        let mut taken = 0;
        while taken < limit && stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
            let mut docs = lists.read_postings_from_terminfo(stream.value(), IndexRecordOption::Basic)?;
            let alive = |doc: u32| !segment.is_deleted(doc);
            if let Some(doc) = first(&mut docs, alive) {
                let doc = view.searcher.doc::<TantivyDocument>(DocAddress::new(number, doc))?;
                found.insert(stream.key().to_vec(), fields.hit(&doc).0.title);
                taken += 1;
            }
        }
    }
    Ok(found.into_values().take(limit).collect())
}

fn first(docs: &mut impl tantivy::DocSet, alive: impl Fn(u32) -> bool) -> Option<u32> {
    while docs.doc() != tantivy::TERMINATED {
        if alive(docs.doc()) {
            return Some(docs.doc());
        }
        docs.advance();
    }
    None
}
