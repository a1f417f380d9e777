//! Changes of regions between two editions of the official data: codes that became others, one or
//! several. The old code keeps its page and says what became of it; other slices follow by the event.
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use base::{Conn, Db, Event, Result, Tx};
use serde_json::json;

use crate::region::{is_code, level, parent, search_names, store as regions, subject_id};
pub(crate) use store::{Change, all};

/// Longest name of a new region, in characters.
const NAME_MOST: usize = 100;

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub n: usize,
    pub old: String,
    pub new: String,
    /// Start of the day on which the new code began to hold.
    pub at: i64,
    /// Name of a new region that the data do not have yet; empty otherwise.
    pub name: String,
}

/// Something wrong with a line, in English: it is said on a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub n: usize,
    pub what: String,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Old codes that became one new code.
    pub replaced: Vec<String>,
    /// Old codes that became several, so that people must decide who belongs where.
    pub split: Vec<String>,
    /// Regions added by name.
    pub added: Vec<String>,
}

/// Reads `old code, new code, date[, name]` with commas or semicolons; a head line and lines that
/// start with `#` are left out.
pub fn read(text: &str) -> std::result::Result<Vec<Line>, Vec<Problem>> {
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let n = i + 1;
        let cells: Vec<&str> = line.split([',', ';', '\t']).map(|cell| cell.trim().trim_matches('"').trim()).collect();
        if line.trim().is_empty() || line.starts_with('#') || (n == 1 && !cells[0].starts_with(|c: char| c.is_ascii_digit())) {
            continue;
        }
        let cell = |i: usize| cells.get(i).copied().unwrap_or_default().to_owned();
        let (old, new, name) = (cell(0), cell(1), cell(3));
        let mut wrong = |what: String| problems.push(Problem { n, what });
        match web::dates::parse_day(&cell(2), &old) {
            _ if !is_code(&old) => wrong(format!("{old:?} is no region code")),
            _ if !is_code(&new) => wrong(format!("{new:?} is no region code")),
            _ if old == new => wrong(format!("{old} stays what it is")),
            _ if level(&old) != level(&new) => wrong(format!("{old} and {new} are not of one level")),
            _ if name.chars().count() > NAME_MOST => wrong(format!("the name is longer than {NAME_MOST} characters")),
            None => wrong(format!("{:?} is no date like 2026-11-24", cell(2))),
            Some(at) => lines.push(Line { n, old, new, at, name }),
        }
    }
    if lines.is_empty() && problems.is_empty() {
        problems.push(Problem { n: 1, what: "the file holds no lines".into() });
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

/// What stands in the way of the lines in this database.
pub async fn check(conn: &mut Conn, lines: &[Line], now: i64) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let olds: Vec<&str> = lines.iter().map(|line| line.old.as_str()).collect();
    let news: Vec<&str> = lines.iter().map(|line| line.new.as_str()).collect();
    for (i, line) in lines.iter().enumerate() {
        let mut wrong = |what: String| problems.push(Problem { n: line.n, what });
        if line.at > now {
            wrong("the day is still to come; run it on that day".into());
        }
        if lines[..i].iter().any(|other| other.old == line.old && other.new == line.new) {
            wrong(format!("{} to {} stands there twice", line.old, line.new));
        }
        if lines[..i].iter().any(|other| other.old == line.old && other.at != line.at) {
            wrong(format!("{} has two different days", line.old));
        }
        match regions::find(conn, &line.old).await? {
            None => wrong(format!("there is no region {}", line.old)),
            Some(region) if !region.is_current() => wrong(format!("{} has ended already", line.old)),
            Some(_) => {
                for child in regions::children(conn, &line.old).await? {
                    if !olds.contains(&child.code.as_str()) {
                        wrong(format!("{} still holds {} {}; list that too", line.old, child.code, child.name));
                        break;
                    }
                }
            }
        }
        if olds.contains(&line.new.as_str()) {
            wrong(format!("{} ends in the same file", line.new));
        }
        match regions::find(conn, &line.new).await? {
            Some(region) if region.is_current() => {}
            Some(_) => wrong(format!("{} has ended already", line.new)),
            None if line.name.is_empty() => {
                wrong(format!("there is no region {}; load newer data, or write its name in a fourth column", line.new));
            }
            None => {
                let above = parent(&line.new);
                let known = above.is_empty()
                    || news.contains(&above)
                    || regions::find(conn, above).await?.is_some_and(|up| up.is_current());
                if !known {
                    wrong(format!("there is no region {above} above {}", line.new));
                }
            }
        }
    }
    Ok(problems)
}

/// Applies lines that were checked.
pub async fn run(db: &Db, lines: &[Line], now: i64) -> Result<Outcome> {
    let mut tx = db.write().await?;
    let mut outcome = Outcome::default();
    for line in lines.iter().filter(|line| !line.name.is_empty()) {
        if regions::find(&mut tx, &line.new).await?.is_none() {
            begin(&mut tx, line).await?;
            outcome.added.push(line.new.clone());
        }
    }
    let mut by_old: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        by_old.entry(&line.old).or_default().push(line);
    }
    for (old, all) in by_old {
        let region = regions::get(&mut tx, old).await?;
        let at = all.first().map_or(now, |line| line.at);
        let only = if let [only] = all.as_slice() { Some(only.new.as_str()) } else { None };
        store::end(&mut tx, old, at, only).await?;
        for line in &all {
            store::add(&mut tx, old, &line.new, at, now).await?;
        }
        match only {
            Some(new) => {
                store::move_policies(&mut tx, old, new).await?;
                people::grant::follow_region(&mut tx, old, new).await?;
                outcome.replaced.push(old.to_owned());
            }
            None => outcome.split.push(old.to_owned()),
        }
        let news: Vec<&str> = all.iter().map(|line| line.new.as_str()).collect();
        let event = Event::new(now, "regions.region.changed", ("region", subject_id(old)));
        let data = json!({ "old": old, "new": news }).to_string();
        tx.emit(Event { region: Some(old.to_owned()), link: region.url(), title: region.name, data, ..event }).await?;
    }
    tx.commit().await?;
    Ok(outcome)
}

async fn begin(tx: &mut Tx, line: &Line) -> Result<()> {
    store::begin(tx, &line.new, &line.name, level(&line.new), parent(&line.new), line.at).await?;
    for folded in search_names([line.name.as_str()]) {
        store::add_name(tx, &folded, &line.new).await?;
    }
    Ok(())
}
