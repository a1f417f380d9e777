//! What follows the events: listeners, stale pages, the search index; and making all of it anew.
use std::time::{Duration, Instant};

use base::Conn;
use base::search::{Change, Entry};

use crate::App;
use crate::slice::{Searchable, Stale};

/// Hears how many of how many are done.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// How far [`App::follow`] has come.
struct Followed {
    /// The newest event that made cached pages stale.
    seen: i64,
    /// When listeners are asked though nothing new happened: at the start, and after one failed.
    again: Option<Instant>,
}

/// How long a listener that failed waits.
const AGAIN: Duration = Duration::from_secs(5);

impl App {
    /// Brings derived rows and search up to the newest event. Returns how many events the search
    /// index went past; none when a server writes it, which then follows by itself.
    pub async fn catch_up(&self) -> base::Result<u64> {
        // Search goes on when a listener fails.
        let heard = self.hear().await;
        let indexed = async {
            self.meet_demand().await?;
            self.index_new(&|_| ()).await
        };
        let passed = match indexed.await {
            Err(error) if base::search::is_busy(&error) => 0,
            outcome => outcome?,
        };
        heard.map(|()| passed)
    }

    /// Empties the index when that was asked for, or when it knows events that the database does
    /// not: then the database was restored from a backup. Returns the newest position.
    async fn meet_demand(&self) -> base::Result<i64> {
        let mut conn = self.kit().db.read().await?;
        let asked = base::events::asked_rebuild(&mut conn).await?;
        let newest = base::events::newest(&mut conn).await?;
        drop(conn);
        let index = self.kit().index.clone();
        if asked > index.generation() || index.position() > newest {
            tracing::info!("search index starts anew");
            let generation = asked.max(index.generation());
            blocking(move || index.restart(generation)).await?;
        }
        Ok(newest)
    }

    async fn hear(&self) -> base::Result<()> {
        let kit = self.kit();
        base::audit::chain(&kit.db).await?;
        base::events::place(&kit.db).await?;
        base::events::catch_up_all(&kit.db, &self.listeners(), kit.clock.now()).await
    }

    async fn index_new(&self, reached: &(dyn Fn(i64) + Sync)) -> base::Result<u64> {
        let kit = self.kit();
        let mut passed = 0;
        loop {
            let position = kit.index.position();
            let mut conn = kit.db.read().await?;
            let events = base::events::after(&mut conn, position, 500).await?;
            let Some(last) = events.last().map(|event| event.position) else { return Ok(passed) };
            let mut subjects: Vec<(&str, i64)> = events.iter().map(|e| (e.subject_kind.as_str(), e.subject_id)).collect();
            subjects.sort_unstable();
            subjects.dedup();
            let mut changes = Vec::new();
            for (kind, id) in subjects {
                if let Some(load) = self.searchable(kind) {
                    changes.push(match load(&mut conn, id).await? {
                        Some(entry) => Change::Put(entry),
                        None => Change::Remove { kind: kind.to_owned(), id },
                    });
                }
            }
            drop(conn);
            let index = kit.index.clone();
            blocking(move || index.apply(changes, last)).await?;
            passed += events.len() as u64;
            reached(last);
        }
    }

    fn searchable(&self, kind: &str) -> Option<Searchable> {
        self.slices.iter().flat_map(|slice| slice.searchables).find(|(of, _)| *of == kind).map(|(_, load)| *load)
    }

    /// Asks every node to empty its search index and fill it from the first event, and does so here
    /// unless a server writes the index. Returns how many events it went past, or none if the server
    /// does it. `progress` hears how many of how many are done.
    pub async fn rebuild_search(&self, progress: Progress<'_>) -> base::Result<Option<u64>> {
        let kit = self.kit();
        let mut tx = kit.db.write().await?;
        base::events::ask_rebuild(&mut tx, kit.clock.now()).await?;
        tx.commit().await?;
        base::events::place(&kit.db).await?;
        let rebuilt = async {
            let newest = self.meet_demand().await?;
            self.index_new(&|at: i64| progress(at.unsigned_abs(), newest.unsigned_abs())).await
        };
        match rebuilt.await {
            Err(error) if base::search::is_busy(&error) => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// Rebuilds every listener's rows from the first event.
    pub async fn rebuild_listeners(&self) -> base::Result<Vec<(&'static str, u64)>> {
        self.rebuild_listeners_telling(&|_, _| ()).await
    }

    /// As [`App::rebuild_listeners`]; `progress` hears how many of how many events are done, over all.
    pub async fn rebuild_listeners_telling(&self, progress: Progress<'_>) -> base::Result<Vec<(&'static str, u64)>> {
        let kit = self.kit();
        base::events::place(&kit.db).await?;
        let newest = base::events::newest(&mut kit.db.read().await?).await?.unsigned_abs();
        let listeners = self.listeners();
        let all = newest * listeners.len() as u64;
        let mut done = Vec::new();
        for listener in listeners {
            let before = newest * done.len() as u64;
            let reached = |at: i64| progress(before + at.unsigned_abs(), all);
            let heard = base::events::rebuild_telling(&kit.db, listener.as_ref(), kit.clock.now(), &reached).await?;
            done.push((listener.name(), heard));
        }
        Ok(done)
    }

    /// Follows the events until the process stops: listeners, search, stale pages.
    pub async fn follow(self) {
        let mut followed = Followed { seen: self.newest().await, again: Some(Instant::now()) };
        loop {
            if let Err(error) = self.round(&mut followed).await {
                tracing::error!(%error, "following events");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            self.kit().bell.wait(500).await;
        }
    }

    async fn newest(&self) -> i64 {
        match self.kit().db.read().await {
            Ok(mut conn) => base::events::newest(&mut conn).await.unwrap_or(0),
            Err(_) => 0,
        }
    }

    async fn round(&self, followed: &mut Followed) -> base::Result<()> {
        base::audit::chain(&self.kit().db).await?;
        base::events::place(&self.kit().db).await?;
        let newest = self.meet_demand().await?;
        // After a restore the events start at a lower place.
        followed.seen = followed.seen.min(newest);
        let again = followed.again.is_some_and(|again| again <= Instant::now());
        if newest == followed.seen && self.kit().index.position() >= newest && !again {
            return Ok(());
        }
        // Pages show derived rows, so those come first. A listener that fails is asked again later: it
        // must keep neither pages old nor search behind.
        let heard = self.hear().await;
        followed.again = heard.is_err().then(|| Instant::now() + AGAIN);
        if let Err(error) = heard {
            tracing::error!(error = format!("{error:#}"), "hearing events");
        }
        self.drop_stale(&mut followed.seen).await?;
        self.index_new(&|_| ()).await.map(drop)
    }

    /// Makes cached pages stale by the events after `seen`.
    pub async fn drop_stale(&self, seen: &mut i64) -> base::Result<()> {
        let rules: Vec<Stale> = self.slices.iter().filter_map(|slice| slice.stale).collect();
        loop {
            let mut conn = self.kit().db.read().await?;
            let events = base::events::after(&mut conn, *seen, 500).await?;
            drop(conn);
            let Some(last) = events.last() else { return Ok(()) };
            *seen = last.position;
            let mut tags: Vec<String> = events.iter().flat_map(|event| rules.iter().flat_map(|rule| rule(event))).collect();
            tags.sort_unstable();
            tags.dedup();
            self.shared.pages.invalidate(&tags);
        }
    }

    /// Loads one search entry by its kind, or none.
    pub async fn entry(&self, conn: &mut Conn, kind: &str, id: i64) -> base::Result<Option<Entry>> {
        match self.searchable(kind) {
            Some(load) => load(conn, id).await,
            None => Ok(None),
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> base::Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => Ok(outcome?),
        Err(panic) => Err(anyhow::anyhow!("{panic}").into()),
    }
}
