//! Asked once a year, answered with one tap, and what happens when nobody answers.
use base::authz::Scope;
use base::clock::DAY;
use base::jobs;
use people::roles::{OFFICER, VERIFIER};
use stage::{Engine, Stage};

use crate::register::Status;
use crate::scene::{self, ELSEWHERE, WARD};

/// The morning job, as the calendar would enqueue it.
async fn morning(stage: &Stage) {
    let mut tx = stage.write().await;
    let now = stage.kit.clock.now();
    jobs::enqueue(&mut tx, "kim.reconfirm.ask", &serde_json::Value::Null, now, None).await.expect("a job");
    tx.commit().await.expect("a commit");
    stage.settle().await;
}

async fn verbs(stage: &Stage, id: i64) -> Vec<String> {
    let mut conn = stage.read().await;
    let events = base::events::about(&mut conn, "kim", id).await.expect("events");
    events.into_iter().map(|event| event.kind.rsplit('.').next().unwrap_or_default().to_owned()).collect()
}

#[both::both]
async fn a_year_later_one_tap_answers(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let other = scene::kim(&stage, "kim-lain", WARD, Status::Dormant).await;
    let (account, _) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(id))]).await;
    let path = "/meja/kim/kim-riak/masih-aktif";
    stage.kit.clock.advance(364 * DAY);
    morning(&stage).await;
    assert_eq!(verbs(&stage, id).await, ["created"], "too early");
    let mut rina = scene::again(&stage, account).await;
    let mut budi = scene::member(&stage, id).await;
    rina.post(path, &[]).await.expect(409);
    stage.kit.clock.advance(DAY);
    morning(&stage).await;
    morning(&stage).await;
    assert_eq!(verbs(&stage, id).await, ["created", "asked"], "asked once");
    assert_eq!(verbs(&stage, other).await, ["created"], "who sleeps is not asked");

    let desk = rina.get("/meja").await.expect(200);
    assert!(desk.main().contains("Apakah KIM Riak masih aktif?") && desk.main().contains("Jawab dengan satu ketukan."));
    assert_eq!(desk.count("form[action='/meja/kim/kim-riak/masih-aktif'] button"), 1, "one tap on the desk");
    assert_eq!(rina.get("/meja/kim/kim-riak").await.count("form[action='/meja/kim/kim-riak/masih-aktif']"), 1);
    assert_eq!(rina.get(path).await.expect(200).count("form[action='/meja/kim/kim-riak/masih-aktif']"), 1);
    assert_eq!(budi.get("/meja").await.count("form[action='/meja/kim/kim-riak/masih-aktif']"), 0);
    budi.post(path, &[]).await.expect(403);
    scene::officer(&stage, other).await.post(path, &[]).await.expect(403);
    stage.client().post(path, &[]).await.expect(303);

    rina.post_with_key(path, "kunci-masih-aktif", &[]).await.expect(303);
    rina.post_with_key(path, "kunci-masih-aktif", &[]).await.expect(303);
    rina.post(path, &[]).await.expect(409);
    assert_eq!(verbs(&stage, id).await, ["created", "asked", "confirmed"]);
    assert!(rina.get(path).await.expect(200).main().contains("Sudah dijawab"));
    assert_eq!(rina.get("/meja").await.count("form[action='/meja/kim/kim-riak/masih-aktif']"), 0);
    // And again after another year, not before.
    stage.kit.clock.advance(300 * DAY);
    morning(&stage).await;
    assert_eq!(verbs(&stage, id).await.len(), 3);
    stage.kit.clock.advance(65 * DAY);
    morning(&stage).await;
    assert_eq!(verbs(&stage, id).await.last().map(String::as_str), Some("asked"));
    stage.done().await;
}

#[both::both]
async fn silence_is_shown_to_the_overseer_who_may_put_the_group_to_rest(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-diam", WARD, Status::Verified).await;
    scene::kim(&stage, "kim-jauh", ELSEWHERE, Status::Active).await;
    let (officer, _) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(id))]).await;
    let (overseer, _) = scene::person(&stage, "Sari", &[(VERIFIER, Scope::Region("62.71".into()))]).await;
    stage.kit.clock.advance(365 * DAY);
    morning(&stage).await;
    stage.kit.clock.advance(29 * DAY);
    morning(&stage).await;
    let (mut rina, mut sari) = (scene::again(&stage, officer).await, scene::again(&stage, overseer).await);
    assert!(!sari.get("/bina").await.expect(200).main().contains("Belum menjawab"));
    stage.kit.clock.advance(DAY);
    morning(&stage).await;
    morning(&stage).await;
    assert_eq!(verbs(&stage, id).await, ["created", "asked", "silent"], "told once");
    assert!(sari.get("/meja").await.main().contains("KIM Diam belum menjawab selama 30 hari"));
    let desk = sari.get("/bina").await.expect(200).main();
    assert!(desk.contains("KIM Diam") && desk.contains("selama 30 hari") && !desk.contains("KIM Jauh"), "{desk}");
    let page = sari.get("/bina/kim/kim-diam").await.expect(200).main();
    assert!(page.contains("sejak 24 November 2027"), "{page}");

    // To rest, which needs a reason; then the question falls away.
    sari.post("/bina/kim/kim-diam/istirahatkan", &[("alasan", "")]).await.expect(422);
    sari.post("/bina/kim/kim-diam/istirahatkan", &[("alasan", "Tidak menjawab.")]).await.expect(303);
    stage.settle().await;
    rina.post("/meja/kim/kim-diam/masih-aktif", &[]).await.expect(409);
    assert!(!sari.get("/bina/kim/kim-diam").await.main().contains("sejak 24 November 2027"));
    assert!(rina.get("/meja/kim/kim-diam").await.main().contains("Tidak menjawab."));
    // Back to work with a reason; the year begins anew.
    sari.post("/bina/kim/kim-diam/aktifkan", &[]).await.expect(422);
    sari.post("/bina/kim/kim-diam/aktifkan", &[("alasan", "Sudah menulis lagi.")]).await.expect(303);
    stage.kit.clock.advance(364 * DAY);
    morning(&stage).await;
    assert_eq!(verbs(&stage, id).await, ["created", "asked", "silent", "rested", "revived"]);
    stage.kit.clock.advance(DAY);
    morning(&stage).await;
    stage.kit.clock.advance(31 * DAY);
    morning(&stage).await;
    let (mut rina, mut sari) = (scene::again(&stage, officer).await, scene::again(&stage, overseer).await);
    // A late answer reaches those who heard of the silence.
    rina.post("/meja/kim/kim-diam/masih-aktif", &[]).await.expect(303);
    stage.settle().await;
    assert!(sari.get("/meja").await.main().contains("KIM Diam menjawab: masih aktif"));
    assert!(!sari.get("/bina").await.main().contains("KIM Diam"));
    stage.done().await;
}
