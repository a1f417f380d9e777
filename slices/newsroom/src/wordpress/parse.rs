//! Pulls one item after another out of a WordPress export (WXR 1.0 to 1.2). Nothing is expanded but
//! the five XML entities and numbers, so a bomb stays a word.
use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, bail};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::source::Clean;
use super::words::plain;

/// Most bytes of one text; an item with a longer one is skipped.
pub const MOST_TEXT: usize = 5 * 1024 * 1024;
/// Most items of one file.
pub const MOST_ITEMS: u64 = 200_000;

/// What stands before the first item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    pub title: String,
    /// Such as `https://kim-contoh.example`.
    pub address: String,
    /// BCP 47, such as `id-ID`.
    pub language: String,
    /// Login to the name that WordPress shows.
    pub authors: HashMap<String, String>,
}

/// A category or tag of an item, in the words of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// `category`, `post_tag` or another.
    pub domain: String,
    pub slug: String,
    pub name: String,
}

/// One `<item>`: a post, a page, an attachment or something else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// 0 when the item has no usable number.
    pub id: i64,
    pub kind: String,
    /// May hold entities and markup.
    pub title: String,
    pub link: String,
    pub guid: String,
    pub creator: String,
    pub content: String,
    pub excerpt: String,
    /// `YYYY-MM-DD hh:mm:ss` in the site's own time.
    pub date: String,
    /// The same in UTC; zeros on a draft.
    pub date_gmt: String,
    pub modified_gmt: String,
    pub slug: String,
    pub status: String,
    /// Whether a password guards it. The password itself is not kept.
    pub protected: bool,
    pub parent: i64,
    pub attachment_url: String,
    pub terms: Vec<Term>,
    /// Id of the featured picture.
    pub featured: Option<i64>,
    /// Path under the uploads folder.
    pub file: String,
    pub alt: String,
    /// A text was longer than [`MOST_TEXT`] and was cut.
    pub too_large: bool,
}

/// An export file being read.
pub struct Items {
    reader: Reader<BufReader<Clean<File>>>,
    buffer: Vec<u8>,
    pub site: Site,
    /// The start of an item was read already.
    at_item: bool,
    seen: u64,
}

impl Items {
    /// Opens a file and reads up to the first item. Fails on anything that is not a WordPress export.
    pub fn open(path: &Path) -> anyhow::Result<Items> {
        let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
        let mut reader = Reader::from_reader(BufReader::new(Clean::new(file)));
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        let mut items = Items { reader, buffer: Vec::new(), site: Site::default(), at_item: false, seen: 0 };
        items.head().with_context(|| format!("reading {}", path.display()))?;
        Ok(items)
    }

    /// The next item, or none at the end.
    pub fn next(&mut self) -> anyhow::Result<Option<Item>> {
        loop {
            if self.at_item {
                self.at_item = false;
                self.seen += 1;
                if self.seen > MOST_ITEMS {
                    bail!("the file holds more than {MOST_ITEMS} items; export the site in parts");
                }
                return Ok(Some(self.item()?));
            }
            match self.event()? {
                Event::Start(start) if start.name().0 == "item" => self.at_item = true,
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn event(&mut self) -> anyhow::Result<Event<'static>> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().mark();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => Ok(event.into_owned()),
            Err(error) => {
                let place = self.reader.error_position();
                Err(anyhow::Error::from(error).context(format!("the XML breaks near byte {place}")))
            }
        }
    }

    fn head(&mut self) -> anyhow::Result<()> {
        let (mut feed, mut export) = (false, false);
        loop {
            match self.event()? {
                Event::Start(start) => match start.name().0 {
                    "rss" => feed = true,
                    "channel" => {}
                    "item" => {
                        self.at_item = true;
                        break;
                    }
                    "title" => self.site.title = plain(&self.text(&mut false)?),
                    "link" if self.site.address.is_empty() => self.site.address = self.text(&mut false)?.trim().to_owned(),
                    "wp:base_blog_url" => self.site.address = self.text(&mut false)?.trim().to_owned(),
                    "language" => self.site.language = self.text(&mut false)?.trim().to_owned(),
                    "wp:wxr_version" => {
                        export = true;
                        self.skip()?;
                    }
                    "wp:author" => self.author()?,
                    _ => self.skip()?,
                },
                Event::Eof => break,
                _ => {}
            }
        }
        if !feed || !export {
            bail!("this is not a WordPress export: use Tools → Export in WordPress and give that XML file");
        }
        Ok(())
    }

    fn author(&mut self) -> anyhow::Result<()> {
        let (mut login, mut shown) = (String::new(), String::new());
        let mut depth = 0;
        loop {
            match self.event()? {
                Event::Start(start) => match start.name().0 {
                    "wp:author_login" => login = self.text(&mut false)?,
                    "wp:author_display_name" => shown = plain(&self.text(&mut false)?),
                    _ => depth += 1,
                },
                Event::End(_) if depth == 0 => break,
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        if !shown.is_empty() {
            self.site.authors.insert(login, shown);
        }
        Ok(())
    }

    fn item(&mut self) -> anyhow::Result<Item> {
        let mut item = Item::default();
        let mut large = false;
        loop {
            match self.event()? {
                Event::Start(start) => match start.name().0 {
                    "title" => item.title = self.text(&mut large)?,
                    "link" => item.link = self.text(&mut large)?.trim().to_owned(),
                    "guid" => item.guid = self.text(&mut large)?.trim().to_owned(),
                    "dc:creator" => item.creator = self.text(&mut large)?,
                    "content:encoded" => item.content = self.text(&mut large)?,
                    "excerpt:encoded" => item.excerpt = self.text(&mut large)?,
                    "wp:post_id" => item.id = self.number(&mut large)?,
                    "wp:post_date" => item.date = self.text(&mut large)?,
                    "wp:post_date_gmt" => item.date_gmt = self.text(&mut large)?,
                    "wp:post_modified_gmt" => item.modified_gmt = self.text(&mut large)?,
                    "wp:post_name" => item.slug = self.text(&mut large)?,
                    "wp:status" => item.status = self.text(&mut large)?.trim().to_owned(),
                    "wp:post_type" => item.kind = self.text(&mut large)?.trim().to_owned(),
                    "wp:post_password" => item.protected = !self.text(&mut large)?.is_empty(),
                    "wp:post_parent" => item.parent = self.number(&mut large)?,
                    "wp:attachment_url" => item.attachment_url = self.text(&mut large)?.trim().to_owned(),
                    "category" => {
                        let (domain, slug) = (attribute(&start, "domain"), attribute(&start, "nicename"));
                        let name = plain(&self.text(&mut large)?);
                        item.terms.push(Term { domain, slug, name });
                    }
                    "wp:postmeta" => self.meta(&mut item)?,
                    // Comments, with the names and addresses of people, are not even looked at.
                    _ => self.skip()?,
                },
                Event::End(end) if end.name().0 == "item" => break,
                Event::Eof => bail!("the file ends inside an item: it was cut short"),
                _ => {}
            }
        }
        item.too_large = large;
        Ok(item)
    }

    fn meta(&mut self, item: &mut Item) -> anyhow::Result<()> {
        let mut key = String::new();
        let mut depth = 0;
        loop {
            match self.event()? {
                Event::Start(start) => match (start.name().0, key.as_str()) {
                    ("wp:meta_key", _) => key = self.text(&mut false)?,
                    ("wp:meta_value", "_thumbnail_id") => {
                        item.featured = Some(self.number(&mut false)?).filter(|&id| id > 0);
                    }
                    ("wp:meta_value", "_wp_attached_file") => item.file = self.text(&mut false)?,
                    ("wp:meta_value", "_wp_attachment_image_alt") => item.alt = plain(&self.text(&mut false)?),
                    ("wp:meta_value", _) => self.skip()?,
                    _ => depth += 1,
                },
                Event::End(_) if depth == 0 => return Ok(()),
                Event::End(_) => depth -= 1,
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn number(&mut self, large: &mut bool) -> anyhow::Result<i64> {
        Ok(self.text(large)?.trim().parse().unwrap_or(0))
    }

    /// All text up to the end of the element just started; CDATA in several pieces is joined.
    fn text(&mut self, large: &mut bool) -> anyhow::Result<String> {
        let mut text = String::new();
        let mut depth = 0;
        loop {
            match self.event()? {
                Event::Text(piece) => add(&mut text, &piece, large),
                Event::CData(piece) => add(&mut text, &piece, large),
                Event::GeneralRef(name) => add(&mut text, &resolve(&name), large),
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => return Ok(text),
                Event::End(_) => depth -= 1,
                Event::Eof => return Ok(text),
                _ => {}
            }
        }
    }

    /// Passes over the element just started.
    fn skip(&mut self) -> anyhow::Result<()> {
        let mut depth = 0;
        loop {
            match self.event()? {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => return Ok(()),
                Event::End(_) => depth -= 1,
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

fn add(text: &mut String, piece: &str, large: &mut bool) {
    if text.len() + piece.len() > MOST_TEXT {
        *large = true;
    } else {
        text.push_str(piece);
    }
}

/// The character of an entity; one that XML does not know stays as it is written.
fn resolve(name: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = name.resolve_char_ref() {
        return if character.is_control() && !character.is_whitespace() { String::new() } else { character.to_string() };
    }
    let name: &str = name;
    match name {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        other => format!("&{other};"),
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> String {
    let found = start.html_attributes().flatten().find(|attribute| attribute.key.0 == name);
    let value =
        found.and_then(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| value.into_owned()));
    value.unwrap_or_default()
}
