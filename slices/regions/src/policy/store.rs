//! SQL of policies.
use base::{Conn, Result, Tx, sql};

use super::{Policy, reach};

/// One decision of one region.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Decided {
    pub region: String,
    pub policy: String,
    pub value: String,
    pub set_by: i64,
    pub set_at: i64,
}

/// Every decision that reaches a region: its own and those of all above.
pub async fn decided(conn: &mut Conn, region: &str) -> Result<Vec<Decided>> {
    let [a, b, c, d, e] = reach(region);
    conn.all(sql!(
        "select region, policy, value, set_by, set_at from regions_policy
         where region in ($1, $2, $3, $4, $5) order by policy, region",
        a,
        b,
        c,
        d,
        e
    ))
    .await
}

/// Every decision of a region and all below it.
pub async fn decided_below(conn: &mut Conn, root: &str) -> Result<Vec<Decided>> {
    // '/' is the sign after '.', so the range holds the code and its dotted parts only.
    let (from, to) = if root.is_empty() { (String::new(), "~".into()) } else { (root.to_owned(), format!("{root}/")) };
    conn.all(sql!(
        "select region, policy, value, set_by, set_at from regions_policy where region >= $1 and region < $2",
        from,
        to
    ))
    .await
}

/// Keeps a decision.
pub async fn set(tx: &mut Tx, region: &str, policy: Policy, value: &str, by: i64, at: i64) -> Result<()> {
    tx.run(sql!(
        "insert into regions_policy (region, policy, value, set_by, set_at) values ($1, $2, $3, $4, $5)
         on conflict (region, policy) do update set value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at",
        region,
        policy.key(),
        value,
        by,
        at
    ))
    .await?;
    Ok(())
}

/// Takes a decision back: the region follows the one above again.
pub async fn clear(tx: &mut Tx, region: &str, policy: Policy) -> Result<()> {
    tx.run(sql!("delete from regions_policy where region = $1 and policy = $2", region, policy.key())).await?;
    Ok(())
}

/// Everyone who decided something that holds.
pub(crate) async fn deciders(conn: &mut Conn) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = conn.all(sql!("select distinct set_by as id from regions_policy order by set_by")).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
