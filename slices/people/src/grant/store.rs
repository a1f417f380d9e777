//! SQL of grants.
use base::authz::{Grant, Role, Scope};
use base::{Conn, Result, Tx, sql};

use super::{columns, scope};

#[derive(sqlx::FromRow)]
struct Row {
    role: String,
    reach: String,
    region: Option<String>,
    group_id: Option<i64>,
}

/// Grants that hold now.
pub(crate) async fn held(conn: &mut Conn, account_id: i64, now: i64) -> Result<Vec<Grant>> {
    let rows: Vec<Row> = conn
        .all(sql!(
            "select role, reach, region, group_id from people_grant
             where account_id = $1 and ended_at is null and from_at <= $2 and (until_at is null or until_at > $2) order by id",
            account_id,
            now
        ))
        .await?;
    let grants = rows.into_iter().filter_map(|row| {
        let scope = scope(&row.reach, row.region, row.group_id)?;
        Some(Grant { role: row.role, scope })
    });
    Ok(grants.collect())
}

pub(super) async fn standing(conn: &mut Conn, account_id: i64, role: Role, scope: &Scope, now: i64) -> Result<Option<i64>> {
    let (reach, region, group) = columns(scope);
    let found: Option<(i64,)> = conn
        .first(sql!(
            "select id from people_grant where account_id = $1 and role = $2 and reach = $3 and coalesce(region, '') = $4
             and coalesce(group_id, 0) = $5 and ended_at is null and (until_at is null or until_at > $6)",
            account_id,
            role.0,
            reach,
            region.unwrap_or_default(),
            group.unwrap_or(0),
            now
        ))
        .await?;
    Ok(found.map(|row| row.0))
}

pub(super) async fn add(
    tx: &mut Tx,
    account_id: i64,
    role: Role,
    scope: &Scope,
    by: Option<i64>,
    now: i64,
    until: Option<i64>,
) -> Result<i64> {
    let (reach, region, group) = columns(scope);
    tx.int(sql!(
        "insert into people_grant (account_id, role, reach, region, group_id, from_at, until_at, given_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $6) returning id",
        account_id,
        role.0,
        reach,
        region,
        group,
        now,
        until,
        by
    ))
    .await
}

pub(super) async fn end(tx: &mut Tx, account_id: i64, role: Role, scope: &Scope, now: i64) -> Result<u64> {
    let (reach, region, group) = columns(scope);
    tx.run(sql!(
        "update people_grant set ended_at = $6 where account_id = $1 and role = $2 and reach = $3
         and coalesce(region, '') = $4 and coalesce(group_id, 0) = $5 and ended_at is null",
        account_id,
        role.0,
        reach,
        region.unwrap_or_default(),
        group.unwrap_or(0),
        now
    ))
    .await
}

pub(super) async fn holders(conn: &mut Conn, role: Role, scope: &Scope, now: i64) -> Result<Vec<i64>> {
    let (reach, region, group) = columns(scope);
    let rows: Vec<(i64,)> = conn
        .all(sql!(
            "select distinct account_id from people_grant where role = $1 and reach = $2 and coalesce(region, '') = $3
             and coalesce(group_id, 0) = $4 and ended_at is null and from_at <= $5 and (until_at is null or until_at > $5)
             order by account_id",
            role.0,
            reach,
            region.unwrap_or_default(),
            group.unwrap_or(0),
            now
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A grant as the operator sees it.
#[derive(sqlx::FromRow)]
pub(crate) struct Held {
    pub id: i64,
    pub role: String,
    pub region: Option<String>,
    pub group_id: Option<i64>,
    pub from_at: i64,
    pub until_at: Option<i64>,
    pub ended_at: Option<i64>,
}

/// All grants of a person, newest first.
pub(crate) async fn list(conn: &mut Conn, account_id: i64) -> Result<Vec<Held>> {
    conn.all(sql!(
        "select id, role, region, group_id, from_at, until_at, ended_at from people_grant where account_id = $1 order by id desc",
        account_id
    ))
    .await
}

/// Ends one grant of a person; false when there is none to end.
pub(crate) async fn end_one(tx: &mut Tx, account_id: i64, id: i64, now: i64) -> Result<bool> {
    let ended = tx
        .run(sql!(
            "update people_grant set ended_at = $3 where id = $2 and account_id = $1 and ended_at is null",
            account_id,
            id,
            now
        ))
        .await?;
    Ok(ended == 1)
}
