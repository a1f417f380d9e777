//! What waits for a person: requests to mend, drafts to finish, stories to read.
use base::{Conn, Later, Result, sql};
use people::roles::{EDITOR, OVERSEERS};
use web::{Ctx, Task};

use crate::article::list;

/// A story that waits.
#[derive(sqlx::FromRow)]
struct Waiting {
    id: i64,
    title: String,
    status: String,
}

/// Tasks of each kind at most.
const MOST: i64 = 3;

async fn of_author(conn: &mut Conn, account_id: i64) -> Result<Vec<Waiting>> {
    conn.all(sql!(
        "select id, title, status from newsroom_article where author_id = $1 and status in ('changes', 'draft')
         order by status, updated_at desc, id desc limit $2",
        account_id,
        MOST
    ))
    .await
}

/// Stories of a KIM that wait for an editor other than their writer, the longest wait first.
async fn for_editor(conn: &mut Conn, group: i64, account_id: i64) -> Result<Vec<Waiting>> {
    conn.all(sql!(
        "select id, title, status from newsroom_article where group_id = $1 and status = 'review'
         order by case when author_id = $2 then 1 else 0 end, submitted_at nulls last, id limit $3",
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
        for group in actor.groups(&[EDITOR]) {
            for story in for_editor(conn, group, actor.account_id).await? {
                tasks.push(task(ctx, 20, "eye", "newsroom-task-review", &story, "/periksa", "newsroom-task-review-go"));
            }
        }
        for region in actor.regions(OVERSEERS) {
            for line in list::waiting(conn, &region, MOST).await? {
                let story = Waiting { id: line.id, title: line.title, status: String::new() };
                tasks.push(task(ctx, 15, "eye", "newsroom-task-approval", &story, "/periksa", "newsroom-task-approval-go"));
            }
        }
        Ok(tasks)
    })
}

fn task(ctx: &Ctx, order: i64, icon: &'static str, key: &'static str, story: &Waiting, end: &str, action: &str) -> Task {
    let title = if story.title.is_empty() { ctx.say("newsroom-untitled") } else { story.title.clone() };
    Task {
        order,
        icon,
        title: ctx.say(key),
        note: title,
        href: format!("/meja/tulisan/{}{end}", story.id),
        action: ctx.say(action),
    }
}
