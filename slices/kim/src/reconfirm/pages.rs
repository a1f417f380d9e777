//! The question on a page of its own, and its one-tap answer.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use base::Event;
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Form, Page, Result, filters};

use super::{Question, store};
use crate::access::kept;
use crate::register::{Kim, Status, step};

/// Nothing but its key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {}

#[derive(Template)]
#[template(path = "reconfirm/show.html")]
struct AskPage {
    kim: Kim,
    question: Option<Question>,
    key: String,
}

/// `GET /meja/kim/{slug}/masih-aktif`
pub async fn show(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let page = AskPage { question: store::open(&mut conn, kim.id).await?, key: ctx.kit.ids.token(), kim };
    drop(conn);
    let title = ctx.say_with("kim-ask-title", &[("name", &page.kim.name)]);
    Ok(ctx.page(title, &page)?.section("/meja").head(|head| head.private = true))
}

/// `POST /meja/kim/{slug}/masih-aktif`
pub async fn answer(ctx: Ctx, Path(slug): Path<String>, form: Form<AnswerForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let question = store::open(&mut conn, kim.id).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let at_work = matches!(kim.status, Status::Verified | Status::Active);
    if !at_work || !store::answer(&mut tx, kim.id, ctx.account_id(), ctx.now()).await? {
        return Err(Error::Conflict("kim-ask-none"));
    }
    store::confirm(&mut tx, kim.id, ctx.now()).await?;
    let mut data = json!({});
    // Who heard of the silence hears that it is over.
    if question.is_some_and(|question| question.told_at.is_some()) {
        data["notify"] = json!(step::overseers(&mut tx, &kim.region, ctx.now()).await?);
        data["notice"] = "kim-notice-confirmed".into();
    }
    tx.emit(Event { data: data.to_string(), ..step::event(&ctx, &kim, "kim.group.confirmed") }).await?;
    let answer = ctx.onward("/meja", "kim-done-confirmed");
    ctx.commit(tx, &form, answer).await
}
