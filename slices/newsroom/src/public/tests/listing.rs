//! Home, lists, parts of other pages: what is shown where, each story once.
use stage::Engine;

use super::{New, open, photo, sound, stories};

const SEBERANG: &str = "62.71.01.1005";
const MENTENG: &str = "62.71.03.1002";
const MANTUIL: &str = "63.71.01.1001";

#[both::both]
async fn home_is_good_before_anything_is_there(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    for path in
        ["/", "/?wilayah=62.71", "/?wilayah=99.99", "/kabar", "/kabar?kategori=budaya&bahasa=en", "/cari", "/cari?q=banjir"]
    {
        let page = client.get(path).await.expect(200);
        sound(&page);
        assert_eq!(stories(&page).len(), 0, "{path}");
    }
    let page = client.get("/").await;
    assert!(page.main().contains("Belum ada kabar di sini"), "{}", page.main());
    assert!(page.main().contains("Belum ada KIM terdaftar di sini"));
    stage.done().await;
}

#[both::both]
async fn home_shows_the_chosen_region_or_widens_and_says_so(engine: Engine) {
    let stage = open(engine).await;
    let near = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let far = kim::testing::active(&stage.kit, "mantuil", MANTUIL).await;
    for (n, slug) in ["air", "titian", "perahu", "posyandu", "panen", "lomba"].into_iter().enumerate() {
        let at = stage::START - i64::try_from(n).expect("small") * base::clock::DAY;
        let category = if n < 5 { "kabar" } else { "budaya" };
        let id = New { at, category, ..New::of(slug, near, SEBERANG) }.add(&stage).await;
        photo(&stage, id, slug, "Air naik", true).await;
    }
    New::of("soto", far, MANTUIL).add(&stage).await;

    let mut client = stage.client();
    let whole = client.get("/").await.expect(200);
    sound(&whole);
    assert_eq!(
        stories(&whole),
        ["/kabar/air", "/kabar/soto", "/kabar/titian", "/kabar/perahu", "/kabar/posyandu", "/kabar/panen", "/kabar/lomba"]
    );
    assert_eq!(whole.count(".story--lead img:not([loading])"), 1, "the first picture is not lazy");
    assert_eq!(whole.count(".story--compact img:not([loading=lazy])"), 0);
    assert!(whole.main().contains("Budaya"), "{}", whole.main());
    assert!(whole.main().contains("KIM terdaftar 2"), "{}", whole.main());

    let city = client.get("/?wilayah=62.71").await.expect(200);
    assert!(!stories(&city).contains(&"/kabar/soto".into()));
    assert!(city.text().contains("/wilayah/62.71/feed.atom"));
    assert_eq!(city.attribute("link[rel=canonical]", "href").as_deref(), Some("http://simpul.test/?wilayah=62.71"));

    let mut there = stage.client();
    there.cookie("wilayah", MANTUIL);
    let village = there.get("/").await.expect(200);
    sound(&village);
    assert_eq!(stories(&village).len(), 7, "one story is few: the whole country");
    assert!(
        village.main().contains("Kabar dari Mantuil masih sedikit. Kami tampilkan juga kabar dari Indonesia."),
        "{}",
        village.main()
    );
    assert_eq!(village.attribute(".region-panel a", "href").as_deref(), Some("/wilayah/63.71.01.1001"));
    there.cookie("wilayah", "62.71.01.1001");
    let neighbour = there.get("/").await.expect(200);
    assert!(neighbour.main().contains("kabar dari Pahandut."), "the nearest region above: {}", neighbour.main());
    stage.done().await;
}

#[both::both]
async fn every_story_comes_exactly_once(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let other = kim::testing::active(&stage.kit, "menteng", MENTENG).await;
    // Fifty-three stories, many at the same moment.
    for n in 0..53i64 {
        let slug = format!("kabar-{n:02}");
        let (of, region) = if n % 2 == 0 { (group, SEBERANG) } else { (other, MENTENG) };
        let at = stage::START - (n / 7) * base::clock::HOUR;
        let tags: &[&str] = if n % 3 == 0 { &["banjir"] } else { &[] };
        New { at, tags, ..New::of(&slug, of, region) }.add(&stage).await;
    }
    New { status: "draft", ..New::of("draf", group, SEBERANG) }.add(&stage).await;
    New { status: "withdrawn", ..New::of("tarik", group, SEBERANG) }.add(&stage).await;
    let mut client = stage.client();
    for (start, count) in [
        ("/kabar", 53),
        ("/kabar?wilayah=62.71", 53),
        ("/kabar?wilayah=62.71.01", 27),
        ("/kabar?wilayah=62.71.03.1002", 26),
        ("/kabar?wilayah=63", 0),
        ("/kabar?kategori=kabar&bahasa=id", 53),
        ("/kabar?kim=riak", 27),
        ("/kabar?kim=riak&wilayah=62.71.03", 0),
        ("/kabar?tag=banjir", 18),
        ("/kabar?tag=banjir&kim=menteng&kategori=kabar&bahasa=id&wilayah=62", 9),
    ] {
        let mut seen = Vec::new();
        let mut path = start.to_owned();
        loop {
            let page = client.get(&path).await.expect(200);
            seen.extend(stories(&page));
            match page.attribute("a[rel=next]", "href") {
                Some(next) => path = next,
                None => break,
            }
        }
        let shown = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!((shown, seen.len()), (count, count), "{start}");
    }
    let first = client.get("/kabar").await;
    let newest = &stories(&first)[..2];
    assert_eq!(newest, ["/kabar/kabar-06", "/kabar/kabar-05"], "of the same moment the later one first");
    let last = client.get("/kabar?lanjut=0.0").await.expect(200);
    assert!(last.main().contains("Ini sudah yang terakhir"));
    sound(&last);
    stage.done().await;
}

#[both::both]
async fn filters_are_shown_and_can_be_removed_one_by_one(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    New { category: "budaya", lang: "en", tags: &["tari"], title: "Dance", ..New::of("dance", group, SEBERANG) }
        .add(&stage)
        .await;
    let mut client = stage.client();
    let page = client.get("/kabar?wilayah=62.71&kategori=budaya&tag=Tari&bahasa=en").await.expect(200);
    sound(&page);
    assert_eq!(stories(&page), ["/kabar/dance"]);
    assert_eq!(page.attribute("main h3", "lang").as_deref(), Some("en"));
    assert_eq!(page.count(".chip"), 4);
    assert_eq!(page.attribute(".chip", "href").as_deref(), Some("/kabar?kategori=budaya&tag=tari&bahasa=en"));
    assert!(
        page.text().contains("/feed.atom?wilayah=62.71&#38;kategori=budaya&#38;tag=tari&#38;bahasa=en"),
        "the feed of this very list"
    );
    let only = client.get("/kabar?kim=riak").await.expect(200);
    assert!(only.text().contains("href=\"/kim/riak/feed.atom\""));
    for path in
        ["/kabar?wilayah=62.99", "/kabar?kim=tidak-ada", "/kabar?kategori=x", "/kabar?bahasa=fr", "/kabar?wilayah=%27%3B--"]
    {
        client.get(path).await.expect(404);
    }
    stage.done().await;
}

#[both::both]
async fn a_typed_place_is_understood_without_script(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    let answer = client.get("/kabar?wilayah=&wilayah_q=pahandut+seberang&kategori=budaya").await.expect(303);
    assert_eq!(answer.location(), "/kabar?wilayah=62.71.01.1005&kategori=budaya");
    let many = client.get("/kabar?wilayah_q=pa").await.expect(200);
    assert!(many.count("details.filters[open] input[type=radio]") > 1);
    sound(&many);
    let none = client.get("/kabar?wilayah_q=%3Cb%3Exyzzy").await.expect(200);
    assert!(none.main().contains("Kami tidak menemukan wilayah “<b>xyzzy”"), "{}", none.main());
    sound(&none);
    stage.done().await;
}

#[both::both]
async fn regions_and_groups_show_their_latest(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let mut client = stage.client();
    let page = client.get(&format!("/uji/{group}")).await.expect(200);
    assert!(page.main().contains("Kelompok ini belum menerbitkan kabar"), "{}", page.main());
    let slugs: Vec<String> = (0..7).map(|n| format!("kabar-{n}")).collect();
    for slug in &slugs {
        New::of(slug, group, SEBERANG).add(&stage).await;
    }
    stage.settle().await;
    let page = client.get("/wilayah/62.71").await.expect(200);
    assert_eq!(stories(&page).len(), 5);
    assert!(page.text().contains("href=\"/kabar?wilayah=62.71\""));
    let page = client.get(&format!("/uji/{group}")).await.expect(200);
    sound(&page);
    assert!(page.main().starts_with("Kabar dari kami"), "{}", page.main());
    let older = page.attribute(".after a", "href").expect("a link to older ones");
    assert!(older.starts_with("/kabar?kim=riak&lanjut="), "{older}");
    let rest = client.get(&older).await.expect(200);
    assert_eq!(stories(&rest), ["/kabar/kabar-1", "/kabar/kabar-0"]);
    assert_eq!(client.get("/uji/999").await.expect(200).main(), "");
    stage.done().await;
}

#[both::both]
async fn pages_about_the_product_are_complete(engine: Engine) {
    let stage = open(engine).await;
    for lang in ["id", "en", "nij", "bjn"] {
        let mut client = stage.client();
        client.cookie("bahasa", lang);
        for path in ["/tentang", "/privasi", "/api", "/", "/kabar", "/cari"] {
            let page = client.get(path).await.expect(200);
            sound(&page);
            let bar = page.count("nav.nav a");
            assert!(bar >= 4, "{path}: {bar}");
        }
    }
    let page = stage.client().get("/privasi").await;
    for word in ["wilayah", "bahasa", "__Host-simpul", "__Host-pesan", "NIK"] {
        assert!(page.main().contains(word), "{word}");
    }
    stage.done().await;
}
