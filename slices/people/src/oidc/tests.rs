//! A provider that the tests start: discovery, token endpoint, signed identities; the test plays the browser.
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base::clock::{MINUTE, SECOND};
use both::both;
use openidconnect::core::{CoreHmacKey, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm};
use openidconnect::{Audience, EmptyAdditionalClaims, IssuerUrl, Nonce, StandardClaims, SubjectIdentifier};
use serde_json::json;
use stage::{Client, Engine, Stage};

use crate::session::tests::register;

const SECRET: &str = "a shared secret of the provider, long enough";

/// What the next identity says.
#[derive(Clone, Default)]
struct Said {
    issuer: String,
    subject: String,
    nonce: String,
    audience: String,
    verifiers: Vec<String>,
    /// When the person logged in at the provider, in seconds.
    logged_in: Option<i64>,
    /// Signed with another key.
    forged: bool,
}

type Shared = Arc<Mutex<Said>>;

async fn discovery(State(said): State<Shared>) -> Json<serde_json::Value> {
    let issuer = said.lock().expect("said").issuer.clone();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256"],
    }))
}

#[allow(clippy::disallowed_methods, reason = "the library compares with the machine's clock")]
async fn token(State(said): State<Shared>, Form(sent): Form<Vec<(String, String)>>) -> Json<serde_json::Value> {
    let mut said = said.lock().expect("said");
    let verifier = sent.iter().find(|(name, _)| name == "code_verifier").map(|(_, value)| value.clone());
    said.verifiers.extend(verifier);
    let now = chrono::Utc::now();
    let claims = CoreIdTokenClaims::new(
        IssuerUrl::new(said.issuer.clone()).expect("an issuer"),
        vec![Audience::new(said.audience.clone())],
        now + chrono::TimeDelta::minutes(5),
        now,
        StandardClaims::new(SubjectIdentifier::new(said.subject.clone())),
        EmptyAdditionalClaims {},
    )
    .set_nonce(Some(Nonce::new(said.nonce.clone())))
    .set_auth_time(said.logged_in.and_then(|at| chrono::DateTime::from_timestamp(at, 0)));
    let key = CoreHmacKey::new(if said.forged { "another key, as long as the shared one is" } else { SECRET });
    let token = CoreIdToken::new(claims, &key, CoreJwsSigningAlgorithm::HmacSha256, None, None).expect("a token");
    Json(json!({ "access_token": "x", "token_type": "bearer", "id_token": token.to_string() }))
}

async fn open(engine: Engine, joins: bool) -> (Stage, Shared) {
    let said = Shared::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let issuer = format!("http://{}", listener.local_addr().expect("an address"));
    *said.lock().expect("said") = Said { issuer: issuer.clone(), audience: "simpul".into(), ..Said::default() };
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/keys", get(async || Json(json!({ "keys": [] }))))
        .route("/token", post(token))
        .with_state(said.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let stage = Stage::set(engine, vec![crate::slice()], crate::identify, |config| {
        config.providers.push(base::config::Provider {
            name: "uji".into(),
            title: "SSO Uji".into(),
            issuer,
            client_id: "simpul".into(),
            client_secret: SECRET.into(),
            register: joins,
            ..base::config::Provider::default()
        });
    })
    .await;
    (stage, said)
}

/// Goes to the provider as `subject`; returns the way back.
async fn travel(client: &mut Client, said: &Shared, subject: &str) -> String {
    travel_by(client, said, subject, "lalu=%2Fakun").await
}

async fn travel_by(client: &mut Client, said: &Shared, subject: &str, query: &str) -> String {
    let gone = client.get(&format!("/masuk/lewat/uji?{query}")).await.expect(303);
    let to = url::Url::parse(gone.location()).expect("an address");
    let of = |name: &str| to.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).expect(name);
    assert_eq!((of("code_challenge_method").as_str(), of("client_id").as_str()), ("S256", "simpul"));
    assert_eq!(of("redirect_uri"), "http://simpul.test/masuk/lewat/uji/kembali");
    let mut said = said.lock().expect("said");
    said.subject = subject.into();
    said.nonce = of("nonce");
    format!("/masuk/lewat/uji/kembali?code=c&state={}", of("state"))
}

#[both]
async fn a_person_of_an_organisation_links_logs_in_and_unlinks(engine: Engine) {
    let (stage, said) = open(engine, false).await;
    register(&stage, "+6281234567890", "lima kata yang acak").await;
    let mut stranger = stage.client();
    let back = travel(&mut stranger, &said, "p-1").await;
    assert_eq!(stranger.get(&back).await.expect(303).location(), "/masuk", "nobody is known by this identity");

    let mut owner = stage.client();
    owner.post("/masuk", &[("masuk", "081234567890"), ("sandi", "lima kata yang acak")]).await.expect(303);
    assert!(owner.get("/akun/keamanan").await.main().contains("Hubungkan SSO Uji"));
    let back = travel(&mut owner, &said, "p-1").await;
    assert_eq!(owner.get(&back).await.expect(303).location(), "/akun/keamanan");
    let page = owner.get("/akun/keamanan").await.expect(200);
    let unlink = page.attribute("form[action$='/lepas']", "action").expect("a form");

    let mut client = stage.client();
    assert!(client.get("/masuk").await.main().contains("Masuk lewat SSO Uji"));
    let back = travel(&mut client, &said, "p-1").await;
    assert_eq!(client.get(&back).await.expect(303).location(), "/akun");
    assert!(client.get("/akun").await.expect(200).main().contains("+6281234567890"));
    assert_eq!(said.lock().expect("said").verifiers.len(), 3);
    // A way back works once.
    assert_eq!(stage.client().get(&back).await.expect(303).location(), "/masuk");

    register(&stage, "+6281211112222", "lima kata yang acak").await;
    let mut other = stage.client();
    other.post("/masuk", &[("masuk", "081211112222"), ("sandi", "lima kata yang acak")]).await.expect(303);
    let back = travel(&mut other, &said, "p-1").await;
    other.get(&back).await.expect(303);
    assert!(other.get("/akun/keamanan").await.text().contains("sudah terhubung dengan akun lain"));
    other.post(&unlink, &[]).await.expect(404);
    owner.post(&unlink, &[]).await.expect(303);
    let mut late = stage.client();
    let back = travel(&mut late, &said, "p-1").await;
    assert_eq!(late.get(&back).await.expect(303).location(), "/masuk");
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_forged_way_back_opens_nothing(engine: Engine) {
    let (stage, said) = open(engine, true).await;
    let mut client = stage.client();
    let back = travel(&mut client, &said, "p-2").await;
    assert_eq!(client.get("/masuk/lewat/uji/kembali?code=c&state=salah").await.expect(303).location(), "/masuk");
    assert_eq!(client.get(&back).await.expect(303).location(), "/masuk", "the journey ended with the wrong try");
    for spoil in [|said: &mut Said| said.nonce = "lain".into(), |said: &mut Said| said.audience = "orang lain".into()] {
        let back = travel(&mut client, &said, "p-2").await;
        spoil(&mut said.lock().expect("said"));
        assert_eq!(client.get(&back).await.expect(303).location(), "/masuk");
    }
    let mut honest = said.lock().expect("said").clone();
    honest.audience = "simpul".into();
    *said.lock().expect("said") = honest;
    let back = travel(&mut client, &said, "p-2").await;
    said.lock().expect("said").forged = true;
    assert_eq!(client.get(&back).await.expect(303).location(), "/masuk", "a wrong signature");
    said.lock().expect("said").forged = false;
    let issuer = said.lock().expect("said").issuer.clone();
    let back = travel(&mut client, &said, "p-2").await;
    said.lock().expect("said").issuer = "https://lain.contoh.id".into();
    assert_eq!(client.get(&back).await.expect(303).location(), "/masuk", "another issuer");
    said.lock().expect("said").issuer = issuer;
    client.get("/masuk/lewat/tidak-ada").await.expect(404);
    let back = travel(&mut client, &said, "p-2").await;
    assert_eq!(client.get(&back).await.expect(303).location(), "/akun", "a newcomer joins where the provider may");
    assert!(client.get("/akun").await.expect(200).text().contains("SSO Uji"));
    stage.settle().await;
    stage.done().await;
}

#[test]
fn a_provider_of_a_region_is_offered_there() {
    let of = |region: &str| base::config::Provider { region: region.into(), ..base::config::Provider::default() };
    let near = |provider: &str, chosen: &str| super::is_near(&of(provider), chosen);
    assert!(near("62", "62.71") && near("62", "62") && near("", "31") && near("62", ""));
    assert!(!near("62", "31.71") && !near("62.71", "62.72"));
}

#[both]
async fn who_has_only_a_provider_proves_through_it(engine: Engine) {
    let (stage, said) = open(engine, true).await;
    let mut client = stage.client();
    let back = travel(&mut client, &said, "p-3").await;
    client.get(&back).await.expect(303);
    client.get("/akun/kontak").await.expect(200);
    stage.kit.clock.advance(11 * MINUTE);
    assert!(client.get("/akun/kontak").await.expect(303).location().starts_with("/akun/buktikan"));
    let page = client.get("/akun/buktikan?lalu=%2Fakun%2Fkontak").await.expect(200);
    assert!(page.text().contains("/masuk/lewat/uji?bukti=1"));
    client.post("/akun/buktikan", &[("lalu", "/akun/kontak"), ("sandi", "-")]).await.expect(403);

    let query = "bukti=1&lalu=%2Fakun%2Fkontak";
    let at = stage.kit.clock.now() / SECOND;
    let back = travel_by(&mut client, &said, "p-3", query).await;
    said.lock().expect("said").logged_in = Some(at - 600);
    client.get(&back).await.expect(303);
    client.get("/akun/kontak").await.expect(303);
    let back = travel_by(&mut client, &said, "p-4", query).await;
    said.lock().expect("said").logged_in = Some(at);
    assert_eq!(client.get(&back).await.expect(303).location(), "/akun/keamanan", "another person of the provider");
    client.get("/akun/kontak").await.expect(303);
    let back = travel_by(&mut client, &said, "p-3", query).await;
    assert_eq!(client.get(&back).await.expect(303).location(), "/akun/kontak");
    client.get("/akun/kontak").await.expect(200);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn whichever_way_an_invited_person_comes_they_wait(engine: Engine) {
    let (stage, said) = open(engine, true).await;
    let secret = crate::invite::tests::poster(&stage).await;
    let mut client = stage.client();
    client.get(&format!("/gabung/{secret}")).await.expect(303);
    let back = travel(&mut client, &said, "p-5").await;
    client.get(&back).await.expect(303);
    assert_eq!(client.get("/meja").await.expect(303).location(), "/gabung");
    let mut other = stage.client();
    other.get(&format!("/gabung/{secret}")).await.expect(303);
    let sent = [("nama", "Warga"), ("masuk", "warga-lain"), ("sandi", "rakit hanyut di kahayan")];
    assert_eq!(other.post("/daftar", &sent).await.expect(303).location(), "/gabung");
    assert_eq!(other.get("/meja").await.expect(303).location(), "/gabung");
    stage.settle().await;
    stage.done().await;
}
