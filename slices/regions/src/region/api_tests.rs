//! Regions as programs read them.
use stage::{Client, Engine, Stage};

async fn with_sample(engine: Engine) -> Stage {
    let stage = Stage::new(engine, vec![people::slice(), crate::slice()], people::identify).await;
    crate::testing::sample(&stage.kit).await;
    stage
}

#[both::both]
async fn the_api_lists_finds_and_shows(engine: Engine) {
    let stage = with_sample(engine).await;
    let mut client = stage.client();
    let found = client.get("/api/v1/regions?q=palangkaraya&limit=8").await.expect(200).json();
    let city = serde_json::json!({
        "code": "62.71", "name": "Kota Palangka Raya", "kind": "city", "level": 2, "parent": "62", "postal": "",
        "full_name": "Kota Palangka Raya, Kalimantan Tengah", "path": "Kalimantan Tengah",
        "url": "http://simpul.test/wilayah/62.71",
    });
    assert_eq!(found, serde_json::json!({ "items": [city], "next": null }));
    assert_eq!(client.get("/api/v1/regions/62.71").await.expect(200).json(), city);
    let wards = client.get("/api/v1/regions?parent=62.71.01").await.expect(200).json();
    assert_eq!(wards["items"].as_array().unwrap().len(), 6);
    assert_eq!(wards["items"][0]["path"], "Pahandut, Kota Palangka Raya");
    assert_eq!(client.get("/api/v1/regions").await.json()["items"].as_array().unwrap().len(), 3);
    assert_eq!(client.get("/api/v1/regions?parent=62.71&limit=2").await.json()["items"].as_array().unwrap().len(), 2);
    assert_eq!(client.get("/api/v1/regions?q=tanjung&parent=63").await.json()["items"], serde_json::json!([]));
    for limit in ["0", "501", "x", "-1"] {
        client.get(&format!("/api/v1/regions?limit={limit}")).await.expect(422);
    }
    client.get("/api/v1/regions?parent=99").await.expect(404);
    client.get("/api/v1/regions/99").await.expect(404);
    client.get("/api/v1/regions/x").await.expect(404);
    let described = serde_json::to_value(stage.app.openapi()).unwrap();
    assert!(described["paths"]["/api/v1/regions/{code}"]["get"].is_object(), "{described}");
    assert_eq!(described["paths"]["/api/v1/regions"]["get"]["parameters"].as_array().unwrap().len(), 5);
    stage.done().await;
}

/// Every code of a list, page by page, with the name that the cursor is sent by.
async fn walked(client: &mut Client, list: &str, name: &str) -> Vec<String> {
    let (mut codes, mut path) = (Vec::new(), format!("/api/v1/regions?{list}"));
    loop {
        let page = client.get(&path).await.expect(200).json();
        codes.extend(page["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { return codes };
        path = format!("/api/v1/regions?{list}&{name}={next}");
        assert!(codes.len() < 100, "{list} goes round: {codes:?}");
    }
}

#[both::both]
async fn the_api_goes_on_page_by_page(engine: Engine) {
    let stage = with_sample(engine).await;
    let mut client = stage.client();
    for (list, whole) in [
        ("parent=", 3),
        ("parent=62.71", 5),
        ("parent=62.71.01", 6),
        ("q=p", 11),
        ("q=kalimantan", 3),
        ("q=kota+pahandut", 3),
        ("q=pahandut,+pahandut", 2),
        ("q=62.71", 1),
        ("q=tidak+ada", 0),
    ] {
        let all = walked(&mut client, &format!("{list}&limit=500"), "after").await;
        let mut each = all.clone();
        each.sort();
        each.dedup();
        assert_eq!((all.len(), each.len()), (whole, whole), "{list}: {all:?}");
        for name in ["after", "next"] {
            for limit in [1, 2] {
                assert_eq!(walked(&mut client, &format!("{list}&limit={limit}"), name).await, all, "{list} by {name}");
            }
        }
    }
    let page = client.get("/api/v1/regions?parent=62.71&limit=5").await.expect(200).json();
    assert!(page["next"].is_null(), "a full page may be the last");
    for broken in
        ["after=x", "next=x", "after=62.71", "q=pahandut&after=62.71.04", "q=pahandut&next=x", "q=62&after=62", "q=-&next=62"]
    {
        let answer = client.get(&format!("/api/v1/regions?{broken}")).await.expect(422);
        assert_eq!(answer.json()["errors"][0]["field"], "after", "{broken}");
    }
    stage.done().await;
}
