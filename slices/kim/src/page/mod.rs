//! A group's own page: a colour from a palette that can be read, and its parts in the order it likes.
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

/// Colours to choose from: code and key of the name. The classes `hue-…` of `web/css/kim.css` hold
/// their values. The empty code is the colour of the site.
pub const COLOURS: [(&str, &str); 8] = [
    ("", "kim-page-colour-site"),
    ("daun", "kim-page-colour-leaf"),
    ("langit", "kim-page-colour-sky"),
    ("senja", "kim-page-colour-dusk"),
    ("rotan", "kim-page-colour-rattan"),
    ("anggrek", "kim-page-colour-orchid"),
    ("bata", "kim-page-colour-brick"),
    ("malam", "kim-page-colour-night"),
];

/// Whether a code names a colour of the palette.
pub fn is_colour(code: &str) -> bool {
    COLOURS.iter().any(|(known, _)| *known == code)
}

/// A part of the page that a group may move and hide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    News,
    Work,
    About,
    Members,
    Contact,
    Themes,
    Gallery,
    /// What other parts of the product add.
    More,
}

impl Block {
    /// In the order of a page that nobody arranged.
    pub const ALL: [Block; 8] =
        [Block::News, Block::Work, Block::About, Block::Members, Block::Contact, Block::Themes, Block::Gallery, Block::More];

    pub fn code(self) -> &'static str {
        match self {
            Block::News => "kabar",
            Block::Work => "kegiatan",
            Block::About => "tentang",
            Block::Members => "pengurus",
            Block::Contact => "kontak",
            Block::Themes => "bidang",
            Block::Gallery => "galeri",
            Block::More => "lain",
        }
    }

    pub fn parse(code: &str) -> Option<Block> {
        Block::ALL.into_iter().find(|block| block.code() == code)
    }

    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Block::News => "kim-page-block-news",
            Block::Work => "kim-work",
            Block::About => "kim-know",
            Block::Members => "kim-leaders",
            Block::Contact => "kim-contacts",
            Block::Themes => "kim-themes",
            Block::Gallery => "kim-page-block-gallery",
            Block::More => "kim-page-block-more",
        }
    }

    /// Whether it stands on a page that nobody arranged: pictures weigh, and themes are named above.
    fn is_usual(self) -> bool {
        !matches!(self, Block::Gallery | Block::Themes)
    }
}

/// A block and whether it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub block: Block,
    pub shown: bool,
}

/// All blocks in the order of a stored text; those that it does not name come last, as they usually are.
pub fn read(text: &str) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::new();
    for word in text.split(',') {
        let (code, shown) = word.strip_prefix('-').map_or((word, true), |code| (code, false));
        if let Some(block) = Block::parse(code).filter(|block| !placed.iter().any(|other| other.block == *block)) {
            placed.push(Placed { block, shown });
        }
    }
    for block in Block::ALL {
        if !placed.iter().any(|other| other.block == block) {
            placed.push(Placed { block, shown: block.is_usual() });
        }
    }
    placed
}

/// The text to store.
pub fn write(placed: &[Placed]) -> String {
    let word = |one: &Placed| format!("{}{}", if one.shown { "" } else { "-" }, one.block.code());
    placed.iter().map(word).collect::<Vec<_>>().join(",")
}

/// What a button of the form does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Up(Block),
    Down(Block),
    Hide(Block),
    Show(Block),
    /// Everything as on a page that nobody arranged.
    Reset,
}

impl Act {
    /// Reads `naik:kabar`.
    pub fn parse(text: &str) -> Option<Act> {
        let (verb, code) = text.split_once(':').unwrap_or((text, ""));
        if verb == "semula" {
            return Some(Act::Reset);
        }
        let block = Block::parse(code)?;
        Some(match verb {
            "naik" => Act::Up(block),
            "turun" => Act::Down(block),
            "sembunyi" => Act::Hide(block),
            "tampil" => Act::Show(block),
            _ => return None,
        })
    }

    /// The block that it is about.
    pub fn block(self) -> Option<Block> {
        match self {
            Act::Up(block) | Act::Down(block) | Act::Hide(block) | Act::Show(block) => Some(block),
            Act::Reset => None,
        }
    }

    /// The arrangement afterwards. Moving past an end changes nothing.
    pub fn apply(self, mut placed: Vec<Placed>) -> Vec<Placed> {
        let at = self.block().and_then(|block| placed.iter().position(|one| one.block == block));
        match (self, at) {
            (Act::Up(_), Some(at)) if at > 0 => placed.swap(at, at - 1),
            (Act::Down(_), Some(at)) if at + 1 < placed.len() => placed.swap(at, at + 1),
            (Act::Hide(_), Some(at)) => placed[at].shown = false,
            (Act::Show(_), Some(at)) => placed[at].shown = true,
            (Act::Reset, _) => return read(""),
            _ => {}
        }
        placed
    }
}
