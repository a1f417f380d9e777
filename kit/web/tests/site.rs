//! The web platform: headers, errors, the page cache, compression, health. On a slice made for it.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use std::sync::{Arc, Mutex};
use std::time::Duration;

use askama::Template;
use async_trait::async_trait;
use axum::response::Response;
use base::events::Listener;
use base::{Event, Kit, Later, Tx};
use both::both;
use stage::{Engine, Stage};
use web::slice::{get, post};
use web::{Access, Ctx, Error, Form, Page, Slice, json};

#[derive(Template)]
#[template(source = "<h1>{{ text }}</h1>", ext = "html")]
struct Show {
    text: String,
}

async fn count(ctx: Ctx) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let n = base::events::newest(&mut conn).await?;
    let text = format!("{n} {}", "kata ".repeat(300));
    Ok(ctx.page("Hitung", &Show { text })?.tags(vec!["things".into()]))
}

async fn broken() -> web::Result<Page> {
    Err(Error::Broken(anyhow::anyhow!("rahasia dapur")))
}

async fn panics() -> web::Result<Page> {
    panic!("rahasia dapur")
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Thing {
    nama: String,
}

async fn add(ctx: Ctx, form: Form<Thing>) -> web::Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    tx.emit(Event { title: form.data.nama.clone(), ..Event::new(ctx.now(), "test.thing.added", ("thing", 1)) }).await?;
    ctx.commit(tx, &form, ctx.onward("/hitung", "date-now")).await
}

async fn api_add(ctx: Ctx, headers: axum::http::HeaderMap, body: bytes::Bytes) -> Result<Response, Response> {
    let form = web::form::json::<Thing>(&ctx, &headers, &body).await?;
    let go = async {
        let mut tx = ctx.kit.db.write().await?;
        tx.emit(Event { title: form.data.nama.clone(), ..Event::new(ctx.now(), "test.thing.added", ("thing", 1)) }).await?;
        let answer = json::answer(axum::http::StatusCode::CREATED, &serde_json::json!({ "nama": form.data.nama }))?;
        ctx.commit(tx, &form, answer).await
    };
    go.await.map_err(axum::response::IntoResponse::into_response)
}

fn slice() -> Slice {
    Slice {
        name: "test",
        routes: vec![
            get("/hitung", Access::Public, count).cached(),
            get("/rusak", Access::Public, broken),
            get("/panik", Access::Public, panics),
            get("/api/v1/rusak", Access::Public, broken),
            get("/rahasia", Access::Account, count),
            get("/api/v1/rahasia", Access::Account, count),
            post("/tambah", Access::Public, add),
            post("/api/v1/tambah", Access::Public, api_add),
        ],
        stale: Some(|event| if event.kind.starts_with("test.") { vec!["things".into()] } else { vec![] }),
        ..Slice::default()
    }
}

fn nobody<'a>(_: &'a base::Kit, _: &'a mut base::Conn, _: web::Credential) -> Later<'a, base::Result<Option<web::Who>>> {
    Box::pin(async { Ok(None) })
}

async fn open(engine: Engine) -> Stage {
    Stage::new(engine, vec![slice()], nobody).await
}

async fn happen(kit: &Kit) {
    let mut tx = kit.db.write().await.expect("a transaction");
    tx.emit(Event::new(1, "test.thing.added", ("thing", 1))).await.expect("emitted");
    tx.commit().await.expect("committed");
    base::events::place(&kit.db).await.expect("placed");
}

#[both]
async fn a_cached_page_goes_stale_by_an_event(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    let first = client.get("/hitung").await.expect(200);
    assert!(first.main().starts_with("0 "));
    happen(&stage.kit).await;
    assert!(client.get("/hitung").await.main().starts_with("0 "), "kept");
    let mut seen = 0;
    stage.app.drop_stale(&mut seen).await.expect("dropped");
    assert!(client.get("/hitung").await.main().starts_with("1 "));
    // Another query is another page; HEAD is answered from the same one.
    assert!(client.get("/hitung?a=1").await.main().starts_with("1 "));
    let head = client.send("HEAD", "/hitung", None, vec![]).await.expect(200);
    assert!(head.body.is_empty());
    stage.done().await;
}

#[both]
async fn a_reader_who_has_the_page_gets_304_and_packed_bytes(engine: Engine) {
    let stage = open(engine).await;
    let plain = stage.client().get("/hitung").await.expect(200);
    let etag = plain.header("etag").to_owned();
    assert!(etag.starts_with("W/\""));
    for (accept, encoding) in [("br, gzip", "br"), ("gzip", "gzip"), ("gzip;q=0, identity", "")] {
        let answer = stage.client().header("accept-encoding", accept).get("/hitung").await.expect(200);
        assert_eq!((answer.header("content-encoding"), answer.header("etag")), (encoding, etag.as_str()), "{accept}");
        assert!(encoding.is_empty() || answer.body.len() < plain.body.len() / 3);
        assert!(answer.header("vary").contains("accept-encoding"));
    }
    let known = stage.client().header("if-none-match", &etag).get("/hitung").await.expect(304);
    assert!(known.body.is_empty());
    stage.client().header("if-none-match", "W/\"lain\"").get("/hitung").await.expect(200);
    stage.done().await;
}

#[both]
async fn every_answer_is_armoured(engine: Engine) {
    let stage = open(engine).await;
    let mut nonces = Vec::new();
    for (path, status) in
        [("/hitung?x=1", 200), ("/hitung?x=2", 200), ("/rusak", 500), ("/tidak-ada", 404), ("/api/v1/rusak", 500)]
    {
        let answer = stage.client().get(path).await.expect(status);
        let policy = answer.header("content-security-policy").to_owned();
        for part in ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'nonce-"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(!answer.header("referrer-policy").is_empty() && !answer.header("x-request-id").is_empty());
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        if status == 200 {
            assert!(answer.text().contains(&format!("nonce=\"{nonce}\"")), "the page carries the nonce of its header");
        }
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 5, "each rendering has its own");
    stage.done().await;
}

#[both]
async fn a_failure_tells_a_reference_and_nothing_else(engine: Engine) {
    let stage = open(engine).await;
    for path in ["/rusak", "/panik"] {
        let answer = stage.client().get(path).await.expect(500);
        assert!(!answer.text().contains("rahasia dapur"));
        assert!(answer.main().contains(answer.header("x-request-id")), "{}", answer.main());
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    stage.client().get("/hitung").await.expect(200);
    let missing = stage.client().get("/tidak-ada").await.expect(404);
    assert!(missing.main().contains("Halaman ini tidak ada") && missing.count("form[action='/cari']") == 1);
    let problem = stage.client().get("/api/v1/rusak").await.expect(500);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    assert_eq!(problem.json()["status"], 500);
    assert!(!problem.text().contains("rahasia dapur"));
    stage.client().get("/api/v1/tidak-ada").await.expect(404).json();
    assert_eq!(stage.client().get("/rahasia").await.expect(303).location(), "/masuk?lalu=%2Frahasia");
    stage.client().get("/api/v1/rahasia").await.expect(401).json();
    let english = stage.client().header("accept-language", "en-GB,en").get("/tidak-ada").await.expect(404);
    assert!(english.main().contains("This page does not exist"));
    stage.done().await;
}

async fn events(stage: &Stage) -> i64 {
    let mut conn = stage.read().await;
    conn.int(base::sql!("select count(*) as n from base_event where kind = 'test.thing.added'")).await.expect("a count")
}

#[both]
async fn one_key_acts_once_in_forms_and_in_the_api(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    for _ in 0..3 {
        client.post_with_key("/tambah", "kunci-0001", &[("nama", "satu")]).await.expect(303);
    }
    client.post_with_key("/tambah", "kunci-0001", &[("nama", "dua")]).await.expect(422);
    assert_eq!(events(&stage).await, 1);
    let body = serde_json::json!({ "nama": "tiga" });
    let first = stage.client().header("idempotency-key", "k-1").post_json("/api/v1/tambah", &body).await.expect(201);
    let again = stage.client().header("idempotency-key", "k-1").post_json("/api/v1/tambah", &body).await.expect(201);
    assert_eq!((first.text(), again.header("idempotency-replayed")), (again.text(), "true"));
    let other = serde_json::json!({ "nama": "empat" });
    stage.client().header("idempotency-key", "k-1").post_json("/api/v1/tambah", &other).await.expect(422);
    stage.client().post_json("/api/v1/tambah", &other).await.expect(201);
    let broken = stage.client().send("POST", "/api/v1/tambah", Some("application/json"), b"{".to_vec()).await.expect(422);
    assert_eq!(broken.header("content-type"), "application/problem+json");
    assert_eq!(events(&stage).await, 3);
    stage.done().await;
}

/// Many at once with one key: one acts; the others get its answer or are told to wait.
#[both]
async fn racing_sends_act_once(engine: Engine) {
    let stage = open(engine).await;
    let sends = (0..12).map(|_| {
        let mut client = stage.client();
        tokio::spawn(async move { client.post_with_key("/tambah", "kunci-lomba", &[("nama", "x")]).await.status.as_u16() })
    });
    let mut seen = Vec::new();
    for send in sends.collect::<Vec<_>>() {
        seen.push(send.await.expect("joined"));
    }
    assert!(seen.contains(&303) && seen.iter().all(|status| matches!(status, 303 | 409)), "{seen:?}");
    assert_eq!(events(&stage).await, 1);
    stage.done().await;
}

#[both]
async fn health_tells_the_process_from_its_readiness(engine: Engine) {
    let stage = open(engine).await;
    assert_eq!(stage.client().get("/healthz").await.expect(200).text(), "ok");
    assert_eq!(stage.client().get("/readyz").await.expect(200).text(), "ok");
    stage.kit.db.close().await;
    stage.client().get("/healthz").await.expect(200);
    assert!(stage.client().get("/readyz").await.expect(503).text().contains("database"));
}

#[both]
async fn a_body_too_large_is_refused(engine: Engine) {
    let stage = open(engine).await;
    let large = "a".repeat(300 * 1024);
    let answer = stage.client().post("/tambah", &[("nama", &large)]).await.expect(422);
    assert!(answer.main().contains("terlalu besar"), "{}", answer.main());
    assert_eq!(events(&stage).await, 0);
    stage.done().await;
}

/// Hears everything in its own way.
struct Ear(&'static str, fn() -> base::Result<()>);

#[async_trait]
impl Listener for Ear {
    fn name(&self) -> &'static str {
        self.0
    }
    fn wants(&self, kind: &str) -> bool {
        kind == "test.thing.added"
    }
    async fn hear(&self, _tx: &mut Tx, _event: &Event) -> base::Result<()> {
        (self.1)()
    }
    async fn forget(&self, _tx: &mut Tx) -> base::Result<()> {
        Ok(())
    }
}

#[both]
async fn a_listener_that_fails_holds_up_nobody_else(engine: Engine) {
    let stumbles: fn() -> base::Result<()> = || Err(anyhow::anyhow!("tersandung").into());
    let listeners: Vec<Arc<dyn Listener>> = vec![
        Arc::new(Ear("test.stumbles", stumbles)),
        Arc::new(Ear("test.panics", || panic!("aduh"))),
        Arc::new(Ear("test.hears", || Ok(()))),
    ];
    let stage = Stage::new(engine, vec![Slice { listeners, ..slice() }], nobody).await;
    let mut client = stage.client();
    assert!(client.get("/hitung").await.expect(200).main().starts_with("0 "));
    let following = tokio::spawn(stage.app.clone().follow());
    // It may begin only after the first events, so they go on until a page shows one.
    for round in 0.. {
        assert!(round < 200, "the page stays old");
        happen(&stage.kit).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        if !client.get("/hitung").await.expect(200).main().starts_with("0 ") {
            break;
        }
    }
    for round in 0.. {
        let mut conn = stage.read().await;
        let newest = base::events::newest(&mut conn).await.expect("the newest");
        let cursors = base::events::cursors(&mut conn).await.expect("cursors");
        drop(conn);
        let at = |name: &str| cursors.iter().find(|cursor| cursor.listener == name).map_or(0, |cursor| cursor.position);
        assert_eq!((at("test.stumbles"), at("test.panics")), (0, 0), "who failed stays where it was");
        if at("test.hears") == newest && stage.kit.index.position() == newest {
            break;
        }
        assert!(round < 200, "the others and search stay behind");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    following.abort();
    // Ended by us.
    let _ = following.await;
    let error = stage.app.catch_up().await.expect_err("two fail").to_string();
    assert!(error.contains("test.stumbles: tersandung") && error.contains("test.panics: panicked"), "{error}");
    stage.done().await;
}

#[both]
async fn a_rebuild_tells_how_far_it_is(engine: Engine) {
    let ear = |name| -> Arc<dyn Listener> { Arc::new(Ear(name, || Ok(()))) };
    let stage = Stage::new(engine, vec![Slice { listeners: vec![ear("test.one"), ear("test.two")], ..slice() }], nobody).await;
    for _ in 0..3 {
        happen(&stage.kit).await;
    }
    let told = Mutex::new(Vec::new());
    let progress = |done: u64, all: u64| told.lock().unwrap().push((done, all));
    assert_eq!(stage.app.rebuild_listeners_telling(&progress).await.expect("rebuilt"), [("test.one", 3), ("test.two", 3)]);
    assert_eq!(stage.app.rebuild_search(&progress).await.expect("rebuilt"), Some(3));
    assert_eq!(*told.lock().unwrap(), [(3_u64, 6_u64), (6, 6), (3, 3)]);
    stage.done().await;
}
