//! SQL of the archive.
use base::{Conn, Result, sql};

use crate::review::store::Revision;

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

/// Paths under which another site kept a story.
pub async fn former_paths(conn: &mut Conn, article: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        conn.all(sql!("select path from newsroom_redirect where article_id = $1 order by path", article)).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// All revisions of a story, oldest first.
pub async fn revisions(conn: &mut Conn, article: i64) -> Result<Vec<Revision>> {
    conn.all(sql!(
        "select id, at, account_name, title, lead, body, note, category, tags, lang, region from newsroom_revision
         where article_id = $1 order by id",
        article
    ))
    .await
}
