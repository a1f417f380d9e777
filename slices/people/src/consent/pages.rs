//! `/akun/persetujuan`: what one agreed to, each with its own button.
use askama::Template;
use axum::response::Response;
use base::{Conn, Later};
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Page, Result, Task, filters};

use super::store::{self, Said};
use super::{Purpose, Word, parse, say, words};

/// A purpose with the person's word.
struct Line {
    purpose: Purpose,
    given: Option<i64>,
    outdated: Option<i64>,
    withdrawn: Option<i64>,
    key: String,
}

struct Past {
    title: &'static str,
    given: bool,
    version: i64,
    at: i64,
    form: String,
}

#[derive(Template)]
#[template(path = "consent/show.html")]
struct ConsentPage {
    lines: Vec<Line>,
    past: Vec<Past>,
}

pub async fn show(ctx: Ctx) -> Result<Page> {
    let account_id = ctx.actor()?.account_id;
    let mut conn = ctx.kit.db.read().await?;
    let words = words(&mut conn, account_id).await?;
    let said = store::all(&mut conn, account_id).await?;
    drop(conn);
    let lines = words.into_iter().map(|(purpose, word)| Line {
        purpose,
        given: if let Word::Given(at) = word { Some(at) } else { None },
        outdated: if let Word::Outdated(at) = word { Some(at) } else { None },
        withdrawn: if let Word::Withdrawn(at) = word { Some(at) } else { None },
        key: ctx.kit.ids.token(),
    });
    let page = ConsentPage { lines: lines.collect(), past: said.into_iter().filter_map(past).collect() };
    Ok(ctx.page(ctx.say("people-consent-title"), &page)?.head(|head| head.private = true))
}

fn past(said: Said) -> Option<Past> {
    let purpose = parse(&said.purpose)?;
    Some(Past { title: purpose.title, given: said.given, version: said.version, at: said.at, form: said.form })
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ConsentForm {
    tujuan: String,
    /// Version of the words that the person read.
    versi: String,
    /// `ya` or `tidak`.
    jawab: String,
}

pub async fn save(ctx: Ctx, form: Form<ConsentForm>) -> Result<Response> {
    let account_id = ctx.actor()?.account_id;
    let given = match form.data.jawab.as_str() {
        "ya" => Some(true),
        "tidak" => Some(false),
        _ => None,
    };
    let (Some(purpose), Some(given)) = (parse(&form.data.tujuan), given) else {
        let mut errors = Errors::default();
        errors.add("", "form-unreadable");
        return Err(Error::Invalid(errors));
    };
    if given && form.data.versi != purpose.version.to_string() {
        // Nobody agrees to words they have not read.
        return Err(Error::Conflict("people-consent-newer"));
    }
    let mut tx = ctx.kit.db.write().await?;
    say(&mut tx, account_id, purpose, given, "/akun/persetujuan", ctx.now()).await?;
    let text = if given { "people-consent-given" } else { "people-consent-withdrawn" };
    ctx.commit(tx, &form, ctx.onward("/akun/persetujuan", text)).await
}

/// Asks again where the words have changed since the person agreed.
pub(crate) fn tasks<'a>(ctx: &'a Ctx, conn: &'a mut Conn) -> Later<'a, Result<Vec<Task>>> {
    Box::pin(async move {
        let Some(account_id) = ctx.account_id() else { return Ok(Vec::new()) };
        let words = words(conn, account_id).await?;
        if !words.iter().any(|(_, word)| matches!(word, Word::Outdated(_))) {
            return Ok(Vec::new());
        }
        Ok(vec![Task {
            order: 250,
            icon: "lock",
            title: ctx.say("people-consent-task"),
            note: ctx.say("people-consent-task-note"),
            href: "/akun/persetujuan".into(),
            action: ctx.say("people-consent-task-do"),
        }])
    })
}
