//! The best of the matches, one page of them, in an order without ties, and the counts beside them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use anyhow::Result;

use super::plan::Plan;
use super::run::{self, Board};
use super::view::{Filter, Labels, Segment, View, within};
use super::{Facet, Query};

/// Values a facet.
const VALUES: usize = 100;

/// The place of a document in the order; the greater is shown first: by score or time, then by kind and id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank<'a> {
    /// Order-preserving bits of the score, or of the time.
    main: u64,
    kind: Reverse<&'a str>,
    id: Reverse<i64>,
    pub segment: u32,
    pub doc: u32,
}

impl Rank<'_> {
    /// The score, for a query with text.
    pub fn score(&self) -> f32 {
        f32::from_bits(self.main as u32)
    }

    /// An opaque text that names this place.
    pub fn cursor(&self) -> String {
        format!("{:x}.{:x}.{}", self.main, self.id.0, self.kind.0)
    }
}

/// Reads a cursor: `None` when it is not one.
fn place(cursor: &str) -> Option<(u64, Reverse<&str>, Reverse<i64>)> {
    let mut parts = cursor.splitn(3, '.');
    let main = u64::from_str_radix(parts.next()?, 16).ok()?;
    let id = u64::from_str_radix(parts.next()?, 16).ok()? as i64;
    Some((main, Reverse(parts.next()?), Reverse(id)))
}

/// Whether a text names a place, as [`Rank::cursor`] writes it.
pub fn is_cursor(text: &str) -> bool {
    place(text).is_some()
}

/// Time to bits in the same order.
fn bits(time: i64) -> u64 {
    (time as u64) ^ (1 << 63)
}

pub struct Page<'a> {
    /// In order, at most `limit`.
    pub ranks: Vec<Rank<'a>>,
    /// Whether more follow.
    pub more: bool,
    pub total: u64,
    pub facets: Vec<Facet>,
}

/// Counts the values of one column over the segments.
#[derive(Default)]
struct Count<'a> {
    total: HashMap<&'a str, u64>,
    here: Vec<u64>,
    numbers: Vec<Option<u64>>,
}

impl<'a> Count<'a> {
    fn add(&mut self, labels: &Labels, docs: &[u32]) {
        self.here.resize(labels.values.len(), 0);
        labels.numbers(docs, &mut self.numbers);
        for number in self.numbers.iter().flatten() {
            if let Some(count) = self.here.get_mut(*number as usize) {
                *count += 1;
            }
        }
    }

    fn close(&mut self, labels: &'a Labels) {
        for (value, count) in labels.values.iter().zip(self.here.drain(..)).filter(|(_, count)| *count > 0) {
            *self.total.entry(value).or_default() += count;
        }
    }

    fn facet(self, name: &'static str) -> Facet {
        let mut values: Vec<_> = self.total.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
        order(&mut values);
        Facet { name, values }
    }
}

fn order(values: &mut Vec<(String, u64)>) {
    values.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    values.truncate(VALUES);
}

/// Counts by the areas one level below `area`, or below the deepest one that holds everything.
fn regions(counts: &HashMap<&str, u64>, area: &str) -> Facet {
    let mut area = area.to_owned();
    loop {
        let mut below: BTreeMap<String, u64> = BTreeMap::new();
        let mut deeper = false;
        for (&code, &count) in counts.iter().filter(|(code, _)| area.is_empty() || within(code, &area)) {
            let start = if area.is_empty() { 0 } else { area.len() + 1 };
            let Some(rest) = code.get(start..).filter(|rest| !rest.is_empty()) else {
                continue;
            };
            let end = rest.find('.').map_or(code.len(), |dot| start + dot);
            deeper |= end < code.len();
            *below.entry(code[..end].to_owned()).or_default() += count;
        }
        if below.len() == 1 && deeper {
            area = below.into_keys().next().unwrap_or_default();
            continue;
        }
        let mut values = below.into_iter().collect();
        order(&mut values);
        return Facet { name: "region", values };
    }
}

type Column = fn(&Segment) -> &Labels;
const COLUMNS: [(&str, Column); 4] =
    [("kind", |s| &s.kind), ("region", |s| &s.region), ("group", |s| &s.group), ("category", |s| &s.category)];

/// Collects one page. Without a plan, everything that passes the filters, newest first. `except` is left out.
pub fn page<'a>(view: &'a View, plan: Option<&Plan>, query: &Query, except: Option<(u32, u32)>) -> Result<Page<'a>> {
    let after = query.after.as_deref().and_then(place);
    let mut best: BinaryHeap<Reverse<Rank<'a>>> = BinaryHeap::with_capacity(query.limit.min(1_000) + 2);
    let keep = query.limit.saturating_add(1);
    let mut total = 0;
    let mut counts: [Count; 4] = Default::default();
    let mut board = Board::new();
    let mut times = Vec::new();
    for (number, segment) in (0u32..).zip(&view.segments) {
        let mut filter = Filter::new(segment, query);
        if filter.excludes_all() {
            continue;
        }
        let mut each = |base: u32, docs: &mut Vec<u32>, scores: &[f32]| {
            filter.apply(docs);
            if let Some((_, doc)) = except.filter(|e| e.0 == number) {
                docs.retain(|d| *d != doc);
            }
            total += docs.len() as u64;
            if query.facets {
                for (count, (_, column)) in counts.iter_mut().zip(COLUMNS) {
                    count.add(column(segment), docs);
                }
            }
            if plan.is_none() {
                times.clear();
                times.resize(docs.len(), None);
                segment.at.first_vals(docs, &mut times);
            }
            for (at, &doc) in docs.iter().enumerate() {
                let main = match plan {
                    Some(_) => u64::from(scores[(doc - base) as usize].to_bits()),
                    None => bits(times[at].unwrap_or_default()),
                };
                let full = best.len() == keep;
                if full && best.peek().is_some_and(|worst| main < worst.0.main) {
                    continue;
                }
                if after.is_some_and(|(last, ..)| main > last) {
                    continue;
                }
                let kind = segment.kind.number(doc).and_then(|n| segment.kind.values.get(n as usize));
                let kind = Reverse(kind.map_or("", String::as_str));
                let id = Reverse(segment.id.first(doc).unwrap_or_default());
                if after.is_some_and(|last| (main, kind, id) >= last) {
                    continue;
                }
                best.push(Reverse(Rank { main, kind, id, segment: number, doc }));
                if full {
                    best.pop();
                }
            }
            Ok(())
        };
        match plan {
            Some(plan) => run::matches(view, number as usize, plan, &mut board, &mut each)?,
            None => run::everything(view, number as usize, &board, &mut each)?,
        }
        if query.facets {
            for (count, (_, column)) in counts.iter_mut().zip(COLUMNS) {
                count.close(column(segment));
            }
        }
    }
    let mut facets = Vec::new();
    if query.facets {
        for (count, (name, _)) in counts.into_iter().zip(COLUMNS) {
            facets.push(match name {
                "region" => regions(&count.total, query.region.as_deref().unwrap_or_default()),
                _ => count.facet(name),
            });
        }
    }
    let mut ranks: Vec<Rank> = best.into_sorted_vec().into_iter().map(|r| r.0).collect();
    let more = ranks.len() > query.limit;
    ranks.truncate(query.limit);
    Ok(Page { ranks, more, total, facets })
}
