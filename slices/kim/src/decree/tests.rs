use stage::Engine;
use web::dates;

use super::{Decree, years_later};
use crate::register::Status;
use crate::scene::{self, ELSEWHERE, WARD};

#[test]
fn a_term_ends_years_later() {
    let day = |text: &str| dates::parse_day(text, "62").expect("a day");
    assert_eq!(years_later(day("2024-03-14"), 3, "62"), Some(day("2027-03-14")));
    assert_eq!(years_later(day("2024-02-29"), 3, "62"), Some(day("2027-02-28")));
    let decree = Decree { id: 1, number: "1".into(), issued_at: 0, signer: "Lurah".into(), expires_at: Some(200), scan: None };
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
    assert!(scene::verifier(&stage, "62.71").await.get("/bina/kim/kim-riak").await.main().contains("Lihat foto SK"));
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
    let refused = rina.post_files(path, &fields, &[("foto", "sk.pdf", b"%PDF-1.7")]).await.expect(422);
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
    };
    assert_eq!(decree(0, 100).used(50), Some(50));
    assert_eq!(decree(i64::MIN, i64::MAX).used(i64::MAX), Some(100));
    assert_eq!(decree(50, 100).used(0), Some(0));
}
