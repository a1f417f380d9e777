//! What a handler knows of the request: the person, the language, the page they came to.
use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use base::authz::{Actor, Place, Role};
use base::{Kit, Lang, Later, Tx};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::app::Shared;
use crate::audit::Trace;
use crate::filters::Say;
use crate::{Error, Form, Page, Result};

pub const SESSION_COOKIE: &str = "__Host-simpul";
pub const FLASH_COOKIE: &str = "__Host-pesan";
pub const LANG_COOKIE: &str = "bahasa";
pub const REGION_COOKIE: &str = "wilayah";

/// What a caller shows to prove who they are. Both are hashes of secrets, never the secrets.
#[derive(Clone, Debug)]
pub enum Credential {
    Session(String),
    Token(String),
}

/// The person behind a credential.
#[derive(Clone, Debug)]
pub struct Who {
    pub actor: Actor,
    /// Session row, for logging out.
    pub session_id: Option<i64>,
    /// Scopes of an API token; `None` for a session, which has them all.
    pub scopes: Option<Vec<String>>,
    /// When the person last proved who they are in this session; 0 for a token.
    pub proved_at: i64,
    /// Roles are held back until the account has what the site asks of them.
    pub withheld: bool,
    /// The account came through an invitation and has not finished joining: it may read what is
    /// public, finish, or leave.
    pub joining: bool,
    /// Notes that the session is alive; only set when that was last noted a while ago.
    pub seen: Option<fn(Kit, i64) -> Later<'static, ()>>,
}

/// A message shown once, on the next page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flash {
    /// Key of the text.
    pub key: String,
    /// `positive`, `caution` or `danger`.
    pub tone: String,
    #[serde(default)]
    pub values: Vec<(String, String)>,
}

/// The request as a handler sees it.
#[derive(Clone)]
pub struct Ctx {
    pub kit: Kit,
    pub(crate) shared: Arc<Shared>,
    pub lang: Lang,
    pub who: Option<Who>,
    /// Path and query.
    pub uri: String,
    pub path: String,
    pub flash: Option<Flash>,
    /// Region the visitor chose: code.
    pub region: Option<String>,
    /// Address of the caller, IPv6 cut to /64.
    pub client: String,
    pub request_id: String,
    pub nonce: String,
    /// Method and path of the route, as declared.
    pub route: &'static str,
    /// By which right this request acts, and for which place one was lacking.
    pub(crate) trace: Arc<Trace>,
}

impl Ctx {
    pub fn now(&self) -> i64 {
        self.kit.clock.now()
    }

    /// The person, or a detour over the login page.
    pub fn actor(&self) -> Result<&Actor> {
        self.who.as_ref().map(|who| &who.actor).ok_or(Error::Login)
    }

    pub fn account_id(&self) -> Option<i64> {
        self.who.as_ref().map(|who| who.actor.account_id)
    }

    /// Whether the person holds one of the roles over the place.
    pub fn may(&self, roles: &[Role], region: &str, group: Option<i64>) -> bool {
        let grant = self.who.as_ref().and_then(|who| who.actor.grant_over(roles, &Place { region, group }));
        if let Some(grant) = grant {
            self.trace.used(grant);
        }
        grant.is_some()
    }

    /// As [`Ctx::may`], by a role that nobody lent them.
    pub fn owns(&self, roles: &[Role], region: &str, group: Option<i64>) -> bool {
        let grant = self.who.as_ref().and_then(|who| who.actor.own_over(roles, &Place { region, group }));
        if let Some(grant) = grant {
            self.trace.used(grant);
        }
        grant.is_some()
    }

    /// As [`Ctx::may`], or an error: login for a stranger, forbidden for anyone else.
    pub fn require(&self, roles: &[Role], region: &str, group: Option<i64>) -> Result<&Actor> {
        let actor = self.actor()?;
        if self.may(roles, region, group) {
            return Ok(actor);
        }
        self.trace.lacked(region, group);
        Err(Error::Forbidden)
    }

    /// Says a text in the reader's language.
    pub fn say(&self, key: &str) -> String {
        self.kit.texts.say(self.lang, key, &[])
    }

    pub fn say_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.kit.texts.say(self.lang, key, values)
    }

    pub(crate) fn speaker(&self) -> Say {
        Say { texts: self.kit.texts.clone(), lang: self.lang, now: self.now() }
    }

    /// Renders a template with this reader's language.
    pub fn render<T: Template>(&self, template: &T) -> Result<String> {
        Ok(template.render_with_values(&self.speaker())?)
    }

    /// A page with the template as its main part.
    pub fn page<T: Template>(&self, title: impl Into<String>, template: &T) -> Result<Page> {
        Ok(Page::new(self, title.into(), self.render(template)?))
    }

    /// The absolute address of a path.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.kit.config.base_url)
    }

    /// Commits a form's change together with its answer, so that the same form sent again gets the
    /// same answer and changes nothing.
    pub fn commit<T>(&self, mut tx: Tx, form: &Form<T>, answer: Response) -> impl Future<Output = Result<Response>> + Send {
        let kept = form.kept(&answer);
        async move {
            self.account_for(&mut tx).await?;
            crate::form::keep(self, &mut tx, kept).await?;
            tx.commit().await?;
            self.kit.bell.ring();
            Ok(answer)
        }
    }

    /// Commits a change that no form carries.
    pub async fn commit_plain(&self, mut tx: Tx) -> Result<()> {
        self.account_for(&mut tx).await?;
        tx.commit().await?;
        self.kit.bell.ring();
        Ok(())
    }

    /// Goes on to a page with a message.
    pub fn onward(&self, to: &str, key: &str) -> Response {
        self.onward_with(to, "positive", key, &[])
    }

    pub fn onward_with(&self, to: &str, tone: &str, key: &str, values: &[(&str, &str)]) -> Response {
        let values = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let flash = Flash { key: key.into(), tone: tone.into(), values };
        let mut response = see_other(to);
        let text = serde_json::to_vec(&flash).unwrap_or_default();
        set_cookie(&mut response, FLASH_COOKIE, &BASE64_URL_SAFE_NO_PAD.encode(text), Some(60));
        response
    }

    /// Whether an answer to this visitor may be shared with others.
    pub fn is_anonymous(&self) -> bool {
        self.who.is_none() && self.flash.is_none()
    }
}

/// 303 to a path of this site.
pub fn see_other(to: &str) -> Response {
    Redirect::to(local(to)).into_response()
}

/// 301 to a path of this site.
pub fn moved(to: &str) -> Response {
    let mut response = Redirect::permanent(local(to)).into_response();
    // Axum answers 308, which old readers of feeds and messengers do not follow.
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    response
}

/// The path if it stays on this site, `/` otherwise: no open redirect.
pub fn local(to: &str) -> &str {
    let safe = to.starts_with('/')
        && to.len() <= 1000
        && !to.starts_with("//")
        && !to.contains('\\')
        && !to.to_ascii_lowercase().starts_with("/%2f")
        && !to.chars().any(char::is_control);
    if safe { to } else { "/" }
}

/// Sets a cookie bound to this host, sent over encrypted connections (and localhost) only and out of
/// reach of scripts. `seconds` 0 deletes it; `None` lets it end with the browser session.
pub fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: Option<i64>) {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let line = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}");
    if let Ok(line) = HeaderValue::from_str(&line) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

/// The value of a cookie that a request brings.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    CookieJar::from_headers(headers).get(name).map(|cookie| cookie.value().to_owned())
}

pub(crate) fn read_flash(jar: &CookieJar) -> Option<Flash> {
    let text = BASE64_URL_SAFE_NO_PAD.decode(jar.get(FLASH_COOKIE)?.value()).ok()?;
    serde_json::from_slice(&text).ok()
}

/// The region a visitor chose, or the site's own: a code.
pub(crate) fn read_region(jar: &CookieJar, default: &str) -> Option<String> {
    let known = |code: &&str| code.len() <= 13 && code.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let chosen = jar.get(REGION_COOKIE).map(|cookie| cookie.value()).filter(known);
    chosen.or(Some(default)).filter(|code| !code.is_empty()).map(str::to_owned)
}

/// The language asked for: the cookie, then the browser's wish, then Indonesian.
pub(crate) fn read_lang(jar: &CookieJar, headers: &HeaderMap) -> Lang {
    let chosen = jar.get(LANG_COOKIE).and_then(|cookie| Lang::parse(cookie.value()));
    let wished = || {
        let wish = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        let first = wish.split([',', ';']).next()?.split('-').next()?.trim().to_ascii_lowercase();
        Lang::parse(&first)
    };
    chosen.or_else(wished).unwrap_or_default()
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> std::result::Result<Ctx, StatusCode> {
        // Every declared route passes the guard, which puts the context there.
        parts.extensions.get::<Ctx>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
