//! KIM as JSON, for outside scripts: the same fields that the pages show.
use axum::extract::{Path, Query};
use axum::response::Response;
use base::Conn;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use web::json::{List, cursor, flag};
use web::{Ctx, Error, Errors, Result, dates};

use super::show;
use super::store::{self, Listed, Wanted};
use crate::activity::{self, Month};
use crate::decree;
use crate::history::{self, Past};
use crate::privacy::contact;
use crate::register::{self, Kim, Status, rules};

/// Filters of the list; all may be left out.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Only groups of this region and all below it, by dotted code.
    region: String,
    /// Words of name, place or number.
    q: String,
    /// `verified`, `active` or `dormant`.
    status: String,
    /// Code of a theme, as items name it.
    theme: String,
    /// Whether imported groups that nobody verified yet are listed too; false unless told.
    #[param(value_type = Option<bool>)]
    listings: String,
    /// 1 to 100; 20 unless told.
    limit: String,
    /// `next` of the page before.
    after: String,
    /// The same as `after`.
    next: String,
}

/// A region's code and name.
#[derive(Serialize, ToSchema)]
#[schema(as = KimRegion)]
pub struct Place {
    code: String,
    name: String,
}

/// A group in a list.
#[derive(Serialize, ToSchema)]
pub struct KimItem {
    id: i64,
    slug: String,
    name: String,
    /// Absolute address of its page.
    url: String,
    region: Place,
    /// `draft` for an imported group that nobody verified yet.
    status: Status,
    /// Whether it was imported and nobody of the group has an account here yet.
    unclaimed: bool,
    about: String,
    themes: Vec<String>,
    /// The number it got on verification.
    number: Option<String>,
    /// Absolute address of its logo.
    logo: Option<String>,
}

/// The decree in force, without its scan.
#[derive(Serialize, ToSchema)]
pub struct KimDecree {
    number: String,
    signer: String,
    /// Day.
    issued: String,
    /// Day.
    expires: Option<String>,
}

/// A leader whom the group chose to name.
#[derive(Serialize, ToSchema)]
pub struct KimLeader {
    name: String,
    /// `chair`, `secretary`, `treasurer` or `head`.
    office: String,
    division: String,
}

/// What the group chose to publish of its contacts.
#[derive(Serialize, ToSchema)]
pub struct KimContact {
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
}

/// One group.
#[derive(Serialize, ToSchema)]
pub struct KimDetail {
    #[serde(flatten)]
    item: KimItem,
    /// Day.
    founded: Option<String>,
    /// RFC 3339.
    verified_at: Option<String>,
    decree: Option<KimDecree>,
    officers: Vec<KimLeader>,
    contact: KimContact,
    /// Articles of the last months, oldest first.
    activity: Vec<Month>,
}

fn logo(ctx: &Ctx, name: Option<&str>) -> Option<String> {
    name.map(|name| ctx.absolute(&base::pictures::path(name, 320, "jpg")))
}

fn item(ctx: &Ctx, kim: Listed) -> KimItem {
    let status = if kim.is_listing() { Status::Draft } else { kim.status };
    let unclaimed = kim.is_unclaimed();
    KimItem {
        url: ctx.absolute(&format!("/kim/{}", kim.slug)),
        region: Place { name: kim.region_name, code: kim.region },
        themes: kim.themes.split(',').filter(|theme| !theme.is_empty()).map(str::to_owned).collect(),
        logo: logo(ctx, kim.logo.as_deref()),
        status,
        unclaimed,
        id: kim.id,
        slug: kim.slug,
        name: kim.name,
        about: kim.about,
        number: kim.number,
    }
}

fn read(asked: &Asked) -> Result<Wanted> {
    let mut errors = Errors::default();
    let status = Status::parse(&asked.status).filter(|status| status.is_open());
    errors.check(asked.status.is_empty() || status.is_some(), "status", "kim-api-status");
    let theme = asked.theme.is_empty() || rules::theme_key(&asked.theme).is_some();
    errors.check(theme, "theme", "kim-api-theme");
    let listings = flag(&asked.listings);
    errors.check(listings.is_some(), "listings", "kim-api-flag");
    let limit = if asked.limit.is_empty() { Some(20) } else { asked.limit.parse().ok().filter(|n| (1..=100).contains(n)) };
    errors.check(limit.is_some(), "limit", "kim-api-limit");
    let from = cursor(&asked.after, &asked.next);
    let after: Option<i64> = from.parse().ok();
    errors.check(from.is_empty() || after.is_some(), "after", "kim-api-after");
    errors.done()?;
    Ok(Wanted {
        q: asked.q.chars().take(80).collect(),
        region: asked.region.clone(),
        theme: asked.theme.clone(),
        status,
        after,
        limit: limit.unwrap_or(20),
        listings: listings == Some(true),
    })
}

/// Groups at work, by name; imported ones that wait for their people on demand.
#[utoipa::path(get, path = "/api/v1/kim", tag = "kim", params(Asked),
    responses((status = 200, body = List<KimItem>), (status = 422, description = "A filter that cannot be read")))]
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response> {
    let mut wanted = read(&asked)?;
    let most = usize::try_from(wanted.limit).unwrap_or(20);
    wanted.limit += 1;
    let mut conn = ctx.kit.db.read().await?;
    let mut found = store::list(&mut conn, &wanted).await?;
    drop(conn);
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    web::json::public(&List { items: found.into_iter().map(|kim| item(&ctx, kim)).collect(), next })
}

/// The group of an address, past ones included, when anyone may know of it.
async fn known(conn: &mut Conn, slug: &str) -> Result<Kim> {
    register::present(conn, slug).await?.filter(Kim::is_public).ok_or(Error::Missing)
}

/// One group, at work, dissolved, or imported.
#[utoipa::path(get, path = "/api/v1/kim/{slug}", tag = "kim", params(("slug" = String, Path, description = "Address of the group")),
    responses((status = 200, body = KimDetail), (status = 404, description = "No such group")))]
pub async fn show(ctx: Ctx, Path(slug): Path<String>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let mut kim = known(&mut conn, &slug).await?;
    contact::hide(&mut conn, &mut kim).await?;
    let region = regions::find(&mut conn, &kim.region).await?;
    let months = activity::store::months(&mut conn, kim.id).await?;
    let decree = decree::store::latest(&mut conn, kim.id).await?;
    let day = |at: i64| dates::day(at, &kim.region);
    let (leaders, _) = show::leaders(&mut conn, kim.id).await?;
    let detail = KimDetail {
        item: KimItem {
            id: kim.id,
            slug: kim.slug.clone(),
            name: kim.name.clone(),
            url: ctx.absolute(&kim.path()),
            region: Place { name: region.map_or_else(|| kim.region.clone(), |region| region.name), code: kim.region.clone() },
            status: if kim.is_listing() { Status::Draft } else { kim.status },
            unclaimed: kim.is_unclaimed(),
            about: kim.about.clone(),
            themes: kim.themes().into_iter().filter(|theme| rules::theme_key(theme).is_some()).map(str::to_owned).collect(),
            number: kim.number.clone(),
            logo: logo(&ctx, kim.logo.as_deref()),
        },
        founded: kim.founded_at.map(day),
        verified_at: kim.verified_at.map(|at| dates::iso(at, &kim.region)),
        decree: decree.map(|decree| KimDecree {
            issued: day(decree.issued_at),
            expires: decree.expires_at.map(day),
            number: decree.number,
            signer: decree.signer,
        }),
        officers: leaders
            .into_iter()
            .map(|leader| KimLeader { office: leader.office.code().into(), name: leader.name, division: leader.division })
            .collect(),
        contact: KimContact {
            phone: kim.public_phone().map(str::to_owned),
            email: kim.public_email().map(str::to_owned),
            address: kim.public_address().map(str::to_owned),
        },
        activity: activity::last_months(&months, show::MONTHS, ctx.now(), &kim.region),
    };
    web::json::public(&detail)
}

/// Something that happened to a group.
#[derive(Serialize, ToSchema)]
pub struct KimPast {
    /// RFC 3339.
    at: String,
    /// Such as `kim.group.verified`.
    kind: String,
    /// What happened, in the language of `Accept-Language`.
    text: String,
    /// Name of another group that it was about.
    other: Option<String>,
}

/// The history of a group, oldest first: what anyone may read of it.
#[utoipa::path(get, path = "/api/v1/kim/{slug}/history", tag = "kim",
    params(("slug" = String, Path, description = "Address of the group")),
    responses((status = 200, body = List<KimPast>), (status = 404, description = "No such group")))]
pub async fn history(ctx: Ctx, Path(slug): Path<String>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = known(&mut conn, &slug).await?;
    let history = history::of(&mut conn, &kim, false).await?;
    drop(conn);
    let one = |past: Past| KimPast {
        at: dates::iso(past.at, &kim.region),
        text: ctx.say(past.key),
        kind: past.kind,
        other: Some(past.other).filter(|name| !name.is_empty()),
    };
    web::json::public(&List { items: history.steps.into_iter().map(one).collect(), next: None })
}

#[derive(OpenApi)]
#[openapi(paths(list, show, history))]
struct Description;

/// This slice's part of the API description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
