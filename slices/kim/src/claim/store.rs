//! SQL of claims.
use base::{Conn, Result, Tx, sql};

use crate::member::Office;
use crate::register::rules;

/// A claim as the row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claim {
    pub id: i64,
    pub group_id: i64,
    pub account_id: i64,
    #[sqlx(try_from = "String")]
    pub office: Office,
    pub reason: String,
    pub state: String,
    pub answer: String,
    pub at: i64,
}

impl Claim {
    pub fn is_waiting(&self) -> bool {
        self.state == "waiting"
    }

    pub fn is_refused(&self) -> bool {
        self.state == "refused"
    }
}

/// Keeps a claim; none when this person's claim on the group waits already.
pub async fn add(tx: &mut Tx, group: i64, account: i64, office: Office, reason: &str, now: i64) -> Result<Option<i64>> {
    let added: Option<(i64,)> = tx
        .first(sql!(
            "insert into kim_claim (group_id, account_id, office, reason, state, answer, at)
             values ($1, $2, $3, $4, 'waiting', '', $5)
             on conflict (group_id, account_id) where state = 'waiting' do nothing returning id",
            group,
            account,
            office.code(),
            reason,
            now
        ))
        .await?;
    Ok(added.map(|row| row.0))
}

pub async fn get(conn: &mut Conn, id: i64) -> Result<Option<Claim>> {
    conn.first(sql!("select id, group_id, account_id, office, reason, state, answer, at from kim_claim where id = $1", id)).await
}

/// A person's newest claim on a group.
pub async fn of_person(conn: &mut Conn, group: i64, account: i64) -> Result<Option<Claim>> {
    conn.first(sql!(
        "select id, group_id, account_id, office, reason, state, answer, at
         from kim_claim where account_id = $1 and group_id = $2 order by id desc limit 1",
        account,
        group
    ))
    .await
}

/// Claims on a group that wait.
pub async fn waiting_on(conn: &mut Conn, group: i64) -> Result<Vec<Claim>> {
    conn.all(sql!(
        "select id, group_id, account_id, office, reason, state, answer, at
         from kim_claim where state = 'waiting' and group_id = $1 order by id",
        group
    ))
    .await
}

/// Claims that wait in any of the subtrees, the oldest first; at most fifty each.
pub async fn waiting(conn: &mut Conn, regions: &[String]) -> Result<Vec<Claim>> {
    let mut all: Vec<Claim> = Vec::new();
    for region in regions {
        let (from, to) = rules::subtree(region);
        let found = conn
            .all::<Claim>(sql!(
                "select c.id as id, c.group_id as group_id, c.account_id as account_id, c.office as office, c.reason as reason,
                        c.state as state, c.answer as answer, c.at as at
                 from kim_claim c join kim_group g on g.id = c.group_id
                 where c.state = 'waiting' and g.region >= $1 and g.region < $2 order by c.id limit 50",
                from,
                to
            ))
            .await?;
        all.extend(found);
    }
    all.sort_by_key(|claim| claim.id);
    Ok(all)
}

/// How many wait in all.
pub async fn waiting_count(conn: &mut Conn, regions: &[String]) -> Result<i64> {
    let mut n = 0;
    for region in regions {
        let (from, to) = rules::subtree(region);
        n += conn
            .int(sql!(
                "select count(*) as n from kim_claim c join kim_group g on g.id = c.group_id
                 where c.state = 'waiting' and g.region >= $1 and g.region < $2",
                from,
                to
            ))
            .await?;
    }
    Ok(n)
}

/// Notes a decision; false when the claim no longer waits.
pub async fn decide(tx: &mut Tx, id: i64, state: &str, answer: &str, by: Option<i64>, now: i64) -> Result<bool> {
    let decided = tx
        .run(sql!(
            "update kim_claim set state = $2, answer = $3, decided_by = $4, decided_at = $5 where id = $1 and state = 'waiting'",
            id,
            state,
            answer,
            by,
            now
        ))
        .await?;
    Ok(decided == 1)
}

/// Gives a listing to its people; false when it was given away already.
pub async fn give_away(tx: &mut Tx, group: i64, account: i64, now: i64) -> Result<bool> {
    let given = tx
        .run(sql!(
            "update kim_group set listing = 'claimed', created_by = coalesce(created_by, $2), updated_at = $3
             where id = $1 and listing = 'unclaimed'",
            group,
            account,
            now
        ))
        .await?;
    Ok(given == 1)
}
