//! Jobs live in the same database and are enqueued in the change's transaction. A runner holds a
//! job as long as it runs; one that fails waits longer each time, then rests as a dead letter.
use std::collections::HashMap;
use std::pin::pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use serde_json::Value as Json;

use crate::clock::{DAY, MINUTE, SECOND};
use crate::conn::Engine;
use crate::query::{postgres, sqlite};
use crate::{Conn, Kit, Later, Result, Tx, sql};

/// After this many failures a job is a dead letter.
pub const ATTEMPTS: i64 = 8;
/// A job whose hold was not prolonged for this time is taken to be lost and may be taken again.
const HOLD: i64 = 10 * MINUTE;
/// How often the hold of a running job is prolonged.
const PROLONG: Duration = Duration::from_secs(120);

/// What a job does. It must be safe to run twice.
pub type Run = fn(Kit, Json) -> Later<'static, anyhow::Result<()>>;

/// A kind of job.
#[derive(Clone, Copy)]
pub struct Job {
    pub kind: &'static str,
    pub run: Run,
}

/// A job enqueued by the calendar, in UTC; two runners never enqueue one occasion twice. Occasions that
/// passed while nobody ran jobs come once, at the next start.
#[derive(Clone, Copy)]
pub struct Cron {
    pub job: &'static str,
    /// Five fields: minute hour day month weekday.
    pub when: &'static str,
}

/// Enqueues a job to run at `run_at` or soon after. With a `unique_key`, a second one is ignored.
pub async fn enqueue(tx: &mut Tx, kind: &str, payload: &Json, run_at: i64, unique_key: Option<&str>) -> Result<()> {
    tx.run(sql!(
        "insert into base_job (kind, payload, state, attempts, run_at, unique_key, created_at)
         values ($1, $2, 'ready', 0, $3, $4, $3) on conflict (unique_key) do nothing",
        kind,
        payload.to_string(),
        run_at,
        unique_key
    ))
    .await?;
    Ok(())
}

/// A row of the table, as the operator sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: i64,
    pub kind: String,
    pub payload: String,
    pub state: String,
    pub attempts: i64,
    pub run_at: i64,
    pub last_error: Option<String>,
}

/// Dead letters, newest first.
pub async fn dead(conn: &mut Conn, limit: i64) -> Result<Vec<Listed>> {
    conn.all(sql!(
        "select id, kind, payload, state, attempts, run_at, last_error from base_job where state = 'dead' order by id desc limit $1",
        limit
    ))
    .await
}

/// How many jobs stand in each state.
pub async fn counts(conn: &mut Conn) -> Result<Vec<(String, i64)>> {
    conn.all(sql!("select state, count(*) as n from base_job group by state order by state")).await
}

/// When the job that has been ready for longest was due; none when none is ready.
pub async fn waiting_since(conn: &mut Conn) -> Result<Option<i64>> {
    let found: (Option<i64>,) = conn.one(sql!("select min(run_at) as at from base_job where state = 'ready'")).await?;
    Ok(found.0)
}

/// Gives a dead letter another life. False when it was not dead.
pub async fn revive(tx: &mut Tx, id: i64, now: i64) -> Result<bool> {
    let touched = tx
        .run(sql!("update base_job set state = 'ready', attempts = 0, run_at = $2 where id = $1 and state = 'dead'", id, now))
        .await?;
    Ok(touched == 1)
}

#[derive(sqlx::FromRow)]
struct Taken {
    id: i64,
    kind: String,
    payload: String,
    attempts: i64,
}

/// Takes the next due job, or none. `held_until` keeps other runners away.
async fn take(tx: &mut Tx, now: i64) -> Result<Option<Taken>> {
    let query = match tx.engine() {
        Engine::Sqlite => sqlite!(
            "update base_job set state = 'running', attempts = attempts + 1, held_until = $2 where id = (
             select id from base_job where (state = 'ready' and run_at <= $1) or (state = 'running' and held_until < $1)
             order by run_at, id limit 1) returning id, kind, payload, attempts",
            now,
            now + HOLD
        ),
        Engine::Postgres => postgres!(
            "update base_job set state = 'running', attempts = attempts + 1, held_until = $2 where id = (
             select id from base_job where (state = 'ready' and run_at <= $1) or (state = 'running' and held_until < $1)
             order by run_at, id limit 1 for update skip locked) returning id, kind, payload, attempts",
            now,
            now + HOLD
        ),
    };
    tx.first(query).await
}

/// Runs jobs of one process.
#[derive(Clone)]
pub struct Runner {
    kit: Kit,
    jobs: Arc<HashMap<&'static str, Run>>,
    crons: Arc<Vec<(croner::Cron, Cron)>>,
    prolong: Duration,
}

impl Runner {
    /// Fails when a calendar line cannot be read or names an unknown job.
    pub fn new(kit: Kit, jobs: &[Job], crons: &[Cron]) -> Result<Runner> {
        let jobs: HashMap<_, _> = jobs.iter().map(|job| (job.kind, job.run)).collect();
        let mut read = Vec::new();
        for cron in crons {
            jobs.contains_key(cron.job).then_some(()).with_context(|| format!("no job named {}", cron.job))?;
            let when = croner::Cron::from_str(cron.when).map_err(|e| anyhow!("calendar {}: {e}", cron.when))?;
            read.push((when, *cron));
        }
        Ok(Runner { kit, jobs: Arc::new(jobs), crons: Arc::new(read), prolong: PROLONG })
    }

    /// Prolongs holds this often, for tests that cannot wait.
    pub fn prolonging(mut self, every: Duration) -> Runner {
        self.prolong = every;
        self
    }

    /// Takes and runs one due job. False when nothing was due.
    pub async fn step(&self) -> Result<bool> {
        let now = self.kit.clock.now();
        let mut tx = self.kit.db.write().await?;
        let Some(job) = take(&mut tx, now).await? else { return Ok(false) };
        tx.commit().await?;
        let outcome = self.run_held(&job).await;
        let mut tx = self.kit.db.write().await?;
        let finished = match outcome {
            Ok(()) => {
                tx.run(sql!("delete from base_job where id = $1 and state = 'running' and attempts = $2", job.id, job.attempts))
                    .await?
            }
            Err(error) => {
                let error = format!("{error:#}");
                tracing::warn!(job = job.kind, id = job.id, attempt = job.attempts, error, "job failed");
                metrics::counter!("simpul_jobs_failed_total", "kind" => job.kind.clone()).increment(1);
                let state = if job.attempts >= ATTEMPTS { "dead" } else { "ready" };
                let run_at = self.kit.clock.now() + backoff(job.attempts);
                tx.run(sql!(
                    "update base_job set state = $2, run_at = $3, held_until = cast(null as bigint), last_error = $4
                     where id = $1 and state = 'running' and attempts = $5",
                    job.id,
                    state,
                    run_at,
                    error,
                    job.attempts
                ))
                .await?
            }
        };
        tx.commit().await?;
        if finished == 0 {
            tracing::warn!(
                job = job.kind,
                id = job.id,
                attempt = job.attempts,
                "the hold was lost: another run finishes the job"
            );
        }
        Ok(true)
    }

    /// Runs a job and prolongs its hold meanwhile, so that nobody else takes a long one too.
    async fn run_held(&self, job: &Taken) -> anyhow::Result<()> {
        let mut run = pin!(self.run(job));
        loop {
            tokio::select! {
                outcome = &mut run => return outcome,
                () = tokio::time::sleep(self.prolong) => {}
            }
            match self.hold(job).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => tracing::warn!(job = job.kind, id = job.id, %error, "prolonging the hold"),
            }
        }
        run.await
    }

    /// Prolongs the hold of a running job. False when another runner has taken it meanwhile.
    async fn hold(&self, job: &Taken) -> Result<bool> {
        let until = self.kit.clock.now() + HOLD;
        let mut tx = self.kit.db.write().await?;
        let held = tx
            .run(sql!(
                "update base_job set held_until = $3 where id = $1 and state = 'running' and attempts = $2",
                job.id,
                job.attempts,
                until
            ))
            .await?;
        tx.commit().await?;
        Ok(held == 1)
    }

    async fn run(&self, job: &Taken) -> anyhow::Result<()> {
        let run = *self.jobs.get(job.kind.as_str()).with_context(|| format!("no job named {}", job.kind))?;
        let payload = serde_json::from_str(&job.payload)?;
        let kit = self.kit.clone();
        // A panic in a job must count as a failure, not end the runner.
        match tokio::spawn(async move { run(kit, payload).await }).await {
            Ok(outcome) => outcome,
            Err(panic) => Err(anyhow!("panicked: {panic}")),
        }
    }

    /// Runs everything that is due now; returns how many. For tests and one-off commands.
    pub async fn drain(&self) -> Result<usize> {
        let mut ran = 0;
        while self.step().await? {
            ran += 1;
        }
        Ok(ran)
    }

    /// Enqueues what the calendar held since the last time, over all processes, and until now: each line
    /// at most once. A line that was never seen begins now.
    pub async fn tick(&self, now: i64) -> Result<()> {
        let mut conn = self.kit.db.read().await?;
        let done: Vec<(String, i64)> = conn.all(sql!("select line, done_until from base_calendar order by line")).await?;
        drop(conn);
        for (when, cron) in self.crons.iter() {
            let line = line(cron);
            let due = match done.iter().find(|(of, _)| *of == line) {
                Some((_, until)) => is_wrong(*until, now) || next(when, *until)? <= now,
                None => true,
            };
            if due {
                self.enter(when, cron, now).await?;
            }
        }
        Ok(())
    }

    /// Enqueues the first occasion of a line that is not done yet, and notes all until now as done.
    async fn enter(&self, when: &croner::Cron, cron: &Cron, now: i64) -> Result<()> {
        let line = line(cron);
        let mut tx = self.kit.db.write().await?;
        // Two nodes take turns: on PostgreSQL the row stays locked until the job is there.
        tx.run(sql!(
            "insert into base_calendar (line, done_until) values ($1, $2)
             on conflict (line) do update set done_until = base_calendar.done_until",
            &line,
            now
        ))
        .await?;
        let until = tx.int(sql!("select done_until from base_calendar where line = $1", &line)).await?;
        let at = next(when, until)?;
        if at <= now {
            let key = format!("cron:{}:{at}", cron.job);
            enqueue(&mut tx, cron.job, &Json::Null, at, Some(&key)).await?;
        }
        if at <= now || is_wrong(until, now) {
            tx.run(sql!("update base_calendar set done_until = $2 where line = $1", &line, now)).await?;
        }
        tx.commit().await
    }

    /// Runs until the process stops, two jobs at a time.
    pub async fn forever(self) {
        let calendar = self.clone();
        tokio::spawn(async move {
            loop {
                if let Err(error) = calendar.tick(calendar.kit.clock.now()).await {
                    tracing::error!(%error, "calendar");
                }
                tokio::time::sleep(Duration::from_secs(20)).await;
            }
        });
        let second = self.clone();
        tokio::spawn(second.work());
        self.work().await;
    }

    async fn work(self) {
        loop {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => self.kit.bell.wait(1_000).await,
                Err(error) => {
                    tracing::error!(%error, "job runner");
                    tokio::time::sleep(Duration::from_secs(2)).await;
                }
            }
        }
    }
}

/// How a line of the calendar is called in the database. One that changes begins anew.
fn line(cron: &Cron) -> String {
    format!("{} {}", cron.job, cron.when)
}

/// Whether a clock was far ahead when it noted this: a line must not wait for years.
fn is_wrong(until: i64, now: i64) -> bool {
    until > now + DAY
}

/// The first occasion after a moment.
fn next(when: &croner::Cron, after: i64) -> Result<i64> {
    let after = chrono::DateTime::from_timestamp_micros(after).context("clock")?;
    let next = when.find_next_occurrence(&after, false).map_err(|e| anyhow!("calendar: {e}"))?;
    Ok(next.timestamp_micros())
}

/// 10 s, 40 s, 90 s … growing with the square of the attempt.
fn backoff(attempts: i64) -> i64 {
    10 * SECOND * attempts * attempts
}
