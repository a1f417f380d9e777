//! `/bina/cakupan`: what is missing below an overseer's region, as a map and as its table.
use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use web::{Ctx, Page, Result, filters};

use super::map::by_view;
use super::{Row, View, asked, count};
use crate::verify::queue::name_of;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub wilayah: String,
    /// Code of a [`View`].
    pub lihat: String,
}

/// A view with how many it finds in all.
struct Tab {
    view: View,
    n: i64,
}

#[derive(Template)]
#[template(path = "coverage/show.html")]
struct ShowPage {
    code: String,
    place: String,
    /// The region above, if the person may look there.
    up: Option<(String, String)>,
    view: View,
    tabs: Vec<Tab>,
    views: [View; 5],
    map: String,
    rows: Vec<Row>,
    total: Row,
    /// Whether the rows are villages, which hold nothing to look into.
    deepest: bool,
}

/// `GET /bina/cakupan`
pub async fn show(ctx: Ctx, Query(asked_for): Query<Asked>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let code = asked(&ctx, &mut conn, &asked_for.wilayah).await?;
    let view = View::parse(&asked_for.lihat);
    let coverage = count(&mut conn, &code, ctx.now()).await?;
    let place = name_of(&ctx, &mut conn, &code).await?;
    let label = ctx.say_with("kim-cover-map", &[("place", &place), ("what", &ctx.say(view.key()))]);
    let state = |code: &str| {
        let row = coverage.rows.iter().find(|row| row.code == code);
        row.map(|row| by_view(&ctx, row, view)).unwrap_or_default()
    };
    let map = regions::map(&mut conn, &code, &coverage.tiles, false, &label, &state).await?.unwrap_or_default();
    let above = code.rfind('.').map_or("", |dot| &code[..dot]);
    let mut up = None;
    if !code.is_empty() && ctx.may(people::roles::OVERSEERS, above, None) {
        up = Some((above.to_owned(), name_of(&ctx, &mut conn, above).await?));
    }
    drop(conn);
    let page = ShowPage {
        tabs: View::ALL.into_iter().map(|view| Tab { view, n: coverage.total.of(&view) }).collect(),
        deepest: coverage.rows.first().is_some_and(|row| row.code.matches('.').count() == 3),
        views: View::ALL,
        rows: coverage.rows,
        total: coverage.total,
        code,
        place,
        up,
        view,
        map,
    };
    let title = ctx.say_with("kim-cover-title", &[("place", &page.place)]);
    Ok(ctx.page(title, &page)?.section("/bina").head(|head| head.private = true))
}
