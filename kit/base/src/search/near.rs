//! Typing errors: the indexed words nearest to one that is in no document, found by walking the sorted term list
//! with the edit distance of its prefixes, and leaping over prefixes that are already too far.

use std::collections::HashMap;

use anyhow::Result;
use tantivy::termdict::TermDictionary;

use super::view::Texts;

/// Beyond this depth reading on is cheaper than opening the list anew.
const LEAP: usize = 4;

/// An indexed word and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    pub word: String,
    pub distance: u8,
    pub df: u64,
}

/// The indexed words (stems and surface forms) within `reach` edits of `word`, a swap of neighbours being one edit;
/// the fewest edits first, then the most frequent, and two edits only where one finds nothing. Words with another first letter only when none has the same: people
/// rarely mistype the first letter, and it makes the walk some twenty times shorter.
pub fn near(texts: &Texts, segments: usize, word: &str, reach: u8) -> Result<Vec<Near>> {
    let first = word.chars().next().map(String::from).unwrap_or_default();
    let mut found = HashMap::new();
    // One edit before two: the walk for one leaps much further.
    let walks = [(first.as_str(), 1), (first.as_str(), reach), ("", 1), ("", reach)];
    for (start, reach) in walks.into_iter().filter(|(_, r)| *r <= reach) {
        for segment in 0..segments {
            let terms = texts.lists(segment).terms();
            scan(terms, b"", start.as_bytes(), word.as_bytes(), reach, &mut found)?;
            scan(terms, b"=", start.as_bytes(), word.as_bytes(), reach, &mut found)?;
        }
        if !found.is_empty() {
            break;
        }
    }
    let mut all: Vec<Near> = found
        .into_iter()
        .filter_map(|(key, (distance, df))| Some(Near { word: String::from_utf8(key).ok()?, distance, df }))
        .collect();
    all.sort_by(|a, b| (a.distance, b.df, &a.word).cmp(&(b.distance, a.df, &b.word)));
    Ok(all)
}

/// Edit distances of one prefix of a term to every prefix of the word.
type Row = Vec<u8>;

/// Walks the terms that begin with `prefix`, which does not count as part of the word, and then `letter`.
fn scan(
    terms: &TermDictionary,
    prefix: &[u8],
    letter: &[u8],
    word: &[u8],
    reach: u8,
    found: &mut HashMap<Vec<u8>, (u8, u64)>,
) -> Result<()> {
    let mut rows: Vec<Row> = vec![(0..=word.len()).map(|n| n.min(200) as u8).collect()];
    let mut last: Vec<u8> = Vec::new();
    let mut dead = usize::MAX;
    let mut start = [prefix, letter].concat();
    'open: loop {
        let mut stream = terms.range().ge(&start).into_stream()?;
        while stream.advance() {
            let Some(key) = stream.key().strip_prefix(prefix).filter(|k| k.starts_with(letter)) else {
                // Terms are sorted, so those with the prefix are over.
                break 'open;
            };
            if prefix.is_empty() && key.first() == Some(&b'=') {
                // The surface forms: a walk of their own.
                start = vec![b'=' + 1];
                last.clear();
                rows.truncate(1);
                dead = usize::MAX;
                continue 'open;
            }
            let shared = key.iter().zip(&last).take_while(|(a, b)| a == b).count();
            if shared >= dead {
                continue;
            }
            rows.truncate(shared + 1);
            dead = usize::MAX;
            last.clear();
            last.extend_from_slice(key);
            while rows.len() <= key.len() {
                let depth = rows.len();
                rows.push(row(&rows, key, word));
                let least = |r: &Row| r.iter().copied().min().unwrap_or(u8::MAX);
                if least(&rows[depth]) > reach && least(&rows[depth - 1]) >= reach {
                    dead = depth;
                    break;
                }
            }
            if dead == usize::MAX {
                let distance = rows[key.len()][word.len()];
                if distance <= reach {
                    let entry = found.entry(key.to_vec()).or_insert((distance, 0));
                    entry.1 += u64::from(stream.value().doc_freq);
                }
            } else if dead <= LEAP
                && let Some(next) = key[dead - 1].checked_add(1)
            {
                start = [prefix, &key[..dead - 1], &[next]].concat();
                continue 'open;
            }
        }
        break;
    }
    Ok(())
}

/// The next row, for one more byte of the key.
fn row(rows: &[Row], key: &[u8], word: &[u8]) -> Row {
    let depth = rows.len();
    let above = &rows[depth - 1];
    let byte = key[depth - 1];
    let mut row: Row = Vec::with_capacity(word.len() + 1);
    row.push(depth.min(200) as u8);
    for at in 1..=word.len() {
        let mut best = (above[at] + 1).min(row[at - 1] + 1).min(above[at - 1] + u8::from(byte != word[at - 1]));
        if depth > 1 && at > 1 && byte == word[at - 2] && key[depth - 2] == word[at - 1] {
            best = best.min(rows[depth - 2][at - 2] + 1);
        }
        row.push(best);
    }
    row
}
