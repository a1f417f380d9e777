//! Undoing an import: what it made and nobody touched since is deleted, what was changed stays.
use base::{Conn, Event, Tx};
use people::roles::OVERSEERS;
use serde_json::json;
use web::{Ctx, Result};

use super::store::{self, Import, Made};
use crate::access::may_know;
use crate::member::{self, Member};
use crate::register::{self, Kim, step};

/// Rows undone in one transaction.
const BATCH: usize = 200;

/// A member's row in one word; another one when anything of it changed.
pub fn stamp(member: &Member) -> String {
    let all = [
        member.name.as_str(),
        member.office.code(),
        &member.division,
        &member.joined_at.to_string(),
        &format!("{:?}{:?}{}", member.account_id, member.left_at, member.show),
        &format!("{}{}{}{}", member.skills, member.skills_other, member.languages, member.languages_other),
    ];
    web::hash(&all.join("\u{1f}"))
}

/// Names of what an undoing would keep, because it was changed since.
pub async fn changed(ctx: &Ctx, conn: &mut Conn, import: &Import, kim: Option<&Kim>) -> Result<Vec<String>> {
    let mut names = Vec::new();
    match kim {
        Some(kim) => {
            for made in store::made(conn, import.id).await? {
                let member = member::store::get(conn, kim.id, made.subject_id).await?;
                names.extend(member.filter(|member| stamp(member) != made.stamp).map(|member| member.name));
            }
        }
        None => {
            for id in touched(conn, import).await? {
                names.extend(register::by_id(conn, id).await?.filter(|kim| may_know(ctx, kim)).map(|kim| kim.name));
            }
        }
    }
    Ok(names)
}

/// Names of what an undone import left standing.
pub async fn stayed(ctx: &Ctx, conn: &mut Conn, import: &Import, kim: Option<&Kim>) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for made in store::made(conn, import.id).await? {
        match kim {
            Some(kim) => names.extend(member::store::get(conn, kim.id, made.subject_id).await?.map(|member| member.name)),
            None => {
                let found = register::by_id(conn, made.subject_id).await?;
                names.extend(found.filter(|kim| may_know(ctx, kim)).map(|kim| kim.name));
            }
        }
    }
    Ok(names)
}

/// KIM of an import that an event after their making speaks of.
async fn touched(conn: &mut Conn, import: &Import) -> Result<Vec<i64>> {
    match store::made(conn, import.id).await?.iter().map(|made| made.event_id).min() {
        Some(first) => Ok(store::touched(conn, import.id, first).await?),
        None => Ok(Vec::new()),
    }
}

/// Deletes what can be deleted, all but the last transaction committed; how many are gone.
pub async fn run(ctx: &Ctx, import: &Import, kim: Option<&Kim>) -> Result<(Tx, i64)> {
    let mut conn = ctx.kit.db.read().await?;
    let made = store::made(&mut conn, import.id).await?;
    drop(conn);
    let mut gone = 0;
    for batch in made.chunks(BATCH) {
        let mut tx = ctx.kit.db.write().await?;
        let touched = if kim.is_none() { touched(&mut tx, import).await? } else { Vec::new() };
        for made in batch {
            let deleted = match kim {
                Some(kim) => drop_member(ctx, &mut tx, import, kim, made).await?,
                None if touched.contains(&made.subject_id) => false,
                None => drop_group(ctx, &mut tx, import, made).await?,
            };
            if deleted {
                store::forget_made(&mut tx, import.id, made.subject_id).await?;
                gone += 1;
            }
        }
        ctx.commit_plain(tx).await?;
    }
    Ok((ctx.kit.db.write().await?, gone))
}

async fn drop_group(ctx: &Ctx, tx: &mut Tx, import: &Import, made: &Made) -> Result<bool> {
    let Some(kim) = register::by_id(tx, made.subject_id).await? else { return Ok(true) };
    if !ctx.may(OVERSEERS, &kim.region, Some(kim.id)) {
        return Ok(false);
    }
    store::delete_group(tx, kim.id).await?;
    let data = json!({ "import": import.id }).to_string();
    tx.emit(Event { data, link: "/bina/impor".into(), ..step::event(ctx, &kim, "kim.group.removed") }).await?;
    Ok(true)
}

async fn drop_member(ctx: &Ctx, tx: &mut Tx, import: &Import, kim: &Kim, made: &Made) -> Result<bool> {
    let Some(member) = member::store::get(tx, kim.id, made.subject_id).await? else { return Ok(true) };
    if stamp(&member) != made.stamp {
        return Ok(false);
    }
    store::delete_member(tx, kim.id, member.id).await?;
    let data = json!({ "member": member.id, "import": import.id }).to_string();
    let event = step::event(ctx, kim, "kim.member.removed");
    tx.emit(Event { data, link: format!("/meja/kim/{}", kim.slug), ..event }).await?;
    Ok(true)
}
