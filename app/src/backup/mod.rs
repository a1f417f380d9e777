//! Backups: the rows of one moment, the files, the settings and the secret in one archive that both
//! engines can read. An export (`crate::export`) is the same with less in it.
pub mod command;
mod load;
mod lock;
pub mod manifest;
mod pack;
pub mod restore;
pub mod schedule;
mod seal;
pub mod store;
mod unpack;
pub mod verify;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base::blobs::Blobs;
use base::{Clock, Config, Db, Kit, migrate, rows};
use futures::{StreamExt, TryStreamExt};

pub use self::lock::{Key, Lock};
use self::manifest::{Applied, FILES, Rows, rows_of};
pub use self::manifest::{Manifest, Use};
use self::pack::Pack;
pub use self::pack::{Packed, Target};
pub use self::unpack::is_locked;
use crate::export;

/// Hears how much is done and how much there is.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Name of the member with the settings, as the operator wrote them.
const SETTINGS: &str = "simpul.toml";
/// Name of the member with the secret.
const SECRET: &str = "secret";

/// What is copied.
#[derive(Clone)]
pub struct Ground {
    pub db: Db,
    pub blobs: Blobs,
    pub config: Config,
    pub clock: Clock,
}

impl Ground {
    /// Opens what is there; makes neither a database nor a folder.
    pub async fn open(config: Config) -> Result<Ground> {
        if let Some(file) = Db::file(&config.database)?
            && !file.exists()
        {
            bail!("there is no database at {}", file.display());
        }
        let db = Db::open(&config.database, None).await.context("opening the database")?;
        let blobs = Blobs::open(&config.blobs, &config.s3)?;
        Ok(Ground { db, blobs, config, clock: Clock::system() })
    }

    pub fn of(kit: &Kit) -> Ground {
        Ground { db: kit.db.clone(), blobs: kit.blobs.clone(), config: kit.config.clone(), clock: kit.clock.clone() }
    }
}

/// What goes into the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Everything,
    Export { accounts: bool },
}

/// The name that backups made by themselves have: `simpul-20261124T074000Z.tar.gz`, with `.age` when
/// encrypted.
pub fn file_name(what: What, at: i64, locked: bool) -> Result<String> {
    let time = jiff::Timestamp::from_microsecond(at)?.strftime("%Y%m%dT%H%M%SZ");
    let start = if what == What::Everything { "simpul" } else { "simpul-export" };
    Ok(format!("{start}-{time}.tar.gz{}", if locked { ".age" } else { "" }))
}

/// Writes an archive while the site is served: nobody waits for it.
pub async fn take(ground: &Ground, what: What, target: Target, lock: Option<Lock>, progress: Progress<'_>) -> Result<Packed> {
    let locked = lock.is_some();
    let mut pack = Pack::start(target, lock);
    match fill(ground, what, locked, &mut pack, progress).await {
        Ok(manifest) => pack.finish(manifest).await,
        Err(error) => {
            pack.give_up().await;
            Err(error)
        }
    }
}

async fn fill(ground: &Ground, what: What, locked: bool, pack: &mut Pack, progress: Progress<'_>) -> Result<Manifest> {
    let mut manifest = rows(ground, what, pack).await?;
    files(ground, &mut manifest, pack, progress).await?;
    // The settings may hold passwords, so they go only where the secret may go.
    if let (Some(file), What::Everything, true) = (&ground.config.file, what, locked) {
        let text = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
        pack.member(SETTINGS.into(), text).await?;
    }
    // Without it, second factors of the accounts fit no more.
    if locked && what != (What::Export { accounts: false }) {
        pack.member(SECRET.into(), ground.config.secret.clone().into_bytes()).await?;
    }
    Ok(manifest)
}

/// The rows of one moment.
async fn rows(ground: &Ground, what: What, pack: &mut Pack) -> Result<Manifest> {
    let purpose = if what == What::Everything { Use::Backup } else { Use::Export };
    let mut manifest = Manifest::new(purpose, ground.clock.now());
    if purpose == Use::Backup {
        manifest.engine = Some(ground.db.engine().name().into());
    }
    let mut moment = ground.db.snapshot().await?;
    let applied = migrate::list(&mut moment).await?;
    manifest.migrations = applied.into_iter().map(|(name, checksum)| Applied { name, checksum }).collect();
    manifest.schema(&known()).context("this database")?;
    let owners = owners(&manifest);
    for table in rows::tables(&mut moment, &owners).await? {
        let (takes, covers) = match what {
            What::Everything => (true, [].as_slice()),
            What::Export { accounts } => (export::takes(&table.name, accounts), export::covers(&table.name, accounts)),
        };
        if !takes {
            continue;
        }
        let last_id = rows::last_id(&mut moment, &table).await?;
        pack.begin(rows_of(&table.name)).await?;
        let mut count = 0;
        let mut waiting = Vec::new();
        let mut lines = rows::dump(&mut moment, &table, covers);
        while let Some(line) = lines.try_next().await? {
            count += 1;
            waiting.extend_from_slice(line.as_bytes());
            if waiting.len() > 100_000 {
                pack.bytes(std::mem::take(&mut waiting)).await?;
            }
        }
        drop(lines);
        pack.bytes(waiting).await?;
        pack.end().await?;
        manifest.tables.push(Rows { name: table.name, rows: count, last_id });
    }
    Ok(manifest)
}

/// The files, after the rows: then every file that a row names is there, because a file is stored
/// before its row and never changes.
async fn files(ground: &Ground, manifest: &mut Manifest, pack: &mut Pack, progress: Progress<'_>) -> Result<()> {
    let all = ground.blobs.all().await?;
    let total = all.len() as u64;
    progress(0, total);
    let read = |(key, _): (String, u64)| {
        let blobs = ground.blobs.clone();
        async move {
            let bytes = blobs.get(&key).await;
            (key, bytes)
        }
    };
    let mut coming = futures::stream::iter(all).map(read).buffered(4);
    let mut done = 0;
    while let Some((key, bytes)) = coming.next().await {
        match bytes {
            Ok(bytes) => pack.member(format!("{FILES}{key}"), bytes.to_vec()).await?,
            Err(base::Error::Missing) => manifest.vanished.push(key),
            Err(error) => return Err(error).with_context(|| format!("the file {key}")),
        }
        done += 1;
        progress(done, total);
    }
    Ok(())
}

/// Every migration of this program.
pub fn known() -> Vec<base::Migration> {
    web::app::migrations(&crate::slices())
}

/// The words that table names begin with: the slices that the migrations belong to.
fn owners(manifest: &Manifest) -> Vec<&str> {
    let mut all = vec!["base"];
    all.extend(manifest.migrations.iter().filter_map(|one| one.name.split('/').next()));
    all.sort_unstable();
    all.dedup();
    all
}

/// A target as the command line names it: a folder that exists gets a file of the usual name.
pub fn target(named: &Path, what: What, at: i64, locked: bool) -> Result<PathBuf> {
    Ok(if named.is_dir() { named.join(file_name(what, at, locked)?) } else { named.to_owned() })
}
