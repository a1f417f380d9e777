//! The register of KIM: what a KIM is, what it still lacks, and the steps of its life.
pub mod look;
pub mod pages;
pub mod profile;
pub mod rules;
mod status;
pub mod step;
pub mod store;
pub mod submit;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use base::authz::{Actor, Role};
use base::{Conn, Result};
pub use status::{Hand, OPEN, Status, Step};

use crate::emblem;

/// A group as its own row holds it. Contacts are empty when there are none.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Kim {
    pub id: i64,
    pub slug: String,
    pub name: String,
    /// Dotted code.
    pub region: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    pub about: String,
    /// Epoch microseconds.
    pub founded_at: Option<i64>,
    /// The number given on verification (`kim_number`); never a citizen number.
    pub number: Option<String>,
    /// Codes of [`rules::THEMES`] between commas.
    pub themes: String,
    /// Name of a stored picture.
    pub logo: Option<String>,
    pub cover: Option<String>,
    /// As `+62…`.
    pub contact_phone: String,
    pub contact_email: String,
    pub contact_address: String,
    pub show_phone: bool,
    pub show_email: bool,
    pub show_address: bool,
    pub created_by: Option<i64>,
    pub created_at: i64,
    pub submitted_at: Option<i64>,
    pub verified_at: Option<i64>,
    pub verified_by: Option<i64>,
    /// Until when the region promised to decide on what was handed in.
    pub due_at: Option<i64>,
    /// The last decision on it: returned, rejected or verified.
    pub decided_at: Option<i64>,
    pub decided_by: Option<i64>,
    /// `unclaimed` or `claimed` for a listing that an import made; empty otherwise.
    pub listing: String,
    /// The group that it became part of.
    pub merged_into: Option<i64>,
}

impl Kim {
    /// Whether anyone may see its page: by its status, or as a listing.
    pub fn is_public(&self) -> bool {
        self.status.is_public() || self.is_listing()
    }

    /// Whether it came by an import and nobody verified it yet.
    pub fn is_listing(&self) -> bool {
        !self.listing.is_empty() && matches!(self.status, Status::Draft | Status::Submitted)
    }

    /// Whether nobody of the group has an account here yet.
    pub fn is_unclaimed(&self) -> bool {
        self.listing == "unclaimed" && self.status != Status::Dissolved
    }

    /// The themes it works on, as codes.
    pub fn themes(&self) -> Vec<&str> {
        self.themes.split(',').filter(|theme| !theme.is_empty()).collect()
    }

    /// The phone number if the group chose to publish it.
    pub fn public_phone(&self) -> Option<&str> {
        (self.show_phone && !self.contact_phone.is_empty()).then_some(self.contact_phone.as_str())
    }

    pub fn public_email(&self) -> Option<&str> {
        (self.show_email && !self.contact_email.is_empty()).then_some(self.contact_email.as_str())
    }

    pub fn public_address(&self) -> Option<&str> {
        (self.show_address && !self.contact_address.is_empty()).then_some(self.contact_address.as_str())
    }

    /// Path of its page.
    pub fn path(&self) -> String {
        format!("/kim/{}", self.slug)
    }

    /// Its logo or woven emblem, as safe HTML.
    pub fn mark(&self, big: bool) -> String {
        mark(self.logo.as_deref(), &self.slug, big)
    }
}

/// What a byline or a list needs of a group.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Brief {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub region: String,
    pub region_name: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    pub logo: Option<String>,
    pub number: Option<String>,
}

impl Brief {
    /// Its logo or woven emblem, as safe HTML.
    pub fn mark(&self) -> String {
        mark(self.logo.as_deref(), &self.slug, false)
    }
}

/// A logo or woven emblem, as safe HTML.
pub(crate) fn mark(logo: Option<&str>, slug: &str, big: bool) -> String {
    match logo {
        Some(name) => {
            let path = web::feed::escape(&base::pictures::path(name, 320, "webp"));
            let class = if big { "logo logo--big" } else { "logo" };
            format!("<img class=\"{class}\" src=\"{path}\" alt=\"\" width=\"88\" height=\"88\" loading=\"lazy\">")
        }
        None if big => emblem::emblem_big(slug),
        None => emblem::emblem(slug),
    }
}

/// The group of an address, or none. The address of a merged group is one of the group that it became
/// part of, whose own is another.
pub async fn find(conn: &mut Conn, slug: &str) -> Result<Option<Kim>> {
    let found = store::by_slug(conn, slug).await?;
    match found.as_ref().and_then(|kim| kim.merged_into) {
        Some(id) => store::by_id(conn, id).await,
        None => Ok(found),
    }
}

/// The group that an address means now: its own, one that it gave up, or one of a merged group.
pub async fn present(conn: &mut Conn, slug: &str) -> Result<Option<Kim>> {
    if let Some(kim) = find(conn, slug).await? {
        return Ok(Some(kim));
    }
    match store::moved(conn, slug).await? {
        Some(now) => find(conn, &now).await,
        None => Ok(None),
    }
}

/// The group of an id, or none.
pub async fn by_id(conn: &mut Conn, id: i64) -> Result<Option<Kim>> {
    store::by_id(conn, id).await
}

/// Briefs by id.
pub async fn briefs(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, Brief>> {
    let mut briefs = HashMap::new();
    for id in ids {
        if !briefs.contains_key(id)
            && let Some(brief) = store::brief(conn, *id).await?
        {
            briefs.insert(*id, brief);
        }
    }
    Ok(briefs)
}

/// The groups in which a person holds one of the roles, by name.
pub async fn of_actor(conn: &mut Conn, actor: &Actor, roles: &[Role]) -> Result<Vec<Brief>> {
    let ids = actor.groups(roles);
    let mut all: Vec<Brief> = briefs(conn, &ids).await?.into_values().collect();
    all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(all)
}
