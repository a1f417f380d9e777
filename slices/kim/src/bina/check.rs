//! The verification page of one KIM, and the steps that overseers take from it.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Conn, Tx};
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Page, Result, dates, filters};

use super::{days_left, left_class, say_left};
use crate::access::overseen;
use crate::decree::{self, Decree};
use crate::facility::{self, Facility};
use crate::history::{self, Past};
use crate::member::{self, Member};
use crate::register::pages::say_lack;
use crate::register::{Hand, Kim, Status, Step, look, rules, step, store};
use crate::{arrival, reconfirm, verify};

/// What the forms of the page hold; each uses what it needs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    pub nomor: String,
    pub tetap: String,
    pub alasan: String,
}

#[derive(Template)]
#[template(path = "bina/check.html")]
struct CheckPage {
    kim: Kim,
    mark: String,
    place: String,
    /// Words and class of the clock; empty words when nothing waits.
    left: String,
    left_class: &'static str,
    /// What is missing, already said.
    lacks: Vec<String>,
    /// Whether policy asks for something that is missing.
    lacking: bool,
    decrees: Vec<Decree>,
    signer: String,
    members: Vec<Member>,
    history: Vec<Past>,
    steps: Vec<Step>,
    errors: Errors,
    /// The step whose form has the errors.
    tried: Option<Step>,
    data: StepForm,
    keys: [String; 7],
    now: i64,
    /// Who decided last and when, said; empty when nobody has.
    decided: String,
    verified: String,
    /// Since when the yearly question waits, as a date; empty while there is time.
    silent: String,
    facility: Facility,
    skills: Vec<(&'static str, usize)>,
    languages: Vec<(&'static str, usize)>,
}

impl CheckPage {
    fn can(&self, step: Step) -> bool {
        self.steps.contains(&step)
    }
}

async fn page(ctx: &Ctx, conn: &mut Conn, kim: Kim, tried: Option<Step>, data: StepForm, errors: Errors) -> Result<Page> {
    let look = look::over(conn, &kim, ctx.now()).await?;
    let (mut left, mut class) = (String::new(), "");
    if let (Status::Submitted, Some(due)) = (kim.status, kim.due_at) {
        let days = days_left(due, ctx.now());
        (left, class) = (say_left(ctx, days), left_class(days));
    }
    let question = reconfirm::store::open(conn, kim.id).await?.filter(|question| question.is_silent(ctx.now()));
    let silent = question.map(|question| dates::date(question.asked_at, ctx.lang, &kim.region)).unwrap_or_default();
    let members = member::store::current(conn, kim.id).await?;
    let mut data = data;
    if kim.status == Status::Submitted && tried.is_none() {
        data.nomor = verify::suggest(conn, &kim, ctx.now()).await?;
    }
    let page = CheckPage {
        mark: kim.mark(true),
        place: regions::full_name(conn, &kim.region).await?,
        left,
        left_class: class,
        lacks: look.lacks.iter().map(|lack| say_lack(ctx, *lack)).collect(),
        lacking: !look.policy_lacks().is_empty(),
        decrees: decree::store::all(conn, kim.id).await?,
        signer: look.signer,
        skills: member::skills::count(&members),
        languages: member::skills::count_languages(&members),
        members,
        facility: facility::store::of(conn, kim.id).await?,
        history: history::of(conn, &kim, true).await?.steps,
        steps: kim.status.steps(Hand::Overseer),
        errors,
        tried,
        data,
        keys: std::array::from_fn(|_| ctx.kit.ids.token()),
        now: ctx.now(),
        decided: by_whom(ctx, conn, &kim, kim.decided_by, kim.decided_at).await?,
        silent,
        verified: by_whom(ctx, conn, &kim, kim.verified_by, kim.verified_at).await?,
        kim,
    };
    let title = ctx.say_with("kim-check-title", &[("name", &page.kim.name)]);
    Ok(ctx.page(title, &page)?.section("/bina").head(|head| head.private = true))
}

/// "Sari, 24 November 2026". Where nobody here decided, the site that the KIM came from stands for them;
/// only the date when neither is known.
pub async fn by_whom(ctx: &Ctx, conn: &mut Conn, kim: &Kim, by: Option<i64>, at: Option<i64>) -> Result<String> {
    let Some(at) = at else { return Ok(String::new()) };
    let date = dates::date(at, ctx.lang, &kim.region);
    let ids: Vec<i64> = by.into_iter().collect();
    let mut name = people::account::names(conn, &ids).await?.into_values().next();
    if by.is_none()
        && let Some(site) = arrival::site(conn, kim.id).await?
    {
        name = Some(ctx.say_with("kim-arrival-by", &[("site", &site)]));
    }
    Ok(match name {
        Some(name) => ctx.say_with("kim-verify-decided", &[("name", &name), ("date", &date)]),
        None => date,
    })
}

pub async fn show(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = overseen(&ctx, &mut conn, &slug).await?;
    ctx.looks_at("kim.roster.viewed", (&kim.region, Some(kim.id)), ("kim", kim.id), None).await?;
    page(&ctx, &mut conn, kim, None, StepForm::default(), Errors::default()).await
}

pub async fn verify(ctx: Ctx, Path(slug): Path<String>, form: Form<StepForm>) -> Result<Response> {
    take(ctx, slug, form, Status::Verified).await
}

pub async fn give_back(ctx: Ctx, Path(slug): Path<String>, form: Form<StepForm>) -> Result<Response> {
    take_from(ctx, slug, form, Some(Status::Submitted), Status::Draft).await
}

pub async fn reject(ctx: Ctx, Path(slug): Path<String>, form: Form<StepForm>) -> Result<Response> {
    take(ctx, slug, form, Status::Rejected).await
}

/// Takes a refusal back.
pub async fn reopen(ctx: Ctx, Path(slug): Path<String>, form: Form<StepForm>) -> Result<Response> {
    take_from(ctx, slug, form, Some(Status::Rejected), Status::Draft).await
}

pub async fn activate(ctx: Ctx, Path(slug): Path<String>, form: Form<StepForm>) -> Result<Response> {
    take(ctx, slug, form, Status::Active).await
}

pub async fn rest(ctx: Ctx, Path(slug): Path<String>, form: Form<StepForm>) -> Result<Response> {
    take(ctx, slug, form, Status::Dormant).await
}

pub async fn dissolve(ctx: Ctx, Path(slug): Path<String>, form: Form<StepForm>) -> Result<Response> {
    take(ctx, slug, form, Status::Dissolved).await
}

async fn take(ctx: Ctx, slug: String, form: Form<StepForm>, to: Status) -> Result<Response> {
    take_from(ctx, slug, form, None, to).await
}

/// Takes the step to a status; with `from`, only from there.
async fn take_from(ctx: Ctx, slug: String, form: Form<StepForm>, from: Option<Status>, to: Status) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = overseen(&ctx, &mut conn, &slug).await?;
    let step = kim.status.may(to, Hand::Overseer).filter(|_| from.is_none_or(|from| from == kim.status));
    let Some(next) = step else { return Err(Error::Conflict("kim-conflict-step")) };
    let mut errors = Errors::default();
    let reason = form.data.alasan.trim();
    match next.needs_reason() {
        true => errors.text(reason, "alasan", "kim-reason-empty", rules::REASON_MOST),
        false => errors.most(reason, "alasan", rules::REASON_MOST),
    }
    let number = rules::tidy(&form.data.nomor);
    if next == Step::Verify {
        check_verification(&ctx, &mut conn, &kim, &number, &form.data, &mut errors).await?;
    }
    if !errors.is_empty() {
        return Ok(page(&ctx, &mut conn, kim, Some(next), form.data, errors).await?.invalid().into_response());
    }
    let place = regions::full_name(&mut conn, &kim.region).await?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    step::take(&ctx, &mut tx, &kim, next, reason).await?;
    if next == Step::Verify {
        number_it(&ctx, &mut tx, &kim, &number, &place).await?;
    }
    let to = if matches!(next, Step::Return | Step::Reject | Step::Verify) {
        "/bina/verifikasi".to_owned()
    } else {
        format!("/bina/kim/{}", kim.slug)
    };
    let answer = ctx.onward_with(&to, "positive", next.done(), &[("name", &kim.name)]);
    ctx.commit(tx, &form, answer).await
}

async fn check_verification(
    ctx: &Ctx,
    conn: &mut Conn,
    kim: &Kim,
    number: &str,
    data: &StepForm,
    errors: &mut Errors,
) -> Result<()> {
    errors.text(number, "nomor", "kim-number-empty", rules::NUMBER_MOST);
    if errors.of("nomor").is_none() {
        errors.check(!store::number_taken(conn, number, kim.id).await?, "nomor", "kim-number-taken");
    }
    let lacking = !look::over(conn, kim, ctx.now()).await?.policy_lacks().is_empty();
    errors.check(!lacking || !data.tetap.is_empty(), "tetap", "kim-anyway-empty");
    Ok(())
}

async fn number_it(ctx: &Ctx, tx: &mut Tx, kim: &Kim, number: &str, place: &str) -> Result<()> {
    let needle = rules::needle(&kim.name, place, Some(number));
    store::set_verified(tx, kim.id, number, &needle, ctx.account_id(), ctx.now()).await?;
    Ok(())
}
