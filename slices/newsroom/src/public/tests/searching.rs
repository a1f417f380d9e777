//! Search, for people and for programs.
use stage::Engine;

use super::{New, open, sound, stories};

const SEBERANG: &str = "62.71.01.1005";
const MENTENG: &str = "62.71.03.1002";

async fn filled(engine: Engine) -> stage::Stage {
    let stage = open(engine).await;
    let riak = kim::testing::active(&stage.kit, "riak", SEBERANG).await;
    let menteng = kim::testing::active(&stage.kit, "menteng", MENTENG).await;
    let week = 7 * base::clock::DAY;
    let banjir = "<p>Banjir merendam titian kampung sejak pagi.</p>";
    New { title: "Banjir di Seberang", body: banjir, category: "kebencanaan", ..New::of("banjir-seberang", riak, SEBERANG) }
        .add(&stage)
        .await;
    New { title: "Banjir surut", body: banjir, at: stage::START - week, ..New::of("banjir-surut", menteng, MENTENG) }
        .add(&stage)
        .await;
    New { title: "Lomba tari", body: "<p>Anak menari.</p>", category: "budaya", ..New::of("lomba-tari", menteng, MENTENG) }
        .add(&stage)
        .await;
    New { title: "Banjir rahasia", status: "draft", ..New::of("rahasia", riak, SEBERANG) }.add(&stage).await;
    stage.settle().await;
    stage
}

#[both::both]
async fn people_find_and_narrow_down(engine: Engine) {
    let stage = filled(engine).await;
    let mut client = stage.client();
    let page = client.get("/cari?q=banjir").await.expect(200);
    sound(&page);
    let mut found = stories(&page);
    found.sort();
    assert_eq!(found, ["/kabar/banjir-seberang", "/kabar/banjir-surut"]);
    assert!(page.count("article mark") >= 2, "the words found are marked");
    assert!(page.main().contains("2 hasil") && page.main().contains("Pahandut (1)"), "{}", page.main());
    assert_eq!(page.count("meta[name=robots]"), 1);
    for (path, found) in [
        ("/cari?q=banjir&wilayah=62.71.01", vec!["/kabar/banjir-seberang"]),
        ("/cari?q=banjir&kim=menteng", vec!["/kabar/banjir-surut"]),
        ("/cari?q=banjir&kategori=kebencanaan", vec!["/kabar/banjir-seberang"]),
        ("/cari?q=banjir&dari=2026-11-20", vec!["/kabar/banjir-seberang"]),
        ("/cari?q=banjir&sampai=2026-11-20", vec!["/kabar/banjir-surut"]),
        ("/cari?kategori=budaya", vec!["/kabar/lomba-tari"]),
        ("/cari?q=banjir&jenis=kim", vec![]),
        ("/cari?q=banjir&dari=kemarin&lanjut=rusak", vec!["/kabar/banjir-seberang", "/kabar/banjir-surut"]),
    ] {
        let page = client.get(path).await.expect(200);
        sound(&page);
        let mut shown = stories(&page);
        shown.sort();
        assert_eq!(shown, found, "{path}");
    }
    let page = client.get("/cari?q=banjir&wilayah=62.71.01").await;
    assert_eq!(page.attribute(".chip", "href").as_deref(), Some("/cari?q=banjir"));
    let place = client.get("/cari?q=menteng").await;
    assert_eq!(place.attribute(".links a", "href").as_deref(), Some("/wilayah/62.71.03.1002"));
    let typo = client.get("/cari?q=banjirr").await.expect(200);
    assert!(typo.main().contains("Maksud Anda banjir"), "{}", typo.main());
    let nothing = client.get("/cari?q=xyzzyx").await.expect(200);
    assert!(nothing.main().contains("Belum ketemu"));
    for path in ["/cari?q=a&wilayah=99", "/cari?q=a&kim=x"] {
        client.get(path).await.expect(404);
    }
    stage.done().await;
}

#[both::both]
async fn programs_find_the_same(engine: Engine) {
    let stage = filled(engine).await;
    let mut client = stage.client();
    let answer = client.get("/api/v1/search?q=banjir").await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let page = answer.json();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(2));
    assert!(page["next"].is_null());
    let item = &page["items"][0];
    let mut members: Vec<&String> = item.as_object().expect("an object").keys().collect();
    members.sort();
    assert_eq!(members, ["excerpt", "id", "kind", "score", "slug", "title", "url"]);
    assert!(item["score"].is_number() && item["id"].is_number());
    assert!(item["excerpt"].as_str().expect("text").contains("<mark>"));

    for (name, list) in [("after", "q=banjir"), ("next", "q=banjir"), ("next", "kind=article,kim")] {
        let whole = client.get(&format!("/api/v1/search?{list}")).await.expect(200).json();
        let whole = whole["items"].as_array().expect("items").clone();
        let (mut found, mut path) = (Vec::new(), format!("/api/v1/search?{list}&limit=1"));
        loop {
            let page = client.get(&path).await.expect(200).json();
            found.extend(page["items"].as_array().expect("items").clone());
            assert!(found.len() <= whole.len(), "{list} goes round by {name}");
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/search?{list}&limit=1&{name}={next}");
        }
        assert_eq!(found, whole, "{list} by {name}");
    }

    for (query, count) in [
        ("q=banjir&kind=article", 2),
        ("q=banjir&kind=kim,article", 2),
        ("q=banjir&kind=kim&kind=article", 2),
        ("q=banjir&kind=tidak-ada", 0),
        ("q=banjir&region=62.71.01", 1),
        ("q=banjir&region=62.71", 2),
        ("q=banjir&region=62.7", 0),
        ("q=banjir&kim=menteng", 1),
        ("q=banjir&from=2026-11-20", 1),
        ("q=banjir&until=2026-11-20T00:00:00Z", 1),
        ("q=xyzzyx", 0),
        ("kind=article", 3),
    ] {
        let page = client.get(&format!("/api/v1/search?{query}")).await.expect(200).json();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(count), "{query}");
    }
    for query in [
        "limit=0",
        "limit=51",
        "limit=x",
        "from=kemarin",
        "q=banjir&until=2026-13-01",
        "q=banjir&after=rusak",
        "q=banjir&next=1.2",
        "facets=ya",
    ] {
        client.get(&format!("/api/v1/search?{query}")).await.expect(422);
    }
    client.get("/api/v1/search?limit=50").await.expect(200);
    stage.done().await;
}

#[both::both]
async fn programs_count_what_was_found(engine: Engine) {
    let stage = filled(engine).await;
    let mut client = stage.client();
    for plain in ["q=banjir", "q=banjir&facets=false"] {
        assert!(client.get(&format!("/api/v1/search?{plain}")).await.expect(200).json().get("facets").is_none(), "{plain}");
    }
    let page = client.get("/api/v1/search?q=banjir&facets=true&limit=1").await.expect(200).json();
    let one = |value: &str, name: &str| serde_json::json!({ "value": value, "name": name, "count": 1 });
    let facets = serde_json::json!({
        "kind": [{ "value": "article", "name": "Kabar", "count": 2 }],
        "region": [one("62.71.01", "Pahandut"), one("62.71.03", "Jekan Raya")],
        "kim": [one("menteng", "KIM Menteng"), one("riak", "KIM Riak")],
        "category": [one("kabar", "Kabar warga"), one("kebencanaan", "Kebencanaan")],
    });
    assert_eq!(page["facets"], facets, "of all pages");
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    for name in ["kind", "region", "kim", "category"] {
        for value in facets[name].as_array().expect("values") {
            let narrowed = format!("/api/v1/search?q=banjir&{name}={}", value["value"].as_str().expect("a value"));
            let items = client.get(&narrowed).await.expect(200).json()["items"].as_array().map(Vec::len);
            assert_eq!(items.map(|n| n as u64), value["count"].as_u64(), "{narrowed}");
        }
    }
    let page = client.get("/api/v1/search?category=budaya&facets=true").await.expect(200).json();
    assert_eq!(page["facets"]["kim"], serde_json::json!([one("menteng", "KIM Menteng")]));
    let described = serde_json::to_value(stage.app.openapi()).expect("a description");
    let told = described["paths"]["/api/v1/search"]["get"]["parameters"].as_array().expect("parameters");
    for name in ["category", "facets", "after", "next"] {
        assert!(told.iter().any(|one| one["name"] == name), "{name} is not described");
    }
    stage.done().await;
}
