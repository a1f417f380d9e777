//! A grant is a role on a region subtree or a group, from a day until a day; changing one acts at once.
mod store;
#[cfg(test)]
mod tests;

use base::authz::{Role, Scope};
use base::{Conn, Result, Tx};
pub(crate) use store::{Held, end_one, held, list};

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
    store::add(tx, account_id, role, scope, by, now, until).await
}

/// Ends a role; returns how many grants ended.
pub async fn end(tx: &mut Tx, account_id: i64, role: Role, scope: &Scope, now: i64) -> Result<u64> {
    store::end(tx, account_id, role, scope, now).await
}

/// Accounts that hold a role exactly on a scope now.
pub async fn holders(conn: &mut Conn, role: Role, scope: &Scope, now: i64) -> Result<Vec<i64>> {
    store::holders(conn, role, scope, now).await
}

/// The columns of a scope: reach, region, group.
fn columns(scope: &Scope) -> (&'static str, Option<String>, Option<i64>) {
    match scope {
        Scope::All => ("all", None, None),
        Scope::Region(code) => ("region", Some(code.clone()), None),
        Scope::Group(id) => ("group", None, Some(*id)),
    }
}

/// The scope of the columns.
fn scope(reach: &str, region: Option<String>, group: Option<i64>) -> Option<Scope> {
    match (reach, region, group) {
        ("all", ..) => Some(Scope::All),
        ("region", Some(code), _) => Some(Scope::Region(code)),
        ("group", _, Some(id)) => Some(Scope::Group(id)),
        _ => None,
    }
}
