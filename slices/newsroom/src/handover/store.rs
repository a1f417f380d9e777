//! SQL of stories that were handed over.
use base::{Conn, Result, Tx, sql};

use crate::article::Status;

/// A story whose pen moves.
#[derive(sqlx::FromRow)]
pub(super) struct Story {
    pub id: i64,
    pub title: String,
    pub region: String,
}

/// Stories of a writer in a group that the writer still holds, and with `all` those handed in too.
pub(super) async fn unfinished(conn: &mut Conn, group: i64, author: i64, all: bool) -> Result<Vec<Story>> {
    conn.all(sql!(
        "select id, title, region from newsroom_article
         where author_id = $2 and group_id = $1 and (status in ('draft', 'changes') or ($3 and status in ('review', 'approval')))
         order by id",
        group,
        author,
        all
    ))
    .await
}

pub(super) async fn pass_on(tx: &mut Tx, handover: i64, article: i64, to: i64) -> Result<()> {
    tx.run(sql!("update newsroom_article set author_id = $2 where id = $1", article, to)).await?;
    tx.run(sql!(
        "insert into newsroom_handover (handover_id, article_id) values ($1, $2) on conflict (handover_id, article_id) do nothing",
        handover,
        article
    ))
    .await?;
    Ok(())
}

/// A story of a record.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Moved {
    pub id: i64,
    pub title: String,
    pub group_id: i64,
    pub region: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
}

pub(super) async fn moved(conn: &mut Conn, handover: i64) -> Result<Vec<Moved>> {
    conn.all(sql!(
        "select a.id as id, a.title as title, a.group_id as group_id, a.region as region, a.status as status
         from newsroom_handover h join newsroom_article a on a.id = h.article_id where h.handover_id = $1 order by a.id",
        handover
    ))
    .await
}
