//! Maps of KIM: shades by number, the same on tiles and on outlines; each region's page shows one.
use askama::Template;
use base::{Conn, Later};
use regions::tiles::{self, TileState};
use web::{Ctx, Result, filters};

use super::{Row, View};
use crate::bina::store::{self, Count};

/// Shades of a good thing and of one to look after, from a little to all.
const GOOD: [&str; 4] = ["t-g1", "t-g2", "t-g3", "t-g4"];
const WEAK: [&str; 4] = ["t-w1", "t-w2", "t-w3", "t-w4"];

/// Which of four shades a share has; the smallest share still shows.
fn shade(of: [&'static str; 4], n: i64, whole: i64) -> &'static str {
    let step = (4 * n + whole - 1).checked_div(whole).unwrap_or(1).clamp(1, 4);
    of[usize::try_from(step - 1).unwrap_or(0)]
}

/// A part of the map by its number of KIM; `most` is the largest number on the map.
pub fn by_groups(ctx: &Ctx, name: &str, count: Option<&Count>, most: i64, href: String) -> TileState {
    let Some(count) = count else {
        return TileState { class: "t-none", value: "–".into(), href, title: ctx.say_with("kim-tile-none", &[("name", name)]) };
    };
    let n = count.groups.to_string();
    let asleep = count.dormant == count.groups;
    let key = if asleep { "kim-tile-weak" } else { "kim-tile-on" };
    let title = ctx.say_with(key, &[("name", name), ("n", &n)]);
    let class = if asleep { "t-weak" } else { shade(GOOD, count.groups, most) };
    TileState { class, value: n, href, title }
}

/// A part of the map by what a view finds there.
pub fn by_view(ctx: &Ctx, row: &Row, view: View) -> TileState {
    let (n, whole) = (row.of(&view), row.whole(&view));
    let href = format!("#w-{}", row.code);
    let count = n.to_string();
    let name = row.name.as_str();
    let title = ctx.say_with("kim-cover-tile", &[("name", name), ("n", &count), ("what", &ctx.say(view.key()))]);
    if whole == 0 || (view != View::Empty && row.groups == 0) {
        let title = ctx.say_with("kim-tile-none", &[("name", name)]);
        return TileState { class: "t-none", value: "–".into(), href, title };
    }
    let class = match n {
        0 => "t-on",
        // A single village without a signal carries the sign for it.
        _ if view == View::Blank && row.villages == 1 => "t-w4 is-blank",
        _ => shade(WEAK, n, whole),
    };
    TileState { class, value: count, href, title }
}

#[derive(Template)]
#[template(path = "coverage/region.html")]
struct RegionMap {
    map: String,
}

/// The map of a region's page, shaded by the number of KIM, with its key.
pub fn region<'a>(ctx: &'a Ctx, conn: &'a mut Conn, code: &'a str) -> Later<'a, Result<Option<String>>> {
    Box::pin(async move {
        let root = if code == regions::COUNTRY { "" } else { code };
        let laid = tiles::laid(code);
        let grid = laid.is_none();
        let tiles = match laid {
            Some(tiles) => tiles,
            None => tiles::layout(conn, root).await?,
        };
        let Some(length) = tiles.first().map(|tile| tile.code.len()) else { return Ok(None) };
        let counts = store::counts(conn, root, i64::try_from(length).unwrap_or(0)).await?;
        let names = super::store::names(conn, root, length).await?;
        let most = counts.iter().map(|count| count.groups).max().unwrap_or(0);
        let place = regions::find(conn, root).await?.map_or_else(|| ctx.say("kim-country"), |region| region.name);
        let state = |code: &str| {
            let name = names.iter().find(|name| name.code == code).map_or(code, |name| name.name.as_str());
            let count = counts.iter().find(|count| count.code == code);
            by_groups(ctx, name, count, most, format!("/wilayah/{code}"))
        };
        let label = ctx.say_with("kim-map-label", &[("place", &place)]);
        let map = regions::map(conn, root, &tiles, grid, &label, &state).await?;
        map.map(|map| ctx.render(&RegionMap { map })).transpose()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_share_still_shows() {
        let steps: Vec<_> = [(1, 100), (25, 100), (26, 100), (75, 100), (76, 100), (100, 100), (3, 0)]
            .into_iter()
            .map(|(n, whole)| shade(WEAK, n, whole))
            .collect();
        assert_eq!(steps, ["t-w1", "t-w1", "t-w2", "t-w3", "t-w4", "t-w4", "t-w1"]);
    }
}
