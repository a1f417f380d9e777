//! Answers that are not the page asked for: the way to the login, wrong methods, what took too long,
//! what the caller has already. On a slice made for it.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use base::Later;
use both::both;
use bytes::Bytes;
use stage::{Engine, Stage};
use tower::ServiceExt;
use web::slice::{get, post};
use web::{Access, Ctx, Slice, json};

async fn nothing() -> &'static str {
    ""
}

async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_secs(600)).await;
    ""
}

async fn number(ctx: Ctx) -> web::Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    json::public(&base::events::newest(&mut conn).await?)
}

fn slice() -> Slice {
    let routes = vec![
        get("/baca", Access::Public, nothing),
        get("/lambat", Access::Public, slow),
        get("/arsip/{*lama}", Access::Public, nothing),
        get("/api/v1/lambat", Access::Public, slow),
        get("/api/v1/jumlah", Access::Public, number),
        post("/simpan", Access::Account, nothing),
        post("/api/v1/simpan", Access::Account, nothing),
    ];
    Slice { name: "test", routes, ..Slice::default() }
}

fn nobody<'a>(_: &'a base::Kit, _: &'a mut base::Conn, _: web::Credential) -> Later<'a, base::Result<Option<web::Who>>> {
    Box::pin(async { Ok(None) })
}

async fn open(engine: Engine) -> Stage {
    Stage::new(engine, vec![slice()], nobody).await
}

#[both]
async fn a_form_sent_too_late_leads_back_to_its_page(engine: Engine) {
    let stage = open(engine).await;
    let mut sent = stage.client();
    assert_eq!(sent.post("/simpan", &[]).await.expect(303).location(), "/masuk?lalu=%2Fmeja");
    for (from, to) in [
        ("http://simpul.test/tulis?kim=riak#isi", "/masuk?lalu=%2Ftulis%3Fkim%3Driak"),
        ("http://SIMPUL.test:8080/tulis", "/masuk?lalu=%2Ftulis"),
        ("http://lain.test/tulis", "/masuk?lalu=%2Fmeja"),
        ("http://simpul.test//lain.test/tulis", "/masuk?lalu=%2Fmeja"),
        ("bukan alamat", "/masuk?lalu=%2Fmeja"),
    ] {
        let mut sent = stage.client().header("referer", from);
        assert_eq!(sent.post("/simpan", &[]).await.expect(303).location(), to, "{from}");
    }
    stage.done().await;
}

#[both]
async fn a_method_that_an_address_does_not_have_is_named(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    for (method, path, allow) in
        [("GET", "/simpan", "POST"), ("POST", "/baca", "GET,HEAD"), ("DELETE", "/baca", "GET,HEAD"), ("PUT", "/simpan", "POST")]
    {
        let answer = client.send(method, path, None, vec![]).await.expect(405);
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
        assert!(answer.main().contains("tidak bisa dibuka begitu saja"), "{}", answer.main());
    }
    let problem = client.get("/api/v1/simpan").await.expect(405);
    assert_eq!((problem.header("content-type"), problem.header("allow")), ("application/problem+json", "POST"));
    assert_eq!(problem.json()["status"], 405);
    // An address that only a route for every address takes is simply not there.
    client.get("/arsip/apa").await.expect(200);
    for path in ["/arsip/apa", "/tidak-ada"] {
        client.send("POST", path, None, vec![]).await.expect(404);
    }
    stage.done().await;
}

async fn ask(router: &Router, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().uri(path).header("host", "simpul.test").body(Body::empty()).expect("a request");
    let (parts, body) = router.clone().oneshot(request).await.expect("an answer").into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
}

#[both]
async fn what_takes_too_long_is_given_up_with_a_page_of_its_own(engine: Engine) {
    let stage = open(engine).await;
    let router = stage.app.router_within(Duration::from_millis(50));
    let (status, headers, page) = ask(&router, "/lambat").await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    assert!(page.contains("Terlalu lama") && headers.contains_key("content-security-policy"), "{page}");
    let (status, headers, problem) = ask(&router, "/api/v1/lambat").await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(headers["content-type"], "application/problem+json");
    assert!(problem.contains("408") && headers.contains_key("x-request-id"), "{problem}");
    assert_eq!(ask(&router, "/baca").await.0, StatusCode::OK);
    stage.done().await;
}

#[both]
async fn a_picture_is_looked_for_before_it_counts_as_known(engine: Engine) {
    let stage = open(engine).await;
    let (key, path) = (base::pictures::key("abcdef-320.webp"), "/media/abcdef-320.webp");
    stage.kit.blobs.put(&key, Bytes::from_static(b"gambar")).await.expect("stored");
    let first = stage.client().get(path).await.expect(200);
    assert_eq!((first.header("content-type"), first.text().as_str()), ("image/webp", "gambar"));
    let etag = first.header("etag");
    let knowing = |etag: &str| stage.client().header("if-none-match", etag);
    let known = knowing(etag).get(path).await.expect(304);
    assert!(known.body.is_empty() && known.header("etag") == etag);
    knowing("\"lain\"").get(path).await.expect(200);
    for other in ["/media/tidak-ada-320.webp", "/media/abcdef-320.png"] {
        knowing("*").get(other).await.expect(404);
    }
    stage.kit.blobs.delete(&key).await.expect("deleted");
    knowing(etag).get(path).await.expect(404);
    stage.done().await;
}

#[both]
async fn public_json_says_when_the_caller_has_it_already(engine: Engine) {
    let stage = open(engine).await;
    let first = stage.client().get("/api/v1/jumlah").await.expect(200);
    let etag = first.header("etag");
    assert!(etag.starts_with("W/\""), "{etag}");
    let knowing = |etag: &str| stage.client().header("if-none-match", etag);
    let known = knowing(etag).get("/api/v1/jumlah").await.expect(304);
    assert!(known.body.is_empty() && known.header("content-type").is_empty());
    assert_eq!((known.header("etag"), known.header("access-control-allow-origin")), (etag, "*"));
    knowing("W/\"lain\"").get("/api/v1/jumlah").await.expect(200);
    let mut tx = stage.write().await;
    tx.emit(base::Event::new(1, "test.thing.added", ("thing", 1))).await.expect("emitted");
    tx.commit().await.expect("committed");
    base::events::place(&stage.kit.db).await.expect("placed");
    let newer = knowing(etag).get("/api/v1/jumlah").await.expect(200);
    assert_eq!((newer.text().as_str(), newer.header("etag") == etag), ("1", false));
    stage.done().await;
}
