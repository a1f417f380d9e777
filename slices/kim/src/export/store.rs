//! SQL of the tables that are taken out.
use base::{Conn, Result, sql};

use crate::member::Member;
use crate::public::store::Wanted;
use crate::register::{Status, rules};

/// A KIM as the table has it. Contacts are there whether or not the group publishes them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Line {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub number: Option<String>,
    pub region: String,
    pub village: String,
    pub district: String,
    pub regency: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    pub themes: String,
    pub about: String,
    pub founded_at: Option<i64>,
    pub verified_at: Option<i64>,
    pub contact_phone: String,
    pub contact_email: String,
    pub contact_address: String,
    pub show_phone: bool,
    pub show_email: bool,
    pub show_address: bool,
    pub decree_number: Option<String>,
    pub decree_signer: Option<String>,
    pub decree_at: Option<i64>,
    pub decree_until: Option<i64>,
    pub members: i64,
}

/// A page of the register, in the order of the directory. `whole` adds what is not at work.
pub async fn lines(conn: &mut Conn, wanted: &Wanted, whole: bool) -> Result<Vec<Line>> {
    let (from, to) = rules::subtree(&wanted.region);
    let words = wanted.q.to_lowercase();
    let mut words = words.split_whitespace();
    let mut word = || words.next().unwrap_or_default().to_owned();
    let theme = if wanted.theme.is_empty() { String::new() } else { format!(",{},", wanted.theme) };
    conn.all(sql!(
        "select g.id as id, g.slug as slug, g.name as name, g.number as number, g.region as region, g.status as status,
             g.themes as themes, g.about as about, g.founded_at as founded_at, g.verified_at as verified_at,
             g.contact_phone as contact_phone, g.contact_email as contact_email, g.contact_address as contact_address,
             g.show_phone as show_phone, g.show_email as show_email, g.show_address as show_address,
             coalesce(r.name, '') as village, coalesce(p.name, '') as district, coalesce(k.name, '') as regency,
             d.number as decree_number, d.signer as decree_signer, d.issued_at as decree_at, d.expires_at as decree_until,
             (select count(*) from kim_member m where m.group_id = g.id and m.left_at is null) as members
         from kim_group g left join regions_region r on r.code = g.region left join regions_region p on p.code = r.parent
         left join regions_region k on k.code = p.parent
         left join kim_decree d on d.id =
             (select l.id from kim_decree l where l.group_id = g.id order by l.issued_at desc, l.id desc limit 1)
         where g.region >= $1 and g.region < $2 and ($10 or g.status in ('verified', 'active', 'dormant'))
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
        whole
    ))
    .await
}

/// All members of a group, those who left too.
pub async fn members(conn: &mut Conn, group: i64) -> Result<Vec<Member>> {
    conn.all(sql!(
        "select id, account_id, name, office, division, joined_at, left_at, show, skills, skills_other, languages, languages_other
         from kim_member where group_id = $1 order by id",
        group
    ))
    .await
}

/// When a group was last known to be at work.
pub async fn confirmed_at(conn: &mut Conn, group: i64) -> Result<Option<i64>> {
    let row: (Option<i64>,) = conn.one(sql!("select confirmed_at from kim_group where id = $1", group)).await?;
    Ok(row.0)
}

/// Addresses that a group gave up.
pub async fn former_slugs(conn: &mut Conn, group: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = conn
        .all(sql!(
            "select slug from kim_slug where group_id = $1 union select slug from kim_group where merged_into = $1 order by slug",
            group
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
