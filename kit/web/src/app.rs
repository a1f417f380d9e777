//! Puts slices together: one router, one set of texts, one menu, one set of followers of the events.
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::events::Listener;
use base::jobs::{Cron, Job};
use base::search::{Change, Entry};
use base::{Conn, Kit, Later, Migration, Texts};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::cache::Pages;
use crate::compress::{self, Encoding};
use crate::error::Failure;
use crate::guard::{self, Asked, RequestId};
use crate::limits::Limits;
use crate::slice::{Access, MenuItem, Panel, Panels, Route, Searchable, Slice, Spot, Stale, Task, Tasks};
use crate::{Credential, Ctx, Error, Who, assets, health, json, media, page};

/// Finds the person behind a credential; given by the slice that owns accounts.
pub type Identify = for<'a> fn(&'a mut Conn, Credential, i64) -> Later<'a, base::Result<Option<Who>>>;

/// Shared by all requests.
pub(crate) struct Shared {
    pub kit: Kit,
    pub identify: Identify,
    pub menu: Vec<MenuItem>,
    pub pages: Pages,
    pub limits: Limits,
    pub panels: Vec<Panels>,
    pub tasks: Vec<Tasks>,
    pub running: crate::form::Keys,
}

/// What the guard of one route needs.
pub(crate) struct Guarded {
    pub shared: Arc<Shared>,
    pub access: Access,
    pub cached: bool,
    pub by_region: bool,
    pub scope: Option<&'static str>,
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

impl App {
    pub fn new(kit: Kit, slices: Vec<Slice>, identify: Identify) -> App {
        let mut menu: Vec<MenuItem> = slices.iter().flat_map(|slice| slice.menu.iter().copied()).collect();
        menu.sort_by_key(|item| item.order);
        let pages = Pages::new(kit.config.page_cache_mb);
        let panels = slices.iter().filter_map(|slice| slice.panels).collect();
        let tasks = slices.iter().filter_map(|slice| slice.tasks).collect();
        let shared = Shared { kit, identify, menu, pages, limits: Limits::default(), panels, tasks, running: Default::default() };
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
            };
            let handler = route.handler.clone()
                .layer(DefaultBodyLimit::max(route.most))
                .layer(middleware::from_fn_with_state(Arc::new(guarded), guard::stand));
            router = router.route(route.path, handler);
        }
        let kit = self.shared.kit.clone();
        let migrations = migrations(&self.slices);
        let csrf = CsrfLayer::new();
        router
            .fallback(|| async { Error::Missing })
            .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
            .with_state(kit.clone())
            .layer(csrf)
            .layer(CatchPanicLayer::custom(panicked))
            .layer(middleware::from_fn_with_state(self.shared.clone(), dress))
            .route("/aset/{name}", get(assets::serve))
            .route("/media/{name}", get({
                let kit = kit.clone();
                move |name, headers| media::serve(kit, name, headers)
            }))
            .route("/healthz", get(health::alive))
            .route("/readyz", get(move || health::ready(kit.clone(), migrations.clone())))
            .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(60)))
            .layer(middleware::from_fn_with_state(self.shared.clone(), watch))
    }

    /// The service with the caller's address, for `axum::serve`.
    pub fn service(&self) -> axum::extract::connect_info::IntoMakeServiceWithConnectInfo<Router, SocketAddr> {
        self.router().into_make_service_with_connect_info::<SocketAddr>()
    }

    /// Brings search, derived rows and the page cache up to the newest event. Returns how many
    /// events the search index went past.
    pub async fn catch_up(&self) -> base::Result<u64> {
        let kit = self.kit();
        base::events::place(&kit.db).await?;
        for listener in self.listeners() {
            base::events::catch_up(&kit.db, listener.as_ref(), kit.clock.now()).await?;
        }
        self.index_new().await
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

    /// Empties the search index and fills it from the first event.
    pub async fn rebuild_search(&self) -> base::Result<u64> {
        let index = self.kit().index.clone();
        blocking(move || index.apply(vec![Change::Clear], 0)).await?;
        base::events::place(&self.kit().db).await?;
        self.index_new().await
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
        base::events::place(&self.kit().db).await?;
        self.drop_stale(seen).await?;
        if self.kit().index.position() < *seen {
            self.catch_up().await?;
        }
        Ok(())
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

impl Ctx {
    /// The throttles of this process.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// What all slices add to a page, in order.
    pub async fn panels(&self, conn: &mut Conn, spot: &Spot) -> crate::Result<Vec<Panel>> {
        let mut all = Vec::new();
        for render in &self.shared.panels {
            all.extend(render(self, conn, spot).await?);
        }
        all.sort_by_key(|panel| panel.order);
        Ok(all)
    }

    /// What waits for this person, most urgent first.
    pub async fn tasks(&self, conn: &mut Conn) -> crate::Result<Vec<Task>> {
        let mut all = Vec::new();
        for list in &self.shared.tasks {
            all.extend(list(self, conn).await?);
        }
        all.sort_by_key(|task| task.order);
        Ok(all)
    }

    /// All menu items.
    pub fn menu(&self) -> &[MenuItem] {
        &self.shared.menu
    }
}

/// A failure becomes a page, or a problem document under `/api`; it is logged once.
async fn dress(State(shared): State<Arc<Shared>>, req: Request, next: Next) -> Response {
    let api = req.uri().path().starts_with("/api/");
    let request_id = req.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let asked = req.headers().clone();
    let path = req.uri().path().to_owned();
    // Only an error without a context of its own, such as an unknown address, needs these.
    let spare = Asked::of(&req);
    let mut response = next.run(req).await;
    let status = response.status();
    let failure = response.extensions_mut().remove::<Failure>();
    let ctx = response.extensions_mut().remove::<Ctx>();
    let bare = failure.is_none() && status.is_client_error() && response.headers().get(header::CONTENT_TYPE).is_none();
    if failure.is_none() && !bare && !refused_by_csrf(&response) {
        return pack(response, &asked).await;
    }
    let error = failure.map(|failure| failure.0).unwrap_or_else(|| Arc::new(from_status(status)));
    let ctx = match ctx {
        Some(ctx) => ctx,
        None => match guard::context(&shared, spare).await {
            Ok(ctx) => ctx,
            Err(_) => return response,
        },
    };
    if let Error::Broken(cause) = error.as_ref() {
        tracing::error!(reference = request_id, path, error = format!("{cause:#}"), "broken");
    }
    let mut dressed = if api { json::problem(&ctx, &error, &request_id) } else { page::error_page(&ctx, &error, &request_id) };
    if let Some(wait) = response.headers().get(header::RETRY_AFTER) {
        dressed.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    crate::headers::secure(dressed.headers_mut(), &ctx.nonce, ctx.kit.config.is_https());
    dressed.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    pack(dressed, &asked).await
}

fn refused_by_csrf(response: &Response) -> bool {
    response.extensions().get::<tower_http::csrf::ProtectionError>().is_some()
}

fn from_status(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Error::Missing,
        StatusCode::FORBIDDEN => Error::Forbidden,
        StatusCode::UNAUTHORIZED => Error::Login,
        StatusCode::PAYLOAD_TOO_LARGE => {
            let mut errors = crate::Errors::default();
            errors.add("", "form-too-large");
            Error::Invalid(errors)
        }
        _ => {
            let mut errors = crate::Errors::default();
            errors.add("", "form-unreadable");
            Error::Invalid(errors)
        }
    }
}

/// Packs text made on the spot; what is packed already, or small, goes as it is.
async fn pack(response: Response, asked: &axum::http::HeaderMap) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let text = kind.starts_with("text/") || kind.contains("json") || kind.contains("xml");
    let packed = response.headers().contains_key(header::CONTENT_ENCODING);
    if !text || packed || Encoding::accepted(asked) == Encoding::Plain || response.status() == StatusCode::NOT_MODIFIED {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = match axum::body::to_bytes(body, 64 * 1024 * 1024).await {
        Ok(body) => body,
        Err(error) => return Error::Broken(error.into()).into_response(),
    };
    if body.len() < 900 {
        return Response::from_parts(parts, body.into());
    }
    let packed = compress::gzip(&body, 1);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    Response::from_parts(parts, packed.into())
}

/// Names the request, times it, logs it without its body.
async fn watch(State(shared): State<Arc<Shared>>, mut req: Request, next: Next) -> Response {
    let id = shared.kit.ids.short();
    req.extensions_mut().insert(RequestId(id.clone()));
    let method = req.method().clone();
    let path = req.uri().path().to_owned();
    let started = std::time::Instant::now();
    let mut response = next.run(req).await;
    let elapsed = started.elapsed();
    let status = response.status();
    metrics::counter!("simpul_requests_total", "status" => status.as_u16().to_string()).increment(1);
    metrics::histogram!("simpul_request_seconds").record(elapsed.as_secs_f64());
    tracing::debug!(target: "simpul::request", id, %method, path, status = status.as_u16(), millis = elapsed.as_millis() as u64, "request");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("unknown"), "a handler panicked");
    Error::Broken(anyhow::anyhow!("a handler panicked")).into_response()
}
