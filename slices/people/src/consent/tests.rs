//! Consent is asked plainly, given one by one, withdrawn as easily, and asked again when its words change.
use both::both;
use stage::{Engine, Stage};

use super::*;
use crate::session::tests::open;

const NEW: [(&str, &str); 3] = [("nama", "Warga Baru"), ("masuk", "081234567890"), ("sandi", "tiga kata acak")];

async fn has(stage: &Stage, id: i64, purpose: Purpose) -> bool {
    holds(&mut stage.read().await, id, purpose).await.expect("read")
}

async fn only_account(stage: &Stage) -> i64 {
    let mut conn = stage.read().await;
    crate::account::find_by_login(&mut conn, "081234567890").await.expect("read").expect("an account")
}

#[both]
async fn nothing_is_agreed_to_unless_ticked(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    let page = client.get("/daftar").await.expect(200);
    assert_eq!(page.count("input[name=setuju]"), ALL.len());
    assert_eq!(page.count("input[type=checkbox][checked]"), 0, "none is ticked beforehand");
    let mut fields = NEW.to_vec();
    fields.push(("setuju", "nama"));
    // What was ticked stays ticked when something else must be mended.
    let mut wrong = fields.clone();
    wrong[2].1 = "pendek";
    let page = client.post("/daftar", &wrong).await.expect(422);
    assert_eq!(page.count("input[name=setuju][checked]"), 1);
    client.post("/daftar", &fields).await.expect(303);
    let id = only_account(&stage).await;
    for purpose in ALL.iter().copied() {
        assert_eq!(has(&stage, id, purpose).await, purpose.key == "nama", "{}", purpose.key);
    }
    stage.done().await;
}

#[both]
async fn withdrawing_is_one_button_and_acts_at_once(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    client.post("/daftar", &NEW).await.expect(303);
    let id = only_account(&stage).await;
    assert!(!has(&stage, id, NAME).await);
    let page = client.get("/akun/persetujuan").await.expect(200);
    let (give, withdraw) = ("button[name=jawab][value=ya]", "button[name=jawab][value=tidak]");
    assert_eq!((page.count(give), page.count(withdraw)), (2, 0));
    client.post("/akun/persetujuan", &[("tujuan", "nama"), ("versi", "1"), ("jawab", "ya")]).await.expect(303);
    assert!(has(&stage, id, NAME).await);
    assert!(named(&mut stage.read().await, &[id, 999]).await.expect("named").contains(&id));
    let page = client.get("/akun/persetujuan").await.expect(200);
    assert_eq!((page.count(give), page.count(withdraw)), (1, 1));
    client.post("/akun/persetujuan", &[("tujuan", "nama"), ("versi", "1"), ("jawab", "tidak")]).await.expect(303);
    assert!(!has(&stage, id, NAME).await);
    assert!(named(&mut stage.read().await, &[id]).await.expect("named").is_empty());
    // Said twice, written once.
    client.post("/akun/persetujuan", &[("tujuan", "nama"), ("versi", "1"), ("jawab", "tidak")]).await.expect(303);
    let said = store::all(&mut stage.read().await, id).await.expect("the log");
    assert_eq!(
        said.iter().map(|said| (said.given, said.form.as_str())).collect::<Vec<_>>(),
        [(false, "/akun/persetujuan"), (true, "/akun/persetujuan")]
    );
    for wrong in [[("tujuan", "nasib"), ("jawab", "ya")], [("tujuan", "nama"), ("jawab", "mungkin")]] {
        client.post("/akun/persetujuan", &wrong).await.expect(422);
    }
    // The person's pages are made anew.
    let mut conn = stage.read().await;
    base::events::place(&stage.kit.db).await.expect("placed");
    let events = base::events::after(&mut conn, 0, 100).await.expect("events");
    let withdrawn = events.iter().find(|event| event.kind == "people.consent.withdrawn").expect("an event");
    assert_eq!(crate::stale(withdrawn), [crate::tag(id)]);
    assert!(!withdrawn.data.contains("Warga"), "no name in an event");
    drop(conn);
    stage.done().await;
}

#[both]
async fn new_words_ask_again(engine: Engine) {
    let stage = open(engine).await;
    let mut client = stage.client();
    client.post("/daftar", &NEW).await.expect(303);
    let id = only_account(&stage).await;
    // As it was agreed to before the words changed.
    let mut tx = stage.write().await;
    store::add(&mut tx, id, Purpose { version: 0, ..NAME }, true, "/daftar", 1).await.expect("added");
    tx.commit().await.expect("committed");
    assert!(!has(&stage, id, NAME).await, "old words do not count");
    assert!(client.get("/meja").await.expect(200).main().contains("Baca lagi persetujuan Anda"));
    let page = client.get("/akun/persetujuan").await.expect(200);
    assert!(page.main().contains("Teksnya baru. Kami tanyakan lagi."), "{}", page.main());
    client.post("/akun/persetujuan", &[("tujuan", "nama"), ("versi", "0"), ("jawab", "ya")]).await.expect(409);
    client.post("/akun/persetujuan", &[("tujuan", "nama"), ("versi", "1"), ("jawab", "ya")]).await.expect(303);
    assert!(has(&stage, id, NAME).await);
    assert!(!client.get("/meja").await.main().contains("Baca lagi persetujuan Anda"));
    stage.done().await;
}
