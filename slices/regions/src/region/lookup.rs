//! Looking regions up for other slices: villages by their exact name, and what became of a code that
//! ended.
use base::{Conn, Result, sql};

use super::store::{self, Found};
use super::{Placed, Region};

/// Villages of one name that one question gets.
const NAMESAKES: i64 = 400;

/// Current villages whose folded name is exactly this one, by code.
pub async fn villages_named(conn: &mut Conn, folded: &str) -> Result<Vec<Placed>> {
    let found = conn
        .all::<Found>(sql!(
            "select r.code, r.name, r.level, r.parent, r.postal, r.valid_from, r.valid_until, r.replaced_by,
                    coalesce(p.name, '') as up, coalesce(g.name, '') as top
             from regions_name n join regions_region r on r.code = n.code
             left join regions_region p on p.code = r.parent
             left join regions_region g on g.code = p.parent
             where n.folded = $1 and r.level = 4 and r.valid_until is null order by r.code limit $2",
            folded,
            NAMESAKES
        ))
        .await?;
    Ok(found.into_iter().map(Placed::from).collect())
}

/// A region with the names of those above it.
pub async fn placed(conn: &mut Conn, region: Region) -> Result<Placed> {
    let trail = store::trail(conn, &region.code).await?;
    Ok(Placed { path: store::path(&trail), region })
}

/// The current regions that took the place of a code, over any number of changes, by code. None for
/// a code that holds.
pub async fn successors(conn: &mut Conn, code: &str) -> Result<Vec<Placed>> {
    let (mut open, mut seen) = (vec![code.to_owned()], Vec::new());
    let mut found: Vec<Region> = Vec::new();
    while let Some(code) = open.pop() {
        if seen.contains(&code) {
            continue;
        }
        for next in next_codes(conn, &code).await? {
            match store::find(conn, &next).await? {
                Some(region) if region.is_current() => found.push(region),
                Some(_) => open.push(next),
                None => {}
            }
        }
        seen.push(code);
    }
    found.sort_by(|a, b| a.code.cmp(&b.code));
    found.dedup_by(|a, b| a.code == b.code);
    let mut all = Vec::new();
    for region in found {
        all.push(placed(conn, region).await?);
    }
    Ok(all)
}

/// The codes that took the place of one, a single change on.
async fn next_codes(conn: &mut Conn, code: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all(sql!(
            "select new_code as code from regions_change where old_code = $1
             union select replaced_by as code from regions_region where code = $1 and replaced_by is not null order by code",
            code
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Codes that became this one, over any number of changes, by code: figures kept under them belong
/// to it now, wholly or in part.
pub async fn former_codes(conn: &mut Conn, code: &str) -> Result<Vec<String>> {
    let (mut open, mut seen) = (vec![code.to_owned()], Vec::new());
    while let Some(code) = open.pop() {
        let rows: Vec<(String,)> = conn
            .all(sql!(
                "select old_code as code from regions_change where new_code = $1
                 union select code from regions_region where replaced_by = $1 order by code",
                &code
            ))
            .await?;
        for (old,) in rows {
            if !seen.contains(&old) {
                seen.push(old.clone());
                open.push(old);
            }
        }
    }
    seen.sort();
    Ok(seen)
}
