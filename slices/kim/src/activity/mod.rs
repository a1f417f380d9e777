//! What a KIM published, month by month, derived from the newsroom's events and rebuildable.
pub mod store;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use base::events::{self, Listener};
use base::{Event, Result, Tx};
use web::dates;

pub use store::Month;

const PUBLISHED: &str = "newsroom.article.published";
const REPUBLISHED: &str = "newsroom.article.republished";
const WITHDRAWN: &str = "newsroom.article.withdrawn";
const MOVED: &str = "newsroom.article.moved";
const MERGED: &str = "kim.group.merged";

/// Counts published articles per group and month.
pub struct Activity;

#[async_trait]
impl Listener for Activity {
    fn name(&self) -> &'static str {
        "kim.activity"
    }

    fn wants(&self, kind: &str) -> bool {
        matches!(kind, PUBLISHED | REPUBLISHED | WITHDRAWN | MOVED | MERGED)
    }

    async fn hear(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let Some(group) = event.group_id else { return Ok(()) };
        let month = match event.kind.as_str() {
            MERGED => {
                return match event.json()["into"].as_i64() {
                    Some(into) => store::merge(tx, group, into).await,
                    None => Ok(()),
                };
            }
            MOVED => {
                let Some((was, month)) = store::give(tx, event.subject_id, group).await? else { return Ok(()) };
                store::count(tx, was, &month).await?;
                Some(month)
            }
            WITHDRAWN => store::take_back(tx, event.subject_id).await?,
            _ => {
                let first = first_published(tx, event).await?;
                let month = month_of(first.at, first.region.as_deref().unwrap_or(""));
                if store::put(tx, event.subject_id, group, &month, first.at).await? {
                    store::count_one(tx, group, &month, first.at).await?;
                }
                None
            }
        };
        match month {
            Some(month) => store::count(tx, group, &month).await,
            None => Ok(()),
        }
    }

    async fn forget(&self, tx: &mut Tx) -> Result<()> {
        store::forget(tx).await
    }
}

/// The event by which an article counts: one that comes back counts where it was first published.
async fn first_published(tx: &mut Tx, event: &Event) -> Result<Event> {
    if event.kind == PUBLISHED {
        return Ok(event.clone());
    }
    let told = events::about(tx, "article", event.subject_id).await?;
    Ok(told.into_iter().find(|told| told.kind == PUBLISHED).unwrap_or_else(|| event.clone()))
}

/// The month of a moment in a region, like `2026-11`.
pub fn month_of(at: i64, region: &str) -> String {
    dates::day(at, region).get(..7).unwrap_or_default().to_owned()
}

/// The last `n` months up to the one of `now`, oldest first, with zero where nothing was published.
pub fn last_months(found: &[Month], n: usize, now: i64, region: &str) -> Vec<Month> {
    let today = dates::local(now, region);
    let (mut year, mut month) = (i64::from(today.year()), i64::from(today.month()));
    let mut months = Vec::new();
    for _ in 0..n {
        let name = format!("{year:04}-{month:02}");
        let articles = found.iter().find(|m| m.month == name).map_or(0, |m| m.articles);
        months.push(Month { month: name, articles });
        month -= 1;
        if month == 0 {
            (year, month) = (year - 1, 12);
        }
    }
    months.reverse();
    months
}
