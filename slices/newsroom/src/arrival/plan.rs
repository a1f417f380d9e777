//! Where the stories of an archive will live: at their own address when it is free here, else at the next
//! one to it. Old addresses that are another story's here are given up.
use std::collections::{HashMap, HashSet};

use base::{Conn, Ids, Result};
use web::arrival::Arrival;

use crate::archive::ArticleRow;
use crate::article::{self, store};

/// What was settled before the first story is written.
#[derive(Default)]
pub struct Plan {
    /// Address of each story, by its old id.
    pub slugs: HashMap<i64, String>,
    /// Old addresses of each story that are free here.
    pub former: HashMap<i64, Vec<String>>,
    /// Paths that another page has here, and those that stand for them.
    pub pages: HashMap<String, String>,
}

/// Settles every address.
pub async fn settle(conn: &mut Conn, ids: &Ids, arrival: &mut Arrival, rows: &[ArticleRow]) -> Result<Plan> {
    let mut plan = Plan::default();
    // What another story of the archive has or had is nobody's choice.
    let mut given: HashSet<String> = rows.iter().flat_map(|row| row.former_slugs.iter().chain([&row.slug])).cloned().collect();
    for row in rows {
        let own = if is_slug(&row.slug) { row.slug.clone() } else { article::slug(&row.title) };
        let kept = own == row.slug && is_free(conn, ids, &own).await?;
        let slug = if kept { own } else { next(conn, ids, &own, &given).await? };
        if slug != row.slug {
            arrival.notes.push(format!("/kabar/{} is another story's here; this one stands at /kabar/{slug}", row.slug));
            plan.pages.insert(path(&row.slug), path(&slug));
        }
        for old in &row.former_slugs {
            if is_slug(old) && is_free(conn, ids, old).await? {
                plan.former.entry(row.id).or_default().push(old.clone());
            } else {
                arrival.notes.push(format!("the old address /kabar/{old} is another story's here"));
                plan.pages.insert(path(old), path(&slug));
            }
        }
        given.insert(slug.clone());
        plan.slugs.insert(row.id, slug);
    }
    let home = &arrival.home;
    if home.slug != home.was_slug {
        plan.pages.insert(format!("/kim/{}", home.was_slug), format!("/kim/{}", home.slug));
    }
    Ok(plan)
}

fn path(slug: &str) -> String {
    format!("/kabar/{slug}")
}

/// Whether an address is one that this product may have given.
fn is_slug(slug: &str) -> bool {
    let plain = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain && (1..=120).contains(&slug.len()) && !slug.starts_with('-') && !slug.ends_with('-')
}

async fn is_free(conn: &mut Conn, ids: &Ids, slug: &str) -> Result<bool> {
    Ok(store::free_slug(conn, ids, slug).await? == slug)
}

/// The first free address with a number that no other story of the archive has.
async fn next(conn: &mut Conn, ids: &Ids, wish: &str, given: &HashSet<String>) -> Result<String> {
    let mut n = 2;
    loop {
        let tried = format!("{wish}-{n}");
        if !given.contains(&tried) && is_free(conn, ids, &tried).await? {
            return Ok(tried);
        }
        n += 1;
    }
}
