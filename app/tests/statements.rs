//! Gates over the database: every statement prepares on both engines, the schemas agree, tables and
//! statements stay with their slice.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
mod common;

use std::collections::BTreeSet;

use base::{Db, migrate, schema};
use both::both;
use stage::Engine;
use stage::statements::{self, On};

async fn open(engine: Engine) -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = engine.open(folder.path()).await;
    let all = web::app::migrations(&simpul::slices());
    migrate::run(&db, &all, 1).await.expect("migrations");
    (db, folder)
}

#[both]
async fn every_statement_prepares(engine: Engine) {
    let (db, _folder) = open(engine).await;
    let found = statements::all(&common::root());
    assert!(found.len() > 100, "only {} statements found", found.len());
    let mut wrong = Vec::new();
    for statement in found {
        if !statement.on.engines().contains(&db.engine().name()) {
            continue;
        }
        let text: &'static str = Box::leak(statement.text.clone().into_boxed_str());
        let mut conn = db.read().await.expect("a connection");
        if let Err(error) = conn.prepare(text).await {
            wrong.push(format!("{}:{} {error}", statement.file, statement.line));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Types, defaults, nullability, keys, indexes, references.
async fn described(engine: Engine) -> BTreeSet<String> {
    let (db, _folder) = open(engine).await;
    let slices = simpul::slices();
    let owners: Vec<&str> = ["base"].into_iter().chain(slices.iter().map(|slice| slice.name)).collect();
    let mut conn = db.read().await.expect("a connection");
    schema::describe(&mut conn, &owners).await.expect("a schema").into_iter().collect()
}

#[test]
fn both_engines_have_the_same_schema() {
    stage::run(async {
        let (sqlite, postgres) = (described(Engine::Sqlite).await, described(Engine::Postgres).await);
        assert!(sqlite.len() > 300, "only {} facts", sqlite.len());
        let of = |name: &str, one: &BTreeSet<String>, other: &BTreeSet<String>| -> Vec<String> {
            one.difference(other).map(|fact| format!("{name} alone says: {fact}")).collect()
        };
        let wrong = [of("SQLite", &sqlite, &postgres), of("PostgreSQL", &postgres, &sqlite)].concat();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn sqlite_tables_are_strict_and_named_after_their_slice() {
    for slice in simpul::slices() {
        for migration in slice.migrations {
            for line in migration.sql.to_lowercase().split("create table ").skip(1) {
                let name = line.split([' ', '(']).next().unwrap_or_default();
                assert!(name.starts_with(&format!("{}_", slice.name)), "{}: table {name}", migration.name);
                let end = line.find(';').expect("a statement ends");
                assert!(line[..end].trim_end().ends_with("{strict}"), "{}: table {name} is not strict", migration.name);
            }
        }
    }
}

/// Which slices a slice may read.
fn readable(slice: &str) -> &'static [&'static str] {
    match slice {
        "people" | "regions" => &["base"],
        "kim" => &["base", "people", "regions"],
        "newsroom" => &["base", "people", "regions", "kim"],
        _ => &["base", "people", "regions", "kim", "newsroom"],
    }
}

#[test]
fn statements_stay_in_their_slice() {
    let names = ["base", "people", "regions", "kim", "newsroom"];
    let mut wrong = Vec::new();
    for statement in statements::all(&common::root()) {
        let owner = match statement.file.split('/').collect::<Vec<_>>().as_slice() {
            ["kit", ..] => "base",
            ["slices", slice, ..] => slice,
            _ => "app",
        };
        let text = statement.text.to_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        for (i, word) in words.iter().enumerate() {
            let Some(table_of) = names.iter().find(|name| word.starts_with(&format!("{name}_"))) else { continue };
            let writes =
                i > 0 && matches!(words[i - 1], "into" | "update") || i > 1 && words[i - 2] == "delete" && words[i - 1] == "from";
            let allowed = *table_of == owner || (!writes && readable(owner).contains(table_of)) || owner == "app" && !writes;
            // `do update set` names columns, not a table.
            if !allowed && (i < 2 || words[i - 2] != "do") {
                wrong.push(format!("{}:{} touches {word}", statement.file, statement.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn statements_keep_the_laws() {
    let mut wrong = Vec::new();
    for statement in statements::all(&common::root()).iter().filter(|one| one.on == On::Both) {
        let text = format!(" {} ", statement.text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "));
        let bare = text.contains(" like ") && !(text.contains("lower(") && text.contains(" escape "));
        if bare {
            wrong.push(format!("{}:{} no bare like", statement.file, statement.line));
        }
        for (part, law) in [(" offset ", "no offset"), ("::", "no dialect casts"), (" ilike ", "no ilike")] {
            if text.contains(part) {
                wrong.push(format!("{}:{} {law}", statement.file, statement.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
