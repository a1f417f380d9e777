//! SQL of sessions.
use base::{Conn, Result, Tx, sql};

#[derive(sqlx::FromRow)]
pub(crate) struct Session {
    pub id: i64,
    pub account_id: i64,
    pub seen_at: i64,
    pub ends_at: i64,
    pub name: String,
    pub status: String,
}

pub(super) async fn find(conn: &mut Conn, hash: &str) -> Result<Option<Session>> {
    conn.first(sql!(
        "select s.id, s.account_id, s.seen_at, s.ends_at, a.name, a.status
         from people_session s join people_account a on a.id = s.account_id where s.hash = $1",
        hash
    ))
    .await
}

pub(super) async fn add(tx: &mut Tx, hash: &str, account_id: i64, now: i64, ends_at: i64) -> Result<u64> {
    tx.run(sql!(
        "insert into people_session (hash, account_id, created_at, seen_at, ends_at) values ($1, $2, $3, $3, $4)",
        hash,
        account_id,
        now,
        ends_at
    ))
    .await
}

pub(crate) async fn end(tx: &mut Tx, id: i64) -> Result<u64> {
    tx.run(sql!("delete from people_session where id = $1", id)).await
}

/// Ends every session of a person, but one if given.
pub(crate) async fn end_all(tx: &mut Tx, account_id: i64, but: Option<i64>) -> Result<u64> {
    tx.run(sql!("delete from people_session where account_id = $1 and id <> $2", account_id, but.unwrap_or(0))).await
}
