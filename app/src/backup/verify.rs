//! Reads a whole archive, compares every hash, and restores its rows into a database of its own,
//! which then checks itself: a small drill each time.
use std::path::Path;

use anyhow::{Result, bail};
use base::{Clock, Db, migrate, rows};

use super::load::load;
use super::manifest::Manifest;
use super::{Key, Progress, known, unpack};

/// Errors say what is wrong with the archive. Nothing outside the folder for temporary files is
/// written.
pub async fn verify(from: &Path, key: Key, progress: Progress<'_>) -> Result<Manifest> {
    let (manifest, key) = unpack::check(from, key).await?;
    manifest.schema(&known())?;
    let folder = tempfile::tempdir()?;
    let db = Db::open(&format!("sqlite:{}", folder.path().join("drill.sqlite").display()), None).await?;
    let mut tx = db.write().await?;
    load(from, key, &manifest, &mut tx, None, progress).await?;
    migrate::run_in(&mut tx, &known(), Clock::system().now()).await?;
    tx.commit().await?;
    let mut conn = db.read().await?;
    let faults = rows::faults(&mut conn).await?;
    drop(conn);
    db.close().await;
    if !faults.is_empty() {
        bail!("{}: {}", from.display(), faults.join("; "));
    }
    Ok(manifest)
}
