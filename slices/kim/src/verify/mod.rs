//! Verification: what was handed in and what it lacks, one decision for one or for many, and the
//! numbers that KIM get by the pattern of their region.
pub mod approve;
pub mod queue;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use base::Conn;
use regions::policy::{NUMBER_COUNT, Policy, Table};
use web::{Ctx, Result, dates};

use crate::decree;
use crate::register::pages::say_lack;
use crate::register::rules::{self, Facts, Lack, Size};
use crate::register::{Kim, Status};

/// A group with all that is weighed, by one statement for one or for many.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Case {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub needle: String,
    pub region: String,
    pub region_name: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    pub submitted_at: i64,
    pub due_at: Option<i64>,
    /// 1 when there is a description.
    pub about: i64,
    /// 1 when there is a way to reach it.
    pub contact: i64,
    pub members: i64,
    pub chairs: i64,
    pub secretaries: i64,
    /// The decree in force.
    pub decree: Option<i64>,
    pub signer: Option<String>,
    pub expires_at: Option<i64>,
}

impl Case {
    pub fn facts(&self, policies: &Table, now: i64) -> Facts {
        let rule = policies.get(&self.region, Policy::DecreeSigner);
        Facts {
            about: self.about > 0,
            members: self.members,
            chair: self.chairs > 0,
            secretary: self.secretaries > 0,
            decree: self.decree.is_some(),
            decree_expired: self.expires_at.is_some_and(|end| end <= now),
            signer_differs: self.signer.as_ref().is_some_and(|signer| !decree::fits(rule, signer)),
            contact: self.contact > 0,
        }
    }

    pub fn size(&self, policies: &Table) -> Size {
        Size { least: policies.int(&self.region, Policy::KimSizeMin), most: policies.int(&self.region, Policy::KimSizeMax) }
    }

    /// What it lacks, the most basic first.
    pub fn lacks(&self, policies: &Table, now: i64) -> Vec<Lack> {
        rules::lacks(&self.facts(policies, now), self.size(policies))
    }

    /// Until when the region promised to decide; without a promise, the moment it was handed in.
    pub fn due(&self) -> i64 {
        self.due_at.unwrap_or(self.submitted_at)
    }
}

/// Says what is lacking, in one line for a list.
pub fn say_lacks(ctx: &Ctx, lacks: &[Lack]) -> Vec<String> {
    lacks.iter().map(|lack| say_lack(ctx, *lack)).collect()
}

/// A pattern of a region, filled for one place and year: what stands around the running number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Numbering {
    before: String,
    after: String,
}

impl Numbering {
    pub fn of(policies: &Table, region: &str, now: i64) -> Numbering {
        let regency = region.get(..5).unwrap_or(region);
        let year = dates::day(now, region).get(..4).unwrap_or_default().to_owned();
        let pattern = policies.get(region, Policy::NumberPattern);
        let filled = pattern.replace("{kode}", regency).replace("{desa}", region).replace("{tahun}", &year);
        let (before, after) = filled.split_once(NUMBER_COUNT).unwrap_or((&filled, ""));
        Numbering { before: before.to_owned(), after: after.to_owned() }
    }

    /// The number with this count, at least three digits wide.
    pub fn write(&self, count: i64) -> String {
        format!("{}{count:03}{}", self.before, self.after)
    }

    /// The count of a number that this pattern made.
    pub fn read(&self, number: &str) -> Option<i64> {
        let digits = number.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
    }
}

/// Gives numbers, looking each pattern's last one up only once.
#[derive(Default)]
pub struct Numbers(HashMap<Numbering, i64>);

impl Numbers {
    pub async fn next(&mut self, conn: &mut Conn, numbering: &Numbering) -> Result<String> {
        let count = match self.0.get(numbering) {
            Some(last) => *last,
            None => {
                let known = store::numbers(conn, &numbering.before).await?;
                known.iter().filter_map(|(number,)| numbering.read(number)).max().unwrap_or(0)
            }
        };
        self.0.insert(numbering.clone(), count + 1);
        Ok(numbering.write(count + 1))
    }
}

/// The number that a group would get next.
pub async fn suggest(conn: &mut Conn, kim: &Kim, now: i64) -> Result<String> {
    let policies = Table::load(conn, &kim.region).await?;
    Numbers::default().next(conn, &Numbering::of(&policies, &kim.region, now)).await
}
