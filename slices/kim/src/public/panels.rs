//! What KIM add to the page of a region and to the desk, and what waits for a person.
use askama::Template;
use base::clock::DAY;
use base::{Conn, Later};
use people::roles::{OFFICER, OVERSEERS};
use web::{Ctx, Panel, Result, Spot, Task, filters};

use super::store::{self, Listed, Reach, Wanted};
use crate::access::INSIDERS;
use crate::bina;
use crate::register::{self, Brief, Status, look, rules};
use crate::{decree, reconfirm, verify};

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

/// The yearly question, answered where it stands.
#[derive(Template)]
#[template(path = "reconfirm/card.html")]
struct AskPanel {
    /// Address and name of each group that is asked, and the key of its form.
    questions: Vec<(String, String, String)>,
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
    let mut questions = Vec::new();
    for brief in register::of_actor(conn, ctx.actor()?, &[OFFICER]).await? {
        if at_work(&brief) && reconfirm::store::open(conn, brief.id).await?.is_some() {
            questions.push((brief.slug, brief.name, ctx.kit.ids.token()));
        }
    }
    let mut panels = vec![Panel { order: 40, side: true, html: ctx.render(&DeskPanel { own })? }];
    if !questions.is_empty() {
        panels.push(Panel { order: 5, side: false, html: ctx.render(&AskPanel { questions })? });
    }
    Ok(panels)
}

fn at_work(brief: &Brief) -> bool {
    matches!(brief.status, Status::Verified | Status::Active)
}

/// What waits for the officer of a group at work: the yearly question, a decree that ends.
async fn of_officer(ctx: &Ctx, conn: &mut Conn, brief: &Brief) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    if at_work(brief) && reconfirm::store::open(conn, brief.id).await?.is_some() {
        tasks.push(Task {
            order: 150,
            icon: "heart",
            title: ctx.say_with("kim-task-ask", &[("name", &brief.name)]),
            note: ctx.say("kim-task-ask-note"),
            href: format!("/meja/kim/{}/masih-aktif", brief.slug),
            action: ctx.say("kim-task-ask-do"),
        });
    }
    let end = decree::store::latest(conn, brief.id).await?.and_then(|decree| decree.expires_at);
    if let Some(end) = end.filter(|end| *end <= ctx.now() + decree::SOON) {
        let days = ((end - ctx.now()).max(0) / DAY).to_string();
        let key = if end <= ctx.now() { "kim-task-decree-over" } else { "kim-task-decree-soon" };
        tasks.push(Task {
            order: 250,
            icon: "file",
            title: ctx.say_with(key, &[("name", &brief.name), ("days", &days)]),
            note: ctx.say("kim-task-decree-note"),
            href: format!("/meja/kim/{}/sk", brief.slug),
            action: ctx.say("kim-task-decree-do"),
        });
    }
    Ok(tasks)
}

/// Lists unfinished registrations to their officers and waiting ones to overseers.
pub fn tasks<'a>(ctx: &'a Ctx, conn: &'a mut Conn) -> Later<'a, Result<Vec<Task>>> {
    Box::pin(async move {
        let Ok(actor) = ctx.actor() else { return Ok(Vec::new()) };
        let mut tasks = crate::age::tasks(ctx, conn).await?;
        for brief in register::of_actor(conn, actor, &[OFFICER]).await? {
            if brief.status.is_open() {
                tasks.extend(of_officer(ctx, conn, &brief).await?);
            }
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
        if let Some(first) = verify::queue::first(conn, &codes, 1).await?.first() {
            let n = verify::queue::count(conn, &codes).await?.to_string();
            let left = bina::days_left(first.due(), ctx.now());
            tasks.push(Task {
                // The less time is left, the earlier it stands.
                order: 100 + left.clamp(-50, 50),
                icon: "ok",
                title: ctx.say_with("kim-task-verify", &[("n", &n)]),
                note: bina::say_left(ctx, left),
                href: "/bina/verifikasi".into(),
                action: ctx.say("kim-task-verify-do"),
            });
        }
        tasks.extend(crate::claim::tasks(ctx, conn).await?);
        tasks.extend(crate::place::tasks(ctx, conn).await?);
        Ok(tasks)
    })
}
