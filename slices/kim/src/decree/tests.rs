use base::authz::Scope;
use base::clock::DAY;
use people::roles::{OFFICER, VERIFIER};
use stage::Engine;
use web::dates;

use super::{Decree, store, years_later};
use crate::register::Status;
use crate::scene::{self, ELSEWHERE, WARD};

#[test]
fn a_term_ends_years_later() {
    let day = |text: &str| dates::parse_day(text, "62").expect("a day");
    assert_eq!(years_later(day("2024-03-14"), 3, "62"), Some(day("2027-03-14")));
    assert_eq!(years_later(day("2024-02-29"), 3, "62"), Some(day("2027-02-28")));
    let decree = Decree {
        id: 1,
        number: "1".into(),
        issued_at: 0,
        signer: "Lurah".into(),
        expires_at: Some(200),
        scan: None,
        replaced_by: None,
    };
    assert_eq!((decree.used(50), decree.used(500), decree.used(-5)), (Some(25), Some(100), Some(0)));
    assert!(decree.is_over(&200) && !decree.is_over(&199));
}

#[both::both]
async fn the_photo_of_a_decree_is_for_few_eyes(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let other = scene::kim(&stage, "kim-lain", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let path = "/meja/kim/kim-riak/sk";
    assert!(rina.get(path).await.expect(200).main().contains("Lurah atau kepala desa"));
    let fields = [("nomor", "12/KEL/2024"), ("tanggal", "2024-03-14"), ("penanda_tangan", "Lurah Pahandut Seberang")];
    let picture = scene::png();
    rina.post_files(path, &fields, &[("foto", "sk.png", &picture)]).await.expect(303);
    stage.settle().await;

    let photo = rina.get("/meja/kim/kim-riak/sk/berkas/1").await.expect(200);
    assert_eq!((photo.header("content-type"), photo.header("cache-control")), ("image/jpeg", "no-store"));
    assert!(photo.body.starts_with(&[0xff, 0xd8, 0xff]) && photo.header("content-security-policy").contains("sandbox"));
    scene::verifier(&stage, "62.71").await.get("/meja/kim/kim-riak/sk/berkas/1").await.expect(200);
    scene::operator(&stage).await.get("/meja/kim/kim-riak/sk/berkas/1").await.expect(200);
    assert!(scene::verifier(&stage, "62.71").await.get("/bina/kim/kim-riak").await.main().contains("Buka SK"));
    for mut refused in [
        scene::member(&stage, id).await,
        scene::officer(&stage, other).await,
        scene::verifier(&stage, "63").await,
        scene::person(&stage, "Warga", &[]).await.1,
    ] {
        refused.get("/meja/kim/kim-riak/sk/berkas/1").await.expect(403);
    }
    stage.client().get("/meja/kim/kim-riak/sk/berkas/1").await.expect(303);
    // Under another group's address it does not exist, and no public address leads to it.
    scene::officer(&stage, other).await.get("/meja/kim/kim-lain/sk/berkas/1").await.expect(404);
    let kept = stage.kit.blobs.list("private/decree").await.expect("a list");
    assert_eq!(kept.len(), 1);
    let name = kept[0].rsplit('/').next().expect("a name");
    stage.client().get(&format!("/media/{name}")).await.expect(404);

    // The public page shows the decree without it.
    let page = stage.client().get("/kim/kim-riak").await.expect(200);
    assert!(page.main().contains("12/KEL/2024") && page.main().contains("Sampai 14 Maret 2027"), "{}", page.main());
    assert!(!page.text().contains("berkas"));
    let api = stage.client().get("/api/v1/kim/kim-riak").await.json();
    assert_eq!(api["decree"]["expires"], "2027-03-14");
    assert!(api["decree"].get("scan").is_none());
    stage.done().await;
}

#[both::both]
async fn a_decree_is_checked(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", ELSEWHERE, Status::Draft).await;
    let mut rina = scene::officer(&stage, id).await;
    let path = "/meja/kim/kim-riak/sk";
    let page = rina.post(path, &[("tanggal", "2027-01-01")]).await.expect(422).main();
    for problem in ["Tulis nomor SK", "paling lambat hari ini", "Tulis siapa yang menandatangani"] {
        assert!(page.contains(problem), "{problem}: {page}");
    }
    let (number, signer) = ("1".repeat(81), "L".repeat(121));
    let fields = [("nomor", number.as_str()), ("penanda_tangan", &signer), ("tanggal", "2024-01-01"), ("sampai", "2024-01-01")];
    let page = rina.post(path, &fields).await.expect(422).main();
    for problem in ["80 huruf", "120 huruf", "setelah tanggal SK"] {
        assert!(page.contains(problem), "{problem}: {page}");
    }
    let fields = [("nomor", "1"), ("penanda_tangan", "Lurah"), ("tanggal", "2020-01-01"), ("sampai", "2023-01-01")];
    let refused = rina.post_files(path, &fields, &[("foto", "sk.pdf", b"PDF-1.7 %PDF-")]).await.expect(422);
    assert!(refused.main().contains("tidak bisa kami baca"));
    rina.post_with_key(path, "kunci-sk-sama", &fields).await.expect(303);
    rina.post_with_key(path, "kunci-sk-sama", &fields).await.expect(303);
    let page = rina.get(path).await.expect(200);
    assert_eq!(page.count("dl.card"), 1);
    assert!(page.main().contains("Sudah habis"));
    assert!(rina.get("/meja/kim/kim-riak").await.main().contains("Masa bakti di SK sudah habis"));
    stage.settle().await;
    stage.done().await;
}

#[test]
fn a_decree_of_any_age_has_a_share() {
    let decree = |issued_at, expires_at| super::Decree {
        id: 1,
        number: String::new(),
        issued_at,
        signer: String::new(),
        expires_at: Some(expires_at),
        scan: None,
        replaced_by: None,
    };
    assert_eq!(decree(0, 100).used(50), Some(50));
    assert_eq!(decree(i64::MIN, i64::MAX).used(i64::MAX), Some(100));
    assert_eq!(decree(50, 100).used(0), Some(0));
}

#[test]
fn the_signer_is_held_against_the_rule() {
    for (rule, signer) in [
        ("Lurah atau kepala desa", "Lurah Pahandut Seberang"),
        ("Lurah atau kepala desa", "Plt. KEPALA DESA Batuah"),
        ("Lurah atau kepala desa", "Kades Batuah"),
        ("Bupati/Wali Kota", "Walikota Palangka Raya"),
        ("Camat, lurah", "Lurah"),
        (" , ", "Siapa saja"),
    ] {
        assert!(super::fits(rule, signer), "{rule}: {signer}");
    }
    for (rule, signer) in [("Wali Kota", "Lurah Langkai"), ("Lurah", "Lurahan Langkai"), ("kepala desa", "Kepala Dinas")] {
        assert!(!super::fits(rule, signer), "{rule}: {signer}");
    }
}

#[both::both]
async fn another_signer_is_asked_about_and_shown(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Submitted).await;
    let mut rina = scene::officer(&stage, id).await;
    let path = "/meja/kim/kim-riak/sk";
    let mut fields = vec![("nomor", "12/2024"), ("tanggal", "2024-03-14"), ("penanda_tangan", "Camat Pahandut")];
    let page = rina.post(path, &fields).await.expect(422);
    assert!(page.main().contains("Aturan wilayah: Lurah atau kepala desa."), "{}", page.main());
    assert_eq!(page.attribute("#f-nomor", "value").as_deref(), Some("12/2024"), "nothing typed is lost");
    fields.push(("lain", "1"));
    rina.post(path, &fields).await.expect(303);
    let mut sari = scene::verifier(&stage, "62.71").await;
    assert!(sari.get("/bina/kim/kim-riak").await.main().contains("Penanda tangan SK lain dari aturan wilayah."));
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_pdf_is_kept_apart_and_only_handed_over(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let path = "/meja/kim/kim-riak/sk";
    let fields = [("nomor", "12/2024"), ("tanggal", "2024-03-14"), ("penanda_tangan", "Lurah Langkai")];
    let mut large = b"%PDF-1.7".to_vec();
    large.resize(base::pictures::PDF_MOST + 1, b' ');
    let page = rina.post_files(path, &fields, &[("foto", "sk.pdf", &large)]).await.expect(422).main();
    assert!(page.contains("Paling besar 10 MB"), "{page}");
    for odd in [b"<html>%PDF-".as_slice(), b" %PDF-1.7", b"%pdf-1.7"] {
        rina.post_files(path, &fields, &[("foto", "sk.pdf", odd)]).await.expect(422);
    }
    assert!(stage.kit.blobs.list("private/decree").await.expect("a list").is_empty());
    let pdf = b"%PDF-1.7\n%%EOF\n";
    rina.post_files(path, &fields, &[("foto", "../sk.html", pdf)]).await.expect(303);
    stage.settle().await;

    let file = rina.get("/meja/kim/kim-riak/sk/berkas/1").await.expect(200);
    assert_eq!(file.body, pdf);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"sk.pdf\"");
    assert_eq!((file.header("x-content-type-options"), file.header("cache-control")), ("nosniff", "no-store"));
    assert!(file.header("content-security-policy").contains("sandbox"));
    scene::member(&stage, id).await.get("/meja/kim/kim-riak/sk/berkas/1").await.expect(403);
    let kept = stage.kit.blobs.list("private/decree").await.expect("a list");
    let name = kept[0].rsplit('/').next().expect("a name");
    stage.client().get(&format!("/media/{name}")).await.expect(404);
    stage.done().await;
}

#[both::both]
async fn a_new_decree_takes_the_place_of_the_one_before(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let path = "/meja/kim/kim-riak/sk";
    for (number, day) in [("1/2020", "2020-01-01"), ("3/2026", "2026-01-01"), ("2/2023", "2023-01-01")] {
        rina.post(path, &[("nomor", number), ("tanggal", day), ("penanda_tangan", "Lurah Langkai")]).await.expect(303);
    }
    let mut conn = stage.read().await;
    let all = store::all(&mut conn, id).await.expect("decrees");
    let chain: Vec<_> = all.iter().map(|decree| (decree.number.as_str(), decree.replaced_by)).collect();
    // The one recorded last is older: it finds its place in the row.
    assert_eq!(chain, [("3/2026", None), ("2/2023", Some(2)), ("1/2020", Some(3))]);
    assert_eq!(store::latest(&mut conn, id).await.expect("read").expect("a decree").number, "3/2026");
    drop(conn);
    let page = rina.get(path).await.expect(200).main();
    assert!(
        page.contains("3/2026 Berlaku") && page.contains("2/2023 Digantikan") && page.contains("1/2020 Digantikan"),
        "{page}"
    );
    assert!(stage.client().get("/kim/kim-riak").await.main().contains("3/2026"));
    stage.settle().await;
    stage.done().await;
}

async fn remind(stage: &stage::Stage) {
    let mut tx = stage.write().await;
    let now = stage.kit.clock.now();
    base::jobs::enqueue(&mut tx, "kim.decree.remind", &serde_json::Value::Null, now, None).await.expect("a job");
    tx.commit().await.expect("a commit");
    stage.settle().await;
}

/// The days of each reminder, 0 for the end itself.
async fn reminded(stage: &stage::Stage, id: i64) -> Vec<i64> {
    let mut conn = stage.read().await;
    let events = base::events::about(&mut conn, "kim", id).await.expect("events");
    let told = events.iter().filter(|event| event.kind.starts_with("kim.decree.expir"));
    told.map(|event| event.json()["days"].as_i64().expect("days")).collect()
}

#[both::both]
async fn the_end_of_a_decree_is_told_four_times(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let late = scene::kim(&stage, "kim-telat", WARD, Status::Dormant).await;
    let (officer, _) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(id))]).await;
    let (overseer, _) = scene::person(&stage, "Sari", &[(VERIFIER, Scope::Region("62".into()))]).await;
    let now = stage.kit.clock.now();
    let mut tx = stage.write().await;
    for (group, days) in [(id, 100), (late, 5)] {
        let new = store::NewDecree {
            number: "1",
            issued_at: now - 300 * DAY,
            signer: "Lurah Langkai",
            expires_at: Some(now + days * DAY),
            scan: None,
            created_by: None,
        };
        store::add(&mut tx, group, &new, now).await.expect("a decree");
    }
    tx.commit().await.expect("a commit");

    let mut told = Vec::new();
    for days in [0, 10, 59, 1, 22, 1, 6, 1, 30] {
        stage.kit.clock.advance(days * DAY);
        remind(&stage).await;
        remind(&stage).await;
        told.push(reminded(&stage, id).await.len());
    }
    assert_eq!(told, [0, 1, 1, 2, 2, 3, 3, 4, 4], "each stage once, on its day");
    assert_eq!(reminded(&stage, id).await, [90, 30, 7, 0]);
    assert_eq!(reminded(&stage, late).await, [7, 0], "what is past is not told of");
    let (mut rina, mut sari) = (scene::again(&stage, officer).await, scene::again(&stage, overseer).await);
    let mut other = scene::verifier(&stage, "63").await;
    for page in [rina.get("/meja").await.main(), sari.get("/meja").await.main()] {
        assert!(page.contains("SK KIM Riak sudah habis"), "{page}");
    }
    assert!(rina.get("/meja").await.main().contains("Minta SK baru"));
    assert!(!other.get("/meja").await.main().contains("KIM Riak"));
    assert!(stage.client().get("/kim/kim-riak/riwayat").await.main().contains("Masa berlaku SK habis"));

    // A renewal begins anew; the old decree is not told of again.
    let today = dates::day(stage.kit.clock.now(), WARD);
    let fields = [("nomor", "2"), ("tanggal", today.as_str()), ("penanda_tangan", "Lurah Langkai")];
    rina.post("/meja/kim/kim-riak/sk", &fields).await.expect(303);
    remind(&stage).await;
    assert_eq!(reminded(&stage, id).await.len(), 4);
    assert!(!rina.get("/meja").await.main().contains("Minta SK baru"));
    stage.kit.clock.advance(1_070 * DAY);
    remind(&stage).await;
    assert_eq!(reminded(&stage, id).await, [90, 30, 7, 0, 30]);
    stage.done().await;
}
