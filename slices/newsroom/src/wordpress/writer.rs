//! Writes paragraphs, headings, lists, quotes and figures while the text streams in: opens and closes
//! what must be, folds spaces, drops what is empty. Its output is well-formed by construction.
use super::convert::Block;
use super::words::fold;

/// What stands around words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Strong,
    Em,
    /// With its address.
    Link(String),
}

impl Inline {
    fn open(&self) -> String {
        match self {
            Inline::Strong => "<strong>".into(),
            Inline::Em => "<em>".into(),
            Inline::Link(address) => format!("<a href=\"{}\">", escape(address)),
        }
    }

    fn close(&self) -> &'static str {
        match self {
            Inline::Strong => "</strong>",
            Inline::Em => "</em>",
            Inline::Link(_) => "</a>",
        }
    }
}

/// What holds blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Bullets,
    Numbers,
    Item,
    Quote,
}

impl Container {
    fn tag(self) -> &'static str {
        match self {
            Container::Bullets => "ul",
            Container::Numbers => "ol",
            Container::Item => "li",
            Container::Quote => "blockquote",
        }
    }
}

struct Open {
    container: Container,
    /// Where its tag starts in `out`, and where its inside does.
    tag_at: usize,
    inside_at: usize,
}

/// The writer.
pub struct Writer {
    /// Line breaks of the source count, as in the classic editor.
    classic: bool,
    blocks: Vec<Block>,
    /// The top-level list or quote being written.
    out: String,
    stack: Vec<Open>,
    /// The paragraph being written.
    para: String,
    inline: Vec<Inline>,
    heading: Option<u8>,
    /// Words stand in the paragraph.
    seen: bool,
    /// A space or line breaks wait for the next word.
    space: bool,
    breaks: usize,
    /// A space or line break was written after the last word.
    parted: bool,
    /// Figures wait until the paragraph or list around them ends.
    held: Vec<String>,
}

impl Writer {
    pub fn new(classic: bool) -> Writer {
        Writer {
            classic,
            blocks: Vec::new(),
            out: String::new(),
            stack: Vec::new(),
            para: String::new(),
            inline: Vec::new(),
            heading: None,
            seen: false,
            space: false,
            breaks: 0,
            parted: false,
            held: Vec::new(),
        }
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.blocks.iter().all(|block| block.html.starts_with("<figure>")) && self.out.is_empty() && !self.seen
    }

    pub fn is_in_quote(&self) -> bool {
        self.stack.iter().any(|open| open.container == Container::Quote)
    }

    pub fn is_in_link(&self) -> bool {
        self.inline.iter().any(|tag| matches!(tag, Inline::Link(_)))
    }

    /// Adds text of the source.
    pub fn text(&mut self, text: &str) {
        for (order, line) in text.split('\n').enumerate() {
            if order > 0 && self.classic {
                self.breaks += 1;
            } else if order > 0 {
                self.space = true;
            }
            let is_space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\u{c}');
            for (order, word) in line.split(is_space).enumerate() {
                self.space |= order > 0;
                if !word.is_empty() {
                    self.settle();
                    self.para.push_str(&escape(word));
                    self.parted = false;
                    self.seen |= word.chars().any(|c| !matches!(c, '\u{a0}' | '\u{200b}' | '\u{feff}' | '\u{ad}'));
                }
            }
        }
    }

    pub fn line_break(&mut self) {
        self.breaks += 1;
    }

    /// Writes the space or line break that waits.
    fn settle(&mut self) {
        if !self.seen {
            (self.space, self.breaks) = (false, 0);
            return;
        }
        match self.breaks {
            0 if self.space && !self.parted => self.para.push(' '),
            0 => {}
            1 => self.para.push_str("<br>"),
            _ => return self.flush(),
        }
        self.parted |= self.space || self.breaks > 0;
        (self.space, self.breaks) = (false, 0);
    }

    pub fn open_inline(&mut self, tag: Inline) {
        self.settle();
        self.para.push_str(&tag.open());
        self.inline.push(tag);
    }

    pub fn close_inline(&mut self) {
        let Some(tag) = self.inline.pop() else { return };
        let opening = tag.open();
        match self.para.strip_suffix(opening.as_str()) {
            Some(before) => self.para.truncate(before.len()),
            None => self.para.push_str(tag.close()),
        }
    }

    /// Starts a heading at the top; false inside a list, a quote or another heading.
    pub fn start_heading(&mut self, level: u8) -> bool {
        let may = self.stack.is_empty() && self.heading.is_none();
        if may {
            self.heading = Some(level);
        }
        may
    }

    pub fn end_heading(&mut self) {
        self.heading = None;
    }

    /// Ends the paragraph; tags around its words go on in the next one.
    pub fn flush(&mut self) {
        (self.space, self.breaks, self.parted) = (false, 0, false);
        for tag in self.inline.iter().rev() {
            match self.para.strip_suffix(tag.open().as_str()) {
                Some(before) => self.para.truncate(before.len()),
                None => self.para.push_str(tag.close()),
            }
        }
        let para = std::mem::take(&mut self.para);
        if self.seen {
            self.put(&para);
        }
        self.seen = false;
        if self.stack.is_empty() {
            let figures = self.held.drain(..).map(|html| Block { html, words: None });
            self.blocks.extend(figures);
        }
        self.para = self.inline.iter().map(Inline::open).collect();
    }

    fn put(&mut self, para: &str) {
        let inside = self.stack.last().map(|open| (open.container, open.inside_at));
        match inside {
            None => {
                let tag = match self.heading {
                    Some(2) => "h2",
                    Some(_) => "h3",
                    None => "p",
                };
                let words = (tag == "p" && !para.contains('<')).then(|| unescape(para));
                self.blocks.push(Block { html: format!("<{tag}>{para}</{tag}>"), words });
            }
            Some((Container::Item, at)) => {
                if self.out.len() > at && !self.out.ends_with('>') {
                    self.out.push_str("<br>");
                }
                self.out.push_str(para);
            }
            Some((Container::Quote, _)) => self.out.push_str(&format!("<p>{para}</p>")),
            Some((Container::Bullets | Container::Numbers, _)) => self.out.push_str(&format!("<li>{para}</li>")),
        }
    }

    /// Shows a picture here, or as soon as the list around ends.
    pub fn figure(&mut self, html: String) {
        if self.stack.is_empty() && !self.seen {
            self.blocks.push(Block { html, words: None });
        } else {
            self.held.push(html);
        }
    }

    pub fn open(&mut self, container: Container) {
        self.flush();
        if let Some(open) = self.stack.last()
            && open.container == Container::Item
            && open.inside_at == self.out.len()
            && container == Container::Item
        {
            return self.stack.push(Open { container, tag_at: self.out.len(), inside_at: self.out.len() });
        }
        let tag_at = self.out.len();
        self.out.push_str(&format!("<{}>", container.tag()));
        self.stack.push(Open { container, tag_at, inside_at: self.out.len() });
    }

    /// Closes the container opened last; one without words disappears.
    pub fn close(&mut self) {
        self.flush();
        let Some(open) = self.stack.pop() else { return };
        if self.out.len() == open.inside_at {
            self.out.truncate(open.tag_at);
        } else {
            self.out.push_str(&format!("</{}>", open.container.tag()));
        }
        if self.stack.is_empty() {
            let html = std::mem::take(&mut self.out);
            if !html.is_empty() {
                self.blocks.push(Block { html, words: None });
            }
            self.flush();
        }
    }

    /// Everything written.
    pub fn finish(mut self) -> Vec<Block> {
        self.inline.clear();
        while !self.stack.is_empty() {
            self.close();
        }
        self.flush();
        self.blocks
    }
}

/// Text for HTML, also inside double quotes.
pub fn escape(text: &str) -> String {
    if !text.contains(['&', '<', '>', '"']) {
        return text.to_owned();
    }
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn unescape(text: &str) -> String {
    fold(&text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}
