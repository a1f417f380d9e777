//! What members can do and which languages they speak: known codes, and words for the rest.
use std::collections::BTreeMap;

use web::Errors;

use super::Member;
use crate::facility::{join, named};
use crate::register::rules;

/// Longest words for what a list does not hold, in characters.
const OTHER_MOST: usize = 120;

/// Skills: code and key of the name.
pub const SKILLS: [(&str, &str); 10] = [
    ("tulis", "kim-skill-writing"),
    ("foto", "kim-skill-photo"),
    ("video", "kim-skill-video"),
    ("siar", "kim-skill-audio"),
    ("desain", "kim-skill-design"),
    ("medsos", "kim-skill-social"),
    ("komputer", "kim-skill-computer"),
    ("pandu", "kim-skill-host"),
    ("latih", "kim-skill-teach"),
    ("data", "kim-skill-data"),
];

/// Languages by ISO 639-3: code and key of the name.
pub const LANGUAGES: [(&str, &str); 12] = [
    ("ind", "kim-lang-ind"),
    ("nij", "kim-lang-nij"),
    ("bjn", "kim-lang-bjn"),
    ("mhy", "kim-lang-mhy"),
    ("jav", "kim-lang-jav"),
    ("sun", "kim-lang-sun"),
    ("mad", "kim-lang-mad"),
    ("bug", "kim-lang-bug"),
    ("min", "kim-lang-min"),
    ("ban", "kim-lang-ban"),
    ("eng", "kim-lang-eng"),
    ("inl", "kim-lang-inl"),
];

/// What a member can do, as stored: codes between commas, and free words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skills {
    pub skills: String,
    pub skills_other: String,
    pub languages: String,
    pub languages_other: String,
}

/// What a form sent, read; problems go to the fields of free words.
pub fn read(skills: &[String], skills_other: &str, languages: &[String], languages_other: &str, errors: &mut Errors) -> Skills {
    let read = Skills {
        skills: join(&SKILLS, skills),
        skills_other: rules::tidy(skills_other),
        languages: join(&LANGUAGES, languages),
        languages_other: rules::tidy(languages_other),
    };
    errors.most(&read.skills_other, "keahlian_lain", OTHER_MOST);
    errors.most(&read.languages_other, "bahasa_lain", OTHER_MOST);
    read
}

/// How many members can do what: key of the name and number, the most common first.
pub fn count(members: &[Member]) -> Vec<(&'static str, usize)> {
    ranked(members.iter().flat_map(|member| named(&SKILLS, &member.skills)))
}

/// How many members speak what, the most common first.
pub fn count_languages(members: &[Member]) -> Vec<(&'static str, usize)> {
    ranked(members.iter().flat_map(|member| named(&LANGUAGES, &member.languages)))
}

fn ranked(keys: impl Iterator<Item = &'static str>) -> Vec<(&'static str, usize)> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_by_key(|(key, n)| (std::cmp::Reverse(*n), *key));
    ranked
}

/// A division of a KIM: its name, how many are in it, and who heads it.
pub struct Division {
    pub name: String,
    pub members: usize,
    pub head: Option<String>,
}

/// The divisions that the members name, by name.
pub fn divisions(members: &[Member]) -> Vec<Division> {
    let mut found: BTreeMap<String, Division> = BTreeMap::new();
    for member in members.iter().filter(|member| !member.division.is_empty()) {
        let division = found.entry(member.division.to_lowercase()).or_insert_with(|| Division {
            name: member.division.clone(),
            members: 0,
            head: None,
        });
        division.members += 1;
        if member.office == super::Office::Head {
            division.head = Some(member.name.clone());
        }
    }
    found.into_values().collect()
}
