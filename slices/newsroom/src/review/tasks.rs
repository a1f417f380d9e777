//! What waits for a person: requests to mend, drafts to finish, stories to read.
use base::{Conn, Later, Result, sql};
use kim::{days_left, say_left};
use people::roles::{EDITOR, OVERSEERS};
use web::{Ctx, Task, dates};

use crate::article::list;

/// A story that waits.
#[derive(sqlx::FromRow)]
struct Waiting {
    id: i64,
    title: String,
    status: String,
    region: String,
    /// Until when it should have been read.
    due_at: Option<i64>,
    /// 1 for a story of the reader's own, 0 otherwise.
    own: i64,
}

/// Tasks of each kind at most.
const MOST: i64 = 3;

async fn of_author(conn: &mut Conn, account_id: i64) -> Result<Vec<Waiting>> {
    conn.all(sql!(
        "select id, title, status, region, due_at, cast(1 as bigint) as own from newsroom_article
         where author_id = $1 and status in ('changes', 'draft')
         order by status, updated_at desc, id desc limit $2",
        account_id,
        MOST
    ))
    .await
}

/// Stories of a KIM that wait for an editor other than their writer; those due first.
async fn for_editor(conn: &mut Conn, group: i64, account_id: i64) -> Result<Vec<Waiting>> {
    conn.all(sql!(
        "select id, title, status, region, due_at, cast(case when author_id = $2 then 1 else 0 end as bigint) as own
         from newsroom_article where group_id = $1 and status = 'review'
         order by case when author_id = $2 then 1 else 0 end, due_at nulls last, id limit $3",
        group,
        account_id,
        MOST
    ))
    .await
}

/// Lists what waits for this person in the newsroom.
pub fn tasks<'a>(ctx: &'a Ctx, conn: &'a mut Conn) -> Later<'a, web::Result<Vec<Task>>> {
    Box::pin(async move {
        let actor = ctx.actor()?;
        let mut tasks = Vec::new();
        for story in of_author(conn, actor.account_id).await? {
            tasks.push(if story.status == "changes" {
                task(ctx, 10, "chat", "newsroom-task-changes", &story, "", "newsroom-task-changes-go")
            } else {
                task(ctx, 50, "write", "newsroom-task-draft", &story, "", "newsroom-task-draft-go")
            });
        }
        let mut unread = Vec::new();
        for group in actor.groups(&[EDITOR]) {
            unread.extend(for_editor(conn, group, actor.account_id).await?);
        }
        unread.sort_by_key(|story| (story.own, story.due_at.unwrap_or(i64::MAX), story.id));
        for story in &unread {
            tasks.push(task(ctx, 20, "eye", "newsroom-task-review", story, "/periksa", "newsroom-task-review-go"));
        }
        let mut handed_up = Vec::new();
        for region in actor.regions(OVERSEERS) {
            handed_up.extend(list::waiting(conn, &region, MOST).await?);
        }
        handed_up.sort_by_key(|line| (line.due_at.unwrap_or(i64::MAX), line.id));
        handed_up.dedup_by_key(|line| line.id);
        for line in handed_up {
            let status = line.status.name().to_owned();
            let story = Waiting { id: line.id, title: line.title, status, region: line.region, due_at: line.due_at, own: 0 };
            tasks.push(task(ctx, 15, "eye", "newsroom-task-approval", &story, "/periksa", "newsroom-task-approval-go"));
        }
        Ok(tasks)
    })
}

fn task(ctx: &Ctx, order: i64, icon: &'static str, key: &'static str, story: &Waiting, end: &str, action: &str) -> Task {
    let title = if story.title.is_empty() { ctx.say("newsroom-untitled") } else { story.title.clone() };
    let left = story.due_at.map(|due| (due, days_left(due, ctx.now())));
    let note = match left {
        Some((due, left)) => {
            let (date, left) = (dates::date(due, ctx.lang, &story.region), say_left(ctx, left));
            ctx.say_with("newsroom-task-due", &[("title", &title), ("date", &date), ("left", &left)])
        }
        None => title,
    };
    Task {
        order,
        icon: if left.is_some_and(|(_, left)| left < 0) { "warn" } else { icon },
        title: ctx.say(key),
        note,
        href: format!("/meja/tulisan/{}{end}", story.id),
        action: ctx.say(action),
    }
}
