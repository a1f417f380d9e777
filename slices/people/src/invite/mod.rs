//! Invitations: a link, a QR code or a WhatsApp text that brings a person into a KIM or an office.
//! One for a single person gives the role at once; one for several waits for an officer's word.
pub mod pages;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod tests;

use anyhow::anyhow;
use base::authz::{Actor, Place, Role, Scope};
use base::clock::{DAY, HOUR};
use base::{Conn, Event, Tx};
use serde_json::json;
pub use store::{Invite, Joined, Listed};
use web::limits::Limit;
use web::{Ctx, Error, Result};

use crate::roles::{EDITOR, FOSTERING, MEMBER, OFFICER, OPERATOR, OVERSEERS, VERIFIER};
use crate::{account, grant, roles};

/// How long an invitation stands.
pub const LASTS: i64 = 14 * DAY;
/// Longest note, in characters.
pub const NOTE_MOST: usize = 80;
/// Nobody invites so many people in an hour by hand.
const INVITATIONS: Limit = Limit { name: "people.invite", acts: 60, window: HOUR };

/// What someone invites to.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub role: Role,
    pub scope: Scope,
    /// Code of the region that the place lies in.
    pub place: &'a str,
    /// Name of the place.
    pub title: &'a str,
    /// Path of the page where the invitation is kept.
    pub link: &'a str,
    /// For whoever has the link; each waits for an officer.
    pub many: bool,
    /// The entry of the group's roster that this person is.
    pub entry: Option<i64>,
    /// Words by which the inviter knows it again.
    pub note: &'a str,
}

/// How an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    /// Used by the one it was for.
    Used,
    Revoked,
    Over,
}

impl Standing {
    /// Key of its name in a list.
    pub fn key(self) -> &'static str {
        match self {
            Standing::Open => "people-invite-open",
            Standing::Used => "people-invite-used",
            Standing::Revoked => "people-invite-revoked",
            Standing::Over => "people-invite-over",
        }
    }

    /// Key of what the invitee reads.
    pub fn reason(self) -> &'static str {
        match self {
            Standing::Open => "people-invite-open",
            Standing::Used => "people-join-used",
            Standing::Revoked => "people-join-revoked",
            Standing::Over => "people-join-over",
        }
    }
}

/// How it stands, by its times.
pub fn standing(used_at: Option<i64>, revoked_at: Option<i64>, ends_at: i64, now: i64) -> Standing {
    match () {
        () if revoked_at.is_some() => Standing::Revoked,
        () if used_at.is_some() => Standing::Used,
        () if ends_at <= now => Standing::Over,
        () => Standing::Open,
    }
}

/// Whether a person may give `role` on `scope` by an invitation. `keepers` says whether a group has
/// an officer who can log in. Where it has none, those who watch over its region may name one.
pub fn may(actor: &Actor, role: Role, scope: &Scope, place: &str, keepers: bool) -> bool {
    match scope {
        Scope::All => false,
        Scope::Region(_) => {
            matches!(roles::reach(role), roles::Reach::Region) && actor.owns(&[OPERATOR], &Place { region: place, group: None })
        }
        Scope::Group(id) => {
            let place = Place { region: place, group: Some(*id) };
            match role {
                // Who stands in for an officer may fill the roster, not hand on rights.
                MEMBER => actor.may(&[OFFICER, OPERATOR], &place),
                OFFICER | EDITOR => {
                    actor.owns(&[OFFICER, OPERATOR], &place) || role == OFFICER && !keepers && actor.owns(OVERSEERS, &place)
                }
                _ => false,
            }
        }
    }
}

/// As [`may`], for an account by its id, at this moment.
async fn may_still(conn: &mut Conn, account_id: i64, invite: &Invite, now: i64) -> Result<bool> {
    let Some(account) = account::store::get(conn, account_id).await? else { return Ok(false) };
    let (Some(role), Some(scope)) = (invite.role(), invite.scope()) else { return Ok(false) };
    let actor = Actor { account_id, name: account.name, grants: grant::held(conn, account_id, now).await? };
    Ok(account.status == "active" && may(&actor, role, &scope, &invite.place, has_keeper(conn, &scope, now).await?))
}

/// Whether a group has an officer who can log in.
pub async fn has_keeper(conn: &mut Conn, scope: &Scope, now: i64) -> base::Result<bool> {
    Ok(!grant::owners(conn, OFFICER, scope, now).await?.is_empty())
}

/// Makes an invitation and returns its secret, which is kept nowhere.
pub async fn make(ctx: &Ctx, tx: &mut Tx, new: &New<'_>) -> Result<String> {
    let actor = ctx.actor()?;
    let keepers = has_keeper(tx, &new.scope, ctx.now()).await?;
    if !may(actor, new.role, &new.scope, new.place, keepers) {
        return Err(Error::Forbidden);
    }
    ctx.limits().count(INVITATIONS, &actor.account_id.to_string(), ctx.now()).map_err(Error::TooMany)?;
    let secret = ctx.kit.ids.token();
    let id = store::add(tx, &web::hash(&secret), new, actor.account_id, ctx.now(), ctx.now() + LASTS).await?;
    let made = Invite { id, link: new.link.into(), title: new.title.into(), ..Invite::of(new) };
    tx.emit(event(ctx, &made, "people.invite.made", json!({}))).await?;
    Ok(secret)
}

/// The address that an invitation is sent as.
pub fn address(ctx: &Ctx, secret: &str) -> String {
    ctx.absolute(&format!("/gabung/{secret}"))
}

/// The address as a QR code: SVG to stand in a page.
pub fn qr(address: &str) -> Result<String> {
    let code = qrcode::QrCode::new(address.as_bytes()).map_err(|error| anyhow!("QR code: {error}"))?;
    let drawn = code.render::<qrcode::render::svg::Color>().min_dimensions(240, 240).build();
    // The declaration of an XML file has no place in a page.
    Ok(drawn.split_once("?>").map_or(drawn.clone(), |(_, svg)| svg.to_owned()))
}

/// Revokes an invitation of a group, or with none one over a region; false when there is none to revoke.
pub async fn revoke(ctx: &Ctx, tx: &mut Tx, id: i64, group: Option<i64>) -> Result<bool> {
    let Some(invite) = store::by_id(tx, id).await?.filter(|invite| invite.group_id == group) else { return Ok(false) };
    if !store::revoke(tx, id, ctx.actor()?.account_id, ctx.now()).await? {
        return Ok(false);
    }
    tx.emit(event(ctx, &invite, "people.invite.revoked", json!({}))).await?;
    Ok(true)
}

/// Lets the open invitations to a group, and who waits by them, go on to another that it becomes part of.
/// `place`, `title` and `link` are the other's.
pub async fn move_group(tx: &mut Tx, from: i64, into: i64, place: &str, title: &str, link: &str) -> base::Result<()> {
    store::move_group(tx, from, into, place, title, link).await.map(drop)
}

/// Invitations of a group, or with none all over regions, below an id, newest first.
pub async fn list(conn: &mut Conn, group: Option<i64>, before: i64, limit: i64) -> Result<Vec<Listed>> {
    Ok(store::list(conn, group, before, limit).await?)
}

/// Who used an invitation, newest first.
pub async fn joined(conn: &mut Conn, invite: i64) -> Result<Vec<Joined>> {
    Ok(store::joined(conn, invite).await?)
}

/// Who waits to be let into a group, the longest waiting first.
pub async fn waiting(conn: &mut Conn, group: i64) -> Result<Vec<Joined>> {
    Ok(store::waiting(conn, group).await?)
}

/// How many wait.
pub async fn waiting_count(conn: &mut Conn, group: i64) -> Result<i64> {
    Ok(store::waiting_count(conn, group).await?)
}

/// What accepting led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Accepted {
    In,
    Waits,
}

/// The person of this request accepts an invitation.
pub(crate) async fn accept(ctx: &Ctx, tx: &mut Tx, invite: &Invite) -> Result<Accepted> {
    let account_id = ctx.actor()?.account_id;
    let now = ctx.now();
    let (Some(role), Some(scope)) = (invite.role(), invite.scope()) else { return Err(Error::Missing) };
    if invite.made_by == account_id {
        return Err(Error::Conflict("people-join-own"));
    }
    if invite.many {
        if standing(invite.used_at, invite.revoked_at, invite.ends_at, now) != Standing::Open {
            return Err(Error::Conflict("people-join-over"));
        }
        if !store::ask(tx, invite.id, account_id, now).await? {
            return Err(Error::Conflict("people-join-twice"));
        }
        let officers = grant::holders(tx, OFFICER, &scope, now).await?;
        let data = json!({ "account": account_id, "notify": officers, "notice": "people-notice-asked" });
        tx.emit(event(ctx, invite, "people.invite.asked", data)).await?;
        return Ok(Accepted::Waits);
    }
    // Taking it comes first: on PostgreSQL the row is locked from here on.
    if !store::take(tx, invite.id, now).await? {
        return Err(Error::Conflict("people-join-over"));
    }
    if !may_still(tx, invite.made_by, invite, now).await? {
        return Err(Error::Conflict("people-join-lapsed"));
    }
    ctx.vet(tx, account_id, role, &scope, invite.entry_id).await?;
    let join = store::enter(tx, invite.id, account_id, now).await?;
    grant::prolong(tx, account_id, role, &scope, Some(invite.made_by), now, None).await?;
    account::store::settle(tx, account_id, now).await?;
    let data = json!({ "notify": [invite.made_by], "notice": "people-notice-accepted" });
    tx.emit(accepted(ctx, invite, join, account_id, data)).await?;
    Ok(Accepted::In)
}

/// Lets someone in who waits to enter a group; false when nobody waits under this id.
pub async fn approve(ctx: &Ctx, tx: &mut Tx, join: i64, group: i64) -> Result<bool> {
    let Some((invite, asked)) = find_waiting(tx, join, group).await? else { return Ok(false) };
    let (Some(role), Some(scope)) = (invite.role(), invite.scope()) else { return Ok(false) };
    if !may(ctx.actor()?, role, &scope, &invite.place, true) {
        return Err(Error::Forbidden);
    }
    if !store::decide(tx, join, "accepted", ctx.account_id(), ctx.now()).await? {
        return Ok(false);
    }
    ctx.vet(tx, asked.account_id, role, &scope, invite.entry_id).await?;
    grant::prolong(tx, asked.account_id, role, &scope, ctx.account_id(), ctx.now(), None).await?;
    account::store::settle(tx, asked.account_id, ctx.now()).await?;
    let data = json!({ "notify": [asked.account_id], "notice": "people-notice-approved", "notice_link": "/meja" });
    tx.emit(accepted(ctx, &invite, join, asked.account_id, data)).await?;
    Ok(true)
}

/// Refuses someone who waits; they keep a resident's account.
pub async fn refuse(ctx: &Ctx, tx: &mut Tx, join: i64, group: i64) -> Result<bool> {
    let Some((invite, asked)) = find_waiting(tx, join, group).await? else { return Ok(false) };
    if !store::decide(tx, join, "refused", ctx.account_id(), ctx.now()).await? {
        return Ok(false);
    }
    account::store::settle(tx, asked.account_id, ctx.now()).await?;
    let data = json!({
        "join": join, "account": asked.account_id,
        "notify": [asked.account_id], "notice": "people-notice-refused", "notice_link": "/meja",
    });
    tx.emit(event(ctx, &invite, "people.invite.refused", data)).await?;
    Ok(true)
}

async fn find_waiting(conn: &mut Conn, join: i64, group: i64) -> Result<Option<(Invite, store::Join)>> {
    let Some(asked) = store::join(conn, join).await?.filter(|asked| asked.state == "waiting") else { return Ok(None) };
    let invite = store::by_id(conn, asked.invite_id).await?.filter(|invite| invite.group_id == Some(group));
    Ok(invite.map(|invite| (invite, asked)))
}

/// The person of this request gives up joining and stays a resident.
pub(crate) async fn withdraw(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let account_id = ctx.actor()?.account_id;
    let given_up = store::withdraw(tx, account_id, ctx.now()).await?;
    let settled = account::store::settle(tx, account_id, ctx.now()).await?;
    if given_up + settled == 0 {
        return Ok(());
    }
    let event = Event { actor_id: Some(account_id), ..Event::new(ctx.now(), "people.invite.withdrawn", ("account", account_id)) };
    Ok(tx.emit(event).await?)
}

/// The event of an invitation by the person of this request. Its data holds ids only.
fn event(ctx: &Ctx, invite: &Invite, kind: &str, mut data: serde_json::Value) -> Event {
    data["role"] = invite.role.clone().into();
    Event {
        actor_id: ctx.account_id(),
        region: Some(invite.place.clone()),
        group_id: invite.group_id,
        link: invite.link.clone(),
        title: invite.title.clone(),
        data: data.to_string(),
        ..Event::new(ctx.now(), kind, ("invite", invite.id))
    }
}

fn accepted(ctx: &Ctx, invite: &Invite, join: i64, account_id: i64, mut data: serde_json::Value) -> Event {
    data["join"] = join.into();
    data["account"] = account_id.into();
    data["entry"] = invite.entry_id.into();
    event(ctx, invite, "people.invite.accepted", data)
}

/// Roles that the operator invites to in a region, with the keys of their names.
pub const OF_REGION: &[Role] = &[VERIFIER, FOSTERING, roles::AGENCY];
/// Roles of a group, in the order they are offered.
pub const OF_GROUP: &[Role] = &[MEMBER, EDITOR, OFFICER];
