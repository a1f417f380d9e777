//! Answers that are not the page asked for: the way to the login, wrong methods, what took too long,
//! what the caller has already. On a slice made for it.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use base::Later;
use both::both;
use stage::{Engine, Stage};
use web::slice::post;
use web::{Access, Slice};

async fn nothing() -> &'static str {
    ""
}

fn slice() -> Slice {
    Slice { name: "test", routes: vec![post("/simpan", Access::Account, nothing)], ..Slice::default() }
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
