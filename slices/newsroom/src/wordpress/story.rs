//! Makes the article that an item becomes: title, lead, body, category, tags, dates. Pure.
use std::collections::HashMap;

use base::Lang;

use super::convert::{Block, Converted, HERE, Note, Shown, convert};
use super::known::{Key, Known};
use super::parse::{Item, Site};
use super::plan::{source_key, terms};
use super::words::{category, cut, first_sentence, fold, micros, plain, summary};
use crate::article::{self, BODY_MOST, LEAD_MOST, New, Status, TAG_MOST, TAGS_MOST, TITLE_MOST};

/// Most characters of a title made from the text.
const MADE_TITLE_MOST: usize = 80;

/// The pictures of a story that were stored, and which of them is its cover.
#[derive(Debug, Default)]
pub struct Pictures {
    pub shown: HashMap<Key, Shown>,
    pub cover: Option<Key>,
}

/// Whose article it becomes, and where.
pub struct Home<'a> {
    pub group_id: i64,
    pub region: &'a str,
    pub site: &'a Site,
    /// How far the site's clock is ahead of UTC.
    pub ahead: i64,
    pub now: i64,
}

/// An article to add, and what to say of it.
pub struct Story {
    pub new: New,
    pub notes: Vec<String>,
    /// Neither words nor pictures.
    pub empty: bool,
}

/// The pictures that an item shows, its featured picture first.
pub fn pictures(item: &Item, known: &Known) -> Converted {
    convert(&item.content, item.id, known, &|_| None)
}

/// The article that an item becomes once its pictures are stored.
pub fn write(item: &Item, known: &Known, home: &Home<'_>, pictures: &Pictures) -> Story {
    let done = convert(&item.content, item.id, known, &|key| pictures.shown.get(key).cloned());
    let mut notes: Vec<String> = done.notes.iter().map(describe).collect();
    let mut blocks = done.blocks;
    let words = |blocks: &[Block]| {
        plain(&blocks.iter().filter(|b| !b.html.starts_with("<figure>")).map(|b| b.html.as_str()).collect::<Vec<_>>().join("\n"))
    };
    let text = words(&blocks);
    let empty = text.is_empty() && pictures.shown.is_empty();
    let whole = plain(&item.title);
    let (title, was_cut) = if whole.is_empty() { (made_title(&text, item), false) } else { cut(&whole, TITLE_MOST) };
    if whole.is_empty() {
        notes.push(format!("it has no title and is now called “{title}”"));
    }
    let lead = lead(&item.excerpt, &mut blocks, &text);
    if was_cut {
        notes.push(format!("the title was cut after {TITLE_MOST} characters; the whole one stands at the start of the text"));
        let html = format!("<p><strong>{}</strong></p>", super::writer::escape(&whole));
        blocks.insert(0, Block { html, words: None });
    }
    let body = body(&blocks, pictures);
    if body.chars().count() > BODY_MOST {
        notes.push(format!("the text is longer than the {BODY_MOST} characters that the writing form takes"));
    }
    let published = micros(&item.date_gmt).or_else(|| micros(&item.date).map(|local| local - home.ahead));
    let published = published.unwrap_or(home.now).min(home.now);
    let names = terms(item).filter(|term| term.domain == "category").map(|term| term.name.as_str());
    let new = New {
        slug: known.story(item.id).unwrap_or_default().to_owned(),
        group_id: home.group_id,
        region: home.region.to_owned(),
        author_id: None,
        author_name: home.site.authors.get(&item.creator).cloned().unwrap_or_default(),
        title,
        lead,
        body,
        category: if item.kind == "page" { "kabar".into() } else { category(names).into() },
        tags: tags(item),
        lang: lang(&home.site.language),
        status: Status::Published,
        created_at: published,
        updated_at: micros(&item.modified_gmt).unwrap_or(published).clamp(published, home.now),
        submitted_at: None,
        published_at: Some(published),
        source_url: Some(item.link.clone()).filter(|link| link.starts_with("http")),
        source_key: Some(source_key(known, item.id)),
    };
    Story { new, notes, empty }
}

fn made_title(text: &str, item: &Item) -> String {
    let made = first_sentence(text, MADE_TITLE_MOST);
    // A story of pictures only.
    if made.is_empty() { fold(&item.slug.replace('-', " ")) } else { made }
}

/// The excerpt that someone wrote; else the first paragraph, which then leaves the text, for pages
/// show the lead above it; else what fits of its first sentences.
fn lead(excerpt: &str, blocks: &mut Vec<Block>, text: &str) -> String {
    let written = plain(excerpt);
    if !written.is_empty() {
        return cut(&written, LEAD_MOST).0;
    }
    let first = blocks.iter().position(|block| !block.html.starts_with("<figure>"));
    let more = blocks.iter().filter(|block| !block.html.starts_with("<figure>")).count() > 1;
    if let Some(first) = first.filter(|_| more)
        && let Some(words) = &blocks[first].words
        && words.chars().count() <= LEAD_MOST
    {
        let lead = words.clone();
        blocks.remove(first);
        return lead;
    }
    summary(text, LEAD_MOST)
}

/// Goes through the sanitiser as everything does; links to places of ours lose their stand-in.
fn body(blocks: &[Block], pictures: &Pictures) -> String {
    let html: String = blocks.iter().map(|block| block.html.as_str()).collect();
    let own: Vec<&str> = pictures.shown.values().map(|shown| shown.name.as_str()).collect();
    let clean = article::clean(&html, &own);
    let mut body = String::with_capacity(clean.len());
    let mark = format!("<a href=\"{HERE}");
    let mut parts = clean.split(mark.as_str());
    body.push_str(parts.next().unwrap_or_default());
    for part in parts {
        body.push_str("<a href=\"");
        let (address, rest) = part.split_once('"').unwrap_or((part, ""));
        body.push_str(address);
        body.push('"');
        // Places of ours may be followed.
        body.push_str(rest.strip_prefix(" rel=\"nofollow noopener ugc\"").unwrap_or(rest));
    }
    body
}

/// A name as a tag of ours.
pub fn tag(name: &str) -> Option<String> {
    let tag = article::tags(&name.replace(',', " ")).into_iter().next()?;
    if tag.chars().count() <= TAG_MOST {
        return Some(tag);
    }
    let (short, _) = cut(&tag, TAG_MOST);
    Some(short.trim_end_matches('…').to_owned())
}

fn tags(item: &Item) -> Vec<String> {
    let page = (item.kind == "page").then(|| "halaman".to_owned());
    let categories = terms(item).filter(|term| term.domain == "category");
    let others = terms(item).filter(|term| term.domain != "category");
    let mut tags: Vec<String> = Vec::new();
    for tag in page.into_iter().chain(categories.chain(others).filter_map(|term| tag(&term.name))) {
        if !tags.contains(&tag) && tags.len() < TAGS_MOST {
            tags.push(tag);
        }
    }
    tags
}

fn lang(language: &str) -> String {
    let code = language.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
    Lang::parse(&code).map_or("id", Lang::code).to_owned()
}

fn describe(note: &Note) -> String {
    match note {
        Note::Shortcode(name) => format!("the plugin's shortcode [{name}] was left out"),
        Note::Block(name) => format!("the block “{name}”, which WordPress fills itself, was left out"),
        Note::Part(name) => format!("a part was left out: {name}"),
        Note::Foreign(host) if host.is_empty() => "a picture without a usable address was left out".into(),
        Note::Foreign(host) => format!("a picture that lies on {host} was left out"),
        Note::OldLink(url) => format!("a link still leads to the old site: {url}"),
        Note::Tangled => "its markup is nested too deeply; only words were kept there".into(),
    }
}
