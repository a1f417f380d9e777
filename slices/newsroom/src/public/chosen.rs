//! What a reader narrows the news down to, as the address says it: place, group, category, tag, language.
use base::Conn;
use base::Lang;
use kim::Kim;
use regions::Region;
use web::{Ctx, Error};

use super::asked::{Asked, address};
use super::card::category;
use super::store::Filter;
use crate::article::{CATEGORIES, lang_key};

/// The parts of a filter that are set, each known to exist.
#[derive(Default)]
pub struct Chosen {
    pub region: Option<Region>,
    pub group: Option<Kim>,
    /// Code, or empty.
    pub category: String,
    pub tag: String,
    pub lang: String,
}

/// One part of a filter: what it says and the address without it.
pub struct Chip {
    pub text: String,
    pub without: String,
}

impl Chosen {
    /// Reads an address. What does not exist is missing, so that no list claims to be something else.
    pub async fn read(conn: &mut Conn, asked: &Asked) -> web::Result<Chosen> {
        let mut chosen = Chosen { tag: asked.get("tag").to_lowercase(), ..Chosen::default() };
        if !asked.get("wilayah").is_empty() {
            chosen.region = Some(region(conn, asked.get("wilayah")).await?);
        }
        if !asked.get("kim").is_empty() {
            chosen.group = Some(group(conn, asked.get("kim")).await?);
        }
        chosen.category = category_code(asked.get("kategori"))?;
        chosen.lang = match asked.get("bahasa") {
            "" => String::new(),
            code => Lang::parse(code).ok_or(Error::Missing)?.code().to_owned(),
        };
        Ok(chosen)
    }

    pub fn is_empty(&self) -> bool {
        self.pairs().iter().all(|(_, value)| value.is_empty())
    }

    pub fn filter(&self) -> Filter {
        Filter {
            region: self.code().to_owned(),
            group: self.group.as_ref().map_or(0, |group| group.id),
            category: self.category.clone(),
            tag: self.tag.clone(),
            lang: self.lang.clone(),
        }
    }

    /// Code of the region, or empty.
    pub fn code(&self) -> &str {
        self.region.as_ref().map_or("", |region| &region.code)
    }

    /// Slug of the group, or empty.
    pub fn slug(&self) -> &str {
        self.group.as_ref().map_or("", |group| &group.slug)
    }

    /// Names and values of the address.
    pub fn pairs(&self) -> [(&'static str, &str); 5] {
        [("wilayah", self.code()), ("kim", self.slug()), ("kategori", &self.category), ("tag", &self.tag), ("bahasa", &self.lang)]
    }

    /// The address of a list with this filter, and one value more.
    pub fn address(&self, path: &str, more: (&str, &str)) -> String {
        let mut pairs = self.pairs().to_vec();
        pairs.push(more);
        address(path, &pairs)
    }

    pub fn chips(&self, ctx: &Ctx, path: &str) -> Vec<Chip> {
        let said = |name: &str, value: &str| match name {
            "wilayah" => self.region.as_ref().map_or(String::new(), |region| region.name.clone()),
            "kim" => self.group.as_ref().map_or(String::new(), |group| group.name.clone()),
            "kategori" => category(ctx, value),
            "bahasa" => ctx.say(lang_key(value)),
            _ => format!("#{value}"),
        };
        let pairs = self.pairs();
        let set = pairs.iter().filter(|(_, value)| !value.is_empty());
        set.map(|(name, value)| {
            let others: Vec<(&str, &str)> = pairs.iter().filter(|(of, _)| of != name).copied().collect();
            Chip { text: said(name, value), without: address(path, &others) }
        })
        .collect()
    }

    /// What the list is: "Kesehatan: Kota Palangka Raya".
    pub fn title(&self, ctx: &Ctx) -> String {
        let what = match (self.category.as_str(), self.tag.as_str()) {
            ("", "") => String::new(),
            ("", tag) => format!("#{tag}"),
            (code, "") => category(ctx, code),
            (code, tag) => format!("{} #{tag}", category(ctx, code)),
        };
        let whose = match (&self.group, &self.region) {
            (Some(group), _) => group.name.as_str(),
            (None, Some(region)) => region.name.as_str(),
            (None, None) => "",
        };
        match (what.is_empty(), whose.is_empty()) {
            (true, true) => ctx.say("newsroom-read-news"),
            (true, false) => ctx.say_with("newsroom-read-news-of", &[("name", whose)]),
            (false, true) => what,
            (false, false) => format!("{what}: {whose}"),
        }
    }

    /// Tags of a cached answer that shows this list.
    pub fn tags(&self) -> Vec<String> {
        let group = self.group.as_ref().map(|group| format!("kim:{}", group.id));
        let region = self.region.as_ref().map(|region| format!("region:{}", region.code));
        match (group, region) {
            (None, None) => vec!["articles".into()],
            (group, region) => group.into_iter().chain(region).collect(),
        }
    }

    /// Path and query of the feed of this very list, without the ending.
    pub fn feed(&self) -> (String, String) {
        let set: Vec<_> = self.pairs().into_iter().filter(|(_, value)| !value.is_empty()).collect();
        match set.as_slice() {
            [] => ("/feed".into(), String::new()),
            [("wilayah", code)] => (format!("/wilayah/{code}/feed"), String::new()),
            [("kim", slug)] => (format!("/kim/{slug}/feed"), String::new()),
            [("kategori", code)] => (format!("/kabar/kategori/{code}/feed"), String::new()),
            pairs => ("/feed".into(), address("", pairs)),
        }
    }
}

/// The region of a code.
pub async fn region(conn: &mut Conn, code: &str) -> web::Result<Region> {
    regions::find(conn, code).await?.ok_or(Error::Missing)
}

/// The group of a slug, if anyone may know of it.
pub async fn group(conn: &mut Conn, slug: &str) -> web::Result<Kim> {
    kim::find(conn, slug).await?.filter(|kim| kim.status.is_public()).ok_or(Error::Missing)
}

/// A known category, or the empty one.
pub fn category_code(code: &str) -> web::Result<String> {
    let known = code.is_empty() || CATEGORIES.iter().any(|(name, _)| *name == code);
    if known { Ok(code.to_owned()) } else { Err(Error::Missing) }
}
