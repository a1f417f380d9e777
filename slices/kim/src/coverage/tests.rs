//! Coverage through the router: counts, lists, maps, exports.
use std::io::Cursor;

use base::authz::Scope;
use base::clock::DAY;
use calamine::{Reader, Xlsx};
use people::roles::{FOSTERING, VERIFIER};
use stage::{Client, Engine, Stage};

use crate::facility::{self, Facility};
use crate::register::Status;
use crate::scene::{self, ELSEWHERE, WARD};

/// Two wards of one district with one KIM each, one in another district, one in another city:
/// complete and silent; without decree, hollow, without signal; asleep; far away.
async fn city(stage: &Stage) -> Client {
    let whole = scene::kim(stage, "kim-utuh", WARD, Status::Active).await;
    scene::complete(stage, whole).await;
    let poor = scene::kim(stage, "kim-kurang", "62.71.01.1001", Status::Verified).await;
    let asleep = scene::kim(stage, "kim-tidur", "62.71.02.1001", Status::Dormant).await;
    scene::complete(stage, asleep).await;
    scene::kim(stage, "kim-jauh", ELSEWHERE, Status::Active).await;
    scene::kim(stage, "kim-antre", WARD, Status::Submitted).await;
    let mut tx = stage.write().await;
    let now = stage.kit.clock.now();
    let blank = Facility { connectivity: "blank".into(), equipment: ",".into(), equipment_other: String::new() };
    facility::store::set(&mut tx, poor, &blank, now).await.expect("a signal");
    crate::reconfirm::store::ask(&mut tx, whole, now).await.expect("asked");
    crate::reconfirm::store::ask(&mut tx, asleep, now).await.expect("asked");
    tx.commit().await.expect("a commit");
    stage.kit.clock.advance(31 * DAY);
    scene::verifier(stage, "62.71").await
}

#[both::both]
async fn an_overseer_sees_what_is_missing(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = city(&stage).await;
    let page = sari.get("/bina/cakupan").await.expect(200);
    let main = page.main();
    assert!(main.contains("Cakupan KIM di Kota Palangka Raya"), "{main}");
    for tab in ["Tanpa KIM 27", "SK habis atau belum ada 1", "Anggota kurang 1", "Tanpa sinyal 1", "Belum menjawab 1"] {
        assert!(main.contains(tab), "{tab}: {main}");
    }
    assert!(main.contains("Semua 30 3 27 1 1 1 1"), "{main}");
    assert!(main.contains("Pahandut 1 1 0 1 1 1 0"), "the ward of the poor one, under its district: {main}");
    assert_eq!((page.count("svg.tilemap a"), page.count("tbody tr")), (30, 31), "the table is the map's twin");
    assert_eq!((page.count("svg a.t-w4"), page.count("svg a.t-on")), (27, 3));
    assert_eq!(page.attribute("svg.tilemap", "aria-label").as_deref(), Some("Peta Kota Palangka Raya: Tanpa KIM"));
    let page = sari.get("/bina/cakupan?lihat=sinyal").await.expect(200);
    assert_eq!((page.count("svg a.is-blank .t-blank"), page.count("svg a.t-on"), page.count("svg a.t-none")), (1, 2, 27));
    // Policy decides who is hollow; the nearest region counts.
    let mut pembina = scene::client(&stage, "Pembina", FOSTERING, Scope::Region("62".into())).await;
    pembina.post("/wilayah/62/aturan", &[("kim_size_min", "4")]).await.expect(303);
    assert!(sari.get("/bina/cakupan").await.main().contains("Anggota kurang 3"));
    pembina.post("/wilayah/62.71.02/aturan", &[("kim_size_min", "2")]).await.expect(303);
    assert!(sari.get("/bina/cakupan").await.main().contains("Anggota kurang 2"));

    // Into a part, and no further than one's own regions.
    let main = sari.get("/bina/cakupan?wilayah=62.71.02").await.expect(200).main();
    assert!(main.contains("Cakupan KIM di Bukit Batu") && main.contains("Tanpa KIM 6"), "{main}");
    assert!(sari.get("/bina/cakupan?wilayah=63").await.expect(200).main().contains("di Kota Palangka Raya"));
    sari.get("/bina/cakupan?wilayah=62.71.99").await.expect(404);
    sari.get("/bina/cakupan?wilayah=62.71.01.1001").await.expect(200);
    let page = pembina.get("/bina/cakupan").await.expect(200);
    assert_eq!(page.count("svg.tilemap a"), 14);
    assert_eq!(page.attribute("#w-62\\.71 th a", "href").as_deref(), Some("/bina/cakupan?wilayah=62.71&lihat=kosong"));
    assert!(scene::operator(&stage).await.get("/bina/cakupan").await.expect(200).main().contains("di Indonesia"));
    scene::officer(&stage, 1).await.get("/bina/cakupan").await.expect(403);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn each_number_opens_its_list(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = city(&stage).await;
    for (view, shown, hidden) in [
        ("kosong", vec!["Pahandut Seberang", "Tumbang Rungan"], "KIM"),
        ("sk", vec!["KIM Kurang", "SK belum ada."], "KIM Utuh"),
        ("anggota", vec!["KIM Kurang", "0 orang, paling sedikit 3"], "KIM Utuh"),
        ("sinyal", vec!["KIM Kurang", "Tidak ada sinyal"], "KIM Utuh"),
        ("jawab", vec!["KIM Utuh", "Ditanya 24 November 2026"], "KIM Tidur"),
    ] {
        let page = sari.get(&format!("/bina/cakupan/daftar?wilayah=62.71&lihat={view}")).await.expect(200);
        let list = page.text();
        let list = &list[list.find("<ul class=\"links\">").expect("a list")..list.find("</main>").expect("an end")];
        for name in shown {
            assert!(list.contains(name), "{view}: {name}: {list}");
        }
        assert!(!list.contains(hidden) && !list.contains("KIM Jauh") && !list.contains("KIM Antre"), "{view}: {list}");
    }
    let main = sari.get("/bina/cakupan/daftar?wilayah=62.71.02.1001&lihat=sk").await.expect(200).main();
    assert!(main.contains("Tidak ada yang perlu dibantu"), "{main}");
    // A decree that ended, and page by page.
    stage.kit.clock.advance(1_000 * DAY);
    for n in 0..52 {
        scene::kim(&stage, &format!("kim-nomor-{n:02}"), WARD, Status::Active).await;
    }
    let mut sari = scene::verifier(&stage, "62.71").await;
    let first = sari.get("/bina/cakupan/daftar?lihat=sk&wilayah=62.71").await.expect(200);
    assert!(first.main().contains("SK habis 20 Agustus 2029"), "{}", first.main());
    assert_eq!(first.count("ul.links li"), 50);
    let next = first.attribute("a[rel=next]", "href").expect("a next page");
    let second = sari.get(&next).await.expect(200);
    assert_eq!((second.count("ul.links li"), second.count("a[rel=next]")), (5, 0));
    sari.get("/bina/cakupan/daftar?lihat=kosong&setelah=rusak").await.expect(200);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn the_table_goes_out_as_csv_and_workbook(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = city(&stage).await;
    let odd = scene::kim(&stage, "kim-rumus", "62.71.01.1002", Status::Active).await;
    let mut rina = scene::officer(&stage, odd).await;
    rina.post("/meja/kim/kim-rumus/profil", &[("nama", "=CMD()"), ("alamat_halaman", "kim-rumus")]).await.expect(303);
    let csv = sari.get("/bina/cakupan.csv").await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"cakupan-kim-62.71.csv\"");
    let text = csv.text();
    assert!(text.starts_with("\u{feff}Kode,Wilayah,Desa dan kelurahan,KIM,Tanpa KIM,"), "{text}");
    assert!(text.contains("62.71.01.1001,\"Pahandut, Pahandut\",1,1,0,1,1,1,0"), "{text}");
    assert_eq!(text.lines().count(), 31);
    let book = sari.get("/bina/cakupan.xlsx?wilayah=62.71.01").await.expect(200);
    assert_eq!(book.header("content-disposition"), "attachment; filename=\"cakupan-kim-62.71.01.xlsx\"");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book.body)).expect("a workbook");
    let names = book.sheet_names();
    assert_eq!(names.len(), 6);
    let sheet = book.worksheet_range(&names[0]).expect("a sheet");
    assert_eq!(sheet.height(), 7, "a head and six wards");
    let sheet = book.worksheet_range(&names[2]).expect("a sheet");
    let cells: Vec<String> = sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(cells.iter().any(|cell| cell == "=CMD()") && cells.iter().any(|cell| cell == "KIM Kurang"), "{cells:?}");
    assert!(book.worksheet_formula(&names[2]).map_or(true, |formulas| formulas.is_empty()), "a name is no formula");
    rina.get("/bina/cakupan.csv").await.expect(403);
    rina.get("/bina/cakupan.xlsx").await.expect(403);
    stage.client().get("/bina/cakupan.csv").await.expect(303);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn outlines_turn_the_map_into_areas(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = city(&stage).await;
    scene::kim(&stage, "kim-dua", WARD, Status::Active).await;
    let feature = |code: &str, east: f64| {
        let (west, east) = (east, east + 0.5);
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{{"type":"Polygon","coordinates":
                [[[{west},-2.0],[{east},-2.0],[{east},-1.5],[{west},-1.5],[{west},-2.0]]]}}}}"#
        )
    };
    let wards: Vec<String> = (1..=6).map(|n| feature(&format!("62.71.01.100{n}"), 113.0 + f64::from(n))).collect();
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, wards.join(","));
    let report = regions::outline::import(&stage.kit.db, text.as_bytes(), stage.kit.clock.now()).await.expect("an import");
    assert_eq!(report.expect("a collection").kept, 6);
    stage.settle().await;
    let page = sari.get("/bina/cakupan?wilayah=62.71.01").await.expect(200);
    assert_eq!((page.count("svg.areas a path.area"), page.count("svg.tilemap")), (6, 0));
    assert_eq!((page.count("svg.areas a.t-w4"), page.count("svg.areas a.t-on")), (4, 2));
    // A region's own page, by the number of KIM; the city, whose outlines are not all there, keeps its tiles.
    let page = stage.client().get("/wilayah/62.71.01").await.expect(200);
    assert_eq!(page.attribute("svg.areas", "aria-label").as_deref(), Some("Peta jumlah KIM di Pahandut"));
    assert_eq!((page.count("svg.areas a.t-g4"), page.count("svg.areas a.t-g2"), page.count("svg.areas a.t-none")), (1, 1, 4));
    let page = stage.client().get("/wilayah/62.71").await.expect(200);
    assert_eq!(page.attribute("svg.tilemap", "aria-label").as_deref(), Some("Peta jumlah KIM di Kota Palangka Raya"));
    assert_eq!(page.count("svg.tilemap a.t-weak"), 1, "all asleep");
    assert_eq!(
        (page.count("svg.tilemap a.t-g4"), page.count("svg.tilemap a.t-g2"), page.count("svg.tilemap a.t-none")),
        (1, 1, 27)
    );
    assert_eq!(page.attribute("svg.tilemap a", "href").as_deref().map(|href| &href[..13]), Some("/wilayah/62.7"));
    assert_eq!(stage.client().get("/wilayah").await.expect(200).count("svg.tilemap a.t-g4"), 1);
    assert_eq!(stage.client().get("/wilayah/62.71.01.1001").await.expect(200).count("svg.areas, svg.tilemap"), 0);
    stage.done().await;
}

/// A province with 3,000 KIM: `cargo test -p kim --release -- --ignored three_thousand --nocapture`.
#[test]
#[ignore = "a measure for release builds"]
fn three_thousand_in_one_province() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        stage::run(async move {
            let stage = scene::open(engine).await;
            let now = stage.kit.clock.now();
            let mut tx = stage.write().await;
            for n in 0..3_000 {
                let (slug, name) = (format!("kim-ribuan-{n}"), format!("KIM Ribuan {n}"));
                let region = format!("62.{:02}.01.20{:02}", n % 14, n % 60);
                let new =
                    crate::register::store::NewKim { slug: &slug, name: &name, needle: &slug, region: &region, created_by: None };
                let id = crate::register::store::add(&mut tx, &new, now).await.expect("a group");
                crate::register::store::set_status(&mut tx, id, Status::Draft, Status::Active, now).await.expect("a status");
                scene::fill(&mut tx, id, now).await;
            }
            tx.commit().await.expect("a commit");
            let mut sari = scene::client(&stage, "Sari", VERIFIER, Scope::Region("62".into())).await;
            let rounds = 50;
            sari.get("/bina/cakupan").await.expect(200);
            let begun = std::time::Instant::now();
            for _ in 0..rounds {
                sari.get("/bina/cakupan").await.expect(200);
            }
            let page = begun.elapsed() / rounds;
            let mut conn = stage.read().await;
            let begun = std::time::Instant::now();
            for _ in 0..rounds {
                super::store::groups(&mut conn, "62", 5, now).await.expect("counts");
            }
            let query = begun.elapsed() / rounds;
            println!("{engine:?}: page {page:?}, of which the grouped query {query:?}");
            drop(conn);
            stage.kit.db.close().await;
        });
    }
}
