//! The operator's page.
use base::authz::Scope;
use base::clock::DAY;
use both::both;
use serde_json::json;
use stage::Engine;

use crate::roles::OPERATOR;
use crate::session::tests::open;
use crate::testing;

#[both]
async fn the_operator_gives_ends_and_locks(engine: Engine) {
    let stage = open(engine).await;
    let (boss, cookie) = testing::person(&stage.kit, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let (id, theirs) = testing::person(&stage.kit, "Petugas Baru", &[]).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    let mut officer = stage.client();
    officer.cookie("__Host-simpul", &theirs);
    officer.get("/kelola").await.expect(403);
    let page = client.get("/kelola?q=petugas").await.expect(200);
    assert!(page.main().contains("Petugas Baru") && !page.main().contains("Pengelola sistem"));
    assert!(client.get("/kelola?q=zzz").await.main().contains("Tidak ada akun yang cocok."));
    let path = format!("/kelola/akun/{id}");
    let give = format!("{path}/hak");
    client.post(&give, &[("peran", "raja")]).await.expect(422);
    client.post(&give, &[("peran", "fostering")]).await.expect(422);
    client.post(&give, &[("peran", "editor"), ("kim", "bukan angka")]).await.expect(422);
    client.post(&give, &[("peran", "fostering"), ("wilayah", "62.71"), ("sampai", "2020-01-01")]).await.expect(422);
    client.post(&give, &[("peran", "operator")]).await.expect(303);
    officer.get("/kelola").await.expect(200);
    client.post(&give, &[("peran", "fostering"), ("wilayah", "62.71"), ("sampai", "2027-01-01")]).await.expect(303);
    let page = client.get(&path).await.expect(200);
    assert!(page.main().contains("Pembina wilayah") && page.main().contains("62.71"));
    let end = page.attribute("li:nth-child(2) form", "action").expect("a form");
    client.post(&end, &[]).await.expect(303);
    client.post(&end, &[]).await.expect(404);
    officer.get("/kelola").await.expect(403);
    client.post(&format!("/kelola/akun/{boss}/kunci"), &[]).await.expect(409);
    client.post(&format!("{path}/kunci"), &[]).await.expect(303);
    officer.get("/meja").await.expect(303);
    client.post(&format!("{path}/kunci"), &[]).await.expect(303);
    client.get("/kelola/akun/99999").await.expect(404);
    stage.done().await;
}

#[both]
async fn a_role_begins_and_ends_on_its_day(engine: Engine) {
    let stage = open(engine).await;
    let (_, cookie) = testing::person(&stage.kit, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let (id, theirs) = testing::person(&stage.kit, "Petugas Baru", &[]).await;
    let (mut client, mut officer) = (stage.client(), stage.client());
    client.cookie("__Host-simpul", &cookie);
    officer.cookie("__Host-simpul", &theirs);
    let path = format!("/kelola/akun/{id}");
    let give = format!("{path}/hak");
    for bad in ["2020-01-01", "besok"] {
        let page = client.post(&give, &[("peran", "operator"), ("mulai", bad)]).await.expect(422);
        assert!(page.main().contains("Pilih hari ini atau tanggal sesudahnya."), "{}", page.main());
    }
    let back = [("peran", "operator"), ("mulai", "2026-12-05"), ("sampai", "2026-12-01")];
    let page = client.post(&give, &back).await.expect(422);
    assert!(page.main().contains("sesudah tanggal mulai"), "{}", page.main());
    let fields = [("peran", "operator"), ("mulai", "2026-12-01"), ("sampai", "2026-12-05")];
    let done = client.post(&give, &fields).await.expect(303);
    let page = client.follow(done).await.expect(200);
    assert!(page.text().contains("berlaku mulai 1 Desember 2026") && page.main().contains("belum berlaku"), "{}", page.main());
    officer.get("/kelola").await.expect(403);
    stage.kit.clock.advance(7 * DAY);
    officer.cookie("__Host-simpul", &testing::again(&stage.kit, id).await);
    officer.get("/kelola").await.expect(200);
    stage.kit.clock.advance(4 * DAY);
    officer.cookie("__Host-simpul", &testing::again(&stage.kit, id).await);
    officer.get("/kelola").await.expect(403);
    stage.done().await;
}

#[both]
async fn dead_letters_are_seen_and_tried_again(engine: Engine) {
    let mut stage = open(engine).await;
    stage.leave_jobs();
    let (_, cookie) = testing::person(&stage.kit, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    let mut tx = stage.write().await;
    base::jobs::enqueue(&mut tx, "tidak.dikenal", &json!({}), stage.kit.clock.now(), None).await.expect("enqueued");
    tx.commit().await.expect("committed");
    for _ in 0..base::jobs::ATTEMPTS {
        stage.settle().await;
        stage.kit.clock.advance(base::clock::HOUR);
    }
    let page = client.get("/kelola").await.expect(200);
    assert!(page.main().contains("tidak.dikenal"), "{}", page.main());
    let path = page.attribute("form[action*=pekerjaan]", "action").expect("a form");
    client.post(&path, &[]).await.expect(303);
    client.post(&path, &[]).await.expect(404);
}
