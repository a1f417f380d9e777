//! SQL of the archive.
use base::{Conn, Result, sql};

/// Ids of a group's stories after one, a hundred at a time.
pub async fn ids(conn: &mut Conn, group: i64, after: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = conn
        .all(sql!("select id from newsroom_article where group_id = $1 and id > $2 order by id limit 100", group, after))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub async fn former_slugs(conn: &mut Conn, article: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        conn.all(sql!("select slug from newsroom_slug where article_id = $1 order by slug", article)).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
