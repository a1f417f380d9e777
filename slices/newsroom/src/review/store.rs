//! SQL of remarks and revisions.
use base::{Conn, Result, Tx, sql};

use crate::article::Article;

/// A remark on a story.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Comment {
    pub id: i64,
    pub at: i64,
    /// None for one that came in with an archive.
    pub account_id: Option<i64>,
    pub account_name: String,
    pub body: String,
    /// `comment`, `changes` for a request, `approval` for a word of the region's officer.
    pub kind: String,
}

/// Remarks on a story, oldest first.
pub async fn comments(conn: &mut Conn, article_id: i64) -> Result<Vec<Comment>> {
    conn.all(sql!(
        "select id, at, account_id, account_name, body, kind from newsroom_comment where article_id = $1 order by id",
        article_id
    ))
    .await
}

/// Adds a remark.
pub async fn add_comment(tx: &mut Tx, article_id: i64, by: (Option<i64>, &str), body: &str, kind: &str, now: i64) -> Result<()> {
    tx.run(sql!(
        "insert into newsroom_comment (article_id, at, account_id, account_name, body, kind) values ($1, $2, $3, $4, $5, $6)",
        article_id,
        now,
        by.0,
        by.1,
        body,
        kind
    ))
    .await?;
    Ok(())
}

/// What the form of a story held at one moment. What revisions of older versions did not keep is none.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Revision {
    pub id: i64,
    pub at: i64,
    pub account_name: String,
    pub title: String,
    pub lead: String,
    pub body: String,
    pub note: String,
    pub category: Option<String>,
    /// JSON array.
    pub tags: Option<String>,
    pub lang: Option<String>,
    pub region: Option<String>,
}

impl Revision {
    /// Whether the story still says what was kept.
    fn holds(&self, article: &Article) -> bool {
        let words = self.title == article.title && self.lead == article.lead && self.body == article.body;
        let besides = [
            (&self.category, &article.category),
            (&self.tags, &article.tags),
            (&self.lang, &article.lang),
            (&self.region, &article.region),
        ];
        words && besides.into_iter().all(|(kept, now)| kept.as_deref().is_none_or(|kept| kept == now.as_str()))
    }
}

/// Revisions of a story before `before`, newest first.
pub async fn revisions(conn: &mut Conn, article_id: i64, before: i64, limit: i64) -> Result<Vec<Revision>> {
    conn.all(sql!(
        "select id, at, account_name, title, lead, body, note, category, tags, lang, region from newsroom_revision
         where article_id = $1 and id < $2 order by id desc limit $3",
        article_id,
        before,
        limit
    ))
    .await
}

/// One revision of a story.
pub async fn revision(conn: &mut Conn, article_id: i64, id: i64) -> Result<Option<Revision>> {
    conn.first(sql!(
        "select id, at, account_name, title, lead, body, note, category, tags, lang, region from newsroom_revision
         where article_id = $1 and id = $2",
        article_id,
        id
    ))
    .await
}

/// Keeps what a story says, unless that is what was kept last.
pub async fn keep(tx: &mut Tx, article: &Article, by: (Option<i64>, &str), note: &str, now: i64) -> Result<()> {
    let last = revisions(tx, article.id, i64::MAX, 1).await?.pop();
    if last.is_some_and(|last| last.holds(article)) {
        return Ok(());
    }
    add_revision(tx, article, by, note, now).await
}

/// Keeps what a story says.
pub async fn add_revision(tx: &mut Tx, article: &Article, by: (Option<i64>, &str), note: &str, now: i64) -> Result<()> {
    let said = Said {
        title: &article.title,
        lead: &article.lead,
        body: &article.body,
        category: Some(&article.category),
        tags: Some(&article.tags),
        lang: Some(&article.lang),
        region: Some(&article.region),
    };
    add_said(tx, article.id, &said, by, note, now).await
}

/// What a revision keeps; what was not known when it was made is none.
pub struct Said<'a> {
    pub title: &'a str,
    pub lead: &'a str,
    pub body: &'a str,
    pub category: Option<&'a str>,
    /// JSON array.
    pub tags: Option<&'a str>,
    pub lang: Option<&'a str>,
    pub region: Option<&'a str>,
}

/// Keeps words as they once stood in a story.
pub async fn add_said(tx: &mut Tx, article: i64, said: &Said<'_>, by: (Option<i64>, &str), note: &str, now: i64) -> Result<()> {
    tx.run(sql!(
        "insert into newsroom_revision (article_id, at, account_id, account_name, title, lead, body, note, category, tags, lang, region)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        article,
        now,
        by.0,
        by.1,
        said.title,
        said.lead,
        said.body,
        note,
        said.category,
        said.tags,
        said.lang,
        said.region
    ))
    .await?;
    Ok(())
}
