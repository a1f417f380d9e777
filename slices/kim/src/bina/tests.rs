use base::authz::Scope;
use base::clock::DAY;
use people::roles::FOSTERING;
use stage::Engine;

use super::{days_left, left_class};
use crate::register::Status;
use crate::scene::{self, ELSEWHERE, WARD};

#[test]
fn the_clock_counts_whole_days() {
    assert_eq!((days_left(7 * DAY, 0), days_left(7 * DAY, DAY - 1), days_left(7 * DAY, DAY)), (7, 7, 6));
    assert_eq!((days_left(7 * DAY, 7 * DAY), days_left(7 * DAY, 8 * DAY - 1), days_left(7 * DAY, 8 * DAY)), (0, 0, -1));
    assert_eq!((left_class(3), left_class(2), left_class(0), left_class(-4)), ("", "is-caution", "is-danger", "is-danger"));
}

#[both::both]
async fn the_desk_shows_what_lies_in_its_regions(engine: Engine) {
    let stage = scene::open(engine).await;
    scene::kim(&stage, "kim-antre", WARD, Status::Submitted).await;
    scene::kim(&stage, "kim-jauh", ELSEWHERE, Status::Submitted).await;
    scene::kim(&stage, "kim-kerja", WARD, Status::Active).await;
    scene::kim(&stage, "kim-tidur", "62.71.02.1001", Status::Dormant).await;
    stage.kit.clock.advance(6 * DAY);
    let mut sari = scene::verifier(&stage, "62.71").await;
    let page = sari.get("/bina").await.expect(200);
    let main = page.main();
    assert!(main.contains("KIM Antre") && !main.contains("KIM Jauh") && main.contains("Sisa 1 hari"), "{main}");
    assert!(main.contains("2 dari 30 desa dan kelurahan"), "{main}");
    assert!(main.contains("Sedang istirahat, belum pernah menerbitkan"), "{main}");
    assert_eq!(page.count("svg.tilemap a"), 30);
    assert_eq!((page.count("svg.tilemap a.t-g4"), page.count("svg.tilemap a.t-weak")), (1, 1));
    assert_eq!(page.count("details table tbody tr"), 30, "the list is the map's twin");
    stage.kit.clock.advance(3 * DAY);
    assert!(sari.get("/bina").await.main().contains("Lewat 2 hari"));
    assert!(sari.get("/meja").await.main().contains("1 KIM menunggu diperiksa"));

    // Two regions: one queue, the map by choice; a region of others stays closed.
    let grants = [(FOSTERING, Scope::Region("63.71".into())), (FOSTERING, Scope::Region("62.71".into()))];
    let (_, mut both) = scene::person(&stage, "Dua Kota", &grants).await;
    let page = both.get("/bina?wilayah=63.71").await.expect(200).main();
    assert!(page.contains("2 KIM menunggu") && page.contains("Kota Banjarmasin"), "{page}");
    assert!(sari.get("/bina?wilayah=63.71").await.expect(200).main().contains("Kota Palangka Raya"));
    // The operator sees the country.
    assert!(scene::operator(&stage).await.get("/bina").await.expect(200).main().contains("Indonesia"));
    // Others have no desk here.
    scene::person(&stage, "Warga", &[]).await.1.get("/bina").await.expect(403);
    stage.client().get("/bina").await.expect(303);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_number_belongs_to_one_group(engine: Engine) {
    let stage = scene::open(engine).await;
    for slug in ["kim-satu", "kim-dua"] {
        scene::kim(&stage, slug, WARD, Status::Submitted).await;
    }
    let mut sari = scene::verifier(&stage, "62.71.01").await;
    let fields = [("nomor", "KIM-0001"), ("tetap", "1")];
    sari.post("/bina/kim/kim-satu/verifikasi", &fields).await.expect(303);
    let page = sari.post("/bina/kim/kim-dua/verifikasi", &fields).await.expect(422).main();
    assert!(page.contains("sudah dipakai KIM lain"), "{page}");
    let long = "9".repeat(41);
    let page = sari.post("/bina/kim/kim-dua/verifikasi", &[("nomor", &long), ("tetap", "1")]).await.expect(422).main();
    assert!(page.contains("40 huruf"), "{page}");
    sari.post_with_key("/bina/kim/kim-dua/verifikasi", "kunci-verifikasi", &[("nomor", "KIM-0002"), ("tetap", "1")])
        .await
        .expect(303);
    sari.post_with_key("/bina/kim/kim-dua/verifikasi", "kunci-verifikasi", &[("nomor", "KIM-0002"), ("tetap", "1")])
        .await
        .expect(303);
    sari.post_with_key("/bina/kim/kim-dua/verifikasi", "kunci-verifikasi", &[("nomor", "KIM-0003"), ("tetap", "1")])
        .await
        .expect(422);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn every_step_keeps_its_reason(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Draft).await;
    scene::complete(&stage, id).await;
    let mut rina = scene::officer(&stage, id).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let reasons = ["Ketua baru sudah dilantik.", "SK asli sudah kami lihat.", "Menulis sejak Oktober."];
    let long = "a".repeat(501);
    let page = rina.post("/meja/kim/kim-riak/ajukan", &[("alasan", &long)]).await.expect(422);
    assert_eq!((page.count(".error-summary li"), page.count("#f-alasan")), (1, 1), "{}", page.main());
    rina.post("/meja/kim/kim-riak/ajukan", &[("alasan", reasons[0])]).await.expect(303);
    stage.settle().await;
    assert!(sari.get("/meja").await.expect(200).main().contains(reasons[0]), "those who check read it");

    let check = "/bina/kim/kim-riak";
    assert!(sari.get(check).await.expect(200).main().contains("Alasan (boleh dikosongkan)"));
    for (step, reason) in [("verifikasi", reasons[1]), ("aktifkan", reasons[2])] {
        let path = format!("{check}/{step}");
        let page = sari.post(&path, &[("nomor", "KIM-1"), ("tetap", "1"), ("alasan", &long)]).await.expect(422);
        assert_eq!((page.count(".error-summary li"), page.count("#f-alasan")), (1, 1), "{}", page.main());
        sari.post(&path, &[("nomor", "KIM-1"), ("tetap", "1"), ("alasan", reason)]).await.expect(303);
    }
    stage.settle().await;
    let history = "/kim/kim-riak/riwayat";
    for page in [sari.get(check).await, rina.get("/meja/kim/kim-riak").await, sari.get(history).await, rina.get(history).await] {
        let main = page.expect(200).main();
        for reason in reasons {
            assert!(main.contains(reason), "{reason}: {main}");
        }
    }
    // Everybody else reads the steps, and not why.
    for mut other in [stage.client(), scene::verifier(&stage, "63").await] {
        let main = other.get(history).await.expect(200).main();
        assert!(main.contains("Diverifikasi") && reasons.iter().all(|reason| !main.contains(reason)), "{main}");
    }
    stage.settle().await;
    stage.done().await;
}
