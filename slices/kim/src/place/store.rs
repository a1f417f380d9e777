//! SQL of places.
use base::{Conn, Result, Tx, sql};

use crate::register::rules;

/// A KIM with what of it depends on its village.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Placed {
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub number: Option<String>,
    pub region: String,
}

/// All KIM of one village, those that are over too.
pub async fn standing(conn: &mut Conn, region: &str) -> Result<Vec<Placed>> {
    conn.all(sql!("select id, slug, name, number, region from kim_group where region = $1 order by id", region)).await
}

pub async fn count(conn: &mut Conn, region: &str) -> Result<i64> {
    conn.int(sql!("select count(*) as n from kim_group where region = $1", region)).await
}

pub async fn set_region(tx: &mut Tx, id: i64, region: &str, needle: &str, now: i64) -> Result<()> {
    tx.run(sql!("update kim_group set region = $2, needle = $3, updated_at = $4 where id = $1", id, region, needle, now)).await?;
    Ok(())
}

/// KIM of the subtrees whose village ended, by village and name; at most two hundred each.
pub async fn undecided(conn: &mut Conn, regions: &[String]) -> Result<Vec<Placed>> {
    let mut all = Vec::new();
    for region in regions {
        let (from, to) = rules::subtree(region);
        let found: Vec<Placed> = conn
            .all(sql!(
                "select g.id as id, g.slug as slug, g.name as name, g.number as number, g.region as region
                 from regions_region r join kim_group g on g.region = r.code
                 where r.valid_until is not null and r.code >= $1 and r.code < $2 order by g.region, g.needle, g.id limit 200",
                from,
                to
            ))
            .await?;
        all.extend(found);
    }
    Ok(all)
}
