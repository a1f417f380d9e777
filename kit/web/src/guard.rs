//! What stands before every handler: who is asking, may they, and is there a kept answer.
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use sha2::{Digest, Sha256};

use crate::app::{Guarded, Shared};
use crate::cache::{self, Key, Rendered, Tags};
use crate::ctx::{self, Credential, Ctx, Who};
use crate::domains::bare;
use crate::dress::discreet;
use crate::slice::Access;
use crate::{Error, Result};

/// The guard of one route.
pub(crate) async fn stand(State(guarded): State<Arc<Guarded>>, mut req: Request, next: Next) -> Response {
    let mut ctx = match context(&guarded.shared, Asked::of(&req)).await {
        Ok(ctx) => ctx,
        Err(error) => return error.into_response(),
    };
    ctx.route = guarded.route;
    // To a public page a token is a stranger: it shows nothing that its owner alone may see.
    if guarded.access == Access::Public && guarded.scope.is_none() && ctx.who.as_ref().is_some_and(|who| who.scopes.is_some()) {
        ctx.who = None;
    }
    if guarded.shuts_out(&ctx, req.method()) {
        if *req.method() != Method::GET {
            ctx.refused(req.method()).await;
        }
        return to_joining(&ctx);
    }
    if let Err(error) = allow(&guarded, &ctx) {
        return refuse(&ctx, error, &req);
    }
    let key = cache_key(&guarded, &ctx, &req);
    let asked = req.headers().clone();
    let reading = matches!(*req.method(), Method::GET | Method::HEAD);
    let moment = guarded.shared.pages.moment();
    req.extensions_mut().insert(ctx.clone());
    let mut response = next.run(req).await;
    let tags = response.extensions_mut().remove::<Tags>();
    if let (Some(key), Some(tags), true) = (key, tags, response.status().is_success()) {
        metrics::counter!("simpul_page_cache_total", "outcome" => "miss").increment(1);
        let (mut parts, body) = response.into_parts();
        crate::headers::secure(&mut parts.headers, &ctx.nonce, ctx.kit.config.is_https());
        parts.headers.remove(header::CONTENT_LENGTH);
        return match axum::body::to_bytes(body, 16 * 1024 * 1024).await {
            Ok(body) => {
                let page = Rendered { started: moment, tags, headers: parts.headers, body };
                guarded.shared.pages.keep(key, guarded.by_region, page, &asked).await
            }
            Err(error) => Error::Broken(error.into()).into_response(),
        };
    }
    if reading {
        response = cache::unless_known(response, &asked);
    }
    crate::headers::secure(response.headers_mut(), &ctx.nonce, ctx.kit.config.is_https());
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    // The outer layer dresses errors and needs the context for it.
    response.extensions_mut().insert(ctx);
    response
}

impl Guarded {
    /// Whether the person has to finish joining before this opens. Reading what is public stays open.
    fn shuts_out(&self, ctx: &Ctx, method: &Method) -> bool {
        let reading = matches!(*method, Method::GET | Method::HEAD);
        let open = self.joining || (self.access == Access::Public && reading);
        !open && ctx.who.as_ref().is_some_and(|who| who.joining)
    }
}

/// Where someone who has not finished joining is led.
const JOIN: &str = "/gabung";

/// Where someone goes after logging in when nothing better is known.
const DESK: &str = "/meja";

fn to_joining(ctx: &Ctx) -> Response {
    tracing::info!(target: "simpul::denied", path = discreet(&ctx.path), account = ctx.account_id(), "still joining");
    let mut response = if ctx.path.starts_with("/api/") { Error::Forbidden.into_response() } else { ctx::see_other(JOIN) };
    response.extensions_mut().insert(ctx.clone());
    response
}

fn allow(guarded: &Guarded, ctx: &Ctx) -> Result<()> {
    // A token opens only what is public and what names one of its scopes, never a page of its owner.
    if let Some(scopes) = ctx.who.as_ref().and_then(|who| who.scopes.as_ref()) {
        let named = guarded.scope.is_some_and(|scope| scopes.iter().any(|held| held == scope));
        if !named && guarded.access != Access::Public {
            return Err(Error::Forbidden);
        }
    }
    match guarded.access {
        Access::Public => Ok(()),
        Access::Account => ctx.actor().map(drop),
        Access::Roles(roles) => match ctx.actor()?.grant_of(roles) {
            Some(grant) => {
                ctx.trace.used(grant);
                Ok(())
            }
            None => Err(Error::Forbidden),
        },
    }
}

/// A stranger in a browser is sent to the login page and comes back afterwards.
fn refuse(ctx: &Ctx, error: Error, req: &Request) -> Response {
    let browser = !ctx.path.starts_with("/api/");
    let mut response = if matches!(error, Error::Login) && browser {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("lalu", &page_of(ctx, req));
        ctx::see_other(&format!("/masuk?{}", query.finish()))
    } else {
        tracing::info!(target: "simpul::denied", path = discreet(&ctx.path), account = ctx.account_id(), "refused");
        error.into_response()
    };
    response.extensions_mut().insert(ctx.clone());
    response
}

/// The page to come back to: the one asked for. The address of a form may have no page, so there it is
/// the one that the form stood on, or the desk.
fn page_of(ctx: &Ctx, req: &Request) -> String {
    if matches!(*req.method(), Method::GET | Method::HEAD) {
        return ctx::local(&ctx.uri).to_owned();
    }
    let named = req.headers().get(header::HOST).and_then(|host| host.to_str().ok()).or(req.uri().host());
    let from = req.headers().get(header::REFERER).and_then(|from| from.to_str().ok());
    named.zip(from).and_then(|(host, from)| own_path(host, from)).unwrap_or_else(|| DESK.to_owned())
}

/// The path and query of an address if it is one of this host and safe to go to.
fn own_path(host: &str, address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let own = bare(url.host_str()?) == bare(host) && ctx::local(path) == path;
    own.then(|| path.to_owned())
}

/// Under which key the answer may be kept: only what everyone may see, and that the visitor sees as anyone.
fn cache_key(guarded: &Guarded, ctx: &Ctx, req: &Request) -> Option<Key> {
    let public = guarded.cached && guarded.access == Access::Public;
    let reading = public && ctx.is_anonymous() && req.method() == Method::GET;
    if reading { Key::new(ctx.lang.code(), &ctx.uri, ctx.region.as_deref()) } else { None }
}

/// The kept answer to someone of whom nothing is known, before anything else is done for them.
pub(crate) async fn kept(shared: &Shared, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let reading = matches!(*method, Method::GET | Method::HEAD) && !headers.contains_key(header::AUTHORIZATION);
    if !reading {
        return None;
    }
    let jar = CookieJar::from_headers(headers);
    if jar.get(ctx::SESSION_COOKIE).is_some() || jar.get(ctx::FLASH_COOKIE).is_some() {
        return None;
    }
    let uri = uri.path_and_query()?.as_str();
    let region = ctx::read_region(&jar, &shared.kit.config.region);
    let key = Key::new(ctx::read_lang(&jar, headers).code(), uri, region.as_deref())?;
    let kept = shared.pages.find(&key, headers).await?;
    metrics::counter!("simpul_page_cache_total", "outcome" => "hit").increment(1);
    Some(kept)
}

/// What of a request the context is built from.
pub(crate) struct Asked {
    headers: HeaderMap,
    uri: Uri,
    peer: Option<SocketAddr>,
    id: String,
}

impl Asked {
    pub(crate) fn of(req: &Request) -> Asked {
        let extensions = req.extensions();
        Asked {
            headers: req.headers().clone(),
            uri: req.uri().clone(),
            peer: extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0),
            id: extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
        }
    }
}

/// Builds the context of a request.
pub(crate) async fn context(shared: &Arc<Shared>, asked: Asked) -> Result<Ctx> {
    let headers = &asked.headers;
    let jar = CookieJar::from_headers(headers);
    let who = match credential(headers, &jar) {
        Some(credential) => shared.identify(credential).await?,
        None => None,
    };
    if let Some((seen, id)) = who.as_ref().and_then(|who| who.seen.zip(who.session_id)) {
        tokio::spawn(seen(shared.kit.clone(), id));
    }
    let nonce: [u8; 12] = shared.kit.ids.bytes();
    Ok(Ctx {
        kit: shared.kit.clone(),
        shared: shared.clone(),
        lang: ctx::read_lang(&jar, headers),
        who,
        path: asked.uri.path().to_owned(),
        uri: asked.uri.path_and_query().map_or("/", |pq| pq.as_str()).to_owned(),
        flash: ctx::read_flash(&jar),
        region: ctx::read_region(&jar, &shared.kit.config.region),
        client: client(headers, asked.peer, shared.kit.config.proxies),
        request_id: asked.id,
        nonce: hex::encode(nonce),
        route: "",
        trace: Arc::default(),
    })
}

/// The name of a request in logs and on error pages.
#[derive(Clone)]
pub(crate) struct RequestId(pub String);

fn credential(headers: &HeaderMap, jar: &CookieJar) -> Option<Credential> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    match bearer {
        Some(token) => Some(Credential::Token(hash(token.trim()))),
        None => jar.get(ctx::SESSION_COOKIE).map(|cookie| Credential::Session(hash(cookie.value()))),
    }
}

/// How secrets of 160 random bits are kept: their SHA-256 in hexadecimal.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

impl Shared {
    async fn identify(&self, credential: Credential) -> Result<Option<Who>> {
        let mut conn = self.kit.db.read().await?;
        Ok((self.identify)(&self.kit, &mut conn, credential).await?)
    }
}

/// The caller's address: counted from the right past the operator's own proxies, never what the
/// caller claims. IPv6 is cut to the /64 that one household gets.
fn client(headers: &HeaderMap, peer: Option<SocketAddr>, proxies: usize) -> String {
    let direct = peer.map(|peer| peer.ip());
    let forwarded = || {
        let all: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
        all.len().checked_sub(proxies).and_then(|index| all.get(index)?.trim().parse::<IpAddr>().ok())
    };
    let ip = if proxies == 0 { direct } else { forwarded().or(direct) };
    match ip {
        Some(IpAddr::V6(ip)) => match ip.to_ipv4_mapped() {
            Some(ip) => ip.to_string(),
            None => ip.segments()[..4].iter().map(|s| format!("{s:x}")).collect::<Vec<_>>().join(":"),
        },
        Some(ip) => ip.to_string(),
        None => "unknown".into(),
    }
}
