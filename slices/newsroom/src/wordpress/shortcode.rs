//! WordPress shortcodes: the core ones become HTML that `convert` understands, those of plugins are
//! left out and named, and square brackets that are only brackets stay.
use std::collections::{BTreeSet, HashSet};

/// Core codes that show something, and how they are turned into HTML.
const CORE: [&str; 8] = ["caption", "wp_caption", "gallery", "embed", "audio", "video", "playlist", "youtube"];
/// HTML whose inside is not touched.
const RAW: [&str; 6] = ["pre", "code", "script", "style", "textarea", "svg"];
/// A longer tag is copied like text; so a file that only opens tags costs no time.
const LONGEST_TAG: usize = 8192;
/// Farthest that an enclosing code of WordPress itself reaches.
const LONGEST_INSIDE: usize = 16 * 1024;
/// More codes than any story has; further ones are copied.
const MOST_CODES: usize = 4000;

/// One `[name attributes]` or `[/name]`.
struct Code<'a> {
    name: &'a str,
    attributes: &'a str,
    closing: bool,
    alone: bool,
    end: usize,
}

/// Content with its shortcodes resolved, and the names of those left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    pub html: String,
    pub left_out: BTreeSet<String>,
}

/// Resolves every shortcode outside tags, comments and code.
pub fn resolve(content: &str) -> Resolved {
    let mut done = Resolved { html: String::with_capacity(content.len()), ..Resolved::default() };
    let closed = closed_names(content);
    let (mut at, mut codes) = (0, 0);
    while let Some(found) = content[at..].find(['<', '[']) {
        let start = at + found;
        done.html.push_str(&content[at..start]);
        if content[start..].starts_with('<') {
            at = tag(content, start, &mut done);
        } else {
            codes += 1;
            if codes > MOST_CODES {
                at = start;
                break;
            }
            at = code(content, start, &closed, &mut done);
        }
    }
    done.html.push_str(&content[at..]);
    done
}

/// Copies a tag, comment or raw element; returns where it ends.
fn tag(content: &str, start: usize, done: &mut Resolved) -> usize {
    let rest = &content[start..];
    let end = if rest.starts_with("<!--") {
        // A comment that never ends hides all that follows.
        Some(rest.find("-->").map_or(rest.len(), |end| end + 3))
    } else {
        let name = word(&rest[1..]);
        let end = tag_end(rest);
        match end {
            Some(end) if RAW.iter().any(|raw| name.eq_ignore_ascii_case(raw)) => Some(raw_end(rest, end, name)),
            end => end,
        }
    };
    // A lone `<` is a character like any other.
    let end = end.unwrap_or(1);
    done.html.push_str(&rest[..end]);
    start + end
}

/// The end of `<…>`, quotes respected. None when it is no tag.
fn tag_end(text: &str) -> Option<usize> {
    let second = text.as_bytes().get(1)?;
    if !(second.is_ascii_alphabetic() || matches!(second, b'/' | b'!' | b'?')) {
        return None;
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1).take(LONGEST_TAG) {
        match (quote, byte) {
            (Some(open), close) if open == close => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            _ => {}
        }
    }
    None
}

fn raw_end(text: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(found) = text[at..].find("</") {
        let start = at + found;
        if word(&text[start + 2..]).eq_ignore_ascii_case(name) {
            return start;
        }
        at = start + 2;
    }
    text.len()
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(text.len());
    &text[..end]
}

/// Handles a `[` at `start`; returns where to go on.
fn code(content: &str, start: usize, closed: &HashSet<&str>, done: &mut Resolved) -> usize {
    let Some(code) = read(content, start) else {
        done.html.push('[');
        return start + 1;
    };
    let core = CORE.contains(&code.name);
    if core && !code.closing {
        return show(content, &code, done);
    }
    let plugin = code.attributes.contains('=')
        || (!code.closing && closed.contains(code.name))
        || (code.closing && done.left_out.contains(code.name))
        || (code.alone && code.name.contains(['-', '_']));
    if plugin {
        done.left_out.insert(code.name.to_owned());
        return code.end;
    }
    if core {
        return code.end;
    }
    done.html.push_str(&content[start..code.end]);
    code.end
}

/// Reads a shortcode; `[[name]]` and brackets around other text are none.
fn read(content: &str, start: usize) -> Option<Code<'_>> {
    let rest = &content[start + 1..];
    if content[..start].ends_with('[') {
        return None;
    }
    let closing = rest.starts_with('/');
    let inner = &rest[usize::from(closing)..];
    let name = word(inner);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || name.len() > 60 {
        return None;
    }
    let mut quote = None;
    let mut end = None;
    for (at, byte) in inner.bytes().enumerate().take(4096) {
        match (quote, byte) {
            (Some(open), close) if open == close => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[' | b'<') => return None,
            (None, b']') => {
                end = Some(at);
                break;
            }
            _ => {}
        }
    }
    let end = end?;
    let attributes = inner[name.len()..end].trim_end_matches('/');
    if !(attributes.is_empty() || attributes.starts_with(char::is_whitespace)) || (closing && !attributes.trim().is_empty()) {
        return None;
    }
    let end = start + 1 + usize::from(closing) + end + 1;
    // A line with more than this beside the code is no line of its own.
    const NEAR: usize = 200;
    let (from, to) = (content.floor_char_boundary(start.saturating_sub(NEAR)), content.floor_char_boundary(end + NEAR));
    let before = content[from..start].rsplit('\n').next().unwrap_or("");
    let after = content[end..to].split('\n').next().unwrap_or("");
    let edge = |line: &str, mark: char| line.trim().is_empty() || line.trim().ends_with(mark) || line.trim().starts_with(mark);
    let alone = edge(before, '>') && edge(after, '<');
    Some(Code { name, attributes, closing, alone, end })
}

/// Where the matching `[/name]` starts and ends; looked for as far as a code ever reaches.
fn closing(content: &str, from: usize, name: &str) -> Option<(usize, usize)> {
    let mark = format!("[/{name}]");
    let reach = content.floor_char_boundary(from + LONGEST_INSIDE);
    content[from..reach].find(&mark).map(|found| (from + found, from + found + mark.len()))
}

/// Names of all `[/name]`.
fn closed_names(content: &str) -> HashSet<&str> {
    content.split("[/").skip(1).map(word).collect()
}

/// Turns a core shortcode into HTML; returns where it ends.
fn show(content: &str, code: &Code<'_>, done: &mut Resolved) -> usize {
    let body = closing(content, code.end, code.name);
    let (inside, end) = body.map_or(("", code.end), |(from, to)| (&content[code.end..from], to));
    match code.name {
        "caption" | "wp_caption" => {
            let picture = picture_end(inside);
            let said = attribute(code.attributes, "caption");
            let words = if inside[picture..].trim().is_empty() { said.unwrap_or("") } else { inside[picture..].trim() };
            let words = resolve(words).html;
            done.html.push_str(&format!("<figure>{}<figcaption>{words}</figcaption></figure>", &inside[..picture]));
            end
        }
        "gallery" | "playlist" => {
            let ids = attribute(code.attributes, "ids").or_else(|| attribute(code.attributes, "include"));
            match ids {
                Some(ids) => {
                    let ids = ids.split(',').filter_map(|id| id.trim().parse::<i64>().ok());
                    let pictures: String = ids.map(|id| format!("<img class=\"wp-image-{id}\">")).collect();
                    done.html.push_str(&format!("<figure>{pictures}</figure>"));
                }
                None => done.html.push_str("<figure class=\"simpul-gallery\"></figure>"),
            }
            code.end
        }
        "embed" => {
            done.html.push_str(&format!("\n\n{}\n\n", inside.trim()));
            end
        }
        _ => {
            let first = code.attributes.trim().trim_matches('"');
            let source = ["src", "mp4", "mp3", "m4a", "webm", "url"].iter().find_map(|name| attribute(code.attributes, name));
            let address = source.unwrap_or(if first.starts_with("http") { first } else { inside.trim() });
            done.html.push_str(&format!("\n\n{}\n\n", address.replace('<', "&lt;")));
            if body.is_some() { end } else { code.end }
        }
    }
}

/// Where the picture of a caption ends: after `</a>` or, without a link, after `<img …>`.
fn picture_end(inside: &str) -> usize {
    if let Some(end) = inside.find("</a>")
        && inside.find("<img").is_some_and(|image| image < end)
    {
        return end + 4;
    }
    inside.find("<img").and_then(|image| tag_end(&inside[image..]).map(|end| image + end)).unwrap_or(0)
}

/// The value of an attribute, quoted or not.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    while let Some(equals) = rest.find('=') {
        let key = rest[..equals].trim_end().rsplit(char::is_whitespace).next().unwrap_or("");
        let value = rest[equals + 1..].trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(content: &str) -> String {
        resolve(content).html
    }

    #[test]
    fn turns_core_codes_into_html() {
        let caption = "[caption id=\"a\" width=\"3\"]<a href=\"x\"><img src=\"y\" alt=\"]\" /></a> Kata <em>b</em>.[/caption]";
        assert_eq!(
            html(caption),
            "<figure><a href=\"x\"><img src=\"y\" alt=\"]\" /></a><figcaption>Kata <em>b</em>.</figcaption></figure>"
        );
        assert_eq!(
            html("[caption caption='Lama']<img src=y>[/caption]"),
            "<figure><img src=y><figcaption>Lama</figcaption></figure>"
        );
        assert_eq!(
            html("[gallery columns=2 ids=\"5, 6\"]"),
            "<figure><img class=\"wp-image-5\"><img class=\"wp-image-6\"></figure>"
        );
        assert_eq!(html("[embed]https://youtu.be/x[/embed]").trim(), "https://youtu.be/x");
        assert_eq!(html("[video mp4=\"https://a/b.mp4\"][/video]").trim(), "https://a/b.mp4");
    }

    #[test]
    fn leaves_plugins_out_and_brackets_in() {
        let done = resolve("a [contact-form-7 id=\"12\" title=\"Hubungi [Kami]\"] b [box]c[/box] d\n[my_form]\n");
        assert_eq!(done.html, "a  b c d\n\n");
        assert_eq!(done.left_out.iter().map(String::as_str).collect::<Vec<_>>(), ["box", "contact-form-7", "my_form"]);
        for kept in [
            "data [1] dan [a] dan [lihat foto]",
            "<code>[x y=1]</code>",
            "[[gallery]]",
            "[",
            "a < b [c",
            "<a title=\"[x y=1]\">b</a>",
            "[/x]",
        ] {
            assert_eq!(resolve(kept), Resolved { html: kept.into(), left_out: BTreeSet::new() });
        }
    }
}
