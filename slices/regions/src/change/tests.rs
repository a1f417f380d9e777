use base::authz::Scope;
use base::sql;
use both::both;
use people::roles::VERIFIER;
use stage::{Engine, Stage};

use super::*;
use crate::region;

async fn open(engine: Engine) -> Stage {
    let stage = Stage::new(engine, vec![people::slice(), crate::slice()], people::identify).await;
    crate::testing::sample(&stage.kit).await;
    stage
}

async fn apply(stage: &Stage, text: &str) -> Outcome {
    let lines = read(text).expect("lines");
    let now = stage.kit.clock.now();
    let mut conn = stage.read().await;
    assert_eq!(check(&mut conn, &lines, now).await.expect("checked"), []);
    drop(conn);
    run(&stage.kit.db, &lines, now).await.expect("applied")
}

#[test]
fn a_file_is_read_line_by_line() {
    let text = "\u{feff}kode lama,kode baru,tanggal\n62.71.01.1001,62.71.01.1009,2026-01-01,Pahandut Baru\n# a note\n\n62.71.01.1002;62.71.01.1003;2026-01-01\n";
    let lines = read(text).expect("lines");
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].n, lines[0].name.as_str(), lines[1].new.as_str()), (2, "Pahandut Baru", "62.71.01.1003"));
    let wrong = read("x,62.71,2026-01-01\n62.71,62.71,2026-01-01\n62.71,62.71.01,2026-01-01\n62.71,62.72,kemarin\n");
    let said: Vec<String> = wrong.expect_err("problems").into_iter().map(|problem| problem.what).collect();
    // The first line is taken for a head.
    assert_eq!(
        said,
        ["62.71 stays what it is", "62.71 and 62.71.01 are not of one level", "\"kemarin\" is no date like 2026-11-24"]
    );
    assert_eq!(read("\n#\n").expect_err("nothing")[0].what, "the file holds no lines");
}

#[both]
async fn what_cannot_be_is_named_before_anything_changes(engine: Engine) {
    let stage = open(engine).await;
    let mut conn = stage.read().await;
    let text = "62.71.09.1001,62.71.01.1001,2026-01-01\n\
        62.71.01.1001,62.71.01.1099,2026-01-01\n\
        62.71.01.1002,62.99.01.1001,2026-01-01,Jauh\n\
        62.71.01.1003,62.71.01.1001,2026-01-01\n\
        62.71.01,62.71.02,2026-01-01\n\
        62.71.02.1001,62.71.02.1002,2031-01-01\n";
    let problems = check(&mut conn, &read(text).expect("lines"), stage.kit.clock.now()).await.expect("checked");
    let said: Vec<(usize, &str)> = problems.iter().map(|problem| (problem.n, problem.what.as_str())).collect();
    assert_eq!(
        said,
        [
            (1, "there is no region 62.71.09.1001"),
            (1, "62.71.01.1001 ends in the same file"),
            (2, "there is no region 62.71.01.1099; load newer data, or write its name in a fourth column"),
            (3, "there is no region 62.99.01 above 62.99.01.1001"),
            (4, "62.71.01.1001 ends in the same file"),
            (5, "62.71.01 still holds 62.71.01.1005 Pahandut Seberang; list that too"),
            (6, "the day is still to come; run it on that day"),
        ]
    );
    drop(conn);
    stage.done().await;
}

#[both]
async fn a_ward_that_became_another_leads_there_with_its_policies_and_rights(engine: Engine) {
    let stage = open(engine).await;
    let (sari, _) = people::testing::person(&stage.kit, "Sari", &[(VERIFIER, Scope::Region("62.71.01.1001".into()))]).await;
    let mut tx = stage.write().await;
    tx.run(sql!(
        "insert into regions_policy (region, policy, value, set_by, set_at) values ('62.71.01.1001', 'kim_size_min', '9', 1, 1)"
    ))
    .await
    .expect("a policy");
    tx.commit().await.expect("committed");
    let outcome = apply(&stage, "62.71.01.1001,62.71.01.1009,2026-01-01,Pahandut Baru\n").await;
    assert_eq!(outcome.replaced, ["62.71.01.1001"]);
    assert_eq!(outcome.added, ["62.71.01.1009"]);
    stage.settle().await;
    let mut visitor = stage.client();
    let page = visitor.get("/wilayah/62.71.01.1001").await.expect(200).main();
    assert!(page.contains("Pahandut Baru, Pahandut, Kota Palangka Raya"), "{page}");
    let page = visitor.get("/wilayah/62.71.01.1009").await.expect(200).main();
    assert!(page.contains("62.71.01.1001") && page.contains("9"), "{page}");
    assert_eq!(visitor.get("/api/v1/regions/62.71.01.1001").await.json()["replaced_by"], "62.71.01.1009");
    let mut conn = stage.read().await;
    assert!(region::villages_named(&mut conn, "pahandut").await.expect("found").is_empty());
    assert_eq!(region::villages_named(&mut conn, "pahandut baru").await.expect("found").len(), 1);
    assert_eq!(crate::policy::int(&mut conn, "62.71.01.1009", crate::policy::Policy::KimSizeMin).await.expect("a policy"), 9);
    let held = people::grant::holders(&mut conn, VERIFIER, &Scope::Region("62.71.01.1009".into()), stage.kit.clock.now()).await;
    assert_eq!(held.expect("holders"), [sari]);
    assert_eq!(region::former_codes(&mut conn, "62.71.01.1009").await.expect("codes"), ["62.71.01.1001"]);
    drop(conn);

    // Newer or older data of the program do not bring the old code back.
    let mut tx = stage.write().await;
    let edition = crate::import::edition(|code| base::authz::within(code, "62.71")).expect("an edition");
    crate::import::write(&mut tx, &edition, stage.kit.clock.now(), &|_, _| {}).await.expect("written");
    tx.commit().await.expect("committed");
    let mut conn = stage.read().await;
    assert!(!region::get(&mut conn, "62.71.01.1001").await.expect("a region").is_current());
    assert!(region::get(&mut conn, "62.71.01.1009").await.expect("a region").is_current());
    assert!(region::villages_named(&mut conn, "pahandut").await.expect("found").is_empty());
    drop(conn);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_ward_that_was_split_names_all_that_took_its_place(engine: Engine) {
    let stage = open(engine).await;
    let text = "62.71.01.1003,62.71.01.1004,2026-01-01\n62.71.01.1003,62.71.01.1011,2026-01-01,Langkai Hulu\n";
    let outcome = apply(&stage, text).await;
    assert_eq!((outcome.split, outcome.replaced.len()), (vec!["62.71.01.1003".to_owned()], 0));
    // One of the new ones changes once more: the way from the first still leads to what holds now.
    apply(&stage, "62.71.01.1011,62.71.01.1012,2026-02-01,Langkai Utara\n").await;
    stage.settle().await;
    let mut conn = stage.read().await;
    let codes = |found: Vec<region::Placed>| found.into_iter().map(|one| one.region.code).collect::<Vec<_>>();
    assert_eq!(codes(region::successors(&mut conn, "62.71.01.1003").await.expect("codes")), ["62.71.01.1004", "62.71.01.1012"]);
    assert!(region::successors(&mut conn, "62.71.01.1004").await.expect("codes").is_empty());
    assert_eq!(region::former_codes(&mut conn, "62.71.01.1012").await.expect("codes"), ["62.71.01.1003", "62.71.01.1011"]);
    drop(conn);
    let mut visitor = stage.client();
    let page = visitor.get("/wilayah/62.71.01.1003").await.expect(200).main();
    assert!(
        page.contains("menjadi beberapa wilayah") && page.contains("Langkai Utara") && page.contains("Tumbang Rungan"),
        "{page}"
    );
    let json = visitor.get("/api/v1/regions/62.71.01.1003").await.json();
    assert_eq!(json["successors"], serde_json::json!(["62.71.01.1004", "62.71.01.1012"]));
    assert!(json.get("replaced_by").is_none());
    stage.done().await;
}
