//! SQL of duplicates.
use std::collections::HashSet;

use base::{Conn, Result, Tx, sql};

use super::Seen;
use crate::register::rules;

/// KIM of a subtree that are not over, as they are compared.
pub async fn seen(conn: &mut Conn, region: &str, limit: i64) -> Result<Vec<Seen>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select id, name, region, number, contact_phone from kim_group
         where region >= $1 and region < $2 and status <> 'dissolved' order by region, id limit $3",
        from,
        to,
        limit
    ))
    .await
}

/// Pairs that were found to be two, smaller id first.
pub async fn apart(conn: &mut Conn, region: &str) -> Result<HashSet<(i64, i64)>> {
    let (from, to) = rules::subtree(region);
    let rows: Vec<(i64, i64)> = conn
        .all(sql!(
            "select a.one, a.two from kim_apart a join kim_group g on g.id = a.one where g.region >= $1 and g.region < $2",
            from,
            to
        ))
        .await?;
    Ok(rows.into_iter().collect())
}

/// Notes that two KIM are two.
pub async fn set_apart(tx: &mut Tx, one: i64, two: i64, account: i64, now: i64) -> Result<bool> {
    let added = tx
        .run(sql!(
            "insert into kim_apart (one, two, account_id, at) values ($1, $2, $3, $4) on conflict (one, two) do nothing",
            one.min(two),
            one.max(two),
            account,
            now
        ))
        .await?;
    Ok(added == 1)
}

/// Moves the people of a group to another. An account that is in both leaves the first.
pub async fn move_members(tx: &mut Tx, from: i64, into: i64, now: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_member set left_at = $3, show = false
         where group_id = $1 and left_at is null and account_id in
             (select m.account_id from kim_member m where m.group_id = $2 and m.left_at is null and m.account_id is not null)",
        from,
        into,
        now
    ))
    .await?;
    tx.run(sql!(
        "update kim_term set ended_at = $2 where group_id = $1 and ended_at is null
         and member_id in (select id from kim_member where group_id = $1 and left_at is not null)",
        from,
        now
    ))
    .await?;
    tx.run(sql!("update kim_member set group_id = $2 where group_id = $1", from, into)).await?;
    tx.run(sql!("update kim_term set group_id = $2 where group_id = $1", from, into)).await?;
    Ok(())
}

/// Moves claims and addresses given up.
pub async fn move_things(tx: &mut Tx, from: i64, into: i64) -> Result<()> {
    // A person who claimed both keeps the claim on the one that stays.
    tx.run(sql!(
        "delete from kim_claim where group_id = $1 and state = 'waiting' and account_id in
             (select c.account_id from kim_claim c where c.group_id = $2 and c.state = 'waiting')",
        from,
        into
    ))
    .await?;
    tx.run(sql!("update kim_claim set group_id = $2 where group_id = $1", from, into)).await?;
    tx.run(sql!("update kim_slug set group_id = $2 where group_id = $1", from, into)).await?;
    // What was merged into the one that goes is now part of the one that stays.
    tx.run(sql!("update kim_group set merged_into = $2 where merged_into = $1", from, into)).await?;
    Ok(())
}

/// What the one that goes hands over where the other has nothing.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct Details {
    pub number: Option<String>,
    pub about: String,
    pub themes: String,
    pub founded_at: Option<i64>,
    pub logo: Option<String>,
    pub cover: Option<String>,
    pub contact_phone: String,
    pub contact_email: String,
    pub contact_address: String,
    pub listing: String,
    pub connectivity: String,
    pub equipment: String,
    pub equipment_other: String,
}

pub async fn details(conn: &mut Conn, id: i64) -> Result<Details> {
    conn.one(sql!(
        "select number, about, themes, founded_at, logo, cover, contact_phone, contact_email, contact_address, listing,
                connectivity, equipment, equipment_other
         from kim_group where id = $1",
        id
    ))
    .await
}

/// Ends the one that goes; false when it has ended already.
/// Locks a KIM until the transaction ends; false when it is dissolved.
pub async fn hold(tx: &mut Tx, id: i64) -> Result<bool> {
    Ok(tx.run(sql!("update kim_group set status = status where id = $1 and status <> 'dissolved'", id)).await? == 1)
}

pub async fn end(tx: &mut Tx, id: i64, into: i64, keeps: &Details, now: i64) -> Result<bool> {
    let ended = tx
        .run(sql!(
            "update kim_group set status = 'dissolved', merged_into = $2, number = $3, logo = $4, cover = $5, listing = '',
                 updated_at = $6
             where id = $1 and status <> 'dissolved'",
            id,
            into,
            &keeps.number,
            &keeps.logo,
            &keeps.cover,
            now
        ))
        .await?;
    Ok(ended == 1)
}

/// Fills the one that stays.
pub async fn fill(tx: &mut Tx, id: i64, d: &Details, needle: &str, now: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_group set number = $2, about = $3, themes = $4, founded_at = $5, logo = $6, cover = $7, contact_phone = $8,
             contact_email = $9, contact_address = $10, listing = $11, needle = $12, updated_at = $13, connectivity = $14,
             equipment = $15, equipment_other = $16
         where id = $1",
        id,
        &d.number,
        &d.about,
        &d.themes,
        d.founded_at,
        &d.logo,
        &d.cover,
        &d.contact_phone,
        &d.contact_email,
        &d.contact_address,
        &d.listing,
        needle,
        now,
        &d.connectivity,
        &d.equipment,
        &d.equipment_other
    ))
    .await?;
    Ok(())
}
