//! Claims: someone says that an imported listing is their KIM; an overseer of its region decides.
pub mod desk;
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

use base::Conn;
use people::roles::OVERSEERS;
use web::{Ctx, Result, Task};

use crate::register::rules;

/// Longest reason or answer, in characters.
pub const REASON_MOST: usize = 500;

/// Reminds overseers of claims that wait.
pub async fn tasks(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Task>> {
    let codes = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    let n = store::waiting_count(conn, &codes).await?;
    if n == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![Task {
        order: 120,
        icon: "people",
        title: ctx.say_with("kim-claim-task", &[("n", &n.to_string())]),
        note: ctx.say("kim-claim-task-note"),
        href: "/bina/klaim".into(),
        action: ctx.say("kim-claim-task-do"),
    }])
}
