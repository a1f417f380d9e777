//! What KIM add to the page of a region and to the desk, and what waits for a person.
use askama::Template;
use base::{Conn, Later};
use people::roles::{OFFICER, OVERSEERS};
use regions::policy::{self, Policy};
use web::{Ctx, Panel, Result, Spot, Task, filters};

use super::store::{self, Listed, Reach, Wanted};
use crate::access::INSIDERS;
use crate::bina;
use crate::register::{self, Brief, Status, look, rules};

/// Groups that a region's page shows.
const FEW: i64 = 6;

#[derive(Template)]
#[template(path = "public/region.html")]
struct RegionPanel {
    code: String,
    list: Vec<Listed>,
    reach: Reach,
    villages: i64,
    more: bool,
}

#[derive(Template)]
#[template(path = "public/desk.html")]
struct DeskPanel {
    own: Vec<Brief>,
}

/// Renders the panels of this slice.
pub fn panels<'a>(ctx: &'a Ctx, conn: &'a mut Conn, spot: &'a Spot) -> Later<'a, Result<Vec<Panel>>> {
    Box::pin(async move {
        match spot {
            Spot::Region(code) => region(ctx, conn, code).await,
            Spot::Desk => desk(ctx, conn).await,
            Spot::Handover(id) => crate::handover::panel(ctx, conn, *id).await,
            Spot::Group(_) => Ok(Vec::new()),
        }
    })
}

async fn region(ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<Vec<Panel>> {
    let mut list = store::list(conn, &Wanted { region: code.to_owned(), limit: FEW + 1, ..Wanted::default() }).await?;
    let more = list.len() > FEW as usize;
    list.truncate(FEW as usize);
    let reach = store::reach(conn, code).await?;
    let villages = store::villages(conn, code).await?;
    let panel = RegionPanel { code: code.to_owned(), list, reach, villages, more };
    Ok(vec![Panel { order: 20, side: false, html: ctx.render(&panel)? }])
}

async fn desk(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Panel>> {
    let own = register::of_actor(conn, ctx.actor()?, INSIDERS).await?;
    if own.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Panel { order: 40, side: true, html: ctx.render(&DeskPanel { own })? }])
}

/// Lists unfinished registrations to their officers and waiting ones to overseers.
pub fn tasks<'a>(ctx: &'a Ctx, conn: &'a mut Conn) -> Later<'a, Result<Vec<Task>>> {
    Box::pin(async move {
        let Ok(actor) = ctx.actor() else { return Ok(Vec::new()) };
        let mut tasks = Vec::new();
        for brief in register::of_actor(conn, actor, &[OFFICER]).await? {
            if brief.status == Status::Draft
                && let Some(kim) = register::by_id(conn, brief.id).await?
            {
                let lacking = look::over(conn, &kim, ctx.now()).await?.blocking().len().to_string();
                tasks.push(Task {
                    order: 300,
                    icon: "people",
                    title: ctx.say_with("kim-task-draft", &[("name", &kim.name)]),
                    note: ctx.say_with("kim-task-draft-note", &[("n", &lacking)]),
                    href: format!("/meja/kim/{}", kim.slug),
                    action: ctx.say("kim-task-draft-do"),
                });
            }
        }
        tasks.extend(crate::invite::tasks(ctx, conn).await?);
        tasks.extend(crate::keeper::tasks(ctx, conn).await?);
        let codes = rules::outermost(&actor.regions(OVERSEERS));
        if let Some(first) = bina::store::waiting(conn, &codes).await?.first() {
            let n = bina::store::waiting_count(conn, &codes).await?.to_string();
            let days = policy::int(conn, &first.region, Policy::ClockVerifyDays).await?;
            let left = bina::days_left(first.submitted_at, days, ctx.now());
            tasks.push(Task {
                // The less time is left, the earlier it stands.
                order: 100 + left.clamp(-50, 50),
                icon: "ok",
                title: ctx.say_with("kim-task-verify", &[("n", &n)]),
                note: bina::say_left(ctx, left),
                href: "/bina".into(),
                action: ctx.say("kim-task-verify-do"),
            });
        }
        Ok(tasks)
    })
}
