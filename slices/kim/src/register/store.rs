//! SQL of the register.
use base::{Conn, Result, Tx, sql};

use super::{Brief, Kim, Status};

/// What a new group starts with.
pub struct NewKim<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub needle: &'a str,
    pub region: &'a str,
    pub created_by: Option<i64>,
}

pub async fn add(tx: &mut Tx, new: &NewKim<'_>, now: i64) -> Result<i64> {
    tx.int(sql!(
        "insert into kim_group (slug, name, needle, region, status, about, themes, contact_phone, contact_email,
             contact_address, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, 'draft', '', ',', '', '', '', $5, $6, $6) returning id",
        new.slug,
        new.name,
        new.needle,
        new.region,
        new.created_by,
        now
    ))
    .await
}

pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Kim>> {
    conn.first(sql!(
        "select id, slug, name, region, status, about, founded_at, number, themes, logo, cover, contact_phone,
             contact_email, contact_address, show_phone, show_email, show_address, created_by, created_at, submitted_at,
             verified_at, verified_by, due_at, decided_at, decided_by,
             listing, merged_into
         from kim_group where slug = $1",
        slug
    ))
    .await
}

pub async fn by_id(conn: &mut Conn, id: i64) -> Result<Option<Kim>> {
    conn.first(sql!(
        "select id, slug, name, region, status, about, founded_at, number, themes, logo, cover, contact_phone,
             contact_email, contact_address, show_phone, show_email, show_address, created_by, created_at, submitted_at,
             verified_at, verified_by, due_at, decided_at, decided_by,
             listing, merged_into
         from kim_group where id = $1",
        id
    ))
    .await
}

pub async fn brief(conn: &mut Conn, id: i64) -> Result<Option<Brief>> {
    conn.first(sql!(
        "select g.id as id, g.slug as slug, g.name as name, g.region as region, coalesce(r.name, g.region) as region_name,
             g.status as status, g.logo as logo, g.number as number
         from kim_group g left join regions_region r on r.code = g.region where g.id = $1",
        id
    ))
    .await
}

/// Groups whose name begins with lower-case words, by name.
pub async fn beginning_with(conn: &mut Conn, words: &str, limit: i64) -> Result<Vec<Brief>> {
    conn.all(sql!(
        "select g.id as id, g.slug as slug, g.name as name, g.region as region, coalesce(r.name, g.region) as region_name,
             g.status as status, g.logo as logo, g.number as number
         from kim_group g left join regions_region r on r.code = g.region
         where g.needle >= $1 and g.needle < $2 and g.status <> 'dissolved' order by g.needle, g.id limit $3",
        words,
        format!("{words}\u{10ffff}"),
        limit
    ))
    .await
}

/// The present address of a group that once had this one.
pub async fn moved(conn: &mut Conn, slug: &str) -> Result<Option<String>> {
    let found: Option<(String,)> = conn
        .first(sql!("select g.slug as slug from kim_slug s join kim_group g on g.id = s.group_id where s.slug = $1", slug))
        .await?;
    Ok(found.map(|row| row.0))
}

/// Whether another group has or had an address.
pub async fn slug_taken(conn: &mut Conn, slug: &str, but: i64) -> Result<bool> {
    let taken = conn
        .int(sql!(
            "select (select count(*) from kim_group where slug = $1 and id <> $2)
                  + (select count(*) from kim_slug where slug = $1 and group_id <> $2) as n",
            slug,
            but
        ))
        .await?;
    Ok(taken > 0)
}

/// A free address: the wished one, or with the first number that makes it free.
pub async fn free_slug(conn: &mut Conn, wished: &str) -> Result<String> {
    let mut slug = wished.to_owned();
    let mut n = 1;
    while slug_taken(conn, &slug, 0).await? {
        n += 1;
        slug = format!("{wished}-{n}");
    }
    Ok(slug)
}

pub async fn number_taken(conn: &mut Conn, number: &str, but: i64) -> Result<bool> {
    let taken = conn.int(sql!("select count(*) as n from kim_group where number = $1 and id <> $2", number, but)).await?;
    Ok(taken > 0)
}

/// Unfinished registrations of a person.
pub async fn drafts_of(conn: &mut Conn, account_id: i64) -> Result<i64> {
    conn.int(sql!("select count(*) as n from kim_group where created_by = $1 and status in ('draft', 'submitted')", account_id))
        .await
}

/// What the profile page may change.
pub struct Profile<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub needle: &'a str,
    pub about: &'a str,
    pub founded_at: Option<i64>,
    pub themes: &'a str,
    pub phone: &'a str,
    pub email: &'a str,
    pub address: &'a str,
    pub show_phone: bool,
    pub show_email: bool,
    pub show_address: bool,
    pub logo: Option<String>,
    pub cover: Option<String>,
}

pub async fn set_profile(tx: &mut Tx, id: i64, p: &Profile<'_>, now: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_group set slug = $2, name = $3, needle = $4, about = $5, founded_at = $6, themes = $7,
             contact_phone = $8, contact_email = $9, contact_address = $10, show_phone = $11, show_email = $12,
             show_address = $13, logo = $14, cover = $15, updated_at = $16
         where id = $1",
        id,
        p.slug,
        p.name,
        p.needle,
        p.about,
        p.founded_at,
        p.themes,
        p.phone,
        p.email,
        p.address,
        p.show_phone,
        p.show_email,
        p.show_address,
        &p.logo,
        &p.cover,
        now
    ))
    .await?;
    Ok(())
}

/// Keeps an address that a group gives up, and frees the one it takes back.
pub async fn keep_slug(tx: &mut Tx, id: i64, old: &str, new: &str, now: i64) -> Result<()> {
    tx.run(sql!("delete from kim_slug where slug = $1 and group_id = $2", new, id)).await?;
    tx.run(sql!(
        "insert into kim_slug (slug, group_id, created_at) values ($1, $2, $3)
         on conflict (slug) do update set group_id = excluded.group_id, created_at = excluded.created_at",
        old,
        id,
        now
    ))
    .await?;
    Ok(())
}

/// Moves a group from one status to another; false when it no longer stood there.
pub async fn set_status(tx: &mut Tx, id: i64, from: Status, to: Status, now: i64) -> Result<bool> {
    let moved = tx
        .run(sql!(
            "update kim_group set status = $3, updated_at = $4,
                 submitted_at = case when $3 = 'submitted' then $4 else submitted_at end
             where id = $1 and status = $2",
            id,
            from.code(),
            to.code(),
            now
        ))
        .await?;
    Ok(moved == 1)
}

/// Notes until when the region promised to decide.
pub async fn set_due(tx: &mut Tx, id: i64, due: i64) -> Result<()> {
    tx.run(sql!("update kim_group set due_at = $2 where id = $1", id, due)).await.map(drop)
}

/// Notes who decided on what a group handed in, and when.
pub async fn set_decided(tx: &mut Tx, id: i64, by: Option<i64>, now: i64) -> Result<()> {
    tx.run(sql!("update kim_group set decided_at = $2, decided_by = $3 where id = $1", id, now, by)).await.map(drop)
}

/// Notes who verified a group, when, and the number it got.
pub async fn set_verified(tx: &mut Tx, id: i64, number: &str, needle: &str, by: Option<i64>, now: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_group set number = $2, needle = $3, verified_at = $4, verified_by = $5, decided_at = $4, decided_by = $5
         where id = $1",
        id,
        number,
        needle,
        now,
        by
    ))
    .await?;
    Ok(())
}
