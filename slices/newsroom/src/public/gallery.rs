//! The latest photos of a group's published stories.
use base::{Conn, Result, sql};

/// A photo with the story that it belongs to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Shown {
    pub name: String,
    pub alt: String,
    pub slug: String,
    pub title: String,
}

impl Shown {
    /// Path of the small size; `end` is `webp` or `jpg`.
    pub fn path(&self, end: &str) -> String {
        base::pictures::path(&self.name, 320, end)
    }
}

pub async fn of_group(conn: &mut Conn, group: i64, limit: i64) -> Result<Vec<Shown>> {
    conn.all(sql!(
        "select p.name as name, p.alt as alt, a.slug as slug, a.title as title
         from newsroom_article a join newsroom_photo p on p.article_id = a.id
         where a.group_id = $1 and a.status = 'published' and a.published_at is not null
         order by a.published_at desc, a.id desc, p.position, p.id limit $2",
        group,
        limit
    ))
    .await
}
