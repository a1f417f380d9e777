//! The list of news: newest first, narrowed down, page by page.
use askama::Template;
use axum::response::{IntoResponse, Response};
use base::{Conn, Lang};
use regions::Region;
use regions::picker::{self, Resolved};
use web::{Ctx, Page, filters};

use super::asked::{Asked, address};
use super::card::{Card, cards};
use super::chosen::{Chip, Chosen};
use super::store::{self, Mark};
use crate::article::{CATEGORIES, lang_key};

/// Stories a page.
pub const PAGE: i64 = 20;

#[derive(Template)]
#[template(path = "public/list.html")]
struct List {
    title: String,
    chosen: Chosen,
    chips: Vec<Chip>,
    picker: String,
    /// Whether the typed place still needs a choice.
    open: bool,
    /// What was typed, when no place has that name.
    unknown: String,
    categories: &'static [(&'static str, &'static str)],
    langs: Vec<(&'static str, &'static str)>,
    cards: Vec<Card>,
    next: Option<String>,
    first: bool,
    search: String,
    atom: String,
    json: String,
}

/// `GET /kabar`
pub async fn show(ctx: Ctx) -> web::Result<Response> {
    let asked = Asked::of(&ctx);
    let mut conn = ctx.kit.db.read().await?;
    let chosen = Chosen::read(&mut conn, &asked).await?;
    let typed = asked.get("wilayah_q");
    if typed.is_empty() {
        let picker = picker::render(&ctx, &mut conn, "wilayah", chosen.code()).await?;
        return Ok(list(&ctx, &mut conn, &asked, chosen, (picker, false, String::new())).await?.into_response());
    }
    let unknown = match picker::resolve(&mut conn, chosen.code(), typed).await? {
        Resolved::One(region) => return Ok(web::ctx::see_other(&with_place(&chosen, &region))),
        Resolved::Many(_) => String::new(),
        Resolved::None => typed.to_owned(),
    };
    let picker = picker::offer(&ctx, &mut conn, "wilayah", typed).await?;
    Ok(list(&ctx, &mut conn, &asked, chosen, (picker, true, unknown)).await?.into_response())
}

/// The address of the same list in another place.
fn with_place(chosen: &Chosen, region: &Region) -> String {
    let pairs = chosen.pairs().map(|(name, value)| (name, if name == "wilayah" { region.code.as_str() } else { value }));
    address("/kabar", &pairs)
}

async fn list(
    ctx: &Ctx,
    conn: &mut Conn,
    asked: &Asked,
    chosen: Chosen,
    (picker, open, unknown): (String, bool, String),
) -> web::Result<Page> {
    let mark = Mark::read(asked.get("lanjut"));
    let mut stories = store::list(conn, &chosen.filter(), mark.unwrap_or(Mark::START), PAGE + 1).await?;
    let more = i64::try_from(stories.len()).unwrap_or(0) > PAGE;
    stories.truncate(usize::try_from(PAGE).unwrap_or(0));
    let next = stories.last().filter(|_| more).map(|last| chosen.address("/kabar", ("lanjut", &last.mark().to_string())));
    let title = chosen.title(ctx);
    let (feed, query) = chosen.feed();
    let feeds = super::feeds::links(&title, &feed, &query);
    let canonical = chosen.address("/kabar", ("lanjut", &mark.map_or(String::new(), |mark| mark.to_string())));
    let tags = chosen.tags();
    let bar = chosen.region.as_ref().map(|region| (region.name.clone(), format!("/wilayah/{}", region.code)));
    let description = ctx.say_with("newsroom-read-list-description", &[("title", &title)]);
    let page = List {
        chips: chosen.chips(ctx, "/kabar"),
        picker,
        open,
        unknown,
        categories: CATEGORIES,
        langs: Lang::ALL.map(|lang| (lang.code(), lang_key(lang.code()))).to_vec(),
        cards: cards(ctx, &stories),
        next,
        first: mark.is_none(),
        search: address("/cari", &[("wilayah", chosen.code()), ("kim", chosen.slug()), ("kategori", &chosen.category)]),
        atom: format!("{feed}.atom{query}"),
        json: format!("{feed}.json{query}"),
        title: title.clone(),
        chosen,
    };
    let page = ctx.page(title, &page)?.section("/kabar").head(|head| {
        head.description = description;
        head.canonical = canonical;
        head.feeds = feeds;
        head.region = bar;
    });
    Ok(page.tags(tags))
}
