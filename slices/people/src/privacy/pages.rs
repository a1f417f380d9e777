//! `/akun/data`: what is kept of me, who looked, the copy, and what I may ask for.
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::audit::{Class, Entry};
use base::clock::HOUR;
use base::{Conn, Event};
use serde::Deserialize;
use serde_json::json;
use web::limits::Limit;
use web::privacy::{Bond, Person, Processing, bonds, home};
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::store::{self, Request};
use super::{LAW, WORDS_MOST, Wish, answerers, copy, hours_left};
use crate::factor::prove;

/// Looks that the page lists.
const LOOKS: i64 = 50;
const COPIES: Limit = Limit { name: "copy", acts: 5, window: HOUR };
const REQUESTS: Limit = Limit { name: "data-request", acts: 10, window: HOUR };

/// A line of the register as a person reads it.
struct Held {
    line: Processing,
    kept: String,
}

struct Seen {
    at: i64,
    act: String,
    role: &'static str,
    name: String,
}

#[derive(Template)]
#[template(path = "privacy/show.html")]
struct DataPage {
    held: Vec<Held>,
    seen: Vec<Seen>,
    restricted: Option<i64>,
    open: usize,
    key: String,
}

/// The person of this request; a token is not enough.
async fn me(ctx: &Ctx, conn: &mut Conn) -> Result<Person> {
    if ctx.who.as_ref().is_some_and(|who| who.scopes.is_some()) {
        return Err(Error::Forbidden);
    }
    store::person(conn, ctx.actor()?.account_id).await?.ok_or(Error::Missing)
}

pub async fn show(ctx: Ctx) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let person = me(&ctx, &mut conn).await?;
    let held = ctx
        .personal()
        .iter()
        .flat_map(|personal| personal.register)
        .map(|line| Held { line: *line, kept: ctx.say_with(line.kept.key, &[("n", &line.kept.n.to_string())]) });
    let seen = store::looks(&mut conn, person.id, LOOKS).await?.into_iter().map(|look| Seen {
        at: look.at,
        act: ctx.say_act(&look.act),
        role: copy::role_key(look.role.as_deref()),
        name: look.name.unwrap_or_default(),
    });
    let page = DataPage {
        held: held.collect(),
        seen: seen.collect(),
        restricted: store::restricted(&mut conn, person.id).await?,
        open: store::of(&mut conn, person.id).await?.iter().filter(|request| request.is_open()).count(),
        key: ctx.kit.ids.token(),
    };
    Ok(ctx.page(ctx.say("people-data-title"), &page)?.head(|head| head.private = true))
}

#[derive(Template)]
#[template(path = "privacy/take.html")]
struct TakePage {
    key: String,
}

const COPY: &str = "/akun/data/salinan";

/// Asks for a proof first: whoever borrowed the phone must not take all.
pub async fn take(ctx: Ctx) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, COPY) {
        return Ok(detour);
    }
    let page = TakePage { key: ctx.kit.ids.token() };
    Ok(ctx.page(ctx.say("people-copy-get"), &page)?.head(|head| head.private = true).into_response())
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CopyForm {
    /// `html` for reading or `json` for programs.
    bentuk: String,
}

/// Sends the copy.
pub async fn download(ctx: Ctx, form: Form<CopyForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let person = me(&ctx, &mut conn).await?;
    if let Some(detour) = prove::detour(&ctx, COPY) {
        return Ok(detour);
    }
    ctx.limits().count(COPIES, &person.id.to_string(), ctx.now()).map_err(Error::TooMany)?;
    let parts = copy::parts(ctx.personal(), &mut conn, &person).await?;
    drop(conn);
    let (body, kind, name) = if form.data.bentuk == "json" {
        let text = serde_json::to_string_pretty(&copy::json(&person, &parts, ctx.now()))?;
        (text, "application/json", "attachment; filename=\"data-saya.json\"")
    } else {
        (copy::html(&ctx, &person, &parts)?, "text/html; charset=utf-8", "attachment; filename=\"data-saya.html\"")
    };
    let mut tx = ctx.kit.db.write().await?;
    tx.audit(Entry {
        actor_id: Some(person.id),
        about_id: Some(person.id),
        request: ctx.request_id.clone(),
        ..Entry::new(ctx.now(), Class::View, "people.copy.made", ("account", person.id))
    })
    .await?;
    // Made while it is sent and kept nowhere, so it is not kept for replay either.
    ctx.commit_plain(tx).await?;
    let mut response = body.into_response();
    let fixed = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name), (header::CACHE_CONTROL, "no-store")];
    for (header, value) in fixed {
        response.headers_mut().insert(header, HeaderValue::from_static(value));
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "privacy/requests.html")]
struct RequestsPage {
    requests: Vec<(Request, i64)>,
    bonds: Vec<(String, String)>,
    errors: Errors,
    data: RequestForm,
    wishes: [Wish; 4],
    key: String,
}

#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct RequestForm {
    jenis: String,
    isi: String,
}

pub(super) fn say_bonds(ctx: &Ctx, bonds: Vec<Bond>) -> Vec<(String, String)> {
    bonds.into_iter().map(|bond| (ctx.say_with(bond.key, &[("name", &bond.name)]), bond.link)).collect()
}

async fn requests_page(ctx: &Ctx, conn: &mut Conn, person: &Person, data: RequestForm, errors: Errors) -> Result<Page> {
    let bonds = bonds(ctx.personal(), conn, person, ctx.now()).await?;
    let requests = store::of(conn, person.id).await?;
    let page = RequestsPage {
        requests: requests
            .into_iter()
            .map(|request| (hours_left(request.due_at, ctx.now()), request))
            .map(|(h, r)| (r, h))
            .collect(),
        bonds: say_bonds(ctx, bonds),
        errors,
        data,
        wishes: Wish::ALL,
        key: ctx.kit.ids.token(),
    };
    Ok(ctx.page(ctx.say("people-requests-title"), &page)?.head(|head| head.private = true))
}

pub async fn requests(ctx: Ctx) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let person = me(&ctx, &mut conn).await?;
    requests_page(&ctx, &mut conn, &person, RequestForm::default(), Errors::default()).await
}

/// Hands in a request. The clock runs from now.
pub async fn ask(ctx: Ctx, form: Form<RequestForm>) -> Result<Response> {
    let now = ctx.now();
    let mut conn = ctx.kit.db.read().await?;
    let person = me(&ctx, &mut conn).await?;
    let mut errors = Errors::default();
    let wish = Wish::parse(&form.data.jenis);
    errors.check(wish.is_some(), "jenis", "people-wish-empty");
    errors.most(&form.data.isi, "isi", WORDS_MOST);
    let words = form.data.isi.trim();
    if wish == Some(Wish::Correction) {
        errors.check(!words.is_empty(), "isi", "people-wish-what");
    }
    if let Some(wish) = wish {
        let twice = store::of(&mut conn, person.id).await?.iter().any(|request| request.is_open() && request.kind == wish);
        errors.check(!twice, "jenis", "people-wish-twice");
    }
    if wish == Some(Wish::Deletion) {
        let bound = !bonds(ctx.personal(), &mut conn, &person, now).await?.is_empty();
        errors.check(!bound, "jenis", "people-wish-bound");
    }
    let Some(wish) = wish.filter(|_| errors.is_empty()) else {
        return Ok(requests_page(&ctx, &mut conn, &person, form.data, errors).await?.invalid().into_response());
    };
    ctx.limits().count(REQUESTS, &person.id.to_string(), now).map_err(Error::TooMany)?;
    let region = match home(ctx.personal(), &mut conn, &person, now).await? {
        Some(code) => Some(code),
        None => ctx.region.clone(),
    };
    let hearers = answerers(&mut conn, region.as_deref(), now).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let id = store::add(&mut tx, person.id, wish, words, region.as_deref(), now, now + LAW).await?;
    let link = format!("/kelola/permohonan/{id}");
    tx.emit(Event {
        actor_id: Some(person.id),
        region,
        link,
        data: json!({ "request": id, "kind": wish.name(), "notify": hearers, "notice": "people-notice-request" }).to_string(),
        ..Event::new(now, "people.request.made", ("account", person.id))
    })
    .await?;
    ctx.commit(tx, &form, ctx.onward("/akun/data/permohonan", "people-request-made")).await
}

#[derive(Deserialize)]
pub struct Nothing {}

/// Takes back one's own request.
pub async fn take_back(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let person = me(&ctx, &mut conn).await?;
    let request = store::get(&mut conn, id).await?.filter(|request| request.account_id == person.id).ok_or(Error::Missing)?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    if !store::close(&mut tx, request.id, "withdrawn", person.id, "", ctx.now()).await? {
        return Err(Error::Conflict("people-request-closed"));
    }
    ctx.commit(tx, &form, ctx.onward("/akun/data/permohonan", "people-request-back")).await
}

/// Lifts one's own restriction.
pub async fn lift(ctx: Ctx, form: Form<Nothing>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let person = me(&ctx, &mut conn).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    store::restrict(&mut tx, person.id, None, ctx.now()).await?;
    let event =
        Event { actor_id: Some(person.id), ..Event::new(ctx.now(), "people.account.unrestricted", ("account", person.id)) };
    tx.emit(event).await?;
    ctx.commit(tx, &form, ctx.onward("/akun/data", "people-data-lifted")).await
}
