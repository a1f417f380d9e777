//! A person's own sessions: seeing them and ending them.
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use web::{Ctx, Error, Form, Result};

use super::store;

#[derive(Deserialize)]
pub struct Nothing {}

/// Ends one of the person's sessions.
pub async fn end(ctx: Ctx, Path(id): Path<i64>, form: Form<Nothing>) -> Result<Response> {
    let account_id = ctx.actor()?.account_id;
    let mut tx = ctx.kit.db.write().await?;
    if !store::end_one(&mut tx, account_id, id).await? {
        return Err(Error::Missing);
    }
    ctx.commit(tx, &form, ctx.onward("/akun/keamanan", "people-session-ended")).await
}

/// Ends all of the person's sessions but this one.
pub async fn end_others(ctx: Ctx, form: Form<Nothing>) -> Result<Response> {
    let account_id = ctx.actor()?.account_id;
    let own = ctx.who.as_ref().and_then(|who| who.session_id);
    let mut tx = ctx.kit.db.write().await?;
    store::end_all(&mut tx, account_id, own).await?;
    ctx.commit(tx, &form, ctx.onward("/akun/keamanan", "people-sessions-ended")).await
}
