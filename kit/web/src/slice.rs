//! What a slice gives to the app.
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use base::authz::{Role, Scope};
use base::events::Listener;
use base::i18n::Sources;
use base::jobs::{Cron, Job};
use base::search::Entry;
use base::{Conn, Event, Kit, Later, Migration};

use crate::Ctx;
use crate::arrival::Admit;
use crate::privacy::Personal;

/// Who may call a route. The router denies before the handler runs; a handler then checks the place
/// that its object lies in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Anyone with an account.
    Account,
    /// Someone who holds one of these roles; the handler checks where.
    Roles(&'static [Role]),
}

/// One address of the product.
#[derive(Clone)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    /// Whether anonymous answers are kept in the page cache.
    pub cached: bool,
    /// Whether a cached answer depends on the region the visitor chose.
    pub by_region: bool,
    /// Largest body taken, in bytes.
    pub most: usize,
    /// For API routes: the scope a token needs.
    pub scope: Option<&'static str>,
    /// Whether someone who has not finished joining may call it, beside public pages.
    pub joining: bool,
    /// Method and path in one text.
    name: &'static str,
    pub(crate) handler: MethodRouter<Kit>,
}

fn route<H, T>(method: Method, filter: MethodFilter, path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, Kit>,
    T: 'static,
{
    let name = named(&method, path);
    Route {
        method,
        path,
        access,
        cached: false,
        by_region: false,
        most: 256 * 1024,
        scope: None,
        joining: false,
        name,
        handler: on(filter, handler),
    }
}

/// The same text for the same route, however often the routes are built.
fn named(method: &Method, path: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let name = format!("{method} {path}");
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name.as_str()) {
        return known;
    }
    let kept: &'static str = Box::leak(name.into_boxed_str());
    names.insert(kept);
    kept
}

/// A page or document to read. HEAD is answered too.
pub fn get<H: Handler<T, Kit>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    route(Method::GET, MethodFilter::GET, path, access, handler)
}

/// A form or API call that changes something.
pub fn post<H: Handler<T, Kit>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    route(Method::POST, MethodFilter::POST, path, access, handler)
}

impl Route {
    /// Keeps anonymous answers in the page cache.
    pub fn cached(mut self) -> Route {
        self.cached = true;
        self
    }

    /// A cached answer that also depends on the chosen region.
    pub fn by_region(mut self) -> Route {
        self.by_region = true;
        self
    }

    /// Takes bodies up to so many bytes (256 KiB unless told).
    pub fn most(mut self, bytes: usize) -> Route {
        self.most = bytes;
        self
    }

    /// Opens it to someone who has not finished joining.
    pub fn joining(mut self) -> Route {
        self.joining = true;
        self
    }

    /// Method and path in one text, such as `GET /akun`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The scope an API token needs here.
    pub fn scope(mut self, scope: &'static str) -> Route {
        self.scope = Some(scope);
        self
    }
}

/// Where a menu item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The main bar, for everyone.
    Bar,
    /// The main bar of people who hold one of the item's roles.
    Desk,
    /// The list at the foot of every page.
    Foot,
}

/// A menu item.
#[derive(Clone, Copy, Debug)]
pub struct MenuItem {
    pub place: Place,
    pub order: u8,
    pub href: &'static str,
    pub text: &'static str,
    pub icon: &'static str,
    /// For [`Place::Desk`].
    pub roles: &'static [Role],
}

/// Loads what the search index should hold of one subject now, or `None` when it should hold nothing.
pub type Searchable = for<'a> fn(&'a mut Conn, i64) -> Later<'a, base::Result<Option<Entry>>>;

/// Tags of cached pages that an event makes stale.
pub type Stale = fn(&Event) -> Vec<String>;

/// A page of one slice that others add to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The page of a region, by code.
    Region(String),
    /// The page of a group, by id.
    Group(i64),
    /// The member's desk.
    Desk,
    /// The record of a handover, by id.
    Handover(i64),
}

/// A part that a slice adds to another's page.
#[derive(Clone, Debug)]
pub struct Panel {
    pub order: u8,
    /// Stands beside the main column on wide screens.
    pub side: bool,
    /// Rendered and safe.
    pub html: String,
}

impl Panel {
    /// Order of the latest stories on a group's page. The group may move and hide what has this order
    /// or the next.
    pub const NEWS: u8 = 10;
    /// Order of the photos on a group's page.
    pub const GALLERY: u8 = 30;
}

/// A file of a group's archive: rows of one kind, as lines of JSON.
#[derive(Clone, Debug)]
pub struct ArchiveRows {
    /// Name without ending, such as `articles`.
    pub name: &'static str,
    pub rows: Vec<serde_json::Value>,
    /// Files that the rows name: path in the archive, and key in the file store.
    pub files: Vec<(String, String)>,
}

/// Of which group an archive is, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Archived {
    pub group: i64,
    /// Whether ages go along: for the group's own keepers, not for who stands in for one.
    pub ages: bool,
}

/// Lists what a slice keeps of a group.
pub type Archive = for<'a> fn(&'a Kit, &'a mut Conn, Archived) -> Later<'a, base::Result<Vec<ArchiveRows>>>;

/// Renders what a slice adds to a page.
pub type Panels = for<'a> fn(&'a Ctx, &'a mut Conn, &'a Spot) -> Later<'a, crate::Result<Vec<Panel>>>;

/// Draws the map of a region's page in place of the plain one, with its key: safe HTML. The code is
/// the region's, or `ID` for the whole country. None where there is nothing to draw.
pub type RegionMap = for<'a> fn(&'a Ctx, &'a mut Conn, &'a str) -> Later<'a, crate::Result<Option<String>>>;

/// One thing for a person to do now.
#[derive(Clone, Debug)]
pub struct Task {
    /// The most urgent has the lowest number.
    pub order: i64,
    pub icon: &'static str,
    /// Already said in the reader's language.
    pub title: String,
    pub note: String,
    pub href: String,
    /// Words of the button when it stands first.
    pub action: String,
}

/// Lists what waits for this person.
pub type Tasks = for<'a> fn(&'a Ctx, &'a mut Conn) -> Later<'a, crate::Result<Vec<Task>>>;

/// The place that a role reaches, as people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    /// Path of its page.
    pub path: String,
    /// Code of the region it lies in.
    pub region: String,
}

/// Names a scope that the slice keeps; none when it is another's or is not there.
pub type NameOf = for<'a> fn(&'a mut Conn, &'a Scope) -> Later<'a, base::Result<Option<Named>>>;

/// A group found by what a person typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundGroup {
    pub id: i64,
    /// Its address, which can be typed again.
    pub slug: String,
    pub name: String,
    pub place: String,
}

/// Finds groups by their address or the start of their name: the one of the address alone, or a few.
pub type FindGroup = for<'a> fn(&'a mut Conn, &'a str) -> Later<'a, base::Result<Vec<FoundGroup>>>;

/// A right that somebody is about to get.
pub struct Vetted<'a> {
    pub account_id: i64,
    pub role: Role,
    pub scope: &'a base::authz::Scope,
    /// The row of a roster that an invitation meant.
    pub entry: Option<i64>,
    pub now: i64,
}

/// Says by the key of a text why somebody may not get a right.
pub type Vet = for<'a> fn(&'a mut Conn, &'a Vetted<'a>) -> Later<'a, base::Result<Option<&'static str>>>;

/// Everything one slice offers.
#[derive(Clone, Default)]
pub struct Slice {
    pub name: &'static str,
    pub migrations: &'static [Migration],
    pub texts: Vec<Sources>,
    pub routes: Vec<Route>,
    pub listeners: Vec<Arc<dyn Listener>>,
    pub jobs: &'static [Job],
    pub crons: &'static [Cron],
    pub menu: &'static [MenuItem],
    /// Kinds of search subjects and how each is loaded.
    pub searchables: &'static [(&'static str, Searchable)],
    pub stale: Option<Stale>,
    pub panels: Option<Panels>,
    pub tasks: Option<Tasks>,
    pub name_of: Option<NameOf>,
    pub find_group: Option<FindGroup>,
    /// Of all slices that offer one, the first draws.
    pub region_map: Option<RegionMap>,
    pub openapi: Option<fn() -> utoipa::openapi::OpenApi>,
    /// The path that a host of its own shows, by the name that the settings give it.
    pub domain_page: Option<fn(&str) -> String>,
    /// What the slice adds to the archive of a group.
    pub archive: Option<Archive>,
    /// How the slice takes its part of an archive that comes in.
    pub arrival: Option<Admit>,
    /// Refuses a right to somebody who may not hold it, by whatever way it comes.
    pub vet: Option<Vet>,
    /// What it holds of people: the register, the copy for the person, and how it forgets one.
    pub personal: Option<Personal>,
    /// Acts as the audit names them (kinds of events and of views) with the key of their words.
    pub acts: &'static [(&'static str, &'static str)],
}
