//! Opens an empty database of one engine for one test.
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use base::Db;

/// The engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// SQLite gets a file in the folder; PostgreSQL a schema of its own in the database that
    /// `SIMPUL_TEST_POSTGRES` names.
    pub async fn open(self, folder: &Path) -> Db {
        match self {
            Engine::Sqlite => {
                let url = format!("sqlite:{}", folder.join("test.sqlite").display());
                Db::open(&url, None).await.expect("a SQLite database")
            }
            Engine::Postgres => {
                let schema = fresh_schema();
                Db::open(&postgres(), Some(&schema)).await.expect("a PostgreSQL schema")
            }
        }
    }
}

/// Address of the PostgreSQL that tests use.
#[allow(clippy::disallowed_methods, reason = "the task runner passes the server's address this way")]
pub fn postgres() -> String {
    std::env::var("SIMPUL_TEST_POSTGRES").expect("SIMPUL_TEST_POSTGRES is set by `cargo x test`")
}

#[allow(clippy::disallowed_methods, reason = "a name that no other run has; no time of the product")]
fn fresh_schema() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_nanos();
    format!("t{}_{}_{count}", std::process::id(), moment % 1_000_000_000_000)
}
