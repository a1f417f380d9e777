//! Old addresses: those of sites whose stories were brought in keep working.
use base::{Conn, Result};
use web::{Ctx, Error};

use super::asked::Asked;
use super::{card, store};

/// The new path of an old one, which may carry a query.
pub async fn redirect_of(conn: &mut Conn, path: &str) -> Result<Option<String>> {
    let (path, query) = path.split_once('?').map_or((path, ""), |(path, query)| (path, query));
    let plain = path.trim_end_matches('/');
    let mut tries = vec![format!("{plain}/"), plain.to_owned()];
    if !query.is_empty() {
        tries.insert(0, format!("{path}?{query}"));
    }
    for old in tries {
        if let Some(slug) = store::moved(conn, &old).await? {
            return Ok(Some(card::path(&slug)));
        }
    }
    Ok(None)
}

/// `GET /{*lama}`: any address that nothing else answers
pub async fn show(ctx: Ctx) -> web::Result<axum::response::Response> {
    // No old address begins so, and a stranger's guess should not cost a question to the database.
    if ctx.path.starts_with("/api/") || ctx.path.len() > 500 {
        return Err(Error::Missing);
    }
    let mut conn = ctx.kit.db.read().await?;
    let path = decoded(&ctx.path);
    let query = ctx.uri.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
    match redirect_of(&mut conn, &format!("{path}{query}")).await? {
        Some(to) => Ok(web::ctx::moved(&to)),
        None => Err(Error::Missing),
    }
}

/// WordPress also answers to `/?p=12`.
pub async fn of_query(conn: &mut Conn, ctx: &Ctx, asked: &Asked) -> Result<Option<String>> {
    if asked.get("p").is_empty() {
        return Ok(None);
    }
    redirect_of(conn, &ctx.uri).await
}

fn decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}
