//! The database: one text on two engines, migrations, one writer.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use base::{Db, Error, Migration, migrate, schema, sql};
use both::both;
use stage::Engine;

const TABLE: Migration = Migration {
    name: "test/0001_thing",
    sql: "create table test_thing (id {id}, name {text} not null, n {int}, yes {bool} not null, share {real}, raw {bytes}, note {json}) {strict};
          create unique index test_thing_name on test_thing (name);",
};

async fn open(engine: Engine) -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = engine.open(folder.path()).await;
    migrate::run(&db, &[TABLE], 1).await.expect("migrations");
    (db, folder)
}

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Thing {
    id: i64,
    name: String,
    n: Option<i64>,
    yes: bool,
    share: Option<f64>,
    raw: Option<Vec<u8>>,
}

#[both]
async fn every_kind_of_value_comes_back(engine: Engine) {
    let (db, _folder) = open(engine).await;
    let mut tx = db.write().await.expect("a transaction");
    let id = tx
        .int(sql!(
            "insert into test_thing (name, n, yes, share, raw, note) values ($1, $2, $3, $4, $5, $6) returning id",
            "Sungai é – “Kahayan”\0",
            i64::MAX,
            true,
            0.5,
            vec![0u8, 255],
            serde_json::json!({"a": 1})
        ))
        .await
        .expect("inserted");
    tx.run(sql!("insert into test_thing (name, yes, n) values ($1, false, $2)", "kosong", None::<i64>)).await.expect("inserted");
    tx.commit().await.expect("committed");
    let mut conn = db.read().await.expect("a connection");
    let all: Vec<Thing> = conn.all(sql!("select id, name, n, yes, share, raw from test_thing order by id")).await.expect("rows");
    assert_eq!(all[0].id, id);
    assert_eq!(all[0].name.trim_end_matches('\0'), "Sungai é – “Kahayan”");
    assert_eq!((all[0].n, all[0].yes, all[0].share), (Some(i64::MAX), true, Some(0.5)));
    assert_eq!(all[0].raw.as_deref(), Some([0u8, 255].as_slice()));
    assert_eq!((all[1].n, all[1].yes, all[1].raw.as_deref()), (None, false, None));
}

#[both]
async fn a_taken_name_is_told_apart(engine: Engine) {
    let (db, _folder) = open(engine).await;
    let mut tx = db.write().await.expect("a transaction");
    let add = || sql!("insert into test_thing (name, yes) values ('sama', true)");
    tx.run(add()).await.expect("inserted");
    assert!(matches!(tx.run(add()).await, Err(Error::Taken(_))));
    drop(tx);
    let mut conn = db.read().await.expect("a connection");
    assert_eq!(conn.int(sql!("select count(*) as n from test_thing")).await.expect("a count"), 0, "undone");
    let missing = conn.one::<(i64,)>(sql!("select id from test_thing")).await;
    assert!(matches!(missing, Err(Error::Missing)));
}

/// Read-then-write by many tasks at once: nobody is told that the database is busy, and no step is
/// lost on SQLite, where writers take turns.
#[both]
async fn a_busy_database_is_never_an_error(engine: Engine) {
    let (db, _folder) = open(engine).await;
    let mut tx = db.write().await.expect("a transaction");
    tx.run(sql!("insert into test_thing (name, n, yes) values ('hitung', 0, true)")).await.expect("inserted");
    tx.commit().await.expect("committed");
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    let mut tx = db.write().await?;
                    tx.int(sql!("select n from test_thing where name = 'hitung'")).await?;
                    tx.run(sql!("update test_thing set n = n + 1 where name = 'hitung'")).await?;
                    tx.commit().await?;
                }
                Ok::<(), Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("joined").expect("never busy");
    }
    let mut conn = db.read().await.expect("a connection");
    assert_eq!(conn.int(sql!("select n from test_thing")).await.expect("a count"), 320);
}

#[both]
async fn migrations_run_once_and_refuse_what_they_do_not_know(engine: Engine) {
    let (db, _folder) = open(engine).await;
    assert!(migrate::run(&db, &[TABLE], 2).await.expect("again").is_empty());
    assert!(migrate::pending(&db, &[TABLE]).await.expect("pending").is_empty());
    let edited = Migration { sql: "select 1;", ..TABLE };
    let error = migrate::run(&db, &[edited], 2).await.expect_err("edited").to_string();
    assert!(error.contains("edited"), "{error}");
    let error = migrate::run(&db, &[], 2).await.expect_err("newer").to_string();
    assert!(error.contains("newer"), "{error}");
    let broken = Migration { name: "test/0002_broken", sql: "create table test_half (id {id}); nonsense;" };
    migrate::run(&db, &[TABLE, broken], 2).await.expect_err("broken");
    let mut conn = db.read().await.expect("a connection");
    let tables = schema::columns(&mut conn).await.expect("columns");
    assert!(!tables.iter().any(|c| c.table_name == "test_half"), "a failed migration leaves nothing");
}

async fn described(engine: Engine, more: &[Migration]) -> Vec<String> {
    let (db, _folder) = open(engine).await;
    let mut all = vec![TABLE];
    all.extend_from_slice(more);
    migrate::run(&db, &all, 2).await.expect("migrations");
    let mut conn = db.read().await.expect("a connection");
    schema::describe(&mut conn, &["test"]).await.expect("a schema")
}

#[test]
fn schemas_are_told_alike_until_they_differ() {
    stage::run(async {
        let one = described(Engine::Sqlite, &[]).await;
        assert_eq!(one, described(Engine::Postgres, &[]).await);
        for fact in [
            "test_thing: key (id), numbered by the engine",
            "test_thing: share holds real, nullable, default none",
            "test_thing: unique test_thing_name on name",
        ] {
            assert!(one.iter().any(|told| told == fact), "{fact} is not among {one:#?}");
        }
        let bare = Migration { name: "test/0002_bare", sql: "create table test_bare (n integer) {strict};" };
        let index = "--only sqlite\ncreate index test_thing_share on test_thing (share);\n--end";
        let index = Migration { name: "test/0002_index", sql: index };
        let half = "--only postgres\ncreate index test_thing_n on test_thing (n) where n > 0;\n--end
                    --only sqlite\ncreate index test_thing_n on test_thing (n) where n > 1;\n--end";
        let half = Migration { name: "test/0002_half", sql: half };
        let preset = "--only postgres\nalter table test_thing add column extra bigint default 1;\n--end
                      --only sqlite\nalter table test_thing add column extra integer default 2;\n--end";
        let preset = Migration { name: "test/0002_preset", sql: preset };
        for different in [bare, index, half, preset] {
            let one = described(Engine::Sqlite, &[different]).await;
            assert_ne!(one, described(Engine::Postgres, &[different]).await, "{}", different.name);
        }
    });
}

/// A command beside the server is another process with connections of its own.
#[test]
fn two_processes_write_to_one_file_in_turns() {
    stage::run(async {
        let (server, folder) = open(Engine::Sqlite).await;
        let command = Engine::Sqlite.open(folder.path()).await;
        let mut held = command.write().await.expect("a transaction");
        held.run(sql!("insert into test_thing (name, yes) values ('perintah', true)")).await.expect("inserted");
        let waiting = tokio::spawn({
            let server = server.clone();
            async move {
                let mut tx = server.write().await?;
                tx.run(sql!("insert into test_thing (name, yes) values ('peladen', true)")).await?;
                tx.commit().await
            }
        });
        // Longer than one try, shorter than the patience.
        tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
        assert!(!waiting.is_finished(), "it waits");
        let mut conn = server.read().await.expect("a connection");
        assert_eq!(conn.int(sql!("select count(*) as n from test_thing")).await.expect("a count"), 0, "reading goes on");
        held.commit().await.expect("committed");
        waiting.await.expect("joined").expect("written");
        let names: Vec<(String,)> = conn.all(sql!("select name from test_thing order by id")).await.expect("names");
        assert_eq!(names, [("perintah".to_owned(),), ("peladen".to_owned(),)]);
    });
}

#[test]
fn sqlite_is_durable_and_readers_cannot_write() {
    stage::run(async {
        let (db, _folder) = open(Engine::Sqlite).await;
        assert_eq!(
            db.durability().await.expect("pragmas"),
            [("journal_mode", "wal".to_owned()), ("synchronous", "2".to_owned())]
        );
        let mut conn = db.read().await.expect("a connection");
        assert!(conn.run(sql!("delete from test_thing")).await.is_err());
    });
}
