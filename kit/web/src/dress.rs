//! What surrounds every answer: a name and a log line, a page for each failure, packing.
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::app::Shared;
use crate::compress::{self, Encoding};
use crate::error::Failure;
use crate::guard::{self, Asked, RequestId};
use crate::{Ctx, Error, json, page};

/// A failure becomes a page, or a problem document under `/api`; it is logged once.
pub(crate) async fn dress(State(shared): State<Arc<Shared>>, req: Request, next: Next) -> Response {
    let api = req.uri().path().starts_with("/api/");
    let request_id = req.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let asked = req.headers().clone();
    let path = discreet(req.uri().path());
    let method = req.method().clone();
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
        // What kept a request from being answered in time must not keep its error page from being so.
        None => match tokio::time::timeout(Duration::from_secs(5), guard::context(&shared, spare)).await {
            Ok(Ok(ctx)) => ctx,
            _ => return response,
        },
    };
    if error.is_denial() {
        ctx.refused(&method).await;
    }
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
        StatusCode::NOT_FOUND => Error::Missing,
        StatusCode::METHOD_NOT_ALLOWED => Error::Method,
        StatusCode::REQUEST_TIMEOUT => Error::Slow,
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
async fn pack(response: Response, asked: &HeaderMap) -> Response {
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

/// Names the request, times it, logs it without its body and query. What the page cache answers is only
/// counted.
pub(crate) async fn watch(State(shared): State<Arc<Shared>>, req: Request, next: Next) -> Response {
    let (parts, body) = req.into_parts();
    if let Some(kept) = guard::kept(&shared, &parts.method, &parts.uri, &parts.headers).await {
        metrics::counter!("simpul_requests_total", "status" => "kept").increment(1);
        return kept;
    }
    let mut req = Request::from_parts(parts, body);
    let id = shared.kit.ids.short();
    req.extensions_mut().insert(RequestId(id.clone()));
    let method = req.method().clone();
    let path = discreet(req.uri().path());
    // Every line of a request carries its name, however little the filter lets through.
    let span = tracing::error_span!("request", %id);
    let started = std::time::Instant::now();
    let mut response = match moved(&shared.kit.config.moved_to, req.uri()) {
        Some(gone) => gone,
        None => next.run(req).instrument(span.clone()).await,
    };
    let elapsed = started.elapsed();
    let status = response.status();
    metrics::counter!("simpul_requests_total", "status" => status.as_u16().to_string()).increment(1);
    metrics::histogram!("simpul_request_seconds").record(elapsed.as_secs_f64());
    let (code, millis) = (status.as_u16(), elapsed.as_millis() as u64);
    span.in_scope(|| {
        if is_quiet(&path) && code < 400 {
            tracing::debug!(target: "simpul::request", %method, path, status = code, millis, "request");
        } else {
            tracing::info!(target: "simpul::request", %method, path, status = code, millis, "request");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Files and probes would fill the log.
fn is_quiet(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz") || path.starts_with("/aset/") || path.starts_with("/media/")
}

/// A path for the log: a secret that someone was sent as a link is left out.
pub(crate) fn discreet(path: &str) -> String {
    let secret = |part: &str| part.len() == 32 && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    path.split('/').map(|part| if secret(part) { "…" } else { part }).collect::<Vec<_>>().join("/")
}

/// After a move every address leads to the same one at the new place; the probes answer for this one.
fn moved(to: &str, asked: &axum::http::Uri) -> Option<Response> {
    if to.is_empty() || matches!(asked.path(), "/healthz" | "/readyz") {
        return None;
    }
    let place = format!("{to}{}", asked.path_and_query().map_or("/", |path| path.as_str()));
    let place = HeaderValue::from_str(&place).ok()?;
    Some((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response())
}

pub(crate) fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("unknown"), "a handler panicked");
    Error::Broken(anyhow::anyhow!("a handler panicked")).into_response()
}

#[cfg(test)]
mod tests {
    use super::discreet;

    #[test]
    fn a_secret_of_a_link_stays_out_of_the_log() {
        assert_eq!(discreet("/gabung/abcdefghijkmnpqrstuvwxyz23456789"), "/gabung/…");
        assert_eq!(discreet("/kim/riak-seberang"), "/kim/riak-seberang");
    }
}
