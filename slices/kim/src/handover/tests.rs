//! Offices follow a handover, whoever makes it.
use base::authz::Scope;
use people::roles::{EDITOR, MEMBER, OFFICER};
use stage::{Client, Engine, Stage};

use super::*;
use crate::register::Status;
use crate::scene::{self, WARD};

const ROSTER: &str = "/meja/kim/kim-riak/anggota";
const PATH: &str = "/meja/kim/kim-riak/serah-terima";

/// Puts someone with grants on the roster.
async fn enrol(stage: &Stage, group: i64, account: i64, name: &str, office: Office) {
    let mut tx = stage.write().await;
    let at = stage.kit.clock.now();
    let new = NewMember { account_id: Some(account), name, office, division: "", joined_at: at, show: true };
    members::add(&mut tx, group, &new).await.expect("added");
    tx.commit().await.expect("committed");
}

async fn office(stage: &Stage, group: i64, account: i64) -> Option<Office> {
    let roster = members::current(&mut stage.read().await, group).await.expect("a roster");
    roster.into_iter().find(|member| member.account_id == Some(account)).map(|member| member.office)
}

struct Scene {
    stage: Stage,
    group: i64,
    rina: (i64, Client),
    budi: (i64, Client),
}

async fn open(engine: Engine) -> Scene {
    let stage = scene::open(engine).await;
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let rina = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(group)), (EDITOR, Scope::Group(group))]).await;
    let budi = scene::person(&stage, "Budi", &[(MEMBER, Scope::Group(group))]).await;
    enrol(&stage, group, rina.0, "Rina", Office::Chair).await;
    enrol(&stage, group, budi.0, "Budi", Office::Head).await;
    Scene { stage, group, rina, budi }
}

#[test]
fn the_higher_office_wins() {
    assert_eq!(higher(Office::Chair, Office::Secretary), Office::Chair);
    assert_eq!(higher(Office::Member, Office::Treasurer), Office::Treasurer);
    assert_eq!(higher(Office::Head, Office::Head), Office::Head);
}

#[both::both]
async fn the_chair_hands_over_and_leaves(engine: Engine) {
    let Scene { stage, group, mut rina, mut budi } = open(engine).await;
    let (tempat, to) = (format!("kim-{group}"), budi.0.to_string());
    let fields = [("tempat", tempat.as_str()), ("peran", "officer"), ("peran", "editor"), ("penerima", &to)];
    let done = rina.1.post("/akun/serah-terima", &fields).await.expect(303);
    stage.settle().await;
    assert_eq!((office(&stage, group, budi.0).await, office(&stage, group, rina.0).await), (Some(Office::Chair), None));
    budi.1.get(&format!("{ROSTER}/baru")).await.expect(200);
    rina.1.get(ROSTER).await.expect(403);
    let terms = budi.1.get("/meja/kim/kim-riak/jabatan").await.expect(200).main();
    assert!(terms.contains("Ketua Budi 24 November 2026"), "the term follows the office: {terms}");
    let record = rina.1.follow(done).await.expect(200).main();
    for words in ["KIM Riak", "Jabatan", "Ketua bidang", "Ketua", "Keluar"] {
        assert!(record.contains(words), "{words}: {record}");
    }
    // Heard again from the first event, nothing is moved twice.
    let back = [("tempat", tempat.as_str()), ("peran", "officer"), ("penerima", &to)];
    rina.1.post("/akun/serah-terima", &back).await.expect(403);
    stage.app.rebuild_listeners().await.expect("rebuilt");
    assert_eq!(office(&stage, group, budi.0).await, Some(Office::Chair));
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn an_overseer_hands_over_for_a_locked_officer(engine: Engine) {
    let Scene { stage, group, rina, mut budi } = open(engine).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let mut far = scene::verifier(&stage, "63").await;
    let mut tx = stage.write().await;
    people::operator::pages::set_lock(&mut tx, rina.0, true, stage.kit.clock.now()).await.expect("locked");
    tx.commit().await.expect("committed");
    let (from, to) = (rina.0.to_string(), budi.0.to_string());
    far.get(PATH).await.expect(403);
    far.post(PATH, &[("dari", &from), ("ke", &to)]).await.expect(403);
    budi.1.post(PATH, &[("dari", &from), ("ke", &to)]).await.expect(403);
    assert!(sari.get(PATH).await.expect(200).main().contains("Rina · Pengurus KIM, Penyunting KIM"));
    let page = sari.post(PATH, &[("dari", "0"), ("ke", &from)]).await.expect(422).main();
    assert!(page.contains("Pilih siapa yang menyerahkan.") && page.contains("Pilih siapa yang menerima."), "{page}");
    sari.post(PATH, &[("dari", &to), ("ke", &to)]).await.expect(422);
    let done = sari.post(PATH, &[("dari", &from), ("ke", &to), ("tetap", "1")]).await.expect(303);
    stage.settle().await;
    assert_eq!(office(&stage, group, budi.0).await, Some(Office::Chair));
    assert_eq!(office(&stage, group, rina.0).await, Some(Office::Member), "who stays is a plain member");
    assert!(sari.follow(done).await.expect(200).main().contains("Sari Pembina"));
    budi.1.get(&format!("{ROSTER}/baru")).await.expect(200);
    stage.done().await;
}

#[both::both]
async fn an_officer_hands_over_for_a_colleague(engine: Engine) {
    let Scene { stage, group, mut rina, budi } = open(engine).await;
    // A successor who holds a role and stands on no roster is put there.
    let (cici, _) = scene::person(&stage, "Cici", &[(EDITOR, Scope::Group(group))]).await;
    assert!(rina.1.get(&format!("{PATH}?dari={}", budi.0)).await.expect(200).attribute("option[selected]", "value").is_some());
    rina.1.post(PATH, &[("dari", &budi.0.to_string()), ("ke", &cici.to_string())]).await.expect(303);
    stage.settle().await;
    assert_eq!(office(&stage, group, budi.0).await, None);
    assert_eq!(office(&stage, group, cici).await, Some(Office::Member), "a plain member hands over no office");
    // An officer who is on no roster hands over a chair that is free, or the secretary's.
    let (dodo, mut client) = scene::person(&stage, "Dodo", &[(OFFICER, Scope::Group(group))]).await;
    let (tempat, to) = (format!("kim-{group}"), cici.to_string());
    client.post("/akun/serah-terima", &[("tempat", tempat.as_str()), ("peran", "officer"), ("penerima", &to)]).await.expect(303);
    stage.settle().await;
    assert_eq!((office(&stage, group, cici).await, office(&stage, group, dodo).await), (Some(Office::Secretary), None));
    stage.settle().await;
    stage.done().await;
}
