//! What search engines read: the map of all public pages, and what to leave alone.
use axum::extract::Path;
use axum::response::Response;
use web::cache::Tags;
use web::feed::{document, escape};
use web::{Ctx, Error, dates};

use super::mapped;

/// Articles with ids in a range of this length share a part.
pub const SPAN: i64 = 5_000;
/// Most groups or regions in their part; the format allows 50,000.
const MOST: i64 = 20_000;

const KIND: &str = "application/xml; charset=utf-8";

/// `GET /sitemap.xml`
pub async fn index(ctx: Ctx) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let last = mapped::newest_id(&mut conn).await?;
    let mut parts = vec!["kim".to_owned(), "wilayah".to_owned()];
    parts.extend((0..=last / SPAN).map(|n| n.to_string()));
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for part in parts {
        let url = ctx.absolute(&format!("/sitemap/{part}.xml"));
        xml.push_str(&format!("<sitemap><loc>{}</loc></sitemap>\n", escape(&url)));
    }
    xml.push_str("</sitemapindex>\n");
    Ok(tagged(document(xml, KIND)))
}

/// `GET /sitemap/{part}`: `kim.xml`, `wilayah.xml`, or the number of a range of articles
pub async fn part(ctx: Ctx, Path(name): Path<String>) -> web::Result<Response> {
    let name = name.strip_suffix(".xml").ok_or(Error::Missing)?;
    let mut conn = ctx.kit.db.read().await?;
    let pages: Vec<(String, Option<i64>)> = match name {
        "kim" => mapped::group_slugs(&mut conn, MOST).await?.into_iter().map(|slug| (format!("/kim/{slug}"), None)).collect(),
        "wilayah" => {
            let codes = mapped::told_regions(&mut conn, MOST).await?;
            codes.into_iter().map(|code| (format!("/wilayah/{code}"), None)).collect()
        }
        _ => {
            let n: i64 = name.parse().ok().filter(|n| (0..1_000_000_000).contains(n)).ok_or(Error::Missing)?;
            let rows = mapped::addresses(&mut conn, n * SPAN, (n + 1) * SPAN).await?;
            rows.into_iter().map(|row| (super::card::path(&row.slug), Some(row.changed_at))).collect()
        }
    };
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (path, changed) in pages {
        let changed = changed.map_or(String::new(), |at| format!("<lastmod>{}</lastmod>", dates::iso(at, "62")));
        xml.push_str(&format!("<url><loc>{}</loc>{changed}</url>\n", escape(&ctx.absolute(&path))));
    }
    xml.push_str("</urlset>\n");
    Ok(tagged(document(xml, KIND)))
}

fn tagged(mut response: Response) -> Response {
    response.extensions_mut().insert(Tags(vec!["articles".into(), "kim".into()]));
    response
}

/// `GET /robots.txt`
pub async fn robots(ctx: Ctx) -> Response {
    let closed = ["/meja", "/bina", "/kelola", "/akun", "/masuk"].map(|path| format!("Disallow: {path}\n")).concat();
    let text = format!("User-agent: *\nAllow: /\n{closed}\nSitemap: {}\n", ctx.absolute("/sitemap.xml"));
    document(text, "text/plain; charset=utf-8")
}
