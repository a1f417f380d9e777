//! Pages under /kelola.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::authz::Scope;
use base::jobs::{self, Listed};
use base::{Conn, Event, Tx};
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, FoundGroup, Page, Result, dates, filters};

use crate::account::{self, store, store::Account};
use crate::factor::{self, prove};
use crate::grant::{self, BadDay, Held, Span};
use crate::roles::{self, Reach};
use crate::{confirm, invite};
use crate::{session, token};

const PAGE: i64 = 30;

#[derive(Template)]
#[template(path = "operator/show.html")]
struct Overview<'a> {
    key: String,
    q: &'a str,
    accounts: Vec<Account>,
    next: Option<String>,
    dead: Vec<Listed>,
    waiting: i64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    q: String,
    sebelum: Option<i64>,
}

pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let accounts = store::list(&mut conn, asked.q.trim(), asked.sebelum.unwrap_or(i64::MAX), PAGE).await?;
    let dead = jobs::dead(&mut conn, 20).await?;
    let counts = jobs::counts(&mut conn).await?;
    let waiting = counts.iter().filter(|(state, _)| state == "ready").map(|(_, n)| n).sum();
    let full = i64::try_from(accounts.len()).unwrap_or(0) == PAGE;
    let next = accounts.last().filter(|_| full).map(|last| {
        let mut to = String::from("/kelola?");
        to.push_str(&serde_query(&[("q", asked.q.trim()), ("sebelum", &last.id.to_string())]));
        to
    });
    drop(conn);
    ctx.looks_at("people.accounts.listed", ("", None), ("accounts", accounts.first().map_or(0, |first| first.id)), None).await?;
    let page = Overview { key: ctx.kit.ids.token(), q: asked.q.trim(), accounts, next, dead, waiting };
    Ok(ctx.page(ctx.say("people-operator-title"), &page)?.head(|head| head.private = true))
}

fn serde_query(pairs: &[(&str, &str)]) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(pairs);
    out.finish()
}

#[derive(Template)]
#[template(path = "operator/account.html")]
struct AccountPage<'a> {
    key: String,
    errors: &'a Errors,
    account: &'a Account,
    /// An address that waits to be confirmed.
    waiting: Option<String>,
    /// How many second factors it has.
    factors: usize,
    /// Grants, each with the name of its place.
    held: Vec<(Held, String)>,
    /// Groups that the typed name may mean.
    choices: Vec<FoundGroup>,
    data: &'a GrantForm,
    roles: Vec<(&'static str, &'static str)>,
    now: i64,
}

impl AccountPage<'_> {
    fn has_factors(&self) -> bool {
        self.factors > 0
    }

    fn role_key(&self, role: &str) -> &'static str {
        roles::key(role)
    }

    /// Whether a grant has yet to begin.
    fn is_later(&self, grant: &Held) -> bool {
        grant.ended_at.is_none() && grant.from_at > self.now
    }
}

async fn account_page(ctx: &Ctx, id: i64, data: &GrantForm, errors: &Errors) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let account = store::get(&mut conn, id).await?.ok_or(Error::Missing)?;
    let mut held = Vec::new();
    for grant in grant::list(&mut conn, id).await? {
        let named = match grant.scope() {
            Some(scope) => ctx.name_of(&mut conn, &scope).await?,
            None => None,
        };
        held.push((grant, named.map(|named| named.name).unwrap_or_default()));
    }
    let factors = factor::store::of(&mut conn, id).await?.len();
    let waiting = confirm::store::find(&mut conn, id).await?.map(|waiting| waiting.email);
    let unsure = errors.of("kim").is_some() && !data.kim.trim().is_empty();
    let choices = if unsure { ctx.find_group(&mut conn, data.kim.trim()).await? } else { Vec::new() };
    let offered = roles::ALL.iter().filter(|role| roles::reach(**role) != Reach::Nowhere);
    let page = AccountPage {
        key: ctx.kit.ids.token(),
        errors,
        account: &account,
        waiting,
        factors,
        held,
        choices,
        data,
        roles: offered.map(|role| (role.0, roles::key(role.0))).collect(),
        now: ctx.now(),
    };
    Ok(ctx.page(account.name.clone(), &page)?.head(|head| head.private = true))
}

pub async fn account(ctx: Ctx, Path(id): Path<i64>) -> Result<Page> {
    let page = account_page(&ctx, id, &GrantForm::default(), &Errors::default()).await?;
    ctx.looks_at("people.account.viewed", ("", None), ("account", id), Some(id)).await?;
    Ok(page)
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct GrantForm {
    peran: String,
    wilayah: String,
    kim: String,
    /// The address chosen from several, if it was asked.
    pilih: String,
    mulai: String,
    sampai: String,
}

/// The group that the operator chose, or means by what they typed.
async fn read_group(ctx: &Ctx, conn: &mut Conn, data: &GrantForm, errors: &mut Errors) -> Result<Option<Scope>> {
    let typed = if data.pilih.is_empty() { data.kim.trim() } else { &data.pilih };
    if typed.is_empty() {
        errors.add("kim", "people-grant-scope");
        return Ok(None);
    }
    let found = ctx.find_group(conn, typed).await?;
    let problem = match found.as_slice() {
        [one] => return Ok(Some(Scope::Group(one.id))),
        [] => "people-grant-group-none",
        _ => "people-grant-group-which",
    };
    errors.add("kim", problem);
    Ok(None)
}

/// Reads a role and where it reaches.
async fn read(ctx: &Ctx, conn: &mut Conn, data: &GrantForm, errors: &mut Errors) -> Result<Option<(base::authz::Role, Scope)>> {
    let Some(role) = roles::parse(&data.peran).filter(|role| roles::reach(*role) != Reach::Nowhere) else {
        errors.add("peran", "people-grant-role");
        return Ok(None);
    };
    let code = data.wilayah.trim();
    let is_code = code.len() <= 13 && code.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let scope = match roles::reach(role) {
        Reach::All => Some(Scope::All),
        Reach::Region if is_code && !code.is_empty() => Some(Scope::Region(code.to_owned())),
        Reach::Group => read_group(ctx, conn, data, errors).await?,
        _ => None,
    };
    if scope.is_none() && roles::reach(role) != Reach::Group {
        errors.add("wilayah", "people-grant-scope");
    }
    Ok(scope.map(|scope| (role, scope)))
}

pub async fn give(ctx: Ctx, Path(id): Path<i64>, form: Form<GrantForm>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, &format!("/kelola/akun/{id}")) {
        return Ok(detour);
    }
    let by = ctx.actor()?.account_id;
    let mut errors = Errors::default();
    let mut conn = ctx.kit.db.read().await?;
    let read = read(&ctx, &mut conn, &form.data, &mut errors).await?;
    drop(conn);
    let span = Span::read(&form.data.mulai, &form.data.sampai, ctx.now());
    if let Err(bad) = span {
        errors.add(if bad == BadDay::From { "mulai" } else { "sampai" }, bad.key());
    }
    let Some(((role, scope), span)) = read.zip(span.ok()).filter(|_| errors.is_empty()) else {
        return Ok(account_page(&ctx, id, &form.data, &errors).await?.invalid().into_response());
    };
    let mut tx = ctx.kit.db.write().await?;
    store::get(&mut tx, id).await?.filter(|account| account.status != "deleted").ok_or(Error::Missing)?;
    ctx.vet(&mut tx, id, role, &scope, None).await?;
    grant::give_for(&mut tx, id, role, &scope, Some(by), span, ctx.now()).await?;
    note(&mut tx, &ctx, "people.grant.given", id, role.0, Some(&scope)).await?;
    let to = format!("/kelola/akun/{id}");
    let answer = if span.from > ctx.now() {
        let date = dates::date(span.from, ctx.lang, "62");
        ctx.onward_with(&to, "positive", "people-grant-later", &[("date", &date)])
    } else {
        ctx.onward(&to, "people-grant-given")
    };
    ctx.commit(tx, &form, answer).await
}

pub(crate) async fn note(tx: &mut Tx, ctx: &Ctx, kind: &str, id: i64, detail: &str, scope: Option<&Scope>) -> Result<()> {
    let mut event = Event::new(ctx.now(), kind, ("account", id));
    match scope {
        Some(Scope::Region(code)) => event.region = Some(code.clone()),
        Some(Scope::Group(group)) => event.group_id = Some(*group),
        _ => {}
    }
    event.actor_id = ctx.account_id();
    event.data = serde_json::json!({ "detail": detail }).to_string();
    Ok(tx.emit(event).await?)
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn end(ctx: Ctx, Path((id, held)): Path<(i64, i64)>, form: Form<Nothing>) -> Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    let own = grant::own(&mut tx, id, ctx.now()).await?.into_iter().find(|own| own.id == held);
    if let Some(own) = own
        && let Some(role) = roles::parse(&own.role)
        && grant::is_last(&mut tx, id, role, &own.scope, ctx.now()).await?
    {
        return Err(Error::Conflict("people-grant-last"));
    }
    if !grant::end_one(&mut tx, id, held, ctx.now()).await? {
        return Err(Error::Missing);
    }
    note(&mut tx, &ctx, "people.grant.ended", id, "", None).await?;
    ctx.commit(tx, &form, ctx.onward(&format!("/kelola/akun/{id}"), "people-grant-ended")).await
}

/// Locks an account and ends every channel it has, or opens it again.
pub async fn lock(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    if ctx.actor()?.account_id == id {
        return Err(Error::Conflict("people-lock-self"));
    }
    let mut tx = ctx.kit.db.write().await?;
    let account = store::get(&mut tx, id).await?.filter(|account| account.status != "deleted").ok_or(Error::Missing)?;
    let locked = set_lock(&mut tx, id, account.status != "locked", ctx.now()).await?;
    note(&mut tx, &ctx, if locked { "people.account.locked" } else { "people.account.opened" }, id, "", None).await?;
    let text = if locked { "people-locked" } else { "people-opened" };
    ctx.commit(tx, &form, ctx.onward(&format!("/kelola/akun/{id}"), text)).await
}

/// Locks (`true`) or opens an account; a lock ends its sessions and tokens, logins half-way, links and slips.
/// Returns the lock. Opening lets nobody in who was still joining.
pub async fn set_lock(tx: &mut Tx, id: i64, locked: bool, now: i64) -> base::Result<bool> {
    let status = match locked {
        true => "locked",
        false if invite::store::is_joining(tx, id).await? => account::JOINING,
        false if confirm::store::find(tx, id).await?.is_some_and(|waiting| waiting.joins) => account::JOINING,
        false => "active",
    };
    store::set_status(tx, id, status, now).await?;
    if locked {
        session::store::end_all(tx, id, None).await?;
        token::store::revoke_all(tx, id, now).await?;
        session::forget_ways(tx, id, now).await?;
    }
    Ok(locked)
}

/// Takes the second factor off an account whose owner lost it; every way in ends.
pub async fn drop_factors(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let back = format!("/kelola/akun/{id}");
    if let Some(detour) = prove::detour(&ctx, &back) {
        return Ok(detour);
    }
    let mut tx = ctx.kit.db.write().await?;
    lose_factors(&mut tx, id, ctx.now()).await?;
    let data = serde_json::json!({ "notify": [id], "notice": "people-notice-factors" }).to_string();
    let link = "/akun/keamanan".to_owned();
    let event = Event::new(ctx.now(), "people.factor.lost", ("account", id));
    tx.emit(Event { actor_id: ctx.account_id(), data, link, ..event }).await?;
    ctx.commit(tx, &form, ctx.onward(&back, "people-factors-dropped")).await
}

/// Removes every factor of an account and ends its sessions and tokens.
pub async fn lose_factors(tx: &mut Tx, id: i64, now: i64) -> base::Result<()> {
    factor::store::forget_all(tx, id).await?;
    session::store::end_all(tx, id, None).await?;
    token::store::revoke_all(tx, id, now).await?;
    session::forget_ways(tx, id, now).await
}

pub async fn revive(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    if !jobs::revive(&mut tx, id, ctx.now()).await? {
        return Err(Error::Missing);
    }
    ctx.commit(tx, &form, ctx.onward("/kelola", "people-job-revived")).await
}
