//! What guards one's own account: factors, recovery codes, sessions, the ways to log in.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::clock::HOUR;
use base::{Event, Tx};
use serde::Deserialize;
use web::limits::Limit;
use web::{Ctx, Error, Errors, Form, Result, filters};

use super::store::{self, Factor, New};
use super::{prove, renew_recovery, totp};
use crate::account::{self, store as accounts};
use crate::session::{forget_ways, store as sessions};
use crate::{confirm, oidc};

#[derive(Template)]
#[template(path = "factor/security.html")]
struct SecurityPage {
    key: String,
    factors: Vec<Factor>,
    recovery: i64,
    sessions: Vec<sessions::Line>,
    own: i64,
    passkeys: usize,
    identities: Vec<Linked>,
    /// Providers that could be linked: name and title.
    providers: Vec<(String, String)>,
    password: bool,
    withheld: bool,
}

/// An identity with the name of its provider.
struct Linked {
    id: i64,
    title: String,
    created_at: i64,
}

/// The identities of an account, and the providers it could still link.
async fn identities(ctx: &Ctx, conn: &mut base::Conn, id: i64) -> Result<(Vec<Linked>, Vec<(String, String)>)> {
    let known = oidc::store::of(conn, id).await?;
    let all = oidc::offered(ctx);
    let open = all.iter().filter(|provider| !known.iter().any(|identity| identity.provider == provider.name));
    let open = open.map(|provider| (provider.name.clone(), provider.title.clone())).collect();
    let title = |name: &str| all.iter().find(|p| p.name == name).map_or(name.to_owned(), |p| p.title.clone());
    let linked = known.iter().map(|one| Linked { id: one.id, title: title(&one.provider), created_at: one.created_at });
    Ok((linked.collect(), open))
}

#[derive(Deserialize)]
pub struct Nothing {}

/// The event of a change to one's own factors; it tells nobody but the audit.
pub(super) async fn note(ctx: &Ctx, tx: &mut Tx, verb: &str) -> Result<()> {
    let account_id = ctx.actor()?.account_id;
    let event = Event::new(ctx.now(), &format!("people.factor.{verb}"), ("account", account_id));
    Ok(tx.emit(Event { actor_id: Some(account_id), ..event }).await?)
}

pub async fn show(ctx: Ctx) -> Result<Response> {
    let who = ctx.who.as_ref().ok_or(Error::Login)?;
    let id = who.actor.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let account = accounts::get(&mut conn, id).await?.ok_or(Error::Missing)?;
    let factors = store::of(&mut conn, id).await?;
    let recovery = store::recovery_left(&mut conn, id).await?;
    let (identities, providers) = identities(&ctx, &mut conn, id).await?;
    let sessions = sessions::list(&mut conn, id, ctx.now()).await?;
    drop(conn);
    let page = SecurityPage {
        key: ctx.kit.ids.token(),
        passkeys: factors.iter().filter(|factor| factor.kind == "passkey").count(),
        factors,
        identities,
        providers,
        recovery,
        sessions,
        own: who.session_id.unwrap_or(0),
        password: account.password_hash != account::NO_PASSWORD,
        withheld: who.withheld,
    };
    let page = ctx.page(ctx.say("people-security-title"), &page)?;
    Ok(page
        .head(|head| {
            head.private = true;
            head.passkey = true;
        })
        .into_response())
}

#[derive(Template)]
#[template(path = "factor/app.html")]
struct AppPage<'a> {
    key: String,
    errors: &'a Errors,
    salt: &'a str,
    secret: String,
    /// SVG.
    picture: String,
}

/// The key for an app, as a picture to scan and as letters to type.
pub async fn app_form(ctx: Ctx) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, "/akun/keamanan/aplikasi") {
        return Ok(detour);
    }
    let salt = ctx.kit.ids.token();
    app_page(&ctx, &salt, &Errors::default())
}

fn app_page(ctx: &Ctx, salt: &str, errors: &Errors) -> Result<Response> {
    let shown = totp::show(&ctx.kit, salt, &ctx.actor()?.name);
    let shown = shown.ok_or_else(|| anyhow::anyhow!("a key for an app could not be drawn"))?;
    let page = AppPage { key: ctx.kit.ids.token(), errors, salt, secret: shown.key, picture: shown.picture };
    let page = ctx.page(ctx.say("people-app-title"), &page)?.head(|head| head.private = true);
    Ok(if errors.is_empty() { page } else { page.invalid() }.into_response())
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct AppForm {
    garam: String,
    kode: String,
}

/// Keeps the app once a code shows that it knows the key.
pub async fn add_app(ctx: Ctx, form: Form<AppForm>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, "/akun/keamanan/aplikasi") {
        return Ok(detour);
    }
    let who = ctx.who.as_ref().ok_or(Error::Login)?;
    let id = who.actor.account_id;
    let salt = form.data.garam.trim();
    ctx.limits().count(super::CODES, &id.to_string(), ctx.now()).map_err(Error::TooMany)?;
    let step = totp::check(&ctx.kit, salt, &form.data.kode, ctx.now()).filter(|_| salt.len() == 32);
    let Some(step) = step else {
        let mut errors = Errors::default();
        errors.add("kode", "people-app-wrong");
        return app_page(&ctx, salt, &errors);
    };
    ctx.limits().forgive(super::CODES, &id.to_string());
    let mut tx = ctx.kit.db.write().await?;
    let first = store::recovery_left(&mut tx, id).await? == 0;
    let name = ctx.say("people-app-name");
    let new = New { kind: "totp", name: &name, credential: None, data: salt, last_step: step };
    store::add(&mut tx, id, &new, ctx.now()).await?;
    sessions::end_all(&mut tx, id, who.session_id).await?;
    note(&ctx, &mut tx, "added").await?;
    if !first {
        return ctx.commit(tx, &form, ctx.onward("/akun/keamanan", "people-factor-added")).await;
    }
    let codes = renew_recovery(&ctx.kit, &mut tx, id).await?;
    ctx.commit_plain(tx).await?;
    codes_page(&ctx, codes)
}

#[derive(Template)]
#[template(path = "factor/codes.html")]
struct CodesPage {
    codes: Vec<String>,
}

fn codes_page(ctx: &Ctx, codes: Vec<String>) -> Result<Response> {
    let page = ctx.page(ctx.say("people-recovery-title"), &CodesPage { codes })?;
    Ok(page.head(|head| head.private = true).into_response())
}

/// Fresh recovery codes, shown once.
pub async fn renew(ctx: Ctx, _form: Form<Nothing>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, "/akun/keamanan") {
        return Ok(detour);
    }
    let id = ctx.actor()?.account_id;
    let mut tx = ctx.kit.db.write().await?;
    if store::of(&mut tx, id).await?.is_empty() {
        return Err(Error::Conflict("people-recovery-none"));
    }
    let codes = renew_recovery(&ctx.kit, &mut tx, id).await?;
    note(&ctx, &mut tx, "renewed").await?;
    // Not kept for replay: the codes are shown once and kept as hashes only.
    ctx.commit_plain(tx).await?;
    codes_page(&ctx, codes)
}

/// Removes a factor. The last way into an account stays.
pub async fn remove(ctx: Ctx, Path(factor): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, "/akun/keamanan") {
        return Ok(detour);
    }
    let id = ctx.actor()?.account_id;
    let mut tx = ctx.kit.db.write().await?;
    let account = accounts::get(&mut tx, id).await?.ok_or(Error::Missing)?;
    if !store::remove(&mut tx, id, factor).await? {
        return Err(Error::Missing);
    }
    let left = store::of(&mut tx, id).await?;
    let passkeys = left.iter().any(|factor| factor.kind == "passkey");
    if account.password_hash == account::NO_PASSWORD && !passkeys {
        return Err(Error::Conflict("people-factor-last"));
    }
    if left.is_empty() {
        store::forget_recovery(&mut tx, id).await?;
    }
    note(&ctx, &mut tx, "removed").await?;
    ctx.commit(tx, &form, ctx.onward("/akun/keamanan", "people-factor-removed")).await
}

/// Forgets the password of an account that has a passkey.
pub async fn drop_password(ctx: Ctx, form: Form<Nothing>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, "/akun/keamanan") {
        return Ok(detour);
    }
    let id = ctx.actor()?.account_id;
    let mut tx = ctx.kit.db.write().await?;
    if !store::of(&mut tx, id).await?.iter().any(|factor| factor.kind == "passkey") {
        return Err(Error::Conflict("people-factor-last"));
    }
    accounts::set_password(&mut tx, id, account::NO_PASSWORD, "", ctx.now()).await?;
    forget_ways(&mut tx, id, ctx.now()).await?;
    note(&ctx, &mut tx, "password_dropped").await?;
    ctx.commit(tx, &form, ctx.onward("/akun/keamanan", "people-password-dropped")).await
}

#[derive(Template)]
#[template(path = "factor/contact.html")]
struct ContactPage<'a> {
    key: String,
    errors: &'a Errors,
    login: &'a str,
}

/// The form for another phone number, e-mail address or user name to log in with.
pub async fn contact_form(ctx: Ctx) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, "/akun/kontak") {
        return Ok(detour);
    }
    contact_page(&ctx, "", &Errors::default())
}

fn contact_page(ctx: &Ctx, login: &str, errors: &Errors) -> Result<Response> {
    let page = ContactPage { key: ctx.kit.ids.token(), errors, login };
    let page = ctx.page(ctx.say("people-contact-title"), &page)?.head(|head| head.private = true);
    Ok(if errors.is_empty() { page } else { page.invalid() }.into_response())
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct ContactForm {
    masuk: String,
}

/// The answer tells whether a login is taken: not to one who tries them all.
const LOGINS: Limit = Limit { name: "login-change", acts: 10, window: HOUR };

/// Sets the one login that was typed; the others stay.
pub async fn set_contact(ctx: Ctx, form: Form<ContactForm>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, "/akun/kontak") {
        return Ok(detour);
    }
    let actor = ctx.actor()?;
    let mut errors = Errors::default();
    let new = account::read_open(&actor.name, &form.data.masuk, &mut errors);
    if !errors.is_empty() {
        return contact_page(&ctx, &form.data.masuk, &errors);
    }
    ctx.limits().count(LOGINS, &actor.account_id.to_string(), ctx.now()).map_err(Error::TooMany)?;
    let mut tx = ctx.kit.db.write().await?;
    if let Some(email) = new.email.as_deref().filter(|_| ctx.kit.config.mail.is_on()) {
        confirm::begin(&ctx, &mut tx, actor.account_id, email, false).await?;
        return ctx.commit(tx, &form, ctx.onward(confirm::PATH, "people-confirm-wait")).await;
    }
    let set = match &new.email {
        Some(email) => accounts::set_email(&mut tx, actor.account_id, email, ctx.now()).await,
        None => accounts::set_login(&mut tx, actor.account_id, &new, ctx.now()).await,
    };
    match set {
        Ok(_) => {}
        Err(base::Error::Taken(_)) => {
            drop(tx);
            errors.add("masuk", "people-login-taken");
            return contact_page(&ctx, &form.data.masuk, &errors);
        }
        Err(error) => return Err(error.into()),
    }
    forget_ways(&mut tx, actor.account_id, ctx.now()).await?;
    let event = Event::new(ctx.now(), "people.account.contact_changed", ("account", actor.account_id));
    tx.emit(Event { actor_id: Some(actor.account_id), ..event }).await?;
    ctx.commit(tx, &form, ctx.onward("/akun", "people-saved")).await
}
