//! The stories of a KIM as rows of its archive, described in docs/EXPORT-KIM.md.
mod store;
#[cfg(test)]
mod tests;

use base::{Conn, Kit, Later, Result};
use serde::{Deserialize, Serialize};
use web::dates;
use web::slice::ArchiveRows;

use crate::article::Article;

/// A story, whatever its status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArticleRow {
    pub id: i64,
    pub slug: String,
    /// Addresses that it gave up.
    pub former_slugs: Vec<String>,
    /// Dotted code.
    pub region: String,
    pub author: Option<i64>,
    pub author_name: String,
    pub title: String,
    pub lead: String,
    pub body_html: String,
    pub category: String,
    pub tags: Vec<String>,
    pub language: String,
    pub status: String,
    /// Id of a row of `photos`.
    pub cover: Option<i64>,
    /// RFC 3339, as all times.
    pub created_at: String,
    pub updated_at: String,
    pub published_at: Option<String>,
    pub withdrawn_at: Option<String>,
    pub withdrawn_reason: Option<String>,
    pub source_url: Option<String>,
}

/// A photo of a story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhotoRow {
    pub id: i64,
    pub article: i64,
    /// Path in the archive.
    pub file: String,
    pub width: i64,
    pub height: i64,
    pub alt: String,
    pub caption: String,
    pub credit: String,
    pub position: i64,
}

fn row(article: Article, former_slugs: Vec<String>) -> ArticleRow {
    let iso = |at: i64| dates::iso(at, &article.region);
    ArticleRow {
        id: article.id,
        former_slugs,
        author: article.author_id,
        tags: article.tags(),
        status: article.status.name().into(),
        cover: article.cover_id,
        created_at: iso(article.created_at),
        updated_at: iso(article.updated_at),
        published_at: article.published_at.map(iso),
        withdrawn_at: article.withdrawn_at.map(iso),
        slug: article.slug,
        author_name: article.author_name,
        title: article.title,
        lead: article.lead,
        body_html: article.body,
        category: article.category,
        language: article.lang,
        withdrawn_reason: article.withdrawn_reason,
        source_url: article.source_url,
        region: article.region,
    }
}

/// What the newsroom keeps of a group.
pub fn archive<'a>(_kit: &'a Kit, conn: &'a mut Conn, group: i64) -> Later<'a, Result<Vec<ArchiveRows>>> {
    Box::pin(async move {
        let (mut articles, mut photos, mut files) = (Vec::new(), Vec::new(), Vec::new());
        let mut after = 0;
        loop {
            let ids = store::ids(conn, group, after).await?;
            let Some(last) = ids.last().copied() else { break };
            for id in ids {
                let Some(article) = crate::article::store::by_id(conn, id).await? else { continue };
                for photo in crate::media::store::of(conn, id).await? {
                    let (file, key) = kim::picture(&photo.name);
                    files.push((file.clone(), key));
                    let (width, height, position) = (photo.width, photo.height, photo.position);
                    let (alt, caption, credit) = (photo.alt, photo.caption, photo.credit);
                    let one = PhotoRow { id: photo.id, article: id, file, width, height, alt, caption, credit, position };
                    photos.push(serde_json::to_value(one).map_err(anyhow::Error::from)?);
                }
                let slugs = store::former_slugs(conn, id).await?;
                articles.push(serde_json::to_value(row(article, slugs)).map_err(anyhow::Error::from)?);
            }
            after = last;
        }
        Ok(vec![
            ArchiveRows { name: "articles", rows: articles, files: Vec::new() },
            ArchiveRows { name: "photos", rows: photos, files },
        ])
    })
}
