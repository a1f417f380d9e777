//! The phone number of a KIM may be a person's own: it is shown only while that person agrees.
use base::Conn;
use people::consent;
use web::{Ctx, Errors, Result};

use crate::register::Kim;

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

/// A number that is to be shown needs the consent of the person whose it is.
pub async fn check(ctx: &Ctx, conn: &mut Conn, phone: &str, errors: &mut Errors) -> Result<()> {
    let Some(owner) = people::account::find_by_login(conn, phone).await? else { return Ok(()) };
    if !consent::holds(conn, owner, consent::PHONE).await? {
        let key = if Some(owner) == ctx.account_id() { "kim-phone-consent-yours" } else { "kim-phone-consent" };
        errors.add("telepon", key);
    }
    Ok(())
}
