//! Second factors through the router; the test plays the app.
use base::authz::Scope;
use base::clock::{MINUTE, SECOND};
use both::both;
use stage::{Answer, Client, Engine, Stage};

use super::totp;
use crate::roles::EDITOR;
use crate::session::tests::{open, register};
use crate::testing;

const PHONE: &str = "081234567890";
const PASSWORD: &str = "lima kata yang acak sekali";

async fn log_in(client: &mut Client) -> Answer {
    client.post("/masuk", &[("masuk", PHONE), ("sandi", PASSWORD), ("lalu", "/akun")]).await
}

/// Sets up an app; returns the salt of its key and the recovery codes.
async fn set_up(stage: &Stage, client: &mut Client) -> (String, Vec<String>) {
    let page = client.get("/akun/keamanan/aplikasi").await.expect(200);
    let salt = page.attribute("input[name=garam]", "value").expect("a salt");
    client.post("/akun/keamanan/aplikasi", &[("garam", &salt), ("kode", "000000")]).await.expect(422);
    let code = totp::code(&stage.kit, &salt, stage.kit.clock.now());
    let page = client.post("/akun/keamanan/aplikasi", &[("garam", &salt), ("kode", &code)]).await.expect(200);
    let codes: Vec<String> = page
        .main()
        .split_whitespace()
        .filter(|word| word.len() == 14 && word.matches('-').count() == 2)
        .map(str::to_owned)
        .collect();
    assert_eq!(codes.len(), 10, "{}", page.main());
    (salt, codes)
}

#[both]
async fn a_code_is_asked_after_the_password_and_works_once(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", PASSWORD).await;
    let mut owner = stage.client();
    log_in(&mut owner).await.expect(303);
    let mut other = stage.client();
    log_in(&mut other).await.expect(303);
    let (salt, _) = set_up(&stage, &mut owner).await;
    other.get("/akun").await.expect(303);
    owner.get("/akun").await.expect(200);

    stage.kit.clock.advance(MINUTE);
    let mut client = stage.client();
    assert_eq!(log_in(&mut client).await.expect(303).location(), "/masuk/kode");
    assert!(client.get("/akun").await.expect(303).location().starts_with("/masuk"), "half-way is not in");
    client.get("/masuk/kode").await.expect(200);
    client.post("/masuk/kode", &[("kode", "123456")]).await.expect(422);
    let code = totp::code(&stage.kit, &salt, stage.kit.clock.now());
    assert_eq!(client.post("/masuk/kode", &[("kode", &code)]).await.expect(303).location(), "/akun");
    client.get("/akun").await.expect(200);

    let mut thief = stage.client();
    log_in(&mut thief).await.expect(303);
    thief.post("/masuk/kode", &[("kode", &code)]).await.expect(422);
    stage.kit.clock.advance(30 * SECOND);
    let next = totp::code(&stage.kit, &salt, stage.kit.clock.now());
    thief.post("/masuk/kode", &[("kode", &next)]).await.expect(303);
    // Without the password there is no second step.
    assert_eq!(stage.client().post("/masuk/kode", &[("kode", &next)]).await.expect(303).location(), "/masuk");
    stage.settle().await;
    stage.done().await;
}

/// Whoever gave the password has ten minutes for the code; then they begin anew. So has a browser that was
/// asked for a passkey.
#[both]
async fn a_login_half_done_runs_out(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", PASSWORD).await;
    let mut owner = stage.client();
    log_in(&mut owner).await.expect(303);
    let (salt, _) = set_up(&stage, &mut owner).await;
    let steps = async |stage: &Stage| {
        let mut conn = stage.read().await;
        conn.int(base::sql!("select count(*) as n from people_step")).await.expect("a count")
    };
    stage.kit.clock.advance(MINUTE);
    let mut half = stage.client();
    log_in(&mut half).await.expect(303);
    half.post_json("/masuk/kunci/mulai", &serde_json::json!({})).await.expect(200);
    stage.kit.clock.advance(10 * MINUTE - SECOND);
    half.get("/masuk/kode").await.expect(200);
    stage.kit.clock.advance(SECOND);
    // The browser still shows the cookie; the step behind it is over.
    assert!(half.has_cookie("__Host-langkah"));
    assert_eq!(half.get("/masuk/kode").await.expect(303).location(), "/masuk");
    let code = totp::code(&stage.kit, &salt, stage.kit.clock.now());
    assert_eq!(half.post("/masuk/kode", &[("kode", &code)]).await.expect(303).location(), "/masuk");
    assert!(half.get("/akun").await.expect(303).location().starts_with("/masuk"), "half-way is not in");
    let shown = serde_json::json!({ "credential": {
        "id": "AAAA", "rawId": "AAAA", "type": "public-key", "extensions": {},
        "response": { "authenticatorData": "AAAA", "clientDataJSON": "AAAA", "signature": "AAAA", "userHandle": null }
    }});
    half.post_json("/masuk/kunci", &shown).await.expect(422);
    // The code was not used up by the attempt that came too late.
    assert_eq!(log_in(&mut half).await.expect(303).location(), "/masuk/kode");
    assert_eq!(half.post("/masuk/kode", &[("kode", &code)]).await.expect(303).location(), "/akun");
    assert_eq!(steps(&stage).await, 2, "what ran out lies there until the night");
    let mut tx = stage.write().await;
    let now = stage.kit.clock.now();
    base::jobs::enqueue(&mut tx, "people.session.sweep", &serde_json::Value::Null, now, None).await.expect("enqueued");
    tx.commit().await.expect("committed");
    stage.settle().await;
    assert_eq!(steps(&stage).await, 0);
    stage.done().await;
}

#[both]
async fn a_recovery_code_works_once_and_guessing_is_slowed(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", PASSWORD).await;
    let mut owner = stage.client();
    log_in(&mut owner).await.expect(303);
    let (_, codes) = set_up(&stage, &mut owner).await;
    for (code, status) in [(&codes[0], 303), (&codes[0], 422), (&codes[1], 303)] {
        let mut client = stage.client();
        log_in(&mut client).await.expect(303);
        client.post("/masuk/kode", &[("kode", &code.to_uppercase())]).await.expect(status);
    }
    let page = owner.get("/akun/keamanan").await.expect(200);
    assert!(page.main().contains("Masih ada 8 kode"), "{}", page.main());

    let mut guesser = stage.client();
    log_in(&mut guesser).await.expect(303);
    for _ in 0..6 {
        guesser.post("/masuk/kode", &[("kode", "000000")]).await.expect(422);
    }
    guesser.post("/masuk/kode", &[("kode", "000000")]).await.expect(429);
    stage.kit.clock.advance(5 * MINUTE);
    guesser.post("/masuk/kode", &[("kode", &codes[2])]).await.expect(429);
    stage.kit.clock.advance(4 * MINUTE);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn what_guards_an_account_is_changed_after_proof_only(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", PASSWORD).await;
    let mut owner = stage.client();
    log_in(&mut owner).await.expect(303);
    stage.kit.clock.advance(11 * MINUTE);
    for path in ["/akun/keamanan/aplikasi", "/akun/kontak"] {
        let detour = owner.get(path).await.expect(303);
        assert!(detour.location().starts_with("/akun/buktikan?lalu="), "{}", detour.location());
    }
    let detour = owner.post("/akun/kontak", &[("masuk", "budi@contoh.id")]).await.expect(303);
    assert!(detour.location().starts_with("/akun/buktikan"));
    owner.post("/akun/buktikan", &[("lalu", "/akun/kontak"), ("sandi", "salah salah")]).await.expect(422);
    let back = owner.post("/akun/buktikan", &[("lalu", "/akun/kontak"), ("sandi", PASSWORD)]).await.expect(303);
    assert_eq!(back.location(), "/akun/kontak");
    owner.post("/akun/kontak", &[("masuk", "x")]).await.expect(422);
    owner.post("/akun/kontak", &[("masuk", "Budi@Contoh.id")]).await.expect(303);
    let page = owner.get("/akun").await.expect(200).main();
    assert!(page.contains("budi@contoh.id") && page.contains("+6281234567890"), "{page}");

    register(&stage, "+6281211112222", PASSWORD).await;
    owner.post("/akun/kontak", &[("masuk", "0812 1111 2222")]).await.expect(422);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn factors_are_removed_and_the_last_way_in_stays(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", PASSWORD).await;
    let mut owner = stage.client();
    log_in(&mut owner).await.expect(303);
    owner.post("/akun/keamanan/pemulihan", &[]).await.expect(409);
    owner.post("/akun/keamanan/tanpa-sandi", &[]).await.expect(409);
    set_up(&stage, &mut owner).await;
    owner.post("/akun/keamanan/pemulihan", &[]).await.expect(200);
    let page = owner.get("/akun/keamanan").await.expect(200);
    let remove = page.attribute("form[action$='/hapus']", "action").expect("a form");
    let (_, cookie) = testing::person(&stage.kit, "Orang lain", &[]).await;
    let mut stranger = stage.client();
    stranger.cookie("__Host-simpul", &cookie);
    stranger.post(&remove, &[]).await.expect(404);
    owner.post(&remove, &[]).await.expect(303);
    assert!(!owner.get("/akun/keamanan").await.main().contains("Masih ada"));
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn guarded_roles_wait_for_a_factor_and_a_long_password(engine: Engine) {
    let stage = Stage::set(engine, vec![crate::slice()], crate::identify, |config| {
        config.second_factor = "editor, operator".into();
    })
    .await;
    let id = register(&stage, "+6281234567890", PASSWORD).await;
    let mut tx = stage.write().await;
    let now = stage.kit.clock.now();
    crate::grant::give(&mut tx, id, EDITOR, &Scope::Group(1), None, now, None).await.expect("a grant");
    crate::grant::give(&mut tx, id, crate::roles::OPERATOR, &Scope::All, None, now, None).await.expect("a grant");
    tx.commit().await.expect("committed");
    let token = testing::token(&stage.kit, id, &["articles:write"]).await;
    let holds = async |stage: &Stage, credential: web::Credential| {
        let mut conn = stage.read().await;
        let who = crate::identify(&stage.kit, &mut conn, credential).await.expect("read").expect("someone");
        (who.actor.grants.len(), who.withheld)
    };
    let by_token = web::Credential::Token(web::hash(&token));
    assert_eq!(holds(&stage, by_token.clone()).await, (0, true));

    let mut owner = stage.client();
    log_in(&mut owner).await.expect(303);
    owner.get("/kelola").await.expect(403);
    assert!(owner.get("/akun/keamanan").await.main().contains("Peran Anda belum berlaku"));
    set_up(&stage, &mut owner).await;
    owner.get("/kelola").await.expect(200);
    assert_eq!(holds(&stage, by_token).await, (2, false));

    owner.post("/akun/sandi", &[("lama", PASSWORD), ("sandi", "pendek tapi 1x")]).await.expect(303);
    owner.get("/kelola").await.expect(403);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_person_sees_and_ends_own_sessions_and_hears_of_a_new_device(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", PASSWORD).await;
    let mut phone = stage.client().header("user-agent", "Mozilla/5.0 (Linux; Android 10) Chrome/140.0 Mobile Safari/537.36");
    log_in(&mut phone).await.expect(303);
    stage.settle().await;
    assert!(!phone.get("/meja").await.main().contains("perangkat lain"), "the first device is no news");
    let mut desk = stage.client().header("user-agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0");
    log_in(&mut desk).await.expect(303);
    stage.settle().await;
    assert!(phone.get("/meja").await.main().contains("perangkat lain: Firefox, Windows"));
    log_in(&mut desk).await.expect(303);
    let page = phone.get("/akun/keamanan").await.expect(200);
    assert!(page.main().contains("Chrome, Android") && page.main().contains("Firefox, Windows"));
    let end = page.attribute("form[action^='/akun/keamanan/sesi/'][action$='/akhiri']", "action").expect("a form");
    let (_, cookie) = testing::person(&stage.kit, "Orang lain", &[]).await;
    let mut stranger = stage.client();
    stranger.cookie("__Host-simpul", &cookie);
    stranger.post(&end, &[]).await.expect(404);
    phone.post(&end, &[]).await.expect(303);
    desk.get("/akun").await.expect(303);
    log_in(&mut desk).await.expect(303);
    phone.post("/akun/keamanan/sesi/akhiri-lain", &[]).await.expect(303);
    desk.get("/akun").await.expect(303);
    phone.get("/akun").await.expect(200);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_passkey_that_nobody_made_is_refused(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    let options = client.post_json("/masuk/kunci/mulai", &serde_json::json!({})).await.expect(200).json();
    assert!(options["publicKey"]["challenge"].is_string(), "{options}");
    client.post_json("/masuk/kunci", &serde_json::json!({ "credential": {} })).await.expect(422);
    let made_up = serde_json::json!({ "credential": {
        "id": "AAAA", "rawId": "AAAA", "type": "public-key", "extensions": {},
        "response": { "authenticatorData": "AAAA", "clientDataJSON": "AAAA", "signature": "AAAA", "userHandle": null }
    }});
    client.post_json("/masuk/kunci", &made_up).await.expect(422);
    // The step was used up by the attempt.
    client.post_json("/masuk/kunci", &made_up).await.expect(422);
    client.post_json("/daftar/kunci/mulai", &serde_json::json!({ "nama": "", "masuk": "x" })).await.expect(422);
    let options = client.post_json("/daftar/kunci/mulai", &serde_json::json!({ "nama": "Warga", "masuk": PHONE })).await;
    assert_eq!(options.expect(200).json()["publicKey"]["authenticatorSelection"]["residentKey"], "required");
    stage.done().await;
}

#[both]
async fn a_lock_ends_every_channel_at_once(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", PASSWORD).await;
    let mut owner = stage.client();
    log_in(&mut owner).await.expect(303);
    let (salt, _) = set_up(&stage, &mut owner).await;
    let id = crate::account::find_by_login(&mut stage.read().await, PHONE).await.expect("asked").expect("an account");
    let token = testing::token(&stage.kit, id, &["articles:write"]).await;
    let mut program = stage.client().bearer(&token);
    stage.kit.clock.advance(MINUTE);
    let mut half = stage.client();
    assert_eq!(log_in(&mut half).await.expect(303).location(), "/masuk/kode");
    let (_, cookie) = testing::person(&stage.kit, "Pengelola", &[(crate::roles::OPERATOR, base::authz::Scope::All)]).await;
    let mut boss = stage.client();
    boss.cookie("__Host-simpul", &cookie);
    let page = boss.post(&format!("/kelola/akun/{id}/slip"), &[]).await.expect(200).main();
    let slip = page.split_whitespace().find(|word| word.len() == 14 && word.matches('-').count() == 2).expect("a code");
    owner.get("/akun").await.expect(200);
    program.get("/akun").await.expect(403);

    let mut tx = stage.write().await;
    crate::operator::pages::set_lock(&mut tx, id, true, stage.kit.clock.now()).await.expect("locked");
    tx.commit().await.expect("committed");
    owner.get("/akun").await.expect(303);
    program.get("/akun").await.expect(303);
    let code = totp::code(&stage.kit, &salt, stage.kit.clock.now());
    assert_eq!(half.post("/masuk/kode", &[("kode", &code)]).await.expect(303).location(), "/masuk");
    half.get("/akun").await.expect(303);
    log_in(&mut stage.client()).await.expect(422);
    stage.client().post("/lupa-sandi/slip", &[("kode", slip)]).await.expect(422);

    // Opened again, nothing of before works, and the person logs in anew.
    let mut tx = stage.write().await;
    crate::operator::pages::set_lock(&mut tx, id, false, stage.kit.clock.now()).await.expect("open");
    tx.commit().await.expect("committed");
    owner.get("/akun").await.expect(303);
    program.get("/akun").await.expect(303);
    assert_eq!(log_in(&mut stage.client()).await.expect(303).location(), "/masuk/kode");
    stage.done().await;
}

#[both]
async fn ending_the_sessions_leaves_the_tokens(engine: Engine) {
    let stage = open(engine).await;
    let (id, cookie) = testing::person(&stage.kit, "Penyunting", &[(EDITOR, Scope::Group(1))]).await;
    let token = testing::token(&stage.kit, id, &["articles:write"]).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    client.get("/akun").await.expect(200);
    let mut tx = stage.write().await;
    assert_eq!(crate::session::end_all(&mut tx, id).await.expect("ended"), 1);
    tx.commit().await.expect("committed");
    client.get("/akun").await.expect(303);
    stage.client().bearer(&token).get("/akun").await.expect(403);
    stage.done().await;
}

#[both]
async fn a_passkey_that_was_used_keeps_its_counter(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", PASSWORD).await;
    let id = crate::account::find_by_login(&mut stage.read().await, PHONE).await.expect("asked").expect("an account");
    let now = stage.kit.clock.now();
    let new = crate::factor::store::New {
        kind: "passkey",
        name: "HP",
        credential: Some("a".into()),
        data: "{\"counter\":0}",
        last_step: 0,
    };
    let mut tx = stage.write().await;
    let factor = crate::factor::store::add(&mut tx, id, &new, now).await.expect("added");
    assert_eq!(crate::factor::store::used(&mut tx, factor, "{\"counter\":1}", now + MINUTE).await.expect("noted"), 1);
    tx.commit().await.expect("committed");
    let found = crate::factor::store::of(&mut stage.read().await, id).await.expect("factors").remove(0);
    assert_eq!((found.data.as_str(), found.used_at), ("{\"counter\":1}", Some(now + MINUTE)));
    stage.done().await;
}

#[both]
async fn a_lost_factor_is_taken_off_by_the_operator(engine: Engine) {
    let stage = open(engine).await;
    let id = register(&stage, "+6281234567890", PASSWORD).await;
    let mut owner = stage.client();
    log_in(&mut owner).await.expect(303);
    set_up(&stage, &mut owner).await;
    let (_, cookie) = testing::person(&stage.kit, "Pengelola", &[(crate::roles::OPERATOR, Scope::All)]).await;
    let mut operator = stage.client();
    operator.cookie("__Host-simpul", &cookie);
    let path = format!("/kelola/akun/{id}");
    assert!(operator.get(&path).await.expect(200).main().contains("Lepas semua kunci kedua"));
    owner.post(&format!("{path}/faktor"), &[]).await.expect(403);
    operator.post(&format!("{path}/faktor"), &[]).await.expect(303);
    assert!(!operator.get(&path).await.main().contains("Lepas semua kunci kedua"));
    owner.get("/akun").await.expect(303);
    let mut again = stage.client();
    assert_eq!(log_in(&mut again).await.expect(303).location(), "/akun", "the password alone");
    stage.settle().await;
    assert!(again.get("/meja").await.expect(200).main().contains("melepas kunci kedua"));
    stage.kit.clock.advance(11 * MINUTE);
    let detour = operator.post(&format!("{path}/faktor"), &[]).await.expect(303);
    assert!(detour.location().starts_with("/akun/buktikan"));
    stage.done().await;
}

#[both]
async fn who_has_one_passkey_makes_recovery_codes_and_proves_with_one(engine: Engine) {
    let stage = open(engine).await;
    let (id, cookie) = testing::person(&stage.kit, "Warga", &[]).await;
    let mut tx = stage.write().await;
    let key = crate::factor::store::New { kind: "passkey", name: "HP", credential: Some("a".into()), data: "{}", last_step: 0 };
    crate::factor::store::add(&mut tx, id, &key, 0).await.expect("a passkey");
    tx.commit().await.expect("a commit");
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    assert!(client.get("/meja").await.expect(200).main().contains("Buat kode pemulihan"));
    let page = client.post("/akun/keamanan/pemulihan", &[]).await.expect(200).main();
    let code =
        page.split_whitespace().find(|word| word.len() == 14 && word.matches('-').count() == 2).expect("a code").to_owned();
    assert!(!client.get("/meja").await.main().contains("Buat kode pemulihan"));
    stage.kit.clock.advance(11 * MINUTE);
    client.get("/akun/kontak").await.expect(303);
    client.post("/akun/buktikan", &[("lalu", "/akun/kontak"), ("kode", "aaaa-bbbb-cccc")]).await.expect(422);
    assert_eq!(
        client.post("/akun/buktikan", &[("lalu", "/akun/kontak"), ("kode", &code)]).await.expect(303).location(),
        "/akun/kontak"
    );
    client.get("/akun/kontak").await.expect(200);

    // One of two goes, the last stays.
    let mut tx = stage.write().await;
    let second =
        crate::factor::store::New { kind: "passkey", name: "Laptop", credential: Some("b".into()), data: "{}", last_step: 0 };
    let second = crate::factor::store::add(&mut tx, id, &second, 0).await.expect("a passkey");
    tx.commit().await.expect("a commit");
    client.post(&format!("/akun/keamanan/faktor/{second}/hapus"), &[]).await.expect(303);
    let left = crate::factor::store::of(&mut stage.read().await, id).await.expect("read");
    client.post(&format!("/akun/keamanan/faktor/{}/hapus", left[0].id), &[]).await.expect(409);
    stage.settle().await;
    stage.done().await;
}
