//! From the text of a query to what is looked up: one group a word, each with the ways to say it and their weight.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::near::{self, Near};
use super::view::{Place, View};
use super::words::Words;
use super::{analyse, english};

/// Words of a query that are used; the rest is ignored.
const MOST: usize = 24;
/// Weights of what adds to a matching word, as a share of its rarity.
const TITLE: f32 = 1.0;
const HEAD: f32 = 0.5;
const FORM: f32 = 0.35;
const PAIR: f32 = 0.5;
/// A stop word earns this share of its rarity.
const STOP: f32 = 0.2;
/// A word found by another spelling.
const MISTYPED: f32 = 0.8;
/// Neighbouring words are looked for side by side only when the rarer is in at most so many documents.
const PAIRED: u64 = 4_096;

/// From so many documents on, the share that has a word says whether it matters.
const LARGE: u64 = 1_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Area {
    Text,
    Title,
    Head,
}

/// A term, or a phrase of several, and the most it can add for each unit of saturated frequency.
pub struct Way {
    pub area: Area,
    pub places: Vec<Place>,
    pub weight: f32,
}

/// One word of the query: any of `ways` is a match, the best one counts; `extras` add to it.
#[derive(Default)]
pub struct Group {
    pub ways: Vec<Way>,
    pub extras: Vec<Way>,
    pub stop: bool,
}

#[derive(Default)]
pub struct Plan {
    pub groups: Vec<Group>,
    /// How many groups that are not stop words a document must match.
    pub need: u32,
    /// How many such groups there are.
    pub full: u32,
    pub corrected: Option<String>,
    /// Stems and forms to mark in excerpts.
    pub marks: HashSet<String>,
}

/// A word of the query.
struct Word {
    form: String,
    stem: String,
    joined: Option<(String, usize)>,
    stop: bool,
    /// Byte range in the text of the query.
    from: usize,
    to: usize,
}

/// Looks words up, each once.
struct Lookup<'a> {
    view: &'a View,
    known: HashMap<String, Place>,
}

impl Lookup<'_> {
    fn place(&mut self, term: &str) -> Result<Place> {
        if let Some(place) = self.known.get(term) {
            return Ok(place.clone());
        }
        let place = self.view.text.place(term)?;
        self.known.insert(term.to_owned(), place.clone());
        Ok(place)
    }

    fn df(&mut self, term: &str) -> Result<u64> {
        Ok(self.place(term)?.df)
    }

    /// Adds a term or phrase to a group, if documents have it. `cap` limits its rarity to that of the word that the
    /// reader typed. Returns whether there are such documents.
    fn add(
        &mut self,
        group: &mut Group,
        terms: &[String],
        weight: f32,
        cap: f32,
        plan: &mut HashSet<String>,
    ) -> Result<bool> {
        let places = terms
            .iter()
            .map(|t| self.place(t))
            .collect::<Result<Vec<_>>>()?;
        let least = places.iter().map(|p| p.df).min().unwrap_or(0);
        if least == 0 {
            return Ok(false);
        }
        let weight = weight * self.view.rarity(least).min(cap);
        plan.extend(terms.iter().map(|t| t.trim_start_matches('=').to_owned()));
        if let [term] = terms
            && !group.stop
        {
            for (area, share) in [(Area::Title, TITLE), (Area::Head, HEAD)] {
                let texts = if area == Area::Title {
                    &self.view.title
                } else {
                    &self.view.head
                };
                let place = texts.place(term)?;
                if place.df > 0 {
                    group.extras.push(Way {
                        area,
                        places: vec![place],
                        weight: weight * share,
                    });
                }
            }
        }
        group.ways.push(Way {
            area: Area::Text,
            places,
            weight,
        });
        Ok(true)
    }
}

/// Makes the plan of a text. An empty plan (no groups) matches nothing.
pub fn plan(view: &View, words: &Words, text: &str) -> Result<Plan> {
    let mut lookup = Lookup {
        view,
        known: HashMap::new(),
    };
    let mut plan = Plan::default();
    let mut corrections = Vec::new();
    let asked = split(ask(words, text), words, &mut lookup, &mut corrections)?;
    let mut groups: Vec<Group> = Vec::new();
    let mut caps = Vec::new();
    for word in &asked {
        let mut group = Group {
            stop: word.stop,
            ..Group::default()
        };
        let share = if word.stop { STOP } else { 1.0 };
        let found = lookup.add(
            &mut group,
            std::slice::from_ref(&word.stem),
            share,
            f32::MAX,
            &mut plan.marks,
        )?;
        caps.push(if found {
            view.rarity(lookup.df(&word.stem)?)
        } else {
            f32::MAX
        });
        let english = english::stem(&word.form);
        if english != word.stem {
            lookup.add(
                &mut group,
                &[english],
                0.9 * share,
                f32::MAX,
                &mut plan.marks,
            )?;
        }
        if word.form != word.stem {
            let place = lookup.place(&format!("={}", word.form))?;
            if place.df > 0 {
                let weight = FORM * share * view.rarity(place.df);
                group.extras.push(Way {
                    area: Area::Text,
                    places: vec![place],
                    weight,
                });
            }
        }
        groups.push(group);
    }
    spans(
        words,
        &asked,
        &mut groups,
        &caps,
        &mut lookup,
        &mut plan.marks,
    )?;
    for (word, group) in asked.iter().zip(&mut groups) {
        if group.ways.is_empty() && !words.stemmer.knows(&word.stem) {
            mistyped(
                word,
                words,
                group,
                &mut lookup,
                &mut plan.marks,
                &mut corrections,
            )?;
        }
    }
    pairs(&asked, &mut groups, &mut lookup)?;
    groups.retain(|g| !g.ways.is_empty());
    weigh(view, &mut groups);
    plan.full = groups.iter().filter(|g| !g.stop).count() as u32;
    plan.need = plan.full.div_ceil(2);
    plan.corrected = corrected(text, corrections);
    plan.groups = groups;
    Ok(plan)
}

/// Settles which groups count: a word that most documents have tells no more than a stop word, and a stop word
/// that many have is not worth reading its list; but something must remain to look for.
fn weigh(view: &View, groups: &mut Vec<Group>) {
    let all = view.searcher.num_docs();
    let df = |group: &Group| group.ways.iter().map(|w| w.places[0].df).max().unwrap_or(0);
    if all >= LARGE && groups.iter().any(|g| !g.stop && df(g) <= all / 2) {
        groups.iter_mut().for_each(|g| g.stop |= df(g) > all / 2);
        groups.retain(|g| !g.stop || df(g) <= all / 4);
    }
    if groups.iter().all(|g| g.stop) {
        groups.iter_mut().for_each(|g| g.stop = false);
    }
}

/// The words of the text, shorthand written out.
fn ask(words: &Words, text: &str) -> Vec<Word> {
    let mut asked = Vec::new();
    for token in analyse::tokens(text, &words.stemmer, false)
        .into_iter()
        .take(MOST)
    {
        let (from, to) = (token.from, token.to);
        let written_out = words
            .slang(&token.form)
            .map(|s| analyse::tokens(s, &words.stemmer, false));
        for token in written_out.unwrap_or_else(|| vec![token]) {
            let stop = words.is_stop(&token.form);
            asked.push(Word {
                form: token.form,
                stem: token.stem,
                joined: token.joined,
                stop,
                from,
                to,
            });
        }
    }
    asked
}

/// Parts words that no document has and that are two known words written together.
fn split(
    asked: Vec<Word>,
    words: &Words,
    lookup: &mut Lookup,
    corrections: &mut Vec<(usize, usize, String)>,
) -> Result<Vec<Word>> {
    let mut out = Vec::with_capacity(asked.len());
    for word in asked {
        let known = words.stemmer.knows(&word.stem) || !words.synonyms(&word.stem).is_empty();
        let plain = word.form.len() >= 6 && word.form.is_ascii() && word.joined.is_none();
        if known
            || !plain
            || lookup.df(&word.stem)? > 0
            || lookup.df(&english::stem(&word.form))? > 0
        {
            out.push(word);
            continue;
        }
        let mut best: Option<(u64, usize)> = None;
        for at in 3..=word.form.len() - 3 {
            let (left, right) = word.form.split_at(at);
            if words.stemmer.knows(left) || words.stemmer.knows(right) {
                let df = lookup
                    .df(&words.stemmer.stem(left))?
                    .min(lookup.df(&words.stemmer.stem(right))?);
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
            let (stem, form, stop) = (
                words.stemmer.stem(form),
                form.to_owned(),
                words.is_stop(form),
            );
            out.push(Word {
                form,
                stem,
                joined: None,
                stop,
                from: word.from,
                to: word.to,
            });
        }
    }
    Ok(out)
}

/// Adds what stands for several words together: synonyms of phrases, compounds, words written apart.
fn spans(
    words: &Words,
    asked: &[Word],
    groups: &mut [Group],
    caps: &[f32],
    lookup: &mut Lookup,
    marks: &mut HashSet<String>,
) -> Result<()> {
    let mut covered = 0;
    for at in 0..asked.len() {
        for length in (1..=words.longest().min(asked.len() - at)).rev() {
            let end = at + length;
            if end <= covered {
                break;
            }
            let key = asked[at..end]
                .iter()
                .map(|w| w.stem.as_str())
                .collect::<Vec<_>>()
                .join(" ");
            let synonyms = words.synonyms(&key);
            if synonyms.is_empty() {
                continue;
            }
            covered = end;
            for synonym in synonyms {
                for place in at..end {
                    lookup.add(
                        &mut groups[place],
                        &synonym.stems,
                        synonym.weight,
                        caps[place],
                        marks,
                    )?;
                }
            }
            // A phrase says more than its words: their own synonyms would lead away.
            break;
        }
        let compound = asked[at]
            .joined
            .clone()
            .map(|(joined, count)| (joined, at + count));
        let apart = asked
            .get(at + 1)
            .filter(|_| asked[at].joined.is_none() && !asked[at].stop);
        let apart = apart.map(|next| {
            (
                words
                    .stemmer
                    .stem(&format!("{}{}", asked[at].form, next.form)),
                at + 2,
            )
        });
        for (term, end) in [compound, apart].into_iter().flatten() {
            for place in at..end.min(asked.len()) {
                lookup.add(
                    &mut groups[place],
                    std::slice::from_ref(&term),
                    0.9,
                    caps[place],
                    marks,
                )?;
            }
        }
    }
    Ok(())
}

/// Fills the group of a word that nothing has with the nearest words.
fn mistyped(
    word: &Word,
    words: &Words,
    group: &mut Group,
    lookup: &mut Lookup,
    marks: &mut HashSet<String>,
    corrections: &mut Vec<(usize, usize, String)>,
) -> Result<()> {
    let length = word.form.chars().count();
    if !(4..=40).contains(&length) || word.form.bytes().any(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    let reach = if length >= 8 { 2 } else { 1 };
    let near = near::near(
        &lookup.view.text,
        lookup.view.segments.len(),
        &word.form,
        reach,
    )?;
    let nearest = near.first().map(|n| n.distance);
    for (
        rank,
        Near {
            word: form,
            distance,
            ..
        },
    ) in near.into_iter().take(3).enumerate()
    {
        if Some(distance) != nearest {
            break;
        }
        let stem = words.stemmer.stem(&form);
        let share = if rank == 0 { MISTYPED } else { MISTYPED / 2.0 };
        // A word of an English text is not under its Indonesian stem.
        let term = if lookup.df(&stem)? > 0 {
            stem
        } else {
            format!("={form}")
        };
        lookup.add(group, &[term], share, f32::MAX, marks)?;
        if rank == 0 {
            corrections.push((word.from, word.to, form));
        }
    }
    Ok(())
}

/// Rewards neighbours in the query that are neighbours in the text.
fn pairs(asked: &[Word], groups: &mut [Group], lookup: &mut Lookup) -> Result<()> {
    for at in 1..asked.len() {
        let (left, right) = (&asked[at - 1], &asked[at]);
        if left.stop || right.stop {
            continue;
        }
        let places = vec![lookup.place(&left.stem)?, lookup.place(&right.stem)?];
        let least = places[0].df.min(places[1].df);
        if least > 0 && least <= PAIRED {
            let rarity = lookup.view.rarity(places[0].df) + lookup.view.rarity(places[1].df);
            groups[at].extras.push(Way {
                area: Area::Text,
                places,
                weight: PAIR * rarity / 2.0,
            });
        }
    }
    Ok(())
}

/// The text with the replaced words, if any.
fn corrected(text: &str, mut corrections: Vec<(usize, usize, String)>) -> Option<String> {
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
