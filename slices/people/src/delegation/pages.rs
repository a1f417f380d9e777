//! The page on which a person names who stands in, and ends it.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::{Conn, Event};
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page, Result, dates, filters};

use super::store::{self, Lent};
use super::{lend, read_days};
use crate::factor::prove;
use crate::grant::{self, Colleague, Seat};

const PATH: &str = "/akun/pengganti";

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    /// Code of the seat.
    tempat: String,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct DeputyForm {
    tempat: String,
    pengganti: String,
    mulai: String,
    sampai: String,
}

#[derive(Template)]
#[template(path = "delegation/show.html")]
struct ShowPage {
    held: Vec<Lent>,
    given: Vec<Lent>,
    seats: Vec<Seat>,
    /// The seat that the form is about.
    seat: Option<Seat>,
    colleagues: Vec<Colleague>,
    errors: Errors,
    data: DeputyForm,
    today: String,
    key: String,
}

async fn page(ctx: &Ctx, conn: &mut Conn, mut data: DeputyForm, errors: Errors) -> Result<Page> {
    let me = ctx.actor()?.account_id;
    let seats = grant::seats(ctx, conn, me).await?;
    let only = if seats.len() == 1 { seats.first() } else { None };
    let seat = seats.iter().find(|seat| seat.code() == data.tempat).or(only).cloned();
    let colleagues = match &seat {
        Some(seat) => grant::colleagues(conn, &seat.scope, me, ctx.now()).await?,
        None => Vec::new(),
    };
    let today = dates::day(ctx.now(), seat.as_ref().map_or("62", |seat| &seat.region));
    if data.mulai.is_empty() && errors.is_empty() {
        data.mulai.clone_from(&today);
    }
    let page = ShowPage {
        held: store::held(conn, me, ctx.now()).await?,
        given: store::given(conn, me, ctx.now()).await?,
        seats,
        seat,
        colleagues,
        errors,
        data,
        today,
        key: ctx.kit.ids.token(),
    };
    Ok(ctx.page(ctx.say("people-deputy-title"), &page)?.head(|head| head.private = true))
}

pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response> {
    // A borrowed phone must not lend an office.
    if let Some(detour) = prove::detour(&ctx, PATH) {
        return Ok(detour);
    }
    let mut conn = ctx.kit.db.read().await?;
    let data = DeputyForm { tempat: asked.tempat, ..DeputyForm::default() };
    Ok(page(&ctx, &mut conn, data, Errors::default()).await?.into_response())
}

pub async fn add(ctx: Ctx, form: Form<DeputyForm>) -> Result<Response> {
    if let Some(detour) = prove::detour(&ctx, PATH) {
        return Ok(detour);
    }
    let me = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let seats = grant::seats(&ctx, &mut conn, me).await?;
    // A seat of one's own or none: what was lent cannot be lent on.
    let mut errors = Errors::default();
    let Some(seat) = seats.into_iter().find(|seat| seat.code() == form.data.tempat) else {
        errors.add("", "people-deputy-no-seat");
        return Ok(page(&ctx, &mut conn, form.data, errors).await?.invalid().into_response());
    };
    let colleagues = grant::colleagues(&mut conn, &seat.scope, me, ctx.now()).await?;
    let deputy = form.data.pengganti.parse().ok().filter(|id| colleagues.iter().any(|one| one.id == *id));
    errors.check(deputy.is_some(), "pengganti", "people-deputy-who");
    let days = read_days(&form.data.mulai, &form.data.sampai, &seat.region, ctx.now(), &mut errors);
    let (Some(deputy), true) = (deputy, errors.is_empty()) else {
        return Ok(page(&ctx, &mut conn, form.data, errors).await?.invalid().into_response());
    };
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    lend(&ctx, &mut tx, &seat, deputy, days).await?;
    ctx.commit(tx, &form, ctx.onward(PATH, "people-deputy-done")).await
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn end(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let me = ctx.actor()?.account_id;
    let mut tx = ctx.kit.db.write().await?;
    let found = store::end(&mut tx, id, me, ctx.now()).await?.ok_or(Error::Missing)?;
    let other = if found.giver_id == me { found.deputy_id } else { found.giver_id };
    let event = Event {
        actor_id: Some(me),
        region: found.region,
        group_id: found.group_id,
        link: PATH.into(),
        title: found.title,
        data: json!({ "notify": [other], "notice": "people-notice-deputy-over" }).to_string(),
        ..Event::new(ctx.now(), "people.delegation.ended", ("delegation", id))
    };
    tx.emit(event).await?;
    ctx.commit(tx, &form, ctx.onward(PATH, "people-deputy-ended")).await
}
