//! The queue, approving many, refusing, and the numbers of a region.
use base::authz::Scope;
use base::clock::DAY;
use people::roles::{FOSTERING, OFFICER};
use stage::{Engine, Stage};

use super::*;
use crate::scene::{self, ELSEWHERE, WARD};

#[test]
fn numbers_follow_the_pattern_of_the_region() {
    let now = dates::parse_day("2026-11-24", "62").expect("a day");
    let own = Numbering::of(&Table::default(), "62.71.01.1003", now);
    assert_eq!(own.write(7), "KIM-62.71-007");
    assert_eq!(own.write(1234), "KIM-62.71-1234");
    assert_eq!((own.read("KIM-62.71-010"), own.read("KIM-62.71-1234")), (Some(10), Some(1234)));
    for other in ["KIM-62.71-", "KIM-62.71-1a", "KIM-62.72-001", "KIM-62.71--1", "KIM-62.71-99999999999999999999"] {
        assert_eq!(own.read(other), None, "{other}");
    }
}

/// Sets a policy as an overseer of the region would.
async fn decide(stage: &Stage, region: &str, key: &str, value: &str) {
    let mut pembina = scene::client(stage, "Pembina", FOSTERING, Scope::Region(region.into())).await;
    pembina.post(&format!("/wilayah/{region}/aturan"), &[(key, value)]).await.expect(303);
}

async fn waiting_ids(stage: &Stage) -> Vec<i64> {
    let mut conn = stage.read().await;
    let wanted = store::Wanted { limit: 100, ..store::Wanted::default() };
    store::waiting(&mut conn, &wanted).await.expect("a queue").into_iter().map(|case| case.id).collect()
}

#[both::both]
async fn the_queue_filters_and_says_what_is_missing(engine: Engine) {
    let stage = scene::open(engine).await;
    let whole = scene::kim(&stage, "kim-lengkap", WARD, Status::Submitted).await;
    scene::complete(&stage, whole).await;
    stage.kit.clock.advance(5 * DAY);
    scene::kim(&stage, "kim-kurang", "62.71.02.1001", Status::Submitted).await;
    scene::kim(&stage, "kim-jauh", ELSEWHERE, Status::Submitted).await;
    scene::kim(&stage, "kim-draf", WARD, Status::Draft).await;
    stage.kit.clock.advance(3 * DAY);
    let mut sari = scene::verifier(&stage, "62.71").await;
    let page = sari.get("/bina/verifikasi").await.expect(200);
    let main = page.main();
    assert!(main.contains("2 KIM menunggu") && !main.contains("KIM Jauh") && !main.contains("KIM Draf"), "{main}");
    let (first, second) = (main.find("KIM Lengkap").expect("one"), main.find("KIM Kurang").expect("the other"));
    assert!(first < second, "the longest waiting stands first");
    assert!(main.contains("Lewat 1 hari") && main.contains("Sisa 4 hari"), "{main}");
    assert!(main.contains("Belum ada ketua.") && main.contains("SK belum ada.") && main.contains("paling sedikit 3 orang"));
    assert_eq!(page.count("input[type=checkbox][name=kim]"), 2);

    for (query, lengkap, kurang) in [
        ("lewat=1", true, false),
        ("q=kurang", false, true),
        ("q=LENGKAP+pahandut", true, false),
        ("q=tidakada", false, false),
        ("wilayah=62.71.02", false, true),
        ("wilayah=63", true, true),
        ("setelah=rusak", true, true),
    ] {
        let main = sari.get(&format!("/bina/verifikasi?{query}")).await.expect(200).main();
        assert_eq!((main.contains("KIM Lengkap"), main.contains("KIM Kurang")), (lengkap, kurang), "{query}: {main}");
    }
    // The region of policy decides what is missing and until when.
    decide(&stage, "62.71", "kim_size_min", "4").await;
    assert!(sari.get("/bina/verifikasi?q=lengkap").await.main().contains("paling sedikit 4 orang"));
    // Two regions: one queue, or each alone.
    let grants = [(FOSTERING, Scope::Region("63".into())), (FOSTERING, Scope::Region("62.71".into()))];
    let (_, mut both) = scene::person(&stage, "Dua Wilayah", &grants).await;
    let main = both.get("/bina/verifikasi").await.expect(200).main();
    assert!(main.contains("3 KIM menunggu") && main.contains("KIM Jauh"), "{main}");
    let main = both.get("/bina/verifikasi?wilayah=63").await.main();
    assert!(main.contains("KIM Jauh") && !main.contains("KIM Kurang"), "{main}");
    assert!(sari.get("/meja").await.main().contains("2 KIM menunggu diperiksa"));
    scene::person(&stage, "Warga", &[]).await.1.get("/bina/verifikasi").await.expect(403);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn the_queue_goes_on_page_by_page(engine: Engine) {
    let stage = scene::open(engine).await;
    for n in 0..53 {
        scene::kim(&stage, &format!("kim-nomor-{n:02}"), WARD, Status::Submitted).await;
    }
    let mut sari = scene::verifier(&stage, "62").await;
    let first = sari.get("/bina/verifikasi?q=nomor").await.expect(200);
    assert_eq!(first.count("input[type=checkbox][name=kim]"), 50);
    let next = first.attribute("a[rel=next]", "href").expect("a next page");
    let second = sari.get(&next).await.expect(200);
    assert_eq!((second.count("input[type=checkbox][name=kim]"), second.count("a[rel=next]")), (3, 0));
    assert!(second.main().contains("KIM Nomor 52") && !second.main().contains("KIM Nomor 49"));
    assert!(sari.get("/bina").await.expect(200).count("#antrean tbody tr") == 8, "the desk shows the first");
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn many_are_approved_at_once_and_the_incomplete_are_named(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut fields = Vec::new();
    for n in 0..30 {
        let id = scene::kim(&stage, &format!("kim-baik-{n:02}"), WARD, Status::Submitted).await;
        scene::complete(&stage, id).await;
        fields.push(("kim", id.to_string()));
    }
    let lacking = scene::kim(&stage, "kim-tanpa-sk", WARD, Status::Submitted).await;
    fields.push(("kim", lacking.to_string()));
    let left = scene::kim(&stage, "kim-ditinggal", WARD, Status::Submitted).await;
    let far = scene::kim(&stage, "kim-jauh", ELSEWHERE, Status::Submitted).await;
    let first: i64 = fields[0].1.parse().expect("an id");
    let mut rina = scene::client(&stage, "Rina", OFFICER, Scope::Group(first)).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let mut rahmat = scene::verifier(&stage, "63").await;

    // Nothing ticked, and things of others.
    let page = sari.post("/bina/verifikasi", &[("q", "baik")]).await.expect(422);
    assert!(page.main().contains("Centang dulu") && page.attribute("#f-q", "value").as_deref() == Some("baik"));
    sari.post("/bina/verifikasi", &[("kim", &far.to_string())]).await.expect(404);
    sari.post("/bina/verifikasi", &[("kim", "9999")]).await.expect(404);
    rina.post("/bina/verifikasi", &[("kim", &first.to_string())]).await.expect(403);
    assert_eq!(waiting_ids(&stage).await.len(), 33);

    let sent: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = sari.post_with_key("/bina/verifikasi", "kunci-banyak", &sent).await.expect(303);
    let again = sari.post_with_key("/bina/verifikasi", "kunci-banyak", &sent).await.expect(303);
    assert_eq!(done.location(), again.location(), "the same form acts once");
    let result = done.location().to_owned();
    let main = sari.get(&result).await.expect(200).main();
    assert!(main.contains("30 KIM disetujui") && main.contains("1 KIM dilewati"), "{main}");
    assert!(main.contains("KIM Tanpa Sk") && main.contains("SK belum ada."), "{main}");
    rahmat.get(&result).await.expect(404);
    assert_eq!(waiting_ids(&stage).await, [lacking, left, far]);
    stage.settle().await;

    let mut conn = stage.read().await;
    let kim = crate::by_id(&mut conn, first).await.expect("read").expect("a group");
    assert_eq!((kim.status, kim.number.as_deref()), (Status::Verified, Some("KIM-62.71-001")));
    let events = base::events::about(&mut conn, "kim", first).await.expect("events");
    let last = events.last().expect("an event");
    assert_eq!((last.kind.as_str(), last.region.as_deref(), last.group_id), ("kim.group.verified", Some(WARD), Some(first)));
    drop(conn);
    assert!(rina.get("/meja").await.main().contains("KIM Baik 00 sudah terverifikasi"));
    assert!(stage.client().get("/kim/kim-baik-29").await.expect(200).main().contains("KIM-62.71-030"));
    assert!(stage.client().get("/kim?q=kim-62.71-017").await.main().contains("KIM Baik 16"), "found by its number");
    let page = sari.get("/bina/verifikasi?status=disetujui").await.expect(200).main();
    assert!(page.contains("KIM Baik 07") && page.contains("Sari Pembina") && page.contains("24 November 2026"), "{page}");

    // All that a filter finds, with the next number of the pattern the region chose.
    scene::complete(&stage, left).await;
    decide(&stage, "62.71", "number_pattern", "{desa}/{tahun}/{urut}").await;
    let all = [("semua", "1"), ("q", "ditinggal")];
    let long = "a".repeat(501);
    let page = sari.post("/bina/verifikasi", &[all[0], all[1], ("alasan", &long)]).await.expect(422);
    assert_eq!(page.count("#f-alasan[aria-invalid]"), 1, "{}", page.main());
    sari.post("/bina/verifikasi", &[all[0], all[1], ("alasan", "Semua syarat ada.")]).await.expect(303);
    let mut conn = stage.read().await;
    let kim = crate::by_id(&mut conn, left).await.expect("read").expect("a group");
    assert_eq!(kim.number.as_deref(), Some("62.71.01.1003/2026/001"));
    let events = base::events::about(&mut conn, "kim", left).await.expect("events");
    assert_eq!(events.last().expect("an event").json()["reason"], "Semua syarat ada.");
    drop(conn);
    assert_eq!(waiting_ids(&stage).await, [lacking, far]);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_refusal_has_a_reason_and_can_be_taken_back(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-tolak", WARD, Status::Submitted).await;
    let mut rina = scene::officer(&stage, id).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let path = "/bina/kim/kim-tolak";
    assert_eq!(sari.get(path).await.expect(200).attribute("#f-nomor", "value").as_deref(), Some("KIM-62.71-001"));
    let page = sari.post(&format!("{path}/tolak"), &[("alasan", " ")]).await.expect(422).main();
    assert!(page.contains("Tulis alasannya."), "{page}");
    rina.post(&format!("{path}/tolak"), &[("alasan", "x")]).await.expect(403);
    scene::verifier(&stage, "63").await.post(&format!("{path}/tolak"), &[("alasan", "x")]).await.expect(404);
    sari.post(&format!("{path}/tolak"), &[("alasan", "Ini sebuah perusahaan.")]).await.expect(303);
    stage.settle().await;

    // Its people read why and change nothing; nobody else hears of it.
    assert!(rina.get("/meja").await.main().contains("Pengajuan KIM Tolak ditolak"));
    let main = rina.get("/meja/kim/kim-tolak").await.expect(200).main();
    assert!(main.contains("Pengajuan KIM ini ditolak") && main.contains("Ini sebuah perusahaan."), "{main}");
    rina.get("/meja/kim/kim-tolak/profil").await.expect(409);
    rina.post("/meja/kim/kim-tolak/ajukan", &[]).await.expect(409);
    stage.client().get("/kim/kim-tolak").await.expect(404);
    let main = sari.get("/bina/verifikasi?status=ditolak").await.expect(200).main();
    assert!(main.contains("KIM Tolak") && main.contains("Sari Pembina"), "{main}");

    sari.post(&format!("{path}/verifikasi"), &[("nomor", "1"), ("tetap", "1")]).await.expect(409);
    sari.post(&format!("{path}/kembalikan"), &[("alasan", "x")]).await.expect(409);
    sari.post(&format!("{path}/buka-lagi"), &[("alasan", "Ternyata warga sendiri.")]).await.expect(303);
    sari.post(&format!("{path}/buka-lagi"), &[]).await.expect(409);
    rina.get("/meja/kim/kim-tolak/profil").await.expect(200);
    assert!(rina.get("/meja/kim/kim-tolak").await.expect(200).main().contains("Ternyata warga sendiri."));
    let main = sari.get("/bina/verifikasi?status=dikembalikan").await.expect(200).main();
    assert!(main.contains("KIM Tolak"), "{main}");
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn who_verified_and_when_is_shown(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Submitted).await;
    let mut rina = scene::officer(&stage, id).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    // The promise of the day it was handed in stands, whatever the region decides later.
    decide(&stage, "62.71", "clock_verify_days", "20").await;
    assert!(sari.get("/bina/kim/kim-riak").await.main().contains("Batas keputusan: 1 Desember 2026"));
    let fields = [("nomor", "KIM-A"), ("tetap", "1")];
    sari.post("/bina/kim/kim-riak/verifikasi", &fields).await.expect(303);
    for page in [sari.get("/bina/kim/kim-riak").await, rina.get("/meja/kim/kim-riak").await] {
        assert!(page.main().contains("Diverifikasi oleh Sari Pembina, 24 November 2026"), "{}", page.main());
    }
    assert!(!stage.client().get("/kim/kim-riak").await.expect(200).main().contains("Sari"));
    stage.settle().await;
    stage.done().await;
}

/// What a province may send at once. The time is told, not asserted (`--nocapture`).
#[both::both]
async fn a_thousand_in_one_request(engine: Engine) {
    let stage = scene::open(engine).await;
    let now = stage.kit.clock.now();
    let mut ids = Vec::new();
    let mut tx = stage.write().await;
    for n in 0..1_000 {
        let name = format!("KIM Seribu {n}");
        let (slug, needle) = (format!("kim-seribu-{n}"), name.to_lowercase());
        let new = crate::register::store::NewKim { slug: &slug, name: &name, needle: &needle, region: WARD, created_by: None };
        let id = crate::register::store::add(&mut tx, &new, now).await.expect("a group");
        crate::register::store::set_status(&mut tx, id, Status::Draft, Status::Submitted, now).await.expect("a status");
        scene::fill(&mut tx, id, now).await;
        ids.push(id.to_string());
    }
    tx.commit().await.expect("a commit");
    let mut sari = scene::verifier(&stage, "62").await;
    let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("kim", id.as_str())).collect();
    let begun = std::time::Instant::now();
    let done = sari.post("/bina/verifikasi", &fields).await.expect(303);
    println!("{engine:?}: 1,000 KIM approved in {:?}", begun.elapsed());
    let said = sari.follow(done).await.main();
    assert!(said.contains("1000 KIM") || said.contains("1.000 KIM"), "{said}");
    assert!(waiting_ids(&stage).await.is_empty());
    stage.kit.db.close().await;
}

#[both::both]
async fn nobody_verifies_their_own_nor_beyond_their_regions(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-sendiri", WARD, Status::Submitted).await;
    let now = stage.kit.clock.now();
    let mut tx = stage.write().await;
    scene::fill(&mut tx, id, now).await;
    tx.commit().await.expect("a commit");
    let grants = [(people::roles::VERIFIER, Scope::Region("62".into())), (people::roles::MEMBER, Scope::Group(id))];
    let (_, mut own) = scene::person(&stage, "Sari", &grants).await;
    let form = [("nomor", "7"), ("tetap", "1")];
    let refused = own.post("/bina/kim/kim-sendiri/verifikasi", &form).await.expect(403).main();
    assert!(refused.contains("Anda sendiri bagian dari KIM ini"), "{refused}");
    let done = own.post("/bina/verifikasi", &[("kim", &id.to_string())]).await.expect(303);
    let said = own.follow(done).await.main();
    assert!(said.contains("Anda sendiri bagian dari KIM ini"), "{said}");
    own.post("/bina/verifikasi", &[("semua", "1"), ("wilayah", "63.71")]).await.expect(403);
    assert_eq!(waiting_ids(&stage).await, [id]);

    // What is hidden, and what was read, stands in the audit.
    let mut abroad = scene::verifier(&stage, "63").await;
    abroad.get("/bina/kim/kim-sendiri").await.expect(404);
    own.get("/bina/kim/kim-sendiri").await.expect(200);
    let mut boss = scene::operator(&stage).await;
    let denials = boss.get("/kelola/audit?jenis=denial").await.expect(200).main();
    assert!(denials.contains("/bina/kim/kim-sendiri"), "{denials}");
    let views = boss.get("/kelola/audit?jenis=view").await.expect(200).main();
    assert!(views.contains("Membuka daftar anggota"), "{views}");
    stage.kit.db.close().await;
}
