//! The stories of a KIM come in with its archive: words, photos, tags, dates, history and remarks. What
//! readers saw they see again; what they never saw is a draft.
mod body;
mod plan;
mod store;

use std::collections::HashMap;

use anyhow::Context;
use base::pictures::Stored;
use base::{Conn, Event, Kit, Lang, Later, Result, Tx};
use serde_json::json;
use web::arrival::{Admit, Arrival, Home, Wanted};
use web::dates;

use self::body::Renamed;
use self::plan::Plan;
use crate::archive::{ArticleRow, PhotoRow, RemarkRow, RevisionRow};
use crate::article::store::{self as articles, New};
use crate::article::{self, CATEGORIES, Status};
use crate::media::store as photos;
use crate::review::store as reviews;
use crate::wordpress;

/// How the newsroom takes its part.
pub const ADMIT: Admit = Admit { parts: &["articles", "photos", "revisions", "remarks"], read, write };

/// Longest path of another site that leads to a story.
const PATH_MOST: usize = 500;

fn read(arrival: &Arrival) -> anyhow::Result<Vec<Wanted>> {
    arrival.rows::<ArticleRow>("articles")?;
    arrival.rows::<RevisionRow>("revisions")?;
    arrival.rows::<RemarkRow>("remarks")?;
    let photos: Vec<PhotoRow> = arrival.rows("photos")?;
    Ok(photos.into_iter().map(|photo| Wanted::picture(photo.file)).collect())
}

fn write<'a>(kit: &'a Kit, tx: &'a mut Tx, arrival: &'a mut Arrival) -> Later<'a, Result<()>> {
    Box::pin(async move {
        let rows: Vec<ArticleRow> = arrival.rows("articles")?;
        let plan = plan::settle(tx, &kit.ids, arrival, &rows).await?;
        let home = arrival.home.clone();
        let open = kim::by_id(tx, home.group).await?.is_some_and(|kim| kim.status.is_public());
        let mut taking = Taking {
            kit,
            home,
            open,
            plan,
            photos: by_article(arrival.rows("photos")?, |row: &PhotoRow| row.article),
            revisions: by_article(arrival.rows("revisions")?, |row: &RevisionRow| row.article),
            remarks: by_article(arrival.rows("remarks")?, |row: &RemarkRow| row.article),
            waited: 0,
            unnamed: 0,
        };
        for row in &rows {
            taking.story(tx, arrival, row).await.map_err(|error| named(error, row))?;
        }
        if taking.waited > 0 {
            arrival.notes.push(format!("stories that waited for a reader and are drafts again: {}", taking.waited));
        }
        if taking.unnamed > 0 {
            arrival.notes.push(format!("stories without their writer's name, because nobody agreed to it: {}", taking.unnamed));
        }
        Ok(())
    })
}

/// Says which story it was.
fn named(error: base::Error, row: &ArticleRow) -> base::Error {
    match error {
        base::Error::Other(error) => error.context(format!("story {} of articles.jsonl", row.id)).into(),
        other => other,
    }
}

fn by_article<T>(rows: Vec<T>, article: fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut all: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        all.entry(article(&row)).or_default().push(row);
    }
    all
}

fn time(text: &str) -> anyhow::Result<i64> {
    dates::parse_iso(text).with_context(|| format!("“{text}” is no time"))
}

fn maybe_time(text: &Option<String>) -> anyhow::Result<Option<i64>> {
    text.as_deref().map(time).transpose()
}

/// The stories of one archive on their way in.
struct Taking<'a> {
    kit: &'a Kit,
    home: Home,
    /// Whether readers may see what the KIM published.
    open: bool,
    plan: Plan,
    photos: HashMap<i64, Vec<PhotoRow>>,
    revisions: HashMap<i64, Vec<RevisionRow>>,
    remarks: HashMap<i64, Vec<RemarkRow>>,
    waited: u64,
    unnamed: u64,
}

impl Taking<'_> {
    async fn story(&mut self, tx: &mut Tx, arrival: &mut Arrival, row: &ArticleRow) -> Result<()> {
        let mut pictures: Vec<(PhotoRow, Stored)> = Vec::new();
        for photo in self.photos.remove(&row.id).unwrap_or_default() {
            // One that could not be read is in the report already.
            if let Some(stored) = arrival.picture(&photo.file) {
                pictures.push((photo, stored));
            }
        }
        let names =
            pictures.iter().filter_map(|(photo, stored)| Some((body::name_of(&photo.file)?.to_owned(), stored.name.clone())));
        let pages = std::mem::take(&mut self.plan.pages);
        let renamed = Renamed { pictures: names.collect(), pages: &pages };
        let new = self.new_story(tx, row, renamed.body(&row.body_html)).await?;
        let (id, slug) = articles::add(tx, &self.kit.ids, &new).await?;
        for (photo, stored) in &pictures {
            let added = photos::add(tx, id, &sized(photo, stored), photo.position, new.created_at).await?;
            photos::describe(tx, added, &photo.alt, &photo.caption, &photo.credit).await?;
            if row.cover == Some(photo.id) {
                articles::set_cover(tx, id, Some(added)).await?;
            }
        }
        for old in self.plan.former.remove(&row.id).unwrap_or_default() {
            articles::leave_slug(tx, id, &old).await?;
        }
        for path in row.former_paths.iter().filter(|path| path.starts_with('/') && path.len() <= PATH_MOST) {
            wordpress::store::add_redirect(tx, path, id).await?;
        }
        for one in self.revisions.remove(&row.id).unwrap_or_default() {
            let note = if one.note == "restored" { "restored" } else { "" };
            let body = renamed.body(&one.body_html);
            let tags = one.tags.as_ref().map(serde_json::to_string).transpose()?;
            let said = reviews::Said {
                title: &one.title,
                lead: &one.lead,
                body: &body,
                category: one.category.as_deref(),
                tags: tags.as_deref(),
                lang: one.lang.as_deref(),
                region: one.region.as_deref(),
            };
            reviews::add_said(tx, id, &said, (None, &one.by), note, time(&one.at)?).await?;
        }
        for one in self.remarks.remove(&row.id).unwrap_or_default() {
            let kind = if matches!(one.kind.as_str(), "changes" | "approval") { one.kind.as_str() } else { "comment" };
            reviews::add_comment(tx, id, (None, &one.by), &one.body, kind, time(&one.at)?).await?;
        }
        self.plan.pages = pages;
        self.tell(tx, row, &new, id, &slug).await
    }

    /// A story as it will stand here, without its photos.
    async fn new_story(&mut self, tx: &mut Tx, row: &ArticleRow, body: String) -> Result<New> {
        let was = Status::parse(&row.status).with_context(|| format!("there is no status {}", row.status))?;
        let seen = matches!(was, Status::Published | Status::Withdrawn) && self.open;
        self.waited += u64::from(!seen && was != Status::Draft);
        let created_at = time(&row.created_at)?;
        let published_at = maybe_time(&row.published_at)?;
        // Before consents travelled, only those without an account were surely named.
        let may_name = row.author.is_none() || row.author_named;
        self.unnamed += u64::from(!may_name && !row.author_name.is_empty());
        let known = CATEGORIES.iter().any(|(name, _)| *name == row.category);
        let web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
        Ok(New {
            slug: self.plan.slugs.get(&row.id).cloned().unwrap_or_else(|| article::slug(&row.title)),
            group_id: self.home.group,
            region: self.region(tx, &row.region).await?,
            author_id: None,
            author_name: if may_name { row.author_name.clone() } else { String::new() },
            title: row.title.clone(),
            lead: row.lead.clone(),
            body,
            category: if known { row.category.clone() } else { "kabar".into() },
            tags: row.tags.clone(),
            lang: if Lang::parse(&row.language).is_some() { row.language.clone() } else { "id".into() },
            status: if seen { Status::Published } else { Status::Draft },
            created_at,
            updated_at: time(&row.updated_at)?,
            submitted_at: if seen { maybe_time(&row.submitted_at)? } else { None },
            published_at: if seen { published_at.or(Some(created_at)) } else { published_at },
            source_url: row.source_url.as_ref().filter(web).cloned(),
            source_key: self.source_key(tx, &row.source_key).await?,
        })
    }

    /// The place of a story: with its KIM when it was there, or where its own is not known.
    async fn region(&self, conn: &mut Conn, code: &str) -> Result<String> {
        if code != self.home.was_region && regions::find(conn, code).await?.is_some_and(|region| region.is_current()) {
            return Ok(code.to_owned());
        }
        Ok(self.home.region.clone())
    }

    async fn source_key(&self, conn: &mut Conn, key: &Option<String>) -> Result<Option<String>> {
        match key {
            Some(key) if !store::has_source(conn, key).await? => Ok(Some(key.clone())),
            _ => Ok(None),
        }
    }

    /// Tells of it at its own times, so that figures and search are as they were. What was withdrawn is
    /// withdrawn again.
    async fn tell(&self, tx: &mut Tx, row: &ArticleRow, new: &New, id: i64, slug: &str) -> Result<()> {
        let event = |verb: &str, at: i64, reason: Option<&str>| {
            let mut data = json!({
                "slug": slug,
                "category": new.category,
                "lang": new.lang,
                "words": article::words(&new.body),
                "author_id": null,
                "imported": true,
            });
            if let Some(reason) = reason {
                data["reason"] = reason.into();
            }
            Event {
                region: Some(new.region.clone()),
                group_id: Some(new.group_id),
                link: format!("/kabar/{slug}"),
                title: new.title.clone(),
                data: data.to_string(),
                ..Event::new(at, &format!("newsroom.article.{verb}"), ("article", id))
            }
        };
        if new.status != Status::Published {
            return tx.emit(event("created", new.created_at, None)).await;
        }
        let published_at = new.published_at.unwrap_or(new.created_at);
        tx.emit(event("published", published_at, None)).await?;
        if row.status == Status::Withdrawn.name() {
            let at = maybe_time(&row.withdrawn_at)?.unwrap_or(published_at);
            let reason = row.withdrawn_reason.as_deref().unwrap_or_default();
            // A story that was just added has its first version.
            articles::set_withdrawn(tx, id, 1, reason, row.withdrawn_above, at).await?;
            tx.emit(event("withdrawn", at, Some(reason))).await?;
        }
        Ok(())
    }
}

/// The size of the original where the archive can be believed, otherwise that of the file.
fn sized(photo: &PhotoRow, stored: &Stored) -> Stored {
    const SIDE_MOST: u32 = 20_000;
    let side = |told: i64, found: u32| u32::try_from(told).ok().filter(|told| (found..=SIDE_MOST).contains(told));
    match (side(photo.width, stored.width), side(photo.height, stored.height)) {
        (Some(width), Some(height)) => Stored { width, height, ..stored.clone() },
        _ => stored.clone(),
    }
}
