//! The audit: rows are added and never changed, chained in the order of their commits, and a change
//! behind the product's back shows.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use base::audit::{self, Asked, Class, Entry, ORIGIN};
use base::{Db, Query, migrate};
use both::both;
use sha2::{Digest, Sha256};
use stage::Engine;

async fn open(engine: Engine) -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = engine.open(folder.path()).await;
    migrate::run(&db, migrate::BASE, 1).await.expect("migrations");
    (db, folder)
}

fn entry(at: i64, act: &str) -> Entry {
    Entry {
        actor_id: Some(7),
        grant_id: Some(3),
        role: Some("editor".into()),
        region: Some("62.71".into()),
        detail: "baris\nbaru \"dan\" é".into(),
        ..Entry::new(at, Class::Act, act, ("thing", at))
    }
}

async fn write(db: &Db, entry: Entry) {
    let mut tx = db.write().await.expect("a transaction");
    tx.audit(entry).await.expect("written");
    tx.commit().await.expect("committed");
}

async fn run(db: &Db, text: &'static str) -> base::Result<u64> {
    let mut tx = db.write().await?;
    let touched = tx.run(Query::new(text, vec![])).await?;
    tx.commit().await?;
    Ok(touched)
}

#[both]
async fn rows_are_chained_and_anyone_can_check_them(engine: Engine) {
    let (db, _folder) = open(engine).await;
    for n in 1..=3 {
        write(&db, entry(n, "test.thing.done")).await;
    }
    assert_eq!(audit::chain(&db).await.expect("chained"), 3);
    assert_eq!(audit::chain(&db).await.expect("chained"), 0);
    write(&db, entry(4, "test.thing.done")).await;
    assert_eq!(audit::chain(&db).await.expect("chained"), 1);
    let mut conn = db.read().await.expect("a connection");
    let verdict = audit::verify(&mut conn).await.expect("verified");
    assert_eq!((verdict.sound, verdict.broken), (4, None));
    let rows = audit::after(&mut conn, 0, i64::MIN, i64::MAX, 10).await.expect("rows");
    assert_eq!(rows.iter().map(|row| row.position).collect::<Vec<_>>(), [1, 2, 3, 4]);
    // As an outsider does it, from nothing but the lines of the export.
    let mut before = ORIGIN.to_owned();
    for row in &rows {
        let line = row.line().expect("a line");
        let (text, hash) = line.rsplit_once(",\"hash\":").expect("a hash");
        let hashed = hex::encode(Sha256::digest(format!("{before}\n{text}}}")));
        assert_eq!(format!("\"{hashed}\"}}"), hash, "{line}");
        let parsed: serde_json::Value = serde_json::from_str(&line).expect("json");
        assert_eq!(parsed["detail"], "barisbaru \"dan\" é", "a detail stays on its line");
        before = hashed;
    }
    assert_eq!(verdict.head.expect("a head").hash, before);
}

#[both]
async fn the_database_refuses_to_change_what_was_written(engine: Engine) {
    let (db, _folder) = open(engine).await;
    write(&db, entry(1, "test.thing.done")).await;
    let unchained = [
        "update base_audit set act = 'test.thing.other'",
        "update base_audit set position = 9",
        "update base_audit set actor_id = null, position = 1, hash = 'x'",
        "delete from base_audit",
    ];
    for text in unchained {
        assert!(run(&db, text).await.is_err(), "{text}");
    }
    audit::chain(&db).await.expect("chained");
    for text in ["update base_audit set hash = 'x'", "update base_audit set detail = ''", "delete from base_audit"] {
        assert!(run(&db, text).await.is_err(), "{text}");
    }
    if engine == Engine::Postgres {
        assert!(run(&db, "truncate base_audit").await.is_err());
    }
    let mut conn = db.read().await.expect("a connection");
    assert_eq!(audit::verify(&mut conn).await.expect("verified").sound, 1);
}

#[both]
async fn a_change_behind_the_back_is_named(engine: Engine) {
    let (db, _folder) = open(engine).await;
    for n in 1..=5 {
        write(&db, entry(n, "test.thing.done")).await;
    }
    audit::chain(&db).await.expect("chained");
    let drop: [&'static str; 2] = match engine {
        Engine::Sqlite => ["drop trigger base_audit_kept", "drop trigger base_audit_stays"],
        Engine::Postgres => ["drop trigger base_audit_kept on base_audit", "drop trigger base_audit_stays on base_audit"],
    };
    for text in drop {
        run(&db, text).await.expect("somebody with all rights");
    }
    run(&db, "update base_audit set actor_id = 8 where position = 4").await.expect("changed");
    let mut conn = db.read().await.expect("a connection");
    let verdict = audit::verify(&mut conn).await.expect("verified");
    assert_eq!((verdict.sound, verdict.broken), (3, Some(4)));
    std::mem::drop(conn);
    run(&db, "delete from base_audit where position = 2").await.expect("deleted");
    let mut conn = db.read().await.expect("a connection");
    assert_eq!(audit::verify(&mut conn).await.expect("verified").broken, Some(2));
}

/// The slow transaction has the lower id and commits last: its row comes last in the chain.
#[test]
fn the_chain_follows_the_commits() {
    stage::run(async {
        let (db, _folder) = open(Engine::Postgres).await;
        let mut slow = db.write().await.expect("a transaction");
        slow.audit(entry(1, "test.slow.done")).await.expect("written");
        write(&db, entry(2, "test.quick.done")).await;
        audit::chain(&db).await.expect("chained");
        slow.commit().await.expect("committed");
        let (one, two) = tokio::join!(audit::chain(&db), audit::chain(&db));
        assert_eq!(one.expect("chained") + two.expect("chained"), 1, "two followers chain it once");
        let mut conn = db.read().await.expect("a connection");
        let rows = audit::after(&mut conn, 0, i64::MIN, i64::MAX, 10).await.expect("rows");
        assert_eq!(rows.iter().map(|row| row.act.as_str()).collect::<Vec<_>>(), ["test.quick.done", "test.slow.done"]);
        assert_eq!(audit::verify(&mut conn).await.expect("verified").sound, 2);
    });
}

#[both]
async fn rows_are_filtered_and_paged(engine: Engine) {
    let (db, _folder) = open(engine).await;
    write(&db, Entry { region: Some("62.71.01".into()), ..entry(10, "kim.group.verified") }).await;
    write(&db, Entry { region: Some("62.710".into()), about_id: Some(9), actor_id: None, ..entry(20, "kimono.group.x") }).await;
    write(&db, Entry { class: Class::Denial, region: None, ..entry(30, "web.door.shut") }).await;
    let mut conn = db.read().await.expect("a connection");
    let acts = async |conn: &mut base::Conn, asked: Asked| {
        let rows = audit::list(conn, &asked).await.expect("rows");
        rows.into_iter().map(|row| row.at).collect::<Vec<_>>()
    };
    assert_eq!(acts(&mut conn, Asked::default()).await, [30, 20, 10]);
    assert_eq!(acts(&mut conn, Asked { region: "62.71".into(), ..Asked::default() }).await, [10], "whole parts only");
    assert_eq!(acts(&mut conn, Asked { act: "kim".into(), ..Asked::default() }).await, [10]);
    assert_eq!(acts(&mut conn, Asked { class: Some(Class::Denial), ..Asked::default() }).await, [30]);
    assert_eq!(acts(&mut conn, Asked { person: Some(9), ..Asked::default() }).await, [20]);
    assert_eq!(acts(&mut conn, Asked { from: 15, until: 30, ..Asked::default() }).await, [20]);
    let newest = audit::list(&mut conn, &Asked { limit: 1, ..Asked::default() }).await.expect("rows");
    assert_eq!(acts(&mut conn, Asked { before: newest[0].id, ..Asked::default() }).await, [20, 10]);
}
