//! A step between two requests of one person, such as "password fits, code is missing": kept under the hash
//! of a cookie, for ten minutes, used once.
use axum::http::HeaderMap;
use axum::response::Response;
use base::clock::MINUTE;
use base::{Conn, Kit, Result, Tx};
use web::ctx;

use super::store;

/// The cookie that names the step.
const COOKIE: &str = "__Host-langkah";
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
pub(crate) fn remember(response: &mut Response, secret: &str) {
    ctx::set_cookie(response, COOKIE, secret, Some(LIFE / base::clock::SECOND));
}

/// Takes the cookie away.
pub(crate) fn forget(response: &mut Response) {
    ctx::set_cookie(response, COOKIE, "", Some(0));
}

fn hash(headers: &HeaderMap) -> String {
    ctx::cookie(headers, COOKIE).map(|secret| web::hash(&secret)).unwrap_or_default()
}

/// The step of this browser, if there is one of this kind.
pub(crate) async fn look(conn: &mut Conn, headers: &HeaderMap, kind: &str, now: i64) -> Result<Option<Step>> {
    store::step(conn, &hash(headers), kind, now).await
}

/// Takes the step: nobody else gets it.
pub(crate) async fn take(tx: &mut Tx, headers: &HeaderMap, kind: &str, now: i64) -> Result<Option<Step>> {
    store::take_step(tx, &hash(headers), kind, now).await
}
