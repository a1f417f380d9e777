//! Feeds, the site map and the API: read by programs, so read here by parsers.
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use stage::Engine;

use super::{New, open, photo};
use crate::article::CATEGORIES;
use crate::public::sitemap;

const SEBERANG: &str = "62.71.01.1005";
const MENTENG: &str = "62.71.03.1002";

/// Reads a document to its end; returns the texts of the elements of one name.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut found, mut inside, mut depth) = (Vec::new(), false, 0);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => {
                depth += 1;
                inside = start.name().as_ref() == name;
                if inside {
                    found.push(String::new());
                }
            }
            Event::Text(text) if inside => found.last_mut().expect("one").push_str(&text),
            Event::GeneralRef(reference) if inside => {
                found.last_mut().expect("one").push_str(&format!("&{};", &*reference));
            }
            Event::End(_) => {
                depth -= 1;
                inside = false;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "every element ends");
    found
}

#[both::both]
async fn feeds_are_whole_documents_of_the_very_list(engine: Engine) {
    let stage = open(engine).await;
    let riak = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let menteng = kim::testing::active(&stage.kit, "menteng", MENTENG).await;
    let body = "<p>Satu &amp; dua <a href=\"/kabar/x\">tiga</a><img src=\"/media/a-800.jpg\" alt=\"\"></p>";
    let id = New { title: "A & B <c>\u{1}", body, tags: &["air"], ..New::of("air", riak, SEBERANG) }.add(&stage).await;
    photo(&stage, id, "foto", "Titian \"utama\"", true).await;
    New { category: "budaya", ..New::of("tari", menteng, MENTENG) }.add(&stage).await;
    let mut client = stage.client();
    for (path, count) in [
        ("/feed", 2),
        ("/kabar/kategori/budaya/feed", 1),
        ("/kabar/kategori/olahraga/feed", 0),
        ("/kim/riak/feed", 1),
        ("/wilayah/62.71/feed", 2),
        ("/wilayah/62.71.01/feed", 1),
        ("/wilayah/63/feed", 0),
    ] {
        let atom = client.get(&format!("{path}.atom")).await.expect(200);
        assert_eq!(atom.header("content-type"), "application/atom+xml; charset=utf-8");
        assert_eq!(texts(&atom.text(), "entry").len(), count, "{path}");
        assert!(atom.text().contains(&format!("<id>http://simpul.test{path}.atom</id>")), "{path}");
        let json = client.get(&format!("{path}.json")).await.expect(200);
        assert_eq!(json.header("content-type"), "application/feed+json; charset=utf-8");
        let json = json.json();
        assert_eq!(json["items"].as_array().map(Vec::len), Some(count), "{path}");
        assert_eq!(json["feed_url"], format!("http://simpul.test{path}.json"));
    }
    let atom = client.get("/feed.atom?tag=air&wilayah=62").await.expect(200).text();
    assert_eq!(texts(&atom, "entry").len(), 1);
    assert!(atom.contains("href=\"http://simpul.test/feed.atom?wilayah=62&amp;tag=air\""), "{atom}");
    assert!(texts(&atom, "title").contains(&"A &amp; B &lt;c&gt;".into()), "{atom}");
    let item = &client.get("/kim/riak/feed.json").await.json()["items"][0];
    let html = item["content_html"].as_str().expect("HTML");
    assert!(
        html.contains("href=\"http://simpul.test/kabar/x\"") && html.contains("src=\"http://simpul.test/media/a-800.jpg\""),
        "{html}"
    );
    assert!(
        html.starts_with("<p><img src=\"http://simpul.test/media/foto-800.jpg\" alt=\"Titian &quot;utama&quot;\"></p>"),
        "{html}"
    );
    assert_eq!(item["authors"][0]["name"], "KIM Riak");
    assert_eq!(item["tags"][0], "air");
    for path in [
        "/kim/x/feed.atom",
        "/wilayah/99/feed.json",
        "/kabar/kategori/x/feed.atom",
        "/kabar/kategori/budaya/feed.rss",
        "/feed.atom?kim=x",
    ] {
        client.get(path).await.expect(404);
    }
    stage.done().await;
}

#[both::both]
async fn the_site_map_holds_what_is_public(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    New::of("air", group, SEBERANG).add(&stage).await;
    New { status: "draft", ..New::of("draf", group, MENTENG) }.add(&stage).await;
    let mut client = stage.client();
    let index = client.get("/sitemap.xml").await.expect(200);
    assert!(index.header("content-type").starts_with("application/xml"));
    let mut urls = Vec::new();
    for part in texts(&index.text(), "loc") {
        let path = part.strip_prefix("http://simpul.test").expect("an own address");
        urls.extend(texts(&client.get(path).await.expect(200).text(), "loc"));
    }
    assert_eq!(urls, ["http://simpul.test/kim/riak", "http://simpul.test/wilayah/62.71.01.1005", "http://simpul.test/kabar/air"]);
    let part = client.get("/sitemap/0.xml").await.text();
    assert_eq!(texts(&part, "lastmod"), ["2026-11-24T06:40:00+07:00"]);
    for path in [
        "/sitemap/1.txt",
        "/sitemap/-1.xml",
        "/sitemap/x.xml",
        "/sitemap/99999999999999999999.xml",
        "/sitemap/kim-x.xml",
        "/sitemap/kim--1.xml",
        "/sitemap/wilayah-6.xml",
        "/sitemap/wilayah-62.71.xml",
    ] {
        client.get(path).await.expect(404);
    }
    let robots = client.get("/robots.txt").await.expect(200).text();
    for line in ["User-agent: *", "Disallow: /meja", "Disallow: /masuk", "Sitemap: http://simpul.test/sitemap.xml"] {
        assert!(robots.lines().any(|l| l == line), "{line}");
    }
    stage.done().await;
}

#[both::both]
async fn the_site_map_grows_by_parts_and_lacks_nothing(engine: Engine) {
    let stage = open(engine).await;
    let mut group = 0;
    for n in 0..7 {
        group = kim::testing::active(&stage.kit, &format!("kim-{n}"), SEBERANG).await;
    }
    let places = ["62", "62.71", SEBERANG, MENTENG, "63.71", "63.71.01.1001"];
    for (n, place) in places.iter().cycle().take(8).enumerate() {
        let slug = format!("kabar-{n}");
        New::of(&slug, group, place).add(&stage).await;
    }
    New { status: "draft", ..New::of("draf", group, "64") }.add(&stage).await;
    let mut conn = stage.read().await;
    let parts = sitemap::parts(&mut conn, 3).await.expect("parts");
    assert_eq!(parts, ["kim-0", "kim-1", "kim-2", "wilayah-62", "wilayah-63", "0", "1", "2", "3"]);
    let mut paths = Vec::new();
    for part in &parts {
        let pages = sitemap::pages(&mut conn, part, 3).await.expect("a part");
        assert!(pages.len() <= if part.starts_with("wilayah") { 4 } else { 3 }, "{part}: {pages:?}");
        paths.extend(pages.into_iter().map(|(path, _)| path));
    }
    drop(conn);
    let mut all: Vec<String> = (0..7).map(|n| format!("/kim/kim-{n}")).collect();
    all.extend(places.map(|code| format!("/wilayah/{code}")));
    all.extend((0..8).map(|n| format!("/kabar/kabar-{n}")));
    all.sort();
    paths.sort();
    assert_eq!(paths, all, "each once");
    stage.done().await;
}

#[both::both]
async fn programs_read_articles_page_by_page(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let slugs: Vec<String> = (0..5).map(|n| format!("kabar-{n}")).collect();
    for (n, slug) in slugs.iter().enumerate() {
        let lang = if n == 0 { "en" } else { "id" };
        let id = New { lang, tags: &["air"], ..New::of(slug, group, SEBERANG) }.add(&stage).await;
        photo(&stage, id, "foto", "Titian", true).await;
    }
    let mut client = stage.client();
    for name in ["after", "next"] {
        let mut seen = Vec::new();
        let mut path = "/api/v1/articles?limit=2&kim=riak&region=62&category=kabar&tag=AIR".to_owned();
        loop {
            let answer = client.get(&path).await.expect(200);
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            assert_eq!(answer.header("content-type"), "application/json");
            let page = answer.json();
            let items = page["items"].as_array().expect("items").clone();
            seen.extend(items.iter().map(|item| item["slug"].as_str().expect("a slug").to_owned()));
            assert!(seen.len() <= 5, "{name} goes round: {seen:?}");
            match page["next"].as_str() {
                Some(next) => path = format!("/api/v1/articles?limit=2&tag=air&kim=riak&{name}={next}"),
                None => break,
            }
        }
        assert_eq!(seen, ["kabar-4", "kabar-3", "kabar-2", "kabar-1", "kabar-0"], "{name}");
    }
    let english = client.get("/api/v1/articles?lang=en&region=62.71.01.1005").await.json();
    let item = &english["items"][0];
    assert_eq!(english["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(item["url"], "http://simpul.test/kabar/kabar-0");
    assert_eq!(item["kim"]["slug"], "riak");
    assert_eq!(item["region_name"], "Pahandut Seberang");
    assert_eq!(item["published_at"], "2026-11-24T06:40:00+07:00");
    assert_eq!(item["picture"]["url"], "http://simpul.test/media/foto-800.jpg");
    assert!(item.get("body_html").is_none());
    let whole = client.get("/api/v1/articles/kabar-0").await.expect(200).json();
    assert_eq!(whole["body_html"], "<p>Isi kabar.</p>");
    assert_eq!(whole["slug"], "kabar-0");
    assert_eq!(whole["tags"][0], "air");
    assert_eq!(whole["author"], "Rina");
    assert_eq!(whole["photos"][0]["caption"], "Titian");
    for (path, status) in [
        ("?limit=0", 422),
        ("?limit=101", 422),
        ("?limit=dua", 422),
        ("?after=x", 422),
        ("?next=x", 422),
        ("?kim=tidak", 404),
        ("?region=99", 404),
        ("?category=tidak-ada", 200),
    ] {
        let answer = client.get(&format!("/api/v1/articles{path}")).await.expect(status);
        assert!(answer.json()["items"].as_array().is_none_or(Vec::is_empty), "{path}");
    }
    let wrong = client.get("/api/v1/articles?limit=0").await;
    assert_eq!(wrong.header("content-type"), "application/problem+json");
    assert_eq!(wrong.json()["errors"][0]["field"], "limit");
    for (lang, name) in [("id", "Kebencanaan"), ("en", "Disasters")] {
        let page = stage.client().header("accept-language", lang).get("/api/v1/categories").await.expect(200).json();
        let codes: Vec<&str> = page["items"].as_array().expect("items").iter().filter_map(|item| item["code"].as_str()).collect();
        assert_eq!(codes, CATEGORIES.iter().map(|(code, _)| *code).collect::<Vec<_>>());
        assert_eq!(page["items"][9], serde_json::json!({ "code": "kebencanaan", "name": name }));
        assert!(page["next"].is_null());
    }
    let described = serde_json::to_value(stage.app.openapi()).expect("a description");
    for path in ["/api/v1/articles", "/api/v1/articles/{slug}", "/api/v1/categories", "/api/v1/search"] {
        assert!(described["paths"][path]["get"].is_object(), "{path}");
    }
    stage.done().await;
}
