//! Carries an import out: the good rows become KIM or members, in small transactions, so that nobody
//! else waits long. A broken-off import goes on where it stopped.
use std::collections::HashMap;

use base::authz::Role;
use base::{Event, Tx};
use people::roles::{OPERATOR, VERIFIER};
use serde_json::json;
use web::{Ctx, Result};

use super::examine::{self, Checked, Wish};
use super::roster::Person;
use super::row::Draft;
use super::store::{self, Import};
use crate::register::{self, Kim, Status, rules, step};
use crate::term::{self, Held};
use crate::{decree, member, reconfirm};

/// Rows of one transaction.
const BATCH: i64 = 200;
/// Who may make an imported KIM a verified one.
pub const VERIFIERS: &[Role] = &[VERIFIER, OPERATOR];

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub made: i64,
    /// Good rows that were no longer good.
    pub refused: i64,
}

/// Imports what is good of the rows that wait, all but the last transaction committed. The last one
/// is returned open, for the answer to be kept in it.
pub async fn run(ctx: &Ctx, import: &Import, kim: Option<&Kim>, verified: bool) -> Result<(Tx, Outcome)> {
    let mut outcome = Outcome::default();
    let mut after = 0;
    loop {
        let mut conn = ctx.kit.db.read().await?;
        let rows = store::rows(&mut conn, import.id, true, after, BATCH).await?;
        let Some(last) = rows.last().map(|row| row.line) else {
            drop(conn);
            let tx = ctx.kit.db.write().await?;
            return Ok((tx, outcome));
        };
        // The register may have changed since the preview.
        let rows = rows.into_iter().map(|row| (row.line, row.cells)).collect();
        let checked = examine::all(ctx, &mut conn, kim, rows).await?;
        let places = places(&mut conn, &checked).await?;
        drop(conn);
        let mut tx = ctx.kit.db.write().await?;
        let mut step = Outcome::default();
        for row in checked {
            if !row.is_good() {
                store::refuse_row(&mut tx, import.id, row.line, &row.flaws).await?;
                step.refused += 1;
            } else if store::take_row(&mut tx, import.id, row.line).await? {
                match &row.wish {
                    Wish::Kim(draft) => add_kim(ctx, &mut tx, import.id, draft, &places, verified).await?,
                    Wish::Person(person) => add_person(ctx, &mut tx, import.id, kim, person).await?,
                }
                step.made += 1;
            }
        }
        store::set_progress(&mut tx, import.id, step.made, step.refused, false, ctx.now()).await?;
        ctx.commit_plain(tx).await?;
        outcome.made += step.made;
        outcome.refused += step.refused;
        after = last;
    }
}

/// Full names of the villages.
async fn places(conn: &mut base::Conn, rows: &[Checked]) -> Result<HashMap<String, String>> {
    let mut places = HashMap::new();
    for row in rows.iter().filter(|row| row.is_good() && !row.region().is_empty()) {
        if !places.contains_key(row.region()) {
            places.insert(row.region().to_owned(), regions::full_name(conn, row.region()).await?);
        }
    }
    Ok(places)
}

async fn add_kim(
    ctx: &Ctx,
    tx: &mut Tx,
    import: i64,
    draft: &Draft,
    places: &HashMap<String, String>,
    verified: bool,
) -> Result<()> {
    let now = ctx.now();
    let slug = register::store::free_slug(tx, &rules::slug_of(&draft.name)).await?;
    let place = places.get(&draft.region).map(String::as_str).unwrap_or_default();
    let needle = rules::needle(&draft.name, place, draft.number.as_deref());
    let new =
        register::store::NewKim { slug: &slug, name: &draft.name, needle: &needle, region: &draft.region, created_by: None };
    let id = register::store::add(tx, &new, now).await?;
    store::set_details(tx, id, draft, now).await?;
    if let Some(own) = &draft.decree {
        let new = decree::store::NewDecree {
            number: &own.number,
            issued_at: own.issued_at,
            signer: &own.signer,
            expires_at: None,
            scan: None,
            created_by: ctx.account_id(),
        };
        decree::store::add(tx, id, &new, now).await?;
    }
    let event = |kind: &str| Event {
        actor_id: ctx.account_id(),
        region: Some(draft.region.clone()),
        group_id: Some(id),
        link: format!("/kim/{slug}"),
        title: draft.name.clone(),
        data: json!({ "import": import }).to_string(),
        ..Event::new(now, kind, ("kim", id))
    };
    tx.emit(event("kim.group.created")).await?;
    if let Some(number) = draft.number.as_deref().filter(|_| verified && ctx.may(VERIFIERS, &draft.region, None)) {
        register::store::set_status(tx, id, Status::Draft, Status::Verified, now).await?;
        register::store::set_verified(tx, id, number, &needle, ctx.account_id(), now).await?;
        reconfirm::store::confirm(tx, id, now).await?;
        tx.emit(event("kim.group.verified")).await?;
    }
    // What any later event speaks of was changed since.
    let newest = store::last_event(tx).await?;
    store::add_made(tx, import, id, "", newest).await?;
    Ok(())
}

async fn add_person(ctx: &Ctx, tx: &mut Tx, import: i64, kim: Option<&Kim>, person: &Person) -> Result<()> {
    let Some(kim) = kim else { return Ok(()) };
    let new = member::store::NewMember {
        account_id: None,
        name: &person.name,
        office: person.office,
        division: &person.division,
        joined_at: person.joined_at,
        show: false,
    };
    let id = member::store::add(tx, kim.id, &new).await?;
    let held = Held {
        group: kim.id,
        region: &kim.region,
        member: id,
        office: person.office,
        division: &person.division,
        from: person.joined_at,
    };
    term::follow(tx, &held).await?;
    let event = step::event(ctx, kim, "kim.member.joined");
    let data = json!({ "member": id, "import": import }).to_string();
    tx.emit(Event { data, link: format!("/meja/kim/{}", kim.slug), ..event }).await?;
    let stamp = match member::store::get(tx, kim.id, id).await? {
        Some(member) => super::undo::stamp(&member),
        None => String::new(),
    };
    store::add_made(tx, import, id, &stamp, 0).await?;
    Ok(())
}
