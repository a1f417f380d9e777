//! What listeners derive stands on the events alone: a rebuild gives the same rows and touches no others.
#![allow(clippy::expect_used, reason = "a test fails loudly")]
use std::collections::BTreeMap;

use base::{Event, rows, sql};
use both::both;
use futures::TryStreamExt;
use serde_json::json;
use stage::{Engine, Stage};

/// What listeners derive from events alone; `docs/DATABASE.md` lists them.
const DERIVED: &[&str] = &["kim_activity", "kim_published", "kim_pulse", "people_notice"];

/// Every row of every table, without what a rebuild may change.
async fn everything(stage: &Stage) -> BTreeMap<String, Vec<String>> {
    let slices = simpul::slices();
    let owners: Vec<&str> = ["base"].into_iter().chain(slices.iter().map(|slice| slice.name)).collect();
    let mut conn = stage.read().await;
    let mut all = BTreeMap::new();
    for table in rows::tables(&mut conn, &owners).await.expect("tables") {
        // Notices are numbered anew, and a cursor says when it moved.
        let masks: &[(&str, &str)] = match table.name.as_str() {
            "people_notice" => &[("id", "0")],
            "base_cursor" => &[("updated_at", "0")],
            _ => &[],
        };
        let mut lines: Vec<String> = rows::dump(&mut conn, &table, masks).try_collect().await.expect("rows");
        lines.sort();
        all.insert(table.name.clone(), lines);
    }
    all
}

/// What the demo does not hold: a story taken back, a KIM that became part of another, notices read and unread.
async fn more(stage: &Stage) {
    let mut conn = stage.read().await;
    let stories: Vec<(i64, i64)> =
        conn.all(sql!("select article_id, group_id from kim_published order by article_id")).await.expect("stories");
    let people: Vec<(i64,)> = conn.all(sql!("select id from people_account order by id limit 2")).await.expect("accounts");
    drop(conn);
    let ((taken, of), (_, other)) = (stories[0], *stories.iter().find(|story| story.1 != stories[0].1).expect("another group"));
    let now = stage.kit.clock.now();
    let about = |kind: &str, group: i64, subject: (&str, i64), data: serde_json::Value| Event {
        group_id: Some(group),
        region: Some("62.71".into()),
        data: data.to_string(),
        ..Event::new(now, kind, subject)
    };
    let notify = json!({ "notify": [people[0].0, people[1].0], "notice": "people-notice-device" });
    let mut tx = stage.write().await;
    tx.emit(about("newsroom.article.withdrawn", of, ("article", taken), json!({}))).await.expect("emitted");
    tx.emit(about("kim.group.merged", other, ("group", other), json!({ "into": of }))).await.expect("emitted");
    tx.emit(about("test.thing.told", of, ("thing", 1), notify.clone())).await.expect("emitted");
    tx.commit().await.expect("committed");
    stage.app.catch_up().await.expect("listeners hear");
    let mut tx = stage.write().await;
    tx.run(sql!("update people_notice set read_at = 7 where account_id = $1", people[0].0)).await.expect("read");
    tx.emit(about("test.thing.told", of, ("thing", 2), notify)).await.expect("emitted");
    tx.commit().await.expect("committed");
    // Stories that move with their KIM emit events too: once more, until every cursor stands at the end.
    for _ in 0..3 {
        stage.app.catch_up().await.expect("listeners hear");
    }
}

#[both]
async fn a_rebuild_gives_the_same_rows(engine: Engine) {
    let mut stage = Stage::new(engine, simpul::slices(), people::identify).await;
    stage.leave_jobs();
    regions::testing::sample(&stage.kit).await;
    simpul::demo::fill(&stage.app, &|_, _| {}).await.expect("the demo");
    more(&stage).await;
    let before = everything(&stage).await;
    for table in DERIVED {
        assert!(before.get(*table).is_some_and(|rows| !rows.is_empty()), "{table} is empty: the test shows nothing");
    }
    stage.kit.clock.advance(base::clock::DAY);
    let heard = stage.app.rebuild_listeners().await.expect("rebuilt");
    let derive: Vec<&str> = stage.app.listeners().into_iter().filter(|one| one.derives()).map(|one| one.name()).collect();
    assert_eq!(derive, ["people.notices", "kim.activity"], "a new one is told in docs/DATABASE.md and in DERIVED");
    for (name, events) in heard {
        assert_eq!(events > 0, derive.contains(&name), "{name} heard {events} events");
    }
    let after = everything(&stage).await;
    for (table, rows) in &before {
        assert_eq!(Some(rows), after.get(table), "{table}");
    }
    stage.done().await;
}
