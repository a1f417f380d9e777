//! `/bina/verifikasi`: the queue of those who verify, and what was decided before.
use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::extract::Query;
use base::Conn;
use base::authz::within;
use base::clock::DAY;
use people::roles::OVERSEERS;
use regions::policy::Table;
use serde::Deserialize;
use web::{Ctx, Error, Errors, Page, Result, filters};

use super::store::{self, Decided, Wanted};
use super::{Case, say_lacks};
use crate::bina::{days_left, left_class, say_left};
use crate::register::rules::{self, Lack};

/// Lines on one page.
const PAGE: usize = 50;
const QUESTION_MOST: usize = 80;

/// What the address asks for; the form of the queue sends the same along.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// One of [`VIEWS`].
    pub status: String,
    pub wilayah: String,
    pub q: String,
    /// Ticked: only what is overdue.
    pub lewat: String,
    pub setelah: String,
}

/// Words of the address, keys of their names, and statuses they count.
pub const VIEWS: [(&str, &str, &[&str]); 4] = [
    ("menunggu", "kim-verify-waiting", &["submitted"]),
    ("dikembalikan", "kim-verify-returned", &["draft"]),
    ("ditolak", "kim-verify-rejected", &["rejected"]),
    ("disetujui", "kim-verify-approved", &["verified", "active", "dormant"]),
];

/// A line of the queue.
struct Line {
    id: i64,
    slug: String,
    name: String,
    place: String,
    since: i64,
    region: String,
    left: String,
    class: &'static str,
    /// What policy asks for and is not there, said.
    lacks: Vec<String>,
    ticked: bool,
}

/// A line of what was decided.
struct Past {
    slug: String,
    name: String,
    place: String,
    number: String,
    region: String,
    at: i64,
    by: String,
}

/// A view with how many it holds.
struct View {
    key: &'static str,
    n: i64,
    href: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "verify/queue.html")]
struct QueuePage {
    place: String,
    asked: Asked,
    views: Vec<View>,
    /// Code and name of the regions that filter; those of the person, the chosen one, and those right below it.
    places: Vec<(String, String)>,
    queue: bool,
    lines: Vec<Line>,
    past: Vec<Past>,
    /// How many the filter finds in the queue.
    found: i64,
    filtered: bool,
    next: Option<String>,
    errors: Errors,
    all: bool,
    /// What is told to all that are approved.
    reason: String,
    key: String,
}

/// Where the person looks: every region they watch over, or the one asked for within them.
pub(super) struct Sight {
    pub roots: Vec<String>,
    pub mine: Vec<String>,
}

pub(super) fn sight(ctx: &Ctx, asked: &str) -> Result<Sight> {
    let mine = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    if mine.is_empty() {
        return Err(Error::Forbidden);
    }
    let asked = asked.trim();
    let roots = match !asked.is_empty() && mine.iter().any(|root| within(asked, root)) {
        true => vec![asked.to_owned()],
        false => mine.clone(),
    };
    Ok(Sight { roots, mine })
}

/// What the queue's filter finds, without where a page begins.
pub(super) fn wanted(asked: &Asked, now: i64) -> Wanted {
    Wanted {
        q: asked.q.trim().chars().take(QUESTION_MOST).collect(),
        // The day of the limit still counts.
        due_before: (!asked.lewat.is_empty()).then_some(now - DAY),
        ..Wanted::default()
    }
}

/// `GET /bina/verifikasi`
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    page(&ctx, &mut conn, asked, &[], false, "", Errors::default()).await
}

pub(super) async fn page(
    ctx: &Ctx,
    conn: &mut Conn,
    mut asked: Asked,
    ticked: &[i64],
    all: bool,
    reason: &str,
    errors: Errors,
) -> Result<Page> {
    let sight = sight(ctx, &asked.wilayah)?;
    if sight.roots == sight.mine && sight.mine.len() != 1 {
        asked.wilayah.clear();
    }
    let view = VIEWS.iter().find(|(code, ..)| *code == asked.status).unwrap_or(&VIEWS[0]);
    asked.status = view.0.to_owned();
    let after = asked.setelah.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    let wanted = Wanted { after, limit: PAGE as i64 + 1, ..wanted(&asked, ctx.now()) };
    let queue = view.0 == VIEWS[0].0;
    let (mut lines, mut past, mut found) = (Vec::new(), Vec::new(), 0);
    let last;
    if queue {
        let (cases, more) = waiting(conn, &sight.roots, &wanted).await?;
        last = cases.last().filter(|_| more).map(|case| (case.submitted_at, case.id));
        for root in &sight.roots {
            found += store::waiting_count(conn, &Wanted { region: root.clone(), ..wanted.clone() }).await?;
        }
        lines = lines_of(ctx, conn, cases, ticked).await?;
    } else {
        let (decided, more) = decided(conn, &sight.roots, view.0, &wanted).await?;
        last = decided.last().filter(|_| more).map(|one| (one.decided_at, one.id));
        past = past_of(conn, decided).await?;
    }
    let page = QueuePage {
        views: views(conn, &sight.roots, &asked).await?,
        places: places(ctx, conn, &sight, &asked.wilayah).await?,
        place: name_of(ctx, conn, sight.roots.first().map_or("", String::as_str)).await?,
        queue,
        lines,
        past,
        found,
        filtered: !wanted.q.is_empty() || wanted.due_before.is_some() || sight.roots != sight.mine,
        next: last.map(|(at, id)| address(&Asked { setelah: format!("{at}.{id}"), ..asked.clone() })),
        errors,
        all,
        reason: reason.to_owned(),
        key: ctx.kit.ids.token(),
        asked,
    };
    let title = ctx.say("kim-verify-title");
    Ok(ctx.page(title, &page)?.section("/bina").head(|head| head.private = true))
}

/// The address of a view of the queue.
fn address(asked: &Asked) -> String {
    let mut query = url::form_urlencoded::Serializer::new("/bina/verifikasi?".to_owned());
    let pairs = [
        ("status", &asked.status),
        ("wilayah", &asked.wilayah),
        ("q", &asked.q),
        ("lewat", &asked.lewat),
        ("setelah", &asked.setelah),
    ];
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    query.finish()
}

/// A page of the queue over several regions, and whether there is more.
async fn waiting(conn: &mut Conn, roots: &[String], wanted: &Wanted) -> Result<(Vec<Case>, bool)> {
    let mut all = Vec::new();
    for root in roots {
        all.extend(store::waiting(conn, &Wanted { region: root.clone(), ..wanted.clone() }).await?);
    }
    all.sort_by_key(|case| (case.submitted_at, case.id));
    let more = all.len() > PAGE;
    all.truncate(PAGE);
    Ok((all, more))
}

/// The groups that wait longest below any of the regions.
pub async fn first(conn: &mut Conn, roots: &[String], most: usize) -> Result<Vec<Case>> {
    let wanted = Wanted { limit: i64::try_from(most).unwrap_or(i64::MAX), ..Wanted::default() };
    let (mut cases, _) = waiting(conn, roots, &wanted).await?;
    cases.truncate(most);
    Ok(cases)
}

/// How many wait below the regions.
pub async fn count(conn: &mut Conn, roots: &[String]) -> Result<i64> {
    let mut n = 0;
    for root in roots {
        n += store::waiting_count(conn, &Wanted { region: root.clone(), ..Wanted::default() }).await?;
    }
    Ok(n)
}

async fn decided(conn: &mut Conn, roots: &[String], view: &str, wanted: &Wanted) -> Result<(Vec<Decided>, bool)> {
    let what = match view {
        "dikembalikan" => "returned",
        "ditolak" => "rejected",
        _ => "approved",
    };
    let mut all = Vec::new();
    for root in roots {
        all.extend(store::decided(conn, what, &Wanted { region: root.clone(), ..wanted.clone() }).await?);
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.decided_at, one.id)));
    let more = all.len() > PAGE;
    all.truncate(PAGE);
    Ok((all, more))
}

async fn lines_of(ctx: &Ctx, conn: &mut Conn, cases: Vec<Case>, ticked: &[i64]) -> Result<Vec<Line>> {
    let mut tables: HashMap<String, Table> = HashMap::new();
    let mut lines = Vec::new();
    for case in cases {
        let regency = case.region.get(..5).unwrap_or(&case.region).to_owned();
        if !tables.contains_key(&regency) {
            let table = Table::load(conn, &regency).await?;
            tables.insert(regency.clone(), table);
        }
        let Some(policies) = tables.get(&regency) else { continue };
        let left = days_left(case.due(), ctx.now());
        let lacks: Vec<Lack> = case.lacks(policies, ctx.now()).into_iter().filter(|lack| lack.is_policy()).collect();
        lines.push(Line {
            left: say_left(ctx, left),
            class: left_class(left),
            lacks: say_lacks(ctx, &lacks),
            ticked: ticked.contains(&case.id),
            id: case.id,
            slug: case.slug,
            name: case.name,
            place: case.region_name,
            since: case.submitted_at,
            region: case.region,
        });
    }
    Ok(lines)
}

async fn past_of(conn: &mut Conn, decided: Vec<Decided>) -> Result<Vec<Past>> {
    let ids: BTreeSet<i64> = decided.iter().filter_map(|one| one.decided_by).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let names = people::account::names(conn, &ids).await?;
    let past = decided.into_iter().map(|one| Past {
        by: one.decided_by.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        slug: one.slug,
        name: one.name,
        place: one.region_name,
        number: one.number.unwrap_or_default(),
        region: one.region,
        at: one.decided_at,
    });
    Ok(past.collect())
}

async fn views(conn: &mut Conn, roots: &[String], asked: &Asked) -> Result<Vec<View>> {
    let mut counts: HashMap<String, i64> = HashMap::new();
    for root in roots {
        for (status, n) in store::standing(conn, root).await? {
            *counts.entry(status).or_default() += n;
        }
    }
    let view = |(code, key, statuses): &(&'static str, &'static str, &[&str])| View {
        key,
        n: statuses.iter().filter_map(|status| counts.get(*status)).sum(),
        href: address(&Asked { status: (*code).into(), setelah: String::new(), lewat: String::new(), ..asked.clone() }),
        chosen: *code == asked.status,
    };
    Ok(VIEWS.iter().map(view).collect())
}

async fn places(ctx: &Ctx, conn: &mut Conn, sight: &Sight, chosen: &str) -> Result<Vec<(String, String)>> {
    let mut places = Vec::new();
    for code in &sight.mine {
        places.push((code.clone(), name_of(ctx, conn, code).await?));
    }
    if !chosen.is_empty() && !sight.mine.iter().any(|code| code == chosen) {
        places.push((chosen.to_owned(), name_of(ctx, conn, chosen).await?));
    }
    if let [root] = sight.roots.as_slice() {
        for region in regions::children(conn, root).await? {
            places.push((region.code, region.name));
        }
    }
    Ok(places)
}

/// A region's name; the country's for the empty code.
pub async fn name_of(ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<String> {
    Ok(match regions::find(conn, code).await? {
        Some(region) => region.name,
        None => ctx.say("kim-country"),
    })
}
