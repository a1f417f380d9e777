//! What other slices call a KIM: the name of a role's place, and finding one by what a person typed.
use base::authz::Scope;
use base::{Conn, Later, Result};
use web::{FoundGroup, Named};

use crate::register::{self, rules, store};

/// Groups offered when several fit.
const FEW: i64 = 12;

/// Names a group's scope.
pub fn name_of<'a>(conn: &'a mut Conn, scope: &'a Scope) -> Later<'a, Result<Option<Named>>> {
    Box::pin(async move {
        let Scope::Group(id) = scope else { return Ok(None) };
        let kim = register::by_id(conn, *id).await?;
        Ok(kim.map(|kim| Named { path: kim.path(), name: kim.name, region: kim.region }))
    })
}

/// The group of an address, or those whose name begins with the words.
pub fn find_group<'a>(conn: &'a mut Conn, typed: &'a str) -> Later<'a, Result<Vec<FoundGroup>>> {
    Box::pin(async move {
        let typed = rules::tidy(typed).to_lowercase();
        let slug = typed.rsplit('/').next().unwrap_or_default();
        if let Some(kim) = register::find(conn, slug).await? {
            let place = regions::full_name(conn, &kim.region).await.unwrap_or_default();
            return Ok(vec![FoundGroup { id: kim.id, slug: kim.slug, name: kim.name, place }]);
        }
        if typed.is_empty() {
            return Ok(Vec::new());
        }
        let found = store::beginning_with(conn, &typed, FEW).await?;
        let named = found.into_iter().map(|brief| FoundGroup {
            id: brief.id,
            slug: brief.slug,
            name: brief.name,
            place: brief.region_name,
        });
        Ok(named.collect())
    })
}
