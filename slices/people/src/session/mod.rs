//! Sessions: a random token in a cookie, its hash in the database, an idle and an absolute end.
mod device;
pub(crate) mod enter;
pub mod list;
pub mod pages;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod tests;

use base::authz::Actor;
use base::clock::{DAY, HOUR, MINUTE};
use base::jobs::{Cron, Job};
use base::{Conn, Kit, Later, Result, Tx, sql};
use web::{Credential, Who};

use crate::{account, factor, grant, token};

/// A session ends when nobody came for so long …
pub const IDLE: i64 = 14 * DAY;
/// … and in any case after so long.
pub const LONGEST: i64 = 90 * DAY;
/// How often "last seen" is written.
const SEEN_EVERY: i64 = 10 * MINUTE;

pub(crate) const JOB: Job = Job { kind: "people.session.sweep", run: sweep };
pub(crate) const CRON: Cron = Cron { job: "people.session.sweep", when: "17 3 * * *" };

fn sweep(kit: Kit, _: serde_json::Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let mut tx = kit.db.write().await?;
        let now = kit.clock.now();
        tx.run(sql!("delete from people_session where ends_at < $1 or seen_at < $2", now, now - IDLE)).await?;
        factor::store::sweep_steps(&mut tx, now).await?;
        base::once::sweep(&mut tx, now).await?;
        tx.commit().await?;
        Ok(())
    })
}

/// Starts a session on a device and returns the secret for the cookie. Whoever starts one has just proved
/// who they are.
pub(crate) async fn start(tx: &mut Tx, kit: &Kit, account_id: i64, device: &str) -> Result<String> {
    let secret = kit.ids.token();
    let now = kit.clock.now();
    store::add(tx, &web::hash(&secret), account_id, device, now, now + LONGEST).await?;
    Ok(secret)
}

/// Forgets the ways in that are under way: links and slips for lost passwords, logins half done.
pub(crate) async fn forget_ways(tx: &mut Tx, account_id: i64, now: i64) -> Result<()> {
    crate::factor::store::end_steps(tx, account_id).await?;
    crate::reset::store::end_all(tx, account_id, now).await?;
    Ok(())
}

/// Ends every session of a person; returns how many.
pub async fn end_all(tx: &mut Tx, account_id: i64) -> Result<u64> {
    store::end_all(tx, account_id, None).await
}

/// The person behind a session cookie or an API token; none when it is unknown, over, or the
/// account is locked. Grants are read each time, so that a change acts at once.
pub fn identify<'a>(kit: &'a Kit, conn: &'a mut Conn, credential: Credential) -> Later<'a, Result<Option<Who>>> {
    Box::pin(async move {
        let now = kit.clock.now();
        match credential {
            Credential::Session(hash) => {
                let Some(found) = store::find(conn, &hash).await? else { return Ok(None) };
                let over = found.ends_at <= now || found.seen_at + IDLE <= now || !account::may_log_in(&found.status);
                if over {
                    return Ok(None);
                }
                let joining = found.status == account::JOINING;
                let (mut actor, withheld) = actor(kit, conn, found.account_id, found.name.clone(), found.is_guarded()).await?;
                if joining {
                    actor.grants.clear();
                }
                let seen = (found.seen_at + SEEN_EVERY < now).then_some(seen as fn(Kit, i64) -> Later<'static, ()>);
                let proved_at = found.proved_at;
                Ok(Some(Who { actor, session_id: Some(found.id), scopes: None, proved_at, withheld, joining, seen }))
            }
            Credential::Token(hash) => {
                let Some(found) = token::store::find(conn, &hash, now).await? else { return Ok(None) };
                let guarded = store::is_guarded(found.factors, found.password_chars, &found.password_hash);
                let (actor, withheld) = actor(kit, conn, found.account_id, found.name, guarded).await?;
                let scopes = found.scopes.split(' ').map(str::to_owned).collect();
                let joining = false;
                Ok(Some(Who { actor, session_id: None, scopes: Some(scopes), proved_at: 0, withheld, joining, seen: None }))
            }
        }
    })
}

/// The person with the grants that hold, and whether some are held back: those of guarded roles, until the
/// account has a second factor and a long password.
async fn actor(kit: &Kit, conn: &mut Conn, account_id: i64, name: String, guarded: bool) -> Result<(Actor, bool)> {
    let mut grants = grant::held(conn, account_id, kit.clock.now()).await?;
    let all = grants.len();
    grants.retain(|grant| guarded || !factor::guarded(kit, &grant.role));
    let withheld = grants.len() < all;
    Ok((Actor { account_id, name, grants }, withheld))
}

/// Notes that a session is alive, beside the request.
fn seen(kit: Kit, session_id: i64) -> Later<'static, ()> {
    Box::pin(async move {
        if let Err(error) = touch(&kit, session_id).await {
            tracing::warn!(%error, "noting a session");
        }
    })
}

async fn touch(kit: &Kit, session_id: i64) -> Result<()> {
    let now = kit.clock.now();
    let mut tx = kit.db.write().await?;
    tx.run(sql!("update people_session set seen_at = $2 where id = $1 and seen_at < $2", session_id, now)).await?;
    tx.commit().await
}

/// Windows of the login throttles: attempts per caller, and per account and caller together, so that
/// a stranger's guessing elsewhere never locks the owner out. Many share one address (a mobile network, a
/// village office): there the device that an account knows counts by itself, and passkeys, which nobody
/// guesses, count apart.
pub(crate) const PER_CALLER: web::limits::Limit = web::limits::Limit { name: "login", acts: 30, window: 10 * MINUTE };
pub(crate) const PER_PAIR: web::limits::Limit = web::limits::Limit { name: "login-pair", acts: 6, window: 10 * MINUTE };
pub(crate) const PER_DEVICE: web::limits::Limit = web::limits::Limit { name: "login-device", acts: 6, window: 10 * MINUTE };
pub(crate) const PASSKEYS: web::limits::Limit = web::limits::Limit { name: "login-passkey", acts: 30, window: 10 * MINUTE };
pub(crate) const REGISTRATIONS: web::limits::Limit = web::limits::Limit { name: "register", acts: 10, window: HOUR };
