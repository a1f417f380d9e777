//! The pages of someone who lost a password, and the slip of the operator.
use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use base::Event;
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Result, ctx, filters};

use super::{ASKED, TRIED, plain, store};
use crate::account::{self, Login, store as accounts};
use crate::factor::prove;
use crate::{confirm, session, token};

/// Holds the secret of a link, so that it leaves the address.
const COOKIE: &str = "__Host-sandi";

#[derive(Template)]
#[template(path = "reset/lost.html")]
struct LostPage<'a> {
    key: String,
    errors: &'a Errors,
    /// This site sends mail.
    mail: bool,
}

fn private<T: Template>(ctx: &Ctx, title: &str, page: &T, errors: &Errors) -> Result<Response> {
    let page = ctx.page(ctx.say(title), page)?.head(|head| head.private = true);
    Ok(if errors.is_empty() { page } else { page.invalid() }.into_response())
}

/// Where someone who lost the password begins.
pub async fn lost(ctx: Ctx) -> Result<Response> {
    lost_page(&ctx, &Errors::default())
}

fn lost_page(ctx: &Ctx, errors: &Errors) -> Result<Response> {
    let page = LostPage { key: ctx.kit.ids.token(), errors, mail: ctx.kit.config.mail.is_on() };
    private(ctx, "people-reset-title", &page, errors)
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct LostForm {
    email: String,
}

/// Sends a link, if there is an account with this address. The answer is the same when there is none.
pub async fn ask(ctx: Ctx, form: Form<LostForm>) -> Result<Response> {
    ctx.limits().count(ASKED, &ctx.client, ctx.now()).map_err(Error::TooMany)?;
    let login = Login::read(&form.data.email);
    let mut errors = Errors::default();
    errors.check(!login.email.is_empty(), "email", "people-login-email");
    if !errors.is_empty() {
        return lost_page(&ctx, &errors);
    }
    let mut tx = ctx.kit.db.write().await?;
    let found = accounts::by_login(&mut tx, &login).await?.filter(|account| account::may_log_in(&account.status));
    super::ask(&ctx.kit, &mut tx, found.map(|account| account.id)).await?;
    ctx.commit(tx, &form, ctx.onward("/masuk", "people-reset-sent")).await
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct CodeForm {
    kode: String,
}

/// Opens a slip by the code on it.
pub async fn open_slip(ctx: Ctx, form: Form<CodeForm>) -> Result<Response> {
    ctx.limits().count(TRIED, &ctx.client, ctx.now()).map_err(Error::TooMany)?;
    let code = plain(&form.data.kode);
    let mut conn = ctx.kit.db.read().await?;
    if !store::opens(&mut conn, &web::hash(&code), ctx.now()).await? {
        let mut errors = Errors::default();
        errors.add("kode", "people-reset-code-wrong");
        return lost_page(&ctx, &errors);
    }
    Ok(onward(&code))
}

/// Takes the secret out of the address of a link.
pub async fn open_link(ctx: Ctx, Path(secret): Path<String>) -> Result<Response> {
    ctx.limits().count(TRIED, &ctx.client, ctx.now()).map_err(Error::TooMany)?;
    Ok(onward(&plain(&secret)))
}

fn onward(secret: &str) -> Response {
    let mut response = ctx::see_other("/atur-sandi");
    ctx::set_cookie(&mut response, COOKIE, secret, Some(super::LINK / base::clock::SECOND));
    response
}

#[derive(Template)]
#[template(path = "reset/new.html")]
struct NewPage<'a> {
    key: String,
    errors: &'a Errors,
}

fn secret(headers: &HeaderMap) -> String {
    ctx::cookie(headers, COOKIE).map(|secret| web::hash(&secret)).unwrap_or_default()
}

/// The form for the new password.
pub async fn form(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    if !store::opens(&mut conn, &secret(&headers), ctx.now()).await? {
        return Ok(ctx.onward_with("/lupa-sandi", "caution", "people-reset-late", &[]));
    }
    new_page(&ctx, &Errors::default())
}

fn new_page(ctx: &Ctx, errors: &Errors) -> Result<Response> {
    private(ctx, "people-reset-new", &NewPage { key: ctx.kit.ids.token(), errors }, errors)
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct NewForm {
    sandi: String,
}

/// Sets the password and ends every session and token. Logging in, with the second factor, comes next.
pub async fn set(ctx: Ctx, headers: HeaderMap, form: Form<NewForm>) -> Result<Response> {
    let mut errors = Errors::default();
    account::read_password(&form.data.sandi, "sandi", &mut errors);
    if !errors.is_empty() {
        return new_page(&ctx, &errors);
    }
    let hash = account::hash_password(&ctx.kit, &form.data.sandi).await?;
    let mut tx = ctx.kit.db.write().await?;
    let Some((id, via)) = store::take(&mut tx, &secret(&headers), ctx.now()).await? else {
        return Ok(ctx.onward_with("/lupa-sandi", "caution", "people-reset-late", &[]));
    };
    accounts::set_password(&mut tx, id, &hash, &form.data.sandi, ctx.now()).await?;
    session::store::end_all(&mut tx, id, None).await?;
    session::forget_ways(&mut tx, id, ctx.now()).await?;
    token::store::revoke_all(&mut tx, id, ctx.now()).await?;
    if via == "mail" {
        confirm::by_mail(&ctx, &mut tx, id).await?;
    }
    let data = serde_json::json!({ "notify": [id], "notice": "people-notice-reset" }).to_string();
    let link = "/akun/keamanan".to_owned();
    tx.emit(Event { data, link, ..Event::new(ctx.now(), "people.account.reset", ("account", id)) }).await?;
    let mut answer = ctx.onward("/masuk", "people-reset-done");
    ctx::set_cookie(&mut answer, COOKIE, "", Some(0));
    ctx.commit(tx, &form, answer).await
}

/// A slip to print: who it is for, the code, what to do with it.
#[derive(Template)]
#[template(path = "reset/slip.html")]
struct SlipPage<'a> {
    name: &'a str,
    code: String,
    address: String,
    ends_at: i64,
    back: &'a str,
}

/// The page of a slip that was just made for an account.
pub fn slip_page(ctx: &Ctx, name: &str, code: String, back: &str) -> Result<Response> {
    let page = SlipPage { name, code, address: ctx.absolute("/lupa-sandi"), ends_at: ctx.now() + super::SLIP, back };
    private(ctx, "people-slip-title", &page, &Errors::default())
}

#[derive(Deserialize)]
pub struct Nothing {}

/// A slip from the operator.
pub async fn operator_slip(ctx: Ctx, Path(id): Path<i64>, _form: Form<Nothing>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, &format!("/kelola/akun/{id}")) {
        return Ok(detour);
    }
    let mut tx = ctx.kit.db.write().await?;
    let account = accounts::get(&mut tx, id).await?.ok_or(Error::Missing)?;
    let code = super::slip(&ctx, &mut tx, id, None).await?;
    // Not kept for replay: the code is shown once.
    ctx.commit_plain(tx).await?;
    slip_page(&ctx, &account.name, code, &format!("/kelola/akun/{id}"))
}
