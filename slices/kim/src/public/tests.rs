use base::search::Query;
use base::{Event, sql};
use serde_json::json;
use stage::Engine;

use super::search::stale;
use crate::register::Status;
use crate::scene::{self, ELSEWHERE, WARD};

#[test]
fn events_make_pages_of_the_line_of_regions_stale() {
    let event = |kind: &str| Event { group_id: Some(7), region: Some("62.71.01".into()), ..Event::new(0, kind, ("kim", 7)) };
    assert_eq!(
        stale(&event("kim.group.verified")),
        ["kim:7", "region:62.71.01", "region:62.71", "region:62", "region:ID", "kim", "home"]
    );
    assert_eq!(stale(&event("newsroom.article.published")), ["kim:7"]);
    assert!(stale(&event("people.account.added")).is_empty());
}

#[both::both]
async fn the_directory_filters_and_goes_on(engine: Engine) {
    let stage = scene::open(engine).await;
    let riak = scene::kim(&stage, "kim-riak-seberang", WARD, Status::Active).await;
    scene::kim(&stage, "kim-jauh", ELSEWHERE, Status::Verified).await;
    scene::kim(&stage, "kim-tidur", "62.71.02.1001", Status::Dormant).await;
    for (slug, status) in [("kim-draf", Status::Draft), ("kim-antre", Status::Submitted), ("kim-bubar", Status::Dissolved)] {
        scene::kim(&stage, slug, WARD, status).await;
    }
    let mut rina = scene::officer(&stage, riak).await;
    let fields = [("nama", "KIM Riak Seberang"), ("alamat_halaman", "kim-riak-seberang"), ("tema", "usaha")];
    rina.post("/meja/kim/kim-riak-seberang/profil", &fields).await.expect(303);
    stage.settle().await;
    let mut visitor = stage.client();
    let all = visitor.get("/kim").await.expect(200).main();
    for (name, shown) in [
        ("KIM Riak Seberang", true),
        ("KIM Jauh", true),
        ("KIM Tidur", true),
        ("KIM Draf", false),
        ("KIM Antre", false),
        ("KIM Bubar", false),
    ] {
        assert_eq!(all.contains(name), shown, "{name}");
    }
    for (query, expected) in [
        ("q=seberang", vec!["riak"]),
        ("q=RIAK+pahandut", vec!["riak"]),
        ("q=banjarmasin", vec!["jauh"]),
        ("q=%25", vec![]),
        ("wilayah=62.71", vec!["riak", "tidur"]),
        ("wilayah=62.71.01", vec!["riak"]),
        ("wilayah=63", vec!["jauh"]),
        ("wilayah_q=Kota+Banjarmasin", vec!["jauh"]),
        ("tema=usaha", vec!["riak"]),
        ("tema=budaya", vec![]),
        ("status=dormant", vec!["tidur"]),
        ("status=draft", vec!["jauh", "riak", "tidur"]),
    ] {
        let page = visitor.get(&format!("/kim?{query}")).await.expect(200).main().to_lowercase();
        for name in ["riak seberang", "kim jauh", "kim tidur"] {
            let short = expected.iter().any(|e| name.contains(e));
            assert_eq!(page.contains(name), short, "{query}: {name}: {page}");
        }
    }
    assert!(visitor.get("/kim?q=tidakada").await.main().contains("Belum ada KIM yang cocok"));

    // Page by page, in HTML and JSON.
    for n in 0..30 {
        scene::kim(&stage, &format!("kim-nomor-{n:02}"), WARD, Status::Active).await;
    }
    stage.settle().await;
    let first = visitor.get("/kim?wilayah=62").await.expect(200);
    assert_eq!(first.count("li.story"), 24);
    let next = first.attribute("a[rel=next]", "href").expect("a next page");
    let second = visitor.get(&next).await.expect(200);
    assert_eq!((second.count("li.story"), second.count("a[rel=next]")), (8, 0));
    for name in ["after", "next"] {
        let mut slugs = Vec::new();
        let mut from = String::new();
        loop {
            let page = visitor.get(&format!("/api/v1/kim?limit=7&region=62.71&{name}={from}")).await.expect(200).json();
            slugs.extend(
                page["items"].as_array().expect("items").iter().map(|item| item["slug"].as_str().expect("a slug").to_owned()),
            );
            assert!(slugs.len() <= 32, "{name} goes round");
            let Some(next) = page["next"].as_str() else { break };
            from = next.to_owned();
        }
        let mut unique = slugs.clone();
        unique.sort();
        unique.dedup();
        assert_eq!((slugs.len(), unique.len()), (32, 32), "{name}");
    }
    for bad in ["limit=0", "limit=101", "limit=x", "after=x", "next=x", "status=draft", "theme=tidak-ada", "listings=ya"] {
        visitor.get(&format!("/api/v1/kim?{bad}")).await.expect(422);
    }
    stage.done().await;
}

#[both::both]
async fn a_group_is_found_by_search_and_on_the_page_of_its_region(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak-seberang", WARD, Status::Active).await;
    scene::kim(&stage, "kim-draf-rahasia", WARD, Status::Draft).await;
    stage.settle().await;
    let found = |text: &str| {
        let query = Query { text: text.into(), kinds: vec!["kim".into()], limit: 10, ..Query::default() };
        stage.kit.index.find(&query).expect("a search").items.into_iter().map(|hit| hit.slug).collect::<Vec<_>>()
    };
    assert_eq!(found("riak"), ["kim-riak-seberang"]);
    assert!(found("rahasia").is_empty());
    let page = stage.client().get("/wilayah/62.71").await.expect(200).main();
    assert!(page.contains("KIM Riak Seberang") && page.contains("1 dari 30 desa dan kelurahan"), "{page}");
    assert!(!page.contains("Rahasia"));
    assert!(stage.client().get("/wilayah/62.71.02.1001").await.main().contains("Belum ada KIM di wilayah ini"));
    let mut budi = scene::member(&stage, id).await;
    assert!(budi.get("/meja").await.expect(200).main().contains("KIM Anda KIM Riak Seberang"));

    let mut conn = stage.read().await;
    let briefs = crate::briefs(&mut conn, &[id, id, 999]).await.expect("briefs");
    assert_eq!(briefs.len(), 1);
    assert_eq!(briefs[&id].region_name, "Langkai");
    assert!(crate::by_id(&mut conn, 999).await.expect("none").is_none());
    drop(conn);
    // A page kept for strangers is dropped by the next event.
    let mut seen = {
        let mut conn = stage.read().await;
        base::events::newest(&mut conn).await.expect("a position")
    };
    assert!(stage.client().get("/kim/kim-riak-seberang").await.expect(200).main().contains("Aktif"));
    assert_eq!(stage.client().get("/kim/kim-riak-seberang").await.header("x-cache"), "hit");
    let mut sari = scene::verifier(&stage, "62").await;
    sari.post("/bina/kim/kim-riak-seberang/istirahatkan", &[("alasan", "Sepi.")]).await.expect(303);
    base::events::place(&stage.kit.db).await.expect("placed");
    stage.app.drop_stale(&mut seen).await.expect("stale pages dropped");
    assert!(stage.client().get("/kim/kim-riak-seberang").await.main().contains("Istirahat"));
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn programs_read_listings_themes_and_history(engine: Engine) {
    let stage = scene::open(engine).await;
    let riak = scene::kim(&stage, "kim-riak-seberang", WARD, Status::Active).await;
    let listing = scene::kim(&stage, "kim-daftar", WARD, Status::Submitted).await;
    scene::kim(&stage, "kim-draf", WARD, Status::Draft).await;
    let mut tx = stage.write().await;
    tx.run(sql!("update kim_group set themes = ',usaha,', listing = 'unclaimed' where id = $1", listing))
        .await
        .expect("a listing");
    tx.run(sql!("update kim_group set themes = ',usaha,budaya,' where id = $1", riak)).await.expect("themes");
    tx.commit().await.expect("a commit");
    let mut visitor = stage.client();
    for (query, slugs) in [
        ("listings=false", vec!["kim-riak-seberang"]),
        ("listings=true", vec!["kim-daftar", "kim-riak-seberang"]),
        ("listings=true&limit=1", vec!["kim-daftar"]),
        ("listings=true&status=active", vec!["kim-riak-seberang"]),
        ("theme=usaha", vec!["kim-riak-seberang"]),
        ("theme=usaha&listings=true", vec!["kim-daftar", "kim-riak-seberang"]),
        ("theme=budaya&listings=true", vec!["kim-riak-seberang"]),
        ("theme=kesehatan&listings=true", vec![]),
    ] {
        let page = visitor.get(&format!("/api/v1/kim?{query}")).await.expect(200).json();
        let items = page["items"].as_array().expect("items");
        let found: Vec<&str> = items.iter().map(|item| item["slug"].as_str().expect("a slug")).collect();
        assert_eq!(found, slugs, "{query}");
        assert!(items.iter().all(|item| item["unclaimed"] == (item["slug"] == "kim-daftar")), "{query}: {page}");
    }
    let page = visitor.get("/api/v1/kim/kim-daftar").await.expect(200).json();
    assert_eq!((&page["status"], &page["unclaimed"]), (&json!("draft"), &json!(true)), "how far it got is nobody's business");
    for path in ["/api/v1/kim/kim-draf", "/api/v1/kim/kim-draf/history", "/api/v1/kim/tidak-ada/history"] {
        visitor.get(path).await.expect(404);
    }

    let mut sari = scene::verifier(&stage, "62").await;
    sari.post("/bina/kim/kim-riak-seberang/istirahatkan", &[("alasan", "Sepi.")]).await.expect(303);
    let page = visitor.get("/api/v1/kim/kim-riak-seberang/history").await.expect(200).json();
    let rested = |text: &str| {
        let item = json!({ "at": "2026-11-24T07:40:00+07:00", "kind": "kim.group.rested", "text": text, "other": null });
        json!({ "items": [item], "next": null })
    };
    assert_eq!(page, rested("Diistirahatkan"), "neither who did it nor why, nor that it was registered");
    let page = stage.client().header("accept-language", "en").get("/api/v1/kim/kim-riak-seberang/history").await.json();
    assert_eq!(page, rested("Put to rest"));
    let page = visitor.get("/api/v1/kim/kim-daftar/history").await.expect(200).json();
    assert_eq!(page, json!({ "items": [], "next": null }));
    stage.settle().await;
    stage.done().await;
}

#[test]
fn the_api_is_described() {
    let text = super::api::openapi().to_json().expect("a description");
    for part in ["/api/v1/kim/{slug}", "/api/v1/kim/{slug}/history", "KimDetail", "KimPast", "\"theme\"", "\"listings\""] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}
