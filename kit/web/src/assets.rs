//! The browser side, built by `web/build.mjs` and embedded: hashed names, compressed beforehand,
//! cached by browsers for a year.
use std::collections::HashMap;
use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rust_embed::RustEmbed;

use crate::compress::Encoding;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
struct Dist;

/// Where assets live.
pub const PREFIX: &str = "/aset/";

/// The address of an asset by its plain name, such as `app.css`.
pub fn address(name: &str) -> String {
    let hashed = manifest().get(name).map_or(name, String::as_str);
    format!("{PREFIX}{hashed}")
}

/// A small SVG asset as a `data:` address; its plain address when it was not built.
pub fn inline(name: &str) -> String {
    let hashed = manifest().get(name).map_or(name, String::as_str);
    match Dist::get(hashed) {
        Some(file) => format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(&file.data)),
        None => address(name),
    }
}

fn manifest() -> &'static HashMap<String, String> {
    static MANIFEST: OnceLock<HashMap<String, String>> = OnceLock::new();
    MANIFEST.get_or_init(|| {
        let file = Dist::get("manifest.json");
        file.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
    })
}

/// Whether the browser side was built before the server.
pub fn are_built() -> bool {
    !manifest().is_empty()
}

/// Serves one asset.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let accepted = Encoding::accepted(&headers);
    let compressed = [(Encoding::Brotli, "br"), (Encoding::Gzip, "gz")].into_iter().find_map(|(encoding, end)| {
        let usable = accepted == encoding || accepted == Encoding::Brotli;
        usable.then(|| Dist::get(&format!("{name}.{end}")).map(|file| (file, end))).flatten()
    });
    let hidden = name.ends_with(".br") || name.ends_with(".gz") || name == "manifest.json" || name.starts_with('.');
    let plain = (!hidden).then(|| Dist::get(&name)).flatten();
    let Some(plain) = plain else { return StatusCode::NOT_FOUND.into_response() };
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let (data, encoding) = match compressed {
        Some((file, end)) => (file.data, Some(if end == "gz" { "gzip" } else { "br" })),
        None => (plain.data, None),
    };
    let mut response = data.into_owned().into_response();
    let own = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(kind.as_ref()) {
        own.insert(header::CONTENT_TYPE, kind);
    }
    let hashed = manifest().values().any(|value| *value == name);
    let keep = if hashed { "public, max-age=31536000, immutable" } else { "public, max-age=86400" };
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    own.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        own.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}
