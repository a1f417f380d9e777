//! Each morning: asks the groups whose year has passed, and tells overseers of those that stayed silent.
use base::authz::Scope;
use base::jobs::{Cron, Job};
use base::{Event, Kit, Later, Tx};
use people::roles::OFFICER;
use serde_json::{Value, json};

use super::store::{self, Asked};
use super::{SILENCE, YEAR};
use crate::register::step;

/// Groups of one transaction.
const BATCH: i64 = 100;

pub const JOB: Job = Job { kind: "kim.reconfirm.ask", run };
/// Each morning at half past five in Jakarta.
pub const CRON: Cron = Cron { job: "kim.reconfirm.ask", when: "30 22 * * *" };

pub fn run(kit: Kit, _payload: Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let now = kit.clock.now();
        loop {
            let mut conn = kit.db.read().await?;
            let quiet = store::quiet(&mut conn, now - YEAR, BATCH).await?;
            drop(conn);
            if quiet.is_empty() {
                break;
            }
            let mut tx = kit.db.write().await?;
            for one in &quiet {
                ask(&mut tx, one, now).await?;
            }
            tx.commit().await?;
            kit.bell.ring();
        }
        loop {
            let mut conn = kit.db.read().await?;
            let silent = store::silent(&mut conn, now - SILENCE, BATCH).await?;
            drop(conn);
            if silent.is_empty() {
                return Ok(());
            }
            let mut tx = kit.db.write().await?;
            for one in &silent {
                tell(&mut tx, one, now).await?;
            }
            tx.commit().await?;
            kit.bell.ring();
        }
    })
}

async fn ask(tx: &mut Tx, one: &Asked, now: i64) -> anyhow::Result<()> {
    if !store::ask(tx, one.id, now).await? {
        return Ok(());
    }
    let hearers = people::grant::holders(tx, OFFICER, &Scope::Group(one.id), now).await?;
    let link = format!("/meja/kim/{}/masih-aktif", one.slug);
    let data = json!({ "notify": hearers, "notice": "kim-notice-asked", "notice_link": link });
    Ok(tx.emit(event(one, "kim.group.asked", &data, now)).await?)
}

async fn tell(tx: &mut Tx, one: &Asked, now: i64) -> anyhow::Result<()> {
    if !store::tell(tx, one.id, now).await? {
        return Ok(());
    }
    let hearers = step::overseers(tx, &one.region, now).await?;
    let data = json!({ "notify": hearers, "notice": "kim-notice-silent", "notice_link": format!("/bina/kim/{}", one.slug) });
    Ok(tx.emit(event(one, "kim.group.silent", &data, now)).await?)
}

fn event(one: &Asked, kind: &str, data: &Value, now: i64) -> Event {
    Event {
        region: Some(one.region.clone()),
        group_id: Some(one.id),
        link: format!("/kim/{}", one.slug),
        title: one.name.clone(),
        data: data.to_string(),
        ..Event::new(now, kind, ("kim", one.id))
    }
}
