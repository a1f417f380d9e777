//! KIM whose village became several, and the overseer's word on where each belongs.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Conn, Event};
use people::roles::{OFFICER, OVERSEERS};
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::{move_to, store};
use crate::access::overseen;
use crate::register::rules;

/// A KIM that waits for a decision.
struct Line {
    slug: String,
    name: String,
    /// The village that ended.
    was: String,
    code: String,
    choices: Vec<regions::Placed>,
    key: String,
}

#[derive(Template)]
#[template(path = "place/list.html")]
struct ListPage {
    lines: Vec<Line>,
    errors: Errors,
    /// Address of the KIM whose form has the errors.
    tried: String,
}

async fn page(ctx: &Ctx, conn: &mut Conn, tried: String, errors: Errors) -> Result<Page> {
    let codes = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    let mut lines = Vec::new();
    for group in store::undecided(conn, &codes).await? {
        lines.push(Line {
            was: regions::full_name(conn, &group.region).await?,
            choices: regions::successors(conn, &group.region).await?,
            key: ctx.kit.ids.token(),
            slug: group.slug,
            name: group.name,
            code: group.region,
        });
    }
    let page = ListPage { lines, errors, tried };
    Ok(ctx.page(ctx.say("kim-place-title"), &page)?.section("/bina").head(|head| head.private = true))
}

pub async fn list(ctx: Ctx) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    page(&ctx, &mut conn, String::new(), Errors::default()).await
}

/// What the form of a decision holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlaceForm {
    /// Dotted code.
    pub ke: String,
}

pub async fn decide(ctx: Ctx, Path(slug): Path<String>, form: Form<PlaceForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = overseen(&ctx, &mut conn, &slug).await?;
    let choices = regions::successors(&mut conn, &kim.region).await?;
    if choices.is_empty() {
        return Err(Error::Conflict("kim-place-conflict"));
    }
    let Some(chosen) = choices.into_iter().find(|placed| placed.region.code == form.data.ke) else {
        let mut errors = Errors::default();
        errors.add("ke", "kim-place-which");
        return Ok(page(&ctx, &mut conn, slug, errors).await?.invalid().into_response());
    };
    // Whoever moves it answers for both places.
    if !ctx.may(OVERSEERS, &chosen.region.code, None) {
        return Err(Error::Refused("kim-place-beyond"));
    }
    let group = store::standing(&mut conn, &kim.region).await?.into_iter().find(|group| group.id == kim.id);
    let group = group.ok_or(Error::Conflict("kim-place-conflict"))?;
    let scope = base::authz::Scope::Group(kim.id);
    let mut hearers = people::grant::holders(&mut conn, OFFICER, &scope, ctx.now()).await?;
    hearers.retain(|id| Some(*id) != ctx.account_id());
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let moved = move_to(&mut tx, &group, &chosen.region.code, ctx.now()).await?;
    let data = json!({ "was_region": kim.region, "notify": hearers, "notice": "kim-place-notice-moved" }).to_string();
    tx.emit(Event { actor_id: ctx.account_id(), data, ..moved }).await?;
    let values = [("name", kim.name.as_str()), ("place", &chosen.region.name)];
    let answer = ctx.onward_with("/bina/pindah", "positive", "kim-place-done", &values);
    ctx.commit(tx, &form, answer).await
}
