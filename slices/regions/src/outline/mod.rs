//! Outlines of regions, imported by the operator from GeoJSON: maps are drawn from them where they
//! are there, as inline SVG made on the server.
mod read;
mod simplify;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use base::{Conn, Db, Event, Result};

use crate::region::level;
use crate::tiles::{TileState, escape};
pub use read::Problem;

/// Largest file that is read, in bytes.
pub const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// An outline ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Outline {
    pub code: String,
    pub path: String,
    pub west: i64,
    pub north: i64,
    pub east: i64,
    pub south: i64,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub kept: u64,
    /// Features whose code names no region.
    pub unknown: Vec<String>,
    /// Features without a code or without an area.
    pub unreadable: u64,
}

/// Reads a GeoJSON text and keeps the outline of each region that it names. Running it again
/// replaces them.
pub async fn import(db: &Db, text: &[u8], now: i64) -> Result<std::result::Result<Report, Problem>> {
    let found = match read::features(text) {
        Ok(found) => found,
        Err(problem) => return Ok(Err(problem)),
    };
    let mut report = Report { unreadable: found.unreadable, ..Report::default() };
    let mut outlines = Vec::new();
    let mut conn = db.read().await?;
    for feature in found.features {
        if crate::find(&mut conn, &feature.code).await?.is_none() {
            report.unknown.push(feature.code);
            continue;
        }
        match simplify::outline(&feature.code, level(&feature.code), &feature.rings) {
            Some(outline) => outlines.push(outline),
            None => report.unreadable += 1,
        }
    }
    drop(conn);
    let mut tx = db.write().await?;
    for outline in &outlines {
        store::keep(&mut tx, outline, now).await?;
        report.kept += 1;
    }
    if report.kept > 0 {
        tx.emit(Event { link: "/wilayah".into(), ..Event::new(now, "regions.outlines.imported", ("region", 0)) }).await?;
    }
    tx.commit().await?;
    Ok(Ok(report))
}

/// The map of these regions below `root`, all of one level; none unless every one has an outline.
pub async fn draw(
    conn: &mut Conn,
    root: &str,
    codes: &[&str],
    label: &str,
    state: &(dyn Fn(&str) -> TileState + Sync),
) -> Result<Option<String>> {
    let Some(first) = codes.first() else { return Ok(None) };
    let known = store::of_level(conn, root, first.len()).await?;
    let mut outlines = Vec::new();
    for code in codes {
        match known.iter().find(|outline| outline.code == *code) {
            Some(outline) => outlines.push(outline),
            None => return Ok(None),
        }
    }
    let west = outlines.iter().map(|o| o.west).min().unwrap_or(0);
    let north = outlines.iter().map(|o| o.north).min().unwrap_or(0);
    let width = (outlines.iter().map(|o| o.east).max().unwrap_or(0) - west).max(1);
    let height = (outlines.iter().map(|o| o.south).max().unwrap_or(0) - north).max(1);
    let mut svg = String::with_capacity(outlines.iter().map(|o| o.path.len() + 200).sum());
    let mut put = |part: std::fmt::Arguments<'_>| {
        // Writing into a string cannot fail.
        let _ = svg.write_fmt(part);
    };
    let label = escape(label);
    put(format_args!("<svg class=\"areas\" viewBox=\"{west} {north} {width} {height}\" role=\"group\" aria-label=\"{label}\">"));
    let size = (width / 28).max(1);
    for outline in outlines {
        let state = state(&outline.code);
        let (href, title, value) = (escape(&state.href), escape(&state.title), escape(&state.value));
        let (x, y) = ((outline.west + outline.east) / 2, (outline.north + outline.south) / 2);
        put(format_args!(
            "<a href=\"{href}\" class=\"{}\"><title>{title}</title><path class=\"area\" d=\"{}\"/>\
             <text x=\"{x}\" y=\"{y}\" font-size=\"{size}\">{value}</text></a>",
            state.class, outline.path
        ));
    }
    svg.push_str("</svg>");
    Ok(Some(svg))
}
