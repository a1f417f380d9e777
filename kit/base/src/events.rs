//! The spine: every change that matters appends one event in its own transaction; listeners follow
//! with a cursor each, miss nothing, and can be rebuilt from the first event.
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use anyhow::anyhow;
use async_trait::async_trait;
use futures::FutureExt;
use tokio::sync::Notify;

use crate::conn::Engine;
use crate::query::postgres;
use crate::{Conn, Db, Result, Tx, sql};

/// What happened. `kind` is `slice.thing.verb`, such as `newsroom.article.published`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Event {
    #[sqlx(default)]
    pub position: i64,
    /// Epoch microseconds.
    pub at: i64,
    pub kind: String,
    pub actor_id: Option<i64>,
    /// Dotted region code.
    pub region: Option<String>,
    pub group_id: Option<i64>,
    pub subject_kind: String,
    pub subject_id: i64,
    /// Path of the page that shows the subject.
    pub link: String,
    pub title: String,
    /// Small JSON with what listeners need beyond the columns.
    pub data: String,
}

impl Event {
    /// An event about one subject; fill the rest with struct update syntax.
    pub fn new(at: i64, kind: &str, subject: (&str, i64)) -> Event {
        Event {
            position: 0,
            at,
            kind: kind.into(),
            actor_id: None,
            region: None,
            group_id: None,
            subject_kind: subject.0.into(),
            subject_id: subject.1,
            link: String::new(),
            title: String::new(),
            data: "{}".into(),
        }
    }

    /// `data` as JSON; an empty object when it cannot be read.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.data).unwrap_or_else(|_| serde_json::json!({}))
    }
}

/// Passes the reasons that a person gave, as events tell them, through `reword`.
pub async fn reword(tx: &mut Tx, actor_id: i64, reword: impl Fn(&str) -> String) -> Result<()> {
    let told: Vec<(i64, String)> =
        tx.all(sql!("select id, data from base_event where actor_id = $1 and data <> '{}'", actor_id)).await?;
    for (id, data) in told {
        let mut data: serde_json::Value = serde_json::from_str(&data)?;
        let Some(reason) = data["reason"].as_str().map(&reword) else { continue };
        data["reason"] = reason.into();
        tx.run(sql!("update base_event set data = $2 where id = $1", id, data.to_string())).await?;
    }
    Ok(())
}

impl Tx {
    /// Appends an event to the transaction of the change it tells of.
    pub async fn emit(&mut self, e: Event) -> Result<()> {
        // SQLite has one writer, so insertion order is commit order and the place is known now.
        // PostgreSQL commits out of order: there `place` gives the position after the commit.
        let placed = self.engine() == Engine::Sqlite;
        self.emitted.push(e.clone());
        self.run(sql!(
            "insert into base_event (position, at, kind, actor_id, region, group_id, subject_kind, subject_id, link, title, data)
             values (case when $1 then (select coalesce(max(position), 0) + 1 from base_event) end,
                     $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            placed,
            e.at,
            e.kind,
            e.actor_id,
            e.region,
            e.group_id,
            e.subject_kind,
            e.subject_id,
            e.link,
            e.title,
            e.data
        ))
        .await?;
        Ok(())
    }
}

/// Gives every committed event without a position the next ones. An event that commits late gets a
/// late position, so a cursor never steps over it.
pub async fn place(db: &Db) -> Result<()> {
    if db.engine() == Engine::Sqlite {
        return Ok(());
    }
    let mut conn = db.read().await?;
    let waiting =
        conn.int(postgres!("select count(*) as n from (select 1 from base_event where position is null limit 1) w")).await?;
    drop(conn);
    if waiting == 0 {
        return Ok(());
    }
    let mut tx = db.write().await?;
    place_in(&mut tx).await?;
    tx.commit().await
}

/// As [`place`], within a transaction of the caller and on both engines: rows that were loaded from
/// elsewhere may have no place yet.
pub async fn place_in(tx: &mut Tx) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        tx.script("select pg_advisory_xact_lock(7305002)".into()).await?;
    }
    tx.run(sql!(
        "update base_event set position = placed.position from (
             select e.id, (select coalesce(max(position), 0) from base_event) + row_number() over (order by e.id) as position
             from base_event e where e.position is null) placed
         where base_event.id = placed.id"
    ))
    .await?;
    Ok(())
}

/// Events after `position`, oldest first.
pub async fn after(conn: &mut Conn, position: i64, limit: i64) -> Result<Vec<Event>> {
    conn.all(sql!(
        "select position, at, kind, actor_id, region, group_id, subject_kind, subject_id, link, title, data
         from base_event where position > $1 order by position limit $2",
        position,
        limit
    ))
    .await
}

/// The position of the newest placed event; 0 when there is none.
pub async fn newest(conn: &mut Conn) -> Result<i64> {
    conn.int(sql!("select coalesce(max(position), 0) as position from base_event")).await
}

/// Events about one subject, oldest first: its history.
pub async fn about(conn: &mut Conn, kind: &str, id: i64) -> Result<Vec<Event>> {
    conn.all(sql!(
        "select coalesce(position, 0) as position, at, kind, actor_id, region, group_id, subject_kind, subject_id, link, title, data
         from base_event where subject_kind = $1 and subject_id = $2 order by id",
        kind,
        id
    ))
    .await
}

/// Follows the events. One that derives rows must give the same rows when an event comes twice.
#[async_trait]
pub trait Listener: Send + Sync {
    /// Stable name of the cursor.
    fn name(&self) -> &'static str;
    /// Whether this kind of event matters to it.
    fn wants(&self, kind: &str) -> bool;
    /// Whether this event matters to it, among those of a kind that does.
    fn heeds(&self, event: &Event) -> bool {
        self.wants(&event.kind)
    }
    /// Applies one event; its cursor moves in the same transaction.
    async fn hear(&self, tx: &mut Tx, event: &Event) -> Result<()>;
    /// Forgets everything derived, before a rebuild.
    async fn forget(&self, tx: &mut Tx) -> Result<()>;
    /// Whether its rows come from events alone. One that acts on rows which people change too hears
    /// each event once, and a rebuild leaves it alone.
    fn derives(&self) -> bool {
        true
    }
}

/// How many events a listener takes in one transaction.
const BATCH: i64 = 200;

/// Lets every listener catch up. One that fails keeps its cursor and holds up nobody else; the error,
/// which comes after all were asked, names each. Those that nothing concerns move their cursors in one
/// transaction together, because each transaction of its own waits for the disk.
pub async fn catch_up_all(db: &Db, listeners: &[Arc<dyn Listener>], now: i64) -> Result<()> {
    let mut idle = Vec::new();
    let mut failed = Vec::new();
    for listener in listeners {
        let name = listener.name();
        match AssertUnwindSafe(attend(db, listener.as_ref(), now)).catch_unwind().await {
            Ok(Ok(passed)) => idle.extend(passed),
            Ok(Err(error)) => failed.push(format!("{name}: {error:#}")),
            Err(_) => failed.push(format!("{name}: panicked")),
        }
    }
    if !idle.is_empty() {
        let mut tx = db.write().await?;
        for (name, from, to) in idle {
            pass(&mut tx, name, from, to, now).await?;
        }
        tx.commit().await?;
    }
    if failed.is_empty() { Ok(()) } else { Err(anyhow!("listeners failed: {}", failed.join("; ")).into()) }
}

/// Lets a listener catch up. When nothing new concerns it, it stays where it is, and its name comes
/// back with where its cursor stands and where it may go.
async fn attend(db: &Db, listener: &dyn Listener, now: i64) -> Result<Option<(&'static str, i64, i64)>> {
    let mut conn = db.read().await?;
    let from = position(&mut conn, listener.name()).await?;
    let events = after(&mut conn, from, BATCH).await?;
    drop(conn);
    let Some(last) = events.last().map(|event| event.position) else { return Ok(None) };
    let more = i64::try_from(events.len()).unwrap_or(BATCH) == BATCH;
    if more || events.iter().any(|event| listener.heeds(event)) {
        catch_up(db, listener, now).await?;
        return Ok(None);
    }
    Ok(Some((listener.name(), from, last)))
}

/// Lets one listener catch up; returns how many events it went past.
pub async fn catch_up(db: &Db, listener: &dyn Listener, now: i64) -> Result<u64> {
    go_on(db, listener, now, &|_| ()).await
}

/// As [`catch_up`], telling each position that was reached.
async fn go_on(db: &Db, listener: &dyn Listener, now: i64, reached: &(dyn Fn(i64) + Sync)) -> Result<u64> {
    let mut passed = 0;
    loop {
        let mut tx = db.write().await?;
        let cursor = cursor(&mut tx, listener.name()).await?;
        let events = after(&mut tx, cursor, BATCH).await?;
        let Some(last) = events.last().map(|event| event.position) else { return Ok(passed) };
        for event in events.iter().filter(|event| listener.wants(&event.kind)) {
            listener.hear(&mut tx, event).await?;
        }
        move_cursor(&mut tx, listener.name(), last, now).await?;
        tx.commit().await?;
        passed += events.len() as u64;
        reached(last);
    }
}

/// Forgets what a listener derived and hears everything again from the first event.
pub async fn rebuild(db: &Db, listener: &dyn Listener, now: i64) -> Result<u64> {
    rebuild_telling(db, listener, now, &|_| ()).await
}

/// As [`rebuild`], telling each position that was reached.
pub async fn rebuild_telling(db: &Db, listener: &dyn Listener, now: i64, reached: &(dyn Fn(i64) + Sync)) -> Result<u64> {
    if listener.derives() {
        let mut tx = db.write().await?;
        listener.forget(&mut tx).await?;
        move_cursor(&mut tx, listener.name(), 0, now).await?;
        tx.commit().await?;
        place(db).await?;
    }
    go_on(db, listener, now, reached).await
}

async fn cursor(tx: &mut Tx, name: &str) -> Result<i64> {
    // Two nodes take turns: on PostgreSQL the row stays locked until the batch is done.
    tx.run(sql!(
        "insert into base_cursor (listener, position, updated_at) values ($1, 0, 0)
         on conflict (listener) do update set updated_at = base_cursor.updated_at",
        name
    ))
    .await?;
    tx.int(sql!("select position from base_cursor where listener = $1", name)).await
}

async fn position(conn: &mut Conn, name: &str) -> Result<i64> {
    conn.int(sql!("select coalesce(max(position), 0) as position from base_cursor where listener = $1", name)).await
}

/// Moves a cursor past events that do not concern its listener, unless another node has moved it.
async fn pass(tx: &mut Tx, name: &str, from: i64, to: i64, now: i64) -> Result<()> {
    tx.run(sql!(
        "insert into base_cursor (listener, position, updated_at) values ($1, $2, $3)
         on conflict (listener) do update set position = excluded.position, updated_at = excluded.updated_at
         where base_cursor.position = $4",
        name,
        to,
        now,
        from
    ))
    .await?;
    Ok(())
}

async fn move_cursor(tx: &mut Tx, name: &str, position: i64, now: i64) -> Result<()> {
    tx.run(sql!(
        "insert into base_cursor (listener, position, updated_at) values ($1, $2, $3)
         on conflict (listener) do update set position = excluded.position, updated_at = excluded.updated_at",
        name,
        position,
        now
    ))
    .await?;
    Ok(())
}

/// The cursor whose position is the moment of the last demand for a new search index.
const REBUILD: &str = "search.rebuild";

/// Asks every node to empty its search index and fill it again. The moment names the demand.
pub async fn ask_rebuild(tx: &mut Tx, now: i64) -> Result<()> {
    let before = asked_rebuild(tx).await?;
    move_cursor(tx, REBUILD, now.max(before + 1), now).await
}

/// The last such demand; 0 when there was none.
pub async fn asked_rebuild(conn: &mut Conn) -> Result<i64> {
    let found: Option<(i64,)> = conn.first(sql!("select position from base_cursor where listener = $1", REBUILD)).await?;
    Ok(found.map_or(0, |row| row.0))
}

/// When the oldest event without a place happened; none when every event has one.
pub async fn unplaced_since(conn: &mut Conn) -> Result<Option<i64>> {
    let found: (Option<i64>,) = conn.one(sql!("select min(at) as at from base_event where position is null")).await?;
    Ok(found.0)
}

/// How far a listener has come.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Cursor {
    pub listener: String,
    pub position: i64,
}

/// Every listener's cursor, by name.
pub async fn cursors(conn: &mut Conn) -> Result<Vec<Cursor>> {
    conn.all(sql!("select listener, position from base_cursor where listener <> $1 order by listener", REBUILD)).await
}

/// Wakes followers of this process at once when a change was committed; others notice by polling.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    pub fn ring(&self) {
        self.0.notify_waiters();
    }

    /// Returns at the next ring, or after `millis` at the latest.
    pub async fn wait(&self, millis: u64) {
        let rung = self.0.notified();
        // Elapsed time is as good a reason to look again as a ring.
        let _ = tokio::time::timeout(std::time::Duration::from_millis(millis), rung).await;
    }
}
