//! Figures of the moment for `/metrics`: asked of the database when somebody looks.
use base::{events, jobs};
use metrics::gauge;
use web::App;

use crate::backup::store;

/// Sets every gauge anew.
pub async fn measure(app: &App) -> base::Result<()> {
    let kit = app.kit();
    let mut conn = kit.db.read().await?;
    let verified = store::newest_verified(&mut conn).await?.unwrap_or(0);
    gauge!("simpul_backup_verified_timestamp_seconds").set(seconds(verified));
    let failed = store::newest(&mut conn).await?.is_some_and(|newest| !newest.error.is_empty());
    gauge!("simpul_backup_failed").set(if failed { 1.0 } else { 0.0 });
    let counts = jobs::counts(&mut conn).await?;
    for state in ["ready", "running", "dead"] {
        let n = counts.iter().find(|(of, _)| of == state).map_or(0, |(_, n)| *n);
        gauge!("simpul_jobs", "state" => state).set(number(n));
    }
    let newest = events::newest(&mut conn).await?;
    gauge!("simpul_events").set(number(newest));
    let cursors = events::cursors(&mut conn).await?;
    for listener in app.listeners() {
        let position = cursors.iter().find(|cursor| cursor.listener == listener.name()).map_or(0, |cursor| cursor.position);
        gauge!("simpul_listener_lag_events", "listener" => listener.name()).set(number(newest - position));
    }
    gauge!("simpul_search_lag_events").set(number((newest - kit.index.position()).max(0)));
    let room = rustix::fs::statvfs(&kit.config.data).map_err(std::io::Error::from)?;
    gauge!("simpul_disk_free_bytes").set((room.f_bavail * room.f_frsize) as f64);
    Ok(())
}

/// Whole numbers below 2^53 are exact.
fn number(n: i64) -> f64 {
    n as f64
}

fn seconds(micros: i64) -> f64 {
    micros as f64 / 1_000_000.0
}
