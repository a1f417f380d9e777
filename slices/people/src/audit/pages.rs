//! `/kelola/audit`: the rows of a region, filtered and paged.
use std::collections::HashMap;

use askama::Template;
use axum::extract::Query;
use base::Conn;
use base::audit::{self, Asked as Wanted, Class, Row};
use base::authz::within;
use base::clock::DAY;
use serde::Deserialize;
use web::{Ctx, Error, Page, Result, dates, filters};

use super::{AREAS, class, class_key};
use crate::account::{self, Login};
use crate::roles::{self, OPERATOR, OVERSEERS};

const PAGE: i64 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// A login, or `#` and the number of an account.
    pub orang: String,
    /// A class of rows.
    pub jenis: String,
    /// The beginning of an act.
    pub bagian: String,
    pub wilayah: String,
    pub hari: String,
    pub sebelum: String,
}

/// A row in the reader's words.
struct Line {
    at: i64,
    class: &'static str,
    tone: &'static str,
    act: String,
    who: String,
    /// Page of who acted, for the operator.
    who_href: String,
    role: Option<&'static str>,
    grant: Option<i64>,
    on: String,
    region: String,
    about: String,
    detail: String,
    request: String,
    /// Place in the chain; 0 while it waits.
    place: i64,
}

#[derive(Template)]
#[template(path = "audit/show.html")]
struct AuditPage<'a> {
    asked: &'a Asked,
    /// Regions the reader may choose from; empty for the operator.
    regions: Vec<String>,
    areas: &'static [(&'static str, &'static str)],
    kinds: Vec<(&'static str, &'static str)>,
    operator: bool,
    /// The person that was asked for is not known.
    unknown: bool,
    lines: Vec<Line>,
    next: Option<String>,
}

/// The region whose rows are shown; empty for all.
fn region(ctx: &Ctx, asked: &Asked, held: &[String]) -> Result<String> {
    let wanted = asked.wilayah.trim();
    let code = if wanted.is_empty() { held.first().cloned().unwrap_or_default() } else { wanted.to_owned() };
    // Asking for another's region is a refusal like any other.
    ctx.require(OVERSEERS, &code, None)?;
    held.iter().any(|own| within(&code, own)).then_some(code).ok_or(Error::Forbidden)
}

/// The account that was asked for; `Some(0)` for one that is not there.
async fn person(conn: &mut Conn, typed: &str) -> Result<Option<i64>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    if let Some(id) = typed.strip_prefix('#').and_then(|id| id.parse().ok()) {
        return Ok(Some(id));
    }
    let found = account::store::by_login(conn, &Login::read(typed)).await?;
    Ok(Some(found.map_or(0, |found| found.id)))
}

pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page> {
    let actor = ctx.actor()?;
    let operator = actor.holds(&[OPERATOR]);
    let held = if operator { vec![String::new()] } else { actor.regions(OVERSEERS) };
    let region = region(&ctx, &asked, &held)?;
    let mut conn = ctx.kit.db.read().await?;
    let person = person(&mut conn, &asked.orang).await?;
    let day = dates::parse_day(asked.hari.trim(), "62");
    let wanted = Wanted {
        person,
        class: class(&asked.jenis),
        act: AREAS.iter().find(|(area, _)| *area == asked.bagian).map(|(area, _)| (*area).to_owned()).unwrap_or_default(),
        region: region.clone(),
        from: day.unwrap_or(i64::MIN),
        until: day.map_or(i64::MAX, |day| day + DAY),
        before: asked.sebelum.parse().unwrap_or(i64::MAX),
        limit: PAGE + 1,
    };
    let mut rows = audit::list(&mut conn, &wanted).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let names = names(&mut conn, &rows).await?;
    drop(conn);
    ctx.looks_at("people.audit.viewed", (&region, None), ("audit", 0), None).await?;
    let next = rows.last().filter(|_| more).map(|last| address(&asked, last.id));
    let page = AuditPage {
        asked: &asked,
        regions: if operator { Vec::new() } else { held },
        areas: AREAS,
        kinds: Class::ALL.iter().map(|class| (class.name(), class_key(class.name()))).collect(),
        operator,
        unknown: person == Some(0),
        lines: rows.iter().map(|row| line(&ctx, row, &names, operator)).collect(),
        next,
    };
    Ok(ctx.page(ctx.say("people-audit-title"), &page)?.head(|head| head.private = true))
}

fn address(asked: &Asked, before: i64) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let fields = [
        ("orang", &asked.orang),
        ("jenis", &asked.jenis),
        ("bagian", &asked.bagian),
        ("wilayah", &asked.wilayah),
        ("hari", &asked.hari),
    ];
    for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    query.append_pair("sebelum", &before.to_string());
    format!("/kelola/audit?{}", query.finish())
}

async fn names(conn: &mut Conn, rows: &[Row]) -> Result<HashMap<i64, String>> {
    let own = rows.iter().filter(|row| row.subject_kind == "account").map(|row| row.subject_id);
    let mut ids: Vec<i64> = rows.iter().flat_map(|row| [row.actor_id, row.about_id]).flatten().chain(own).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(account::names(conn, &ids).await?)
}

/// Words for a row, without what the columns beside it say.
fn line(ctx: &Ctx, row: &Row, names: &HashMap<i64, String>, operator: bool) -> Line {
    let name = |id: i64| names.get(&id).cloned().unwrap_or_else(|| format!("#{id}"));
    Line {
        at: row.at,
        class: class_key(&row.class),
        tone: match row.class.as_str() {
            "denial" => "is-danger",
            "view" => "is-brand",
            _ => "",
        },
        act: ctx.say_act(&row.act),
        who: row.actor_id.map_or_else(|| ctx.say("people-audit-nobody"), name),
        who_href: row.actor_id.filter(|_| operator).map(|id| format!("/kelola/akun/{id}")).unwrap_or_default(),
        role: row.role.as_deref().map(roles::key),
        grant: row.grant_id,
        on: match row.subject_kind.as_str() {
            "route" | "audit" => String::new(),
            "account" => name(row.subject_id),
            kind => format!("{kind} {}", row.subject_id),
        },
        region: row.region.clone().unwrap_or_default(),
        about: row.about_id.filter(|id| row.subject_kind != "account" || *id != row.subject_id).map(name).unwrap_or_default(),
        detail: row.detail.clone(),
        request: row.request.clone(),
        place: row.position,
    }
}
