//! Coverage: where KIM are missing, and which of those that are there need help, region by region.
pub mod export;
pub mod list;
pub mod map;
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use base::Conn;
use base::authz::within;
use people::roles::OVERSEERS;
use regions::tiles::{self, Tile};
use web::{Ctx, Error, Result};

use crate::register::rules;

/// What one looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Villages without a KIM.
    Empty,
    /// KIM whose decree is missing or has ended.
    Decree,
    /// KIM with fewer members than the region asks for.
    Hollow,
    /// KIM where there is no signal.
    Blank,
    /// KIM that did not answer the yearly question.
    Silent,
}

impl View {
    pub const ALL: [View; 5] = [View::Empty, View::Decree, View::Hollow, View::Blank, View::Silent];

    /// Word of the address.
    pub fn code(self) -> &'static str {
        match self {
            View::Empty => "kosong",
            View::Decree => "sk",
            View::Hollow => "anggota",
            View::Blank => "sinyal",
            View::Silent => "jawab",
        }
    }

    /// The view of an address; villages without a KIM unless it names another.
    pub fn parse(code: &str) -> View {
        View::ALL.into_iter().find(|view| view.code() == code).unwrap_or(View::Empty)
    }

    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            View::Empty => "kim-cover-empty",
            View::Decree => "kim-cover-decree",
            View::Hollow => "kim-cover-hollow",
            View::Blank => "kim-cover-blank",
            View::Silent => "kim-cover-silent",
        }
    }

    /// Key of what it means.
    pub fn note(self) -> &'static str {
        match self {
            View::Empty => "kim-cover-empty-note",
            View::Decree => "kim-cover-decree-note",
            View::Hollow => "kim-cover-hollow-note",
            View::Blank => "kim-cover-blank-note",
            View::Silent => "kim-cover-silent-note",
        }
    }
}

/// What was counted below one region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub code: String,
    pub name: String,
    /// Name of the region between, in a table of grandchildren.
    pub above: String,
    pub villages: i64,
    /// Villages that have a KIM.
    pub reached: i64,
    pub groups: i64,
    pub decree: i64,
    pub hollow: i64,
    pub blank: i64,
    pub silent: i64,
}

impl Row {
    /// How many a view finds here.
    pub fn of(&self, view: &View) -> i64 {
        match view {
            View::Empty => self.villages - self.reached,
            View::Decree => self.decree,
            View::Hollow => self.hollow,
            View::Blank => self.blank,
            View::Silent => self.silent,
        }
    }

    /// Of how many.
    pub fn whole(&self, view: &View) -> i64 {
        if *view == View::Empty { self.villages } else { self.groups }
    }

    fn add(&mut self, other: &Row) {
        self.villages += other.villages;
        self.reached += other.reached;
        self.groups += other.groups;
        self.decree += other.decree;
        self.hollow += other.hollow;
        self.blank += other.blank;
        self.silent += other.silent;
    }
}

/// A region's coverage: its parts, and all together.
pub struct Coverage {
    pub tiles: Vec<Tile>,
    pub rows: Vec<Row>,
    pub total: Row,
}

/// Counts a region part by part, by one grouped query over its KIM and one over its villages.
pub async fn count(conn: &mut Conn, region: &str, now: i64) -> Result<Coverage> {
    let tiles = tiles::layout(conn, region).await?;
    let length = tiles.first().map_or(region.len(), |tile| tile.code.len());
    let groups = store::groups(conn, region, length, now).await?;
    let villages = store::villages(conn, region, length).await?;
    let names = store::names(conn, region, length).await?;
    let mut total = Row::default();
    let mut rows = Vec::new();
    for tile in &tiles {
        let name = names.iter().find(|name| name.code == tile.code);
        let mut row = Row {
            code: tile.code.clone(),
            name: name.map_or_else(|| tile.label.join(" "), |name| name.name.clone()),
            above: name.filter(|name| name.up != region).map_or_else(String::new, |name| name.above.clone()),
            villages: villages.iter().find(|count| count.code == tile.code).map_or(0, |count| count.villages),
            ..Row::default()
        };
        if let Some(found) = groups.iter().find(|count| count.code == tile.code) {
            row.groups = found.groups;
            row.reached = found.reached;
            (row.decree, row.hollow, row.blank, row.silent) = (found.decree, found.hollow, found.blank, found.silent);
        }
        total.add(&row);
        rows.push(row);
    }
    Ok(Coverage { tiles, rows, total })
}

/// The region that an overseer asks for: one of theirs or below, otherwise their first.
pub async fn asked(ctx: &Ctx, conn: &mut Conn, wanted: &str) -> Result<String> {
    let mine = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    let first = mine.first().ok_or(Error::Forbidden)?;
    let wanted = wanted.trim();
    let code = match !wanted.is_empty() && mine.iter().any(|root| within(wanted, root)) {
        true => wanted.to_owned(),
        false => first.clone(),
    };
    if !code.is_empty() && regions::find(conn, &code).await?.is_none() {
        return Err(Error::Missing);
    }
    Ok(code)
}
