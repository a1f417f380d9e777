//! SQL of coverage: one grouped query, whatever the number of KIM.
use base::{Conn, Result, sql};
use regions::policy::Policy;

use super::View;
use crate::reconfirm::SILENCE;
use crate::register::rules;

/// KIM at work below one code.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Groups {
    pub code: String,
    pub groups: i64,
    /// Villages that have one.
    pub reached: i64,
    pub decree: i64,
    pub hollow: i64,
    pub blank: i64,
    pub silent: i64,
}

/// KIM at work of a region by the first `length` signs of their code. The fewest members are those
/// of the nearest region that decided, as in `regions::policy`.
pub async fn groups(conn: &mut Conn, region: &str, length: usize, now: i64) -> Result<Vec<Groups>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select code, count(*) as groups, count(distinct region) as reached, cast(sum(decree) as bigint) as decree,
             cast(sum(hollow) as bigint) as hollow, cast(sum(blank) as bigint) as blank, cast(sum(silent) as bigint) as silent
         from (
             select substr(g.region, 1, cast($3 as integer)) as code, g.region as region,
                 case when d.id is null or d.expires_at <= $4 then 1 else 0 end as decree,
                 case when (select count(*) from kim_member m where m.group_id = g.id and m.left_at is null)
                     < cast(coalesce(p4.value, p3.value, p2.value, p1.value, p0.value, $5) as bigint) then 1 else 0 end as hollow,
                 case when g.connectivity = 'blank' then 1 else 0 end as blank,
                 case when g.status <> 'dormant' and q.id is not null then 1 else 0 end as silent
             from kim_group g
             left join kim_decree d on d.group_id = g.id and d.replaced_by is null
             left join kim_reconfirm q
                 on q.group_id = g.id and q.answered_at is null and q.closed_at is null and q.asked_at <= $6
             left join regions_policy p4 on p4.region = g.region and p4.policy = 'kim_size_min'
             left join regions_policy p3 on p3.region = substr(g.region, 1, 8) and p3.policy = 'kim_size_min'
             left join regions_policy p2 on p2.region = substr(g.region, 1, 5) and p2.policy = 'kim_size_min'
             left join regions_policy p1 on p1.region = substr(g.region, 1, 2) and p1.policy = 'kim_size_min'
             left join regions_policy p0 on p0.region = 'ID' and p0.policy = 'kim_size_min'
             where g.region >= $1 and g.region < $2 and g.status in ('verified', 'active', 'dormant')) counted
         group by code order by code",
        from,
        to,
        i64::try_from(length).unwrap_or(0),
        now,
        Policy::KimSizeMin.default_value(),
        now - SILENCE
    ))
    .await
}

/// Villages below one code.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Villages {
    pub code: String,
    pub villages: i64,
}

/// Villages that hold in a region, by the first `length` signs of their code.
pub async fn villages(conn: &mut Conn, region: &str, length: usize) -> Result<Vec<Villages>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select part as code, count(*) as villages
         from (select substr(code, 1, cast($3 as integer)) as part from regions_region
               where code >= $1 and code < $2 and level = 4 and valid_until is null) r
         group by part order by part",
        from,
        to,
        i64::try_from(length).unwrap_or(0)
    ))
    .await
}

/// A region's name, and the one above it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Name {
    pub code: String,
    pub name: String,
    pub up: String,
    pub above: String,
}

/// Names of the regions of a region whose codes have so many signs.
pub async fn names(conn: &mut Conn, region: &str, length: usize) -> Result<Vec<Name>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select r.code as code, r.name as name, r.parent as up, coalesce(p.name, '') as above
         from regions_region r left join regions_region p on p.code = r.parent
         where r.code >= $1 and r.code < $2 and length(r.code) = $3 and r.valid_until is null order by r.code",
        from,
        to,
        i64::try_from(length).unwrap_or(0)
    ))
    .await
}

/// A village without a KIM.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Village {
    pub code: String,
    pub name: String,
    pub above: String,
}

/// Villages of a region without a KIM at work, by code.
pub async fn empty(conn: &mut Conn, region: &str, after: &str, limit: i64) -> Result<Vec<Village>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select r.code as code, r.name as name, coalesce(p.name, '') as above
         from regions_region r left join regions_region p on p.code = r.parent
         where r.code >= $1 and r.code < $2 and r.code > $3 and r.level = 4 and r.valid_until is null
           and not exists (select 1 from kim_group g
                           where g.region = r.code and g.status in ('verified', 'active', 'dormant'))
         order by r.code limit $4",
        from,
        to,
        after,
        limit
    ))
    .await
}

/// A KIM that a view finds, with what tells why.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Found {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub region: String,
    pub region_name: String,
    pub above: String,
    pub number: Option<String>,
    pub members: i64,
    pub least: i64,
    pub decree: Option<String>,
    pub expires_at: Option<i64>,
    pub asked_at: Option<i64>,
}

/// KIM of a region that a view finds, by place.
pub async fn found(
    conn: &mut Conn,
    region: &str,
    view: View,
    after: Option<(String, i64)>,
    limit: i64,
    now: i64,
) -> Result<Vec<Found>> {
    let (from, to) = rules::subtree(region);
    let (place, id) = after.unwrap_or_default();
    conn.all(sql!(
        "select id, slug, name, region, region_name, above, number, members, least, decree, expires_at, asked_at
         from (
             select g.id as id, g.slug as slug, g.name as name, g.region as region, coalesce(r.name, g.region) as region_name,
                 coalesce(u.name, '') as above, g.number as number, g.status as status, g.connectivity as connectivity,
                 (select count(*) from kim_member m where m.group_id = g.id and m.left_at is null) as members,
                 cast(coalesce(p4.value, p3.value, p2.value, p1.value, p0.value, $4) as bigint) as least,
                 d.number as decree, d.expires_at as expires_at, q.asked_at as asked_at
             from kim_group g
             left join regions_region r on r.code = g.region left join regions_region u on u.code = r.parent
             left join kim_decree d on d.group_id = g.id and d.replaced_by is null
             left join kim_reconfirm q
                 on q.group_id = g.id and q.answered_at is null and q.closed_at is null and q.asked_at <= $6
             left join regions_policy p4 on p4.region = g.region and p4.policy = 'kim_size_min'
             left join regions_policy p3 on p3.region = substr(g.region, 1, 8) and p3.policy = 'kim_size_min'
             left join regions_policy p2 on p2.region = substr(g.region, 1, 5) and p2.policy = 'kim_size_min'
             left join regions_policy p1 on p1.region = substr(g.region, 1, 2) and p1.policy = 'kim_size_min'
             left join regions_policy p0 on p0.region = 'ID' and p0.policy = 'kim_size_min'
             where g.region >= $1 and g.region < $2 and g.status in ('verified', 'active', 'dormant')) k
         where (region, id) > ($7, $8)
           and (cast($3 as text) = 'sk' and (decree is null or expires_at <= $5)
                or $3 = 'anggota' and members < least
                or $3 = 'sinyal' and connectivity = 'blank'
                or $3 = 'jawab' and status <> 'dormant' and asked_at is not null)
         order by region, id limit $9",
        from,
        to,
        view.code(),
        Policy::KimSizeMin.default_value(),
        now,
        now - SILENCE,
        place,
        id,
        limit
    ))
    .await
}
