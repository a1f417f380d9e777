//! "This is our KIM": the page on which someone claims a listing, and where they see what became of it.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::clock::DAY;
use base::{Conn, Event};
use serde::Deserialize;
use serde_json::json;
use web::limits::Limit;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::REASON_MOST;
use super::store::{self, Claim};
use crate::member::Office;
use crate::register::{self, Kim, step};

/// Claims cost others time.
const CLAIMS: Limit = Limit { name: "kim.claim", acts: 5, window: DAY };

/// What the form of a claim holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ClaimForm {
    pub jabatan: String,
    pub alasan: String,
    pub dewasa: String,
}

#[derive(Template)]
#[template(path = "claim/show.html")]
struct ShowPage {
    kim: Kim,
    place: String,
    /// This person's newest claim on it.
    claim: Option<Claim>,
    offices: Vec<Office>,
    errors: Errors,
    data: ClaimForm,
    key: String,
}

impl ShowPage {
    /// Whether a claim can be made now.
    fn is_open(&self) -> bool {
        self.kim.is_unclaimed() && !self.claim.as_ref().is_some_and(Claim::is_waiting)
    }
}

/// A listing of an address that anyone may see.
async fn open(conn: &mut Conn, slug: &str) -> Result<Kim> {
    let kim = register::find(conn, slug).await?.filter(Kim::is_public).ok_or(Error::Missing)?;
    // Those who registered themselves have nothing to claim.
    if kim.listing.is_empty() { Err(Error::Missing) } else { Ok(kim) }
}

async fn page(ctx: &Ctx, conn: &mut Conn, kim: Kim, data: ClaimForm, errors: Errors) -> Result<Page> {
    let page = ShowPage {
        place: regions::full_name(conn, &kim.region).await?,
        claim: store::of_person(conn, kim.id, ctx.actor()?.account_id).await?,
        offices: Office::ALL.into_iter().filter(|office| office.keeps()).collect(),
        key: ctx.kit.ids.token(),
        kim,
        errors,
        data,
    };
    let title = ctx.say_with("kim-claim-title", &[("name", &page.kim.name)]);
    Ok(ctx.page(title, &page)?.section("/kim").head(|head| head.private = true))
}

pub async fn show(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = open(&mut conn, &slug).await?;
    page(&ctx, &mut conn, kim, ClaimForm::default(), Errors::default()).await
}

pub async fn claim(ctx: Ctx, Path(slug): Path<String>, form: Form<ClaimForm>) -> Result<Response> {
    let account = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let kim = open(&mut conn, &slug).await?;
    if !kim.is_unclaimed() {
        return Err(Error::Conflict("kim-claim-conflict-claimed"));
    }
    let mut errors = Errors::default();
    let office = Office::parse(&form.data.jabatan).filter(|office| office.keeps());
    errors.check(office.is_some(), "jabatan", "kim-office-empty");
    errors.check(!form.data.dewasa.is_empty(), "dewasa", "people-join-adult-needed");
    let reason = form.data.alasan.trim();
    errors.text(reason, "alasan", "kim-claim-reason-empty", REASON_MOST);
    let (Some(office), true) = (office, errors.is_empty()) else {
        return Ok(page(&ctx, &mut conn, kim, form.data, errors).await?.invalid().into_response());
    };
    ctx.limits().count(CLAIMS, &account.to_string(), ctx.now()).map_err(Error::TooMany)?;
    let overseers = step::overseers(&mut conn, &kim.region, ctx.now()).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let Some(id) = store::add(&mut tx, kim.id, account, office, reason, ctx.now()).await? else {
        return Err(Error::Conflict("kim-claim-conflict-twice"));
    };
    let data = json!({ "claim": id, "notify": overseers, "notice": "kim-claim-notice-made", "notice_link": "/bina/klaim" });
    tx.emit(Event { data: data.to_string(), ..step::event(&ctx, &kim, "kim.claim.made") }).await?;
    let answer = ctx.onward(&format!("{}/klaim", kim.path()), "kim-claim-done-made");
    ctx.commit(tx, &form, answer).await
}
