//! SQL of grants.
use base::authz::{Grant, Role, Scope};
use base::{Conn, Result, Tx, sql};

use super::{Span, columns, scope};
use crate::roles;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    role: String,
    reach: String,
    region: Option<String>,
    group_id: Option<i64>,
    delegated_from: Option<i64>,
}

/// Grants that hold now. A delegated one holds while its source does and the giver is not locked.
pub async fn held(conn: &mut Conn, account_id: i64, now: i64) -> Result<Vec<Grant>> {
    let rows: Vec<Row> = conn
        .all(sql!(
            "select g.id as id, g.role as role, g.reach as reach, g.region as region, g.group_id as group_id,
                 g.delegated_from as delegated_from
             from people_grant g left join people_grant s on s.id = g.delegated_from
             left join people_account a on a.id = s.account_id
             where g.account_id = $1 and g.ended_at is null and g.from_at <= $2 and (g.until_at is null or g.until_at > $2)
               and (g.delegated_from is null or (s.ended_at is null and s.from_at <= $2
                   and (s.until_at is null or s.until_at > $2) and a.status <> 'locked'))
             order by g.id",
            account_id,
            now
        ))
        .await?;
    let grants = rows.into_iter().filter_map(|row| {
        let scope = scope(&row.reach, row.region, row.group_id)?;
        let privileged = roles::PRIVILEGED.iter().any(|role| role.0 == row.role);
        Some(Grant { id: row.id, role: row.role, scope, delegated: row.delegated_from.is_some(), privileged })
    });
    Ok(grants.collect())
}

pub(super) async fn standing(conn: &mut Conn, account_id: i64, role: Role, scope: &Scope, now: i64) -> Result<Option<i64>> {
    let (reach, region, group) = columns(scope);
    let found: Option<(i64,)> = conn
        .first(sql!(
            "select id from people_grant where account_id = $1 and role = $2 and reach = $3 and coalesce(region, '') = $4
             and coalesce(group_id, 0) = $5 and ended_at is null and from_at <= $6 and (until_at is null or until_at > $6)
             and delegated_from is null",
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

/// A grant of a person's own that holds for a whole span.
pub(super) async fn covering(conn: &mut Conn, account_id: i64, role: Role, scope: &Scope, span: Span) -> Result<Option<i64>> {
    let (reach, region, group) = columns(scope);
    let found: Option<(i64,)> = conn
        .first(sql!(
            "select id from people_grant where account_id = $1 and role = $2 and reach = $3 and coalesce(region, '') = $4
             and coalesce(group_id, 0) = $5 and ended_at is null and from_at <= $6 and (until_at is null or until_at >= $7)
             and delegated_from is null order by id limit 1",
            account_id,
            role.0,
            reach,
            region.unwrap_or_default(),
            group.unwrap_or(0),
            span.from,
            span.until.unwrap_or(i64::MAX)
        ))
        .await?;
    Ok(found.map(|row| row.0))
}

pub(crate) async fn add(
    tx: &mut Tx,
    account_id: i64,
    role: Role,
    scope: &Scope,
    by: Option<i64>,
    span: Span,
    now: i64,
) -> Result<i64> {
    let (reach, region, group) = columns(scope);
    tx.int(sql!(
        "insert into people_grant (account_id, role, reach, region, group_id, from_at, until_at, given_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        account_id,
        role.0,
        reach,
        region,
        group,
        span.from,
        span.until,
        by,
        now
    ))
    .await
}

pub(super) async fn end(tx: &mut Tx, account_id: i64, role: Role, scope: &Scope, now: i64) -> Result<u64> {
    let (reach, region, group) = columns(scope);
    tx.run(sql!(
        "update people_grant set ended_at = $6 where account_id = $1 and role = $2 and reach = $3
         and coalesce(region, '') = $4 and coalesce(group_id, 0) = $5 and ended_at is null and delegated_from is null",
        account_id,
        role.0,
        reach,
        region.unwrap_or_default(),
        group.unwrap_or(0),
        now
    ))
    .await
}

pub(super) async fn follow_region(tx: &mut Tx, old: &str, new: &str) -> Result<u64> {
    tx.run(sql!("update people_grant set region = $2 where region = $1 and reach = 'region' and ended_at is null", old, new))
        .await
}

/// Grants in a group that begin later go to another group; with `most`, as that role.
pub(super) async fn move_later(tx: &mut Tx, from: i64, into: i64, most: Option<Role>, now: i64) -> Result<u64> {
    tx.run(sql!(
        "update people_grant set group_id = $2, role = coalesce(cast($3 as text), role)
         where group_id = $1 and ended_at is null and from_at > $4 and delegated_from is null",
        from,
        into,
        most.map(|role| role.0),
        now
    ))
    .await
}

pub(super) async fn holders(conn: &mut Conn, role: Role, scope: &Scope, now: i64) -> Result<Vec<i64>> {
    let (reach, region, group) = columns(scope);
    let rows: Vec<(i64,)> = conn
        .all(sql!(
            "select distinct g.account_id as account_id from people_grant g left join people_grant s on s.id = g.delegated_from
             where g.role = $1 and g.reach = $2 and coalesce(g.region, '') = $3
               and coalesce(g.group_id, 0) = $4 and g.ended_at is null and g.from_at <= $5 and (g.until_at is null or g.until_at > $5)
               and (g.delegated_from is null or (s.ended_at is null and (s.until_at is null or s.until_at > $5)))
             order by g.account_id",
            role.0,
            reach,
            region.unwrap_or_default(),
            group.unwrap_or(0),
            now
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub(super) async fn owners(conn: &mut Conn, role: Role, scope: &Scope, now: i64) -> Result<Vec<i64>> {
    let (reach, region, group) = columns(scope);
    let rows: Vec<(i64,)> = conn
        .all(sql!(
            "select distinct g.account_id as account_id from people_grant g join people_account a on a.id = g.account_id
             where g.role = $1 and g.reach = $2 and coalesce(g.region, '') = $3 and coalesce(g.group_id, 0) = $4
               and g.ended_at is null and g.from_at <= $5 and (g.until_at is null or g.until_at > $5)
               and g.delegated_from is null and a.status = 'active'
             order by g.account_id",
            role.0,
            reach,
            region.unwrap_or_default(),
            group.unwrap_or(0),
            now
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A grant that is a person's own and stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Own {
    pub id: i64,
    pub role: String,
    pub scope: Scope,
    pub until_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct OwnRow {
    id: i64,
    role: String,
    reach: String,
    region: Option<String>,
    group_id: Option<i64>,
    until_at: Option<i64>,
}

/// What a person holds of their own now.
pub(crate) async fn own(conn: &mut Conn, account_id: i64, now: i64) -> Result<Vec<Own>> {
    let rows: Vec<OwnRow> = conn
        .all(sql!(
            "select id, role, reach, region, group_id, until_at from people_grant
             where account_id = $1 and ended_at is null and from_at <= $2 and (until_at is null or until_at > $2)
               and delegated_from is null order by id",
            account_id,
            now
        ))
        .await?;
    let own = rows.into_iter().filter_map(|row| {
        let scope = scope(&row.reach, row.region, row.group_id)?;
        Some(Own { id: row.id, role: row.role, scope, until_at: row.until_at })
    });
    Ok(own.collect())
}

pub(super) async fn end_in_group(tx: &mut Tx, account_id: i64, group: i64, now: i64) -> Result<u64> {
    tx.run(sql!(
        "update people_grant set ended_at = $3 where account_id = $1 and group_id = $2 and ended_at is null",
        account_id,
        group,
        now
    ))
    .await
}

/// Ends what was lent from grants of a person that are over.
pub(crate) async fn end_lent(tx: &mut Tx, account_id: i64, now: i64) -> Result<u64> {
    tx.run(sql!(
        "update people_grant set ended_at = $2 where ended_at is null
           and delegated_from in (select id from people_grant where account_id = $1 and ended_at is not null)",
        account_id,
        now
    ))
    .await
}

/// Locks the rows of a group's officers until the transaction ends.
pub(super) async fn touch(tx: &mut Tx, group: i64) -> Result<u64> {
    tx.run(sql!("update people_grant set role = role where group_id = $1 and role = 'officer' and ended_at is null", group)).await
}

/// Locks the rows of the operators until the transaction ends.
pub(super) async fn touch_operators(tx: &mut Tx) -> Result<u64> {
    tx.run(sql!("update people_grant set role = role where role = 'operator' and ended_at is null")).await
}

/// A grant as the operator sees it.
#[derive(sqlx::FromRow)]
pub(crate) struct Held {
    pub id: i64,
    pub role: String,
    pub reach: String,
    pub region: Option<String>,
    pub group_id: Option<i64>,
    pub from_at: i64,
    pub until_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// Whom a stand-in stands in for.
    pub instead_of: Option<String>,
}

impl Held {
    pub fn scope(&self) -> Option<Scope> {
        scope(&self.reach, self.region.clone(), self.group_id)
    }
}

/// All grants of a person, newest first.
pub(crate) async fn list(conn: &mut Conn, account_id: i64) -> Result<Vec<Held>> {
    conn.all(sql!(
        "select g.id as id, g.role as role, g.reach as reach, g.region as region, g.group_id as group_id, g.from_at as from_at,
             g.until_at as until_at, g.ended_at as ended_at, a.name as instead_of
         from people_grant g left join people_grant s on s.id = g.delegated_from
         left join people_account a on a.id = s.account_id
         where g.account_id = $1 order by g.id desc",
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
    end_lent(tx, account_id, now).await?;
    Ok(ended == 1)
}

/// Ends every grant of a person. The rows stay: acts name them.
pub(crate) async fn end_all(tx: &mut Tx, account_id: i64, now: i64) -> Result<u64> {
    tx.run(sql!("update people_grant set ended_at = $2 where account_id = $1 and ended_at is null", account_id, now)).await
}
