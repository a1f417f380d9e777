//! Proving again who one is, before something that a borrowed phone must not be able to do.
use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use base::clock::MINUTE;
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Result, ctx, filters};

use crate::account::{self, store as accounts};
use crate::oidc;
use crate::session::{self, store as sessions};

/// How long a proof holds.
const HOLDS: i64 = 10 * MINUTE;

/// The way over the proof when the last one is too long ago; comes back to `to`.
pub fn detour(ctx: &Ctx, to: &str) -> Option<Response> {
    let proved_at = ctx.who.as_ref().map_or(0, |who| who.proved_at);
    (proved_at + HOLDS < ctx.now()).then(|| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        ctx::see_other(&format!("/akun/buktikan?{}", query.append_pair("lalu", to).finish()))
    })
}

#[derive(Template)]
#[template(path = "factor/prove.html")]
struct ProvePage<'a> {
    key: String,
    errors: &'a Errors,
    onward: &'a str,
    password: bool,
    coded: bool,
    passkey: bool,
    /// Providers of an account that has no other proof: name and title.
    providers: Vec<(String, String)>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    lalu: String,
}

pub async fn form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response> {
    page(&ctx, &asked.lalu, &Errors::default()).await
}

async fn page(ctx: &Ctx, onward: &str, errors: &Errors) -> Result<Response> {
    let id = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let account = accounts::get(&mut conn, id).await?.ok_or(Error::Missing)?;
    let factors = super::store::of(&mut conn, id).await?;
    let linked = oidc::store::of(&mut conn, id).await?;
    drop(conn);
    let open = oidc::all(ctx).iter().filter(|provider| linked.iter().any(|one| one.provider == provider.name));
    let providers = open.filter(|_| factors.is_empty()).map(|one| (one.name.clone(), one.title.clone())).collect();
    let has = |kind: &str| factors.iter().any(|factor| factor.kind == kind);
    let page = ProvePage {
        key: ctx.kit.ids.token(),
        errors,
        onward,
        password: account.password_hash != account::NO_PASSWORD,
        coded: !factors.is_empty(),
        passkey: has("passkey"),
        providers,
    };
    let page = ctx.page(ctx.say("people-prove-title"), &page)?.head(|head| {
        head.private = true;
        head.passkey = true;
    });
    Ok(if errors.is_empty() { page } else { page.invalid() }.into_response())
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct ProveForm {
    lalu: String,
    sandi: String,
    kode: String,
}

/// The password and, where the account has a factor, a code; without a password the code alone.
pub async fn prove(ctx: Ctx, form: Form<ProveForm>) -> Result<Response> {
    let who = ctx.who.as_ref().ok_or(Error::Login)?;
    let (id, session_id) = (who.actor.account_id, who.session_id.ok_or(Error::Forbidden)?);
    let key = id.to_string();
    ctx.limits().count(session::PER_PAIR, &key, ctx.now()).map_err(Error::TooMany)?;
    let mut conn = ctx.kit.db.read().await?;
    let account = accounts::get(&mut conn, id).await?.ok_or(Error::Missing)?;
    let factors = super::store::of(&mut conn, id).await?;
    drop(conn);
    let mut errors = Errors::default();
    let none = account.password_hash == account::NO_PASSWORD;
    if none && factors.is_empty() {
        return Err(Error::Forbidden);
    }
    if !none && !account::check_password(&form.data.sandi, &account.password_hash).await? {
        errors.add("sandi", "people-prove-wrong");
        return page(&ctx, &form.data.lalu, &errors).await;
    }
    let mut tx = ctx.kit.db.write().await?;
    // Whoever has a factor shows it here too; without an app that is a recovery code, or the passkey above.
    if !factors.is_empty() && !super::accept(&ctx, &mut tx, id, &form.data.kode).await? {
        drop(tx);
        errors.add("kode", "people-code-wrong");
        return page(&ctx, &form.data.lalu, &errors).await;
    }
    sessions::prove(&mut tx, session_id, ctx.now()).await?;
    ctx.limits().forgive(session::PER_PAIR, &key);
    ctx.commit(tx, &form, ctx::see_other(session::pages::after(&form.data.lalu))).await
}
