//! Reads regions. Whole-country tables are written by the import alone.
use base::{Conn, Error, Result, sql};

use super::{Placed, Region, line, walk};

/// A region by code, history included; the empty code finds nothing.
pub async fn find(conn: &mut Conn, code: &str) -> Result<Option<Region>> {
    conn.first(sql!(
        "select code, name, level, parent, postal, valid_from, valid_until, replaced_by from regions_region where code = $1",
        code
    ))
    .await
}

/// A region by code; [`Error::Missing`] when there is none.
pub async fn get(conn: &mut Conn, code: &str) -> Result<Region> {
    find(conn, code).await?.ok_or(Error::Missing)
}

/// From the province down to the region itself; [`Error::Missing`] for an unknown code.
pub async fn trail(conn: &mut Conn, code: &str) -> Result<Vec<Region>> {
    let line = line(code);
    let at = |i: usize| line.get(i).copied().unwrap_or(code);
    let trail = conn
        .all::<Region>(sql!(
            "select code, name, level, parent, postal, valid_from, valid_until, replaced_by from regions_region
             where code in ($1, $2, $3, $4) order by level",
            at(0),
            at(1),
            at(2),
            at(3)
        ))
        .await?;
    if trail.last().is_some_and(|last| last.code == code) { Ok(trail) } else { Err(Error::Missing) }
}

/// Current regions right below, by name; the provinces for the empty code.
pub async fn children(conn: &mut Conn, code: &str) -> Result<Vec<Region>> {
    conn.all(sql!(
        "select code, name, level, parent, postal, valid_from, valid_until, replaced_by from regions_region
         where parent = $1 and valid_until is null order by name, code",
        code
    ))
    .await
}

/// Names of the regions above a region, nearest first: up to the regency, or the province for a
/// regency.
pub fn path(trail: &[Region]) -> String {
    let Some((own, above)) = trail.split_last() else { return String::new() };
    let least = if own.level == 2 { 1 } else { 2 };
    let names = above.iter().rev().filter(|region| region.level >= least).map(|region| region.name.as_str());
    names.collect::<Vec<_>>().join(", ")
}

/// "Pahandut Seberang, Pahandut, Kota Palangka Raya"; [`Error::Missing`] for an unknown code.
pub async fn full_name(conn: &mut Conn, code: &str) -> Result<String> {
    let mut trail = trail(conn, code).await?;
    let path = path(&trail);
    let region = trail.pop().ok_or(Error::Missing)?;
    Ok(Placed { region, path }.full_name())
}

/// Current regions whose name starts with `q`, best first: exact, then the larger, then by name.
/// A code finds its region.
pub async fn search(conn: &mut Conn, q: &str, limit: i64) -> Result<Vec<Region>> {
    let found = search_placed(conn, q, "", limit).await?;
    Ok(found.into_iter().map(|placed| placed.region).collect())
}

#[derive(sqlx::FromRow)]
pub(super) struct Found {
    #[sqlx(flatten)]
    region: Region,
    up: String,
    top: String,
}

impl From<Found> for Placed {
    fn from(found: Found) -> Placed {
        let path = match found.region.level {
            4 => format!("{}, {}", found.up, found.top),
            2 | 3 => found.up,
            _ => String::new(),
        };
        Placed { region: found.region, path }
    }
}

/// As [`search`], within a region and with the regions above; `within` may be empty.
pub async fn search_placed(conn: &mut Conn, q: &str, within: &str, limit: i64) -> Result<Vec<Placed>> {
    let page = walk::matching(conn, q, within, "", limit).await?;
    Ok(page.map_or_else(Vec::new, |page| page.placed))
}

/// A line of a region's list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub code: String,
    pub name: String,
    pub postal: String,
    /// How many current regions lie right below.
    pub inside: i64,
    /// The region between, in a list of grandchildren.
    pub up: String,
    pub up_name: String,
}

/// Current regions right below, with how many each holds.
pub async fn list(conn: &mut Conn, code: &str) -> Result<Vec<Listed>> {
    conn.all(sql!(
        "select r.code, r.name, r.postal, r.parent as up, '' as up_name,
                (select count(*) from regions_region i where i.parent = r.code and i.valid_until is null) as inside
         from regions_region r where r.parent = $1 and r.valid_until is null order by r.name, r.code",
        code
    ))
    .await
}

/// Current villages below a regency or city, by district and name.
pub async fn villages(conn: &mut Conn, code: &str) -> Result<Vec<Listed>> {
    conn.all(sql!(
        "select r.code, r.name, r.postal, p.code as up, p.name as up_name, cast(0 as bigint) as inside
         from regions_region p join regions_region r on r.parent = p.code
         where p.parent = $1 and r.valid_until is null order by p.name, r.name, r.code",
        code
    ))
    .await
}

/// The official name, which may differ from the one shown.
pub async fn official_name(conn: &mut Conn, code: &str) -> Result<String> {
    let row: (String,) = conn.one(sql!("select official_name from regions_region where code = $1", code)).await?;
    Ok(row.0)
}

/// Codes whose place this one took.
pub async fn former(conn: &mut Conn, code: &str) -> Result<Vec<Region>> {
    conn.all(sql!(
        "select code, name, level, parent, postal, valid_from, valid_until, replaced_by from regions_region
         where replaced_by = $1 or code in (select old_code from regions_change where new_code = $1) order by code",
        code
    ))
    .await
}
