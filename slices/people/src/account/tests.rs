//! Registering, changing the password, and that one form never acts twice.
use both::both;
use stage::Engine;
use web::Errors;

use super::*;
use crate::session::tests::{open, register};

#[test]
fn phones_are_read_as_people_type_them() {
    for typed in ["0812 3456 7890", "+62 812-3456-7890", "62812.3456.7890", "812 34567890"] {
        assert_eq!(phone(typed).as_deref(), Some("+6281234567890"), "{typed}");
    }
    for typed in ["", "0812", "021 555 1234", "08123456789012345", "nama", "08x2 3456 7890"] {
        assert_eq!(phone(typed), None, "{typed}");
    }
}

#[test]
fn a_registration_says_what_to_mend() {
    let key_of = |name: &str, login: &str, password: &str, field: &str| {
        let mut errors = Errors::default();
        read_new(name, login, password, &mut errors);
        errors.of(field).map(|p| p.key)
    };
    assert_eq!(key_of("", "081234567890", "tiga kata acak", "nama"), Some("people-name-empty"));
    assert_eq!(key_of(&"a".repeat(81), "081234567890", "tiga kata acak", "nama"), Some("form-too-long"));
    assert_eq!(key_of("A", "A B", "tiga kata acak", "masuk"), Some("people-login-name"));
    assert_eq!(key_of("A", "a@b", "tiga kata acak", "masuk"), Some("people-login-email"));
    assert_eq!(key_of("A", "081234567890", "pendek", "sandi"), Some("people-password-short"));
    assert_eq!(key_of("A", "081234567890", "Password1", "sandi"), Some("people-password-breached"));
    assert_eq!(key_of("A", "081234567890", "palangkaraya", "sandi"), Some("people-password-breached"));
    assert_eq!(key_of("A", "081234567890", &"a".repeat(201), "sandi"), Some("people-password-long"));
    assert_eq!(key_of("A", "081234567890", "satu dua tiga empat", "sandi"), None);
}

/// Nothing but length and the list of breaches decides: one kind of letters is as good as four.
#[test]
fn no_mixture_of_letters_is_asked_of_a_password() {
    let typed = |password: &str| {
        let mut errors = Errors::default();
        read_password(password, "sandi", &mut errors);
        errors.of("sandi").map(|problem| problem.key)
    };
    for plain in
        ["rakitmudik", "RAKITMUDIK", "8471920365", "!?;:!?;:!?", "rakit mudik", "        rakit", "ᨑᨀᨗᨈ ᨆᨘᨉᨗᨀ", "🛶🌊🛶🌊🛶🌊🛶🌊"]
    {
        assert_eq!(typed(plain), None, "{plain}");
    }
    assert_eq!(typed("🛶🌊🛶🌊🛶🌊🛶"), Some("people-password-short"), "letters are counted, not bytes");
    assert_eq!(typed(&"rakit ".repeat(33)), None, "198 letters");
    assert_eq!(typed(&"rakit ".repeat(34)), Some("people-password-long"), "no longer one is cut");
}

/// A password of any length, with spaces, capitals and signs of any script is kept as it was typed: whoever
/// types it otherwise does not get in.
#[both]
async fn a_password_is_taken_as_it_is_typed(engine: Engine) {
    let stage = open(engine).await;
    let long = format!("{} tamat", "rakit hanyut di kahayan ".repeat(4));
    assert!(long.len() > 64);
    let cut: String = long.chars().take(64).collect();
    let last = format!("{}T", &long[..long.len() - 1]);
    let cases = [
        (long.as_str(), [cut.as_str(), last.as_str()]),
        ("  rakit hanyut  ", ["rakit hanyut", "  rakit hanyut"]),
        ("Rakit Hanyut", ["rakit hanyut", "RAKIT HANYUT"]),
        ("ráḳit hanyut", ["rakit hanyut", "ra\u{301}k\u{323}it hanyut"]),
        ("%20<rakit>+&hanyut;", [" <rakit>+&hanyut;", "%20&lt;rakit&gt;+&amp;hanyut;"]),
    ];
    for (n, (password, others)) in cases.iter().enumerate() {
        // Each in their own hour: nobody registers or guesses so often.
        stage.kit.clock.advance(base::clock::HOUR + 1);
        let login = format!("warga-{n}");
        let form = [("nama", "Warga"), ("masuk", login.as_str()), ("sandi", *password)];
        stage.client().post("/daftar", &form).await.expect(303);
        for other in *others {
            stage.client().post("/masuk", &[("masuk", &login), ("sandi", other)]).await.expect(422);
        }
        stage.client().post("/masuk", &[("masuk", &login), ("sandi", password)]).await.expect(303);
    }
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_resident_registers(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    client.get("/daftar").await.expect(200);
    let bad = client.post("/daftar", &[("nama", "Warga Baru"), ("masuk", "081234567890"), ("sandi", "pendek")]).await.expect(422);
    assert_eq!(bad.attribute("#f-nama", "value").as_deref(), Some("Warga Baru"));
    assert!(bad.main().contains("Pakai paling sedikit 8 huruf."));
    let fields = [("nama", "Warga Baru"), ("masuk", "0812 3456 7890"), ("sandi", "tiga kata acak")];
    let done = client.post("/daftar", &fields).await.expect(303);
    assert_eq!(done.location(), "/meja");
    let desk = client.get("/meja").await.expect(200);
    assert!(desk.text().contains("Selamat datang, Warga Baru"));
    assert!(desk.main().contains("Belum ikut KIM"));
    assert!(!client.get("/meja").await.text().contains("Selamat datang"), "a message is shown once");
    let mut other = stage.client();
    let taken = other.post("/daftar", &fields).await.expect(422);
    assert!(taken.main().contains("sudah dipakai"));
    assert_eq!(count(&mut stage.read().await).await.expect("a count"), 1);
    let privileged = [("nama", "X"), ("masuk", "penyusup"), ("sandi", "tiga kata acak"), ("role", "operator")];
    other.post("/daftar", &privileged).await.expect(422);
    stage.done().await;
}

#[both]
async fn registering_tells_of_ten_logins_an_hour(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", "tiga kata acak").await;
    let mut stranger = stage.client();
    let fields = [("nama", "Penebak"), ("masuk", "081234567890"), ("sandi", "tiga kata acak")];
    for _ in 0..10 {
        assert!(stranger.post("/daftar", &fields).await.expect(422).main().contains("sudah dipakai"));
    }
    let refused = stranger.post("/daftar", &fields).await.expect(429);
    assert!(!refused.main().contains("sudah dipakai"));
    stage.done().await;
}

#[both]
async fn a_new_password_ends_the_other_sessions(engine: Engine) {
    let stage = open(engine).await;
    let id = register(&stage, "+6281234567890", "tiga kata acak").await;
    let log_in = [("masuk", "081234567890"), ("sandi", "tiga kata acak")];
    let (mut here, mut there) = (stage.client(), stage.client());
    here.post("/masuk", &log_in).await.expect(303);
    there.post("/masuk", &log_in).await.expect(303);
    here.post("/akun/sandi", &[("lama", "salah salah"), ("sandi", "kata yang baru")]).await.expect(422);
    let token = crate::testing::token(&stage.kit, id, &["articles:write"]).await;
    let mut program = stage.client().bearer(&token);
    program.get("/akun").await.expect(403);
    here.post("/akun/sandi", &[("lama", "tiga kata acak"), ("sandi", "kata yang baru")]).await.expect(303);
    program.get("/akun").await.expect(303);
    here.get("/akun").await.expect(200);
    there.get("/akun").await.expect(303);
    there.post("/masuk", &log_in).await.expect(422);
    super::reset(&stage.kit, id, "kata dari pengelola").await.expect("reset");
    here.get("/akun").await.expect(303);
    here.post("/masuk", &[("masuk", "081234567890"), ("sandi", "kata dari pengelola")]).await.expect(303);
    stage.done().await;
}

#[both]
async fn one_form_acts_once(engine: Engine) {
    let stage = open(engine).await;
    let (id, cookie) = crate::testing::person(&stage.kit, "Warga", &[]).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    let key = "kunci-uji-0001";
    let first = client.post_with_key("/akun", key, &[("nama", "Nama Baru")]).await.expect(303);
    client.post("/akun", &[("nama", "Nama Lain")]).await.expect(303);
    let again = client.post_with_key("/akun", key, &[("nama", "Nama Baru")]).await.expect(303);
    assert_eq!((again.location(), again.header("idempotency-replayed")), (first.location(), "true"));
    let mut conn = stage.read().await;
    assert_eq!(names(&mut conn, &[id]).await.expect("names")[&id], "Nama Lain", "the replay changed nothing");
    assert_eq!(find_by_login(&mut conn, "tidak-ada").await.expect("found"), None);
    drop(conn);
    let other = client.post_with_key("/akun", key, &[("nama", "Isi lain")]).await.expect(422);
    assert!(other.main().contains("sudah pernah dikirim dengan isi lain"));
    let mut stranger = stage.client();
    let (_, cookie) = crate::testing::person(&stage.kit, "Lain", &[]).await;
    stranger.cookie("__Host-simpul", &cookie);
    stranger.post_with_key("/akun", key, &[("nama", "Orang lain")]).await.expect(303);
    client.send("POST", "/akun", Some("application/x-www-form-urlencoded"), b"nama=TanpaKunci".to_vec()).await.expect(422);
    stage.done().await;
}
