//! The photos of an article: re-encoded when they come in, described by their writer, swept when they go.
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use base::{Kit, Later, Tx};
use serde_json::{Value, json};
pub use store::{Photo, of};

/// Most photos of one article.
pub const MOST: usize = 20;
/// Most photos of one form.
pub const AT_ONCE: usize = 10;
/// Most characters of what stands in place of a picture, under it, and beside it.
pub const ALT_MOST: usize = 200;
pub const CAPTION_MOST: usize = 300;
pub const CREDIT_MOST: usize = 100;

/// The job that deletes the files of photos whose rows are gone.
pub const SWEEP: &str = "newsroom.photo.sweep";

/// Enqueues the deletion of files, in the transaction that forgets them.
pub async fn sweep_later(tx: &mut Tx, names: &[String], now: i64) -> base::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    base::jobs::enqueue(tx, SWEEP, &json!({ "names": names }), now, None).await
}

/// Deletes the files of photos. A file that is gone already is no error.
pub fn sweep(kit: Kit, payload: Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let names = payload["names"].as_array().cloned().unwrap_or_default();
        for name in names.iter().filter_map(Value::as_str) {
            base::pictures::delete(&kit.blobs, name).await?;
        }
        Ok(())
    })
}
