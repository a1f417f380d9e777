//! What the invited person sees: who invites them to what, then logging in or registering, accepting.
use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use base::Conn;
use serde::Deserialize;
use web::ctx;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::store::{self, Invite, Join};
use super::{Accepted, Standing};
use crate::consent::{self, Purpose};
use crate::session::{self, REGISTRATIONS};
use crate::{account, confirm, roles};

/// Holds the secret of an invitation while the person decides, so that it leaves the address.
const COOKIE: &str = "__Host-undangan";
/// How long it does so, in seconds.
const HELD: i64 = 30 * 60;
/// The page where joining is finished.
pub(crate) const PATH: &str = "/gabung";

/// Takes the secret out of the address. Looking at an invitation uses nothing up, so that the
/// previews of messengers do no harm.
pub async fn open(_ctx: Ctx, Path(secret): Path<String>) -> Response {
    let mut response = ctx::see_other(PATH);
    if secret.len() == 32 && secret.bytes().all(|b| b.is_ascii_alphanumeric()) {
        ctx::set_cookie(&mut response, COOKIE, &secret, Some(HELD));
    }
    response
}

/// An invitation in someone's hand, and how far they are with it.
struct Found {
    invite: Invite,
    join: Option<Join>,
}

/// The invitation that the browser holds, or the one that the account has not finished.
async fn find(ctx: &Ctx, conn: &mut Conn, headers: &HeaderMap) -> Result<Option<Found>> {
    let account = ctx.account_id();
    if let Some(secret) = ctx::cookie(headers, COOKIE)
        && let Some(invite) = store::by_hash(conn, &web::hash(&secret)).await?
    {
        let join = match account {
            Some(account) => store::join_of(conn, invite.id, account).await?,
            None => None,
        };
        return Ok(Some(Found { invite, join }));
    }
    let Some(account) = account else { return Ok(None) };
    let Some(join) = store::unfinished(conn, account).await? else { return Ok(None) };
    let invite = store::by_id(conn, join.invite_id).await?;
    Ok(invite.map(|invite| Found { invite, join: Some(join) }))
}

/// What the page can offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No invitation is at hand.
    Nothing,
    /// It cannot be accepted; the key says why.
    Shut(&'static str),
    Offered,
    Waits,
}

async fn state(ctx: &Ctx, conn: &mut Conn, found: Option<&Found>) -> Result<State> {
    let Some(Found { invite, join }) = found else { return Ok(State::Nothing) };
    match join.as_ref().map(|join| join.state.as_str()) {
        Some("waiting") => return Ok(State::Waits),
        Some("accepted") => return Ok(State::Shut("people-join-in")),
        Some("refused") => return Ok(State::Shut("people-join-no")),
        _ => {}
    }
    if ctx.account_id() == Some(invite.made_by) {
        return Ok(State::Shut("people-join-own"));
    }
    let standing = invite.standing(ctx.now());
    if standing != Standing::Open {
        return Ok(State::Shut(standing.reason()));
    }
    if !invite.many && !super::may_still(conn, invite.made_by, invite, ctx.now()).await? {
        return Ok(State::Shut("people-join-lapsed"));
    }
    Ok(State::Offered)
}

#[derive(Template)]
#[template(path = "invite/show.html")]
struct ShowPage {
    state: State,
    invite: Option<Invite>,
    /// Name of who is logged in.
    person: Option<String>,
    /// Whether the account came through an invitation and is still outside.
    joining: bool,
    key: String,
}

impl ShowPage {
    fn role(&self, invite: &Invite) -> &'static str {
        roles::key(&invite.role)
    }
}

pub async fn show(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    if let Some(account) = ctx.account_id()
        && confirm::store::find(&mut conn, account).await?.is_some_and(|waiting| waiting.joins)
    {
        return Ok(ctx::see_other(confirm::PATH));
    }
    let found = find(&ctx, &mut conn, &headers).await?;
    let state = state(&ctx, &mut conn, found.as_ref()).await?;
    drop(conn);
    let page = ShowPage {
        state,
        invite: found.map(|found| found.invite),
        person: ctx.who.as_ref().map(|who| who.actor.name.clone()),
        joining: ctx.who.as_ref().is_some_and(|who| who.joining),
        key: ctx.kit.ids.token(),
    };
    Ok(ctx.page(ctx.say("people-join-title"), &page)?.head(|head| head.private = true).into_response())
}

#[derive(Template)]
#[template(path = "invite/register.html")]
struct RegisterPage<'a> {
    key: String,
    errors: &'a Errors,
    data: &'a RegisterForm,
    invite: &'a Invite,
    purposes: &'static [Purpose],
    age: i64,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct RegisterForm {
    nama: String,
    masuk: String,
    sandi: String,
    /// Purposes that the person agrees to.
    setuju: Vec<String>,
}

impl RegisterForm {
    fn agrees(&self, purpose: &Purpose) -> bool {
        self.setuju.iter().any(|key| key == purpose.key)
    }
}

fn register_page(ctx: &Ctx, invite: &Invite, errors: &Errors, data: &RegisterForm) -> Result<Page> {
    let age = ctx.kit.config.age_least;
    let page = RegisterPage { key: ctx.kit.ids.token(), errors, data, invite, purposes: consent::ALL, age };
    Ok(ctx.page(ctx.say("people-register-title"), &page)?.head(|head| {
        head.private = true;
        head.passkey = true;
    }))
}

/// Marks an account that was just made as one that joins by an invitation.
pub(crate) async fn begin(ctx: &Ctx, tx: &mut base::Tx, invite: &Invite, id: i64) -> Result<()> {
    account::store::set_status(tx, id, account::JOINING, ctx.now()).await?;
    store::start(tx, invite.id, id, ctx.now()).await?;
    Ok(())
}

/// The invitation that a stranger may register for; none leads back to the page that says why.
pub(crate) async fn offered(ctx: &Ctx, headers: &HeaderMap) -> Result<Option<Invite>> {
    if ctx.who.is_some() {
        return Ok(None);
    }
    let mut conn = ctx.kit.db.read().await?;
    let found = find(ctx, &mut conn, headers).await?;
    let state = state(ctx, &mut conn, found.as_ref()).await?;
    Ok(found.filter(|_| state == State::Offered).map(|found| found.invite))
}

pub async fn form(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    let Some(invite) = offered(&ctx, &headers).await? else { return Ok(ctx::see_other(PATH)) };
    let mut response = register_page(&ctx, &invite, &Errors::default(), &RegisterForm::default())?.into_response();
    // Filling in takes its time; the invitation stays at hand for as long again.
    if let Some(secret) = ctx::cookie(&headers, COOKIE) {
        ctx::set_cookie(&mut response, COOKIE, &secret, Some(HELD));
    }
    Ok(response)
}

pub async fn register(ctx: Ctx, headers: HeaderMap, form: Form<RegisterForm>) -> Result<Response> {
    let Some(invite) = offered(&ctx, &headers).await? else { return Ok(ctx::see_other(PATH)) };
    let data = &form.data;
    let mut errors = Errors::default();
    let new = account::read_new(&data.nama, &data.masuk, &data.sandi, &mut errors);
    if !errors.is_empty() {
        return Ok(register_page(&ctx, &invite, &errors, data)?.invalid().into_response());
    }
    ctx.limits().count(REGISTRATIONS, &ctx.client, ctx.now()).map_err(Error::TooMany)?;
    let hash = account::hash_password(&ctx.kit, &new.password).await?;
    let mut tx = ctx.kit.db.write().await?;
    let id = match account::add_hashed(&mut tx, ctx.now(), &new, &hash).await {
        Ok(id) => id,
        Err(base::Error::Taken(_)) => {
            drop(tx);
            errors.add("masuk", "people-login-taken");
            return Ok(register_page(&ctx, &invite, &errors, data)?.invalid().into_response());
        }
        Err(error) => return Err(error.into()),
    };
    begin(&ctx, &mut tx, &invite, id).await?;
    confirm::hold(&ctx, &mut tx, id, &new).await?;
    consent::agree(&mut tx, id, &data.setuju, "/gabung/daftar", ctx.now()).await?;
    let onward = ctx.onward_with(PATH, "positive", "people-join-registered", &[("name", &new.name)]);
    session::enter::enter(&ctx, tx, &headers, id, onward).await
}

#[derive(Deserialize)]
pub struct Nothing {}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct AcceptForm {
    dewasa: String,
}

pub async fn accept(ctx: Ctx, headers: HeaderMap, form: Form<AcceptForm>) -> Result<Response> {
    ctx.actor()?;
    let mut conn = ctx.kit.db.read().await?;
    let Some(found) = find(&ctx, &mut conn, &headers).await? else { return Ok(ctx::see_other(PATH)) };
    match state(&ctx, &mut conn, Some(&found)).await? {
        State::Offered => {}
        State::Shut(key) => return Err(Error::Conflict(key)),
        State::Waits | State::Nothing => return Ok(ctx::see_other(PATH)),
    }
    drop(conn);
    if found.invite.is_for_adults() && form.data.dewasa.is_empty() {
        return Ok(ctx.onward_with(PATH, "caution", "people-join-adult-needed", &[]));
    }
    let mut tx = ctx.kit.db.write().await?;
    let outcome = super::accept(&ctx, &mut tx, &found.invite).await?;
    let title: &str = &found.invite.title;
    let mut answer = match outcome {
        Accepted::In => ctx.onward_with("/meja", "positive", "people-join-done", &[("title", title)]),
        Accepted::Waits => ctx.onward_with(PATH, "positive", "people-join-asked", &[("title", title)]),
    };
    ctx::set_cookie(&mut answer, COOKIE, "", Some(0));
    ctx.commit(tx, &form, answer).await
}

/// Gives up joining, or puts an invitation aside. An account made for it becomes a resident's.
pub async fn withdraw(ctx: Ctx, form: Form<Nothing>) -> Result<Response> {
    ctx.actor()?;
    let mut tx = ctx.kit.db.write().await?;
    super::withdraw(&ctx, &mut tx).await?;
    let mut answer = ctx.onward("/meja", "people-join-left");
    ctx::set_cookie(&mut answer, COOKIE, "", Some(0));
    ctx.commit(tx, &form, answer).await
}
