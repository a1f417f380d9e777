//! Passkeys (WebAuthn): adding one, and logging in with one alone. The browser's script talks JSON here.
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;
use uuid::Uuid;
use web::{Ctx, Error, Errors, Result};
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PasskeyRegistration};
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::store::{self, New};
use super::{prove, step};
use crate::account::{self, store as accounts};
use crate::invite::pages as invite;
use crate::session::enter::enter;
use crate::session::pages::after;
use crate::session::{PASSKEYS, REGISTRATIONS, store as sessions};

/// Most characters of the name a person gives a passkey.
const NAME_MOST: usize = 60;

fn webauthn(ctx: &Ctx) -> anyhow::Result<Webauthn> {
    let origin = Url::parse(&ctx.kit.config.base_url)?;
    let host = origin.domain().ok_or_else(|| anyhow::anyhow!("passkeys need a host name in SIMPUL_BASE_URL"))?;
    Ok(WebauthnBuilder::new(host, &origin)?.rp_name("Simpul").build()?)
}

/// The answer to a browser whose passkey did not fit.
fn refused(key: &'static str) -> Error {
    let mut errors = Errors::default();
    errors.add("", key);
    Error::Invalid(errors)
}

fn read<'a, T: Deserialize<'a>>(body: &'a Bytes) -> Result<T> {
    serde_json::from_slice(body).map_err(|_| refused("people-passkey-failed"))
}

/// Where the browser goes on to.
fn onward(to: &str) -> Result<Response> {
    web::json::answer(StatusCode::OK, &json!({ "to": to }))
}

/// Options for a new passkey that the device can find by itself, and what to keep until it answers.
fn begin(ctx: &Ctx, name: &str, known: &[Passkey]) -> Result<(serde_json::Value, PasskeyRegistration)> {
    let known = known.iter().map(|passkey| passkey.cred_id().clone()).collect();
    let handle = Uuid::from_bytes(ctx.kit.ids.bytes());
    let started = webauthn(ctx)?.start_passkey_registration(handle, name, name, Some(known));
    let (mut options, state) = started.map_err(|error| Error::Broken(error.into()))?;
    if let Some(wish) = &mut options.public_key.authenticator_selection {
        wish.resident_key = Some(ResidentKeyRequirement::Required);
        wish.require_resident_key = true;
    }
    Ok((serde_json::to_value(options).map_err(anyhow::Error::from)?, state))
}

/// The passkey that the device made, if it answers what was asked.
fn finish(ctx: &Ctx, credential: &RegisterPublicKeyCredential, state: &PasskeyRegistration) -> Result<Passkey> {
    webauthn(ctx)?.finish_passkey_registration(credential, state).map_err(|error| {
        tracing::info!(%error, "a passkey was refused");
        refused("people-passkey-failed")
    })
}

fn credential(id: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(id)
}

async fn keep(ctx: &Ctx, tx: &mut base::Tx, account_id: i64, name: &str, passkey: &Passkey) -> Result<()> {
    let data = serde_json::to_string(passkey).map_err(anyhow::Error::from)?;
    let new = New { kind: "passkey", name, credential: Some(credential(passkey.cred_id())), data: &data, last_step: 0 };
    match store::add(tx, account_id, &new, ctx.now()).await {
        Ok(_) => Ok(()),
        Err(base::Error::Taken(_)) => Err(refused("people-passkey-known")),
        Err(error) => Err(error.into()),
    }
}

/// An answer with options, and the cookie of the step they belong to.
async fn ask(
    ctx: &Ctx,
    kind: &str,
    account_id: Option<i64>,
    state: &impl Serialize,
    options: &impl Serialize,
) -> Result<Response> {
    let state = serde_json::to_string(state).map_err(anyhow::Error::from)?;
    let mut tx = ctx.kit.db.write().await?;
    let secret = step::begin(&mut tx, &ctx.kit, kind, account_id, &state).await?;
    ctx.commit_plain(tx).await?;
    let mut response = web::json::answer(StatusCode::OK, options)?;
    step::remember(&mut response, kind, &secret);
    Ok(response)
}

/// Takes the step that [`ask`] left.
async fn answer<T: for<'a> Deserialize<'a>>(
    ctx: &Ctx,
    tx: &mut base::Tx,
    headers: &HeaderMap,
    kind: &str,
) -> Result<(Option<i64>, T)> {
    let step = step::take(tx, headers, kind, ctx.now()).await?.ok_or_else(|| refused("people-passkey-late"))?;
    Ok((step.account_id, serde_json::from_str(&step.data).map_err(anyhow::Error::from)?))
}

fn passkeys(factors: &[store::Factor]) -> Vec<Passkey> {
    factors
        .iter()
        .filter(|factor| factor.kind == "passkey")
        .filter_map(|factor| serde_json::from_str(&factor.data).ok())
        .collect()
}

/// Options for one more passkey of one's own account.
pub async fn add_start(ctx: Ctx) -> Result<Response> {
    let actor = ctx.actor()?;
    if prove::detour(&ctx, "/akun/keamanan").is_some() {
        return Err(refused("people-passkey-prove"));
    }
    let mut conn = ctx.kit.db.read().await?;
    let known = passkeys(&store::of(&mut conn, actor.account_id).await?);
    drop(conn);
    let (options, state) = begin(&ctx, &actor.name, &known)?;
    ask(&ctx, "passkey-add", Some(actor.account_id), &state, &options).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Added {
    #[serde(default)]
    nama_kunci: String,
    credential: RegisterPublicKeyCredential,
}

/// Keeps the passkey that the device made.
pub async fn add(ctx: Ctx, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let who = ctx.who.as_ref().ok_or(Error::Login)?;
    let account_id = who.actor.account_id;
    let sent: Added = read(&body)?;
    let mut tx = ctx.kit.db.write().await?;
    let (owner, state) = answer::<PasskeyRegistration>(&ctx, &mut tx, &headers, "passkey-add").await?;
    if owner != Some(account_id) {
        return Err(Error::Forbidden);
    }
    let passkey = finish(&ctx, &sent.credential, &state)?;
    let name: String = sent.nama_kunci.trim().chars().take(NAME_MOST).collect();
    let name = if name.is_empty() { ctx.say("people-passkey") } else { name };
    keep(&ctx, &mut tx, account_id, &name, &passkey).await?;
    sessions::end_all(&mut tx, account_id, who.session_id).await?;
    super::pages::note(&ctx, &mut tx, "added").await?;
    ctx.commit_plain(tx).await?;
    onward("/akun/keamanan")
}

/// Options for logging in, whoever it may be.
pub async fn login_start(ctx: Ctx) -> Result<Response> {
    ctx.limits().count(PASSKEYS, &ctx.client, ctx.now()).map_err(Error::TooMany)?;
    let started = webauthn(&ctx)?.start_discoverable_authentication();
    let (options, state) = started.map_err(|error| Error::Broken(error.into()))?;
    ask(&ctx, "passkey-login", None, &state, &json!({ "publicKey": options.public_key })).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    #[serde(default)]
    lalu: String,
    credential: PublicKeyCredential,
}

/// Logs in with a passkey alone: the device has asked for the person's finger, face or code.
pub async fn login(ctx: Ctx, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let sent: Shown = read(&body)?;
    let mut tx = ctx.kit.db.write().await?;
    let (_, state) = answer::<DiscoverableAuthentication>(&ctx, &mut tx, &headers, "passkey-login").await?;
    let known = store::by_credential(&mut tx, &credential(sent.credential.get_credential_id())).await?;
    let factor = known.ok_or_else(|| refused("people-passkey-unknown"))?;
    let mut passkey: Passkey = serde_json::from_str(&factor.data).map_err(anyhow::Error::from)?;
    let result = webauthn(&ctx)?.finish_discoverable_authentication_v2(&sent.credential, state, &passkey).map_err(|error| {
        tracing::info!(target: "simpul::login", outcome = "refused passkey", account = factor.account_id, %error, "login");
        refused("people-passkey-failed")
    })?;
    let account = accounts::get(&mut tx, factor.account_id).await?;
    if !account.is_some_and(|account| account::may_log_in(&account.status)) {
        return Err(refused("people-passkey-unknown"));
    }
    passkey.update_credential(&result);
    let data = serde_json::to_string(&passkey).map_err(anyhow::Error::from)?;
    store::used(&mut tx, factor.id, &data, ctx.now()).await?;
    tracing::info!(target: "simpul::login", outcome = "accepted passkey", account = factor.account_id, "login");
    enter(&ctx, tx, &headers, factor.account_id, onward(after(&sent.lalu))?).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    nama: String,
    masuk: String,
    /// Purposes that the person agrees to.
    #[serde(default)]
    setuju: Vec<String>,
}

/// A registration that waits for its passkey.
#[derive(Serialize, Deserialize)]
struct Joining {
    nama: String,
    masuk: String,
    #[serde(default)]
    setuju: Vec<String>,
    state: PasskeyRegistration,
}

/// Checks name and login of someone who joins with a passkey, and gives the options for it.
pub async fn join_start(ctx: Ctx, body: Bytes) -> Result<Response> {
    let wish: Wish = read(&body)?;
    let mut errors = Errors::default();
    account::read_open(&wish.nama, &wish.masuk, &mut errors);
    errors.done()?;
    ctx.limits().count(REGISTRATIONS, &ctx.client, ctx.now()).map_err(Error::TooMany)?;
    let (options, state) = begin(&ctx, wish.nama.trim(), &[])?;
    let joining = Joining { nama: wish.nama, masuk: wish.masuk, setuju: wish.setuju, state };
    ask(&ctx, "passkey-join", None, &joining, &options).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Joined {
    #[serde(default)]
    lalu: String,
    credential: RegisterPublicKeyCredential,
}

/// Makes the account whose only way in is the passkey that the device made.
pub async fn join(ctx: Ctx, headers: HeaderMap, body: Bytes) -> Result<Response> {
    let sent: Joined = read(&body)?;
    // Who holds an invitation joins by it, whichever way they register.
    let invited = invite::offered(&ctx, &headers).await?;
    let mut tx = ctx.kit.db.write().await?;
    let (_, joining) = answer::<Joining>(&ctx, &mut tx, &headers, "passkey-join").await?;
    let passkey = finish(&ctx, &sent.credential, &joining.state)?;
    let mut errors = Errors::default();
    let new = account::read_open(&joining.nama, &joining.masuk, &mut errors);
    errors.done()?;
    let account_id = match account::add_hashed(&mut tx, ctx.now(), &new, account::NO_PASSWORD).await {
        Ok(id) => id,
        Err(base::Error::Taken(_)) => return Err(refused("people-login-taken")),
        Err(error) => return Err(error.into()),
    };
    keep(&ctx, &mut tx, account_id, &ctx.say("people-passkey"), &passkey).await?;
    crate::consent::agree(&mut tx, account_id, &joining.setuju, "/daftar/kunci", ctx.now()).await?;
    let held = crate::confirm::hold(&ctx, &mut tx, account_id, &new).await?;
    let to = match &invited {
        Some(invite) => {
            invite::begin(&ctx, &mut tx, invite, account_id).await?;
            invite::PATH
        }
        None if held => crate::confirm::PATH,
        None => after(&sent.lalu),
    };
    enter(&ctx, tx, &headers, account_id, onward(to)?.into_response()).await
}
