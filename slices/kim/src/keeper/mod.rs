//! KIM without a keeper: no officer of theirs can log in, because there never was one or the last is
//! locked or gone. Those who watch over the region see it and name a new one by an invitation.
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use base::Conn;
use people::roles::OVERSEERS;
use web::{Ctx, Result, Task};

use crate::register::rules;

/// Says how many KIM of a person's regions have nobody to keep them.
pub async fn tasks(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Task>> {
    let codes = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    let mut n = 0;
    for code in &codes {
        n += store::count(conn, code, ctx.now()).await?;
    }
    if n == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![Task {
        order: 200,
        icon: "key",
        title: ctx.say_with("kim-keeper-task", &[("n", &n.to_string())]),
        note: ctx.say("kim-keeper-task-note"),
        href: "/bina/tanpa-pengurus".into(),
        action: ctx.say("kim-keeper-task-do"),
    }])
}
