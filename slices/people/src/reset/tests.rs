//! Resets through the router, with a real mail server.
use base::clock::{DAY, HOUR, MINUTE};
use both::both;
use stage::{Engine, Stage};

use super::sink::Sink;
use crate::account::{self, NewAccount};
use crate::testing;

async fn open(engine: Engine) -> (Stage, Sink) {
    let (sink, address) = Sink::start();
    let stage = Stage::set(engine, vec![crate::slice()], crate::identify, |config| {
        config.mail.server = address;
        config.mail.from = "Simpul <simpul@contoh.id>".into();
    })
    .await;
    (stage, sink)
}

async fn with_email(stage: &Stage, email: &str) -> i64 {
    let mut tx = stage.write().await;
    let new = NewAccount {
        name: "Warga Uji".into(),
        email: Some(email.into()),
        password: "tiga kata acak".into(),
        ..NewAccount::default()
    };
    let id = account::add(&mut tx, &stage.kit, &new).await.expect("an account");
    tx.commit().await.expect("committed");
    id
}

fn link(letter: &str) -> String {
    let start = letter.find("/atur-sandi/").expect("a link");
    letter[start..].split_whitespace().next().expect("a path").to_owned()
}

#[both]
async fn a_link_by_mail_works_once_and_ends_everything(engine: Engine) {
    let (stage, sink) = open(engine).await;
    let id = with_email(&stage, "warga@contoh.id").await;
    let token = testing::token(&stage.kit, id, &["articles:write"]).await;
    let mut old = stage.client();
    old.post("/masuk", &[("masuk", "warga@contoh.id"), ("sandi", "tiga kata acak")]).await.expect(303);
    old.get("/akun").await.expect(200);

    let mut lost = stage.client();
    let known = lost.post("/lupa-sandi", &[("email", "Warga@Contoh.id")]).await.expect(303);
    let unknown = lost.post("/lupa-sandi", &[("email", "siapa@contoh.id")]).await.expect(303);
    assert_eq!(known.header("set-cookie"), unknown.header("set-cookie"), "the answer tells nothing");
    lost.post("/lupa-sandi", &[("email", "bukan email")]).await.expect(422);
    stage.settle().await;
    let letters = sink.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert!(letters[0].contains("To: warga@contoh.id"), "{}", letters[0]);
    let path = link(&letters[0]);

    assert_eq!(lost.get(&path).await.expect(303).location(), "/atur-sandi");
    lost.get("/atur-sandi").await.expect(200);
    lost.post("/atur-sandi", &[("sandi", "12345678")]).await.expect(422);
    lost.post("/atur-sandi", &[("sandi", "empat kata yang baru")]).await.expect(303);
    old.get("/akun").await.expect(303);
    assert_eq!(stage.client().bearer(&token).get("/akun").await.status, 303, "tokens end too");
    let mut again = stage.client();
    again.post("/masuk", &[("masuk", "warga@contoh.id"), ("sandi", "tiga kata acak")]).await.expect(422);
    again.post("/masuk", &[("masuk", "warga@contoh.id"), ("sandi", "empat kata yang baru")]).await.expect(303);

    let mut second = stage.client();
    second.get(&path).await.expect(303);
    assert_eq!(second.get("/atur-sandi").await.expect(303).location(), "/lupa-sandi");
    assert_eq!(second.post("/atur-sandi", &[("sandi", "sandi orang lain")]).await.expect(303).location(), "/lupa-sandi");
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_link_runs_out_and_is_not_sent_without_end(engine: Engine) {
    let (stage, sink) = open(engine).await;
    with_email(&stage, "warga@contoh.id").await;
    let mut lost = stage.client();
    for _ in 0..5 {
        lost.post("/lupa-sandi", &[("email", "warga@contoh.id")]).await.expect(303);
    }
    stage.settle().await;
    assert_eq!(sink.letters().len(), 3, "three an hour");
    let path = link(&sink.letters()[0]);
    stage.kit.clock.advance(HOUR + MINUTE);
    lost.get(&path).await.expect(303);
    assert_eq!(lost.get("/atur-sandi").await.expect(303).location(), "/lupa-sandi");
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_slip_from_the_operator_opens_the_account(engine: Engine) {
    let (stage, _) = open(engine).await;
    let id = with_email(&stage, "warga@contoh.id").await;
    let (_, cookie) = testing::person(&stage.kit, "Pengelola", &[(crate::roles::OPERATOR, base::authz::Scope::All)]).await;
    let mut operator = stage.client();
    operator.cookie("__Host-simpul", &cookie);
    let slip = operator.post(&format!("/kelola/akun/{id}/slip"), &[]).await.expect(200).main();
    let code =
        slip.split_whitespace().find(|word| word.len() == 14 && word.matches('-').count() == 2).expect("a code").to_owned();

    let mut lost = stage.client();
    lost.post("/lupa-sandi/slip", &[("kode", "aaaa-bbbb-cccc")]).await.expect(422);
    let typed = code.to_uppercase().replace('-', " ");
    assert_eq!(lost.post("/lupa-sandi/slip", &[("kode", &typed)]).await.expect(303).location(), "/atur-sandi");
    lost.post("/atur-sandi", &[("sandi", "empat kata yang baru")]).await.expect(303);
    lost.post("/lupa-sandi/slip", &[("kode", &code)]).await.expect(422);

    let (other, _) =
        testing::person(&stage.kit, "Pembina", &[(crate::roles::FOSTERING, base::authz::Scope::Region("62".into()))]).await;
    let mut conn = stage.read().await;
    assert!(crate::reset::may_slip(&mut conn, id, stage.kit.clock.now()).await.expect("read"));
    assert!(!crate::reset::may_slip(&mut conn, other, stage.kit.clock.now()).await.expect("read"), "not for an official");
    drop(conn);
    stage.kit.clock.advance(4 * DAY);
    stage.settle().await;
    stage.done().await;
}
