//! The regions of Indonesia by official code: their pages, the search for them, and the policies
//! that each may set for the groups within it.
pub mod change;
pub mod import;
pub mod outline;
pub mod policy;
mod privacy;
pub mod region;
#[doc(hidden)]
pub mod testing;

use base::authz::Scope;
use base::{Conn, Event, Later, Migration};
pub use region::{
    COUNTRY, Placed, Region, children, find, fold, former_codes, full_name, get, kind_key, map, picker, placed, search,
    successors, tiles, trail, villages_named,
};
use web::slice::{Access, MenuItem, Named, Place, Slice, get as page, post};

const MIGRATIONS: &[Migration] = &[
    Migration { name: "regions/0001_region", sql: include_str!("region/migrations/0001_region.sql") },
    Migration { name: "regions/0002_policy", sql: include_str!("policy/migrations/0002_policy.sql") },
    Migration { name: "regions/0003_outline", sql: include_str!("outline/migrations/0003_outline.sql") },
    Migration { name: "regions/0010_change", sql: include_str!("change/migrations/0010_change.sql") },
];

const MENU: &[MenuItem] =
    &[MenuItem { place: Place::Foot, order: 40, href: "/wilayah", text: "regions-menu", icon: "pin", roles: &[] }];

/// What this slice offers the app.
pub fn slice() -> Slice {
    Slice {
        name: "regions",
        migrations: MIGRATIONS,
        texts: vec![web::texts!("."), web::texts!("privacy")],
        routes: vec![
            page("/wilayah", Access::Public, region::pages::country).cached(),
            page("/wilayah/pilih", Access::Public, region::choose::form),
            post("/wilayah/pilih", Access::Public, region::choose::choose).joining(),
            page("/wilayah/{code}", Access::Public, region::pages::show).cached(),
            page("/wilayah/{code}/aturan", Access::Public, policy::pages::show).cached(),
            post("/wilayah/{code}/aturan", Access::Roles(people::roles::OVERSEERS), policy::pages::save),
            page("/bahasa/{code}", Access::Public, region::choose::language),
            page("/api/v1/regions", Access::Public, region::api::list),
            page("/api/v1/regions/{code}", Access::Public, region::api::show),
            page("/api/v1/regions/{code}/policies", Access::Public, policy::api::policies),
        ],
        menu: MENU,
        stale: Some(stale),
        name_of: Some(name_of),
        openapi: Some(openapi),
        personal: Some(privacy::PERSONAL),
        acts: privacy::ACTS,
        ..Slice::default()
    }
}

fn openapi() -> utoipa::openapi::OpenApi {
    let mut whole = region::api::openapi();
    whole.merge(policy::api::openapi());
    whole
}

/// Names the region of a role.
fn name_of<'a>(conn: &'a mut Conn, scope: &'a Scope) -> Later<'a, base::Result<Option<Named>>> {
    Box::pin(async move {
        let Scope::Region(code) = scope else { return Ok(None) };
        let region = find(conn, code).await?;
        Ok(region.map(|region| Named { path: region.url(), name: region.name, region: region.code }))
    })
}

/// A policy reaches every region below, an import any region: all region pages are read anew.
fn stale(event: &Event) -> Vec<String> {
    match event.kind.as_str() {
        "regions.policy.changed" | "regions.import.finished" | "regions.outlines.imported" | "regions.region.changed" => {
            vec!["regions".into()]
        }
        _ => Vec::new(),
    }
}
