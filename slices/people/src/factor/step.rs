//! A step between two requests of one person, such as "password fits, code is missing": kept under the hash
//! of a cookie, for ten minutes, used once.
use axum::http::HeaderMap;
use axum::response::Response;
use base::clock::MINUTE;
use base::{Conn, Kit, Result, Tx};
use web::ctx;

use super::store;

/// The cookie that names a step. A passkey that is tried and given up leaves the others as they were.
fn cookie(kind: &str) -> &'static str {
    if kind.starts_with("passkey") { "__Host-kunci" } else { "__Host-langkah" }
}

const LIFE: i64 = 10 * MINUTE;

/// What waits to be finished.
#[derive(sqlx::FromRow)]
pub(crate) struct Step {
    pub account_id: Option<i64>,
    pub data: String,
}

/// Begins a step; give the secret to [`remember`].
pub(crate) async fn begin(tx: &mut Tx, kit: &Kit, kind: &str, account_id: Option<i64>, data: &str) -> Result<String> {
    let secret = kit.ids.token();
    store::add_step(tx, &web::hash(&secret), kind, account_id, data, kit.clock.now() + LIFE).await?;
    Ok(secret)
}

/// Puts the step's cookie on an answer.
pub(crate) fn remember(response: &mut Response, kind: &str, secret: &str) {
    ctx::set_cookie(response, cookie(kind), secret, Some(LIFE / base::clock::SECOND));
}

/// Takes the cookie away.
pub(crate) fn forget(response: &mut Response, kind: &str) {
    ctx::set_cookie(response, cookie(kind), "", Some(0));
}

fn hash(headers: &HeaderMap, kind: &str) -> String {
    ctx::cookie(headers, cookie(kind)).map(|secret| web::hash(&secret)).unwrap_or_default()
}

/// The step of this browser, if there is one of this kind.
pub(crate) async fn look(conn: &mut Conn, headers: &HeaderMap, kind: &str, now: i64) -> Result<Option<Step>> {
    store::step(conn, &hash(headers, kind), kind, now).await
}

/// Takes the step: nobody else gets it.
pub(crate) async fn take(tx: &mut Tx, headers: &HeaderMap, kind: &str, now: i64) -> Result<Option<Step>> {
    store::take_step(tx, &hash(headers, kind), kind, now).await
}
