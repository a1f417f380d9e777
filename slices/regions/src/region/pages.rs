//! The pages of the country and of one region: where it lies, what lies in it, what holds there.
use askama::Template;
use axum::extract::{Path, Query};
use serde::Deserialize;
use web::slice::Spot;
use web::{Ctx, Error, Page, Panel, filters};

use super::store::{self, Listed};
use super::tiles::{self, Tile, TileState};
use super::{COUNTRY, Placed, Region, bare, is_code};
use crate::import::{self, Counts};
use crate::policy::pages::Line;

/// How many results one search shows.
const RESULTS: i64 = 30;

#[derive(Deserialize)]
pub struct Question {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "region/country.html")]
struct Country {
    q: String,
    found: Vec<Placed>,
    counts: Counts,
    map: String,
    /// Whether the map counts what lies within, not what another slice draws.
    plain: bool,
    provinces: Vec<Listed>,
}

/// `GET /wilayah`
pub async fn country(ctx: Ctx, Query(question): Query<Question>) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let q = question.q.trim().to_owned();
    let found = if q.is_empty() { Vec::new() } else { store::search_placed(&mut conn, &q, "", RESULTS).await? };
    let provinces = store::list(&mut conn, "").await?;
    let counts = import::counts(&mut conn).await?;
    let drawn = ctx.region_map(&mut conn, COUNTRY).await?;
    drop(conn);
    let plain = drawn.is_none();
    let place = ctx.say("regions-kind-country");
    let map = drawn.unwrap_or_else(|| map(&ctx, &place, &tiles::laid(COUNTRY).unwrap_or_default(), &provinces));
    let asked = !q.is_empty();
    let template = Country { q, found, counts, map, plain, provinces };
    let page = ctx.page(ctx.say("regions-title"), &template)?;
    let page = page.head(|head| {
        head.description = ctx.say("regions-description");
        head.private = asked;
    });
    // Questions are too many to keep an answer to each.
    Ok(if asked { page } else { page.tags(vec!["regions".into(), format!("region:{COUNTRY}")]) })
}

#[derive(Template)]
#[template(path = "region/show.html")]
struct Show {
    region: Region,
    above: Vec<Region>,
    official_name: String,
    aliases: String,
    former: Vec<Region>,
    /// What took its place, when it ended.
    successors: Vec<Placed>,
    list_title: &'static str,
    map: String,
    /// Whether the map counts what lies within, not what another slice draws.
    plain: bool,
    list: Vec<Listed>,
    /// Whether the list shows grandchildren and names the region between.
    deep: bool,
    policies: Vec<Line>,
    panels: Vec<Panel>,
    side: Vec<Panel>,
}

impl Show {
    fn is_village(&self) -> bool {
        self.region.level == 4
    }
}

/// `GET /wilayah/{code}`
pub async fn show(ctx: Ctx, Path(code): Path<String>) -> web::Result<Page> {
    if !is_code(&code) {
        return Err(Error::Missing);
    }
    let mut conn = ctx.kit.db.read().await?;
    let mut above = store::trail(&mut conn, &code).await?;
    let region = above.pop().ok_or(Error::Missing)?;
    let laid = tiles::laid(&code);
    let deep = laid.as_ref().is_some_and(|tiles| tiles.iter().any(|tile| super::level(&tile.code) > region.level + 1));
    let list = if deep { store::villages(&mut conn, &code).await? } else { store::list(&mut conn, &code).await? };
    let official_name = store::official_name(&mut conn, &code).await?;
    let former = store::former(&mut conn, &code).await?;
    let successors = if region.is_current() { Vec::new() } else { super::successors(&mut conn, &code).await? };
    let policies = crate::policy::pages::lines(&ctx, &mut conn, &code).await?;
    let (side, panels) = ctx.panels(&mut conn, &Spot::Region(code.clone())).await?.into_iter().partition(|panel| panel.side);
    let drawn = if list.is_empty() { None } else { ctx.region_map(&mut conn, &code).await? };
    drop(conn);
    let plain = drawn.is_none();
    let map = drawn.or_else(|| laid.map(|tiles| map(&ctx, &region.name, &tiles, &list))).unwrap_or_default();
    let aliases = import::aliases(&code);
    let aliases =
        aliases.into_iter().filter(|alias| *alias != region.name && *alias != official_name).collect::<Vec<_>>().join(", ");
    let list_title = match (region.level, deep) {
        (1, _) => "regions-list-regencies",
        (2, true) => "regions-list-villages",
        (2, false) => "regions-list-districts",
        _ => "regions-list-villages",
    };
    let title = region.name.clone();
    let show = Show {
        region,
        above,
        official_name,
        aliases,
        former,
        successors,
        list_title,
        map,
        plain,
        list,
        deep,
        policies,
        panels,
        side,
    };
    let description = ctx.say_with("regions-about", &[("name", &title), ("kind", &ctx.say(show.region.kind_key()))]);
    let (url, current) = (show.region.url(), show.region.is_current());
    let page = ctx.page(title.clone(), &show)?;
    let page = page.tags(vec![format!("region:{code}"), "regions".into()]);
    Ok(page.head(|head| {
        head.description = description;
        head.private = !current;
        head.region = current.then_some((title, url));
    }))
}

/// Draws the map over a list; a region missing from the list stays an empty square.
fn map(ctx: &Ctx, place: &str, tiles: &[Tile], list: &[Listed]) -> String {
    let label = ctx.say_with("regions-map-label", &[("name", place)]);
    tiles::draw(tiles, &label, &|code| match list.iter().find(|listed| listed.code == code) {
        Some(listed) => {
            let inside = listed.inside.to_string();
            let some = listed.inside > 0;
            let title =
                if some { ctx.say_with("regions-tile", &[("name", &listed.name), ("n", &inside)]) } else { listed.name.clone() };
            let value = if some { inside } else { String::new() };
            TileState { class: "t-on", value, href: format!("/wilayah/{code}"), title }
        }
        None => {
            TileState { class: "t-none", value: String::new(), href: format!("/wilayah/{code}"), title: bare(code).to_owned() }
        }
    })
}
