//! Search for people: what was found, why, and ways to narrow it down.
use askama::Template;
use base::Conn;
use base::search::{Facet, Found, Hit, Query};
use regions::Region;
use web::{Ctx, Page, dates, filters};

use super::asked::{Asked, address};
use super::card::category;
use super::chosen::{Chip, Chosen};

/// Results a page.
const PAGE: usize = 15;
/// Values shown of a facet.
const VALUES: usize = 8;
/// Regions shown above the results.
const PLACES: i64 = 3;
/// Kinds with the keys of their names.
pub const KINDS: &[(&str, &str)] = &[("article", "newsroom-read-kind-article"), ("kim", "newsroom-read-kind-kim")];

#[derive(Template)]
#[template(path = "public/search.html")]
struct Search {
    q: String,
    asked: Vec<(&'static str, String)>,
    hits: Vec<Shown>,
    total: i64,
    /// The text as understood, and its address.
    corrected: Option<(String, String)>,
    places: Vec<Place>,
    facets: Vec<Part>,
    chips: Vec<Chip>,
    from: String,
    until: String,
    next: Option<String>,
    first: bool,
}

struct Shown {
    hit: Hit,
    kind: &'static str,
    icon: &'static str,
    category: String,
}

struct Place {
    name: String,
    href: String,
}

/// One facet: its heading and values with counts.
struct Part {
    heading: &'static str,
    values: Vec<(String, i64, String)>,
}

/// `GET /cari`
pub async fn show(ctx: Ctx) -> web::Result<Page> {
    let asked = Asked::of(&ctx);
    let mut conn = ctx.kit.db.read().await?;
    let chosen = Chosen::read(&mut conn, &asked).await?;
    let q = asked.get("q").to_owned();
    let kind = KINDS.iter().map(|(kind, _)| *kind).find(|kind| *kind == asked.get("jenis")).unwrap_or("");
    let zone = chosen.code().to_owned();
    let day = |name: &str| dates::parse_day(asked.get(name), &zone);
    let (from, until) = (day("dari"), day("sampai"));
    let own = [
        ("q", q.clone()),
        ("jenis", kind.to_owned()),
        ("wilayah", chosen.code().to_owned()),
        ("kim", chosen.slug().to_owned()),
        ("kategori", chosen.category.clone()),
        ("dari", from.map_or(String::new(), |at| dates::day(at, &zone))),
        ("sampai", until.map_or(String::new(), |at| dates::day(at, &zone))),
    ];
    let wanted = own.iter().any(|(_, value)| !value.is_empty());
    let found =
        if wanted { find(&ctx, query(&q, kind, &chosen, (from, until), asked.get("lanjut"))).await? } else { Found::default() };
    let places = if q.is_empty() { Vec::new() } else { regions::search(&mut conn, &q, PLACES).await? };
    let facets = parts(&ctx, &mut conn, &own, found.facets).await?;
    let page = Search {
        hits: found.items.into_iter().map(|hit| shown(&ctx, hit)).collect(),
        total: i64::try_from(found.total).unwrap_or(i64::MAX),
        corrected: found.corrected.map(|text| {
            let to = with(&own, "q", &text);
            (text, to)
        }),
        places: places.into_iter().map(place).collect(),
        facets,
        chips: chips(&ctx, &own, &chosen),
        next: found.next.map(|mark| {
            let mut all = own.to_vec();
            all.push(("lanjut", mark));
            link(&all)
        }),
        first: asked.get("lanjut").is_empty(),
        from: own[5].1.clone(),
        until: own[6].1.clone(),
        asked: own
            .iter()
            .filter(|(name, value)| !matches!(*name, "q" | "dari" | "sampai") && !value.is_empty())
            .cloned()
            .collect(),
        q: q.clone(),
    };
    let title =
        if q.is_empty() { ctx.say("newsroom-read-search") } else { ctx.say_with("newsroom-read-search-for", &[("q", &q)]) };
    let page = ctx.page(title, &page)?.section("/cari");
    // The box itself may be kept by search engines; answers may not.
    Ok(page.head(|head| head.private = wanted))
}

fn query(q: &str, kind: &str, chosen: &Chosen, times: (Option<i64>, Option<i64>), after: &str) -> Query {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Query {
        text: q.to_owned(),
        kinds: some(kind).into_iter().collect(),
        region: some(chosen.code()),
        group: some(chosen.slug()),
        category: some(&chosen.category),
        from: times.0,
        // The last day counts whole.
        until: times.1.map(|at| at.saturating_add(base::clock::DAY)),
        limit: PAGE,
        after: some(after),
        facets: true,
    }
}

/// Asks the index away from the threads that serve.
pub async fn find(ctx: &Ctx, query: Query) -> web::Result<Found> {
    let index = ctx.kit.index.clone();
    super::blocking(move || index.find(&query)).await
}

fn shown(ctx: &Ctx, hit: Hit) -> Shown {
    let kind = KINDS.iter().find(|(kind, _)| *kind == hit.kind).map_or("newsroom-read-kind-other", |(_, key)| *key);
    let icon = if hit.kind == "kim" { "people" } else { "news" };
    let category = if hit.kind == "article" { category(ctx, &hit.category) } else { String::new() };
    Shown { hit, kind, icon, category }
}

fn place(region: Region) -> Place {
    Place { href: region.url(), name: region.name }
}

type Own = [(&'static str, String)];

fn link(pairs: &Own) -> String {
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    address("/cari", &pairs)
}

fn with(own: &Own, name: &str, value: &str) -> String {
    let all: Vec<_> = own.iter().map(|(of, old)| (*of, if *of == name { value.to_owned() } else { old.clone() })).collect();
    link(&all)
}

fn chips(ctx: &Ctx, own: &Own, chosen: &Chosen) -> Vec<Chip> {
    let said = |name: &str, value: &str| match name {
        "jenis" => KINDS.iter().find(|(kind, _)| *kind == value).map_or(String::new(), |(_, key)| ctx.say(key)),
        "wilayah" => chosen.region.as_ref().map_or(String::new(), |region| region.name.clone()),
        "kim" => chosen.group.as_ref().map_or(String::new(), |group| group.name.clone()),
        "kategori" => category(ctx, value),
        "dari" => ctx.say_with("newsroom-read-since", &[("day", value)]),
        _ => ctx.say_with("newsroom-read-until", &[("day", value)]),
    };
    let set = own.iter().filter(|(name, value)| *name != "q" && !value.is_empty());
    set.map(|(name, value)| Chip { text: said(name, value), without: with(own, name, "") }).collect()
}

/// Facets as links, without those that would change nothing.
async fn parts(ctx: &Ctx, conn: &mut Conn, own: &Own, facets: Vec<Facet>) -> web::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for facet in facets {
        let (name, heading) = match facet.name {
            "kind" => ("jenis", "newsroom-read-facet-kind"),
            "region" => ("wilayah", "newsroom-read-facet-region"),
            "group" => ("kim", "newsroom-read-facet-group"),
            _ => ("kategori", "newsroom-read-facet-category"),
        };
        let current = own.iter().find(|(of, _)| *of == name).map_or("", |(_, value)| value);
        let mut values = Vec::new();
        for (value, count) in facet.values.into_iter().filter(|(value, _)| value != current && !value.is_empty()).take(VALUES) {
            let Some(text) = facet_name(ctx, conn, name, &value).await? else { continue };
            values.push((text, i64::try_from(count).unwrap_or(i64::MAX), with(own, name, &value)));
        }
        if values.len() > 1 || (name == "wilayah" && !values.is_empty()) {
            parts.push(Part { heading, values });
        }
    }
    Ok(parts)
}

/// What a value of a facet is called; none when there is no such thing.
pub async fn facet_name(ctx: &Ctx, conn: &mut Conn, name: &str, value: &str) -> web::Result<Option<String>> {
    Ok(match name {
        "jenis" => KINDS.iter().find(|(kind, _)| *kind == value).map(|(_, key)| ctx.say(key)),
        "wilayah" => regions::find(conn, value).await?.map(|region| region.name),
        "kim" => kim::find(conn, value).await?.map(|group| group.name),
        _ => Some(category(ctx, value)),
    })
}
