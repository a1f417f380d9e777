//! Registering, and the pages of one's own account.
use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::ctx;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::store::{self, Account};
use crate::consent::{self, Purpose};
use crate::factor::prove;
use crate::session::{self, REGISTRATIONS};
use crate::{account, confirm, grant, invite, roles, token};

#[derive(Template)]
#[template(path = "account/register.html")]
struct RegisterPage<'a> {
    key: String,
    errors: &'a Errors,
    data: &'a RegisterForm,
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

pub async fn form(ctx: Ctx) -> Result<Response> {
    if ctx.who.is_some() {
        return Ok(ctx::see_other("/meja"));
    }
    Ok(register_page(&ctx, &Errors::default(), &RegisterForm::default())?.into_response())
}

fn register_page(ctx: &Ctx, errors: &Errors, data: &RegisterForm) -> Result<Page> {
    let age = ctx.kit.config.age_least;
    let page = RegisterPage { key: ctx.kit.ids.token(), errors, data, purposes: consent::ALL, age };
    Ok(ctx.page(ctx.say("people-register-title"), &page)?.head(|head| {
        head.private = true;
        head.passkey = true;
    }))
}

pub async fn register(ctx: Ctx, headers: HeaderMap, form: Form<RegisterForm>) -> Result<Response> {
    let data = &form.data;
    let mut errors = Errors::default();
    let new = account::read_new(&data.nama, &data.masuk, &data.sandi, &mut errors);
    if !errors.is_empty() {
        return Ok(register_page(&ctx, &errors, data)?.invalid().into_response());
    }
    ctx.limits().count(REGISTRATIONS, &ctx.client, ctx.now()).map_err(Error::TooMany)?;
    // Who holds an invitation joins by it, whichever way they register.
    let invited = invite::pages::offered(&ctx, &headers).await?;
    let hash = account::hash_password(&ctx.kit, &new.password).await?;
    let mut tx = ctx.kit.db.write().await?;
    let id = match account::add_hashed(&mut tx, ctx.now(), &new, &hash).await {
        Ok(id) => id,
        Err(base::Error::Taken(_)) => {
            drop(tx);
            errors.add("masuk", "people-login-taken");
            return Ok(register_page(&ctx, &errors, data)?.invalid().into_response());
        }
        Err(error) => return Err(error.into()),
    };
    consent::agree(&mut tx, id, &data.setuju, "/daftar", ctx.now()).await?;
    let held = confirm::hold(&ctx, &mut tx, id, &new).await?;
    if let Some(invite) = &invited {
        invite::pages::begin(&ctx, &mut tx, invite, id).await?;
    }
    let onward = match invited {
        Some(_) => invite::pages::PATH,
        None if held => confirm::PATH,
        None => "/meja",
    };
    let welcome =
        ctx.onward_with(onward, "positive", if held { "people-welcome-held" } else { "people-welcome" }, &[("name", &new.name)]);
    session::enter::enter(&ctx, tx, &headers, id, welcome).await
}

/// A role as the person reads it.
pub(crate) struct RoleLine {
    pub role: &'static str,
    /// Name and page of the place; empty for the whole.
    pub place: String,
    pub path: String,
    pub until: Option<i64>,
    /// Whom they stand in for.
    pub instead_of: Option<String>,
}

#[derive(Template)]
#[template(path = "account/show.html")]
struct AccountPage<'a> {
    key: String,
    errors: &'a Errors,
    account: &'a Account,
    name: &'a str,
    roles: Vec<RoleLine>,
    tokens: Vec<token::store::Token>,
    may_token: bool,
    /// The account logs in with a password too.
    password: bool,
    /// Not let in yet: the page leads back to joining.
    joining: bool,
    /// An address that waits to be confirmed.
    waiting: Option<String>,
}

pub async fn show(ctx: Ctx) -> Result<Page> {
    let mine = own(&ctx).await?;
    let name = mine.name.clone();
    account_page(&ctx, &mine, &name, &Errors::default()).await
}

async fn own(ctx: &Ctx) -> Result<Account> {
    let id = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    store::get(&mut conn, id).await?.ok_or(Error::Missing)
}

async fn account_page(ctx: &Ctx, mine: &Account, name: &str, errors: &Errors) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let held = grant::list(&mut conn, mine.id).await?;
    let tokens = token::store::list(&mut conn, mine.id).await?;
    let now = ctx.now();
    let mut lines = Vec::new();
    for g in held.into_iter().filter(|g| g.ended_at.is_none() && g.until_at.is_none_or(|until| until > now)) {
        let named = match g.scope() {
            Some(scope) => ctx.name_of(&mut conn, &scope).await?,
            None => None,
        };
        let (place, path) = named.map_or_else(Default::default, |named| (named.name, named.path));
        lines.push(RoleLine { role: roles::key(&g.role), place, path, until: g.until_at, instead_of: g.instead_of });
    }
    let open = mine.email.clone().filter(|_| mine.email_confirmed_at.is_none() && ctx.kit.config.mail.is_on());
    let waiting = confirm::store::find(&mut conn, mine.id).await?.map(|waiting| waiting.email).or(open);
    drop(conn);
    let actor = ctx.actor()?;
    let page = AccountPage {
        waiting,
        key: ctx.kit.ids.token(),
        errors,
        account: mine,
        name,
        roles: lines,
        tokens,
        may_token: actor.holds(roles::EDITORS),
        password: mine.password_hash != account::NO_PASSWORD,
        joining: ctx.who.as_ref().is_some_and(|who| who.joining),
    };
    Ok(ctx.page(ctx.say("people-account-title"), &page)?.head(|head| head.private = true))
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct NameForm {
    nama: String,
}

pub async fn save(ctx: Ctx, form: Form<NameForm>) -> Result<Response> {
    let mine = own(&ctx).await?;
    let mut errors = Errors::default();
    errors.text(&form.data.nama, "nama", "people-name-empty", 80);
    if !errors.is_empty() {
        return Ok(account_page(&ctx, &mine, &form.data.nama, &errors).await?.invalid().into_response());
    }
    let mut tx = ctx.kit.db.write().await?;
    store::rename(&mut tx, mine.id, form.data.nama.trim(), ctx.now()).await?;
    ctx.commit(tx, &form, ctx.onward("/akun", "people-saved")).await
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordForm {
    lama: String,
    sandi: String,
}

pub async fn change_password(ctx: Ctx, form: Form<PasswordForm>) -> Result<Response> {
    let mine = own(&ctx).await?;
    let who = ctx.who.as_ref().ok_or(Error::Login)?;
    if who.scopes.is_some() {
        return Err(Error::Forbidden);
    }
    let none = mine.password_hash == account::NO_PASSWORD;
    if none && let Some(detour) = prove::detour(&ctx, "/akun") {
        return Ok(detour);
    }
    let key = mine.id.to_string();
    ctx.limits().count(session::PER_PAIR, &key, ctx.now()).map_err(Error::TooMany)?;
    let mut errors = Errors::default();
    account::read_password(&form.data.sandi, "sandi", &mut errors);
    if !none && !account::check_password(&form.data.lama, &mine.password_hash).await? {
        errors.add("lama", "people-password-wrong");
    }
    if !errors.is_empty() {
        return Ok(account_page(&ctx, &mine, &mine.name, &errors).await?.invalid().into_response());
    }
    let hash = account::hash_password(&ctx.kit, &form.data.sandi).await?;
    let mut tx = ctx.kit.db.write().await?;
    store::set_password(&mut tx, mine.id, &hash, &form.data.sandi, ctx.now()).await?;
    session::store::end_all(&mut tx, mine.id, who.session_id).await?;
    session::forget_ways(&mut tx, mine.id, ctx.now()).await?;
    token::store::revoke_all(&mut tx, mine.id, ctx.now()).await?;
    ctx.limits().forgive(session::PER_PAIR, &key);
    ctx.commit(tx, &form, ctx.onward("/akun", "people-password-changed")).await
}
