//! Puts slices together: one router, one set of texts, one menu.
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath};
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::get;
use base::events::Listener;
use base::jobs::{Cron, Job};
use base::{Conn, Kit, Later, Migration, Texts};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::arrival::Admit;
use crate::cache::Pages;
use crate::domains::Domains;
use crate::dress::{dress, panicked, watch};
use crate::guard;
use crate::limits::Limits;
use crate::privacy::{PLATFORM, Personal};
use crate::slice::{Access, Archive, FindGroup, MenuItem, NameOf, Panels, RegionMap, Route, Slice, Tasks, Vet, Vetted};
use crate::{Credential, Error, Who, assets, health, media};

/// Finds the person behind a credential; given by the slice that owns accounts.
pub type Identify = for<'a> fn(&'a Kit, &'a mut Conn, Credential) -> Later<'a, base::Result<Option<Who>>>;

/// Shared by all requests.
pub(crate) struct Shared {
    pub kit: Kit,
    pub identify: Identify,
    pub menu: Vec<MenuItem>,
    pub pages: Pages,
    pub limits: Limits,
    pub panels: Vec<Panels>,
    pub tasks: Vec<Tasks>,
    pub name_of: Vec<NameOf>,
    pub find_group: Vec<FindGroup>,
    pub region_map: Option<RegionMap>,
    pub archives: Vec<Archive>,
    pub running: crate::form::Keys,
    pub denials: crate::audit::Denials,
    pub vets: Vec<Vet>,
    /// What each slice holds of people, and how its acts are called.
    pub personal: Vec<Personal>,
    pub acts: HashMap<&'static str, &'static str>,
}

/// What the guard of one route needs.
pub(crate) struct Guarded {
    pub shared: Arc<Shared>,
    pub access: Access,
    pub cached: bool,
    pub by_region: bool,
    pub scope: Option<&'static str>,
    pub joining: bool,
    /// Method and path as declared.
    pub route: &'static str,
}

/// The assembled product.
#[derive(Clone)]
pub struct App {
    pub(crate) shared: Arc<Shared>,
    pub(crate) slices: Arc<Vec<Slice>>,
}

/// Every migration of the slices, the platform's first.
pub fn migrations(slices: &[Slice]) -> Vec<Migration> {
    let own = base::migrate::BASE.iter();
    own.chain(slices.iter().flat_map(|slice| slice.migrations)).copied().collect()
}

/// Every text of the slices and the platform.
pub fn texts(slices: &[Slice]) -> base::Result<Texts> {
    let mut all = crate::TEXTS.to_vec();
    all.extend(slices.iter().flat_map(|slice| slice.texts.iter()).flat_map(|sources| sources.iter().copied()));
    Texts::load(&all)
}

/// What the platform and each slice hold of people.
pub fn personal(slices: &[Slice]) -> Vec<Personal> {
    std::iter::once(PLATFORM).chain(slices.iter().filter_map(|slice| slice.personal)).collect()
}

/// How long a request may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(60);

impl App {
    pub fn new(kit: Kit, slices: Vec<Slice>, identify: Identify) -> App {
        let mut menu: Vec<MenuItem> = slices.iter().flat_map(|slice| slice.menu.iter().copied()).collect();
        menu.sort_by_key(|item| item.order);
        let pages = Pages::new(kit.config.page_cache_mb);
        let panels = slices.iter().filter_map(|slice| slice.panels).collect();
        let tasks = slices.iter().filter_map(|slice| slice.tasks).collect();
        let name_of = slices.iter().filter_map(|slice| slice.name_of).collect();
        let find_group = slices.iter().filter_map(|slice| slice.find_group).collect();
        let region_map = slices.iter().find_map(|slice| slice.region_map);
        let archives = slices.iter().filter_map(|slice| slice.archive).collect();
        let personal = personal(&slices);
        let acts = crate::audit::ACTS.iter().chain(slices.iter().flat_map(|slice| slice.acts)).copied().collect();
        let shared = Shared {
            kit,
            identify,
            menu,
            pages,
            limits: Limits::default(),
            panels,
            tasks,
            name_of,
            find_group,
            region_map,
            archives,
            running: Default::default(),
            denials: Default::default(),
            vets: slices.iter().filter_map(|slice| slice.vet).collect(),
            personal,
            acts,
        };
        App { shared: Arc::new(shared), slices: Arc::new(slices) }
    }

    pub fn kit(&self) -> &Kit {
        &self.shared.kit
    }

    /// As [`crate::Ctx::vet`] where there is no request: the key of the text that says why not, if one does.
    pub async fn vet(&self, conn: &mut Conn, vetted: &Vetted<'_>) -> base::Result<Option<&'static str>> {
        crate::offers::refusal(&self.shared.vets, conn, vetted).await
    }

    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.slices.iter().flat_map(|slice| slice.routes.iter())
    }

    pub fn jobs(&self) -> (Vec<Job>, Vec<Cron>) {
        let jobs = self.slices.iter().flat_map(|slice| slice.jobs.iter().copied()).collect();
        (jobs, self.slices.iter().flat_map(|slice| slice.crons.iter().copied()).collect())
    }

    pub fn listeners(&self) -> Vec<Arc<dyn Listener>> {
        self.slices.iter().flat_map(|slice| slice.listeners.iter().cloned()).collect()
    }

    /// How the slices take an archive in, each after those that it stands on.
    pub fn arrivals(&self) -> Vec<Admit> {
        self.slices.iter().filter_map(|slice| slice.arrival).collect()
    }

    /// Forgets all cached pages.
    pub fn clear_pages(&self) {
        self.shared.pages.clear();
    }

    /// The API description from the code of all slices.
    pub fn openapi(&self) -> utoipa::openapi::OpenApi {
        let mut parts = self.slices.iter().filter_map(|slice| slice.openapi).map(|make| make());
        let mut whole = parts.next().unwrap_or_default();
        for part in parts {
            whole.merge(part);
        }
        whole
    }

    /// The service, ready to be served.
    pub fn router(&self) -> Router {
        self.router_within(PATIENCE)
    }

    /// As [`App::router`], giving up a request after another time.
    pub fn router_within(&self, patience: Duration) -> Router {
        let mut router: Router<Kit> = Router::new();
        for route in self.routes() {
            let guarded = Guarded {
                shared: self.shared.clone(),
                access: route.access,
                cached: route.cached,
                by_region: route.by_region,
                scope: route.scope,
                joining: route.joining,
                route: route.name(),
            };
            let handler = route
                .handler
                .clone()
                .layer(DefaultBodyLimit::max(route.most))
                .layer(middleware::from_fn_with_state(Arc::new(guarded), guard::stand));
            router = router.route(route.path, handler);
        }
        let kit = self.shared.kit.clone();
        let migrations = migrations(&self.slices);
        let domains = self.domains();
        let csrf = CsrfLayer::new();
        let patience = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, patience);
        let plain: Router = Router::new()
            .route("/aset/{name}", get(assets::serve))
            .route(
                "/media/{name}",
                get({
                    let kit = kit.clone();
                    move |name, headers| media::serve(kit, name, headers)
                }),
            )
            .route("/healthz", get(health::alive))
            .route(
                "/readyz",
                get({
                    let kit = kit.clone();
                    move || health::ready(kit.clone(), migrations.clone())
                }),
            )
            .layer(patience);
        let router = router
            .fallback(|| async { Error::Missing })
            .method_not_allowed_fallback(not_so)
            .with_state(kit)
            .layer(csrf)
            .layer(CatchPanicLayer::custom(panicked))
            .layer(patience)
            .layer(middleware::from_fn_with_state(self.shared.clone(), dress))
            .merge(plain)
            .layer(middleware::from_fn_with_state(self.shared.clone(), watch));
        match domains {
            None => router,
            // A layer of the router itself would come after the choice of the route.
            Some(domains) => {
                let sort = middleware::from_fn_with_state(Arc::new(domains), crate::domains::sort);
                Router::new().fallback_service(router).layer(sort)
            }
        }
    }

    /// The hosts of the settings, when there are any and a slice knows what they show.
    fn domains(&self) -> Option<Domains> {
        let config = &self.shared.kit.config;
        let page = self.slices.iter().find_map(|slice| slice.domain_page)?;
        let pages = config.domains.iter().map(|(host, name)| (host.clone(), page(name)));
        let domains = Domains { pages: pages.collect(), base_url: config.base_url.clone() };
        (!domains.pages.is_empty()).then_some(domains)
    }

    /// The service with the caller's address, for `axum::serve`.
    pub fn service(&self) -> axum::extract::connect_info::IntoMakeServiceWithConnectInfo<Router, SocketAddr> {
        self.router().into_make_service_with_connect_info::<SocketAddr>()
    }
}

/// For a method that an address does not have. A route that takes every address says nothing of this one.
async fn not_so(matched: Option<MatchedPath>) -> Error {
    let every = matched.is_some_and(|matched| matched.as_str().contains("{*"));
    if every { Error::Missing } else { Error::Method }
}
