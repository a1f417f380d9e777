//! Serves public pictures. Names are unguessable and their content never changes.
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Kit;

use crate::cache::has_it;

/// The same for all: a name never gets other content.
const ETAG: &str = "\"1\"";

/// Only the two kinds that `base::pictures` writes are ever served, and never as a page.
pub(crate) async fn serve(kit: Kit, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let kind = match name.rsplit_once('.') {
        Some((_, "webp")) => "image/webp",
        Some((_, "jpg")) => "image/jpeg",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    if !plain || name.contains("..") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let saving = headers.get("save-data").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"on"));
    let name = if saving { smallest(&name) } else { name };
    match kit.blobs.get(&base::pictures::key(&name)).await {
        Ok(bytes) => {
            let etag = HeaderValue::from_static(ETAG);
            let known = has_it(&headers, &etag);
            let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { bytes.into_response() };
            let own = response.headers_mut();
            own.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            own.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
            own.insert(header::ETAG, etag);
            own.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            own.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
            own.insert(header::VARY, HeaderValue::from_static("save-data"));
            // WhatsApp and other sites show share pictures.
            own.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
            response
        }
        Err(base::Error::Missing) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, name, "reading a picture");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The name of a picture's smallest size: what a reader gets who asks to save data.
fn smallest(name: &str) -> String {
    let Some((stem, end)) = name.rsplit_once('.') else { return name.to_owned() };
    let least = base::pictures::WIDTHS.into_iter().min().unwrap_or(320);
    match stem.rsplit_once('-') {
        Some((picture, width)) if width.parse::<u32>().is_ok_and(|width| width > least) => format!("{picture}-{least}.{end}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_size_of_a_picture() {
        assert_eq!(smallest("ab12-1600.webp"), "ab12-320.webp");
        assert_eq!(smallest("ab12-320.jpg"), "ab12-320.jpg");
        assert_eq!(smallest("ab12.jpg"), "ab12.jpg");
    }
}
