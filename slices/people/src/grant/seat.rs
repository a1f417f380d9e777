//! A seat: one place with what a person holds there of their own. Handing over and standing in go by seats.
use base::authz::{Scope, within};
use base::{Conn, sql};
use web::{Ctx, Result};

use super::{Own, own};
use crate::roles;

/// A place with a person's own roles in it.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub scope: Scope,
    pub name: String,
    /// Code of the region it lies in.
    pub region: String,
    pub grants: Vec<Own>,
}

impl Seat {
    /// How an address names it: `kim-7` or `wilayah-62.71`.
    pub fn code(&self) -> String {
        code(&self.scope)
    }

    /// Keys of the roles held, in order.
    pub fn role_keys(&self) -> Vec<&'static str> {
        self.grants.iter().map(|grant| roles::key(&grant.role)).collect()
    }

    pub fn is_group(&self) -> bool {
        matches!(self.scope, Scope::Group(_))
    }
}

fn code(scope: &Scope) -> String {
    match scope {
        Scope::All => "semua".into(),
        Scope::Region(code) => format!("wilayah-{code}"),
        Scope::Group(id) => format!("kim-{id}"),
    }
}

/// The seats of an account. Keeping the system is no seat: the operator gives that role, nobody else.
pub(crate) async fn seats(ctx: &Ctx, conn: &mut Conn, account_id: i64) -> Result<Vec<Seat>> {
    let mut seats: Vec<Seat> = Vec::new();
    for grant in own(conn, account_id, ctx.now()).await? {
        if grant.scope == Scope::All {
            continue;
        }
        if let Some(seat) = seats.iter_mut().find(|seat| seat.scope == grant.scope) {
            seat.grants.push(grant);
            continue;
        }
        let named = ctx.name_of(conn, &grant.scope).await?;
        let (name, region) = named.map_or_else(|| bare(&grant.scope), |named| (named.name, named.region));
        seats.push(Seat { scope: grant.scope.clone(), name, region, grants: vec![grant] });
    }
    Ok(seats)
}

/// What to call a place that no slice knows.
fn bare(scope: &Scope) -> (String, String) {
    match scope {
        Scope::Region(code) => (code.clone(), code.clone()),
        other => (code(other), String::new()),
    }
}

/// Someone who works in the same place.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Colleague {
    pub id: i64,
    pub name: String,
}

/// People who can log in and hold something of their own in a group, or watch over a region or one
/// above it; without one account. At most two hundred.
pub(crate) async fn colleagues(conn: &mut Conn, scope: &Scope, but: i64, now: i64) -> Result<Vec<Colleague>> {
    Ok(match scope {
        Scope::All => Vec::new(),
        Scope::Group(group) => {
            conn.all(sql!(
                "select distinct a.id as id, a.name as name from people_grant g join people_account a on a.id = g.account_id
                 where g.group_id = $1 and a.id <> $2 and a.status = 'active' and g.delegated_from is null
                   and g.ended_at is null and g.from_at <= $3 and (g.until_at is null or g.until_at > $3)
                 order by a.name, a.id limit 200",
                *group,
                but,
                now
            ))
            .await?
        }
        Scope::Region(code) => {
            let all: Vec<Official> = conn
                .all(sql!(
                    "select distinct a.id as id, a.name as name, g.region as region
                     from people_grant g join people_account a on a.id = g.account_id
                     where g.reach = 'region' and a.id <> $2 and a.status = 'active' and g.delegated_from is null
                       and g.ended_at is null and g.from_at <= $3 and (g.until_at is null or g.until_at > $3)
                       and g.region in ($1, substr($1, 1, 8), substr($1, 1, 5), substr($1, 1, 2), '')
                     order by a.name, a.id limit 200",
                    code,
                    but,
                    now
                ))
                .await?;
            let mut found: Vec<Colleague> = Vec::new();
            for one in all.into_iter().filter(|one| within(code, &one.region)) {
                if found.iter().all(|known| known.id != one.id) {
                    found.push(Colleague { id: one.id, name: one.name });
                }
            }
            found
        }
    })
}

#[derive(sqlx::FromRow)]
struct Official {
    id: i64,
    name: String,
    region: String,
}
