//! The policies of a region for outside scripts: what the page shows to anyone.
use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::json::List;
use web::{Ctx, dates};

use super::Setting;
use super::pages::{Words, said};
use crate::region::{self, COUNTRY};

/// A policy and what holds in the region.
#[derive(Serialize, ToSchema)]
pub struct RegionPolicy {
    /// Such as `kim_size_min`.
    key: String,
    /// In the language of `Accept-Language`.
    name: String,
    /// As it was decided: digits for a number, the code of a choice, otherwise text.
    value: String,
    /// The value in words, in the language of `Accept-Language`.
    text: String,
    /// The region that decided: this one or the nearest above; null for the built-in default.
    set_in: Option<PolicyRegion>,
    /// RFC 3339.
    set_at: Option<String>,
    /// Name of who decided, when that person agrees to be named.
    set_by: Option<String>,
}

/// A region that decided.
#[derive(Serialize, ToSchema)]
pub struct PolicyRegion {
    /// Dotted official code; `ID` for the whole country.
    code: String,
    name: String,
}

fn item(ctx: &Ctx, words: &Words, setting: Setting) -> RegionPolicy {
    let decider = PolicyRegion { code: setting.from.clone(), name: words.place(ctx, &setting) };
    RegionPolicy {
        key: setting.policy.key().to_owned(),
        name: ctx.say(setting.policy.label()),
        text: said(ctx, &setting),
        set_in: Some(decider).filter(|decider| !decider.code.is_empty()),
        set_at: setting.set_at.map(|at| dates::iso(at, &setting.from)),
        set_by: words.person(&setting).cloned(),
        value: setting.value,
    }
}

/// Every policy with what holds in a region and which region decided so.
#[utoipa::path(get, path = "/api/v1/regions/{code}/policies", tag = "regions",
    params(("code" = String, Path, description = "Dotted official code; `ID` for the whole country")),
    responses((status = 200, body = List<RegionPolicy>), (status = 404, description = "No such region"))
)]
pub async fn policies(ctx: Ctx, Path(code): Path<String>) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    if code != COUNTRY {
        region::get(&mut conn, &code).await?;
    }
    let settings = super::all(&mut conn, &code).await?;
    let words = Words::load(&mut conn, &settings).await?;
    drop(conn);
    let items = settings.into_iter().map(|setting| item(&ctx, &words, setting)).collect();
    web::json::public(&List { items, next: None })
}

#[derive(OpenApi)]
#[openapi(paths(policies))]
struct Description;

/// What the API says of policies.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
