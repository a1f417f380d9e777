//! What the site map asks of the tables.
use base::{Conn, Result, sql};

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

/// Addresses of groups on the register.
pub async fn group_slugs(conn: &mut Conn, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all(sql!(
            "select slug from kim_group where coalesce(status, '') in ('verified', 'active', 'dormant') order by slug limit $1",
            limit
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Codes of regions that a published article is about.
pub async fn told_regions(conn: &mut Conn, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all(sql!(
            "select distinct region from newsroom_article where coalesce(status, '') = 'published' and region <> '' order by region limit $1",
            limit
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
