//! Builders for the tests of this and later slices.
#![allow(clippy::expect_used, reason = "builders of tests")]
use base::Kit;
use base::authz::{Role, Scope};

use crate::account::NewAccount;
use crate::{account, consent, grant, session};

/// Makes an account that agrees to be named, with grants and a running session. Returns its id and the cookie value for
/// `__Host-simpul`. No password is hashed, so that tests stay quick.
pub async fn person(kit: &Kit, name: &str, grants: &[(Role, Scope)]) -> (i64, String) {
    let mut tx = kit.db.write().await.expect("a transaction");
    let username = format!("uji-{}", kit.ids.short());
    let new = NewAccount { name: name.into(), username: Some(username), ..NewAccount::default() };
    let id = account::add_hashed(&mut tx, kit.clock.now(), &new, "-").await.expect("an account");
    for (role, scope) in grants {
        grant::give(&mut tx, id, *role, scope, None, kit.clock.now(), None).await.expect("a grant");
    }
    consent::say(&mut tx, id, consent::NAME, true, "uji", kit.clock.now()).await.expect("a consent");
    let secret = session::start(&mut tx, kit, id, "Uji").await.expect("a session");
    tx.commit().await.expect("a commit");
    (id, secret)
}

/// A new session of an account whose last one ran out. Returns the cookie value.
pub async fn again(kit: &Kit, account_id: i64) -> String {
    let mut tx = kit.db.write().await.expect("a transaction");
    let secret = session::start(&mut tx, kit, account_id, "Uji").await.expect("a session");
    tx.commit().await.expect("a commit");
    secret
}

/// Puts an account back to before it was let in.
pub async fn joining(kit: &Kit, account_id: i64) {
    let mut tx = kit.db.write().await.expect("a transaction");
    account::store::set_status(&mut tx, account_id, account::JOINING, kit.clock.now()).await.expect("a status");
    tx.commit().await.expect("a commit");
}

/// An API token of an account.
pub async fn token(kit: &Kit, account_id: i64, scopes: &[&str]) -> String {
    let mut tx = kit.db.write().await.expect("a transaction");
    let secret = crate::token::issue(&mut tx, kit, account_id, "uji", scopes, crate::token::LASTS).await.expect("a token");
    tx.commit().await.expect("a commit");
    secret
}
