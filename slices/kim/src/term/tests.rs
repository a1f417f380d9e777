//! Terms follow the roster, and an office passes on in one form.
use base::authz::Scope;
use people::roles::{EDITOR, MEMBER, OFFICER};
use stage::{Engine, Stage};

use super::store;
use crate::register::Status;
use crate::scene::{self, WARD};

async fn holds(stage: &Stage, role: base::authz::Role, group: i64, account: i64) -> bool {
    let mut conn = stage.read().await;
    let holders = people::grant::holders(&mut conn, role, &Scope::Group(group), stage.kit.clock.now()).await;
    holders.expect("holders").contains(&account)
}

/// A founder with an account who is the chair of a new KIM, with two more members.
async fn founded(stage: &Stage) -> (i64, stage::Client) {
    let (account, mut rina) = scene::person(stage, "Rina", &[]).await;
    rina.post("/kim/baru", &[("nama", "KIM Riak"), ("wilayah", WARD), ("jabatan", "chair"), ("lahir", "1990")]).await.expect(303);
    for (name, office, division) in [("Budi", "secretary", ""), ("Citra", "head", "Penulisan"), ("Dewi", "member", "penulisan")] {
        let fields = [("nama", name), ("jabatan", office), ("bidang", division), ("mulai", "2026-11-01"), ("lahir", "1990")];
        rina.post("/meja/kim/kim-riak/anggota/baru", &fields).await.expect(303);
    }
    (account, rina)
}

#[both::both]
async fn terms_follow_the_roster(engine: Engine) {
    let stage = scene::open(engine).await;
    let (_, mut rina) = founded(&stage).await;
    let page = rina.get("/meja/kim/kim-riak/jabatan").await.expect(200);
    let main = page.main();
    assert_eq!(page.count("tbody tr"), 3);
    assert!(main.contains("Sekretaris Budi 1 November 2026 1 November 2029"), "by the term of the region: {main}");
    assert!(main.contains("Belum ada: Bendahara"), "{main}");
    let roster = rina.get("/meja/kim/kim-riak/anggota").await.expect(200).main();
    assert!(roster.contains("Penulisan: 2 orang, ketua Citra"), "{roster}");

    // Another office ends the term and begins one; a plain member holds none.
    let fields = [("nama", "Budi"), ("jabatan", "treasurer"), ("mulai", "2026-11-01"), ("lahir", "1990")];
    rina.post("/meja/kim/kim-riak/anggota/2", &fields).await.expect(303);
    let fields = [("nama", "Citra"), ("jabatan", "member"), ("mulai", "2026-11-01")];
    rina.post("/meja/kim/kim-riak/anggota/3", &fields).await.expect(303);
    let main = rina.get("/meja/kim/kim-riak/jabatan").await.main();
    assert!(main.contains("Bendahara Budi 24 November 2026") && main.contains("Belum ada: Sekretaris"), "{main}");
    assert!(main.contains("Budi, Sekretaris 1 November 2026 – 24 November 2026"), "{main}");
    assert!(main.contains("Citra, Ketua bidang Penulisan"), "{main}");
    // Leaving ends it on the same day.
    rina.post("/meja/kim/kim-riak/anggota/2/keluar", &[("keluar", "2026-11-24")]).await.expect(303);
    let main = rina.get("/meja/kim/kim-riak/jabatan").await.main();
    assert!(
        main.contains("Budi, Bendahara 24 November 2026 – 24 November 2026") && main.contains("Belum ada: Bendahara"),
        "{main}"
    );

    // The days can be mended, within reason.
    for (from, until, problem) in
        [("2027-01-01", "", "paling lambat hari ini"), ("2026-01-01", "2025-01-01", "setelah tanggal mulai")]
    {
        let page = rina.post("/meja/kim/kim-riak/jabatan/1", &[("mulai", from), ("sampai", until)]).await.expect(422).main();
        assert!(page.contains(problem), "{page}");
    }
    rina.post("/meja/kim/kim-riak/jabatan/1", &[("mulai", "2023-01-01"), ("sampai", "2026-01-01")]).await.expect(303);
    let main = rina.get("/meja/kim/kim-riak/jabatan").await.main();
    assert!(main.contains("Rina 1 Januari 2023 1 Januari 2026 Sudah habis"), "{main}");
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn an_office_passes_on_with_its_rights(engine: Engine) {
    let stage = scene::open(engine).await;
    let (founder, mut rina) = founded(&stage).await;
    let (_, mut stranger) = scene::person(&stage, "Orang Lain", &[(OFFICER, Scope::Group(99))]).await;
    let path = "/meja/kim/kim-riak/jabatan/1";
    // Nobody chosen; a successor without an account would leave no keeper.
    let page = rina.post(&format!("{path}/serah"), &[("mulai", "2026-11-24")]).await.expect(422).main();
    assert!(page.contains("Pilih anggota yang menggantikan."), "{page}");
    let fields = [("mulai", "2026-11-24"), ("penerus", "4")];
    let page = rina.post(&format!("{path}/serah"), &fields).await.expect(422);
    assert!(page.main().contains("Penggantinya belum punya akun"), "{}", page.main());
    assert_eq!(page.attribute("input[name=penerus][checked]", "value").as_deref(), Some("4"), "nothing typed is lost");
    rina.post(&format!("{path}/serah"), &[("mulai", "2026-11-24"), ("penerus", "1")]).await.expect(422);
    rina.post("/meja/kim/kim-riak/jabatan/99/serah", &fields).await.expect(404);
    stranger.post(&format!("{path}/serah"), &fields).await.expect(404);
    stage.client().post(&format!("{path}/serah"), &fields).await.expect(303);

    // With an account it passes: the secretary becomes the chair and leaves the old office.
    let (budi, mut heir) = scene::person(&stage, "Budi", &[]).await;
    let mut tx = stage.write().await;
    let new = crate::member::store::NewMember {
        account_id: Some(budi),
        name: "Budi",
        office: crate::member::Office::Secretary,
        division: "",
        joined_at: stage.kit.clock.now(),
        show: false,
    };
    crate::member::store::change(&mut tx, 2, &new).await.expect("a change");
    tx.commit().await.expect("a commit");
    let fields = [("mulai", "2026-11-24"), ("sampai", "2030-01-01"), ("penerus", "2")];
    let done = rina.post(&format!("{path}/serah"), &fields).await.expect(303);
    assert_eq!(done.location(), "/meja/kim/kim-riak/jabatan");
    rina.follow(done).await.expect(200);
    stage.settle().await;
    assert!(holds(&stage, OFFICER, 1, budi).await && !holds(&stage, OFFICER, 1, founder).await);
    assert!(
        holds(&stage, MEMBER, 1, founder).await && holds(&stage, EDITOR, 1, founder).await,
        "editing is not tied to the office"
    );
    assert!(!holds(&stage, EDITOR, 1, budi).await);
    let main = heir.get("/meja/kim/kim-riak/jabatan").await.expect(200).main();
    assert!(main.contains("Ketua Budi 24 November 2026 1 Januari 2030") && main.contains("Belum ada: Sekretaris"), "{main}");
    assert!(main.contains("Rina, Ketua 24 November 2026 – 24 November 2026"), "past holders are listed: {main}");
    assert!(heir.get("/meja").await.main().contains("Ada serah terima jabatan di KIM Riak"));
    rina.get(path).await.expect(403);
    heir.get(path).await.expect(404);

    // And back, the former holder leaving the KIM.
    let mut conn = stage.read().await;
    let term = store::of_member(&mut conn, 2).await.expect("read").expect("a term").id;
    let former = store::past(&mut conn, 1).await.expect("terms");
    assert_eq!(former.len(), 2);
    drop(conn);
    let fields = [("mulai", "2026-11-24"), ("penerus", "1"), ("keluar", "1")];
    let done = heir.post(&format!("/meja/kim/kim-riak/jabatan/{term}/serah"), &fields).await.expect(303);
    heir.follow(done).await.expect(200);
    stage.settle().await;
    assert!(
        holds(&stage, OFFICER, 1, founder).await
            && !holds(&stage, MEMBER, 1, budi).await
            && !holds(&stage, OFFICER, 1, budi).await
    );
    assert!(rina.get("/meja/kim/kim-riak/anggota").await.expect(200).main().contains("Sudah keluar (1) Budi, Ketua"));
    stage.done().await;
}

#[both::both]
async fn skills_and_languages_are_for_few_eyes(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let path = "/meja/kim/kim-riak/anggota";
    let mut fields = vec![
        ("nama", "Budi"),
        ("jabatan", "chair"),
        ("mulai", "2026-11-01"),
        ("lahir", "1990"),
        ("tampil", "1"),
        ("keahlian", "video"),
        ("keahlian", "tulis"),
        ("keahlian", "terbang"),
        ("keahlian_lain", " merakit  drone "),
        ("bahasa", "nij"),
        ("bahasa_lain", "Bakumpai"),
    ];
    rina.post(&format!("{path}/baru"), &fields).await.expect(303);
    let form = rina.get(&format!("{path}/1")).await.expect(200);
    assert_eq!((form.count("input[name=keahlian][checked]"), form.count("input[name=bahasa][checked]")), (2, 1));
    assert_eq!(form.attribute("#f-keahlian_lain", "value").as_deref(), Some("merakit drone"));
    let main = rina.get(path).await.expect(200).main();
    assert!(main.contains("Menulis 1") && main.contains("Dayak Ngaju 1") && main.contains("merakit drone"), "{main}");
    let page = scene::verifier(&stage, "62.71").await.get("/bina/kim/kim-riak").await.expect(200).main();
    assert!(page.contains("Membuat video 1"), "{page}");
    stage.settle().await;
    let public = stage.client().get("/kim/kim-riak").await.expect(200).main();
    assert!(public.contains("Budi") && !public.contains("Menulis") && !public.contains("drone"), "{public}");

    let long = "k".repeat(121);
    fields.retain(|(name, _)| !name.ends_with("_lain"));
    fields.extend([("keahlian_lain", long.as_str()), ("bahasa_lain", long.as_str())]);
    let page = rina.post(&format!("{path}/1"), &fields).await.expect(422);
    assert_eq!((page.count(".error-summary a"), page.count("input[name=keahlian][checked]")), (2, 2));
    stage.done().await;
}

#[both::both]
async fn a_stand_in_passes_no_office_on(engine: Engine) {
    let stage = scene::open(engine).await;
    let (founder, mut rina) = founded(&stage).await;
    let (budi, mut deputy) = scene::person(&stage, "Budi", &[(MEMBER, Scope::Group(1))]).await;
    let mut tx = stage.write().await;
    let row = crate::member::store::NewMember {
        account_id: Some(budi),
        name: "Budi",
        office: crate::member::Office::Secretary,
        division: "",
        joined_at: stage.kit.clock.now(),
        show: false,
    };
    crate::member::store::change(&mut tx, 2, &row).await.expect("a change");
    tx.commit().await.expect("a commit");
    let whom = budi.to_string();
    let lend = [("tempat", "kim-1"), ("pengganti", whom.as_str()), ("mulai", "2026-11-24"), ("sampai", "2026-11-30")];
    rina.post("/akun/pengganti", &lend).await.expect(303);
    // The stand-in opens the page as the officer does, and cannot become the chair by it.
    deputy.get("/meja/kim/kim-riak/jabatan/1").await.expect(200);
    let pass = [("mulai", "2026-11-24"), ("penerus", "2"), ("keluar", "1")];
    let refused = deputy.post("/meja/kim/kim-riak/jabatan/1/serah", &pass).await.expect(403);
    assert!(refused.main().contains("Pengganti sementara"), "{}", refused.main());
    let mut conn = stage.read().await;
    let now = stage.kit.clock.now();
    let owners = people::grant::owners(&mut conn, OFFICER, &Scope::Group(1), now).await.expect("owners");
    assert_eq!(owners, [founder]);
    drop(conn);
    // A stand-in is no keeper either: the chair cannot go to someone without an account.
    rina.post("/meja/kim/kim-riak/jabatan/1/serah", &[("mulai", "2026-11-24"), ("penerus", "4")]).await.expect(422);
    stage.settle().await;
    stage.done().await;
}
