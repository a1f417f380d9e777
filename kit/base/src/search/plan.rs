//! From the text of a query to what is looked up: one group a word, each with the ways to say it and their weight.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use super::mend::{corrected, mistyped, split};
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
pub struct Word {
    pub form: String,
    pub stem: String,
    pub joined: Option<(String, usize)>,
    pub stop: bool,
    /// Byte range in the text of the query.
    pub from: usize,
    pub to: usize,
}

/// Looks words up, each once.
pub struct Lookup<'a> {
    pub view: &'a View,
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

    pub fn df(&mut self, term: &str) -> Result<u64> {
        Ok(self.place(term)?.df)
    }

    /// Adds a term or phrase to a group, if documents have it. `cap` limits its rarity to that of the word that the
    /// reader typed. Returns whether there are such documents.
    pub fn add(
        &mut self,
        group: &mut Group,
        terms: &[String],
        weight: f32,
        cap: f32,
        plan: &mut HashSet<String>,
    ) -> Result<bool> {
        let places = terms.iter().map(|t| self.place(t)).collect::<Result<Vec<_>>>()?;
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
                let texts = if area == Area::Title { &self.view.title } else { &self.view.head };
                let place = texts.place(term)?;
                if place.df > 0 {
                    group.extras.push(Way { area, places: vec![place], weight: weight * share });
                }
            }
        }
        group.ways.push(Way { area: Area::Text, places, weight });
        Ok(true)
    }
}

/// Makes the plan of a text. An empty plan (no groups) matches nothing.
pub fn plan(view: &View, words: &Words, text: &str) -> Result<Plan> {
    let mut lookup = Lookup { view, known: HashMap::new() };
    let mut plan = Plan::default();
    let mut corrections = Vec::new();
    let asked = split(ask(words, text), words, &mut lookup, &mut corrections)?;
    let mut groups: Vec<Group> = Vec::new();
    let mut caps = Vec::new();
    for word in &asked {
        let mut group = Group { stop: word.stop, ..Group::default() };
        let share = if word.stop { STOP } else { 1.0 };
        let found = lookup.add(&mut group, std::slice::from_ref(&word.stem), share, f32::MAX, &mut plan.marks)?;
        caps.push(if found { view.rarity(lookup.df(&word.stem)?) } else { f32::MAX });
        let english = english::stem(&word.form);
        if english != word.stem {
            lookup.add(&mut group, &[english], 0.9 * share, f32::MAX, &mut plan.marks)?;
        }
        if word.form != word.stem {
            let place = lookup.place(&format!("={}", word.form))?;
            if place.df > 0 {
                let weight = FORM * share * view.rarity(place.df);
                group.extras.push(Way { area: Area::Text, places: vec![place], weight });
            }
        }
        groups.push(group);
    }
    spans(words, &asked, &mut groups, &caps, &mut lookup, &mut plan.marks)?;
    for (word, group) in asked.iter().zip(&mut groups) {
        if group.ways.is_empty() && !words.stemmer.knows(&word.stem) {
            mistyped(word, words, group, &mut lookup, &mut plan.marks, &mut corrections)?;
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
    for token in analyse::tokens(text, &words.stemmer, false).into_iter().take(MOST) {
        let (from, to) = (token.from, token.to);
        let written_out = words.slang(&token.form).map(|s| analyse::tokens(s, &words.stemmer, false));
        for token in written_out.unwrap_or_else(|| vec![token]) {
            let stop = words.is_stop(&token.form);
            asked.push(Word { form: token.form, stem: token.stem, joined: token.joined, stop, from, to });
        }
    }
    asked
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
            let key = asked[at..end].iter().map(|w| w.stem.as_str()).collect::<Vec<_>>().join(" ");
            let synonyms = words.synonyms(&key);
            if synonyms.is_empty() {
                continue;
            }
            covered = end;
            for synonym in synonyms {
                for place in at..end {
                    lookup.add(&mut groups[place], &synonym.stems, synonym.weight, caps[place], marks)?;
                }
            }
            // A phrase says more than its words: their own synonyms would lead away.
            break;
        }
        let compound = asked[at].joined.clone().map(|(joined, count)| (joined, at + count));
        let apart = asked.get(at + 1).filter(|_| asked[at].joined.is_none() && !asked[at].stop);
        let apart = apart.map(|next| (words.stemmer.stem(&format!("{}{}", asked[at].form, next.form)), at + 2));
        for (term, end) in [compound, apart].into_iter().flatten() {
            for place in at..end.min(asked.len()) {
                lookup.add(&mut groups[place], std::slice::from_ref(&term), 0.9, caps[place], marks)?;
            }
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
            groups[at].extras.push(Way { area: Area::Text, places, weight: PAIR * rarity / 2.0 });
        }
    }
    Ok(())
}
