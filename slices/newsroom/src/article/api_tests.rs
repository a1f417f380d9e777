//! Stories sent by script.
use base::authz::Scope;
use base::sql;
use both::both;
use people::roles::{EDITOR, MEMBER};
use serde_json::{Value, json};
use stage::{Client, Engine};

use super::*;
use crate::testing::City;

async fn client(city: &City, role: base::authz::Role, group: i64, scopes: &[&str]) -> Client {
    let (id, _) = city.person("Skrip", &[(role, Scope::Group(group))]).await;
    let token = people::testing::token(&city.stage.kit, id, scopes).await;
    city.stage.client().bearer(&token)
}

fn sent() -> Value {
    json!({
        "kim": "kim-riak-seberang",
        "title": "Panen sawi tanpa membakar",
        "lead": "Petani Kalampangan memanen sawi di lahan gambut.",
        "body_html": "<h1>Panen</h1><p onclick=x>Sawi dipanen pagi ini.</p><script>alert(1)</script>",
        "category": "pertanian",
        "tags": ["Sawi", "gambut"],
        "language": "id",
        "status": "published",
    })
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().expect("an object").remove(name);
    value
}

fn put(mut value: Value, name: &str, to: Value) -> Value {
    value[name] = to;
    value
}

#[both]
async fn an_editors_token_publishes(engine: Engine) {
    let city = City::open(engine).await;
    let mut script = client(&city, EDITOR, city.kim, &["articles:write"]).await;
    let answer = script.post_json("/api/v1/articles", &sent()).await.expect(201).json();
    assert_eq!(answer["slug"], "panen-sawi-tanpa-membakar");
    assert_eq!(answer["url"], "http://simpul.test/kabar/panen-sawi-tanpa-membakar");
    assert_eq!(answer["status"], "published");
    let id = answer["id"].as_i64().expect("an id");
    let article = city.article(id).await;
    assert_eq!(article.body, "<h2>Panen</h2><p>Sawi dipanen pagi ini.</p>");
    assert_eq!((article.status, article.published_at), (Status::Published, Some(stage::START)));
    assert_eq!(article.tags(), ["sawi", "gambut"]);
    assert_eq!(city.count(sql!("select count(*) as n from newsroom_tag where article_id = $1", id)).await, 2);
    assert_eq!(city.events(id).await, ["published"]);
    let dated = put(put(sent(), "published_at", json!("2026-01-02T03:04:05+07:00")), "status", json!("published"));
    let id = script.post_json("/api/v1/articles", &dated).await.expect(201).json()["id"].as_i64().expect("an id");
    assert_eq!(city.article(id).await.published_at, Some(1_767_297_845_000_000));
    let plain = without(without(without(without(sent(), "status"), "tags"), "category"), "language");
    let answer = script.post_json("/api/v1/articles", &plain).await.expect(201).json();
    assert_eq!(answer["status"], "draft");
    assert_eq!(answer["slug"], "panen-sawi-tanpa-membakar-3");
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn the_same_key_answers_the_same(engine: Engine) {
    let city = City::open(engine).await;
    let script = client(&city, EDITOR, city.kim, &["articles:write"]).await;
    let mut keyed = script.clone().header("idempotency-key", "satu");
    let first = keyed.post_json("/api/v1/articles", &sent()).await.expect(201);
    let second = keyed.post_json("/api/v1/articles", &sent()).await.expect(201);
    assert_eq!(first.json(), second.json());
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(city.count(sql!("select count(*) as n from newsroom_article")).await, 1);
    let other = keyed.post_json("/api/v1/articles", &put(sent(), "title", json!("Lain"))).await.expect(422).json();
    assert_eq!(other["status"], 422);
    city.stage.done().await;
}

#[both]
async fn what_is_wrong_is_named(engine: Engine) {
    let city = City::open(engine).await;
    let mut script = client(&city, EDITOR, city.kim, &["articles:write"]).await;
    let cases = [
        ("kim", json!("tidak-ada")),
        ("title", json!("")),
        ("title", json!("x".repeat(121))),
        ("lead", json!("")),
        ("lead", json!("x".repeat(301))),
        ("body_html", json!("<script>x</script>")),
        ("body_html", json!("x".repeat(60_001))),
        ("category", json!("gosip")),
        ("language", json!("xx")),
        ("tags", json!(["a", "b", "c", "d", "e", "f", "g", "h", "i"])),
        ("tags", json!(["x".repeat(31)])),
        ("published_at", json!("kemarin")),
        ("published_at", json!("2126-01-01T00:00:00Z")),
        ("status", json!("siap")),
    ];
    for (name, value) in cases {
        let answer = script.post_json("/api/v1/articles", &put(sent(), name, value.clone())).await;
        let text = answer.text();
        assert_eq!(answer.header("content-type"), "application/problem+json", "{name} {text}");
        let problem = answer.expect(422).json();
        assert_eq!(problem["errors"][0]["field"], name, "{value}: {text}");
        assert!(!problem["errors"][0]["message"].as_str().expect("words").starts_with("newsroom-"), "{text}");
    }
    for unreadable in [put(sent(), "titel", json!("x")), put(sent(), "tags", json!("a")), without(sent(), "title"), json!([])] {
        let problem = script.post_json("/api/v1/articles", &unreadable).await.expect(422).json();
        assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1), "{problem}");
    }
    assert_eq!(city.count(sql!("select count(*) as n from newsroom_article")).await, 0);
    city.stage.done().await;
}

#[both]
async fn others_are_refused(engine: Engine) {
    let city = City::open(engine).await;
    city.stage.client().post_json("/api/v1/articles", &sent()).await.expect(401);
    client(&city, EDITOR, city.other, &["articles:write"]).await.post_json("/api/v1/articles", &sent()).await.expect(403);
    client(&city, EDITOR, city.kim, &[]).await.post_json("/api/v1/articles", &sent()).await.expect(403);
    let mut member = client(&city, MEMBER, city.kim, &["articles:write"]).await;
    member.post_json("/api/v1/articles", &sent()).await.expect(403);
    let answer = member.post_json("/api/v1/articles", &put(sent(), "status", json!("draft"))).await.expect(201).json();
    assert_eq!(answer["status"], "draft");
    let closed = kim::testing::in_status(&city.stage.kit, "kim-baru", "62.71.01.1006", kim::Status::Draft).await;
    let mut early = client(&city, EDITOR, closed, &["articles:write"]).await;
    early.post_json("/api/v1/articles", &put(sent(), "kim", json!("kim-baru"))).await.expect(409);
    city.stage.done().await;
}

#[both]
async fn the_region_reads_first_where_it_wants_to(engine: Engine) {
    let city = City::open(engine).await;
    city.wants_approval().await;
    let (officer, _) = city.person("Pembina", &[(people::roles::FOSTERING, Scope::Region("62.71".into()))]).await;
    let mut script = client(&city, EDITOR, city.kim, &["articles:write"]).await;
    let answer = script.post_json("/api/v1/articles", &sent()).await.expect(201).json();
    assert_eq!(answer["status"], "approval");
    let id = answer["id"].as_i64().expect("an id");
    assert_eq!(city.article(id).await.published_at, None);
    assert_eq!(city.events(id).await, ["approved"]);
    assert_eq!(city.last_data(id).await["notify"], json!([officer]));
    city.stage.settle().await;
    city.stage.done().await;
}

#[test]
fn is_described_beside_reading() {
    let api = serde_json::to_value((crate::slice().openapi.expect("a description"))()).expect("json");
    let path = &api["paths"]["/api/v1/articles"];
    assert!(path["post"].is_object() && path["get"].is_object(), "{path}");
    assert!(api["components"]["schemas"]["NewArticle"].is_object());
}
