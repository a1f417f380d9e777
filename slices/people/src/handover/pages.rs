//! Handing over one's own seat, and the record of a handover, to print.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::Conn;
use base::authz::Scope;
use base::clock::HOUR;
use serde::Deserialize;
use serde_json::json;
use web::limits::Limit;
use web::{Ctx, Error, Errors, Form, Page, Result, Spot, filters};

use super::store::{self, Handed, Handover};
use super::{New, above, accept as let_happen, event, make, may_decide, may_read, path};
use crate::account;
use crate::factor::prove;
use crate::grant::{self, Colleague, Seat};
use crate::roles::{FOSTERING, OPERATOR, VERIFIER};

const PATH: &str = "/akun/serah-terima";
/// Looking up accounts tells whether they exist; an official needs to do it seldom.
const LOOK_UPS: Limit = Limit { name: "people.handover", acts: 10, window: HOUR };

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    /// Code of the seat.
    tempat: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct HandoverForm {
    tempat: String,
    peran: Vec<String>,
    /// Account of a colleague, in a group.
    penerima: String,
    /// How the successor logs in, over a region.
    akun: String,
    tetap: String,
}

#[derive(Template)]
#[template(path = "handover/form.html")]
struct FormPage {
    seats: Vec<Seat>,
    seat: Option<Seat>,
    colleagues: Vec<Colleague>,
    past: Vec<Handover>,
    errors: Errors,
    data: HandoverForm,
    key: String,
}

impl FormPage {
    /// All roles are ticked until the person unticks one.
    fn ticked(&self, role: &str) -> bool {
        self.errors.is_empty() || self.data.peran.iter().any(|sent| sent == role)
    }

    fn role_key(&self, role: &str) -> &'static str {
        crate::roles::key(role)
    }
}

async fn page(ctx: &Ctx, conn: &mut Conn, data: HandoverForm, errors: Errors) -> Result<Page> {
    let me = ctx.actor()?.account_id;
    let seats = grant::seats(ctx, conn, me).await?;
    let only = if seats.len() == 1 { seats.first() } else { None };
    let seat = seats.iter().find(|seat| seat.code() == data.tempat).or(only).cloned();
    let colleagues = match &seat {
        Some(seat) if seat.is_group() => grant::colleagues(conn, &seat.scope, me, ctx.now()).await?,
        _ => Vec::new(),
    };
    let past = store::of(conn, me).await?;
    let page = FormPage { seats, seat, colleagues, past, errors, data, key: ctx.kit.ids.token() };
    Ok(ctx.page(ctx.say("people-handover-title"), &page)?.head(|head| head.private = true))
}

pub async fn form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response> {
    // A borrowed phone must not give an office away.
    if let Some(detour) = prove::detour(&ctx, PATH) {
        return Ok(detour);
    }
    let mut conn = ctx.kit.db.read().await?;
    let data = HandoverForm { tempat: asked.tempat, ..HandoverForm::default() };
    Ok(page(&ctx, &mut conn, data, Errors::default()).await?.into_response())
}

pub async fn add(ctx: Ctx, form: Form<HandoverForm>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, PATH) {
        return Ok(detour);
    }
    let me = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let seats = grant::seats(&ctx, &mut conn, me).await?;
    // A seat of one's own or none: what was lent cannot be handed over.
    let seat = seats.into_iter().find(|seat| seat.code() == form.data.tempat).ok_or(Error::Forbidden)?;
    let mut errors = Errors::default();
    let held = |sent: &String| seat.grants.iter().any(|own| own.role == *sent);
    errors.check(form.data.peran.iter().any(held), "peran", "people-handover-roles");
    let target = target(&ctx, &mut conn, &seat, &form.data, &mut errors).await?;
    let (Some(target), true) = (target, errors.is_empty()) else {
        return Ok(page(&ctx, &mut conn, form.data, errors).await?.invalid().into_response());
    };
    drop(conn);
    let new = New {
        source: me,
        target,
        scope: seat.scope.clone(),
        place: &seat.region,
        title: &seat.name,
        roles: &form.data.peran,
        stays: seat.is_group() && !form.data.tetap.is_empty(),
    };
    let mut tx = ctx.kit.db.write().await?;
    let id = make(&ctx, &mut tx, &new).await?;
    let text = if seat.is_group() { "people-handover-done" } else { "people-handover-sent" };
    ctx.commit(tx, &form, ctx.onward(&path(id), text)).await
}

async fn target(ctx: &Ctx, conn: &mut Conn, seat: &Seat, data: &HandoverForm, errors: &mut Errors) -> Result<Option<i64>> {
    let me = ctx.actor()?.account_id;
    if seat.is_group() {
        let colleagues = grant::colleagues(conn, &seat.scope, me, ctx.now()).await?;
        let found = data.penerima.parse().ok().filter(|id| colleagues.iter().any(|one| one.id == *id));
        errors.check(found.is_some(), "penerima", "people-handover-who");
        return Ok(found);
    }
    if data.akun.trim().is_empty() {
        errors.add("akun", "people-handover-account-empty");
        return Ok(None);
    }
    ctx.limits().count(LOOK_UPS, &me.to_string(), ctx.now()).map_err(Error::TooMany)?;
    let found = account::find_by_login(conn, &data.akun).await?;
    errors.check(found.is_some(), "akun", "people-handover-account-unknown");
    errors.check(found != Some(me), "akun", "people-handover-self");
    Ok(found)
}

#[derive(Template)]
#[template(path = "handover/show.html")]
struct ShowPage {
    handover: Handover,
    grants: Vec<Handed>,
    /// What other slices moved, rendered.
    parts: String,
    decides: bool,
    cancels: bool,
    key: String,
}

/// A handover that the person may read.
async fn open(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<Handover> {
    let handover = store::get(conn, id).await?.ok_or(Error::Missing)?;
    if may_read(ctx.actor()?, &handover) { Ok(handover) } else { Err(Error::Hidden) }
}

pub async fn show(ctx: Ctx, Path(id): Path<i64>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let handover = open(&ctx, &mut conn, id).await?;
    let actor = ctx.actor()?;
    let waits = handover.state == "waiting";
    let panels = ctx.panels(&mut conn, &Spot::Handover(id)).await?;
    let page = ShowPage {
        grants: store::grants(&mut conn, id).await?,
        parts: panels.into_iter().map(|panel| panel.html).collect(),
        decides: waits && may_decide(actor, &handover),
        cancels: waits && handover.made_by == actor.account_id,
        handover,
        key: ctx.kit.ids.token(),
    };
    Ok(ctx.page(ctx.say("people-handover-record"), &page)?.head(|head| head.private = true))
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn accept(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    let handover = decidable(&ctx, &mut tx, id).await?;
    let_happen(&ctx, &mut tx, &handover).await?;
    ctx.commit(tx, &form, ctx.onward(&path(id), "people-handover-done")).await
}

pub async fn refuse(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    let handover = decidable(&ctx, &mut tx, id).await?;
    if !store::decide(&mut tx, id, "refused", ctx.account_id(), ctx.now()).await? {
        return Err(Error::Conflict("people-handover-changed"));
    }
    let data = json!({ "notify": [handover.source_id, handover.target_id], "notice": "people-notice-handover-refused" });
    tx.emit(event(&ctx, &handover, "people.handover.refused", data)).await?;
    ctx.commit(tx, &form, ctx.onward(&path(id), "people-handover-refused")).await
}

/// A handover over a region that waits for this person's word.
async fn decidable(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<Handover> {
    let handover = open(ctx, conn, id).await?;
    let Some(Scope::Region(code)) = handover.scope() else { return Err(Error::Forbidden) };
    if !may_decide(ctx.actor()?, &handover) || !ctx.owns(&[VERIFIER, FOSTERING, OPERATOR], above(&code), None) {
        return Err(Error::Forbidden);
    }
    if handover.state == "waiting" { Ok(handover) } else { Err(Error::Conflict("people-handover-changed")) }
}

/// Takes back one's own handover while it waits.
pub async fn cancel(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    let handover = open(&ctx, &mut tx, id).await?;
    if handover.made_by != ctx.actor()?.account_id {
        return Err(Error::Forbidden);
    }
    if !store::decide(&mut tx, id, "cancelled", ctx.account_id(), ctx.now()).await? {
        return Err(Error::Conflict("people-handover-changed"));
    }
    tx.emit(event(&ctx, &handover, "people.handover.cancelled", json!({}))).await?;
    ctx.commit(tx, &form, ctx.onward(PATH, "people-handover-cancelled")).await
}
