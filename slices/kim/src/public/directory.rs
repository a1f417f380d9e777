//! The directory of KIM: search, filters, and pages that go on by "Berikutnya".
use askama::Template;
use axum::extract::Query;
use regions::picker::{self, Resolved};
use serde::Deserialize;
use web::{Ctx, Page, Result, filters};

use super::store::{self, Listed, Wanted};
use crate::register::{OPEN, Status, rules};

/// Groups on one page.
const PAGE: i64 = 24;
/// Longest question, in characters.
const QUESTION_MOST: usize = 80;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub q: String,
    pub wilayah: String,
    pub wilayah_q: String,
    pub tema: String,
    pub status: String,
    pub setelah: String,
}

#[derive(Template)]
#[template(path = "public/directory.html")]
struct DirectoryPage {
    asked: Asked,
    /// Name of the region that filters.
    place: Option<String>,
    picker: String,
    list: Vec<Listed>,
    themes: Vec<(&'static str, &'static str)>,
    statuses: [Status; 3],
    filtered: bool,
    next: Option<String>,
    /// The same list as files.
    xlsx: String,
    csv: String,
}

/// An address with the same filters.
fn with_filters(path: &str, asked: &Asked, region: &str, last: Option<i64>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let pairs = [("q", asked.q.as_str()), ("wilayah", region), ("tema", &asked.tema), ("status", &asked.status)];
    for (name, value) in pairs {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if let Some(last) = last {
        query.append_pair("setelah", &last.to_string());
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

pub async fn list(ctx: Ctx, Query(mut asked): Query<Asked>) -> Result<Page> {
    asked.q = asked.q.trim().chars().take(QUESTION_MOST).collect();
    let mut conn = ctx.kit.db.read().await?;
    let mut place = None;
    let mut which = None;
    if !asked.wilayah.is_empty() || !asked.wilayah_q.trim().is_empty() {
        match picker::resolve(&mut conn, &asked.wilayah, &asked.wilayah_q).await? {
            Resolved::One(region) => place = Some(region),
            _ => which = Some(picker::offer(&ctx, &mut conn, "wilayah", &asked.wilayah_q).await?),
        }
    }
    let region = place.as_ref().map(|region| region.code.clone()).unwrap_or_default();
    let wanted = Wanted {
        q: asked.q.clone(),
        region: region.clone(),
        theme: if rules::theme_key(&asked.tema).is_some() { asked.tema.clone() } else { String::new() },
        status: Status::parse(&asked.status).filter(|status| status.is_open()),
        after: asked.setelah.parse().ok(),
        limit: PAGE + 1,
        listings: true,
    };
    let mut list = store::list(&mut conn, &wanted).await?;
    let more = list.len() > PAGE as usize;
    list.truncate(PAGE as usize);
    let picker = match which {
        Some(offer) => offer,
        None => picker::render(&ctx, &mut conn, "wilayah", &region).await?,
    };
    drop(conn);
    let filtered = !wanted.q.is_empty() || !region.is_empty() || !wanted.theme.is_empty() || wanted.status.is_some();
    let page = DirectoryPage {
        next: list.last().filter(|_| more).map(|last| with_filters("/kim", &asked, &region, Some(last.id))),
        xlsx: with_filters("/kim/ekspor/kim.xlsx", &asked, &region, None),
        csv: with_filters("/kim/ekspor/kim.csv", &asked, &region, None),
        place: place.map(|region| region.name),
        picker,
        list,
        themes: rules::THEMES.to_vec(),
        statuses: OPEN,
        filtered,
        asked,
    };
    let title = match &page.place {
        Some(place) => ctx.say_with("kim-directory-in", &[("place", place)]),
        None => ctx.say("kim-directory-title"),
    };
    let description = ctx.say("kim-directory-description");
    let paged = wanted.after.is_some() || filtered;
    let answer = ctx.page(title, &page)?.section("/kim").head(|head| {
        head.description = description;
        head.private = paged;
    });
    // Questions are too many to keep an answer to each.
    let asks = !wanted.q.is_empty() || !page.asked.wilayah_q.is_empty();
    Ok(if asks { answer } else { answer.tags(vec!["kim".into()]) })
}
