//! Brings in the stories of a WordPress site: its export file and a copy of its uploads folder.
//! A run may be cut short and repeated; nothing comes in twice.
mod convert;
#[cfg(test)]
mod convert_tests;
mod known;
mod media;
#[cfg(test)]
mod odd_tests;
mod parse;
mod parts;
mod plan;
mod report;
mod shortcode;
mod source;
pub(crate) mod store;
mod story;
#[cfg(test)]
mod tests;
mod words;
mod writer;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use anyhow::{Context, bail};
use base::i18n::Sources;
use base::pictures::{self, Refused, Stored};
use base::{Event, Kit};
use kim::Kim;
use web::Route;

use self::convert::{Picture, Shown};
use self::known::Key;
use self::media::Media;
use self::parse::{Item, Items};
use self::plan::{Plan, Wish, source_key};
pub use self::report::{Reason, Report, Skipped, Warning};
use self::story::{Home, Pictures, Story};
use crate::article;

/// Words of the importer. It speaks on the terminal only, in English.
pub const TEXTS: Sources = web::texts!(".");

/// Most pictures of one story; a gallery may hold more than the writing form takes.
const PICTURES_MOST: usize = 100;

/// Addresses of the importer: none, it is a command.
pub fn routes() -> Vec<Route> {
    Vec::new()
}

/// What to bring in, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// The export of Tools → Export.
    pub file: PathBuf,
    /// Slug of the KIM that the stories will belong to.
    pub kim: String,
    /// A copy of the site's files; without it, stories come in without pictures.
    pub media: Option<PathBuf>,
    /// The account that answers for it.
    pub by: Option<i64>,
    /// Only says what would happen.
    pub dry_run: bool,
}

/// Imports a site. `progress` hears how many stories are done and how many there are.
///
/// # Errors
/// When the file is no WordPress export, the KIM is unknown or may not publish, or the database or
/// the file store fails. What was imported until then stays, and the next run goes on from there.
pub async fn import(kit: &Kit, options: &Options, progress: &dyn Fn(u64, u64)) -> anyhow::Result<Report> {
    import_some(kit, options, progress, u64::MAX).await
}

/// Stops after `most` stories, as a run that is cut short does.
async fn import_some(kit: &Kit, options: &Options, progress: &dyn Fn(u64, u64), most: u64) -> anyhow::Result<Report> {
    let mut conn = kit.db.read().await?;
    let kim = kim::find(&mut conn, &options.kim).await?.with_context(|| format!("there is no KIM “{}”", options.kim))?;
    if !article::desk::may_publish(&kim) {
        bail!("the KIM “{}” is not verified yet, so it cannot publish", options.kim);
    }
    let media = options.media.as_deref().map(Media::open).transpose()?;
    let (file, slug, now) = (options.file.clone(), kim.slug.clone(), kit.clock.now());
    let mut plan = tokio::task::spawn_blocking(move || plan::survey(&file, &slug, now)).await??;
    let here = plan.settle(&mut conn, &kit.ids).await?;
    drop(conn);
    let mut run =
        Run { kit, options, kim, media, plan, now, tried: HashMap::new(), used: HashSet::new(), report: Report::default() };
    run.report.dry_run = options.dry_run;
    run.stories(&here, progress, most).await?;
    Ok(run.finish())
}

/// One import under way.
struct Run<'a> {
    kit: &'a Kit,
    options: &'a Options,
    kim: Kim,
    media: Option<Media>,
    plan: Plan,
    now: i64,
    /// Attachments whose file could not be used.
    tried: HashMap<i64, Reason>,
    /// Attachments that some story shows.
    used: HashSet<i64>,
    report: Report,
}

impl Run<'_> {
    async fn stories(&mut self, here: &HashSet<String>, progress: &dyn Fn(u64, u64), most: u64) -> anyhow::Result<()> {
        let mut wanted: HashSet<i64> = self.plan.stories.iter().map(|wish: &Wish| wish.id).collect();
        let total = wanted.len() as u64;
        let mut items = Items::open(&self.options.file)?;
        let mut done = 0;
        progress(done, total);
        while let Some(item) = items.next()? {
            // The second item of a number is not the one that was planned.
            if !matches!(item.kind.as_str(), "post" | "page") || !wanted.remove(&item.id) {
                continue;
            }
            if self.report.imported >= most {
                break;
            }
            if here.contains(&source_key(&self.plan.known, item.id)) {
                self.note_pictures(&item);
                self.report.already += 1;
            } else {
                self.story(&item).await.with_context(|| format!("importing {} {}", item.kind, item.id))?;
            }
            done += 1;
            progress(done, total);
        }
        Ok(())
    }

    /// The pictures of a story, its featured picture first.
    fn note_pictures(&mut self, item: &Item) -> Vec<Picture> {
        let mut all = story::pictures(item, &self.plan.known).pictures;
        let featured = item.featured.map(Key::Attachment);
        if let Some(key) = featured
            && let Some(attachment) = self.plan.known.described(&key).filter(|attachment| attachment.picture)
        {
            match all.iter().position(|picture| picture.key == key) {
                Some(at) => all[..=at].rotate_right(1),
                None => {
                    let (alt, caption) = (attachment.alt.clone(), attachment.caption.clone());
                    all.insert(0, Picture { key, alt, caption, leading: true });
                }
            }
        }
        self.used.extend(all.iter().filter_map(|picture| match picture.key {
            Key::Attachment(id) => Some(id),
            Key::File(_) => None,
        }));
        all
    }

    async fn story(&mut self, item: &Item) -> anyhow::Result<()> {
        let mut wanted = self.note_pictures(item);
        if wanted.len() > PICTURES_MOST {
            self.warn(item, format!("only the first {PICTURES_MOST} of {} pictures were taken", wanted.len()));
            wanted.truncate(PICTURES_MOST);
        }
        let mut stored: Vec<(Picture, Stored)> = Vec::new();
        for picture in wanted {
            match self.picture(item, &picture).await? {
                Some(file) => stored.push((picture, file)),
                None => continue,
            }
        }
        let featured = item.featured.map(Key::Attachment);
        let mut all = Pictures { cover: stored.first().map(|(picture, _)| picture.key.clone()), ..Pictures::default() };
        for (picture, file) in &stored {
            // The cover stands above the text already, unless the text comes to it later.
            let above = Some(&picture.key) == all.cover.as_ref() && (picture.leading || Some(&picture.key) == featured.as_ref());
            let shown = Shown { name: file.name.clone(), width: file.width, height: file.height, inside: !above };
            all.shown.insert(picture.key.clone(), shown);
        }
        let home = Home {
            group_id: self.kim.id,
            region: &self.kim.region,
            site: &self.plan.site,
            ahead: self.plan.ahead,
            now: self.now,
        };
        let story = story::write(item, &self.plan.known, &home, &all);
        if story.empty {
            self.skip(item.id, &item.kind, words::plain(&item.title), Reason::Empty);
            return Ok(());
        }
        if !self.options.dry_run && !self.save(item, &story, &stored).await? {
            for (_, file) in &stored {
                pictures::delete(&self.kit.blobs, &file.name).await?;
            }
            self.report.already += 1;
            return Ok(());
        }
        self.report.imported += 1;
        self.report.pictures += stored.len() as u64;
        if self.options.dry_run {
            self.report.redirects += old_paths(item).len() as u64;
        }
        for note in story.notes {
            self.warn(item, note);
        }
        Ok(())
    }

    /// Writes one story with all that belongs to it. False when another run was quicker.
    async fn save(&mut self, item: &Item, story: &Story, stored: &[(Picture, Stored)]) -> anyhow::Result<bool> {
        let new = &story.new;
        let mut tx = self.kit.db.write().await?;
        let (id, slug) = match article::store::add(&mut tx, &self.kit.ids, new).await {
            Ok(added) => added,
            Err(base::Error::Taken(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        for (position, (picture, file)) in (1..).zip(stored) {
            let photo = crate::media::store::add(&mut tx, id, file, position, self.now).await?;
            let alt = words::cut(&picture.alt, crate::media::ALT_MOST).0;
            let caption = words::cut(&picture.caption, crate::media::CAPTION_MOST).0;
            crate::media::store::describe(&mut tx, photo, &alt, &caption, "").await?;
            if position == 1 {
                article::store::set_cover(&mut tx, id, Some(photo)).await?;
            }
        }
        let mut redirects = 0;
        for path in old_paths(item) {
            redirects += u64::from(store::add_redirect(&mut tx, &path, id).await?);
        }
        let data = serde_json::json!({
            "slug": slug,
            "category": new.category,
            "lang": new.lang,
            "words": article::words(&new.body),
            "author_id": null,
            "imported": true,
        });
        tx.emit(Event {
            actor_id: self.options.by,
            region: Some(new.region.clone()),
            group_id: Some(new.group_id),
            link: format!("/kabar/{slug}"),
            title: new.title.clone(),
            data: data.to_string(),
            ..Event::new(self.now, "newsroom.article.published", ("article", id))
        })
        .await?;
        tx.commit().await?;
        self.kit.bell.ring();
        self.report.redirects += redirects;
        if slug != new.slug {
            self.warn(item, format!("someone took its address meanwhile; it lives at /kabar/{slug}, links to it may not"));
        }
        Ok(true)
    }

    /// Stores a picture anew, stripped of everything but its pixels. None when its file cannot be used.
    async fn picture(&mut self, item: &Item, picture: &Picture) -> anyhow::Result<Option<Stored>> {
        let files = self.plan.known.files(&picture.key);
        let outcome = match &self.media {
            Some(media) => media.read(&files),
            None => Err(Reason::MissingFile),
        };
        let outcome = match outcome {
            Ok(bytes) if self.options.dry_run => {
                let size = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format()?.into_dimensions();
                size.map(|(width, height)| Stored { name: self.kit.ids.short(), width, height }).map_err(|_| Reason::Unreadable)
            }
            Ok(bytes) => pictures::store(&self.kit.blobs, self.kit.ids.short(), bytes).await?.map_err(|refused| match refused {
                Refused::Unreadable => Reason::Unreadable,
                Refused::TooLarge => Reason::PictureTooLarge,
            }),
            Err(reason) => Err(reason),
        };
        match outcome {
            Ok(stored) => Ok(Some(stored)),
            Err(reason) => {
                let file = files.first().cloned().unwrap_or_default();
                match picture.key {
                    Key::Attachment(id) => drop(self.tried.insert(id, reason)),
                    Key::File(_) => self.warn(item, format!("the picture {file} was left out: {reason}")),
                }
                Ok(None)
            }
        }
    }

    fn skip(&mut self, id: i64, kind: &str, title: String, reason: Reason) {
        self.report.skipped.push(Skipped { id, kind: kind.to_owned(), title, reason });
    }

    fn warn(&mut self, item: &Item, text: String) {
        self.report.warnings.push(Warning { id: item.id, title: words::plain(&item.title), text });
    }

    fn finish(mut self) -> Report {
        let mut skipped = std::mem::take(&mut self.plan.skipped);
        for (id, attachment) in &self.plan.known.attachments {
            let reason = match self.tried.get(id) {
                Some(reason) => *reason,
                None if !attachment.picture => Reason::NotPicture,
                None if !self.used.contains(id) => Reason::Unused,
                None => continue,
            };
            skipped.push(Skipped { id: *id, kind: "attachment".into(), title: attachment.title.clone(), reason });
        }
        skipped.append(&mut self.report.skipped);
        skipped.sort_by_key(|skipped| skipped.id);
        self.report.skipped = skipped;
        if self.media.is_none() && !self.plan.known.attachments.is_empty() {
            let text = "no media folder was given, so stories came in without pictures".into();
            self.report.warnings.insert(0, Warning { id: 0, title: String::new(), text });
        }
        self.report
    }
}

/// The addresses under which a story was found: its path, and the short ones with its number.
fn old_paths(item: &Item) -> Vec<String> {
    let mut paths = Vec::new();
    if let Ok(url) = url::Url::parse(&item.link) {
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8_lossy().trim_end_matches('/').to_owned();
        // The front page stays ours; longer paths are never looked up.
        if !path.is_empty() && path.len() <= 500 {
            paths.push(path);
        }
    }
    paths.push(format!("/?p={}", item.id));
    if item.kind == "page" {
        paths.push(format!("/?page_id={}", item.id));
    }
    paths
}
