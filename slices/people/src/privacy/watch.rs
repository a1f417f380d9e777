//! Keeps the clock of requests: reminds those who answer after 48 hours, and tells the metrics how
//! many are open and late.
use base::jobs::{Cron, Job};
use base::{Event, Kit, Later};
use serde_json::json;

use super::{REMIND, answerers, store};

pub(crate) const JOB: Job = Job { kind: "people.request.watch", run: watch };
/// Every quarter of an hour.
pub(crate) const CRON: Cron = Cron { job: "people.request.watch", when: "*/15 * * * *" };

fn watch(kit: Kit, _: serde_json::Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let now = kit.clock.now();
        let mut conn = kit.db.read().await?;
        let waiting = store::unreminded(&mut conn, now - REMIND).await?;
        drop(conn);
        for request in waiting {
            let mut tx = kit.db.write().await?;
            if !store::remind(&mut tx, request.id, now).await? {
                continue;
            }
            let hearers = answerers(&mut tx, request.region.as_deref(), now).await?;
            let link = format!("/kelola/permohonan/{}", request.id);
            let data = json!({ "request": request.id, "notify": hearers, "notice": "people-notice-request-late" });
            let event = Event {
                region: request.region.clone(),
                link,
                data: data.to_string(),
                ..Event::new(now, "people.request.reminded", ("account", request.account_id))
            };
            tx.emit(event).await?;
            tx.commit().await?;
        }
        let mut conn = kit.db.read().await?;
        measure(&store::counts(&mut conn, now).await?);
        Ok(())
    })
}

/// Sets the gauges.
pub(super) fn measure(counts: &store::Open) {
    metrics::gauge!("simpul_data_requests_open").set(counts.open as f64);
    metrics::gauge!("simpul_data_requests_overdue").set(counts.late as f64);
}
