//! Plain pages about the product itself: what it is, what it keeps, how programs read it.
use askama::Template;
use web::privacy::Processing;
use web::{Ctx, Page, filters};

#[derive(Template)]
#[template(path = "public/about.html")]
struct About;

#[derive(Template)]
#[template(path = "public/privacy.html")]
struct Privacy {
    /// The register of processing, with how long each is kept.
    held: Vec<(Processing, String)>,
}

#[derive(Template)]
#[template(path = "public/api.html")]
struct Api {
    base: String,
}

/// `GET /tentang`
pub async fn about(ctx: Ctx) -> web::Result<Page> {
    let page = ctx.page(ctx.say("newsroom-about-title"), &About)?;
    let description = ctx.say("newsroom-about-lead");
    Ok(page.head(|head| head.description = description).tags(Vec::new()))
}

/// `GET /privasi`
pub async fn privacy(ctx: Ctx) -> web::Result<Page> {
    let lines = ctx.personal().iter().flat_map(|personal| personal.register);
    let held = lines.map(|line| (*line, ctx.say_with(line.kept.key, &[("n", &line.kept.n.to_string())]))).collect();
    let page = ctx.page(ctx.say("newsroom-privacy-title"), &Privacy { held })?;
    let description = ctx.say("newsroom-privacy-lead");
    Ok(page.head(|head| head.description = description).tags(Vec::new()))
}

/// `GET /api`
pub async fn api(ctx: Ctx) -> web::Result<Page> {
    let page = ctx.page(ctx.say("newsroom-api-title"), &Api { base: ctx.absolute("/api/v1") })?;
    let description = ctx.say("newsroom-api-lead");
    Ok(page.head(|head| head.description = description).tags(Vec::new()))
}
