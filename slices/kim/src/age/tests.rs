//! Officers are adults, children have a guardian, and nobody too young gets an account.
use base::authz::Scope;
use people::roles::{EDITOR, OFFICER};
use stage::Engine;

use super::*;
use crate::register::Status;
use crate::scene::{self, WARD};

#[test]
fn a_year_of_birth_is_certain_only_when_it_is_over() {
    // The tests begin on 24 November 2026.
    let now = stage::START;
    assert!(is_surely(2007, 18, now, "62") && !is_surely(2008, 18, now, "62"));
    assert!(is_surely(2012, 13, now, "62") && !is_surely(2013, 13, now, "62"));
}

#[both::both]
async fn officers_are_adults(engine: Engine) {
    let stage = scene::open(engine).await;
    let (_, mut founder) = scene::person(&stage, "Rina", &[]).await;
    let new = [("nama", "KIM Riak"), ("wilayah", WARD), ("jabatan", "chair")];
    let founding = |born: &'static str| new.into_iter().chain([("lahir", born)]).collect::<Vec<_>>();
    for (born, words) in
        [("", "Tulis tahun lahirnya"), ("dulu", "empat angka"), ("1800", "empat angka"), ("2008", "baru pasti pada 2027")]
    {
        let page = founder.post("/kim/baru", &founding(born)).await.expect(422);
        assert!(page.main().contains(words), "{born}: {}", page.main());
        assert_eq!(page.attribute("#f-lahir", "value").as_deref(), Some(born), "what was typed stays");
    }
    founder.post("/kim/baru", &founding("2007")).await.expect(303);
    let path = "/meja/kim/kim-riak/anggota";
    let member = |fields: &[(&'static str, &'static str)]| {
        let fixed = [("nama", "Budi"), ("mulai", "2026-11-24")];
        fixed.into_iter().chain(fields.iter().copied()).collect::<Vec<_>>()
    };
    let add = format!("{path}/baru");
    for office in ["secretary", "treasurer", "head"] {
        let page = founder.post(&add, &member(&[("jabatan", office), ("lahir", "2010")])).await.expect(422);
        assert!(page.main().contains("harus sudah 18 tahun"), "{office}: {}", page.main());
        founder.post(&add, &member(&[("jabatan", office)])).await.expect(422);
    }
    founder.post(&add, &member(&[("jabatan", "secretary"), ("lahir", "2000")])).await.expect(303);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_child_has_a_guardian_and_no_rights(engine: Engine) {
    let stage = scene::open(engine).await;
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let (officer, mut rina) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(group))]).await;
    let path = "/meja/kim/kim-riak/anggota";
    let add = format!("{path}/baru");
    let fields = |more: &[(&'static str, &'static str)]| {
        let fixed = [("nama", "Ananda"), ("mulai", "2026-11-24"), ("jabatan", "member")];
        fixed.into_iter().chain(more.iter().copied()).collect::<Vec<_>>()
    };
    let page = rina.get(&add).await.expect(200);
    assert_eq!(page.count("input[type=checkbox][checked]"), 0, "nothing is ticked beforehand");
    let page = rina.post(&add, &fields(&[("lahir", "2010")])).await.expect(422);
    assert!(page.main().contains("perlu persetujuan tertulis dari walinya"), "{}", page.main());
    rina.post(&add, &fields(&[("lahir", "2010"), ("wali", "1")])).await.expect(303);
    let age = store::get(&mut stage.read().await, 1).await.expect("read");
    assert_eq!((age.born, age.guardian_by), (Some(2010), Some(officer)));
    assert_eq!(age.guardian_at, Some(stage.kit.clock.now()), "when it was recorded, and nothing of the guardian");

    // An invitation makes them a member, and no officer.
    let (child, mut client) = scene::person(&stage, "Ananda", &[]).await;
    for (role, status) in [("editor", 409), ("member", 303)] {
        let invite = [("peran", role), ("untuk", "satu"), ("anggota", "1")];
        let made = rina.post("/meja/kim/kim-riak/undangan", &invite).await;
        client.get(&crate::invite::tests::link(made)).await.expect(303);
        let answer = client.post("/gabung/terima", &[("dewasa", "1")]).await.expect(status);
        assert!(status == 303 || answer.main().contains("belum pasti 18 tahun"), "{}", answer.main());
        stage.settle().await;
    }
    let edit = format!("{path}/1");
    for (more, words) in [
        (vec![("lahir", "2010"), ("wali", "1"), ("sunting", "1")], "harus sudah 18 tahun"),
        (vec![("lahir", "2014"), ("wali", "1")], "Akun hanya untuk yang sudah 13 tahun"),
        (vec![("lahir", "")], "Tulis tahun lahirnya"),
    ] {
        let page = rina.post(&edit, &fields(&more)).await.expect(422);
        assert!(page.main().contains(words), "{words}: {}", page.main());
    }
    // By no other way do they become an officer.
    let mut tx = stage.write().await;
    let refused = crate::member::set_roles(&mut tx, group, child, &[EDITOR], None, stage.kit.clock.now()).await;
    assert!(matches!(refused, Err(Error::Conflict("kim-conflict-young"))));
    drop(tx);
    // Later the paper is no longer needed, and what was known of it goes.
    stage.kit.clock.advance(3 * 366 * base::clock::DAY);
    let (_, cookie) = people::testing::person(&stage.kit, "Pengurus lain", &[(OFFICER, Scope::Group(group))]).await;
    rina.cookie("__Host-simpul", &cookie);
    rina.post(&edit, &[("nama", "Ananda"), ("mulai", "2026-11-24"), ("jabatan", "secretary"), ("lahir", "2010")])
        .await
        .expect(303);
    let age = store::get(&mut stage.read().await, 1).await.expect("read");
    assert_eq!(age, Age { born: Some(2010), guardian_at: None, guardian_by: None });
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn officers_of_unknown_age_are_asked_for(engine: Engine) {
    let stage = scene::open(engine).await;
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let (id, mut rina) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(group))]).await;
    let mut tx = stage.write().await;
    let new = crate::member::store::NewMember {
        account_id: Some(id),
        name: "Rina",
        office: Office::Chair,
        division: "",
        joined_at: stage.kit.clock.now(),
        show: false,
    };
    let row = crate::member::store::add(&mut tx, group, &new).await.expect("a member");
    tx.commit().await.expect("committed");
    assert!(rina.get("/meja").await.expect(200).main().contains("Isi tahun lahir seorang pengurus"));
    let fields = [("nama", "Rina"), ("mulai", "2026-11-24"), ("jabatan", "chair"), ("lahir", "1980")];
    rina.post(&format!("/meja/kim/kim-riak/anggota/{row}"), &fields).await.expect(303);
    assert!(!rina.get("/meja").await.main().contains("Isi tahun lahir"));
    stage.settle().await;
    stage.done().await;
}
