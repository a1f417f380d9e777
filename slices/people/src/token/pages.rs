//! Issuing and revoking one's own tokens.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Result, filters};

use super::{SCOPES, store};

#[derive(Template)]
#[template(path = "token/issued.html")]
struct Issued<'a> {
    name: &'a str,
    secret: &'a str,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct TokenForm {
    token: String,
}

pub async fn issue(ctx: Ctx, form: Form<TokenForm>) -> Result<Response> {
    let account_id = ctx.actor()?.account_id;
    let editor = ctx.actor()?.holds(crate::roles::EDITORS);
    if !editor || ctx.who.as_ref().is_some_and(|who| who.scopes.is_some()) {
        return Err(Error::Forbidden);
    }
    if let Some(detour) = crate::factor::prove::detour(&ctx, "/akun") {
        return Ok(detour);
    }
    let mut errors = Errors::default();
    errors.text(&form.data.token, "token", "people-token-name-empty", 60);
    errors.done()?;
    let mut tx = ctx.kit.db.write().await?;
    let secret = super::issue(&mut tx, &ctx.kit, account_id, form.data.token.trim(), SCOPES, super::LASTS).await?;
    // Not kept for replay: the secret is shown once and stored nowhere.
    ctx.commit_plain(tx).await?;
    let page = Issued { name: &form.data.token, secret: &secret };
    Ok(ctx.page(ctx.say("people-token-issued"), &page)?.head(|head| head.private = true).into_response())
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn revoke(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let account_id = ctx.actor()?.account_id;
    let mut tx = ctx.kit.db.write().await?;
    if !store::revoke(&mut tx, account_id, id, ctx.now()).await? {
        return Err(Error::Missing);
    }
    ctx.commit(tx, &form, ctx.onward("/akun", "people-token-revoked")).await
}
