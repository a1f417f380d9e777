//! Approving many at once: one form, one transaction; what lacks something is named and skipped.
use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::authz::{Actor, within};
use base::{Conn, Event, Tx};
use people::roles::OVERSEERS;
use regions::policy::Table;
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::queue::{self, Asked};
use super::store::{self, Wanted};
use super::{Case, Numbering, Numbers, say_lacks};
use crate::access::{id_of, is_inside};
use crate::register::rules::{self, Lack};
use crate::register::{Status, Step};

/// Groups that one approval takes; the rest waits for the next.
const MOST: usize = 2_000;

/// What the form of the queue sends: the ticked groups, or all that its filter finds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ApproveForm {
    pub kim: Vec<String>,
    /// Ticked: all that the filter finds.
    pub semua: String,
    /// Told to all that are approved; may be empty.
    pub alasan: String,
    pub wilayah: String,
    pub q: String,
    pub lewat: String,
}

impl ApproveForm {
    fn asked(&self) -> Asked {
        Asked { wilayah: self.wilayah.clone(), q: self.q.clone(), lewat: self.lewat.clone(), ..Asked::default() }
    }
}

/// `POST /bina/verifikasi`
pub async fn approve(ctx: Ctx, form: Form<ApproveForm>) -> Result<Response> {
    let account = ctx.actor()?.account_id;
    let asked = form.data.asked();
    let sight = queue::sight(&ctx, &asked.wilayah)?;
    let place = asked.wilayah.trim();
    if !place.is_empty() && !sight.mine.iter().any(|root| within(place, root)) {
        return Err(Error::Forbidden);
    }
    let mut conn = ctx.kit.db.read().await?;
    let ids: BTreeSet<i64> = form.data.kim.iter().filter_map(|id| id.parse().ok()).collect();
    let all = !form.data.semua.is_empty();
    let reason = form.data.alasan.trim();
    let mut errors = Errors::default();
    errors.check(all || !ids.is_empty(), "kim", "kim-verify-none-ticked");
    errors.most(reason, "alasan", rules::REASON_MOST);
    if !errors.is_empty() {
        let ticked: Vec<i64> = ids.into_iter().collect();
        return Ok(queue::page(&ctx, &mut conn, asked, &ticked, all, reason, errors).await?.invalid().into_response());
    }
    let cases = match all {
        true => {
            let wanted = Wanted { limit: MOST as i64, ..queue::wanted(&asked, ctx.now()) };
            let mut cases = Vec::new();
            for root in &sight.roots {
                cases.extend(store::waiting(&mut conn, &Wanted { region: root.clone(), ..wanted.clone() }).await?);
            }
            cases.truncate(MOST);
            cases
        }
        false => chosen(&ctx, &mut conn, &ids).await?,
    };
    let mut keepers: HashMap<i64, Vec<i64>> = HashMap::new();
    for root in &sight.mine {
        for keeper in store::keepers(&mut conn, root, ctx.now()).await? {
            keepers.entry(keeper.group_id).or_default().push(keeper.account_id);
        }
    }
    let (ready, skipped) = weigh(&mut conn, ctx.actor()?, cases, ctx.now()).await?;
    drop(conn);

    let mut tx = ctx.kit.db.write().await?;
    let mut numbers = Numbers::default();
    let mut approved = 0;
    for (case, numbering) in &ready {
        let officers = keepers.get(&case.id).map(Vec::as_slice).unwrap_or_default();
        if verify(&ctx, &mut tx, case, numbering, &mut numbers, officers, reason).await? {
            approved += 1;
        }
    }
    let batch = store::add_batch(&mut tx, account, approved, &skipped, ctx.now()).await?;
    let n = approved.to_string();
    let answer = ctx.onward_with(&format!("/bina/verifikasi/hasil/{batch}"), "positive", "kim-verify-done", &[("n", &n)]);
    ctx.commit(tx, &form, answer).await
}

/// The ticked groups that still wait. One that lies outside the person's regions does not exist.
async fn chosen(ctx: &Ctx, conn: &mut Conn, ids: &BTreeSet<i64>) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for id in ids.iter().take(MOST) {
        let case = store::case(conn, *id).await?.ok_or(Error::Missing)?;
        if !ctx.may(OVERSEERS, &case.region, Some(case.id)) {
            return Err(Error::Hidden);
        }
        if case.status == Status::Submitted {
            cases.push(case);
        }
    }
    Ok(cases)
}

/// Parts what may be approved from what lacks something, or is the person's own; the latter by id.
async fn weigh(conn: &mut Conn, actor: &Actor, cases: Vec<Case>, now: i64) -> Result<(Vec<(Case, Numbering)>, Vec<i64>)> {
    let mut tables: HashMap<String, Table> = HashMap::new();
    let (mut ready, mut skipped) = (Vec::new(), Vec::new());
    for case in cases {
        let regency = case.region.get(..5).unwrap_or(&case.region).to_owned();
        if !tables.contains_key(&regency) {
            let table = Table::load(conn, &regency).await?;
            tables.insert(regency.clone(), table);
        }
        let Some(policies) = tables.get(&regency) else { continue };
        let own = is_inside(actor, case.id);
        if own || case.lacks(policies, now).iter().any(|lack| lack.is_policy()) {
            skipped.push(case.id);
        } else {
            let numbering = Numbering::of(policies, &case.region, now);
            ready.push((case, numbering));
        }
    }
    Ok((ready, skipped))
}

/// Two statements a group, and one for the first number of each pattern.
async fn verify(
    ctx: &Ctx,
    tx: &mut Tx,
    case: &Case,
    numbering: &Numbering,
    numbers: &mut Numbers,
    officers: &[i64],
    reason: &str,
) -> Result<bool> {
    let number = numbers.next(tx, numbering).await?;
    let needle = format!("{} {}", case.needle, number.to_lowercase());
    if !store::verify(tx, case.id, &number, &needle, ctx.account_id(), ctx.now()).await? {
        return Ok(false);
    }
    let hearers: Vec<i64> = officers.iter().copied().filter(|id| Some(*id) != ctx.account_id()).collect();
    let mut data = json!({ "notify": hearers, "notice": Step::Verify.notice() });
    if !reason.is_empty() {
        data["reason"] = reason.into();
    }
    tx.emit(Event {
        actor_id: ctx.account_id(),
        region: Some(case.region.clone()),
        group_id: Some(case.id),
        link: format!("/kim/{}", case.slug),
        title: case.name.clone(),
        data: data.to_string(),
        ..Event::new(ctx.now(), Step::Verify.event(), ("kim", case.id))
    })
    .await?;
    Ok(true)
}

/// A group that was skipped, and what it lacks now.
struct Skipped {
    slug: String,
    name: String,
    place: String,
    lacks: Vec<String>,
}

#[derive(Template)]
#[template(path = "verify/result.html")]
struct ResultPage {
    approved: i64,
    at: i64,
    skipped: Vec<Skipped>,
}

/// `GET /bina/verifikasi/hasil/{id}`
pub async fn result(ctx: Ctx, Path(id): Path<String>) -> Result<Page> {
    let account = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let batch = store::batch(&mut conn, account, id_of(&id)?).await?.ok_or(Error::Missing)?;
    let ids: Vec<i64> = serde_json::from_str(&batch.skipped)?;
    let mut skipped = Vec::new();
    for id in ids {
        // Who no longer watches over a group reads nothing of it.
        let Some(case) = store::case(&mut conn, id).await? else { continue };
        if !ctx.may(OVERSEERS, &case.region, Some(case.id)) {
            continue;
        }
        let policies = Table::load(&mut conn, &case.region).await?;
        let lacks: Vec<Lack> = case.lacks(&policies, ctx.now()).into_iter().filter(|lack| lack.is_policy()).collect();
        let mut lacks = say_lacks(&ctx, &lacks);
        if is_inside(ctx.actor()?, id) {
            lacks.push(ctx.say("kim-verify-own"));
        }
        skipped.push(Skipped { lacks, slug: case.slug, name: case.name, place: case.region_name });
    }
    let title = ctx.say("kim-verify-result");
    let page = ResultPage { approved: batch.approved, at: batch.at, skipped };
    Ok(ctx.page(title, &page)?.section("/bina").head(|head| head.private = true))
}
