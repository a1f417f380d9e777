//! SQL of stories that come in with an archive.
use base::{Conn, Result, sql};

/// Whether a story of another site is here already.
pub async fn has_source(conn: &mut Conn, key: &str) -> Result<bool> {
    Ok(conn.int(sql!("select count(*) as n from newsroom_article where source_key = $1", key)).await? > 0)
}
