//! SQL of the verification desk: what was handed in, with all that is weighed, and what was decided.
use base::{Conn, Result, Tx, sql};

use super::Case;
use crate::register::rules;

/// One group as it is weighed.
pub async fn case(conn: &mut Conn, id: i64) -> Result<Option<Case>> {
    conn.first(sql!(
        "select g.id as id, g.slug as slug, g.name as name, g.needle as needle, g.region as region,
             coalesce(r.name, g.region) as region_name, g.status as status, coalesce(g.submitted_at, g.created_at) as submitted_at,
             g.due_at as due_at, cast(case when g.about = '' then 0 else 1 end as bigint) as about,
             cast(case when g.contact_phone = '' and g.contact_email = '' then 0 else 1 end as bigint) as contact,
             (select count(*) from kim_member m where m.group_id = g.id and m.left_at is null) as members,
             (select count(*) from kim_member m where m.group_id = g.id and m.left_at is null and m.office = 'chair') as chairs,
             (select count(*) from kim_member m where m.group_id = g.id and m.left_at is null and m.office = 'secretary')
                 as secretaries,
             d.id as decree, d.signer as signer, d.expires_at as expires_at
         from kim_group g left join regions_region r on r.code = g.region
         left join kim_decree d on d.group_id = g.id and d.replaced_by is null
         where g.id = $1",
        id
    ))
    .await
}

/// What to list. Empty texts filter nothing.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub region: String,
    /// Words that name, place or number must hold; at most three count.
    pub q: String,
    /// Only those due before this moment.
    pub due_before: Option<i64>,
    /// Moment and id of the last line of the page before.
    pub after: Option<(i64, i64)>,
    pub limit: i64,
}

impl Wanted {
    fn word(&self, n: usize) -> String {
        self.q.to_lowercase().split_whitespace().nth(n).unwrap_or_default().to_owned()
    }
}

/// Groups that wait in a subtree, the longest waiting first.
pub async fn waiting(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Case>> {
    let (from, to) = rules::subtree(&wanted.region);
    let (at, id) = wanted.after.unwrap_or((i64::MIN, 0));
    conn.all(sql!(
        "select g.id as id, g.slug as slug, g.name as name, g.needle as needle, g.region as region,
             coalesce(r.name, g.region) as region_name, g.status as status, coalesce(g.submitted_at, g.created_at) as submitted_at,
             g.due_at as due_at, cast(case when g.about = '' then 0 else 1 end as bigint) as about,
             cast(case when g.contact_phone = '' and g.contact_email = '' then 0 else 1 end as bigint) as contact,
             (select count(*) from kim_member m where m.group_id = g.id and m.left_at is null) as members,
             (select count(*) from kim_member m where m.group_id = g.id and m.left_at is null and m.office = 'chair') as chairs,
             (select count(*) from kim_member m where m.group_id = g.id and m.left_at is null and m.office = 'secretary')
                 as secretaries,
             d.id as decree, d.signer as signer, d.expires_at as expires_at
         from kim_group g left join regions_region r on r.code = g.region
         left join kim_decree d on d.group_id = g.id and d.replaced_by is null
         where g.status = 'submitted' and g.region >= $1 and g.region < $2
           and (cast($3 as text) = '' or replace(g.needle, $3, '') <> g.needle)
           and (cast($4 as text) = '' or replace(g.needle, $4, '') <> g.needle)
           and (cast($5 as text) = '' or replace(g.needle, $5, '') <> g.needle)
           and (cast($6 as bigint) is null or g.due_at <= $6)
           and (coalesce(g.submitted_at, g.created_at), g.id) > ($7, $8)
         order by coalesce(g.submitted_at, g.created_at), g.id limit $9",
        from,
        to,
        wanted.word(0),
        wanted.word(1),
        wanted.word(2),
        wanted.due_before,
        at,
        id,
        wanted.limit
    ))
    .await
}

/// How many wait by the same filter.
pub async fn waiting_count(conn: &mut Conn, wanted: &Wanted) -> Result<i64> {
    let (from, to) = rules::subtree(&wanted.region);
    conn.int(sql!(
        "select count(*) as n from kim_group g
         where g.status = 'submitted' and g.region >= $1 and g.region < $2
           and (cast($3 as text) = '' or replace(g.needle, $3, '') <> g.needle)
           and (cast($4 as text) = '' or replace(g.needle, $4, '') <> g.needle)
           and (cast($5 as text) = '' or replace(g.needle, $5, '') <> g.needle)
           and (cast($6 as bigint) is null or g.due_at <= $6)",
        from,
        to,
        wanted.word(0),
        wanted.word(1),
        wanted.word(2),
        wanted.due_before
    ))
    .await
}

/// A group on which someone decided.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Decided {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub region: String,
    pub region_name: String,
    pub number: Option<String>,
    pub decided_at: i64,
    pub decided_by: Option<i64>,
}

/// Decisions in a subtree, the newest first: `returned`, `rejected` or `approved`.
pub async fn decided(conn: &mut Conn, what: &str, wanted: &Wanted) -> Result<Vec<Decided>> {
    let (from, to) = rules::subtree(&wanted.region);
    let (at, id) = wanted.after.unwrap_or((i64::MAX, 0));
    conn.all(sql!(
        "select g.id as id, g.slug as slug, g.name as name, g.region as region, coalesce(r.name, g.region) as region_name,
             g.number as number, g.decided_at as decided_at, g.decided_by as decided_by
         from kim_group g left join regions_region r on r.code = g.region
         where g.region >= $1 and g.region < $2
           and (cast($3 as text) = 'returned' and g.status = 'draft' or $3 = 'rejected' and g.status = 'rejected'
                or $3 = 'approved' and g.status in ('verified', 'active', 'dormant'))
           and (cast($4 as text) = '' or replace(g.needle, $4, '') <> g.needle)
           and (cast($5 as text) = '' or replace(g.needle, $5, '') <> g.needle)
           and (cast($6 as text) = '' or replace(g.needle, $6, '') <> g.needle)
           and (g.decided_at, g.id) < ($7, $8)
         order by g.decided_at desc, g.id desc limit $9",
        from,
        to,
        what,
        wanted.word(0),
        wanted.word(1),
        wanted.word(2),
        at,
        id,
        wanted.limit
    ))
    .await
}

/// How many of a subtree stand where: `submitted`, `draft` (returned), `rejected`, `verified` and later.
pub async fn standing(conn: &mut Conn, region: &str) -> Result<Vec<(String, i64)>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select status, count(*) as n from kim_group
         where region >= $1 and region < $2 and (status = 'submitted' or decided_at is not null) group by status",
        from,
        to
    ))
    .await
}

/// Numbers that begin with a text.
pub async fn numbers(conn: &mut Conn, before: &str) -> Result<Vec<(String,)>> {
    let to = format!("{before}\u{10ffff}");
    conn.all(sql!("select number from kim_group where number >= $1 and number < $2", before, to)).await
}

/// An officer of a group.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Keeper {
    pub group_id: i64,
    pub account_id: i64,
}

/// Officers of all groups that wait in a subtree.
pub async fn keepers(conn: &mut Conn, region: &str, now: i64) -> Result<Vec<Keeper>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select distinct k.id as group_id, g.account_id as account_id
         from kim_group k join people_grant g on g.group_id = k.id
         where k.status = 'submitted' and k.region >= $1 and k.region < $2 and g.role = 'officer' and g.reach = 'group'
           and g.ended_at is null and g.from_at <= $3 and (g.until_at is null or g.until_at > $3)",
        from,
        to,
        now
    ))
    .await
}

/// Verifies a group in one statement; false when it no longer waits.
pub async fn verify(tx: &mut Tx, id: i64, number: &str, needle: &str, by: Option<i64>, now: i64) -> Result<bool> {
    let done = tx
        .run(sql!(
            "update kim_group set status = 'verified', number = $2, needle = $3, verified_at = $4, verified_by = $5,
                 decided_at = $4, decided_by = $5, confirmed_at = $4, updated_at = $4
             where id = $1 and status = 'submitted'",
            id,
            number,
            needle,
            now,
            by
        ))
        .await?;
    Ok(done == 1)
}

/// One approval of many.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Batch {
    pub at: i64,
    pub approved: i64,
    /// Ids of groups that lacked something, as JSON.
    pub skipped: String,
}

pub async fn add_batch(tx: &mut Tx, account: i64, approved: i64, skipped: &[i64], now: i64) -> Result<i64> {
    tx.int(sql!(
        "insert into kim_batch (account_id, at, approved, skipped) values ($1, $2, $3, $4) returning id",
        account,
        now,
        approved,
        serde_json::json!(skipped)
    ))
    .await
}

/// An approval of many, for the person who did it.
pub async fn batch(conn: &mut Conn, account: i64, id: i64) -> Result<Option<Batch>> {
    conn.first(sql!("select at, approved, skipped from kim_batch where id = $1 and account_id = $2", id, account)).await
}
