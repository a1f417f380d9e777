//! What the tables of a database look like, told alike by both engines: for the gates that compare them.
use crate::conn::{Conn, Engine};
use crate::query::{postgres, sqlite};
use crate::{Result, rows};

/// One column of the schema as the engine tells it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct Column {
    pub table_name: String,
    pub column_name: String,
    pub required: bool,
    /// `int`, `real`, `text` or `bytes`, after the type tokens; a boolean is `int`, because SQLite knows no
    /// other. Anything else is a type that no token makes.
    pub holds: String,
    /// The default as an expression; empty without one.
    pub preset: String,
}

/// Every column of every table, sorted.
pub async fn columns(conn: &mut Conn) -> Result<Vec<Column>> {
    let query = match conn.engine() {
        Engine::Sqlite => sqlite!(
            "select m.name as table_name, c.name as column_name, (c.\"notnull\" <> 0 or c.pk <> 0) as required, \
                    case lower(c.type) when 'integer' then 'int' when 'blob' then 'bytes' else lower(c.type) end as holds, \
                    coalesce(c.dflt_value, '') as preset \
             from sqlite_schema m join pragma_table_info(m.name) c \
             where m.type = 'table' and m.name not like 'sqlite_%' order by 1, 2"
        ),
        Engine::Postgres => postgres!(
            "select table_name::text as table_name, column_name::text as column_name, (is_nullable = 'NO') as required, \
                    case data_type when 'bigint' then 'int' when 'boolean' then 'int' when 'double precision' then 'real' \
                        when 'real' then 'float4' when 'bytea' then 'bytes' else data_type::text end as holds, \
                    coalesce(column_default::text, '') as preset \
             from information_schema.columns where table_schema = current_schema() order by 1, 2"
        ),
    };
    let mut columns: Vec<Column> = conn.all(query).await?;
    for column in &mut columns {
        column.preset = plain(&column.preset);
    }
    Ok(columns)
}

#[derive(sqlx::FromRow)]
struct Made {
    table_name: String,
    name: String,
    definition: String,
}

/// Every index that a statement made, as `table: [unique ]name on columns[ where …]`.
async fn indexes(conn: &mut Conn) -> Result<Vec<String>> {
    let query = match conn.engine() {
        Engine::Sqlite => sqlite!(
            "select tbl_name as table_name, name, sql as definition from sqlite_schema \
             where type = 'index' and sql is not null order by name"
        ),
        // The index of a primary key is told with its table.
        Engine::Postgres => postgres!(
            "select t.relname::text as table_name, c.relname::text as name, pg_get_indexdef(i.indexrelid) as definition \
             from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid \
             join pg_namespace n on n.oid = t.relnamespace \
             where n.nspname = current_schema() and not i.indisprimary order by c.relname"
        ),
    };
    let made: Vec<Made> = conn.all(query).await?;
    let told = made.into_iter().map(|index| {
        let words = index.definition.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let unique = if words.starts_with("create unique ") { "unique " } else { "" };
        // Both begin the columns with the first bracket; names of indexes and tables have none.
        let parts = words.split_once('(').map_or("", |(_, parts)| parts);
        format!("{}: {unique}{} on {}", index.table_name, index.name, plain(parts))
    });
    Ok(told.collect())
}

#[derive(sqlx::FromRow)]
struct Link {
    table_name: String,
    column_name: String,
    to_table: String,
    to_column: String,
    on_delete: String,
}

/// Every reference, as `table: column refers to table (column), on delete …`.
async fn references(conn: &mut Conn) -> Result<Vec<String>> {
    let query = match conn.engine() {
        Engine::Sqlite => sqlite!(
            "select m.name as table_name, f.\"from\" as column_name, f.\"table\" as to_table, coalesce(f.\"to\", '') as to_column, \
                    lower(f.on_delete) as on_delete \
             from sqlite_schema m join pragma_foreign_key_list(m.name) f where m.type = 'table' order by 1, 2"
        ),
        Engine::Postgres => postgres!(
            "select r.relname::text as table_name, a.attname::text as column_name, f.relname::text as to_table, \
                    b.attname::text as to_column, \
                    case c.confdeltype when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default' \
                        when 'r' then 'restrict' else 'no action' end as on_delete \
             from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace \
             join pg_class f on f.oid = c.confrelid cross join lateral unnest(c.conkey, c.confkey) as k(own, other) \
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.own \
             join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.other \
             where c.contype = 'f' and n.nspname = current_schema() order by 1, 2"
        ),
    };
    let links: Vec<Link> = conn.all(query).await?;
    let told = links.into_iter().map(|link| {
        format!(
            "{}: {} refers to {} ({}), on delete {}",
            link.table_name, link.column_name, link.to_table, link.to_column, link.on_delete
        )
    });
    Ok(told.collect())
}

/// The whole schema of these slices, one fact a line, sorted: columns with type, default and nullability,
/// primary keys, indexes, references. Equal schemas of both engines give equal lines.
pub async fn describe(conn: &mut Conn, owners: &[&str]) -> Result<Vec<String>> {
    let mut facts: Vec<String> = Vec::new();
    for column in columns(conn).await? {
        let required = if column.required { "required" } else { "nullable" };
        let preset = if column.preset.is_empty() { "none" } else { column.preset.as_str() };
        facts.push(format!("{}: {} holds {}, {required}, default {preset}", column.table_name, column.column_name, column.holds));
    }
    for table in rows::tables(conn, owners).await? {
        let numbered = if table.numbered { ", numbered by the engine" } else { "" };
        facts.push(format!("{}: key ({}){numbered}", table.name, table.key.join(", ")));
    }
    facts.extend(indexes(conn).await?);
    facts.extend(references(conn).await?);
    facts.sort();
    Ok(facts)
}

/// An expression without what the engines write differently: casts, brackets, quotes around names, case
/// and spaces.
fn plain(expression: &str) -> String {
    let mut text = expression.to_lowercase();
    for cast in ["::text", "::bigint", "::boolean", "::double precision", "collate \"c\""] {
        text = text.replace(cast, "");
    }
    let text = text.replace(['(', ')'], " ").replace('"', "");
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_write_an_expression_alike() {
        for (sqlite, postgres) in [
            ("answered_at is null and closed_at is null", "((answered_at IS NULL) AND (closed_at IS NULL))"),
            ("coalesce(group_id, 0), id)", "COALESCE(group_id, (0)::bigint), id)"),
            ("position)", "\"position\")"),
            ("state = 'waiting'", "(state = 'waiting'::text)"),
            ("','", "','::text"),
        ] {
            assert_eq!(plain(sqlite), plain(postgres));
        }
        assert_ne!(plain("a, b)"), plain("b, a)"));
    }
}
