//! SQL of derived activity.
use base::{Conn, Result, Tx, sql};

/// Articles published in one month.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct Month {
    /// Like `2026-11`.
    pub month: String,
    pub articles: i64,
}

/// Notes an article; false when it was noted before: the first publication counts.
pub async fn put(tx: &mut Tx, article: i64, group: i64, month: &str, at: i64) -> Result<bool> {
    let put = tx
        .run(sql!(
            "insert into kim_published (article_id, group_id, month, at) values ($1, $2, $3, $4) on conflict (article_id) do nothing",
            article,
            group,
            month,
            at
        ))
        .await?;
    Ok(put == 1)
}

/// Counts one article more in a month of a group.
pub async fn count_one(tx: &mut Tx, group: i64, month: &str, at: i64) -> Result<()> {
    tx.run(sql!(
        "insert into kim_activity (group_id, month, articles) values ($1, $2, 1)
         on conflict (group_id, month) do update set articles = kim_activity.articles + 1",
        group,
        month
    ))
    .await?;
    tx.run(sql!(
        "insert into kim_pulse (group_id, activity_last) values ($1, $2)
         on conflict (group_id) do update set activity_last = excluded.activity_last
             where excluded.activity_last > kim_pulse.activity_last",
        group,
        at
    ))
    .await?;
    Ok(())
}

/// Forgets a withdrawn article; the month it counted in.
pub async fn take_back(tx: &mut Tx, article: i64) -> Result<Option<String>> {
    let found: Option<(String,)> =
        tx.first(sql!("delete from kim_published where article_id = $1 returning month", article)).await?;
    Ok(found.map(|row| row.0))
}

/// Gives an article to another group; the group that had it and the month it counted in, when that changed.
pub async fn give(tx: &mut Tx, article: i64, group: i64) -> Result<Option<(i64, String)>> {
    let was: Option<(i64, String)> = tx
        .first(sql!("select group_id, month from kim_published where article_id = $1 and group_id <> $2", article, group))
        .await?;
    if was.is_some() {
        tx.run(sql!("update kim_published set group_id = $2 where article_id = $1", article, group)).await?;
    }
    Ok(was)
}

/// Counts a month of a group anew, and when the group was last active.
pub async fn count(tx: &mut Tx, group: i64, month: &str) -> Result<()> {
    tx.run(sql!(
        "insert into kim_activity (group_id, month, articles)
         values ($1, $2, (select count(*) from kim_published where group_id = $1 and month = $2))
         on conflict (group_id, month) do update set articles = excluded.articles",
        group,
        month
    ))
    .await?;
    tx.run(sql!("delete from kim_pulse where group_id = $1", group)).await?;
    tx.run(sql!(
        "insert into kim_pulse (group_id, activity_last)
         select group_id, at from kim_published where group_id = $1 order by at desc limit 1",
        group
    ))
    .await?;
    Ok(())
}

/// Counts the articles of a group that became part of another with those of the other.
pub async fn merge(tx: &mut Tx, from: i64, into: i64) -> Result<()> {
    let months: Vec<(String,)> =
        tx.all(sql!("select distinct month from kim_published where group_id = $1 order by month", from)).await?;
    tx.run(sql!("update kim_published set group_id = $2 where group_id = $1", from, into)).await?;
    for (month,) in months {
        count(tx, from, &month).await?;
        count(tx, into, &month).await?;
    }
    Ok(())
}

pub async fn forget(tx: &mut Tx) -> Result<()> {
    tx.run(sql!("delete from kim_published")).await?;
    tx.run(sql!("delete from kim_activity")).await?;
    tx.run(sql!("delete from kim_pulse")).await?;
    Ok(())
}

/// Months of a group in which something was published, newest first, at most two years of them.
pub async fn months(conn: &mut Conn, group: i64) -> Result<Vec<Month>> {
    conn.all(sql!(
        "select month, articles from kim_activity where group_id = $1 and articles > 0 order by month desc limit 24",
        group
    ))
    .await
}

/// When a group last published; none when it never did.
pub async fn last(conn: &mut Conn, group: i64) -> Result<Option<i64>> {
    let found: Option<(i64,)> = conn.first(sql!("select activity_last from kim_pulse where group_id = $1", group)).await?;
    Ok(found.map(|row| row.0))
}
