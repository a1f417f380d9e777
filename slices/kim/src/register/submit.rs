//! Handing a KIM in for verification: a last look, then the step.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::Conn;
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::pages::say_lack;
use super::{Hand, Kim, Status, look, rules, step};
use crate::access::kept;
use crate::decree::{self, Decree};
use crate::member::{self, Member};

/// What the form holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SubmitForm {
    /// A word to the overseers, if there is one.
    pub alasan: String,
}

#[derive(Template)]
#[template(path = "register/submit.html")]
struct SubmitPage {
    kim: Kim,
    place: String,
    members: Vec<Member>,
    decree: Option<Decree>,
    /// What keeps it from being submitted, already said.
    blocking: Vec<String>,
    /// What may follow later, already said.
    later: Vec<String>,
    days: i64,
    data: SubmitForm,
    errors: Errors,
    key: String,
}

async fn page(ctx: &Ctx, conn: &mut Conn, kim: Kim, data: SubmitForm, errors: Errors) -> Result<Page> {
    let look = look::over(conn, &kim, ctx.now()).await?;
    let (blocking, later): (Vec<_>, Vec<_>) = look.lacks.iter().copied().partition(|lack| lack.blocks());
    let page = SubmitPage {
        place: regions::full_name(conn, &kim.region).await?,
        members: member::store::current(conn, kim.id).await?,
        decree: decree::store::latest(conn, kim.id).await?,
        blocking: blocking.into_iter().map(|lack| say_lack(ctx, lack)).collect(),
        later: later.into_iter().map(|lack| say_lack(ctx, lack)).collect(),
        days: regions::policy::int(conn, &kim.region, regions::policy::Policy::ClockVerifyDays).await?,
        kim,
        data,
        errors,
        key: ctx.kit.ids.token(),
    };
    Ok(ctx.page(ctx.say("kim-submit-title"), &page)?.section("/meja").head(|head| head.private = true))
}

pub async fn check(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    page(&ctx, &mut conn, kim, SubmitForm::default(), Errors::default()).await
}

pub async fn submit(ctx: Ctx, Path(slug): Path<String>, form: Form<SubmitForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let Some(next) = kim.status.may(Status::Submitted, Hand::Officer) else {
        return Err(Error::Conflict("kim-conflict-step"));
    };
    let look = look::over(&mut conn, &kim, ctx.now()).await?;
    let mut errors = Errors::default();
    if !look.blocking().is_empty() {
        errors.add_with("", "kim-submit-lacking", &[("n", &look.blocking().len().to_string())]);
    }
    let reason = form.data.alasan.trim();
    errors.most(reason, "alasan", rules::REASON_MOST);
    if !errors.is_empty() {
        return Ok(page(&ctx, &mut conn, kim, form.data, errors).await?.invalid().into_response());
    }
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    step::take(&ctx, &mut tx, &kim, next, reason).await?;
    let answer = ctx.onward(&format!("/meja/kim/{}", kim.slug), next.done());
    ctx.commit(tx, &form, answer).await
}
