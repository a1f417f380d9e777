//! An article of a KIM: what it is made of, the states it goes through, and who may do what to it.
pub mod api;
#[cfg(test)]
mod api_tests;
mod clean;
#[cfg(test)]
mod clean_tests;
pub(crate) mod desk;
pub(crate) mod form;
pub(crate) mod list;
pub mod pages;
pub(crate) mod preview;
pub mod searchable;
mod slug;
mod step;
pub mod store;
#[cfg(test)]
mod tests;

use base::Lang;
pub use clean::{clean, plain};
pub use slug::slug;
pub use step::{Refusal, Standing, Step};
pub use store::{Article, New};
use web::Errors;

/// Most characters of a title.
pub const TITLE_MOST: usize = 120;
/// Most characters of a lead.
pub const LEAD_MOST: usize = 300;
/// Most characters of a body, as HTML.
pub const BODY_MOST: usize = 60_000;
/// Most tags of an article, and most characters of one.
pub const TAGS_MOST: usize = 8;
pub const TAG_MOST: usize = 30;
/// Fewest words of a story that is sent to the editor.
pub const WORDS_LEAST: i64 = 40;
/// Words read in a minute.
const PACE: i64 = 180;

/// Where an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Being written.
    Draft,
    /// Waits for the KIM's editor.
    Review,
    /// Came back to the writer with a request.
    Changes,
    /// Read by the editor; waits for the region's officer, where the region wants that.
    Approval,
    Published,
    /// Was published; readers get 410.
    Withdrawn,
}

impl Status {
    pub const ALL: [Status; 6] =
        [Status::Draft, Status::Review, Status::Changes, Status::Approval, Status::Published, Status::Withdrawn];

    /// As the database keeps it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Review => "review",
            Status::Changes => "changes",
            Status::Approval => "approval",
            Status::Published => "published",
            Status::Withdrawn => "withdrawn",
        }
    }

    /// Key of the text that names it.
    pub fn key(self) -> &'static str {
        match self {
            Status::Draft => "newsroom-status-draft",
            Status::Review => "newsroom-status-review",
            Status::Changes => "newsroom-status-changes",
            Status::Approval => "newsroom-status-approval",
            Status::Published => "newsroom-status-published",
            Status::Withdrawn => "newsroom-status-withdrawn",
        }
    }

    /// Icon and colour class of its badge.
    pub fn look(self) -> (&'static str, &'static str) {
        match self {
            Status::Draft => ("write", ""),
            Status::Review => ("eye", "is-brand"),
            Status::Changes => ("chat", "is-caution"),
            Status::Approval => ("clock", "is-brand"),
            Status::Published => ("ok", "is-positive"),
            Status::Withdrawn => ("no", "is-danger"),
        }
    }

    pub fn icon(self) -> &'static str {
        self.look().0
    }

    pub fn tone(self) -> &'static str {
        self.look().1
    }

    pub fn parse(name: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Whether the writer still holds the pen.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Draft | Status::Changes)
    }
}

/// A status that no version of the product wrote.
#[derive(Debug, thiserror::Error)]
#[error("unknown status of an article: {0}")]
pub struct UnknownStatus(String);

impl TryFrom<String> for Status {
    type Error = UnknownStatus;

    fn try_from(name: String) -> Result<Status, UnknownStatus> {
        Status::parse(&name).ok_or(UnknownStatus(name))
    }
}

/// Categories with the keys of their names, in the order they are offered.
pub const CATEGORIES: &[(&str, &str)] = &[
    ("kabar", "newsroom-category-kabar"),
    ("pengumuman", "newsroom-category-pengumuman"),
    ("kesehatan", "newsroom-category-kesehatan"),
    ("pertanian", "newsroom-category-pertanian"),
    ("lingkungan", "newsroom-category-lingkungan"),
    ("usaha", "newsroom-category-usaha"),
    ("budaya", "newsroom-category-budaya"),
    ("pendidikan", "newsroom-category-pendidikan"),
    ("pelayanan", "newsroom-category-pelayanan"),
    ("kebencanaan", "newsroom-category-kebencanaan"),
    ("olahraga", "newsroom-category-olahraga"),
];

/// Key of a category's name; that of `kabar` for one that is not known.
pub fn category_key(category: &str) -> &'static str {
    CATEGORIES.iter().find(|(name, _)| *name == category).map_or("newsroom-category-kabar", |(_, key)| key)
}

/// Key of a language's name.
pub fn lang_key(lang: &str) -> &'static str {
    match lang {
        "en" => "newsroom-lang-en",
        "nij" => "newsroom-lang-nij",
        "bjn" => "newsroom-lang-bjn",
        _ => "newsroom-lang-id",
    }
}

/// Minutes it takes to read so many words; at least one.
pub fn minutes(words: i64) -> i64 {
    ((words + PACE - 1) / PACE).max(1)
}

/// How many words a sanitised body has.
pub fn words(body: &str) -> i64 {
    i64::try_from(plain(body).split_whitespace().count()).unwrap_or(i64::MAX)
}

/// Tags as typed, parted by commas: trimmed, lower-case, without `#`, each once, in order.
pub fn tags(typed: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in typed.split(',') {
        let tag = tag.trim().trim_start_matches('#').to_lowercase();
        let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// The words of an article, as typed or sent: nothing of it is trusted.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub title: &'a str,
    pub lead: &'a str,
    pub body: &'a str,
    pub category: &'a str,
    pub tags: &'a [String],
    pub lang: &'a str,
}

/// How much must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing but the bounds of the database: what the form sends by itself.
    Bounds,
    /// A draft that can be found again: a title.
    Draft,
    /// A story that others will read.
    Story,
}

/// Checks the words. `body_field` is the name that the form or the API uses for the body.
pub fn check(words: Words<'_>, wanted: Wanted, body_field: &str, errors: &mut Errors) {
    if wanted != Wanted::Bounds {
        errors.check(!words.title.trim().is_empty(), "title", "newsroom-title-empty");
    }
    errors.most(words.title.trim(), "title", TITLE_MOST);
    if wanted == Wanted::Story {
        errors.check(!words.lead.trim().is_empty(), "lead", "newsroom-lead-empty");
    }
    errors.most(words.lead.trim(), "lead", LEAD_MOST);
    if words.body.chars().count() > BODY_MOST {
        errors.add_with(body_field, "newsroom-body-long", &[("most", "60.000")]);
    }
    errors.check(CATEGORIES.iter().any(|(name, _)| *name == words.category), "category", "newsroom-category-unknown");
    errors.check(Lang::parse(words.lang).is_some(), lang_field(body_field), "newsroom-lang-unknown");
    errors.check(words.tags.len() <= TAGS_MOST, "tags", "newsroom-tags-many");
    if words.tags.iter().any(|tag| tag.chars().count() > TAG_MOST) {
        errors.add_with("tags", "newsroom-tag-long", &[("most", "30")]);
    }
}

/// The API spells names out.
fn lang_field(body_field: &str) -> &'static str {
    if body_field == "body_html" { "language" } else { "lang" }
}

/// The regency that a code lies in: its first two parts.
fn regency(code: &str) -> &str {
    match code.match_indices('.').nth(1) {
        Some((end, _)) => &code[..end],
        None => code,
    }
}

/// Whether a KIM of `home` may write about `region`: its own regency, or a region above it.
pub fn is_near(region: &str, home: &str) -> bool {
    !region.is_empty() && (base::authz::within(region, regency(home)) || base::authz::within(home, region))
}
