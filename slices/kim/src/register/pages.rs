//! Registering a KIM, and the page from which its people keep it.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::authz::Scope;
use base::{Conn, Event};
use people::roles::{EDITOR, OFFICER};
use regions::picker::{self, Resolved};
use serde::Deserialize;
use web::{Ctx, Errors, Form, Page, Result, dates, filters};

use super::rules::{self, Lack};
use super::{Kim, Status, look, store};
use crate::access::{INSIDERS, KEEPERS, own};
use crate::age::{self, Age};
use crate::bina::check::by_whom;
use crate::facility::{self, Facility};
use crate::history::{self, Past};
use crate::member::{self, Office};
use crate::reconfirm;
use crate::term::{self, Held};

/// What the registration form holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewForm {
    pub nama: String,
    pub wilayah: String,
    pub wilayah_q: String,
    pub jabatan: String,
    pub lahir: String,
}

#[derive(Template)]
#[template(path = "register/new.html")]
struct NewPage {
    errors: Errors,
    data: NewForm,
    picker: String,
    offices: Vec<Office>,
    key: String,
}

async fn new_page(ctx: &Ctx, conn: &mut Conn, data: NewForm, errors: Errors) -> Result<Page> {
    let picker = match errors.of("wilayah") {
        Some(_) => picker::offer(ctx, conn, "wilayah", &data.wilayah_q).await?,
        None => picker::render(ctx, conn, "wilayah", &data.wilayah).await?,
    };
    let offices = Office::ALL.into_iter().filter(|office| office.keeps()).collect();
    let page = NewPage { errors, data, picker, offices, key: ctx.kit.ids.token() };
    Ok(ctx.page(ctx.say("kim-new-title"), &page)?.section("/kim").head(|head| head.private = true))
}

pub async fn new(ctx: Ctx) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let data = NewForm { wilayah: ctx.region.clone().filter(|code| is_village(code)).unwrap_or_default(), ..NewForm::default() };
    new_page(&ctx, &mut conn, data, Errors::default()).await
}

/// Groups belong to a village or ward: the fourth part of a code.
fn is_village(code: &str) -> bool {
    code.matches('.').count() == 3
}

/// The village that the picker's answer means; a problem of the field when it means none.
async fn read_region(conn: &mut Conn, data: &NewForm, errors: &mut Errors) -> Result<Option<regions::Region>> {
    let problem = match picker::resolve(conn, &data.wilayah, &data.wilayah_q).await? {
        Resolved::One(region) if is_village(&region.code) => return Ok(Some(region)),
        Resolved::One(_) => "kim-region-village",
        Resolved::Many(_) => "kim-region-which",
        Resolved::None => "kim-region-empty",
    };
    errors.add("wilayah", problem);
    Ok(None)
}

pub async fn create(ctx: Ctx, form: Form<NewForm>) -> Result<Response> {
    let account = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let mut errors = Errors::default();
    let name = rules::tidy(&form.data.nama);
    errors.text(&name, "nama", "kim-name-empty", rules::NAME_MOST);
    errors.check(name.is_empty() || rules::is_name(&name), "nama", "kim-name-empty");
    let region = read_region(&mut conn, &form.data, &mut errors).await?;
    let office = Office::parse(&form.data.jabatan).filter(|office| office.keeps());
    errors.check(office.is_some(), "jabatan", "kim-office-empty");
    let place = region.as_ref().map_or("62", |region| region.code.as_str());
    let asked = age::Asked {
        born: &form.data.lahir,
        guardian: false,
        office: Office::Chair,
        edits: true,
        account: true,
        kept: Age::default(),
    };
    let born = age::read(&ctx, place, &asked, &mut errors);
    errors.check(store::drafts_of(&mut conn, account).await? < rules::DRAFTS_MOST, "", "kim-drafts-many");
    let (Some(region), Some(office), true) = (region, office, errors.is_empty()) else {
        return Ok(new_page(&ctx, &mut conn, form.data, errors).await?.invalid().into_response());
    };
    let needle = rules::needle(&name, &regions::full_name(&mut conn, &region.code).await?, None);
    drop(conn);

    let mut tx = ctx.kit.db.write().await?;
    let slug = store::free_slug(&mut tx, &rules::slug_of(&name)).await?;
    let new = store::NewKim { slug: &slug, name: &name, needle: &needle, region: &region.code, created_by: Some(account) };
    let id = store::add(&mut tx, &new, ctx.now()).await?;
    let founder = ctx.actor()?.name.clone();
    let joined = member::store::NewMember {
        account_id: Some(account),
        name: &founder,
        office,
        division: "",
        joined_at: ctx.now(),
        show: false,
    };
    let member = member::store::add(&mut tx, id, &joined).await?;
    age::store::set(&mut tx, member, &born).await?;
    let today = dates::parse_day(&dates::day(ctx.now(), &region.code), &region.code).unwrap_or(ctx.now());
    let held = Held { group: id, region: &region.code, member, office, division: "", from: today };
    term::follow(&mut tx, &held).await?;
    for role in [OFFICER, EDITOR] {
        people::grant::give(&mut tx, account, role, &Scope::Group(id), None, ctx.now(), None).await?;
    }
    let path = format!("/meja/kim/{slug}");
    let event = Event {
        actor_id: Some(account),
        region: Some(region.code.clone()),
        group_id: Some(id),
        link: path.clone(),
        title: name.clone(),
        ..Event::new(ctx.now(), "kim.group.created", ("kim", id))
    };
    tx.emit(event).await?;
    let answer = ctx.onward(&path, "kim-done-created");
    ctx.commit(tx, &form, answer).await
}

/// One thing to do on the manage page.
struct Job {
    icon: &'static str,
    title: &'static str,
    /// Already said.
    note: String,
    href: String,
    action: &'static str,
    done: bool,
    first: bool,
}

#[derive(Template)]
#[template(path = "register/manage.html")]
struct ManagePage {
    kim: Kim,
    mark: String,
    place: String,
    heading: String,
    jobs: Vec<Job>,
    /// Why it came back, sleeps or ended.
    reason: Option<String>,
    history: Vec<Past>,
    keeps: bool,
    /// Whether the yearly question waits.
    asked: bool,
    /// Who verified it and when, said; empty before.
    verified: String,
    key: String,
}

pub async fn manage(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = own(&ctx, &mut conn, &slug, INSIDERS).await?;
    let look = look::over(&mut conn, &kim, ctx.now()).await?;
    let history = history::of(&mut conn, &kim, true).await?;
    let reason = match kim.status {
        Status::Draft | Status::Rejected | Status::Dormant | Status::Dissolved => history.last_reason(),
        _ => None,
    };
    let blocking = look.blocking().len();
    let heading = match kim.status {
        Status::Draft if blocking > 0 => ctx.say_with("kim-manage-lacking", &[("n", &blocking.to_string())]),
        Status::Draft => ctx.say("kim-manage-ready"),
        Status::Submitted => ctx.say("kim-manage-waiting"),
        Status::Rejected => ctx.say("kim-manage-rejected"),
        Status::Dormant => ctx.say("kim-manage-dormant"),
        Status::Dissolved => ctx.say("kim-manage-dissolved"),
        Status::Verified | Status::Active => ctx.say("kim-manage-open"),
    };
    let keeps = !kim.status.is_closed() && ctx.may(KEEPERS, &kim.region, Some(kim.id));
    let page = ManagePage {
        mark: kim.mark(true),
        place: regions::full_name(&mut conn, &kim.region).await?,
        heading,
        jobs: jobs(&ctx, &kim, &look, &facility::store::of(&mut conn, kim.id).await?),
        reason,
        history: history.steps,
        keeps,
        asked: keeps && reconfirm::store::open(&mut conn, kim.id).await?.is_some(),
        verified: by_whom(&ctx, &mut conn, &kim, kim.verified_by, kim.verified_at).await?,
        key: ctx.kit.ids.token(),
        kim,
    };
    let title = page.kim.name.clone();
    Ok(ctx.page(title, &page)?.section("/meja").head(|head| head.private = true))
}

fn jobs(ctx: &Ctx, kim: &Kim, look: &look::Look, facility: &Facility) -> Vec<Job> {
    let base = format!("/meja/kim/{}", kim.slug);
    let lacking = |wanted: &[fn(&Lack) -> bool]| look.lacks.iter().find(|lack| wanted.iter().any(|test| test(lack))).copied();
    let profile = lacking(&[|l| matches!(l, Lack::About | Lack::Contact)]);
    let members = lacking(&[|l| matches!(l, Lack::Few(_) | Lack::Many(_) | Lack::Chair | Lack::Secretary)]);
    let decree = lacking(&[|l| matches!(l, Lack::Decree | Lack::DecreeExpired)]);
    let note = |lack: Option<Lack>, fine: String| lack.map_or(fine, |lack| say_lack(ctx, lack));
    let count = look.facts.members.to_string();
    let mut jobs = vec![
        Job {
            icon: "write",
            title: "kim-job-profile",
            note: note(profile, ctx.say("kim-job-profile-done")),
            href: format!("{base}/profil"),
            action: "kim-job-profile-do",
            done: profile.is_none(),
            first: false,
        },
        Job {
            icon: "people",
            title: "kim-job-members",
            note: note(members, ctx.say_with("kim-job-members-done", &[("n", &count)])),
            href: format!("{base}/anggota"),
            action: "kim-job-members-do",
            done: members.is_none(),
            first: false,
        },
        Job {
            icon: "file",
            title: "kim-job-decree",
            note: note(decree, ctx.say("kim-job-decree-done")),
            href: format!("{base}/sk"),
            action: "kim-job-decree-do",
            done: decree.is_none(),
            first: false,
        },
        Job {
            icon: "gear",
            title: "kim-facility-title",
            note: match facility.signal() {
                Some(key) => {
                    let n = facility.tools().len().to_string();
                    ctx.say_with("kim-facility-said", &[("signal", &ctx.say(key)), ("n", &n)])
                }
                None => ctx.say("kim-facility-none"),
            },
            href: format!("{base}/sarana"),
            action: "kim-facility-do",
            done: facility.signal().is_some(),
            first: false,
        },
    ];
    if kim.status == Status::Draft {
        jobs.push(Job {
            icon: "send",
            title: "kim-job-submit",
            note: ctx.say(if look.blocking().is_empty() { "kim-job-submit-ready" } else { "kim-job-submit-later" }),
            href: format!("{base}/ajukan"),
            action: "kim-job-submit-do",
            done: false,
            first: look.blocking().is_empty(),
        });
        let later = ["kim-job-submit", "kim-job-decree", "kim-facility-title"];
        let needed = |job: &&mut Job| !job.done && !later.contains(&job.title);
        if !look.blocking().is_empty()
            && let Some(job) = jobs.iter_mut().find(needed)
        {
            job.first = true;
        }
    }
    jobs
}

/// Says what is lacking.
pub fn say_lack(ctx: &Ctx, lack: Lack) -> String {
    ctx.say_with(lack.key(), &[("n", &lack.n().to_string())])
}
