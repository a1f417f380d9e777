//! The offices of a KIM, their terms, and passing one on.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::authz::Scope;
use base::{Conn, Event, Tx};
use people::roles::OFFICER;
use regions::policy::{self, Policy};
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page, Result, dates, filters};

use super::store;
use super::{Held, Term, begin};
use crate::access::{INSIDERS, KEEPERS, id_of, kept, own};
use crate::decree::years_later;
use crate::member::{self, Member, Office, edits, roles_of, set_roles};
use crate::register::{Kim, step};

#[derive(Template)]
#[template(path = "term/list.html")]
struct ListPage {
    kim: Kim,
    current: Vec<Term>,
    past: Vec<Term>,
    /// Offices that every KIM has and nobody holds.
    vacant: Vec<Office>,
    years: i64,
    keeps: bool,
    now: i64,
}

/// `GET /meja/kim/{slug}/jabatan`
pub async fn list(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = own(&ctx, &mut conn, &slug, INSIDERS).await?;
    let current = store::current(&mut conn, kim.id).await?;
    let held = |office: &Office| current.iter().any(|term| term.office == *office);
    let page = ListPage {
        vacant: Office::ALL.into_iter().filter(|office| office.keeps() && !held(office)).collect(),
        past: store::past(&mut conn, kim.id).await?,
        years: policy::int(&mut conn, &kim.region, Policy::TermYears).await?,
        keeps: !kim.status.is_closed() && ctx.may(KEEPERS, &kim.region, Some(kim.id)),
        now: ctx.now(),
        current,
        kim,
    };
    drop(conn);
    Ok(ctx.page(ctx.say("kim-term-title"), &page)?.section("/meja").head(|head| head.private = true))
}

/// What both forms of a term hold; each uses what it needs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TermForm {
    pub mulai: String,
    pub sampai: String,
    /// Id of the member who takes over.
    pub penerus: String,
    /// Ticked: who held the office leaves the KIM.
    pub keluar: String,
}

#[derive(Template)]
#[template(path = "term/show.html")]
struct TermPage {
    kim: Kim,
    term: Term,
    /// Members who may take over.
    others: Vec<Member>,
    years: i64,
    errors: Errors,
    data: TermForm,
    /// Prefix of field ids in the two forms: errors lead to `f`.
    prefixes: [&'static str; 2],
    /// First and last day as each form shows them.
    passed: [String; 2],
    own: [String; 2],
    keys: [String; 2],
}

impl TermPage {
    /// Whether errors lead to the fields with this prefix.
    fn leads(&self, prefix: &str) -> bool {
        prefix == "f"
    }
}

async fn held(conn: &mut Conn, kim: &Kim, id: &str) -> Result<Term> {
    store::get(conn, kim.id, id_of(id)?).await?.ok_or(Error::Missing)
}

async fn others(conn: &mut Conn, kim: &Kim, term: &Term) -> Result<Vec<Member>> {
    let mut others = member::store::current(conn, kim.id).await?;
    others.retain(|member| member.id != term.member_id);
    Ok(others)
}

async fn page(ctx: &Ctx, conn: &mut Conn, kim: Kim, term: Term, data: TermForm, errors: Errors, passing: bool) -> Result<Page> {
    let day = |at: i64| dates::day(at, &kim.region);
    let mut passed = [day(ctx.now()), String::new()];
    let mut own = [day(term.from_at), term.until_at.map(day).unwrap_or_default()];
    if !errors.is_empty() {
        *(if passing { &mut passed } else { &mut own }) = [data.mulai.clone(), data.sampai.clone()];
    }
    let page = TermPage {
        prefixes: if passing || errors.is_empty() { ["f", "g"] } else { ["g", "f"] },
        passed,
        own,
        others: others(conn, &kim, &term).await?,
        years: policy::int(conn, &kim.region, Policy::TermYears).await?,
        keys: [ctx.kit.ids.token(), ctx.kit.ids.token()],
        kim,
        term,
        errors,
        data,
    };
    let title = ctx.say_with("kim-term-of", &[("office", &ctx.say(page.term.office.key()))]);
    Ok(ctx.page(title, &page)?.section("/meja").head(|head| head.private = true))
}

/// `GET /meja/kim/{slug}/jabatan/{id}`
pub async fn show(ctx: Ctx, Path((slug, id)): Path<(String, String)>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let term = held(&mut conn, &kim, &id).await?;
    page(&ctx, &mut conn, kim, term, TermForm::default(), Errors::default(), false).await
}

/// `POST /meja/kim/{slug}/jabatan/{id}`: sets the days of a term.
pub async fn save(ctx: Ctx, Path((slug, id)): Path<(String, String)>, form: Form<TermForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let term = held(&mut conn, &kim, &id).await?;
    let mut errors = Errors::default();
    let from = dates::parse_day(&form.data.mulai, &kim.region).filter(|at| *at <= ctx.now());
    errors.check(from.is_some(), "mulai", "kim-term-from-bad");
    let until = until(&mut conn, &kim, from.unwrap_or(term.from_at), &form.data.sampai, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(page(&ctx, &mut conn, kim, term, form.data, errors, false).await?.invalid().into_response());
    }
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    store::set_dates(&mut tx, term.id, from.unwrap_or(term.from_at), until).await?;
    let data = json!({ "member": term.member_id }).to_string();
    tx.emit(Event { data, ..step::event(&ctx, &kim, "kim.member.changed") }).await?;
    let answer = ctx.onward(&format!("/meja/kim/{}/jabatan", kim.slug), "kim-done-term");
    ctx.commit(tx, &form, answer).await
}

/// The end that was typed, or the one by the region's policy.
async fn until(conn: &mut Conn, kim: &Kim, from: i64, typed: &str, errors: &mut Errors) -> Result<Option<i64>> {
    if typed.trim().is_empty() {
        let years = policy::int(conn, &kim.region, Policy::TermYears).await?;
        return Ok(years_later(from, years, &kim.region));
    }
    let until = dates::parse_day(typed, &kim.region).filter(|at| *at > from);
    errors.check(until.is_some(), "sampai", "kim-term-until-bad");
    Ok(until)
}

/// `POST /meja/kim/{slug}/jabatan/{id}/serah`: passes an office to another member.
pub async fn pass(ctx: Ctx, Path((slug, id)): Path<(String, String)>, form: Form<TermForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    // Passing on gives rights that last; a stand-in has none to give, least of all to themselves.
    if !ctx.owns(KEEPERS, &kim.region, Some(kim.id)) {
        return Err(Error::Refused("kim-deputy-refused"));
    }
    let term = held(&mut conn, &kim, &id).await?;
    if let Some(detour) = people::factor::prove::detour(&ctx, &format!("/meja/kim/{}/jabatan/{}", kim.slug, term.id)) {
        return Ok(detour);
    }
    let mut errors = Errors::default();
    let chosen: Option<i64> = form.data.penerus.parse().ok();
    let heir = others(&mut conn, &kim, &term).await?.into_iter().find(|other| Some(other.id) == chosen);
    errors.check(heir.is_some(), "penerus", "kim-term-heir-empty");
    let from = dates::parse_day(&form.data.mulai, &kim.region).filter(|at| *at <= ctx.now());
    errors.check(from.is_some(), "mulai", "kim-term-from-bad");
    let from = from.unwrap_or(ctx.now());
    let until = until(&mut conn, &kim, from, &form.data.sampai, &mut errors).await?;
    let leaves = !form.data.keluar.is_empty();
    if let Some(heir) = &heir
        && !keeper_remains(&ctx, &mut conn, &kim, &term, heir).await?
    {
        errors.add("penerus", "kim-term-last-keeper");
    }
    let (Some(heir), true) = (heir, errors.is_empty()) else {
        return Ok(page(&ctx, &mut conn, kim, term, form.data, errors, true).await?.invalid().into_response());
    };
    let old_edits = edits(&mut conn, kim.id, term.account_id, ctx.now()).await?;
    let new_edits = edits(&mut conn, kim.id, heir.account_id, ctx.now()).await?;
    let before = member::store::get(&mut conn, kim.id, term.member_id).await?.ok_or(Error::Missing)?;
    drop(conn);

    let mut tx = ctx.kit.db.write().await?;
    people::grant::one_at_a_time(&mut tx, kim.id).await?;
    if !keeper_remains(&ctx, &mut tx, &kim, &term, &heir).await? {
        return Err(Error::Conflict("kim-term-last-keeper"));
    }
    store::end(&mut tx, term.member_id, from.max(term.from_at)).await?;
    step_down(&ctx, &mut tx, &kim, &before, leaves.then_some(from), old_edits).await?;
    store::end(&mut tx, heir.id, from).await?;
    let division = if term.office == Office::Head { term.division.as_str() } else { heir.division.as_str() };
    member::store::set_office(&mut tx, heir.id, term.office, division).await?;
    let held = Held { group: kim.id, region: &kim.region, member: heir.id, office: term.office, division, from };
    begin(&mut tx, &held, until).await?;
    if let Some(account) = heir.account_id {
        let roles = roles_of(term.office, new_edits);
        set_roles(&mut tx, kim.id, account, &roles, ctx.account_id(), ctx.now()).await?;
    }
    let hearers: Vec<i64> = [term.account_id, heir.account_id].into_iter().flatten().collect();
    let data = json!({
        "member": heir.id, "before": term.member_id, "office": term.office.code(),
        "notify": hearers, "notice": "kim-notice-passed", "notice_link": format!("/meja/kim/{}", kim.slug),
    });
    tx.emit(Event { data: data.to_string(), ..step::event(&ctx, &kim, "kim.member.succeeded") }).await?;
    // Who just left has no business on the KIM's pages any more.
    let gone = leaves && term.account_id.is_some() && term.account_id == ctx.account_id();
    let to = if gone { "/meja".to_owned() } else { format!("/meja/kim/{}/jabatan", kim.slug) };
    let answer = ctx.onward(&to, "kim-done-passed");
    ctx.commit(tx, &form, answer).await
}

/// Who held the office becomes a plain member, or leaves.
async fn step_down(ctx: &Ctx, tx: &mut Tx, kim: &Kim, before: &Member, left: Option<i64>, edits: bool) -> Result<()> {
    if let Some(at) = left {
        member::store::leave(tx, before.id, at.max(before.joined_at)).await?;
        if let Some(account) = before.account_id {
            people::grant::end_all_in(tx, account, kim.id, ctx.now()).await?;
        }
        return Ok(());
    }
    member::store::set_office(tx, before.id, Office::Member, &before.division).await?;
    if let Some(account) = before.account_id {
        set_roles(tx, kim.id, account, &roles_of(Office::Member, edits), ctx.account_id(), ctx.now()).await?;
    }
    Ok(())
}

/// Whether someone who can log in still keeps the KIM once the office has passed on.
async fn keeper_remains(ctx: &Ctx, conn: &mut Conn, kim: &Kim, term: &Term, heir: &Member) -> Result<bool> {
    let keepers = people::grant::owners(conn, OFFICER, &Scope::Group(kim.id), ctx.now()).await?;
    let rest = keepers.iter().any(|id| Some(*id) != term.account_id && Some(*id) != heir.account_id);
    Ok(rest || (term.office.keeps() && heir.account_id.is_some()) || keepers.is_empty())
}
