//! Offices of a KIM and who holds them from when until when; an office passes on in one step.
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use base::{Result, Tx};
use regions::policy::{self, Policy};

use crate::decree::years_later;
use crate::member::Office;

/// A term as the row holds it, with its holder.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Term {
    pub id: i64,
    pub member_id: i64,
    pub name: String,
    pub account_id: Option<i64>,
    #[sqlx(try_from = "String")]
    pub office: Office,
    pub division: String,
    pub from_at: i64,
    /// Until when it should last.
    pub until_at: Option<i64>,
    /// When it did end; none for who holds it now.
    pub ended_at: Option<i64>,
}

impl Term {
    /// Whether it should have ended.
    pub fn is_over(&self, now: &i64) -> bool {
        self.ended_at.is_none() && self.until_at.is_some_and(|end| end <= *now)
    }
}

/// What a member holds, when it began, and where.
pub struct Held<'a> {
    pub group: i64,
    pub region: &'a str,
    pub member: i64,
    pub office: Office,
    pub division: &'a str,
    pub from: i64,
}

/// Brings a member's term in line with the office they hold: the one that stands goes on while the
/// office is the same, otherwise it ends and a new one begins. Plain members hold none.
pub async fn follow(tx: &mut Tx, held: &Held<'_>) -> Result<()> {
    let standing = store::of_member(tx, held.member).await?;
    if let Some(term) = &standing {
        if term.office == held.office {
            store::set_division(tx, term.id, held.division).await?;
            return Ok(());
        }
        store::end(tx, held.member, held.from.max(term.from_at)).await?;
    }
    if held.office.leads() {
        begin(tx, held, None).await?;
    }
    Ok(())
}

/// Begins a term; without an end it lasts as long as the region's policy says.
pub async fn begin(tx: &mut Tx, held: &Held<'_>, until: Option<i64>) -> Result<()> {
    let years = policy::int(tx, held.region, Policy::TermYears).await?;
    let until = until.or_else(|| years_later(held.from, years, held.region));
    store::add(tx, held, until).await?;
    Ok(())
}
