//! SQL of accounts.
use base::{Conn, Result, Tx, sql};

use super::{Login, NewAccount};

#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Account {
    pub id: i64,
    pub name: String,
    pub username: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub email_confirmed_at: Option<i64>,
    pub password_hash: String,
    pub status: String,
    pub created_at: i64,
}

impl Account {
    /// Enough of the login to recognise it in a list; the whole stands on the account's page, where
    /// looking is noted.
    pub(crate) fn hint(&self) -> String {
        if let Some(name) = &self.username {
            return name.clone();
        }
        if let Some(phone) = &self.phone {
            let end = phone.get(phone.len().saturating_sub(3)..).unwrap_or_default();
            return format!("{}…{end}", phone.get(..5).unwrap_or_default());
        }
        let Some((name, host)) = self.email.as_deref().and_then(|email| email.split_once('@')) else { return String::new() };
        format!("{}…@{host}", name.chars().next().unwrap_or_default())
    }
}

pub(super) async fn add(tx: &mut Tx, new: &NewAccount, hash: &str, now: i64) -> Result<i64> {
    tx.int(sql!(
        "insert into people_account (name, username, phone, email, password_hash, password_chars, status, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, 'active', $7, $7) returning id",
        &new.name,
        &new.username,
        &new.phone,
        &new.email,
        hash,
        chars(&new.password),
        now
    ))
    .await
}

fn chars(password: &str) -> i64 {
    i64::try_from(password.chars().count()).unwrap_or(0)
}

/// Notes how long a password is that was just typed and fits.
pub(crate) async fn note_chars(tx: &mut Tx, id: i64, chars: i64) -> Result<u64> {
    tx.run(sql!("update people_account set password_chars = $2 where id = $1 and password_chars <> $2", id, chars)).await
}

pub(super) async fn count(conn: &mut Conn) -> Result<i64> {
    conn.int(sql!("select count(*) as n from people_account where status <> 'deleted'")).await
}

pub(crate) async fn get(conn: &mut Conn, id: i64) -> Result<Option<Account>> {
    conn.first(sql!(
        "select id, name, username, phone, email, email_confirmed_at, password_hash, status, created_at from people_account where id = $1",
        id
    ))
    .await
}

pub(crate) async fn by_login(conn: &mut Conn, login: &Login) -> Result<Option<Account>> {
    conn.first(sql!(
        "select id, name, username, phone, email, email_confirmed_at, password_hash, status, created_at from people_account
         where username = $1 or phone = $2 or email = $3 order by id limit 1",
        &login.username,
        &login.phone,
        &login.email
    ))
    .await
}

pub(super) async fn rename(tx: &mut Tx, id: i64, name: &str, now: i64) -> Result<u64> {
    tx.run(sql!("update people_account set name = $2, updated_at = $3 where id = $1", id, name, now)).await
}

/// Gives an account another password; `password` is what `hash` was made of.
pub(crate) async fn set_password(tx: &mut Tx, id: i64, hash: &str, password: &str, now: i64) -> Result<u64> {
    tx.run(sql!(
        "update people_account set password_hash = $2, password_chars = $3, updated_at = $4 where id = $1",
        id,
        hash,
        chars(password),
        now
    ))
    .await
}

pub(crate) async fn set_status(tx: &mut Tx, id: i64, status: &str, now: i64) -> Result<u64> {
    tx.run(sql!("update people_account set status = $2, updated_at = $3 where id = $1 and status <> 'deleted'", id, status, now))
        .await
}

/// Makes an account that was joining a full one, unless its address waits to be confirmed; one that is active
/// or locked stays as it is.
pub(crate) async fn settle(tx: &mut Tx, id: i64, now: i64) -> Result<u64> {
    tx.run(sql!(
        "update people_account set status = 'active', updated_at = $2 where id = $1 and status = 'joining'
             and not exists (select 1 from people_confirm c where c.account_id = $1 and c.joins)",
        id,
        now
    ))
    .await
}

/// A page of accounts by id, newest first, whose name or login starts with `q` (all when empty).
pub(crate) async fn list(conn: &mut Conn, q: &str, before: i64, limit: i64) -> Result<Vec<Account>> {
    let login = Login::read(q);
    conn.all(sql!(
        "select id, name, username, phone, email, email_confirmed_at, password_hash, status, created_at from people_account
         where id < $1 and status <> 'deleted' and ($2 = '' or username = $3 or phone = $4 or email = $5
             or (lower(name) >= $2 and lower(name) < $6))
         order by id desc limit $7",
        before,
        q.to_lowercase(),
        &login.username,
        &login.phone,
        &login.email,
        format!("{}\u{10ffff}", q.to_lowercase()),
        limit
    ))
    .await
}

/// Sets the phone number or user name that `new` names; those it does not name stay. [`base::Error::Taken`]
/// when one is in use.
pub(crate) async fn set_login(tx: &mut Tx, id: i64, new: &NewAccount, now: i64) -> Result<u64> {
    tx.run(sql!(
        "update people_account set username = coalesce(cast($2 as text), username), phone = coalesce(cast($3 as text), phone),
            updated_at = $4
         where id = $1",
        id,
        &new.username,
        &new.phone,
        now
    ))
    .await
}

/// Sets an address that nobody has confirmed yet. [`base::Error::Taken`] when it is in use.
pub(crate) async fn set_email(tx: &mut Tx, id: i64, email: &str, now: i64) -> Result<u64> {
    tx.run(sql!("update people_account set email = $2, email_confirmed_at = null, updated_at = $3 where id = $1", id, email, now))
        .await
}

/// Sets an address that its owner has confirmed. [`base::Error::Taken`] when it is in use.
pub(crate) async fn confirm_email(tx: &mut Tx, id: i64, email: &str, now: i64) -> Result<u64> {
    tx.run(sql!("update people_account set email = $2, email_confirmed_at = $3, updated_at = $3 where id = $1", id, email, now))
        .await
}

/// Leaves of an account nothing but its number.
pub(crate) async fn erase(tx: &mut Tx, id: i64, name: &str, now: i64) -> Result<u64> {
    tx.run(sql!(
        "update people_account set name = $2, username = null, phone = null, email = null, email_confirmed_at = null,
             password_hash = '-', status = 'deleted', restricted_at = null, updated_at = $3 where id = $1",
        id,
        name,
        now
    ))
    .await
}
