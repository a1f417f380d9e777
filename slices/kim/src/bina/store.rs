//! SQL of the fostering desk.
use base::{Conn, Result, sql};

use crate::register::rules;

/// A group that waits for verification.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Waiting {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub region: String,
    pub region_name: String,
    pub submitted_at: i64,
}

/// Groups waiting in any of the subtrees, the longest waiting first; at most fifty each.
pub async fn waiting(conn: &mut Conn, regions: &[String]) -> Result<Vec<Waiting>> {
    let mut all: Vec<Waiting> = Vec::new();
    for region in regions {
        let (from, to) = rules::subtree(region);
        let found = conn
            .all::<Waiting>(sql!(
                "select g.id as id, g.slug as slug, g.name as name, g.region as region,
                     coalesce(r.name, g.region) as region_name, coalesce(g.submitted_at, g.created_at) as submitted_at
                 from kim_group g left join regions_region r on r.code = g.region
                 where g.status = 'submitted' and g.region >= $1 and g.region < $2
                 order by coalesce(g.submitted_at, g.created_at), g.id limit 50",
                from,
                to
            ))
            .await?;
        all.extend(found);
    }
    all.sort_by_key(|one| (one.submitted_at, one.id));
    Ok(all)
}

/// How many wait in all.
pub async fn waiting_count(conn: &mut Conn, regions: &[String]) -> Result<i64> {
    let mut n = 0;
    for region in regions {
        let (from, to) = rules::subtree(region);
        n += conn
            .int(sql!(
                "select count(*) as n from kim_group where status = 'submitted' and region >= $1 and region < $2",
                from,
                to
            ))
            .await?;
    }
    Ok(n)
}

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
}

/// Groups to look after in a subtree: those asleep first, then by the end of their decree.
pub async fn weak(conn: &mut Conn, region: &str, until: i64, limit: i64) -> Result<Vec<Weak>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select g.slug as slug, g.name as name, g.logo as logo, coalesce(r.name, g.region) as region_name, g.status as status,
             p.activity_last as activity_last, d.expires_at as expires_at
         from kim_group g left join regions_region r on r.code = g.region left join kim_pulse p on p.group_id = g.id
         left join kim_decree d on d.id =
             (select l.id from kim_decree l where l.group_id = g.id order by l.issued_at desc, l.id desc limit 1)
         where g.region >= $1 and g.region < $2 and g.status in ('verified', 'active', 'dormant')
           and (g.status = 'dormant' or d.expires_at < $3)
         order by case when g.status = 'dormant' then 0 else 1 end, coalesce(d.expires_at, 0), g.id limit $4",
        from,
        to,
        until,
        limit
    ))
    .await
}
