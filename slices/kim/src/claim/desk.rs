//! The claims that wait for an overseer, and the decision.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::authz::Scope;
use base::{Conn, Event, Tx};
use people::roles::{EDITOR, OFFICER, OVERSEERS};
use regions::fold;
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::REASON_MOST;
use super::store::{self, Claim};
use crate::access::id_of;
use crate::member::{self, Office};
use crate::register::{self, Kim, rules, step};
use crate::term::{self, Held};

/// A claim as the page shows it.
struct Line {
    claim: Claim,
    kim: Kim,
    place: String,
    /// Who claims it.
    person: String,
    /// Names on the roster, when one was imported.
    roster: Vec<String>,
    keys: [String; 2],
}

#[derive(Template)]
#[template(path = "claim/desk.html")]
struct DeskPage {
    lines: Vec<Line>,
    errors: Errors,
    /// The claim whose form has the errors.
    tried: i64,
    answer: String,
}

async fn page(ctx: &Ctx, conn: &mut Conn, tried: i64, answer: String, errors: Errors) -> Result<Page> {
    let codes = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    let claims = store::waiting(conn, &codes).await?;
    let people: Vec<i64> = claims.iter().map(|claim| claim.account_id).collect();
    let names = people::account::names(conn, &people).await?;
    let mut lines = Vec::new();
    for claim in claims {
        let Some(kim) = register::by_id(conn, claim.group_id).await? else { continue };
        let roster = member::store::current(conn, kim.id).await?;
        lines.push(Line {
            place: regions::full_name(conn, &kim.region).await?,
            person: names.get(&claim.account_id).cloned().unwrap_or_default(),
            roster: roster.into_iter().map(|member| member.name).collect(),
            keys: std::array::from_fn(|_| ctx.kit.ids.token()),
            claim,
            kim,
        });
    }
    let page = DeskPage { lines, errors, tried, answer };
    Ok(ctx.page(ctx.say("kim-claim-desk-title"), &page)?.section("/bina").head(|head| head.private = true))
}

pub async fn list(ctx: Ctx) -> Result<Page> {
    ctx.looks_at("kim.claims.viewed", ("", None), ("claims", 0), None).await?;
    let mut conn = ctx.kit.db.read().await?;
    page(&ctx, &mut conn, 0, String::new(), Errors::default()).await
}

/// What the forms of a decision hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DecideForm {
    pub alasan: String,
}

/// A claim of an address with its KIM, for someone over its region.
async fn open(ctx: &Ctx, conn: &mut Conn, id: &str) -> Result<(Claim, Kim)> {
    let claim = store::get(conn, id_of(id)?).await?.ok_or(Error::Missing)?;
    let kim = register::by_id(conn, claim.group_id).await?.ok_or(Error::Missing)?;
    if !ctx.may(OVERSEERS, &kim.region, Some(kim.id)) {
        return Err(Error::Hidden);
    }
    // Nobody gives a KIM to themselves.
    if Some(claim.account_id) == ctx.account_id() {
        return Err(Error::Conflict("kim-claim-conflict-own"));
    }
    if claim.is_waiting() { Ok((claim, kim)) } else { Err(Error::Conflict("kim-claim-conflict-decided")) }
}

pub async fn accept(ctx: Ctx, Path(id): Path<String>, form: Form<DecideForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let (claim, kim) = open(&ctx, &mut conn, &id).await?;
    // It gives rights that last: whoever stands in leaves it to the official.
    if !ctx.owns(OVERSEERS, &kim.region, Some(kim.id)) {
        return Err(Error::Refused("kim-deputy-refused"));
    }
    let name = people::account::names(&mut conn, &[claim.account_id]).await?.remove(&claim.account_id).ok_or(Error::Missing)?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let decided = store::decide(&mut tx, claim.id, "accepted", "", ctx.account_id(), ctx.now()).await?;
    if !decided || !store::give_away(&mut tx, kim.id, claim.account_id, ctx.now()).await? {
        return Err(Error::Conflict("kim-claim-conflict-decided"));
    }
    enter(&ctx, &mut tx, &kim, &claim, &name).await?;
    let to_person = json!({
        "claim": claim.id, "notify": [claim.account_id], "notice": "kim-claim-notice-accepted",
        "notice_link": format!("/meja/kim/{}", kim.slug)
    });
    tx.emit(Event { data: to_person.to_string(), ..step::event(&ctx, &kim, "kim.claim.accepted") }).await?;
    for other in store::waiting_on(&mut tx, kim.id).await? {
        store::decide(&mut tx, other.id, "refused", "", ctx.account_id(), ctx.now()).await?;
        refused(&ctx, &mut tx, &kim, &other).await?;
    }
    let answer = ctx.onward_with("/bina/klaim", "positive", "kim-claim-done-accepted", &[("name", &kim.name)]);
    ctx.commit(tx, &form, answer).await
}

/// Puts the claimant on the roster, as whom it names already when it does, with the rights to keep it.
async fn enter(ctx: &Ctx, tx: &mut Tx, kim: &Kim, claim: &Claim, name: &str) -> Result<()> {
    let roster = member::store::current(tx, kim.id).await?;
    let named = roster.iter().find(|member| member.account_id.is_none() && fold(&member.name) == fold(name));
    let chaired = roster.iter().any(|member| member.office == Office::Chair);
    let office = match claim.office {
        Office::Chair if chaired => Office::Secretary,
        office => office,
    };
    match named {
        Some(member) => {
            let row = member::store::NewMember {
                account_id: Some(claim.account_id),
                name: &member.name,
                office: member.office,
                division: &member.division,
                joined_at: member.joined_at,
                show: member.show,
            };
            member::store::change(tx, member.id, &row).await?;
        }
        None => {
            let row = member::store::NewMember {
                account_id: Some(claim.account_id),
                name,
                office,
                division: "",
                joined_at: ctx.now(),
                show: false,
            };
            let id = member::store::add(tx, kim.id, &row).await?;
            let held = Held { group: kim.id, region: &kim.region, member: id, office, division: "", from: ctx.now() };
            term::follow(tx, &held).await?;
        }
    }
    for role in [OFFICER, EDITOR] {
        ctx.vet(tx, claim.account_id, role, &Scope::Group(kim.id), None).await?;
        people::grant::give(tx, claim.account_id, role, &Scope::Group(kim.id), ctx.account_id(), ctx.now(), None).await?;
    }
    Ok(())
}

async fn refused(ctx: &Ctx, tx: &mut Tx, kim: &Kim, claim: &Claim) -> Result<()> {
    let data = json!({
        "claim": claim.id, "notify": [claim.account_id], "notice": "kim-claim-notice-refused",
        "notice_link": format!("{}/klaim", kim.path())
    });
    Ok(tx.emit(Event { data: data.to_string(), ..step::event(ctx, kim, "kim.claim.refused") }).await?)
}

pub async fn refuse(ctx: Ctx, Path(id): Path<String>, form: Form<DecideForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let (claim, kim) = open(&ctx, &mut conn, &id).await?;
    let reason = form.data.alasan.trim();
    let mut errors = Errors::default();
    errors.text(reason, "alasan", "kim-reason-empty", REASON_MOST);
    if !errors.is_empty() {
        let typed = form.data.alasan.clone();
        return Ok(page(&ctx, &mut conn, claim.id, typed, errors).await?.invalid().into_response());
    }
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    if !store::decide(&mut tx, claim.id, "refused", reason, ctx.account_id(), ctx.now()).await? {
        return Err(Error::Conflict("kim-claim-conflict-decided"));
    }
    refused(&ctx, &mut tx, &kim, &claim).await?;
    let answer = ctx.onward_with("/bina/klaim", "positive", "kim-claim-done-refused", &[("name", &kim.name)]);
    ctx.commit(tx, &form, answer).await
}
