//! `/bina/tanpa-pengurus`: KIM that nobody keeps, each one button away from an invitation.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use base::authz::Scope;
use people::invite::{self, New};
use people::roles::{OFFICER, OVERSEERS};
use serde::Deserialize;
use web::{Ctx, Error, Form, Page, Result, filters};

use super::store::{self, Orphan};
use crate::access::overseen;
use crate::invite::pages::made;
use crate::register::{Status, rules};

const PATH: &str = "/bina/tanpa-pengurus";
/// KIM on one page.
const PAGE: i64 = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Id of the last KIM before this page.
    pub setelah: String,
    /// `daftar` for listings that nobody has claimed.
    pub jenis: String,
}

#[derive(Template)]
#[template(path = "keeper/list.html")]
struct ListPage {
    list: Vec<Orphan>,
    listings: bool,
    next: Option<String>,
    key: String,
}

pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page> {
    let codes = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    let listings = asked.jenis == "daftar";
    let kind = if listings { "jenis=daftar&" } else { "" };
    let after = asked.setelah.parse().unwrap_or(0);
    let mut conn = ctx.kit.db.read().await?;
    let mut list = Vec::new();
    for code in &codes {
        list.extend(store::list(&mut conn, code, listings, after, PAGE + 1, ctx.now()).await?);
    }
    drop(conn);
    list.sort_by_key(|orphan| orphan.id);
    let more = list.len() > PAGE as usize;
    list.truncate(PAGE as usize);
    let next = list.last().filter(|_| more).map(|last| format!("{PATH}?{kind}setelah={}", last.id));
    let page = ListPage { list, listings, next, key: ctx.kit.ids.token() };
    Ok(ctx.page(ctx.say("kim-keeper-title"), &page)?.section("/bina").head(|head| head.private = true))
}

#[derive(Deserialize)]
pub struct Nothing {}

/// Invites a new officer, in one step. Only where there is none: elsewhere the officers invite.
pub async fn appoint(ctx: Ctx, Path(slug): Path<String>, _form: Form<Nothing>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = overseen(&ctx, &mut conn, &slug).await?;
    if kim.status == Status::Dissolved {
        return Err(Error::Conflict("kim-conflict-dissolved"));
    }
    if !ctx.owns(OVERSEERS, &kim.region, None) {
        return Err(Error::Refused("kim-deputy-refused"));
    }
    let scope = Scope::Group(kim.id);
    if invite::has_keeper(&mut conn, &scope, ctx.now()).await? {
        return Err(Error::Conflict("kim-keeper-there"));
    }
    drop(conn);
    let link = format!("/bina/kim/{}", kim.slug);
    let new = New { role: OFFICER, scope, place: &kim.region, title: &kim.name, link: &link, many: false, entry: None, note: "" };
    made(&ctx, &new, PATH).await
}
