//! `simpul backup`, `verify`, `restore`, `export` and `import`.
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base::{Config, Db, migrate};
use clap::Args;

use super::restore::{Restored, restore};
use super::{Ground, Key, Lock, Manifest, Packed, Progress, Target, What, known, schedule, store, take, target, verify};

#[derive(Args)]
pub struct Backup {
    /// The archive to write, or a folder that gets one named after the time.
    target: PathBuf,
    #[command(flatten)]
    lock: LockArgs,
    /// Does not read the archive again afterwards.
    #[arg(long)]
    no_verify: bool,
}

#[derive(Args)]
pub struct LockArgs {
    /// Public key of age (age1…) to encrypt for; repeatable. Otherwise the settings say.
    #[arg(long, value_name = "KEY")]
    recipient: Vec<String>,
    /// File whose first line is a passphrase to encrypt with.
    #[arg(long, value_name = "FILE", conflicts_with = "recipient")]
    passphrase_file: Option<String>,
}

#[derive(Args)]
pub struct KeyArgs {
    /// File with the secret key of age.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// File whose first line is the passphrase. Otherwise the one of the settings.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
pub struct Verify {
    /// The archive to read.
    backup: PathBuf,
    #[command(flatten)]
    key: KeyArgs,
}

#[derive(Args)]
pub struct Restore {
    /// The archive to put back.
    backup: PathBuf,
    #[command(flatten)]
    key: KeyArgs,
    /// Puts what is there aside instead of refusing.
    #[arg(long)]
    replace: bool,
}

#[derive(Args)]
pub struct Export {
    /// A new folder, or an archive ending in .tar.gz or .tar.gz.age.
    target: PathBuf,
    #[command(flatten)]
    lock: LockArgs,
    /// Takes passwords, second factors, sessions and tokens along.
    #[arg(long)]
    with_accounts: bool,
}

impl LockArgs {
    /// The settings with what the command line says in their place.
    fn apply(self, config: &mut Config) {
        if !self.recipient.is_empty() {
            config.backup.recipients = self.recipient;
            config.backup.passphrase_file.clear();
        }
        if let Some(file) = self.passphrase_file {
            config.backup.passphrase_file = file;
            config.backup.recipients.clear();
        }
    }
}

impl KeyArgs {
    fn key(&self, config: &Config) -> Result<Key> {
        let settings = Path::new(&config.backup.passphrase_file);
        let fallback = Some(settings).filter(|path| self.identity.is_none() && !path.as_os_str().is_empty());
        Key::of(self.identity.as_deref(), self.passphrase_file.as_deref().or(fallback))
    }
}

pub async fn backup(mut config: Config, asked: Backup, progress: Progress<'_>) -> Result<()> {
    asked.lock.apply(&mut config);
    let ground = Ground::open(config).await?;
    let lock = Lock::of(&ground.config.backup)?;
    let locked = lock.is_some();
    let path = target(&asked.target, What::Everything, ground.clock.now(), locked)?;
    let packed = take(&ground, What::Everything, Target::File(path), lock, progress).await?;
    let verified = !asked.no_verify && schedule::checked(&ground, &packed).await?;
    if migrate::pending(&ground.db, &known()).await?.is_empty() {
        schedule::note(&ground, &packed, verified).await?;
    }
    ground.db.close().await;
    told(&packed);
    println!("{}", if verified { "Verified: read whole, restored and checked." } else { "Not verified yet: run simpul verify." });
    if !locked {
        println!("Not encrypted, so the secret and the settings are not in it: keep them elsewhere.");
    }
    Ok(())
}

fn told(packed: &Packed) {
    println!("{}", packed.path.display());
    println!(
        "{} rows, {} files, {} bytes; id {}",
        packed.manifest.rows(),
        packed.manifest.files().count(),
        packed.bytes,
        packed.digest
    );
    if !packed.manifest.vanished.is_empty() {
        println!("{} files were deleted meanwhile and are not in it.", packed.manifest.vanished.len());
    }
}

pub async fn verify(config: Config, asked: Verify, progress: Progress<'_>) -> Result<()> {
    let manifest = verify::verify(&asked.backup, asked.key.key(&config)?, progress).await?;
    println!("{} rows and {} files are whole.", manifest.rows(), manifest.files().count());
    if record(&config, &manifest).await.context("noting it in the database")? {
        println!("Noted in the database of this site.");
    }
    Ok(())
}

/// Notes the verification if the backup is one of the site of these settings.
async fn record(config: &Config, manifest: &Manifest) -> Result<bool> {
    if Db::file(&config.database)?.is_some_and(|file| !file.exists()) {
        return Ok(false);
    }
    let db = Db::open(&config.database, None).await?;
    let mut noted = false;
    if migrate::pending(&db, &known()).await?.is_empty() {
        let mut tx = db.write().await?;
        noted = store::verified(&mut tx, &manifest.write()?.1, base::Clock::system().now()).await?;
        tx.commit().await?;
    }
    db.close().await;
    Ok(noted)
}

pub async fn put_back(config: Config, asked: Restore, progress: Progress<'_>) -> Result<()> {
    let restored = restore(&config, &asked.backup, asked.key.key(&config)?, asked.replace, progress).await?;
    report(&restored);
    println!("Run simpul doctor, then start the site.");
    Ok(())
}

fn report(restored: &Restored) {
    println!("{} rows and {} files are in place.", restored.manifest.rows(), restored.manifest.files().count());
    for aside in &restored.aside {
        println!("What was there before: {aside}");
    }
    for note in &restored.notes {
        println!("Note: {note}.");
    }
}

pub async fn export(mut config: Config, asked: Export, progress: Progress<'_>) -> Result<()> {
    let name = asked.target.to_string_lossy().into_owned();
    let archive = name.ends_with(".tar.gz") || name.ends_with(".tar.gz.age");
    // Only what the command line says locks an export: it goes to others.
    config.backup.recipients.clear();
    config.backup.passphrase_file.clear();
    asked.lock.apply(&mut config);
    let lock = Lock::of(&config.backup)?;
    if lock.is_some() && !name.ends_with(".age") {
        bail!("an encrypted export is a file that ends in .tar.gz.age");
    }
    let ground = Ground::open(config).await?;
    let target = if archive { Target::File(asked.target) } else { Target::Folder(asked.target) };
    let packed = take(&ground, What::Export { accounts: asked.with_accounts }, target, lock, progress).await?;
    ground.db.close().await;
    told(&packed);
    if !asked.with_accounts {
        println!("Passwords are not in it: people get new ones at the other place (simpul user reset).");
    }
    Ok(())
}

pub async fn import(config: Config, file: &Path, key: &KeyArgs, progress: Progress<'_>) -> Result<()> {
    let restored = restore(&config, file, key.key(&config)?, false, progress).await?;
    report(&restored);
    println!("Start the site: it indexes everything by itself.");
    Ok(())
}
