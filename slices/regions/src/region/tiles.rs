//! Tile maps: one square a region, laid by hand where a file exists, in a plain grid elsewhere.
//! Drawn as SVG on the server; the list beside a map is its readable form.
use std::fmt::Write as _;

use base::{Conn, Result};

use super::{COUNTRY, Region, bare, children};
use crate::outline;

/// One square of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    pub code: String,
    /// From 0, left to right.
    pub col: u32,
    /// From 0, top to bottom.
    pub row: u32,
    /// One or two lines of at most eleven letters.
    pub label: Vec<String>,
    /// Heading drawn above this tile.
    pub group: Option<String>,
}

/// How one tile looks and where it leads.
#[derive(Clone, Debug, Default)]
pub struct TileState {
    /// `t-on`, `t-weak` (hatched) or `t-none` (dashed); `t-g1` to `t-g4` shade a number, `t-w1` to
    /// `t-w4` one to look after. With ` is-blank` the sign for no signal is drawn in place of the value.
    pub class: &'static str,
    /// Shown large in the tile; may be empty.
    pub value: String,
    pub href: String,
    /// Said by screen readers and on hovering: name and state in words.
    pub title: String,
}

macro_rules! laid {
    ($($code:literal),*) => {
        &[$(($code, include_str!(concat!("../../../../data/regions/tiles/", $code, ".tsv")))),*]
    };
}

/// Every file of data/regions/tiles; a test compares the folder.
pub(crate) const LAID: &[(&str, &str)] = laid!("62", "62.71", "ID");

/// The hand-laid map of a region (or of the country: `ID` or the empty code), if there is one. It
/// may show grandchildren: the wards of a city.
pub fn laid(code: &str) -> Option<Vec<Tile>> {
    let code = if code.is_empty() { COUNTRY } else { code };
    LAID.iter().find(|(of, _)| *of == code).map(|(_, text)| read(text))
}

/// The map of a region: laid by hand, otherwise a grid of the regions right below.
pub async fn layout(conn: &mut Conn, code: &str) -> Result<Vec<Tile>> {
    match laid(code) {
        Some(tiles) => Ok(tiles),
        None => Ok(grid(&children(conn, code).await?)),
    }
}

fn read(text: &str) -> Vec<Tile> {
    let mut tiles = Vec::new();
    let mut groups = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("# ") && !line.trim().is_empty()) {
        let mut cells = line.split('\t');
        let (Some(code), Some(col), Some(row), Some(label)) = (cells.next(), cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        let (Ok(col), Ok(row)) = (col.parse(), row.parse()) else { continue };
        if code == "#group" {
            groups.push((col, row, label.to_owned()));
        } else {
            let label = label.split('|').map(str::to_owned).collect();
            tiles.push(Tile { code: code.to_owned(), col, row, label, group: None });
        }
    }
    for tile in &mut tiles {
        let group = groups.iter().find(|(col, row, _)| (*col, *row) == (tile.col, tile.row));
        tile.group = group.map(|(_, _, label)| label.clone());
    }
    tiles
}

/// A grid nearly square, at most six wide.
fn grid(regions: &[Region]) -> Vec<Tile> {
    let wide = (1..6u32).find(|n| (n * n) as usize >= regions.len()).unwrap_or(6);
    let cells = (0u32..).map(|i| (i % wide, i / wide));
    let place = |(region, (col, row)): (&Region, (u32, u32))| Tile {
        code: region.code.clone(),
        col,
        row,
        label: label(bare(&region.name)),
        group: None,
    };
    regions.iter().zip(cells).map(place).collect()
}

const LETTERS: usize = 11;

/// Breaks a name into two lines that fit a tile; what does not fit is cut.
pub(crate) fn label(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        let second = lines.len() == 2;
        match lines.last_mut() {
            Some(line) if second || line.chars().count() + word.chars().count() < LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    for line in lines.iter_mut().filter(|line| line.chars().count() > LETTERS) {
        *line = line.chars().take(LETTERS - 1).chain(['…']).collect();
    }
    lines
}

const STEP: (u32, u32) = (70, 50);
const SIZE: (u32, u32) = (66, 46);
const HEADING: u32 = 20;

/// The map of a region: its parts' outlines where all are known, the tiles otherwise. With `bare`, no
/// tiles are drawn in place of outlines. `label` names the drawing, `state` is asked once a part.
pub async fn map(
    conn: &mut Conn,
    root: &str,
    tiles: &[Tile],
    bare: bool,
    label: &str,
    state: &(dyn Fn(&str) -> TileState + Sync),
) -> Result<Option<String>> {
    let codes: Vec<&str> = tiles.iter().map(|tile| tile.code.as_str()).collect();
    let drawn = outline::draw(conn, root, &codes, label, state).await?;
    let shown = !bare && !tiles.is_empty();
    Ok(drawn.or_else(|| shown.then(|| draw(tiles, label, state))))
}

/// Draws tiles. `label` names the drawing, `state` is asked once a tile, by its code.
pub fn draw(tiles: &[Tile], label: &str, state: &dyn Fn(&str) -> TileState) -> String {
    let columns = tiles.iter().map(|tile| tile.col + 1).max().unwrap_or(0);
    let rows = tiles.iter().map(|tile| tile.row + 1).max().unwrap_or(0);
    let headed = |row: u32| tiles.iter().any(|tile| tile.row == row && tile.group.is_some());
    let headings = |row: u32| u32::try_from((0..=row).filter(|row| headed(*row)).count()).unwrap_or(0);
    let top = |row: u32| 1 + row * STEP.1 + headings(row) * HEADING;
    let height = if rows == 0 { 0 } else { top(rows - 1) + SIZE.1 + 1 };
    let width = columns * STEP.0 - if columns == 0 { 0 } else { STEP.0 - SIZE.0 - 2 };
    let wide = if columns > 6 { " tilemap--wide" } else { "" };
    let label = escape(label);
    let mut svg = format!("<svg class=\"tilemap{wide}\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{label}\">");
    let states: Vec<TileState> = tiles.iter().map(|tile| state(&tile.code)).collect();
    if states.iter().any(|state| state.class.contains("t-weak")) {
        svg.push_str(
            "<defs><pattern id=\"hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><rect class=\"hatch-line\" width=\"2\" height=\"7\"/></pattern></defs>",
        );
    }
    for (tile, state) in tiles.iter().zip(&states) {
        draw_tile(&mut svg, tile, state, top(tile.row));
    }
    svg.push_str("</svg>");
    svg
}

fn draw_tile(svg: &mut String, tile: &Tile, state: &TileState, y: u32) {
    let x = 1 + tile.col * STEP.0;
    let middle = x + SIZE.0 / 2;
    let blank = state.class.contains("is-blank");
    let mut put = |part: std::fmt::Arguments<'_>| {
        // Writing into a string cannot fail.
        let _ = svg.write_fmt(part);
    };
    if let Some(group) = &tile.group {
        put(format_args!("<text class=\"t-label\" x=\"{}\" y=\"{}\">{}</text>", x - 1, y - 6, escape(group)));
    }
    let rect = format!("x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"7\"", SIZE.0, SIZE.1);
    let (href, class, title) = (escape(&state.href), state.class, escape(&state.title));
    put(format_args!("<a href=\"{href}\" class=\"{class}\"><title>{title}</title><rect {rect}/>"));
    if class.contains("t-weak") {
        put(format_args!("<rect class=\"hatch\" {rect}/>"));
    }
    let alone = state.value.is_empty() && !blank;
    // Tenths of a unit: the baseline of the first line.
    let first = 10 * y
        + match (tile.label.len(), alone) {
            (0 | 1, false) => 180,
            (_, false) => 140,
            (0 | 1, true) => 265,
            (_, true) => 215,
        };
    for (line, i) in tile.label.iter().zip(0u32..) {
        let at = first + 105 * i;
        let long = if line.chars().count() > 9 { " t-long" } else { "" };
        put(format_args!("<text class=\"t-name{long}\" x=\"{middle}\" y=\"{}.{}\">{}</text>", at / 10, at % 10, escape(line)));
    }
    if blank {
        let sign = "m0 9v-3m4.5 3v-6m4.5 6v-9m2.5-1l-12 11";
        put(format_args!("<path class=\"t-blank\" d=\"M{}.5 {}{sign}\"/>", middle - 5, y + 31));
    } else if !alone {
        let value = escape(&state.value);
        put(format_args!("<text x=\"{middle}\" y=\"{}\" font-size=\"13\">{value}</text>", y + 40));
    }
    put(format_args!("</a>"));
}

pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
