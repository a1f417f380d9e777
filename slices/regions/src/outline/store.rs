//! SQL of outlines.
use base::{Conn, Result, Tx, sql};

use super::Outline;

pub async fn keep(tx: &mut Tx, outline: &Outline, now: i64) -> Result<()> {
    tx.run(sql!(
        "insert into regions_outline (code, path, west, north, east, south, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (code) do update set path = excluded.path, west = excluded.west, north = excluded.north,
             east = excluded.east, south = excluded.south, at = excluded.at",
        &outline.code,
        &outline.path,
        outline.west,
        outline.north,
        outline.east,
        outline.south,
        now
    ))
    .await
    .map(drop)
}

/// Outlines below a region whose codes have so many signs; the empty code is the country.
pub async fn of_level(conn: &mut Conn, root: &str, signs: usize) -> Result<Vec<Outline>> {
    let (from, to) = if root.is_empty() { (String::new(), "~".into()) } else { (format!("{root}."), format!("{root}/")) };
    conn.all(sql!(
        "select code, path, west, north, east, south from regions_outline
         where code >= $1 and code < $2 and length(code) = $3 order by code",
        from,
        to,
        i64::try_from(signs).unwrap_or(0)
    ))
    .await
}
