//! Indonesian stemming by confix stripping (Nazief and Adriani 1996; Adriani et al. 2007; the enhanced rules of
//! Arifin et al. 2009): take suffixes and prefixes off until a known root remains. Where several roots remain,
//! the affixes that the dictionary attests for a root decide, then the length kept.

use std::collections::{HashMap, HashSet};

/// Longest word, in bytes, that is analysed; anything longer is noise and returned as it is.
const LONGEST: usize = 40;
/// Deepest chain of prefixes (`keber-`, `memper-`, `diper-` are two).
const DEEPEST: usize = 3;

/// The roots as one sorted text (a root a line, then the marks of the affixes it takes) and the exceptions.
pub struct Stemmer {
    roots: &'static [u8],
    /// Where in `roots` each pair of first letters begins, and the end: it spares most of the search.
    starts: Vec<u32>,
    exceptions: HashMap<Box<str>, Box<str>>,
}

/// A suffix that makes a new word; particles and possessives are taken off before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Suffix {
    None,
    An,
    I,
    Kan,
}

/// A way to read the word: what is left after some prefixes.
struct Rest {
    word: Vec<u8>,
    /// The first letter was restored (`menulis`: t), so it does not count as kept.
    restored: bool,
    /// Mark of the outermost prefix, as in the root list; 0 without a prefix.
    outer: u8,
    depth: usize,
}

/// The best root so far and how well it explains the word.
struct Best {
    score: i32,
    word: Vec<u8>,
}

const PAIRS: usize = 26 * 26;

/// The number of the first two letters; `None` when they are not letters.
fn pair(word: &[u8]) -> Option<usize> {
    let number = |b: u8| b.is_ascii_lowercase().then(|| usize::from(b - b'a'));
    Some(number(*word.first()?)? * 26 + number(*word.get(1)?)?)
}

impl Stemmer {
    /// `roots`: lines `root marks`, sorted by byte. `exceptions`: word to stem; an entry that names itself is an
    /// additional root.
    pub fn new(roots: &'static str, exceptions: HashMap<Box<str>, Box<str>>) -> Self {
        let mut starts = vec![0; PAIRS + 1];
        let mut at = 0;
        for line in roots.split_inclusive('\n') {
            at += line.len() as u32;
            if let Some(pair) = pair(line.as_bytes()) {
                starts[pair + 1] = at;
            }
        }
        for pair in 1..starts.len() {
            starts[pair] = starts[pair].max(starts[pair - 1]);
        }
        Self { roots: roots.as_bytes(), starts, exceptions }
    }

    /// The marks of a root, empty when it has none; `None` when the word is not a root.
    fn root(&self, word: &[u8]) -> Option<&'static [u8]> {
        let pair = pair(word)?;
        let (mut low, mut high) = (self.starts[pair] as usize, self.starts[pair + 1] as usize);
        while low < high {
            let middle = (low + high) / 2;
            let start = self.roots[low..middle].iter().rposition(|&b| b == b'\n').map_or(low, |p| low + p + 1);
            let end = self.roots[middle..high].iter().position(|&b| b == b'\n').map_or(high, |p| middle + p);
            let line = &self.roots[start..end];
            let cut = line.iter().position(|&b| b == b' ').unwrap_or(line.len());
            match line[..cut].cmp(word) {
                std::cmp::Ordering::Equal => return Some(line.get(cut + 1..).unwrap_or_default()),
                std::cmp::Ordering::Less => low = end + 1,
                std::cmp::Ordering::Greater => high = start,
            }
        }
        let own = std::str::from_utf8(word).ok().and_then(|w| self.exceptions.get_key_value(w));
        own.filter(|(word, stem)| word == stem).map(|_| &[][..])
    }

    /// The words with a stem of their own that is one of `stems`.
    pub fn excepted_to<'a>(&'a self, stems: &'a HashSet<String>) -> impl Iterator<Item = &'a str> {
        self.exceptions.iter().filter(|(_, stem)| stems.contains(&***stem)).map(|(word, _)| &**word)
    }

    /// Whether the word is listed as a root.
    pub fn knows(&self, word: &str) -> bool {
        self.root(word.as_bytes()).is_some()
    }

    /// The stem of a lower-case word without accents; the word itself when nothing is known about it.
    pub fn stem(&self, word: &str) -> String {
        if let Some(stem) = self.exceptions.get(word) {
            return stem.to_string();
        }
        let bytes = word.as_bytes();
        if bytes.len() < 4 || bytes.len() > LONGEST || !bytes.iter().all(u8::is_ascii_lowercase) || self.knows(word) {
            return word.to_owned();
        }
        let mut best = None;
        for (base, inflected) in inflections(bytes) {
            for suffix in [Suffix::None, Suffix::Kan, Suffix::An, Suffix::I] {
                if let Some(base) = base.strip_suffix(suffix.letters()) {
                    let rest = Rest { word: base.to_vec(), restored: false, outer: 0, depth: 0 };
                    self.peel(&rest, suffix, inflected, &mut best);
                }
            }
        }
        match best {
            Some(Best { word, .. }) => String::from_utf8(word).unwrap_or_default(),
            // An unknown word keeps its affixes, except -nya, which hardly any word ends in by itself.
            None => word.strip_suffix("nya").filter(|w| w.len() > 3).unwrap_or(word).to_owned(),
        }
    }

    /// Scores `rest` if it is a root, and goes on with every prefix it may carry.
    fn peel(&self, rest: &Rest, suffix: Suffix, inflected: i32, best: &mut Option<Best>) {
        if forbidden(rest.outer, suffix) {
            return;
        }
        if let Some(stem) = std::str::from_utf8(&rest.word).ok().and_then(|w| self.exceptions.get(w)) {
            self.offer(rest, stem.as_bytes(), &[], suffix, inflected, best);
        } else if let Some(marks) = self.root(&rest.word).filter(|_| rest.word.len() > 2) {
            self.offer(rest, &rest.word, marks, suffix, inflected, best);
        }
        if rest.depth < DEEPEST {
            prefixes(rest, &mut |next| self.peel(&next, suffix, inflected, best));
        }
    }

    fn offer(&self, rest: &Rest, stem: &[u8], marks: &[u8], suffix: Suffix, inflected: i32, best: &mut Option<Best>) {
        let kept = rest.word.len() as i32 - i32::from(rest.restored);
        let attested = |mark: u8| mark != 0 && marks.contains(&mark);
        let mut score = 4 * kept - 3 * rest.depth as i32 - 2 * inflected - i32::from(rest.restored);
        score += 7 * i32::from(attested(rest.outer)) + 7 * i32::from(attested(suffix.mark()));
        score -= 3 * i32::from(suffix != Suffix::None);
        // pentingkah is penting, not pen- and tingkah.
        score += 7 * i32::from(rest.depth == 0 && suffix == Suffix::None);
        if best.as_ref().is_none_or(|b| score > b.score) {
            *best = Some(Best { score, word: stem.to_vec() });
        }
    }
}

impl Suffix {
    fn letters(self) -> &'static [u8] {
        match self {
            Suffix::None => b"",
            Suffix::An => b"an",
            Suffix::I => b"i",
            Suffix::Kan => b"kan",
        }
    }

    fn mark(self) -> u8 {
        match self {
            Suffix::None => 0,
            Suffix::An => b'a',
            Suffix::I => b'i',
            Suffix::Kan => b'n',
        }
    }
}

/// Prefix and suffix that never stand together.
fn forbidden(outer: u8, suffix: Suffix) -> bool {
    match suffix {
        Suffix::None => false,
        Suffix::An => outer == b'm',
        Suffix::I => matches!(outer, b'b' | b's'),
        Suffix::Kan => matches!(outer, b'k' | b's'),
    }
}

/// The word without its particle and possessive, each way to read them, with the number taken off.
fn inflections(word: &[u8]) -> Vec<(&[u8], i32)> {
    let mut all = vec![(word, 0)];
    for particle in [&b"lah"[..], b"kah", b"tah", b"pun"] {
        if let Some(rest) = word.strip_suffix(particle) {
            all.push((rest, 1));
        }
    }
    for at in 0..all.len() {
        let (rest, count) = all[at];
        for possessive in [&b"nya"[..], b"ku", b"mu"] {
            if let Some(rest) = rest.strip_suffix(possessive) {
                all.push((rest, count + 1));
            }
        }
    }
    all
}

fn vowel(letter: Option<&u8>) -> bool {
    letter.is_some_and(|l| b"aeiou".contains(l))
}

/// Calls `go` with what remains after each prefix that `rest` may begin with.
fn prefixes(rest: &Rest, go: &mut dyn FnMut(Rest)) {
    let word = rest.word.as_slice();
    let mut off = |mark: u8, length: usize, restore: &[u8]| {
        let tail = &word[length..];
        if tail.len() + restore.len() > 2 {
            let outer = if rest.outer == 0 { mark } else { rest.outer };
            let restored = !restore.is_empty();
            go(Rest { word: [restore, tail].concat(), restored, outer, depth: rest.depth + 1 });
        }
    };
    let first = |at: usize| word.get(at);
    match word {
        [b'd', b'i', ..] if rest.depth == 0 => off(b'm', 2, b""),
        [b'k', b'e', ..] => off(b'k', 2, b""),
        [b's', b'e', ..] => off(b's', 2, b""),
        [b'k', b'a', b'u', ..] if rest.depth == 0 => off(b'm', 3, b""),
        [b'k', b'u', ..] if rest.depth == 0 => off(b'm', 2, b""),
        [b'b', b'e', b'r', ..] => {
            off(b'b', 3, b"");
            off(b'b', 2, b"");
        }
        [b't', b'e', b'r', ..] => {
            off(b't', 3, b"");
            off(b't', 2, b"");
        }
        // bekerja, beserta; tepercaya: the r is lost before a syllable in -er-.
        [b'b' | b't', b'e', _, b'e', b'r', ..] => off(word[0], 2, b""),
        // belajar, pelajar.
        [b'b' | b'p', b'e', b'l', b'a', b'j', b'a', b'r', ..] => off(word[0], 3, b""),
        [b'm' | b'p', b'e', ..] => nasal(word[0], &first, &mut off),
        _ => {}
    }
}

/// me- and pe-, whose nasal swallows the first letter of the root.
fn nasal<'a>(mark: u8, at: &dyn Fn(usize) -> Option<&'a u8>, off: &mut dyn FnMut(u8, usize, &[u8])) {
    match (at(2), at(3), at(4)) {
        (Some(b'm'), after, _) if vowel(after) => {
            off(mark, 2, b"");
            off(mark, 3, b"p");
        }
        (Some(b'm'), ..) => off(mark, 3, b""),
        (Some(b'n'), Some(b'g'), after) => {
            off(mark, 4, b"");
            if vowel(after) {
                off(mark, 4, b"k");
                off(mark, 2, b"");
            }
            // mengecat, pengesahan: a root of one syllable.
            if after == Some(&b'e') {
                off(mark, 5, b"");
            }
        }
        (Some(b'n'), Some(b'y'), after) if vowel(after) => {
            off(mark, 4, b"s");
            off(mark, 2, b"");
        }
        (Some(b'n'), after, _) if vowel(after) => {
            off(mark, 2, b"");
            off(mark, 3, b"t");
        }
        (Some(b'n'), ..) => off(mark, 3, b""),
        (Some(b'r'), ..) => {
            if mark == b'p' {
                off(mark, 3, b"");
            }
            off(mark, 2, b"");
        }
        _ => off(mark, 2, b""),
    }
}
