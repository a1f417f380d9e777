//! Backups that the job runner makes by itself: when one is due, how many stay, who hears of a failure.
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base::authz::Scope;
use base::clock::DAY;
use base::jobs::{Cron, Job};
use base::{Event, Kit, Later};
use people::roles::OPERATOR;
use serde_json::json;

use super::store::{self, Note};
use super::{Ground, Key, Lock, Packed, Target, What, file_name, take, verify};

/// How long the record remembers.
const REMEMBER: i64 = 400 * DAY;

pub const JOBS: &[Job] = &[Job { kind: "app.backup", run }];
/// Often, so that a short `backup.every` is kept; most times nothing is due.
pub const CRONS: &[Cron] = &[Cron { job: "app.backup", when: "*/10 * * * *" }];

/// A failure is not left to the runner, which would try eight times and rest: the calendar comes
/// again in ten minutes, and the record tells the operator.
fn run(kit: Kit, _: serde_json::Value) -> Later<'static, Result<()>> {
    Box::pin(async move {
        let ground = Ground::of(&kit);
        if let Err(error) = due(&ground).await {
            let error = format!("{error:#}");
            tracing::error!(error, "backup failed");
            metrics::counter!("simpul_backups_failed_total").increment(1);
            failed(&ground, &error).await?;
        }
        Ok(())
    })
}

/// Takes a backup into the folder of the settings if the newest one there is old enough.
pub async fn due(ground: &Ground) -> Result<Option<Packed>> {
    let settings = &ground.config.backup;
    if settings.folder.is_empty() {
        return Ok(None);
    }
    let folder = Path::new(&settings.folder);
    std::fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    // A second runner that comes while one is at it has nothing to do.
    let turn = folder.join(".simpul-backup.lock");
    let turn = File::create(&turn).with_context(|| format!("opening {}", turn.display()))?;
    if turn.try_lock().is_err() {
        return Ok(None);
    }
    let now = ground.clock.now();
    let interval = settings.interval()?;
    if kept(folder)?.last().is_some_and(|(at, _)| at + interval > now) {
        return Ok(None);
    }
    clear_parts(folder)?;
    let lock = Lock::of(settings)?;
    let target = folder.join(file_name(What::Everything, now, lock.is_some())?);
    let packed = take(ground, What::Everything, Target::File(target), lock, &|_, _| {}).await?;
    note(ground, &packed, checked(ground, &packed).await?).await?;
    for path in surplus(folder, settings.keep)? {
        std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
    }
    tracing::info!(file = %packed.path.display(), bytes = packed.bytes, "backup taken");
    Ok(Some(packed))
}

/// Verifies a backup that this machine can open; says whether it could. What was encrypted for
/// others' keys waits for `simpul verify`.
pub async fn checked(ground: &Ground, packed: &Packed) -> Result<bool> {
    let settings = &ground.config.backup;
    if !settings.recipients.is_empty() {
        return Ok(false);
    }
    let passphrase = Some(Path::new(&settings.passphrase_file)).filter(|path| !path.as_os_str().is_empty());
    verify::verify(&packed.path, Key::of(None, passphrase)?, &|_, _| {}).await?;
    Ok(true)
}

/// Keeps what was taken, so that doctor and metrics know its age.
pub async fn note(ground: &Ground, packed: &Packed, verified: bool) -> Result<()> {
    let now = ground.clock.now();
    let note = Note {
        taken_at: packed.manifest.taken_at,
        file: packed.path.display().to_string(),
        bytes: i64::try_from(packed.bytes)?,
        digest: packed.digest.clone(),
        locked: super::is_locked(&packed.path)?,
        verified_at: verified.then_some(now),
        error: String::new(),
    };
    let mut tx = ground.db.write().await?;
    store::add(&mut tx, &note).await?;
    store::sweep(&mut tx, now - REMEMBER).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps a failure and tells the operators once, until a backup succeeds again.
async fn failed(ground: &Ground, error: &str) -> Result<()> {
    let now = ground.clock.now();
    let mut conn = ground.db.read().await?;
    let before = store::newest(&mut conn).await?;
    if before.is_some_and(|before| !before.error.is_empty()) {
        return Ok(());
    }
    let operators = people::grant::holders(&mut conn, OPERATOR, &Scope::All, now).await?;
    drop(conn);
    let note = Note { taken_at: now, file: ground.config.backup.folder.clone(), error: error.to_owned(), ..Note::default() };
    let mut event = Event::new(now, "app.backup.failed", ("backup", 0));
    event.link = "/kelola".into();
    event.data = json!({ "notify": operators, "notice": "app-notice-backup-failed" }).to_string();
    let mut tx = ground.db.write().await?;
    store::add(&mut tx, &note).await?;
    tx.emit(event).await?;
    tx.commit().await?;
    Ok(())
}

/// The backups of a folder that bear a name of ours, oldest first: when, and where.
fn kept(folder: &Path) -> Result<Vec<(i64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(at) = time_of(&name) {
            found.push((at, path));
        }
    }
    found.sort();
    Ok(found)
}

/// The time in a name such as `simpul-20261124T074000Z.tar.gz.age`; none for other names.
fn time_of(name: &str) -> Option<i64> {
    let time = name.strip_prefix("simpul-")?;
    let time = time.strip_suffix(".tar.gz").or_else(|| time.strip_suffix(".tar.gz.age"))?;
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", time).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_timestamp(time).ok()?.as_microsecond())
}

/// All but the newest `keep`.
fn surplus(folder: &Path, keep: usize) -> Result<Vec<PathBuf>> {
    let all = kept(folder)?;
    let many = all.len().saturating_sub(keep);
    Ok(all.into_iter().take(many).map(|(_, path)| path).collect())
}

/// What a run that was cut short left behind. Nobody writes now: we hold the turn.
fn clear_parts(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.strip_suffix(".part").is_some_and(|name| time_of(name).is_some()) {
            std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(())
}
