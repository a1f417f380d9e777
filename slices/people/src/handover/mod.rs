//! Handing over: what a person holds in one place moves to another in one step. Offices and unfinished
//! stories follow by the event `people.handover.done`. In a KIM it acts at once; over a region it waits
//! for someone above.
pub mod pages;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use base::authz::{Actor, Place, Role, Scope};
use base::{Conn, Event, Later, Tx};
use serde_json::json;
pub use store::Holder;
use store::{Handover, NewHandover};
use web::{Ctx, Error, Result, Task};

use crate::grant::{self, Own};
use crate::roles::{self, FOSTERING, MEMBER, OFFICER, OPERATOR, OVERSEERS, VERIFIER};
use crate::{account, invite};

/// What is handed over.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub source: i64,
    pub target: i64,
    pub scope: Scope,
    /// Code of the region that the place lies in.
    pub place: &'a str,
    /// Name of the place.
    pub title: &'a str,
    /// Names of the roles that move.
    pub roles: &'a [String],
    /// The source stays a plain member of the group.
    pub stays: bool,
}

/// Whether a person may move what someone holds in a group to another of the group: its own officers
/// and those who watch over its region, none of them as a stand-in.
pub fn may_move(actor: &Actor, place: &str, group: i64) -> bool {
    actor.owns(&[OFFICER, OPERATOR, VERIFIER, FOSTERING], &Place { region: place, group: Some(group) })
}

/// The code above a region's; the whole country lies above a province.
fn above(code: &str) -> &str {
    code.rfind('.').map_or("", |dot| &code[..dot])
}

/// Whether a person may let a handover over a region happen: the operator, or an official of a region
/// above, who is neither of the two.
fn may_decide(actor: &Actor, handover: &Handover) -> bool {
    let Some(Scope::Region(code)) = handover.scope() else { return false };
    let party = [handover.source_id, handover.target_id].contains(&actor.account_id);
    let place = Place { region: above(&code), group: None };
    // An official of the region itself does not reach above it, and no code lies above the country.
    let official = !code.is_empty() && actor.owns(&[VERIFIER, FOSTERING], &place);
    !party && (official || actor.owns(&[OPERATOR], &place))
}

/// Whether a person may read the record of a handover.
fn may_read(actor: &Actor, handover: &Handover) -> bool {
    let named = [Some(handover.source_id), Some(handover.target_id), Some(handover.made_by), handover.decided_by];
    let place = Place { region: &handover.place, group: handover.group_id };
    named.contains(&Some(actor.account_id))
        || may_decide(actor, handover)
        || actor.may(OVERSEERS, &place)
        || actor.may(&[OFFICER], &place)
}

/// People of a group with what each holds there of their own.
pub async fn holders(conn: &mut Conn, group: i64, now: i64) -> Result<Vec<Holder>> {
    Ok(store::holders(conn, group, now).await?)
}

/// Hands over; in a group at once, over a region after another's word. The caller has asked whether
/// the person of this request may; source and target are looked at here. Returns the record's id.
pub async fn make(ctx: &Ctx, tx: &mut Tx, new: &New<'_>) -> Result<i64> {
    if let Scope::Group(group) = new.scope {
        grant::one_at_a_time(tx, group).await?;
    }
    let moving = moving(tx, new.source, &new.scope, new.roles, ctx.now()).await?;
    if moving.is_empty() {
        return Err(Error::Conflict("people-handover-nothing"));
    }
    let target = account::store::get(tx, new.target).await?.filter(|target| target.status == "active");
    if target.is_none() || new.target == new.source {
        return Err(Error::Conflict("people-handover-target"));
    }
    let by = ctx.actor()?.account_id;
    if new.source == by {
        for role in moving.iter().filter_map(|own| roles::parse(&own.role)) {
            if !ctx.owns(&[role], new.place, new.scope.group()) {
                return Err(Error::Forbidden);
            }
        }
    }
    let row = NewHandover { source: new.source, target: new.target, by, scope: &new.scope, place: new.place, title: new.title };
    let id = store::add(tx, &row, new.stays, ctx.now()).await?;
    for own in &moving {
        store::add_grant(tx, id, own).await?;
    }
    let handover = store::get(tx, id).await?.ok_or(Error::Missing)?;
    if let Scope::Group(group) = new.scope {
        let own = grant::own(tx, new.target, ctx.now()).await?;
        if !own.iter().any(|own| own.scope == Scope::Group(group)) {
            return Err(Error::Conflict("people-handover-outsider"));
        }
        carry_out(ctx, tx, &handover, moving).await?;
    } else {
        let deciders = deciders(tx, &handover, ctx.now()).await?;
        let data = json!({ "notify": deciders, "notice": "people-notice-handover-asked" });
        tx.emit(event(ctx, &handover, "people.handover.asked", data)).await?;
    }
    Ok(id)
}

/// What a person holds of their own in a place, of the named roles.
async fn moving(conn: &mut Conn, source: i64, scope: &Scope, roles: &[String], now: i64) -> Result<Vec<Own>> {
    let own = grant::own(conn, source, now).await?;
    Ok(own.into_iter().filter(|own| own.scope == *scope && *scope != Scope::All && roles.contains(&own.role)).collect())
}

/// Those who may decide, to be told.
async fn deciders(conn: &mut Conn, handover: &Handover, now: i64) -> Result<Vec<i64>> {
    let mut all = grant::owners(conn, OPERATOR, &Scope::All, now).await?;
    let mut code = handover.place.as_str();
    while !code.is_empty() {
        code = above(code);
        for role in [VERIFIER, FOSTERING] {
            all.extend(grant::owners(conn, role, &Scope::Region(code.to_owned()), now).await?);
        }
    }
    all.retain(|id| ![handover.source_id, handover.target_id].contains(id));
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Moves the grants: each ends for the one and stands for the other, as long as it stood.
async fn carry_out(ctx: &Ctx, tx: &mut Tx, handover: &Handover, moving: Vec<Own>) -> Result<()> {
    let now = ctx.now();
    let (source, target) = (handover.source_id, handover.target_id);
    let Some(scope) = handover.scope() else { return Err(Error::Missing) };
    for own in &moving {
        let Some(role) = roles::parse(&own.role) else { return Err(Error::Missing) };
        if !grant::end_one(tx, source, own.id, now).await? {
            return Err(Error::Conflict("people-handover-changed"));
        }
        ctx.vet(tx, target, role, &own.scope, None).await?;
        let new = grant::prolong(tx, target, role, &own.scope, ctx.account_id(), now, own.until_at).await?;
        store::set_new(tx, handover.id, own.id, new).await?;
    }
    let mut left = grant::own(tx, source, now).await?;
    left.retain(|own| own.scope == scope);
    let officer = moving.iter().any(|own| own.role == OFFICER.0);
    if let Scope::Group(group) = scope {
        if handover.stays && left.is_empty() {
            grant::give(tx, source, MEMBER, &scope, ctx.account_id(), now, None).await?;
        } else if left.is_empty() {
            // Who has left does not go on standing in for others here.
            grant::end_all_in(tx, source, group, now).await?;
        }
        if officer {
            invite::store::pass_on(tx, source, target, group).await?;
        }
    }
    if !store::decide(tx, handover.id, "done", ctx.account_id(), now).await? {
        return Err(Error::Conflict("people-handover-changed"));
    }
    let data = json!({
        "source": source, "target": target, "officer": officer, "stays": handover.stays || !left.is_empty(),
        "notify": [source, target], "notice": "people-notice-handover-done",
    });
    Ok(tx.emit(event(ctx, handover, "people.handover.done", data)).await?)
}

/// Lets a handover over a region happen, as far as the source still holds what was listed.
async fn accept(ctx: &Ctx, tx: &mut Tx, handover: &Handover) -> Result<()> {
    let Some(scope) = handover.scope() else { return Err(Error::Missing) };
    let ids: Vec<i64> = store::grants(tx, handover.id).await?.into_iter().map(|handed| handed.grant_id).collect();
    let own = grant::own(tx, handover.source_id, ctx.now()).await?;
    let moving: Vec<Own> = own.into_iter().filter(|own| own.scope == scope && ids.contains(&own.id)).collect();
    let target = account::store::get(tx, handover.target_id).await?;
    if moving.len() != ids.len() || target.is_none_or(|target| target.status != "active") {
        return Err(Error::Conflict("people-handover-changed"));
    }
    carry_out(ctx, tx, handover, moving).await
}

/// Moves everything that people hold of their own in a group to another, each as long as it stands;
/// for two groups that become one. What was lent in the first ends with it. With `most`, everyone
/// holds that role there instead.
pub async fn move_group(tx: &mut Tx, from: i64, into: i64, most: Option<Role>, by: Option<i64>, now: i64) -> base::Result<()> {
    for holder in store::holders(tx, from, now).await? {
        for own in grant::own(tx, holder.account_id, now).await? {
            let Some(role) = roles::parse(&own.role).filter(|_| own.scope == Scope::Group(from)) else { continue };
            grant::end_one(tx, holder.account_id, own.id, now).await?;
            let role = most.unwrap_or(role);
            grant::prolong(tx, holder.account_id, role, &Scope::Group(into), by, now, own.until_at).await?;
        }
    }
    grant::move_later(tx, from, into, most, now).await
}

/// The record's page.
fn path(id: i64) -> String {
    format!("/akun/serah-terima/{id}")
}

fn event(ctx: &Ctx, handover: &Handover, kind: &str, data: serde_json::Value) -> Event {
    Event {
        actor_id: ctx.account_id(),
        region: Some(handover.place.clone()).filter(|code| !code.is_empty()),
        group_id: handover.group_id,
        link: path(handover.id),
        title: handover.title.clone(),
        data: data.to_string(),
        ..Event::new(ctx.now(), kind, ("handover", handover.id))
    }
}

/// Handovers that wait for this person's word.
pub fn tasks<'a>(ctx: &'a Ctx, conn: &'a mut Conn) -> Later<'a, Result<Vec<Task>>> {
    Box::pin(async move {
        let actor = ctx.actor()?;
        if !actor.holds(OVERSEERS) {
            return Ok(Vec::new());
        }
        let waiting = store::waiting(conn).await?.into_iter().filter(|handover| may_decide(actor, handover));
        let tasks = waiting.map(|handover| Task {
            order: 90,
            icon: "key",
            title: ctx.say_with("people-handover-task", &[("title", &handover.title)]),
            note: ctx.say_with("people-handover-task-note", &[("source", &handover.source), ("target", &handover.target)]),
            href: path(handover.id),
            action: ctx.say("people-handover-task-do"),
        });
        Ok(tasks.collect())
    })
}
