use base::sql;
use stage::{Engine, Stage};

use crate::register::Status;
use crate::scene::{self, WARD};

async fn change(stage: &Stage, text: &str) {
    let lines = regions::change::read(text).expect("lines");
    let now = stage.kit.clock.now();
    let mut conn = stage.read().await;
    assert_eq!(regions::change::check(&mut conn, &lines, now).await.expect("checked"), []);
    drop(conn);
    regions::change::run(&stage.kit.db, &lines, now).await.expect("applied");
    // What one listener tells, others hear in the next round.
    stage.settle().await;
    stage.settle().await;
}

#[both::both]
async fn kim_go_where_their_ward_went(engine: Engine) {
    let stage = scene::open(engine).await;
    scene::kim(&stage, "kim-langkai", WARD, Status::Active).await;
    scene::kim(&stage, "kim-lama", WARD, Status::Dissolved).await;
    let mut visitor = stage.client();
    change(&stage, &format!("{WARD},62.71.01.1009,2026-01-01,Langkai Raya\n")).await;
    let api = visitor.get("/api/v1/kim/kim-langkai").await.expect(200).json();
    assert_eq!((api["region"]["code"].as_str(), api["region"]["name"].as_str()), (Some("62.71.01.1009"), Some("Langkai Raya")));
    assert!(visitor.get("/kim?q=langkai+raya").await.expect(200).main().contains("KIM Langkai"), "found by its new place");
    assert!(visitor.get("/wilayah/62.71.01.1009").await.expect(200).main().contains("KIM Langkai"));
    assert!(visitor.get("/kim/kim-langkai/riwayat").await.expect(200).main().contains("Wilayahnya berganti"));
    let page = visitor.get(&format!("/wilayah/{WARD}")).await.expect(200).main();
    assert!(page.contains("Langkai Raya"), "{page}");
    // Nothing waits for anyone, and hearing it all again changes nothing.
    let mut sari = scene::verifier(&stage, "62.71").await;
    assert!(sari.get("/bina/pindah").await.expect(200).main().contains("Tidak ada yang menunggu"));
    let count = |stage: &Stage| {
        let db = stage.kit.db.clone();
        async move { db.read().await.expect("a connection").int(sql!("select count(*) as n from base_event")).await.expect("a count") }
    };
    let told = count(&stage).await;
    stage.app.rebuild_listeners().await.expect("rebuilt");
    assert_eq!(count(&stage).await, told);
    stage.done().await;
}

#[both::both]
async fn after_a_split_an_overseer_says_where_each_belongs(engine: Engine) {
    let stage = scene::open(engine).await;
    let hulu = scene::kim(&stage, "kim-hulu", WARD, Status::Active).await;
    scene::kim(&stage, "kim-hilir", WARD, Status::Draft).await;
    let mut rina = scene::officer(&stage, hulu).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    change(&stage, &format!("{WARD},62.71.01.1011,2026-01-01,Langkai Hulu\n{WARD},62.71.01.1012,2026-01-01,Langkai Hilir\n"))
        .await;
    let desk = sari.get("/meja").await.expect(200).main();
    assert!(desk.contains("2 KIM menunggu wilayah baru") && desk.contains("Langkai menjadi beberapa wilayah"), "{desk}");
    let page = sari.get("/bina/pindah").await.expect(200);
    assert!(page.main().contains("KIM Hulu") && page.main().contains("Langkai Hilir"), "{}", page.main());
    assert_eq!(page.count("input[name=ke]"), 4);
    let mut stranger = scene::verifier(&stage, "63").await;
    assert!(!stranger.get("/bina/pindah").await.expect(200).main().contains("KIM Hulu"));
    stranger.post("/bina/pindah/kim-hulu", &[("ke", "62.71.01.1011")]).await.expect(403);
    rina.get("/bina/pindah").await.expect(403);
    for wrong in ["", "62.71.01.1001", WARD] {
        let page = sari.post("/bina/pindah/kim-hulu", &[("ke", wrong)]).await.expect(422).main();
        assert!(page.contains("Pilih wilayahnya yang sekarang"), "{page}");
    }
    sari.post("/bina/pindah/kim-hulu", &[("ke", "62.71.01.1011")]).await.expect(303);
    sari.post("/bina/pindah/kim-hulu", &[("ke", "62.71.01.1012")]).await.expect(409);
    stage.settle().await;
    let api = stage.client().get("/api/v1/kim/kim-hulu").await.expect(200).json();
    assert_eq!(api["region"]["code"], "62.71.01.1011");
    assert!(rina.get("/meja").await.main().contains("kini tercatat di wilayah yang baru"));
    let page = sari.get("/bina/pindah").await.expect(200).main();
    assert!(!page.contains("KIM Hulu") && page.contains("KIM Hilir"), "{page}");
    // Overseers were told once, however often it is heard.
    stage.app.rebuild_listeners().await.expect("rebuilt");
    let mut conn = stage.read().await;
    let asked = conn.int(sql!("select count(*) as n from base_event where kind = 'kim.place.asked'")).await.expect("a count");
    assert_eq!(asked, 1);
    drop(conn);
    stage.done().await;
}
