//! The page cache: answers to anonymous readers, packed beforehand, kept until an event makes one of
//! their tags stale.
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use moka::future::Cache;
use sha2::{Digest, Sha256};

use crate::compress::{self, Encoding};

/// Put on an answer to let the cache keep it.
#[derive(Clone, Debug)]
pub struct Tags(pub Vec<String>);

/// Words like "2 hours ago" go stale without an event.
const LIFE: Duration = Duration::from_secs(600);

struct Entry {
    /// Value of the counter when rendering began.
    started: u64,
    tags: Vec<String>,
    headers: HeaderMap,
    etag: HeaderValue,
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
}

/// The cache of one process. Cheap to clone.
#[derive(Clone)]
pub struct Pages {
    kept: Cache<String, Arc<Entry>>,
    /// Counts invalidations; a tag remembers the count of its last one.
    now: Arc<AtomicU64>,
    stale: Arc<Mutex<HashMap<String, u64>>>,
}

impl Pages {
    /// A cache of at most so many megabytes.
    pub fn new(megabytes: u64) -> Pages {
        let kept = Cache::builder()
            .max_capacity(megabytes * 1024 * 1024)
            .weigher(|key: &String, entry: &Arc<Entry>| {
                let bytes = entry.plain.len() + entry.gzip.len() + entry.brotli.len() + key.len() + 500;
                u32::try_from(bytes).unwrap_or(u32::MAX)
            })
            .time_to_live(LIFE)
            .build();
        Pages { kept, now: Arc::default(), stale: Arc::default() }
    }

    /// Makes every page with one of the tags stale.
    pub fn invalidate(&self, tags: &[String]) {
        let count = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        let mut stale = self.stale.lock().unwrap_or_else(PoisonError::into_inner);
        if stale.len() > 100_000 {
            // Too many to remember: forget all pages instead.
            self.kept.invalidate_all();
            stale.clear();
        }
        for tag in tags {
            stale.insert(tag.clone(), count);
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.kept.invalidate_all();
    }

    /// To be read before rendering starts.
    pub fn moment(&self) -> u64 {
        self.now.load(Ordering::SeqCst)
    }

    /// The kept answer for a key, in the caller's encoding, or 304.
    pub async fn find(&self, key: &str, asked: &HeaderMap) -> Option<Response> {
        let entry = self.kept.get(key).await?;
        let fresh = {
            let stale = self.stale.lock().unwrap_or_else(PoisonError::into_inner);
            entry.tags.iter().all(|tag| stale.get(tag).is_none_or(|count| *count <= entry.started))
        };
        if !fresh {
            self.kept.invalidate(key).await;
            return None;
        }
        Some(entry.answer(asked))
    }

    /// Keeps an answer's body and headers and answers with it.
    pub async fn keep(
        &self,
        key: String,
        started: u64,
        tags: Tags,
        headers: HeaderMap,
        body: Bytes,
        asked: &HeaderMap,
    ) -> Response {
        let etag = etag(&body);
        let entry = Arc::new(Entry {
            started,
            tags: tags.0,
            headers,
            etag,
            gzip: compress::gzip(&body, 6),
            brotli: compress::brotli(&body),
            plain: body,
        });
        self.kept.insert(key, entry.clone()).await;
        entry.answer(asked)
    }
}

/// A weak tag: the same for every encoding of the same words.
pub fn etag(body: &[u8]) -> HeaderValue {
    let hash = hex::encode(&Sha256::digest(body)[..12]);
    HeaderValue::from_str(&format!("W/\"{hash}\"")).unwrap_or(HeaderValue::from_static("W/\"0\""))
}

/// Whether the caller already has this version.
pub fn has_it(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let Some(known) = asked.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()) else { return false };
    let ours = etag.to_str().unwrap_or_default().trim_start_matches("W/");
    known.split(',').any(|tag| tag.trim() == "*" || tag.trim().trim_start_matches("W/") == ours)
}

impl Entry {
    fn answer(&self, asked: &HeaderMap) -> Response {
        let encoding = Encoding::accepted(asked);
        let mut response = if has_it(asked, &self.etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let body = match encoding {
                Encoding::Brotli => self.brotli.clone(),
                Encoding::Gzip => self.gzip.clone(),
                Encoding::Plain => self.plain.clone(),
            };
            let mut response = body.into_response();
            if let Some(name) = encoding.name() {
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            }
            response
        };
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
        headers.insert(HeaderName::from_static("x-cache"), HeaderValue::from_static("hit"));
        response
    }
}
