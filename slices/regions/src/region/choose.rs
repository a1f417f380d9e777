//! Choosing a region and a language without an account: a search or a walk down from the provinces,
//! each choice a small form, remembered in a cookie for a year.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use base::Lang;
use serde::Deserialize;
use web::ctx::{LANG_COOKIE, REGION_COOKIE, local, see_other, set_cookie};
use web::{Ctx, Error, Form, Page, filters};

use super::store;
use super::{Placed, Region, is_code};

/// Seconds in a year: how long a choice is remembered.
const YEAR: i64 = 365 * 24 * 60 * 60;
const RESULTS: i64 = 20;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    induk: String,
    #[serde(default)]
    kembali: String,
}

#[derive(Template)]
#[template(path = "region/choose.html")]
struct Choose {
    key: String,
    q: String,
    back: String,
    chosen: Option<String>,
    above: Vec<Region>,
    here: Option<Region>,
    found: Vec<Placed>,
    below: Vec<Region>,
}

/// `GET /wilayah/pilih`
pub async fn form(ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let q = asked.q.trim().to_owned();
    let (mut above, mut found, mut below) = (Vec::new(), Vec::new(), Vec::new());
    if !q.is_empty() {
        found = store::search_placed(&mut conn, &q, "", RESULTS).await?;
    } else {
        if !asked.induk.is_empty() {
            above = store::trail(&mut conn, &asked.induk).await?;
        }
        below = store::children(&mut conn, &asked.induk).await?;
    }
    let here = above.pop().filter(Region::is_current);
    let chosen = match &ctx.region {
        Some(code) => store::find(&mut conn, code).await?.map(|region| region.name),
        None => None,
    };
    drop(conn);
    let back = local(&asked.kembali).to_owned();
    let template = Choose { key: ctx.kit.ids.token(), q, back, chosen, above, here, found, below };
    Ok(ctx.page(ctx.say("regions-choose-title"), &template)?.head(|head| head.private = true))
}

/// The code chosen, or an empty one for all Indonesia; and where to go on.
#[derive(Deserialize)]
pub struct Choice {
    #[serde(default)]
    code: String,
    #[serde(default)]
    kembali: String,
}

/// `POST /wilayah/pilih`
pub async fn choose(ctx: Ctx, form: Form<Choice>) -> web::Result<Response> {
    let choice = &form.data;
    let back = local(&choice.kembali);
    if choice.code.is_empty() {
        let mut answer = ctx.onward(back, "regions-chosen-all");
        set_cookie(&mut answer, REGION_COOKIE, "", Some(0));
        return Ok(answer);
    }
    if !is_code(&choice.code) {
        return Err(Error::Missing);
    }
    let mut conn = ctx.kit.db.read().await?;
    let mut region = store::get(&mut conn, &choice.code).await?;
    if let Some(next) = region.replaced_by.take() {
        region = store::get(&mut conn, &next).await?;
    }
    if !region.is_current() {
        return Err(Error::Missing);
    }
    let mut answer = ctx.onward_with(back, "positive", "regions-chosen", &[("name", &region.name)]);
    set_cookie(&mut answer, REGION_COOKIE, &region.code, Some(YEAR));
    Ok(answer)
}

/// `GET /bahasa/{code}`
pub async fn language(Path(code): Path<String>, Query(asked): Query<Asked>) -> web::Result<Response> {
    let lang = Lang::parse(&code).ok_or(Error::Missing)?;
    let mut answer = see_other(local(&asked.kembali));
    set_cookie(&mut answer, LANG_COOKIE, lang.code(), Some(YEAR));
    Ok(answer)
}
