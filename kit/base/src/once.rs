//! Idempotency: an answer is kept in the transaction of the change it reports, so that sending the
//! same thing twice, even across a crash, changes once and answers the same.
use crate::{Conn, Result, Tx, sql};

/// How long an answer is kept.
pub const KEPT: i64 = 7 * crate::clock::DAY;

/// A kept answer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Answer {
    pub body_hash: String,
    pub status: i64,
    pub location: Option<String>,
    pub content_type: Option<String>,
    pub body: String,
}

/// The answer kept under a key. Keys of different persons never meet: the caller puts the person in
/// the key.
pub async fn find(conn: &mut Conn, key: &str) -> Result<Option<Answer>> {
    conn.first(sql!("select body_hash, status, location, content_type, body from base_once where key = $1", key)).await
}

/// Keeps an answer; [`crate::Error::Taken`] when another request with the key was first.
pub async fn keep(tx: &mut Tx, key: &str, actor: Option<i64>, answer: &Answer, now: i64) -> Result<()> {
    tx.run(sql!(
        "insert into base_once (key, actor_id, body_hash, status, location, content_type, body, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        key,
        actor,
        &answer.body_hash,
        answer.status,
        &answer.location,
        &answer.content_type,
        &answer.body,
        now
    ))
    .await?;
    Ok(())
}

/// Forgets the answers given to a person.
pub async fn forget(tx: &mut Tx, actor: i64) -> Result<u64> {
    tx.run(sql!("delete from base_once where actor_id = $1", actor)).await
}

/// Drops answers older than [`KEPT`].
pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64> {
    tx.run(sql!("delete from base_once where created_at < $1", now - KEPT)).await
}
