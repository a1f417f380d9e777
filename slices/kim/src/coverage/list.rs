//! `/bina/cakupan/daftar`: the villages or KIM behind one number of the coverage page.
use askama::Template;
use axum::extract::Query;
use base::Conn;
use serde::Deserialize;
use web::{Ctx, Page, Result, dates, filters};

use super::store::{self, Found};
use super::{View, asked};
use crate::verify::queue::name_of;

/// Lines on one page.
const PAGE: usize = 50;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub wilayah: String,
    pub lihat: String,
    pub setelah: String,
}

/// A village or a KIM, said.
pub(super) struct Line {
    pub href: String,
    pub name: String,
    pub place: String,
    /// Why it is here; empty for a village.
    pub why: String,
}

#[derive(Template)]
#[template(path = "coverage/list.html")]
struct ListPage {
    code: String,
    place: String,
    view: View,
    lines: Vec<Line>,
    next: Option<String>,
}

/// Why a view finds a KIM.
pub(super) fn why(ctx: &Ctx, view: View, found: &Found) -> String {
    let date = |at: i64| dates::date(at, ctx.lang, &found.region);
    match (view, found.expires_at, found.asked_at) {
        (View::Decree, Some(end), _) if found.decree.is_some() => ctx.say_with("kim-cover-why-over", &[("date", &date(end))]),
        (View::Decree, ..) => ctx.say("kim-lack-decree"),
        (View::Hollow, ..) => {
            let (n, least) = (found.members.to_string(), found.least.to_string());
            ctx.say_with("kim-cover-why-hollow", &[("n", &n), ("least", &least)])
        }
        (View::Silent, _, Some(at)) => ctx.say_with("kim-cover-why-silent", &[("date", &date(at))]),
        _ => ctx.say("kim-signal-blank"),
    }
}

fn place(name: &str, above: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{name}, {above}") }
}

/// `GET /bina/cakupan/daftar`
pub async fn show(ctx: Ctx, Query(asked_for): Query<Asked>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let code = asked(&ctx, &mut conn, &asked_for.wilayah).await?;
    let view = View::parse(&asked_for.lihat);
    let (mut lines, last) = lines(&ctx, &mut conn, &code, view, &asked_for.setelah).await?;
    let place = name_of(&ctx, &mut conn, &code).await?;
    drop(conn);
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let next = last.filter(|_| more).map(|key| {
        let mut query = url::form_urlencoded::Serializer::new("/bina/cakupan/daftar?".to_owned());
        query.append_pair("wilayah", &code).append_pair("lihat", view.code()).append_pair("setelah", &key);
        query.finish()
    });
    let page = ListPage { code, place, view, lines, next };
    let title = ctx.say_with("kim-cover-list", &[("what", &ctx.say(view.key())), ("place", &page.place)]);
    Ok(ctx.page(title, &page)?.section("/bina").head(|head| head.private = true))
}

/// One line more than a page, and the key of the last line of the page.
async fn lines(ctx: &Ctx, conn: &mut Conn, code: &str, view: View, after: &str) -> Result<(Vec<Line>, Option<String>)> {
    let limit = PAGE as i64 + 1;
    if view == View::Empty {
        let found = store::empty(conn, code, after, limit).await?;
        let last = found.get(PAGE - 1).map(|village| village.code.clone());
        let line = |village: store::Village| Line {
            href: format!("/wilayah/{}", village.code),
            name: village.name,
            place: village.above,
            why: String::new(),
        };
        return Ok((found.into_iter().map(line).collect(), last));
    }
    let key = after.rsplit_once('_').and_then(|(place, id)| Some((place.to_owned(), id.parse().ok()?)));
    let found = store::found(conn, code, view, key, limit, ctx.now()).await?;
    let last = found.get(PAGE - 1).map(|one| format!("{}_{}", one.region, one.id));
    let line = |one: Found| Line {
        why: why(ctx, view, &one),
        href: format!("/bina/kim/{}", one.slug),
        place: place(&one.region_name, &one.above),
        name: one.name,
    };
    Ok((found.into_iter().map(line).collect(), last))
}
