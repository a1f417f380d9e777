//! What the search knows about words: roots and exceptions for the stemmer, synonyms, slang and stop words. Roots
//! and exceptions shape the index; the rest works at query time and may be replaced while the server runs.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::analyse;
use super::stem::Stemmer;

const ROOTS: &str = include_str!("../../../../data/search/roots.txt");
const EXCEPTIONS: &str = include_str!("../../../../data/search/exceptions.tsv");
const SYNONYMS: &str = include_str!("../../../../data/search/synonyms.toml");
/// The file that replaces the built-in synonyms when the operator's directory has it.
pub const FILE: &str = "synonyms.toml";
/// More words than this in a phrase are not looked for.
const LONGEST_PHRASE: usize = 6;

/// Another way to say a word or phrase.
#[derive(Debug, Clone)]
pub struct Synonym {
    /// One stem a word.
    pub stems: Vec<String>,
    /// Share of the score that a hit by this way of saying it earns, 0 to 1.
    pub weight: f32,
}

/// The stemmer and the query-time tables.
pub struct Words {
    pub(super) stemmer: Stemmer,
    stop: HashSet<String>,
    slang: HashMap<String, String>,
    synonyms: HashMap<String, Vec<Synonym>>,
    longest: usize,
    hash: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    weights: Weights,
    #[serde(default)]
    same: Vec<Vec<String>>,
    #[serde(default)]
    near: Vec<Vec<String>>,
    #[serde(default)]
    hint: Vec<Vec<String>>,
    #[serde(default)]
    slang: HashMap<String, String>,
    #[serde(default)]
    stop: Vec<String>,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Weights {
    same: f32,
    near: f32,
    hint: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self { same: 0.8, near: 0.4, hint: 0.3 }
    }
}

impl Words {
    /// The built-in words; a `synonyms.toml` in `dir` takes the place of the built-in one. Fails when that file
    /// cannot be read or understood, naming it and the line.
    pub fn load(dir: Option<&Path>) -> Result<Words> {
        let path = dir.map(|d| d.join(FILE)).filter(|p| p.exists());
        match path {
            Some(path) => {
                let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
                Self::parse(&text).with_context(|| format!("in {}", path.display()))
            }
            None => Self::parse(SYNONYMS),
        }
    }

    /// The built-in roots and exceptions with the given text of a synonyms file.
    pub fn parse(synonyms: &str) -> Result<Words> {
        let exceptions = EXCEPTIONS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
            .map(|(word, stem)| (word.into(), stem.trim().into()))
            .collect();
        let file: File = toml::from_str(synonyms).context("reading the synonyms")?;
        let mut words = Words {
            stemmer: Stemmer::new(ROOTS, exceptions),
            stop: HashSet::new(),
            slang: file.slang.into_iter().map(|(k, v)| (analyse::folded(&k), v)).collect(),
            synonyms: HashMap::new(),
            longest: 1,
            hash: fingerprint(&[ROOTS, EXCEPTIONS]),
        };
        words.stop = file.stop.iter().map(|w| analyse::folded(w)).collect();
        for group in &file.same {
            words.group(group, file.weights.same, false);
        }
        for group in &file.near {
            words.group(group, file.weights.near, false);
        }
        for group in &file.hint {
            words.group(group, file.weights.hint, true);
        }
        words.synonyms.shrink_to_fit();
        Ok(words)
    }

    fn group(&mut self, group: &[String], weight: f32, one_way: bool) {
        let phrases: Vec<Vec<String>> = group.iter().map(|text| self.stems(text)).collect();
        for (at, from) in phrases.iter().enumerate() {
            if from.is_empty() || from.len() > LONGEST_PHRASE || (one_way && at > 0) {
                continue;
            }
            self.longest = self.longest.max(from.len());
            let list = self.synonyms.entry(from.join(" ")).or_default();
            for to in phrases.iter().filter(|to| *to != from && !to.is_empty()) {
                match list.iter_mut().find(|known| known.stems == *to) {
                    Some(known) => known.weight = known.weight.max(weight),
                    None => list.push(Synonym { stems: to.clone(), weight }),
                }
            }
        }
    }

    fn stems(&self, text: &str) -> Vec<String> {
        analyse::tokens(text, &self.stemmer, false).into_iter().map(|t| t.stem).collect()
    }

    /// Other ways to say the phrase, given as stems joined by one space.
    pub fn synonyms(&self, phrase: &str) -> &[Synonym] {
        self.synonyms.get(phrase).map_or(&[], Vec::as_slice)
    }

    /// The number of words in the longest phrase that has synonyms.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// What a shorthand stands for (`yg`: yang), as ordinary text.
    pub fn slang(&self, form: &str) -> Option<&str> {
        self.slang.get(form).map(String::as_str)
    }

    /// Whether the folded word says little by itself.
    pub fn is_stop(&self, form: &str) -> bool {
        self.stop.contains(form)
    }

    /// Changes when documents must be analysed again; synonyms do not count.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    #[cfg(test)]
    pub fn rehash_for_tests(&mut self) {
        self.hash ^= 1;
    }

    /// How many phrases have synonyms, for the log and for tests.
    pub fn count(&self) -> usize {
        self.synonyms.len()
    }
}

/// FNV-1a, which is stable across releases of the compiler, unlike the standard hasher.
fn fingerprint(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|t| t.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
