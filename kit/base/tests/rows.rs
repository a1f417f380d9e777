//! Rows as lines: the same on both engines, whole in both directions.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use base::rows::{self, Holds, Table};
use base::{Db, Migration, migrate, sql};
use both::both;
use futures::TryStreamExt;
use stage::Engine;

const TABLES: &[Migration] = &[Migration {
    name: "test/0001_tree",
    sql: "create table test_tree (id {id}, name {text} not null, above {int} references test_tree (id), yes {bool}, share {real}, raw {bytes}) {strict};
          create unique index test_tree_name on test_tree (name);
          create table test_pair (b {text} not null, a {int} not null, tree {int} references test_tree (id), primary key (b, a)) {strict};",
}];

async fn open(engine: Engine) -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = engine.open(folder.path()).await;
    migrate::run(&db, TABLES, 1).await.expect("migrations");
    (db, folder)
}

async fn fill(db: &Db) {
    let mut tx = db.write().await.expect("a transaction");
    let add = |name: &str, raw: Option<Vec<u8>>| {
        sql!("insert into test_tree (name, yes, share, raw) values ($1, $2, $3, $4) returning id", name, true, 0.1, raw)
    };
    let first = tx.int(add("akar \"lama\"\n\t✓ é", Some(vec![0, 1, 255]))).await.expect("added");
    let second = tx.int(add("cabang", None)).await.expect("added");
    let gone = tx.int(add("gugur", None)).await.expect("added");
    tx.run(sql!("update test_tree set above = $2, share = 3.0, yes = cast(null as boolean) where id = $1", second, first))
        .await
        .expect("changed");
    // The first row refers to a later one: no order of rows would satisfy both references.
    tx.run(sql!("update test_tree set above = $2 where id = $1", first, second)).await.expect("changed");
    tx.run(sql!("delete from test_tree where id = $1", gone)).await.expect("deleted");
    for (b, a) in [("b", 2), ("a", 9), ("b", 1)] {
        tx.run(sql!("insert into test_pair (b, a, tree) values ($1, $2, $3)", b, a, first)).await.expect("added");
    }
    tx.commit().await.expect("committed");
}

async fn lines(db: &Db, table: &Table, masks: &[(&str, &str)]) -> Vec<String> {
    let mut conn = db.snapshot().await.expect("a snapshot");
    rows::dump(&mut conn, table, masks).try_collect().await.expect("lines")
}

#[both]
async fn the_schema_is_read_alike(engine: Engine) {
    let (db, _folder) = open(engine).await;
    let mut conn = db.read().await.expect("a connection");
    let all = rows::tables(&mut conn, &["test"]).await.expect("tables");
    let names: Vec<&str> = all.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["test_pair", "test_tree"]);
    assert_eq!(all[0].key, ["b", "a"]);
    assert_eq!((all[0].numbered, all[1].numbered), (false, true));
    let columns: Vec<&str> = all[1].columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(columns, ["above", "id", "name", "raw", "share", "yes"]);
    assert_eq!(all[1].columns[3].holds, Holds::Bytes);
    assert_eq!(all[1].columns[4].holds, Holds::Real);
    assert!(rows::tables(&mut conn, &["other"]).await.expect("tables").is_empty());
}

#[both]
async fn lines_go_out_and_come_back_on_the_other_engine(engine: Engine) {
    let (from, _one) = open(engine).await;
    fill(&from).await;
    let other = if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite };
    let (to, _two) = open(other).await;
    let here = rows::tables(&mut from.read().await.expect("a connection"), &["test"]).await.expect("tables");
    let there = rows::tables(&mut to.read().await.expect("a connection"), &["test"]).await.expect("tables");
    let mut tx = to.write().await.expect("a transaction");
    let taken = rows::loosen(&mut tx).await.expect("loosened");
    for (one, two) in here.iter().zip(&there) {
        let all = lines(&from, one, &[]).await;
        let some: Vec<&str> = all.iter().map(String::as_str).collect();
        assert_eq!(rows::load(&mut tx, two, &some).await.expect("loaded"), all.len() as u64);
        let last = rows::last_id(&mut from.read().await.expect("a connection"), one).await.expect("the last id");
        rows::set_last_id(&mut tx, two, last).await.expect("set");
    }
    rows::tighten(&mut tx, taken).await.expect("every reference holds");
    tx.commit().await.expect("committed");
    for (one, two) in here.iter().zip(&there) {
        assert_eq!(lines(&from, one, &[]).await, lines(&to, two, &[]).await);
    }
    let trees = lines(&to, &there[1], &[]).await;
    assert_eq!(trees[1], "{\"above\":1,\"id\":2,\"name\":\"cabang\",\"raw\":null,\"share\":3.0,\"yes\":null}\n");
    assert!(trees[0].contains("\"raw\":\"AAH/\"") && trees[0].contains("\"yes\":1") && trees[0].contains("\"share\":0.1"));
    assert_eq!(lines(&to, &there[0], &[]).await[0], "{\"a\":9,\"b\":\"a\",\"tree\":1}\n");
    // The third id was given and deleted; the next row gets the fourth.
    let mut tx = to.write().await.expect("a transaction");
    let next = tx.int(sql!("insert into test_tree (name) values ('baru') returning id")).await.expect("added");
    assert_eq!(next, 4);
    assert!(rows::faults(&mut tx).await.expect("checked").is_empty());
}

#[both]
async fn a_reference_to_nothing_is_refused(engine: Engine) {
    let (db, _folder) = open(engine).await;
    let all = rows::tables(&mut db.read().await.expect("a connection"), &["test"]).await.expect("tables");
    let mut tx = db.write().await.expect("a transaction");
    let taken = rows::loosen(&mut tx).await.expect("loosened");
    rows::load(&mut tx, &all[0], &["{\"a\":1,\"b\":\"x\",\"tree\":77}"]).await.expect("loaded");
    let outcome = match rows::tighten(&mut tx, taken).await {
        Ok(()) => tx.commit().await,
        refused => refused,
    };
    assert!(outcome.is_err());
    for wrong in ["{\"a\":1,\"b\":\"x\"}", "{\"a\":\"1\",\"b\":\"x\",\"tree\":null}", "{\"a\":1,\"b\":\"x\",\"c\":1}", "nothing"]
    {
        let mut tx = db.write().await.expect("a transaction");
        assert!(rows::load(&mut tx, &all[0], &[wrong]).await.is_err(), "{wrong}");
    }
}

#[both]
async fn a_snapshot_sees_one_moment_and_masks_cover(engine: Engine) {
    let (db, _folder) = open(engine).await;
    fill(&db).await;
    let all = rows::tables(&mut db.read().await.expect("a connection"), &["test"]).await.expect("tables");
    let mut still = db.snapshot().await.expect("a snapshot");
    let mut tx = db.write().await.expect("a transaction");
    tx.run(sql!("delete from test_pair where a = 9")).await.expect("deleted");
    tx.commit().await.expect("committed");
    let before: Vec<String> = rows::dump(&mut still, &all[0], &[]).try_collect().await.expect("lines");
    assert_eq!(before.len(), 3);
    drop(still);
    let after = lines(&db, &all[0], &[("b", "–")]).await;
    assert_eq!(after[0], "{\"a\":1,\"b\":\"–\",\"tree\":1}\n");
    assert_eq!(after.len(), 2);
    let mut tx = db.write().await.expect("a transaction");
    assert_eq!(rows::first_filled(&mut tx, &all).await.expect("asked").as_deref(), Some("test_pair"));
    let taken = rows::loosen(&mut tx).await.expect("loosened");
    rows::clear(&mut tx, &all).await.expect("cleared");
    rows::tighten(&mut tx, taken).await.expect("tightened");
    assert_eq!(rows::first_filled(&mut tx, &all).await.expect("asked"), None);
}

/// Tables with triggers go aside whole, so that the same migrations run again in their place.
#[test]
fn what_was_there_goes_aside_on_postgres() {
    stage::run(async {
        let (db, _folder) = open(Engine::Postgres).await;
        fill(&db).await;
        let trigger: &[Migration] = &[
            TABLES[0],
            Migration {
                name: "test/0002_kept",
                sql: "create function test_refuse() returns trigger language plpgsql as $$ begin raise exception 'kept'; end $$;
                      create trigger test_pair_stays before delete on test_pair for each row execute function test_refuse();",
            },
        ];
        migrate::run(&db, trigger, 1).await.expect("migrations");
        for (keep, rows) in [(true, 3), (false, 0)] {
            let mut tx = db.write().await.expect("a transaction");
            let (schema,): (String,) = tx.one(sql!("select cast(current_schema() as text) as name")).await.expect("a name");
            let mut all = rows::tables(&mut tx, &["base", "test"]).await.expect("tables");
            assert_eq!(all.len(), 3, "with base_migration");
            all.reverse();
            let aside = format!("{schema}_aside_{keep}");
            rows::set_aside(&mut tx, &all, &aside, keep).await.expect("put aside");
            migrate::run_in(&mut tx, trigger, 2).await.expect("the place is free");
            assert_eq!(rows::first_filled(&mut tx, &all[..2]).await.expect("asked"), None);
            let kept = tx.int(sql!("select count(*) as n from information_schema.tables where table_schema = $1", aside)).await;
            assert_eq!(kept.expect("a number"), rows);
            tx.commit().await.expect("committed");
        }
    });
}
