//! Forms: fields, files, and the key that keeps one form from acting twice.
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Tx;
use base::once::{self, Answer};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{Ctx, Error, Errors};

/// Name of the hidden field that holds the key.
pub const KEY_FIELD: &str = "_kunci";
/// Name of the header that holds it in API calls.
pub const KEY_HEADER: &str = "idempotency-key";

/// One file of a form, as it came: nothing about it is trusted.
#[derive(Clone, Debug)]
pub struct Upload {
    pub field: String,
    pub name: String,
    pub bytes: Bytes,
}

/// A read form. Commit its change with [`Ctx::commit`].
pub struct Form<T> {
    pub data: T,
    pub files: Vec<Upload>,
    key: Option<String>,
    hash: String,
    _running: Option<Running>,
}

impl<T> Form<T> {
    /// The files of one field that are not empty.
    pub fn files<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a Upload> {
        self.files.iter().filter(move |file| file.field == field && !file.bytes.is_empty())
    }

    /// The key, with what of an answer is kept under it. Not async: a response may not wait.
    pub(crate) fn kept(&self, answer: &Response) -> Option<(String, Answer)> {
        let key = self.key.clone()?;
        let header = |name| answer.headers().get(name).and_then(|v: &HeaderValue| v.to_str().ok()).map(str::to_owned);
        let kept = Answer {
            body_hash: self.hash.clone(),
            status: i64::from(answer.status().as_u16()),
            location: header(header::LOCATION),
            content_type: header(header::CONTENT_TYPE),
            body: answer.extensions().get::<Spoken>().map(|spoken| spoken.0.clone()).unwrap_or_default(),
        };
        Some((key, kept))
    }
}

/// Keeps an answer in the transaction of its change.
pub(crate) async fn keep(ctx: &Ctx, tx: &mut Tx, kept: Option<(String, Answer)>) -> Result<(), Error> {
    let Some((key, answer)) = kept else { return Ok(()) };
    match once::keep(tx, &key, ctx.account_id(), &answer, ctx.now()).await {
        Err(base::Error::Taken(_)) => Err(Error::Conflict("error-conflict-running")),
        other => Ok(other?),
    }
}

/// The text of a JSON answer, so that it can be kept.
#[derive(Clone)]
pub(crate) struct Spoken(pub String);

/// Fields and files before they become a type.
struct Raw {
    fields: Vec<(String, String)>,
    files: Vec<Upload>,
    hash: String,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Response;

    async fn from_request(req: Request, state: &S) -> Result<Form<T>, Response> {
        let ctx = req.extensions().get::<Ctx>().cloned().ok_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())?;
        let raw = read(req, state).await.map_err(IntoResponse::into_response)?;
        let named = raw.fields.iter().find(|(name, _)| name == KEY_FIELD).map(|(_, value)| value.clone());
        let Some(key) = named.filter(|key| (8..=64).contains(&key.len())) else {
            let mut errors = Errors::default();
            errors.add("", "form-without-key");
            return Err(Error::Invalid(errors).into_response());
        };
        if let Some(known) = crate::fields::of::<T>()
            && let Some((name, _)) = raw.fields.iter().find(|(name, _)| name != KEY_FIELD && !known.contains(&name.as_str()))
        {
            return Err(unknown(&ctx, name).into_response());
        }
        let (key, running) = enter(&ctx, &key, &raw.hash).await?;
        let text = encode(&raw.fields);
        let data = serde_html_form::from_str(&text).map_err(|error| {
            tracing::debug!(%error, "form that does not fit");
            let mut errors = Errors::default();
            errors.add("", "form-unreadable");
            Error::Invalid(errors).into_response()
        })?;
        Ok(Form { data, files: raw.files, key: Some(key), hash: raw.hash, _running: Some(running) })
    }
}

async fn read<S: Send + Sync>(req: Request, state: &S) -> Result<Raw, Error> {
    let kind = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let mut hasher = Sha256::new();
    hasher.update(req.uri().path().as_bytes());
    let mut raw = Raw { fields: Vec::new(), files: Vec::new(), hash: String::new() };
    if kind.starts_with("multipart/form-data") {
        let mut parts = Multipart::from_request(req, state).await.map_err(|_| unreadable())?;
        while let Some(part) = parts.next_field().await.map_err(refused)? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(refused)?;
            hasher.update(name.as_bytes());
            hasher.update(&bytes);
            match file {
                Some(file) => raw.files.push(Upload { field: name, name: file, bytes }),
                None => raw.fields.push((name, String::from_utf8_lossy(&bytes).into_owned())),
            }
        }
    } else {
        let bytes = Bytes::from_request(req, state).await.map_err(|_| too_large())?;
        hasher.update(&bytes);
        raw.fields = url::form_urlencoded::parse(&bytes).into_owned().collect();
    }
    raw.hash = hex::encode(hasher.finalize());
    Ok(raw)
}

fn encode(fields: &[(String, String)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields.iter().filter(|(name, _)| name != KEY_FIELD) {
        text.append_pair(name, &value.replace("\r\n", "\n"));
    }
    text.finish()
}

/// A field that the form does not have: a slip of ours, or somebody trying more than they may.
fn unknown(ctx: &Ctx, field: &str) -> Error {
    let field: String = field.chars().filter(|c| !c.is_control()).take(60).collect();
    tracing::info!(target: "simpul::denied", route = ctx.route, account = ctx.account_id(), field, "unknown field");
    metrics::counter!("simpul_unknown_fields_total").increment(1);
    let mut errors = Errors::default();
    errors.add_with("", "form-unknown-field", &[("field", &field)]);
    Error::Invalid(errors)
}

fn unreadable() -> Error {
    let mut errors = Errors::default();
    errors.add("", "form-unreadable");
    Error::Invalid(errors)
}

fn too_large() -> Error {
    let mut errors = Errors::default();
    errors.add("", "form-too-large");
    Error::Invalid(errors)
}

fn refused(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { unreadable() }
}

/// Keys in use by requests of this product in this process.
#[derive(Clone, Default)]
pub(crate) struct Keys(Arc<Mutex<Vec<String>>>);

impl Keys {
    /// Marks a key as in use; none when it is already.
    fn enter(&self, key: &str) -> Option<Running> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.iter().any(|used| used == key) {
            return None;
        }
        keys.push(key.to_owned());
        Some(Running { keys: self.clone(), key: key.to_owned() })
    }
}

/// A key in use until this is dropped.
pub(crate) struct Running {
    keys: Keys,
    key: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut keys = self.keys.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|key| *key != self.key);
    }
}

/// Enters a key: the kept answer when it was seen with the same body, an error when it was seen with
/// another or is running now.
async fn enter(ctx: &Ctx, key: &str, hash: &str) -> Result<(String, Running), Response> {
    let owner = ctx.account_id().unwrap_or(0);
    let key = format!("{owner}:{key}");
    let Some(running) = ctx.shared.running.enter(&key) else {
        return Err(Error::Conflict("error-conflict-running").into_response());
    };
    let mut conn = ctx.kit.db.read().await.map_err(|e| Error::from(e).into_response())?;
    match once::find(&mut conn, &key).await.map_err(|e| Error::from(e).into_response())? {
        None => Ok((key, running)),
        Some(kept) if kept.body_hash == hash => Err(replay(kept)),
        Some(_) => {
            let mut errors = Errors::default();
            errors.add("", "form-key-reused");
            Err(Error::Invalid(errors).into_response())
        }
    }
}

fn replay(kept: Answer) -> Response {
    let status = u16::try_from(kept.status).ok().and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
    let mut response = (status, kept.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    let own = [(header::LOCATION, kept.location), (header::CONTENT_TYPE, kept.content_type)];
    for (name, value) in own {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}

/// A JSON body with the optional key of the header.
pub async fn json<T: DeserializeOwned>(ctx: &Ctx, headers: &HeaderMap, body: &Bytes) -> Result<Form<T>, Response> {
    let hash = hex::encode(Sha256::new().chain_update(ctx.path.as_bytes()).chain_update(body).finalize());
    let named = headers.get(KEY_HEADER).and_then(|value| value.to_str().ok());
    let entered = match named {
        Some(key) if (1..=200).contains(&key.len()) => Some(enter(ctx, key, &hash).await?),
        Some(_) => return Err(unreadable().into_response()),
        None => None,
    };
    let bad = |error: serde_json::Error| {
        let mut errors = Errors::default();
        errors.add_with("", "api-unreadable", &[("error", &error.to_string())]);
        Error::Invalid(errors).into_response()
    };
    let value: serde_json::Value = serde_json::from_slice(body).map_err(bad)?;
    if let (Some(known), Some(members)) = (crate::fields::of::<T>(), value.as_object())
        && let Some(name) = members.keys().find(|name| !known.contains(&name.as_str()))
    {
        return Err(unknown(ctx, name).into_response());
    }
    let data = serde_json::from_slice(body).map_err(bad)?;
    let (key, running) = entered.map_or((None, None), |(key, running)| (Some(key), Some(running)));
    Ok(Form { data, files: Vec::new(), key, hash, _running: running })
}
