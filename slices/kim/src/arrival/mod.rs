//! A KIM that comes in as an archive: what the register reads of it and writes. People come as entries of
//! the roster; their accounts are linked by invitations.
mod store;
#[cfg(test)]
mod tests;
mod write;

use anyhow::{Context, Result, bail};
use base::clock::SECOND;
use base::{Conn, Kit};
use web::arrival::{Admit, Arrival, Home, Wanted};
use web::dates;

use crate::decree::scan::FOLDER;
use crate::export::rows::{DecreeRow, HistoryRow, KimRow, MemberRow, TermRow};
use crate::register::{self, Kim};

pub use store::site;

/// How the register takes its part.
pub const ADMIT: Admit = Admit { parts: &["kim", "members", "terms", "decrees", "history"], read, write: write::write };

/// The row of the KIM itself.
fn own(arrival: &Arrival) -> Result<KimRow> {
    let mut rows: Vec<KimRow> = arrival.rows("kim")?;
    match rows.pop() {
        Some(row) if rows.is_empty() => Ok(row),
        _ => bail!("kim.jsonl must hold one row"),
    }
}

fn read(arrival: &Arrival) -> Result<Vec<Wanted>> {
    let own = own(arrival)?;
    arrival.rows::<MemberRow>("members")?;
    arrival.rows::<TermRow>("terms")?;
    arrival.rows::<HistoryRow>("history")?;
    let decrees: Vec<DecreeRow> = arrival.rows("decrees")?;
    let pictures = [own.logo, own.cover].into_iter().flatten().map(Wanted::picture);
    let scans = decrees.into_iter().filter_map(|decree| decree.scan).map(|path| Wanted::paper(path, FOLDER));
    Ok(pictures.chain(scans).collect())
}

/// Looks before anything is kept: the KIM, when it is here already; otherwise the region that it comes to
/// is noted in the archive. `region` is the operator's wish.
pub async fn check(kit: &Kit, conn: &mut Conn, arrival: &mut Arrival, region: Option<&str>) -> Result<Option<Kim>> {
    let row = own(arrival)?;
    if let Some(kim) = here(kit, conn, &arrival.site, &row).await? {
        return Ok(Some(kim));
    }
    let code = place(conn, region.unwrap_or(row.region.as_str()), region.is_some()).await?;
    arrival.home =
        Home { group: 0, name: row.name, slug: row.slug.clone(), was_slug: row.slug, region: code, was_region: row.region };
    Ok(None)
}

/// The KIM of a row, if it came in before or never left this site.
async fn here(kit: &Kit, conn: &mut Conn, site: &str, row: &KimRow) -> Result<Option<Kim>> {
    let mut found = match store::arrived(conn, site, row.id).await? {
        Some(group) => register::by_id(conn, group).await?,
        None if site == kit.config.base_url => {
            // The archive tells whole seconds.
            let made = time(&row.created_at)? / SECOND;
            register::by_id(conn, row.id).await?.filter(|kim| kim.created_at / SECOND == made)
        }
        None => None,
    };
    if let Some(into) = found.as_ref().and_then(|kim| kim.merged_into) {
        found = register::by_id(conn, into).await?;
    }
    Ok(found)
}

/// The region of a code as it holds now.
async fn place(conn: &mut Conn, code: &str, wished: bool) -> Result<String> {
    let Some(region) = regions::find(conn, code).await? else {
        if wished {
            bail!("there is no region {code}");
        }
        bail!("the KIM lies in region {code}, which is not known here; say where it belongs with --region CODE");
    };
    if region.level != 4 {
        bail!("region {code} is no village or ward; say where the KIM belongs with --region CODE");
    }
    if region.is_current() {
        return Ok(region.code);
    }
    let next = regions::successors(conn, code).await?;
    match next.as_slice() {
        [only] => Ok(only.region.code.clone()),
        [] => bail!("region {code} has ended; say where the KIM belongs with --region CODE"),
        several => {
            let codes: Vec<&str> = several.iter().map(|placed| placed.region.code.as_str()).collect();
            bail!("region {code} became several; say which with --region: {}", codes.join(", "))
        }
    }
}

/// Reads a time of the archive.
fn time(text: &str) -> Result<i64> {
    dates::parse_iso(text).with_context(|| format!("“{text}” is no time"))
}

/// Reads a day of the archive as one of a region: a day stays that day in another zone.
fn day(text: &str, region: &str) -> Result<i64> {
    dates::parse_day(text, region).with_context(|| format!("“{text}” is no day"))
}

/// As [`time`], where there may be none.
fn maybe_time(text: &Option<String>) -> Result<Option<i64>> {
    text.as_deref().map(time).transpose()
}

/// As [`day`], where there may be none.
fn maybe_day(text: &Option<String>, region: &str) -> Result<Option<i64>> {
    text.as_deref().map(|text| day(text, region)).transpose()
}
