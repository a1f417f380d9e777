//! The part of a form that asks for a region: a search box that the script fills with suggestions,
//! and what to make of the words when there was no script.
use askama::Template;
use base::{Conn, Result};
use web::{Ctx, filters};

use super::store;
use super::{Placed, Region, fold, is_code, search_names};

/// How many choices are offered.
const OFFERED: i64 = 20;

/// What was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    One(Region),
    /// Several fit: show them with [`offer`].
    Many(Vec<Region>),
    None,
}

#[derive(Template)]
#[template(path = "region/picker.html")]
struct Picker<'a> {
    field: &'a str,
    code: &'a str,
    name: &'a str,
    choices: &'a [Placed],
}

/// The field: `{field}` holds the code and `{field}_q` the words. Give both to [`resolve`] when the
/// form comes. `chosen` is a code, or empty.
pub async fn render(ctx: &Ctx, conn: &mut Conn, field: &str, chosen: &str) -> web::Result<String> {
    let name = match chosen.is_empty() {
        true => String::new(),
        false => store::full_name(conn, chosen).await.or_else(unknown)?,
    };
    let code = if name.is_empty() { "" } else { chosen };
    ctx.render(&Picker { field, code, name: &name, choices: &[] })
}

/// The field again after [`Resolved::Many`] or [`Resolved::None`]: the words as typed and, as radio
/// buttons of the name `{field}`, the regions that fit.
pub async fn offer(ctx: &Ctx, conn: &mut Conn, field: &str, q: &str) -> web::Result<String> {
    let choices = store::search_placed(conn, q, "", OFFERED).await?;
    ctx.render(&Picker { field, code: "", name: q.trim(), choices: &choices })
}

fn unknown(error: base::Error) -> Result<String> {
    if matches!(error, base::Error::Missing) { Ok(String::new()) } else { Err(error) }
}

/// What a sent field means. The code counts while the words still fit it: without script they may
/// have been typed over.
pub async fn resolve(conn: &mut Conn, code: &str, q: &str) -> Result<Resolved> {
    let (code, q) = (code.trim(), q.trim());
    if is_code(code)
        && let Some(region) = store::find(conn, code).await?.filter(Region::is_current)
        && fits(conn, &region, q).await?
    {
        return Ok(Resolved::One(region));
    }
    let mut found = store::search_placed(conn, q, "", OFFERED).await?;
    let name = fold(q.split(',').next().unwrap_or(q));
    let exact = |placed: &Placed| search_names([placed.region.name.as_str()]).contains(&name);
    let exactly: Vec<usize> = (0..found.len()).filter(|i| exact(&found[*i])).collect();
    Ok(match (found.len(), exactly.as_slice()) {
        (0, _) => Resolved::None,
        (1, _) => Resolved::One(found.remove(0).region),
        (_, [only]) => Resolved::One(found.remove(*only).region),
        _ => Resolved::Many(found.into_iter().map(|placed| placed.region).collect()),
    })
}

async fn fits(conn: &mut Conn, region: &Region, q: &str) -> Result<bool> {
    if q.is_empty() || q == region.code || fold(q) == fold(&region.name) {
        return Ok(true);
    }
    let found = store::search_placed(conn, q, &region.code, 1).await?;
    Ok(found.iter().any(|placed| placed.region.code == region.code))
}
