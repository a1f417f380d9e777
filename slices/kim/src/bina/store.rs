//! SQL of the fostering desk.
use base::{Conn, Result, sql};

use crate::register::rules;

/// Groups at work below one code of a map.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Count {
    pub code: String,
    pub groups: i64,
    pub dormant: i64,
}

/// Groups at work in a subtree by the first `length` signs of their code.
pub async fn counts(conn: &mut Conn, region: &str, length: i64) -> Result<Vec<Count>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select code, count(*) as groups, cast(sum(case when status = 'dormant' then 1 else 0 end) as bigint) as dormant
         from (select substr(region, 1, cast($3 as integer)) as code, status from kim_group
               where region >= $1 and region < $2 and status in ('verified', 'active', 'dormant')) g
         group by code order by code",
        from,
        to,
        length
    ))
    .await
}

/// A group to look after: asleep, or with a decree that has ended or soon will.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Weak {
    pub slug: String,
    pub name: String,
    pub logo: Option<String>,
    pub region_name: String,
    pub status: String,
    pub activity_last: Option<i64>,
    pub expires_at: Option<i64>,
    /// Since when the yearly question waits, if too long.
    pub silent_since: Option<i64>,
}

/// Groups to look after in a subtree: those asleep first, then the silent ones, then by the end of
/// their decree.
pub async fn weak(conn: &mut Conn, region: &str, until: i64, asked_before: i64, limit: i64) -> Result<Vec<Weak>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select g.slug as slug, g.name as name, g.logo as logo, coalesce(r.name, g.region) as region_name, g.status as status,
             p.activity_last as activity_last, d.expires_at as expires_at, q.asked_at as silent_since
         from kim_group g left join regions_region r on r.code = g.region left join kim_pulse p on p.group_id = g.id
         left join kim_decree d on d.group_id = g.id and d.replaced_by is null
         left join kim_reconfirm q on q.group_id = g.id and q.answered_at is null and q.closed_at is null and q.asked_at <= $5
         where g.region >= $1 and g.region < $2 and g.status in ('verified', 'active', 'dormant')
           and (g.status = 'dormant' or d.expires_at < $3 or q.asked_at is not null)
         order by case when g.status = 'dormant' then 0 when q.asked_at is not null then 1 else 2 end, coalesce(d.expires_at, 0), g.id limit $4",
        from,
        to,
        until,
        limit,
        asked_before
    ))
    .await
}
