//! Hosts of their own: each shows one page of the product at `/` and sends everything else to the
//! main site. Where such hosts are set, a host that is neither is refused.
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::{Parts, PathAndQuery};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What the hosts show.
#[derive(Debug)]
pub(crate) struct Domains {
    /// Host name to the path of its page.
    pub pages: BTreeMap<String, String>,
    pub base_url: String,
}

/// Where a request goes.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    /// As it came.
    On,
    /// To this path instead.
    To(String),
    /// To the main site.
    Away(String),
    /// Nowhere: the host is not ours, or the call makes no sense on it.
    Refused(StatusCode),
}

impl Domains {
    fn way(&self, host: &str, method: &Method, path: &str, path_and_query: &str) -> Way {
        let host = bare(host);
        let Some(page) = self.pages.get(&host) else {
            let own = self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, rest)| rest);
            let health = matches!(path, "/healthz" | "/readyz");
            let local = host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
            let known = host == bare(own) || local || health;
            return if known { Way::On } else { Way::Refused(StatusCode::MISDIRECTED_REQUEST) };
        };
        let reading = matches!(*method, Method::GET | Method::HEAD);
        match path {
            "/" if reading => Way::To(page.clone()),
            // The page needs its style and pictures from its own host.
            _ if path.starts_with("/aset/") || path.starts_with("/media/") || path == "/healthz" => Way::On,
            _ if reading => Way::Away(format!("{}{path_and_query}", self.base_url)),
            _ => Way::Refused(StatusCode::METHOD_NOT_ALLOWED),
        }
    }
}

/// A host without its port, in small letters.
pub(crate) fn bare(host: &str) -> String {
    let host = host.split('/').next().unwrap_or_default();
    let without = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    without.trim_end_matches('.').to_ascii_lowercase()
}

/// Sends each request its way.
pub(crate) async fn sort(State(domains): State<Arc<Domains>>, mut req: Request, next: Next) -> Response {
    let named = req.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let host = named.or(req.uri().host()).unwrap_or_default().to_owned();
    let path_and_query = req.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    match domains.way(&host, req.method(), req.uri().path(), path_and_query) {
        Way::On => next.run(req).await,
        Way::To(page) => {
            let mut parts = Parts::default();
            parts.path_and_query = page.parse().ok();
            match Uri::from_parts(parts) {
                Ok(uri) => *req.uri_mut() = uri,
                Err(_) => return StatusCode::NOT_FOUND.into_response(),
            }
            next.run(req).await
        }
        Way::Away(to) => match HeaderValue::from_str(&to) {
            Ok(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        },
        // Only reading makes sense there.
        Way::Refused(StatusCode::METHOD_NOT_ALLOWED) => {
            (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, HeaderValue::from_static("GET,HEAD"))]).into_response()
        }
        Way::Refused(status) => status.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_of_its_own_shows_one_page_and_leads_away() {
        let pages = BTreeMap::from([("riak.example.id".to_owned(), "/kim/riak".to_owned())]);
        let domains = Domains { pages, base_url: "https://kim.example.id".into() };
        let way = |host: &str, path: &str| domains.way(host, &Method::GET, path, path);
        assert_eq!(way("riak.example.id", "/"), Way::To("/kim/riak".into()));
        assert_eq!(way("RIAK.example.id:8443", "/"), Way::To("/kim/riak".into()));
        assert_eq!(way("riak.example.id", "/kabar/x?a=1"), Way::Away("https://kim.example.id/kabar/x?a=1".into()));
        assert_eq!(way("riak.example.id", "//evil.example"), Way::Away("https://kim.example.id//evil.example".into()));
        assert_eq!(way("riak.example.id", "/aset/app.css"), Way::On);
        assert_eq!(domains.way("riak.example.id", &Method::POST, "/", "/"), Way::Refused(StatusCode::METHOD_NOT_ALLOWED));
        for own in ["kim.example.id", "kim.example.id:443", "localhost:8080", "127.0.0.1", "[::1]:8080"] {
            assert_eq!(way(own, "/"), Way::On, "{own}");
        }
        for foreign in ["", "evil.example", "riak.example.id.evil.example"] {
            assert_eq!(way(foreign, "/"), Way::Refused(StatusCode::MISDIRECTED_REQUEST), "{foreign}");
            assert_eq!(way(foreign, "/readyz"), Way::On);
        }
    }
}
