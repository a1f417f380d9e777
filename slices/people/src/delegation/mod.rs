//! Standing in: while someone is away, another holds the same roles for a while. It ends by itself, or
//! when the giver says so; who stands in cannot pass it on, widen it or prolong it.
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use askama::Template;
use base::clock::DAY;
use base::{Conn, Event, Later, Tx};
use serde_json::json;
use store::Lent;
use web::{Ctx, Error, Errors, Panel, Result, Spot, dates, filters};

use crate::grant::{self, Seat};

/// Longest absence: half a year. Who stays away longer hands over.
const LONGEST: i64 = 183 * DAY;

/// The days from and until which someone stands in; the last day counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Days {
    from_at: i64,
    until_at: i64,
}

/// Reads the two days. The first is today or later, the last not before it.
fn read_days(from: &str, until: &str, region: &str, now: i64, errors: &mut Errors) -> Days {
    let today = dates::parse_day(&dates::day(now, region), region).unwrap_or(now);
    let first = dates::parse_day(from, region).filter(|at| *at >= today);
    errors.check(first.is_some(), "mulai", "people-deputy-from-bad");
    // Today means from now on: nobody stood in for the hours that are over.
    let from_at = first.unwrap_or(today).max(now);
    let until_at = dates::parse_day(until, region).map(|day| day + DAY).filter(|end| *end > from_at);
    errors.check(until_at.is_some(), "sampai", "people-deputy-until-bad");
    let until_at = until_at.unwrap_or(from_at);
    errors.check(until_at - from_at <= LONGEST, "sampai", "people-deputy-long");
    Days { from_at, until_at }
}

/// Lends what the person of this request holds in a seat. Nothing that was lent to them goes along.
async fn lend(ctx: &Ctx, tx: &mut Tx, seat: &Seat, deputy: i64, days: Days) -> Result<i64> {
    let giver = ctx.actor()?.account_id;
    let mine = grant::own(tx, giver, ctx.now()).await?;
    let mine: Vec<_> = mine.into_iter().filter(|own| own.scope == seat.scope).collect();
    let fits = grant::colleagues(tx, &seat.scope, giver, ctx.now()).await?.iter().any(|one| one.id == deputy);
    if mine.is_empty() || !fits {
        return Err(Error::Forbidden);
    }
    let id = store::add(tx, giver, deputy, &seat.scope, &seat.name, days, ctx.now()).await?;
    for own in &mine {
        let until_at = own.until_at.map_or(days.until_at, |end| end.min(days.until_at));
        if until_at > days.from_at {
            if let Some(role) = crate::roles::parse(&own.role) {
                if !ctx.owns(&[role], &seat.region, seat.scope.group()) {
                    return Err(Error::Forbidden);
                }
                ctx.vet(tx, deputy, role, &own.scope, None).await?;
            }
            store::lend(tx, id, own, deputy, giver, Days { until_at, ..days }, ctx.now()).await?;
        }
    }
    let data = json!({ "deputy": deputy, "notify": [deputy], "notice": "people-notice-deputy" });
    tx.emit(Event { data: data.to_string(), ..event(ctx, id, seat, "people.delegation.given") }).await?;
    Ok(id)
}

fn event(ctx: &Ctx, id: i64, seat: &Seat, kind: &str) -> Event {
    Event {
        actor_id: ctx.account_id(),
        region: Some(seat.region.clone()).filter(|code| !code.is_empty()),
        group_id: seat.scope.group(),
        link: "/akun/pengganti".into(),
        title: seat.name.clone(),
        ..Event::new(ctx.now(), kind, ("delegation", id))
    }
}

#[derive(Template)]
#[template(path = "delegation/desk.html")]
struct DeskPanel {
    held: Vec<Lent>,
    given: Vec<Lent>,
    now: i64,
}

/// Tells both sides on their desks.
pub fn panels<'a>(ctx: &'a Ctx, conn: &'a mut Conn, spot: &'a Spot) -> Later<'a, Result<Vec<Panel>>> {
    Box::pin(async move {
        if *spot != Spot::Desk {
            return Ok(Vec::new());
        }
        let me = ctx.actor()?.account_id;
        let held = store::held(conn, me, ctx.now()).await?;
        let given = store::given(conn, me, ctx.now()).await?;
        if held.is_empty() && given.is_empty() {
            return Ok(Vec::new());
        }
        let html = ctx.render(&DeskPanel { held, given, now: ctx.now() })?;
        Ok(vec![Panel { order: 5, side: true, html }])
    })
}
