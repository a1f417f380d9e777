//! The first page: what is new where the reader lives, and the ways on from there.
use askama::Template;
use base::Conn;
use regions::Region;
use web::{Ctx, Page, dates, filters};

use super::asked::{Asked, address};
use super::card::{self, Author, Card, cards};
use super::store::{self, Filter, Mark, Story};

/// Fewer stories than this, and the news of the region above is shown.
const FEW: usize = 3;
/// Stories taken: one lead, four beside it, the rest by category.
const TAKEN: i64 = 40;
const BESIDE: usize = 4;
const SECTIONS: usize = 3;
const IN_SECTION: usize = 3;
/// Groups shown.
const GROUPS: i64 = 6;

#[derive(Template)]
#[template(path = "public/home.html")]
struct Home {
    title: String,
    region: Option<Region>,
    /// Name of the region, empty without one.
    place: String,
    /// Name of the chosen region and of the wider one whose news is shown instead.
    widened: Option<(String, String)>,
    lead: Option<Card>,
    latest: Vec<Card>,
    sections: Vec<Section>,
    groups: Vec<Author>,
    group_count: i64,
    month_count: i64,
    all: String,
    search: String,
    groups_href: String,
    place_href: String,
}

struct Section {
    name: String,
    href: String,
    cards: Vec<Card>,
}

/// `GET /`
pub async fn show(ctx: Ctx) -> web::Result<axum::response::Response> {
    use axum::response::IntoResponse;
    let asked = Asked::of(&ctx);
    let mut conn = ctx.kit.db.read().await?;
    if let Some(to) = super::old::of_query(&mut conn, &ctx, &asked).await? {
        return Ok(web::ctx::moved(&to));
    }
    Ok(home(&ctx, &mut conn, &asked).await?.into_response())
}

async fn home(ctx: &Ctx, conn: &mut Conn, asked: &Asked) -> web::Result<Page> {
    let wished = Some(asked.get("wilayah")).filter(|code| !code.is_empty());
    let region = match wished.or(ctx.region.as_deref()) {
        Some(code) => regions::find(conn, code).await?,
        None => None,
    };
    let code = region.as_ref().map_or(String::new(), |region| region.code.clone());
    let (shown, stories) = news(conn, &code).await?;
    let wider = if shown == code { None } else { Some(place_name(ctx, conn, &shown).await?) };
    let mut all = cards(ctx, &stories);
    let lead = (!all.is_empty()).then(|| all.remove(0));
    let rest = all.split_off(BESIDE.min(all.len()));
    let place = region.as_ref().map_or(String::new(), |region| region.name.clone());
    let groups = store::groups(conn, &code, GROUPS).await?;
    let page = Home {
        title: title(ctx, &place),
        widened: wider.map(|wider| (place.clone(), wider)),
        lead,
        latest: all,
        sections: sections(ctx, rest, &shown),
        groups: groups.iter().map(Author::of).collect(),
        group_count: store::count_groups(conn, &code).await?,
        month_count: store::count_since(conn, &code, month_start(ctx.now(), &code)).await?,
        all: address("/kabar", &[("wilayah", &shown)]),
        search: address("/cari", &[("wilayah", &code)]),
        groups_href: address("/kim", &[("wilayah", &code)]),
        place_href: if code.is_empty() { "/wilayah".into() } else { format!("/wilayah/{code}") },
        place,
        region,
    };
    let bar = page.region.as_ref().map(|region| (region.name.clone(), page.place_href.clone()));
    let feed = if code.is_empty() { "/feed".into() } else { format!("/wilayah/{code}/feed") };
    let description = ctx.say("newsroom-read-home-description");
    let feeds = super::feeds::links(&page.title, &feed, "");
    let canonical = if wished.is_some() { address("/", &[("wilayah", &code)]) } else { "/".into() };
    let answer = ctx.page(page.title.clone(), &page)?.section("/").head(|head| {
        head.description = description;
        head.canonical = canonical;
        head.feeds = feeds;
        head.region = bar.or_else(|| Some((ctx.say("newsroom-read-country"), "/wilayah".into())));
    });
    Ok(answer.tags(vec!["home".into(), "articles".into(), "kim".into()]))
}

fn title(ctx: &Ctx, place: &str) -> String {
    if place.is_empty() {
        ctx.say("newsroom-read-home-title")
    } else {
        ctx.say_with("newsroom-read-home-title-of", &[("name", place)])
    }
}

/// The newest of a region, or of the nearest region above it that has more than a few; and which
/// region that is.
async fn news(conn: &mut Conn, code: &str) -> web::Result<(String, Vec<Story>)> {
    let own = newest(conn, code).await?;
    let mut wider = code;
    while own.len() < FEW && !wider.is_empty() {
        wider = wider.rsplit_once('.').map_or("", |(above, _)| above);
        let stories = newest(conn, wider).await?;
        // Going up is worth it only when there is more to see.
        if stories.len() > own.len() && (stories.len() >= FEW || wider.is_empty()) {
            return Ok((wider.to_owned(), stories));
        }
    }
    Ok((code.to_owned(), own))
}

async fn newest(conn: &mut Conn, region: &str) -> base::Result<Vec<Story>> {
    let filter = Filter { region: region.to_owned(), ..Filter::default() };
    store::list(conn, &filter, Mark::START, TAKEN).await
}

async fn place_name(ctx: &Ctx, conn: &mut Conn, code: &str) -> web::Result<String> {
    let found = if code.is_empty() { None } else { regions::find(conn, code).await? };
    Ok(found.map_or_else(|| ctx.say("newsroom-read-country"), |region| region.name))
}

/// The categories with the most of the remaining stories, newest story first.
fn sections(ctx: &Ctx, cards: Vec<Card>, region: &str) -> Vec<Section> {
    let mut parts: Vec<(String, Vec<Card>)> = Vec::new();
    for card in cards {
        match parts.iter_mut().find(|(code, _)| *code == card.category_code) {
            Some((_, of)) if of.len() < IN_SECTION => of.push(card),
            Some(_) => {}
            None => parts.push((card.category_code.clone(), vec![card])),
        }
    }
    // A stable sort: of equally full categories the one with the newest story comes first.
    parts.sort_by_key(|(_, of)| std::cmp::Reverse(of.len()));
    let section = |(code, cards): (String, Vec<Card>)| Section {
        name: card::category(ctx, &code),
        href: address("/kabar", &[("kategori", &code), ("wilayah", region)]),
        cards,
    };
    parts.into_iter().take(SECTIONS).map(section).collect()
}

/// The first moment of this month in a region.
fn month_start(now: i64, region: &str) -> i64 {
    let day = dates::local(now, region);
    dates::parse_day(&format!("{:04}-{:02}-01", day.year(), day.month()), region).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_at_midnight_where_the_reader_is() {
        let now = dates::parse_iso("2026-11-30T17:30:00Z").expect("a time");
        assert_eq!(dates::iso(month_start(now, "62.71"), "62"), "2026-12-01T00:00:00+07:00");
        assert_eq!(dates::iso(month_start(now - 3_600_000_000, "62.71"), "62"), "2026-11-01T00:00:00+07:00");
        assert_eq!(dates::iso(month_start(now - 3_600_000_000, "63"), "63"), "2026-12-01T00:00:00+08:00");
    }
}
