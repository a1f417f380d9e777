//! What readers see: home, lists, the article page, feeds, sitemap, search.
mod about;
mod api;
mod api_search;
mod asked;
mod card;
mod chosen;
mod feeds;
mod gallery;
mod home;
mod list;
mod mapped;
mod old;
mod panels;
mod preview;
mod search;
pub mod share;
mod show;
mod sitemap;
mod store;
#[cfg(test)]
mod tests;

use anyhow::Context;
use base::i18n::Sources;
pub use old::redirect_of;
pub use panels::{latest, panels};
use utoipa::OpenApi;
use web::slice::get;
use web::{Access, MenuItem, Place, Route};

/// Words of this half.
pub const TEXTS: Sources = web::texts!(".");

/// Items of the bar and the foot.
pub const MENU: &[MenuItem] = &[
    item(Place::Bar, 1, "/", "newsroom-read-menu-home", "home"),
    item(Place::Bar, 2, "/kabar", "newsroom-read-menu-news", "news"),
    item(Place::Bar, 4, "/cari", "newsroom-read-menu-search", "search"),
    item(Place::Foot, 10, "/kabar", "newsroom-read-menu-all-news", "news"),
    item(Place::Foot, 50, "/cari", "newsroom-read-menu-search", "search"),
    item(Place::Foot, 60, "/tentang", "newsroom-read-menu-about", "info"),
    item(Place::Foot, 70, "/privasi", "newsroom-read-menu-privacy", "lock"),
    item(Place::Foot, 80, "/api", "newsroom-read-menu-api", "link"),
];

const fn item(place: Place, order: u8, href: &'static str, text: &'static str, icon: &'static str) -> MenuItem {
    MenuItem { place, order, href, text, icon, roles: &[] }
}

/// Addresses for readers.
pub fn routes() -> Vec<Route> {
    const ANYONE: Access = Access::Public;
    vec![
        get("/", ANYONE, home::show).cached().by_region(),
        get("/kabar", ANYONE, list::show).cached(),
        get("/kabar/{slug}", ANYONE, show::show).cached(),
        get("/cari", ANYONE, search::show),
        get("/feed.atom", ANYONE, feeds::atom).cached(),
        get("/feed.json", ANYONE, feeds::json).cached(),
        get("/kabar/kategori/{kategori}/{feed}", ANYONE, feeds::of_category).cached(),
        get("/kim/{slug}/feed.atom", ANYONE, feeds::atom_of_group).cached(),
        get("/kim/{slug}/feed.json", ANYONE, feeds::json_of_group).cached(),
        get("/wilayah/{code}/feed.atom", ANYONE, feeds::atom_of_region).cached(),
        get("/wilayah/{code}/feed.json", ANYONE, feeds::json_of_region).cached(),
        get("/sitemap.xml", ANYONE, sitemap::index).cached(),
        get("/sitemap/{part}", ANYONE, sitemap::part).cached(),
        get("/robots.txt", ANYONE, sitemap::robots),
        get("/tentang", ANYONE, about::about).cached(),
        get("/privasi", ANYONE, about::privacy).cached(),
        get("/api", ANYONE, about::api).cached(),
        get("/api/v1/articles", ANYONE, api::list).cached(),
        get("/api/v1/articles/{slug}", ANYONE, api::show).cached(),
        get("/api/v1/categories", ANYONE, api::categories),
        get("/api/v1/search", ANYONE, api_search::find),
        // Static and named parts win over it, so it hears only what nothing else answers.
        get("/{*lama}", ANYONE, old::show),
    ]
}

/// Description of the reading API.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut whole = api::Doc::openapi();
    whole.merge(api_search::Doc::openapi());
    whole
}

/// Runs work that blocks away from the threads that serve.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> web::Result<T> {
    Ok(tokio::task::spawn_blocking(work).await.context("searching")??)
}
