//! Stories go where their KIM goes: to the one that it was merged into, and to the region that took
//! the place of theirs. The newsroom hears of both by events.
mod store;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use base::events::Listener;
use base::{Event, Result, Tx};
use serde_json::json;

use self::store::Moved;

/// Re-homes stories.
pub struct Moves;

#[async_trait]
impl Listener for Moves {
    fn name(&self) -> &'static str {
        "newsroom.moves"
    }

    fn wants(&self, kind: &str) -> bool {
        matches!(kind, "kim.group.merged" | "kim.group.moved" | "regions.region.changed")
    }

    async fn hear(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let data = event.json();
        let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
        match (event.kind.as_str(), event.group_id) {
            ("kim.group.merged", Some(from)) => {
                if let Some(into) = data["into"].as_i64() {
                    let moved = store::to_group(tx, from, into).await?;
                    tell(tx, event, moved, json!({ "was_group": from })).await?;
                }
            }
            ("kim.group.moved", Some(group)) => {
                let (was, now) = (text("was_region"), event.region.clone().unwrap_or_default());
                if !was.is_empty() && !now.is_empty() {
                    let moved = store::to_region(tx, group, &was, &now).await?;
                    tell(tx, event, moved, json!({ "was_region": was })).await?;
                }
            }
            ("regions.region.changed", _) => {
                // Of several successors each story goes with its KIM.
                if let Some([only]) = data["new"].as_array().map(Vec::as_slice)
                    && let Some(now) = only.as_str()
                {
                    let was = text("old");
                    let moved = store::all_to_region(tx, &was, now).await?;
                    tell(tx, event, moved, json!({ "was_region": was })).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    async fn forget(&self, _tx: &mut Tx) -> Result<()> {
        Ok(())
    }

    fn derives(&self) -> bool {
        false
    }
}

/// Lets search and kept pages know of each story that readers see.
async fn tell(tx: &mut Tx, cause: &Event, moved: Vec<Moved>, data: serde_json::Value) -> Result<()> {
    for story in moved.into_iter().filter(|story| story.status == "published") {
        tx.emit(Event {
            actor_id: cause.actor_id,
            region: Some(story.region),
            group_id: Some(story.group_id),
            link: format!("/kabar/{}", story.slug),
            title: story.title,
            data: data.to_string(),
            ..Event::new(cause.at, "newsroom.article.moved", ("article", story.id))
        })
        .await?;
    }
    Ok(())
}
