//! One article: its page, its head, its way from draft to withdrawn, and words that mean harm.
use base::sql;
use stage::Engine;

use super::{New, open, photo, sound, stories, tell};

const SEBERANG: &str = "62.71.01.1005";

#[both::both]
async fn an_article_says_everything_a_reader_and_a_preview_need(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let body = format!("<p>{}</p>", "kata ".repeat(400));
    let new = New {
        title: "Air naik",
        lead: "Naikkan barang.",
        body: &body,
        tags: &["banjir", "air"],
        category: "kebencanaan",
        ..New::of("air-naik", group, SEBERANG)
    };
    let id = New { at: stage::START, ..new }.add(&stage).await;
    photo(&stage, id, "depan", "Titian utama", true).await;
    photo(&stage, id, "dalam", "Perahu", false).await;
    let page = stage.client().get("/kabar/air-naik").await.expect(200);
    sound(&page);
    let main = page.main();
    for part in [
        "Kebencanaan · Pahandut Seberang",
        "Naikkan barang.",
        "Ditulis",
        "Rina",
        "24 November 2026, 07.40 WIB",
        "3 menit baca",
        "Titian utama",
        "Foto: KIM",
        "#banjir",
        "Ikuti",
        "Kabar Pahandut Seberang",
        "Salin tautan",
    ] {
        assert!(main.contains(part), "{part}: {main}");
    }
    assert!(!main.contains("Diperbarui setelah terbit"));
    assert_eq!(page.attribute("figure img", "src").as_deref(), Some("/media/depan-800.jpg"));
    assert_eq!(page.attribute("figure img", "width").as_deref(), Some("1280"));
    assert_eq!(page.count("figure img:not([loading])"), 1);
    let sources = page.attribute("figure source", "srcset").expect("sources");
    assert_eq!(sources, "/media/depan-320.webp 320w, /media/depan-800.webp 800w, /media/depan-1600.webp 1280w");
    assert_eq!(page.count(".prose[lang]"), 0);
    let whatsapp = page.attribute(".share a", "href").expect("a link");
    assert!(
        whatsapp.starts_with(
            "https://wa.me/?text=%2AAir%20naik%2A%0A%0ANaikkan%20barang%2E%0A%0Ahttp%3A%2F%2Fsimpul%2Etest%2Fkabar%2Fair%2Dnaik"
        ),
        "{whatsapp}"
    );
    assert_eq!(page.attribute("[data-copy]", "data-copy").as_deref(), Some("http://simpul.test/kabar/air-naik"));

    let meta = |name: &str| page.attribute(&format!("meta[property='{name}']"), "content").unwrap_or_default();
    assert_eq!(meta("og:title"), "Air naik");
    assert_eq!(meta("og:type"), "article");
    assert_eq!(meta("og:image"), "http://simpul.test/media/depan-800.jpg");
    assert_eq!(meta("article:published_time"), "2026-11-24T07:40:00+07:00");
    assert_eq!(page.attribute("link[rel=canonical]", "href").as_deref(), Some("http://simpul.test/kabar/air-naik"));
    assert_eq!(page.attribute("link[rel=alternate]", "href").as_deref(), Some("/kim/riak/feed.atom"));
    let ld = json_ld(&page);
    assert_eq!(ld["@type"], "NewsArticle");
    assert_eq!(ld["headline"], "Air naik");
    assert_eq!(ld["datePublished"], "2026-11-24T07:40:00+07:00");
    assert_eq!(ld["author"]["name"], "KIM Riak");
    assert_eq!(ld["image"][1], "http://simpul.test/media/depan-800.jpg");
    assert_eq!(ld["mainEntityOfPage"]["@id"], "http://simpul.test/kabar/air-naik");
    stage.done().await;
}

fn json_ld(page: &stage::Answer) -> serde_json::Value {
    let html = scraper::Html::parse_document(&page.text());
    let selector = scraper::Selector::parse("script[type='application/ld+json']").expect("a selector");
    let text: String = html.select(&selector).next().expect("JSON-LD").text().collect();
    serde_json::from_str(&text).expect("JSON")
}

#[both::both]
async fn another_language_is_marked_and_a_change_is_told(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let id = New { lang: "bjn", ..New::of("banjar", group, SEBERANG) }.add(&stage).await;
    let mut tx = stage.write().await;
    tx.run(sql!("update newsroom_article set updated_at = updated_at + 60000000 where id = $1", id)).await.expect("a change");
    tx.commit().await.expect("a commit");
    let page = stage.client().get("/kabar/banjar").await.expect(200);
    assert_eq!(page.attribute(".prose", "lang").as_deref(), Some("bjn"));
    assert_eq!(page.attribute("main h1", "lang").as_deref(), Some("bjn"));
    assert!(page.main().contains("Diperbarui setelah terbit: 24 November 2026, 06.41 WIB"), "{}", page.main());
    assert_eq!(json_ld(&page)["inLanguage"], "bjn");
    stage.done().await;
}

#[both::both]
async fn drafts_are_unknown_withdrawn_is_gone_and_old_slugs_lead_on(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let mut client = stage.client();
    for status in ["draft", "review", "changes", "approval"] {
        New { status, ..New::of(status, group, SEBERANG) }.add(&stage).await;
        client.get(&format!("/kabar/{status}")).await.expect(404);
        client.get(&format!("/api/v1/articles/{status}")).await.expect(404);
    }
    let gone = New { status: "withdrawn", title: "Salah hitung", ..New::of("salah", group, SEBERANG) }.add(&stage).await;
    let id = New::of("baru", group, SEBERANG).add(&stage).await;
    let mut tx = stage.write().await;
    let reason = "Angkanya <keliru>.";
    tx.run(sql!("update newsroom_article set withdrawn_reason = $2 where id = $1", gone, reason)).await.expect("a reason");
    tx.run(sql!("insert into newsroom_slug (slug, article_id) values ('lama', $1), ('baru', $1)", id)).await.expect("slugs");
    tx.run(sql!("insert into newsroom_slug (slug, article_id) values ('salah-lama', $1)", gone)).await.expect("a slug");
    for path in ["/2024/03/air/", "/?p=12", "/berita/ä.html"] {
        tx.run(sql!("insert into newsroom_redirect (path, article_id) values ($1, $2)", path, id)).await.expect("a path");
    }
    tx.commit().await.expect("a commit");

    let page = client.get("/kabar/salah").await.expect(410);
    sound(&page);
    assert!(page.main().contains("“Salah hitung”") && page.main().contains("Angkanya <keliru>."), "{}", page.main());
    assert_eq!(page.count("meta[name=robots]"), 1);
    client.get("/api/v1/articles/salah").await.expect(410);
    client.get("/kabar/salah-lama").await.expect(410);
    client.get("/kabar/tidak-ada").await.expect(404);
    let moved = client.get("/kabar/lama").await.expect(301);
    assert_eq!(moved.location(), "/kabar/baru");
    assert_eq!(client.get("/api/v1/articles/lama").await.location(), "/api/v1/articles/baru");
    client.get("/kabar/baru").await.expect(200);

    for path in ["/2024/03/air/", "/2024/03/air", "/?p=12", "/berita/%C3%A4.html", "/2024/03/air/?utm_source=x"] {
        let answer = client.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (301, "/kabar/baru"), "{path}");
    }
    for path in ["/2024/03/lain/", "/?p=13&x=1", "/wp-login.php", "/api/v1/nothing", "/kabar/", "//evil.test/x"] {
        let answer = client.get(path).await;
        assert!(answer.location().is_empty(), "{path}");
    }
    client.get("/2024/03/lain/").await.expect(404);
    stage.done().await;
}

#[both::both]
async fn related_stories_come_by_words_then_by_group(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let other = kim::testing::active(&stage.kit, "menteng", "62.71.03.1002").await;
    let flood = "<p>Sungai Kahayan meluap dan merendam titian kampung.</p>";
    New { title: "Sungai Kahayan meluap", body: flood, ..New::of("satu", group, SEBERANG) }.add(&stage).await;
    New { title: "Kahayan meluap lagi", body: flood, category: "usaha", ..New::of("dua", other, "62.71.03.1002") }
        .add(&stage)
        .await;
    New { title: "Lomba memasak", body: "<p>Bubur pedas.</p>", category: "budaya", ..New::of("tiga", group, SEBERANG) }
        .add(&stage)
        .await;
    New { title: "Jadwal ronda", body: "<p>Malam Rabu.</p>", ..New::of("empat", other, "62.71.03.1002") }.add(&stage).await;
    stage.settle().await;
    let page = stage.client().get("/kabar/satu").await.expect(200);
    let shown = stories(&page);
    assert_eq!(shown.first().map(String::as_str), Some("/kabar/dua"), "{shown:?}");
    assert_eq!(shown.len(), 3, "the group's, then the category's: {shown:?}");
    assert!(!shown.contains(&"/kabar/satu".into()));
    stage.done().await;
}

#[both::both]
async fn kept_pages_are_told_apart_and_renewed_by_events(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    New::of("pertama", group, SEBERANG).add(&stage).await;
    stage.settle().await;
    let mut seen = 0;
    stage.app.drop_stale(&mut seen).await.expect("the past");
    let mut client = stage.client();
    let paths = [
        "/",
        "/?wilayah=62.71",
        "/kabar",
        "/kabar?wilayah=62.71",
        "/kabar?kim=riak",
        "/kabar/kategori/kabar/feed.atom",
        "/kim/riak/feed.json",
        "/wilayah/62/feed.atom",
        "/sitemap/0.xml",
        "/api/v1/articles",
        "/api/v1/articles?region=62.71&kim=riak",
    ];
    for path in paths {
        let first = client.get(path).await.expect(200);
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path} is not kept");
        let mut again = stage.client().header("if-none-match", &tag);
        again.get(path).await.expect(304);
        assert!(!first.text().contains("/kabar/kedua"), "{path}");
    }
    let id = New::of("kedua", group, SEBERANG).add(&stage).await;
    base::events::place(&stage.kit.db).await.expect("placed");
    stage.app.drop_stale(&mut seen).await.expect("news");
    for path in paths {
        let page = client.get(path).await.expect(200);
        assert!(page.text().contains("/kabar/kedua"), "{path} is stale");
    }
    client.get("/kabar/kedua").await.expect(200);
    let mut tx = stage.write().await;
    tx.run(sql!("update newsroom_article set status = 'withdrawn' where id = $1", id)).await.expect("withdrawn");
    tell(&mut tx, "newsroom.article.withdrawn", id, group, SEBERANG).await;
    tx.commit().await.expect("a commit");
    base::events::place(&stage.kit.db).await.expect("placed");
    stage.app.drop_stale(&mut seen).await.expect("news");
    client.get("/kabar/kedua").await.expect(410);
    for path in paths {
        assert!(!client.get(path).await.expect(200).text().contains("/kabar/kedua"), "{path} is stale");
    }
    stage.done().await;
}

#[both::both]
async fn harmful_words_do_nothing_anywhere(engine: Engine) {
    const EVIL: &str = "\"'><img src=x onerror=alert(1)></script><script>alert(1)</script>{{ 7*7 }}&";
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let mut tx = stage.write().await;
    tx.run(sql!("update kim_group set name = $2 where id = $1", group, EVIL)).await.expect("a name");
    tx.commit().await.expect("a commit");
    let id = New { title: EVIL, lead: EVIL, tags: &[EVIL], ..New::of("jahat", group, SEBERANG) }.add(&stage).await;
    photo(&stage, id, "foto", EVIL, true).await;
    photo(&stage, id, "lagi", EVIL, false).await;
    let gone = New { status: "withdrawn", title: EVIL, ..New::of("ditarik", group, SEBERANG) }.add(&stage).await;
    let mut tx = stage.write().await;
    tx.run(sql!("update newsroom_article set withdrawn_reason = $2 where id = $1", gone, EVIL)).await.expect("a reason");
    tx.commit().await.expect("a commit");
    stage.settle().await;
    let mut client = stage.client();
    let q: String = url::form_urlencoded::byte_serialize(EVIL.as_bytes()).collect();
    let pages = [
        "/",
        "/?wilayah=62.71",
        "/kabar",
        "/kabar?kim=riak",
        "/kabar/jahat",
        "/kabar/ditarik",
        "/cari?q=alert",
        "/wilayah/62.71",
    ]
    .map(str::to_owned);
    let typed = [
        format!("/cari?q={q}"),
        format!("/kabar?tag={q}"),
        format!("/kabar?wilayah_q={q}"),
        format!("/cari?q={q}&dari={q}&jenis={q}"),
        format!("/uji/{group}"),
    ];
    for path in pages.into_iter().chain(typed) {
        let page = client.get(&path).await;
        assert!(matches!(page.status.as_u16(), 200 | 410), "{path}: {}", page.status);
        sound(&page);
        assert_eq!(page.count("img[src=x]"), 0, "{path}");
        assert!(!page.text().contains("<script>alert"), "{path}");
    }
    let page = client.get("/kabar/jahat").await;
    assert_eq!(json_ld(&page)["author"]["name"], EVIL);
    assert!(page.main().contains(EVIL.trim_end_matches('&')), "shown as it was written");
    stage.done().await;
}
