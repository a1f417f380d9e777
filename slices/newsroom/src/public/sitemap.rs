//! What search engines read: the map of all public pages, and what to leave alone.
use axum::extract::Path;
use axum::response::Response;
use base::Conn;
use web::cache::Tags;
use web::feed::{document, escape};
use web::{Ctx, Error, dates};

use super::mapped;

/// Articles, or groups, with ids in a range of this length share a part; the format allows 50,000.
const SPAN: i64 = 5_000;

const KIND: &str = "application/xml; charset=utf-8";

/// `GET /sitemap.xml`
pub async fn index(ctx: Ctx) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for part in parts(&mut conn, SPAN).await? {
        let url = ctx.absolute(&format!("/sitemap/{part}.xml"));
        xml.push_str(&format!("<sitemap><loc>{}</loc></sitemap>\n", escape(&url)));
    }
    xml.push_str("</sitemapindex>\n");
    Ok(tagged(document(xml, KIND)))
}

/// Names of all parts: `kim-0` and so on for ranges of groups, `wilayah-62` for the regions of each
/// province that has stories (it has some nine thousand at most), numbers for ranges of articles.
pub async fn parts(conn: &mut Conn, span: i64) -> base::Result<Vec<String>> {
    let groups = mapped::newest_group(conn).await?;
    let mut parts: Vec<String> = (0..=groups / span).map(|n| format!("kim-{n}")).collect();
    let mut from = String::new();
    while let Some(code) = mapped::told_after(conn, &from).await? {
        let province = code.split('.').next().unwrap_or(&code);
        // The sign after the dot: past everything within the province.
        from = format!("{province}/");
        parts.push(format!("wilayah-{province}"));
    }
    let articles = mapped::newest_id(conn).await?;
    parts.extend((0..=articles / span).map(|n| n.to_string()));
    Ok(parts)
}

/// Paths of the pages of a part, with the last change where it is known; missing for a name that no
/// part can have.
pub async fn pages(conn: &mut Conn, part: &str, span: i64) -> web::Result<Vec<(String, Option<i64>)>> {
    let range = |text: &str| {
        let n: i64 = text.parse().ok().filter(|n| (0..1_000_000_000).contains(n))?;
        Some((n * span, (n + 1) * span))
    };
    if let Some(text) = part.strip_prefix("kim-") {
        let (from, to) = range(text).ok_or(Error::Missing)?;
        let slugs = mapped::group_slugs(conn, from, to).await?;
        return Ok(slugs.into_iter().map(|slug| (format!("/kim/{slug}"), None)).collect());
    }
    if let Some(province) = part.strip_prefix("wilayah-") {
        let is_code = province.len() == 2 && province.bytes().all(|b| b.is_ascii_digit());
        let codes = mapped::told_regions(conn, is_code.then_some(province).ok_or(Error::Missing)?).await?;
        return Ok(codes.into_iter().map(|code| (format!("/wilayah/{code}"), None)).collect());
    }
    let (from, to) = range(part).ok_or(Error::Missing)?;
    let rows = mapped::addresses(conn, from, to).await?;
    Ok(rows.into_iter().map(|row| (super::card::path(&row.slug), Some(row.changed_at))).collect())
}

/// `GET /sitemap/{part}`, the name of a part with `.xml`
pub async fn part(ctx: Ctx, Path(name): Path<String>) -> web::Result<Response> {
    let name = name.strip_suffix(".xml").ok_or(Error::Missing)?;
    let mut conn = ctx.kit.db.read().await?;
    let pages = pages(&mut conn, name, SPAN).await?;
    drop(conn);
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
