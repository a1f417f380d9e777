//! The parts of a story that are more than words: pictures, galleries, tables, players.
use scraper::{ElementRef, Html, Node};
use url::Url;

use super::convert::{Note, Picture, Shown, Walk, base_path};
use super::known::Key;
use super::words::fold;
use super::writer::{Container, escape};

impl Walk<'_> {
    pub(super) fn note_picture(&mut self, key: Key, alt: String, caption: String) {
        let leading = self.writer.is_empty();
        match self.done.pictures.iter_mut().find(|picture| picture.key == key) {
            Some(known) => {
                if known.caption.is_empty() {
                    known.caption = caption;
                }
            }
            None => self.done.pictures.push(Picture { key, alt, caption, leading }),
        }
    }

    pub(super) fn image(&mut self, el: ElementRef<'_>) {
        let classes = el.attr("class").unwrap_or("");
        let alt = fold(el.attr("alt").unwrap_or(""));
        if classes.split_whitespace().any(|class| matches!(class, "emoji" | "wp-smiley")) {
            return self.writer.text(&alt);
        }
        let tiny = |name: &str| el.attr(name).and_then(|n| n.trim().parse::<u32>().ok()).is_some_and(|n| n <= 2);
        if tiny("width") || tiny("height") {
            return;
        }
        let sources = ["src", "data-src", "data-lazy-src", "data-orig-file", "data-original"];
        let sources: Vec<&str> =
            sources.iter().filter_map(|name| el.attr(name)).filter(|src| !src.starts_with("data:")).collect();
        let found = sources.iter().find_map(|src| self.known.picture(src, ""));
        let by_number = self.known.picture("", classes);
        let key = match (found, by_number) {
            (Some(key @ Key::Attachment(_)), _) | (_, Some(key)) | (Some(key), None) => key,
            (None, None) => {
                let host = sources.iter().find_map(|src| Url::parse(src).ok()?.host_str().map(str::to_owned));
                self.done.notes.insert(Note::Foreign(host.unwrap_or_default()));
                return;
            }
        };
        let attachment = self.known.described(&key);
        let alt = if alt.is_empty() { attachment.map(|a| a.alt.clone()).unwrap_or_default() } else { alt };
        let own = attachment.filter(|_| sources.is_empty()).map(|a| a.caption.clone()).unwrap_or_default();
        let caption = self.caption.take().unwrap_or(own);
        self.note_picture(key.clone(), alt.clone(), caption.clone());
        if let Some(shown) = (self.shown)(&key).filter(|shown| shown.inside) {
            self.writer.figure(figure_html(&shown, &alt, &caption));
        }
    }

    pub(super) fn figure(&mut self, el: ElementRef<'_>, depth: usize) {
        if el.value().classes().any(|class| class == "simpul-gallery") {
            for id in self.known.children(self.post) {
                let gallery = format!("<img class=\"wp-image-{id}\">");
                let tree = Html::parse_fragment(&gallery);
                for image in tree.root_element().child_elements() {
                    self.image(image);
                }
            }
            return;
        }
        let caption = el.child_elements().find(|child| child.value().name() == "figcaption");
        let images = el.descendent_elements().filter(|e| e.value().name() == "img").count();
        let words = caption.map(|caption| fold(&caption.text().collect::<String>())).filter(|words| !words.is_empty());
        self.writer.flush();
        if images == 1 {
            self.caption = words;
        }
        for child in el.children() {
            match child.value() {
                Node::Text(text) => self.text(text),
                Node::Element(e) if e.name() != "figcaption" => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1);
                    }
                }
                _ => {}
            }
        }
        self.writer.flush();
        let unused = self.caption.take().is_some();
        if let Some(caption) = caption.filter(|_| images != 1 && !unused) {
            self.block(caption, depth + 1);
        }
    }

    /// Rows become list items in which each cell bears the name of its column; a table that only
    /// arranges things becomes its things.
    pub(super) fn table(&mut self, el: ElementRef<'_>, depth: usize) {
        let nested =
            el.descendent_elements().skip(1).any(|e| matches!(e.value().name(), "table" | "img" | "ul" | "ol" | "figure"));
        let rows: Vec<ElementRef<'_>> = el.descendent_elements().filter(|e| e.value().name() == "tr").collect();
        let widest = rows.iter().map(|row| cells(*row).count()).max().unwrap_or(0);
        if nested || rows.len() < 2 || widest < 2 {
            return self.block(el, depth);
        }
        self.writer.flush();
        if let Some(caption) = el.child_elements().find(|child| child.value().name() == "caption") {
            self.block(caption, depth + 1);
        }
        let headed = cells(rows[0]).all(|cell| cell.value().name() == "th");
        let names: Vec<String> =
            if headed { cells(rows[0]).map(|cell| fold(&cell.text().collect::<String>())).collect() } else { Vec::new() };
        self.writer.open(Container::Bullets);
        for row in rows.iter().skip(usize::from(headed)) {
            self.writer.open(Container::Item);
            let filled = cells(*row).enumerate().filter(|(_, cell)| !fold(&cell.text().collect::<String>()).is_empty());
            for (order, (column, cell)) in filled.enumerate() {
                if order > 0 {
                    self.writer.text(" · ");
                }
                if let Some(name) = names.get(column).filter(|name| !name.is_empty()) {
                    self.writer.text(&format!("{name}: "));
                }
                self.children(cell, depth + 2);
            }
            self.writer.close();
        }
        self.writer.close();
    }

    pub(super) fn preformatted(&mut self, el: ElementRef<'_>) {
        self.writer.flush();
        let text: String = el.text().collect();
        for line in text.trim_matches('\n').lines() {
            let words = line.trim_start();
            let indent = line.chars().count() - words.chars().count();
            self.writer.text(&"\u{a0}".repeat(indent.min(40)));
            self.writer.text(words);
            self.writer.line_break();
        }
        self.writer.flush();
    }

    pub(super) fn media(&mut self, el: ElementRef<'_>) {
        let sources = el.descendent_elements().filter_map(|e| e.attr("src"));
        if let Some(address) = sources.map(str::to_owned).next() {
            self.bare_link(&address);
        }
    }

    /// Videos and maps stay as links; other frames are left out.
    pub(super) fn frame(&mut self, el: ElementRef<'_>) {
        let src = el.attr("src").or_else(|| el.attr("data-src")).unwrap_or("").trim();
        let src = if src.starts_with("//") { format!("https:{src}") } else { src.to_owned() };
        let url = Url::parse(&src).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or("").trim_start_matches("www.").to_owned();
        let id = |path: &str| path.trim_matches('/').rsplit('/').next().unwrap_or("").to_owned();
        let link = url.filter(|url| matches!(url.scheme(), "http" | "https")).and_then(|url| match host.as_str() {
            "youtube.com" | "youtube-nocookie.com" if url.path().starts_with("/embed/") => {
                Some(format!("https://www.youtube.com/watch?v={}", id(url.path())))
            }
            "player.vimeo.com" => Some(format!("https://vimeo.com/{}", id(url.path()))),
            "google.com" | "maps.google.com" | "docs.google.com" | "drive.google.com" => Some(url.to_string()),
            _ => None,
        });
        match link {
            Some(link) => self.bare_link(&link),
            None => {
                self.done.notes.insert(Note::Part(format!("iframe {host}").trim().to_owned()));
            }
        }
    }
}

fn cells(row: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th"))
}

fn figure_html(shown: &Shown, alt: &str, caption: &str) -> String {
    let path = base_path(&shown.name, 800);
    let (alt, caption) = (escape(alt), escape(caption));
    let below = if caption.is_empty() { String::new() } else { format!("<figcaption>{caption}</figcaption>") };
    let (width, height) = (shown.width, shown.height);
    format!("<figure><img src=\"{path}\" alt=\"{alt}\" width=\"{width}\" height=\"{height}\">{below}</figure>")
}
