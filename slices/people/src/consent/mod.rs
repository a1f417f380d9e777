//! Consent: for each purpose of its own, in plain words, given and withdrawn with one button, and
//! provable. A new version of the words asks again. Other code asks [`holds`] or [`named`].
pub mod pages;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use base::{Conn, Event, Result, Tx};

/// What a person may agree to. The words are texts; a change of their meaning raises the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Name in the database and in forms.
    pub key: &'static str,
    pub version: i64,
    /// Key of its name.
    pub title: &'static str,
    /// Key of what is agreed to.
    pub text: &'static str,
    /// Key of what happens without.
    pub without: &'static str,
}

/// The name is shown with stories and on the page of the KIM.
pub const NAME: Purpose = Purpose {
    key: "nama",
    version: 1,
    title: "people-consent-name",
    text: "people-consent-name-text",
    without: "people-consent-name-without",
};
/// The phone number is shown on the page of the KIM.
pub const PHONE: Purpose = Purpose {
    key: "nomor",
    version: 1,
    title: "people-consent-phone",
    text: "people-consent-phone-text",
    without: "people-consent-phone-without",
};
/// Every purpose, in the order they are asked. Nothing is asked that no code looks at.
pub const ALL: &[Purpose] = &[NAME, PHONE];

pub fn parse(key: &str) -> Option<Purpose> {
    ALL.iter().copied().find(|purpose| purpose.key == key)
}

/// The last word of a person about a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Never asked, or never answered.
    None,
    /// Agreed to the words as they stand now.
    Given(i64),
    /// Agreed to older words: it must be asked again.
    Outdated(i64),
    Withdrawn(i64),
}

/// The last word of a person about each purpose.
pub(crate) async fn words(conn: &mut Conn, account_id: i64) -> Result<Vec<(Purpose, Word)>> {
    let mut all = Vec::new();
    for purpose in ALL.iter().copied() {
        let word = match store::last(conn, account_id, purpose.key).await? {
            None => Word::None,
            Some(last) if !last.given => Word::Withdrawn(last.at),
            Some(last) if last.version == purpose.version => Word::Given(last.at),
            Some(last) => Word::Outdated(last.at),
        };
        all.push((purpose, word));
    }
    Ok(all)
}

/// Whether a person agrees to a purpose in its present words.
pub async fn holds(conn: &mut Conn, account_id: i64, purpose: Purpose) -> Result<bool> {
    let last = store::last(conn, account_id, purpose.key).await?;
    Ok(last.is_some_and(|last| last.given && last.version == purpose.version) && store::open(conn, account_id).await?)
}

/// Which of these people may be named to everyone: those who agreed, are still here, and have not
/// restricted the use of their data.
pub async fn named(conn: &mut Conn, ids: &[i64]) -> Result<HashSet<i64>> {
    let mut named = HashSet::new();
    for id in ids {
        if holds(conn, *id, NAME).await? {
            named.insert(*id);
        }
    }
    Ok(named)
}

/// Writes that a person agrees or no longer agrees; `form` says where. Saying the same twice writes once.
pub async fn say(tx: &mut Tx, account_id: i64, purpose: Purpose, given: bool, form: &str, now: i64) -> Result<()> {
    let last = store::last(tx, account_id, purpose.key).await?;
    let same = match last {
        Some(last) => last.given == given && (last.version == purpose.version || !given),
        None => !given,
    };
    if same {
        return Ok(());
    }
    store::add(tx, account_id, purpose, given, form, now).await?;
    let kind = if given { "people.consent.given" } else { "people.consent.withdrawn" };
    let event = Event {
        actor_id: Some(account_id),
        data: serde_json::json!({ "purpose": purpose.key, "version": purpose.version }).to_string(),
        ..Event::new(now, kind, ("account", account_id))
    };
    tx.emit(event).await
}

/// Writes the purposes that a new account agrees to; others are not touched.
pub async fn agree(tx: &mut Tx, account_id: i64, keys: &[String], form: &str, now: i64) -> Result<()> {
    for purpose in ALL.iter().copied().filter(|purpose| keys.iter().any(|key| key == purpose.key)) {
        say(tx, account_id, purpose, true, form, now).await?;
    }
    Ok(())
}

/// Withdraws everything a person agreed to.
pub async fn withdraw_all(tx: &mut Tx, account_id: i64, form: &str, now: i64) -> Result<()> {
    for purpose in ALL.iter().copied() {
        say(tx, account_id, purpose, false, form, now).await?;
    }
    Ok(())
}
