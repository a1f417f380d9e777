//! What the search index holds of a KIM, and which kept pages its events make stale.
use base::search::Entry;
use base::{Conn, Event, Later, Result};

use crate::register::{self, rules};

/// The entry of a group at work; none for any other.
pub fn load(conn: &mut Conn, id: i64) -> Later<'_, Result<Option<Entry>>> {
    Box::pin(async move {
        let Some(kim) = register::by_id(conn, id).await?.filter(|kim| kim.status.is_open() || kim.is_listing()) else {
            return Ok(None);
        };
        let region_name = match regions::full_name(conn, &kim.region).await {
            Ok(name) => name,
            Err(base::Error::Missing) => String::new(),
            Err(error) => return Err(error),
        };
        Ok(Some(Entry {
            kind: "kim".into(),
            id,
            url: kim.path(),
            body: format!("{region_name} {}", kim.number.as_deref().unwrap_or_default()),
            tags: kim.themes().into_iter().map(str::to_owned).collect(),
            region: kim.region.clone(),
            region_name,
            group: kim.slug.clone(),
            group_name: kim.name.clone(),
            lang: "id".into(),
            at: kim.verified_at.unwrap_or(kim.created_at),
            lead: kim.about,
            title: kim.name,
            slug: kim.slug,
            category: String::new(),
        }))
    })
}

/// Tags of pages that show a KIM, its region or the regions above.
pub fn stale(event: &Event) -> Vec<String> {
    let own = event.group_id.map(|id| format!("kim:{id}"));
    if event.kind.starts_with("newsroom.article.") {
        // The bars of its page.
        return own.into_iter().collect();
    }
    if !event.kind.starts_with("kim.") {
        return Vec::new();
    }
    let before = event.json()["was_region"].as_str().unwrap_or_default().to_owned();
    let lines = [event.region.as_deref().unwrap_or_default(), before.as_str()].map(rules::codes_above);
    let above = lines.into_iter().flatten().map(|code| format!("region:{code}"));
    let country = format!("region:{}", regions::COUNTRY);
    own.into_iter().chain(above).chain([country, "kim".into(), "home".into()]).collect()
}
