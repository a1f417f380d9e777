//! Atom and JSON feeds from the same items.
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::{Ctx, dates};

/// One entry. Addresses are absolute.
pub struct Item {
    pub id: String,
    pub url: String,
    pub title: String,
    pub summary: String,
    /// Sanitised HTML.
    pub html: String,
    pub author: String,
    pub published: i64,
    pub updated: i64,
    pub lang: String,
    pub picture: Option<String>,
    pub tags: Vec<String>,
}

/// A feed. `path` is the feed's own, without its ending; `query` is empty or begins with `?`.
pub struct Feed {
    pub title: String,
    pub home: String,
    pub path: String,
    pub query: String,
    pub items: Vec<Item>,
}

/// Escapes text for XML and HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML 1.0 has no place for other control characters.
            c if c.is_control() && !matches!(c, '\n' | '\t' | '\r') => {}
            c => out.push(c),
        }
    }
    out
}

impl Feed {
    /// Atom 1.0 (RFC 4287).
    pub fn atom(&self, ctx: &Ctx) -> Response {
        let own = escape(&ctx.absolute(&format!("{}.atom{}", self.path, self.query)));
        let updated = self.items.iter().map(|item| item.updated).max().unwrap_or(0);
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
             <title>{}</title>\n<id>{own}</id>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<updated>{}</updated>\n<generator>Simpul</generator>\n",
            ctx.lang.code(),
            escape(&self.title),
            escape(&ctx.absolute(&self.home)),
            dates::iso(updated, "62"),
        );
        for item in &self.items {
            xml.push_str(&format!(
                "<entry xml:lang=\"{}\">\n<id>{}</id>\n<title>{}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n\
                 <published>{}</published>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
                 <summary>{}</summary>\n<content type=\"html\">{}</content>\n",
                escape(&item.lang),
                escape(&item.id),
                escape(&item.title),
                escape(&item.url),
                dates::iso(item.published, "62"),
                dates::iso(item.updated, "62"),
                escape(&item.author),
                escape(&item.summary),
                escape(&item.html),
            ));
            for tag in &item.tags {
                xml.push_str(&format!("<category term=\"{}\"/>\n", escape(tag)));
            }
            xml.push_str("</entry>\n");
        }
        xml.push_str("</feed>\n");
        document(xml, "application/atom+xml; charset=utf-8")
    }

    /// JSON Feed 1.1.
    pub fn json(&self, ctx: &Ctx) -> Response {
        let items: Vec<_> = self
            .items
            .iter()
            .map(|item| {
                json!({
                    "id": item.id, "url": item.url, "title": item.title, "summary": item.summary,
                    "content_html": item.html, "date_published": dates::iso(item.published, "62"),
                    "date_modified": dates::iso(item.updated, "62"), "authors": [{ "name": item.author }],
                    "language": item.lang, "image": item.picture, "tags": item.tags,
                })
            })
            .collect();
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1", "title": self.title,
            "home_page_url": ctx.absolute(&self.home), "feed_url": ctx.absolute(&format!("{}.json{}", self.path, self.query)),
            "language": ctx.lang.code(), "items": items,
        });
        document(feed.to_string(), "application/feed+json; charset=utf-8")
    }
}

/// A public text document of a given kind.
pub fn document(text: String, kind: &'static str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    response
}
