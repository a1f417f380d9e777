//! SQL of resets.
use base::{Conn, Result, Tx, sql};

/// Adds a reset; `hash` is that of its secret, once there is one.
pub(super) async fn add(
    tx: &mut Tx,
    account_id: i64,
    hash: Option<&str>,
    via: &str,
    given_by: Option<i64>,
    now: i64,
    ends_at: i64,
) -> Result<i64> {
    tx.int(sql!(
        "insert into people_reset (account_id, hash, via, given_by, created_at, ends_at)
         values ($1, $2, $3, $4, $5, $6) returning id",
        account_id,
        hash,
        via,
        given_by,
        now,
        ends_at
    ))
    .await
}

/// How many resets an account was given since a moment.
pub(super) async fn since(conn: &mut Conn, account_id: i64, since: i64) -> Result<i64> {
    conn.int(sql!("select count(*) as n from people_reset where account_id = $1 and created_at > $2", account_id, since)).await
}

/// The account of a reset that still waits.
pub(super) async fn waiting(conn: &mut Conn, id: i64, now: i64) -> Result<Option<i64>> {
    let row: Option<(i64,)> = conn
        .first(sql!("select account_id from people_reset where id = $1 and used_at is null and ends_at > $2", id, now))
        .await?;
    Ok(row.map(|row| row.0))
}

/// Gives a reset its secret.
pub(super) async fn name(tx: &mut Tx, id: i64, hash: &str) -> Result<u64> {
    tx.run(sql!("update people_reset set hash = $2 where id = $1", id, hash)).await
}

/// Whether a secret opens a reset that still waits.
pub(super) async fn opens(conn: &mut Conn, hash: &str, now: i64) -> Result<bool> {
    let n = conn
        .int(sql!("select count(*) as n from people_reset where hash = $1 and used_at is null and ends_at > $2", hash, now))
        .await?;
    Ok(n > 0)
}

/// Uses a reset and returns its account and how it came; the other resets of that account end with it.
pub(super) async fn take(tx: &mut Tx, hash: &str, now: i64) -> Result<Option<(i64, String)>> {
    let row: Option<(i64, String)> = tx
        .first(sql!(
            "update people_reset set used_at = $2 where hash = $1 and used_at is null and ends_at > $2 returning account_id, via",
            hash,
            now
        ))
        .await?;
    if let Some((account_id, _)) = &row {
        end_all(tx, *account_id, now).await?;
    }
    Ok(row)
}

/// Ends every link and slip of an account that was not used yet.
pub(crate) async fn end_all(tx: &mut Tx, account_id: i64, now: i64) -> Result<u64> {
    tx.run(sql!("update people_reset set used_at = $2 where account_id = $1 and used_at is null", account_id, now)).await
}
