//! What the newsroom holds of people, their part of the copy, and how a writer is forgotten: drafts go,
//! published stories stay without the name.
mod store;
#[cfg(test)]
mod tests;

use base::{Conn, Event, Later, Result, Tx};
use people::privacy::FORMER;
use serde_json::json;
use web::dates;
use web::privacy::{Basis, Kept, Part, Person, Personal, Processing};

use crate::media;

pub const PERSONAL: Personal = Personal {
    export: Some(export),
    erase: Some(erase),
    holders: Some(|conn, table| Box::pin(store::holders(conn, table))),
    ..Personal::new(LINES, &["newsroom_slug", "newsroom_redirect", "newsroom_tag", "newsroom_handover"])
};

const LINES: &[Processing] = &[
    Processing {
        tables: &["newsroom_article", "newsroom_revision"],
        what: "newsroom-holds-story",
        data: "newsroom-holds-story-data",
        why: "newsroom-holds-story-why",
        basis: Basis::Consent,
        seen: "newsroom-holds-story-seen",
        kept: Kept { key: "newsroom-kept-story", n: 0 },
    },
    Processing {
        tables: &["newsroom_photo", "media"],
        what: "newsroom-holds-photo",
        data: "newsroom-holds-photo-data",
        why: "newsroom-holds-photo-why",
        basis: Basis::Consent,
        seen: "newsroom-holds-photo-seen",
        kept: Kept { key: "newsroom-kept-photo", n: 0 },
    },
    Processing {
        tables: &["newsroom_comment"],
        what: "newsroom-holds-comment",
        data: "newsroom-holds-comment-data",
        why: "newsroom-holds-comment-why",
        basis: Basis::Agreement,
        seen: "newsroom-holds-comment-seen",
        kept: Kept { key: "newsroom-kept-comment", n: 0 },
    },
];

/// The acts of this slice with the keys of their words.
pub const ACTS: &[(&str, &str)] = &[
    ("newsroom.article.created", "newsroom-act-created"),
    ("newsroom.article.submitted", "newsroom-act-submitted"),
    ("newsroom.article.commented", "newsroom-act-commented"),
    ("newsroom.article.changes_asked", "newsroom-act-asked"),
    ("newsroom.article.approved", "newsroom-act-approved"),
    ("newsroom.article.published", "newsroom-act-published"),
    ("newsroom.article.edited", "newsroom-act-edited"),
    ("newsroom.article.withdrawn", "newsroom-act-withdrawn"),
    ("newsroom.article.republished", "newsroom-act-republished"),
    ("newsroom.article.handed_over", "newsroom-act-handed"),
    ("newsroom.article.moved", "newsroom-act-moved"),
    ("newsroom.article.unsigned", "newsroom-act-unsigned"),
];

fn export<'a>(conn: &'a mut Conn, person: &'a Person) -> Later<'a, Result<Vec<Part>>> {
    Box::pin(async move {
        let mut stories = Vec::new();
        let mut photos = Vec::new();
        for a in store::written(conn, person.id).await? {
            for photo in media::of(conn, a.id).await? {
                photos.push(json!({ "tulisan": a.title, "berkas": photo.path(1600), "keterangan": photo.caption, "foto_oleh": photo.credit }));
            }
            stories.push(json!({ "judul": a.title, "ringkasan": a.lead, "isi": a.body, "keadaan": a.status,
                "dibuat": dates::iso(a.created_at, &a.region), "terbit": a.published_at.map(|at| dates::iso(at, &a.region)) }));
        }
        let remarks = store::remarks(conn, person.id).await?.into_iter();
        let remarks = remarks.map(|r| json!({ "pada": dates::iso(r.at, "62"), "isi": r.body, "jenis": r.kind })).collect();
        Ok(vec![
            Part { name: "tulisan", title: "newsroom-copy-stories", rows: stories },
            Part { name: "foto", title: "newsroom-copy-photos", rows: photos },
            Part { name: "catatan", title: "newsroom-copy-remarks", rows: remarks },
        ])
    })
}

/// Deletes what readers never saw and takes the name off the rest.
fn erase<'a>(tx: &'a mut Tx, person: &'a Person, now: i64) -> Later<'a, Result<()>> {
    Box::pin(async move {
        for story in store::written(tx, person.id).await? {
            if story.published_at.is_none() {
                let names: Vec<String> = media::of(tx, story.id).await?.into_iter().map(|photo| photo.name).collect();
                store::drop_story(tx, story.id).await?;
                media::sweep_later(tx, &names, now).await?;
                continue;
            }
            store::unsign_photos(tx, story.id, &person.name, FORMER).await?;
            let event = Event {
                region: Some(story.region.clone()),
                group_id: Some(story.group_id),
                link: format!("/kabar/{}", story.slug),
                title: story.title.clone(),
                ..Event::new(now, "newsroom.article.unsigned", ("article", story.id))
            };
            tx.emit(event).await?;
        }
        store::unsign(tx, person.id, FORMER).await?;
        for secret in person.names() {
            store::blacken(tx, person.id, secret, FORMER).await?;
        }
        store::unsign_remarks(tx, person.id, FORMER).await
    })
}
