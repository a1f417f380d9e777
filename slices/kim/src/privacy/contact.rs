//! The phone number of a KIM may be a person's own: it is shown only while that person agrees.
use base::Conn;
use base::clock::HOUR;
use people::consent;
use web::limits::Limit;
use web::{Ctx, Error, Errors, Result};

use crate::register::Kim;

const TRIES: Limit = Limit { name: "kim.phone", acts: 20, window: HOUR };

/// Hides the number while the person whose it is does not agree. Returns the tags of that person.
pub async fn hide(conn: &mut Conn, kim: &mut Kim) -> Result<Vec<String>> {
    if kim.public_phone().is_none() {
        return Ok(Vec::new());
    }
    let Some(owner) = people::account::find_by_login(conn, &kim.contact_phone).await? else { return Ok(Vec::new()) };
    if !consent::holds(conn, owner, consent::PHONE).await? {
        kim.show_phone = false;
    }
    Ok(vec![people::tag(owner)])
}

/// Whether a number may be shown: it is nobody's own, or that person agrees.
pub async fn may_show(conn: &mut Conn, phone: &str) -> base::Result<bool> {
    match people::account::find_by_login(conn, phone).await? {
        Some(owner) => consent::holds(conn, owner, consent::PHONE).await,
        None => Ok(true),
    }
}

/// A number that is to be shown needs the consent of the person whose it is.
pub async fn check(ctx: &Ctx, conn: &mut Conn, phone: &str, errors: &mut Errors) -> Result<()> {
    // The answer tells whether a number belongs to somebody: not to one who tries them all.
    ctx.limits().count(TRIES, &ctx.actor()?.account_id.to_string(), ctx.now()).map_err(Error::TooMany)?;
    let Some(owner) = people::account::find_by_login(conn, phone).await? else { return Ok(()) };
    if !consent::holds(conn, owner, consent::PHONE).await? {
        let key = if Some(owner) == ctx.account_id() { "kim-phone-consent-yours" } else { "kim-phone-consent" };
        errors.add("telepon", key);
    }
    Ok(())
}
