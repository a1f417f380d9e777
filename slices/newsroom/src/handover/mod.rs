//! Unfinished stories follow a handover: the pen goes to the successor, the byline stays.
mod store;
#[cfg(test)]
mod tests;

use askama::Template;
use async_trait::async_trait;
use base::events::Listener;
use base::i18n::Sources;
use base::{Conn, Event, Result, Tx};
use people::roles::NEWSROOM;
use serde_json::json;
use store::Moved;
use web::{Ctx, Panel, filters};

pub const TEXTS: Sources = web::texts!(".");

/// Moves the pen of unfinished stories when roles were handed over.
pub struct Pens;

#[async_trait]
impl Listener for Pens {
    fn name(&self) -> &'static str {
        "newsroom.pens"
    }

    fn wants(&self, kind: &str) -> bool {
        kind == "people.handover.done"
    }

    async fn hear(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let data = event.json();
        let (Some(source), Some(target)) = (data["source"].as_i64(), data["target"].as_i64()) else { return Ok(()) };
        let Some(group) = event.group_id else { return Ok(()) };
        // Who stays must not become the reader of their own story: what is handed in keeps its author.
        let stays = data["stays"].as_bool().unwrap_or(false);
        for story in store::unfinished(tx, group, source, !stays).await? {
            store::pass_on(tx, event.subject_id, story.id, target).await?;
            let moved = Event {
                actor_id: event.actor_id,
                region: Some(story.region),
                group_id: Some(group),
                link: format!("/meja/tulisan/{}", story.id),
                title: story.title,
                data: json!({ "author_id": target, "handover": event.subject_id }).to_string(),
                ..Event::new(event.at, "newsroom.article.handed_over", ("article", story.id))
            };
            tx.emit(moved).await?;
        }
        Ok(())
    }

    async fn forget(&self, _tx: &mut Tx) -> Result<()> {
        Ok(())
    }

    /// People write on: a pen moves once.
    fn derives(&self) -> bool {
        false
    }
}

#[derive(Template)]
#[template(path = "handover/panel.html")]
struct StoryPanel {
    moved: Vec<Moved>,
    /// Titles of drafts are for the KIM's own people.
    inside: bool,
}

/// The stories that moved, for the record of a handover.
pub async fn panel(ctx: &Ctx, conn: &mut Conn, handover: i64) -> web::Result<Vec<Panel>> {
    let moved = store::moved(conn, handover).await?;
    let Some(first) = moved.first() else { return Ok(Vec::new()) };
    let inside = ctx.may(NEWSROOM, &first.region, Some(first.group_id));
    Ok(vec![Panel { order: 20, side: false, html: ctx.render(&StoryPanel { moved, inside })? }])
}
