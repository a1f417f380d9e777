//! SQL of the yearly question.
use base::{Conn, Result, Tx, sql};

use super::Question;

/// A group to ask, or one that stayed silent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Asked {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub region: String,
}

/// Groups at work without a sign since a moment, and not asked yet.
pub async fn quiet(conn: &mut Conn, since: i64, limit: i64) -> Result<Vec<Asked>> {
    conn.all(sql!(
        "select g.id as id, g.slug as slug, g.name as name, g.region as region from kim_group g
         where g.status in ('verified', 'active') and coalesce(g.confirmed_at, g.verified_at, g.created_at) <= $1
           and not exists (select 1 from kim_reconfirm q where q.group_id = g.id and q.answered_at is null and q.closed_at is null)
         order by g.id limit $2",
        since,
        limit
    ))
    .await
}

/// Asks a group; false when a question waits already.
pub async fn ask(tx: &mut Tx, group: i64, now: i64) -> Result<bool> {
    let added = tx
        .run(sql!(
            "insert into kim_reconfirm (group_id, asked_at) values ($1, $2)
             on conflict (group_id) where answered_at is null and closed_at is null do nothing",
            group,
            now
        ))
        .await?;
    Ok(added == 1)
}

/// Groups asked before a moment whose overseers have not heard of the silence.
pub async fn silent(conn: &mut Conn, before: i64, limit: i64) -> Result<Vec<Asked>> {
    conn.all(sql!(
        "select g.id as id, g.slug as slug, g.name as name, g.region as region
         from kim_reconfirm q join kim_group g on g.id = q.group_id
         where q.answered_at is null and q.closed_at is null and q.told_at is null and q.asked_at <= $1
           and g.status in ('verified', 'active')
         order by q.id limit $2",
        before,
        limit
    ))
    .await
}

/// Notes that the overseers were told; false when they were before.
pub async fn tell(tx: &mut Tx, group: i64, now: i64) -> Result<bool> {
    let told = tx
        .run(sql!(
            "update kim_reconfirm set told_at = $2
             where group_id = $1 and answered_at is null and closed_at is null and told_at is null",
            group,
            now
        ))
        .await?;
    Ok(told == 1)
}

/// The question that waits for a group's answer.
pub async fn open(conn: &mut Conn, group: i64) -> Result<Option<Question>> {
    conn.first(sql!(
        "select asked_at, told_at from kim_reconfirm where group_id = $1 and answered_at is null and closed_at is null",
        group
    ))
    .await
}

/// Keeps the answer; false when nothing waited for one.
pub async fn answer(tx: &mut Tx, group: i64, by: Option<i64>, now: i64) -> Result<bool> {
    let answered = tx
        .run(sql!(
            "update kim_reconfirm set answered_at = $2, answered_by = $3
             where group_id = $1 and answered_at is null and closed_at is null",
            group,
            now,
            by
        ))
        .await?;
    Ok(answered == 1)
}

/// Lets a question fall away: the group was put to rest or ended.
pub async fn close(tx: &mut Tx, group: i64, now: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_reconfirm set closed_at = $2 where group_id = $1 and answered_at is null and closed_at is null",
        group,
        now
    ))
    .await
    .map(drop)
}

/// Notes that a group is known to be at work.
pub async fn confirm(tx: &mut Tx, group: i64, now: i64) -> Result<()> {
    tx.run(sql!("update kim_group set confirmed_at = $2 where id = $1", group, now)).await.map(drop)
}
