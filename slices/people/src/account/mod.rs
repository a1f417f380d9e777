//! Accounts: a person with a name and a way to log in. Rules here; never a citizen number.
pub mod pages;
mod password;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use base::{Conn, Event, Kit, Result, Tx};
#[cfg(test)]
pub(crate) use password::CHECKED;
pub(crate) use password::{check as check_password, hash as hash_password, pretend};
use web::Errors;

/// Stands where the hash of a password would: the account logs in without one.
pub(crate) const NO_PASSWORD: &str = "-";
/// Made through an invitation and not yet accepted: it may read, finish joining, or leave.
pub(crate) const JOINING: &str = "joining";

/// Whether an account of this status may have sessions. What one that is joining may do with them
/// is up to the guard.
pub(crate) fn may_log_in(status: &str) -> bool {
    matches!(status, "active" | JOINING)
}

/// What a new account needs. Phone numbers are kept as `+62…`; names and addresses lower-case.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    pub name: String,
    pub username: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub password: String,
}

/// Adds an account that may log in at once; its maker answers for the address. [`base::Error::Taken`] when a
/// login name is in use.
pub async fn add(tx: &mut Tx, kit: &Kit, new: &NewAccount) -> Result<i64> {
    let hash = password::hash(kit, &new.password).await?;
    let id = add_hashed(tx, kit.clock.now(), new, &hash).await?;
    if let Some(email) = &new.email {
        store::confirm_email(tx, id, email, kit.clock.now()).await?;
    }
    Ok(id)
}

/// As [`add`], with the password already hashed, so that no transaction waits for the hashing.
pub(crate) async fn add_hashed(tx: &mut Tx, now: i64, new: &NewAccount, hash: &str) -> Result<i64> {
    let id = store::add(tx, new, hash, now).await?;
    let mut event = Event::new(now, "people.account.added", ("account", id));
    event.actor_id = Some(id);
    tx.emit(event).await?;
    Ok(id)
}

/// The account behind a user name, phone number or e-mail address as people type it.
pub async fn find_by_login(conn: &mut Conn, login: &str) -> Result<Option<i64>> {
    Ok(store::by_login(conn, &Login::read(login)).await?.map(|found| found.id))
}

/// How many accounts there are.
pub async fn count(conn: &mut Conn) -> Result<i64> {
    store::count(conn).await
}

/// Names by id.
pub async fn names(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let mut names = HashMap::new();
    for id in ids {
        if let Some(account) = store::get(conn, *id).await? {
            names.insert(*id, account.name);
        }
    }
    Ok(names)
}

/// Ways to name an account.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Login {
    pub username: String,
    pub phone: String,
    pub email: String,
}

impl Login {
    /// Reads what a person typed; only one of the three is set.
    pub(crate) fn read(typed: &str) -> Login {
        let typed = typed.trim();
        if typed.contains('@') {
            return Login { email: typed.to_lowercase(), ..Login::default() };
        }
        match phone(typed) {
            Some(phone) => Login { phone, ..Login::default() },
            None => Login { username: typed.to_lowercase(), ..Login::default() },
        }
    }
}

/// A mobile number as `+628…`, or none when it is not one. Nine to twelve digits follow `+62`.
pub fn phone(typed: &str) -> Option<String> {
    let kept: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    let digits = kept.strip_prefix('+').unwrap_or(&kept);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let national = digits.strip_prefix("62").or(digits.strip_prefix('0')).unwrap_or(digits);
    let fits = national.starts_with('8') && (9..=12).contains(&national.len());
    fits.then(|| format!("+62{national}"))
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    !name.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && text.len() <= 200
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control())
}

fn is_username(text: &str) -> bool {
    (3..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_'))
        && text.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
}

/// Reads a registration; problems go to `errors`.
pub(crate) fn read_new(name: &str, login: &str, password: &str, errors: &mut Errors) -> NewAccount {
    let new = read_open(name, login, errors);
    read_password(password, "sandi", errors);
    NewAccount { password: password.to_owned(), ..new }
}

/// Reads name and login of an account without a password.
pub(crate) fn read_open(name: &str, login: &str, errors: &mut Errors) -> NewAccount {
    errors.text(name, "nama", "people-name-empty", 80);
    let mut new = NewAccount { name: name.trim().to_owned(), ..NewAccount::default() };
    let login = Login::read(login);
    if !login.email.is_empty() {
        read_email(&login.email, "masuk", errors);
        new.email = Some(login.email);
    } else if !login.phone.is_empty() {
        new.phone = Some(login.phone);
    } else {
        errors.check(is_username(&login.username), "masuk", "people-login-name");
        new.username = Some(login.username);
    }
    new
}

/// An e-mail address, in small letters.
pub(crate) fn read_email(typed: &str, field: &str, errors: &mut Errors) -> String {
    let email = typed.trim().to_lowercase();
    errors.check(is_email(&email), field, "people-login-email");
    email
}

/// A password: at least 8 characters, at most 200, any characters, not known from breaches.
pub(crate) fn read_password(password: &str, field: &str, errors: &mut Errors) {
    let length = password.chars().count();
    if length < 8 {
        errors.add(field, "people-password-short");
    } else if password.len() > 800 || length > 200 {
        errors.add(field, "people-password-long");
    } else if password::is_breached(password) {
        errors.add(field, "people-password-breached");
    }
}

/// Reads a new account from a command line; the error is the key of the text that says what to mend.
pub fn read(name: &str, login: &str, password: &str) -> std::result::Result<NewAccount, &'static str> {
    let mut errors = Errors::default();
    let new = read_new(name, login, password, &mut errors);
    match errors.all().first() {
        Some(problem) => Err(problem.key),
        None => Ok(new),
    }
}

/// What is wrong with a password, as the key of the text that says it.
pub fn password_flaw(password: &str) -> Option<&'static str> {
    let mut errors = Errors::default();
    read_password(password, "sandi", &mut errors);
    errors.all().first().map(|problem| problem.key)
}

/// Gives an account another password and ends its sessions.
pub async fn reset(kit: &Kit, id: i64, password: &str) -> Result<()> {
    let hash = password::hash(kit, password).await?;
    let mut tx = kit.db.write().await?;
    store::set_password(&mut tx, id, &hash, password, kit.clock.now()).await?;
    crate::session::store::end_all(&mut tx, id, None).await?;
    crate::session::forget_ways(&mut tx, id, kit.clock.now()).await?;
    crate::token::store::revoke_all(&mut tx, id, kit.clock.now()).await?;
    tx.commit().await
}
