//! The list of `docs/SECURITY.md` names tests that exist, and what it says of a fresh site holds.
#![allow(clippy::expect_used, reason = "a test fails loudly")]
mod common;

use base::migrate;
use both::both;
use stage::Engine;

#[test]
fn every_test_that_the_list_names_is_there() {
    let list = std::fs::read_to_string(common::root().join("docs/SECURITY.md")).expect("the list");
    let code: String = common::files(&["app/tests", "kit", "slices"], &["rs"]).into_iter().map(|(_, text)| text).collect();
    let tests =
        list.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.trim_end_matches(" |").rsplit(" | ").next());
    let names: Vec<&str> = tests.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    assert!(names.len() > 30, "only {} tests named", names.len());
    let missing: Vec<&&str> = names.iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "no such tests: {missing:?}");
}

/// ASVS 6.3.2: nobody gets in with a name and password that came with the program.
#[both]
async fn v6_3_2_no_account_is_there_from_the_start(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = engine.open(folder.path()).await;
    migrate::run(&db, &simpul::backup::known(), 1).await.expect("migrations");
    let mut conn = db.read().await.expect("a connection");
    for text in [
        "select count(*) as n from people_account",
        "select count(*) as n from people_grant",
        "select count(*) as n from people_session",
        "select count(*) as n from people_token",
        "select count(*) as n from people_invite",
    ] {
        assert_eq!(conn.int(base::Query::new(text, vec![])).await.expect("a count"), 0, "{text}");
    }
    drop(conn);
    db.close().await;
}
