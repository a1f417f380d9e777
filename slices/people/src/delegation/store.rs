//! SQL of standing in.
use base::authz::Scope;
use base::{Conn, Result, Tx, sql};

use super::Days;
use crate::grant::{self, Own};

pub(super) async fn add(tx: &mut Tx, giver: i64, deputy: i64, scope: &Scope, title: &str, days: Days, now: i64) -> Result<i64> {
    let (reach, region, group) = grant::columns(scope);
    tx.int(sql!(
        "insert into people_delegation (giver_id, deputy_id, reach, region, group_id, title, from_at, until_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        giver,
        deputy,
        reach,
        region,
        group,
        title,
        days.from_at,
        days.until_at,
        now
    ))
    .await
}

/// Gives a deputy the same role as a grant, bound to it.
pub(super) async fn lend(tx: &mut Tx, delegation: i64, own: &Own, deputy: i64, giver: i64, days: Days, now: i64) -> Result<u64> {
    let (reach, region, group) = grant::columns(&own.scope);
    tx.run(sql!(
        "insert into people_grant (account_id, role, reach, region, group_id, from_at, until_at, given_by, created_at,
             delegation_id, delegated_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        deputy,
        &own.role,
        reach,
        region,
        group,
        days.from_at,
        days.until_at,
        giver,
        now,
        delegation,
        own.id
    ))
    .await
}

/// Who stands in for whom, as either side sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Lent {
    pub id: i64,
    /// Name of the other side.
    pub name: String,
    pub title: String,
    pub from_at: i64,
    pub until_at: i64,
}

impl Lent {
    /// The last day, which counts.
    pub fn last_at(&self) -> i64 {
        self.until_at - 1
    }

    pub fn has_begun(&self, now: &i64) -> bool {
        self.from_at <= *now
    }
}

/// What was lent to a person and has not ended, while the giver still holds it.
pub(super) async fn held(conn: &mut Conn, account: i64, now: i64) -> Result<Vec<Lent>> {
    conn.all(sql!(
        "select d.id as id, a.name as name, d.title as title, d.from_at as from_at, d.until_at as until_at
         from people_delegation d join people_account a on a.id = d.giver_id
         where d.deputy_id = $1 and d.ended_at is null and d.until_at > $2
           and exists (select 1 from people_grant g where g.delegation_id = d.id and g.ended_at is null)
         order by d.from_at, d.id limit 20",
        account,
        now
    ))
    .await
}

/// What a person has lent and has not ended.
pub(super) async fn given(conn: &mut Conn, account: i64, now: i64) -> Result<Vec<Lent>> {
    conn.all(sql!(
        "select d.id as id, a.name as name, d.title as title, d.from_at as from_at, d.until_at as until_at
         from people_delegation d join people_account a on a.id = d.deputy_id
         where d.giver_id = $1 and d.ended_at is null and d.until_at > $2
           and exists (select 1 from people_grant g where g.delegation_id = d.id and g.ended_at is null)
         order by d.from_at, d.id limit 20",
        account,
        now
    ))
    .await
}

/// A delegation whose either side a person is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Found {
    pub giver_id: i64,
    pub deputy_id: i64,
    pub region: Option<String>,
    pub group_id: Option<i64>,
    pub title: String,
}

/// Ends one that either side may end; none when there is nothing to end.
pub(super) async fn end(tx: &mut Tx, id: i64, account: i64, now: i64) -> Result<Option<Found>> {
    let found: Option<Found> = tx
        .first(sql!(
            "update people_delegation set ended_at = $3
             where id = $1 and (giver_id = $2 or deputy_id = $2) and ended_at is null and until_at > $3
             returning giver_id, deputy_id, region, group_id, title",
            id,
            account,
            now
        ))
        .await?;
    if found.is_some() {
        tx.run(sql!("update people_grant set ended_at = $2 where delegation_id = $1 and ended_at is null", id, now)).await?;
    }
    Ok(found)
}
