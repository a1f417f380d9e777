//! The last step of every way to log in: a session, its cookie, and word to the owner when the device is new.
use axum::http::{HeaderMap, header};
use axum::response::Response;
use base::{Conn, Event, Tx};
use web::ctx::{self, SESSION_COOKIE};
use web::{Ctx, Result};

use super::{LONGEST, device, start, store};
use crate::factor;

/// Tells one browser from another for a year; says nothing else.
const DEVICE_COOKIE: &str = "__Host-perangkat";
const DEVICE_LIFE: i64 = 365 * 24 * 3600;

/// The secret of this browser, if it has one.
fn mark(headers: &HeaderMap) -> Option<String> {
    ctx::cookie(headers, DEVICE_COOKIE).filter(|secret| secret.len() == 32)
}

/// The hash of this browser's secret, if the account was entered with it before.
pub(super) async fn known(conn: &mut Conn, headers: &HeaderMap, account_id: i64) -> base::Result<Option<String>> {
    let Some(hash) = mark(headers).map(|secret| web::hash(&secret)) else { return Ok(None) };
    Ok(factor::store::knows_device(conn, account_id, &hash).await?.then_some(hash))
}

/// Starts a session in the transaction, commits, and puts the cookies on `response`. The answer carries a
/// secret, so it is not kept for replay: logging in twice makes two sessions.
pub(crate) async fn enter(ctx: &Ctx, mut tx: Tx, headers: &HeaderMap, account_id: i64, response: Response) -> Result<Response> {
    let mut response = response;
    if let Some(old) = ctx.who.as_ref().and_then(|who| who.session_id) {
        store::end(&mut tx, old).await?;
    }
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let label = device::label(agent);
    let mark = mark(headers).unwrap_or_else(|| ctx.kit.ids.token());
    let others = factor::store::devices(&mut tx, account_id).await?;
    let fresh = factor::store::meet_device(&mut tx, account_id, &web::hash(&mark), ctx.now()).await?;
    if fresh && others > 0 {
        tell(ctx, &mut tx, account_id, &label).await?;
    }
    let secret = start(&mut tx, &ctx.kit, account_id, &label).await?;
    ctx.commit_plain(tx).await?;
    ctx::set_cookie(&mut response, SESSION_COOKIE, &secret, Some(LONGEST / base::clock::SECOND));
    ctx::set_cookie(&mut response, DEVICE_COOKIE, &mark, Some(DEVICE_LIFE));
    Ok(response)
}

/// The event has no actor, because the owner must hear of it whoever it was.
async fn tell(ctx: &Ctx, tx: &mut Tx, account_id: i64, label: &str) -> Result<()> {
    let data = serde_json::json!({ "notify": [account_id], "notice": "people-notice-device" }).to_string();
    let title = if label.is_empty() { ctx.say("people-device-unknown") } else { label.to_owned() };
    let link = "/akun/keamanan".to_owned();
    tx.emit(Event { title, link, data, ..Event::new(ctx.now(), "people.session.begun", ("account", account_id)) }).await?;
    Ok(())
}
