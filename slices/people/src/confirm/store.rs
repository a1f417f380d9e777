//! SQL of addresses that wait to be confirmed.
use base::{Conn, Result, Tx, sql};

/// An address that waits.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Waiting {
    pub account_id: i64,
    pub email: String,
    /// The account stays outside until then.
    pub joins: bool,
    /// Hash of the code, once it was sent.
    pub hash: Option<String>,
    pub ends_at: i64,
}

/// Sets the address that an account waits for; a code that was sent before no longer works.
pub(super) async fn put(tx: &mut Tx, account_id: i64, email: &str, joins: bool, now: i64, ends_at: i64) -> Result<u64> {
    tx.run(sql!(
        "insert into people_confirm (account_id, email, joins, sent_at, ends_at) values ($1, $2, $3, $4, $5)
         on conflict (account_id) do update set email = excluded.email, joins = excluded.joins, hash = null,
             sent_at = excluded.sent_at, ends_at = excluded.ends_at",
        account_id,
        email,
        joins,
        now,
        ends_at
    ))
    .await
}

pub(crate) async fn find(conn: &mut Conn, account_id: i64) -> Result<Option<Waiting>> {
    conn.first(sql!("select account_id, email, joins, hash, ends_at from people_confirm where account_id = $1", account_id)).await
}

/// Gives the waiting address its code.
pub(super) async fn name(tx: &mut Tx, account_id: i64, hash: &str) -> Result<u64> {
    tx.run(sql!("update people_confirm set hash = $2 where account_id = $1", account_id, hash)).await
}

pub(crate) async fn remove(tx: &mut Tx, account_id: i64) -> Result<u64> {
    tx.run(sql!("delete from people_confirm where account_id = $1", account_id)).await
}

/// Accounts that stayed outside because their address was not confirmed since a moment.
pub(crate) async fn given_up(conn: &mut Conn, before: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = conn
        .all(sql!("select account_id from people_confirm where joins and sent_at < $1 order by account_id limit 500", before))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Drops addresses that an account wanted to change to and did not confirm.
pub(crate) async fn sweep(tx: &mut Tx, before: i64) -> Result<u64> {
    tx.run(sql!("delete from people_confirm where not joins and sent_at < $1", before)).await
}
