//! The rows of every table as JSON lines, which both engines write and read alike: the ground of
//! backups and exports. It reads the schema from the engine and knows no table by name.
use std::fmt::Write as _;

use anyhow::{Context, anyhow, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures::stream::{BoxStream, StreamExt};
use serde_json::{Map, Value as Json};
use sqlx::{AssertSqlSafe, Row as _};

use crate::conn::{Conn, Engine, Kind};
use crate::query::{postgres, sqlite};
use crate::{Result, Tx, Value};

/// A table of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    /// Sorted by name, so that both engines write the same line.
    pub columns: Vec<Column>,
    /// Columns of the primary key, in its order.
    pub key: Vec<String>,
    /// Whether the engine gives the ids.
    pub numbered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub holds: Holds,
}

/// What a column holds. A boolean is 0 or 1 in a line, because SQLite knows no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Int,
    Bool,
    Real,
    Text,
    Bytes,
}

#[derive(sqlx::FromRow)]
struct Described {
    table_name: String,
    column_name: String,
    kind: String,
    /// Place in the primary key, from 1; 0 for other columns.
    key_place: i64,
    numbered: bool,
}

/// Every table whose name begins with one of these words and `_`, sorted by name.
pub async fn tables(conn: &mut Conn, owners: &[&str]) -> Result<Vec<Table>> {
    let query = match conn.engine() {
        Engine::Sqlite => sqlite!(
            "select m.name as table_name, c.name as column_name, lower(c.type) as kind, c.pk as key_place, \
                    (m.sql like '%autoincrement%') as numbered \
             from sqlite_schema m join pragma_table_info(m.name) c \
             where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.name"
        ),
        Engine::Postgres => postgres!(
            "select c.table_name::text as table_name, c.column_name::text as column_name, c.data_type::text as kind, \
                    coalesce((select array_position(i.indkey::int2[], a.attnum) + 1 from pg_index i \
                              where i.indrelid = r.oid and i.indisprimary), 0)::bigint as key_place, \
                    exists (select 1 from pg_attribute n where n.attrelid = r.oid and n.attidentity <> '') as numbered \
             from information_schema.columns c \
             join pg_namespace s on s.nspname = c.table_schema \
             join pg_class r on r.relname = c.table_name and r.relnamespace = s.oid and r.relkind = 'r' \
             join pg_attribute a on a.attrelid = r.oid and a.attname = c.column_name \
             where c.table_schema = current_schema() order by c.table_name::text collate \"C\", c.column_name::text collate \"C\""
        ),
    };
    let described: Vec<Described> = conn.all(query).await?;
    let mut all: Vec<(Table, Vec<(i64, String)>)> = Vec::new();
    for one in described {
        let owner = one.table_name.split('_').next().unwrap_or_default();
        if !owners.contains(&owner) {
            continue;
        }
        if all.last().is_none_or(|(table, _)| table.name != one.table_name) {
            let name = one.table_name.clone();
            all.push((Table { name, columns: Vec::new(), key: Vec::new(), numbered: one.numbered }, Vec::new()));
        }
        if let Some((table, key)) = all.last_mut() {
            if one.key_place > 0 {
                key.push((one.key_place, one.column_name.clone()));
            }
            table.columns.push(Column { holds: holds(&one.kind, &one)?, name: one.column_name });
        }
    }
    let finish = |(mut table, mut key): (Table, Vec<(i64, String)>)| {
        key.sort();
        table.key = key.into_iter().map(|(_, name)| name).collect();
        table
    };
    Ok(all.into_iter().map(finish).collect())
}

fn holds(kind: &str, of: &Described) -> anyhow::Result<Holds> {
    Ok(match kind {
        "integer" | "bigint" => Holds::Int,
        "boolean" => Holds::Bool,
        "real" | "double precision" => Holds::Real,
        "text" => Holds::Text,
        "blob" | "bytea" => Holds::Bytes,
        other => bail!("{}.{} is {other}, which no type token makes", of.table_name, of.column_name),
    })
}

/// Names come from the schema; a quote in one would end the quotation.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn list(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    names.map(|name| quoted(name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// Every row as one line with its line end, in the order of the key. `masks` puts another text in
/// the place of a column's: pairs of column and text.
pub fn dump<'a>(conn: &'a mut Conn, table: &'a Table, masks: &'a [(&'a str, &'a str)]) -> BoxStream<'a, Result<String>> {
    let key = if table.key.is_empty() { list(table.columns.iter().map(|c| &c.name)) } else { list(table.key.iter()) };
    let columns = list(table.columns.iter().map(|c| &c.name));
    let text = AssertSqlSafe(format!("select {columns} from {} order by {key}", quoted(&table.name)));
    macro_rules! lines {
        ($conn:expr) => {
            sqlx::query(text)
                .persistent(false)
                .fetch(&mut **$conn)
                .map(move |row| {
                    let row = row?;
                    let mut line = String::from("{");
                    for (at, column) in table.columns.iter().enumerate() {
                        line.push_str(if at > 0 { ",\"" } else { "\"" });
                        line.push_str(&column.name);
                        line.push_str("\":");
                        match masks.iter().find(|(name, _)| *name == column.name) {
                            Some((_, text)) => line.push_str(&mask(column, text)),
                            None => cell!(row, at, column, &mut line),
                        }
                    }
                    line.push_str("}\n");
                    Ok(line)
                })
                .boxed()
        };
    }
    macro_rules! cell {
        ($row:expr, $at:expr, $column:expr, $line:expr) => {
            match $column.holds {
                Holds::Int => put($line, $row.try_get::<Option<i64>, _>($at)?.map(Json::from)),
                Holds::Bool => put($line, $row.try_get::<Option<bool>, _>($at)?.map(|yes| Json::from(i64::from(yes)))),
                Holds::Real => put($line, $row.try_get::<Option<f64>, _>($at)?.map(Json::from)),
                Holds::Text => put($line, $row.try_get::<Option<String>, _>($at)?.map(Json::from)),
                Holds::Bytes => {
                    put($line, $row.try_get::<Option<Vec<u8>>, _>($at)?.map(|b| Json::from(BASE64_STANDARD.encode(b))))
                }
            }
        };
    }
    match &mut conn.0 {
        Kind::Sqlite(c) => lines!(c),
        Kind::SqliteWrite(c) => lines!(c),
        Kind::Postgres(c) => lines!(c),
        Kind::PostgresWrite(c) => lines!(c),
    }
}

/// A mask as a value of its column: numbers are covered by numbers.
fn mask(column: &Column, text: &str) -> String {
    match column.holds {
        Holds::Int | Holds::Bool | Holds::Real => text.to_owned(),
        Holds::Text | Holds::Bytes => Json::from(text).to_string(),
    }
}

fn put(line: &mut String, value: Option<Json>) {
    // Writing to a String cannot fail.
    let _ = write!(line, "{}", value.unwrap_or(Json::Null));
}

/// Rows that one statement inserts; SQLite takes 32,766 values at most.
fn batch(table: &Table) -> usize {
    (12_000 / table.columns.len().max(1)).clamp(1, 250)
}

/// Inserts rows from lines as [`dump`] wrote them; says how many.
pub async fn load(tx: &mut Tx, table: &Table, lines: &[&str]) -> Result<u64> {
    let mut done = 0;
    for some in lines.chunks(batch(table)) {
        let mut values = Vec::with_capacity(some.len() * table.columns.len());
        for line in some {
            let row: Map<String, Json> = serde_json::from_str(line).with_context(|| format!("a line of {}", table.name))?;
            if row.len() != table.columns.len() {
                return Err(
                    anyhow!("a line of {} has {} columns instead of {}", table.name, row.len(), table.columns.len()).into()
                );
            }
            for column in &table.columns {
                let cell = row.get(&column.name).with_context(|| format!("a line of {} lacks {}", table.name, column.name))?;
                values.push(value(column, cell).with_context(|| format!("{}.{}", table.name, column.name))?);
            }
        }
        let mut text = format!("insert into {} ({}) values ", quoted(&table.name), list(table.columns.iter().map(|c| &c.name)));
        for row in 0..some.len() {
            let first = row * table.columns.len();
            let marks: Vec<String> = (1..=table.columns.len()).map(|n| format!("${}", first + n)).collect();
            let _ = write!(text, "{}({})", if row > 0 { "," } else { "" }, marks.join(","));
        }
        done += tx.run_made(text, values).await?;
    }
    Ok(done)
}

fn value(column: &Column, cell: &Json) -> anyhow::Result<Value> {
    let none = cell.is_null();
    Ok(match column.holds {
        Holds::Int if none => Value::Int(None),
        Holds::Int => Value::Int(Some(cell.as_i64().context("not a whole number")?)),
        Holds::Bool if none => Value::Bool(None),
        Holds::Bool => match cell.as_i64() {
            Some(0) => Value::Bool(Some(false)),
            Some(1) => Value::Bool(Some(true)),
            _ => bail!("neither 0 nor 1"),
        },
        Holds::Real if none => Value::Real(None),
        Holds::Real => Value::Real(Some(cell.as_f64().context("not a number")?)),
        Holds::Text if none => Value::Text(None),
        Holds::Text => Value::Text(Some(cell.as_str().context("not a text")?.to_owned())),
        Holds::Bytes if none => Value::Bytes(None),
        Holds::Bytes => Value::Bytes(Some(BASE64_STANDARD.decode(cell.as_str().context("not a text")?)?)),
    })
}

/// The first of the tables that has a row, or none.
pub async fn first_filled(conn: &mut Conn, tables: &[Table]) -> Result<Option<String>> {
    for table in tables {
        let text = format!("select count(*) as n from (select 1 as one from {} limit 1) found", quoted(&table.name));
        if conn.int_made(text).await? > 0 {
            return Ok(Some(table.name.clone()));
        }
    }
    Ok(None)
}

/// Deletes every row, such as those that migrations put in.
pub async fn clear(tx: &mut Tx, tables: &[Table]) -> Result<()> {
    for table in tables {
        tx.run_made(format!("delete from {}", quoted(&table.name)), vec![]).await?;
    }
    Ok(())
}

/// The last id that a numbered table gave, even if its row is gone: ids are never given twice.
pub async fn last_id(conn: &mut Conn, table: &Table) -> Result<i64> {
    if !table.numbered {
        return Ok(0);
    }
    match conn.engine() {
        Engine::Sqlite => {
            let name = table.name.as_str();
            conn.int(sqlite!("select coalesce(max(seq), 0) as n from sqlite_sequence where name = $1", name)).await
        }
        Engine::Postgres => {
            let counter = counter(conn, table).await?;
            conn.int_made(format!("select case when is_called then last_value else 0 end as n from {counter}")).await
        }
    }
}

/// Makes the next id follow `last`.
pub async fn set_last_id(tx: &mut Tx, table: &Table, last: i64) -> Result<()> {
    if !table.numbered {
        return Ok(());
    }
    match tx.engine() {
        Engine::Sqlite => {
            let name = table.name.as_str();
            tx.run(sqlite!("delete from sqlite_sequence where name = $1", name)).await?;
            tx.run(sqlite!("insert into sqlite_sequence (name, seq) values ($1, $2)", name, last)).await?;
        }
        Engine::Postgres => {
            let counter = counter(tx, table).await?;
            let text = format!("select setval('{}', {}, {})", counter.replace('\'', "''"), last.max(1), last > 0);
            tx.script(text).await?;
        }
    }
    Ok(())
}

/// The sequence behind a numbered table, quoted.
async fn counter(conn: &mut Conn, table: &Table) -> Result<String> {
    let query = postgres!(
        "select pg_get_serial_sequence($1, a.attname::text) as name from pg_attribute a \
         where a.attrelid = cast($1 as regclass) and a.attidentity <> ''",
        quoted(&table.name)
    );
    let found: (String,) = conn.one(query).await?;
    Ok(found.0)
}

/// A reference between tables that was taken off while rows come in.
#[derive(Debug, sqlx::FromRow)]
pub struct Reference {
    table_name: String,
    name: String,
    definition: String,
}

/// Lets rows come in whatever they refer to; [`tighten`] checks them all.
pub async fn loosen(tx: &mut Tx) -> Result<Vec<Reference>> {
    if tx.engine() == Engine::Sqlite {
        tx.script("pragma defer_foreign_keys = on".into()).await?;
        return Ok(Vec::new());
    }
    let query = postgres!(
        "select r.relname::text as table_name, c.conname::text as name, pg_get_constraintdef(c.oid) as definition \
         from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace \
         where c.contype = 'f' and n.nspname = current_schema() order by 1, 2"
    );
    let taken: Vec<Reference> = tx.all(query).await?;
    for one in &taken {
        tx.script(format!("alter table {} drop constraint {}", quoted(&one.table_name), quoted(&one.name))).await?;
    }
    Ok(taken)
}

/// Puts the references back; fails when a row refers to nothing.
pub async fn tighten(tx: &mut Tx, taken: Vec<Reference>) -> Result<()> {
    for one in taken {
        let text = format!("alter table {} add constraint {} {}", quoted(&one.table_name), quoted(&one.name), one.definition);
        tx.script(text).await?;
    }
    Ok(())
}

/// What the engine finds wrong with its own file and with references; empty when all is well.
pub async fn faults(conn: &mut Conn) -> Result<Vec<String>> {
    if conn.engine() == Engine::Postgres {
        return Ok(Vec::new());
    }
    let mut found: Vec<(String,)> =
        conn.all(sqlite!("select integrity_check as fault from pragma_integrity_check where integrity_check <> 'ok'")).await?;
    let query = sqlite!("select \"table\" || ' refers to a missing row of ' || parent as fault from pragma_foreign_key_check");
    found.extend(conn.all::<(String,)>(query).await?);
    Ok(found.into_iter().map(|row| row.0).collect())
}

/// Moves tables of PostgreSQL, and the functions of their triggers, into a schema of that name, out of
/// the way; without `keep`, that schema goes too.
pub async fn set_aside(tx: &mut Tx, tables: &[Table], schema: &str, keep: bool) -> Result<()> {
    let query = postgres!(
        "select distinct t.tgfoid::regprocedure::text as name from pg_trigger t join pg_class r on r.oid = t.tgrelid \
         join pg_namespace n on n.oid = r.relnamespace join pg_proc p on p.oid = t.tgfoid \
         where not t.tgisinternal and n.nspname = current_schema() and p.pronamespace = n.oid order by 1"
    );
    let functions: Vec<(String,)> = tx.all(query).await?;
    tx.script(format!("create schema {}", quoted(schema))).await?;
    for table in tables {
        tx.script(format!("alter table {} set schema {}", quoted(&table.name), quoted(schema))).await?;
    }
    for (name,) in functions {
        // A name of this kind is quoted where it must be, and tells the arguments.
        tx.script(format!("alter function {name} set schema {}", quoted(schema))).await?;
    }
    if !keep {
        tx.script(format!("drop schema {} cascade", quoted(schema))).await?;
    }
    Ok(())
}
