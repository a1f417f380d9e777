//! API tokens: a secret shown once, its hash kept, narrow scopes.
pub mod pages;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use base::clock::DAY;
use base::{Kit, Result, Tx};

/// A token ends after so long, unless its maker says otherwise.
pub const LASTS: i64 = 365 * DAY;

/// What a token may be allowed to do.
pub const SCOPES: &[&str] = &["articles:write"];

/// Issues a token that ends after `lasts` and returns its secret, which is kept nowhere.
pub async fn issue(tx: &mut Tx, kit: &Kit, account_id: i64, name: &str, scopes: &[&str], lasts: i64) -> Result<String> {
    let secret = format!("simpul_{}", kit.ids.token());
    let now = kit.clock.now();
    store::add(tx, &web::hash(&secret), account_id, name, &scopes.join(" "), now, now + lasts).await?;
    Ok(secret)
}
