//! The rights of a person over their data (UU PDP): what is kept and why, who looked, a copy to take
//! along, and requests that are answered within 72 hours.
pub mod answer;
mod copy;
pub(crate) mod forget;
pub mod pages;
pub(crate) mod register;
mod rest;
pub(crate) mod retention;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod watch;

use base::authz::Scope;
use base::clock::HOUR;
use base::{Conn, Result};

pub use copy::{json as copy_as_json, parts as copy_parts};
pub use store::{Traces, person, traces};

use crate::grant;
use crate::roles::{FOSTERING, OPERATOR, VERIFIER};

/// What stands in place of the name of somebody who has left.
pub const FORMER: &str = "Mantan anggota";

/// Within so long a request is answered: 3 × 24 hours by law, so no setting changes it.
pub const LAW: i64 = 72 * HOUR;
/// After so long, those who answer are reminded.
pub const REMIND: i64 = 48 * HOUR;

/// Longest request and answer, in characters.
const WORDS_MOST: usize = 1_000;

/// What a person may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Something that is kept is wrong.
    Correction,
    /// The data stays but is shown to nobody.
    Restriction,
    /// All consent is withdrawn.
    Withdrawal,
    /// Everything is deleted.
    Deletion,
}

impl Wish {
    pub const ALL: [Wish; 4] = [Wish::Correction, Wish::Restriction, Wish::Withdrawal, Wish::Deletion];

    pub fn name(self) -> &'static str {
        match self {
            Wish::Correction => "correction",
            Wish::Restriction => "restriction",
            Wish::Withdrawal => "withdrawal",
            Wish::Deletion => "deletion",
        }
    }

    pub fn parse(name: &str) -> Option<Wish> {
        Wish::ALL.into_iter().find(|wish| wish.name() == name)
    }

    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Wish::Correction => "people-wish-correction",
            Wish::Restriction => "people-wish-restriction",
            Wish::Withdrawal => "people-wish-withdrawal",
            Wish::Deletion => "people-wish-deletion",
        }
    }

    /// Key of what it does.
    pub fn text(self) -> &'static str {
        match self {
            Wish::Correction => "people-wish-correction-text",
            Wish::Restriction => "people-wish-restriction-text",
            Wish::Withdrawal => "people-wish-withdrawal-text",
            Wish::Deletion => "people-wish-deletion-text",
        }
    }
}

/// A database never holds another name.
#[derive(Debug)]
pub struct UnknownWish;

impl std::fmt::Display for UnknownWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unknown kind of request")
    }
}

impl std::error::Error for UnknownWish {}

impl TryFrom<String> for Wish {
    type Error = UnknownWish;

    fn try_from(name: String) -> std::result::Result<Wish, UnknownWish> {
        Wish::parse(&name).ok_or(UnknownWish)
    }
}

/// Hours until a moment, rounded down; negative when it is past.
pub(crate) fn hours_left(due_at: i64, now: i64) -> i64 {
    (due_at - now).div_euclid(HOUR)
}

/// Accounts that answer the requests of a region: its overseers, those above, and the operators.
pub(crate) async fn answerers(conn: &mut Conn, region: Option<&str>, now: i64) -> Result<Vec<i64>> {
    let mut all = grant::holders(conn, OPERATOR, &Scope::All, now).await?;
    if let Some(region) = region {
        let ends = region.match_indices('.').map(|(end, _)| end).chain([region.len()]);
        for code in ends.map(|end| &region[..end]).chain([""]) {
            for role in [VERIFIER, FOSTERING] {
                all.extend(grant::holders(conn, role, &Scope::Region(code.to_owned()), now).await?);
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
