//! The API for searching everything public, open to anyone, without a token.
use axum::response::Response;
use base::search::{Facet, Hit, Query, is_cursor};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::json::{flag, public};
use web::{Ctx, Errors, dates};

use super::api::limit;
use super::asked::Asked;
use super::search;

/// Values told of a facet.
const VALUES: usize = 20;

/// A page of what was found. `next` goes into the `after` (or `next`) parameter of the next call; null at the end.
#[derive(Serialize, ToSchema)]
pub struct SearchPage {
    pub items: Vec<SearchHit>,
    pub next: Option<String>,
    /// Only when asked for: counts of all that was found, over all pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<SearchFacets>,
}

/// One thing found.
#[derive(Serialize, ToSchema)]
pub struct SearchHit {
    /// `article` or `kim`.
    pub kind: String,
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub url: String,
    /// Escaped HTML in which the words found stand in `mark` elements.
    pub excerpt: String,
    /// Comparable within one answer only.
    pub score: f32,
}

/// How much was found of what: the twenty most frequent values each, by the parameter that takes them.
#[derive(Default, Serialize, ToSchema)]
pub struct SearchFacets {
    pub kind: Vec<SearchCount>,
    /// One level below the region asked for, or below the deepest one that holds everything.
    pub region: Vec<SearchCount>,
    pub kim: Vec<SearchCount>,
    pub category: Vec<SearchCount>,
}

/// How often a value was found.
#[derive(Serialize, ToSchema)]
pub struct SearchCount {
    /// As the parameter takes it.
    pub value: String,
    /// In the language of `Accept-Language` where it has one.
    pub name: String,
    pub count: u64,
}

#[derive(OpenApi)]
#[openapi(paths(find))]
pub struct Doc;

/// A moment or a day.
fn moment(asked: &Asked, name: &str, errors: &mut Errors) -> Option<i64> {
    let text = asked.get(name);
    let at = dates::parse_iso(text);
    errors.check(text.is_empty() || at.is_some(), name, "newsroom-read-api-time");
    at
}

/// Searches everything public.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(
    ("q" = Option<String>, Query, description = "Words; without any, everything that passes the filters, newest first"),
    ("kind" = Option<Vec<String>>, Query, description = "article, kim; repeated or parted by commas"),
    ("region" = Option<String>, Query, description = "Dotted code; everything below it is included"),
    ("kim" = Option<String>, Query, description = "Slug of a KIM"),
    ("category" = Option<String>, Query, description = "Code of a category; only articles have one"),
    ("from" = Option<String>, Query, description = "Earliest time, RFC 3339 or a day"),
    ("until" = Option<String>, Query, description = "Before this time, RFC 3339 or a day"),
    ("facets" = Option<bool>, Query, description = "Whether to count by kind, region, KIM and category too; false unless given"),
    ("limit" = Option<i64>, Query, description = "1 to 50, 20 unless given"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ("next" = Option<String>, Query, description = "The same as `after`"),
), responses(
    (status = 200, description = "Best first", body = SearchPage),
    (status = 422, description = "A parameter is out of range")
))]
pub async fn find(ctx: Ctx) -> web::Result<Response> {
    let asked = Asked::of(&ctx);
    let mut errors = Errors::default();
    let limit = limit(&asked, 20, 50, &mut errors);
    let (from, until) = (moment(&asked, "from", &mut errors), moment(&asked, "until", &mut errors));
    errors.check(asked.cursor().is_empty() || is_cursor(asked.cursor()), "after", "newsroom-read-api-after");
    let counted = flag(asked.get("facets"));
    errors.check(counted.is_some(), "facets", "newsroom-read-api-flag");
    errors.done()?;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let query = Query {
        text: asked.get("q").to_owned(),
        kinds: asked.list("kind"),
        region: some(asked.get("region")),
        group: some(asked.get("kim")),
        category: some(asked.get("category")),
        from,
        until,
        limit: usize::try_from(limit).unwrap_or(20),
        after: some(asked.cursor()),
        facets: counted == Some(true),
    };
    let found = search::find(&ctx, query).await?;
    let facets = if counted == Some(true) { Some(counts(&ctx, found.facets).await?) } else { None };
    let items = found.items.into_iter().map(|hit| hit_of(&ctx, hit)).collect();
    public(&SearchPage { items, next: found.next, facets })
}

fn hit_of(ctx: &Ctx, hit: Hit) -> SearchHit {
    let Hit { kind, id, slug, title, url, excerpt, score, .. } = hit;
    SearchHit { kind, id, slug, title, url: ctx.absolute(&url), excerpt, score }
}

/// Facets with the names of their values, without values that nothing public has.
async fn counts(ctx: &Ctx, found: Vec<Facet>) -> web::Result<SearchFacets> {
    let mut conn = ctx.kit.db.read().await?;
    let mut facets = SearchFacets::default();
    for facet in found {
        let (of, counts) = match facet.name {
            "kind" => ("jenis", &mut facets.kind),
            "region" => ("wilayah", &mut facets.region),
            "group" => ("kim", &mut facets.kim),
            _ => ("kategori", &mut facets.category),
        };
        for (value, count) in facet.values.into_iter().filter(|(value, _)| !value.is_empty()).take(VALUES) {
            let Some(name) = search::facet_name(ctx, &mut conn, of, &value).await? else { continue };
            counts.push(SearchCount { value, name, count });
        }
    }
    Ok(facets)
}
