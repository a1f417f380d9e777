//! Opening everything a command needs: settings, logs, database, files, search.
use std::path::Path;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, bail};
use base::blobs::Blobs;
use base::search::{Index, Words};
use base::{Clock, Config, Db, Ids, Kit, Parts, migrate};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, reload};
use web::App;

/// Puts another filter in the place of the log's.
type SetFilter = Box<dyn Fn(EnvFilter) -> Result<()> + Send + Sync>;
static FILTER: OnceLock<SetFilter> = OnceLock::new();

/// What is logged. One library tells whole addresses at its finest level, and some hold secrets.
pub fn filter(wanted: &str) -> Result<EnvFilter> {
    Ok(EnvFilter::try_new(wanted)?.add_directive("tower_http::csrf=debug".parse()?))
}

/// Starts the log as the settings say. Later calls change nothing.
pub fn log(config: &Config) -> Result<()> {
    let filter = filter(&config.log).context("SIMPUL_LOG")?;
    let (filter, handle) = reload::Layer::new(filter);
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let begun = match config.log_format.as_str() {
        "json" => registry.with(lines.json()).try_init(),
        _ => registry.with(lines.with_target(false)).try_init(),
    };
    // A second subscriber can only come from a test; the first one stays.
    if begun.is_ok() {
        let set: SetFilter = Box::new(move |filter| Ok(handle.reload(filter)?));
        let _ = FILTER.set(set);
    }
    Ok(())
}

/// Changes what is logged from now on.
pub fn set_log(filter: &str) -> Result<()> {
    let filter = self::filter(filter).context("log")?;
    match FILTER.get() {
        Some(set) => set(filter),
        None => Ok(()),
    }
}

/// Opens the product for a server: it writes the search index of its data folder.
pub async fn serving(config: Config) -> Result<App> {
    assemble(config, true, Index::open).await
}

/// Opens the product for a command, which may run beside a server. With `migrate`, missing
/// migrations run first; without, they are an error.
pub async fn open(config: Config, migrate: bool) -> Result<App> {
    assemble(config, migrate, Index::attach).await
}

async fn assemble(config: Config, migrate: bool, index: fn(&Path, Words) -> Result<Index>) -> Result<App> {
    let slices = crate::slices();
    let clock = Clock::system();
    if migrate {
        std::fs::create_dir_all(&config.data).with_context(|| format!("making the folder {}", config.data.display()))?;
    }
    let db = Db::open(&config.database, None).await.context("opening the database")?;
    let known = web::app::migrations(&slices);
    if migrate {
        for name in migrate::run(&db, &known, clock.now()).await? {
            tracing::info!(name, "migrated");
        }
    } else if !migrate::pending(&db, &known).await?.is_empty() {
        bail!("the database lacks migrations; run `simpul migrate` first");
    }
    if let Some((name, value)) = crate::doctor::weak(&db.durability().await?) {
        tracing::warn!(name, value, "a power cut may lose what was saved; see simpul doctor");
    }
    let blobs = Blobs::open(&config.blobs, &config.s3)?;
    let words = Words::load(Some(Path::new(&config.data)))?;
    let folder = config.data.join("search");
    let index = tokio::task::spawn_blocking(move || index(&folder, words)).await?.context("opening the search index")?;
    let texts = web::app::texts(&slices)?;
    let kit = Kit::new(Parts {
        db,
        blobs,
        index: Arc::new(index),
        clock,
        ids: Ids::system(),
        config,
        texts,
        bell: base::events::Bell::default(),
    });
    Ok(App::new(kit, slices, people::identify))
}
