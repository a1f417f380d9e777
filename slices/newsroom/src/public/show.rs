//! The page of one article, and what stands at the address of one that moved or was withdrawn.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Conn;
use kim::Brief;
use web::{Ctx, Error, Page, filters};

use super::asked::address;
use super::card::{self, Author, Card, Cover, cards};
use super::store::{self, Filter, Full, Mark, Photo, Story};
use super::{preview, share};

/// Stories under "read also".
const RELATED: usize = 4;

#[derive(Template)]
#[template(path = "public/show.html")]
struct Show {
    card: Card,
    author_name: String,
    body: String,
    caption: String,
    credit: String,
    /// When it was changed after it came out.
    changed: Option<i64>,
    /// Pictures besides the cover.
    photos: Vec<Shown>,
    tags: Vec<(String, String)>,
    url: String,
    whatsapp: String,
    telegram: String,
    category_href: String,
    place_href: String,
    group: Author,
    group_feed: String,
    group_news: String,
    region_feed: String,
    related: Vec<Card>,
}

/// A picture of the gallery.
struct Shown {
    cover: Cover,
    caption: String,
    credit: String,
}

#[derive(Template)]
#[template(path = "public/gone.html")]
struct Gone {
    title: String,
    reason: String,
    group: Option<Author>,
}

/// `GET /kabar/{slug}`
pub async fn show(ctx: Ctx, Path(slug): Path<String>) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    if let Some(mut full) = store::full(&mut conn, &slug).await? {
        let author = full.unsign(&mut conn).await?;
        return Ok(article(&ctx, &mut conn, full, author).await?.into_response());
    }
    let Some(standing) = store::standing(&mut conn, &slug).await? else { return Err(Error::Missing) };
    match standing.status.as_str() {
        "withdrawn" => Ok(gone(&ctx, &mut conn, standing).await?.into_response()),
        "published" => Ok(web::ctx::moved(&card::path(&standing.slug))),
        _ => Err(Error::Missing),
    }
}

async fn article(ctx: &Ctx, conn: &mut Conn, full: Full, author: Option<String>) -> web::Result<Page> {
    let story = &full.story;
    let related = related(ctx, conn, story).await?;
    let photos = store::photos(conn, story.id).await?;
    let brief = brief(conn, story.group_id).await?;
    let url = ctx.absolute(&card::path(&story.slug));
    let group_path = format!("/kim/{}", brief.slug);
    let region_path = format!("/wilayah/{}", story.region);
    let page = Show {
        card: card::card(ctx, story),
        author_name: full.author_name.clone(),
        body: full.body.clone(),
        caption: full.cover_caption.clone().unwrap_or_default(),
        credit: full.cover_credit.clone().unwrap_or_default(),
        changed: (story.updated_at > story.published_at).then_some(story.updated_at),
        // A picture that stands in the text, or above it, is not listed once more below.
        photos: photos
            .into_iter()
            .filter(|photo| Some(&photo.name) != story.cover.as_ref() && !full.body.contains(&format!("/media/{}-", photo.name)))
            .map(shown)
            .collect(),
        tags: full
            .tags()
            .into_iter()
            .map(|tag| {
                let to = address("/kabar", &[("tag", &tag)]);
                (tag, to)
            })
            .collect(),
        whatsapp: share::whatsapp_link(&story.title, &story.lead, &url),
        telegram: share::telegram_link(&story.title, &url),
        category_href: address("/kabar", &[("kategori", &story.category)]),
        group: Author { place: brief.region_name.clone(), ..story.author() },
        group_feed: format!("{group_path}/feed.atom"),
        group_news: address("/kabar", &[("kim", &brief.slug)]),
        region_feed: if story.region.is_empty() { String::new() } else { format!("{region_path}/feed.atom") },
        place_href: if story.region.is_empty() { String::new() } else { region_path.clone() },
        related: cards(ctx, &related),
        url,
    };
    let mut tags = vec![format!("article:{}", story.id), format!("kim:{}", story.group_id)];
    tags.extend(author);
    tags.extend(related.iter().map(|story| format!("article:{}", story.id)));
    let head = preview::head(ctx, &full, &page.group);
    let bar = (!story.place.is_empty()).then(|| (story.place.clone(), region_path));
    let page = ctx.page(story.title.clone(), &page)?.section("/kabar").head(|own| {
        *own = web::page::Head { section: own.section, region: bar, ..head };
    });
    Ok(page.tags(tags))
}

async fn brief(conn: &mut Conn, id: i64) -> web::Result<Brief> {
    // Every article belongs to a group; one without is broken data, not a missing page.
    let found = kim::briefs(conn, &[id]).await?.remove(&id);
    found.ok_or_else(|| Error::Broken(std::io::Error::other(format!("no group {id} of an article")).into()))
}

fn shown(photo: Photo) -> Shown {
    let cover = Cover { name: photo.name, width: photo.width.max(1), height: photo.height.max(1), alt: photo.alt };
    Shown { cover, caption: photo.caption, credit: photo.credit }
}

/// Others like it by their words; then of the same group; then of the same category.
async fn related(ctx: &Ctx, conn: &mut Conn, story: &Story) -> web::Result<Vec<Story>> {
    let (index, id) = (ctx.kit.index.clone(), story.id);
    // Groups are found too; twice as many leave enough articles.
    let hits = super::blocking(move || index.similar("article", id, RELATED * 2)).await?;
    let ids: Vec<i64> = hits.iter().filter(|hit| hit.kind == "article").map(|hit| hit.id).take(RELATED).collect();
    let mut all = if ids.is_empty() { Vec::new() } else { store::some(conn, &ids).await? };
    all.sort_by_key(|story| ids.iter().position(|id| *id == story.id));
    let group = Filter { group: story.group_id, ..Filter::default() };
    let category = Filter { category: story.category.clone(), ..Filter::default() };
    for filter in [group, category] {
        if all.len() >= RELATED {
            break;
        }
        let more = store::list(conn, &filter, Mark::START, 2 * i64::try_from(RELATED).unwrap_or(4)).await?;
        for other in more {
            if all.len() < RELATED && other.id != story.id && all.iter().all(|known| known.id != other.id) {
                all.push(other);
            }
        }
    }
    Ok(all)
}

async fn gone(ctx: &Ctx, conn: &mut Conn, standing: store::Standing) -> web::Result<Page> {
    let brief = kim::briefs(conn, &[standing.group_id]).await?.remove(&standing.group_id);
    let page = Gone {
        title: standing.title,
        reason: standing.withdrawn_reason.unwrap_or_default(),
        group: brief.map(|brief| Author {
            name: brief.name.clone(),
            href: format!("/kim/{}", brief.slug),
            place: brief.region_name.clone(),
            mark: brief.mark(),
        }),
    };
    let page = ctx.page(ctx.say("newsroom-read-gone"), &page)?.section("/kabar");
    Ok(page.status(StatusCode::GONE).head(|head| head.private = true))
}

impl Full {
    pub fn tags(&self) -> Vec<String> {
        serde_json::from_str(&self.tags).unwrap_or_default()
    }
}
