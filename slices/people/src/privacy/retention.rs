//! What is deleted by the calendar, and after how long. The same numbers stand in the register that
//! people read.
use base::clock::DAY;
use base::jobs::{Cron, Job};
use base::{Kit, Later, Result, Tx, sql};

use super::forget;
use crate::confirm;

pub(crate) const JOB: Job = Job { kind: "people.retention", run: sweep };
pub(crate) const CRON: Cron = Cron { job: "people.retention", when: "40 2 * * *" };

/// A notice that was read …
pub(crate) const NOTICE_READ: i64 = 365 * DAY;
/// … and one that nobody read.
pub(crate) const NOTICE: i64 = 2 * 365 * DAY;
/// The words of an answered request; that it was answered stays.
pub(crate) const REQUEST: i64 = 365 * DAY;
/// A revoked API token.
pub(crate) const TOKEN: i64 = 365 * DAY;

fn sweep(kit: Kit, _: serde_json::Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let now = kit.clock.now();
        let mut tx = kit.db.write().await?;
        run(&mut tx, now).await?;
        tx.commit().await?;
        fold(&kit).await?;
        // A rewritten chain would hold in itself; this line stands outside the database.
        let mut conn = kit.db.read().await?;
        if let Some(head) = base::audit::head(&mut conn).await? {
            tracing::info!(target: "simpul::audit", position = head.position, hash = head.hash, "head of the audit");
        }
        Ok(())
    })
}

/// Deletes what is over its time.
pub(crate) async fn run(tx: &mut Tx, now: i64) -> Result<()> {
    tx.run(sql!(
        "delete from people_notice where (read_at is not null and read_at < $1) or at < $2",
        now - NOTICE_READ,
        now - NOTICE
    ))
    .await?;
    tx.run(sql!(
        "update people_request set words = '', answer = '' where status <> 'open' and answered_at < $1 and (words <> '' or answer <> '')",
        now - REQUEST
    ))
    .await?;
    confirm::store::sweep(tx, now - confirm::KEPT).await?;
    for id in confirm::store::given_up(tx, now - confirm::KEPT).await? {
        forget::unborn(tx, id, now).await?;
    }
    tx.run(sql!("delete from people_token where revoked_at < $1 or ends_at < $1", now - TOKEN)).await?;
    Ok(())
}

/// The job that empties SQLite's log after something was deleted for good.
pub(crate) const FOLD: Job = Job { kind: "people.fold", run: |kit, _| Box::pin(async move { fold(&kit).await }) };

async fn fold(kit: &Kit) -> anyhow::Result<()> {
    anyhow::ensure!(kit.db.fold().await?, "somebody still reads from the log");
    Ok(())
}
