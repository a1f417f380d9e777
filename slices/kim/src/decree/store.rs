//! SQL of decrees.
use base::{Conn, Result, Tx, sql};

use super::Decree;

/// What a decree's row is made of.
pub struct NewDecree<'a> {
    pub number: &'a str,
    pub issued_at: i64,
    pub signer: &'a str,
    pub expires_at: Option<i64>,
    pub scan: Option<String>,
    pub created_by: Option<i64>,
}

/// Adds a decree; the one issued last is in force, each other is replaced by the one issued next.
pub async fn add(tx: &mut Tx, group: i64, new: &NewDecree<'_>, now: i64) -> Result<i64> {
    // Until the chain is drawn anew, nothing is in force: only one may be.
    tx.run(sql!("update kim_decree set replaced_by = id where group_id = $1", group)).await?;
    let id = tx
        .int(sql!(
            "insert into kim_decree (group_id, number, issued_at, signer, expires_at, scan, created_by, created_at, replaced_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0) returning id",
            group,
            new.number,
            new.issued_at,
            new.signer,
            new.expires_at,
            &new.scan,
            new.created_by,
            now
        ))
        .await?;
    chain(tx, group).await?;
    Ok(id)
}

/// Lets each decree of a group be replaced by the one issued next.
async fn chain(tx: &mut Tx, group: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_decree set replaced_by = (
             select n.id from kim_decree n where n.group_id = $1
               and (n.issued_at > kim_decree.issued_at or n.issued_at = kim_decree.issued_at and n.id > kim_decree.id)
             order by n.issued_at, n.id limit 1)
         where group_id = $1",
        group
    ))
    .await?;
    Ok(())
}

/// Gives the decrees of a group to another, in one chain with its own.
pub async fn move_all(tx: &mut Tx, from: i64, into: i64) -> Result<()> {
    tx.run(sql!("update kim_decree set replaced_by = id where group_id in ($1, $2)", from, into)).await?;
    tx.run(sql!("update kim_decree set group_id = $2 where group_id = $1", from, into)).await?;
    chain(tx, into).await
}

pub async fn get(conn: &mut Conn, group: i64, id: i64) -> Result<Option<Decree>> {
    conn.first(sql!(
        "select id, number, issued_at, signer, expires_at, scan, replaced_by from kim_decree where id = $1 and group_id = $2",
        id,
        group
    ))
    .await
}

/// All decrees of a group, the one in force first.
pub async fn all(conn: &mut Conn, group: i64) -> Result<Vec<Decree>> {
    conn.all(sql!(
        "select id, number, issued_at, signer, expires_at, scan, replaced_by
         from kim_decree where group_id = $1 order by issued_at desc, id desc",
        group
    ))
    .await
}

/// The decree in force: the one issued last.
pub async fn latest(conn: &mut Conn, group: i64) -> Result<Option<Decree>> {
    conn.first(sql!(
        "select id, number, issued_at, signer, expires_at, scan, replaced_by
         from kim_decree where group_id = $1 and replaced_by is null",
        group
    ))
    .await
}

/// A decree in force whose end is near, with the group that it confirms.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ending {
    pub id: i64,
    pub group_id: i64,
    pub slug: String,
    pub name: String,
    pub region: String,
}

/// Decrees in force of groups at work that end by a moment, and of which neither this reminder nor a
/// later one was sent.
pub async fn ending(conn: &mut Conn, stage: i64, by: i64, limit: i64) -> Result<Vec<Ending>> {
    conn.all(sql!(
        "select d.id as id, g.id as group_id, g.slug as slug, g.name as name, g.region as region
         from kim_decree d join kim_group g on g.id = d.group_id
         where d.expires_at <= $2 and d.replaced_by is null and g.status in ('verified', 'active', 'dormant')
           and not exists (select 1 from kim_reminder r where r.decree_id = d.id and r.stage <= $1)
         order by d.expires_at, d.id limit $3",
        stage,
        by,
        limit
    ))
    .await
}

/// Notes that a reminder was sent; false when it was before.
pub async fn remind(tx: &mut Tx, decree: i64, stage: i64, now: i64) -> Result<bool> {
    let added = tx
        .run(sql!(
            "insert into kim_reminder (decree_id, stage, at) values ($1, $2, $3) on conflict (decree_id, stage) do nothing",
            decree,
            stage,
            now
        ))
        .await?;
    Ok(added == 1)
}
