//! What the site map asks of the tables.
use base::{Conn, Result, sql};

use super::store::span;

/// The highest id of any article; 0 without one.
pub async fn newest_id(conn: &mut Conn) -> Result<i64> {
    conn.int(sql!("select coalesce(max(id), 0) as id from newsroom_article")).await
}

/// Address and last change of an article.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Address {
    pub slug: String,
    pub changed_at: i64,
}

/// Published articles with ids from `from` up to but not including `to`.
pub async fn addresses(conn: &mut Conn, from: i64, to: i64) -> Result<Vec<Address>> {
    conn.all(sql!(
        "select slug, updated_at as changed_at from newsroom_article where id >= $1 and id < $2 and coalesce(status, '') = 'published' order by id",
        from,
        to
    ))
    .await
}

/// The highest id of any group; 0 without one.
pub async fn newest_group(conn: &mut Conn) -> Result<i64> {
    conn.int(sql!("select coalesce(max(id), 0) as id from kim_group")).await
}

/// Addresses of groups on the register with ids from `from` up to but not including `to`.
pub async fn group_slugs(conn: &mut Conn, from: i64, to: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all(sql!(
            "select slug from kim_group
             where id >= $1 and id < $2 and coalesce(status, '') in ('verified', 'active', 'dormant') order by id",
            from,
            to
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The first code after one, in the order of codes, of a region that a published article is about.
pub async fn told_after(conn: &mut Conn, code: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = conn
        .first(sql!(
            "select region from newsroom_article where region > $1 and coalesce(status, '') = 'published' order by region limit 1",
            code
        ))
        .await?;
    Ok(row.map(|row| row.0))
}

/// Codes within a region, itself included, that a published article is about.
pub async fn told_regions(conn: &mut Conn, code: &str) -> Result<Vec<String>> {
    let (from, to) = span(code);
    let rows: Vec<(String,)> = conn
        .all(sql!(
            "select distinct region from newsroom_article
             where region >= $1 and region < $2 and coalesce(status, '') = 'published' order by region",
            from,
            to
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
