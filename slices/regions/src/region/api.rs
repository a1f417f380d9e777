//! Regions for outside scripts and for the search box of the pages.
use axum::extract::{Path, Query};
use axum::response::Response;
use base::Error;
use serde::{Deserialize, Serialize};
use utoipa::OpenApi;
use web::json::List;
use web::{Ctx, Errors};

use super::{Placed, is_code, store, walk};

/// A region.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Region)]
pub struct Item {
    /// Dotted official code, such as `62.71.01.1005`.
    code: String,
    name: String,
    /// province, regency, city, district, ward, village or customary.
    kind: &'static str,
    /// 1 province, 2 regency or city, 3 district, 4 village.
    level: i64,
    /// Code of the region above; empty for a province.
    parent: String,
    /// Postal code of a village; empty otherwise.
    postal: String,
    /// The name with the regions above it.
    full_name: String,
    /// Names of the regions above, nearest first.
    path: String,
    url: String,
    /// For a code that ended: the code that took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by: Option<String>,
    /// For a code that ended: the codes that hold in its place now. Only when one region is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    successors: Vec<String>,
}

impl Item {
    fn new(ctx: &Ctx, placed: Placed) -> Item {
        let full_name = placed.full_name();
        let Placed { region, path } = placed;
        let kind = region.kind_key().rsplit('-').next().unwrap_or_default();
        let url = ctx.absolute(&region.url());
        let super::Region { code, name, level, parent, postal, replaced_by, .. } = region;
        Item { code, name, kind, level, parent, postal, full_name, path, url, replaced_by, successors: Vec::new() }
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Start of a name, or a code.
    #[serde(default)]
    q: String,
    /// Only below this region; without `q`, the regions right below it (the provinces when empty).
    #[serde(default)]
    parent: String,
    /// How many at most: 1 to 500; 20 with `q`, 200 without.
    #[serde(default)]
    #[param(value_type = Option<i64>)]
    limit: String,
    /// `next` of the page before.
    #[serde(default)]
    after: String,
    /// The same as `after`.
    #[serde(default)]
    next: String,
}

impl Wanted {
    fn limit(&self, default: i64) -> web::Result<i64> {
        if self.limit.is_empty() {
            return Ok(default);
        }
        let limit = self.limit.parse().ok().filter(|limit| (1..=500).contains(limit));
        limit.ok_or_else(|| refused("limit", "regions-api-limit"))
    }
}

fn refused(field: &str, key: &'static str) -> web::Error {
    let mut errors = Errors::default();
    errors.add(field, key);
    web::Error::Invalid(errors)
}

/// Finds regions by name or code, or lists those right below one.
#[utoipa::path(get, path = "/api/v1/regions", tag = "regions", params(Wanted), responses(
    (status = 200, description = "Best matches first, or by name", body = List<Item>),
    (status = 404, description = "No such parent"),
    (status = 422, description = "A limit out of range, or `after` is of no page of this list")
))]
pub async fn list(ctx: Ctx, Query(wanted): Query<Wanted>) -> web::Result<Response> {
    let q = wanted.q.trim();
    let after = web::json::cursor(&wanted.after, &wanted.next);
    let mut conn = ctx.kit.db.read().await?;
    let page = if q.is_empty() {
        walk::below(&mut conn, &wanted.parent, after, wanted.limit(200)?).await?
    } else {
        walk::matching(&mut conn, q, &wanted.parent, after, wanted.limit(20)?).await?
    };
    let page = page.ok_or_else(|| refused("after", "regions-api-after"))?;
    let items = page.placed.into_iter().map(|placed| Item::new(&ctx, placed)).collect();
    web::json::public(&List { items, next: page.next })
}

/// One region, codes that ended included.
#[utoipa::path(get, path = "/api/v1/regions/{code}", tag = "regions",
    params(("code" = String, Path, description = "Dotted official code")),
    responses((status = 200, body = Item), (status = 404, description = "No such region"))
)]
pub async fn show(ctx: Ctx, Path(code): Path<String>) -> web::Result<Response> {
    if !is_code(&code) {
        return Err(web::Error::Missing);
    }
    let mut conn = ctx.kit.db.read().await?;
    let mut trail = store::trail(&mut conn, &code).await?;
    let path = store::path(&trail);
    let region = trail.pop().ok_or(Error::Missing)?;
    let successors = if region.is_current() { Vec::new() } else { super::successors(&mut conn, &code).await? };
    let mut item = Item::new(&ctx, Placed { region, path });
    item.successors = successors.into_iter().map(|next| next.region.code).collect();
    web::json::public(&item)
}

#[derive(OpenApi)]
#[openapi(paths(list, show))]
struct Description;

/// What the API says of regions.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
