//! The history of a KIM: its events, oldest first, as sentences.
use base::Conn;
use web::Result;

use crate::register::Kim;

/// One thing that happened.
pub struct Past {
    pub at: i64,
    /// Kind of the event.
    pub kind: String,
    /// Key of the sentence.
    pub key: &'static str,
    /// Only for the KIM's own people and those who watch over it.
    pub reason: String,
    /// Who did it; only as the reason.
    pub by: String,
    /// Name of another group that it was about, or the site that it came from.
    pub other: String,
}

/// What happened, oldest first.
pub struct History {
    pub steps: Vec<Past>,
}

impl History {
    /// The reason of the last step, if it had one.
    pub fn last_reason(&self) -> Option<String> {
        let besides = [
            "kim-past-decree",
            "kim-past-decree-over",
            "kim-past-renamed",
            "kim-past-confirmed",
            "kim-past-silent",
            "kim-past-succeeded",
            "kim-past-arrived",
        ];
        let last = self.steps.iter().rev().find(|past| !besides.contains(&past.key))?;
        (!last.reason.is_empty()).then(|| last.reason.clone())
    }
}

/// Sentence of a kind of event and whether anyone may read of it; none for what is no step of its life.
fn words(kind: &str) -> Option<(&'static str, bool)> {
    Some(match kind {
        "kim.group.created" => ("kim-past-created", false),
        "kim.group.submitted" => ("kim-past-submitted", false),
        "kim.group.returned" => ("kim-past-returned", false),
        "kim.group.rejected" => ("kim-past-rejected", false),
        "kim.group.reopened" => ("kim-past-reopened", false),
        "kim.group.verified" => ("kim-past-verified", true),
        "kim.group.activated" => ("kim-past-activated", true),
        "kim.group.rested" => ("kim-past-rested", true),
        "kim.group.revived" => ("kim-past-revived", true),
        "kim.group.dissolved" => ("kim-past-dissolved", true),
        "kim.group.renamed" => ("kim-past-renamed", true),
        "kim.group.confirmed" => ("kim-past-confirmed", true),
        "kim.group.silent" => ("kim-past-silent", false),
        "kim.member.succeeded" => ("kim-past-succeeded", true),
        "kim.decree.added" => ("kim-past-decree", true),
        "kim.decree.expired" => ("kim-past-decree-over", true),
        "kim.group.merged" => ("kim-past-merged", true),
        "kim.group.absorbed" => ("kim-past-absorbed", true),
        "kim.group.moved" => ("kim-past-moved", true),
        "kim.claim.accepted" => ("kim-past-claimed", true),
        "kim.group.arrived" => ("kim-past-arrived", true),
        _ => return None,
    })
}

/// The other group of a merge.
fn other_of(event: &base::Event) -> Option<i64> {
    match event.kind.as_str() {
        "kim.group.merged" => event.json()["into"].as_i64(),
        "kim.group.absorbed" => event.json()["from"].as_i64(),
        _ => None,
    }
}

/// The history of a KIM; `whole` adds what only its own people and overseers may know.
pub async fn of(conn: &mut Conn, kim: &Kim, whole: bool) -> Result<History> {
    let events = base::events::about(conn, "kim", kim.id).await?;
    let actors: Vec<i64> = if whole { events.iter().filter_map(|event| event.actor_id).collect() } else { Vec::new() };
    let names = people::account::names(conn, &actors).await?;
    let mut others = std::collections::HashMap::new();
    for id in events.iter().filter_map(other_of) {
        others.extend(crate::register::by_id(conn, id).await?.map(|kim| (id, kim.name)));
    }
    let steps = events.iter().filter_map(|event| {
        let (mut key, open) = words(&event.kind)?;
        if key == "kim-past-created" && event.json()["import"].is_i64() {
            key = "kim-past-imported";
        }
        if !whole && !open {
            return None;
        }
        let reason = if whole { event.json()["reason"].as_str().unwrap_or_default().to_owned() } else { String::new() };
        let by = event.actor_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
        let mut other = other_of(event).and_then(|id| others.get(&id).cloned()).unwrap_or_default();
        if key == "kim-past-arrived" {
            other = event.json()["site"].as_str().unwrap_or_default().to_owned();
        }
        Some(Past { at: event.at, kind: event.kind.clone(), key, reason, by, other })
    });
    Ok(History { steps: steps.collect() })
}
