//! How a story looks in lists: the row joined with the group and place that people know it by.
use web::Ctx;

use super::store::{Group, Story};
use crate::article::{category_key, minutes};

/// A picture in the sizes that `base::pictures` wrote.
#[derive(Clone, Debug)]
pub struct Cover {
    pub name: String,
    pub width: i64,
    pub height: i64,
    pub alt: String,
}

impl Cover {
    /// Path of one size; `end` is `webp` or `jpg`.
    pub fn path(&self, width: u32, end: &str) -> String {
        base::pictures::path(&self.name, width, end)
    }

    /// The sizes with their true widths: a narrow picture has no larger ones.
    pub fn srcset(&self, end: &str) -> String {
        let mut widths = base::pictures::WIDTHS;
        widths.sort_unstable();
        let mut parts = Vec::new();
        for width in widths {
            let real = i64::from(width).min(self.width);
            parts.push(format!("{} {real}w", self.path(width, end)));
            if i64::from(width) >= self.width {
                break;
            }
        }
        parts.join(", ")
    }
}

/// The group behind a story.
#[derive(Clone, Debug)]
pub struct Author {
    pub name: String,
    pub href: String,
    pub place: String,
    /// Logo or woven emblem: safe HTML.
    pub mark: String,
}

impl Author {
    pub fn of(group: &Group) -> Author {
        Author {
            name: group.name.clone(),
            href: format!("/kim/{}", group.slug),
            place: group.place.clone(),
            mark: mark(&group.slug, group.logo.as_deref()),
        }
    }
}

fn mark(slug: &str, logo: Option<&str>) -> String {
    match logo {
        Some(name) => {
            let path = web::feed::escape(&base::pictures::path(name, 320, "webp"));
            format!("<img class=\"logo\" src=\"{path}\" width=\"40\" height=\"40\" alt=\"\">")
        }
        None => kim::emblem(slug),
    }
}

/// A story in a list.
#[derive(Clone, Debug)]
pub struct Card {
    pub href: String,
    pub title: String,
    pub lead: String,
    /// Said in the reader's language.
    pub category: String,
    pub category_code: String,
    pub place: String,
    /// For the time zone.
    pub region: String,
    pub at: i64,
    pub minutes: i64,
    /// Set when it is not the reader's language.
    pub lang: String,
    pub author: Author,
    pub cover: Option<Cover>,
}

/// The path of an article.
pub fn path(slug: &str) -> String {
    format!("/kabar/{slug}")
}

/// The name of a category in the reader's language.
pub fn category(ctx: &Ctx, code: &str) -> String {
    ctx.say(category_key(code))
}

impl Story {
    pub fn author(&self) -> Author {
        let (slug, name) = (self.group_slug.clone(), self.group_name.clone());
        Author::of(&Group { slug, name, logo: self.group_logo.clone(), place: self.place.clone() })
    }

    pub fn cover(&self) -> Option<Cover> {
        Some(Cover {
            name: self.cover.clone()?,
            width: self.cover_width?.max(1),
            height: self.cover_height?.max(1),
            alt: self.cover_alt.clone().unwrap_or_default(),
        })
    }
}

/// Stories as lists show them.
pub fn cards(ctx: &Ctx, stories: &[Story]) -> Vec<Card> {
    stories.iter().map(|story| card(ctx, story)).collect()
}

/// A story as a list shows it.
pub fn card(ctx: &Ctx, story: &Story) -> Card {
    Card {
        href: path(&story.slug),
        title: story.title.clone(),
        lead: story.lead.clone(),
        category: category(ctx, &story.category),
        category_code: story.category.clone(),
        place: story.place.clone(),
        region: story.region.clone(),
        at: story.published_at,
        minutes: minutes(story.words),
        lang: other_lang(ctx, &story.lang),
        author: story.author(),
        cover: story.cover(),
    }
}

/// The language of a text when it is not the reader's; empty otherwise.
pub fn other_lang(ctx: &Ctx, lang: &str) -> String {
    if lang == ctx.lang.code() { String::new() } else { lang.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_picture_has_no_larger_sizes() {
        let mut cover = Cover { name: "ab".into(), width: 700, height: 500, alt: String::new() };
        assert_eq!(cover.srcset("webp"), "/media/ab-320.webp 320w, /media/ab-800.webp 700w");
        cover.width = 4000;
        assert_eq!(cover.srcset("jpg"), "/media/ab-320.jpg 320w, /media/ab-800.jpg 800w, /media/ab-1600.jpg 1600w");
    }
}
