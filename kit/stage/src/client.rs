//! A visitor: sends requests through the whole router, keeps cookies, fills the forms it was shown.
use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base::Kit;
use http_body_util::BodyExt;
use scraper::{Html, Selector};
use tower::ServiceExt;

/// A browser-like client. Cookies last as long as it does.
#[derive(Clone)]
pub struct Client {
    router: Router,
    kit: Kit,
    cookies: BTreeMap<String, String>,
    bearer: Option<String>,
    headers: Vec<(String, String)>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(router: Router, kit: Kit) -> Client {
        Client { router, kit, cookies: BTreeMap::new(), bearer: None, headers: Vec::new() }
    }

    /// Sends an API token with every request.
    pub fn bearer(mut self, token: &str) -> Client {
        self.bearer = Some(token.to_owned());
        self
    }

    /// Sends one more header with every request.
    pub fn header(mut self, name: &str, value: &str) -> Client {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.into(), value.into());
    }

    pub fn has_cookie(&self, name: &str) -> bool {
        self.cookies.contains_key(name)
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, None, Vec::new()).await
    }

    /// Sends a form with a fresh idempotency key.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let key = self.kit.ids.token();
        self.post_with_key(path, &key, fields).await
    }

    /// Sends a form with a given idempotency key.
    pub async fn post_with_key(&mut self, path: &str, key: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("_kunci", key)];
        all.extend_from_slice(fields);
        let body = all.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect::<Vec<_>>().join("&");
        self.send("POST", path, Some("application/x-www-form-urlencoded"), body.into_bytes()).await
    }

    /// Sends a form with files: (field, file name, bytes).
    pub async fn post_files(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let key = self.kit.ids.token();
        let mark = "potongan-uji-7f3a";
        let mut body = Vec::new();
        let mut all = vec![("_kunci", key.as_str())];
        all.extend_from_slice(fields);
        for (name, value) in all {
            body.extend(format!("--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (name, file, bytes) in files {
            body.extend(format!("--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{mark}--\r\n").bytes());
        self.send("POST", path, Some(&format!("multipart/form-data; boundary={mark}")), body).await
    }

    /// Sends JSON.
    pub async fn post_json(&mut self, path: &str, value: &serde_json::Value) -> Answer {
        self.send("POST", path, Some("application/json"), value.to_string().into_bytes()).await
    }

    pub async fn send(&mut self, method: &str, path: &str, kind: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !self.headers.iter().any(|(name, _)| name == "host") {
            request = request.header(header::HOST, "simpul.test");
        }
        if !self.cookies.is_empty() {
            let line = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ");
            request = request.header(header::COOKIE, line);
        }
        if let Some(token) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a cookie");
            let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').expect("a cookie pair");
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Follows a redirect that `answer` holds.
    pub async fn follow(&mut self, answer: Answer) -> Answer {
        let to = answer.location().to_owned();
        self.get(&to).await
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(b).to_string(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// Where a redirect leads; empty without one.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    /// The words of `<main>`, spaces folded.
    pub fn main(&self) -> String {
        let html = Html::parse_document(&self.text());
        let main = Selector::parse("main").expect("a selector");
        let text: String = html.select(&main).flat_map(|main| main.text()).collect::<Vec<_>>().join(" ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of an attribute of the first element a selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let html = Html::parse_document(&self.text());
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector).next()?.value().attr(name).map(str::to_owned)
    }

    /// How many elements a selector finds.
    pub fn count(&self, selector: &str) -> usize {
        let html = Html::parse_document(&self.text());
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector).count()
    }

    /// Fails unless the status is as expected, showing the page.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status.as_u16(), status, "{} → {}", self.location(), self.main());
        self
    }
}
