use base::sql;
use people::roles::OVERSEERS;
use stage::{Client, Engine, Stage};

use super::REASON_MOST;
use crate::scene;

/// A listing by an import of two rows, one of them verified.
async fn listings(stage: &Stage) -> Client {
    let mut sari = scene::verifier(stage, "62.71").await;
    let csv = "Nama KIM;Kelurahan;Nomor KIM;No HP\nKIM Satu;Langkai;1;081234567890\nKIM Dua;Menteng;;\n";
    let sent = sari.post_files("/bina/impor", &[], &[("berkas", "a.csv", csv.as_bytes())]).await.expect(303);
    let path = sent.location().to_owned();
    sari.post(&format!("{path}/masukkan"), &[("sebagai", "terverifikasi")]).await.expect(303);
    stage.settle().await;
    sari
}

#[both::both]
async fn a_listing_is_claimed_and_then_registers_like_any_other(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = listings(&stage).await;
    let mut visitor = stage.client();
    let page = visitor.get("/kim/kim-dua").await.expect(200);
    assert!(page.main().contains("Belum diklaim") && page.main().contains("Belum diverifikasi"), "{}", page.main());
    assert_eq!(page.count("meta[name=robots][content=noindex]"), 1, "nobody has looked it over yet");
    assert!(visitor.get("/kim").await.expect(200).main().contains("KIM Dua"));
    let page = visitor.get("/kim/kim-satu").await.expect(200);
    assert!(page.main().contains("Belum diklaim") && page.main().contains("Terverifikasi"));
    assert!(!page.text().contains("081234567890") && !page.text().contains("6281234567890"));
    // Not one of the KIM at work; programs ask for it by name, or for all listings.
    let known = visitor.get("/api/v1/kim/kim-dua").await.expect(200).json();
    assert_eq!((&known["status"], &known["unclaimed"]), (&serde_json::json!("draft"), &serde_json::json!(true)));
    assert!(known["contact"]["phone"].is_null() && known["number"].is_null(), "{known}");
    for (query, count) in [("", 1), ("?listings=true", 2)] {
        let page = visitor.get(&format!("/api/v1/kim{query}")).await.expect(200);
        assert_eq!(page.json()["items"].as_array().expect("items").len(), count, "{query}");
        assert!(!page.text().contains("81234567890"));
    }
    assert!(visitor.get("/kim/kim-dua/klaim").await.expect(303).location().starts_with("/masuk"));

    let (rina_id, mut rina) = scene::person(&stage, "Rina", &[]).await;
    let (_, mut budi) = scene::person(&stage, "Budi", &[]).await;
    let path = "/kim/kim-dua/klaim";
    let page = rina.post(path, &[("jabatan", "member"), ("dewasa", "1"), ("alasan", " ")]).await.expect(422).main();
    assert!(page.contains("Pilih jabatan") && page.contains("Tulis bagaimana pembina"), "{page}");
    let long = "a".repeat(REASON_MOST + 1);
    rina.post(path, &[("jabatan", "chair"), ("dewasa", "1"), ("alasan", &long)]).await.expect(422);
    rina.post(path, &[("jabatan", "chair"), ("dewasa", "1"), ("alasan", "SK saya nomor 12, tanya Bu Lurah")]).await.expect(303);
    rina.post(path, &[("jabatan", "chair"), ("dewasa", "1"), ("alasan", "sekali lagi")]).await.expect(409);
    budi.post(path, &[("jabatan", "secretary"), ("dewasa", "1"), ("alasan", "saya juga")]).await.expect(303);
    assert!(rina.get(path).await.expect(200).main().contains("Klaim Anda menunggu pembina"));
    stage.settle().await;

    // The overseer hears of it; those elsewhere do not, and the words stay out of the events.
    assert!(sari.get("/meja").await.main().contains("Ada yang mengklaim KIM Dua"));
    assert!(sari.get("/meja").await.main().contains("2 klaim menunggu Anda"));
    let desk = sari.get("/bina/klaim").await.expect(200).main();
    assert!(desk.contains("KIM Dua") && desk.contains("tanya Bu Lurah") && desk.contains("Rina"), "{desk}");
    let mut stranger = scene::verifier(&stage, "63").await;
    assert!(!stranger.get("/bina/klaim").await.expect(200).main().contains("KIM Dua"));
    stranger.post("/bina/klaim/1/terima", &[]).await.expect(404);
    let mut conn = stage.read().await;
    let told = conn.int(sql!("select count(*) as n from base_event where replace(data, 'Lurah', '') <> data")).await;
    assert_eq!(told.expect("a count"), 0);
    let other = conn.int(sql!("select max(id) as n from kim_claim")).await.expect("an id");
    drop(conn);

    sari.post("/bina/klaim/1/terima", &[]).await.expect(303);
    sari.post("/bina/klaim/1/terima", &[]).await.expect(409);
    sari.post(&format!("/bina/klaim/{other}/tolak"), &[("alasan", "terlambat")]).await.expect(409);
    stage.settle().await;
    assert!(rina.get("/meja").await.main().contains("Klaim Anda atas KIM Dua diterima"));
    assert!(rina.get("/meja/kim/kim-dua/anggota").await.expect(200).main().contains("Rina"));
    rina.get("/meja/kim/kim-dua/profil").await.expect(200);
    assert!(budi.get("/meja").await.main().contains("Klaim Anda atas KIM Dua ditolak"));
    assert!(budi.get(path).await.expect(200).main().contains("sudah diterima"));
    let page = visitor.get("/kim/kim-dua").await.expect(200).main();
    assert!(!page.contains("Belum diklaim") && page.contains("Belum diverifikasi"), "{page}");
    let (_, mut late) = scene::person(&stage, "Cici", &[]).await;
    late.post(path, &[("jabatan", "chair"), ("dewasa", "1"), ("alasan", "terlambat")]).await.expect(409);

    // From here on it goes the way of any other KIM.
    let fields = [("nama", "KIM Dua"), ("alamat_halaman", "kim-dua"), ("tentang", "Kami menulis kabar kelurahan.")];
    rina.post("/meja/kim/kim-dua/profil", &fields).await.expect(303);
    for (name, office) in [("Ani", "secretary"), ("Edo", "member")] {
        let fields = [("nama", name), ("jabatan", office), ("mulai", "2026-01-01"), ("lahir", "1990")];
        rina.post("/meja/kim/kim-dua/anggota/baru", &fields).await.expect(303);
    }
    rina.post("/meja/kim/kim-dua/ajukan", &[]).await.expect(303);
    sari.post("/bina/kim/kim-dua/verifikasi", &[("nomor", "2"), ("tetap", "1")]).await.expect(303);
    stage.settle().await;
    let page = visitor.get("/kim/kim-dua").await.expect(200).main();
    assert!(page.contains("Terverifikasi") && !page.contains("Belum diverifikasi"), "{page}");
    let history = visitor.get("/kim/kim-dua/riwayat").await.expect(200).main();
    assert!(history.contains("Diklaim pengurusnya"), "{history}");
    let mut conn = stage.read().await;
    let roles = people::grant::holders(&mut conn, people::roles::OFFICER, &base::authz::Scope::Group(2), stage.kit.clock.now());
    assert_eq!(roles.await.expect("holders"), [rina_id]);
    drop(conn);
    stage.done().await;
}

#[both::both]
async fn a_claim_is_refused_with_a_reason_and_never_by_the_claimant(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = listings(&stage).await;
    let (_, mut rina) = scene::person(&stage, "Rina", &[]).await;
    rina.post("/kim/kim-satu/klaim", &[("jabatan", "chair"), ("dewasa", "1"), ("alasan", "Ini kami")]).await.expect(303);
    let page = sari.post("/bina/klaim/1/tolak", &[("alasan", " ")]).await.expect(422);
    assert!(page.main().contains("Tulis alasannya") && page.count("details[open]") == 1);
    sari.post("/bina/klaim/1/tolak", &[("alasan", "Bukan pengurus menurut SK.")]).await.expect(303);
    stage.settle().await;
    let page = rina.get("/kim/kim-satu/klaim").await.expect(200).main();
    assert!(page.contains("Bukan pengurus menurut SK.") && page.contains("Kirim klaim"), "{page}");
    assert!(stage.client().get("/kim/kim-satu").await.main().contains("Belum diklaim"));

    // An overseer cannot take a KIM by deciding alone.
    sari.post("/kim/kim-satu/klaim", &[("jabatan", "chair"), ("dewasa", "1"), ("alasan", "Saya sendiri")]).await.expect(303);
    sari.post("/bina/klaim/2/terima", &[]).await.expect(409);
    assert!(OVERSEERS.contains(&people::roles::VERIFIER));
    // A KIM that registered itself has nothing to claim.
    scene::kim(&stage, "kim-lain", scene::WARD, crate::register::Status::Active).await;
    rina.get("/kim/kim-lain/klaim").await.expect(404);
    rina.post("/kim/tidak-ada/klaim", &[("jabatan", "chair"), ("dewasa", "1"), ("alasan", "x")]).await.expect(404);

    // Who is on the imported roster already is linked, not added twice; the chair stays one.
    let mut tx = stage.write().await;
    tx.run(sql!(
        "insert into kim_member (group_id, name, office, division, joined_at) values (1, 'DODI', 'chair', '', 1), (1, 'Eli', 'member', '', 1)"
    ))
    .await
    .expect("a roster");
    tx.commit().await.expect("committed");
    let (dodi_id, mut dodi) = scene::person(&stage, "Dodi", &[]).await;
    dodi.post("/kim/kim-satu/klaim", &[("jabatan", "chair"), ("dewasa", "1"), ("alasan", "Saya ketuanya")]).await.expect(303);
    let mut fosterer = scene::client(&stage, "Pembina", people::roles::FOSTERING, base::authz::Scope::Region("62".into())).await;
    fosterer.post("/bina/klaim/3/terima", &[]).await.expect(303);
    let mut conn = stage.read().await;
    let roster: Vec<(String, Option<i64>, String)> =
        conn.all(sql!("select name, account_id, office from kim_member where group_id = 1 order by id")).await.expect("a roster");
    assert_eq!(roster, [("DODI".into(), Some(dodi_id), "chair".into()), ("Eli".into(), None, "member".into())]);
    drop(conn);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_stand_in_gives_no_listing_away_and_an_invitation_does(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = listings(&stage).await;
    let (_, mut rina) = scene::person(&stage, "Rina", &[]).await;
    rina.post("/kim/kim-dua/klaim", &[("jabatan", "chair"), ("dewasa", "1"), ("alasan", "SK saya nomor 12")]).await.expect(303);
    let agency = (people::roles::AGENCY, base::authz::Scope::Region("62.71".into()));
    let (deni, mut deputy) = scene::person(&stage, "Deni", &[agency]).await;
    let whom = deni.to_string();
    let lend = [("tempat", "wilayah-62.71"), ("pengganti", whom.as_str()), ("mulai", "2026-11-24"), ("sampai", "2026-11-30")];
    sari.post("/akun/pengganti", &lend).await.expect(303);
    assert!(deputy.get("/bina/klaim").await.expect(200).main().contains("KIM Dua"));
    deputy.post("/bina/klaim/1/terima", &[]).await.expect(403);

    // A listing stands apart from KIM that lost their officers, and its first officer may be invited.
    assert!(!sari.get("/bina/tanpa-pengurus").await.expect(200).main().contains("KIM Dua"));
    assert!(!sari.get("/meja").await.main().contains("tanpa pengurus"));
    assert!(sari.get("/bina/tanpa-pengurus?jenis=daftar").await.expect(200).main().contains("KIM Dua"));
    let link = crate::invite::tests::link(sari.post("/bina/kim/kim-dua/undang-pengurus", &[]).await);
    let (_, mut budi) = scene::person(&stage, "Budi", &[]).await;
    budi.get(&link).await.expect(303);
    budi.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    stage.settle().await;
    budi.get("/meja/kim/kim-dua/profil").await.expect(200);
    assert!(!stage.client().get("/kim/kim-dua").await.expect(200).main().contains("Belum diklaim"));
    sari.post("/bina/klaim/1/terima", &[]).await.expect(409);
    stage.settle().await;
    stage.done().await;
}
