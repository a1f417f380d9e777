//! SQL of the record of backups.
use base::{Conn, Result, Tx, sql};

/// A backup that was taken, or that failed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Taken {
    pub taken_at: i64,
    pub file: String,
    pub bytes: i64,
    pub verified_at: Option<i64>,
    /// Empty when it succeeded.
    pub error: String,
}

/// What to note of a backup.
#[derive(Clone, Debug, Default)]
pub struct Note {
    pub taken_at: i64,
    pub file: String,
    pub bytes: i64,
    pub digest: String,
    pub locked: bool,
    pub verified_at: Option<i64>,
    pub error: String,
}

pub async fn add(tx: &mut Tx, note: &Note) -> Result<u64> {
    tx.run(sql!(
        "insert into app_backup (taken_at, file, bytes, digest, locked, verified_at, error)
         values ($1, $2, $3, $4, $5, $6, $7)",
        note.taken_at,
        &note.file,
        note.bytes,
        &note.digest,
        note.locked,
        note.verified_at,
        &note.error
    ))
    .await
}

/// Notes that the backup with this manifest was read whole; false when it is not one of this site.
pub async fn verified(tx: &mut Tx, digest: &str, at: i64) -> Result<bool> {
    Ok(tx.run(sql!("update app_backup set verified_at = $2 where digest = $1", digest, at)).await? > 0)
}

/// The newest attempt.
pub async fn newest(conn: &mut Conn) -> Result<Option<Taken>> {
    conn.first(sql!("select taken_at, file, bytes, verified_at, error from app_backup order by taken_at desc, id desc limit 1"))
        .await
}

/// The moment that the newest verified backup shows; none when there is none.
pub async fn newest_verified(conn: &mut Conn) -> Result<Option<i64>> {
    let found: Option<(i64,)> = conn
        .first(sql!("select taken_at from app_backup where verified_at is not null order by taken_at desc, id desc limit 1"))
        .await?;
    Ok(found.map(|row| row.0))
}

/// Forgets notes of backups that are older than `before`.
pub async fn sweep(tx: &mut Tx, before: i64) -> Result<u64> {
    tx.run(sql!("delete from app_backup where taken_at < $1", before)).await
}
