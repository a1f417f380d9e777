//! The stories of a KIM as rows of its archive, described in docs/EXPORT-KIM.md.
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use base::{Conn, Kit, Later, Result};
use serde::{Deserialize, Serialize};
use web::dates;
use web::slice::{ArchiveRows, Archived};

use crate::article::Article;
use crate::review;

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
    /// Whether readers may be told the name: the writer agrees, or had no account to be asked.
    #[serde(default)]
    pub author_named: bool,
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
    /// The region's officer withdrew it.
    #[serde(default)]
    pub withdrawn_above: bool,
    #[serde(default)]
    pub submitted_at: Option<String>,
    pub source_url: Option<String>,
    /// Names a story of another site, so that it does not come in from there again.
    #[serde(default)]
    pub source_key: Option<String>,
    /// Paths under which another site kept it.
    #[serde(default)]
    pub former_paths: Vec<String>,
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

/// The words of a story at one moment, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RevisionRow {
    pub id: i64,
    pub article: i64,
    pub at: String,
    /// Name of who saved it.
    pub by: String,
    pub title: String,
    pub lead: String,
    pub body_html: String,
    /// `restored` where an older text was brought back, otherwise empty.
    pub note: String,
    /// What stood beside the words; null where it was not kept.
    #[serde(default)]
    pub category: Option<String>,
    #[serde(default)]
    pub tags: Option<Vec<String>>,
    #[serde(default)]
    pub lang: Option<String>,
    #[serde(default)]
    pub region: Option<String>,
}

/// A remark on a story, from its readers before publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemarkRow {
    pub id: i64,
    pub article: i64,
    pub at: String,
    pub by: String,
    pub body: String,
    /// `comment`, `changes` for a request, `approval` for a word of the region's officer.
    pub kind: String,
}

/// What stands beside the row of a story.
struct Beside {
    former_slugs: Vec<String>,
    former_paths: Vec<String>,
    author_named: bool,
}

fn row(article: Article, beside: Beside) -> ArticleRow {
    let iso = |at: i64| dates::iso(at, &article.region);
    ArticleRow {
        id: article.id,
        former_slugs: beside.former_slugs,
        former_paths: beside.former_paths,
        author_named: beside.author_named,
        author: article.author_id,
        tags: article.tags(),
        status: article.status.name().into(),
        cover: article.cover_id,
        created_at: iso(article.created_at),
        updated_at: iso(article.updated_at),
        published_at: article.published_at.map(iso),
        withdrawn_at: article.withdrawn_at.map(iso),
        withdrawn_above: article.withdrawn_above,
        submitted_at: article.submitted_at.map(iso),
        slug: article.slug,
        author_name: article.author_name,
        title: article.title,
        lead: article.lead,
        body_html: article.body,
        category: article.category,
        language: article.lang,
        withdrawn_reason: article.withdrawn_reason,
        source_url: article.source_url,
        source_key: article.source_key,
        region: article.region,
    }
}

/// The rows as they are gathered, story by story.
#[derive(Default)]
struct Gathered {
    articles: Vec<serde_json::Value>,
    photos: Vec<serde_json::Value>,
    revisions: Vec<serde_json::Value>,
    remarks: Vec<serde_json::Value>,
    files: Vec<(String, String)>,
    /// Whether an account agrees to be named.
    agreed: HashMap<i64, bool>,
}

impl Gathered {
    async fn add(&mut self, conn: &mut Conn, article: Article) -> Result<()> {
        let id = article.id;
        let iso = |at: i64| dates::iso(at, &article.region);
        for photo in crate::media::store::of(conn, id).await? {
            let (file, key) = kim::picture(&photo.name);
            self.files.push((file.clone(), key));
            let (width, height, position) = (photo.width, photo.height, photo.position);
            let (alt, caption, credit) = (photo.alt, photo.caption, photo.credit);
            let one = PhotoRow { id: photo.id, article: id, file, width, height, alt, caption, credit, position };
            self.photos.push(serde_json::to_value(one)?);
        }
        for one in store::revisions(conn, id).await? {
            let review::store::Revision { id: revision, at, account_name: by, title, lead, body: body_html, note, .. } = one;
            let (category, lang, region) = (one.category, one.lang, one.region);
            let tags = one.tags.as_deref().map(serde_json::from_str).transpose()?;
            let at = iso(at);
            let one =
                RevisionRow { id: revision, article: id, at, by, title, lead, body_html, note, category, tags, lang, region };
            self.revisions.push(serde_json::to_value(one)?);
        }
        for one in review::comments(conn, id).await? {
            let (at, by) = (iso(one.at), one.account_name);
            let one = RemarkRow { id: one.id, article: id, at, by, body: one.body, kind: one.kind };
            self.remarks.push(serde_json::to_value(one)?);
        }
        let beside = Beside {
            former_slugs: store::former_slugs(conn, id).await?,
            former_paths: store::former_paths(conn, id).await?,
            author_named: self.is_named(conn, article.author_id).await?,
        };
        self.articles.push(serde_json::to_value(row(article, beside))?);
        Ok(())
    }

    /// Whether readers may be told who wrote; one without an account had nobody to ask.
    async fn is_named(&mut self, conn: &mut Conn, author: Option<i64>) -> Result<bool> {
        let Some(author) = author else { return Ok(true) };
        if let Some(agreed) = self.agreed.get(&author) {
            return Ok(*agreed);
        }
        let agreed = people::consent::named(conn, &[author]).await?.contains(&author);
        self.agreed.insert(author, agreed);
        Ok(agreed)
    }
}

/// What the newsroom keeps of a group.
pub fn archive<'a>(_kit: &'a Kit, conn: &'a mut Conn, archived: Archived) -> Later<'a, Result<Vec<ArchiveRows>>> {
    Box::pin(async move {
        let mut gathered = Gathered::default();
        let mut after = 0;
        loop {
            let ids = store::ids(conn, archived.group, after).await?;
            let Some(last) = ids.last().copied() else { break };
            for id in ids {
                if let Some(article) = crate::article::store::by_id(conn, id).await? {
                    gathered.add(conn, article).await?;
                }
            }
            after = last;
        }
        let part = |name: &'static str, rows: Vec<serde_json::Value>| ArchiveRows { name, rows, files: Vec::new() };
        Ok(vec![
            part("articles", gathered.articles),
            ArchiveRows { files: gathered.files, ..part("photos", gathered.photos) },
            part("revisions", gathered.revisions),
            part("remarks", gathered.remarks),
        ])
    })
}
