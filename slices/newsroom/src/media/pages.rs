//! Adding, describing, ordering and deleting the photos of an article. Plain forms do all of it.
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::pictures::{self, Refused, Stored};
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Upload};

use super::{ALT_MOST, AT_ONCE, CAPTION_MOST, CREDIT_MOST, MOST, Photo, store, sweep_later};
use crate::article::desk::{self, Desk};
use crate::article::form::{Shown, Typed, edit_page};
use crate::article::{Status, Step};

/// A form that holds files only.
#[derive(Debug, Default, Deserialize)]
pub struct Nothing {}

/// Takes photos. Those that can be read are kept even when others are refused: sending them cost data.
pub async fn add(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    desk.step(Step::Edit)?;
    let there = store::of(&mut conn, id).await?;
    drop(conn);
    let files: Vec<&Upload> = form.files("foto").collect();
    let mut errors = Errors::default();
    errors.check(!files.is_empty(), "foto", "newsroom-photo-none");
    if files.len() > AT_ONCE {
        errors.add_with("foto", "newsroom-photo-at-once", &[("most", &AT_ONCE.to_string())]);
    }
    if there.len() + files.len() > MOST {
        errors.add_with("foto", "newsroom-photo-most", &[("most", &MOST.to_string())]);
    }
    if !errors.is_empty() {
        return again(&ctx, &desk, errors).await;
    }
    let mut stored: Vec<Stored> = Vec::new();
    for file in files {
        match pictures::store(&ctx.kit.blobs, ctx.kit.ids.short(), file.bytes.clone()).await? {
            Ok(picture) => stored.push(picture),
            Err(Refused::TooLarge) => errors.add_with("foto", "newsroom-photo-too-large", &[("name", &file.name)]),
            Err(Refused::Unreadable) => errors.add_with("foto", "newsroom-photo-unreadable", &[("name", &file.name)]),
        }
    }
    if stored.is_empty() {
        return again(&ctx, &desk, errors).await;
    }
    let to = format!("{}#foto", desk.article.desk());
    let (n, refused) = (stored.len().to_string(), errors.all().len().to_string());
    let answer = if errors.is_empty() {
        ctx.onward_with(&to, "positive", "newsroom-photo-added", &[("n", &n)])
    } else {
        ctx.onward_with(&to, "caution", "newsroom-photo-some", &[("n", &n), ("refused", &refused)])
    };
    let mut position = there.last().map_or(0, |photo| photo.position);
    let mut tx = ctx.kit.db.write().await?;
    let mut cover = desk.article.cover_id;
    for picture in &stored {
        position += 1;
        let photo = store::add(&mut tx, id, picture, position, ctx.now()).await?;
        if cover.is_none() {
            cover = Some(photo);
            crate::article::store::set_cover(&mut tx, id, cover).await?;
        }
    }
    changed(&ctx, &mut tx, &desk).await?;
    ctx.commit(tx, &form, answer).await
}

/// The words of a photo, and a wish for its place.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Words {
    pub alt: String,
    pub caption: String,
    pub credit: String,
    /// `naik`, `turun`, `sampul`, or nothing to save the words alone.
    pub act: String,
}

/// Saves the words of a photo and moves it.
pub async fn save(ctx: Ctx, Path((id, photo)): Path<(i64, i64)>, form: Form<Words>) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    desk.step(Step::Edit)?;
    let photos = store::of(&mut conn, id).await?;
    drop(conn);
    let at = photos.iter().position(|one| one.id == photo).ok_or(Error::Missing)?;
    let words = &form.data;
    let mut errors = Errors::default();
    errors.most(words.alt.trim(), &format!("alt-{photo}"), ALT_MOST);
    errors.most(words.caption.trim(), &format!("caption-{photo}"), CAPTION_MOST);
    errors.most(words.credit.trim(), &format!("credit-{photo}"), CREDIT_MOST);
    if !errors.is_empty() {
        return again(&ctx, &desk, errors).await;
    }
    let answer = ctx.onward(&format!("{}#foto-{photo}", desk.article.desk()), "newsroom-photo-saved");
    let mut tx = ctx.kit.db.write().await?;
    store::describe(&mut tx, photo, words.alt.trim(), words.caption.trim(), words.credit.trim()).await?;
    match words.act.as_str() {
        "naik" if at > 0 => swap(&mut tx, &photos, at, at - 1).await?,
        "turun" if at + 1 < photos.len() => swap(&mut tx, &photos, at, at + 1).await?,
        "sampul" => crate::article::store::set_cover(&mut tx, id, Some(photo)).await?,
        _ => {}
    }
    changed(&ctx, &mut tx, &desk).await?;
    ctx.commit(tx, &form, answer).await
}

/// Writes the whole row anew, so that places stay distinct whatever happened before.
async fn swap(tx: &mut base::Tx, photos: &[Photo], from: usize, to: usize) -> web::Result<()> {
    let mut order: Vec<i64> = photos.iter().map(|photo| photo.id).collect();
    order.swap(from, to);
    for (position, id) in (1..).zip(order) {
        store::place(tx, id, position).await?;
    }
    Ok(())
}

/// Deletes a photo; its files follow in a job.
pub async fn delete(ctx: Ctx, Path((id, photo)): Path<(i64, i64)>, form: Form<Nothing>) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    desk.step(Step::Edit)?;
    let photos = store::of(&mut conn, id).await?;
    drop(conn);
    let gone = photos.iter().find(|one| one.id == photo).ok_or(Error::Missing)?;
    let answer = ctx.onward(&format!("{}#foto", desk.article.desk()), "newsroom-photo-deleted");
    let mut tx = ctx.kit.db.write().await?;
    if desk.article.cover_id == Some(photo) {
        let next = photos.iter().find(|one| one.id != photo).map(|one| one.id);
        crate::article::store::set_cover(&mut tx, id, next).await?;
    }
    store::remove(&mut tx, photo).await?;
    sweep_later(&mut tx, std::slice::from_ref(&gone.name), ctx.now()).await?;
    changed(&ctx, &mut tx, &desk).await?;
    ctx.commit(tx, &form, answer).await
}

/// The writing page again, with what is wrong.
async fn again(ctx: &Ctx, desk: &Desk, errors: Errors) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let shown = Shown { errors, ..Shown::new(Typed::of(ctx, &desk.article)) };
    Ok(edit_page(ctx, &mut conn, desk, &shown).await?.invalid().into_response())
}

/// Readers' pages of a published story follow its photos.
async fn changed(ctx: &Ctx, tx: &mut base::Tx, desk: &Desk) -> web::Result<()> {
    crate::article::store::touch(tx, desk.article.id, ctx.now()).await?;
    if desk.article.status == Status::Published {
        let told = desk::told_of_edit(ctx, tx, desk).await?;
        desk::emit(ctx, tx, "edited", &desk.article, told).await?;
    }
    Ok(())
}
