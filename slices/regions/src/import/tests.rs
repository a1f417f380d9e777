use std::cell::Cell;
use std::collections::BTreeSet;

use stage::Stage;

use super::*;
use crate::region::{self, Region, tiles};

async fn empty(engine: stage::Engine) -> Stage {
    Stage::new(engine, vec![people::slice(), crate::slice()], people::identify).await
}

async fn load(stage: &Stage, edition: &Edition) -> u64 {
    let mut tx = stage.write().await;
    let written = write(&mut tx, edition, stage.kit.clock.now(), &|_, _| {}).await.unwrap();
    tx.commit().await.unwrap();
    written
}

fn small(regions: &str, aliases: &str, changes: &str) -> Edition {
    read(regions, aliases, changes, |_| true).unwrap()
}

#[test]
fn files_are_read_as_their_readme_says() {
    let edition = small(
        "62\tKalimantan Tengah\t\n62.71\tKota Palangkaraya\t\n62.71.01.1005\tPahandut Seberang\t74874\n",
        "# a comment\n62.71\tKota Palangka Raya\tdisplay\n\n62\tKalteng\n99\tTidak Ada\n",
        "# a comment\n91.01\t62.71\t2022-07-25\tKabupaten Merauke: UU 14/2022\n",
    );
    let codes: Vec<&str> = edition.rows.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["62", "62.71", "62.71.01.1005", "91.01"]);
    let city = &edition.rows[1];
    assert_eq!((city.name.as_str(), city.official_name.as_str()), ("Kota Palangka Raya", "Kota Palangkaraya"));
    assert_eq!(edition.rows[2].postal, "74874");
    let old = &edition.rows[3];
    assert_eq!((old.name.as_str(), old.replaced_by.as_deref()), ("Kabupaten Merauke", Some("62.71")));
    assert_eq!((old.valid_until, city.valid_from), (city.valid_from, old.valid_until));
    let names: Vec<&str> = edition.names.iter().filter(|(_, code)| code == "62.71").map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["kota palangka raya", "kota palangkaraya", "palangka raya", "palangkaraya"]);
    assert!(!edition.names.iter().any(|(_, code)| code == "91.01" || code == "99"));
    assert!(read("62", "", "", |_| true).is_err());
    assert!(read("", "", "91.01\t93.01\tkemarin\tx", |_| true).is_err());
    assert_eq!(aliases("62.71"), ["Kota Palangka Raya", "Palangka Raya", "Kota Palangkaraya", "Palangkaraya"]);
    assert!(aliases("62.71.01").is_empty());
}

#[both::both]
async fn the_whole_country_is_loaded_once(engine: stage::Engine) {
    let stage = empty(engine).await;
    let told = Cell::new((0, 0, 0));
    let started = std::time::Instant::now();
    edition(|_| true).unwrap();
    println!("{engine:?}: reading in {:?}", started.elapsed());
    let started = std::time::Instant::now();
    let count = run(&stage.kit.db, &|done, of| told.set((told.get().0 + 1, done, of))).await.unwrap();
    println!("{engine:?}: whole import in {:?}", started.elapsed());
    assert_eq!(count, 91_599);
    let (times, done, of) = told.get();
    assert!(times > 50 && done == of && of > 180_000, "{:?}", told.get());
    let mut conn = stage.read().await;
    let counts = counts(&mut conn).await.unwrap();
    assert_eq!(counts, Counts { provinces: 38, regencies: 514, districts: 7_285, villages: 83_762 });

    // History: the old code stays, says its end and successor, and is not found by name.
    let old = region::get(&mut conn, "91.01").await.unwrap();
    assert_eq!((old.name.as_str(), old.replaced_by.as_deref()), ("Kabupaten Merauke", Some("93.01")));
    assert!(!old.is_current());
    let found = region::search(&mut conn, "Merauke", 10).await.unwrap();
    assert_eq!(found[0].code, "93.01");
    assert!(found.iter().all(Region::is_current));
    for (q, code) in
        [("Palangkaraya", "62.71"), ("Palangka Raya", "62.71"), ("sebangau", "62.71.04"), ("Solo", "33.72"), ("Kukar", "64.02")]
    {
        assert_eq!(region::search(&mut conn, q, 10).await.unwrap()[0].code, code, "{q}");
    }
    let jogja: Vec<String> = region::search(&mut conn, "Jogja", 2).await.unwrap().into_iter().map(|r| r.code).collect();
    assert_eq!(jogja, ["34", "34.71"], "an alias of several");
    let subtree = region::store::search_placed(&mut conn, "pa", "62.71", 500).await.unwrap();
    assert!(subtree.len() > 5 && subtree.iter().all(|placed| base::authz::within(&placed.region.code, "62.71")));

    // Maps hold every region they should.
    for (code, _) in tiles::LAID {
        let of = if *code == region::COUNTRY { "" } else { code };
        let mut laid: Vec<String> = tiles::layout(&mut conn, of).await.unwrap().into_iter().map(|tile| tile.code).collect();
        let mut real: Vec<String> = if *code == "62.71" {
            region::store::villages(&mut conn, of).await.unwrap().into_iter().map(|row| row.code).collect()
        } else {
            region::children(&mut conn, of).await.unwrap().into_iter().map(|row| row.code).collect()
        };
        laid.sort();
        real.sort();
        assert_eq!(laid, real, "{code}");
    }
    let bogor = region::children(&mut conn, "32.01").await.unwrap();
    let grid = tiles::layout(&mut conn, "32.01").await.unwrap();
    let cells: BTreeSet<(u32, u32)> = grid.iter().map(|tile| (tile.col, tile.row)).collect();
    assert_eq!((grid.len(), cells.len()), (bogor.len(), bogor.len()));
    assert!(grid.iter().all(|tile| tile.col < 6 && tile.label.len() <= 2));

    // Kinds follow from codes alone.
    for regency in region::store::search_placed(&mut conn, "kota", "", 500).await.unwrap() {
        let named = regency.region.name.starts_with("Kota ") && regency.region.level == 2;
        assert_eq!(named, regency.region.kind_key() == "regions-kind-city", "{regency:?}");
    }
    drop(conn);

    let started = std::time::Instant::now();
    let times = Cell::new(0);
    assert_eq!(run(&stage.kit.db, &|_, _| times.set(times.get() + 1)).await.unwrap(), 91_599);
    println!("{engine:?}: again in {:?}", started.elapsed());
    assert_eq!(times.get(), 1, "nothing is left to write");
    let mut conn = stage.read().await;
    let events = base::events::about(&mut conn, "regions", 0).await.unwrap();
    let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, [BEGUN, FINISHED], "an import that changes nothing tells nothing");
    drop(conn);

    let mut client = stage.client();
    let page = client.get("/wilayah").await.expect(200);
    assert_eq!((page.count("svg.tilemap .t-on"), page.count("tbody tr")), (38, 38));
    assert!(page.main().contains("38 provinsi serta 514 kabupaten dan kota"), "{}", page.main());
    assert!(page.main().contains("7.285 kecamatan serta 83.762 desa"), "{}", page.main());
    let page = client.get("/wilayah/91.01").await.expect(200);
    assert!(
        page.main().contains("Kode 91.01 berakhir 25 Juli 2022. Penggantinya: Kabupaten Merauke, Papua Selatan (93.01)."),
        "{}",
        page.main()
    );
    assert_eq!(page.count("meta[name=robots]"), 1);
    let page = client.get("/wilayah/93.01").await.expect(200);
    assert!(page.main().contains("Kode lama 91.01 sampai 25 Juli 2022"), "{}", page.main());
    client.post("/wilayah/pilih", &[("code", "91.01")]).await.expect(303);
    let page = client.get("/wilayah/pilih").await.expect(200);
    assert!(page.main().contains("kabar Kabupaten Merauke"), "{}", page.main());
    assert_eq!(client.get("/api/v1/regions/91.01").await.json()["replaced_by"], "93.01");
    let (_, session) = people::testing::person(&stage.kit, "P", &[(people::roles::OPERATOR, base::authz::Scope::All)]).await;
    client.cookie("__Host-simpul", &session);
    client.post("/wilayah/91.01/aturan", &[("term_years", "4")]).await.expect(404);
    stage.done().await;
}

#[both::both]
async fn a_first_import_that_was_cut_short_goes_on(engine: stage::Engine) {
    let stage = empty(engine).await;
    let edition = small(
        "62\tKalimantan Tengah\t\n62.71\tKota Palangkaraya\t\n62.72\tKota Baru\t\n63\tKalimantan Selatan\t\n",
        "",
        "62.98\t62.72\t2026-01-02\tKota Lama: UU 1/2026\n",
    );
    // As a power cut leaves it: the first transaction is there, the others are not.
    let mut tx = stage.write().await;
    tx.emit(Event::new(stage.kit.clock.now(), BEGUN, ("regions", 0))).await.unwrap();
    let mut told = Told { done: 0, total: 2, progress: &|_, _| {} };
    store::add_rows(&mut tx, &edition.rows[..2], &mut told).await.unwrap();
    tx.commit().await.unwrap();

    stage.kit.clock.advance(base::clock::DAY);
    let now = stage.kit.clock.now();
    let told = Cell::new((0, 0));
    let count = in_parts(&stage.kit.db, &edition, now, 2, &|done, of| told.set((done, of))).await.unwrap();
    let left = (edition.rows.len() - 2 + edition.names.len()) as u64;
    assert_eq!((count, told.get()), (4, (left, left)));
    let mut conn = stage.read().await;
    assert_eq!(region::get(&mut conn, "63").await.unwrap().valid_from, None, "it did not begin with the second run");
    assert_eq!(region::get(&mut conn, "62.72").await.unwrap().valid_from, web::dates::parse_day("2026-01-02", "62"));
    assert_eq!(region::search(&mut conn, "kalimantan selatan", 5).await.unwrap()[0].code, "63");
    let kinds = |events: Vec<Event>| events.into_iter().map(|event| event.kind).collect::<Vec<_>>();
    assert_eq!(kinds(base::events::about(&mut conn, "regions", 0).await.unwrap()), [BEGUN, FINISHED]);
    drop(conn);
    assert_eq!(in_parts(&stage.kit.db, &edition, now, 2, &|_, _| {}).await.unwrap(), 4);
    let mut conn = stage.read().await;
    assert_eq!(kinds(base::events::about(&mut conn, "regions", 0).await.unwrap()), [BEGUN, FINISHED], "nothing was left");
    drop(conn);

    // A code of a later edition begins with it, also when that comes in parts.
    let later = small("62\tKalimantan Tengah\t\n64\tKalimantan Timur\t\n65\tKalimantan Utara\t\n", "", "");
    in_parts(&stage.kit.db, &later, now, 1, &|_, _| {}).await.unwrap();
    let mut conn = stage.read().await;
    assert_eq!(region::get(&mut conn, "65").await.unwrap().valid_from, Some(now));
    drop(conn);
    stage.done().await;
}

#[both::both]
async fn a_later_edition_changes_only_what_differs(engine: stage::Engine) {
    let stage = empty(engine).await;
    let aliases = "62.71\tPalangka\n62.99\tKota Hilang Lama\n";
    let first = small("62\tKalimantan Tengah\t\n62.71\tKota Palangkaraya\t\n62.99\tKota Hilang\t\n", aliases, "");
    assert_eq!(load(&stage, &first).await, 3 + 8, "three regions and eight names");
    assert_eq!(load(&stage, &first).await, 0);
    let mut tx = stage.write().await;
    crate::policy::store::set(&mut tx, "62.99", crate::policy::Policy::TermYears, "4", 1, 1).await.unwrap();
    tx.commit().await.unwrap();
    stage.kit.clock.advance(base::clock::DAY);

    // A new name, a new code, a code that vanished without a word, one that was replaced.
    let second = small(
        "62\tKalimantan Tengah\t\n62.71\tKota Palangka Raya\t\n62.72\tKota Baru Sekali\t\n",
        "",
        "62.98\t62.72\t2026-01-02\tKota Lama: UU 1/2026\n",
    );
    load(&stage, &second).await;
    let mut conn = stage.read().await;
    let now = stage.kit.clock.now();
    assert_eq!(region::get(&mut conn, "62.71").await.unwrap().name, "Kota Palangka Raya");
    assert!(region::search(&mut conn, "palangkaraya", 5).await.unwrap().is_empty(), "a name that is gone finds nothing");
    let gone = region::get(&mut conn, "62.99").await.unwrap();
    assert_eq!((gone.valid_until, gone.replaced_by), (Some(now), None));
    assert!(region::search(&mut conn, "kota hilang", 5).await.unwrap().is_empty());
    assert_eq!(crate::policy::int(&mut conn, "62.99", crate::policy::Policy::TermYears).await.unwrap(), 4);
    let new = region::get(&mut conn, "62.72").await.unwrap();
    let changed = web::dates::parse_day("2026-01-02", "62").unwrap();
    assert_eq!(new.valid_from, Some(changed));
    let old = region::get(&mut conn, "62.98").await.unwrap();
    assert_eq!((old.valid_until, old.replaced_by.as_deref()), (Some(changed), Some("62.72")));
    assert_eq!(counts(&mut conn).await.unwrap().regencies, 2);
    drop(conn);
    let page = stage.client().get("/wilayah/62.99").await.expect(200);
    assert!(page.main().contains("Kode 62.99 berakhir 25 November 2026."), "{}", page.main());

    // Time passes, nothing else does; then the vanished code returns.
    stage.kit.clock.advance(base::clock::DAY);
    assert_eq!(load(&stage, &second).await, 0);
    let third = small("62\tKalimantan Tengah\t\n62.71\tKota Palangka Raya\t\n62.99\tKota Hilang\t\n", "", "");
    load(&stage, &third).await;
    let mut conn = stage.read().await;
    assert!(region::get(&mut conn, "62.99").await.unwrap().is_current());
    assert_eq!(region::get(&mut conn, "62.71").await.unwrap().valid_from, None);
    drop(conn);
    stage.done().await;
}
