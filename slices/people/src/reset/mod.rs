//! A new password for someone who lost theirs: by a link in an e-mail, or by a slip that an officer prints.
//! A reset keeps the second factor, and ends every session and token.
pub mod pages;
#[cfg(test)]
pub(crate) mod sink;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use base::clock::{DAY, HOUR};
use base::jobs::Job;
use base::{Conn, Event, Kit, Later, Tx, jobs, mail};
use serde_json::{Value, json};
use web::Ctx;
use web::limits::Limit;

use crate::account::store as accounts;
use crate::roles::{self, Reach};

/// How long a link in an e-mail works.
const LINK: i64 = HOUR;
/// How long a slip works: it has to travel.
const SLIP: i64 = 3 * DAY;
/// Links for one account in an hour.
const OFTEN: i64 = 3;

pub(crate) const ASKED: Limit = Limit { name: "reset", acts: 10, window: HOUR };
pub(crate) const TRIED: Limit = Limit { name: "reset-code", acts: 10, window: HOUR };

pub(crate) const JOBS: &[Job] = &[Job { kind: "people.reset.mail", run: send }];

/// A code without what people put between its letters.
pub(crate) fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Asks for a link to be sent. The same work is done for an account that does not exist, so that neither the
/// answer nor its time tells.
async fn ask(kit: &Kit, tx: &mut Tx, account_id: Option<i64>) -> base::Result<()> {
    let now = kit.clock.now();
    let often = store::since(tx, account_id.unwrap_or(0), now - HOUR).await?;
    let id = match account_id.filter(|_| often < OFTEN) {
        Some(account_id) => store::add(tx, account_id, None, "mail", None, now, now + LINK).await?,
        None => 0,
    };
    jobs::enqueue(tx, "people.reset.mail", &json!({ "reset": id }), now, None).await
}

/// Makes the link and sends it. Its secret is made here, so that no job in the database holds one.
fn send(kit: Kit, payload: Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let id = payload["reset"].as_i64().unwrap_or(0);
        let secret = kit.ids.token();
        let mut tx = kit.db.write().await?;
        let waiting = store::waiting(&mut tx, id, kit.clock.now()).await?;
        let Some(account) = (match waiting {
            Some(account_id) => accounts::get(&mut tx, account_id).await?,
            None => None,
        }) else {
            return Ok(());
        };
        let Some(email) = account.email.filter(|_| kit.config.mail.is_on()) else { return Ok(()) };
        store::name(&mut tx, id, &web::hash(&secret)).await?;
        tx.commit().await?;
        let link = format!("{}/atur-sandi/{secret}", kit.config.base_url);
        let said = |key: &str, values: &[(&str, &str)]| kit.texts.say(base::Lang::Id, key, values);
        let text = said("people-reset-mail", &[("name", &account.name), ("link", &link)]);
        mail::send(&kit, &email, &said("people-reset-mail-title", &[]), &text).await
    })
}

/// Whether an officer may print a slip for an account: never for someone with a role over a region or the
/// whole, whose password would lift the officer above their own rights.
pub async fn may_slip(conn: &mut Conn, account_id: i64, now: i64) -> base::Result<bool> {
    let held = crate::grant::held(conn, account_id, now).await?;
    let plain = |role: &str| roles::parse(role).is_some_and(|role| matches!(roles::reach(role), Reach::Group | Reach::Nowhere));
    Ok(held.iter().all(|grant| plain(&grant.role)))
}

/// Makes the code of a slip for an account and tells its owner; it is shown once and kept as a hash.
/// `place` is the region and KIM that the maker acts for.
pub async fn slip(ctx: &Ctx, tx: &mut Tx, account_id: i64, place: Option<(&str, i64)>) -> web::Result<String> {
    let code = ctx.kit.ids.short();
    let (by, now) = (ctx.account_id(), ctx.now());
    store::add(tx, account_id, Some(&web::hash(&code)), "slip", by, now, now + SLIP).await?;
    let event = Event {
        actor_id: by,
        region: place.map(|(region, _)| region.to_owned()),
        group_id: place.map(|(_, group)| group),
        link: "/akun/keamanan".into(),
        data: json!({ "notify": [account_id], "notice": "people-notice-slip" }).to_string(),
        ..Event::new(now, "people.account.slip", ("account", account_id))
    };
    tx.emit(event).await?;
    Ok(format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..]))
}
