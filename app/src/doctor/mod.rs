//! `simpul doctor`: what is set, what is wrong, how to mend it. It looks and makes nothing: no
//! folder, no secret, no database.
mod data;
mod machine;
mod settings;

use anyhow::Result;
use base::{Clock, Config, Db, migrate};
use serde::Serialize;

pub use self::settings::settings;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Something does not work, or will be missed: the exit code is 1.
    Wrong,
    /// Something that the operator may want otherwise.
    Advice,
}

/// One finding; docs/OPERATING.md explains each code.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub code: &'static str,
    pub weight: Weight,
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

/// Findings under way.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn wrong(&mut self, code: &'static str, what: impl Into<String>, mend: impl Into<String>) {
        self.0.push(Finding { code, weight: Weight::Wrong, what: what.into(), mend: mend.into() });
    }

    fn advise(&mut self, code: &'static str, what: impl Into<String>, mend: impl Into<String>) {
        self.0.push(Finding { code, weight: Weight::Advice, what: what.into(), mend: mend.into() });
    }
}

/// The first setting by which a power cut loses what was saved.
pub fn weak(settings: &[(&'static str, String)]) -> Option<(&'static str, String)> {
    let safe = |name: &str, value: &str| match name {
        "journal_mode" => value == "wal",
        "synchronous" => matches!(value, "2" | "3"),
        "synchronous_commit" => !matches!(value, "off"),
        _ => value == "on",
    };
    settings.iter().find(|(name, value)| !safe(name, value)).cloned()
}

/// Looks at everything that can be looked at.
pub async fn examine(config: &Config) -> Result<Vec<Finding>> {
    let mut found = Findings::default();
    let clock = Clock::system();
    settings::check(config, &mut found);
    machine::check(config, &mut found)?;
    machine::site(config, clock.now(), &mut found).await;
    machine::files(config, &mut found).await;
    machine::mail(config, &mut found).await;
    if let Some(file) = Db::file(&config.database)?
        && !file.exists()
    {
        let mend = "run simpul migrate as the user that serves; if it should be there, check SIMPUL_DATA and SIMPUL_DATABASE";
        found.wrong("database-missing", format!("there is no database at {}", file.display()), mend);
        return Ok(found.0);
    }
    let db = match Db::open(&config.database, None).await {
        Ok(db) => db,
        Err(error) => {
            let mend = "check SIMPUL_DATABASE, and that its server runs";
            found.wrong("database", format!("the database cannot be opened: {error}"), mend);
            return Ok(found.0);
        }
    };
    let outcome = database(config, &db, &clock, &mut found).await;
    db.close().await;
    outcome?;
    Ok(found.0)
}

async fn database(config: &Config, db: &Db, clock: &Clock, found: &mut Findings) -> Result<()> {
    if let Some((name, value)) = weak(&db.durability().await?) {
        let what = format!("the database runs with {name} = {value}: a power cut loses what was saved, or more");
        found.wrong(
            "durability",
            what,
            format!("set {name} back to its default in the database's own settings, and start it anew"),
        );
    }
    let known = crate::backup::known();
    let mut conn = db.read().await?;
    let applied = migrate::list(&mut conn).await?;
    if let Some((name, _)) = applied.iter().find(|(name, _)| !known.iter().any(|migration| migration.name == name)) {
        let mend = "use the version that migrated it, or restore a backup from before";
        found.wrong("migrations-newer", format!("a newer version migrated the database ({name})"), mend);
        return Ok(());
    }
    drop(conn);
    let pending = migrate::pending(db, &known).await?;
    if !pending.is_empty() {
        found.wrong("migrations", format!("{} migrations are missing", pending.len()), "run simpul migrate");
        return Ok(());
    }
    data::check(config, db, clock.now(), found).await
}
