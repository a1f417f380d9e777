//! SQL of the directory and of counts by region. Only groups at work are found here.
use base::{Conn, Result, sql};

use crate::register::{Status, rules};

/// A group as the directory lists it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub region: String,
    pub region_name: String,
    /// Name of the region above; empty when unknown.
    pub above: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    pub about: String,
    pub number: Option<String>,
    pub themes: String,
    pub logo: Option<String>,
    /// As of a KIM.
    pub listing: String,
}

impl Listed {
    /// Whether it came by an import and nobody verified it yet.
    pub fn is_listing(&self) -> bool {
        !self.status.is_open()
    }

    pub fn is_unclaimed(&self) -> bool {
        self.listing == "unclaimed"
    }

    pub fn mark(&self) -> String {
        crate::register::mark(self.logo.as_deref(), &self.slug, false)
    }

    /// Keys of the names of its themes.
    pub fn theme_keys(&self) -> Vec<&'static str> {
        self.themes.split(',').filter_map(rules::theme_key).collect()
    }

    /// "Pahandut Seberang, Pahandut".
    pub fn place(&self) -> String {
        if self.above.is_empty() { self.region_name.clone() } else { format!("{}, {}", self.region_name, self.above) }
    }
}

/// What to list. Empty texts filter nothing.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Words that name, place or number must hold; at most three count.
    pub q: String,
    pub region: String,
    pub theme: String,
    pub status: Option<Status>,
    /// Id of the last group of the page before.
    pub after: Option<i64>,
    pub limit: i64,
    /// Whether imported groups that nobody verified are listed too.
    pub listings: bool,
}

/// A page of groups at work, by name.
pub async fn list(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Listed>> {
    let (from, to) = rules::subtree(&wanted.region);
    let words = wanted.q.to_lowercase();
    let mut words = words.split_whitespace();
    let mut word = || words.next().unwrap_or_default().to_owned();
    let theme = if wanted.theme.is_empty() { String::new() } else { format!(",{},", wanted.theme) };
    conn.all(sql!(
        "select g.id as id, g.slug as slug, g.name as name, g.region as region, g.status as status, g.about as about,
             g.number as number, g.themes as themes, g.logo as logo, g.listing as listing,
             coalesce(r.name, g.region) as region_name, coalesce(p.name, '') as above
         from kim_group g left join regions_region r on r.code = g.region left join regions_region p on p.code = r.parent
         where g.region >= $1 and g.region < $2
           and (g.status in ('verified', 'active', 'dormant') or ($10 and g.listing <> '' and g.status in ('draft', 'submitted')))
           and (cast($3 as text) = '' or g.status = $3)
           and (cast($4 as text) = '' or replace(g.needle, $4, '') <> g.needle)
           and (cast($5 as text) = '' or replace(g.needle, $5, '') <> g.needle)
           and (cast($6 as text) = '' or replace(g.needle, $6, '') <> g.needle)
           and (cast($7 as text) = '' or replace(g.themes, $7, '') <> g.themes)
           and (cast($8 as bigint) is null or (g.needle, g.id) > (select a.needle, a.id from kim_group a where a.id = $8))
         order by g.needle, g.id limit $9",
        from,
        to,
        wanted.status.map_or("", Status::code),
        word(),
        word(),
        word(),
        theme,
        wanted.after,
        wanted.limit,
        wanted.listings
    ))
    .await
}

/// Groups at work in a subtree, and how many of its villages have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reach {
    pub groups: i64,
    pub villages: i64,
}

pub async fn reach(conn: &mut Conn, region: &str) -> Result<Reach> {
    let (from, to) = rules::subtree(region);
    conn.one(sql!(
        "select count(*) as groups, count(distinct region) as villages
         from kim_group where region >= $1 and region < $2 and status in ('verified', 'active', 'dormant')",
        from,
        to
    ))
    .await
}

/// Villages that hold in a subtree.
pub async fn villages(conn: &mut Conn, region: &str) -> Result<i64> {
    let (from, to) = rules::subtree(region);
    conn.int(sql!(
        "select count(*) as n from regions_region where code >= $1 and code < $2 and level = 4 and valid_until is null",
        from,
        to
    ))
    .await
}
