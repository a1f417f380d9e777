//! SQL of terms.
use base::{Conn, Result, Tx, sql};

use super::{Held, Term};

pub async fn add(tx: &mut Tx, held: &Held<'_>, until: Option<i64>) -> Result<i64> {
    tx.int(sql!(
        "insert into kim_term (group_id, member_id, office, division, from_at, until_at) values ($1, $2, $3, $4, $5, $6)
         returning id",
        held.group,
        held.member,
        held.office.code(),
        held.division,
        held.from,
        until
    ))
    .await
}

/// Adds a term with its end, as it was noted elsewhere.
pub async fn add_whole(tx: &mut Tx, held: &Held<'_>, until: Option<i64>, ended: Option<i64>) -> Result<()> {
    tx.run(sql!(
        "insert into kim_term (group_id, member_id, office, division, from_at, until_at, ended_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        held.group,
        held.member,
        held.office.code(),
        held.division,
        held.from,
        until,
        ended
    ))
    .await
    .map(drop)
}

/// Ends the term that a member holds.
pub async fn end(tx: &mut Tx, member: i64, at: i64) -> Result<()> {
    tx.run(sql!("update kim_term set ended_at = $2 where member_id = $1 and ended_at is null", member, at)).await.map(drop)
}

pub async fn set_division(tx: &mut Tx, id: i64, division: &str) -> Result<()> {
    tx.run(sql!("update kim_term set division = $2 where id = $1", id, division)).await.map(drop)
}

pub async fn set_dates(tx: &mut Tx, id: i64, from: i64, until: Option<i64>) -> Result<()> {
    tx.run(sql!("update kim_term set from_at = $2, until_at = $3 where id = $1 and ended_at is null", id, from, until))
        .await
        .map(drop)
}

/// The term that a member holds now.
pub async fn of_member(conn: &mut Conn, member: i64) -> Result<Option<Term>> {
    conn.first(sql!(
        "select t.id as id, t.member_id as member_id, m.name as name, m.account_id as account_id, t.office as office,
             t.division as division, t.from_at as from_at, t.until_at as until_at, t.ended_at as ended_at
         from kim_term t join kim_member m on m.id = t.member_id where t.member_id = $1 and t.ended_at is null",
        member
    ))
    .await
}

/// A term of a group that someone holds now.
pub async fn get(conn: &mut Conn, group: i64, id: i64) -> Result<Option<Term>> {
    conn.first(sql!(
        "select t.id as id, t.member_id as member_id, m.name as name, m.account_id as account_id, t.office as office,
             t.division as division, t.from_at as from_at, t.until_at as until_at, t.ended_at as ended_at
         from kim_term t join kim_member m on m.id = t.member_id
         where t.id = $1 and t.group_id = $2 and t.ended_at is null",
        id,
        group
    ))
    .await
}

/// Offices held now, the leading first.
pub async fn current(conn: &mut Conn, group: i64) -> Result<Vec<Term>> {
    conn.all(sql!(
        "select t.id as id, t.member_id as member_id, m.name as name, m.account_id as account_id, t.office as office,
             t.division as division, t.from_at as from_at, t.until_at as until_at, t.ended_at as ended_at
         from kim_term t join kim_member m on m.id = t.member_id where t.group_id = $1 and t.ended_at is null
         order by case t.office when 'chair' then 0 when 'secretary' then 1 when 'treasurer' then 2 else 3 end, t.division, t.id",
        group
    ))
    .await
}

/// Every office that was held or is, in the order they were noted.
pub async fn all(conn: &mut Conn, group: i64) -> Result<Vec<Term>> {
    conn.all(sql!(
        "select t.id as id, t.member_id as member_id, m.name as name, m.account_id as account_id, t.office as office,
             t.division as division, t.from_at as from_at, t.until_at as until_at, t.ended_at as ended_at
         from kim_term t join kim_member m on m.id = t.member_id where t.group_id = $1 order by t.id",
        group
    ))
    .await
}

/// Offices held before, the latest end first.
pub async fn past(conn: &mut Conn, group: i64) -> Result<Vec<Term>> {
    conn.all(sql!(
        "select t.id as id, t.member_id as member_id, m.name as name, m.account_id as account_id, t.office as office,
             t.division as division, t.from_at as from_at, t.until_at as until_at, t.ended_at as ended_at
         from kim_term t join kim_member m on m.id = t.member_id where t.group_id = $1 and t.ended_at is not null
         order by t.ended_at desc, t.id desc limit 60",
        group
    ))
    .await
}
