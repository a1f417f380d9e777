use base::authz::Scope;
use people::roles::{EDITOR, MEMBER, OFFICER};
use stage::{Client, Engine, Stage};

use crate::register::Status;
use crate::scene::{self, WARD};

async fn holds(stage: &Stage, role: base::authz::Role, group: i64, account: i64) -> bool {
    let mut conn = stage.read().await;
    let holders = people::grant::holders(&mut conn, role, &Scope::Group(group), stage.kit.clock.now()).await;
    holders.expect("holders").contains(&account)
}

/// Lets someone accept an invitation for an entry of the roster.
async fn accept(stage: &Stage, officer: &mut Client, slug: &str, role: &str, entry: &str) -> i64 {
    let path = format!("/meja/kim/{slug}/undangan");
    let made = officer.post(&path, &[("peran", role), ("untuk", "satu"), ("anggota", entry)]).await;
    let (id, mut client) = scene::person(stage, "Orang Undangan", &[]).await;
    client.get(&crate::invite::tests::link(made)).await.expect(303);
    client.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    stage.settle().await;
    id
}

async fn lock(stage: &Stage, account: i64, locked: bool) {
    let mut tx = stage.write().await;
    people::operator::pages::set_lock(&mut tx, account, locked, stage.kit.clock.now()).await.expect("set");
    tx.commit().await.expect("committed");
}

#[both::both]
async fn rights_follow_the_roster(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let other = scene::kim(&stage, "kim-lain", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let path = "/meja/kim/kim-riak/anggota";
    assert!(rina.get(path).await.expect(200).main().contains("Belum ada anggota"));
    rina.get(&format!("{path}/baru")).await.expect(200);
    let fields = [
        ("nama", "Budi Warga"),
        ("jabatan", "secretary"),
        ("mulai", "2026-01-05"),
        ("tampil", "1"),
        ("bidang", "Tulis"),
        ("lahir", "1990"),
    ];
    rina.post(&format!("{path}/baru"), &fields).await.expect(303);
    let budi = accept(&stage, &mut rina, "kim-riak", "officer", "1").await;
    rina.post(&format!("{path}/1"), &[&fields[..], &[("sunting", "1")]].concat()).await.expect(303);
    stage.settle().await;
    assert!(
        holds(&stage, OFFICER, id, budi).await && holds(&stage, EDITOR, id, budi).await && !holds(&stage, MEMBER, id, budi).await
    );
    let page = stage.client().get("/kim/kim-riak").await.expect(200).main();
    assert!(page.contains("Budi Warga") && page.contains("Sekretaris"), "{page}");
    let api = stage.client().get("/api/v1/kim/kim-riak").await.json();
    assert_eq!(api["officers"][0]["office"], "secretary");

    // Changing the office changes the rights; the tick is shown as it stands.
    let edit = rina.get(&format!("{path}/1")).await.expect(200);
    assert!(edit.attribute("input[name=sunting]", "checked").is_some());
    let fields = [("nama", "Budi Warga"), ("jabatan", "member"), ("mulai", "2026-01-05"), ("tampil", "1"), ("lahir", "1990")];
    rina.post(&format!("{path}/1"), &fields).await.expect(303);
    stage.settle().await;
    assert!(
        holds(&stage, MEMBER, id, budi).await
            && !holds(&stage, OFFICER, id, budi).await
            && !holds(&stage, EDITOR, id, budi).await
    );
    assert!(!stage.client().get("/kim/kim-riak").await.main().contains("Budi Warga"), "only leaders are named");

    // Another group's officer reaches neither the roster nor the row.
    let mut foreign = scene::officer(&stage, other).await;
    foreign.get(path).await.expect(403);
    foreign.post(&format!("{path}/1/keluar"), &[("keluar", "2026-11-24")]).await.expect(403);
    foreign.get("/meja/kim/kim-lain/anggota/1").await.expect(404);
    foreign.get("/meja/kim/kim-lain/anggota/satu").await.expect(404);

    // Leaving ends the rights.
    for day in ["", "2027-01-01", "2025-12-31"] {
        rina.post(&format!("{path}/1/keluar"), &[("keluar", day)]).await.expect(422);
    }
    rina.post(&format!("{path}/1/keluar"), &[("keluar", "2026-11-24")]).await.expect(303);
    assert!(!holds(&stage, MEMBER, id, budi).await);
    rina.get(&format!("{path}/1")).await.expect(404);
    assert!(rina.get(path).await.main().contains("Sudah keluar (1)"));
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn the_roster_says_what_is_wrong(engine: Engine) {
    let stage = scene::open(engine).await;
    let (_, mut rina) = scene::person(&stage, "Rina", &[]).await;
    rina.post("/kim/baru", &[("nama", "KIM Riak"), ("wilayah", WARD), ("jabatan", "chair"), ("lahir", "1990")]).await.expect(303);
    let path = "/meja/kim/kim-riak/anggota/baru";
    let page = rina.post(path, &[("jabatan", "raja"), ("mulai", "besok"), ("sunting", "1")]).await.expect(422).main();
    for problem in ["Tulis nama anggota", "Pilih jabatan", "Tulis tanggal mulai", "Hak menyunting perlu akun"] {
        assert!(page.contains(problem), "{problem}: {page}");
    }
    let long = "x".repeat(81);
    let bidang = "y".repeat(61);
    let fields = [("nama", long.as_str()), ("bidang", &bidang), ("jabatan", "chair"), ("mulai", "2026-11-24"), ("lahir", "1990")];
    let page = rina.post(path, &fields).await.expect(422).main();
    for problem in ["80 huruf", "60 huruf", "sudah punya ketua"] {
        assert!(page.contains(problem), "{problem}: {page}");
    }
    let fields = [("nama", "Cici"), ("jabatan", "head"), ("mulai", "2026-11-24"), ("lahir", "1990")];
    rina.post_with_key(path, "kunci-anggota", &fields).await.expect(303);
    rina.post_with_key(path, "kunci-anggota", &fields).await.expect(303);
    assert_eq!(rina.get("/meja/kim/kim-riak/anggota").await.expect(200).count("tbody tr"), 2);

    // The last keeper may neither step down nor leave.
    let down = rina
        .post(
            "/meja/kim/kim-riak/anggota/1",
            &[("nama", "Rina"), ("jabatan", "member"), ("mulai", "2026-11-24"), ("lahir", "1990")],
        )
        .await;
    assert!(down.expect(422).main().contains("pengurus terakhir"));
    let left = rina.post("/meja/kim/kim-riak/anggota/1/keluar", &[("keluar", "2026-11-24")]).await;
    assert!(left.expect(422).main().contains("pengurus terakhir"));
    // A second officer whose account is locked does not count; one who can log in does.
    let budi = [("nama", "Budi"), ("jabatan", "secretary"), ("mulai", "2026-11-24"), ("lahir", "1990")];
    rina.post(path, &budi).await.expect(303);
    let account = accept(&stage, &mut rina, "kim-riak", "officer", "3").await;
    lock(&stage, account, true).await;
    let down = [("nama", "Rina"), ("jabatan", "member"), ("mulai", "2026-11-24"), ("lahir", "1990")];
    rina.post("/meja/kim/kim-riak/anggota/1", &down).await.expect(422);
    lock(&stage, account, false).await;
    rina.post("/meja/kim/kim-riak/anggota/1", &down).await.expect(303);
    stage.settle().await;
    stage.done().await;
}
