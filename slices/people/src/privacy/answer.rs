//! `/kelola/permohonan`: the requests of a region, the least time first, and answering one.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::authz::Scope;
use base::{Conn, Event, Later, Tx};
use serde::Deserialize;
use serde_json::json;
use web::privacy::{Person, bonds};
use web::{Ctx, Error, Errors, Form, Page, Panel, Result, Spot, Task, filters};

use super::pages::say_bonds;
use super::store::{self, Request};
use super::{LAW, WORDS_MOST, Wish, forget, hours_left, watch};
use crate::consent;
use crate::roles::{OPERATOR, OVERSEERS};

/// Requests of each kind that the page lists.
const MOST: i64 = 100;

struct Line {
    request: Request,
    left: i64,
}

#[derive(Template)]
#[template(path = "privacy/desk.html")]
struct DeskPage {
    open: Vec<Line>,
    answered: Vec<Line>,
    late: usize,
}

/// Regions whose requests this person answers, none inside another; the empty code stands for all.
fn regions(ctx: &Ctx) -> Result<Vec<String>> {
    let all = ctx.actor()?.regions(OVERSEERS);
    let outer = |code: &String| !all.iter().any(|other| other != code && base::authz::within(code, other));
    let mut kept: Vec<String> = all.iter().filter(|code| outer(code)).cloned().collect();
    kept.sort_unstable();
    kept.dedup();
    Ok(kept)
}

async fn open(conn: &mut Conn, codes: &[String]) -> Result<Vec<Request>> {
    let mut all = Vec::new();
    for code in codes {
        all.extend(store::open(conn, code, (i64::MIN, 0), MOST).await?);
    }
    all.sort_by_key(|request| (request.due_at, request.id));
    Ok(all)
}

pub async fn list(ctx: Ctx) -> Result<Page> {
    let codes = regions(&ctx)?;
    let now = ctx.now();
    let mut conn = ctx.kit.db.read().await?;
    let line = |request: Request| Line { left: hours_left(request.due_at, now), request };
    let open: Vec<Line> = open(&mut conn, &codes).await?.into_iter().map(line).collect();
    let mut answered = Vec::new();
    for code in &codes {
        answered.extend(store::answered(&mut conn, code, MOST).await?.into_iter().map(line));
    }
    watch::measure(&store::counts(&mut conn, now).await?);
    let late = open.iter().filter(|line| line.left < 0).count();
    let page = DeskPage { open, answered, late };
    Ok(ctx.page(ctx.say("people-answer-title"), &page)?.head(|head| head.private = true))
}

#[derive(Template)]
#[template(path = "privacy/answer.html")]
struct AnswerPage {
    request: Request,
    /// None once the account is erased.
    person: Option<Person>,
    left: i64,
    bonds: Vec<(String, String)>,
    mine: bool,
    errors: Errors,
    data: AnswerForm,
    key: String,
}

/// A request that this person may answer. What is not theirs to know of does not exist.
async fn theirs(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<Request> {
    let request = store::get(conn, id).await?.ok_or(Error::Missing)?;
    match &request.region {
        Some(region) => ctx.require(OVERSEERS, region, None)?,
        None => ctx.require(&[OPERATOR], "", None)?,
    };
    Ok(request)
}

async fn page(ctx: &Ctx, conn: &mut Conn, request: Request, data: AnswerForm, errors: Errors) -> Result<Page> {
    let person = store::person(conn, request.account_id).await?;
    let bound = match &person {
        Some(person) if request.kind == Wish::Deletion && request.is_open() => {
            bonds(ctx.personal(), conn, person, ctx.now()).await?
        }
        _ => Vec::new(),
    };
    let page = AnswerPage {
        left: hours_left(request.due_at, ctx.now()),
        bonds: say_bonds(ctx, bound),
        mine: ctx.account_id() == Some(request.account_id),
        person,
        request,
        errors,
        data,
        key: ctx.kit.ids.token(),
    };
    Ok(ctx.page(ctx.say("people-answer-one"), &page)?.head(|head| head.private = true))
}

pub async fn show(ctx: Ctx, Path(id): Path<i64>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let request = theirs(&ctx, &mut conn, id).await?;
    let region = request.region.clone().unwrap_or_default();
    let about = request.account_id;
    let page = page(&ctx, &mut conn, request, AnswerForm::default(), Errors::default()).await?;
    drop(conn);
    ctx.looks_at("people.request.viewed", (&region, None), ("request", id), Some(about)).await?;
    Ok(page)
}

#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct AnswerForm {
    /// `kabulkan` or `tolak`.
    jawab: String,
    alasan: String,
}

pub async fn answer(ctx: Ctx, Path(id): Path<i64>, form: Form<AnswerForm>) -> Result<Response> {
    let by = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let request = theirs(&ctx, &mut conn, id).await?;
    if !request.is_open() {
        return Err(Error::Conflict("people-request-closed"));
    }
    if request.account_id == by {
        // Nobody answers their own request.
        return Err(Error::Forbidden);
    }
    let person = store::person(&mut conn, request.account_id).await?.ok_or(Error::Missing)?;
    let granted = match form.data.jawab.as_str() {
        "kabulkan" => Some(true),
        "tolak" => Some(false),
        _ => None,
    };
    let mut errors = Errors::default();
    errors.check(granted.is_some(), "jawab", "people-answer-empty");
    errors.text(&form.data.alasan, "alasan", "people-answer-reason", WORDS_MOST);
    if granted == Some(true) && request.kind == Wish::Deletion {
        let bound = !bonds(ctx.personal(), &mut conn, &person, ctx.now()).await?.is_empty();
        errors.check(!bound, "jawab", "people-answer-bound");
    }
    let Some(granted) = granted.filter(|_| errors.is_empty()) else {
        return Ok(page(&ctx, &mut conn, request, form.data, errors).await?.invalid().into_response());
    };
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let status = if granted { "done" } else { "refused" };
    if !store::close(&mut tx, id, status, by, form.data.alasan.trim(), ctx.now()).await? {
        return Err(Error::Conflict("people-request-closed"));
    }
    if granted {
        if request.kind == Wish::Deletion && !unbound(&ctx, &mut tx, &person).await? {
            return Err(Error::Conflict("people-answer-bound"));
        }
        grant(&ctx, &mut tx, &request, &person).await?;
    }
    let erased = granted && request.kind == Wish::Deletion;
    let mut data = json!({ "request": id, "kind": request.kind.name() });
    if !erased {
        data["notify"] = json!([person.id]);
        data["notice"] = (if granted { "people-notice-request-done" } else { "people-notice-request-refused" }).into();
    }
    tx.emit(Event {
        actor_id: Some(by),
        region: request.region.clone(),
        link: "/akun/data/permohonan".into(),
        data: data.to_string(),
        ..Event::new(ctx.now(), if granted { "people.request.done" } else { "people.request.refused" }, ("account", person.id))
    })
    .await?;
    ctx.commit(tx, &form, ctx.onward("/kelola/permohonan", "people-answered")).await
}

/// Whether nothing keeps the person any more, looked at while others who go wait.
async fn unbound(ctx: &Ctx, tx: &mut Tx, person: &Person) -> Result<bool> {
    for own in crate::grant::own(tx, person.id, ctx.now()).await? {
        match own.scope {
            Scope::Group(group) => crate::grant::one_at_a_time(tx, group).await?,
            _ => crate::grant::hold_operators(tx).await?,
        }
    }
    Ok(bonds(ctx.personal(), tx, person, ctx.now()).await?.is_empty())
}

/// Whether the person answers of their own right; a stand-in deletes nobody.
fn owns(ctx: &Ctx, request: &Request) -> bool {
    match &request.region {
        Some(region) => ctx.owns(OVERSEERS, region, None),
        None => ctx.owns(&[OPERATOR], "", None),
    }
}

/// Does what was asked for. A correction is made by hand before it is answered.
async fn grant(ctx: &Ctx, tx: &mut Tx, request: &Request, person: &Person) -> Result<()> {
    let now = ctx.now();
    match request.kind {
        Wish::Correction => {}
        Wish::Withdrawal => consent::withdraw_all(tx, person.id, "/akun/data/permohonan", now).await?,
        Wish::Restriction => {
            store::restrict(tx, person.id, Some(now), now).await?;
            let event = Event {
                actor_id: ctx.account_id(),
                region: request.region.clone(),
                ..Event::new(now, "people.account.restricted", ("account", person.id))
            };
            tx.emit(event).await?;
        }
        Wish::Deletion if !owns(ctx, request) => return Err(Error::Refused("people-answer-deputy")),
        Wish::Deletion => forget::whole(ctx.personal(), tx, person, ctx.account_id(), now).await?,
    }
    Ok(())
}

/// The most urgent request waits on the desk of those who answer.
pub(crate) fn tasks<'a>(ctx: &'a Ctx, conn: &'a mut Conn) -> Later<'a, Result<Vec<Task>>> {
    Box::pin(async move {
        if ctx.who.is_none() {
            return Ok(Vec::new());
        }
        let open = open(conn, &regions(ctx)?).await?;
        let Some(first) = open.iter().find(|request| Some(request.account_id) != ctx.account_id()) else {
            return Ok(Vec::new());
        };
        let left = hours_left(first.due_at, ctx.now());
        let n = open.len().to_string();
        Ok(vec![Task {
            // Late ones stand before everything else.
            order: if left < 0 { 0 } else { 20 + left.min(LAW / base::clock::HOUR) },
            icon: "lock",
            title: ctx.say_with("people-answer-task", &[("n", &n)]),
            note: say_left(ctx, left),
            href: format!("/kelola/permohonan/{}", first.id),
            action: ctx.say("people-answer-do"),
        }])
    })
}

fn say_left(ctx: &Ctx, left: i64) -> String {
    if left < 0 {
        ctx.say_with("people-answer-late-by", &[("n", &(-left).to_string())])
    } else {
        ctx.say_with("people-answer-left", &[("n", &left.to_string())])
    }
}

#[derive(Template)]
#[template(path = "privacy/panel.html")]
struct DoorsPanel {}

/// Doors to requests and the audit on the desk of those who watch over a region.
pub(crate) fn panels<'a>(ctx: &'a Ctx, _: &'a mut Conn, spot: &'a Spot) -> Later<'a, Result<Vec<Panel>>> {
    Box::pin(async move {
        if *spot != Spot::Desk || !ctx.actor().is_ok_and(|actor| actor.holds(OVERSEERS)) {
            return Ok(Vec::new());
        }
        Ok(vec![Panel { order: 80, side: true, html: ctx.render(&DoorsPanel {})? }])
    })
}
