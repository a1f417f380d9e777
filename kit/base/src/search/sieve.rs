//! Tells most words that cannot be marked from those that may, without taking them apart: an excerpt looks
//! at every word of its text, and nearly all of them have nothing to do with the query.

use std::collections::HashSet;

use super::stem::Stemmer;

/// Longer words are looked at in full.
const LONG: usize = 48;

pub struct Sieve<'a> {
    /// Of each mark all but its first letter, which affixes may change, with the set of its letters.
    tails: Vec<(u32, &'a str)>,
    /// The first three bytes of each mark, which the English stemmer never changes.
    starts: HashSet<&'a [u8]>,
    /// Words that no rule leads to a mark, but the list of exceptions does.
    excepted: HashSet<&'a str>,
}

impl<'a> Sieve<'a> {
    pub fn new(marks: &'a HashSet<String>, stemmer: &'a Stemmer) -> Sieve<'a> {
        let tail = |mark: &'a String| mark.char_indices().nth(1).map_or("", |(at, _)| &mark[at..]);
        Sieve {
            tails: marks.iter().map(tail).map(|tail| (letters(tail), tail)).collect(),
            starts: marks.iter().map(|mark| first(mark)).collect(),
            excepted: stemmer.excepted_to(marks).collect(),
        }
    }

    /// Whether the stem of a word may be a mark.
    pub fn may_stem(&self, word: &str) -> bool {
        let has = letters(word);
        self.tails.iter().any(|(need, tail)| need & !has == 0 && word.contains(tail)) || self.excepted.contains(word)
    }

    /// Whether the English stem of a word may be a mark.
    pub fn may_be_english(&self, word: &str) -> bool {
        self.starts.contains(first(word))
    }

    /// Whether what stands between two spaces may hold a word to mark.
    pub fn may_hold(&self, run: &str) -> bool {
        let word = run.trim_matches(|c: char| c.is_ascii_punctuation()).as_bytes();
        // Numbers, compounds and letters beyond ASCII have rules of their own.
        if word.len() > LONG || !word.iter().all(u8::is_ascii_alphabetic) {
            return true;
        }
        let mut lower = [0; LONG];
        let lower = &mut lower[..word.len()];
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        let Ok(word) = std::str::from_utf8(lower) else { return true };
        self.may_stem(word) || self.may_be_english(word)
    }
}

/// Which letters a word has, a bit each.
fn letters(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_lowercase).fold(0, |set, b| set | 1 << (b - b'a'))
}

fn first(word: &str) -> &[u8] {
    &word.as_bytes()[..word.len().min(3)]
}

#[cfg(test)]
mod tests {
    use super::super::words::Words;
    use super::super::{analyse, english};
    use super::*;

    #[test]
    fn what_falls_through_holds_no_mark() {
        let words = Words::load(None).expect("words");
        let text = "Warga kelurahan mengikuti pelatihan; penyebarluasan berita-berita UMKM-nya, Jum'at 17/8 RT 03. \
                    Communities were meeting about fisheries and the Kahayan. Ibu-ibu PKK memberitakan kegiatan.";
        for mark in ["latih", "berita", "warga", "luas", "umkm", "communiti", "fisheri", "giat", "3", "ibu"].map(str::to_owned) {
            let marks = HashSet::from([mark]);
            let sieve = Sieve::new(&marks, &words.stemmer);
            for run in text.split_whitespace().filter(|run| !sieve.may_hold(run)) {
                for token in analyse::tokens_by(run, &mut |word| words.stemmer.stem(word), &words.stemmer) {
                    let hit = marks.contains(&token.stem) || marks.contains(&token.form);
                    assert!(!hit && !marks.contains(&english::stem(&token.form)), "{run} was sieved out for {marks:?}");
                }
            }
        }
    }

    #[test]
    fn most_words_fall_through() {
        let words = Words::load(None).expect("words");
        let marks = HashSet::from(["latih".to_owned()]);
        let sieve = Sieve::new(&marks, &words.stemmer);
        assert!(
            sieve.may_hold("pelatihan,") && sieve.may_hold("Dilatih") && sieve.may_hold("17/8") && sieve.may_hold("UMKM-nya")
        );
        for word in ["warga", "pasar", "(kelurahan)", "membersihkan", "sungai."] {
            assert!(!sieve.may_hold(word), "{word}");
        }
    }
}
