//! The page where the code from the letter is typed.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::ctx;
use web::{Ctx, Error, Errors, Form, Result, filters};

use super::store::{self, Waiting};
use super::{PATH, TRIED, begin, fits, settle};
use crate::account::{self, store as accounts};
use crate::reset::plain;
use crate::{invite, operator};

#[derive(Template)]
#[template(path = "confirm/show.html")]
struct ShowPage<'a> {
    key: String,
    errors: &'a Errors,
    email: &'a str,
    /// What was typed as the code.
    code: &'a str,
    /// What was typed as another address.
    other: &'a str,
    joins: bool,
}

/// The address that waits; for an address from before this site sent mail, one without a code.
async fn waiting(ctx: &Ctx) -> Result<Option<Waiting>> {
    let account_id = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    if let Some(waiting) = store::find(&mut conn, account_id).await? {
        return Ok(Some(waiting));
    }
    let account = accounts::get(&mut conn, account_id).await?.ok_or(Error::Missing)?;
    let open = account.email.filter(|_| account.email_confirmed_at.is_none() && ctx.kit.config.mail.is_on());
    Ok(open.map(|email| Waiting { account_id, email, joins: false, hash: None, ends_at: 0 }))
}

pub async fn show(ctx: Ctx) -> Result<Response> {
    match waiting(&ctx).await? {
        Some(waiting) => show_page(&ctx, &waiting, "", "", &Errors::default()),
        None => Ok(ctx::see_other("/akun")),
    }
}

fn show_page(ctx: &Ctx, waiting: &Waiting, code: &str, other: &str, errors: &Errors) -> Result<Response> {
    let page = ShowPage { key: ctx.kit.ids.token(), errors, email: &waiting.email, code, other, joins: waiting.joins };
    let page = ctx.page(ctx.say("people-confirm-title"), &page)?.head(|head| head.private = true);
    Ok(if errors.is_empty() { page } else { page.invalid() }.into_response())
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct CodeForm {
    kode: String,
}

pub async fn confirm(ctx: Ctx, form: Form<CodeForm>) -> Result<Response> {
    let Some(waiting) = waiting(&ctx).await? else { return Ok(ctx::see_other("/akun")) };
    ctx.limits().count(TRIED, &waiting.account_id.to_string(), ctx.now()).map_err(Error::TooMany)?;
    let mut errors = Errors::default();
    if !fits(&waiting, &plain(&form.data.kode), ctx.now()) {
        errors.add("kode", "people-confirm-wrong");
        return show_page(&ctx, &waiting, &form.data.kode, "", &errors);
    }
    let mut tx = ctx.kit.db.write().await?;
    match settle(&ctx, &mut tx, &waiting).await {
        Err(base::Error::Taken(_)) => {
            drop(tx);
            errors.add("email", "people-login-taken");
            return show_page(&ctx, &waiting, "", &waiting.email, &errors);
        }
        settled => settled?,
    }
    let to = match waiting.joins {
        true if invite::store::is_joining(&mut tx, waiting.account_id).await? => invite::pages::PATH,
        true => "/meja",
        false => "/akun",
    };
    ctx.commit(tx, &form, ctx.onward(to, "people-confirm-done")).await
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn again(ctx: Ctx, form: Form<Nothing>) -> Result<Response> {
    let Some(waiting) = waiting(&ctx).await? else { return Ok(ctx::see_other("/akun")) };
    let mut tx = ctx.kit.db.write().await?;
    begin(&ctx, &mut tx, waiting.account_id, &waiting.email, waiting.joins).await?;
    ctx.commit(tx, &form, ctx.onward(PATH, "people-confirm-sent")).await
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct OtherForm {
    email: String,
}

/// Another address for an account that is still outside: the first had a slip of the finger.
pub async fn other(ctx: Ctx, form: Form<OtherForm>) -> Result<Response> {
    let Some(waiting) = waiting(&ctx).await?.filter(|waiting| waiting.joins) else { return Ok(ctx::see_other("/akun")) };
    let mut errors = Errors::default();
    let typed = &form.data.email;
    let email = account::read_email(typed, "email", &mut errors);
    if !errors.is_empty() {
        return show_page(&ctx, &waiting, "", typed, &errors);
    }
    let mut tx = ctx.kit.db.write().await?;
    match accounts::set_email(&mut tx, waiting.account_id, &email, ctx.now()).await {
        Err(base::Error::Taken(_)) => {
            drop(tx);
            errors.add("email", "people-login-taken");
            return show_page(&ctx, &waiting, "", typed, &errors);
        }
        set => set?,
    };
    crate::session::forget_ways(&mut tx, waiting.account_id, ctx.now()).await?;
    begin(&ctx, &mut tx, waiting.account_id, &email, true).await?;
    ctx.commit(tx, &form, ctx.onward(PATH, "people-confirm-sent")).await
}

/// The operator knows that the address is the person's, where no letter gets through.
pub async fn vouch(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    let waiting = store::find(&mut tx, id).await?.ok_or(Error::Missing)?;
    settle(&ctx, &mut tx, &waiting).await?;
    operator::pages::note(&mut tx, &ctx, "people.account.email_vouched", id, "", None).await?;
    ctx.commit(tx, &form, ctx.onward(&format!("/kelola/akun/{id}"), "people-confirm-vouched")).await
}
