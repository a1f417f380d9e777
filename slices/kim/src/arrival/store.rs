//! SQL of KIM that come in as archives.
use base::{Conn, Result, Tx, sql};

/// The group that a KIM of another site became here.
pub async fn arrived(conn: &mut Conn, site: &str, source: i64) -> Result<Option<i64>> {
    let row: Option<(i64,)> =
        conn.first(sql!("select group_id from kim_arrival where site = $1 and source_id = $2", site, source)).await?;
    Ok(row.map(|row| row.0))
}

/// The site that a group came from; none for one that was always here.
pub async fn site(conn: &mut Conn, group: i64) -> Result<Option<String>> {
    let row: Option<(String,)> = conn.first(sql!("select site from kim_arrival where group_id = $1", group)).await?;
    Ok(row.map(|row| row.0))
}

/// Notes where a group came from. [`base::Error::Taken`] when the same KIM came in meanwhile.
pub async fn note(tx: &mut Tx, group: i64, site: &str, source: i64, now: i64) -> Result<()> {
    tx.run(sql!("insert into kim_arrival (group_id, site, source_id, at) values ($1, $2, $3, $4)", group, site, source, now))
        .await
        .map(drop)
}

/// How a group stood where it came from.
pub struct Stood<'a> {
    pub status: &'a str,
    pub number: &'a Option<String>,
    /// As of a KIM.
    pub listing: &'a str,
    pub submitted_at: Option<i64>,
    pub verified_at: Option<i64>,
    /// Until when its region here promises to decide.
    pub due_at: Option<i64>,
    pub confirmed_at: Option<i64>,
}

/// Lets a group stand as it did. Who verified it has no account here.
pub async fn set_standing(tx: &mut Tx, group: i64, stood: &Stood<'_>) -> Result<()> {
    tx.run(sql!(
        "update kim_group set status = $2, number = $3, listing = $4, submitted_at = $5, verified_at = $6, decided_at = $6,
             due_at = $7, confirmed_at = $8
         where id = $1",
        group,
        stood.status,
        stood.number,
        stood.listing,
        stood.submitted_at,
        stood.verified_at,
        stood.due_at,
        stood.confirmed_at
    ))
    .await
    .map(drop)
}
