//! The form of tools and signal.
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::Event;
use serde::Deserialize;
use serde_json::json;
use web::{Ctx, Errors, Form, Page, Result, filters};

use super::{CONNECTIVITY, EQUIPMENT, Facility, OTHER_MOST, join, signal_key, store};
use crate::access::kept;
use crate::register::{Kim, rules, step};

/// What the form holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FacilityForm {
    pub sinyal: String,
    pub alat: Vec<String>,
    pub alat_lain: String,
}

#[derive(Template)]
#[template(path = "facility/form.html")]
struct FormPage {
    kim: Kim,
    errors: Errors,
    data: FacilityForm,
    signals: [(&'static str, &'static str, &'static str); 3],
    /// Code, key of the name, chosen.
    tools: Vec<(&'static str, &'static str, bool)>,
    key: String,
}

fn render(ctx: &Ctx, kim: Kim, data: FacilityForm, errors: Errors) -> Result<Page> {
    let chosen = |code: &str| data.alat.iter().any(|one| one == code);
    let page = FormPage {
        signals: CONNECTIVITY,
        tools: EQUIPMENT.iter().map(|(code, key)| (*code, *key, chosen(code))).collect(),
        key: ctx.kit.ids.token(),
        kim,
        errors,
        data,
    };
    Ok(ctx.page(ctx.say("kim-facility-title"), &page)?.section("/meja").head(|head| head.private = true))
}

/// `GET /meja/kim/{slug}/sarana`
pub async fn edit(ctx: Ctx, Path(slug): Path<String>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    let now = store::of(&mut conn, kim.id).await?;
    drop(conn);
    let data = FacilityForm {
        sinyal: now.connectivity,
        alat: now.equipment.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        alat_lain: now.equipment_other,
    };
    render(&ctx, kim, data, Errors::default())
}

/// `POST /meja/kim/{slug}/sarana`
pub async fn save(ctx: Ctx, Path(slug): Path<String>, form: Form<FacilityForm>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let kim = kept(&ctx, &mut conn, &slug).await?;
    drop(conn);
    let mut errors = Errors::default();
    let other = rules::tidy(&form.data.alat_lain);
    errors.check(signal_key(&form.data.sinyal).is_some(), "sinyal", "kim-signal-empty");
    errors.most(&other, "alat_lain", OTHER_MOST);
    if !errors.is_empty() {
        return Ok(render(&ctx, kim, form.data, errors)?.invalid().into_response());
    }
    let facility =
        Facility { connectivity: form.data.sinyal.clone(), equipment: join(&EQUIPMENT, &form.data.alat), equipment_other: other };
    let mut tx = ctx.kit.db.write().await?;
    store::set(&mut tx, kim.id, &facility, ctx.now()).await?;
    let data = json!({ "connectivity": facility.connectivity }).to_string();
    tx.emit(Event { data, ..step::event(&ctx, &kim, "kim.group.equipped") }).await?;
    let answer = ctx.onward(&format!("/meja/kim/{}", kim.slug), "kim-done-facility");
    ctx.commit(tx, &form, answer).await
}
