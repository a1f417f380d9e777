//! Loads the official regions that the program carries. Running it again changes only what differs;
//! a code that is gone from the data stays, with an end, and no policy is touched.
mod store;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::io::Read as _;
use std::sync::OnceLock;

use anyhow::{Context, anyhow};
use base::{Clock, Conn, Db, Event, Result, Tx};

use crate::region::search_names;

const REGIONS: &[u8] = include_bytes!("../../../../data/regions/regions.tsv.gz");
const ALIASES: &str = include_str!("../../../../data/regions/aliases.tsv");
const CHANGES: &str = include_str!("../../../../data/regions/changes.tsv");

/// One edition of the data, ready to be written.
#[derive(Clone, Debug, Default)]
pub struct Edition {
    /// Current regions and those that were replaced, sorted by code.
    pub(crate) rows: Vec<Row>,
    /// (folded name, code), sorted.
    pub(crate) names: Vec<(String, String)>,
}

/// A row as the data wants it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub code: String,
    pub name: String,
    pub official_name: String,
    pub postal: String,
    pub valid_from: Option<i64>,
    pub valid_until: Option<i64>,
    pub replaced_by: Option<String>,
}

impl Row {
    /// Whether the row that is known says all that this one wants.
    fn fits(&self, known: &Row) -> bool {
        let same_start = self.valid_from.is_none() || self.valid_from == known.valid_from;
        same_start
            && self.name == known.name
            && self.official_name == known.official_name
            && self.postal == known.postal
            && self.valid_until == known.valid_until
            && self.replaced_by == known.replaced_by
    }
}

/// A code that another took the place of.
struct Change<'a> {
    old: &'a str,
    new: &'a str,
    at: i64,
    name: &'a str,
}

/// The data that this program carries; `keep` narrows it by code.
pub fn edition(keep: impl Fn(&str) -> bool) -> Result<Edition> {
    let mut text = String::with_capacity(4 << 20);
    flate2::read::GzDecoder::new(REGIONS).read_to_string(&mut text).context("unpacking the regions")?;
    read(&text, ALIASES, CHANGES, keep)
}

/// Reads the three files of data/regions; see the README there.
pub(crate) fn read(regions: &str, aliases: &str, changes: &str, keep: impl Fn(&str) -> bool) -> Result<Edition> {
    let aliases = read_aliases(aliases);
    let changes = read_changes(changes)?;
    let begun: HashMap<&str, i64> = changes.iter().map(|change| (change.new, change.at)).collect();
    let mut edition = Edition::default();
    for line in regions.lines() {
        let mut cells = line.split('\t');
        let (Some(code), Some(name)) = (cells.next(), cells.next()) else {
            return Err(anyhow!("regions.tsv: a line without a name: {line}").into());
        };
        if !keep(code) {
            continue;
        }
        let others = aliases.get(code).map(Vec::as_slice).unwrap_or_default();
        let shown = others.iter().find(|alias| alias.shown).map_or(name, |alias| alias.name);
        // The shown name is the official one or an alias.
        let all = std::iter::once(name).chain(others.iter().map(|alias| alias.name));
        edition.names.extend(search_names(all).into_iter().map(|folded| (folded, code.to_owned())));
        edition.rows.push(Row {
            code: code.to_owned(),
            name: shown.to_owned(),
            official_name: name.to_owned(),
            postal: cells.next().unwrap_or_default().to_owned(),
            valid_from: begun.get(code).copied(),
            valid_until: None,
            replaced_by: None,
        });
    }
    for change in changes.iter().filter(|change| keep(change.new) && keep(change.old)) {
        edition.rows.push(Row {
            code: change.old.to_owned(),
            name: change.name.to_owned(),
            official_name: change.name.to_owned(),
            postal: String::new(),
            valid_from: None,
            valid_until: Some(change.at),
            replaced_by: Some(change.new.to_owned()),
        });
    }
    edition.rows.sort_unstable_by(|a, b| a.code.cmp(&b.code));
    edition.names.sort_unstable();
    edition.names.dedup();
    Ok(edition)
}

struct Alias<'a> {
    name: &'a str,
    shown: bool,
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with("# ") && !line.trim().is_empty())
}

fn read_aliases(text: &str) -> HashMap<&str, Vec<Alias<'_>>> {
    let mut all: HashMap<&str, Vec<Alias<'_>>> = HashMap::new();
    for line in lines(text) {
        let mut cells = line.split('\t');
        if let (Some(code), Some(name)) = (cells.next(), cells.next()) {
            all.entry(code).or_default().push(Alias { name, shown: cells.next() == Some("display") });
        }
    }
    all
}

fn read_changes(text: &str) -> Result<Vec<Change<'_>>> {
    let mut all = Vec::new();
    for line in lines(text) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [old, new, date, note] = cells[..] else {
            return Err(anyhow!("changes.tsv: four cells a line: {line}").into());
        };
        let at = web::dates::parse_day(date, new).with_context(|| format!("changes.tsv: a date: {line}"))?;
        all.push(Change { old, new, at, name: note.split(':').next().unwrap_or(note) });
    }
    Ok(all)
}

/// Other names of a region, as people write them.
pub fn aliases(code: &str) -> Vec<&'static str> {
    static ALL: OnceLock<HashMap<&'static str, Vec<Alias<'static>>>> = OnceLock::new();
    let all = ALL.get_or_init(|| read_aliases(ALIASES));
    all.get(code).into_iter().flatten().map(|alias| alias.name).collect()
}

/// Rows that one transaction writes: on a slow disk it takes about a second. The whole country, 180,000
/// rows, would keep every other writer waiting for longer than anybody waits for a page.
const MOST: usize = 10_000;

/// The first import began; when the next of these two is missing, it was cut short.
const BEGUN: &str = "regions.import.begun";
const FINISHED: &str = "regions.import.finished";

/// Loads the regions that this program carries and returns how many are current. `progress` hears
/// (done, of all). Cut short, it goes on where it was when it runs again.
pub async fn run(db: &Db, progress: &dyn Fn(u64, u64)) -> Result<u64> {
    let edition = edition(|_| true)?;
    in_parts(db, &edition, Clock::system().now(), MOST, progress).await
}

/// Brings the database to an edition in transactions of at most `most` rows; returns how many regions are
/// current.
async fn in_parts(db: &Db, edition: &Edition, now: i64, most: usize, progress: &dyn Fn(u64, u64)) -> Result<u64> {
    let event = |kind: &str| Event { link: "/wilayah".into(), ..Event::new(now, kind, ("regions", 0)) };
    let mut moment = db.snapshot().await?;
    let cut_short = is_cut_short(&mut moment).await?;
    let plan = plan(&mut moment, edition, cut_short, now).await?;
    moment.commit().await?;
    let total = plan.total() as u64;
    let mut told = Told { done: 0, total, progress };
    let mut tx = db.write().await?;
    if plan.first && !cut_short && plan.total() > most {
        tx.emit(event(BEGUN)).await?;
    }
    let mut held = 0;
    for part in plan.parts(most) {
        if held > 0 && held + part.len() > most {
            tx.commit().await?;
            db.give_way().await;
            tx = db.write().await?;
            held = 0;
        }
        held += part.len();
        put(&mut tx, &part, &mut told).await?;
    }
    let count = store::current(&mut tx).await?;
    if total > 0 || cut_short {
        let data = serde_json::json!({ "written": total, "current": count }).to_string();
        tx.emit(Event { data, ..event(FINISHED) }).await?;
    }
    tx.commit().await?;
    progress(total, total);
    Ok(count)
}

/// Whether the first import began and did not finish.
async fn is_cut_short(conn: &mut Conn) -> Result<bool> {
    let told = base::events::about(conn, "regions", 0).await?;
    let last = told.iter().rfind(|event| event.kind == BEGUN || event.kind == FINISHED);
    Ok(last.is_some_and(|event| event.kind == BEGUN))
}

/// Brings the database to an edition within a transaction of the caller, writing only what differs; returns
/// how many rows it wrote.
pub async fn write(tx: &mut Tx, edition: &Edition, now: i64, progress: &dyn Fn(u64, u64)) -> Result<u64> {
    let plan = plan(tx, edition, false, now).await?;
    let total = plan.total() as u64;
    let mut told = Told { done: 0, total, progress };
    for part in plan.parts(MOST) {
        put(tx, &part, &mut told).await?;
    }
    progress(total, total);
    Ok(total)
}

/// What differs between an edition and the database.
struct Plan {
    /// No region is known yet, or those that are came by the same import.
    first: bool,
    fresh: Vec<Row>,
    changed: Vec<Row>,
    /// (folded name, code), as in the edition.
    stale: Vec<(String, String)>,
    names: Vec<(String, String)>,
}

/// Some of what differs, of one kind.
enum Part<'a> {
    Fresh(&'a [Row]),
    Changed(&'a [Row]),
    Stale(&'a [(String, String)]),
    Names(&'a [(String, String)]),
}

impl Plan {
    fn total(&self) -> usize {
        self.fresh.len() + self.changed.len() + self.stale.len() + self.names.len()
    }

    /// Everything in the order of writing, at most `most` rows a part.
    fn parts(&self, most: usize) -> Vec<Part<'_>> {
        let rows = self.fresh.chunks(most).map(Part::Fresh).chain(self.changed.chunks(most).map(Part::Changed));
        let names = self.stale.chunks(most).map(Part::Stale).chain(self.names.chunks(most).map(Part::Names));
        rows.chain(names).collect()
    }
}

impl Part<'_> {
    fn len(&self) -> usize {
        match self {
            Part::Fresh(rows) | Part::Changed(rows) => rows.len(),
            Part::Stale(names) | Part::Names(names) => names.len(),
        }
    }
}

async fn put(tx: &mut Tx, part: &Part<'_>, told: &mut Told<'_>) -> Result<()> {
    match part {
        Part::Fresh(rows) => store::add_rows(tx, rows, told).await?,
        Part::Changed(rows) => {
            for row in *rows {
                store::change_row(tx, row).await?;
                told.more(1);
            }
        }
        Part::Stale(names) => {
            for (folded, code) in *names {
                store::drop_name(tx, folded, code).await?;
                told.more(1);
            }
        }
        Part::Names(names) => store::add_names(tx, names, told).await?,
    }
    Ok(())
}

async fn plan(conn: &mut Conn, edition: &Edition, cut_short: bool, now: i64) -> Result<Plan> {
    let known = store::rows(conn).await?;
    let known_names = store::names(conn).await?;
    let first = cut_short || known.is_empty();
    let changes = crate::change::all(conn).await?;
    let kept;
    let edition = if changes.is_empty() {
        edition
    } else {
        kept = keep(edition, &known, &known_names, &changes);
        &kept
    };
    let (mut fresh, mut changed) = (Vec::new(), Vec::new());
    beside(
        &edition.rows,
        &known,
        |row| &row.code,
        |wanted, known| match (wanted, known) {
            (Some(row), None) if first => fresh.push(row.clone()),
            // A code that a later edition brings begins with it.
            (Some(row), None) => fresh.push(Row { valid_from: row.valid_from.or(Some(now)), ..row.clone() }),
            (Some(row), Some(old)) if !row.fits(old) => {
                changed.push(Row { valid_from: row.valid_from.or(old.valid_from), ..row.clone() });
            }
            (None, Some(old)) if old.valid_until.is_none() => changed.push(Row { valid_until: Some(now), ..old.clone() }),
            _ => {}
        },
    );
    let (mut names, mut stale) = (Vec::new(), Vec::new());
    beside(
        &edition.names,
        &known_names,
        |name| name,
        |wanted, known| match (wanted, known) {
            (Some(name), None) => names.push(name.clone()),
            (None, Some(name)) => stale.push(name.clone()),
            _ => {}
        },
    );
    Ok(Plan { first, fresh, changed, stale, names })
}

/// The edition with the changes that were made here since: codes that ended stay ended, and regions
/// that began here stay.
fn keep(edition: &Edition, known: &[Row], names: &[(String, String)], changes: &[crate::change::Change]) -> Edition {
    let ended = |code: &str| changes.iter().any(|change| change.old_code == code);
    let listed: std::collections::HashSet<&str> = edition.rows.iter().map(|row| row.code.as_str()).collect();
    let begun = |code: &str| !listed.contains(code) && changes.iter().any(|change| change.new_code == code);
    let mut kept = edition.clone();
    kept.rows.retain(|row| !ended(&row.code));
    kept.rows.extend(known.iter().filter(|row| ended(&row.code) || begun(&row.code)).cloned());
    kept.rows.sort_unstable_by(|a, b| a.code.cmp(&b.code));
    kept.names.retain(|(_, code)| !ended(code));
    kept.names.extend(names.iter().filter(|(_, code)| begun(code) && !ended(code)).cloned());
    kept.names.sort_unstable();
    kept.names.dedup();
    kept
}

/// Walks two sorted lists side by side.
fn beside<'a, T, K: Ord + ?Sized>(
    wanted: &'a [T],
    known: &'a [T],
    key: impl Fn(&T) -> &K,
    mut meet: impl FnMut(Option<&'a T>, Option<&'a T>),
) {
    let (mut wanted, mut known) = (wanted.iter().peekable(), known.iter().peekable());
    loop {
        let order = match (wanted.peek(), known.peek()) {
            (Some(a), Some(b)) => key(a).cmp(key(b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return,
        };
        let a = if order.is_le() { wanted.next() } else { None };
        let b = if order.is_ge() { known.next() } else { None };
        meet(a, b);
    }
}

/// Counts what is written and tells it now and then.
pub(crate) struct Told<'a> {
    done: u64,
    total: u64,
    progress: &'a dyn Fn(u64, u64),
}

impl Told<'_> {
    pub(crate) fn more(&mut self, n: u64) {
        let before = self.done / 1_000;
        self.done += n;
        if self.done / 1_000 != before {
            (self.progress)(self.done, self.total);
        }
    }
}

/// How many regions are current, by level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub provinces: i64,
    pub regencies: i64,
    pub districts: i64,
    pub villages: i64,
}

/// Counts the current regions; all zero before the first import.
pub async fn counts(conn: &mut Conn) -> Result<Counts> {
    let mut counts = Counts::default();
    for (level, n) in store::counts(conn).await? {
        match level {
            1 => counts.provinces = n,
            2 => counts.regencies = n,
            3 => counts.districts = n,
            _ => counts.villages = n,
        }
    }
    Ok(counts)
}
