//! Logging in and out.
use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::ctx::{self, SESSION_COOKIE};
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::{PER_CALLER, PER_PAIR, start, store};
use crate::account::{self, Login};

#[derive(Template)]
#[template(path = "session/login.html")]
struct LoginPage<'a> {
    key: String,
    errors: &'a Errors,
    login: &'a str,
    onward: &'a str,
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
    let template = LoginPage { key: ctx.kit.ids.token(), errors, login, onward };
    Ok(ctx.page(ctx.say("people-login-title"), &template)?.head(|head| head.private = true))
}

fn after(onward: &str) -> &str {
    if onward.is_empty() { "/meja" } else { ctx::local(onward) }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct LoginForm {
    masuk: String,
    sandi: String,
    lalu: String,
}

pub async fn log_in(ctx: Ctx, form: Form<LoginForm>) -> Result<Response> {
    let data = &form.data;
    let login = Login::read(&data.masuk);
    let now = ctx.now();
    let pair = web::hash(&format!("{} {}{}{}", ctx.client, login.username, login.phone, login.email));
    ctx.limits().count(PER_CALLER, &ctx.client, now).map_err(Error::TooMany)?;
    ctx.limits().count(PER_PAIR, &pair, now).map_err(Error::TooMany)?;
    let mut conn = ctx.kit.db.read().await?;
    let found = account::store::by_login(&mut conn, &login).await?;
    drop(conn);
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
    ctx.limits().forgive(PER_PAIR, &pair);
    tracing::info!(target: "simpul::login", outcome = "accepted", account = found.id, "login");
    let mut tx = ctx.kit.db.write().await?;
    if let Some(old) = ctx.who.as_ref().and_then(|who| who.session_id) {
        store::end(&mut tx, old).await?;
    }
    let secret = start(&mut tx, &ctx.kit, found.id).await?;
    // The answer carries a secret, so it is not kept for replay: logging in twice makes two sessions.
    ctx.commit_plain(tx).await?;
    let mut response = ctx::see_other(after(&data.lalu));
    ctx::set_cookie(&mut response, SESSION_COOKIE, &secret, Some(super::LONGEST / base::clock::SECOND));
    Ok(response)
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
