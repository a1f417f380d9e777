//! SQL of arranged pages.
use base::{Conn, Result, Tx, sql};

/// How a page is arranged.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct Arranged {
    pub colour: String,
    pub blocks: String,
}

/// The arrangement of a group; the usual one when it made none.
pub async fn get(conn: &mut Conn, group: i64) -> Result<Arranged> {
    let found = conn.first(sql!("select colour, blocks from kim_page where group_id = $1", group)).await?;
    Ok(found.unwrap_or_default())
}

pub async fn set(tx: &mut Tx, group: i64, arranged: &Arranged, now: i64) -> Result<()> {
    tx.run(sql!(
        "insert into kim_page (group_id, colour, blocks, updated_at) values ($1, $2, $3, $4)
         on conflict (group_id) do update set colour = excluded.colour, blocks = excluded.blocks, updated_at = excluded.updated_at",
        group,
        &arranged.colour,
        &arranged.blocks,
        now
    ))
    .await?;
    Ok(())
}
