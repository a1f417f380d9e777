//! A grant is a role on a region subtree or a group, from a day until a day; changing one acts at once.
//! One that is delegated holds only while the grant it was taken from does.
#[cfg(test)]
mod properties;
pub(crate) mod seat;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use base::authz::{Role, Scope};
use base::{Conn, Result, Tx};
pub(crate) use seat::{Colleague, Seat, colleagues, seats};
pub use store::held;
pub(crate) use store::{Held, Own, end_all, end_one, list, own};
use web::dates;

use crate::roles::OFFICER;

/// From when until when a grant holds; without an end, until somebody ends it. Epoch microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: i64,
    pub until: Option<i64>,
}

impl Span {
    /// From now on.
    fn now(now: i64, until: Option<i64>) -> Span {
        Span { from: now, until }
    }

    /// Reads the first day and the day of the end as typed, in western Indonesian time. Empty is now, and no end.
    pub fn read(from: &str, until: &str, now: i64) -> std::result::Result<Span, BadDay> {
        let today = dates::parse_day(&dates::day(now, "62"), "62").unwrap_or(now);
        let from = match from.trim() {
            "" => now,
            // Today means from now on.
            day => dates::parse_day(day, "62").filter(|at| *at >= today).ok_or(BadDay::From)?.max(now),
        };
        let until = match until.trim() {
            "" => None,
            day => Some(dates::parse_day(day, "62").filter(|end| *end > from).ok_or(BadDay::Until)?),
        };
        Ok(Span { from, until })
    }
}

/// Which day of a span is no day, or no day that a role could begin or end on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadDay {
    From,
    Until,
}

impl BadDay {
    /// Key of the text that says so.
    pub fn key(self) -> &'static str {
        match self {
            BadDay::From => "people-grant-from",
            BadDay::Until => "people-grant-until",
        }
    }
}

/// Gives a role; giving it again returns the grant that stands.
pub async fn give(
    tx: &mut Tx,
    account_id: i64,
    role: Role,
    scope: &Scope,
    by: Option<i64>,
    now: i64,
    until: Option<i64>,
) -> Result<i64> {
    if let Some(id) = store::standing(tx, account_id, role, scope, now).await? {
        return Ok(id);
    }
    store::add(tx, account_id, role, scope, by, Span::now(now, until), now).await
}

/// As [`give`], and a role that would end earlier stands until then.
pub(crate) async fn prolong(
    tx: &mut Tx,
    account_id: i64,
    role: Role,
    scope: &Scope,
    by: Option<i64>,
    now: i64,
    until: Option<i64>,
) -> Result<i64> {
    let own = own(tx, account_id, now).await?;
    if let Some(same) = own.into_iter().find(|own| own.scope == *scope && own.role == role.0) {
        if same.until_at.is_none_or(|end| until.is_some_and(|until| until <= end)) {
            return Ok(same.id);
        }
        end_one(tx, account_id, same.id, now).await?;
    }
    store::add(tx, account_id, role, scope, by, Span::now(now, until), now).await
}

/// As [`prolong`], for a span that may begin later: nothing holds by it before.
pub async fn give_for(
    tx: &mut Tx,
    account_id: i64,
    role: Role,
    scope: &Scope,
    by: Option<i64>,
    span: Span,
    now: i64,
) -> Result<i64> {
    if span.from <= now {
        return prolong(tx, account_id, role, scope, by, now, span.until).await;
    }
    match store::covering(tx, account_id, role, scope, span).await? {
        Some(id) => Ok(id),
        None => store::add(tx, account_id, role, scope, by, span, now).await,
    }
}

/// Whether a group would be left without an officer if this account lost a role. Others wait until it is done.
pub async fn is_last(tx: &mut Tx, account_id: i64, role: Role, scope: &Scope, now: i64) -> Result<bool> {
    let (OFFICER, Scope::Group(group)) = (role, scope) else { return Ok(false) };
    one_at_a_time(tx, *group).await?;
    Ok(owners(tx, role, scope, now).await? == [account_id])
}

/// Grants in a group that begin later go to another group; with `most`, as that role.
pub(crate) async fn move_later(tx: &mut Tx, from: i64, into: i64, most: Option<Role>, now: i64) -> Result<()> {
    store::move_later(tx, from, into, most, now).await.map(drop)
}

/// Ends a role of a person's own; returns how many grants ended.
pub async fn end(tx: &mut Tx, account_id: i64, role: Role, scope: &Scope, now: i64) -> Result<u64> {
    let ended = store::end(tx, account_id, role, scope, now).await?;
    store::end_lent(tx, account_id, now).await?;
    Ok(ended)
}

/// Ends everything a person holds in a group, what was lent to them too.
pub async fn end_all_in(tx: &mut Tx, account_id: i64, group: i64, now: i64) -> Result<u64> {
    let ended = store::end_in_group(tx, account_id, group, now).await?;
    store::end_lent(tx, account_id, now).await?;
    Ok(ended)
}

/// Accounts that hold a role exactly on a scope now, stand-ins among them.
pub async fn holders(conn: &mut Conn, role: Role, scope: &Scope, now: i64) -> Result<Vec<i64>> {
    store::holders(conn, role, scope, now).await
}

/// Accounts that can log in and hold a role of their own exactly on a scope now.
pub async fn owners(conn: &mut Conn, role: Role, scope: &Scope, now: i64) -> Result<Vec<i64>> {
    store::owners(conn, role, scope, now).await
}

/// Makes changes to the officers of one group wait for each other, so that the last two cannot
/// leave at the same moment. Look at [`owners`] after it.
pub async fn one_at_a_time(tx: &mut Tx, group: i64) -> Result<()> {
    store::touch(tx, group).await.map(drop)
}

/// As [`one_at_a_time`], for those who keep the whole.
pub(crate) async fn hold_operators(tx: &mut Tx) -> Result<()> {
    store::touch_operators(tx).await.map(drop)
}

/// Groups that would be left without an officer if this account went.
pub async fn kept_alone(conn: &mut Conn, account_id: i64, now: i64) -> Result<Vec<i64>> {
    let mut alone = Vec::new();
    for grant in own(conn, account_id, now).await? {
        if let (Scope::Group(group), true) = (grant.scope, grant.role == OFFICER.0)
            && owners(conn, OFFICER, &Scope::Group(group), now).await? == [account_id]
        {
            alone.push(group);
        }
    }
    Ok(alone)
}

/// Grants on a region that became another hold on under its new code; returns how many.
pub async fn follow_region(tx: &mut Tx, old: &str, new: &str) -> Result<u64> {
    store::follow_region(tx, old, new).await
}

/// The columns of a scope: reach, region, group.
pub(crate) fn columns(scope: &Scope) -> (&'static str, Option<String>, Option<i64>) {
    match scope {
        Scope::All => ("all", None, None),
        Scope::Region(code) => ("region", Some(code.clone()), None),
        Scope::Group(id) => ("group", None, Some(*id)),
    }
}

/// The scope of the columns.
pub(crate) fn scope(reach: &str, region: Option<String>, group: Option<i64>) -> Option<Scope> {
    match (reach, region, group) {
        ("all", ..) => Some(Scope::All),
        ("region", Some(code), _) => Some(Scope::Region(code)),
        ("group", _, Some(id)) => Some(Scope::Group(id)),
        _ => None,
    }
}
