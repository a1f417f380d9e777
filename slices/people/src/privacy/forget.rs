//! Forgetting a person: everything of theirs in every slice, in one transaction. What must stay (that
//! something happened, and that requests were answered) names a number that leads to nobody.
use base::authz::Scope;
use base::{Conn, Event, Later, Result, Tx};
use web::privacy::{Bond, Person, Personal, erase};

use super::{copy, register, rest, retention, store};
use crate::roles::OPERATOR;
use crate::{account, consent, grant, notice, session, token};

/// What this slice holds of people and how it lets go.
pub(crate) const PERSONAL: Personal = Personal {
    export: Some(|conn, person| Box::pin(copy::own(conn, person))),
    erase: Some(own),
    bonds: Some(bonds),
    holders: Some(|conn, table| Box::pin(holders(conn, table))),
    ..Personal::new(register::LINES, &[])
};

/// Erases a person in all slices. The caller has looked at what binds them.
pub(crate) async fn whole(all: &[Personal], tx: &mut Tx, person: &Person, by: Option<i64>, now: i64) -> Result<()> {
    erase(all, tx, person, now).await?;
    let event = Event { actor_id: by, ..Event::new(now, "people.account.erased", ("account", person.id)) };
    tx.emit(event).await?;
    base::jobs::enqueue(tx, retention::FOLD.kind, &serde_json::Value::Null, now, None).await
}

/// Erases an account that never came in: no other slice holds anything of it.
pub(super) async fn unborn(tx: &mut Tx, id: i64, now: i64) -> Result<()> {
    let Some(person) = store::person(tx, id).await? else { return Ok(()) };
    own(tx, &person, now).await?;
    tx.emit(Event::new(now, "people.account.erased", ("account", id))).await
}

async fn holders(conn: &mut Conn, table: &str) -> Result<Option<Vec<i64>>> {
    match store::holders(conn, table).await? {
        Some(ids) => Ok(Some(ids)),
        None => rest::holders(conn, table).await,
    }
}

fn own<'a>(tx: &'a mut Tx, person: &'a Person, now: i64) -> Later<'a, Result<()>> {
    Box::pin(async move {
        session::store::end_all(tx, person.id, None).await?;
        token::store::forget(tx, person.id).await?;
        rest::forget(tx, person.id, now).await?;
        blacken(tx, person).await?;
        notice::forget_person(tx, person.id).await?;
        consent::store::forget(tx, person.id).await?;
        store::blank(tx, person.id).await?;
        grant::end_all(tx, person.id, now).await?;
        account::store::erase(tx, person.id, super::FORMER, now).await?;
        Ok(())
    })
}

/// Takes name, numbers and addresses out of the reasons that the person gave others.
async fn blacken(tx: &mut Tx, person: &Person) -> Result<()> {
    for secret in person.names() {
        notice::blacken(tx, person.id, secret, super::FORMER).await?;
    }
    let covered = |reason: &str| person.names().fold(reason.to_owned(), |text, secret| text.replace(secret, super::FORMER));
    base::events::reword(tx, person.id, covered).await
}

/// Whoever alone keeps the system must first find another.
fn bonds<'a>(conn: &'a mut Conn, person: &'a Person, now: i64) -> Later<'a, Result<Vec<Bond>>> {
    Box::pin(async move {
        let operators = grant::owners(conn, OPERATOR, &Scope::All, now).await?;
        if operators != [person.id] {
            return Ok(Vec::new());
        }
        Ok(vec![Bond { key: "people-bond-operator", name: String::new(), link: "/kelola".into() }])
    })
}
