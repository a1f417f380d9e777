//! SQL of photos.
use base::pictures::Stored;
use base::{Conn, Result, Tx, sql};

/// A photo of an article.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Photo {
    pub id: i64,
    pub article_id: i64,
    /// For `/media/{name}-{width}.webp`.
    pub name: String,
    /// Upright size of the original, in pixels.
    pub width: i64,
    pub height: i64,
    /// What a reader who does not see it is told.
    pub alt: String,
    pub caption: String,
    pub credit: String,
    pub position: i64,
}

impl Photo {
    /// Path of one size: 320, 800 or 1600 pixels wide.
    pub fn path(&self, width: u32) -> String {
        base::pictures::path(&self.name, width, "webp")
    }
}

/// The photos of an article in order.
pub async fn of(conn: &mut Conn, article_id: i64) -> Result<Vec<Photo>> {
    conn.all(sql!(
        "select id, article_id, name, width, height, alt, caption, credit, position
         from newsroom_photo where article_id = $1 order by position, id",
        article_id
    ))
    .await
}

/// Adds a stored picture to an article.
pub async fn add(tx: &mut Tx, article_id: i64, stored: &Stored, position: i64, now: i64) -> Result<i64> {
    tx.int(sql!(
        "insert into newsroom_photo (article_id, name, width, height, alt, caption, credit, position, created_at)
         values ($1, $2, $3, $4, '', '', '', $5, $6) returning id",
        article_id,
        &stored.name,
        stored.width,
        stored.height,
        position,
        now
    ))
    .await
}

/// Writes the words of a photo.
pub async fn describe(tx: &mut Tx, id: i64, alt: &str, caption: &str, credit: &str) -> Result<()> {
    tx.run(sql!("update newsroom_photo set alt = $2, caption = $3, credit = $4 where id = $1", id, alt, caption, credit)).await?;
    Ok(())
}

/// Puts a photo at a place in the row.
pub async fn place(tx: &mut Tx, id: i64, position: i64) -> Result<()> {
    tx.run(sql!("update newsroom_photo set position = $2 where id = $1", id, position)).await?;
    Ok(())
}

/// Forgets a photo.
pub async fn remove(tx: &mut Tx, id: i64) -> Result<()> {
    tx.run(sql!("delete from newsroom_photo where id = $1", id)).await?;
    Ok(())
}
