//! SQL of consent. Rows are only added: they are the proof.
use base::{Conn, Result, Tx, sql};

use super::Purpose;

/// One word of a person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Said {
    pub purpose: String,
    pub version: i64,
    pub given: bool,
    pub at: i64,
    /// Where it was said.
    pub form: String,
}

pub(super) async fn add(tx: &mut Tx, account_id: i64, purpose: Purpose, given: bool, form: &str, now: i64) -> Result<()> {
    tx.run(sql!(
        "insert into people_consent (account_id, purpose, version, given, at, form) values ($1, $2, $3, $4, $5, $6)",
        account_id,
        purpose.key,
        purpose.version,
        given,
        now,
        form
    ))
    .await?;
    Ok(())
}

pub(super) async fn last(conn: &mut Conn, account_id: i64, purpose: &str) -> Result<Option<Said>> {
    conn.first(sql!(
        "select purpose, version, given, at, form from people_consent
         where account_id = $1 and purpose = $2 order by id desc limit 1",
        account_id,
        purpose
    ))
    .await
}

/// Everything a person said, newest first.
pub(crate) async fn all(conn: &mut Conn, account_id: i64) -> Result<Vec<Said>> {
    conn.all(sql!(
        "select purpose, version, given, at, form from people_consent where account_id = $1 order by id desc limit 200",
        account_id
    ))
    .await
}

/// Whether an account is here and its data is not restricted.
pub(super) async fn open(conn: &mut Conn, account_id: i64) -> Result<bool> {
    let n = conn
        .int(sql!(
            "select count(*) as n from people_account where id = $1 and restricted_at is null and status <> 'deleted'",
            account_id
        ))
        .await?;
    Ok(n == 1)
}

pub(crate) async fn forget(tx: &mut Tx, account_id: i64) -> Result<()> {
    tx.run(sql!("delete from people_consent where account_id = $1", account_id)).await?;
    Ok(())
}
