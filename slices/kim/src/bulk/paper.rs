//! The form on paper, for places without a computer: printed, filled in by hand, copied in later.
use askama::Template;
use axum::extract::Path;
use web::{Ctx, Page, Result, filters};

use super::columns::Column;
use super::pages::{At, desk};
use super::{Kind, pages::Desk};

/// Lines for members on one sheet of paper.
const LINES: usize = 18;
/// Forms for KIM on one print.
const FORMS: usize = 3;

#[derive(Template)]
#[template(path = "bulk/paper.html")]
struct PaperPage {
    desk: Desk,
    columns: &'static [Column],
    /// One number each, for the lines or forms.
    lines: Vec<usize>,
}

impl PaperPage {
    fn is_register(&self) -> bool {
        self.desk.kind == Kind::Register
    }
}

pub async fn show(ctx: Ctx, Path(at): Path<At>) -> Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let desk = desk(&ctx, &mut conn, &at).await?;
    drop(conn);
    let most = if desk.kind == Kind::Register { FORMS } else { LINES };
    let page = PaperPage { columns: desk.kind.columns(), lines: (1..=most).collect(), desk };
    let title = ctx.say(page.desk.paper_key());
    Ok(ctx.page(title, &page)?.section(page.desk.section()).head(|head| head.private = true))
}
