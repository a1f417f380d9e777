//! One row of a roster, read, and the rules between rows. Pure.
use regions::fold;

use super::columns::ROSTER;
use super::row::{look, unmark};
use super::{Cells, Flaw, dates};
use crate::member::Office;
use crate::register::rules;

/// A member that a row describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub office: Office,
    pub division: String,
    pub joined_at: i64,
}

/// Folded names of offices besides their own.
const OFFICES: &[(&str, Office)] = &[
    ("ketua kim", Office::Chair),
    ("ketua umum", Office::Chair),
    ("wakil sekretaris", Office::Head),
    ("wakil ketua", Office::Head),
    ("kepala bidang", Office::Head),
    ("koordinator", Office::Head),
    ("koordinator bidang", Office::Head),
    ("ketua seksi", Office::Head),
    ("seksi", Office::Member),
    ("pengurus", Office::Member),
];

/// Names of offices in words, folded.
pub type Offices = [(String, Office)];

/// Reads a row. Without a day the person joined today.
pub fn read(cells: &Cells, region: &str, offices: &Offices, now: i64) -> (Person, Vec<Flaw>) {
    let mut flaws = look(ROSTER, cells);
    let odd: Vec<String> = flaws.iter().map(|flaw| flaw.column.clone()).collect();
    let cell = |code: &str| match cells.get(code) {
        Some(cell) if !odd.iter().any(|column| column == code) => unmark(cell),
        _ => "",
    };
    if !cells.contains_key("nama") {
        flaws.push(Flaw::new("nama", "kim-bulk-person-empty"));
    }
    let word = fold(cell("jabatan"));
    let named = |(name, _): &&(String, Office)| *name == word;
    let office = match word.as_str() {
        "" => Some(Office::Member),
        _ => offices.iter().find(named).map(|(_, office)| *office).or_else(|| {
            OFFICES.iter().find(|(name, _)| *name == word).map(|(_, office)| *office).or_else(|| Office::parse(&word))
        }),
    };
    if office.is_none() {
        flaws.push(Flaw::with("jabatan", "kim-bulk-office-unknown", &[("text", cell("jabatan"))]));
    }
    let mut joined_at = now;
    if !cell("mulai").is_empty() {
        match dates::parse(cell("mulai"), region) {
            Some(at) if at <= now => joined_at = at,
            Some(_) => flaws.push(Flaw::with("mulai", "kim-bulk-day-future", &[("text", cell("mulai"))])),
            None => flaws.push(Flaw::with("mulai", "kim-bulk-day-bad", &[("text", cell("mulai"))])),
        }
    }
    let person = Person {
        name: rules::tidy(cell("nama")),
        office: office.unwrap_or(Office::Member),
        division: rules::tidy(cell("bidang")),
        joined_at,
    };
    (person, flaws)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_a_person_and_their_office() {
        let offices = [("ketua".to_owned(), Office::Chair), ("anggota".to_owned(), Office::Member)];
        let now = web::dates::parse_day("2026-11-24", "62").expect("a day");
        let row = |pairs: &[(&str, &str)]| {
            let cells: Cells = pairs.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned())).collect();
            let (person, flaws) = read(&cells, "62", &offices, now);
            (person, flaws.into_iter().map(|flaw| flaw.key).collect::<Vec<_>>())
        };
        let (person, flaws) =
            row(&[("nama", "Rina"), ("jabatan", "KETUA"), ("bidang", "Penulisan"), ("mulai", "1 Januari 2024")]);
        assert_eq!((person.office, person.division.as_str(), flaws.len()), (Office::Chair, "Penulisan", 0));
        assert_eq!(
            row(&[("nama", "Budi")]).0,
            Person { name: "Budi".into(), office: Office::Member, division: String::new(), joined_at: now }
        );
        assert_eq!(row(&[("nama", "Budi"), ("jabatan", "Koordinator")]).0.office, Office::Head);
        assert_eq!(
            row(&[("jabatan", "Raja"), ("mulai", "2030-01-01")]).1,
            ["kim-bulk-person-empty", "kim-bulk-office-unknown", "kim-bulk-day-future"]
        );
    }
}
