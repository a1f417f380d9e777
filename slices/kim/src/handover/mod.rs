//! Offices follow a handover: the successor takes the office, the other leaves or stays a member. Also
//! the page on which officers and overseers hand over for someone of the KIM.
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use askama::Template;
use async_trait::async_trait;
use base::events::Listener;
use base::{Conn, Event, Result, Tx};
use serde_json::json;
use store::Moved;
use web::{Ctx, Panel, filters};

use crate::invite::{hold, office_for};
use crate::member::store::{self as members, NewMember};
use crate::member::{Member, Office};
use crate::register::{self, Kim};
use crate::term;

/// Moves offices when roles were handed over.
pub struct Offices;

#[async_trait]
impl Listener for Offices {
    fn name(&self) -> &'static str {
        "kim.offices"
    }

    fn wants(&self, kind: &str) -> bool {
        kind == "people.handover.done"
    }

    async fn hear(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let data = event.json();
        let (Some(source), Some(target)) = (data["source"].as_i64(), data["target"].as_i64()) else { return Ok(()) };
        let Some(group) = event.group_id else { return Ok(()) };
        let Some(kim) = register::by_id(tx, group).await? else { return Ok(()) };
        let officer = data["officer"].as_bool().unwrap_or(false);
        let stays = data["stays"].as_bool().unwrap_or(false);
        let roster = members::current(tx, group).await?;
        let of = |account: i64| roster.iter().find(|member| member.account_id == Some(account));
        let step = Step { event, kim: &kim };
        let inherited = take_office(tx, &step, of(source), of(target), target, officer, &roster).await?;
        if let Some(member) = of(source) {
            lay_down(tx, &step, member, inherited, stays).await?;
        }
        Ok(())
    }

    async fn forget(&self, _tx: &mut Tx) -> Result<()> {
        Ok(())
    }

    /// Officers change the roster too: an office moves once.
    fn derives(&self) -> bool {
        false
    }
}

/// What is being carried out, and where.
struct Step<'a> {
    event: &'a Event,
    kim: &'a Kim,
}

impl Step<'_> {
    async fn emit(&self, tx: &mut Tx, kind: &str, member: i64) -> Result<()> {
        let event = Event {
            actor_id: self.event.actor_id,
            region: Some(self.kim.region.clone()),
            group_id: Some(self.kim.id),
            link: format!("/meja/kim/{}", self.kim.slug),
            title: self.kim.name.clone(),
            data: json!({ "member": member, "handover": self.event.subject_id }).to_string(),
            ..Event::new(self.event.at, kind, ("kim", self.kim.id))
        };
        tx.emit(event).await
    }
}

/// The higher of two offices.
fn higher(one: Office, other: Office) -> Office {
    let rank = |office: Office| Office::ALL.iter().position(|known| *known == office);
    if rank(one) <= rank(other) { one } else { other }
}

/// Puts the successor into the office, adding them to the roster when they are not on it. Returns
/// whether the office moved.
async fn take_office(
    tx: &mut Tx,
    step: &Step<'_>,
    source: Option<&Member>,
    successor: Option<&Member>,
    account: i64,
    officer: bool,
    roster: &[Member],
) -> Result<bool> {
    let handed = source.map(|member| member.office).filter(|office| officer && office.keeps());
    let before = successor.map_or(Office::Member, |member| member.office);
    let office = match handed {
        Some(handed) => higher(handed, before),
        None if officer && !before.keeps() => office_for(true, roster),
        None => before,
    };
    let Some(member) = successor else {
        let name = people::account::names(tx, &[account]).await?.remove(&account).unwrap_or_default();
        let at = step.event.at;
        let new = NewMember { account_id: Some(account), name: &name, office, division: "", joined_at: at, show: false };
        let id = members::add(tx, step.kim.id, &new).await?;
        hold(tx, step.kim, id, &new, at).await?;
        store::note(tx, step.event.subject_id, id, "", office.code()).await?;
        step.emit(tx, "kim.member.joined", id).await?;
        return Ok(handed.is_some());
    };
    set_office(tx, step, member, office).await?;
    Ok(handed.is_some())
}

async fn set_office(tx: &mut Tx, step: &Step<'_>, member: &Member, office: Office) -> Result<()> {
    store::note(tx, step.event.subject_id, member.id, member.office.code(), office.code()).await?;
    if office == member.office {
        return Ok(());
    }
    let changed = NewMember {
        account_id: member.account_id,
        name: &member.name,
        office,
        division: &member.division,
        joined_at: member.joined_at,
        show: member.show,
    };
    members::change(tx, member.id, &changed).await?;
    hold(tx, step.kim, member.id, &changed, step.event.at).await?;
    step.emit(tx, "kim.member.changed", member.id).await
}

/// Takes the one who handed over out of the office, or out of the roster.
async fn lay_down(tx: &mut Tx, step: &Step<'_>, member: &Member, inherited: bool, stays: bool) -> Result<()> {
    if stays {
        return set_office(tx, step, member, if inherited { Office::Member } else { member.office }).await;
    }
    members::leave(tx, member.id, step.event.at).await?;
    term::store::end(tx, member.id, step.event.at).await?;
    store::note(tx, step.event.subject_id, member.id, member.office.code(), "").await?;
    step.emit(tx, "kim.member.left", member.id).await
}

#[derive(Template)]
#[template(path = "handover/panel.html")]
struct OfficePanel {
    moved: Vec<Moved>,
}

/// What moved in the roster, for the record of a handover.
pub async fn panel(ctx: &Ctx, conn: &mut Conn, handover: i64) -> web::Result<Vec<Panel>> {
    let moved = store::moved(conn, handover).await?;
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Panel { order: 10, side: false, html: ctx.render(&OfficePanel { moved })? }])
}
