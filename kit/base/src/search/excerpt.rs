//! The few lines of an entry that show why it was found, as HTML in which only `<mark>` is not escaped.

use std::collections::HashSet;

use super::document::cut;
use super::sieve::Sieve;
use super::words::Words;
use super::{analyse, english};

/// Bytes of text in an excerpt, about three lines.
const LENGTH: usize = 240;

/// An excerpt of the lead and the body with the `marks` (stems and forms) marked.
pub fn excerpt(words: &Words, marks: &HashSet<String>, lead: &str, body: &str) -> String {
    // The lead is often the first sentence of the body, too.
    let text = match (lead.trim(), body.trim()) {
        (lead, body) if body.starts_with(lead) => body.to_owned(),
        (lead, body) => format!("{lead} {body}"),
    };
    let hits = hits(words, marks, &text);
    let start = start(&text, &hits);
    let shown = cut(&text[start..], LENGTH);
    let end = if start + shown.len() == text.len() {
        text.len()
    } else {
        start + shown.rfind(char::is_whitespace).filter(|at| *at > LENGTH / 2).unwrap_or(shown.len())
    };
    let mut out = String::with_capacity(LENGTH * 2);
    if start > 0 {
        out.push('…');
    }
    let mut at = start;
    for &(from, to, _) in hits.iter().filter(|(from, to, _)| *from >= start && *to <= end) {
        escape(&text[at..from], &mut out);
        out.push_str("<mark>");
        escape(&text[from..to], &mut out);
        out.push_str("</mark>");
        at = to;
    }
    escape(&text[at..end], &mut out);
    if end < text.len() {
        out.push('…');
    }
    out
}

/// Byte ranges of the words to mark, each with a number for its stem.
fn hits(words: &Words, marks: &HashSet<String>, text: &str) -> Vec<(usize, usize, usize)> {
    let mut seen: Vec<String> = Vec::new();
    let mut hits = Vec::new();
    if marks.is_empty() {
        return hits;
    }
    let sieve = Sieve::new(marks, &words.stemmer);
    let mut stem = |word: &str| if sieve.may_stem(word) { words.stemmer.stem(word) } else { word.to_owned() };
    for (start, run) in runs(text).filter(|(_, run)| sieve.may_hold(run)) {
        for token in analyse::tokens_by(run, &mut stem, &words.stemmer) {
            let compound = token.joined.as_ref().is_some_and(|(joined, _)| marks.contains(joined));
            let english = || sieve.may_be_english(&token.form) && marks.contains(&english::stem(&token.form));
            if compound || marks.contains(&token.stem) || marks.contains(&token.form) || english() {
                let number = seen.iter().position(|s| *s == token.stem).unwrap_or_else(|| {
                    seen.push(token.stem.clone());
                    seen.len() - 1
                });
                let (from, to) = (start + token.from, start + token.to);
                // A doubled word and the one before it may share letters.
                if hits.last().is_none_or(|last: &(usize, usize, usize)| last.1 <= from) {
                    hits.push((from, to, number));
                }
            }
        }
    }
    hits
}

/// What stands between spaces, and where it begins. No word reaches over a space.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().map(move |run| (run.as_ptr() as usize - start, run))
}

/// Where the excerpt begins: at the start of the word from which the most different words, then the most words,
/// fit; with a little of what stands before.
fn start(text: &str, hits: &[(usize, usize, usize)]) -> usize {
    let mut best = (0, 0, 0);
    let mut numbers = HashSet::new();
    for (first, &(from, ..)) in hits.iter().enumerate() {
        let inside = hits[first..].iter().take_while(|h| h.1 <= from + LENGTH * 3 / 4);
        numbers.clear();
        let count = inside.map(|h| numbers.insert(h.2)).count();
        if (numbers.len(), count) > (best.0, best.1) {
            best = (numbers.len(), count, from);
        }
    }
    if best.2 < LENGTH / 3 {
        return 0;
    }
    let earliest = text.ceil_char_boundary(best.2.saturating_sub(LENGTH / 5));
    let lead = &text[earliest..best.2];
    lead.char_indices().find(|(_, c)| c.is_whitespace()).map_or(best.2, |(at, c)| earliest + at + c.len_utf8())
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
}
