//! Addresses are confirmed through the router, with a real mail server.
use base::authz::Scope;
use base::clock::{DAY, HOUR, MINUTE};
use both::both;
use stage::{Client, Engine, Stage};

use crate::reset::sink::Sink;
use crate::{roles, testing};

const PASSWORD: &str = "rakit hanyut di kahayan";

async fn open(engine: Engine) -> (Stage, Sink) {
    let (sink, address) = Sink::start();
    let stage = Stage::set(engine, vec![crate::slice()], crate::identify, |config| {
        config.mail.server = address;
        config.mail.from = "Simpul <simpul@contoh.id>".into();
    })
    .await;
    (stage, sink)
}

/// Registers through the page.
async fn registered(stage: &Stage, login: &str) -> Client {
    let mut client = stage.client();
    client.post("/daftar", &[("nama", "Warga Uji"), ("masuk", login), ("sandi", PASSWORD)]).await.expect(303);
    stage.settle().await;
    client
}

/// The code in the last letter.
fn code(sink: &Sink) -> String {
    let letters = sink.letters();
    let letter = letters.last().expect("a letter");
    let found = letter.split_whitespace().find(|word| word.len() == 9 && word.as_bytes()[4] == b'-' && !word.contains('@'));
    found.unwrap_or_else(|| panic!("no code in {letter}")).to_owned()
}

#[both]
async fn a_new_account_stays_outside_until_its_address_is_confirmed(engine: Engine) {
    let (stage, sink) = open(engine).await;
    let mut client = registered(&stage, "warga@contoh.id").await;
    assert!(sink.letters()[0].contains("To: warga@contoh.id"));
    for path in ["/meja", "/akun/keamanan", "/akun/kontak", "/akun/serah-terima"] {
        assert_eq!(client.get(path).await.expect(303).location(), "/gabung", "{path}");
    }
    assert_eq!(client.get("/gabung").await.expect(303).location(), "/akun/email");
    assert!(client.get("/akun/email").await.expect(200).main().contains("warga@contoh.id"));
    assert!(client.get("/akun").await.expect(200).main().contains("belum dipastikan"));
    client.post("/akun/token", &[("token", "x")]).await.expect(303);
    // Giving up an invitation that there is none of lets nobody in.
    client.post("/gabung/batal", &[]).await.expect(303);
    client.post("/akun/email", &[("kode", "aaaa-bbbb")]).await.expect(422);
    assert_eq!(client.get("/meja").await.expect(303).location(), "/gabung");

    let first = code(&sink);
    client.post("/akun/email/ulang", &[]).await.expect(303);
    stage.settle().await;
    client.post("/akun/email", &[("kode", &first)]).await.expect(422);
    let typed = code(&sink).to_uppercase().replace('-', " ");
    assert_eq!(client.post("/akun/email", &[("kode", &typed)]).await.expect(303).location(), "/meja");
    client.get("/meja").await.expect(200);
    assert!(!client.get("/akun").await.main().contains("belum dipastikan"));
    assert_eq!(client.get("/akun/email").await.expect(303).location(), "/akun");
    stage.done().await;
}

#[both]
async fn a_slip_of_the_finger_is_mended_and_a_code_runs_out(engine: Engine) {
    let (stage, sink) = open(engine).await;
    registered(&stage, "lain@contoh.id").await;
    let mut client = registered(&stage, "salah@contoh.id").await;
    client.post("/akun/email/ganti", &[("email", "bukan alamat")]).await.expect(422);
    client.post("/akun/email/ganti", &[("email", "lain@contoh.id")]).await.expect(422);
    client.post("/akun/email/ganti", &[("email", "Benar@Contoh.id")]).await.expect(303);
    stage.settle().await;
    assert!(sink.letters().last().expect("a letter").contains("To: benar@contoh.id"));
    let late = code(&sink);
    stage.kit.clock.advance(HOUR + MINUTE);
    client.post("/akun/email", &[("kode", &late)]).await.expect(422);
    client.post("/akun/email/ulang", &[]).await.expect(303);
    stage.settle().await;
    client.post("/akun/email", &[("kode", &code(&sink))]).await.expect(303);
    client.get("/meja").await.expect(200);
    for _ in 0..5 {
        client.post("/akun/email", &[("kode", "aaaa-bbbb")]).await.expect(303);
    }
    stage.done().await;
}

#[both]
async fn guessing_a_code_and_asking_for_letters_have_an_end(engine: Engine) {
    let (stage, sink) = open(engine).await;
    let mut client = registered(&stage, "warga@contoh.id").await;
    for _ in 0..10 {
        client.post("/akun/email", &[("kode", "aaaa-bbbb")]).await.expect(422);
    }
    client.post("/akun/email", &[("kode", &code(&sink))]).await.expect(429);
    for _ in 0..4 {
        client.post("/akun/email/ulang", &[]).await.expect(303);
    }
    client.post("/akun/email/ulang", &[]).await.expect(429);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn another_address_counts_only_once_confirmed(engine: Engine) {
    let (stage, sink) = open(engine).await;
    let mut client = registered(&stage, "lama@contoh.id").await;
    client.post("/akun/email", &[("kode", &code(&sink))]).await.expect(303);
    assert_eq!(client.post("/akun/kontak", &[("masuk", "baru@contoh.id")]).await.expect(303).location(), "/akun/email");
    stage.settle().await;
    client.get("/meja").await.expect(200);
    let log_in = async |login: &str| {
        let sent = [("masuk", login), ("sandi", PASSWORD)];
        stage.client().post("/masuk", &sent).await.status.as_u16()
    };
    assert_eq!((log_in("lama@contoh.id").await, log_in("baru@contoh.id").await), (303, 422));
    assert_eq!(client.post("/akun/email", &[("kode", &code(&sink))]).await.expect(303).location(), "/akun");
    assert_eq!((log_in("lama@contoh.id").await, log_in("baru@contoh.id").await), (422, 303));

    // Whoever confirms an address first has it.
    let mut slow = registered(&stage, "+6281234567890").await;
    slow.post("/akun/kontak", &[("masuk", "rebut@contoh.id")]).await.expect(303);
    stage.settle().await;
    let theirs = code(&sink);
    let mut quick = registered(&stage, "rebut@contoh.id").await;
    quick.post("/akun/email", &[("kode", &code(&sink))]).await.expect(303);
    assert!(slow.post("/akun/email", &[("kode", &theirs)]).await.expect(422).text().contains("sudah dipakai"));
    stage.done().await;
}

#[both]
async fn who_squats_on_an_address_keeps_no_way_in(engine: Engine) {
    let (stage, sink) = open(engine).await;
    let mut squatter = registered(&stage, "korban@contoh.id").await;
    let mut tx = stage.write().await;
    let id = crate::account::find_by_login(&mut tx, "korban@contoh.id").await.expect("read").expect("an account");
    let passkey =
        crate::factor::store::New { kind: "passkey", name: "HP", credential: Some("kunci".into()), data: "{}", last_step: 0 };
    crate::factor::store::add(&mut tx, id, &passkey, 0).await.expect("a passkey");
    crate::oidc::store::add(&mut tx, id, "uji", "p-1", 0).await.expect("an identity");
    tx.commit().await.expect("a commit");

    let mut owner = stage.client();
    owner.post("/lupa-sandi", &[("email", "korban@contoh.id")]).await.expect(303);
    stage.settle().await;
    let letters = sink.letters();
    let letter = letters.last().expect("a letter");
    let start = letter.find("/atur-sandi/").expect("a link");
    owner.get(letter[start..].split_whitespace().next().expect("a path")).await.expect(303);
    owner.post("/atur-sandi", &[("sandi", "empat kata yang baru")]).await.expect(303);
    owner.post("/masuk", &[("masuk", "korban@contoh.id"), ("sandi", "empat kata yang baru")]).await.expect(303);
    owner.get("/meja").await.expect(200);
    squatter.get("/akun").await.expect(303);
    let mut conn = stage.read().await;
    assert!(crate::factor::store::of(&mut conn, id).await.expect("read").is_empty());
    assert!(crate::oidc::store::of(&mut conn, id).await.expect("read").is_empty());
    drop(conn);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn the_operator_vouches_and_the_calendar_forgets(engine: Engine) {
    let (stage, _) = open(engine).await;
    let (_, cookie) = testing::person(&stage.kit, "Pengelola", &[(roles::OPERATOR, Scope::All)]).await;
    let mut operator = stage.client();
    operator.cookie("__Host-simpul", &cookie);
    let mut client = registered(&stage, "warga@contoh.id").await;
    registered(&stage, "hilang@contoh.id").await;
    let mut conn = stage.read().await;
    let id = crate::account::find_by_login(&mut conn, "warga@contoh.id").await.expect("read").expect("an account");
    drop(conn);
    // A lock that is opened lets nobody in who was still outside.
    for _ in 0..2 {
        operator.post(&format!("/kelola/akun/{id}/kunci"), &[]).await.expect(303);
    }
    client.post("/masuk", &[("masuk", "warga@contoh.id"), ("sandi", PASSWORD)]).await.expect(303);
    assert_eq!(client.get("/meja").await.expect(303).location(), "/gabung");
    assert!(operator.get(&format!("/kelola/akun/{id}")).await.main().contains("Email belum dipastikan"));
    client.post(&format!("/kelola/akun/{id}/email"), &[]).await.expect(303);
    assert_eq!(client.get("/meja").await.expect(303).location(), "/gabung", "nobody vouches for themselves");
    operator.post(&format!("/kelola/akun/{id}/email"), &[]).await.expect(303);
    operator.post(&format!("/kelola/akun/{id}/email"), &[]).await.expect(404);
    client.get("/meja").await.expect(200);
    client.post("/akun/kontak", &[("masuk", "ganti@contoh.id")]).await.expect(303);

    stage.kit.clock.advance(8 * DAY);
    let mut tx = stage.write().await;
    crate::privacy::retention::run(&mut tx, stage.kit.clock.now()).await.expect("swept");
    tx.commit().await.expect("a commit");
    let mut conn = stage.read().await;
    let find = async |conn: &mut base::Conn, login: &str| crate::account::find_by_login(conn, login).await.expect("read");
    assert_eq!(find(&mut conn, "hilang@contoh.id").await, None, "who never confirmed is forgotten");
    assert_eq!(find(&mut conn, "warga@contoh.id").await, Some(id));
    assert!(crate::confirm::store::find(&mut conn, id).await.expect("read").is_none());
    drop(conn);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_site_without_mail_asks_for_no_code(engine: Engine) {
    let stage = Stage::set(engine, vec![crate::slice()], crate::identify, |_| ()).await;
    let mut client = registered(&stage, "warga@contoh.id").await;
    client.get("/meja").await.expect(200);
    assert!(!client.get("/akun").await.main().contains("belum dipastikan"));
    client.post("/akun/kontak", &[("masuk", "baru@contoh.id")]).await.expect(303);
    let sent = [("masuk", "baru@contoh.id"), ("sandi", PASSWORD)];
    stage.client().post("/masuk", &sent).await.expect(303);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_reset_by_mail_keeps_the_factor_of_who_was_in(engine: Engine) {
    let (stage, sink) = open(engine).await;
    let mut tx = stage.write().await;
    let new = crate::account::NewAccount {
        name: "Dari dulu".into(),
        email: Some("dulu@contoh.id".into()),
        ..crate::account::NewAccount::default()
    };
    let id = crate::account::add_hashed(&mut tx, stage.kit.clock.now(), &new, "-").await.expect("an account");
    let app = crate::factor::store::New { kind: "totp", name: "Aplikasi", credential: None, data: "garam", last_step: 0 };
    crate::factor::store::add(&mut tx, id, &app, 0).await.expect("a factor");
    tx.commit().await.expect("a commit");
    let mut owner = stage.client();
    owner.post("/lupa-sandi", &[("email", "dulu@contoh.id")]).await.expect(303);
    stage.settle().await;
    let letters = sink.letters();
    let letter = letters.last().expect("a letter");
    let start = letter.find("/atur-sandi/").expect("a link");
    owner.get(letter[start..].split_whitespace().next().expect("a path")).await.expect(303);
    owner.post("/atur-sandi", &[("sandi", "empat kata yang baru")]).await.expect(303);
    let sent = [("masuk", "dulu@contoh.id"), ("sandi", "empat kata yang baru")];
    assert_eq!(owner.post("/masuk", &sent).await.expect(303).location(), "/masuk/kode");
    stage.settle().await;
    stage.done().await;
}
