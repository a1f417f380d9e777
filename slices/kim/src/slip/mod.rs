//! Slips for people of a KIM who forgot their password and have no e-mail: whoever watches over the
//! KIM prints one and hands it over.
#[cfg(test)]
mod tests;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::Conn;
use base::authz::Scope;
use people::factor::prove;
use people::handover::{self, Holder};
use people::roles::OVERSEERS;
use people::{account, grant, reset};
use serde::Deserialize;
use web::{Ctx, Error, Form, Result, filters};

use crate::access::{id_of, overseen};
use crate::register::{self, Kim};

struct Line {
    holder: Holder,
    /// Whether this officer may print their slip.
    may: bool,
    key: String,
}

#[derive(Template)]
#[template(path = "slip/list.html")]
struct ListPage {
    kim: Kim,
    lines: Vec<Line>,
}

fn path(kim: &Kim) -> String {
    format!("/bina/kim/{}/slip", kim.slug)
}

/// The KIM for someone who watches over it of their own right: a stand-in opens no accounts.
async fn own(ctx: &Ctx, conn: &mut Conn, slug: &str) -> Result<Kim> {
    let kim = overseen(ctx, conn, slug).await?;
    if ctx.owns(OVERSEERS, &kim.region, Some(kim.id)) { Ok(kim) } else { Err(Error::Refused("kim-deputy-refused")) }
}

/// Whether the officer watches over everything that an account may act in.
async fn may(ctx: &Ctx, conn: &mut Conn, account_id: i64) -> Result<bool> {
    if Some(account_id) == ctx.account_id() || !reset::may_slip(conn, account_id, ctx.now()).await? {
        return Ok(false);
    }
    for own in grant::held(conn, account_id, ctx.now()).await? {
        let Scope::Group(group) = own.scope else { continue };
        let Some(kim) = register::by_id(conn, group).await? else { return Ok(false) };
        if !ctx.owns(OVERSEERS, &kim.region, Some(kim.id)) {
            return Ok(false);
        }
    }
    Ok(true)
}

pub async fn list(ctx: Ctx, Path(slug): Path<String>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = own(&ctx, &mut conn, &slug).await?;
    if let Some(detour) = prove::detour(&ctx, &path(&kim)) {
        return Ok(detour);
    }
    ctx.looks_at("kim.roster.viewed", (&kim.region, Some(kim.id)), ("kim", kim.id), None).await?;
    let mut lines = Vec::new();
    for holder in handover::holders(&mut conn, kim.id, ctx.now()).await?.into_iter().filter(|holder| holder.active) {
        let may = may(&ctx, &mut conn, holder.account_id).await?;
        lines.push(Line { holder, may, key: ctx.kit.ids.token() });
    }
    let page = ListPage { kim, lines };
    let page = ctx.page(ctx.say("kim-slip-title"), &page)?.section("/bina").head(|head| head.private = true);
    Ok(page.into_response())
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn make(ctx: Ctx, Path((slug, id)): Path<(String, String)>, _form: Form<Nothing>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = own(&ctx, &mut conn, &slug).await?;
    let back = path(&kim);
    if let Some(detour) = prove::detour(&ctx, &back) {
        return Ok(detour);
    }
    let id = id_of(&id)?;
    let holders = handover::holders(&mut conn, kim.id, ctx.now()).await?;
    if !holders.iter().any(|holder| holder.account_id == id && holder.active) {
        return Err(Error::Missing);
    }
    if !may(&ctx, &mut conn, id).await? {
        return Err(Error::Conflict("kim-slip-refused"));
    }
    let name = account::names(&mut conn, &[id]).await?.remove(&id).ok_or(Error::Missing)?;
    drop(conn);
    let mut tx = ctx.kit.db.write().await?;
    let code = reset::slip(&ctx, &mut tx, id, Some((&kim.region, kim.id))).await?;
    // Not kept for replay: the code is shown once.
    ctx.commit_plain(tx).await?;
    reset::pages::slip_page(&ctx, &name, code, &back)
}
