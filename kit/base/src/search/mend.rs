//! Repairs the spelling of a query: words written together, and words that nothing has.

use std::collections::HashSet;

use anyhow::Result;

use super::english;
use super::near::{self, Near};
use super::plan::{Group, Lookup, Word};
use super::words::Words;

/// Weight of a word found by another spelling.
const MISTYPED: f32 = 0.8;

/// A replacement: the byte range in the text of the query, and the word.
pub type Correction = (usize, usize, String);

/// Parts words that no document has and that are two known words written together.
pub fn split(asked: Vec<Word>, words: &Words, lookup: &mut Lookup, corrections: &mut Vec<Correction>) -> Result<Vec<Word>> {
    let mut out = Vec::with_capacity(asked.len());
    for word in asked {
        let known = words.stemmer.knows(&word.stem) || !words.synonyms(&word.stem).is_empty();
        let plain = word.form.len() >= 6 && word.form.is_ascii() && word.joined.is_none();
        if known || !plain || lookup.df(&word.stem)? > 0 || lookup.df(&english::stem(&word.form))? > 0 {
            out.push(word);
            continue;
        }
        let mut best: Option<(u64, usize)> = None;
        for at in 3..=word.form.len() - 3 {
            let (left, right) = word.form.split_at(at);
            if words.stemmer.knows(left) || words.stemmer.knows(right) {
                let df = lookup.df(&words.stemmer.stem(left))?.min(lookup.df(&words.stemmer.stem(right))?);
                if df > 0 && best.is_none_or(|(most, _)| df > most) {
                    best = Some((df, at));
                }
            }
        }
        let Some((_, at)) = best else {
            out.push(word);
            continue;
        };
        let (left, right) = word.form.split_at(at);
        corrections.push((word.from, word.to, format!("{left} {right}")));
        for form in [left, right] {
            let (stem, form, stop) = (words.stemmer.stem(form), form.to_owned(), words.is_stop(form));
            out.push(Word { form, stem, joined: None, stop, from: word.from, to: word.to });
        }
    }
    Ok(out)
}

/// Fills the group of a word that nothing has with the nearest words.
pub fn mistyped(
    word: &Word,
    words: &Words,
    group: &mut Group,
    lookup: &mut Lookup,
    marks: &mut HashSet<String>,
    corrections: &mut Vec<Correction>,
) -> Result<()> {
    let length = word.form.chars().count();
    if !(4..=40).contains(&length) || word.form.bytes().any(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    let reach = if length >= 8 { 2 } else { 1 };
    let near = near::near(&lookup.view.text, lookup.view.segments.len(), &word.form, reach)?;
    let nearest = near.first().map(|n| n.distance);
    for (rank, Near { word: form, distance, .. }) in near.into_iter().take(3).enumerate() {
        if Some(distance) != nearest {
            break;
        }
        let stem = words.stemmer.stem(&form);
        let share = if rank == 0 { MISTYPED } else { MISTYPED / 2.0 };
        // A word of an English text is not under its Indonesian stem.
        let term = if lookup.df(&stem)? > 0 { stem } else { format!("={form}") };
        lookup.add(group, &[term], share, f32::MAX, marks)?;
        if rank == 0 {
            corrections.push((word.from, word.to, form));
        }
    }
    Ok(())
}

/// The text with the replaced words, if any.
pub fn corrected(text: &str, mut corrections: Vec<Correction>) -> Option<String> {
    corrections.sort();
    let mut out = String::new();
    let mut done = 0;
    for (from, to, word) in &corrections {
        if *from >= done {
            out.push_str(&text[done..*from]);
            out.push_str(word);
            done = *to;
        }
    }
    out.push_str(&text[done..]);
    (!corrections.is_empty()).then_some(out)
}
