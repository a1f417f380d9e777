//! The page of the editor and of the region's officer, and every step they take.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::Tx;
use serde::Deserialize;
use serde_json::{Value, json};
use web::{Ctx, Error, Errors, Form, Page, filters};

use super::{Comment, REMARK_MOST, store};
use crate::article::desk::{self, Desk, emit};
use crate::article::{Article, Status, Step, preview, store as articles};
use crate::media;

/// The forms of the page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// A request or a reason.
    pub alasan: String,
    /// A remark.
    pub catatan: String,
    /// The version that was read.
    pub version: String,
}

/// A line of the checklist.
struct Check {
    key: &'static str,
    done: bool,
}

#[derive(Template)]
#[template(path = "review/show.html")]
struct ReviewPage<'a> {
    desk: &'a Desk,
    article: &'a Article,
    /// Safe: rendered by the preview.
    story: String,
    checks: Vec<Check>,
    /// The days left to read it, said, and the class of their badge; empty when nobody waits.
    left: String,
    left_class: &'static str,
    comments: Vec<Comment>,
    errors: &'a Errors,
    typed: &'a Typed,
    key: String,
}

impl ReviewPage<'_> {
    fn may(&self, step: Step) -> bool {
        self.desk.may(step)
    }

    /// Someone else must read the person's own story.
    fn own(&self) -> bool {
        self.article.status == Status::Review && self.desk.standing.editor && !self.desk.may(Step::Publish)
    }
}

async fn page(ctx: &Ctx, desk: &Desk, errors: &Errors, typed: &Typed) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let article = &desk.article;
    let photos = media::of(&mut conn, article.id).await?;
    let lacks = desk::lacks(&article.title, &article.lead, article.words, &photos);
    let checks = vec![
        Check { key: "newsroom-check-lead", done: lacks.of("lead").is_none() },
        Check { key: "newsroom-check-body", done: lacks.of("body").is_none() },
        Check { key: "newsroom-check-photo", done: !photos.is_empty() },
        Check { key: "newsroom-check-alt", done: photos.iter().all(|photo| !photo.alt.trim().is_empty()) },
        Check { key: "newsroom-check-tags", done: !article.tags().is_empty() },
    ];
    let story = preview::story(ctx, &mut conn, desk, &photos).await?;
    let comments = store::comments(&mut conn, article.id).await?;
    drop(conn);
    let days = article.due_at.map(|due| kim::days_left(due, ctx.now()));
    let page = ReviewPage {
        desk,
        article,
        story,
        checks,
        left: days.map(|days| kim::say_left(ctx, days)).unwrap_or_default(),
        left_class: days.map_or("", kim::left_class),
        comments,
        errors,
        typed,
        key: ctx.kit.ids.token(),
    };
    let page = ctx.page(ctx.say_with("newsroom-review-title", &[("title", &article.title)]), &page)?;
    Ok(page.section("/meja/tulis").head(|head| head.private = true))
}

/// The page again, with what is wrong.
async fn again(ctx: &Ctx, desk: &Desk, errors: Errors, typed: &Typed) -> web::Result<Response> {
    Ok(page(ctx, desk, &errors, typed).await?.invalid().into_response())
}

/// Opens a story for someone who reviews it.
async fn open(ctx: &Ctx, id: i64) -> web::Result<Desk> {
    let mut conn = ctx.kit.db.read().await?;
    desk::open(ctx, &mut conn, id).await
}

/// Shows a story with what is asked of its reader.
pub async fn show(ctx: Ctx, Path(id): Path<i64>) -> web::Result<Page> {
    let desk = open(&ctx, id).await?;
    if !desk.standing.editor && !desk.standing.overseer {
        return Err(Error::Forbidden);
    }
    page(&ctx, &desk, &Errors::default(), &Typed::default()).await
}

/// Tells the writer, unless the writer did it.
fn to_author(article: &Article, notice: &str, reason: &str, link: String) -> Value {
    let notify: Vec<i64> = article.author_id.into_iter().collect();
    json!({ "notify": notify, "notice": notice, "reason": reason, "notice_link": link })
}

/// Publishes: as editor, as the region's officer, or hands up where the region wants to read first.
pub async fn publish(ctx: Ctx, Path(id): Path<i64>, form: Form<Typed>) -> web::Result<Response> {
    let desk = open(&ctx, id).await?;
    let step = if desk.article.status == Status::Approval { Step::Approve } else { Step::Publish };
    forward(&ctx, &desk, step, &form).await
}

/// Gives a withdrawn story back to readers.
pub async fn republish(ctx: Ctx, Path(id): Path<i64>, form: Form<Typed>) -> web::Result<Response> {
    let desk = open(&ctx, id).await?;
    forward(&ctx, &desk, Step::Republish, &form).await
}

async fn forward(ctx: &Ctx, desk: &Desk, step: Step, form: &Form<Typed>) -> web::Result<Response> {
    let next = desk.step(step)?;
    desk.same_version(&form.data.version)?;
    let article = &desk.article;
    let mut conn = ctx.kit.db.read().await?;
    let photos = media::of(&mut conn, article.id).await?;
    let lacks = desk::lacks(&article.title, &article.lead, article.words, &photos);
    // A story of an imported or older kind may lack a lead; it was published before, so it may be again.
    if step != Step::Republish && !lacks.is_empty() {
        drop(conn);
        let mut errors = Errors::default();
        errors.add("", "newsroom-refused-incomplete");
        errors.0.extend(lacks.0.into_iter().map(|problem| web::Problem { field: String::new(), ..problem }));
        return again(ctx, desk, errors, &form.data).await;
    }
    let up = if next == Status::Approval { desk::overseers(ctx, &mut conn, &desk.kim).await? } else { Vec::new() };
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let published = (next == Status::Published).then(|| ctx.now());
    moved(articles::set_status(&mut tx, article.id, article.version, next, None, published).await?)?;
    let (verb, data, to, key) = match next {
        Status::Approval => {
            desk::set_due(&mut tx, &desk.kim.region, article.id, ctx.now()).await?;
            let link = format!("{}/periksa", article.desk());
            let data = json!({ "notify": up, "notice": "newsroom-notice-approval", "notice_link": link });
            ("approved", data, article.desk(), "newsroom-handed-up")
        }
        _ => {
            let mut data = to_author(article, "newsroom-notice-published", "", article.link());
            data["alone"] = json!(desk.standing.author);
            let verb = if step == Step::Republish || article.published_at.is_some() { "republished" } else { "published" };
            (verb, data, article.link(), "newsroom-published")
        }
    };
    if step == Step::Approve {
        remark(ctx, &mut tx, article, form.data.alasan.trim(), "approval").await?;
    }
    emit(ctx, &mut tx, verb, article, data).await?;
    ctx.commit(tx, form, ctx.onward(&to, key)).await
}

/// Fails when another change came first.
fn moved(done: bool) -> web::Result<()> {
    if done { Ok(()) } else { Err(Error::Conflict("newsroom-conflict")) }
}

/// Adds a remark unless it is empty.
async fn remark(ctx: &Ctx, tx: &mut Tx, article: &Article, body: &str, kind: &str) -> web::Result<()> {
    if body.is_empty() {
        return Ok(());
    }
    let actor = ctx.actor()?;
    let body: String = body.chars().take(REMARK_MOST).collect();
    Ok(store::add_comment(tx, article.id, (Some(actor.account_id), &actor.name), &body, kind, ctx.now()).await?)
}

/// Checks a required reason.
fn reason(typed: &Typed, empty: &'static str) -> Errors {
    let mut errors = Errors::default();
    errors.text(&typed.alasan, "alasan", empty, REMARK_MOST);
    errors
}

/// Gives a story back to its writer with a request.
pub async fn ask_changes(ctx: Ctx, Path(id): Path<i64>, form: Form<Typed>) -> web::Result<Response> {
    let desk = open(&ctx, id).await?;
    let next = desk.step(Step::AskChanges)?;
    desk.same_version(&form.data.version)?;
    let errors = reason(&form.data, "newsroom-request-empty");
    if !errors.is_empty() {
        return again(&ctx, &desk, errors, &form.data).await;
    }
    let article = &desk.article;
    let request = form.data.alasan.trim();
    let mut tx = ctx.kit.db.write().await?;
    moved(articles::set_status(&mut tx, id, article.version, next, None, None).await?)?;
    remark(&ctx, &mut tx, article, request, "changes").await?;
    emit(&ctx, &mut tx, "changes_asked", article, to_author(article, "newsroom-notice-changes", request, article.desk())).await?;
    ctx.commit(tx, &form, ctx.onward("/meja/tulisan", "newsroom-changes-asked")).await
}

/// Adds a remark.
pub async fn comment(ctx: Ctx, Path(id): Path<i64>, form: Form<Typed>) -> web::Result<Response> {
    let desk = open(&ctx, id).await?;
    desk.step(Step::Comment)?;
    let article = &desk.article;
    let remarked = form.data.catatan.trim();
    let reviewer = desk.standing.editor || desk.standing.overseer;
    let mut errors = Errors::default();
    errors.text(remarked, "catatan", "newsroom-comment-empty", REMARK_MOST);
    if !errors.is_empty() && reviewer {
        return again(&ctx, &desk, errors, &form.data).await;
    }
    errors.done()?;
    let to = if reviewer { format!("{}/periksa", article.desk()) } else { article.desk() };
    let mut tx = ctx.kit.db.write().await?;
    remark(&ctx, &mut tx, article, remarked, "comment").await?;
    emit(&ctx, &mut tx, "commented", article, to_author(article, "newsroom-notice-comment", remarked, article.desk())).await?;
    ctx.commit(tx, &form, ctx.onward(&format!("{to}#catatan"), "newsroom-commented")).await
}

/// Takes a published story away from readers, for a reason they will read.
pub async fn withdraw(ctx: Ctx, Path(id): Path<i64>, form: Form<Typed>) -> web::Result<Response> {
    let desk = open(&ctx, id).await?;
    desk.step(Step::Withdraw)?;
    desk.same_version(&form.data.version)?;
    let errors = reason(&form.data, "newsroom-withdraw-empty");
    if !errors.is_empty() {
        return again(&ctx, &desk, errors, &form.data).await;
    }
    let article = &desk.article;
    let why = form.data.alasan.trim();
    let mut tx = ctx.kit.db.write().await?;
    let above = !desk.standing.editor;
    moved(articles::set_withdrawn(&mut tx, id, article.version, why, above, ctx.now()).await?)?;
    emit(&ctx, &mut tx, "withdrawn", article, to_author(article, "newsroom-notice-withdrawn", why, article.desk())).await?;
    ctx.commit(tx, &form, ctx.onward(&article.desk(), "newsroom-withdrawn")).await
}
