//! A story as readers will see it, for those who may see it before them.
use askama::Template;
use axum::extract::Path;
use base::Conn;
use kim::Brief;
use web::{Ctx, Error, Page, filters};

use super::desk::{self, Desk};
use super::{Article, Step, category_key};
use crate::media::{self, Photo};

/// The story itself; other pages of the desk hold it too.
#[derive(Template)]
#[template(path = "article/story.html")]
pub(crate) struct Story<'a> {
    pub article: &'a Article,
    pub kim: &'a Brief,
    pub cover: Option<&'a Photo>,
    pub others: Vec<&'a Photo>,
    pub place: &'a str,
}

impl Story<'_> {
    fn category(&self) -> &'static str {
        category_key(&self.article.category)
    }
}

/// Renders the story.
pub(crate) async fn story(ctx: &Ctx, conn: &mut Conn, desk: &Desk, photos: &[Photo]) -> web::Result<String> {
    let article = &desk.article;
    let brief = kim::briefs(conn, &[article.group_id]).await?.remove(&article.group_id).ok_or(Error::Missing)?;
    let place = regions::find(conn, &article.region).await?.map_or_else(|| article.region.clone(), |region| region.name);
    let cover = photos.iter().find(|photo| Some(photo.id) == article.cover_id);
    let others = photos.iter().filter(|photo| Some(photo.id) != article.cover_id).collect();
    ctx.render(&Story { article, kim: &brief, cover, others, place: &place })
}

#[derive(Template)]
#[template(path = "article/preview.html")]
struct Preview<'a> {
    article: &'a Article,
    /// Safe: rendered by [`Story`].
    story: String,
    may_edit: bool,
    may_review: bool,
}

/// The story with a line above it that says where it stands.
pub(crate) async fn read(ctx: &Ctx, conn: &mut Conn, desk: &Desk) -> web::Result<Page> {
    let photos = media::of(conn, desk.article.id).await?;
    let preview = Preview {
        article: &desk.article,
        story: story(ctx, conn, desk, &photos).await?,
        may_edit: desk.may(Step::Edit),
        may_review: desk.standing.editor || desk.standing.overseer,
    };
    let title = if desk.article.title.is_empty() { ctx.say("newsroom-untitled") } else { desk.article.title.clone() };
    Ok(ctx.page(title, &preview)?.section("/meja/tulis").head(|head| head.private = true))
}

/// Shows a story as readers will see it.
pub async fn preview(ctx: Ctx, Path(id): Path<i64>) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk::open(&ctx, &mut conn, id).await?;
    read(&ctx, &mut conn, &desk).await
}
