//! The first reading of the file: what will be imported, what is left behind and why, and where
//! every story will live.
use std::collections::{HashMap, HashSet};
use std::path::Path;

use base::clock::HOUR;
use base::{Conn, Ids};

use super::known::Known;
use super::parse::{Item, Items, Site, Term};
use super::report::{Reason, Skipped};
use super::words::{is_no_category, micros, plain};
use super::{store, story};
use crate::article;

/// What the first reading found.
pub struct Plan {
    pub site: Site,
    pub known: Known,
    /// Stories to import, in the order of the file.
    pub stories: Vec<Wish>,
    pub skipped: Vec<Skipped>,
    /// How far the site's clock is ahead of UTC, in microseconds.
    pub ahead: i64,
}

/// A story to import.
pub struct Wish {
    pub id: i64,
    link: String,
    slug: String,
}

/// Reads the file once.
pub fn survey(file: &Path, kim: &str, now: i64) -> anyhow::Result<Plan> {
    let mut items = Items::open(file)?;
    let known = Known::new(&items.site.address, kim);
    let known = known.ok_or_else(|| anyhow::anyhow!("the export does not tell the address of its site"))?;
    let mut plan = Plan { site: items.site.clone(), known, stories: Vec::new(), skipped: Vec::new(), ahead: 0 };
    let (mut seen, mut ahead) = (HashSet::new(), HashMap::new());
    while let Some(item) = items.next()? {
        if let (Some(local), Some(utc)) = (micros(&item.date), micros(&item.date_gmt)) {
            // No clock on earth is further away; a date that was typed wrong is no difference.
            if (local - utc).abs() <= 15 * HOUR {
                *ahead.entry(local - utc).or_insert(0_u64) += 1;
            }
        }
        let verdict = if item.id > 0 && !seen.insert(item.id) { Err(Reason::Number) } else { verdict(&item, now) };
        match verdict {
            Ok(()) if item.kind == "attachment" => plan.known.add_attachment(&item, plain(&item.title), plain(&item.excerpt)),
            Ok(()) => plan.add(&item),
            Err(reason) => plan.skip(&item, reason),
        }
    }
    // Most items tell both times; the commonest difference is the site's own.
    plan.ahead = ahead.into_iter().max_by_key(|(ahead, count)| (*count, *ahead)).map_or(0, |(ahead, _)| ahead);
    Ok(plan)
}

impl Plan {
    fn add(&mut self, item: &Item) {
        for Term { slug, name, .. } in terms(item) {
            if let Some(tag) = story::tag(name) {
                self.known.add_tag(slug, tag);
            }
        }
        self.stories.push(Wish { id: item.id, link: item.link.clone(), slug: wished_slug(item) });
    }

    fn skip(&mut self, item: &Item, reason: Reason) {
        let kind = if item.kind.is_empty() { "item".into() } else { item.kind.clone() };
        self.skipped.push(Skipped { id: item.id, kind, title: plain(&item.title), reason });
    }

    /// Gives every story its address: the one it has already, else its old one when that is free.
    /// Returns the source keys that are here already.
    pub async fn settle(&mut self, conn: &mut Conn, ids: &Ids) -> base::Result<HashSet<String>> {
        let here = store::imported(conn, self.known.host()).await?;
        let mut given: HashSet<String> = here.values().cloned().collect();
        for wish in &self.stories {
            let slug = match here.get(&source_key(&self.known, wish.id)) {
                Some(slug) => slug.clone(),
                None => free(conn, ids, &wish.slug, &given).await?,
            };
            given.insert(slug.clone());
            self.known.add_story(wish.id, &wish.link, slug);
        }
        Ok(here.into_keys().collect())
    }
}

/// An address that no article has and that no other story of the file was given.
async fn free(conn: &mut Conn, ids: &Ids, wish: &str, given: &HashSet<String>) -> base::Result<String> {
    let mut n = 1;
    loop {
        let tried = if n == 1 { wish.to_owned() } else { format!("{wish}-{n}") };
        if !given.contains(&tried) {
            let slug = article::store::free_slug(conn, ids, &tried).await?;
            if !given.contains(&slug) {
                return Ok(slug);
            }
        }
        n += 1;
    }
}

/// Names a story for good, whatever is done to it here.
pub fn source_key(known: &Known, id: i64) -> String {
    format!("wp:{}:{id}", known.host())
}

/// Categories and tags of an item, WordPress's "no category" left out.
pub fn terms(item: &Item) -> impl Iterator<Item = &Term> {
    let ours = item.terms.iter().filter(|term| matches!(term.domain.as_str(), "category" | "post_tag"));
    ours.filter(|term| !term.name.is_empty() && !is_no_category(&term.slug, &term.name))
}

/// The old slug without what ours may not hold; that of the title when there is none.
fn wished_slug(item: &Item) -> String {
    let decoded = percent_encoding::percent_decode_str(&item.slug).decode_utf8_lossy();
    if decoded.trim().is_empty() { article::slug(&plain(&item.title)) } else { article::slug(&decoded) }
}

/// Whether an item is for everyone.
fn verdict(item: &Item, now: i64) -> Result<(), Reason> {
    match item.kind.as_str() {
        "post" | "page" => {}
        "attachment" => return if item.id > 0 { Ok(()) } else { Err(Reason::Number) },
        "nav_menu_item" => return Err(Reason::Menu),
        "wp_global_styles"
        | "wp_template"
        | "wp_template_part"
        | "wp_navigation"
        | "wp_block"
        | "wp_font_family"
        | "wp_font_face"
        | "custom_css"
        | "customize_changeset"
        | "revision"
        | "oembed_cache"
        | "user_request" => {
            return Err(Reason::Design);
        }
        _ => return Err(Reason::CustomType),
    }
    match item.status.as_str() {
        "publish" => {}
        "draft" | "pending" | "auto-draft" => return Err(Reason::Draft),
        "private" => return Err(Reason::Private),
        "future" => return Err(Reason::Scheduled),
        "trash" => return Err(Reason::Trash),
        _ => return Err(Reason::Status),
    }
    if item.protected {
        Err(Reason::Password)
    } else if item.id <= 0 {
        Err(Reason::Number)
    } else if item.too_large {
        Err(Reason::TooLarge)
    } else if micros(&item.date_gmt).is_some_and(|at| at > now) {
        Err(Reason::Scheduled)
    } else {
        Ok(())
    }
}
