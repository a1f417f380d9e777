//! The audit: who did or saw what by which right, and who was refused. Rows are only ever added; each
//! one's hash covers its content and the hash before it, so that a later change shows.
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::conn::Engine;
use crate::{Conn, Db, Result, Tx, sql};

/// What the first hash of the chain stands on.
pub const ORIGIN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Most characters of a detail.
const DETAIL_MOST: usize = 200;

/// What a row tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A change by a right over what belongs to others.
    Act,
    /// A look at protected data.
    View,
    /// Somebody was refused.
    Denial,
}

impl Class {
    pub const ALL: [Class; 3] = [Class::Act, Class::View, Class::Denial];

    pub fn name(self) -> &'static str {
        match self {
            Class::Act => "act",
            Class::View => "view",
            Class::Denial => "denial",
        }
    }
}

/// What is to be written. People are named by id; nothing they typed and no address of theirs belongs here.
#[derive(Clone, Debug)]
pub struct Entry {
    pub at: i64,
    pub class: Class,
    /// As kinds of events: `slice.thing.verb`.
    pub act: String,
    pub actor_id: Option<i64>,
    pub grant_id: Option<i64>,
    pub role: Option<String>,
    pub region: Option<String>,
    pub group_id: Option<i64>,
    pub subject_kind: String,
    pub subject_id: i64,
    /// The person whose data it is about.
    pub about_id: Option<i64>,
    /// Name of the request in the log.
    pub request: String,
    pub detail: String,
}

impl Entry {
    /// An entry without a person; fill the rest with struct update syntax.
    pub fn new(at: i64, class: Class, act: &str, subject: (&str, i64)) -> Entry {
        Entry {
            at,
            class,
            act: act.into(),
            actor_id: None,
            grant_id: None,
            role: None,
            region: None,
            group_id: None,
            subject_kind: subject.0.into(),
            subject_id: subject.1,
            about_id: None,
            request: String::new(),
            detail: String::new(),
        }
    }
}

/// A row as it is kept. The order of its fields is the order of the canonical text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Row {
    pub position: i64,
    pub at: i64,
    pub class: String,
    pub act: String,
    pub actor_id: Option<i64>,
    pub grant_id: Option<i64>,
    pub role: Option<String>,
    pub region: Option<String>,
    pub group_id: Option<i64>,
    pub subject_kind: String,
    pub subject_id: i64,
    pub about_id: Option<i64>,
    pub request: String,
    pub detail: String,
    #[serde(skip)]
    pub id: i64,
    #[serde(skip)]
    #[sqlx(default)]
    pub hash: Option<String>,
}

impl Row {
    /// The text that is hashed: JSON without spaces, members in the order of the fields.
    pub fn canonical(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// SHA-256 over the hash before, a line feed, and the canonical text; hexadecimal.
    pub fn hash_after(&self, before: &str) -> Result<String> {
        let mut hasher = Sha256::new();
        hasher.update(before.as_bytes());
        hasher.update(b"\n");
        hasher.update(self.canonical()?.as_bytes());
        Ok(hex::encode(hasher.finalize()))
    }

    /// One line of the export: the canonical members and the hash.
    pub fn line(&self) -> Result<String> {
        let text = self.canonical()?;
        let hash = serde_json::to_string(&self.hash)?;
        Ok(format!("{},\"hash\":{hash}}}", text.trim_end_matches('}')))
    }
}

impl Tx {
    /// Writes an entry in the transaction of what it tells of. It is chained after the commit, so
    /// that privileged acts do not wait for each other.
    pub async fn audit(&mut self, entry: Entry) -> Result<()> {
        let detail: String = entry.detail.chars().filter(|c| !c.is_control()).take(DETAIL_MOST).collect();
        self.run(sql!(
            "insert into base_audit (at, class, act, actor_id, grant_id, role, region, group_id, subject_kind, subject_id,
                 about_id, request, detail)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            entry.at,
            entry.class.name(),
            entry.act,
            entry.actor_id,
            entry.grant_id,
            entry.role,
            entry.region,
            entry.group_id,
            entry.subject_kind,
            entry.subject_id,
            entry.about_id,
            entry.request,
            detail
        ))
        .await?;
        Ok(())
    }
}

/// The end of the chain.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Head {
    pub position: i64,
    pub hash: String,
}

/// The newest chained row; none before the first.
pub async fn head(conn: &mut Conn) -> Result<Option<Head>> {
    conn.first(sql!("select position, hash from base_audit where position is not null order by position desc limit 1")).await
}

/// How many rows one transaction chains.
const BATCH: i64 = 500;

/// Gives every committed row without a place the next place and its hash. One at a time does so, in
/// whichever process; returns how many rows were chained.
pub async fn chain(db: &Db) -> Result<u64> {
    let mut chained = 0;
    loop {
        let mut conn = db.read().await?;
        let waiting =
            conn.int(sql!("select count(*) as n from (select 1 from base_audit where position is null limit 1) w")).await?;
        drop(conn);
        if waiting == 0 {
            return Ok(chained);
        }
        let mut tx = db.write().await?;
        if tx.engine() == Engine::Postgres {
            tx.script("select pg_advisory_xact_lock(7305003)".into()).await?;
        }
        let (mut place, mut before) = head(&mut tx).await?.map_or((0, ORIGIN.to_owned()), |head| (head.position, head.hash));
        let rows: Vec<Row> = tx
            .all(sql!(
                "select id, coalesce(position, 0) as position, at, class, act, actor_id, grant_id, role, region, group_id,
                     subject_kind, subject_id, about_id, request, detail, hash
                 from base_audit where position is null order by id limit $1",
                BATCH
            ))
            .await?;
        for mut row in rows {
            place += 1;
            row.position = place;
            before = row.hash_after(&before)?;
            tx.run(sql!("update base_audit set position = $2, hash = $3 where id = $1", row.id, place, &before)).await?;
            chained += 1;
        }
        tx.commit().await?;
    }
}

/// Chained rows after a place, oldest first, that fall in `[from, until)`.
pub async fn after(conn: &mut Conn, position: i64, from: i64, until: i64, limit: i64) -> Result<Vec<Row>> {
    conn.all(sql!(
        "select id, position, at, class, act, actor_id, grant_id, role, region, group_id, subject_kind, subject_id,
             about_id, request, detail, hash
         from base_audit where position > $1 and at >= $2 and at < $3 order by position limit $4",
        position,
        from,
        until,
        limit
    ))
    .await
}

/// What a walk along the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Rows that hold.
    pub sound: i64,
    /// The first place that does not hold what was written there, or is missing.
    pub broken: Option<i64>,
    pub head: Option<Head>,
}

/// Walks along the whole chain, up to the first broken row.
pub async fn verify(conn: &mut Conn) -> Result<Verdict> {
    let (mut place, mut before) = (0, ORIGIN.to_owned());
    loop {
        let rows = after(conn, place, i64::MIN, i64::MAX, 1_000).await?;
        if rows.is_empty() {
            return Ok(Verdict { sound: place, broken: None, head: head(conn).await? });
        }
        for row in rows {
            let hash = row.hash_after(&before)?;
            if row.position != place + 1 || row.hash.as_deref() != Some(hash.as_str()) {
                return Ok(Verdict { sound: place, broken: Some(place + 1), head: head(conn).await? });
            }
            place = row.position;
            before = hash;
        }
    }
}

/// What to list. `None` and empty filter nothing.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who acted or whose data it was.
    pub person: Option<i64>,
    pub class: Option<Class>,
    /// The beginning of the act, by whole parts: `kim` or `kim.group`.
    pub act: String,
    /// A region and all below it.
    pub region: String,
    pub from: i64,
    pub until: i64,
    /// Id of the last row of the page before.
    pub before: i64,
    pub limit: i64,
}

impl Default for Asked {
    fn default() -> Asked {
        Asked {
            person: None,
            class: None,
            act: String::new(),
            region: String::new(),
            from: i64::MIN,
            until: i64::MAX,
            before: i64::MAX,
            limit: 50,
        }
    }
}

/// Rows, newest first.
pub async fn list(conn: &mut Conn, asked: &Asked) -> Result<Vec<Row>> {
    conn.all(sql!(
        "select id, coalesce(position, 0) as position, at, class, act, actor_id, grant_id, role, region, group_id,
             subject_kind, subject_id, about_id, request, detail, hash
         from base_audit
         where id < $1 and at >= $2 and at < $3
           and (cast($4 as bigint) is null or actor_id = $4 or about_id = $4)
           and (cast($5 as text) = '' or class = $5)
           and (cast($6 as text) = '' or act = $6 or (act >= $7 and act < $8))
           and (cast($9 as text) = '' or region = $9 or (region >= $10 and region < $11))
         order by id desc limit $12",
        asked.before,
        asked.from,
        asked.until,
        asked.person,
        asked.class.map_or("", Class::name),
        &asked.act,
        format!("{}.", asked.act),
        format!("{}/", asked.act),
        &asked.region,
        format!("{}.", asked.region),
        format!("{}/", asked.region),
        asked.limit
    ))
    .await
}

/// The accounts that a table of the platform names; none for a table of a slice.
pub async fn holders(conn: &mut Conn, table: &str) -> Result<Option<Vec<i64>>> {
    let query = match table {
        "base_event" => sql!("select distinct actor_id as id from base_event where actor_id is not null order by actor_id"),
        "base_audit" => sql!(
            "select actor_id as id from base_audit where actor_id is not null
             union select about_id from base_audit where about_id is not null order by 1"
        ),
        "base_once" => sql!("select distinct actor_id as id from base_once where actor_id is not null order by actor_id"),
        // A waiting job names whom it is about in its payload, if anybody.
        "base_job" => return Ok(Some(Vec::new())),
        _ => return Ok(None),
    };
    let rows: Vec<(i64,)> = conn.all(query).await?;
    Ok(Some(rows.into_iter().map(|row| row.0).collect()))
}
