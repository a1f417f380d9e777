//! SQL of API tokens.
use base::{Conn, Result, Tx, sql};

#[derive(sqlx::FromRow)]
pub(crate) struct Found {
    pub account_id: i64,
    pub name: String,
    pub scopes: String,
    pub factors: i64,
    pub password_chars: i64,
    pub password_hash: String,
}

/// The owner of a token that is neither revoked nor over, if the account is active.
pub(crate) async fn find(conn: &mut Conn, hash: &str, now: i64) -> Result<Option<Found>> {
    conn.first(sql!(
        "select t.account_id, a.name, t.scopes, a.password_chars, a.password_hash,
                (select count(*) from people_factor f where f.account_id = a.id) as factors
         from people_token t join people_account a on a.id = t.account_id
         where t.hash = $1 and t.revoked_at is null and coalesce(t.ends_at, t.created_at + $3) > $2 and a.status = 'active'",
        hash,
        now,
        super::LASTS
    ))
    .await
}

pub(super) async fn add(
    tx: &mut Tx,
    hash: &str,
    account_id: i64,
    name: &str,
    scopes: &str,
    now: i64,
    ends_at: i64,
) -> Result<u64> {
    tx.run(sql!(
        "insert into people_token (hash, account_id, name, scopes, created_at, ends_at) values ($1, $2, $3, $4, $5, $6)",
        hash,
        account_id,
        name,
        scopes,
        now,
        ends_at
    ))
    .await
}

#[derive(sqlx::FromRow)]
pub(crate) struct Token {
    pub id: i64,
    pub name: String,
    pub scopes: String,
    pub created_at: i64,
    pub ends_at: i64,
}

pub(crate) async fn list(conn: &mut Conn, account_id: i64) -> Result<Vec<Token>> {
    conn.all(sql!(
        "select id, name, scopes, created_at, coalesce(ends_at, created_at + $2) as ends_at
         from people_token where account_id = $1 and revoked_at is null order by id desc",
        account_id,
        super::LASTS
    ))
    .await
}

/// Revokes one token of a person; false when there is none.
pub(super) async fn revoke(tx: &mut Tx, account_id: i64, id: i64, now: i64) -> Result<bool> {
    let done = tx
        .run(sql!(
            "update people_token set revoked_at = $3 where id = $2 and account_id = $1 and revoked_at is null",
            account_id,
            id,
            now
        ))
        .await?;
    Ok(done == 1)
}

pub(crate) async fn revoke_all(tx: &mut Tx, account_id: i64, now: i64) -> Result<u64> {
    tx.run(sql!("update people_token set revoked_at = $2 where account_id = $1 and revoked_at is null", account_id, now)).await
}

/// Deletes every token of a person.
pub(crate) async fn forget(tx: &mut Tx, account_id: i64) -> Result<u64> {
    tx.run(sql!("delete from people_token where account_id = $1", account_id)).await
}
