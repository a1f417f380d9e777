//! A KIM whose officers are gone is seen by those above, and gets a new one in one step.
use base::authz::Scope;
use people::roles::{MEMBER, OFFICER, VERIFIER};
use stage::{Engine, Stage};

use crate::invite::tests::link;
use crate::register::Status;
use crate::scene::{self, ELSEWHERE, WARD};

async fn lock(stage: &Stage, account: i64) {
    let mut tx = stage.write().await;
    people::operator::pages::set_lock(&mut tx, account, true, stage.kit.clock.now()).await.expect("locked");
    tx.commit().await.expect("committed");
}

#[both::both]
async fn an_overseer_names_a_new_officer(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let far = scene::kim(&stage, "kim-jauh", ELSEWHERE, Status::Active).await;
    let (rina, _) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(id))]).await;
    let (_, _) = scene::person(&stage, "Jauh", &[(MEMBER, Scope::Group(far))]).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let (path, appoint) = ("/bina/tanpa-pengurus", "/bina/kim/kim-riak/undang-pengurus");
    // While an officer is there, they invite: overseers do not.
    assert!(sari.get(path).await.expect(200).main().contains("Semua KIM punya pengurus"));
    assert!(!sari.get("/meja").await.main().contains("tanpa pengurus"));
    sari.post(appoint, &[]).await.expect(409);
    sari.post("/bina/kim/kim-jauh/undang-pengurus", &[]).await.expect(403);

    lock(&stage, rina).await;
    assert!(sari.get("/meja").await.main().contains("Satu KIM tanpa pengurus"));
    let page = sari.get(path).await.expect(200).main();
    assert!(page.contains("KIM Riak") && !page.contains("KIM Jauh"), "{page}");
    let invited = link(sari.post(appoint, &[]).await);
    assert!(sari.get(path).await.main().contains("Sudah diundang"));
    assert!(!sari.get("/meja").await.main().contains("tanpa pengurus"), "one step is enough");
    // A second invitation for the same chair lapses once the first is taken.
    let spare = link(sari.post(appoint, &[]).await);
    let (budi, mut successor) = scene::person(&stage, "Budi", &[]).await;
    successor.get(&invited).await.expect(303);
    assert!(successor.get("/gabung").await.main().contains("Pengurus KIM"));
    successor.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    stage.settle().await;
    assert!(successor.get("/meja/kim/kim-riak/anggota").await.expect(200).main().contains("Ketua"));
    let (_, mut late) = scene::person(&stage, "Terlambat", &[]).await;
    late.get(&spare).await.expect(303);
    late.post("/gabung/terima", &[("dewasa", "1")]).await.expect(409);
    let mut conn = stage.read().await;
    let owners = people::grant::owners(&mut conn, OFFICER, &Scope::Group(id), stage.kit.clock.now()).await.expect("owners");
    assert_eq!(owners, [budi]);
    drop(conn);
    sari.post(appoint, &[]).await.expect(409);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_stand_in_of_an_official_names_nobody(engine: Engine) {
    let stage = scene::open(engine).await;
    scene::kim(&stage, "kim-riak", WARD, Status::Dissolved).await;
    scene::kim(&stage, "kim-baru", WARD, Status::Verified).await;
    let city = Scope::Region("62.71".into());
    let (_, mut sari) = scene::person(&stage, "Sari", &[(VERIFIER, city)]).await;
    let (deni, mut deputy) = scene::person(&stage, "Deni", &[(people::roles::AGENCY, Scope::Region("62.71".into()))]).await;
    sari.post("/bina/kim/kim-riak/undang-pengurus", &[]).await.expect(409);
    assert!(!sari.get("/bina/tanpa-pengurus").await.expect(200).main().contains("KIM Riak"));
    let whom = deni.to_string();
    let fields = [("tempat", "wilayah-62.71"), ("pengganti", whom.as_str()), ("mulai", "2026-11-24"), ("sampai", "2026-11-30")];
    sari.post("/akun/pengganti", &fields).await.expect(303);
    assert!(deputy.get("/bina/tanpa-pengurus").await.expect(200).main().contains("KIM Baru"));
    deputy.post("/bina/kim/kim-baru/undang-pengurus", &[]).await.expect(403);
    sari.post("/bina/kim/kim-baru/undang-pengurus", &[]).await.expect(200);
    stage.settle().await;
    stage.done().await;
}
