//! KIM follow the regions: when a code became one other, they go there by themselves; when it became
//! several, an overseer says which. Stories follow by the event.
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use base::events::Listener;
use base::{Conn, Event, Result, Tx};
use people::roles::OVERSEERS;
use serde_json::json;
use web::{Ctx, Task};

use crate::register::{rules, step};

/// Moves KIM with their region.
pub struct Places;

#[async_trait]
impl Listener for Places {
    fn name(&self) -> &'static str {
        "kim.places"
    }

    fn wants(&self, kind: &str) -> bool {
        kind == "regions.region.changed"
    }

    async fn hear(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let data = event.json();
        let old = data["old"].as_str().unwrap_or_default();
        let new: Vec<&str> = data["new"].as_array().into_iter().flatten().filter_map(|code| code.as_str()).collect();
        match new.as_slice() {
            [only] => {
                for group in store::standing(tx, old).await? {
                    let moved = move_to(tx, &group, only, event.at).await?;
                    tx.emit(Event { actor_id: event.actor_id, ..moved }).await?;
                }
            }
            [_, ..] if store::count(tx, old).await? > 0 => ask(tx, event, old).await?,
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

/// Moves a KIM to another village; the event that says so, still to be emitted.
pub async fn move_to(tx: &mut Tx, group: &store::Placed, code: &str, now: i64) -> Result<Event> {
    let place = match regions::full_name(tx, code).await {
        Ok(place) => place,
        Err(base::Error::Missing) => String::new(),
        Err(error) => return Err(error),
    };
    let needle = rules::needle(&group.name, &place, group.number.as_deref());
    store::set_region(tx, group.id, code, &needle, now).await?;
    Ok(Event {
        region: Some(code.to_owned()),
        group_id: Some(group.id),
        link: format!("/kim/{}", group.slug),
        title: group.name.clone(),
        data: json!({ "was_region": group.region }).to_string(),
        ..Event::new(now, "kim.group.moved", ("kim", group.id))
    })
}

/// Tells overseers that they have to say where KIM belong, once for each change.
async fn ask(tx: &mut Tx, event: &Event, old: &str) -> Result<()> {
    let asked = base::events::about(tx, "region", event.subject_id).await?;
    if asked.iter().any(|other| other.kind == "kim.place.asked") {
        return Ok(());
    }
    let overseers = step::overseers(tx, old, event.at).await?;
    let data = json!({ "notify": overseers, "notice": "kim-place-notice" }).to_string();
    let asking = Event::new(event.at, "kim.place.asked", ("region", event.subject_id));
    tx.emit(Event { region: Some(old.to_owned()), link: "/bina/pindah".into(), title: event.title.clone(), data, ..asking }).await
}

/// Reminds overseers of KIM whose village ended.
pub async fn tasks(ctx: &Ctx, conn: &mut Conn) -> web::Result<Vec<Task>> {
    let n = store::undecided(conn, &rules::outermost(&ctx.actor()?.regions(OVERSEERS))).await?.len();
    if n == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![Task {
        order: 140,
        icon: "pin",
        title: ctx.say_with("kim-place-task", &[("n", &n.to_string())]),
        note: ctx.say("kim-place-task-note"),
        href: "/bina/pindah".into(),
        action: ctx.say("kim-place-task-do"),
    }])
}
