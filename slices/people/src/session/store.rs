//! SQL of sessions.
use base::{Conn, Result, Tx, sql};

#[derive(sqlx::FromRow)]
pub(crate) struct Session {
    pub id: i64,
    pub account_id: i64,
    pub seen_at: i64,
    pub ends_at: i64,
    pub proved_at: i64,
    pub name: String,
    pub status: String,
    pub factors: i64,
    pub password_chars: i64,
    pub password_hash: String,
}

impl Session {
    pub(super) fn is_guarded(&self) -> bool {
        is_guarded(self.factors, self.password_chars, &self.password_hash)
    }
}

/// Whether an account has a second factor, and a long password or none at all.
pub(super) fn is_guarded(factors: i64, password_chars: i64, password_hash: &str) -> bool {
    factors > 0 && (password_chars >= crate::factor::LONG || password_hash == crate::account::NO_PASSWORD)
}

pub(super) async fn find(conn: &mut Conn, hash: &str) -> Result<Option<Session>> {
    conn.first(sql!(
        "select s.id, s.account_id, s.seen_at, s.ends_at, s.proved_at, a.name, a.status, a.password_chars, a.password_hash,
                (select count(*) from people_factor f where f.account_id = a.id) as factors
         from people_session s join people_account a on a.id = s.account_id where s.hash = $1",
        hash
    ))
    .await
}

pub(super) async fn add(tx: &mut Tx, hash: &str, account_id: i64, device: &str, now: i64, ends_at: i64) -> Result<u64> {
    tx.run(sql!(
        "insert into people_session (hash, account_id, device, created_at, seen_at, proved_at, ends_at)
         values ($1, $2, $3, $4, $4, $4, $5)",
        hash,
        account_id,
        device,
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

/// Notes that the person has proved again who they are.
pub(crate) async fn prove(tx: &mut Tx, id: i64, now: i64) -> Result<u64> {
    tx.run(sql!("update people_session set proved_at = $2 where id = $1", id, now)).await
}

/// Ends one session of a person; false when there is none.
pub(super) async fn end_one(tx: &mut Tx, account_id: i64, id: i64) -> Result<bool> {
    Ok(tx.run(sql!("delete from people_session where id = $2 and account_id = $1", account_id, id)).await? == 1)
}

/// A session as its owner sees it.
#[derive(sqlx::FromRow)]
pub(crate) struct Line {
    pub id: i64,
    pub device: String,
    pub created_at: i64,
    pub seen_at: i64,
}

/// The running sessions of a person, the last used first.
pub(crate) async fn list(conn: &mut Conn, account_id: i64, now: i64) -> Result<Vec<Line>> {
    conn.all(sql!(
        "select id, device, created_at, seen_at from people_session
         where account_id = $1 and ends_at > $2 and seen_at > $3 order by seen_at desc, id desc limit 50",
        account_id,
        now,
        now - super::IDLE
    ))
    .await
}

/// A session as its owner sees it in the copy of their data.
#[derive(sqlx::FromRow)]
pub(crate) struct Kept {
    pub device: String,
    pub created_at: i64,
    pub seen_at: i64,
    pub ends_at: i64,
}

/// The sessions of a person, newest first.
pub(crate) async fn of(conn: &mut Conn, account_id: i64) -> Result<Vec<Kept>> {
    conn.all(sql!(
        "select device, created_at, seen_at, ends_at from people_session where account_id = $1 order by id desc",
        account_id
    ))
    .await
}
