//! SQL of what is known of a member's age.
use base::{Conn, Result, Tx, sql};

use super::Age;

pub async fn get(conn: &mut Conn, member: i64) -> Result<Age> {
    let found = conn.first(sql!("select born, guardian_at, guardian_by from kim_member where id = $1", member)).await?;
    Ok(found.unwrap_or_default())
}

pub async fn set(tx: &mut Tx, member: i64, age: &Age) -> Result<()> {
    tx.run(sql!(
        "update kim_member set born = $2, guardian_at = $3, guardian_by = $4 where id = $1",
        member,
        age.born,
        age.guardian_at,
        age.guardian_by
    ))
    .await?;
    Ok(())
}

/// The year of birth that a group knows of an account.
pub async fn born(conn: &mut Conn, group: i64, account: i64) -> Result<Option<i64>> {
    let row: Option<(Option<i64>,)> = conn
        .first(sql!(
            "select born from kim_member where group_id = $1 and account_id = $2 and left_at is null order by id desc limit 1",
            group,
            account
        ))
        .await?;
    Ok(row.and_then(|row| row.0))
}

/// How many who lead a group have an account and no year of birth.
pub async fn unknown(conn: &mut Conn, group: i64) -> Result<i64> {
    conn.int(sql!(
        "select count(*) as n from kim_member
         where group_id = $1 and left_at is null and account_id is not null and office <> 'member' and born is null",
        group
    ))
    .await
}
