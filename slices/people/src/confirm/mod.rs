//! Confirming an e-mail address: a code goes to it and is typed here. A new account with an address stays
//! outside until then; an address that is set later counts only once it is confirmed.
pub mod pages;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use base::clock::{DAY, HOUR};
use base::jobs::Job;
use base::{Event, Kit, Later, Tx, jobs, mail};
use serde_json::{Value, json};
use web::limits::Limit;
use web::{Ctx, Error, Result};

use crate::account::{self, NewAccount, store as accounts};
use crate::{factor, invite, oidc};

/// The page where the code is typed.
pub(crate) const PATH: &str = "/akun/email";
/// How long a code works.
const LASTS: i64 = HOUR;
/// How long an account waits for its address before it is forgotten.
pub(crate) const KEPT: i64 = 7 * DAY;

const SENT: Limit = Limit { name: "people.confirm.send", acts: 5, window: HOUR };
const TRIED: Limit = Limit { name: "people.confirm", acts: 10, window: HOUR };

pub(crate) const JOB: Job = Job { kind: "people.confirm.mail", run: send };

fn hash(account_id: i64, code: &str) -> String {
    web::hash(&format!("{account_id}:{code}"))
}

/// Has a code sent to an address that an account wants to use. `joins`: the account stays outside until then.
pub(crate) async fn begin(ctx: &Ctx, tx: &mut Tx, account_id: i64, email: &str, joins: bool) -> Result<()> {
    ctx.limits().count(SENT, &account_id.to_string(), ctx.now()).map_err(Error::TooMany)?;
    store::put(tx, account_id, email, joins, ctx.now(), ctx.now() + LASTS).await?;
    Ok(jobs::enqueue(tx, JOB.kind, &json!({ "account": account_id }), ctx.now(), None).await?)
}

/// Keeps an account that was just made outside until its address is confirmed; false where it has none, or
/// where this site sends no mail.
pub(crate) async fn hold(ctx: &Ctx, tx: &mut Tx, account_id: i64, new: &NewAccount) -> Result<bool> {
    let Some(email) = new.email.as_deref().filter(|_| ctx.kit.config.mail.is_on()) else { return Ok(false) };
    accounts::set_status(tx, account_id, account::JOINING, ctx.now()).await?;
    begin(ctx, tx, account_id, email, true).await?;
    Ok(true)
}

/// Makes the code and sends it. It is made here, so that no job in the database holds one.
fn send(kit: Kit, payload: Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let account_id = payload["account"].as_i64().unwrap_or(0);
        let code: String = kit.ids.short().chars().take(8).collect();
        let mut tx = kit.db.write().await?;
        let Some(waiting) = store::find(&mut tx, account_id).await?.filter(|_| kit.config.mail.is_on()) else { return Ok(()) };
        let Some(account) = accounts::get(&mut tx, account_id).await? else { return Ok(()) };
        store::name(&mut tx, account_id, &hash(account_id, &code)).await?;
        tx.commit().await?;
        let shown = format!("{}-{}", &code[..4], &code[4..]);
        let said = |key: &str, values: &[(&str, &str)]| kit.texts.say(base::Lang::Id, key, values);
        let link = format!("{}{PATH}", kit.config.base_url);
        let text = said("people-confirm-mail", &[("name", &account.name), ("code", &shown), ("link", &link)]);
        mail::send(&kit, &waiting.email, &said("people-confirm-mail-title", &[]), &text).await
    })
}

/// Whether a code fits the one that was sent last.
fn fits(waiting: &store::Waiting, code: &str, now: i64) -> bool {
    waiting.ends_at > now && waiting.hash.as_deref() == Some(hash(waiting.account_id, code).as_str())
}

/// The address is theirs: it is set, and who was outside for it comes in, unless an officer must let them in.
/// [`base::Error::Taken`] when someone else has confirmed it meanwhile.
async fn settle(ctx: &Ctx, tx: &mut Tx, waiting: &store::Waiting) -> base::Result<()> {
    let id = waiting.account_id;
    accounts::confirm_email(tx, id, &waiting.email, ctx.now()).await?;
    store::remove(tx, id).await?;
    if waiting.joins && !invite::store::is_joining(tx, id).await? {
        accounts::settle(tx, id, ctx.now()).await?;
    }
    let event = Event::new(ctx.now(), "people.account.email_confirmed", ("account", id));
    tx.emit(Event { actor_id: ctx.account_id(), ..event }).await
}

/// Someone set a password through a link that went to the account's address: the address is theirs. Was the
/// account still outside for it, whoever opened it may be another, so no other way in stays. An account that
/// was in keeps its factors, as after any reset.
pub(crate) async fn by_mail(ctx: &Ctx, tx: &mut Tx, account_id: i64) -> Result<()> {
    let Some(account) = accounts::get(tx, account_id).await? else { return Ok(()) };
    let Some(email) = account.email.filter(|_| account.email_confirmed_at.is_none()) else { return Ok(()) };
    let Some(held) = store::find(tx, account_id).await?.filter(|waiting| waiting.joins) else {
        accounts::confirm_email(tx, account_id, &email, ctx.now()).await?;
        return Ok(());
    };
    factor::store::forget_all(tx, account_id).await?;
    oidc::store::forget_all(tx, account_id).await?;
    Ok(settle(ctx, tx, &store::Waiting { email, ..held }).await?)
}
