//! What the newsroom adds to pages of regions and groups: their latest stories.
use askama::Template;
use base::{Conn, Later};
use web::{Ctx, Panel, Spot, filters};

use super::asked::address;
use super::card::{Card, cards};
use super::gallery::{self, Shown};
use super::store::{self, Filter, Mark, Story};

/// Stories in a part.
const MOST: i64 = 5;
/// Photos of a gallery.
const PHOTOS: i64 = 8;

#[derive(Template)]
#[template(path = "public/panel.html")]
struct Part {
    heading: &'static str,
    empty: &'static str,
    cards: Vec<Card>,
    all: String,
    older: Option<String>,
}

/// Renders the parts for a spot.
pub fn panels<'a>(ctx: &'a Ctx, conn: &'a mut Conn, spot: &'a Spot) -> Later<'a, web::Result<Vec<Panel>>> {
    Box::pin(async move {
        Ok(match spot {
            Spot::Region(code) => vec![region(ctx, conn, code).await?],
            Spot::Group(id) => {
                let mut all: Vec<Panel> = group(ctx, conn, *id).await?.into_iter().collect();
                all.extend(gallery(ctx, conn, *id).await?);
                all
            }
            Spot::Desk => Vec::new(),
            Spot::Handover(id) => crate::handover::panel(ctx, conn, *id).await?,
        })
    })
}

async fn region(ctx: &Ctx, conn: &mut Conn, code: &str) -> web::Result<Panel> {
    let filter = Filter { region: code.to_owned(), ..Filter::default() };
    let texts = ("newsroom-read-latest", "newsroom-read-empty-region");
    part(ctx, conn, &filter, texts, ("wilayah", code)).await
}

async fn group(ctx: &Ctx, conn: &mut Conn, id: i64) -> web::Result<Option<Panel>> {
    let Some(brief) = kim::briefs(conn, &[id]).await?.remove(&id) else { return Ok(None) };
    let filter = Filter { group: id, ..Filter::default() };
    let texts = ("newsroom-read-from-us", "newsroom-read-empty-group");
    Ok(Some(part(ctx, conn, &filter, texts, ("kim", &brief.slug)).await?))
}

/// Published stories of a group, newest first.
pub async fn latest(conn: &mut Conn, group: i64, limit: i64) -> base::Result<Vec<Story>> {
    store::list(conn, &Filter { group, ..Filter::default() }, Mark::START, limit).await
}

#[derive(Template)]
#[template(path = "public/gallery.html")]
struct Gallery {
    photos: Vec<Shown>,
}

/// The latest photos of a group's stories; none when it has none.
async fn gallery(ctx: &Ctx, conn: &mut Conn, group: i64) -> web::Result<Option<Panel>> {
    let photos = gallery::of_group(conn, group, PHOTOS).await?;
    if photos.is_empty() {
        return Ok(None);
    }
    Ok(Some(Panel { order: Panel::GALLERY, side: false, html: ctx.render(&Gallery { photos })? }))
}

async fn part(
    ctx: &Ctx,
    conn: &mut Conn,
    filter: &Filter,
    (heading, empty): (&'static str, &'static str),
    of: (&str, &str),
) -> web::Result<Panel> {
    let mut stories = store::list(conn, filter, Mark::START, MOST + 1).await?;
    let more = i64::try_from(stories.len()).unwrap_or(0) > MOST;
    stories.truncate(usize::try_from(MOST).unwrap_or(0));
    let mark = stories.last().filter(|_| more).map(|last| last.mark().to_string());
    let part = Part {
        heading,
        empty,
        cards: cards(ctx, &stories),
        all: address("/kabar", &[of]),
        older: mark.map(|mark| address("/kabar", &[of, ("lanjut", &mark)])),
    };
    Ok(Panel { order: Panel::NEWS, side: false, html: ctx.render(&part)? })
}
