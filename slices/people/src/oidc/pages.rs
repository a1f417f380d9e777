//! Going to a provider and coming back; linking and unlinking.
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Event, Tx};
use serde::Deserialize;
use web::{Ctx, Error, Form, Result, ctx};

use super::client::{self, Journey};
use super::{find, store};
use crate::account::{self, NewAccount, store as accounts};
use crate::factor::{self, prove, step};
use crate::invite;
use crate::session::enter::enter;
use crate::session::pages::after;
use crate::session::store as sessions;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    lalu: String,
    /// Comes to prove again who they are.
    bukti: String,
}

/// Sends the person to the provider: to log in, or, when logged in here, to link.
pub async fn go(ctx: Ctx, Path(name): Path<String>, Query(asked): Query<Asked>) -> Result<Response> {
    let provider = find(&ctx, &name).ok_or(Error::Missing)?;
    let proves = ctx.who.is_some() && !asked.bukti.is_empty();
    if ctx.who.is_some()
        && !proves
        && let Some(detour) = prove::detour(&ctx, "/akun/keamanan")
    {
        return Ok(detour);
    }
    let (address, journey) = match client::begin(&ctx, provider, &asked.lalu, proves).await {
        Ok(begun) => begun,
        Err(error) => {
            tracing::error!(provider = name, error = format!("{error:#}"), "asking a provider");
            return Ok(ctx.onward_with("/masuk", "caution", "people-oidc-away", &[("name", &provider.title)]));
        }
    };
    let data = serde_json::to_string(&journey).map_err(anyhow::Error::from)?;
    let mut tx = ctx.kit.db.write().await?;
    let secret = step::begin(&mut tx, &ctx.kit, "oidc", ctx.account_id(), &data).await?;
    ctx.commit_plain(tx).await?;
    // The one redirect that leaves this site: to the address that the operator's own provider named.
    let to = HeaderValue::from_str(&address).map_err(anyhow::Error::from)?;
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    step::remember(&mut response, "oidc", &secret);
    Ok(response)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Came {
    code: String,
    state: String,
}

fn failed(ctx: &Ctx) -> Response {
    let mut response = ctx.onward_with("/masuk", "caution", "people-oidc-failed", &[]);
    step::forget(&mut response, "oidc");
    response
}

/// Takes the person who comes back.
pub async fn back(ctx: Ctx, Path(name): Path<String>, Query(came): Query<Came>, headers: HeaderMap) -> Result<Response> {
    let provider = find(&ctx, &name).ok_or(Error::Missing)?;
    let mut tx = ctx.kit.db.write().await?;
    let Some(waiting) = step::take(&mut tx, &headers, "oidc", ctx.now()).await? else { return Ok(failed(&ctx)) };
    ctx.commit_plain(tx).await?;
    let journey: Journey = serde_json::from_str(&waiting.data).map_err(anyhow::Error::from)?;
    if journey.provider != provider.name || journey.state != came.state || waiting.account_id != ctx.account_id() {
        return Ok(failed(&ctx));
    }
    let person = match client::finish(&ctx, provider, &journey, &came.code).await {
        Ok(person) => person,
        Err(error) => {
            tracing::warn!(provider = name, error = format!("{error:#}"), "an identity was refused");
            return Ok(failed(&ctx));
        }
    };
    let invited = invite::pages::offered(&ctx, &headers).await?;
    let mut tx = ctx.kit.db.write().await?;
    let known = store::find(&mut tx, &provider.name, &person.subject).await?;
    if let Some(account_id) = waiting.account_id {
        if journey.proves {
            return prove(&ctx, tx, account_id, known, &journey.onward).await;
        }
        return link(&ctx, tx, account_id, provider, &person.subject, known).await;
    }
    let account_id = match known {
        Some(identity) => {
            store::used(&mut tx, identity.id, ctx.now()).await?;
            identity.account_id
        }
        None if provider.register => {
            let name = if person.name.trim().is_empty() {
                provider.title.clone()
            } else {
                person.name.trim().chars().take(80).collect()
            };
            let new = NewAccount { name, ..NewAccount::default() };
            let id = account::add_hashed(&mut tx, ctx.now(), &new, account::NO_PASSWORD).await?;
            store::add(&mut tx, id, &provider.name, &person.subject, ctx.now()).await?;
            // Who holds an invitation joins by it, whichever way they come.
            if let Some(invite) = invited {
                invite::pages::begin(&ctx, &mut tx, &invite, id).await?;
            }
            id
        }
        None => return Ok(ctx.onward_with("/masuk", "caution", "people-oidc-unknown", &[("name", &provider.title)])),
    };
    log_in(&ctx, tx, &headers, account_id, &journey.onward).await
}

/// A second factor of the account is asked here as after a password.
async fn log_in(ctx: &Ctx, mut tx: Tx, headers: &HeaderMap, account_id: i64, onward: &str) -> Result<Response> {
    let account = accounts::get(&mut tx, account_id).await?;
    if !account.is_some_and(|account| account::may_log_in(&account.status)) {
        return Ok(failed(ctx));
    }
    if !factor::store::of(&mut tx, account_id).await?.is_empty() {
        let secret = step::begin(&mut tx, &ctx.kit, "login", Some(account_id), onward).await?;
        ctx.commit_plain(tx).await?;
        let mut response = ctx::see_other("/masuk/kode");
        step::remember(&mut response, "login", &secret);
        return Ok(response);
    }
    tracing::info!(target: "simpul::login", outcome = "accepted by provider", account = account_id, "login");
    let mut response = ctx::see_other(after(onward));
    step::forget(&mut response, "oidc");
    enter(ctx, tx, headers, account_id, response).await
}

/// The person showed again that the linked identity is theirs.
async fn prove(ctx: &Ctx, mut tx: Tx, account_id: i64, known: Option<store::Identity>, onward: &str) -> Result<Response> {
    let session_id = ctx.who.as_ref().and_then(|who| who.session_id).ok_or(Error::Forbidden)?;
    if known.is_none_or(|identity| identity.account_id != account_id) {
        return Ok(ctx.onward_with("/akun/keamanan", "caution", "people-oidc-other", &[]));
    }
    // Whoever set up a second factor shows that instead.
    if !factor::store::of(&mut tx, account_id).await?.is_empty() {
        return Ok(ctx::see_other("/akun/buktikan"));
    }
    sessions::prove(&mut tx, session_id, ctx.now()).await?;
    ctx.commit_plain(tx).await?;
    let mut response = ctx::see_other(after(onward));
    step::forget(&mut response, "oidc");
    Ok(response)
}

async fn link(
    ctx: &Ctx,
    mut tx: Tx,
    account_id: i64,
    provider: &base::config::Provider,
    subject: &str,
    known: Option<store::Identity>,
) -> Result<Response> {
    match known {
        Some(identity) if identity.account_id == account_id => {}
        Some(_) => return Ok(ctx.onward_with("/akun/keamanan", "caution", "people-oidc-taken", &[])),
        None => {
            store::add(&mut tx, account_id, &provider.name, subject, ctx.now()).await?;
            note(ctx, &mut tx, account_id, "linked").await?;
        }
    }
    ctx.commit_plain(tx).await?;
    Ok(ctx.onward_with("/akun/keamanan", "positive", "people-oidc-linked", &[("name", &provider.title)]))
}

async fn note(ctx: &Ctx, tx: &mut Tx, account_id: i64, verb: &str) -> Result<()> {
    let event = Event::new(ctx.now(), &format!("people.identity.{verb}"), ("account", account_id));
    Ok(tx.emit(Event { actor_id: Some(account_id), ..event }).await?)
}

#[derive(Deserialize)]
pub struct Nothing {}

/// Unlinks an identity. The last way into an account stays.
pub async fn unlink(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, "/akun/keamanan") {
        return Ok(detour);
    }
    let account_id = ctx.actor()?.account_id;
    let mut tx = ctx.kit.db.write().await?;
    let account = accounts::get(&mut tx, account_id).await?.ok_or(Error::Missing)?;
    if !store::remove(&mut tx, account_id, id).await? {
        return Err(Error::Missing);
    }
    let passkey = factor::store::of(&mut tx, account_id).await?.iter().any(|factor| factor.kind == "passkey");
    let other = !store::of(&mut tx, account_id).await?.is_empty();
    if account.password_hash == account::NO_PASSWORD && !passkey && !other {
        return Err(Error::Conflict("people-factor-last"));
    }
    note(&ctx, &mut tx, account_id, "unlinked").await?;
    ctx.commit(tx, &form, ctx.onward("/akun/keamanan", "people-oidc-unlinked")).await
}
