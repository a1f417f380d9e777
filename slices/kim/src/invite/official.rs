//! `/kelola/undangan`: the operator invites officials of a region.
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::Conn;
use base::authz::Scope;
use people::invite::{self, Joined, Listed, NOTE_MOST, New, Standing};
use people::roles;
use regions::picker::{self, Resolved};
use serde::Deserialize;
use web::{Ctx, Error, Errors, Form, Page, Result, filters};

use super::pages::{Nothing, made};
use crate::access::id_of;
use crate::register::rules;

const PATH: &str = "/kelola/undangan";
/// Invitations on one page.
const PAGE: i64 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub setelah: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct OfficialForm {
    pub peran: String,
    pub wilayah: String,
    pub wilayah_q: String,
    pub catatan: String,
}

#[derive(Template)]
#[template(path = "invite/official.html")]
struct OfficialPage {
    roles: Vec<(&'static str, &'static str)>,
    picker: String,
    lines: Vec<(Listed, Standing, Vec<Joined>)>,
    next: Option<String>,
    errors: Errors,
    data: OfficialForm,
    key: String,
}

async fn page(ctx: &Ctx, conn: &mut Conn, asked: &str, data: OfficialForm, errors: Errors) -> Result<Page> {
    let mut listed = invite::list(conn, None, asked.parse().unwrap_or(i64::MAX), PAGE + 1).await?;
    let more = listed.len() > PAGE as usize;
    listed.truncate(PAGE as usize);
    let next = listed.last().filter(|_| more).map(|last| format!("{PATH}?setelah={}", last.id));
    let mut lines = Vec::new();
    for invite in listed {
        let joined = invite::joined(conn, invite.id).await?;
        let standing = invite.standing(ctx.now());
        lines.push((invite, standing, joined));
    }
    let picker = match errors.of("wilayah") {
        Some(_) => picker::offer(ctx, conn, "wilayah", &data.wilayah_q).await?,
        None => picker::render(ctx, conn, "wilayah", &data.wilayah).await?,
    };
    let roles = invite::OF_REGION.iter().map(|role| (role.0, roles::key(role.0))).collect();
    let page = OfficialPage { roles, picker, lines, next, errors, data, key: ctx.kit.ids.token() };
    Ok(ctx.page(ctx.say("kim-official-title"), &page)?.head(|head| head.private = true))
}

pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Page> {
    ctx.looks_at("kim.invites.viewed", ("", None), ("invites", 0), None).await?;
    let mut conn = ctx.kit.db.read().await?;
    page(&ctx, &mut conn, &asked.setelah, OfficialForm::default(), Errors::default()).await
}

pub async fn make(ctx: Ctx, form: Form<OfficialForm>) -> Result<Response> {
    if let Some(detour) = people::factor::prove::detour(&ctx, PATH) {
        return Ok(detour);
    }
    let mut conn = ctx.kit.db.read().await?;
    let data = &form.data;
    let mut errors = Errors::default();
    let role = roles::parse(&data.peran).filter(|role| invite::OF_REGION.contains(role));
    errors.check(role.is_some(), "peran", "kim-invite-role-empty");
    let note = rules::tidy(&data.catatan);
    errors.most(&note, "catatan", NOTE_MOST);
    let region = match picker::resolve(&mut conn, &data.wilayah, &data.wilayah_q).await? {
        Resolved::One(region) => Some(region),
        Resolved::Many(_) => {
            errors.add("wilayah", "kim-region-which");
            None
        }
        Resolved::None => {
            errors.add("wilayah", "kim-official-region-empty");
            None
        }
    };
    let (Some(role), Some(region), true) = (role, region, errors.is_empty()) else {
        return Ok(page(&ctx, &mut conn, "", form.data, errors).await?.invalid().into_response());
    };
    drop(conn);
    let new = New {
        role,
        scope: Scope::Region(region.code.clone()),
        place: &region.code,
        title: &region.name,
        link: PATH,
        many: false,
        entry: None,
        note: &note,
    };
    made(&ctx, &new, PATH).await
}

pub async fn revoke(ctx: Ctx, Path(id): Path<String>, form: Form<Nothing>) -> Result<Response> {
    let mut tx = ctx.kit.db.write().await?;
    if !invite::revoke(&ctx, &mut tx, id_of(&id)?, None).await? {
        return Err(Error::Missing);
    }
    ctx.commit(tx, &form, ctx.onward(PATH, "kim-invite-done-revoked")).await
}
