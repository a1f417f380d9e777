//! Arranging a group's page, button by button, so that it works without a script.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::{Ctx, Errors, Form, Page, Result, filters};

use super::store::{self, Arranged};
use super::{Act, COLOURS, Placed, is_colour, read, write};
use crate::access::kept;
use crate::register::{Kim, step};

#[derive(Template)]
#[template(path = "page/edit.html")]
struct EditPage {
    kim: Kim,
    /// Code, key of the name, chosen.
    colours: Vec<(&'static str, &'static str, bool)>,
    placed: Vec<Placed>,
    /// Hosts that show this page.
    domains: Vec<String>,
    errors: Errors,
    keys: [String; 2],
}

fn page(ctx: &Ctx, kim: Kim, arranged: &Arranged, errors: Errors) -> Result<Page> {
    let domains = ctx.kit.config.domains.iter().filter(|(_, slug)| **slug == kim.slug).map(|(host, _)| host.clone());
    let page = EditPage {
        colours: COLOURS.iter().map(|(code, key)| (*code, *key, *code == arranged.colour)).collect(),
        placed: read(&arranged.blocks),
        domains: domains.collect(),
        errors,
        keys: std::array::from_fn(|_| ctx.kit.ids.token()),
        kim,
    };
    Ok(ctx.page(ctx.say("kim-page-title"), &page)?.section("/meja").head(|head| head.private = true))
}

pub async fn edit(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let arranged = store::get(&mut conn, kim.id).await?;
    page(&ctx, kim, &arranged, Errors::default())
}

/// What the two forms hold: a colour, or what one button does.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ArrangeForm {
    pub warna: Option<String>,
    pub aksi: String,
}

pub async fn save(ctx: Ctx, Path(slug): Path<String>, form: Form<ArrangeForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let before = store::get(&mut conn, kim.id).await?;
    drop(conn);
    let mut errors = Errors::default();
    let mut after = before.clone();
    let mut place = "";
    match (&form.data.warna, Act::parse(&form.data.aksi)) {
        (Some(colour), _) if is_colour(colour) => after.colour = colour.clone(),
        (None, Some(act)) => {
            after.blocks = write(&act.apply(read(&before.blocks)));
            place = act.block().map_or("", |block| block.code());
        }
        _ => errors.add("warna", "kim-page-which"),
    }
    if !errors.is_empty() {
        return Ok(page(&ctx, kim, &before, errors)?.invalid().into_response());
    }
    let mut tx = ctx.kit.db.write().await?;
    store::set(&mut tx, kim.id, &after, ctx.now()).await?;
    tx.emit(step::event(&ctx, &kim, "kim.group.changed")).await?;
    // Back to the button, so that the next press is near.
    let mark = if place.is_empty() { String::new() } else { format!("#b-{place}") };
    let answer = ctx.onward(&format!("/meja/kim/{}/halaman{mark}", kim.slug), "kim-page-done");
    ctx.commit(tx, &form, answer).await
}
