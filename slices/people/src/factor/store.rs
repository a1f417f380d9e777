//! SQL of factors, recovery codes, steps and devices.
use base::{Conn, Result, Tx, sql};

use super::step::Step;

/// A factor of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Factor {
    pub id: i64,
    pub account_id: i64,
    /// `totp` or `passkey`.
    pub kind: String,
    pub name: String,
    /// The salt of the app's key, or the passkey as JSON.
    pub data: String,
    pub created_at: i64,
    pub used_at: Option<i64>,
}

/// A factor to be added.
pub(crate) struct New<'a> {
    pub kind: &'static str,
    pub name: &'a str,
    /// Id of a passkey.
    pub credential: Option<String>,
    pub data: &'a str,
    /// Steps up to this one are used.
    pub last_step: i64,
}

pub(crate) async fn add(tx: &mut Tx, account_id: i64, new: &New<'_>, now: i64) -> Result<i64> {
    tx.int(sql!(
        "insert into people_factor (account_id, kind, name, credential, data, last_step, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) returning id",
        account_id,
        new.kind,
        new.name,
        new.credential.as_deref(),
        new.data,
        new.last_step,
        now
    ))
    .await
}

/// The factors of an account, oldest first.
pub(crate) async fn of(conn: &mut Conn, account_id: i64) -> Result<Vec<Factor>> {
    conn.all(sql!(
        "select id, account_id, kind, name, data, created_at, used_at from people_factor where account_id = $1 order by id",
        account_id
    ))
    .await
}

/// The passkey of a credential id.
pub(crate) async fn by_credential(conn: &mut Conn, credential: &str) -> Result<Option<Factor>> {
    conn.first(sql!(
        "select id, account_id, kind, name, data, created_at, used_at from people_factor where credential = $1",
        credential
    ))
    .await
}

pub(crate) async fn remove(tx: &mut Tx, account_id: i64, id: i64) -> Result<bool> {
    Ok(tx.run(sql!("delete from people_factor where id = $2 and account_id = $1", account_id, id)).await? == 1)
}

/// Uses a time step; false when it, or a later one, was used.
pub(crate) async fn use_step(tx: &mut Tx, id: i64, step: i64, now: i64) -> Result<bool> {
    let used = tx
        .run(sql!("update people_factor set last_step = $2, used_at = $3 where id = $1 and last_step < $2", id, step, now))
        .await?;
    Ok(used == 1)
}

/// Notes the use of a passkey, whose counter may have grown.
pub(crate) async fn used(tx: &mut Tx, id: i64, data: &str, now: i64) -> Result<u64> {
    tx.run(sql!("update people_factor set data = $2, used_at = $3 where id = $1", id, data, now)).await
}

/// Takes every factor off an account.
pub(crate) async fn forget_all(tx: &mut Tx, account_id: i64) -> Result<u64> {
    forget_recovery(tx, account_id).await?;
    tx.run(sql!("delete from people_factor where account_id = $1", account_id)).await
}

pub(crate) async fn forget_recovery(tx: &mut Tx, account_id: i64) -> Result<u64> {
    tx.run(sql!("delete from people_recovery where account_id = $1", account_id)).await
}

pub(crate) async fn add_recovery(tx: &mut Tx, account_id: i64, hash: &str) -> Result<u64> {
    tx.run(sql!("insert into people_recovery (hash, account_id) values ($1, $2)", hash, account_id)).await
}

/// Uses a recovery code; false when there is none or it was used.
pub(crate) async fn use_recovery(tx: &mut Tx, account_id: i64, hash: &str, now: i64) -> Result<bool> {
    let used = tx
        .run(sql!(
            "update people_recovery set used_at = $3 where account_id = $1 and hash = $2 and used_at is null",
            account_id,
            hash,
            now
        ))
        .await?;
    Ok(used == 1)
}

/// Recovery codes that are left.
pub(crate) async fn recovery_left(conn: &mut Conn, account_id: i64) -> Result<i64> {
    conn.int(sql!("select count(*) as n from people_recovery where account_id = $1 and used_at is null", account_id)).await
}

pub(super) async fn add_step(
    tx: &mut Tx,
    hash: &str,
    kind: &str,
    account_id: Option<i64>,
    data: &str,
    ends_at: i64,
) -> Result<u64> {
    tx.run(sql!(
        "insert into people_step (hash, kind, account_id, data, ends_at) values ($1, $2, $3, $4, $5)",
        hash,
        kind,
        account_id,
        data,
        ends_at
    ))
    .await
}

pub(super) async fn step(conn: &mut Conn, hash: &str, kind: &str, now: i64) -> Result<Option<Step>> {
    conn.first(sql!("select account_id, data from people_step where hash = $1 and kind = $2 and ends_at > $3", hash, kind, now))
        .await
}

pub(super) async fn take_step(tx: &mut Tx, hash: &str, kind: &str, now: i64) -> Result<Option<Step>> {
    tx.first(sql!(
        "delete from people_step where hash = $1 and kind = $2 and ends_at > $3 returning account_id, data",
        hash,
        kind,
        now
    ))
    .await
}

/// Forgets what a person began and did not finish.
pub(crate) async fn end_steps(tx: &mut Tx, account_id: i64) -> Result<u64> {
    tx.run(sql!("delete from people_step where account_id = $1", account_id)).await
}

/// Forgets steps that nobody finished.
pub(crate) async fn sweep_steps(tx: &mut Tx, now: i64) -> Result<u64> {
    tx.run(sql!("delete from people_step where ends_at <= $1", now)).await
}

/// Notes a device; whether it is new to the account.
pub(crate) async fn meet_device(tx: &mut Tx, account_id: i64, hash: &str, now: i64) -> Result<bool> {
    let known =
        tx.run(sql!("update people_device set seen_at = $3 where account_id = $1 and hash = $2", account_id, hash, now)).await?;
    if known == 0 {
        tx.run(sql!("insert into people_device (account_id, hash, seen_at) values ($1, $2, $3)", account_id, hash, now)).await?;
    }
    Ok(known == 0)
}

/// Whether an account has used a device.
pub(crate) async fn knows_device(conn: &mut Conn, account_id: i64, hash: &str) -> Result<bool> {
    let n =
        conn.int(sql!("select count(*) as n from people_device where account_id = $1 and hash = $2", account_id, hash)).await?;
    Ok(n > 0)
}

/// How many devices an account has used.
pub(crate) async fn devices(conn: &mut Conn, account_id: i64) -> Result<i64> {
    conn.int(sql!("select count(*) as n from people_device where account_id = $1", account_id)).await
}
