//! The page cache: answers to anonymous readers, packed beforehand, kept until an event makes one of
//! their tags stale.
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
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
    /// Value of the counter when the page was last known to be fresh; first, when rendering began.
    fresh: AtomicU64,
    tags: Vec<String>,
    etag: HeaderValue,
    /// The answer in each encoding: headers and body.
    plain: (HeaderMap, Bytes),
    gzip: (HeaderMap, Bytes),
    brotli: (HeaderMap, Bytes),
}

/// What is kept for an address.
#[derive(Clone)]
enum Kept {
    Page(Arc<Entry>),
    /// The page differs by the visitor's region: each is kept under [`Key::regional`].
    Regional,
}

/// What an anonymous answer depends on.
pub(crate) struct Key {
    /// Language and address.
    address: String,
    region: String,
}

impl Key {
    /// None for an address that is not kept: a long query is nobody's habit, and it must not push good
    /// pages out.
    pub(crate) fn new(lang: &str, uri: &str, region: Option<&str>) -> Option<Key> {
        (uri.len() <= 300).then(|| Key { address: format!("{lang} {uri}"), region: region.unwrap_or_default().to_owned() })
    }

    fn regional(&self) -> String {
        format!("{} {}", self.address, self.region)
    }
}

/// The cache of one process. Cheap to clone.
#[derive(Clone)]
pub struct Pages {
    kept: Cache<String, Kept>,
    /// Counts invalidations; a tag remembers the count of its last one.
    now: Arc<AtomicU64>,
    stale: Arc<Mutex<HashMap<String, u64>>>,
}

impl Pages {
    /// A cache of at most so many megabytes.
    pub fn new(megabytes: u64) -> Pages {
        let kept = Cache::builder()
            .max_capacity(megabytes * 1024 * 1024)
            .weigher(|key: &String, kept: &Kept| u32::try_from(key.len() + kept.weight()).unwrap_or(u32::MAX))
            .time_to_live(LIFE)
            .build();
        Pages { kept, now: Arc::default(), stale: Arc::default() }
    }

    /// Makes every page with one of the tags stale.
    pub fn invalidate(&self, tags: &[String]) {
        let mut stale = self.stale.lock().unwrap_or_else(PoisonError::into_inner);
        // Counted under the lock, so that nobody takes a page for fresh at this count before its tags are in.
        let count = self.now.fetch_add(1, Ordering::SeqCst) + 1;
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
    pub(crate) async fn find(&self, key: &Key, asked: &HeaderMap) -> Option<Response> {
        let entry = match self.kept.get(&key.address).await? {
            Kept::Page(entry) => entry,
            Kept::Regional => match self.kept.get(&key.regional()).await? {
                Kept::Page(entry) => entry,
                Kept::Regional => return None,
            },
        };
        // Rendering replaces a stale page; until then it lies unused.
        self.is_fresh(&entry).then(|| entry.answer(asked))
    }

    fn is_fresh(&self, entry: &Entry) -> bool {
        let now = self.moment();
        let known = entry.fresh.load(Ordering::Acquire);
        if known == now {
            return true;
        }
        let stale = self.stale.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = entry.tags.iter().all(|tag| stale.get(tag).is_none_or(|count| *count <= known));
        if fresh {
            entry.fresh.store(now, Ordering::Release);
        }
        fresh
    }

    /// Keeps an answer under a key, for all regions or that of the key, and answers with it.
    pub(crate) async fn keep(&self, key: Key, by_region: bool, page: Rendered, asked: &HeaderMap) -> Response {
        let etag = etag(&page.body);
        let packed = |encoding: Encoding, body: Bytes| (headers(&page.headers, &etag, encoding), body);
        let entry = Arc::new(Entry {
            fresh: AtomicU64::new(page.started),
            tags: page.tags.0,
            gzip: packed(Encoding::Gzip, compress::gzip(&page.body, 6)),
            brotli: packed(Encoding::Brotli, compress::brotli(&page.body)),
            plain: packed(Encoding::Plain, page.body),
            etag,
        });
        if by_region {
            self.kept.insert(key.regional(), Kept::Page(entry.clone())).await;
            self.kept.insert(key.address, Kept::Regional).await;
        } else {
            self.kept.insert(key.address, Kept::Page(entry.clone())).await;
        }
        entry.answer(asked)
    }
}

/// A page just rendered.
pub(crate) struct Rendered {
    /// [`Pages::moment`] before rendering began.
    pub started: u64,
    pub tags: Tags,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// The headers of a kept answer in one encoding.
fn headers(own: &HeaderMap, etag: &HeaderValue, encoding: Encoding) -> HeaderMap {
    let mut headers = own.clone();
    if let Some(name) = encoding.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    headers.insert(header::ETAG, etag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
    headers.insert(HeaderName::from_static("x-cache"), HeaderValue::from_static("hit"));
    headers
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

/// 304 in place of an answer that the caller has already, by the tag that its handler gave it.
pub(crate) fn unless_known(response: Response, asked: &HeaderMap) -> Response {
    let known =
        response.status() == StatusCode::OK && response.headers().get(header::ETAG).is_some_and(|etag| has_it(asked, etag));
    if !known {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, axum::body::Body::empty())
}

impl Kept {
    /// Bytes it takes, about.
    fn weight(&self) -> usize {
        match self {
            Kept::Page(entry) => [&entry.plain, &entry.gzip, &entry.brotli].iter().map(|(_, body)| body.len() + 1500).sum(),
            Kept::Regional => 100,
        }
    }
}

impl Entry {
    fn answer(&self, asked: &HeaderMap) -> Response {
        let (headers, body) = match Encoding::accepted(asked) {
            Encoding::Brotli => &self.brotli,
            Encoding::Gzip => &self.gzip,
            Encoding::Plain => &self.plain,
        };
        let mut response = Response::new(axum::body::Body::empty());
        *response.headers_mut() = headers.clone();
        if has_it(asked, &self.etag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(header::CONTENT_ENCODING);
        } else {
            *response.body_mut() = body.clone().into();
        }
        response
    }
}
