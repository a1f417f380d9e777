//! SQL of changes of regions.
use base::{Conn, Result, Tx, sql};

/// A code that became another.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Change {
    pub old_code: String,
    pub new_code: String,
}

/// Every change that was made here, by old code.
pub async fn all(conn: &mut Conn) -> Result<Vec<Change>> {
    conn.all(sql!("select old_code, new_code from regions_change order by old_code, new_code")).await
}

/// Ends a code. It is no longer found by name.
pub async fn end(tx: &mut Tx, code: &str, at: i64, replaced_by: Option<&str>) -> Result<()> {
    tx.run(sql!(
        "update regions_region set valid_until = $2, replaced_by = $3 where code = $1",
        code,
        at,
        replaced_by.map(str::to_owned)
    ))
    .await?;
    tx.run(sql!("delete from regions_name where code = $1", code)).await?;
    Ok(())
}

pub async fn add(tx: &mut Tx, old: &str, new: &str, at: i64, now: i64) -> Result<()> {
    tx.run(sql!(
        "insert into regions_change (old_code, new_code, at, noted_at) values ($1, $2, $3, $4)
         on conflict (old_code, new_code) do nothing",
        old,
        new,
        at,
        now
    ))
    .await?;
    Ok(())
}

/// Adds a region that the data do not have yet.
pub async fn begin(tx: &mut Tx, code: &str, name: &str, level: i64, parent: &str, at: i64) -> Result<()> {
    tx.run(sql!(
        "insert into regions_region (code, name, official_name, level, parent, postal, valid_from)
         values ($1, $2, $2, $3, $4, '', $5)",
        code,
        name,
        level,
        parent,
        at
    ))
    .await?;
    Ok(())
}

pub async fn add_name(tx: &mut Tx, folded: &str, code: &str) -> Result<()> {
    tx.run(sql!("insert into regions_name (folded, code) values ($1, $2) on conflict (folded, code) do nothing", folded, code))
        .await?;
    Ok(())
}

/// What a region decided holds on under its new code, unless that decided otherwise.
pub async fn move_policies(tx: &mut Tx, old: &str, new: &str) -> Result<()> {
    tx.run(sql!(
        "insert into regions_policy (region, policy, value, set_by, set_at)
         select $2, policy, value, set_by, set_at from regions_policy where region = $1
         on conflict (region, policy) do nothing",
        old,
        new
    ))
    .await?;
    Ok(())
}
