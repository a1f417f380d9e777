//! Who may come near a KIM that is not, or not only, the public's.
use base::Conn;
use base::authz::{Actor, Role, Scope};
use people::roles::{EDITOR, MEMBER, OFFICER, OPERATOR, OVERSEERS};
use web::{Ctx, Error, Result};

use crate::register::{self, Kim, Status};

/// Those who work in a KIM, and the operator who helps them.
pub const INSIDERS: &[Role] = &[MEMBER, OFFICER, EDITOR, OPERATOR];
/// Those who keep its roster, decree and profile.
pub const KEEPERS: &[Role] = &[OFFICER, OPERATOR];
/// Those who may read its decree.
pub const DECREE_READERS: &[Role] = &[OFFICER, people::roles::VERIFIER, people::roles::FOSTERING, OPERATOR];

/// The KIM of an address for someone who holds one of `roles` over it. Whoever may not know of it
/// hears that it does not exist.
pub async fn own(ctx: &Ctx, conn: &mut Conn, slug: &str, roles: &[Role]) -> Result<Kim> {
    let Some(kim) = register::find(conn, slug).await? else { return Err(Error::Missing) };
    ctx.actor()?;
    if ctx.may(roles, &kim.region, Some(kim.id)) {
        return Ok(kim);
    }
    Err(if may_know(ctx, &kim) { Error::Forbidden } else { Error::Hidden })
}

/// The KIM of an address for someone who keeps its affairs, while there is something to keep.
pub async fn kept(ctx: &Ctx, conn: &mut Conn, slug: &str) -> Result<Kim> {
    let kim = own(ctx, conn, slug, KEEPERS).await?;
    match kim.status {
        Status::Dissolved => Err(Error::Conflict("kim-conflict-dissolved")),
        Status::Rejected => Err(Error::Conflict("kim-conflict-rejected")),
        _ => Ok(kim),
    }
}

/// The KIM of an address for someone who watches over its region.
pub async fn overseen(ctx: &Ctx, conn: &mut Conn, slug: &str) -> Result<Kim> {
    own(ctx, conn, slug, OVERSEERS).await
}

/// Whether the visitor may know that this KIM exists.
pub fn may_know(ctx: &Ctx, kim: &Kim) -> bool {
    kim.is_public() || ctx.may(INSIDERS, &kim.region, Some(kim.id)) || ctx.may(OVERSEERS, &kim.region, Some(kim.id))
}

/// Whether somebody holds a role in this very KIM.
pub fn is_inside(actor: &Actor, kim: i64) -> bool {
    actor.grants.iter().any(|grant| grant.scope == Scope::Group(kim))
}

/// A row id of an address; what is no number does not exist.
pub fn id_of(text: &str) -> Result<i64> {
    text.parse().map_err(|_| Error::Missing)
}
