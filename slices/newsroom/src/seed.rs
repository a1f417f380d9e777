//! Builds stories at given times; for the demo.
use base::pictures::{self, Stored};
use base::{Event, Kit, Result};

use crate::article::{Status, clean, desk, slug, store};
use crate::media;

/// A story to build. The body is sanitised here.
#[derive(Clone, Debug)]
pub struct Story {
    pub group: kim::Brief,
    pub author_id: Option<i64>,
    pub author_name: String,
    pub title: String,
    pub lead: String,
    pub body: String,
    pub category: String,
    pub tags: Vec<String>,
    pub lang: String,
    pub status: Status,
    /// When it was published, or last saved when it is not.
    pub at: i64,
    pub picture: Option<Picture>,
}

/// A picture, stored already; the story gets a copy of its own.
#[derive(Clone, Debug)]
pub struct Picture {
    pub stored: Stored,
    pub alt: String,
    pub caption: String,
    pub credit: String,
}

/// Adds a story with its picture; returns its id.
pub async fn add(kit: &Kit, story: &Story) -> Result<i64> {
    let picture = match &story.picture {
        Some(picture) => Some((picture, pictures::copy(&kit.blobs, &picture.stored, kit.ids.token()).await?)),
        None => None,
    };
    let published = (story.status == Status::Published).then_some(story.at);
    let started = story.at - 3 * base::clock::HOUR;
    let new = store::New {
        slug: slug(&story.title),
        group_id: story.group.id,
        region: story.group.region.clone(),
        author_id: story.author_id,
        author_name: story.author_name.clone(),
        title: story.title.clone(),
        lead: story.lead.clone(),
        body: clean(&story.body, &[]),
        category: story.category.clone(),
        tags: story.tags.clone(),
        lang: story.lang.clone(),
        status: story.status,
        created_at: started,
        updated_at: story.at,
        submitted_at: (story.status != Status::Draft).then_some(started + base::clock::HOUR),
        published_at: published,
        source_url: None,
        source_key: None,
    };
    let mut tx = kit.db.write().await?;
    let (id, slug) = store::add(&mut tx, &kit.ids, &new).await?;
    if let Some((picture, stored)) = picture {
        let photo = media::store::add(&mut tx, id, &stored, 1, started).await?;
        media::store::describe(&mut tx, photo, &picture.alt, &picture.caption, &picture.credit).await?;
        store::set_cover(&mut tx, id, Some(photo)).await?;
    }
    if matches!(story.status, Status::Review | Status::Approval) {
        desk::set_due(&mut tx, &story.group.region, id, new.submitted_at.unwrap_or(started)).await?;
    }
    let kind = match story.status {
        Status::Published => "newsroom.article.published",
        Status::Draft => "newsroom.article.created",
        _ => "newsroom.article.submitted",
    };
    let data = serde_json::json!({
        "slug": slug, "category": story.category, "lang": story.lang, "author_id": story.author_id,
    });
    let event = Event {
        actor_id: story.author_id,
        region: Some(story.group.region.clone()),
        group_id: Some(story.group.id),
        link: format!("/kabar/{slug}"),
        title: story.title.clone(),
        data: data.to_string(),
        ..Event::new(story.at, kind, ("article", id))
    };
    tx.emit(event).await?;
    tx.commit().await?;
    Ok(id)
}
