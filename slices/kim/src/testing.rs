//! Builders for the tests of this and later slices.
#![allow(clippy::expect_used, reason = "builders of tests")]
use base::clock::DAY;
use base::{Event, Kit};
use regions::policy::Policy;

use crate::register::{Status, rules, store};

/// Makes an active KIM with an address, named after it, in a region. Returns its id.
pub async fn active(kit: &Kit, slug: &str, region: &str) -> i64 {
    in_status(kit, slug, region, Status::Active).await
}

/// As [`active`], in any status.
pub async fn in_status(kit: &Kit, slug: &str, region: &str, status: Status) -> i64 {
    let name = name_of(slug);
    let now = kit.clock.now();
    let mut tx = kit.db.write().await.expect("a transaction");
    let place = regions::full_name(&mut tx, region).await.unwrap_or_default();
    let needle = rules::needle(&name, &place, None);
    let new = store::NewKim { slug, name: &name, needle: &needle, region, created_by: None };
    let id = store::add(&mut tx, &new, now).await.expect("a group");
    if status != Status::Draft {
        store::set_status(&mut tx, id, Status::Draft, status, now).await.expect("a status");
        let days = regions::policy::int(&mut tx, region, Policy::ClockVerifyDays).await.expect("a policy");
        store::set_due(&mut tx, id, now + days * DAY).await.expect("a promise");
    }
    let event = Event {
        region: Some(region.into()),
        group_id: Some(id),
        link: format!("/kim/{slug}"),
        title: name,
        ..Event::new(now, "kim.group.created", ("kim", id))
    };
    tx.emit(event).await.expect("an event");
    tx.commit().await.expect("a commit");
    id
}

/// The name that the builders give: the words of the address, with capitals, after "KIM".
pub fn name_of(slug: &str) -> String {
    let words = slug.trim_start_matches("kim-").split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect::<String>())
    });
    format!("KIM {}", words.collect::<Vec<_>>().join(" "))
}
