//! Puts slices together: one router, one set of texts, one menu, one set of followers of the events.
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::get;
use base::events::Listener;
use base::jobs::{Cron, Job};
use base::search::{Change, Entry};
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
use crate::slice::{Access, Archive, FindGroup, MenuItem, NameOf, Panels, RegionMap, Route, Searchable, Slice, Stale};
use crate::slice::{Tasks, Vet};
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
    shared: Arc<Shared>,
    slices: Arc<Vec<Slice>>,
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
        let router = router
            .fallback(|| async { Error::Missing })
            .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
            .with_state(kit.clone())
            .layer(csrf)
            .layer(CatchPanicLayer::custom(panicked))
            .layer(middleware::from_fn_with_state(self.shared.clone(), dress))
            .route("/aset/{name}", get(assets::serve))
            .route(
                "/media/{name}",
                get({
                    let kit = kit.clone();
                    move |name, headers| media::serve(kit, name, headers)
                }),
            )
            .route("/healthz", get(health::alive))
            .route("/readyz", get(move || health::ready(kit.clone(), migrations.clone())))
            .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(60)))
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

    /// Brings derived rows and search up to the newest event. Returns how many events the search
    /// index went past; none when a server writes it, which then follows by itself.
    pub async fn catch_up(&self) -> base::Result<u64> {
        self.hear().await?;
        match self.meet_demand().await {
            Err(error) if base::search::is_busy(&error) => return Ok(0),
            outcome => outcome?,
        };
        match self.index_new().await {
            Err(error) if base::search::is_busy(&error) => Ok(0),
            outcome => outcome,
        }
    }

    /// Empties the index when that was asked for, or when it knows events that the database does
    /// not: then the database was restored from a backup. Returns the newest position.
    async fn meet_demand(&self) -> base::Result<i64> {
        let mut conn = self.kit().db.read().await?;
        let asked = base::events::asked_rebuild(&mut conn).await?;
        let newest = base::events::newest(&mut conn).await?;
        drop(conn);
        let index = self.kit().index.clone();
        if asked > index.generation() || index.position() > newest {
            tracing::info!("search index starts anew");
            let generation = asked.max(index.generation());
            blocking(move || index.restart(generation)).await?;
        }
        Ok(newest)
    }

    async fn hear(&self) -> base::Result<()> {
        let kit = self.kit();
        base::audit::chain(&kit.db).await?;
        base::events::place(&kit.db).await?;
        base::events::catch_up_all(&kit.db, &self.listeners(), kit.clock.now()).await
    }

    async fn index_new(&self) -> base::Result<u64> {
        let kit = self.kit();
        let mut passed = 0;
        loop {
            let position = kit.index.position();
            let mut conn = kit.db.read().await?;
            let events = base::events::after(&mut conn, position, 500).await?;
            let Some(last) = events.last().map(|event| event.position) else { return Ok(passed) };
            let mut subjects: Vec<(&str, i64)> = events.iter().map(|e| (e.subject_kind.as_str(), e.subject_id)).collect();
            subjects.sort_unstable();
            subjects.dedup();
            let mut changes = Vec::new();
            for (kind, id) in subjects {
                if let Some(load) = self.searchable(kind) {
                    changes.push(match load(&mut conn, id).await? {
                        Some(entry) => Change::Put(entry),
                        None => Change::Remove { kind: kind.to_owned(), id },
                    });
                }
            }
            drop(conn);
            let index = kit.index.clone();
            blocking(move || index.apply(changes, last)).await?;
            passed += events.len() as u64;
        }
    }

    fn searchable(&self, kind: &str) -> Option<Searchable> {
        self.slices.iter().flat_map(|slice| slice.searchables).find(|(of, _)| *of == kind).map(|(_, load)| *load)
    }

    /// Asks every node to empty its search index and fill it from the first event, and does so here
    /// unless a server writes the index. Returns how many events it went past, or none if the server
    /// does it.
    pub async fn rebuild_search(&self) -> base::Result<Option<u64>> {
        let kit = self.kit();
        let mut tx = kit.db.write().await?;
        base::events::ask_rebuild(&mut tx, kit.clock.now()).await?;
        tx.commit().await?;
        base::events::place(&kit.db).await?;
        let rebuilt = async {
            self.meet_demand().await?;
            self.index_new().await
        };
        match rebuilt.await {
            Err(error) if base::search::is_busy(&error) => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// Rebuilds every listener's rows from the first event.
    pub async fn rebuild_listeners(&self) -> base::Result<Vec<(&'static str, u64)>> {
        let kit = self.kit();
        let mut done = Vec::new();
        for listener in self.listeners() {
            let heard = base::events::rebuild(&kit.db, listener.as_ref(), kit.clock.now()).await?;
            done.push((listener.name(), heard));
        }
        Ok(done)
    }

    /// Follows the events until the process stops: listeners, search, stale pages.
    pub async fn follow(self) {
        let mut seen = self.newest().await;
        loop {
            if let Err(error) = self.round(&mut seen).await {
                tracing::error!(%error, "following events");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            self.kit().bell.wait(500).await;
        }
    }

    async fn newest(&self) -> i64 {
        match self.kit().db.read().await {
            Ok(mut conn) => base::events::newest(&mut conn).await.unwrap_or(0),
            Err(_) => 0,
        }
    }

    async fn round(&self, seen: &mut i64) -> base::Result<()> {
        base::audit::chain(&self.kit().db).await?;
        base::events::place(&self.kit().db).await?;
        let newest = self.meet_demand().await?;
        // After a restore the events start at a lower place.
        *seen = (*seen).min(newest);
        if newest == *seen && self.kit().index.position() >= newest {
            return Ok(());
        }
        // Pages show derived rows, so those come first.
        self.hear().await?;
        self.drop_stale(seen).await?;
        self.index_new().await.map(drop)
    }

    /// Makes cached pages stale by the events after `seen`.
    pub async fn drop_stale(&self, seen: &mut i64) -> base::Result<()> {
        let rules: Vec<Stale> = self.slices.iter().filter_map(|slice| slice.stale).collect();
        loop {
            let mut conn = self.kit().db.read().await?;
            let events = base::events::after(&mut conn, *seen, 500).await?;
            drop(conn);
            let Some(last) = events.last() else { return Ok(()) };
            *seen = last.position;
            let mut tags: Vec<String> = events.iter().flat_map(|event| rules.iter().flat_map(|rule| rule(event))).collect();
            tags.sort_unstable();
            tags.dedup();
            self.shared.pages.invalidate(&tags);
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> base::Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => Ok(outcome?),
        Err(panic) => Err(anyhow::anyhow!("{panic}").into()),
    }
}

impl App {
    /// Loads one search entry by its kind, or none.
    pub async fn entry(&self, conn: &mut Conn, kind: &str, id: i64) -> base::Result<Option<Entry>> {
        match self.searchable(kind) {
            Some(load) => load(conn, id).await,
            None => Ok(None),
        }
    }
}
