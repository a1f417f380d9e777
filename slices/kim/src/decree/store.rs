//! SQL of decrees.
use base::{Conn, Result, Tx, sql};

use super::Decree;

/// What a decree's row is made of.
pub struct NewDecree<'a> {
    pub number: &'a str,
    pub issued_at: i64,
    pub signer: &'a str,
    pub expires_at: Option<i64>,
    pub scan: Option<String>,
    pub created_by: Option<i64>,
}

pub async fn add(tx: &mut Tx, group: i64, new: &NewDecree<'_>, now: i64) -> Result<i64> {
    tx.int(sql!(
        "insert into kim_decree (group_id, number, issued_at, signer, expires_at, scan, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id",
        group,
        new.number,
        new.issued_at,
        new.signer,
        new.expires_at,
        &new.scan,
        new.created_by,
        now
    ))
    .await
}

pub async fn get(conn: &mut Conn, group: i64, id: i64) -> Result<Option<Decree>> {
    conn.first(sql!(
        "select id, number, issued_at, signer, expires_at, scan from kim_decree where id = $1 and group_id = $2",
        id,
        group
    ))
    .await
}

/// All decrees of a group, the one in force first.
pub async fn all(conn: &mut Conn, group: i64) -> Result<Vec<Decree>> {
    conn.all(sql!(
        "select id, number, issued_at, signer, expires_at, scan
         from kim_decree where group_id = $1 order by issued_at desc, id desc",
        group
    ))
    .await
}

/// The decree in force: the one issued last.
pub async fn latest(conn: &mut Conn, group: i64) -> Result<Option<Decree>> {
    Ok(all(conn, group).await?.into_iter().next())
}
