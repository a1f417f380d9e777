//! Takes a step of a KIM's life: the new status, its event, and who hears of it.
use base::authz::Scope;
use base::clock::DAY;
use base::{Conn, Event, Tx};
use people::roles::{FOSTERING, OFFICER, VERIFIER};
use regions::policy::{self, Policy};
use serde_json::json;
use web::{Ctx, Error, Result};

use super::{Kim, Step, rules, store};
use crate::access::is_inside;
use crate::reconfirm;

/// Takes a step in the transaction; a conflict when the KIM no longer stands where the page showed it.
pub async fn take(ctx: &Ctx, tx: &mut Tx, kim: &Kim, step: Step, reason: &str) -> Result<()> {
    // Nobody verifies the group that they belong to.
    if step == Step::Verify && is_inside(ctx.actor()?, kim.id) {
        return Err(Error::Refused("kim-verify-own"));
    }
    if !store::set_status(tx, kim.id, kim.status, step.to(), ctx.now()).await? {
        return Err(Error::Conflict("kim-conflict-step"));
    }
    if step == Step::Submit {
        let days = policy::int(tx, &kim.region, Policy::ClockVerifyDays).await?;
        store::set_due(tx, kim.id, ctx.now() + days * DAY).await?;
    }
    if matches!(step, Step::Return | Step::Reject) {
        store::set_decided(tx, kim.id, ctx.account_id(), ctx.now()).await?;
    }
    match step {
        Step::Verify | Step::Activate | Step::Revive => reconfirm::store::confirm(tx, kim.id, ctx.now()).await?,
        Step::Rest | Step::Dissolve => reconfirm::store::close(tx, kim.id, ctx.now()).await?,
        _ => {}
    }
    let mut hearers = match step {
        Step::Submit => overseers(tx, &kim.region, ctx.now()).await?,
        _ => people::grant::holders(tx, OFFICER, &Scope::Group(kim.id), ctx.now()).await?,
    };
    hearers.retain(|id| Some(*id) != ctx.account_id());
    let mut data = json!({ "notify": hearers, "notice": step.notice() });
    // While nothing is public yet, the page of those who hear of it is elsewhere.
    match step {
        Step::Submit => data["notice_link"] = format!("/bina/kim/{}", kim.slug).into(),
        Step::Return | Step::Reject | Step::Reopen => data["notice_link"] = format!("/meja/kim/{}", kim.slug).into(),
        _ => {}
    }
    if !reason.is_empty() {
        data["reason"] = reason.into();
    }
    tx.emit(Event { data: data.to_string(), ..event(ctx, kim, step.event()) }).await?;
    Ok(())
}

/// An event about a KIM by the person of this request.
pub fn event(ctx: &Ctx, kim: &Kim, kind: &str) -> Event {
    Event {
        actor_id: ctx.account_id(),
        region: Some(kim.region.clone()),
        group_id: Some(kim.id),
        link: kim.path(),
        title: kim.name.clone(),
        ..Event::new(ctx.now(), kind, ("kim", kim.id))
    }
}

/// Accounts that watch over a region, by grants on it or on any region above it.
pub async fn overseers(conn: &mut Conn, region: &str, now: i64) -> base::Result<Vec<i64>> {
    let mut all = Vec::new();
    for code in rules::codes_above(region).into_iter().chain([""]) {
        for role in [VERIFIER, FOSTERING] {
            all.extend(people::grant::holders(conn, role, &Scope::Region(code.to_owned()), now).await?);
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
