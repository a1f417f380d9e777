//! SQL of requests, of looks at a person's data, and of restriction.
use base::{Conn, Result, Tx, sql};
use web::privacy::Person;

use super::Wish;

/// A person by account; none when there is no such account or it was erased.
pub async fn person(conn: &mut Conn, id: i64) -> Result<Option<Person>> {
    let found = crate::account::store::get(conn, id).await?.filter(|account| account.status != "deleted");
    Ok(found.map(|account| Person {
        id: account.id,
        name: account.name,
        username: account.username,
        phone: account.phone,
        email: account.email,
    }))
}

/// A request of a person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Request {
    pub id: i64,
    pub account_id: i64,
    #[sqlx(try_from = "String")]
    pub kind: Wish,
    pub words: String,
    pub region: Option<String>,
    /// `open`, `done`, `refused` or `withdrawn`.
    pub status: String,
    pub created_at: i64,
    pub due_at: i64,
    pub answered_at: Option<i64>,
    pub answer: String,
}

impl Request {
    pub fn is_open(&self) -> bool {
        self.status == "open"
    }
}

pub(super) async fn add(
    tx: &mut Tx,
    account_id: i64,
    kind: Wish,
    words: &str,
    region: Option<&str>,
    now: i64,
    due_at: i64,
) -> Result<i64> {
    tx.int(sql!(
        "insert into people_request (account_id, kind, words, region, status, created_at, due_at, answer)
         values ($1, $2, $3, $4, 'open', $5, $6, '') returning id",
        account_id,
        kind.name(),
        words,
        region,
        now,
        due_at
    ))
    .await
}

pub(super) async fn of(conn: &mut Conn, account_id: i64) -> Result<Vec<Request>> {
    conn.all(sql!(
        "select id, account_id, kind, words, region, status, created_at, due_at, answered_at, answer
         from people_request where account_id = $1 order by id desc limit 100",
        account_id
    ))
    .await
}

pub(super) async fn get(conn: &mut Conn, id: i64) -> Result<Option<Request>> {
    conn.first(sql!(
        "select id, account_id, kind, words, region, status, created_at, due_at, answered_at, answer
         from people_request where id = $1",
        id
    ))
    .await
}

/// Open requests of a region and all below it, the one with the least time first. The empty region
/// stands for everything, those without a region too.
pub(super) async fn open(conn: &mut Conn, region: &str, after: (i64, i64), limit: i64) -> Result<Vec<Request>> {
    conn.all(sql!(
        "select id, account_id, kind, words, region, status, created_at, due_at, answered_at, answer
         from people_request
         where status = 'open' and (due_at, id) > ($1, $2)
           and (cast($3 as text) = '' or region = $3 or (region >= $4 and region < $5))
         order by due_at, id limit $6",
        after.0,
        after.1,
        region,
        format!("{region}."),
        format!("{region}/"),
        limit
    ))
    .await
}

/// Answered requests of a region and all below it, the newest answer first.
pub(super) async fn answered(conn: &mut Conn, region: &str, limit: i64) -> Result<Vec<Request>> {
    conn.all(sql!(
        "select id, account_id, kind, words, region, status, created_at, due_at, answered_at, answer
         from people_request
         where status in ('done', 'refused') and (cast($1 as text) = '' or region = $1 or (region >= $2 and region < $3))
         order by answered_at desc nulls last, id desc limit $4",
        region,
        format!("{region}."),
        format!("{region}/"),
        limit
    ))
    .await
}

/// Answers or takes back a request; false when it was no longer open.
pub(super) async fn close(tx: &mut Tx, id: i64, status: &str, by: i64, answer: &str, now: i64) -> Result<bool> {
    let done = tx
        .run(sql!(
            "update people_request set status = $2, answered_by = $3, answer = $4, answered_at = $5
             where id = $1 and status = 'open'",
            id,
            status,
            by,
            answer,
            now
        ))
        .await?;
    Ok(done == 1)
}

/// Open requests made before a moment of which nobody was reminded.
pub(super) async fn unreminded(conn: &mut Conn, before: i64) -> Result<Vec<Request>> {
    conn.all(sql!(
        "select id, account_id, kind, words, region, status, created_at, due_at, answered_at, answer
         from people_request where status = 'open' and created_at <= $1 and reminded_at is null order by id limit 200",
        before
    ))
    .await
}

/// Notes a reminder; false when another run was first.
pub(super) async fn remind(tx: &mut Tx, id: i64, now: i64) -> Result<bool> {
    Ok(tx.run(sql!("update people_request set reminded_at = $2 where id = $1 and reminded_at is null", id, now)).await? == 1)
}

/// Open requests, and how many of them are late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Open {
    pub open: i64,
    pub late: i64,
}

pub(super) async fn counts(conn: &mut Conn, now: i64) -> Result<Open> {
    conn.one(sql!(
        "select count(*) as open, cast(coalesce(sum(case when due_at < $1 then 1 else 0 end), 0) as bigint) as late
         from people_request where status = 'open'",
        now
    ))
    .await
}

/// Empties the words of a person's requests; that they were answered in time stays provable.
pub(super) async fn blank(tx: &mut Tx, account_id: i64) -> Result<()> {
    tx.run(sql!("update people_request set words = '', answer = '' where account_id = $1", account_id)).await?;
    Ok(())
}

/// Restricts an account from a moment on, or lifts that.
pub(crate) async fn restrict(tx: &mut Tx, account_id: i64, at: Option<i64>, now: i64) -> Result<bool> {
    let done = tx
        .run(sql!(
            "update people_account set restricted_at = cast($2 as bigint), updated_at = $3
             where id = $1 and status <> 'deleted'",
            account_id,
            at,
            now
        ))
        .await?;
    Ok(done == 1)
}

/// Since when an account is restricted.
pub(super) async fn restricted(conn: &mut Conn, account_id: i64) -> Result<Option<i64>> {
    let row: Option<(Option<i64>,)> =
        conn.first(sql!("select restricted_at from people_account where id = $1", account_id)).await?;
    Ok(row.and_then(|row| row.0))
}

/// One look at a person's data.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Look {
    pub at: i64,
    pub act: String,
    pub role: Option<String>,
    pub name: Option<String>,
}

/// Who looked at a person's data or changed it: what was about this person alone, and looks at what
/// their groups keep under lock. Newest first.
pub(crate) async fn looks(conn: &mut Conn, account_id: i64, limit: i64) -> Result<Vec<Look>> {
    conn.all(sql!(
        "select b.at as at, b.act as act, b.role as role, a.name as name
         from base_audit b left join people_account a on a.id = b.actor_id
         where b.class in ('view', 'act') and (b.actor_id is null or b.actor_id <> $1)
           and (b.about_id = $1
                or (b.class = 'view' and b.about_id is null and b.group_id in
                    (select g.group_id from people_grant g where g.account_id = $1 and g.group_id is not null)))
         order by b.id desc limit $2",
        account_id,
        limit
    ))
    .await
}

/// The accounts of which a table of this slice holds something.
pub(super) async fn holders(conn: &mut Conn, table: &str) -> Result<Option<Vec<i64>>> {
    let query = match table {
        "people_account" => sql!("select id from people_account where status <> 'deleted' order by id"),
        "people_grant" => sql!("select distinct account_id as id from people_grant order by account_id"),
        "people_session" => sql!("select distinct account_id as id from people_session order by account_id"),
        "people_token" => sql!("select distinct account_id as id from people_token order by account_id"),
        "people_notice" => sql!("select distinct account_id as id from people_notice order by account_id"),
        "people_consent" => sql!("select distinct account_id as id from people_consent order by account_id"),
        "people_request" => sql!("select distinct account_id as id from people_request order by account_id"),
        _ => return Ok(None),
    };
    let rows: Vec<(i64,)> = conn.all(query).await?;
    Ok(Some(rows.into_iter().map(|row| row.0).collect()))
}

/// What is recorded of a person between two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Traces {
    /// Looks at and changes of their data by others.
    pub looks: i64,
    /// Copies of their data that were made.
    pub copies: i64,
    /// Sessions that were alive.
    pub sessions: i64,
}

/// What is recorded of a person in `[since, until)`.
pub async fn traces(conn: &mut Conn, account_id: i64, since: i64, until: i64) -> Result<Traces> {
    conn.one(sql!(
        "select
             (select count(*) from base_audit where about_id = $1 and at >= $2 and at < $3 and act <> 'people.copy.made'
                  and class in ('view', 'act') and (actor_id is null or actor_id <> $1)) as looks,
             (select count(*) from base_audit where about_id = $1 and at >= $2 and at < $3 and act = 'people.copy.made') as copies,
             (select count(*) from people_session where account_id = $1 and created_at < $3 and seen_at >= $2) as sessions",
        account_id,
        since,
        until
    ))
    .await
}
