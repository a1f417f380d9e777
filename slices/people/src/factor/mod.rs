//! Second factors: codes from an app, recovery codes, passkeys. A passkey is also a way to log in by itself.
pub mod pages;
pub mod passkey;
pub mod prove;
pub(crate) mod step;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod totp;

use base::clock::MINUTE;
use base::{Conn, Kit, Tx};
use web::limits::Limit;
use web::{Ctx, Error, Task};

use crate::account;

/// Codes typed for one account.
pub(crate) const CODES: Limit = Limit { name: "factor", acts: 6, window: 10 * MINUTE };

/// Recovery codes that an account gets at a time.
const RECOVERY: usize = 10;

/// Characters of a password, where the site asks a second factor of a role.
pub(crate) const LONG: i64 = 15;

/// Whether a site asks more of someone who holds this role.
pub(crate) fn guarded(kit: &Kit, role: &str) -> bool {
    kit.config.second_factor.split(',').any(|name| name.trim() == role)
}

/// What a person typed as a code: digits of the app, or a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typed<'a> {
    App(&'a str),
    Recovery,
}

fn typed(code: &str) -> Typed<'_> {
    let code = code.trim();
    if code.chars().all(|c| c.is_ascii_digit() || c == ' ') { Typed::App(code) } else { Typed::Recovery }
}

/// A recovery code without what people put between its letters.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Uses a code of the app or a recovery code; false when it does not fit or was used before. Throttled by account.
pub(crate) async fn accept(ctx: &Ctx, tx: &mut Tx, account_id: i64, code: &str) -> web::Result<bool> {
    let key = account_id.to_string();
    ctx.limits().count(CODES, &key, ctx.now()).map_err(Error::TooMany)?;
    let fits = match typed(code) {
        Typed::App(code) => {
            let mut fits = false;
            for factor in store::of(tx, account_id).await?.into_iter().filter(|factor| factor.kind == "totp") {
                let step = totp::check(&ctx.kit, &factor.data, code, ctx.now());
                // Each step counts once, even when two requests show the same code.
                if let Some(step) = step {
                    fits |= store::use_step(tx, factor.id, step, ctx.now()).await?;
                }
            }
            fits
        }
        Typed::Recovery => store::use_recovery(tx, account_id, &web::hash(&plain(code)), ctx.now()).await?,
    };
    if fits {
        ctx.limits().forgive(CODES, &key);
    }
    Ok(fits)
}

/// Gives an account fresh recovery codes; the old ones end. They are kept as hashes only.
pub(crate) async fn renew_recovery(kit: &Kit, tx: &mut Tx, account_id: i64) -> base::Result<Vec<String>> {
    let codes: Vec<String> = (0..RECOVERY).map(|_| kit.ids.short()).collect();
    store::forget_recovery(tx, account_id).await?;
    for code in &codes {
        store::add_recovery(tx, account_id, &web::hash(code)).await?;
    }
    let parted = |code: &String| format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..]);
    Ok(codes.iter().map(parted).collect())
}

/// Whoever has one passkey and nothing else is asked to make recovery codes.
pub(crate) async fn tasks(ctx: &Ctx, conn: &mut Conn) -> web::Result<Vec<Task>> {
    let Some(id) = ctx.account_id() else { return Ok(Vec::new()) };
    let Some(account) = account::store::get(conn, id).await? else { return Ok(Vec::new()) };
    let alone = account.password_hash == account::NO_PASSWORD && store::of(conn, id).await?.len() == 1;
    if !alone || store::recovery_left(conn, id).await? > 0 {
        return Ok(Vec::new());
    }
    Ok(vec![Task {
        order: 255,
        icon: "lock",
        title: ctx.say("people-recovery-task"),
        note: ctx.say("people-recovery-task-note"),
        href: "/akun/keamanan".into(),
        action: ctx.say("people-recovery-task-do"),
    }])
}
