//! SQL of invitations and of who used them.
use base::authz::{Role, Scope};
use base::{Conn, Result, Tx, sql};

use super::{New, Standing, standing};
use crate::{grant, roles};

/// An invitation as its row holds it, with the name of who made it.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct Invite {
    pub id: i64,
    pub many: bool,
    pub role: String,
    pub reach: String,
    pub region: Option<String>,
    pub group_id: Option<i64>,
    pub place: String,
    pub title: String,
    pub link: String,
    pub entry_id: Option<i64>,
    pub made_by: i64,
    pub ends_at: i64,
    pub used_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub maker: String,
}

impl Invite {
    pub(super) fn of(new: &New<'_>) -> Invite {
        let (reach, region, group_id) = grant::columns(&new.scope);
        let (role, reach) = (new.role.0.to_owned(), reach.to_owned());
        Invite { role, reach, region, group_id, place: new.place.to_owned(), entry_id: new.entry, ..Invite::default() }
    }

    /// Whether the role is one that adults hold only.
    pub fn is_for_adults(&self) -> bool {
        [roles::OFFICER.0, roles::EDITOR.0].contains(&self.role.as_str())
    }

    pub fn role(&self) -> Option<Role> {
        roles::parse(&self.role)
    }

    pub fn scope(&self) -> Option<Scope> {
        grant::scope(&self.reach, self.region.clone(), self.group_id)
    }

    pub fn standing(&self, now: i64) -> Standing {
        standing(self.used_at, self.revoked_at, self.ends_at, now)
    }
}

pub(super) async fn add(tx: &mut Tx, hash: &str, new: &New<'_>, by: i64, now: i64, ends: i64) -> Result<i64> {
    let (reach, region, group) = grant::columns(&new.scope);
    tx.int(sql!(
        "insert into people_invite (hash, many, role, reach, region, group_id, place, title, link, entry_id, note, made_by,
             created_at, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning id",
        hash,
        new.many,
        new.role.0,
        reach,
        region,
        group,
        new.place,
        new.title,
        new.link,
        new.entry,
        new.note,
        by,
        now,
        ends
    ))
    .await
}

pub(super) async fn by_hash(conn: &mut Conn, hash: &str) -> Result<Option<Invite>> {
    conn.first(sql!(
        "select i.id as id, i.many as many, i.role as role, i.reach as reach, i.region as region, i.group_id as group_id,
             i.place as place, i.title as title, i.link as link, i.entry_id as entry_id, i.made_by as made_by,
             i.ends_at as ends_at, i.used_at as used_at, i.revoked_at as revoked_at, a.name as maker
         from people_invite i join people_account a on a.id = i.made_by where i.hash = $1",
        hash
    ))
    .await
}

pub(super) async fn by_id(conn: &mut Conn, id: i64) -> Result<Option<Invite>> {
    conn.first(sql!(
        "select i.id as id, i.many as many, i.role as role, i.reach as reach, i.region as region, i.group_id as group_id,
             i.place as place, i.title as title, i.link as link, i.entry_id as entry_id, i.made_by as made_by,
             i.ends_at as ends_at, i.used_at as used_at, i.revoked_at as revoked_at, a.name as maker
         from people_invite i join people_account a on a.id = i.made_by where i.id = $1",
        id
    ))
    .await
}

/// An invitation as its keepers see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: i64,
    pub many: bool,
    pub role: String,
    pub region: Option<String>,
    pub title: String,
    pub entry_id: Option<i64>,
    pub note: String,
    pub maker: String,
    pub created_at: i64,
    pub ends_at: i64,
    pub used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

impl Listed {
    pub fn standing(&self, now: i64) -> Standing {
        standing(self.used_at, self.revoked_at, self.ends_at, now)
    }

    pub fn role_key(&self) -> &'static str {
        roles::key(&self.role)
    }
}

pub(super) async fn list(conn: &mut Conn, group: Option<i64>, before: i64, limit: i64) -> Result<Vec<Listed>> {
    conn.all(sql!(
        "select i.id as id, i.many as many, i.role as role, i.region as region, i.title as title, i.entry_id as entry_id,
             i.note as note, a.name as maker, i.created_at as created_at, i.ends_at as ends_at, i.used_at as used_at,
             i.revoked_at as revoked_at
         from people_invite i join people_account a on a.id = i.made_by
         where coalesce(i.group_id, 0) = $1 and i.id < $2 order by i.id desc limit $3",
        group.unwrap_or(0),
        before,
        limit
    ))
    .await
}

pub(super) async fn revoke(tx: &mut Tx, id: i64, by: i64, now: i64) -> Result<bool> {
    let done = tx
        .run(sql!(
            "update people_invite set revoked_at = $3, revoked_by = $2
             where id = $1 and revoked_at is null and used_at is null and ends_at > $3",
            id,
            by,
            now
        ))
        .await?;
    Ok(done == 1)
}

/// Takes an invitation for one person; false when it is used, revoked or over.
pub(super) async fn take(tx: &mut Tx, id: i64, now: i64) -> Result<bool> {
    let done = tx
        .run(sql!(
            "update people_invite set used_at = $2
             where id = $1 and many = false and used_at is null and revoked_at is null and ends_at > $2",
            id,
            now
        ))
        .await?;
    Ok(done == 1)
}

/// Lets the invitations that a person made in a group go on under another's name.
pub(crate) async fn pass_on(tx: &mut Tx, from: i64, to: i64, group: i64) -> Result<u64> {
    tx.run(sql!(
        "update people_invite set made_by = $2 where made_by = $1 and group_id = $3 and used_at is null and revoked_at is null",
        from,
        to,
        group
    ))
    .await
}

pub(super) async fn move_group(tx: &mut Tx, from: i64, into: i64, place: &str, title: &str, link: &str) -> Result<u64> {
    tx.run(sql!(
        "update people_invite set group_id = $2, place = $3, title = $4, link = $5
         where coalesce(group_id, 0) = $1 and used_at is null and revoked_at is null",
        from,
        into,
        place,
        title,
        link
    ))
    .await
}

/// One person and one invitation.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Join {
    pub invite_id: i64,
    pub account_id: i64,
    /// `started`, `waiting`, `accepted`, `refused` or `withdrawn`.
    pub state: String,
}

pub(super) async fn join(conn: &mut Conn, id: i64) -> Result<Option<Join>> {
    conn.first(sql!("select invite_id, account_id, state from people_join where id = $1", id)).await
}

pub(super) async fn join_of(conn: &mut Conn, invite: i64, account: i64) -> Result<Option<Join>> {
    conn.first(sql!(
        "select invite_id, account_id, state from people_join where invite_id = $1 and account_id = $2",
        invite,
        account
    ))
    .await
}

/// What a person has not finished, newest first.
pub(super) async fn unfinished(conn: &mut Conn, account: i64) -> Result<Option<Join>> {
    conn.first(sql!(
        "select invite_id, account_id, state from people_join
         where account_id = $1 and state in ('started', 'waiting') order by id desc limit 1",
        account
    ))
    .await
}

/// Notes that an account was made through an invitation.
pub(super) async fn start(tx: &mut Tx, invite: i64, account: i64, now: i64) -> Result<u64> {
    tx.run(sql!(
        "insert into people_join (invite_id, account_id, fresh, state, at) values ($1, $2, true, 'started', $3)",
        invite,
        account,
        now
    ))
    .await
}

/// Asks to be let in; false when this person has asked before, or was refused.
pub(super) async fn ask(tx: &mut Tx, invite: i64, account: i64, now: i64) -> Result<bool> {
    let asked = tx
        .run(sql!(
            "insert into people_join (invite_id, account_id, fresh, state, at) values ($1, $2, false, 'waiting', $3)
             on conflict (invite_id, account_id) do update set state = 'waiting', at = excluded.at
             where people_join.state in ('started', 'withdrawn')",
            invite,
            account,
            now
        ))
        .await?;
    Ok(asked == 1)
}

/// Notes that someone came in by an invitation for one.
pub(super) async fn enter(tx: &mut Tx, invite: i64, account: i64, now: i64) -> Result<i64> {
    tx.int(sql!(
        "insert into people_join (invite_id, account_id, fresh, state, at, decided_at, decided_by)
         values ($1, $2, false, 'accepted', $3, $3, $2)
         on conflict (invite_id, account_id) do update set state = 'accepted', decided_at = excluded.decided_at,
             decided_by = excluded.decided_by returning id",
        invite,
        account,
        now
    ))
    .await
}

/// Decides about someone who waits; false when nobody does any more.
pub(super) async fn decide(tx: &mut Tx, id: i64, state: &str, by: Option<i64>, now: i64) -> Result<bool> {
    let done = tx
        .run(sql!(
            "update people_join set state = $2, decided_by = $3, decided_at = $4 where id = $1 and state = 'waiting'",
            id,
            state,
            by,
            now
        ))
        .await?;
    Ok(done == 1)
}

pub(super) async fn withdraw(tx: &mut Tx, account: i64, now: i64) -> Result<u64> {
    tx.run(sql!(
        "update people_join set state = 'withdrawn', decided_at = $2, decided_by = $1
         where account_id = $1 and state in ('started', 'waiting')",
        account,
        now
    ))
    .await
}

/// Someone who used an invitation.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Joined {
    pub id: i64,
    pub name: String,
    pub role: String,
    pub state: String,
    pub at: i64,
}

impl Joined {
    /// Key of how it stands.
    pub fn state_key(&self) -> &'static str {
        match self.state.as_str() {
            "accepted" => "people-join-accepted",
            "refused" => "people-join-refused",
            "withdrawn" => "people-join-withdrawn",
            "waiting" => "people-join-waiting",
            _ => "people-join-started",
        }
    }

    pub fn role_key(&self) -> &'static str {
        roles::key(&self.role)
    }
}

pub(super) async fn joined(conn: &mut Conn, invite: i64) -> Result<Vec<Joined>> {
    conn.all(sql!(
        "select j.id as id, a.name as name, i.role as role, j.state as state, j.at as at
         from people_join j join people_account a on a.id = j.account_id join people_invite i on i.id = j.invite_id
         where j.invite_id = $1 order by j.id desc limit 50",
        invite
    ))
    .await
}

pub(super) async fn waiting(conn: &mut Conn, group: i64) -> Result<Vec<Joined>> {
    conn.all(sql!(
        "select j.id as id, a.name as name, i.role as role, j.state as state, j.at as at
         from people_invite i join people_join j on j.invite_id = i.id join people_account a on a.id = j.account_id
         where coalesce(i.group_id, 0) = $1 and j.state = 'waiting' order by j.id limit 50",
        group
    ))
    .await
}

pub(super) async fn waiting_count(conn: &mut Conn, group: i64) -> Result<i64> {
    conn.int(sql!(
        "select count(*) as n from people_invite i join people_join j on j.invite_id = i.id
         where coalesce(i.group_id, 0) = $1 and j.state = 'waiting'",
        group
    ))
    .await
}

/// Whether an account was made through an invitation and is still not let in.
pub(crate) async fn is_joining(conn: &mut Conn, account: i64) -> Result<bool> {
    let open = conn
        .int(sql!(
            "select count(*) as n from people_join where account_id = $1 and fresh and state in ('started', 'waiting')",
            account
        ))
        .await?;
    Ok(open > 0)
}
