//! The writing form: what is typed in it, how it becomes the text of an article, and its page.
use askama::Template;
use base::{Conn, Lang};
use kim::Kim;
use regions::picker::{self, Resolved};
use serde::Deserialize;
use web::{Ctx, Errors, Page, Problem, filters};

use super::desk::Desk;
use super::store::Text;
use super::{Article, CATEGORIES, Status, Step, Wanted, Words, check, clean, is_near, slug, tags};
use crate::media::{self, Photo};
use crate::review::{self, Comment};

/// The form as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Address of the KIM, for a new story.
    pub kim: String,
    pub title: String,
    pub lead: String,
    pub body: String,
    pub category: String,
    pub tags: String,
    pub lang: String,
    pub region: String,
    pub region_q: String,
    /// The version that the form was filled from.
    pub version: String,
    /// Names this form, so that what it saves by itself is no conflict with itself.
    pub sheet: String,
    /// `1` when the words travel with it.
    pub text: String,
    /// Ticked to give a published story the address of its new title.
    pub ganti_alamat: String,
    /// `kirim` to hand a new story in at once.
    pub act: String,
}

impl Typed {
    /// The form of a story as it stands.
    pub fn of(ctx: &Ctx, article: &Article) -> Typed {
        Typed {
            title: article.title.clone(),
            lead: article.lead.clone(),
            body: article.body.clone(),
            category: article.category.clone(),
            tags: article.tags().join(", "),
            lang: article.lang.clone(),
            region: article.region.clone(),
            version: article.version.to_string(),
            sheet: ctx.kit.ids.short(),
            ..Typed::default()
        }
    }

    /// The form of a new story.
    pub fn fresh(ctx: &Ctx, kim: &Kim) -> Typed {
        Typed {
            kim: kim.slug.clone(),
            category: "kabar".into(),
            lang: "id".into(),
            region: kim.region.clone(),
            sheet: ctx.kit.ids.short(),
            ..Typed::default()
        }
    }
}

/// A form read: the text it makes, and what is wrong with it.
pub(crate) struct Prepared {
    pub text: Text,
    pub errors: Errors,
}

/// Turns what was typed into the text of an article. The address is still the old one, or the wished
/// one of a new story.
pub(crate) async fn prepare(
    conn: &mut Conn,
    kim: &Kim,
    typed: &Typed,
    before: Option<&Article>,
    photos: &[Photo],
    wanted: Wanted,
) -> web::Result<Prepared> {
    let mut errors = Errors::default();
    let tags = tags(&typed.tags);
    let words = Words {
        title: &typed.title,
        lead: &typed.lead,
        body: &typed.body,
        category: &typed.category,
        tags: &tags,
        lang: &typed.lang,
    };
    check(words, wanted, "body", &mut errors);
    let region = place(conn, kim, typed, before, wanted, &mut errors).await?;
    let own: Vec<&str> = photos.iter().map(|photo| photo.name.as_str()).collect();
    let too_long = errors.of("body").is_some();
    let text = Text {
        slug: before.map_or_else(|| slug(&typed.title), |article| article.slug.clone()),
        region,
        title: one_line(&typed.title),
        lead: one_line(&typed.lead),
        body: if too_long { String::new() } else { clean(&typed.body, &own) },
        category: typed.category.clone(),
        tags,
        lang: typed.lang.clone(),
        sheet: None,
    };
    if !too_long && text.body.chars().count() > super::BODY_MOST {
        errors.add_with("body", "newsroom-body-long", &[("most", "60.000")]);
    }
    Ok(Prepared { text, errors })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The place of a story: the chosen code, else what the typed name means, else the KIM's own.
async fn place(
    conn: &mut Conn,
    kim: &Kim,
    typed: &Typed,
    before: Option<&Article>,
    wanted: Wanted,
    errors: &mut Errors,
) -> web::Result<String> {
    let old = before.map_or(kim.region.as_str(), |article| article.region.as_str());
    let typed_over = !typed.region_q.trim().is_empty();
    let same = (typed.region.is_empty() || typed.region == old) && !typed_over;
    // What saves by itself leaves a place half chosen for the save by hand.
    if same || wanted == Wanted::Bounds {
        return Ok(old.to_owned());
    }
    match picker::resolve(conn, &typed.region, &typed.region_q).await? {
        Resolved::One(region) if region.code == old || is_near(&region.code, &kim.region) => return Ok(region.code),
        Resolved::One(_) => errors.add("region", "newsroom-region-far"),
        Resolved::Many(_) => errors.add("region", "newsroom-region-many"),
        Resolved::None => errors.add("region", "newsroom-region-none"),
    }
    Ok(old.to_owned())
}

/// What a page of the form shows besides the typed words.
pub(crate) struct Shown {
    pub typed: Typed,
    pub errors: Errors,
    /// The text that stands, when another change came first.
    pub conflict: bool,
}

impl Shown {
    pub fn new(typed: Typed) -> Shown {
        Shown { typed, errors: Errors::default(), conflict: false }
    }
}

#[derive(Template)]
#[template(path = "article/form.html")]
struct FormPage<'a> {
    desk: Option<&'a Desk>,
    kim: &'a Kim,
    typed: &'a Typed,
    errors: &'a Errors,
    conflict: bool,
    categories: &'static [(&'static str, &'static str)],
    langs: [(&'static str, &'static str); 4],
    region: String,
    photos: &'a [Photo],
    request: Option<&'a Comment>,
    comments: &'a [Comment],
    action: String,
    autosave: String,
    draft_key: String,
    /// A copy in the phone that may be forgotten, after a save.
    clear: Option<String>,
    saved_at: i64,
    key: String,
}

impl FormPage<'_> {
    fn may(&self, step: Step) -> bool {
        self.desk.is_some_and(|desk| desk.may(step))
    }

    fn is_open(&self) -> bool {
        self.desk.is_none_or(|desk| desk.article.status.is_open())
    }

    /// What is wrong with a field of a photo.
    fn wrong(&self, field: &str, photo: &Photo) -> Option<&Problem> {
        self.errors.of(&format!("{field}-{}", photo.id))
    }

    fn most(&self) -> usize {
        media::MOST
    }

    fn is_published(&self) -> bool {
        self.desk.is_some_and(|desk| desk.article.status == Status::Published)
    }
}

fn langs() -> [(&'static str, &'static str); 4] {
    Lang::ALL.map(|lang| (lang.code(), super::lang_key(lang.code())))
}

/// The place field; with the places that fit when the typed name was not clear.
async fn region_field(ctx: &Ctx, conn: &mut Conn, shown: &Shown) -> web::Result<String> {
    if shown.errors.of("region").is_some() {
        return picker::offer(ctx, conn, "region", &shown.typed.region_q).await;
    }
    picker::render(ctx, conn, "region", &shown.typed.region).await
}

/// The page of a new story.
pub(crate) async fn new_page(ctx: &Ctx, conn: &mut Conn, kim: &Kim, shown: &Shown) -> web::Result<Page> {
    let page = FormPage {
        desk: None,
        kim,
        typed: &shown.typed,
        errors: &shown.errors,
        conflict: false,
        categories: CATEGORIES,
        langs: langs(),
        region: region_field(ctx, conn, shown).await?,
        photos: &[],
        request: None,
        comments: &[],
        action: "/meja/tulis".into(),
        autosave: String::new(),
        draft_key: format!("tulis-{}", kim.slug),
        clear: None,
        saved_at: 0,
        key: ctx.kit.ids.token(),
    };
    let page = ctx.page(ctx.say("newsroom-write-title"), &page)?;
    Ok(page.section("/meja/tulis").head(dress))
}

/// The page of a story that stands.
pub(crate) async fn edit_page(ctx: &Ctx, conn: &mut Conn, desk: &Desk, shown: &Shown) -> web::Result<Page> {
    let article = &desk.article;
    let photos = media::of(conn, article.id).await?;
    let comments = review::comments(conn, article.id).await?;
    let asked = comments.iter().rev().find(|comment| comment.kind == "changes");
    let open = article.status.is_open();
    let page = FormPage {
        desk: Some(desk),
        kim: &desk.kim,
        typed: &shown.typed,
        errors: &shown.errors,
        conflict: shown.conflict,
        categories: CATEGORIES,
        langs: langs(),
        region: region_field(ctx, conn, shown).await?,
        photos: &photos,
        request: asked.filter(|_| article.status == Status::Changes),
        comments: &comments,
        action: article.desk(),
        autosave: if open && !shown.conflict { format!("{}/simpan-otomatis", article.desk()) } else { String::new() },
        draft_key: format!("tulisan-{}", article.id),
        clear: ctx.flash.as_ref().map(|_| format!("tulis-{}", desk.kim.slug)),
        saved_at: article.updated_at / 1000,
        key: ctx.kit.ids.token(),
    };
    let title = if article.title.is_empty() { ctx.say("newsroom-untitled") } else { article.title.clone() };
    Ok(ctx.page(title, &page)?.section("/meja/tulis").head(dress))
}

fn dress(head: &mut web::page::Head) {
    head.editor = true;
    head.private = true;
}
