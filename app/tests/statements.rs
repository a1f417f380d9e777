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

/// What no statement for both engines says, and the law that it breaks.
const FORBIDDEN: &[(&str, &str)] = &[
    (" offset ", "no offset"),
    ("::", "no dialect casts"),
    (" ilike ", "no ilike"),
    (" glob ", "no glob"),
    ("now()", "no clock of the database"),
    ("current_timestamp", "no clock of the database"),
    ("current_date", "no clock of the database"),
    ("strftime", "no dates of the database"),
    ("date_trunc", "no dates of the database"),
    ("unixepoch", "no dates of the database"),
    ("random()", "no chance of the database"),
    ("rowid", "no rowid"),
    ("autoincrement", "no autoincrement"),
    ("select *", "name the columns"),
    ("returning *", "name the columns"),
    (".*", "name the columns"),
    ("insert or ", "say on conflict"),
    ("group_concat", "join words in Rust"),
    ("string_agg", "join words in Rust"),
    ("json_", "read JSON in Rust"),
    ("jsonb_", "read JSON in Rust"),
    ("->", "read JSON in Rust"),
    ("ifnull(", "say coalesce"),
];

#[test]
fn statements_keep_the_laws() {
    let mut wrong = Vec::new();
    for statement in statements::all(&common::root()).iter().filter(|one| one.on == On::Both) {
        let text = format!(" {} ", statement.text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "));
        let bare = text.contains(" like ") && !(text.contains("lower(") && text.contains(" escape "));
        if bare {
            wrong.push(format!("{}:{} no bare like", statement.file, statement.line));
        }
        for (part, law) in FORBIDDEN {
            if text.contains(part) {
                wrong.push(format!("{}:{} {law}", statement.file, statement.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The words of a statement; brackets and commas are words of their own.
fn words(text: &str) -> Vec<String> {
    let spaced = text.to_lowercase().replace('(', " ( ").replace(')', " ) ").replace(',', " , ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// The terms of every `order by`, each in its words.
fn orders(words: &[String]) -> Vec<Vec<&str>> {
    let mut all = Vec::new();
    for start in words.windows(2).enumerate().filter(|(_, two)| two[0] == "order" && two[1] == "by").map(|(i, _)| i + 2) {
        let (mut depth, mut term) = (0, Vec::new());
        for word in words[start..].iter().map(String::as_str) {
            match word {
                "limit" | "returning" | "union" | "for" if depth == 0 => break,
                ")" if depth == 0 => break,
                "," if depth == 0 => all.push(std::mem::take(&mut term)),
                _ => {
                    depth += i32::from(word == "(") - i32::from(word == ")");
                    term.push(word);
                }
            }
        }
        all.push(term);
    }
    all
}

/// The tables of a statement by the names it gives them.
fn tables(words: &[String]) -> Vec<(&str, &str)> {
    let mut all = Vec::new();
    for (i, table) in words.iter().enumerate().skip(1) {
        if matches!(words[i - 1].as_str(), "from" | "join" | "update" | "into") && table != "(" {
            all.push((table.as_str(), table.as_str()));
            let next = |n: usize| words.get(i + n).map_or("", String::as_str);
            let name = if next(1) == "as" { next(2) } else { next(1) };
            all.push((name, table.as_str()));
        }
    }
    all
}

/// The column without its table.
fn bare(column: &str) -> &str {
    column.rsplit('.').next().unwrap_or(column)
}

/// Whether a statement keeps rows away in which a column is null, by asking or by comparing.
fn never_null(words: &[String], column: &str) -> bool {
    let compares = |word: Option<&String>| word.is_some_and(|word| matches!(word.as_str(), "<" | ">" | "<=" | ">=" | "="));
    words.iter().enumerate().filter(|(_, word)| bare(word) == bare(column)).any(|(i, _)| {
        let asked = words[i + 1..].iter().take(3).eq(["is", "not", "null"].iter());
        // `(published_at, id) < ($1, $2)`: the page goes on from a key.
        let key = i > 0 && words[i - 1] == "(" && words.get(i + 1).is_some_and(|word| word == ",");
        let end = words[i..].iter().position(|word| word == ")").map(|end| i + end + 1);
        asked || compares(words.get(i + 1)) || key && end.is_some_and(|end| compares(words.get(end)))
    })
}

#[test]
fn the_place_of_nulls_is_stated() {
    stage::run(async {
        let (db, _folder) = open(Engine::Sqlite).await;
        let columns = schema::columns(&mut db.read().await.expect("a connection")).await.expect("columns");
        let nullable: Vec<(&str, &str)> =
            columns.iter().filter(|c| !c.required).map(|c| (c.table_name.as_str(), c.column_name.as_str())).collect();
        let mut wrong = Vec::new();
        for statement in statements::all(&common::root()).iter().filter(|one| one.on == On::Both) {
            let words = words(&statement.text);
            let tables = tables(&words);
            for term in orders(&words) {
                // A plain column; an expression says itself what becomes of null.
                let [column, rest @ ..] = term.as_slice() else { continue };
                if !matches!(rest, [] | ["asc"] | ["desc"]) {
                    continue;
                }
                let of = column.split_once('.').map(|(name, _)| name);
                let mut from = tables.iter().filter(|(name, _)| of.is_none_or(|of| of == *name));
                let may = from.any(|(_, table)| nullable.contains(&(*table, bare(column))));
                if may && !never_null(&words, column) {
                    wrong.push(format!("{}:{} say nulls first or last for {column}", statement.file, statement.line));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}
