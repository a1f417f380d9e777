//! What the search index holds of an article: published ones only.
use base::search::Entry;
use base::{Conn, Later, Result};

use super::{Status, plain, store};

/// Loads an article for the index.
pub fn load(conn: &mut Conn, id: i64) -> Later<'_, Result<Option<Entry>>> {
    Box::pin(async move {
        let Some(article) = store::by_id(conn, id).await?.filter(|article| article.status == Status::Published) else {
            return Ok(None);
        };
        let kim = kim::briefs(conn, &[article.group_id]).await?.remove(&article.group_id);
        let region = regions::find(conn, &article.region).await?;
        Ok(Some(Entry {
            kind: "article".into(),
            id,
            url: article.link(),
            tags: article.tags(),
            body: plain(&article.body),
            slug: article.slug,
            title: article.title,
            lead: article.lead,
            category: article.category,
            region: article.region,
            region_name: region.map(|region| region.name).unwrap_or_default(),
            group: kim.as_ref().map(|kim| kim.slug.clone()).unwrap_or_default(),
            group_name: kim.map(|kim| kim.name).unwrap_or_default(),
            lang: article.lang,
            at: article.published_at.unwrap_or(article.created_at),
        }))
    })
}
