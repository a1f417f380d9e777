//! SQL of moving stories.
use base::{Result, Tx, sql};

/// A story that moved, as it stands now.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Moved {
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub status: String,
    pub region: String,
    pub group_id: i64,
}

pub async fn to_group(tx: &mut Tx, from: i64, into: i64) -> Result<Vec<Moved>> {
    tx.all(sql!(
        "update newsroom_article set group_id = $2 where group_id = $1 returning id, slug, title, status, region, group_id",
        from,
        into
    ))
    .await
}

/// Stories of a group that lie in one region go to another, and so do their older versions: the place is the same.
pub async fn to_region(tx: &mut Tx, group: i64, was: &str, now: &str) -> Result<Vec<Moved>> {
    tx.run(sql!(
        "update newsroom_revision set region = $3
         where region = $2 and article_id in (select id from newsroom_article where group_id = $1)",
        group,
        was,
        now
    ))
    .await?;
    tx.all(sql!(
        "update newsroom_article set region = $3 where group_id = $1 and region = $2
         returning id, slug, title, status, region, group_id",
        group,
        was,
        now
    ))
    .await
}

/// All stories of a region go to another, with their older versions.
pub async fn all_to_region(tx: &mut Tx, was: &str, now: &str) -> Result<Vec<Moved>> {
    tx.run(sql!("update newsroom_revision set region = $2 where region = $1", was, now)).await?;
    tx.all(sql!(
        "update newsroom_article set region = $2 where region = $1 returning id, slug, title, status, region, group_id",
        was,
        now
    ))
    .await
}
