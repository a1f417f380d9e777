//! SQL of identities.
use base::{Conn, Result, Tx, sql};

/// A person of a provider, linked to an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Identity {
    pub id: i64,
    pub account_id: i64,
    pub provider: String,
    pub created_at: i64,
}

pub(crate) async fn find(conn: &mut Conn, provider: &str, subject: &str) -> Result<Option<Identity>> {
    conn.first(sql!(
        "select id, account_id, provider, created_at from people_identity where provider = $1 and subject = $2",
        provider,
        subject
    ))
    .await
}

/// Links an identity; [`base::Error::Taken`] when it belongs to another account.
pub(crate) async fn add(tx: &mut Tx, account_id: i64, provider: &str, subject: &str, now: i64) -> Result<u64> {
    tx.run(sql!(
        "insert into people_identity (account_id, provider, subject, created_at) values ($1, $2, $3, $4)",
        account_id,
        provider,
        subject,
        now
    ))
    .await
}

pub(crate) async fn used(tx: &mut Tx, id: i64, now: i64) -> Result<u64> {
    tx.run(sql!("update people_identity set used_at = $2 where id = $1", id, now)).await
}

/// The identities of an account, oldest first.
pub(crate) async fn of(conn: &mut Conn, account_id: i64) -> Result<Vec<Identity>> {
    conn.all(sql!(
        "select id, account_id, provider, created_at from people_identity where account_id = $1 order by id",
        account_id
    ))
    .await
}

pub(crate) async fn remove(tx: &mut Tx, account_id: i64, id: i64) -> Result<bool> {
    Ok(tx.run(sql!("delete from people_identity where id = $2 and account_id = $1", account_id, id)).await? == 1)
}

/// Unlinks every identity of an account.
pub(crate) async fn forget_all(tx: &mut Tx, account_id: i64) -> Result<u64> {
    tx.run(sql!("delete from people_identity where account_id = $1", account_id)).await
}
