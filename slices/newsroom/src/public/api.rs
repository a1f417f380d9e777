//! The API for reading articles, open to anyone, without a token.
use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::cache::Tags;
use web::json::{List, public};
use web::{Ctx, Error, Errors, dates};

use super::asked::Asked;
use super::card::{Cover, path};
use super::chosen;
use super::store::{self, Filter, Full, Mark, Story};
use crate::article::CATEGORIES;

/// A published article in a list.
#[derive(Serialize, ToSchema)]
pub struct ArticleSummary {
    pub id: i64,
    pub slug: String,
    /// Address of its page.
    pub url: String,
    pub title: String,
    pub lead: String,
    pub category: String,
    /// `id`, `en`, `nij` or `bjn`.
    pub language: String,
    /// Dotted official code.
    pub region: String,
    pub region_name: String,
    pub kim: ArticleKim,
    pub words: i64,
    /// RFC 3339, in the zone of the region.
    pub published_at: String,
    pub updated_at: String,
    pub picture: Option<ArticlePicture>,
}

/// The group that wrote it.
#[derive(Serialize, ToSchema)]
pub struct ArticleKim {
    pub slug: String,
    pub name: String,
    pub url: String,
}

/// A picture of an article.
#[derive(Serialize, ToSchema)]
pub struct ArticlePicture {
    /// JPEG, 800 pixels wide or less.
    pub url: String,
    /// Size of the original.
    pub width: i64,
    pub height: i64,
    pub alt: String,
    pub caption: String,
    pub credit: String,
}

/// A published article with its text.
#[derive(Serialize, ToSchema)]
pub struct ArticleText {
    #[serde(flatten)]
    pub summary: ArticleSummary,
    pub author: String,
    pub tags: Vec<String>,
    /// Sanitised HTML.
    pub body_html: String,
    pub photos: Vec<ArticlePicture>,
}

/// What an article may be about.
#[derive(Serialize, ToSchema)]
pub struct ArticleCategory {
    /// As the parameter `category` takes it.
    pub code: String,
    /// In the language of `Accept-Language`.
    pub name: String,
}

#[derive(OpenApi)]
#[openapi(paths(list, show, categories))]
pub struct Doc;

fn picture(ctx: &Ctx, cover: &Cover, caption: &str, credit: &str) -> ArticlePicture {
    ArticlePicture {
        url: ctx.absolute(&cover.path(800, "jpg")),
        width: cover.width,
        height: cover.height,
        alt: cover.alt.clone(),
        caption: caption.to_owned(),
        credit: credit.to_owned(),
    }
}

fn summary(ctx: &Ctx, story: &Story) -> ArticleSummary {
    let author = story.author();
    ArticleSummary {
        id: story.id,
        slug: story.slug.clone(),
        url: ctx.absolute(&path(&story.slug)),
        title: story.title.clone(),
        lead: story.lead.clone(),
        category: story.category.clone(),
        language: story.lang.clone(),
        region: story.region.clone(),
        region_name: story.place.clone(),
        kim: ArticleKim { slug: story.group_slug.clone(), name: author.name, url: ctx.absolute(&author.href) },
        words: story.words,
        published_at: dates::iso(story.published_at, &story.region),
        updated_at: dates::iso(story.updated_at.max(story.published_at), &story.region),
        picture: story.cover().map(|cover| picture(ctx, &cover, "", "")),
    }
}

/// A limit from 1 to `most`.
pub fn limit(asked: &Asked, default: i64, most: i64, errors: &mut Errors) -> i64 {
    match asked.get("limit") {
        "" => default,
        text => text.parse().ok().filter(|n| (1..=most).contains(n)).unwrap_or_else(|| {
            errors.add_with("limit", "newsroom-read-api-limit", &[("most", &most.to_string())]);
            default
        }),
    }
}

/// Lists published articles, newest first.
#[utoipa::path(get, path = "/api/v1/articles", tag = "articles", params(
    ("kim" = Option<String>, Query, description = "Slug of a KIM"),
    ("region" = Option<String>, Query, description = "Dotted code; everything below it is included"),
    ("category" = Option<String>, Query, description = "Code of a category"),
    ("tag" = Option<String>, Query, description = "One tag, in small letters"),
    ("lang" = Option<String>, Query, description = "id, en, nij or bjn"),
    ("limit" = Option<i64>, Query, description = "1 to 100, 20 unless given"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ("next" = Option<String>, Query, description = "The same as `after`"),
), responses(
    (status = 200, description = "A page of articles", body = List<ArticleSummary>),
    (status = 404, description = "No such KIM or region"),
    (status = 422, description = "A parameter is out of range")
))]
pub async fn list(ctx: Ctx) -> web::Result<Response> {
    let asked = Asked::of(&ctx);
    let mut errors = Errors::default();
    let limit = limit(&asked, 20, 100, &mut errors);
    let mark = Mark::read(asked.cursor());
    errors.check(asked.cursor().is_empty() || mark.is_some(), "after", "newsroom-read-api-after");
    errors.done()?;
    let mut conn = ctx.kit.db.read().await?;
    // Groups are named in every item.
    let mut tags = vec!["articles".to_owned(), "kim".to_owned()];
    let mut filter = Filter {
        category: asked.get("category").to_owned(),
        tag: asked.get("tag").to_lowercase(),
        lang: asked.get("lang").to_owned(),
        ..Filter::default()
    };
    if !asked.get("region").is_empty() {
        filter.region = chosen::region(&mut conn, asked.get("region")).await?.code;
    }
    if !asked.get("kim").is_empty() {
        filter.group = chosen::group(&mut conn, asked.get("kim")).await?.id;
        tags.push(format!("kim:{}", filter.group));
    }
    let mut stories = store::list(&mut conn, &filter, mark.unwrap_or(Mark::START), limit + 1).await?;
    let page = usize::try_from(limit).unwrap_or(0);
    let more = stories.len() > page;
    stories.truncate(page);
    let next = stories.last().filter(|_| more).map(|last| last.mark().to_string());
    let items = stories.iter().map(|story| summary(&ctx, story)).collect();
    tagged(public(&List { items, next })?, tags)
}

/// Shows one published article with its text and pictures.
#[utoipa::path(get, path = "/api/v1/articles/{slug}", tag = "articles",
    params(("slug" = String, Path, description = "Its address")),
    responses(
        (status = 200, body = ArticleText),
        (status = 301, description = "It has another slug now"),
        (status = 404, description = "No such article"),
        (status = 410, description = "It was withdrawn")
    )
)]
pub async fn show(ctx: Ctx, Path(slug): Path<String>) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let Some(mut full) = store::full(&mut conn, &slug).await? else {
        let standing = store::standing(&mut conn, &slug).await?.ok_or(Error::Missing)?;
        return match standing.status.as_str() {
            "withdrawn" => Err(Error::Gone),
            "published" => Ok(web::ctx::moved(&format!("/api/v1/articles/{}", standing.slug))),
            _ => Err(Error::Missing),
        };
    };
    let author = full.unsign(&mut conn).await?;
    let photos = store::photos(&mut conn, full.story.id).await?;
    let own = [format!("article:{}", full.story.id), format!("kim:{}", full.story.group_id)];
    let tags = own.into_iter().chain(author).collect();
    let photos = photos.into_iter().map(|photo| {
        let cover = Cover { name: photo.name, width: photo.width, height: photo.height, alt: photo.alt };
        picture(&ctx, &cover, &photo.caption, &photo.credit)
    });
    tagged(public(&text(&ctx, full, photos.collect()))?, tags)
}

fn text(ctx: &Ctx, full: Full, photos: Vec<ArticlePicture>) -> ArticleText {
    let mut summary = summary(ctx, &full.story);
    if let Some(picture) = &mut summary.picture {
        picture.caption = full.cover_caption.clone().unwrap_or_default();
        picture.credit = full.cover_credit.clone().unwrap_or_default();
    }
    ArticleText { summary, author: full.author_name.clone(), tags: full.tags(), body_html: full.body, photos }
}

fn tagged(mut response: Response, tags: Vec<String>) -> web::Result<Response> {
    response.extensions_mut().insert(Tags(tags));
    Ok(response)
}

/// Lists the categories with their names, in the order in which they are offered.
#[utoipa::path(get, path = "/api/v1/categories", tag = "articles", responses(
    (status = 200, description = "All of them", body = List<ArticleCategory>)
))]
pub async fn categories(ctx: Ctx) -> web::Result<Response> {
    let one = |(code, key): &(&str, &str)| ArticleCategory { code: (*code).to_owned(), name: ctx.say(key) };
    public(&List { items: CATEGORIES.iter().map(one).collect(), next: None })
}
