//! SQL of members.
use base::{Conn, Result, Tx, sql};

use super::skills::Skills;
use super::{Member, Office};

/// What a member's row is made of.
pub struct NewMember<'a> {
    pub account_id: Option<i64>,
    pub name: &'a str,
    pub office: Office,
    pub division: &'a str,
    pub joined_at: i64,
    pub show: bool,
}

pub async fn add(tx: &mut Tx, group: i64, new: &NewMember<'_>) -> Result<i64> {
    tx.int(sql!(
        "insert into kim_member (group_id, account_id, name, office, division, joined_at, show)
         values ($1, $2, $3, $4, $5, $6, $7) returning id",
        group,
        new.account_id,
        new.name,
        new.office.code(),
        new.division,
        new.joined_at,
        new.show
    ))
    .await
}

pub async fn change(tx: &mut Tx, id: i64, new: &NewMember<'_>) -> Result<()> {
    tx.run(sql!(
        "update kim_member set account_id = $2, name = $3, office = $4, division = $5, joined_at = $6, show = $7 where id = $1",
        id,
        new.account_id,
        new.name,
        new.office.code(),
        new.division,
        new.joined_at,
        new.show
    ))
    .await?;
    Ok(())
}

pub async fn set_skills(tx: &mut Tx, id: i64, skills: &Skills) -> Result<()> {
    tx.run(sql!(
        "update kim_member set skills = $2, skills_other = $3, languages = $4, languages_other = $5 where id = $1",
        id,
        &skills.skills,
        &skills.skills_other,
        &skills.languages,
        &skills.languages_other
    ))
    .await
    .map(drop)
}

pub async fn set_office(tx: &mut Tx, id: i64, office: Office, division: &str) -> Result<()> {
    tx.run(sql!("update kim_member set office = $2, division = $3 where id = $1", id, office.code(), division)).await.map(drop)
}

/// Notes that a member left; false when they had left before.
pub async fn leave(tx: &mut Tx, id: i64, at: i64) -> Result<bool> {
    Ok(tx.run(sql!("update kim_member set left_at = $2, show = false where id = $1 and left_at is null", id, at)).await? == 1)
}

pub async fn get(conn: &mut Conn, group: i64, id: i64) -> Result<Option<Member>> {
    conn.first(sql!(
        "select id, account_id, name, office, division, joined_at, left_at, show,
             skills, skills_other, languages, languages_other
         from kim_member where id = $1 and group_id = $2",
        id,
        group
    ))
    .await
}

/// Members who have not left, leaders first.
pub async fn current(conn: &mut Conn, group: i64) -> Result<Vec<Member>> {
    conn.all(sql!(
        "select id, account_id, name, office, division, joined_at, left_at, show,
             skills, skills_other, languages, languages_other
         from kim_member where group_id = $1 and left_at is null
         order by case office when 'chair' then 0 when 'secretary' then 1 when 'treasurer' then 2 when 'head' then 3 else 4 end, id",
        group
    ))
    .await
}

/// Members who left, the latest first.
pub async fn former(conn: &mut Conn, group: i64) -> Result<Vec<Member>> {
    conn.all(sql!(
        "select id, account_id, name, office, division, joined_at, left_at, show,
             skills, skills_other, languages, languages_other
         from kim_member where group_id = $1 and left_at is not null order by left_at desc, id desc limit 50",
        group
    ))
    .await
}
