//! The latest stories of a KIM as a small block for other sites: one document in a frame, without
//! script and cookie, and the page that shows how to put it there.
#[cfg(test)]
mod tests;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::i18n::Sources;
use base::{Conn, Lang};
use serde::Deserialize;
use web::cache::Tags;
use web::{Ctx, Error, Page, Result, filters};

use crate::public::latest;

/// Words of this folder.
pub const TEXTS: Sources = web::texts!(".");

const STYLE: &str = include_str!("embed.css");

/// Stories in the block unless told.
const USUAL: i64 = 5;
/// Most stories in the block.
const MOST: i64 = 10;

/// How many stories the other site wants.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub n: String,
}

impl Asked {
    fn count(&self) -> i64 {
        self.n.parse().ok().filter(|n| (1..=MOST).contains(n)).unwrap_or(USUAL)
    }
}

/// A story of the block.
struct Line {
    title: String,
    /// Absolute.
    url: String,
    at: i64,
    region: String,
    /// Path of a small picture.
    picture: Option<String>,
}

#[derive(Template)]
#[template(path = "embed/block.html")]
struct Block {
    lang: Lang,
    style: &'static str,
    name: String,
    /// Absolute.
    url: String,
    site: String,
    lines: Vec<Line>,
}

/// The KIM at work of an address, present or given up, merged or not.
async fn open(conn: &mut Conn, slug: &str) -> Result<kim::Kim> {
    kim::present(conn, slug).await?.filter(|kim| kim.status.is_open()).ok_or(Error::Missing)
}

/// `GET /kim/{slug}/sematan`
pub async fn block(ctx: Ctx, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = open(&mut conn, &slug).await?;
    let stories = latest(&mut conn, kim.id, asked.count()).await?;
    drop(conn);
    let lines = stories.into_iter().map(|story| Line {
        url: ctx.absolute(&format!("/kabar/{}", story.slug)),
        picture: story.cover.as_deref().map(|name| base::pictures::path(name, 320, "jpg")),
        at: story.published_at,
        region: story.region,
        title: story.title,
    });
    let block = Block {
        lang: ctx.lang,
        style: STYLE,
        url: ctx.absolute(&kim.path()),
        site: ctx.say("site-name"),
        lines: lines.collect(),
        name: kim.name.clone(),
    };
    let mut response = ctx.render(&block)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    web::headers::frame(headers, STYLE);
    response.extensions_mut().insert(Tags(vec![format!("kim:{}", kim.id), "kim".into()]));
    Ok(response)
}

#[derive(Template)]
#[template(path = "embed/install.html")]
struct InstallPage {
    kim: kim::Kim,
    /// What to copy.
    snippet: String,
    /// Path of the block.
    path: String,
}

/// `GET /kim/{slug}/sematan/pasang`
pub async fn install(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = open(&mut conn, &slug).await?;
    drop(conn);
    let path = format!("{}/sematan", kim.path());
    let title = web::feed::escape(&ctx.say_with("newsroom-embed-frame", &[("name", &kim.name)]));
    let snippet = format!(
        "<iframe src=\"{}\" title=\"{title}\" width=\"100%\" height=\"420\" loading=\"lazy\" style=\"border:0\"></iframe>",
        ctx.absolute(&path)
    );
    let id = kim.id;
    let page = InstallPage { kim, snippet, path };
    let page = ctx.page(ctx.say("newsroom-embed-title"), &page)?.section("/kim").head(|head| head.private = true);
    Ok(page.tags(vec![format!("kim:{id}"), "kim".into()]))
}
