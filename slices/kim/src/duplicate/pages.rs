//! Likely duplicates for an overseer: the list, two side by side, and the decision.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::authz::{Scope, within};
use base::{Conn, Event};
use people::roles::OVERSEERS;
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::{Why, merge, pairs, store};
use crate::access::id_of;
use crate::decree;
use crate::member;
use crate::register::{self, Kim, Status, rules, step};

/// KIM that are compared at once.
const COMPARED: i64 = 20_000;
/// Pairs on the page.
const SHOWN: usize = 40;

/// Which region is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub wilayah: String,
}

/// A pair as the page shows it.
struct Line {
    one: Kim,
    two: Kim,
    one_place: String,
    two_place: String,
    why: Vec<Why>,
    near: bool,
}

#[derive(Template)]
#[template(path = "duplicate/list.html")]
struct ListPage {
    place: String,
    others: Vec<(String, String)>,
    lines: Vec<Line>,
    more: bool,
}

/// The region of the page: the one asked for if it is theirs, else the first, or the regency they
/// chose to read when they watch over the whole country.
fn shown(ctx: &Ctx, own: &[String], asked: &str) -> Option<String> {
    if !asked.is_empty() && own.iter().any(|code| within(asked, code)) {
        return Some(asked.to_owned());
    }
    let first = own.first()?;
    let near = ctx.region.as_deref().and_then(|code| code.get(..5)).filter(|_| first.is_empty());
    Some(near.map_or_else(|| first.clone(), str::to_owned))
}

async fn place(ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<String> {
    Ok(match regions::find(conn, code).await? {
        Some(region) => region.name,
        None => ctx.say("kim-country"),
    })
}

pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page> {
    let own = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    let Some(code) = shown(&ctx, &own, &asked.wilayah) else { return Err(Error::Forbidden) };
    let mut conn = ctx.kit.db.read().await?;
    let all = store::seen(&mut conn, &code, COMPARED).await?;
    let apart = store::apart(&mut conn, &code).await?;
    let found = tokio::task::spawn_blocking(move || pairs(&all, &apart)).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    let more = found.len() > SHOWN;
    let mut lines = Vec::new();
    for pair in found.into_iter().take(SHOWN) {
        let (one, two) = (register::by_id(&mut conn, pair.one).await?, register::by_id(&mut conn, pair.two).await?);
        let (Some(one), Some(two)) = (one, two) else { continue };
        lines.push(Line {
            one_place: regions::full_name(&mut conn, &one.region).await?,
            two_place: regions::full_name(&mut conn, &two.region).await?,
            why: pair.why,
            near: pair.near,
            one,
            two,
        });
    }
    let mut others = Vec::new();
    for other in own.iter().filter(|other| **other != code && !other.is_empty()) {
        others.push((other.clone(), place(&ctx, &mut conn, other).await?));
    }
    let page = ListPage { place: place(&ctx, &mut conn, &code).await?, others, lines, more };
    drop(conn);
    Ok(ctx.page(ctx.say("kim-duplicate-title"), &page)?.section("/bina").head(|head| head.private = true))
}

/// What is known of one of the two.
struct Side {
    kim: Kim,
    place: String,
    members: usize,
    decrees: usize,
}

#[derive(Template)]
#[template(path = "duplicate/pair.html")]
struct PairPage {
    sides: [Side; 2],
    reason: String,
    errors: Errors,
    keys: [String; 2],
}

async fn side(conn: &mut Conn, kim: Kim) -> Result<Side> {
    Ok(Side {
        place: regions::full_name(conn, &kim.region).await?,
        members: member::store::current(conn, kim.id).await?.len(),
        decrees: decree::store::all(conn, kim.id).await?.len(),
        kim,
    })
}

/// Both KIM of an address, for someone over both.
async fn open(ctx: &Ctx, conn: &mut Conn, one: &str, two: &str) -> Result<(Kim, Kim)> {
    let (one, two) = (id_of(one)?, id_of(two)?);
    let mut both = Vec::new();
    for id in [one, two] {
        let kim = register::by_id(conn, id).await?.ok_or(Error::Missing)?;
        if !ctx.may(OVERSEERS, &kim.region, Some(kim.id)) {
            return Err(Error::Hidden);
        }
        both.push(kim);
    }
    let (Some(second), Some(first), true) = (both.pop(), both.pop(), one != two) else { return Err(Error::Missing) };
    if first.status == Status::Dissolved || second.status == Status::Dissolved {
        return Err(Error::Conflict("kim-conflict-step"));
    }
    Ok((first, second))
}

async fn pair_page(ctx: &Ctx, conn: &mut Conn, one: Kim, two: Kim, reason: &str, errors: Errors) -> Result<Page> {
    let page = PairPage {
        sides: [side(conn, one).await?, side(conn, two).await?],
        reason: reason.to_owned(),
        errors,
        keys: std::array::from_fn(|_| ctx.kit.ids.token()),
    };
    Ok(ctx.page(ctx.say("kim-duplicate-pair-title"), &page)?.section("/bina").head(|head| head.private = true))
}

pub async fn pair(ctx: Ctx, Path((one, two)): Path<(String, String)>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let (one, two) = open(&ctx, &mut conn, &one, &two).await?;
    pair_page(&ctx, &mut conn, one, two, "", Errors::default()).await
}

/// What the form of a merge holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MergeForm {
    /// Id of the one that stays.
    pub tetap: String,
    pub alasan: String,
}

pub async fn merge(ctx: Ctx, Path((one, two)): Path<(String, String)>, form: Form<MergeForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let (one, two) = open(&ctx, &mut conn, &one, &two).await?;
    // Rights go over for good: not by a stand-in, and nobody merges what they are in themselves.
    for kim in [&one, &two] {
        if !ctx.owns(OVERSEERS, &kim.region, Some(kim.id)) {
            return Err(Error::Refused("kim-deputy-refused"));
        }
        if ctx.actor()?.grants.iter().any(|grant| grant.scope == Scope::Group(kim.id)) {
            return Err(Error::Conflict("kim-duplicate-own"));
        }
    }
    let reason = form.data.alasan.trim();
    let chosen = form.data.tetap.parse::<i64>().ok().filter(|id| [one.id, two.id].contains(id));
    let mut errors = Errors::default();
    errors.check(chosen.is_some(), "tetap", "kim-duplicate-which");
    errors.most(reason, "alasan", rules::REASON_MOST);
    if !errors.is_empty() {
        return Ok(pair_page(&ctx, &mut conn, one, two, reason, errors).await?.invalid().into_response());
    }
    let (stays, goes) = if chosen == Some(one.id) { (one, two) } else { (two, one) };
    let place = regions::full_name(&mut conn, &stays.region).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    merge::run(&ctx, &mut tx, &stays, &goes, &place, reason).await?;
    let values = [("goes", goes.name.as_str()), ("stays", &stays.name)];
    let answer = ctx.onward_with("/bina/ganda", "positive", "kim-duplicate-done", &values);
    ctx.commit(tx, &form, answer).await
}

/// Nothing but its key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Nothing {}

/// Notes that two KIM are two, so that nobody is asked again.
pub async fn part(ctx: Ctx, Path((one, two)): Path<(String, String)>, form: Form<Nothing>) -> Result<Response> {
    let account = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let (one, two) = open(&ctx, &mut conn, &one, &two).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    store::set_apart(&mut tx, one.id, two.id, account, ctx.now()).await?;
    let data = json!({ "other": two.id }).to_string();
    tx.emit(Event { data, ..step::event(&ctx, &one, "kim.group.parted") }).await?;
    let answer = ctx.onward("/bina/ganda", "kim-duplicate-parted");
    ctx.commit(tx, &form, answer).await
}
