//! Logging in and out.
use askama::Template;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::ctx::{self, SESSION_COOKIE};
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::enter::{enter, known};
use super::{PER_CALLER, PER_DEVICE, PER_PAIR, store};
use crate::account::{self, Login};
use crate::factor::{self, step};
use crate::oidc;

#[derive(Template)]
#[template(path = "session/login.html")]
struct LoginPage<'a> {
    key: String,
    errors: &'a Errors,
    login: &'a str,
    onward: &'a str,
    providers: Vec<&'a base::config::Provider>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    /// Where to go afterwards.
    lalu: String,
}

pub async fn form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response> {
    if ctx.who.is_some() {
        return Ok(ctx::see_other(after(&asked.lalu)));
    }
    Ok(page(&ctx, &Errors::default(), "", &asked.lalu)?.into_response())
}

fn page(ctx: &Ctx, errors: &Errors, login: &str, onward: &str) -> Result<Page> {
    let template = LoginPage { key: ctx.kit.ids.token(), errors, login, onward, providers: oidc::offered(ctx) };
    Ok(ctx.page(ctx.say("people-login-title"), &template)?.head(|head| {
        head.private = true;
        head.passkey = true;
    }))
}

pub(crate) fn after(onward: &str) -> &str {
    if onward.is_empty() { "/meja" } else { ctx::local(onward) }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct LoginForm {
    masuk: String,
    sandi: String,
    lalu: String,
}

pub async fn log_in(ctx: Ctx, headers: HeaderMap, form: Form<LoginForm>) -> Result<Response> {
    let data = &form.data;
    let login = Login::read(&data.masuk);
    let now = ctx.now();
    let mut conn = ctx.kit.db.read().await?;
    let found = account::store::by_login(&mut conn, &login).await?;
    let own_device = match &found {
        Some(found) => known(&mut conn, &headers, found.id).await?.map(|device| format!("{device} {}", found.id)),
        None => None,
    };
    drop(conn);
    let (limit, key) = match own_device {
        Some(key) => (PER_DEVICE, key),
        None => {
            ctx.limits().count(PER_CALLER, &ctx.client, now).map_err(Error::TooMany)?;
            (PER_PAIR, web::hash(&format!("{} {}{}{}", ctx.client, login.username, login.phone, login.email)))
        }
    };
    ctx.limits().count(limit, &key, now).map_err(Error::TooMany)?;
    let fits = match &found {
        Some(found) => account::check_password(&data.sandi, &found.password_hash).await?,
        None => {
            account::pretend(&ctx.kit, &data.sandi).await?;
            false
        }
    };
    let Some(found) = found.filter(|found| fits && account::may_log_in(&found.status)) else {
        tracing::info!(target: "simpul::login", outcome = "refused", "login");
        let mut errors = Errors::default();
        errors.add("masuk", "people-login-refused");
        return Ok(page(&ctx, &errors, &data.masuk, &data.lalu)?.invalid().into_response());
    };
    ctx.limits().forgive(limit, &key);
    let mut tx = ctx.kit.db.write().await?;
    // Accounts older than this count learn it when the password is typed.
    let chars = i64::try_from(data.sandi.chars().count()).unwrap_or(0);
    account::store::note_chars(&mut tx, found.id, chars).await?;
    if !factor::store::of(&mut tx, found.id).await?.is_empty() {
        let secret = step::begin(&mut tx, &ctx.kit, "login", Some(found.id), &data.lalu).await?;
        ctx.commit_plain(tx).await?;
        let mut response = ctx::see_other("/masuk/kode");
        step::remember(&mut response, "login", &secret);
        return Ok(response);
    }
    tracing::info!(target: "simpul::login", outcome = "accepted", account = found.id, "login");
    enter(&ctx, tx, &headers, found.id, ctx::see_other(after(&data.lalu))).await
}

#[derive(Template)]
#[template(path = "session/code.html")]
struct CodePage<'a> {
    key: String,
    errors: &'a Errors,
    onward: &'a str,
    app: bool,
    passkey: bool,
}

/// After the password, the second factor.
pub async fn code_form(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    code_page(&ctx, &headers, &Errors::default()).await
}

async fn code_page(ctx: &Ctx, headers: &HeaderMap, errors: &Errors) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let Some(waiting) = step::look(&mut conn, headers, "login", ctx.now()).await? else { return Ok(ctx::see_other("/masuk")) };
    let account_id = waiting.account_id.ok_or(Error::Missing)?;
    let factors = factor::store::of(&mut conn, account_id).await?;
    let has = |kind: &str| factors.iter().any(|factor| factor.kind == kind);
    let page = CodePage { key: ctx.kit.ids.token(), errors, onward: &waiting.data, app: has("totp"), passkey: has("passkey") };
    let page = ctx.page(ctx.say("people-code-title"), &page)?.head(|head| {
        head.private = true;
        head.passkey = true;
    });
    Ok(if errors.is_empty() { page } else { page.invalid() }.into_response())
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct CodeForm {
    kode: String,
}

/// Logs in with a code of the app or a recovery code.
pub async fn code(ctx: Ctx, headers: HeaderMap, form: Form<CodeForm>) -> Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    let Some(waiting) = step::look(&mut tx, &headers, "login", ctx.now()).await? else {
        return Ok(ctx.onward_with("/masuk", "caution", "people-code-late", &[]));
    };
    let Some(account_id) = waiting.account_id else { return Err(Error::Missing) };
    let account = account::store::get(&mut tx, account_id).await?.filter(|account| account::may_log_in(&account.status));
    if account.is_none() || !factor::accept(&ctx, &mut tx, account_id, &form.data.kode).await? {
        drop(tx);
        tracing::info!(target: "simpul::login", outcome = "wrong code", account = account_id, "login");
        let mut errors = Errors::default();
        errors.add("kode", "people-code-wrong");
        return code_page(&ctx, &headers, &errors).await;
    }
    step::take(&mut tx, &headers, "login", ctx.now()).await?;
    tracing::info!(target: "simpul::login", outcome = "accepted with code", account = account_id, "login");
    let mut response = ctx::see_other(after(&waiting.data));
    step::forget(&mut response, "login");
    enter(&ctx, tx, &headers, account_id, response).await
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn log_out(ctx: Ctx, _form: Form<Nothing>) -> Result<Response> {
    if let Some(id) = ctx.who.as_ref().and_then(|who| who.session_id) {
        let mut tx = ctx.kit.db.write().await?;
        store::end(&mut tx, id).await?;
        ctx.commit_plain(tx).await?;
    }
    let mut response = ctx.onward("/", "people-logged-out");
    ctx::set_cookie(&mut response, SESSION_COOKIE, "", Some(0));
    response.headers_mut().insert("clear-site-data", axum::http::HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
