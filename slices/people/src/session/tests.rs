//! Logging in and out through the router.
use base::clock::{DAY, MINUTE};
use both::both;
use stage::{Client, Engine, Stage};

use crate::account::{self, NewAccount};

pub(crate) async fn open(engine: Engine) -> Stage {
    Stage::new(engine, vec![crate::slice()], crate::identify).await
}

/// An account that can log in with a real password.
pub(crate) async fn register(stage: &Stage, phone: &str, password: &str) -> i64 {
    let new =
        NewAccount { name: "Warga Uji".into(), phone: Some(phone.into()), password: password.into(), ..NewAccount::default() };
    let mut tx = stage.write().await;
    let id = account::add(&mut tx, &stage.kit, &new).await.expect("an account");
    tx.commit().await.expect("committed");
    id
}

async fn log_in(client: &mut Client, login: &str, password: &str) -> stage::Answer {
    client.post("/masuk", &[("masuk", login), ("sandi", password), ("lalu", "/akun")]).await
}

#[both]
async fn a_person_logs_in_and_out(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", "tiga kata acak").await;
    let mut client = stage.client();
    let page = client.get("/akun").await.expect(303);
    assert_eq!(page.location(), "/masuk?lalu=%2Fakun");
    let page = client.get("/masuk?lalu=%2Fakun").await.expect(200);
    assert_eq!(page.attribute("input[name=lalu]", "value").as_deref(), Some("/akun"));
    assert_eq!(page.header("cache-control"), "no-store");
    let answer = log_in(&mut client, "0812-3456-7890", "tiga kata acak").await.expect(303);
    assert_eq!(answer.location(), "/akun");
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["__Host-simpul=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let page = client.get("/akun").await.expect(200);
    assert!(page.main().contains("+6281234567890"));
    let old = client.clone();
    client.post("/keluar", &[]).await.expect(303);
    assert!(!client.has_cookie("__Host-simpul"));
    let mut thief = old;
    thief.get("/akun").await.expect(303);
    stage.done().await;
}

/// The secret that an answer puts into the session's cookie.
fn secret(answer: &stage::Answer) -> String {
    let lines = answer.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
    let value = lines.filter_map(|line| line.strip_prefix("__Host-simpul=")).find_map(|rest| rest.split(';').next());
    value.expect("a session").to_owned()
}

/// Whatever the browser held before, known to others or not, opens nothing after logging in.
#[both]
async fn the_secret_of_a_session_changes_at_login(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", "tiga kata acak").await;
    let planted = "abcdefghijkmnpqrstuvwxyz23456789";
    let mut client = stage.client();
    client.cookie("__Host-simpul", planted);
    let first = secret(&log_in(&mut client, "081234567890", "tiga kata acak").await.expect(303));
    assert_ne!(first, planted);
    // 32 of 32 signs: 160 bits, and no two alike.
    assert!(first.len() == 32 && first.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{first}");
    let second = secret(&log_in(&mut client, "081234567890", "tiga kata acak").await.expect(303));
    assert_ne!(second, first, "logging in again gives another");
    client.get("/akun").await.expect(200);
    for old in [planted, first.as_str()] {
        let mut thief = stage.client();
        thief.cookie("__Host-simpul", old);
        thief.get("/akun").await.expect(303);
    }
    let mut conn = stage.read().await;
    let held = conn.int(base::sql!("select count(*) as n from people_session")).await.expect("a count");
    assert_eq!(held, 1, "the session before has ended");
    drop(conn);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_stranger_learns_nothing(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", "tiga kata acak").await;
    let mut client = stage.client();
    let wrong = log_in(&mut client, "081234567890", "bukan ini ya").await.expect(422);
    let unknown = log_in(&mut client, "081299999999", "bukan ini ya").await.expect(422);
    assert_eq!(wrong.main().replace("081234567890", "X"), unknown.main().replace("081299999999", "X"));
    assert_eq!(wrong.attribute("#f-masuk", "value").as_deref(), Some("081234567890"), "what was typed stays");
    assert_eq!(wrong.attribute("#f-sandi", "value").as_deref(), Some(""));
    // No open redirect after logging in.
    for to in ["https://jahat.example", "//jahat.example", "/\\jahat.example", "/%2Fjahat.example"] {
        let answer = client.post("/masuk", &[("masuk", "081234567890"), ("sandi", "tiga kata acak"), ("lalu", to)]).await;
        assert_eq!(answer.expect(303).location(), "/", "{to}");
        client.post("/keluar", &[]).await;
    }
    stage.done().await;
}

#[both]
async fn guessing_is_slowed_without_locking_the_owner_out(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", "tiga kata acak").await;
    let mut stranger = stage.client();
    for _ in 0..6 {
        log_in(&mut stranger, "081234567890", "salah salah salah").await.expect(422);
    }
    let refused = log_in(&mut stranger, "081234567890", "tiga kata acak").await.expect(429);
    assert!(!refused.header("retry-after").is_empty());
    // The clock moves on: the throttle recovers.
    stage.kit.clock.advance(11 * MINUTE);
    log_in(&mut stranger, "081234567890", "tiga kata acak").await.expect(303);
    stage.done().await;
}

/// A site behind a proxy, so that visitors come from addresses of their own.
async fn behind_a_proxy(engine: Engine) -> Stage {
    Stage::set(engine, vec![crate::slice()], crate::identify, |config| config.proxies = 1).await
}

/// The visitor, from now on at this address: the proxy writes the last one.
fn at(client: &Client, address: &str) -> Client {
    client.clone().header("x-forwarded-for", address)
}

#[both]
async fn guessing_elsewhere_leaves_the_owner_alone(engine: Engine) {
    let stage = behind_a_proxy(engine).await;
    register(&stage, "+6281234567890", "tiga kata acak").await;
    let mut stranger = at(&stage.client(), "203.0.113.7");
    for _ in 0..6 {
        log_in(&mut stranger, "081234567890", "salah salah salah").await.expect(422);
    }
    log_in(&mut stranger, "081234567890", "tiga kata acak").await.expect(429);
    let mut owner = at(&stage.client(), "198.51.100.9");
    log_in(&mut owner, "081234567890", "tiga kata acak").await.expect(303);
    // What a caller claims of itself does not count.
    let mut liar = stage.client().header("x-forwarded-for", "198.51.100.9, 203.0.113.7");
    log_in(&mut liar, "081234567890", "tiga kata acak").await.expect(429);
    stage.done().await;
}

/// Mobile networks and offices show one address for many people.
#[both]
async fn a_device_that_the_account_knows_gets_in_where_others_guess(engine: Engine) {
    let stage = behind_a_proxy(engine).await;
    register(&stage, "+6281234567890", "tiga kata acak").await;
    register(&stage, "+6281200000002", "kata orang lain").await;
    let (mut owner, mut neighbour) = (at(&stage.client(), "198.51.100.9"), at(&stage.client(), "198.51.100.10"));
    log_in(&mut owner, "081234567890", "tiga kata acak").await.expect(303);
    log_in(&mut neighbour, "081200000002", "kata orang lain").await.expect(303);
    for client in [&mut owner, &mut neighbour] {
        client.post("/keluar", &[]).await.expect(303);
        assert!(client.has_cookie("__Host-perangkat"), "leaving does not forget the device");
    }
    let shared = "203.0.113.7";
    let mut stranger = at(&stage.client(), shared);
    for n in 0..30 {
        let login = if n < 6 { "081234567890".to_owned() } else { format!("0813000000{:02}", n / 6) };
        log_in(&mut stranger, &login, "salah salah salah").await.expect(422);
    }
    log_in(&mut stranger, "081400000000", "salah salah salah").await.expect(429);
    log_in(&mut at(&stage.client(), shared), "081234567890", "tiga kata acak").await.expect(429);
    let mut owner = at(&owner, shared);
    log_in(&mut owner, "081234567890", "tiga kata acak").await.expect(303);
    owner.post("/keluar", &[]).await.expect(303);
    // The device of one account is no pass for another, and has a limit of its own.
    let mut neighbour = at(&neighbour, shared);
    log_in(&mut neighbour, "081234567890", "tiga kata acak").await.expect(429);
    log_in(&mut neighbour, "081200000002", "kata orang lain").await.expect(303);
    for _ in 0..6 {
        log_in(&mut owner, "081234567890", "salah salah salah").await.expect(422);
    }
    log_in(&mut owner, "081234567890", "tiga kata acak").await.expect(429);
    stage.kit.clock.advance(11 * MINUTE);
    log_in(&mut owner, "081234567890", "tiga kata acak").await.expect(303);
    stage.done().await;
}

/// A name that nobody has takes a hashing too, as a wrong password does and an account without one.
#[both]
async fn an_unknown_name_is_hashed_too(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", "tiga kata acak").await;
    let typed = format!("hanya dalam uji ini {engine:?}");
    let hashed = || account::CHECKED.lock().expect("no test panics here").iter().filter(|one| **one == typed).count();
    let mut client = stage.client();
    log_in(&mut client, "081234567890", &typed).await.expect(422);
    assert_eq!(hashed(), 1, "a wrong password");
    log_in(&mut client, "081299999999", &typed).await.expect(422);
    assert_eq!(hashed(), 2, "a name that nobody has");
    stage.done().await;
}

#[both]
async fn sessions_end_by_themselves(engine: Engine) {
    let stage = open(engine).await;
    let (_, cookie) = crate::testing::person(&stage.kit, "Warga", &[]).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    for _ in 0..6 {
        stage.kit.clock.advance(13 * DAY);
        client.get("/masuk").await.expect(303);
        // That the session is alive is noted beside the request.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    stage.kit.clock.advance(13 * DAY);
    client.get("/meja").await.expect(303);
    let (_, cookie) = crate::testing::person(&stage.kit, "Warga", &[]).await;
    client.cookie("__Host-simpul", &cookie);
    stage.kit.clock.advance(15 * DAY);
    client.get("/meja").await.expect(303);
    let mut tx = stage.write().await;
    base::jobs::enqueue(&mut tx, "people.session.sweep", &serde_json::Value::Null, stage.kit.clock.now(), None)
        .await
        .expect("enqueued");
    tx.commit().await.expect("committed");
    stage.settle().await;
    let mut conn = stage.read().await;
    assert_eq!(conn.int(base::sql!("select count(*) as n from people_session")).await.expect("a count"), 0);
    drop(conn);
    stage.done().await;
}

#[both]
async fn another_site_cannot_post(engine: Engine) {
    let stage = open(engine).await;
    let (_, cookie) = crate::testing::person(&stage.kit, "Warga", &[]).await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://jahat.example")] {
        let mut client = stage.client().header(name, value);
        client.cookie("__Host-simpul", &cookie);
        client.post("/akun", &[("nama", "Dibajak")]).await.expect(403);
    }
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    assert!(!client.get("/akun").await.main().contains("Dibajak"));
    stage.done().await;
}
