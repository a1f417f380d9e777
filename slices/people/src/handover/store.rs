//! SQL of handovers.
use base::authz::Scope;
use base::{Conn, Result, Tx, sql};

use crate::grant::{self, Own};
use crate::roles;

/// What a record starts with.
pub(super) struct NewHandover<'a> {
    pub source: i64,
    pub target: i64,
    pub by: i64,
    pub scope: &'a Scope,
    pub place: &'a str,
    pub title: &'a str,
}

pub(super) async fn add(tx: &mut Tx, new: &NewHandover<'_>, stays: bool, now: i64) -> Result<i64> {
    let (reach, region, group) = grant::columns(new.scope);
    tx.int(sql!(
        "insert into people_handover (source_id, target_id, made_by, reach, region, group_id, place, title, stays, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10) returning id",
        new.source,
        new.target,
        new.by,
        reach,
        region,
        group,
        new.place,
        new.title,
        stays,
        now
    ))
    .await
}

pub(super) async fn add_grant(tx: &mut Tx, handover: i64, own: &Own) -> Result<u64> {
    tx.run(sql!("insert into people_handed (handover_id, grant_id, role) values ($1, $2, $3)", handover, own.id, &own.role)).await
}

/// Notes the grant that came of a handed one.
pub(super) async fn set_new(tx: &mut Tx, handover: i64, grant: i64, new: i64) -> Result<u64> {
    tx.run(sql!("update people_handed set new_id = $3 where handover_id = $1 and grant_id = $2", handover, grant, new)).await
}

/// A grant of the record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Handed {
    pub grant_id: i64,
    pub role: String,
}

impl Handed {
    pub fn role_key(&self) -> &'static str {
        roles::key(&self.role)
    }
}

pub(super) async fn grants(conn: &mut Conn, handover: i64) -> Result<Vec<Handed>> {
    conn.all(sql!("select grant_id, role from people_handed where handover_id = $1 order by grant_id", handover)).await
}

/// A handover with the names of both sides and of who made and allowed it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Handover {
    pub id: i64,
    pub source_id: i64,
    pub target_id: i64,
    pub made_by: i64,
    pub decided_by: Option<i64>,
    pub source: String,
    pub target: String,
    pub maker: String,
    pub decider: Option<String>,
    pub reach: String,
    pub region: Option<String>,
    pub group_id: Option<i64>,
    pub place: String,
    pub title: String,
    pub stays: bool,
    /// `waiting`, `done`, `refused` or `cancelled`.
    pub state: String,
    pub created_at: i64,
    pub done_at: Option<i64>,
}

impl Handover {
    pub fn scope(&self) -> Option<Scope> {
        grant::scope(&self.reach, self.region.clone(), self.group_id)
    }

    /// Key of how it stands.
    pub fn state_key(&self) -> &'static str {
        match self.state.as_str() {
            "done" => "people-handover-is-done",
            "refused" => "people-handover-is-refused",
            "cancelled" => "people-handover-is-cancelled",
            _ => "people-handover-is-waiting",
        }
    }
}

pub(super) async fn get(conn: &mut Conn, id: i64) -> Result<Option<Handover>> {
    conn.first(sql!(
        "select h.id as id, h.source_id as source_id, h.target_id as target_id, h.made_by as made_by, h.decided_by as decided_by,
             s.name as source, t.name as target, m.name as maker, d.name as decider, h.reach as reach, h.region as region,
             h.group_id as group_id, h.place as place, h.title as title, h.stays as stays, h.state as state,
             h.created_at as created_at, h.done_at as done_at
         from people_handover h join people_account s on s.id = h.source_id join people_account t on t.id = h.target_id
         join people_account m on m.id = h.made_by left join people_account d on d.id = h.decided_by where h.id = $1",
        id
    ))
    .await
}

/// Those that a person is a side of, newest first.
pub(super) async fn of(conn: &mut Conn, account: i64) -> Result<Vec<Handover>> {
    conn.all(sql!(
        "select h.id as id, h.source_id as source_id, h.target_id as target_id, h.made_by as made_by, h.decided_by as decided_by,
             s.name as source, t.name as target, m.name as maker, d.name as decider, h.reach as reach, h.region as region,
             h.group_id as group_id, h.place as place, h.title as title, h.stays as stays, h.state as state,
             h.created_at as created_at, h.done_at as done_at
         from people_handover h join people_account s on s.id = h.source_id join people_account t on t.id = h.target_id
         join people_account m on m.id = h.made_by left join people_account d on d.id = h.decided_by
         where h.source_id = $1 or h.target_id = $1 order by h.id desc limit 10",
        account
    ))
    .await
}

/// Those that wait for a word, the oldest first.
pub(super) async fn waiting(conn: &mut Conn) -> Result<Vec<Handover>> {
    conn.all(sql!(
        "select h.id as id, h.source_id as source_id, h.target_id as target_id, h.made_by as made_by, h.decided_by as decided_by,
             s.name as source, t.name as target, m.name as maker, d.name as decider, h.reach as reach, h.region as region,
             h.group_id as group_id, h.place as place, h.title as title, h.stays as stays, h.state as state,
             h.created_at as created_at, h.done_at as done_at
         from people_handover h join people_account s on s.id = h.source_id join people_account t on t.id = h.target_id
         join people_account m on m.id = h.made_by left join people_account d on d.id = h.decided_by
         where h.state = 'waiting' order by h.id limit 100"
    ))
    .await
}

/// Decides a handover that waits; false when it does not any more.
pub(super) async fn decide(tx: &mut Tx, id: i64, state: &str, by: Option<i64>, now: i64) -> Result<bool> {
    let done = tx
        .run(sql!(
            "update people_handover set state = $2, decided_by = $3, done_at = $4 where id = $1 and state = 'waiting'",
            id,
            state,
            by,
            now
        ))
        .await?;
    Ok(done == 1)
}

/// Someone of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub account_id: i64,
    pub name: String,
    /// Whether they can log in.
    pub active: bool,
    /// Names of their roles.
    pub roles: Vec<String>,
}

impl Holder {
    pub fn role_keys(&self) -> Vec<&'static str> {
        self.roles.iter().map(|role| roles::key(role)).collect()
    }
}

#[derive(sqlx::FromRow)]
struct HolderRow {
    id: i64,
    name: String,
    status: String,
    role: String,
}

pub(super) async fn holders(conn: &mut Conn, group: i64, now: i64) -> Result<Vec<Holder>> {
    let rows: Vec<HolderRow> = conn
        .all(sql!(
            "select a.id as id, a.name as name, a.status as status, g.role as role
             from people_grant g join people_account a on a.id = g.account_id
             where g.group_id = $1 and g.delegated_from is null and g.ended_at is null and g.from_at <= $2
               and (g.until_at is null or g.until_at > $2)
             order by a.name, a.id, g.id limit 1000",
            group,
            now
        ))
        .await?;
    let mut all: Vec<Holder> = Vec::new();
    for row in rows {
        match all.last_mut().filter(|last| last.account_id == row.id) {
            Some(last) => last.roles.push(row.role),
            None => {
                all.push(Holder { account_id: row.id, name: row.name, active: row.status == "active", roles: vec![row.role] })
            }
        }
    }
    Ok(all)
}
