//! Sanitised HTML: what may stand in the body of an article, however it came here.
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// Tags of a body.
const TAGS: &[&str] =
    &["p", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br", "figure", "figcaption", "img"];
/// Tags that are written anew as one of ours.
const ALIASES: &[(&str, &str)] = &[("h1", "h2"), ("h4", "h3"), ("h5", "h3"), ("h6", "h3"), ("b", "strong"), ("i", "em")];
/// Tags whose words go with them.
const DROPPED: &[&str] = &[
    "script", "style", "template", "iframe", "object", "svg", "math", "noscript", "select", "textarea", "button", "audio",
    "video", "canvas", "title", "head",
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags: HashSet<&str> = TAGS.iter().copied().chain(ALIASES.iter().map(|(from, _)| *from)).chain(["div"]).collect();
    let attributes: HashMap<&str, HashSet<&str>> =
        HashMap::from([("a", HashSet::from(["href"])), ("img", HashSet::from(["src", "alt", "width", "height"]))]);
    let mut builder = Builder::default();
    builder
        .tags(tags)
        .clean_content_tags(DROPPED.iter().copied().collect())
        .tag_attributes(attributes)
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow noopener ugc"))
        .strip_comments(true)
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("a", "href") => is_link(value).then_some(Cow::Borrowed(value)),
            ("img", "src") => value.starts_with("/media/").then_some(Cow::Borrowed(value)),
            ("img", "width" | "height") => value.bytes().all(|b| b.is_ascii_digit()).then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        });
    builder
});

/// A link leads to a page of this site, to a named place elsewhere, to a mailbox or to a telephone.
fn is_link(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    if address.starts_with('/') {
        // Browsers drop tabs and line ends inside an address, and read a backslash as a slash.
        return !address.starts_with("//") && !address.chars().any(|c| c == '\\' || c.is_control());
    }
    ["http://", "https://", "mailto:", "tel:"].iter().any(|start| address.starts_with(start) && address.len() > start.len())
}

/// Sanitises a body. Pictures stay only when they are the article's own: `own` holds their names.
/// Loose text becomes paragraphs, parted by blank lines, so that plain text can be typed too.
pub fn clean(html: &str, own: &[&str]) -> String {
    let mut html = pass(&html.replace('\0', ""), own);
    // Tags that go may leave others nested as no parser would; reading it once more settles them.
    for _ in 0..3 {
        let again = pass(&html, own);
        if again == html {
            break;
        }
        html = again;
    }
    html
}

fn pass(html: &str, own: &[&str]) -> String {
    let safe = CLEANER.clean(html).to_string();
    let mut body = Body::default();
    for token in tokens(&safe) {
        match token {
            Token::Open(name, whole) => body.open(name, whole, own),
            Token::Close(name) => body.close(name),
            Token::Text(text) => body.text(text),
        }
    }
    body.end()
}

/// The words of a sanitised body, a line for each block.
pub fn plain(body: &str) -> String {
    let mut text = String::with_capacity(body.len());
    for token in tokens(body) {
        match token {
            Token::Text(part) => text.push_str(&decode(part)),
            Token::Open("br", _) | Token::Close("p" | "h2" | "h3" | "li" | "blockquote" | "figcaption") => text.push('\n'),
            _ => {}
        }
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The serialiser escapes these and no others.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&quot;", "\"");
    Cow::Owned(text.replace("&amp;", "&"))
}

/// A part of serialised HTML.
enum Token<'a> {
    /// Name, and the tag with its brackets.
    Open(&'a str, &'a str),
    Close(&'a str),
    Text(&'a str),
}

/// Parts of HTML that a serialiser wrote: in it, a bare `<` opens a tag, and quotes are double.
fn tokens(html: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = if rest.starts_with('<') { end_of_tag(rest) } else { rest.find('<').unwrap_or(rest.len()) };
        let (part, after) = rest.split_at(end);
        rest = after;
        let Some(tag) = part.strip_prefix('<').map(|tag| tag.trim_end_matches('>')) else { return Some(Token::Text(part)) };
        Some(match tag.strip_prefix('/') {
            Some(closed) => Token::Close(closed),
            None => Token::Open(tag.split([' ', '/']).next().unwrap_or(tag), part),
        })
    })
}

fn end_of_tag(html: &str) -> usize {
    let mut quoted = false;
    for (at, b) in html.bytes().enumerate() {
        match b {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

/// The body as it is written anew.
#[derive(Default)]
struct Body {
    out: String,
    /// Open blocks, outermost first.
    blocks: Vec<&'static str>,
    /// Open inline tags, with whether each was written.
    inline: Vec<(&'static str, bool)>,
    /// Loose text at the top, not yet a paragraph.
    loose: String,
}

/// Our own name of a tag that the cleaner let through.
fn own_name(name: &str) -> Option<&'static str> {
    let alias = ALIASES.iter().find(|(from, _)| *from == name).map(|(_, to)| *to);
    alias.or_else(|| TAGS.iter().copied().find(|tag| *tag == name))
}

impl Body {
    fn open(&mut self, name: &str, whole: &str, own: &[&str]) {
        let Some(tag) = own_name(name) else { return self.part() };
        match tag {
            "br" => self.push("<br>"),
            "img" => {
                let kept = attribute(whole, "src").is_some_and(|src| is_own(src, own));
                if kept {
                    self.push(whole);
                }
            }
            "a" | "strong" | "em" => {
                let kept = tag != "a" || attribute(whole, "href").is_some();
                self.inline.push((tag, kept));
                if kept && tag == "a" {
                    self.push(whole);
                } else if kept {
                    self.push(&format!("<{tag}>"));
                }
            }
            _ => {
                self.part();
                self.blocks.push(tag);
                self.out.push_str(&format!("<{tag}>"));
            }
        }
    }

    fn close(&mut self, name: &str) {
        match own_name(name) {
            Some(tag @ ("a" | "strong" | "em")) => {
                if let Some((_, true)) = self.inline.pop() {
                    self.push(&format!("</{tag}>"));
                }
            }
            Some("br" | "img") => {}
            None => self.part(),
            Some(_) => {
                if let Some(tag) = self.blocks.pop() {
                    self.out.push_str(&format!("</{tag}>"));
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        if !self.blocks.is_empty() {
            self.out.push_str(text);
        } else if !self.inline.is_empty() {
            self.loose.push_str(text);
        } else {
            let text = text.replace("\r\n", "\n");
            let mut parts = text.split("\n\n");
            self.loose.push_str(&parts.next().unwrap_or_default().replace('\n', "<br>"));
            for part in parts {
                self.flush();
                self.loose.push_str(&part.replace('\n', "<br>"));
            }
        }
    }

    fn push(&mut self, part: &str) {
        if self.blocks.is_empty() { self.loose.push_str(part) } else { self.out.push_str(part) }
    }

    /// A block begins or ends here: what was loose before it stands by itself.
    fn part(&mut self) {
        if !self.blocks.is_empty() {
            return;
        }
        for (tag, written) in self.inline.iter_mut().rev().filter(|(_, written)| *written) {
            self.loose.push_str(&format!("</{tag}>"));
            *written = false;
        }
        self.flush();
    }

    /// Loose text becomes a paragraph, unless there is nothing to see in it.
    fn flush(&mut self) {
        let mut loose = self.loose.trim();
        while let Some(rest) = loose.strip_prefix("<br>").or_else(|| loose.strip_suffix("<br>")) {
            loose = rest.trim();
        }
        let seen = tokens(loose).any(|token| match token {
            Token::Text(text) => !text.trim().is_empty(),
            Token::Open(name, _) => name == "img",
            Token::Close(_) => false,
        });
        if seen {
            self.out.push_str(&format!("<p>{loose}</p>"));
        }
        self.loose.clear();
    }

    fn end(mut self) -> String {
        self.part();
        self.out
    }
}

/// The value of an attribute, as it is written.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once("=\"")?;
        let (value, next) = after.split_once('"')?;
        if before.rsplit(' ').next() == Some(name) {
            return Some(value);
        }
        rest = next;
    }
}

/// `/media/{name}-{width}.{end}` of one of the article's own photos.
fn is_own(src: &str, own: &[&str]) -> bool {
    let name = src.strip_prefix("/media/").and_then(|file| file.rsplit_once('-')).map(|(name, _)| name);
    name.is_some_and(|name| own.contains(&name))
}
