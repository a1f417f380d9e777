//! `/bina`: one screen that says what to decide today.
use askama::Template;
use axum::extract::Query;
use base::Conn;
use base::authz::within;
use base::clock::DAY;
use people::roles::OVERSEERS;
use regions::tiles;
use serde::Deserialize;
use web::{Ctx, Error, Page, Result, filters};

use super::store::{self, Weak};
use super::{days_left, left_class, say_left};
use crate::coverage::map::by_groups;
use crate::decree::SOON;
use crate::public::store::{Reach, reach, villages};
use crate::reconfirm::SILENCE;
use crate::register::rules;
use crate::{coverage, verify};

/// Lines of the queue that this screen shows; the rest has a page of its own.
const QUEUE_MOST: usize = 8;
/// Groups to look after that one screen shows.
const WEAK_MOST: i64 = 12;

/// Which region the map shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub wilayah: String,
}

/// A line of the queue.
struct Line {
    slug: String,
    name: String,
    place: String,
    left: String,
    class: &'static str,
}

/// A row of the list beside the map.
struct Row {
    code: String,
    name: String,
    groups: i64,
    dormant: i64,
}

/// A group to look after, said.
struct Care {
    slug: String,
    name: String,
    mark: String,
    place: String,
    /// What is the matter.
    why: String,
    /// What to do.
    step: String,
}

#[derive(Template)]
#[template(path = "bina/desk.html")]
struct DeskPage {
    place: String,
    code: String,
    others: Vec<(String, String)>,
    title: String,
    queue: Vec<Line>,
    reach: Reach,
    villages: i64,
    map: String,
    rows: Vec<Row>,
    care: Vec<Care>,
}

pub async fn desk(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page> {
    let codes = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    let Some(code) = shown(&ctx, &codes, &asked.wilayah) else { return Err(Error::Forbidden) };
    let mut conn = ctx.kit.db.read().await?;
    let waiting = verify::queue::count(&mut conn, &codes).await?;
    let queue = queue(&ctx, &mut conn, &codes).await?;
    let place = verify::queue::name_of(&ctx, &mut conn, &code).await?;
    let (map, rows) = map(&ctx, &mut conn, &code, &place).await?;
    let care = store::weak(&mut conn, &code, ctx.now() + SOON, ctx.now() - SILENCE, WEAK_MOST).await?;
    let mut others = Vec::new();
    for other in codes.iter().filter(|other| **other != code && !other.is_empty()) {
        others.push((other.clone(), verify::queue::name_of(&ctx, &mut conn, other).await?));
    }
    let page = DeskPage {
        place,
        others,
        title: match waiting {
            0 => ctx.say("kim-bina-free"),
            n => ctx.say_with("kim-bina-waiting", &[("n", &n.to_string())]),
        },
        queue,
        reach: reach(&mut conn, &code).await?,
        villages: villages(&mut conn, &code).await?,
        map,
        rows,
        care: care.into_iter().map(|weak| look_after(&ctx, weak)).collect(),
        code,
    };
    drop(conn);
    Ok(ctx.page(page.title.clone(), &page)?.section("/bina").head(|head| head.private = true))
}

/// The region whose map is shown: the one asked for if it is the person's, else the chosen or first.
fn shown(ctx: &Ctx, codes: &[String], asked: &str) -> Option<String> {
    let theirs = |code: &str| codes.iter().any(|root| within(code, root));
    if !asked.is_empty() && theirs(asked) {
        return Some(asked.to_owned());
    }
    let first = codes.first()?;
    // Whoever watches over the whole country starts with the regency they chose to read.
    let near = ctx.region.as_deref().and_then(|code| code.get(..5)).filter(|_| first.is_empty());
    Some(near.map_or_else(|| first.clone(), str::to_owned))
}

async fn queue(ctx: &Ctx, conn: &mut Conn, codes: &[String]) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for case in verify::queue::first(conn, codes, QUEUE_MOST).await? {
        let left = days_left(case.due(), ctx.now());
        lines.push(Line {
            slug: case.slug,
            name: case.name,
            place: case.region_name,
            left: say_left(ctx, left),
            class: left_class(left),
        });
    }
    Ok(lines)
}

/// The map of a region and its twin, the list.
async fn map(ctx: &Ctx, conn: &mut Conn, code: &str, place: &str) -> Result<(String, Vec<Row>)> {
    let layout = tiles::layout(conn, code).await?;
    let length = layout.first().map_or(0, |tile| tile.code.len());
    let counts = store::counts(conn, code, i64::try_from(length).unwrap_or(0)).await?;
    let names = coverage::store::names(conn, code, length).await?;
    let most = counts.iter().map(|count| count.groups).max().unwrap_or(0);
    let of = |code: &str| counts.iter().find(|count| count.code == code);
    let mut rows = Vec::new();
    for tile in &layout {
        let name = names.iter().find(|name| name.code == tile.code);
        let count = of(&tile.code);
        rows.push(Row {
            code: tile.code.clone(),
            name: name.map_or_else(|| tile.label.join(" "), |name| name.name.clone()),
            groups: count.map_or(0, |count| count.groups),
            dormant: count.map_or(0, |count| count.dormant),
        });
    }
    let state = |code: &str| {
        let name = rows.iter().find(|row| row.code == code).map(|row| row.name.as_str()).unwrap_or_default();
        by_groups(ctx, name, of(code), most, format!("#w-{code}"))
    };
    let label = ctx.say_with("kim-map-label", &[("place", place)]);
    let map = regions::map(conn, code, &layout, false, &label, &state).await?.unwrap_or_default();
    Ok((map, rows))
}

fn look_after(ctx: &Ctx, weak: Weak) -> Care {
    let over = weak.expires_at.filter(|end| *end <= ctx.now() + SOON);
    let (why, step) = match (weak.status.as_str(), over) {
        ("dormant", _) => {
            let why = match weak.activity_last {
                Some(last) => ctx.say_with("kim-care-quiet", &[("n", &((ctx.now() - last) / DAY).to_string())]),
                None => ctx.say("kim-care-dormant"),
            };
            (why, ctx.say("kim-care-dormant-step"))
        }
        _ if weak.silent_since.is_some() => {
            let n = ((ctx.now() - weak.silent_since.unwrap_or_default()) / DAY).to_string();
            (ctx.say_with("kim-care-silent", &[("n", &n)]), ctx.say("kim-care-dormant-step"))
        }
        (_, Some(end)) if end <= ctx.now() => (ctx.say("kim-care-over"), ctx.say("kim-care-decree-step")),
        (_, end) => {
            let n = end.map_or(0, |end| (end - ctx.now()) / DAY).to_string();
            (ctx.say_with("kim-care-soon", &[("n", &n)]), ctx.say("kim-care-decree-step"))
        }
    };
    let mark = crate::register::mark(weak.logo.as_deref(), &weak.slug, false);
    Care { mark, slug: weak.slug, name: weak.name, place: weak.region_name, why, step }
}
