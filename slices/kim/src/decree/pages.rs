//! The decree of a KIM: listing, adding one with its photo, and showing that photo to the few who may see it.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Conn, Event};
use regions::policy::{self, Policy};
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page, Result, dates, filters};

use super::store::{self, NewDecree};
use super::{Decree, fits, scan, years_later};
use crate::access::{DECREE_READERS, id_of, kept, own};
use crate::register::{Kim, rules, step};

const NUMBER_MOST: usize = 80;
const SIGNER_MOST: usize = 120;

/// What the form of a decree holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DecreeForm {
    pub nomor: String,
    pub tanggal: String,
    pub penanda_tangan: String,
    pub sampai: String,
    /// Ticked: someone else than the region's rule names signed it.
    pub lain: String,
}

#[derive(Template)]
#[template(path = "decree/show.html")]
struct DecreePage {
    kim: Kim,
    decrees: Vec<Decree>,
    /// Who signs, in the words of the region's policy.
    signer: String,
    years: i64,
    errors: Errors,
    data: DecreeForm,
    today: String,
    now: i64,
    key: String,
}

async fn page(ctx: &Ctx, conn: &mut Conn, kim: Kim, data: DecreeForm, errors: Errors) -> Result<Page> {
    let page = DecreePage {
        decrees: store::all(conn, kim.id).await?,
        signer: policy::get(conn, &kim.region, Policy::DecreeSigner).await?.value,
        years: policy::int(conn, &kim.region, Policy::TermYears).await?,
        today: dates::day(ctx.now(), &kim.region),
        now: ctx.now(),
        key: ctx.kit.ids.token(),
        kim,
        errors,
        data,
    };
    Ok(ctx.page(ctx.say("kim-decree-title"), &page)?.section("/meja").head(|head| head.private = true))
}

pub async fn show(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    page(&ctx, &mut conn, kim, DecreeForm::default(), Errors::default()).await
}

/// A form that holds.
struct Read {
    number: String,
    signer: String,
    issued_at: i64,
    expires_at: Option<i64>,
}

fn read(ctx: &Ctx, kim: &Kim, rule: &str, years: i64, data: &DecreeForm, errors: &mut Errors) -> Read {
    let number = rules::tidy(&data.nomor);
    let signer = rules::tidy(&data.penanda_tangan);
    errors.text(&number, "nomor", "kim-decree-number-empty", NUMBER_MOST);
    errors.text(&signer, "penanda_tangan", "kim-decree-signer-empty", SIGNER_MOST);
    if errors.of("penanda_tangan").is_none() && data.lain.is_empty() && !fits(rule, &signer) {
        errors.add_with("penanda_tangan", "kim-decree-signer-differs", &[("signer", rule)]);
    }
    let issued = dates::parse_day(&data.tanggal, &kim.region).filter(|at| *at <= ctx.now());
    errors.check(issued.is_some(), "tanggal", "kim-decree-issued-bad");
    let issued_at = issued.unwrap_or(ctx.now());
    let mut expires_at = None;
    if data.sampai.trim().is_empty() {
        expires_at = if years > 0 { years_later(issued_at, years, &kim.region) } else { expires_at };
    } else {
        expires_at = dates::parse_day(&data.sampai, &kim.region).filter(|at| *at > issued_at);
        errors.check(expires_at.is_some(), "sampai", "kim-decree-end-bad");
    }
    Read { number, signer, issued_at, expires_at }
}

pub async fn add(ctx: Ctx, Path(slug): Path<String>, form: Form<DecreeForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let years = policy::int(&mut conn, &kim.region, Policy::TermYears).await?;
    let rule = policy::get(&mut conn, &kim.region, Policy::DecreeSigner).await?.value;
    let mut errors = Errors::default();
    let read = read(&ctx, &kim, &rule, years, &form.data, &mut errors);
    let scan = if errors.is_empty() { scan::keep(&ctx, form.files("foto").next(), &mut errors).await? } else { None };
    if !errors.is_empty() {
        return Ok(page(&ctx, &mut conn, kim, form.data, errors).await?.invalid().into_response());
    }
    drop(conn);
    let new = NewDecree {
        number: &read.number,
        issued_at: read.issued_at,
        signer: &read.signer,
        expires_at: read.expires_at,
        scan,
        created_by: ctx.account_id(),
    };
    let mut tx = ctx.kit.db.write().await?;
    let id = store::add(&mut tx, kim.id, &new, ctx.now()).await?;
    let data = json!({ "decree": id }).to_string();
    tx.emit(Event { data, ..step::event(&ctx, &kim, "kim.decree.added") }).await?;
    let answer = ctx.onward(&format!("/meja/kim/{}", kim.slug), "kim-done-decree");
    ctx.commit(tx, &form, answer).await
}

/// The scan of a decree.
pub async fn scan(ctx: Ctx, Path((slug, id)): Path<(String, String)>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = own(&ctx, &mut conn, &slug, DECREE_READERS).await?;
    let decree = store::get(&mut conn, kim.id, id_of(&id)?).await?;
    drop(conn);
    let id = decree.as_ref().map_or(0, |decree| decree.id);
    let key = decree.and_then(|decree| decree.scan).ok_or(Error::Missing)?;
    ctx.looks_at("kim.decree.viewed", (&kim.region, Some(kim.id)), ("decree", id), None).await?;
    scan::serve(&ctx, &key).await
}
