//! SQL of the importer: what an earlier run brought in, and where old addresses lead.
use std::collections::HashMap;

use base::{Conn, Result, Tx, sql};

/// The stories of a site that are here already: their addresses by `source_key`.
pub async fn imported(conn: &mut Conn, host: &str) -> Result<HashMap<String, String>> {
    // `:` is followed by `;`, so this range holds exactly the keys of the site.
    let rows = conn
        .all::<(String, String)>(sql!(
            "select source_key, slug from newsroom_article where source_key >= $1 and source_key < $2",
            format!("wp:{host}:"),
            format!("wp:{host};")
        ))
        .await?;
    Ok(rows.into_iter().collect())
}

/// Lets an old path lead to a story; false when it leads elsewhere already.
pub async fn add_redirect(tx: &mut Tx, path: &str, article: i64) -> Result<bool> {
    let added = tx
        .run(sql!(
            "insert into newsroom_redirect (path, article_id) values ($1, $2) on conflict (path) do nothing",
            path,
            article
        ))
        .await?;
    Ok(added == 1)
}
