//! Turns the HTML of a WordPress story, block or classic, into the few tags of ours. What it cannot
//! keep it names in a note. The result still goes through the sanitiser of `article`.
use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Node};

use super::known::{Key, Known, Link};
use super::shortcode;
use super::words::{fold, plain, too_deep, without_tags};
use super::writer::{Container, Inline, Writer, escape};

/// Host that stands for this site until the sanitiser, which knows whole addresses only, is done.
pub const HERE: &str = "https://simpul.invalid";
/// Deeper elements are read as text.
const DEEPEST: usize = 200;

/// A picture as a story uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub key: Key,
    pub alt: String,
    pub caption: String,
    /// Stands before the first words.
    pub leading: bool,
}

/// A stored picture to show in place of an old one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub name: String,
    pub width: u32,
    pub height: u32,
    /// False when it is the cover and must not stand in the text again.
    pub inside: bool,
}

/// Something that could not be kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// A shortcode of a plugin.
    Shortcode(String),
    /// A block that WordPress fills when the page is shown.
    Block(String),
    /// An `<iframe>` or another foreign part, by what it was.
    Part(String),
    /// A picture that lies on another site.
    Foreign(String),
    /// A link to a place on the old site that has no new address.
    OldLink(String),
    /// The markup was nested too deeply; only the words were kept.
    Tangled,
}

/// One block of a converted body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub html: String,
    /// Set when the block is a paragraph of nothing but words.
    pub words: Option<String>,
}

/// A converted story.
#[derive(Debug, Default)]
pub struct Converted {
    pub blocks: Vec<Block>,
    /// Each picture once, in the order of the text.
    pub pictures: Vec<Picture>,
    pub notes: BTreeSet<Note>,
}

/// Converts a story. `shown` tells what became of a picture; None leaves it out.
pub fn convert(content: &str, post: i64, known: &Known, shown: &dyn Fn(&Key) -> Option<Shown>) -> Converted {
    let classic = !content.contains("<!-- wp:");
    let resolved = shortcode::resolve(content);
    let mut walk = Walk { known, shown, post, writer: Writer::new(classic), done: Converted::default(), caption: None };
    walk.done.notes.extend(resolved.left_out.into_iter().map(Note::Shortcode));
    if too_deep(&resolved.html) {
        walk.done.notes.insert(Note::Tangled);
        walk.writer.text(&without_tags(&resolved.html));
    } else {
        let tree = Html::parse_fragment(&resolved.html);
        walk.children(tree.root_element(), 0);
    }
    walk.done.blocks = walk.writer.finish();
    walk.done
}

/// A story being walked through.
pub(super) struct Walk<'a> {
    pub(super) known: &'a Known,
    pub(super) shown: &'a dyn Fn(&Key) -> Option<Shown>,
    pub(super) post: i64,
    pub(super) writer: Writer,
    pub(super) done: Converted,
    /// Words under the picture that comes next.
    pub(super) caption: Option<String>,
}

impl Walk<'_> {
    pub(super) fn children(&mut self, element: ElementRef<'_>, depth: usize) {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.text(text),
                Node::Comment(comment) => self.comment(comment),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// An address that stands alone on its line becomes a link: WordPress makes players of them.
    pub(super) fn text(&mut self, text: &str) {
        if !text.contains("://") || self.writer.is_in_link() {
            return self.writer.text(text);
        }
        for (order, line) in text.split('\n').enumerate() {
            if order > 0 {
                self.writer.text("\n");
            }
            let address = line.trim();
            let web = address.starts_with("https://") || address.starts_with("http://");
            let alone = web && !address.contains(char::is_whitespace);
            match if alone { self.address(address, address) } else { None } {
                Some(link) => self.inline_words(Inline::Link(link), address),
                None => self.writer.text(line),
            }
        }
    }

    fn inline_words(&mut self, tag: Inline, words: &str) {
        self.writer.open_inline(tag);
        self.writer.text(words);
        self.writer.close_inline();
    }

    /// `<!-- wp:name {…} /-->` has no HTML: WordPress makes it when the page is shown.
    fn comment(&mut self, comment: &str) {
        let said = comment.trim();
        if let Some(block) = said.strip_prefix("wp:")
            && said.ends_with('/')
            && let Some(name) = block.split([' ', '/']).next()
        {
            self.done.notes.insert(Note::Block(name.to_owned()));
        }
    }

    pub(super) fn element(&mut self, el: ElementRef<'_>, depth: usize) {
        if is_hidden(el) {
            return;
        }
        if depth > DEEPEST {
            self.done.notes.insert(Note::Tangled);
            self.writer.text(&el.text().collect::<String>());
            return;
        }
        match el.value().name() {
            "script" | "style" | "template" | "noscript" | "head" | "title" | "meta" | "link" | "base" | "form" | "input"
            | "button" | "select" | "textarea" | "svg" | "math" | "canvas" | "object" | "embed" | "applet" | "frameset"
            | "dialog" | "param" | "track" | "map" => self.left_out(el),
            "iframe" | "frame" => self.frame(el),
            "video" | "audio" => self.media(el),
            "br" => self.writer.line_break(),
            "img" => self.image(el),
            "a" => self.anchor(el, depth),
            "strong" | "b" => self.inline(el, Inline::Strong, depth),
            "em" | "i" => self.inline(el, Inline::Em, depth),
            "cite" if self.writer.is_in_quote() => {
                self.writer.flush();
                self.writer.text("— ");
                self.children(el, depth);
                self.writer.flush();
            }
            "sup" => self.writer.text(&raised(&el.text().collect::<String>(), true)),
            "sub" => self.writer.text(&raised(&el.text().collect::<String>(), false)),
            "q" => {
                self.writer.text("“");
                self.children(el, depth);
                self.writer.text("”");
            }
            "span" | "font" | "u" | "s" | "del" | "strike" | "ins" | "mark" | "small" | "big" | "abbr" | "acronym" | "code"
            | "kbd" | "samp" | "tt" | "var" | "time" | "bdi" | "bdo" | "label" | "wbr" | "nobr" | "cite" | "dfn" | "picture"
            | "source" | "data" | "output" | "ruby" | "rb" | "rt" | "rp" => self.children(el, depth),
            "h1" | "h2" => self.heading(el, 2, depth),
            "h3" | "h4" | "h5" | "h6" => self.heading(el, 3, depth),
            "ul" | "menu" | "dir" => self.list(el, Container::Bullets, depth),
            "ol" => self.list(el, Container::Numbers, depth),
            "blockquote" => self.contained(el, Container::Quote, depth),
            "dt" => {
                self.writer.flush();
                self.inline(el, Inline::Strong, depth);
                self.writer.flush();
            }
            "table" => self.table(el, depth),
            "pre" | "xmp" | "listing" => self.preformatted(el),
            "figure" => self.figure(el, depth),
            _ => self.block(el, depth),
        }
    }

    pub(super) fn block(&mut self, el: ElementRef<'_>, depth: usize) {
        self.writer.flush();
        self.children(el, depth);
        self.writer.flush();
    }

    fn inline(&mut self, el: ElementRef<'_>, tag: Inline, depth: usize) {
        self.writer.open_inline(tag);
        self.children(el, depth);
        self.writer.close_inline();
    }

    fn heading(&mut self, el: ElementRef<'_>, level: u8, depth: usize) {
        self.writer.flush();
        if self.writer.start_heading(level) {
            self.children(el, depth);
            self.writer.flush();
            self.writer.end_heading();
        } else {
            // Inside a list or a quote a heading is only strong.
            self.inline(el, Inline::Strong, depth);
            self.writer.flush();
        }
    }

    fn contained(&mut self, el: ElementRef<'_>, container: Container, depth: usize) {
        self.writer.open(container);
        self.children(el, depth);
        self.writer.close();
    }

    fn list(&mut self, el: ElementRef<'_>, container: Container, depth: usize) {
        let is_item = |child: &ElementRef<'_>| child.value().name() == "li";
        let pictures_only = fold(&el.text().collect::<String>()).is_empty() && descends(el, &["img"]);
        if pictures_only || el.value().classes().any(|class| class.starts_with("blocks-gallery")) {
            // A gallery of the first block editor.
            return self.block(el, depth);
        }
        self.writer.open(container);
        for child in el.child_elements().filter(|child| !is_hidden(*child)) {
            self.writer.open(Container::Item);
            if is_item(&child) {
                self.children(child, depth + 1)
            } else {
                self.element(child, depth + 1)
            }
            self.writer.close();
        }
        self.writer.close();
    }

    fn anchor(&mut self, el: ElementRef<'_>, depth: usize) {
        let words = fold(&el.text().collect::<String>());
        if words.is_empty() || self.writer.is_in_link() {
            // Around a picture: it would only lead to a larger copy.
            return self.children(el, depth);
        }
        let href = el.attr("href").unwrap_or("");
        match self.address(href, &words) {
            Some(address) => self.inline(el, Inline::Link(address), depth),
            None => self.children(el, depth),
        }
    }

    /// The new address of a link.
    pub(super) fn address(&mut self, href: &str, words: &str) -> Option<String> {
        match self.known.link(href) {
            Link::Nowhere => None,
            Link::Story(slug) => Some(format!("{HERE}/kabar/{slug}")),
            Link::Out(url) => Some(url),
            Link::Old(url) => {
                self.done.notes.insert(Note::OldLink(url.clone()));
                Some(url)
            }
            Link::List(path) => Some(format!("{HERE}{path}")),
            Link::Picture(key) => {
                let alt = self.known.described(&key).map(|attachment| attachment.alt.clone()).filter(|alt| !alt.is_empty());
                self.note_picture(key.clone(), alt.unwrap_or_else(|| words.to_owned()), String::new());
                let shown = (self.shown)(&key)?;
                Some(format!("{HERE}{}", base_path(&shown.name, 1600)))
            }
        }
    }

    pub(super) fn bare_link(&mut self, address: &str) {
        self.writer.flush();
        if let Some(link) = self.address(address, address).filter(|_| !self.writer.is_in_link()) {
            self.inline_words(Inline::Link(link), address);
        }
        self.writer.flush();
    }

    fn left_out(&mut self, el: ElementRef<'_>) {
        let name = el.value().name();
        if matches!(name, "form" | "object" | "embed" | "applet" | "script") {
            self.done.notes.insert(Note::Part(name.to_owned()));
        }
    }
}

fn descends(el: ElementRef<'_>, names: &[&str]) -> bool {
    el.descendent_elements().any(|e| names.contains(&e.value().name()))
}

fn is_hidden(el: ElementRef<'_>) -> bool {
    let style = el.attr("style").unwrap_or("").to_ascii_lowercase().replace(char::is_whitespace, "");
    el.attr("hidden").is_some() || style.contains("display:none") || style.contains("visibility:hidden")
}

pub(super) fn base_path(name: &str, width: u32) -> String {
    format!("/media/{name}-{width}.jpg")
}

/// Digits raised or lowered, as in m² and H₂O; other words stay on the line.
fn raised(text: &str, up: bool) -> String {
    const UP: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    const DOWN: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
    let digit = |c: char| c.to_digit(10).and_then(|d| (if up { UP } else { DOWN }).get(usize::try_from(d).ok()?).copied());
    let trimmed = text.trim();
    trimmed.chars().map(digit).collect::<Option<String>>().unwrap_or_else(|| plain(&escape(text)))
}
