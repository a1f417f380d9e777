//! Names of former members leave the roster some years after they left.
use base::clock::DAY;
use base::jobs::{Cron, Job};
use base::{Kit, Later};

use super::store;

pub const JOB: Job = Job { kind: "kim.retention", run };
pub const CRON: Cron = Cron { job: "kim.retention", when: "50 2 * * *" };

/// So many years after leaving: a term, and one more for its audit.
pub const FORMER_YEARS: i64 = 5;

fn run(kit: Kit, _: serde_json::Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let mut tx = kit.db.write().await?;
        store::retire(&mut tx, kit.clock.now() - FORMER_YEARS * 365 * DAY, people::privacy::FORMER).await?;
        tx.commit().await?;
        Ok(())
    })
}
