//! SQL of articles, their tags and addresses.
use base::{Conn, Ids, Result, Tx, sql};

use super::Status;

/// An article as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Article {
    pub id: i64,
    pub slug: String,
    pub group_id: i64,
    pub region: String,
    pub author_id: Option<i64>,
    pub author_name: String,
    pub title: String,
    pub lead: String,
    /// Sanitised HTML.
    pub body: String,
    pub category: String,
    /// JSON array; read it with [`Article::tags`].
    pub tags: String,
    pub lang: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    pub cover_id: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub submitted_at: Option<i64>,
    /// Until when its next reader should have read it, while it waits for one.
    pub due_at: Option<i64>,
    pub published_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub withdrawn_reason: Option<String>,
    /// The region's officer withdrew it: its way back leads through them.
    pub withdrawn_above: bool,
    /// Grows with every change of the words; a form with an older one does not overwrite.
    pub version: i64,
    pub source_url: Option<String>,
    pub source_key: Option<String>,
    pub words: i64,
    /// The open form that saved last by itself; its next save is no conflict.
    pub sheet: Option<String>,
}

impl Article {
    pub fn tags(&self) -> Vec<String> {
        serde_json::from_str(&self.tags).unwrap_or_default()
    }

    /// Path of its page for readers.
    pub fn link(&self) -> String {
        format!("/kabar/{}", self.slug)
    }

    /// Path of its page at the desk.
    pub fn desk(&self) -> String {
        format!("/meja/tulisan/{}", self.id)
    }

    pub fn minutes(&self) -> i64 {
        super::minutes(self.words)
    }
}

/// An article by id.
pub async fn by_id(conn: &mut Conn, id: i64) -> Result<Option<Article>> {
    conn.first(sql!(
        "select id, slug, group_id, region, author_id, author_name, title, lead, body, category, tags, lang, status, cover_id,
                created_at, updated_at, submitted_at, due_at, published_at, withdrawn_at, withdrawn_reason, withdrawn_above, version, source_url,
                source_key, words, sheet
         from newsroom_article where id = $1",
        id
    ))
    .await
}

/// An article by its present address.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Article>> {
    conn.first(sql!(
        "select id, slug, group_id, region, author_id, author_name, title, lead, body, category, tags, lang, status, cover_id,
                created_at, updated_at, submitted_at, due_at, published_at, withdrawn_at, withdrawn_reason, withdrawn_above, version, source_url,
                source_key, words, sheet
         from newsroom_article where slug = $1",
        slug
    ))
    .await
}

/// The present address of an article that once had this one.
pub async fn moved_to(conn: &mut Conn, old: &str) -> Result<Option<String>> {
    let row = conn
        .first::<(String,)>(sql!(
            "select a.slug as slug from newsroom_slug s join newsroom_article a on a.id = s.article_id where s.slug = $1",
            old
        ))
        .await?;
    Ok(row.map(|(slug,)| slug))
}

/// The present address of an article that an imported site kept at this path.
pub async fn redirected_to(conn: &mut Conn, path: &str) -> Result<Option<String>> {
    let row = conn
        .first::<(String,)>(sql!(
            "select a.slug as slug from newsroom_redirect r join newsroom_article a on a.id = r.article_id where r.path = $1",
            path
        ))
        .await?;
    Ok(row.map(|(slug,)| slug))
}

/// An address that no article has or had, as close to `wish` as can be.
pub async fn free_slug(conn: &mut Conn, ids: &Ids, wish: &str) -> Result<String> {
    let taken = conn
        .int(sql!(
            "select (select count(*) from newsroom_article where slug = $1) + (select count(*) from newsroom_slug where slug = $1) as n",
            wish
        ))
        .await?;
    if taken == 0 {
        return Ok(wish.to_owned());
    }
    // `-` is followed by `.`, so this range holds exactly the addresses that continue with a hyphen.
    const ENOUGH: i64 = 200;
    let near = conn
        .all::<(String,)>(sql!(
            "select slug from newsroom_article where slug >= $1 and slug < $2
             union select slug from newsroom_slug where slug >= $1 and slug < $2 limit $3",
            format!("{wish}-"),
            format!("{wish}."),
            ENOUGH
        ))
        .await?;
    let numbered = |n: i64| format!("{wish}-{n}");
    let free = (2..ENOUGH).map(numbered).find(|slug| !near.iter().any(|(taken,)| taken == slug));
    // A title this common gets a short random ending instead of a longer search.
    Ok(free.filter(|_| near.len() < 200).unwrap_or_else(|| format!("{wish}-{}", ids.short())))
}

/// A new article. Texts are trimmed and the body is sanitised before they come here.
#[derive(Clone, Debug)]
pub struct New {
    /// Wished address; the one given may differ.
    pub slug: String,
    pub group_id: i64,
    pub region: String,
    pub author_id: Option<i64>,
    pub author_name: String,
    pub title: String,
    pub lead: String,
    pub body: String,
    pub category: String,
    pub tags: Vec<String>,
    pub lang: String,
    pub status: Status,
    pub created_at: i64,
    pub updated_at: i64,
    pub submitted_at: Option<i64>,
    pub published_at: Option<i64>,
    pub source_url: Option<String>,
    pub source_key: Option<String>,
}

impl New {
    /// The article as it stands once it was added under an id and an address.
    pub fn article(self, id: i64, slug: String) -> Article {
        Article {
            id,
            slug,
            group_id: self.group_id,
            region: self.region,
            author_id: self.author_id,
            author_name: self.author_name,
            title: self.title,
            lead: self.lead,
            words: super::words(&self.body),
            body: self.body,
            category: self.category,
            tags: serde_json::Value::from(self.tags).to_string(),
            lang: self.lang,
            status: self.status,
            cover_id: None,
            created_at: self.created_at,
            updated_at: self.updated_at,
            submitted_at: self.submitted_at,
            due_at: None,
            published_at: self.published_at,
            withdrawn_at: None,
            withdrawn_reason: None,
            withdrawn_above: false,
            version: 1,
            source_url: self.source_url,
            source_key: self.source_key,
            sheet: None,
        }
    }
}

/// Adds an article with its tags; returns its id and address. Emits nothing.
pub async fn add(tx: &mut Tx, ids: &Ids, new: &New) -> Result<(i64, String)> {
    let mut slug = free_slug(tx, ids, &new.slug).await?;
    let id = match insert(tx, &slug, new).await? {
        Some(id) => id,
        None => {
            // Another writer took the address between the look and the insert.
            slug = format!("{}-{}", new.slug, ids.short());
            insert(tx, &slug, new).await?.ok_or(base::Error::Missing)?
        }
    };
    add_tags(tx, id, &new.tags).await?;
    Ok((id, slug))
}

async fn insert(tx: &mut Tx, slug: &str, new: &New) -> Result<Option<i64>> {
    let row = tx
        .first::<(i64,)>(sql!(
            "insert into newsroom_article (slug, group_id, region, author_id, author_name, title, lead, body, category, tags, lang,
                status, created_at, updated_at, submitted_at, published_at, version, source_url, source_key, words)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $18, $19)
             on conflict (slug) do nothing returning id",
            slug,
            new.group_id,
            &new.region,
            new.author_id,
            &new.author_name,
            &new.title,
            &new.lead,
            &new.body,
            &new.category,
            serde_json::to_string(&new.tags)?,
            &new.lang,
            new.status.name(),
            new.created_at,
            new.updated_at,
            new.submitted_at,
            new.published_at,
            &new.source_url,
            &new.source_key,
            super::words(&new.body)
        ))
        .await?;
    Ok(row.map(|(id,)| id))
}

async fn add_tags(tx: &mut Tx, id: i64, tags: &[String]) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    let tag = |n: usize| tags.get(n).cloned();
    // One statement for up to eight tags, as many calls as there are eights.
    tx.run(sql!(
        "insert into newsroom_tag (tag, article_id)
         select t.tag, cast($9 as bigint) from (
            select cast($1 as text) as tag union select cast($2 as text) union select cast($3 as text) union select cast($4 as text)
            union select cast($5 as text) union select cast($6 as text) union select cast($7 as text) union select cast($8 as text)
         ) t where t.tag is not null
         on conflict (tag, article_id) do nothing",
        tag(0),
        tag(1),
        tag(2),
        tag(3),
        tag(4),
        tag(5),
        tag(6),
        tag(7),
        id
    ))
    .await?;
    match tags.get(super::TAGS_MOST..) {
        Some(rest) if !rest.is_empty() => Box::pin(add_tags(tx, id, rest)).await,
        _ => Ok(()),
    }
}

/// The words of an article that a form changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub slug: String,
    pub region: String,
    pub title: String,
    pub lead: String,
    pub body: String,
    pub category: String,
    pub tags: Vec<String>,
    pub lang: String,
    /// The form that saves by itself; `None` for a save by hand.
    pub sheet: Option<String>,
}

/// Writes new words over version `version`; false when another change came first.
pub async fn rewrite(tx: &mut Tx, id: i64, version: i64, text: &Text, now: i64) -> Result<bool> {
    let touched = tx
        .run(sql!(
            "update newsroom_article set slug = $3, region = $4, title = $5, lead = $6, body = $7, category = $8, tags = $9,
                lang = $10, sheet = cast($11 as text), words = $12, updated_at = $13, version = version + 1
             where id = $1 and version = $2",
            id,
            version,
            &text.slug,
            &text.region,
            &text.title,
            &text.lead,
            &text.body,
            &text.category,
            serde_json::to_string(&text.tags)?,
            &text.lang,
            &text.sheet,
            super::words(&text.body),
            now
        ))
        .await?;
    if touched == 0 {
        return Ok(false);
    }
    tx.run(sql!("delete from newsroom_tag where article_id = $1", id)).await?;
    add_tags(tx, id, &text.tags).await?;
    Ok(true)
}

/// Remembers an address that an article leaves.
pub async fn leave_slug(tx: &mut Tx, id: i64, old: &str) -> Result<()> {
    tx.run(sql!("insert into newsroom_slug (slug, article_id) values ($1, $2)", old, id)).await?;
    Ok(())
}

/// Moves an article of version `version` to another status; false when another change came first.
/// Times that are `None` stay as they are; the deadline goes, and [`set_due`] gives the next reader theirs.
pub async fn set_status(
    tx: &mut Tx,
    id: i64,
    version: i64,
    status: Status,
    submitted: Option<i64>,
    published: Option<i64>,
) -> Result<bool> {
    let touched = tx
        .run(sql!(
            "update newsroom_article set status = $3, submitted_at = coalesce(cast($4 as bigint), submitted_at),
                due_at = null,
                published_at = coalesce(published_at, cast($5 as bigint)), withdrawn_at = null, withdrawn_reason = null, withdrawn_above = false,
                version = version + 1
             where id = $1 and version = $2",
            id,
            version,
            status.name(),
            submitted,
            published
        ))
        .await?;
    Ok(touched == 1)
}

/// Notes until when the next reader of an article should have read it.
pub async fn set_due(tx: &mut Tx, id: i64, due: i64) -> Result<()> {
    tx.run(sql!("update newsroom_article set due_at = $2 where id = $1", id, due)).await?;
    Ok(())
}

/// Takes an article of version `version` away from readers; false when another change came first.
/// `above` says that the region's officer does it.
pub async fn set_withdrawn(tx: &mut Tx, id: i64, version: i64, reason: &str, above: bool, now: i64) -> Result<bool> {
    let touched = tx
        .run(sql!(
            "update newsroom_article set status = 'withdrawn', withdrawn_at = $3, withdrawn_reason = $4, withdrawn_above = $5,
                version = version + 1
             where id = $1 and version = $2",
            id,
            version,
            now,
            reason,
            above
        ))
        .await?;
    Ok(touched == 1)
}

/// Deletes a draft with all that hangs on it.
pub async fn delete(tx: &mut Tx, id: i64, version: i64) -> Result<bool> {
    Ok(tx.run(sql!("delete from newsroom_article where id = $1 and version = $2", id, version)).await? == 1)
}

/// Makes a photo the cover, or none.
pub async fn set_cover(tx: &mut Tx, id: i64, photo: Option<i64>) -> Result<()> {
    tx.run(sql!("update newsroom_article set cover_id = cast($2 as bigint) where id = $1", id, photo)).await?;
    Ok(())
}

/// Says when an article was last changed by other means than its words, such as its photos.
pub async fn touch(tx: &mut Tx, id: i64, now: i64) -> Result<()> {
    // Who reads a story before it is published must not approve a photo that came meanwhile.
    tx.run(sql!(
        "update newsroom_article set updated_at = $2,
             version = version + case when status in ('draft', 'changes') then 0 else 1 end
         where id = $1",
        id,
        now
    ))
    .await?;
    Ok(())
}
