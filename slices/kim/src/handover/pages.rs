//! Handing over for someone of the KIM: its officers for a colleague, overseers for anyone of it.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::Conn;
use base::authz::{Role, Scope};
use people::factor::prove;
use people::handover::{self, Holder, New};
use people::roles::{FOSTERING, OFFICER, OPERATOR, VERIFIER};
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use crate::access::own;
use crate::register::{Kim, Status};

/// Those who may hand over for others, each where they hold the role of their own.
pub const MOVERS: &[Role] = &[OFFICER, OPERATOR, VERIFIER, FOSTERING];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Account of the one who hands over.
    pub dari: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct HandoverForm {
    pub dari: String,
    pub ke: String,
    pub tetap: String,
}

#[derive(Template)]
#[template(path = "handover/form.html")]
struct FormPage {
    kim: Kim,
    holders: Vec<Holder>,
    errors: Errors,
    data: HandoverForm,
    key: String,
}

impl FormPage {
    /// Those who can take over: their account works.
    fn able(&self) -> Vec<&Holder> {
        self.holders.iter().filter(|holder| holder.active).collect()
    }
}

/// The KIM for someone who may move rights in it; a stand-in may not.
async fn movable(ctx: &Ctx, conn: &mut Conn, slug: &str) -> Result<Kim> {
    let kim = own(ctx, conn, slug, MOVERS).await?;
    if kim.status == Status::Dissolved {
        return Err(Error::Conflict("kim-conflict-dissolved"));
    }
    if handover::may_move(ctx.actor()?, &kim.region, kim.id) { Ok(kim) } else { Err(Error::Refused("kim-deputy-refused")) }
}

async fn page(ctx: &Ctx, conn: &mut Conn, kim: Kim, data: HandoverForm, errors: Errors) -> Result<Page> {
    let holders = handover::holders(conn, kim.id, ctx.now()).await?;
    let page = FormPage { holders, errors, data, key: ctx.kit.ids.token(), kim };
    Ok(ctx.page(ctx.say("kim-handover-title"), &page)?.section("/meja").head(|head| head.private = true))
}

pub async fn form(ctx: Ctx, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = movable(&ctx, &mut conn, &slug).await?;
    // A borrowed phone must not give an office away.
    if let Some(detour) = prove::detour(&ctx, &path(&kim)) {
        return Ok(detour);
    }
    let data = HandoverForm { dari: asked.dari, ..HandoverForm::default() };
    Ok(page(&ctx, &mut conn, kim, data, Errors::default()).await?.into_response())
}

fn path(kim: &Kim) -> String {
    format!("/meja/kim/{}/serah-terima", kim.slug)
}

pub async fn add(ctx: Ctx, Path(slug): Path<String>, form: Form<HandoverForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = movable(&ctx, &mut conn, &slug).await?;
    if let Some(detour) = prove::detour(&ctx, &path(&kim)) {
        return Ok(detour);
    }
    let holders = handover::holders(&mut conn, kim.id, ctx.now()).await?;
    let find = |sent: &str| holders.iter().find(|holder| holder.account_id.to_string() == sent);
    let (source, target) = (find(&form.data.dari), find(&form.data.ke).filter(|holder| holder.active));
    let mut errors = Errors::default();
    errors.check(source.is_some(), "dari", "kim-handover-from-empty");
    errors.check(target.is_some(), "ke", "kim-handover-to-empty");
    errors.check(source.is_none() || source != target, "ke", "kim-handover-same");
    let (Some(source), Some(target), true) = (source, target, errors.is_empty()) else {
        return Ok(page(&ctx, &mut conn, kim, form.data, errors).await?.invalid().into_response());
    };
    drop(conn);
    let new = New {
        source: source.account_id,
        target: target.account_id,
        scope: Scope::Group(kim.id),
        place: &kim.region,
        title: &kim.name,
        roles: &source.roles,
        stays: !form.data.tetap.is_empty(),
    };
    let mut tx = ctx.kit.db.write().await?;
    let id = handover::make(&ctx, &mut tx, &new).await?;
    ctx.commit(tx, &form, ctx.onward(&format!("/akun/serah-terima/{id}"), "people-handover-done")).await
}
