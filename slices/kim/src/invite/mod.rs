//! Inviting people into a KIM: the officers' page, what waits for them, and the roster that follows
//! when an invitation is accepted.
pub mod official;
pub mod pages;
#[cfg(test)]
pub(crate) mod tests;

use async_trait::async_trait;
use base::events::Listener;
use base::{Conn, Event, Result, Tx};
use people::roles::{self, OFFICER};
use serde_json::json;
use web::{Ctx, Task, dates};

use crate::member::store::{self, NewMember};
use crate::member::{Member, Office};
use crate::register::{self, Kim};
use crate::{claim, term};

/// Keeps the roster in step with who was let in.
pub struct Joins;

#[async_trait]
impl Listener for Joins {
    fn name(&self) -> &'static str {
        "kim.joins"
    }

    fn wants(&self, kind: &str) -> bool {
        kind == "people.invite.accepted"
    }

    async fn hear(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let data = event.json();
        let (Some(group), Some(account)) = (event.group_id, data["account"].as_i64()) else { return Ok(()) };
        let officer = data["role"].as_str().and_then(roles::parse) == Some(OFFICER);
        enter(tx, event, group, account, data["entry"].as_i64(), officer).await
    }

    async fn forget(&self, _tx: &mut Tx) -> Result<()> {
        Ok(())
    }

    /// Officers change the roster too: what was entered once is theirs.
    fn derives(&self) -> bool {
        false
    }
}

/// The office of someone who joins, as officer or plainly.
pub(crate) fn office_for(officer: bool, roster: &[Member]) -> Office {
    match officer {
        true if roster.iter().any(|member| member.office == Office::Chair) => Office::Secretary,
        true => Office::Chair,
        false => Office::Member,
    }
}

/// Links the entry that was meant, or adds one. Who is on the roster already is there once.
async fn enter(tx: &mut Tx, event: &Event, group: i64, account: i64, entry: Option<i64>, officer: bool) -> Result<()> {
    let Some(kim) = register::by_id(tx, group).await? else { return Ok(()) };
    let roster = store::current(tx, group).await?;
    let own = roster.iter().find(|member| member.account_id == Some(account));
    let meant = roster.iter().find(|member| Some(member.id) == entry && member.account_id.is_none());
    let member = match own.or(meant) {
        Some(member) => {
            let office = if officer && !member.office.keeps() { office_for(true, &roster) } else { member.office };
            let changed = NewMember {
                account_id: Some(account),
                name: &member.name,
                office,
                division: &member.division,
                joined_at: member.joined_at,
                show: member.show,
            };
            store::change(tx, member.id, &changed).await?;
            hold(tx, &kim, member.id, &changed, event.at).await?;
            member.id
        }
        None => {
            let name = people::account::names(tx, &[account]).await?.remove(&account).unwrap_or_default();
            let new = NewMember {
                account_id: Some(account),
                name: &name,
                office: office_for(officer, &roster),
                division: "",
                joined_at: event.at,
                show: false,
            };
            let id = store::add(tx, group, &new).await?;
            hold(tx, &kim, id, &new, event.at).await?;
            id
        }
    };
    // A listing whose first officer came by invitation needs no claim any more.
    if officer {
        claim::store::give_away(tx, group, account, event.at).await?;
    }
    let joined = Event {
        actor_id: event.actor_id,
        region: Some(kim.region.clone()),
        group_id: Some(group),
        link: format!("/meja/kim/{}", kim.slug),
        data: json!({ "member": member }).to_string(),
        title: kim.name,
        ..Event::new(event.at, "kim.member.joined", ("kim", group))
    };
    tx.emit(joined).await
}

/// Brings the term in line with the office, which begins today unless it stands.
pub(crate) async fn hold(tx: &mut Tx, kim: &Kim, member: i64, row: &NewMember<'_>, at: i64) -> Result<()> {
    let from = dates::parse_day(&dates::day(at, &kim.region), &kim.region).unwrap_or(at);
    let held = term::Held { group: kim.id, region: &kim.region, member, office: row.office, division: row.division, from };
    term::follow(tx, &held).await
}

/// Tells officers who waits to be let in.
pub async fn tasks(ctx: &Ctx, conn: &mut Conn) -> web::Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for brief in register::of_actor(conn, ctx.actor()?, &[OFFICER]).await? {
        let n = people::invite::waiting_count(conn, brief.id).await?;
        if n > 0 {
            tasks.push(Task {
                order: 60,
                icon: "people",
                title: ctx.say_with("kim-invite-task", &[("n", &n.to_string())]),
                note: brief.name,
                href: format!("/meja/kim/{}/undangan", brief.slug),
                action: ctx.say("kim-invite-task-do"),
            });
        }
    }
    Ok(tasks)
}
