//! Writing by script: an editor's token sends a story in one call.
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use people::roles::{EDITORS, NEWSROOM};
use serde::{Deserialize, Serialize};
use serde_json::json;
use web::{Ctx, Error, Errors};

use super::desk::{self, emit};
use super::store::{self, New};
use super::{BODY_MOST, Status, Wanted, Words, check, clean, slug};
use crate::review;

/// A story to add.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// Address of the KIM.
    kim: String,
    /// At most 120 characters.
    title: String,
    /// At most 300 characters.
    lead: String,
    /// At most 60,000 characters; sanitised.
    body_html: String,
    /// One of the categories, `kabar` unless told.
    #[serde(default = "kabar")]
    category: String,
    /// At most 8 of at most 30 characters.
    #[serde(default)]
    tags: Vec<String>,
    /// `id`, `nij`, `bjn` or `en`; `id` unless told.
    #[serde(default = "indonesian")]
    language: String,
    /// RFC 3339; not in the future. With `published` only.
    #[serde(default)]
    published_at: Option<String>,
    /// `draft` unless told, or `published`.
    #[serde(default = "draft")]
    status: String,
}

fn kabar() -> String {
    "kabar".into()
}

fn indonesian() -> String {
    "id".into()
}

fn draft() -> String {
    "draft".into()
}

/// What was added.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Added {
    id: i64,
    slug: String,
    /// Absolute address of its page.
    url: String,
    /// `draft`, `published`, or `approval` where the region reads first.
    status: String,
}

/// Description of the writing API.
#[derive(utoipa::OpenApi)]
#[openapi(paths(create), components(schemas(NewArticle, Added)))]
pub struct Doc;

/// Adds a story to a KIM. The header `Idempotency-Key` makes a repeated call answer the same.
#[utoipa::path(
    post,
    path = "/api/v1/articles",
    request_body = NewArticle,
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of at most 200 characters, new for each story")),
    responses(
        (status = 201, description = "Added", body = Added),
        (status = 401, description = "No token"),
        (status = 403, description = "The token's account does not write for this KIM, or may not publish"),
        (status = 422, description = "Something is wrong with a member, or it is unknown"),
    )
)]
pub async fn create(ctx: Ctx, headers: HeaderMap, body: Bytes) -> Response {
    let form = match web::form::json::<NewArticle>(&ctx, &headers, &body).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    match add(&ctx, form).await {
        Ok(answer) => answer,
        Err(error) => error.into_response(),
    }
}

async fn add(ctx: &Ctx, form: web::Form<NewArticle>) -> web::Result<Response> {
    let sent = &form.data;
    let actor = ctx.actor()?;
    let mut conn = ctx.kit.db.read().await?;
    let unknown = || {
        let mut errors = Errors::default();
        errors.add("kim", "newsroom-api-kim-unknown");
        Error::Invalid(errors)
    };
    let kim = kim::find(&mut conn, &sent.kim).await?.ok_or_else(unknown)?;
    let publishes = sent.status == "published";
    let editor = ctx.may(EDITORS, &kim.region, Some(kim.id));
    if !editor && (publishes || !ctx.may(NEWSROOM, &kim.region, Some(kim.id))) {
        // A KIM that is not public yet is nobody else's to know of.
        return Err(if kim.status.is_public() { Error::Forbidden } else { unknown() });
    }
    let open = if publishes { desk::may_publish(&kim) } else { kim.status != kim::Status::Dissolved };
    if !open {
        return Err(Error::Conflict("newsroom-refused-kim-not-open"));
    }
    let now = ctx.now();
    let Read { title, lead, body, tags, at } = read(sent, publishes, now)?;
    let status = match (publishes, publishes && desk::chain(&mut conn, &kim.region).await?) {
        (false, _) => Status::Draft,
        (true, false) => Status::Published,
        (true, true) => Status::Approval,
    };
    let overseers = if status == Status::Approval { desk::overseers(ctx, &mut conn, &kim).await? } else { Vec::new() };
    drop(conn);
    let new = New {
        slug: slug(&title),
        group_id: kim.id,
        region: kim.region.clone(),
        author_id: Some(actor.account_id),
        author_name: actor.name.clone(),
        title,
        lead,
        body,
        category: sent.category.clone(),
        tags,
        lang: sent.language.clone(),
        status,
        created_at: now,
        updated_at: now,
        submitted_at: publishes.then_some(now),
        published_at: (status == Status::Published).then_some(at),
        source_url: None,
        source_key: None,
    };
    let mut tx = ctx.kit.db.write().await?;
    let (id, slug) = store::add(&mut tx, &ctx.kit.ids, &new).await?;
    let article = new.article(id, slug);
    review::store::add_revision(&mut tx, &article, (article.author_id, &article.author_name), "", now).await?;
    let (verb, data) = match status {
        Status::Published => ("published", json!({ "alone": true, "via": "api" })),
        Status::Approval => {
            desk::set_due(&mut tx, &kim.region, id, now).await?;
            let link = format!("{}/periksa", article.desk());
            ("approved", json!({ "notify": overseers, "notice": "newsroom-notice-approval", "notice_link": link, "via": "api" }))
        }
        _ => ("created", json!({ "via": "api" })),
    };
    emit(ctx, &mut tx, verb, &article, data).await?;
    let url = ctx.absolute(&article.link());
    let added = Added { id, slug: article.slug, url, status: status.name().into() };
    let answer = web::json::answer(StatusCode::CREATED, &added)?;
    ctx.commit(tx, &form, answer).await
}

/// What was sent, read.
struct Read {
    title: String,
    lead: String,
    body: String,
    tags: Vec<String>,
    at: i64,
}

fn read(sent: &NewArticle, publishes: bool, now: i64) -> web::Result<Read> {
    let mut errors = Errors::default();
    errors.check(matches!(sent.status.as_str(), "draft" | "published"), "status", "newsroom-api-status-unknown");
    let tags = super::tags(&sent.tags.iter().map(|tag| tag.replace(',', " ")).collect::<Vec<_>>().join(","));
    let words = Words {
        title: &sent.title,
        lead: &sent.lead,
        body: &sent.body_html,
        category: &sent.category,
        tags: &tags,
        lang: &sent.language,
    };
    check(words, if publishes { Wanted::Story } else { Wanted::Draft }, "body_html", &mut errors);
    let body = if errors.of("body_html").is_none() { clean(&sent.body_html, &[]) } else { String::new() };
    if errors.of("body_html").is_none() {
        errors.check(!publishes || super::words(&body) > 0, "body_html", "newsroom-body-empty");
        errors.check(body.chars().count() <= BODY_MOST, "body_html", "newsroom-body-grown");
    }
    let at = match sent.published_at.as_deref() {
        None => now,
        Some(text) => match moment(text) {
            Some(at) if at <= now => at,
            Some(_) => {
                errors.add("published_at", "newsroom-api-future");
                now
            }
            None => {
                errors.add("published_at", "newsroom-api-time");
                now
            }
        },
    };
    errors.done()?;
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Read { title: line(&sent.title), lead: line(&sent.lead), body, tags, at })
}

/// Epoch microseconds of an RFC 3339 time.
fn moment(text: &str) -> Option<i64> {
    let whole = text.contains('T') || text.contains('t') || text.contains(' ');
    web::dates::parse_iso(text).filter(|_| whole)
}
