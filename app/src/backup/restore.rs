//! Puts a backup or an export back: checked first, loaded beside what is there, then given its name.
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base::blobs::Blobs;
use base::config::write_private;
use base::{Config, Db, Tx, migrate, rows};

use super::load::{Extras, load};
use super::manifest::Manifest;
use super::pack::sync_folder;
use super::{Key, Progress, SECRET, SETTINGS, known, owners, unpack};

/// What a restore did, for the operator to read.
#[derive(Debug)]
pub struct Restored {
    pub manifest: Manifest,
    /// What was there before, and where it lies now.
    pub aside: Vec<String>,
    /// What the operator should know or do.
    pub notes: Vec<String>,
}

/// Loads an archive into the place of the settings. Refuses a place that holds something, unless
/// `replace`: then what was there is put aside. The site must not run.
pub async fn restore(config: &Config, from: &Path, key: Key, replace: bool, progress: Progress<'_>) -> Result<Restored> {
    let (manifest, key) = unpack::check(from, key).await?;
    manifest.schema(&known())?;
    std::fs::create_dir_all(&config.data).with_context(|| format!("making the folder {}", config.data.display()))?;
    let _alone = Serving::nobody(&config.data)?;
    let stamp = jiff::Timestamp::from_microsecond(base::Clock::system().now())?.strftime("%Y%m%dt%H%M%Sz").to_string();
    let mut place = Place { config, stamp, replace, aside: Vec::new(), notes: Vec::new() };
    let files = Files::open(&mut place).await?;
    let extras = match Db::file(&config.database)? {
        Some(file) => sqlite(&mut place, &file, from, key, &manifest, files, progress).await?,
        None => postgres(&mut place, from, key, &manifest, files, progress).await?,
    };
    // The index is derived; one that belongs to other rows would answer wrongly.
    let index = config.data.join("search");
    if index.exists() {
        std::fs::remove_dir_all(&index).with_context(|| format!("removing {}", index.display()))?;
    }
    let factors = manifest.tables.iter().any(|table| table.name == "people_factor" && table.rows > 0);
    place.keep(extras, factors)?;
    if !manifest.vanished.is_empty() {
        place.notes.push(format!("{} files were deleted while the backup was made", manifest.vanished.len()));
    }
    Ok(Restored { manifest, aside: place.aside, notes: place.notes })
}

/// A mark of the process that serves a data folder.
pub struct Serving(#[allow(dead_code, reason = "held for its lock")] File);

impl Serving {
    fn file(data: &Path) -> Result<File> {
        let path = data.join("serving.lock");
        let options = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        options.with_context(|| format!("opening {}", path.display()))
    }

    /// Held by a server as long as it runs; several may.
    pub fn mark(data: &Path) -> Result<Serving> {
        let file = Serving::file(data)?;
        file.try_lock_shared().map_err(|_| anyhow::anyhow!("a restore is under way in {}", data.display()))?;
        Ok(Serving(file))
    }

    /// Only when no server runs on the folder.
    fn nobody(data: &Path) -> Result<Serving> {
        let file = Serving::file(data)?;
        file.try_lock().map_err(|_| anyhow::anyhow!("the site is running on {}; stop it first", data.display()))?;
        Ok(Serving(file))
    }
}

struct Place<'a> {
    config: &'a Config,
    stamp: String,
    replace: bool,
    aside: Vec<String>,
    notes: Vec<String>,
}

impl Place<'_> {
    fn refuse(&self, what: String) -> Result<()> {
        if self.replace { Ok(()) } else { bail!("{what}; add --replace to put it aside") }
    }

    /// Another name beside a path.
    fn beside(&self, path: &Path, end: &str) -> Result<PathBuf> {
        let name = path.file_name().context("a name")?.to_string_lossy();
        Ok(path.with_file_name(format!("{name}.{end}")))
    }

    fn put_aside(&mut self, path: &Path) -> Result<()> {
        let aside = self.beside(path, &format!("before-{}", self.stamp))?;
        std::fs::rename(path, &aside).with_context(|| format!("putting {} aside", path.display()))?;
        self.aside.push(aside.display().to_string());
        Ok(())
    }

    /// The secret and the settings. A secret that the environment gives stays. `factors` says whether
    /// accounts came with second factors.
    fn keep(&mut self, extras: Extras, factors: bool) -> Result<()> {
        let mut has_secret = false;
        for (name, bytes) in extras {
            let text = String::from_utf8(bytes).with_context(|| name.clone())?;
            if name == SECRET {
                has_secret = true;
                let file = self.config.secret_file();
                let kept = std::fs::read_to_string(&file).unwrap_or_default();
                if !self.config.secret.is_empty() && self.config.secret != kept.trim() {
                    if self.config.secret != text {
                        self.notes.push("SIMPUL_SECRET is another one than the backup's; set that one".into());
                    }
                } else if kept.trim() != text {
                    if file.exists() {
                        self.put_aside(&file)?;
                    }
                    write_private(&file, &text)?;
                }
            } else if name == SETTINGS {
                let file = self.config.data.join(format!("{SETTINGS}.from-backup"));
                if file.exists() {
                    std::fs::remove_file(&file)?;
                }
                write_private(&file, &text)?;
                self.notes.push(format!("the settings of the backup are in {}; compare them with yours", file.display()));
            }
        }
        if !has_secret && factors {
            let note = "the secret was not in it: put the old file `secret` back, or nobody's second factor fits";
            self.notes.push(note.into());
        }
        Ok(())
    }
}

/// Where files go until all is there.
struct Files {
    blobs: Blobs,
    /// The folder of the settings and the one that takes its name at the end; none for S3.
    folders: Option<(PathBuf, PathBuf)>,
}

impl Files {
    async fn open(place: &mut Place<'_>) -> Result<Files> {
        let named = &place.config.blobs;
        if named.starts_with("s3://") {
            let blobs = Blobs::open(named, &place.config.s3)?;
            if !blobs.all().await?.is_empty() {
                place.refuse(format!("{named} holds files"))?;
                place.notes.push(format!("files that were in {named} before are still there"));
            }
            return Ok(Files { blobs, folders: None });
        }
        let folder = PathBuf::from(named);
        if folder.exists() && !Blobs::open(named, &place.config.s3)?.all().await?.is_empty() {
            place.refuse(format!("{named} holds files"))?;
        }
        let fresh = place.beside(&folder, "restoring")?;
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh)?;
        }
        let blobs = Blobs::open(fresh.to_str().context("the folder's name")?, &place.config.s3)?;
        Ok(Files { blobs, folders: Some((folder, fresh)) })
    }

    fn done(self, place: &mut Place<'_>) -> Result<()> {
        let Some((folder, fresh)) = self.folders else { return Ok(()) };
        if folder.exists() {
            // An empty one goes; a full one was allowed to be put aside above.
            if std::fs::remove_dir(&folder).is_err() {
                place.put_aside(&folder)?;
            }
        }
        std::fs::rename(&fresh, &folder).with_context(|| format!("naming {}", folder.display()))?;
        sync_folder(&folder)
    }
}

async fn sqlite(
    place: &mut Place<'_>,
    file: &Path,
    from: &Path,
    key: Key,
    manifest: &Manifest,
    files: Files,
    progress: Progress<'_>,
) -> Result<Extras> {
    let mut holds = false;
    if file.exists() {
        let db = Db::open(&place.config.database, None).await.context("opening the database that is there")?;
        let mut conn = db.read().await?;
        let owners = owners(manifest);
        let tables = rows::tables(&mut conn, &owners).await?;
        let own: Vec<_> = tables.into_iter().filter(|table| table.name != "base_migration").collect();
        if let Some(table) = rows::first_filled(&mut conn, &own).await? {
            holds = true;
            place.refuse(format!("{} holds rows ({table})", file.display()))?;
        }
        drop(conn);
        db.close().await;
    }
    let fresh = place.beside(file, "restoring")?;
    for end in ["", "-wal", "-shm"] {
        let left = PathBuf::from(format!("{}{end}", fresh.display()));
        if left.exists() {
            std::fs::remove_file(&left)?;
        }
    }
    let db = Db::open(&format!("sqlite:{}", fresh.display()), None).await?;
    let mut tx = db.write().await?;
    let extras = load(from, key, manifest, &mut tx, Some(&files.blobs), progress).await?;
    finish(&mut tx).await?;
    tx.commit().await?;
    let faults = rows::faults(&mut db.read().await?).await?;
    db.close().await;
    if !faults.is_empty() {
        bail!("the restored database has faults: {}", faults.join("; "));
    }
    File::open(&fresh)?.sync_all()?;
    files.done(place)?;
    if holds {
        place.put_aside(file)?;
    }
    for end in ["-wal", "-shm"] {
        let left = PathBuf::from(format!("{}{end}", file.display()));
        if left.exists() {
            std::fs::remove_file(&left)?;
        }
    }
    std::fs::rename(&fresh, file).with_context(|| format!("naming {}", file.display()))?;
    sync_folder(file)?;
    Ok(extras)
}

/// One transaction: nobody sees anything of it before its end.
async fn postgres(
    place: &mut Place<'_>,
    from: &Path,
    key: Key,
    manifest: &Manifest,
    files: Files,
    progress: Progress<'_>,
) -> Result<Extras> {
    let db = Db::open(&place.config.database, None).await.context("opening the database")?;
    let outcome = postgres_in(place, &db, from, key, manifest, files, progress).await;
    db.close().await;
    outcome
}

async fn postgres_in(
    place: &mut Place<'_>,
    db: &Db,
    from: &Path,
    key: Key,
    manifest: &Manifest,
    files: Files,
    progress: Progress<'_>,
) -> Result<Extras> {
    let mut tx = db.write().await?;
    let owners = owners(manifest);
    let tables = rows::tables(&mut tx, &owners).await?;
    if !tables.is_empty() {
        let own: Vec<_> = tables.iter().filter(|table| table.name != "base_migration").cloned().collect();
        let filled = rows::first_filled(&mut tx, &own).await?;
        if let Some(table) = &filled {
            place.refuse(format!("the database holds rows ({table})"))?;
        }
        let schema = format!("simpul_before_{}", place.stamp);
        rows::set_aside(&mut tx, &tables, &schema, filled.is_some()).await?;
        if filled.is_some() {
            place.aside.push(format!("the schema {schema} of the database"));
        }
    }
    let extras = load(from, key, manifest, &mut tx, Some(&files.blobs), progress).await?;
    finish(&mut tx).await?;
    files.done(place)?;
    tx.commit().await?;
    Ok(extras)
}

/// Brings older rows to the schema of this program.
async fn finish(tx: &mut Tx) -> Result<()> {
    migrate::run_in(tx, &known(), base::Clock::system().now()).await?;
    Ok(())
}
