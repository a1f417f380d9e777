//! API tokens: a secret shown once, its hash kept, narrow scopes.
pub mod pages;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use base::{Kit, Result, Tx};

/// What a token may be allowed to do.
pub const SCOPES: &[&str] = &["articles:write"];

/// Issues a token and returns its secret, which is kept nowhere.
pub async fn issue(tx: &mut Tx, kit: &Kit, account_id: i64, name: &str, scopes: &[&str]) -> Result<String> {
    let secret = format!("simpul_{}", kit.ids.token());
    store::add(tx, &web::hash(&secret), account_id, name, &scopes.join(" "), kit.clock.now()).await?;
    Ok(secret)
}
