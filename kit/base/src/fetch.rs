//! The one HTTP client: it follows no redirect, waits no longer than a set time, and takes no more than a
//! set number of bytes.
use std::time::Duration;

use http::{Request, Response};

/// Longest time for a whole answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Most bytes of an answer.
const MOST: usize = 1024 * 1024;

/// Why an answer could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("{0}")]
    Answer(#[from] http::Error),
    #[error("the answer is longer than {MOST} bytes")]
    TooLong,
    #[error("only https is asked, or http on this machine")]
    Open,
}

/// Whether an address is encrypted, or stays on this machine.
fn is_safe(uri: &http::Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => matches!(host, "localhost" | "127.0.0.1" | "[::1]"),
        _ => false,
    }
}

/// Sends a request to an address that the operator set.
pub async fn send(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failed> {
    if is_safe(request.uri()) { take(request).await } else { Err(Failed::Open) }
}

/// Asks for a page of this very site, as the operator's check of it does: nothing secret goes there, so an
/// open address is fine too. The error does not repeat the address.
pub async fn look(address: &str) -> Result<Response<Vec<u8>>, Failed> {
    take(Request::get(address).body(Vec::new())?).await.map_err(|failed| match failed {
        Failed::Http(error) => Failed::Http(error.without_url()),
        other => other,
    })
}

#[allow(clippy::disallowed_methods, reason = "the one place that makes a client")]
async fn take(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failed> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).build()?;
    let mut answer = client.execute(request.try_into()?).await?;
    let mut builder = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        builder = builder.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await? {
        body.extend_from_slice(&part);
        if body.len() > MOST {
            return Err(Failed::TooLong);
        }
    }
    Ok(builder.body(body)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_addresses_are_refused() {
        let safe = |uri: &str| is_safe(&uri.parse().expect("an address"));
        assert!(safe("https://masuk.contoh.go.id/a") && safe("http://localhost:9000/a"));
        assert!(!safe("http://masuk.contoh.go.id/a") && !safe("/a") && !safe("ftp://localhost/a"));
    }
}
