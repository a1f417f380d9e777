//! The roster of a KIM: who is in it, adding, changing, and leaving.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Conn, Event, Tx};
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Error, Errors, Form, Page, Result, dates, filters};

use super::skills::{self, Division, LANGUAGES, SKILLS, Skills};
use super::store::{self, NewMember};
use super::{Member, Office, edits, is_last_keeper, moves_rights, roles_of, set_roles};
use crate::access::{INSIDERS, KEEPERS, id_of, is_inside, kept, own};
use crate::age::{self, Age};
use crate::register::{Kim, look, rules, step};
use crate::term::{self, Held};

/// Longest division, in characters.
const DIVISION_MOST: usize = 60;

/// What the form of a member holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MemberForm {
    pub nama: String,
    pub jabatan: String,
    pub bidang: String,
    pub mulai: String,
    pub tampil: String,
    pub sunting: String,
    pub keahlian: Vec<String>,
    pub keahlian_lain: String,
    pub bahasa: Vec<String>,
    pub bahasa_lain: String,
    pub lahir: String,
    /// Ticked when the guardian's consent was seen.
    pub wali: String,
}

/// A code, the key of its name, and whether it is chosen.
type Choice = (&'static str, &'static str, bool);

fn choices(list: &[(&'static str, &'static str)], chosen: &[String]) -> Vec<Choice> {
    list.iter().map(|(code, key)| (*code, *key, chosen.iter().any(|one| one == code))).collect()
}

impl MemberForm {
    fn of(kim: &Kim, member: &Member, edits: bool, age: &Age) -> MemberForm {
        let tick = |on: bool| if on { "1".to_owned() } else { String::new() };
        let codes = |stored: &str| stored.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect();
        MemberForm {
            nama: member.name.clone(),
            jabatan: member.office.code().into(),
            bidang: member.division.clone(),
            mulai: dates::day(member.joined_at, &kim.region),
            tampil: tick(member.show),
            sunting: tick(edits),
            keahlian: codes(&member.skills),
            keahlian_lain: member.skills_other.clone(),
            bahasa: codes(&member.languages),
            bahasa_lain: member.languages_other.clone(),
            lahir: age.born.map(|born| born.to_string()).unwrap_or_default(),
            wali: tick(age.guardian_at.is_some()),
        }
    }
}

#[derive(Template)]
#[template(path = "member/list.html")]
struct ListPage {
    kim: Kim,
    current: Vec<Member>,
    former: Vec<Member>,
    least: i64,
    most: i64,
    keeps: bool,
    divisions: Vec<Division>,
    /// Keys of what members can do and speak, and how many do.
    skills: Vec<(&'static str, usize)>,
    languages: Vec<(&'static str, usize)>,
}

pub async fn list(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = own(&ctx, &mut conn, &slug, INSIDERS).await?;
    if !is_inside(ctx.actor()?, kim.id) {
        ctx.looks_at("kim.roster.viewed", (&kim.region, Some(kim.id)), ("kim", kim.id), None).await?;
    }
    let look = look::over(&mut conn, &kim, ctx.now()).await?;
    let current = store::current(&mut conn, kim.id).await?;
    let page = ListPage {
        divisions: skills::divisions(&current),
        skills: skills::count(&current),
        languages: skills::count_languages(&current),
        current,
        former: store::former(&mut conn, kim.id).await?,
        least: look.size.least,
        most: look.size.most,
        keeps: !kim.status.is_closed() && ctx.may(KEEPERS, &kim.region, Some(kim.id)),
        kim,
    };
    Ok(ctx.page(ctx.say("kim-members-title"), &page)?.section("/meja").head(|head| head.private = true))
}

#[derive(Template)]
#[template(path = "member/form.html")]
struct FormPage {
    kim: Kim,
    /// The member being changed; none for a new one.
    member: Option<Member>,
    /// Name of the account that is linked.
    linked: bool,
    errors: Errors,
    data: MemberForm,
    offices: [Office; 5],
    eligibility: String,
    today: String,
    key: String,
    leave_key: String,
    skills: Vec<Choice>,
    languages: Vec<Choice>,
    /// Divisions that the KIM has, to choose from while typing.
    divisions: Vec<String>,
}

async fn form_page(
    ctx: &Ctx,
    conn: &mut Conn,
    kim: Kim,
    member: Option<Member>,
    data: MemberForm,
    errors: Errors,
) -> Result<Page> {
    let account = member.as_ref().and_then(|member| member.account_id);
    let title = if member.is_some() { "kim-member-change-title" } else { "kim-member-new-title" };
    let page = FormPage {
        // Not whose: an officer who only knows a number must not learn the name behind it.
        linked: account.is_some(),
        eligibility: look::over(conn, &kim, ctx.now()).await?.eligibility,
        today: dates::day(ctx.now(), &kim.region),
        offices: Office::ALL,
        key: ctx.kit.ids.token(),
        leave_key: ctx.kit.ids.token(),
        skills: choices(&SKILLS, &data.keahlian),
        languages: choices(&LANGUAGES, &data.bahasa),
        divisions: skills::divisions(&store::current(conn, kim.id).await?).into_iter().map(|one| one.name).collect(),
        kim,
        member,
        errors,
        data,
    };
    Ok(ctx.page(ctx.say(title), &page)?.section("/meja").head(|head| head.private = true))
}

pub async fn new(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let data = MemberForm { jabatan: "member".into(), mulai: dates::day(ctx.now(), &kim.region), ..MemberForm::default() };
    form_page(&ctx, &mut conn, kim, None, data, Errors::default()).await
}

/// The member of an address who has not left.
async fn standing(conn: &mut Conn, kim: &Kim, id: &str) -> Result<Member> {
    let member = store::get(conn, kim.id, id_of(id)?).await?;
    member.filter(|member| member.left_at.is_none()).ok_or(Error::Missing)
}

pub async fn edit(ctx: Ctx, Path((slug, id)): Path<(String, String)>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let member = standing(&mut conn, &kim, &id).await?;
    let sunting = edits(&mut conn, kim.id, member.account_id, ctx.now()).await?;
    let age = age::store::get(&mut conn, member.id).await?;
    let data = MemberForm::of(&kim, &member, sunting, &age);
    let (region, group, row, account) = (kim.region.clone(), kim.id, member.id, member.account_id);
    let page = form_page(&ctx, &mut conn, kim, Some(member), data, Errors::default()).await?;
    drop(conn);
    ctx.looks_at("kim.member.viewed", (&region, Some(group)), ("member", row), account).await?;
    Ok(page)
}

/// A form that holds.
struct Read {
    name: String,
    office: Office,
    division: String,
    joined_at: i64,
    account_id: Option<i64>,
    show: bool,
    edits: bool,
    skills: Skills,
    age: Age,
}

impl Read {
    fn row(&self) -> NewMember<'_> {
        NewMember {
            account_id: self.account_id,
            name: &self.name,
            office: self.office,
            division: &self.division,
            joined_at: self.joined_at,
            show: self.show,
        }
    }
}

async fn read(
    ctx: &Ctx,
    conn: &mut Conn,
    kim: &Kim,
    member: Option<&Member>,
    data: &MemberForm,
    errors: &mut Errors,
) -> Result<Read> {
    let name = rules::tidy(&data.nama);
    let division = rules::tidy(&data.bidang);
    errors.text(&name, "nama", "kim-member-name-empty", rules::NAME_MOST);
    errors.most(&division, "bidang", DIVISION_MOST);
    let office = Office::parse(&data.jabatan);
    errors.check(office.is_some(), "jabatan", "kim-office-empty");
    let office = office.unwrap_or(Office::Member);
    let others = store::current(conn, kim.id).await?;
    let others: Vec<&Member> = others.iter().filter(|other| member.is_none_or(|member| member.id != other.id)).collect();
    let second = office == Office::Chair && others.iter().any(|other| other.office == Office::Chair);
    errors.check(!second, "jabatan", "kim-office-second-chair");
    // Noon would do as well: today counts, tomorrow does not.
    let joined = dates::parse_day(&data.mulai, &kim.region).filter(|at| *at <= ctx.now());
    errors.check(joined.is_some(), "mulai", "kim-joined-bad");

    // An account is linked by an invitation that its owner accepts, never by what an officer types.
    let account_id = member.and_then(|member| member.account_id);
    let edits = !data.sunting.is_empty();
    errors.check(!edits || account_id.is_some(), "sunting", "kim-account-needed");
    if let Some(account) = account_id {
        if !office.keeps() && is_last_keeper(conn, kim.id, account, ctx.now()).await? {
            errors.add("jabatan", "kim-member-last-keeper");
        }
        let stands_in = !ctx.owns(KEEPERS, &kim.region, Some(kim.id));
        if stands_in && moves_rights(conn, kim.id, account, &roles_of(office, edits), ctx.now()).await? {
            errors.add("jabatan", "kim-deputy-refused");
        }
    }
    let joined_at = joined.unwrap_or(ctx.now());
    let skills = skills::read(&data.keahlian, &data.keahlian_lain, &data.bahasa, &data.bahasa_lain, errors);
    let kept = match member {
        Some(member) => age::store::get(conn, member.id).await?,
        None => Age::default(),
    };
    let account = account_id.is_some();
    let asked = age::Asked { born: &data.lahir, guardian: !data.wali.is_empty(), office, edits, account, kept };
    let age = age::read(ctx, &kim.region, &asked, errors);
    Ok(Read { name, office, division, joined_at, account_id, show: !data.tampil.is_empty(), edits, skills, age })
}

/// The event of a member. It names no one: names are kept in rows that can be corrected.
fn event(ctx: &Ctx, kim: &Kim, kind: &str, member: i64, account: Option<i64>, notice: &str) -> Event {
    let hearers: Vec<i64> = account.into_iter().filter(|id| Some(*id) != ctx.account_id()).collect();
    let mut data = json!({ "member": member });
    if !hearers.is_empty() && !notice.is_empty() {
        data["notify"] = json!(hearers);
        data["notice"] = notice.into();
    }
    Event { data: data.to_string(), link: format!("/meja/kim/{}", kim.slug), ..step::event(ctx, kim, kind) }
}

async fn grant(ctx: &Ctx, tx: &mut Tx, kim: &Kim, read: &Read) -> Result<()> {
    let Some(account) = read.account_id else { return Ok(()) };
    if !read.office.keeps() {
        keep_one(ctx, tx, kim, account).await?;
    }
    set_roles(tx, kim.id, account, &roles_of(read.office, read.edits), ctx.account_id(), ctx.now()).await
}

/// Looks once more, with everyone else waiting, that the group keeps an officer: the form's own look
/// came before the transaction.
async fn keep_one(ctx: &Ctx, tx: &mut Tx, kim: &Kim, account: i64) -> Result<()> {
    people::grant::one_at_a_time(tx, kim.id).await?;
    if is_last_keeper(tx, kim.id, account, ctx.now()).await? {
        return Err(Error::Conflict("kim-member-last-keeper"));
    }
    Ok(())
}

fn held<'a>(kim: &'a Kim, member: i64, read: &'a Read, from: i64) -> Held<'a> {
    Held { group: kim.id, region: &kim.region, member, office: read.office, division: &read.division, from }
}

pub async fn add(ctx: Ctx, Path(slug): Path<String>, form: Form<MemberForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let mut errors = Errors::default();
    let read = read(&ctx, &mut conn, &kim, None, &form.data, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(form_page(&ctx, &mut conn, kim, None, form.data, errors).await?.invalid().into_response());
    }
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let id = store::add(&mut tx, kim.id, &read.row()).await?;
    store::set_skills(&mut tx, id, &read.skills).await?;
    age::store::set(&mut tx, id, &read.age).await?;
    term::follow(&mut tx, &held(&kim, id, &read, read.joined_at)).await?;
    tx.emit(event(&ctx, &kim, "kim.member.joined", id, None, "")).await?;
    let answer = ctx.onward(&format!("/meja/kim/{}/anggota", kim.slug), "kim-done-joined");
    ctx.commit(tx, &form, answer).await
}

pub async fn save(ctx: Ctx, Path((slug, id)): Path<(String, String)>, form: Form<MemberForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let member = standing(&mut conn, &kim, &id).await?;
    let mut errors = Errors::default();
    let read = read(&ctx, &mut conn, &kim, Some(&member), &form.data, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(form_page(&ctx, &mut conn, kim, Some(member), form.data, errors).await?.invalid().into_response());
    }
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    store::change(&mut tx, member.id, &read.row()).await?;
    store::set_skills(&mut tx, member.id, &read.skills).await?;
    age::store::set(&mut tx, member.id, &read.age).await?;
    // Another office begins today, however long they have been in the KIM.
    let today = dates::parse_day(&dates::day(ctx.now(), &kim.region), &kim.region).unwrap_or(ctx.now());
    term::follow(&mut tx, &held(&kim, member.id, &read, today)).await?;
    grant(&ctx, &mut tx, &kim, &read).await?;
    tx.emit(event(&ctx, &kim, "kim.member.changed", member.id, None, "")).await?;
    let answer = ctx.onward(&format!("/meja/kim/{}/anggota", kim.slug), "kim-done-member");
    ctx.commit(tx, &form, answer).await
}

/// What the form of leaving holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct LeaveForm {
    pub keluar: String,
}

pub async fn leave(ctx: Ctx, Path((slug, id)): Path<(String, String)>, form: Form<LeaveForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let member = standing(&mut conn, &kim, &id).await?;
    let mut errors = Errors::default();
    let joined = dates::parse_day(&dates::day(member.joined_at, &kim.region), &kim.region).unwrap_or(member.joined_at);
    let left = dates::parse_day(&form.data.keluar, &kim.region).filter(|at| (joined..=ctx.now()).contains(at));
    errors.check(left.is_some(), "keluar", "kim-left-bad");
    if let Some(account) = member.account_id
        && is_last_keeper(&mut conn, kim.id, account, ctx.now()).await?
    {
        errors.add("keluar", "kim-member-last-keeper");
    }
    if let Some(account) = member.account_id
        && !ctx.owns(KEEPERS, &kim.region, Some(kim.id))
        && moves_rights(&mut conn, kim.id, account, &[], ctx.now()).await?
    {
        errors.add("keluar", "kim-deputy-refused");
    }
    let (Some(left), true) = (left, errors.is_empty()) else {
        let sunting = edits(&mut conn, kim.id, member.account_id, ctx.now()).await?;
        let age = age::store::get(&mut conn, member.id).await?;
        let data = MemberForm::of(&kim, &member, sunting, &age);
        return Ok(form_page(&ctx, &mut conn, kim, Some(member), data, errors).await?.invalid().into_response());
    };
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    if let Some(account) = member.account_id {
        keep_one(&ctx, &mut tx, &kim, account).await?;
        people::grant::end_all_in(&mut tx, account, kim.id, ctx.now()).await?;
    }
    if !store::leave(&mut tx, member.id, left).await? {
        return Err(Error::Conflict("kim-conflict-step"));
    }
    term::store::end(&mut tx, member.id, left).await?;
    tx.emit(event(&ctx, &kim, "kim.member.left", member.id, member.account_id, "kim-notice-left")).await?;
    let answer = ctx.onward(&format!("/meja/kim/{}/anggota", kim.slug), "kim-done-left");
    ctx.commit(tx, &form, answer).await
}
