//! Hari ini: what a member can do now, at most five things, each one tap away.
#[cfg(test)]
mod tests;

use askama::Template;
use web::{Ctx, Page, Result, Spot, Task, filters};

use crate::notice;

/// No more than this: a list that can be finished.
const MOST: usize = 5;

#[derive(Template)]
#[template(path = "desk/show.html")]
struct Desk<'a> {
    key: String,
    name: &'a str,
    now: i64,
    title: String,
    tasks: Vec<Task>,
    left: usize,
    notices: Vec<Said>,
    unread: bool,
    main: String,
    side: String,
    at_work: bool,
    operator: bool,
}

struct Said {
    at: i64,
    text: String,
    reason: String,
    link: String,
    fresh: bool,
}

pub async fn show(ctx: Ctx) -> Result<Page> {
    let actor = ctx.actor()?;
    let mut conn = ctx.kit.db.read().await?;
    let mut tasks = ctx.tasks(&mut conn).await?;
    let panels = ctx.panels(&mut conn, &Spot::Desk).await?;
    let notices: Vec<Said> = notice::newest(&mut conn, actor.account_id, 6)
        .await?
        .into_iter()
        .map(|n| Said {
            at: n.at,
            text: ctx.say_with(&n.text_key, &[("title", &n.title)]),
            reason: n.reason,
            link: n.link,
            fresh: n.read_at.is_none(),
        })
        .collect();
    let left = tasks.len().saturating_sub(MOST);
    tasks.truncate(MOST);
    let title = match tasks.len() {
        0 => ctx.say("people-desk-free"),
        n => ctx.say_with("people-desk-title", &[("n", &n.to_string())]),
    };
    let join = |side: bool| panels.iter().filter(|p| p.side == side).map(|p| p.html.as_str()).collect::<String>();
    let desk = Desk {
        key: ctx.kit.ids.token(),
        name: &actor.name,
        now: ctx.now(),
        title: title.clone(),
        tasks,
        left,
        unread: notices.iter().any(|notice| notice.fresh),
        notices,
        main: join(false),
        side: join(true),
        at_work: actor.holds(crate::roles::ANYONE_AT_WORK),
        operator: actor.holds(&[crate::roles::OPERATOR]),
    };
    Ok(ctx.page(title, &desk)?.section("/meja").head(|head| head.private = true))
}
