//! SQL of KIM without a keeper.
use base::{Conn, Result, sql};

use crate::register::{Status, rules};

/// A KIM that nobody keeps.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Orphan {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub region_name: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    /// When the open invitation to a new officer ends.
    pub invited_until: Option<i64>,
}

/// Those of a subtree after an id; with `listings` those that an import made and nobody has claimed. An officer counts who holds the role of their own and can log in.
pub(super) async fn list(conn: &mut Conn, region: &str, listings: bool, after: i64, limit: i64, now: i64) -> Result<Vec<Orphan>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select g.id as id, g.slug as slug, g.name as name, coalesce(r.name, g.region) as region_name, g.status as status,
             (select max(i.ends_at) from people_invite i where coalesce(i.group_id, 0) = g.id and i.role = 'officer'
                  and i.used_at is null and i.revoked_at is null and i.ends_at > $5) as invited_until
         from kim_group g left join regions_region r on r.code = g.region
         where g.region >= $1 and g.region < $2 and g.status <> 'dissolved' and g.id > $3
           and (case when g.listing = 'unclaimed' then 1 else 0 end) = $6
           and not exists (select 1 from people_grant p join people_account a on a.id = p.account_id
               where p.group_id = g.id and p.role = 'officer' and p.ended_at is null and p.delegated_from is null
                 and p.from_at <= $5 and (p.until_at is null or p.until_at > $5) and a.status = 'active')
         order by g.id limit $4",
        from,
        to,
        after,
        limit,
        now,
        i64::from(listings)
    ))
    .await
}

/// How many wait for someone to be named, listings left out; a hundred at most.
pub(super) async fn count(conn: &mut Conn, region: &str, now: i64) -> Result<i64> {
    let (from, to) = rules::subtree(region);
    conn.int(sql!(
        "select count(*) as n from (select 1 as one from kim_group g
             where g.region >= $1 and g.region < $2 and g.status <> 'dissolved' and g.listing <> 'unclaimed'
               and not exists (select 1 from people_grant p join people_account a on a.id = p.account_id
                   where p.group_id = g.id and p.role = 'officer' and p.ended_at is null and p.delegated_from is null
                     and p.from_at <= $3 and (p.until_at is null or p.until_at > $3) and a.status = 'active')
               and not exists (select 1 from people_invite i where coalesce(i.group_id, 0) = g.id and i.role = 'officer'
                   and i.used_at is null and i.revoked_at is null and i.ends_at > $3)
             limit 100) w",
        from,
        to,
        now
    ))
    .await
}
