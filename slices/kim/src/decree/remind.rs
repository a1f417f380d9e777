//! Reminds of a decree's end: 90, 30 and 7 days before, and when it has come. One event per decree and stage.
use base::authz::Scope;
use base::clock::DAY;
use base::jobs::{Cron, Job};
use base::{Event, Kit, Later};
use people::roles::OFFICER;
use serde_json::{Value, json};

use super::store::{self, Ending};
use crate::register::step;

/// Days before the end and key of the notice, the latest first: who is told of the end itself needs
/// no word of what lay before.
const STAGES: [(i64, &str); 4] =
    [(0, "kim-notice-decree-over"), (7, "kim-notice-decree-7"), (30, "kim-notice-decree-30"), (90, "kim-notice-decree-90")];
/// Reminders of one transaction.
const BATCH: i64 = 100;

pub const JOB: Job = Job { kind: "kim.decree.remind", run };
/// Each morning at five in Jakarta.
pub const CRON: Cron = Cron { job: "kim.decree.remind", when: "0 22 * * *" };

pub fn run(kit: Kit, _payload: Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let now = kit.clock.now();
        for (stage, notice) in STAGES {
            loop {
                let mut conn = kit.db.read().await?;
                let ending = store::ending(&mut conn, stage, now + stage * DAY, BATCH).await?;
                drop(conn);
                if ending.is_empty() {
                    break;
                }
                let mut tx = kit.db.write().await?;
                for one in &ending {
                    tell(&mut tx, one, stage, notice, now).await?;
                }
                tx.commit().await?;
                kit.bell.ring();
            }
        }
        Ok(())
    })
}

async fn tell(tx: &mut base::Tx, one: &Ending, stage: i64, notice: &str, now: i64) -> anyhow::Result<()> {
    if !store::remind(tx, one.id, stage, now).await? {
        return Ok(());
    }
    let mut hearers = people::grant::holders(tx, OFFICER, &Scope::Group(one.group_id), now).await?;
    hearers.extend(step::overseers(tx, &one.region, now).await?);
    hearers.sort_unstable();
    hearers.dedup();
    let kind = if stage == 0 { "kim.decree.expired" } else { "kim.decree.expiring" };
    tx.emit(Event {
        region: Some(one.region.clone()),
        group_id: Some(one.group_id),
        link: format!("/kim/{}", one.slug),
        title: one.name.clone(),
        data: json!({ "decree": one.id, "days": stage, "notify": hearers, "notice": notice }).to_string(),
        ..Event::new(now, kind, ("kim", one.group_id))
    })
    .await?;
    Ok(())
}
