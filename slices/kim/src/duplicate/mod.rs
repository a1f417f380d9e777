//! Likely duplicates: KIM that were registered twice, found by name, number and phone, and made one.
mod merge;
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};

use regions::fold;

/// Words that say no more than that it is a KIM.
const EMPTY_WORDS: &[&str] = &["kim", "komunitas", "kelompok", "informasi", "masyarakat", "desa", "kelurahan", "kel"];
/// From here on two names of one village are alike.
const ALIKE_NEAR: f64 = 0.9;
/// From here on two names of one regency are alike.
const ALIKE_FAR: f64 = 0.95;
/// A name that so many KIM of a regency bear tells nothing.
const COMMON: usize = 3;
/// More KIM of one regency than this are compared by equal names only.
const COMPARED: usize = 800;

/// What of a name tells one KIM from another, folded; the whole folded name when nothing would be left.
pub fn key_of(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').filter(|word| !EMPTY_WORDS.contains(word)).collect();
    if words.is_empty() { folded } else { words.join(" ") }
}

/// A number without signs and leading zeros: `62.71/KIM/001` and `6271-KIM-1` differ in the dot only.
fn plain_number(number: &str) -> String {
    let parts = number.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(|part| part.trim_start_matches('0').to_lowercase()).collect::<Vec<_>>().join("/")
}

/// A KIM as it is compared.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Seen {
    pub id: i64,
    pub name: String,
    pub region: String,
    pub number: Option<String>,
    pub contact_phone: String,
}

/// Why two KIM may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    Number,
    Phone,
    Name,
    /// Alike, but not the same.
    Alike,
}

impl Why {
    pub fn key(self) -> &'static str {
        match self {
            Why::Number => "kim-duplicate-why-number",
            Why::Phone => "kim-duplicate-why-phone",
            Why::Name => "kim-duplicate-why-name",
            Why::Alike => "kim-duplicate-why-alike",
        }
    }
}

/// Two KIM that may be one, the elder first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub one: i64,
    pub two: i64,
    pub why: Vec<Why>,
    /// Whether both are of one village.
    pub near: bool,
}

/// The likely pairs, the likeliest first. `apart` are pairs that were found to be two.
pub fn pairs(all: &[Seen], apart: &HashSet<(i64, i64)>) -> Vec<Pair> {
    let mut found: BTreeMap<(i64, i64), Vec<Why>> = BTreeMap::new();
    let mut add = |a: &Seen, b: &Seen, why: Why| {
        let pair = (a.id.min(b.id), a.id.max(b.id));
        if a.id != b.id && !apart.contains(&pair) {
            let whys = found.entry(pair).or_default();
            if !whys.contains(&why) {
                whys.push(why);
            }
        }
    };
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    for same in groups(all, |one| one.number.as_deref().map(plain_number).and_then(filled)) {
        each(&same, |a, b| add(a, b, Why::Number));
    }
    for same in groups(all, |one| filled(one.contact_phone.clone())) {
        each(&same, |a, b| add(a, b, Why::Phone));
    }
    let keys: HashMap<i64, String> = all.iter().map(|one| (one.id, key_of(&one.name))).collect();
    let key = |one: &Seen| keys.get(&one.id).cloned().unwrap_or_default();
    for regency in groups(all, |one| one.region.get(..5).map(str::to_owned)) {
        let named = |wanted: &str| regency.iter().filter(|one| key(one) == wanted).count();
        let compare = |a: &Seen, b: &Seen| -> Option<Why> {
            let (one, two, near) = (key(a), key(b), a.region == b.region);
            let common = !near && (named(&one) > COMMON || named(&two) > COMMON);
            match alike(&one, &two) {
                _ if common => None,
                _ if one == two => Some(Why::Name),
                likeness if likeness >= if near { ALIKE_NEAR } else { ALIKE_FAR } => Some(Why::Alike),
                _ => None,
            }
        };
        let mut look = |a: &Seen, b: &Seen| {
            if let Some(why) = compare(a, b) {
                add(a, b, why);
            }
        };
        if regency.len() <= COMPARED {
            each(&regency, &mut look);
        } else {
            for village in groups_of(&regency, |one| Some(one.region.clone())) {
                each(&village, &mut look);
            }
            for same in groups_of(&regency, |one| Some(key(one))).into_iter().filter(|same| same.len() <= COMMON) {
                each(&same, &mut look);
            }
        }
    }
    let region = |id: i64| all.iter().find(|one| one.id == id).map(|one| one.region.as_str());
    let mut pairs: Vec<Pair> = found
        .into_iter()
        .map(|((one, two), mut why)| {
            why.sort();
            Pair { one, two, why, near: region(one) == region(two) }
        })
        .collect();
    pairs.sort_by_key(|pair| (std::cmp::Reverse(pair.why.len()), !pair.near, pair.why.first().copied(), pair.one, pair.two));
    pairs
}

/// How alike two keys are, whatever the order of their words: 1 when they are the same.
fn alike(one: &str, two: &str) -> f64 {
    let sorted = |text: &str| {
        let mut words: Vec<&str> = text.split(' ').collect();
        words.sort_unstable();
        words.join(" ")
    };
    // Of short names one letter is a different word.
    if one.chars().count().min(two.chars().count()) < 5 {
        return if one == two { 1.0 } else { 0.0 };
    }
    // Numbers tell groups apart: "RT 3" is not "RT 4".
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits(one) != digits(two) {
        return 0.0;
    }
    strsim::normalized_damerau_levenshtein(one, two).max(strsim::normalized_damerau_levenshtein(&sorted(one), &sorted(two)))
}

fn groups(all: &[Seen], key: impl Fn(&Seen) -> Option<String>) -> Vec<Vec<&Seen>> {
    groups_of(&all.iter().collect::<Vec<_>>(), key)
}

/// Those that share a key, by key.
fn groups_of<'a>(all: &[&'a Seen], key: impl Fn(&Seen) -> Option<String>) -> Vec<Vec<&'a Seen>> {
    let mut groups: BTreeMap<String, Vec<&'a Seen>> = BTreeMap::new();
    for one in all {
        if let Some(key) = key(one) {
            groups.entry(key).or_default().push(one);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

fn each<'a>(group: &[&'a Seen], mut meet: impl FnMut(&'a Seen, &'a Seen)) {
    for (i, one) in group.iter().enumerate() {
        for two in &group[i + 1..] {
            meet(one, two);
        }
    }
}
