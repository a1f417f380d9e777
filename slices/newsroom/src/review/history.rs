//! The history of a story: what each save changed, in its words and beside them, and the way back.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use base::{Conn, Tx};
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Form, Page, filters};

use super::diff;
use super::store::{self, Revision};
use crate::article::desk::{self, emit};
use crate::article::store::{self as articles, Text};
use crate::article::{Article, Status, Step, category_key, is_near, lang_key, plain};
use crate::media::pages::Nothing;

/// Revisions a page shows; each is compared with the one before it.
const PAGE: usize = 10;

/// Keeps the words of a story as the actor's save, when they differ from those kept last.
pub(crate) async fn keep(ctx: &Ctx, tx: &mut Tx, article: &Article, note: &str) -> web::Result<()> {
    let actor = ctx.actor()?;
    store::keep(tx, article, (Some(actor.account_id), &actor.name), note, ctx.now()).await?;
    Ok(())
}

/// Keeps what a story says that came without a history, before someone changes it.
pub(crate) async fn begin(tx: &mut Tx, article: &Article) -> web::Result<()> {
    if store::revisions(tx, article.id, i64::MAX, 1).await?.is_empty() {
        store::add_revision(tx, article, (article.author_id, &article.author_name), "", article.updated_at).await?;
    }
    Ok(())
}

/// What changed from one revision to the next beside the words, a line each.
async fn changes(ctx: &Ctx, conn: &mut Conn, old: &Revision, new: &Revision) -> web::Result<Vec<String>> {
    let mut lines = Vec::new();
    if let Some((old, new)) = differ(&old.category, &new.category) {
        let (old, new) = (ctx.say(category_key(old)), ctx.say(category_key(new)));
        lines.push(ctx.say_with("newsroom-history-category", &[("old", &old), ("new", &new)]));
    }
    if let Some((old, new)) = differ(&old.tags, &new.tags) {
        let (old, new) = (list(old), list(new));
        lines.push(ctx.say_with("newsroom-history-tags", &[("old", &old), ("new", &new)]));
    }
    if let Some((old, new)) = differ(&old.lang, &new.lang) {
        let (old, new) = (ctx.say(lang_key(old)), ctx.say(lang_key(new)));
        lines.push(ctx.say_with("newsroom-history-lang", &[("old", &old), ("new", &new)]));
    }
    if let Some((old, new)) = differ(&old.region, &new.region) {
        let (old, new) = (place(conn, old).await?, place(conn, new).await?);
        lines.push(ctx.say_with("newsroom-history-region", &[("old", &old), ("new", &new)]));
    }
    Ok(lines)
}

/// Both values when both were kept and they differ.
fn differ<'a>(old: &'a Option<String>, new: &'a Option<String>) -> Option<(&'a str, &'a str)> {
    let (old, new) = (old.as_deref()?, new.as_deref()?);
    (old != new).then_some((old, new))
}

/// Tags in one line.
fn list(tags: &str) -> String {
    let tags: Vec<String> = serde_json::from_str(tags).unwrap_or_default();
    if tags.is_empty() { "–".into() } else { tags.join(", ") }
}

/// The name of a region, or its code when nobody knows it any more.
async fn place(conn: &mut Conn, code: &str) -> web::Result<String> {
    Ok(regions::find(conn, code).await?.map_or_else(|| code.to_owned(), |region| region.name))
}

/// One revision as the page shows it.
struct Shown {
    id: i64,
    at: i64,
    by: String,
    note: String,
    /// Safe: rendered by [`diff::words`].
    title: String,
    lead: String,
    body: String,
    /// What changed beside the words.
    changes: Vec<String>,
    first: bool,
    now: bool,
}

#[derive(Template)]
#[template(path = "review/history.html")]
struct HistoryPage<'a> {
    article: &'a Article,
    revisions: Vec<Shown>,
    may_edit: bool,
    next: Option<String>,
    key: String,
}

/// Where the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    after: String,
}

/// Shows what each save changed, newest first.
pub async fn show(ctx: Ctx, Path(id): Path<i64>, Query(asked): Query<Asked>) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    let before = asked.after.parse().unwrap_or(i64::MAX);
    // One more than is shown: the oldest shown is compared with it.
    let limit = i64::try_from(PAGE + 1).unwrap_or(11);
    let found = store::revisions(&mut conn, id, before, limit).await?;
    let (added, removed) = (ctx.say("newsroom-diff-added"), ctx.say("newsroom-diff-removed"));
    let mut revisions = Vec::new();
    for (at, revision) in found.iter().take(PAGE).enumerate() {
        let older = found.get(at + 1);
        let words = |old: Option<&String>, new: &str| diff::words(old.map_or(new, String::as_str), new, &added, &removed);
        let old_body = older.map(|older| plain(&older.body));
        revisions.push(Shown {
            id: revision.id,
            at: revision.at,
            by: revision.account_name.clone(),
            note: revision.note.clone(),
            title: words(older.map(|older| &older.title), &revision.title),
            lead: words(older.map(|older| &older.lead), &revision.lead),
            body: words(old_body.as_ref(), &plain(&revision.body)),
            changes: match older {
                Some(older) => changes(&ctx, &mut conn, older, revision).await?,
                None => Vec::new(),
            },
            first: older.is_none(),
            now: at == 0 && asked.after.is_empty(),
        });
    }
    drop(conn);
    let next = revisions.last().filter(|_| found.len() > PAGE);
    let page = HistoryPage {
        article: &desk.article,
        next: next.map(|last| format!("{}/riwayat?after={}", desk.article.desk(), last.id)),
        revisions,
        may_edit: desk.may(Step::Edit),
        key: ctx.kit.ids.token(),
    };
    let page = ctx.page(ctx.say("newsroom-history-title"), &page)?;
    Ok(page.section("/meja/tulis").head(|head| head.private = true))
}

/// Brings an older text back, as a new save.
pub async fn restore(ctx: Ctx, Path((id, rev)): Path<(i64, i64)>, form: Form<Nothing>) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    desk.step(Step::Edit)?;
    let revision = store::revision(&mut conn, id, rev).await?.ok_or(Error::Missing)?;
    drop(conn);
    let before = &desk.article;
    let region = revision.region.filter(|region| is_near(region, &desk.kim.region));
    let text = Text {
        slug: before.slug.clone(),
        region: region.unwrap_or_else(|| before.region.clone()),
        title: revision.title,
        lead: revision.lead,
        body: revision.body,
        category: revision.category.unwrap_or_else(|| before.category.clone()),
        tags: revision.tags.map_or_else(|| before.tags(), |tags| serde_json::from_str(&tags).unwrap_or_default()),
        lang: revision.lang.unwrap_or_else(|| before.lang.clone()),
        sheet: None,
    };
    let mut tx = ctx.kit.db.write().await?;
    if !articles::rewrite(&mut tx, id, before.version, &text, ctx.now()).await? {
        return Err(Error::Conflict("newsroom-conflict"));
    }
    let article = articles::by_id(&mut tx, id).await?.ok_or(Error::Missing)?;
    keep(&ctx, &mut tx, &article, "restored").await?;
    if article.status == Status::Published {
        let mut told = desk::told_of_edit(&ctx, &mut tx, &desk).await?;
        told["was_region"] = json!(before.region);
        emit(&ctx, &mut tx, "edited", &article, told).await?;
    }
    ctx.commit(tx, &form, ctx.onward(&article.desk(), "newsroom-restored")).await
}
