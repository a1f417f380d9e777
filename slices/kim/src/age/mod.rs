//! Age: officers are adults, children need their guardian's consent. Only the year of birth is kept,
//! and of the guardian nothing but that an officer saw the paper.
pub mod store;
#[cfg(test)]
mod tests;

use base::authz::{Role, Scope};
use base::{Conn, Tx};
use people::roles::{EDITOR, OFFICER};
use web::slice::Vetted;
use web::{Ctx, Error, Errors, Result, Task, dates};

use crate::member::Office;
use crate::register;

/// From this age on a person may be an officer and needs no guardian.
pub const ADULT: i64 = 18;
/// Nobody is older than this.
const OLDEST: i64 = 120;

/// What is known of a member's age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Age {
    /// Year of birth.
    pub born: Option<i64>,
    /// When an officer saw the guardian's consent on paper.
    pub guardian_at: Option<i64>,
    /// Which officer.
    pub guardian_by: Option<i64>,
}

/// The year of a moment in a region.
fn year(at: i64, region: &str) -> i64 {
    i64::from(dates::local(at, region).year())
}

/// Whether somebody born in a year is surely so old: whoever turns it this year may not be yet.
pub fn is_surely(born: i64, years: i64, now: i64, region: &str) -> bool {
    year(now, region) - born > years
}

/// What a form asks of a member.
pub struct Asked<'a> {
    pub born: &'a str,
    /// Ticked when the guardian's paper was seen.
    pub guardian: bool,
    pub office: Office,
    pub edits: bool,
    /// Whether an account is, or becomes, linked.
    pub account: bool,
    /// What is kept already.
    pub kept: Age,
}

/// Reads the year and the guardian's consent; problems go to the fields `lahir` and `wali`.
pub fn read(ctx: &Ctx, region: &str, asked: &Asked<'_>, errors: &mut Errors) -> Age {
    let now = ctx.now();
    let typed = asked.born.trim();
    let born = typed.parse::<i64>().ok().filter(|born| (year(now, region) - OLDEST..=year(now, region)).contains(born));
    errors.check(typed.is_empty() || born.is_some(), "lahir", "kim-born-bad");
    let leads = asked.office.leads() || asked.edits;
    let Some(born) = born else {
        if typed.is_empty() && (leads || asked.account) {
            errors.add("lahir", "kim-born-empty");
        }
        return asked.kept;
    };
    let adult = is_surely(born, ADULT, now, region);
    let surely_from = |years: i64| (born + years + 1).to_string();
    if leads && !adult {
        errors.add_with("lahir", "kim-born-officer", &[("year", &surely_from(ADULT))]);
    }
    let least = ctx.kit.config.age_least;
    if asked.account && !is_surely(born, least, now, region) {
        errors.add_with("lahir", "kim-born-account", &[("n", &least.to_string()), ("year", &surely_from(least))]);
    }
    if adult {
        return Age { born: Some(born), guardian_at: None, guardian_by: None };
    }
    let seen = asked.kept.guardian_at.is_some();
    errors.check(leads || asked.guardian, "wali", "kim-guardian-needed");
    Age {
        born: Some(born),
        guardian_at: if seen { asked.kept.guardian_at } else { Some(now) },
        guardian_by: if seen { asked.kept.guardian_by } else { ctx.account_id() },
    }
}

/// Refuses rights in a KIM to somebody who is known to be too young for them, by whatever way they come.
pub async fn vet(conn: &mut Conn, vetted: &Vetted<'_>) -> base::Result<Option<&'static str>> {
    let Scope::Group(group) = vetted.scope else { return Ok(None) };
    let leads = matches!(vetted.role, OFFICER | EDITOR);
    let entry = match vetted.entry {
        Some(entry) => store::get(conn, entry).await?.born,
        None => None,
    };
    // The later of both: a row that names no year does not hide what another row knows.
    let born = entry.max(store::born(conn, *group, vetted.account_id).await?);
    // The zone decides on New Year's Eve only; the western one is the strictest.
    Ok(match born {
        Some(born) if leads && !is_surely(born, ADULT, vetted.now, "62") => Some("kim-conflict-young"),
        _ => None,
    })
}

/// Refuses rights of officers to a member who is known to be too young.
pub async fn allow(tx: &mut Tx, group: i64, account: i64, roles: &[Role], now: i64) -> Result<()> {
    for role in roles {
        let scope = Scope::Group(group);
        let vetted = Vetted { account_id: account, role: *role, scope: &scope, entry: None, now };
        if let Some(key) = vet(tx, &vetted).await? {
            return Err(Error::Conflict(key));
        }
    }
    Ok(())
}

/// Asks officers for the year of birth of those who lead and whose age nobody has said.
pub async fn tasks(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for brief in register::of_actor(conn, ctx.actor()?, &[OFFICER]).await? {
        let n = store::unknown(conn, brief.id).await?;
        if n > 0 {
            tasks.push(Task {
                order: 260,
                icon: "people",
                title: ctx.say_with("kim-born-task", &[("n", &n.to_string())]),
                note: brief.name,
                href: format!("/meja/kim/{}/anggota", brief.slug),
                action: ctx.say("kim-born-task-do"),
            });
        }
    }
    Ok(tasks)
}
