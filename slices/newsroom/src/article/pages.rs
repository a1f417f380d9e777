//! The desk of a writer: the list of stories, the form, saving, handing in, deleting.
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Tx;
use kim::Kim;
use people::roles::{EDITORS, NEWSROOM};
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page};

use super::desk::{self, Desk, emit};
use super::form::{Prepared, Shown, Typed, edit_page, new_page, prepare};
use super::store::{self, New, Text};
use super::{Article, Status, Step, Wanted, slug, words};
use crate::media::{self, pages::Nothing};
use crate::review::history;

pub use super::list::{choose as start_choose, list};
pub use super::preview::preview;

/// Which KIM to write for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Start {
    kim: String,
}

/// The KIM of an address, if the person writes for it.
async fn own_kim(ctx: &Ctx, conn: &mut base::Conn, address: &str) -> web::Result<Kim> {
    let kim = kim::find(conn, address).await?.ok_or(Error::Missing)?;
    let writes = ctx.may(NEWSROOM, &kim.region, Some(kim.id)) || ctx.may(EDITORS, &kim.region, Some(kim.id));
    if !writes {
        // A KIM that is not public yet is nobody else's to know of.
        return Err(if kim.status.is_public() { Error::Forbidden } else { Error::Missing });
    }
    if kim.status == kim::Status::Dissolved {
        return Err(Error::Conflict("newsroom-refused-kim-dissolved"));
    }
    Ok(kim)
}

/// The form of a new story; for someone in several KIM, first the choice.
pub async fn start(ctx: Ctx, Query(query): Query<Start>) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    if query.kim.is_empty() {
        let own = kim::of_actor(&mut conn, ctx.actor()?, NEWSROOM).await?;
        let [only] = own.as_slice() else { return start_choose(&ctx, own) };
        let kim = own_kim(&ctx, &mut conn, &only.slug).await?;
        return new_page(&ctx, &mut conn, &kim, &Shown::new(Typed::fresh(&ctx, &kim))).await;
    }
    let kim = own_kim(&ctx, &mut conn, &query.kim).await?;
    new_page(&ctx, &mut conn, &kim, &Shown::new(Typed::fresh(&ctx, &kim))).await
}

/// Saves a new story, and hands it in when that was asked.
pub async fn create(ctx: Ctx, form: Form<Typed>) -> web::Result<Response> {
    let typed = &form.data;
    let actor = ctx.actor()?.clone();
    let mut conn = ctx.kit.db.read().await?;
    let kim = own_kim(&ctx, &mut conn, &typed.kim).await?;
    let hand_in = typed.act == "kirim";
    let wanted = if hand_in { Wanted::Story } else { Wanted::Draft };
    let Prepared { text, mut errors } = prepare(&mut conn, &kim, typed, None, &[], wanted).await?;
    if hand_in && errors.is_empty() {
        errors = desk::lacks(&text.title, &text.lead, words(&text.body), &[]);
    }
    if !errors.is_empty() {
        let shown = Shown { errors, ..Shown::new(typed.clone()) };
        return Ok(new_page(&ctx, &mut conn, &kim, &shown).await?.invalid().into_response());
    }
    let editors = if hand_in { desk::editors(&ctx, &mut conn, &kim).await? } else { Vec::new() };
    drop(conn);
    let now = ctx.now();
    let new = New {
        slug: text.slug,
        group_id: kim.id,
        region: text.region,
        author_id: Some(actor.account_id),
        author_name: actor.name.clone(),
        title: text.title,
        lead: text.lead,
        body: text.body,
        category: text.category,
        tags: text.tags,
        lang: text.lang,
        status: if hand_in { Status::Review } else { Status::Draft },
        created_at: now,
        updated_at: now,
        submitted_at: hand_in.then_some(now),
        published_at: None,
        source_url: None,
        source_key: None,
    };
    let mut tx = ctx.kit.db.write().await?;
    let (id, slug) = store::add(&mut tx, &ctx.kit.ids, &new).await?;
    let article = new.article(id, slug);
    history::keep(&ctx, &mut tx, &article, "").await?;
    emit(&ctx, &mut tx, "created", &article, json!({})).await?;
    if hand_in {
        desk::set_due(&mut tx, &kim.region, id, now).await?;
        emit(&ctx, &mut tx, "submitted", &article, submitted(&article, &editors)).await?;
    }
    let key = if hand_in { "newsroom-submitted" } else { "newsroom-created" };
    ctx.commit(tx, &form, ctx.onward(&article.desk(), key)).await
}

/// What the editors are told.
fn submitted(article: &Article, editors: &[i64]) -> serde_json::Value {
    json!({ "notify": editors, "notice": "newsroom-notice-submitted", "notice_link": format!("{}/periksa", article.desk()) })
}

/// The form of a story, or the story alone for someone who may only read it.
pub async fn edit(ctx: Ctx, Path(id): Path<i64>) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    if !desk.may(Step::Edit) {
        return super::preview::read(&ctx, &mut conn, &desk).await;
    }
    edit_page(&ctx, &mut conn, &desk, &Shown::new(Typed::of(&ctx, &desk.article))).await
}

/// The version that a save writes over; `None` when someone else's change came first.
fn base_version(article: &Article, typed: &Typed) -> Option<i64> {
    let filled_from: i64 = typed.version.parse().ok()?;
    let own = !typed.sheet.is_empty() && article.sheet.as_deref() == Some(typed.sheet.as_str());
    let fits = filled_from == article.version || (own && filled_from < article.version);
    fits.then_some(article.version)
}

/// The form again, with what was typed beside what stands now.
async fn conflict(ctx: &Ctx, id: i64, typed: &Typed) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(ctx, &mut conn, id).await?;
    desk.step(Step::Edit)?;
    // The next save knows what it writes over.
    let typed = Typed { version: desk.article.version.to_string(), sheet: ctx.kit.ids.short(), ..typed.clone() };
    let shown = Shown { conflict: true, ..Shown::new(typed) };
    Ok(edit_page(ctx, &mut conn, &desk, &shown).await?.status(StatusCode::CONFLICT).into_response())
}

/// Gives the text the address it should have: that of its title while nobody could have shared it,
/// and afterwards only on wish.
async fn address(ctx: &Ctx, tx: &mut Tx, article: &Article, typed: &Typed, text: &mut Text) -> web::Result<()> {
    let wish = slug(&text.title);
    let numbered = article.slug.strip_prefix(&wish).and_then(|rest| rest.strip_prefix('-'));
    let fits = article.slug == wish || numbered.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    let stays = article.published_at.is_some() && typed.ganti_alamat.is_empty();
    if fits || stays {
        return Ok(());
    }
    text.slug = store::free_slug(tx, &ctx.kit.ids, &wish).await?;
    if article.published_at.is_some() {
        store::leave_slug(tx, article.id, &article.slug).await?;
    }
    Ok(())
}

/// Writes the text of a form; `None` when another change came first.
async fn write(ctx: &Ctx, tx: &mut Tx, desk: &Desk, typed: &Typed, mut text: Text) -> web::Result<Option<Article>> {
    let Some(version) = base_version(&desk.article, typed) else { return Ok(None) };
    history::begin(tx, &desk.article).await?;
    address(ctx, tx, &desk.article, typed, &mut text).await?;
    if !store::rewrite(tx, desk.article.id, version, &text, ctx.now()).await? {
        return Ok(None);
    }
    let article = store::by_id(tx, desk.article.id).await?.ok_or(Error::Missing)?;
    history::keep(ctx, tx, &article, "").await?;
    Ok(Some(article))
}

/// Saves by hand.
pub async fn save(ctx: Ctx, Path(id): Path<i64>, form: Form<Typed>) -> web::Result<Response> {
    let typed = &form.data;
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    desk.step(Step::Edit)?;
    let before = &desk.article;
    let photos = media::of(&mut conn, id).await?;
    let published = before.status == Status::Published;
    let wanted = if published { Wanted::Story } else { Wanted::Draft };
    let Prepared { text, mut errors } = prepare(&mut conn, &desk.kim, typed, Some(before), &photos, wanted).await?;
    if published && errors.is_empty() {
        errors = desk::lacks(&text.title, &text.lead, words(&text.body), &photos);
    }
    if base_version(before, typed).is_none() {
        drop(conn);
        return conflict(&ctx, id, typed).await;
    }
    if !errors.is_empty() {
        let shown = Shown { errors, ..Shown::new(typed.clone()) };
        return Ok(edit_page(&ctx, &mut conn, &desk, &shown).await?.invalid().into_response());
    }
    // Where the region's officer reads first, they hear of what changed afterwards.
    let watchers = if published && desk.chain { desk::overseers(&ctx, &mut conn, &desk.kim).await? } else { Vec::new() };
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let Some(article) = write(&ctx, &mut tx, &desk, typed, text).await? else {
        drop(tx);
        return conflict(&ctx, id, typed).await;
    };
    if published {
        let data = json!({
            "was_region": before.region,
            "was_slug": before.slug,
            "notify": watchers,
            "notice": "newsroom-notice-edited",
        });
        emit(&ctx, &mut tx, "edited", &article, data).await?;
    }
    let key = if published { "newsroom-saved-published" } else { "newsroom-saved" };
    ctx.commit(tx, &form, ctx.onward(&article.desk(), key)).await
}

/// Saves what the form sends by itself while someone writes: as it is, within the bounds.
pub async fn autosave(ctx: Ctx, Path(id): Path<i64>, form: Form<Typed>) -> web::Result<Response> {
    let typed = &form.data;
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    desk.step(Step::Edit)?;
    if !desk.article.status.is_open() {
        return Err(Error::Conflict("newsroom-refused-not-now"));
    }
    let photos = media::of(&mut conn, id).await?;
    let prepared = prepare(&mut conn, &desk.kim, typed, Some(&desk.article), &photos, Wanted::Bounds).await?;
    drop(conn);
    prepared.errors.done()?;
    let sheet = (1..=64).contains(&typed.sheet.len()).then(|| typed.sheet.clone());
    let text = Text { sheet, ..prepared.text };
    let now = ctx.now();
    let saved = match base_version(&desk.article, typed) {
        Some(version) => {
            let mut tx = ctx.kit.db.write().await?;
            let done = store::rewrite(&mut tx, id, version, &text, now).await?;
            if done {
                ctx.commit_plain(tx).await?;
            }
            done.then_some(version + 1)
        }
        None => None,
    };
    let Some(version) = saved else {
        return web::json::answer(StatusCode::CONFLICT, &json!({ "version": desk.article.version }));
    };
    let fields = json!({ "version": version.to_string() });
    web::json::answer(StatusCode::OK, &json!({ "saved_at": now / 1000, "version": version, "fields": fields }))
}

/// Hands a story to the editors, with the words of the form when they travel with it.
pub async fn submit(ctx: Ctx, Path(id): Path<i64>, form: Form<Typed>) -> web::Result<Response> {
    let typed = &form.data;
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    let next = desk.step(Step::Submit)?;
    let photos = media::of(&mut conn, id).await?;
    let with_text = typed.text == "1";
    if with_text && base_version(&desk.article, typed).is_none() {
        drop(conn);
        return conflict(&ctx, id, typed).await;
    }
    let shown = if with_text { typed.clone() } else { Typed::of(&ctx, &desk.article) };
    let prepared = prepare(&mut conn, &desk.kim, &shown, Some(&desk.article), &photos, Wanted::Story).await?;
    let Prepared { text, mut errors } = prepared;
    let missing = desk::lacks(&text.title, &text.lead, words(&text.body), &photos);
    add_missing(&mut errors, missing);
    if !errors.is_empty() {
        let shown = Shown { errors, ..Shown::new(shown) };
        return Ok(edit_page(&ctx, &mut conn, &desk, &shown).await?.invalid().into_response());
    }
    let editors = desk::editors(&ctx, &mut conn, &desk.kim).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let written = if with_text { write(&ctx, &mut tx, &desk, typed, text).await? } else { Some(desk.article.clone()) };
    let moved = match &written {
        Some(article) => store::set_status(&mut tx, id, article.version, next, Some(ctx.now()), None).await?,
        None => false,
    };
    let (Some(article), true) = (written, moved) else {
        drop(tx);
        return conflict(&ctx, id, &shown).await;
    };
    desk::set_due(&mut tx, &desk.kim.region, id, ctx.now()).await?;
    emit(&ctx, &mut tx, "submitted", &article, submitted(&article, &editors)).await?;
    ctx.commit(tx, &form, ctx.onward(&article.desk(), "newsroom-submitted")).await
}

/// Adds problems of fields that have none yet.
fn add_missing(errors: &mut Errors, missing: Errors) {
    for problem in missing.0 {
        if errors.of(&problem.field).is_none() {
            errors.0.push(problem);
        }
    }
}

/// Deletes a story that readers never saw, with its photos.
pub async fn delete(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    desk.step(Step::Delete)?;
    if desk.article.published_at.is_some() {
        return Err(Error::Conflict("newsroom-refused-not-now"));
    }
    let names: Vec<String> = media::of(&mut conn, id).await?.into_iter().map(|photo| photo.name).collect();
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    if !store::delete(&mut tx, id, desk.article.version).await? {
        return Err(Error::Conflict("newsroom-conflict"));
    }
    media::sweep_later(&mut tx, &names, ctx.now()).await?;
    ctx.commit(tx, &form, ctx.onward("/meja/tulisan", "newsroom-deleted")).await
}
