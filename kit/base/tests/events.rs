//! The spine: order, completeness, rebuilding.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use async_trait::async_trait;
use base::events::{self, Listener};
use base::{Db, Event, Migration, Result, Tx, migrate, sql};
use both::both;
use stage::Engine;

const TABLE: &[Migration] = &[Migration {
    name: "test/0001_heard",
    sql: "create table test_heard (position {int} primary key, title {text} not null) {strict};",
}];

async fn open(engine: Engine) -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = engine.open(folder.path()).await;
    let all: Vec<Migration> = migrate::BASE.iter().chain(TABLE).copied().collect();
    migrate::run(&db, &all, 1).await.expect("migrations");
    (db, folder)
}

fn event(title: &str) -> Event {
    Event { title: title.into(), ..Event::new(7, "test.thing.done", ("thing", 1)) }
}

async fn titles(db: &Db, after: i64) -> Vec<String> {
    events::place(db).await.expect("places");
    let mut conn = db.read().await.expect("a connection");
    let found = events::after(&mut conn, after, 100).await.expect("events");
    found.into_iter().map(|event| event.title).collect()
}

#[both]
async fn events_come_in_the_order_of_their_commits(engine: Engine) {
    let (db, _folder) = open(engine).await;
    for title in ["satu", "dua", "tiga"] {
        let mut tx = db.write().await.expect("a transaction");
        tx.emit(event(title)).await.expect("emitted");
        tx.commit().await.expect("committed");
    }
    let mut undone = db.write().await.expect("a transaction");
    undone.emit(event("tidak jadi")).await.expect("emitted");
    drop(undone);
    assert_eq!(titles(&db, 0).await, ["satu", "dua", "tiga"]);
    assert_eq!(titles(&db, 2).await, ["tiga"]);
    let mut conn = db.read().await.expect("a connection");
    assert_eq!(events::newest(&mut conn).await.expect("newest"), 3);
    assert_eq!(events::about(&mut conn, "thing", 1).await.expect("history").len(), 3);
}

/// The first transaction takes the lower id, the second commits first and is read; the first must
/// still be heard when it commits.
#[test]
fn nothing_is_skipped_when_transactions_commit_out_of_order() {
    stage::run(async {
        let (db, _folder) = open(Engine::Postgres).await;
        let mut slow = db.write().await.expect("a transaction");
        slow.emit(event("lambat")).await.expect("emitted");
        let mut quick = db.write().await.expect("a transaction");
        quick.emit(event("cepat")).await.expect("emitted");
        quick.commit().await.expect("committed");
        assert_eq!(titles(&db, 0).await, ["cepat"]);
        events::catch_up(&db, &Heard, 1).await.expect("heard");
        slow.commit().await.expect("committed");
        assert_eq!(titles(&db, 1).await, ["lambat"], "the cursor stood at 1 already");
        events::catch_up(&db, &Heard, 1).await.expect("heard");
        assert_eq!(heard(&db).await, [(1, "cepat".to_owned()), (2, "lambat".to_owned())]);
    });
}

struct Heard;

#[async_trait]
impl Listener for Heard {
    fn name(&self) -> &'static str {
        "test.heard"
    }
    fn wants(&self, kind: &str) -> bool {
        kind == "test.thing.done"
    }
    async fn hear(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let add = sql!(
            "insert into test_heard (position, title) values ($1, $2) on conflict (position) do nothing",
            event.position,
            &event.title
        );
        tx.run(add).await.map(drop)
    }
    async fn forget(&self, tx: &mut Tx) -> Result<()> {
        tx.run(sql!("delete from test_heard")).await.map(drop)
    }
}

async fn heard(db: &Db) -> Vec<(i64, String)> {
    let mut conn = db.read().await.expect("a connection");
    conn.all(sql!("select position, title from test_heard order by position")).await.expect("rows")
}

#[both]
async fn a_listener_hears_once_and_can_be_rebuilt(engine: Engine) {
    let (db, _folder) = open(engine).await;
    for n in 0..450 {
        let mut tx = db.write().await.expect("a transaction");
        tx.emit(event(&n.to_string())).await.expect("emitted");
        tx.emit(Event::new(7, "test.other.done", ("thing", 2))).await.expect("emitted");
        tx.commit().await.expect("committed");
    }
    events::place(&db).await.expect("places");
    assert_eq!(events::catch_up(&db, &Heard, 1).await.expect("heard"), 900);
    assert_eq!(events::catch_up(&db, &Heard, 1).await.expect("heard"), 0);
    let before = heard(&db).await;
    assert_eq!(before.len(), 450);
    assert_eq!(events::rebuild(&db, &Heard, 2).await.expect("rebuilt"), 900);
    assert_eq!(heard(&db).await, before);
}

/// Two nodes that follow at once neither hear twice nor leave anything out.
#[both]
async fn two_nodes_follow_together(engine: Engine) {
    let (db, _folder) = open(engine).await;
    let mut tx = db.write().await.expect("a transaction");
    for n in 0..600 {
        tx.emit(event(&n.to_string())).await.expect("emitted");
    }
    tx.commit().await.expect("committed");
    let follow = || {
        let db = db.clone();
        tokio::spawn(async move {
            events::place(&db).await?;
            events::catch_up(&db, &Heard, 1).await
        })
    };
    let (one, two) = tokio::join!(follow(), follow());
    let (one, two) = (one.expect("joined").expect("heard"), two.expect("joined").expect("heard"));
    assert_eq!(one + two, 600);
    assert_eq!(heard(&db).await.len(), 600);
}

/// Wants nothing, and says so.
struct Deaf;

#[async_trait]
impl Listener for Deaf {
    fn name(&self) -> &'static str {
        "test.deaf"
    }
    fn wants(&self, _kind: &str) -> bool {
        false
    }
    async fn hear(&self, _tx: &mut Tx, _event: &Event) -> base::Result<()> {
        panic!("it wanted nothing");
    }
    async fn forget(&self, _tx: &mut Tx) -> base::Result<()> {
        Ok(())
    }
}

#[both]
async fn a_listener_that_nothing_concerns_moves_on_all_the_same(engine: Engine) {
    let (db, _folder) = open(engine).await;
    let at = async |db: &Db| {
        let mut conn = db.read().await.expect("a connection");
        conn.int(base::sql!("select coalesce(max(position), 0) as n from base_cursor where listener = 'test.deaf'"))
            .await
            .expect("n")
    };
    for round in 1..=3 {
        let mut tx = db.write().await.expect("a transaction");
        tx.emit(Event::new(round, "test.thing", ("thing", round))).await.expect("an event");
        tx.commit().await.expect("committed");
        events::place(&db).await.expect("placed");
        events::catch_up_all(&db, &[std::sync::Arc::new(Deaf)], round).await.expect("heard");
        assert_eq!(at(&db).await, round);
    }
}
