//! A page: the main part a slice rendered, dressed in the layout.
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Lang;

use crate::cache::Tags;
use crate::slice::{MenuItem, Place};
use crate::{Ctx, Error, filters};

/// A page on its way out. Build it with [`Ctx::page`].
pub struct Page {
    ctx: Ctx,
    status: StatusCode,
    title: String,
    main: String,
    head: Head,
    tags: Option<Vec<String>>,
}

/// What stands in the head of a page besides its title.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub description: String,
    /// Path of the one true address; the request's path unless set.
    pub canonical: String,
    /// Address of the picture for previews, absolute.
    pub picture: String,
    /// Open Graph type.
    pub og_type: String,
    /// JSON-LD, already serialised.
    pub json_ld: String,
    /// Feeds of this page: title and path.
    pub feeds: Vec<(String, String)>,
    /// Search engines should not keep it.
    pub private: bool,
    /// Loads the writing script.
    pub editor: bool,
    /// Loads the script for passkeys.
    pub passkey: bool,
    /// Region bar: the shown region's name and its page; empty for none.
    pub region: Option<(String, String)>,
    /// The bar item to mark as current, by its address.
    pub section: &'static str,
    /// RFC 3339 times of an article.
    pub published: String,
    pub modified: String,
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    lang: Lang,
    langs: &'a [Lang],
    title: &'a str,
    site: &'a str,
    head: &'a Head,
    canonical: String,
    main: &'a str,
    nonce: &'a str,
    bar: Vec<&'a MenuItem>,
    foot: Vec<&'a MenuItem>,
    person: Option<&'a str>,
    flash: Option<(String, String)>,
    uri: &'a str,
    default_picture: String,
    key: String,
}

impl Page {
    pub(crate) fn new(ctx: &Ctx, title: String, main: String) -> Page {
        Page { ctx: ctx.clone(), status: StatusCode::OK, title, main, head: Head::default(), tags: None }
    }

    pub fn status(mut self, status: StatusCode) -> Page {
        self.status = status;
        self
    }

    /// 422: the form is shown again with what was typed and what to mend.
    pub fn invalid(self) -> Page {
        self.status(StatusCode::UNPROCESSABLE_ENTITY)
    }

    pub fn head(mut self, fill: impl FnOnce(&mut Head)) -> Page {
        fill(&mut self.head);
        self
    }

    /// Marks the main menu item that this page belongs to.
    pub fn section(mut self, href: &'static str) -> Page {
        self.head.section = href;
        self
    }

    /// Lets the page cache keep the answer until an event makes one of the tags stale.
    pub fn tags(mut self, tags: Vec<String>) -> Page {
        self.tags = Some(tags);
        self
    }

    fn layout(&self) -> Result<String, askama::Error> {
        let ctx = &self.ctx;
        let (bar, foot) = menus(ctx);
        let flash = ctx.flash.as_ref().map(|flash| {
            let values: Vec<(&str, &str)> = flash.values.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            (ctx.say_with(&flash.key, &values), flash.tone.clone())
        });
        let canonical = if self.head.canonical.is_empty() { &ctx.path } else { &self.head.canonical };
        let site = ctx.say("site-name");
        let layout = Layout {
            lang: ctx.lang,
            langs: &Lang::ALL,
            title: &self.title,
            site: &site,
            head: &self.head,
            canonical: ctx.absolute(canonical),
            main: &self.main,
            nonce: &ctx.nonce,
            bar,
            foot,
            person: ctx.who.as_ref().map(|who| who.actor.name.as_str()),
            flash,
            uri: &ctx.uri,
            default_picture: ctx.absolute(&crate::assets::address("bagikan.png")),
            key: ctx.kit.ids.token(),
        };
        layout.render_with_values(&ctx.speaker())
    }
}

fn menus(ctx: &Ctx) -> (Vec<&MenuItem>, Vec<&MenuItem>) {
    let actor = ctx.who.as_ref().map(|who| &who.actor);
    let menu = &ctx.shared.menu;
    let desk: Vec<&MenuItem> =
        menu.iter().filter(|i| i.place == Place::Desk && actor.is_some_and(|actor| actor.holds(i.roles))).collect();
    let room = 4usize.saturating_sub(desk.len());
    let open = menu.iter().filter(|i| i.place == Place::Bar);
    let mut bar: Vec<&MenuItem> = desk.into_iter().take(4).collect();
    bar.extend(open.take(room));
    (bar, menu.iter().filter(|i| i.place == Place::Foot).collect())
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let body = match self.layout() {
            Ok(body) => body,
            Err(error) => return Error::from(error).into_response(),
        };
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        if let Ok(lang) = HeaderValue::from_str(self.ctx.lang.code()) {
            headers.insert(header::CONTENT_LANGUAGE, lang);
        }
        if self.ctx.flash.is_some() {
            crate::ctx::set_cookie(&mut response, crate::ctx::FLASH_COOKIE, "", Some(0));
        }
        if let Some(tags) = self.tags
            && self.ctx.is_anonymous()
        {
            response.extensions_mut().insert(Tags(tags));
        }
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    title: &'a str,
    detail: &'a str,
    missing: bool,
    problems: Vec<String>,
    reference: &'a str,
}

/// Title and advice for an error.
pub(crate) fn error_words(ctx: &Ctx, error: &Error) -> (String, String) {
    let (title, detail) = match error {
        Error::Missing | Error::Hidden => ("error-missing-title", "error-missing"),
        Error::Method => ("error-method-title", "error-method"),
        Error::Slow => ("error-slow-title", "error-slow"),
        Error::Forbidden => ("error-forbidden-title", "error-forbidden"),
        Error::Refused(key) => ("error-forbidden-title", *key),
        Error::Login => ("error-login-title", "error-login"),
        Error::Invalid(_) => ("error-invalid-title", "error-invalid"),
        Error::Conflict(key) => ("error-conflict-title", *key),
        Error::TooMany(seconds) => {
            let minutes = (seconds / 60 + 1).to_string();
            return (ctx.say("error-many-title"), ctx.say_with("error-many", &[("minutes", &minutes)]));
        }
        Error::Gone => ("error-gone-title", "error-gone"),
        Error::Broken(_) => ("error-broken-title", "error-broken"),
    };
    (ctx.say(title), ctx.say(detail))
}

/// The page of an error.
pub(crate) fn error_page(ctx: &Ctx, error: &Error, reference: &str) -> Response {
    let (title, detail) = error_words(ctx, error);
    let problems = match error {
        Error::Invalid(errors) => errors
            .all()
            .iter()
            .map(|p| {
                let values: Vec<(&str, &str)> = p.values.iter().map(|(n, v)| (*n, v.as_str())).collect();
                ctx.say_with(p.key, &values)
            })
            .collect(),
        _ => Vec::new(),
    };
    let missing = matches!(error, Error::Missing | Error::Hidden | Error::Gone);
    let template = ErrorPage { title: &title, detail: &detail, missing, problems, reference };
    match ctx.page(title.clone(), &template) {
        Ok(page) => page.status(error.status()).head(|head| head.private = true).into_response(),
        // The error page itself cannot be rendered: say it plainly.
        Err(_) => (error.status(), format!("{title}\n{detail}\n{reference}")).into_response(),
    }
}
