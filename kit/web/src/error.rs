//! Everything a request can end in besides an answer.
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The outcome of a handler.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One case, one status, one page.
#[derive(Debug)]
pub enum Error {
    /// 404: there is nothing here, or nothing this person may know of.
    Missing,
    /// 404 to this person, and a refusal in the audit: it is there, and they may not know of it.
    Hidden,
    /// 405: there is something here, but not for this method.
    Method,
    /// 408: it took too long and was given up.
    Slow,
    /// 403: known, but not for this person.
    Forbidden,
    /// 403 with words of its own; the text key says why.
    Refused(&'static str),
    /// 401, or a redirect to the login page in a browser.
    Login,
    /// 422: what was sent cannot be taken as it is.
    Invalid(Errors),
    /// 409: it clashes with what is there; the text key says how.
    Conflict(&'static str),
    /// 429: too often; try again after so many seconds.
    TooMany(u64),
    /// 410: was here, withdrawn.
    Gone,
    /// 500: our fault; logged once under a reference.
    Broken(anyhow::Error),
}

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the form field or JSON member; empty for the whole.
    pub field: String,
    /// Key of the text that says what to do.
    pub key: &'static str,
    /// Values the text needs.
    pub values: Vec<(&'static str, String)>,
}

/// What is wrong with a form. Empty when all is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors(pub Vec<Problem>);

impl Errors {
    pub fn add(&mut self, field: &str, key: &'static str) {
        self.add_with(field, key, &[]);
    }

    pub fn add_with(&mut self, field: &str, key: &'static str, values: &[(&'static str, &str)]) {
        let values = values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.0.push(Problem { field: field.into(), key, values });
    }

    /// Adds a problem unless the rule holds.
    pub fn check(&mut self, holds: bool, field: &str, key: &'static str) {
        if !holds {
            self.add(field, key);
        }
    }

    /// A text field: required, and at most `most` characters.
    pub fn text(&mut self, value: &str, field: &str, empty: &'static str, most: usize) {
        if value.trim().is_empty() {
            self.add(field, empty);
        }
        self.most(value, field, most);
    }

    /// At most `most` characters.
    pub fn most(&mut self, value: &str, field: &str, most: usize) {
        if value.chars().count() > most {
            self.add_with(field, "form-too-long", &[("most", &most.to_string())]);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first problem of a field.
    pub fn of(&self, field: &str) -> Option<&Problem> {
        self.0.iter().find(|problem| problem.field == field)
    }

    pub fn all(&self) -> &[Problem] {
        &self.0
    }

    /// `Err(Invalid)` when anything is wrong; for handlers without a form to show again.
    pub fn done(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}

impl Error {
    /// Whether somebody tried what they may not: such an answer is audited.
    pub fn is_denial(&self) -> bool {
        match self {
            Error::Hidden | Error::Forbidden | Error::Refused(_) => true,
            Error::Invalid(errors) => errors.all().iter().any(|problem| problem.key == "form-unknown-field"),
            _ => false,
        }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Error::Missing | Error::Hidden => StatusCode::NOT_FOUND,
            Error::Method => StatusCode::METHOD_NOT_ALLOWED,
            Error::Slow => StatusCode::REQUEST_TIMEOUT,
            Error::Forbidden | Error::Refused(_) => StatusCode::FORBIDDEN,
            Error::Login => StatusCode::UNAUTHORIZED,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::Gone => StatusCode::GONE,
            Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<base::Error> for Error {
    fn from(error: base::Error) -> Self {
        match error {
            base::Error::Missing => Error::Missing,
            base::Error::Taken(_) => Error::Conflict("error-conflict-taken"),
            base::Error::Database(error) => Error::Broken(error.into()),
            base::Error::Other(error) => Error::Broken(error),
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Error::Broken(error)
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Error::Broken(error.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Broken(error.into())
    }
}

/// What the error middleware needs to render the page or problem document.
#[derive(Clone)]
pub(crate) struct Failure(pub std::sync::Arc<Error>);

impl IntoResponse for Error {
    /// A bare answer that carries the error; the middleware dresses it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Error::TooMany(seconds) = &self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response.extensions_mut().insert(Failure(std::sync::Arc::new(self)));
        response
    }
}
