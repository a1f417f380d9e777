//! JSON answers of the API: objects, lists that page by `next`, and problem documents (RFC 9457).
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::form::Spoken;
use crate::{Ctx, Error, Result, cache};

/// One page of a list. `next` goes into the `after` (or `next`) parameter of the next call; null at the end.
#[derive(Serialize, utoipa::ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// Where a list goes on: `after`, or `next`, as the answer calls it.
pub fn cursor<'a>(after: &'a str, next: &'a str) -> &'a str {
    if after.is_empty() { next } else { after }
}

/// A switch of an address, off unless it is turned on; none for what is neither `true` nor `false`.
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "" | "false" => Some(false),
        _ => None,
    }
}

/// An answer in JSON.
pub fn answer<T: Serialize>(status: StatusCode, value: &T) -> Result<Response> {
    let text = serde_json::to_string(value)?;
    let mut response = (status, text.clone()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.extensions_mut().insert(Spoken(text));
    Ok(response)
}

/// 200 with JSON that anyone may read and keep, if they ask each time whether it is still so.
pub fn public<T: Serialize>(value: &T) -> Result<Response> {
    let mut response = answer(StatusCode::OK, value)?;
    let etag = response.extensions().get::<Spoken>().map(|spoken| cache::etag(spoken.0.as_bytes()));
    let headers = response.headers_mut();
    if let Some(etag) = etag {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}

/// The problem document of an error.
pub(crate) fn problem(ctx: &Ctx, error: &Error, reference: &str) -> Response {
    let status = error.status();
    let (title, detail) = crate::page::error_words(ctx, error);
    let mut document = json!({
        "type": "about:blank",
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
        "reference": reference,
    });
    if let Error::Invalid(errors) = error {
        let all = errors.all().iter().map(|p| {
            let values: Vec<(&str, &str)> = p.values.iter().map(|(n, v)| (*n, v.as_str())).collect();
            json!({ "field": p.field, "message": ctx.say_with(p.key, &values) })
        });
        document["errors"] = all.collect();
    }
    let mut response = (status, document.to_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Error::TooMany(seconds) = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}
