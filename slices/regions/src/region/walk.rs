//! Lists of regions page by page: each page begins after the code that the one before named.
use base::{Conn, Result, sql};

use super::store::{self, Found};
use super::{Placed, Region, beyond, fold, is_code, without_kind};

/// The most characters of a question that are looked at.
const QUESTION: usize = 80;
/// The most names that one page looks through for those that lie where the question says.
const SCAN: i64 = 400;

/// A page of a list.
#[derive(Debug, Default)]
pub struct Page {
    pub placed: Vec<Placed>,
    /// The code after which the next page begins; none at the end.
    pub next: Option<String>,
}

/// Current regions right below a code, by name; the provinces for the empty code. None when `after`
/// is no region of that list.
pub async fn below(conn: &mut Conn, code: &str, after: &str, limit: i64) -> Result<Option<Page>> {
    let mut trail = if code.is_empty() { Vec::new() } else { store::trail(conn, code).await? };
    let last = match after {
        "" => (String::new(), String::new()),
        after => match store::find(conn, after).await?.filter(|last| last.parent == code) {
            Some(last) => (last.name, last.code),
            None => return Ok(None),
        },
    };
    let found = children_after(conn, code, &last, limit + 1).await?;
    let mut placed = Vec::with_capacity(found.len());
    for region in found {
        trail.push(region);
        let path = store::path(&trail);
        placed.extend(trail.pop().map(|region| Placed { region, path }));
    }
    Ok(Some(page(placed, "", limit + 1, limit)))
}

async fn children_after(conn: &mut Conn, code: &str, last: &(String, String), limit: i64) -> Result<Vec<Region>> {
    conn.all(sql!(
        "select code, name, level, parent, postal, valid_from, valid_until, replaced_by from regions_region
         where parent = $1 and valid_until is null and (name, code) > ($2, $3) order by name, code limit $4",
        code,
        &last.0,
        &last.1,
        limit
    ))
    .await
}

/// Current regions whose name starts with `q`, best first, within a region (the empty code is the
/// country); a code finds its region. None when `after` is no region of that list.
pub async fn matching(conn: &mut Conn, q: &str, within: &str, after: &str, limit: i64) -> Result<Option<Page>> {
    let q: String = q.trim().chars().take(QUESTION).collect();
    if is_code(&q) {
        let placed = by_code(conn, &q, within).await?.into_iter().collect();
        return Ok(after.is_empty().then_some(Page { placed, next: None }));
    }
    // "Pahandut Seberang, Pahandut": the first part is the name, the rest says where it lies.
    let (name, places) = q.split_once(',').unwrap_or((&q, ""));
    let (name, places) = (fold(name), fold(places));
    let most = if places.is_empty() { limit + 1 } else { SCAN };
    let words = Some(name.as_str()).filter(|name| !name.is_empty());
    for word in words.into_iter().chain(without_kind(&name)) {
        let Some(from) = place(conn, word, after).await? else { continue };
        let found = starting(conn, word, within, &from, most).await?;
        // One that goes on has come to its end; only one that begins is tried with other words.
        if found.is_empty() && after.is_empty() {
            continue;
        }
        return Ok(Some(page(found, &places, most, limit)));
    }
    Ok(after.is_empty().then(Page::default))
}

async fn by_code(conn: &mut Conn, code: &str, within: &str) -> Result<Option<Placed>> {
    let found = store::find(conn, code).await?.filter(|region| region.is_current() && base::authz::within(&region.code, within));
    let Some(region) = found else { return Ok(None) };
    let trail = store::trail(conn, &region.code).await?;
    Ok(Some(Placed { path: store::path(&trail), region }))
}

/// Makes a page of at most `limit` out of the matches looked at, `most` or all of them: those that lie
/// where `places` says.
fn page(mut placed: Vec<Placed>, places: &str, most: i64, limit: i64) -> Page {
    let size = |n: i64| usize::try_from(n).unwrap_or(0);
    let code = |placed: &[Placed]| placed.last().map(|last| last.region.code.clone());
    let seen = code(&placed).filter(|_| placed.len() >= size(most) && !places.is_empty());
    placed.retain(|one| places.is_empty() || fold(&one.path).starts_with(places));
    if placed.len() <= size(limit) {
        return Page { placed, next: seen };
    }
    placed.truncate(size(limit));
    let next = code(&placed);
    Page { placed, next }
}

/// A place in the order of the matches: 0 for the name itself and 1 for a longer one, level, name, code.
#[derive(sqlx::FromRow)]
struct Place {
    miss: i64,
    level: i64,
    name: String,
    code: String,
}

/// Where a list of matches goes on after a code; none when the code is no match.
async fn place(conn: &mut Conn, folded: &str, after: &str) -> Result<Option<Place>> {
    if after.is_empty() {
        return Ok(Some(Place { miss: -1, level: 0, name: String::new(), code: String::new() }));
    }
    conn.first(sql!(
        "select cast(min(case when n.folded = $1 then 0 else 1 end) as bigint) as miss, r.level, r.name, r.code
         from regions_name n join regions_region r on r.code = n.code
         where n.folded >= $1 and n.folded < $2 and n.code = $3 group by r.level, r.name, r.code",
        folded,
        beyond(folded),
        after
    ))
    .await
}

async fn starting(conn: &mut Conn, folded: &str, within: &str, from: &Place, limit: i64) -> Result<Vec<Placed>> {
    let found = conn
        .all::<Found>(sql!(
            "select r.code, r.name, r.level, r.parent, r.postal, r.valid_from, r.valid_until, r.replaced_by,
                    coalesce(p.name, '') as up, coalesce(g.name, '') as top
             from (select r.code, hit.miss from
                     (select code, cast(min(case when folded = $1 then 0 else 1 end) as bigint) as miss from regions_name
                      where folded >= $1 and folded < $2 group by code) hit
                   join regions_region r on r.code = hit.code
                   where r.valid_until is null and (cast($3 as text) = '' or r.code = $3 or (r.code >= $4 and r.code < $5))
                     and (hit.miss, r.level, r.name, r.code) > ($6, $7, $8, $9)
                   order by hit.miss, r.level, r.name, r.code limit $10) best
             join regions_region r on r.code = best.code
             left join regions_region p on p.code = r.parent
             left join regions_region g on g.code = p.parent
             order by best.miss, r.level, r.name, r.code",
            folded,
            beyond(folded),
            within,
            // Codes below a code lie between these: `/` follows `.`.
            format!("{within}."),
            format!("{within}/"),
            from.miss,
            from.level,
            &from.name,
            &from.code,
            limit
        ))
        .await?;
    Ok(found.into_iter().map(Placed::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(n: i64, path: &str) -> Placed {
        let region = Region {
            code: n.to_string(),
            name: "Sukamaju".into(),
            level: 4,
            parent: String::new(),
            postal: String::new(),
            valid_from: None,
            valid_until: None,
            replaced_by: None,
        };
        Placed { region, path: path.into() }
    }

    #[test]
    fn a_page_goes_on_where_it_stopped_looking() {
        let all = |path: &str| (1..=4).map(|n| placed(n, path)).collect::<Vec<_>>();
        let told = |page: Page| (page.placed.len(), page.next);
        assert_eq!(told(page(all("Pahandut"), "", 5, 4)), (4, None));
        assert_eq!(told(page(all("Pahandut"), "", 4, 3)), (3, Some("3".into())));
        assert_eq!(told(page(all("Pahandut"), "pahan", 4, 2)), (2, Some("2".into())), "shown to the second");
        assert_eq!(
            told(page(all("Sabangau"), "pahan", 4, 2)),
            (0, Some("4".into())),
            "looked at to the fourth, none of them there"
        );
        assert_eq!(told(page(all("Sabangau"), "pahan", 5, 2)), (0, None), "there were no more to look at");
        assert_eq!(told(page(Vec::new(), "pahan", 4, 2)), (0, None));
    }
}
