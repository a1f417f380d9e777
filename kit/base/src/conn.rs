//! One SQL text, two engines: the database handle and its connections. All branches between SQLite and
//! PostgreSQL live in this crate.
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::Context;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use crate::query::{Query, note_executed, postgres};
use crate::{Error, Result, Value};

/// A row of either engine, decoded by column name.
pub trait Row: for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> sqlx::FromRow<'r, SqliteRow> + for<'r> sqlx::FromRow<'r, PgRow> + Send + Unpin {}

/// Which engine serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// `sqlite` or `postgres`, as backups and the gates write it.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
    }
}

/// How long a statement waits for another process that uses the same SQLite file …
const BUSY: Duration = Duration::from_secs(10);
/// … how long one try to begin a change does, so that those who wait take turns …
const TRY: Duration = Duration::from_secs(1);
/// … and for how long it is tried again.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a long task leaves a SQLite file to others between two of its transactions: who waits asks
/// every tenth of a second.
const PAUSE: Duration = Duration::from_millis(110);

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Pools);

#[derive(Clone)]
enum Pools {
    /// Readers share a pool; the single writer takes turns, so that "busy" never reaches a person.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

impl Db {
    /// Opens `sqlite:path` (made when missing) or `postgres://…`.
    /// `schema` places all PostgreSQL tables in a schema of that name.
    pub async fn open(url: &str, schema: Option<&str>) -> Result<Db> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return open_postgres(url, schema).await;
        }
        anyhow::Context::context(url.starts_with("sqlite:").then_some(()), "the database must be sqlite:… or postgres://…")?;
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            // What is deleted is overwritten: a person who leaves must not stay in free pages.
            .pragma("secure_delete", "on")
            .pragma("temp_store", "memory")
            .pragma("cache_size", "-4000")
            .statement_cache_capacity(300);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // Who stands behind a change that waits with all its patience gets a turn of their own.
            .acquire_timeout(PATIENCE * 3 / 2)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone().busy_timeout(TRY))
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Db(Pools::Sqlite { read, write }))
    }

    pub fn engine(&self) -> Engine {
        match &self.0 {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// A connection for reading only.
    pub async fn read(&self) -> Result<Conn> {
        Ok(match &self.0 {
            Pools::Sqlite { read, .. } => Conn(Kind::Sqlite(read.acquire().await?)),
            Pools::Postgres(pool) => Conn(Kind::Postgres(pool.acquire().await?)),
        })
    }

    /// A transaction for a change. Dropped without [`Tx::commit`], it is undone. While another process
    /// writes to the SQLite file, it waits.
    #[allow(clippy::disallowed_methods, reason = "the one place that begins a transaction")]
    pub async fn write(&self) -> Result<Tx> {
        let kind = match &self.0 {
            Pools::Sqlite { write, .. } => Kind::SqliteWrite(begin_sqlite(write).await?),
            Pools::Postgres(pool) => Kind::PostgresWrite(pool.begin().await?),
        };
        Ok(Tx { conn: Conn(kind), emitted: Vec::new() })
    }

    /// Leaves the database to others for a moment, between two transactions of a long task.
    pub async fn give_way(&self) {
        if let Pools::Sqlite { .. } = &self.0 {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// A transaction that only reads and sees one moment, whatever others commit meanwhile. It keeps
    /// nobody from writing. Dropped, it ends.
    pub async fn snapshot(&self) -> Result<Tx> {
        let kind = match &self.0 {
            Pools::Sqlite { read, .. } => Kind::SqliteWrite(read.begin_with("BEGIN").await?),
            Pools::Postgres(pool) => {
                Kind::PostgresWrite(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        };
        let mut tx = Tx { conn: Conn(kind), emitted: Vec::new() };
        // Both engines fix the moment with the first question, not with BEGIN.
        tx.script("select 1".into()).await?;
        if let Kind::SqliteWrite(c) = &mut tx.conn.0 {
            sqlx::query("select count(*) from sqlite_schema").execute(&mut **c).await?;
        }
        Ok(tx)
    }

    /// The file of a SQLite address, or none for PostgreSQL. Opens nothing.
    pub fn file(url: &str) -> Result<Option<PathBuf>> {
        if !url.starts_with("sqlite:") {
            return Ok(None);
        }
        Ok(Some(SqliteConnectOptions::from_str(url)?.get_filename().to_owned()))
    }

    /// Closes every connection, letting SQLite fold its log back into the file.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Folds SQLite's log back into the file and empties it, so that nothing deleted stays readable
    /// there. True when done; false while somebody still reads from the log. Nothing on PostgreSQL.
    pub async fn fold(&self) -> Result<bool> {
        let Pools::Sqlite { write, .. } = &self.0 else { return Ok(true) };
        let outcome: (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(truncate)").fetch_one(write).await?;
        Ok(outcome.0 == 0)
    }

    /// The settings that decide whether a power cut loses what was saved, as the database reports them.
    pub async fn durability(&self) -> Result<Vec<(&'static str, String)>> {
        match &self.0 {
            Pools::Sqlite { write, .. } => {
                let journal: (String,) = sqlx::query_as("pragma journal_mode").fetch_one(write).await?;
                let synchronous: (i64,) = sqlx::query_as("pragma synchronous").fetch_one(write).await?;
                Ok(vec![("journal_mode", journal.0), ("synchronous", synchronous.0.to_string())])
            }
            Pools::Postgres(pool) => {
                let fsync: (String,) = sqlx::query_as("show fsync").fetch_one(pool).await?;
                let commit: (String,) = sqlx::query_as("show synchronous_commit").fetch_one(pool).await?;
                let whole: (String,) = sqlx::query_as("show full_page_writes").fetch_one(pool).await?;
                Ok(vec![("fsync", fsync.0), ("synchronous_commit", commit.0), ("full_page_writes", whole.0)])
            }
        }
    }
}

async fn begin_sqlite(pool: &SqlitePool) -> sqlx::Result<Transaction<'static, Sqlite>> {
    let asked = Instant::now();
    let mut waited = false;
    loop {
        match pool.begin_with("BEGIN IMMEDIATE").await {
            Err(error) if is_busy(&error) && asked.elapsed() < PATIENCE => waited = true,
            outcome => {
                if waited {
                    tracing::warn!(seconds = asked.elapsed().as_secs(), "another process was writing to the database");
                }
                return outcome;
            }
        }
    }
}

/// Whether SQLite says that somebody else writes: SQLITE_BUSY and its extended codes.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == 5)
}

async fn open_postgres(url: &str, schema: Option<&str>) -> Result<Db> {
    let mut options = PgConnectOptions::from_str(url)?.statement_cache_capacity(300);
    if let Some(schema) = schema {
        let plain = schema.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        plain.then_some(()).context("a schema name holds letters, digits and _ only")?;
        options = options.options([("search_path", schema)]);
        let pool = PgPoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        // `schema` was checked above to be a plain word.
        let make = sqlx::AssertSqlSafe(format!("create schema if not exists {schema}"));
        sqlx::raw_sql(make).execute(&pool).await?;
        pool.close().await;
    }
    let pool = PgPoolOptions::new()
        .max_connections(12)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    Ok(Db(Pools::Postgres(pool)))
}

/// A connection to either engine.
pub struct Conn(pub(crate) Kind);

pub(crate) enum Kind {
    Sqlite(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    Postgres(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

impl Conn {
    pub fn engine(&self) -> Engine {
        match self.0 {
            Kind::Sqlite(_) | Kind::SqliteWrite(_) => Engine::Sqlite,
            Kind::Postgres(_) | Kind::PostgresWrite(_) => Engine::Postgres,
        }
    }

    /// All rows.
    pub async fn all<T: Row>(&mut self, query: Query) -> Result<Vec<T>> {
        let decoded: std::result::Result<Vec<T>, sqlx::Error> = match self.rows(query).await? {
            Rows::Sqlite(rows) => rows.iter().map(T::from_row).collect(),
            Rows::Postgres(rows) => rows.iter().map(T::from_row).collect(),
        };
        Ok(decoded?)
    }

    /// The first row, if any.
    pub async fn first<T: Row>(&mut self, query: Query) -> Result<Option<T>> {
        Ok(self.all(query).await?.into_iter().next())
    }

    /// The first row; [`Error::Missing`] when there is none.
    pub async fn one<T: Row>(&mut self, query: Query) -> Result<T> {
        self.first(query).await?.ok_or(Error::Missing)
    }

    /// One whole number, such as a count or a returned id; [`Error::Missing`] without a row.
    pub async fn int(&mut self, query: Query) -> Result<i64> {
        Ok(self.one::<(i64,)>(query).await?.0)
    }

    /// Runs a statement and says how many rows it touched.
    pub async fn run(&mut self, query: Query) -> Result<u64> {
        Ok(match &mut self.0 {
            Kind::Sqlite(c) => sqlite(query).execute(&mut **c).await?.rows_affected(),
            Kind::SqliteWrite(c) => sqlite(query).execute(&mut **c).await?.rows_affected(),
            Kind::Postgres(c) => postgres(query).execute(&mut **c).await?.rows_affected(),
            Kind::PostgresWrite(c) => postgres(query).execute(&mut **c).await?.rows_affected(),
        })
    }

    /// The clock of the database server in epoch microseconds; none for SQLite, which has ours.
    pub async fn time(&mut self) -> Result<Option<i64>> {
        if self.engine() == Engine::Sqlite {
            return Ok(None);
        }
        self.int(postgres!("select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) as now")).await.map(Some)
    }

    async fn rows(&mut self, query: Query) -> Result<Rows> {
        Ok(match &mut self.0 {
            Kind::Sqlite(c) => Rows::Sqlite(sqlite(query).fetch_all(&mut **c).await?),
            Kind::SqliteWrite(c) => Rows::Sqlite(sqlite(query).fetch_all(&mut **c).await?),
            Kind::Postgres(c) => Rows::Postgres(postgres(query).fetch_all(&mut **c).await?),
            Kind::PostgresWrite(c) => Rows::Postgres(postgres(query).fetch_all(&mut **c).await?),
        })
    }

    /// Runs a script of several statements; for migrations and gates, never for values.
    pub(crate) async fn script(&mut self, text: String) -> Result<()> {
        let script = sqlx::raw_sql(sqlx::AssertSqlSafe(text));
        match &mut self.0 {
            Kind::Sqlite(c) => script.execute(&mut **c).await.map(drop)?,
            Kind::SqliteWrite(c) => script.execute(&mut **c).await.map(drop)?,
            Kind::Postgres(c) => script.execute(&mut **c).await.map(drop)?,
            Kind::PostgresWrite(c) => script.execute(&mut **c).await.map(drop)?,
        }
        Ok(())
    }

    /// Runs a statement that was put together from the names of the schema, never from input.
    pub(crate) async fn run_made(&mut self, text: String, values: Vec<Value>) -> Result<u64> {
        let text = sqlx::AssertSqlSafe(text);
        Ok(match &mut self.0 {
            Kind::Sqlite(c) => bind_sqlite(sqlx::query(text), values).execute(&mut **c).await?.rows_affected(),
            Kind::SqliteWrite(c) => bind_sqlite(sqlx::query(text), values).execute(&mut **c).await?.rows_affected(),
            Kind::Postgres(c) => bind_postgres(sqlx::query(text), values).execute(&mut **c).await?.rows_affected(),
            Kind::PostgresWrite(c) => bind_postgres(sqlx::query(text), values).execute(&mut **c).await?.rows_affected(),
        })
    }

    /// One whole number of such a statement.
    pub(crate) async fn int_made(&mut self, text: String) -> Result<i64> {
        let text = sqlx::AssertSqlSafe(text);
        let found: (i64,) = match &mut self.0 {
            Kind::Sqlite(c) => sqlx::query_as(text).fetch_one(&mut **c).await?,
            Kind::SqliteWrite(c) => sqlx::query_as(text).fetch_one(&mut **c).await?,
            Kind::Postgres(c) => sqlx::query_as(text).fetch_one(&mut **c).await?,
            Kind::PostgresWrite(c) => sqlx::query_as(text).fetch_one(&mut **c).await?,
        };
        Ok(found.0)
    }

    /// Asks the engine to prepare a statement without running it: the gate over every `sql!`.
    pub async fn prepare(&mut self, text: &'static str) -> Result<()> {
        use sqlx::{Executor, SqlSafeStr};
        let text = text.into_sql_str();
        match &mut self.0 {
            Kind::Sqlite(c) => c.prepare(text).await.map(drop)?,
            Kind::SqliteWrite(c) => c.prepare(text).await.map(drop)?,
            Kind::Postgres(c) => c.prepare(text).await.map(drop)?,
            Kind::PostgresWrite(c) => c.prepare(text).await.map(drop)?,
        }
        Ok(())
    }
}

fn sqlite(query: Query) -> Bound<Sqlite, SqliteArguments> {
    note_executed(Engine::Sqlite, query.text);
    bind_sqlite(sqlx::query::<Sqlite>(query.text), query.values)
}

type Bound<DB, Arguments> = sqlx::query::Query<'static, DB, Arguments>;

fn bind_sqlite(mut bound: Bound<Sqlite, SqliteArguments>, values: Vec<Value>) -> Bound<Sqlite, SqliteArguments> {
    for value in values {
        bound = match value {
            Value::Int(v) => bound.bind(v),
            Value::Real(v) => bound.bind(v),
            Value::Bool(v) => bound.bind(v),
            Value::Text(v) => bound.bind(v),
            Value::Bytes(v) => bound.bind(v),
        };
    }
    bound
}

fn postgres(query: Query) -> Bound<Postgres, PgArguments> {
    note_executed(Engine::Postgres, query.text);
    bind_postgres(sqlx::query::<Postgres>(query.text), query.values)
}

fn bind_postgres(mut bound: Bound<Postgres, PgArguments>, values: Vec<Value>) -> Bound<Postgres, PgArguments> {
    for value in values {
        bound = match value {
            Value::Int(v) => bound.bind(v),
            Value::Real(v) => bound.bind(v),
            Value::Bool(v) => bound.bind(v),
            // PostgreSQL refuses the NUL character in text; a person never means to type one.
            Value::Text(v) => bound.bind(v.map(|v| if v.contains('\0') { v.replace('\0', "") } else { v })),
            Value::Bytes(v) => bound.bind(v),
        };
    }
    bound
}

/// A write transaction. It is a connection too.
pub struct Tx {
    conn: Conn,
    /// The events of this transaction, for those who account for it.
    pub(crate) emitted: Vec<crate::Event>,
}

impl Tx {
    /// The events emitted so far.
    pub fn emitted(&self) -> &[crate::Event] {
        &self.emitted
    }

    /// Makes the change durable: SQLite syncs to disk, PostgreSQL as it is configured.
    pub async fn commit(self) -> Result<()> {
        match self.conn.0 {
            Kind::SqliteWrite(tx) => tx.commit().await?,
            Kind::PostgresWrite(tx) => tx.commit().await?,
            Kind::Sqlite(_) | Kind::Postgres(_) => {}
        }
        Ok(())
    }
}

impl std::ops::Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
