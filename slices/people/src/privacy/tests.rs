//! The rights of a person: the copy, the clock of requests, restriction and deletion.
use base::authz::Scope;
use base::clock::{DAY, HOUR};
use both::both;
use stage::{Client, Engine, Stage};

use super::*;
use crate::consent;
use crate::roles::{FOSTERING, OPERATOR};
use crate::session::tests::{open, register};
use crate::testing;

async fn person(stage: &Stage, name: &str, grants: &[(base::authz::Role, Scope)]) -> (i64, Client) {
    let (id, cookie) = testing::person(&stage.kit, name, grants).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    (id, client)
}

async fn watch(stage: &Stage) {
    let mut tx = stage.write().await;
    base::jobs::enqueue(&mut tx, watch::JOB.kind, &serde_json::Value::Null, stage.kit.clock.now(), None).await.expect("enqueued");
    tx.commit().await.expect("committed");
    stage.settle().await;
}

#[both]
async fn a_person_takes_everything_along(engine: Engine) {
    let stage = open(engine).await;
    register(&stage, "+6281234567890", "tiga kata acak").await;
    let mut client = stage.client();
    client.post("/masuk", &[("masuk", "081234567890"), ("sandi", "tiga kata acak")]).await.expect(303);
    let page = client.get("/akun/data").await.expect(200);
    for words in ["Yang kami simpan", "Tidak pernah NIK", "Belum ada yang membuka data Anda", "Paling lama 90 hari"] {
        assert!(page.main().contains(words), "{words}: {}", page.main());
    }
    client.get("/akun/data/salinan").await.expect(200);
    let copy = client.post("/akun/data/salinan", &[("bentuk", "json")]).await.expect(200);
    assert_eq!(copy.header("content-disposition"), "attachment; filename=\"data-saya.json\"");
    assert_eq!(copy.header("cache-control"), "no-store");
    let json = copy.json();
    assert_eq!(json["isi"]["akun"][0]["nomor_hp"], "+6281234567890");
    assert_eq!(json["isi"]["sesi"].as_array().map(Vec::len), Some(1));
    let html = client.post("/akun/data/salinan", &[("bentuk", "html")]).await.expect(200);
    assert!(html.text().contains("+6281234567890") && html.text().contains("Salinan data Warga Uji"), "{}", html.text());
    assert!(!html.text().contains("argon2"), "the fingerprint of the password stays here");
    // On a phone that was borrowed, who it is must be proved again.
    stage.kit.clock.advance(HOUR);
    for answer in [client.get("/akun/data/salinan").await, client.post("/akun/data/salinan", &[("bentuk", "json")]).await] {
        assert!(answer.expect(303).location().starts_with("/akun/buktikan?lalu="));
    }
    // Nothing of it is kept: not for replay, not as a file.
    let kept = stage.read().await.int(base::sql!("select count(*) as n from base_once where body <> ''")).await.expect("a count");
    assert_eq!(kept, 0);
    stage.done().await;
}

#[both]
async fn a_request_is_answered_within_its_time(engine: Engine) {
    let stage = open(engine).await;
    let (_, mut boss) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let (_, mut here) = person(&stage, "Pembina Sini", &[(FOSTERING, Scope::Region("62".into()))]).await;
    let (_, mut there) = person(&stage, "Pembina Sana", &[(FOSTERING, Scope::Region("63".into()))]).await;
    let (id, mut client) = person(&stage, "Warga", &[]).await;
    client.cookie("wilayah", "62.71");
    let path = "/akun/data/permohonan";
    client.post(path, &[]).await.expect(422);
    client.post(path, &[("jenis", "correction")]).await.expect(422);
    client.post(path, &[("jenis", "correction"), ("isi", &"x".repeat(1_001))]).await.expect(422);
    client.post(path, &[("jenis", "correction"), ("isi", "Nama saya dua huruf l.")]).await.expect(303);
    let again = client.post(path, &[("jenis", "correction"), ("isi", "Sekali lagi")]).await.expect(422);
    assert!(again.main().contains("masih menunggu jawaban") && again.main().contains("Sekali lagi"));
    assert!(client.get(path).await.main().contains("Sisa 72 jam"));
    stage.settle().await;
    assert!(here.get("/meja").await.main().contains("Satu permohonan data menunggu jawaban"));
    let list = here.get("/kelola/permohonan").await.expect(200);
    let link = list.attribute("tbody a", "href").expect("a request");
    assert_eq!(there.get("/kelola/permohonan").await.expect(200).count("tbody tr"), 0);
    there.get(&link).await.expect(403);
    there.post(&format!("{link}/jawab"), &[("jawab", "tolak"), ("alasan", "x")]).await.expect(403);
    client.get(&link).await.expect(403);

    // Nobody is reminded before 48 hours, and then once.
    let reminders = async || {
        base::events::place(&stage.kit.db).await.expect("placed");
        let events = base::events::after(&mut stage.read().await, 0, 1_000).await.expect("events");
        events.iter().filter(|event| event.kind == "people.request.reminded").count()
    };
    stage.kit.clock.advance(47 * HOUR);
    watch(&stage).await;
    assert_eq!(reminders().await, 0);
    stage.kit.clock.advance(HOUR);
    watch(&stage).await;
    watch(&stage).await;
    assert_eq!(reminders().await, 1);
    assert!(here.get("/meja").await.main().contains("sudah menunggu 48 jam"));
    assert!(!there.get("/meja").await.main().contains("sudah menunggu 48 jam"));
    let open = store::counts(&mut stage.read().await, stage.kit.clock.now()).await.expect("counts");
    assert_eq!((open.open, open.late), (1, 0));
    stage.kit.clock.advance(25 * HOUR);
    let late = store::counts(&mut stage.read().await, stage.kit.clock.now()).await.expect("counts");
    assert_eq!((late.open, late.late), (1, 1));
    assert!(boss.get("/kelola/permohonan").await.main().contains("1 permohonan sudah lewat 72 jam"));

    let open = here.get(&link).await.expect(200);
    assert!(open.main().contains("Nama saya dua huruf l.") && open.main().contains("Lewat 1 jam"), "{}", open.main());
    here.post(&format!("{link}/jawab"), &[("jawab", "kabulkan")]).await.expect(422);
    here.post(&format!("{link}/jawab"), &[("jawab", "kabulkan"), ("alasan", "Sudah kami betulkan.")]).await.expect(303);
    boss.post(&format!("{link}/jawab"), &[("jawab", "tolak"), ("alasan", "x")]).await.expect(409);
    stage.settle().await;
    assert!(client.get("/meja").await.main().contains("data pribadi dikabulkan"));
    assert!(client.get(path).await.main().contains("Sudah kami betulkan."));
    let seen = client.get("/akun/data").await.main();
    assert!(seen.contains("Membuka permohonan data") && seen.contains("Pembina Sini"), "{seen}");

    // One's own request is taken back by oneself only, and answered by others only.
    client.post(path, &[("jenis", "withdrawal")]).await.expect(303);
    let back = client.get(path).await.attribute("form[action$='/batal']", "action").expect("a form");
    there.post(&back, &[]).await.expect(404);
    client.post(&back, &[]).await.expect(303);
    client.post(&back, &[]).await.expect(409);
    boss.post(path, &[("jenis", "withdrawal")]).await.expect(303);
    let link = boss.get("/kelola/permohonan").await.attribute("tbody a", "href").expect("a request");
    assert!(boss.get(&link).await.main().contains("Petugas lain yang menjawabnya"));
    boss.post(&format!("{link}/jawab"), &[("jawab", "kabulkan"), ("alasan", "x")]).await.expect(403);
    assert!(consent::holds(&mut stage.read().await, id, consent::NAME).await.expect("read"));
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn restriction_hides_the_name_and_can_be_lifted(engine: Engine) {
    let stage = open(engine).await;
    let (_, mut boss) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let (id, mut client) = person(&stage, "Warga", &[]).await;
    assert!(consent::named(&mut stage.read().await, &[id]).await.expect("named").contains(&id));
    client.post("/akun/data/permohonan", &[("jenis", "restriction")]).await.expect(303);
    let link = boss.get("/kelola/permohonan").await.attribute("tbody a", "href").expect("a request");
    boss.post(&format!("{link}/jawab"), &[("jawab", "kabulkan"), ("alasan", "Baik.")]).await.expect(303);
    assert!(consent::named(&mut stage.read().await, &[id]).await.expect("named").is_empty());
    let page = client.get("/akun/data").await.expect(200);
    assert!(page.main().contains("Data Anda dibatasi"), "{}", page.main());
    client.post("/akun/data/buka", &[]).await.expect(303);
    assert!(consent::named(&mut stage.read().await, &[id]).await.expect("named").contains(&id));
    client.post("/akun/data/permohonan", &[("jenis", "withdrawal")]).await.expect(303);
    let link = boss.get("/kelola/permohonan").await.attribute("tbody a", "href").expect("a request");
    boss.post(&format!("{link}/jawab"), &[("jawab", "kabulkan"), ("alasan", "Baik.")]).await.expect(303);
    assert!(!consent::holds(&mut stage.read().await, id, consent::NAME).await.expect("read"));
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_deleted_account_opens_nothing_and_is_nobody(engine: Engine) {
    let stage = open(engine).await;
    let (boss_id, mut boss) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let (id, mut client) = person(&stage, "Warga Pergi", &[(FOSTERING, Scope::Region("62".into()))]).await;
    let token = testing::token(&stage.kit, id, &["articles:write"]).await;
    client.post("/akun/data/permohonan", &[("jenis", "deletion"), ("isi", "Saya pindah.")]).await.expect(303);
    stage.settle().await;
    let link = boss.get("/kelola/permohonan").await.attribute("tbody a", "href").expect("a request");
    boss.post(&format!("{link}/jawab"), &[("jawab", "kabulkan"), ("alasan", "Terima kasih.")]).await.expect(303);
    client.get("/akun").await.expect(303);
    stage.client().bearer(&token).get("/akun").await.expect(303);
    stage.settle().await;
    let mut conn = stage.read().await;
    assert_eq!(crate::account::names(&mut conn, &[id]).await.expect("names")[&id], FORMER);
    assert!(crate::grant::held(&mut conn, id, stage.kit.clock.now()).await.expect("held").is_empty());
    assert!(person_gone(&mut conn, id).await);
    drop(conn);
    // The account does not come back by any door.
    boss.post(&format!("/kelola/akun/{id}/kunci"), &[]).await.expect(404);
    boss.post(&format!("/kelola/akun/{id}/hak"), &[("peran", "operator")]).await.expect(404);
    assert!(boss.get(&format!("/kelola/akun/{id}")).await.expect(200).main().contains("Dihapus"));
    assert!(!boss.get("/kelola").await.expect(200).main().contains(FORMER));
    let done = boss.get(&link).await.expect(200);
    assert!(done.main().contains("Akun ini sudah dihapus") && !done.main().contains("Saya pindah."), "{}", done.main());
    // A rebuild brings no notice back to somebody who left.
    base::events::rebuild(&stage.kit.db, &crate::notice::Notices, 1).await.expect("rebuilt");
    let left = stage.read().await.int(base::sql!("select count(*) as n from people_notice where account_id = $1", id)).await;
    assert_eq!(left.expect("a count"), 0);
    // The only operator must first find another.
    let page = boss.get("/akun/data/permohonan").await.expect(200);
    assert!(page.main().contains("Anda satu-satunya pengelola sistem"), "{}", page.main());
    let refused = boss.post("/akun/data/permohonan", &[("jenis", "deletion")]).await.expect(422);
    assert!(refused.main().contains("Serahkan dulu tugas"), "{}", refused.main());
    assert!(store::person(&mut stage.read().await, boss_id).await.expect("read").is_some());
    stage.done().await;
}

async fn person_gone(conn: &mut Conn, id: i64) -> bool {
    store::person(conn, id).await.expect("read").is_none()
}

#[both]
async fn what_is_over_its_time_is_deleted(engine: Engine) {
    let stage = open(engine).await;
    let now = stage.kit.clock.now();
    let (id, mut client) = person(&stage, "Warga", &[]).await;
    let mut tx = stage.write().await;
    let notice = serde_json::json!({ "notify": [id], "notice": "people-saved" }).to_string();
    for _ in 0..2 {
        let event = base::Event { data: notice.clone(), ..base::Event::new(now, "test.thing.done", ("thing", 1)) };
        tx.emit(event).await.expect("emitted");
    }
    tx.commit().await.expect("committed");
    stage.settle().await;
    client.post("/meja/pemberitahuan", &[]).await.expect(303);
    let mut tx = stage.write().await;
    tx.emit(base::Event { data: notice, ..base::Event::new(now, "test.thing.done", ("thing", 1)) }).await.expect("emitted");
    tx.commit().await.expect("committed");
    client.post("/akun/data/permohonan", &[("jenis", "correction"), ("isi", "Salah tulis.")]).await.expect(303);
    stage.settle().await;
    let request = store::of(&mut stage.read().await, id).await.expect("requests").remove(0);
    let token = testing::token(&stage.kit, id, &["articles:write"]).await;
    assert!(!token.is_empty());
    let mut tx = stage.write().await;
    store::close(&mut tx, request.id, "refused", 1, "Tidak ada yang salah.", now).await.expect("closed");
    crate::token::store::revoke_all(&mut tx, id, now).await.expect("revoked");
    tx.commit().await.expect("committed");

    let kept = async |days: i64| {
        stage.kit.clock.advance(now + days * DAY - stage.kit.clock.now());
        let mut tx = stage.write().await;
        base::jobs::enqueue(&mut tx, retention::JOB.kind, &serde_json::Value::Null, stage.kit.clock.now(), None)
            .await
            .expect("enqueued");
        tx.commit().await.expect("committed");
        stage.settle().await;
        let mut conn = stage.read().await;
        let notices = conn.int(base::sql!("select count(*) as n from people_notice")).await.expect("a count");
        let tokens = conn.int(base::sql!("select count(*) as n from people_token")).await.expect("a count");
        let words = store::of(&mut conn, id).await.expect("requests").remove(0);
        (notices, tokens, words.words.is_empty() && words.answer.is_empty(), words.status)
    };
    assert_eq!(kept(364).await, (3, 1, false, "refused".into()));
    assert_eq!(kept(366).await, (1, 0, true, "refused".into()), "what nobody read stays longer");
    assert_eq!(kept(731).await.0, 0);
    stage.done().await;
}

#[test]
fn the_law_is_no_setting() {
    assert_eq!((LAW, REMIND), (72 * HOUR, 48 * HOUR));
    assert_eq!(hours_left(100 * HOUR, 28 * HOUR), 72);
    assert_eq!(hours_left(HOUR, 2 * HOUR), -1);
}
