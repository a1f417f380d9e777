//! Jobs: enqueued with the change, retried, laid to rest, taken by one runner only.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::bail;
use base::clock::{DAY, MINUTE};
use base::jobs::{self, ATTEMPTS, Cron, Job, Runner};
use base::{Kit, Later, sql};
use both::both;
use serde_json::{Value, json};
use stage::{Engine, Stage};

fn nobody<'a>(_: &'a base::Kit, _: &'a mut base::Conn, _: web::Credential) -> Later<'a, base::Result<Option<web::Who>>> {
    Box::pin(async { Ok(None) })
}

async fn open(engine: Engine) -> Stage {
    Stage::new(engine, vec![], nobody).await
}

fn fails(_: Kit, _: Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async { bail!("tidak bisa") })
}

fn panics(_: Kit, _: Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async { panic!("aduh") })
}

/// Counts by payload, in a table made for it, so that parallel tests do not meet.
fn counts(kit: Kit, payload: Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let mut tx = kit.db.write().await?;
        tx.emit(base::Event { title: payload.to_string(), ..base::Event::new(1, "test.job.ran", ("job", 1)) }).await?;
        tx.commit().await?;
        Ok(())
    })
}

/// Tells that it began, and ends once as many were let go as had begun.
fn waits(kit: Kit, _: Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let mut tx = kit.db.write().await?;
        tx.emit(base::Event::new(1, "test.job.began", ("job", 1))).await?;
        let turn = number(&mut tx, "test.job.began").await;
        tx.commit().await?;
        loop {
            let mut conn = kit.db.read().await?;
            let gone = number(&mut conn, "test.job.gone").await;
            drop(conn);
            if gone >= turn {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
}

const JOBS: &[Job] = &[
    Job { kind: "fails", run: fails },
    Job { kind: "panics", run: panics },
    Job { kind: "counts", run: counts },
    Job { kind: "waits", run: waits },
];

async fn number(conn: &mut base::Conn, kind: &str) -> i64 {
    conn.int(sql!("select count(*) as n from base_event where kind = $1", kind)).await.expect("a count")
}

/// Lets one more of the jobs that wait end.
async fn let_go(stage: &Stage) {
    let mut tx = stage.write().await;
    tx.emit(base::Event::new(1, "test.job.gone", ("job", 1))).await.expect("emitted");
    tx.commit().await.expect("committed");
}

/// Asks again and again until the one job is as it should be: attempts, and until when it is held.
async fn until(stage: &Stage, what: &str, as_it_should: impl Fn(i64, i64) -> bool) {
    for _ in 0..500 {
        let mut conn = stage.read().await;
        let job: Option<(i64, i64)> =
            conn.first(sql!("select attempts, coalesce(held_until, 0) as held from base_job")).await.expect("a job");
        let began = number(&mut conn, "test.job.began").await;
        drop(conn);
        if job.is_some_and(|(attempts, held)| attempts == began && as_it_should(attempts, held)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited in vain: {what}");
}

async fn enqueue(kit: &Kit, kind: &str, payload: Value, key: Option<&str>) {
    let mut tx = kit.db.write().await.expect("a transaction");
    jobs::enqueue(&mut tx, kind, &payload, kit.clock.now(), key).await.expect("enqueued");
    tx.commit().await.expect("committed");
}

async fn ran(kit: &Kit) -> i64 {
    let mut conn = kit.db.read().await.expect("a connection");
    conn.int(sql!("select count(*) as n from base_event where kind = 'test.job.ran'")).await.expect("a count")
}

#[both]
async fn a_failing_job_waits_longer_each_time_then_rests(engine: Engine) {
    let mut stage = open(engine).await;
    stage.leave_jobs();
    let runner = Runner::new(stage.kit.clone(), JOBS, &[]).expect("a runner");
    enqueue(&stage.kit, "fails", json!({}), None).await;
    enqueue(&stage.kit, "panics", json!({}), None).await;
    assert_eq!(runner.drain().await.expect("ran"), 2);
    assert!(!runner.step().await.expect("nothing"), "not due yet");
    for _ in 1..ATTEMPTS {
        stage.kit.clock.advance(60 * MINUTE);
        assert_eq!(runner.drain().await.expect("ran"), 2);
    }
    stage.kit.clock.advance(DAY);
    assert_eq!(runner.drain().await.expect("ran"), 0);
    let mut conn = stage.read().await;
    let dead = jobs::dead(&mut conn, 10).await.expect("dead letters");
    assert_eq!(dead.len(), 2);
    assert!(dead.iter().any(|job| job.last_error.as_deref() == Some("tidak bisa")));
    let mut tx = stage.write().await;
    assert!(jobs::revive(&mut tx, dead[0].id, stage.kit.clock.now()).await.expect("revived"));
    assert!(!jobs::revive(&mut tx, 999, 1).await.expect("none"));
    tx.commit().await.expect("committed");
    assert_eq!(runner.drain().await.expect("ran"), 1);
}

#[both]
async fn a_job_of_an_undone_change_never_runs(engine: Engine) {
    let stage = open(engine).await;
    let mut tx = stage.write().await;
    jobs::enqueue(&mut tx, "counts", &json!(1), 1, None).await.expect("enqueued");
    drop(tx);
    let runner = Runner::new(stage.kit.clone(), JOBS, &[]).expect("a runner");
    assert_eq!(runner.drain().await.expect("ran"), 0);
    stage.done().await;
}

#[both]
async fn two_runners_never_take_one_job(engine: Engine) {
    let stage = open(engine).await;
    for n in 0..60 {
        enqueue(&stage.kit, "counts", json!(n), None).await;
    }
    let runner = Runner::new(stage.kit.clone(), JOBS, &[]).expect("a runner");
    let total = AtomicUsize::new(0);
    let drain = async || {
        let n = runner.drain().await.expect("ran");
        total.fetch_add(n, Ordering::SeqCst);
    };
    tokio::join!(drain(), drain(), drain(), drain());
    assert_eq!(total.load(Ordering::SeqCst), 60);
    assert_eq!(ran(&stage.kit).await, 60);
    stage.done().await;
}

#[both]
async fn a_calendar_occasion_is_enqueued_once(engine: Engine) {
    let stage = open(engine).await;
    let crons = &[Cron { job: "counts", when: "0 3 * * *" }];
    let one = Runner::new(stage.kit.clone(), JOBS, crons).expect("a runner");
    let two = Runner::new(stage.kit.clone(), JOBS, crons).expect("a runner");
    let now = stage.kit.clock.now();
    for at in [now, now + MINUTE] {
        one.tick(at).await.expect("ticked");
        assert!(!one.step().await.expect("nothing due"));
    }
    for runner in [&one, &two, &one] {
        runner.tick(now + DAY).await.expect("ticked");
    }
    stage.kit.clock.advance(DAY);
    assert_eq!(one.drain().await.expect("ran"), 1);
    assert!(Runner::new(stage.kit.clone(), JOBS, &[Cron { job: "counts", when: "not a line" }]).is_err());
    assert!(Runner::new(stage.kit.clone(), JOBS, &[Cron { job: "unknown", when: "0 3 * * *" }]).is_err());
    stage.done().await;
}

#[both]
async fn what_was_missed_while_nobody_ran_jobs_comes_once(engine: Engine) {
    let stage = open(engine).await;
    let crons = &[Cron { job: "counts", when: "0 3 * * *" }, Cron { job: "counts", when: "30 4 1 * *" }];
    let runner = || Runner::new(stage.kit.clone(), JOBS, crons).expect("a runner");
    let clock = &stage.kit.clock;
    runner().tick(clock.now()).await.expect("begun");
    // Three nights pass; the line of the month was not due.
    clock.advance(3 * DAY);
    let (one, two) = (runner(), runner());
    one.tick(clock.now()).await.expect("ticked");
    assert_eq!(one.drain().await.expect("ran"), 1);
    // Neither another node nor one whose clock is behind brings it again after it ran.
    two.tick(clock.now()).await.expect("ticked");
    two.tick(clock.now() - MINUTE).await.expect("ticked");
    assert_eq!(two.drain().await.expect("nothing"), 0);
    clock.advance(DAY);
    let (a, b) = (one.clone(), two.clone());
    let now = clock.now();
    let (a, b) = tokio::join!(async move { a.tick(now).await }, async move { b.tick(now).await });
    a.and(b).expect("ticked together");
    assert_eq!(one.drain().await.expect("ran"), 1);
    assert_eq!(ran(&stage.kit).await, 2);
    stage.done().await;
}

#[both]
async fn a_clock_that_was_wrong_does_not_stop_the_calendar(engine: Engine) {
    let stage = open(engine).await;
    let runner = Runner::new(stage.kit.clone(), JOBS, &[Cron { job: "counts", when: "0 3 * * *" }]).expect("a runner");
    let now = stage.kit.clock.now();
    for at in [now, now + 400 * DAY, now] {
        runner.tick(at).await.expect("ticked");
    }
    for _ in 0..2 {
        stage.kit.clock.advance(DAY);
        runner.tick(stage.kit.clock.now()).await.expect("ticked");
        assert_eq!(runner.drain().await.expect("ran"), 1);
    }
    stage.done().await;
}

#[both]
async fn a_long_job_stays_with_its_runner(engine: Engine) {
    let stage = open(engine).await;
    let clock = stage.kit.clock.clone();
    enqueue(&stage.kit, "waits", json!({}), None).await;
    let one = Runner::new(stage.kit.clone(), JOBS, &[]).expect("a runner").prolonging(Duration::from_millis(20));
    let two = one.clone();
    let running = tokio::spawn(async move { one.step().await });
    for _ in 0..4 {
        clock.advance(8 * MINUTE);
        let now = clock.now();
        until(&stage, "the hold is prolonged", |attempts, held| attempts == 1 && held > now + 9 * MINUTE).await;
        assert!(!two.step().await.expect("looked"), "it is held");
    }
    let_go(&stage).await;
    assert!(running.await.expect("joined").expect("ran"));
    stage.done().await;
}

#[both]
async fn who_lost_its_hold_does_not_finish_the_run_of_another(engine: Engine) {
    let stage = open(engine).await;
    enqueue(&stage.kit, "waits", json!({}), None).await;
    let slow = Runner::new(stage.kit.clone(), JOBS, &[]).expect("a runner").prolonging(Duration::from_secs(3600));
    let other = slow.clone();
    let first = tokio::spawn(async move { slow.step().await });
    until(&stage, "the first runs", |attempts, _| attempts == 1).await;
    stage.kit.clock.advance(11 * MINUTE);
    let second = tokio::spawn(async move { other.step().await });
    until(&stage, "the second runs", |attempts, _| attempts == 2).await;
    let_go(&stage).await;
    assert!(first.await.expect("joined").expect("ran"));
    until(&stage, "the second still holds it", |attempts, held| attempts == 2 && held > 0).await;
    let_go(&stage).await;
    assert!(second.await.expect("joined").expect("ran"));
    stage.done().await;
}
