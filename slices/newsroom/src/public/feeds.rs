//! Feeds of lists: Atom and JSON, the latest thirty with their whole text.
use std::collections::HashMap;

use axum::extract::Path;
use axum::response::Response;
use base::Conn;
use web::cache::Tags;
use web::feed::{Feed, Item};
use web::{Ctx, Error};

use super::asked::Asked;
use super::card;
use super::chosen::{self, Chosen};
use super::store::{self, Body, Mark, Story};

/// Stories in a feed.
const MOST: i64 = 30;

#[derive(Clone, Copy)]
enum Kind {
    Atom,
    Json,
}

/// Title and address of both feeds of a list, for the head of its page. `path` is without ending.
pub fn links(title: &str, path: &str, query: &str) -> Vec<(String, String)> {
    ["atom", "json"].map(|end| (title.to_owned(), format!("{path}.{end}{query}"))).to_vec()
}

/// `GET /feed.atom`, also with the filter of a list
pub async fn atom(ctx: Ctx) -> web::Result<Response> {
    filtered(&ctx, Kind::Atom).await
}

/// `GET /feed.json`
pub async fn json(ctx: Ctx) -> web::Result<Response> {
    filtered(&ctx, Kind::Json).await
}

async fn filtered(ctx: &Ctx, kind: Kind) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let chosen = Chosen::read(&mut conn, &Asked::of(ctx)).await?;
    feed(ctx, &mut conn, &chosen, kind).await
}

/// `GET /kabar/kategori/{kategori}/{feed}`
pub async fn of_category(ctx: Ctx, Path((code, name)): Path<(String, String)>) -> web::Result<Response> {
    let kind = kind(&name)?;
    let chosen = Chosen { category: chosen::category_code(&code)?, ..Chosen::default() };
    let mut conn = ctx.kit.db.read().await?;
    feed(&ctx, &mut conn, &chosen, kind).await
}

/// `GET /kim/{slug}/feed.atom`
pub async fn atom_of_group(ctx: Ctx, Path(slug): Path<String>) -> web::Result<Response> {
    of_group(&ctx, &slug, Kind::Atom).await
}

/// `GET /kim/{slug}/feed.json`
pub async fn json_of_group(ctx: Ctx, Path(slug): Path<String>) -> web::Result<Response> {
    of_group(&ctx, &slug, Kind::Json).await
}

async fn of_group(ctx: &Ctx, slug: &str, kind: Kind) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let chosen = Chosen { group: Some(chosen::group(&mut conn, slug).await?), ..Chosen::default() };
    feed(ctx, &mut conn, &chosen, kind).await
}

/// `GET /wilayah/{code}/feed.atom`
pub async fn atom_of_region(ctx: Ctx, Path(code): Path<String>) -> web::Result<Response> {
    of_region(&ctx, &code, Kind::Atom).await
}

/// `GET /wilayah/{code}/feed.json`
pub async fn json_of_region(ctx: Ctx, Path(code): Path<String>) -> web::Result<Response> {
    of_region(&ctx, &code, Kind::Json).await
}

async fn of_region(ctx: &Ctx, code: &str, kind: Kind) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let chosen = Chosen { region: Some(chosen::region(&mut conn, code).await?), ..Chosen::default() };
    feed(ctx, &mut conn, &chosen, kind).await
}

fn kind(name: &str) -> web::Result<Kind> {
    match name {
        "feed.atom" => Ok(Kind::Atom),
        "feed.json" => Ok(Kind::Json),
        _ => Err(Error::Missing),
    }
}

async fn feed(ctx: &Ctx, conn: &mut Conn, chosen: &Chosen, kind: Kind) -> web::Result<Response> {
    let stories = store::list(conn, &chosen.filter(), Mark::START, MOST).await?;
    let ids: Vec<i64> = stories.iter().map(|story| story.id).collect();
    let bodies = store::bodies(conn, &ids).await?;
    let mut bodies: HashMap<i64, Body> = bodies.into_iter().map(|body| (body.id, body)).collect();
    let items = stories.iter().filter_map(|story| Some(item(ctx, story, bodies.remove(&story.id)?))).collect();
    let (path, query) = chosen.feed();
    let site = ctx.say("site-name");
    let title = format!("{} – {site}", chosen.title(ctx));
    let feed = Feed { title, home: chosen.address("/kabar", ("", "")), path, query, items };
    let mut response = match kind {
        Kind::Atom => feed.atom(ctx),
        Kind::Json => feed.json(ctx),
    };
    // Groups are named in every entry.
    let tags = chosen.tags().into_iter().chain(["kim".into()]).collect();
    response.extensions_mut().insert(Tags(tags));
    Ok(response)
}

fn item(ctx: &Ctx, story: &Story, body: Body) -> Item {
    let cover = story.cover();
    let picture = cover.as_ref().map(|cover| ctx.absolute(&cover.path(800, "jpg")));
    let figure = match (&cover, &picture) {
        (Some(cover), Some(url)) => format!("<p><img src=\"{url}\" alt=\"{}\"></p>", web::feed::escape(&cover.alt)),
        _ => String::new(),
    };
    Item {
        id: ctx.absolute(&format!("/kabar/{}", story.slug)),
        url: ctx.absolute(&card::path(&story.slug)),
        title: story.title.clone(),
        summary: story.lead.clone(),
        html: format!("{figure}{}", absolute(ctx, &body.body)),
        author: story.group_name.clone(),
        published: story.published_at,
        updated: story.updated_at.max(story.published_at),
        lang: story.lang.clone(),
        picture,
        tags: serde_json::from_str(&body.tags).unwrap_or_default(),
    }
}

/// A reader of feeds does not know where relative addresses begin.
fn absolute(ctx: &Ctx, html: &str) -> String {
    let base = &ctx.kit.config.base_url;
    html.replace("src=\"/", &format!("src=\"{base}/")).replace("href=\"/", &format!("href=\"{base}/"))
}
