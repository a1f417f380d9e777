//! Statements: the `sql!` macro, its two kin for what only one engine understands, and the notes that
//! tests leave of what they executed.
use std::collections::HashSet;
use std::io::Write as _;
use std::sync::{Mutex, OnceLock};

use crate::Value;
use crate::conn::Engine;

/// Builds a [`Query`] from one SQL text with `$1` parameters and its values.
///
/// ```ignore
/// conn.all::<Region>(sql!("select code, name from regions_region where parent = $1 order by code", parent)).await?
/// ```
#[macro_export]
macro_rules! sql {
    ($text:literal $(, $value:expr)* $(,)?) => {
        $crate::Query::new($text, vec![$($crate::Value::from($value)),*])
    };
}

/// As `sql!`, for a statement that only SQLite understands or ever runs. It stands in a branch on the engine.
macro_rules! sqlite {
    ($text:literal $(, $value:expr)* $(,)?) => {
        $crate::Query::new($text, vec![$($crate::Value::from($value)),*])
    };
}

/// As `sql!`, for a statement that only PostgreSQL understands or ever runs. It stands in a branch on the engine.
macro_rules! postgres {
    ($text:literal $(, $value:expr)* $(,)?) => {
        $crate::Query::new($text, vec![$($crate::Value::from($value)),*])
    };
}
pub(crate) use {postgres, sqlite};

/// A statement with its values, ready to run on either engine.
#[derive(Debug)]
pub struct Query {
    pub(crate) text: &'static str,
    pub(crate) values: Vec<Value>,
}

impl Query {
    /// Use the `sql!` macro: the gates find statements by it.
    pub fn new(text: &'static str, values: Vec<Value>) -> Query {
        Query { text, values }
    }
}

/// While tests run, each executed text is appended to `$SIMPUL_STATEMENTS/<process>`, one JSON array of
/// engine and text a line, so that a gate can name the statements that no test ever ran on an engine.
#[allow(clippy::disallowed_methods, reason = "the task runner passes the folder this way; no setting of the product")]
pub(crate) fn note_executed(engine: Engine, text: &'static str) {
    type Seen = (HashSet<(Engine, &'static str)>, std::fs::File);
    static SEEN: OnceLock<Option<Mutex<Seen>>> = OnceLock::new();
    let seen = SEEN.get_or_init(|| {
        let folder = std::env::var_os("SIMPUL_STATEMENTS")?;
        let path = std::path::Path::new(&folder).join(std::process::id().to_string());
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path).ok()?;
        Some(Mutex::new((HashSet::new(), file)))
    });
    if let Some(seen) = seen
        && let Ok(mut seen) = seen.lock()
        && seen.0.insert((engine, text))
    {
        let line = serde_json::json!([engine.name(), text]).to_string();
        // A lost line would only make the gate ask for a test that exists.
        let _ = writeln!(seen.1, "{line}");
    }
}
