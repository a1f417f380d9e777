//! `simpul doctor`: what is set, what is wrong, how to mend it.
use anyhow::Result;
use base::{Config, Db, migrate};

/// One finding: what, and how to mend it.
pub struct Finding {
    pub what: String,
    pub mend: String,
}

/// Settings for the eye, secrets hidden.
pub fn settings(config: &Config) -> Vec<(&'static str, String)> {
    let hidden = |text: &str| if text.is_empty() { "(none)".to_owned() } else { "(hidden)".to_owned() };
    let database = match url_without_password(&config.database) {
        Some(safe) => safe,
        None => config.database.clone(),
    };
    vec![
        ("listen", config.listen.clone()),
        ("base_url", config.base_url.clone()),
        ("data", config.data.display().to_string()),
        ("database", database),
        ("blobs", config.blobs.clone()),
        ("secret", hidden(&config.secret)),
        ("metrics", if config.metrics.is_empty() { "(off)".into() } else { config.metrics.clone() }),
        ("proxies", config.proxies.to_string()),
        ("jobs", config.jobs.to_string()),
        ("region", config.region.clone()),
        ("page_cache_mb", config.page_cache_mb.to_string()),
        ("log", format!("{} ({})", config.log, config.log_format)),
        ("s3.secret_key", hidden(&config.s3.secret_key)),
    ]
}

fn url_without_password(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let (login, host) = rest.rsplit_once('@')?;
    let name = login.split(':').next().unwrap_or_default();
    Some(format!("{scheme}://{name}:(hidden)@{host}"))
}

/// Looks at everything that can be looked at without changing it.
pub async fn examine(config: &Config) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let mut note = |what: String, mend: &str| found.push(Finding { what, mend: mend.to_owned() });
    if !config.is_https() && !config.base_url.contains("localhost") && !config.base_url.contains("127.0.0.1") {
        note(
            format!("{} is not encrypted, so nobody can log in", config.base_url),
            "put a TLS proxy before Simpul and set SIMPUL_BASE_URL to its https address",
        );
    }
    if config.secret.chars().collect::<std::collections::HashSet<_>>().len() < 8 {
        note("the secret is easy to guess".into(), "set SIMPUL_SECRET to the output of: openssl rand -hex 32");
    }
    if !web::assets::are_built() {
        note("the browser side was not built into this binary".into(), "build with cargo x build");
    }
    let db = match Db::open(&config.database, None).await {
        Ok(db) => db,
        Err(error) => {
            note(format!("the database cannot be opened: {error}"), "check SIMPUL_DATABASE and that the server runs");
            return Ok(found);
        }
    };
    let known = web::app::migrations(&crate::slices());
    let pending = migrate::pending(&db, &known).await?;
    if !pending.is_empty() {
        note(format!("{} migrations are missing", pending.len()), "run simpul migrate");
        return Ok(found);
    }
    if let Some((journal, synchronous)) = db.durability().await?
        && (journal != "wal" || synchronous < 2)
    {
        note(format!("SQLite runs with journal {journal} and synchronous {synchronous}"), "remove pragmas from SIMPUL_DATABASE");
    }
    let mut conn = db.read().await?;
    if regions::import::counts(&mut conn).await?.villages == 0 {
        note("no regions are loaded".into(), "run simpul regions import");
    }
    let dead = base::jobs::dead(&mut conn, 100).await?;
    if !dead.is_empty() {
        note(format!("{} jobs failed for good", dead.len()), "open /kelola as the operator");
    }
    drop(conn);
    if let Err(error) = base::blobs::Blobs::open(&config.blobs, &config.s3)?.list("media").await {
        note(format!("the file store cannot be read: {error}"), "check SIMPUL_BLOBS and its rights");
    }
    db.close().await;
    Ok(found)
}
