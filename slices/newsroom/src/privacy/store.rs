//! SQL of what the newsroom holds of one person.
use base::{Conn, Result, Tx, sql};

/// A story of a person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Written {
    pub id: i64,
    pub slug: String,
    pub group_id: i64,
    pub region: String,
    pub title: String,
    pub lead: String,
    pub body: String,
    pub status: String,
    pub created_at: i64,
    pub published_at: Option<i64>,
}

pub async fn written(conn: &mut Conn, account_id: i64) -> Result<Vec<Written>> {
    conn.all(sql!(
        "select id, slug, group_id, region, title, lead, body, status, created_at, published_at
         from newsroom_article where author_id = $1 order by id",
        account_id
    ))
    .await
}

/// A remark of a person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Remark {
    pub at: i64,
    pub body: String,
    pub kind: String,
}

pub async fn remarks(conn: &mut Conn, account_id: i64) -> Result<Vec<Remark>> {
    conn.all(sql!("select at, body, kind from newsroom_comment where account_id = $1 order by id", account_id)).await
}

/// Deletes a story with all that hangs on it.
pub async fn drop_story(tx: &mut Tx, id: i64) -> Result<()> {
    tx.run(sql!("delete from newsroom_article where id = $1", id)).await?;
    Ok(())
}

/// Takes a person's name off their stories and off versions of others' that they wrote.
pub async fn unsign(tx: &mut Tx, account_id: i64, name: &str) -> Result<()> {
    tx.run(sql!("update newsroom_article set author_id = null, author_name = $2 where author_id = $1", account_id, name)).await?;
    tx.run(sql!("update newsroom_revision set account_id = null, account_name = $2 where account_id = $1", account_id, name))
        .await?;
    Ok(())
}

/// Takes a name off the credits of a story's photos.
pub async fn unsign_photos(tx: &mut Tx, article_id: i64, name: &str, instead: &str) -> Result<()> {
    tx.run(sql!("update newsroom_photo set credit = $3 where article_id = $1 and credit = $2", article_id, name, instead))
        .await?;
    Ok(())
}

/// Takes a name, number or address out of the words of a person's remarks.
pub async fn blacken(tx: &mut Tx, account_id: i64, secret: &str, instead: &str) -> Result<()> {
    tx.run(sql!("update newsroom_comment set body = replace(body, $2, $3) where account_id = $1", account_id, secret, instead))
        .await?;
    Ok(())
}

/// Takes a person's name off their remarks.
pub async fn unsign_remarks(tx: &mut Tx, account_id: i64, name: &str) -> Result<()> {
    tx.run(sql!("update newsroom_comment set account_name = $2 where account_id = $1", account_id, name)).await?;
    Ok(())
}

/// The accounts of which a table of this slice holds something.
pub async fn holders(conn: &mut Conn, table: &str) -> Result<Option<Vec<i64>>> {
    let query = match table {
        "newsroom_article" => {
            sql!("select distinct author_id as id from newsroom_article where author_id is not null order by author_id")
        }
        "newsroom_revision" => {
            sql!("select distinct account_id as id from newsroom_revision where account_id is not null order by account_id")
        }
        "newsroom_photo" => sql!(
            "select distinct a.author_id as id from newsroom_photo p join newsroom_article a on a.id = p.article_id
             where a.author_id is not null order by a.author_id"
        ),
        "newsroom_comment" => {
            sql!("select distinct account_id as id from newsroom_comment where account_id is not null order by account_id")
        }
        _ => return Ok(None),
    };
    let rows: Vec<(i64,)> = conn.all(query).await?;
    Ok(Some(rows.into_iter().map(|row| row.0).collect()))
}
