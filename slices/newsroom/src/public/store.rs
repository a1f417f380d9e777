//! What readers ask of the tables. Nothing here shows an article that is not published, except where
//! a function says so.
use base::{Conn, Result, sql};

/// A published article as lists show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Story {
    pub id: i64,
    pub slug: String,
    pub group_id: i64,
    pub region: String,
    pub title: String,
    pub lead: String,
    pub category: String,
    pub lang: String,
    pub words: i64,
    pub published_at: i64,
    pub updated_at: i64,
    pub group_slug: String,
    pub group_name: String,
    pub group_logo: Option<String>,
    /// Name of the region.
    pub place: String,
    pub cover: Option<String>,
    pub cover_width: Option<i64>,
    pub cover_height: Option<i64>,
    pub cover_alt: Option<String>,
}

/// A published article with everything.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Full {
    #[sqlx(flatten)]
    pub story: Story,
    /// None for a story that came from elsewhere, or whose writer has left.
    pub author_id: Option<i64>,
    pub author_name: String,
    pub body: String,
    /// JSON array.
    pub tags: String,
    pub cover_caption: Option<String>,
    pub cover_credit: Option<String>,
}

/// Where a slug leads.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Standing {
    pub slug: String,
    pub group_id: i64,
    pub status: String,
    pub title: String,
    pub withdrawn_reason: Option<String>,
}

/// A picture of an article.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Photo {
    pub name: String,
    pub width: i64,
    pub height: i64,
    pub alt: String,
    pub caption: String,
    pub credit: String,
}

/// A place in the order newest first: time and id of the last one seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(pub i64, pub i64);

impl Mark {
    /// Before the newest.
    pub const START: Mark = Mark(i64::MAX, i64::MAX);

    /// Reads `time.id`; the start for anything else.
    pub fn read(text: &str) -> Option<Mark> {
        let (at, id) = text.split_once('.')?;
        Some(Mark(at.parse().ok()?, id.parse().ok()?))
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl Story {
    pub fn mark(&self) -> Mark {
        Mark(self.published_at, self.id)
    }
}

/// Which published articles. Empty texts and group 0 let everything pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// This region and all below it.
    pub region: String,
    pub group: i64,
    pub category: String,
    pub tag: String,
    pub lang: String,
}

/// The codes of a region and all below it as a half-open range: "." comes just before "/". The
/// empty code spans everything.
pub fn span(code: &str) -> (String, String) {
    if code.is_empty() { (String::new(), "~".into()) } else { (code.to_owned(), format!("{code}/")) }
}

/// Newest first after `mark`, at most `limit`. Each way begins at the index of its rarest part: SQLite
/// keeps no statistics, and `coalesce(status, '')` stops it from walking everything published.
pub async fn list(conn: &mut Conn, filter: &Filter, mark: Mark, limit: i64) -> Result<Vec<Story>> {
    if !filter.tag.is_empty() {
        by_tag(conn, filter, mark, limit).await
    } else if filter.group != 0 {
        by_group(conn, filter, mark, limit).await
    } else if !filter.region.is_empty() {
        by_place(conn, filter, mark, limit).await
    } else if !filter.category.is_empty() {
        by_category(conn, filter, mark, limit).await
    } else {
        newest(conn, filter, mark, limit).await
    }
}

async fn newest(conn: &mut Conn, f: &Filter, mark: Mark, limit: i64) -> Result<Vec<Story>> {
    conn.all(sql!(
        "select a.id, a.slug, a.group_id, a.region, a.title, a.lead, a.category, a.lang, a.words, a.published_at, a.updated_at,
                coalesce(g.slug, '') as group_slug, coalesce(g.name, '') as group_name, g.logo as group_logo,
                coalesce(r.name, '') as place, p.name as cover, p.width as cover_width, p.height as cover_height, p.alt as cover_alt
         from newsroom_article a left join kim_group g on g.id = a.group_id
              left join regions_region r on r.code = a.region left join newsroom_photo p on p.id = a.cover_id
         where a.status = 'published' and (a.published_at, a.id) < ($1, $2) and (cast($3 as text) = '' or a.lang = $3)
         order by a.published_at desc, a.id desc limit $4",
        mark.0, mark.1, &f.lang, limit
    ))
    .await
}

async fn by_category(conn: &mut Conn, f: &Filter, mark: Mark, limit: i64) -> Result<Vec<Story>> {
    conn.all(sql!(
        "select a.id, a.slug, a.group_id, a.region, a.title, a.lead, a.category, a.lang, a.words, a.published_at, a.updated_at,
                coalesce(g.slug, '') as group_slug, coalesce(g.name, '') as group_name, g.logo as group_logo,
                coalesce(r.name, '') as place, p.name as cover, p.width as cover_width, p.height as cover_height, p.alt as cover_alt
         from newsroom_article a left join kim_group g on g.id = a.group_id
              left join regions_region r on r.code = a.region left join newsroom_photo p on p.id = a.cover_id
         where a.category = $1 and a.status = 'published' and (a.published_at, a.id) < ($2, $3)
           and (cast($4 as text) = '' or a.lang = $4)
         order by a.published_at desc, a.id desc limit $5",
        &f.category, mark.0, mark.1, &f.lang, limit
    ))
    .await
}

/// Picks the page from the index of regions alone, then reads the rows of that page.
async fn by_place(conn: &mut Conn, f: &Filter, mark: Mark, limit: i64) -> Result<Vec<Story>> {
    let (from, to) = span(&f.region);
    conn.all(sql!(
        "select a.id, a.slug, a.group_id, a.region, a.title, a.lead, a.category, a.lang, a.words, a.published_at, a.updated_at,
                coalesce(g.slug, '') as group_slug, coalesce(g.name, '') as group_name, g.logo as group_logo,
                coalesce(r.name, '') as place, p.name as cover, p.width as cover_width, p.height as cover_height, p.alt as cover_alt
         from (select n.id from newsroom_article n
               where n.region >= $1 and n.region < $2 and coalesce(n.status, '') = 'published'
                 and (n.published_at + 0, n.id) < ($3, $4)
                 and (cast($5 as text) = '' or n.category = $5) and (cast($6 as text) = '' or n.lang = $6)
               order by n.published_at + 0 desc, n.id desc limit $7) top
              join newsroom_article a on a.id = top.id left join kim_group g on g.id = a.group_id
              left join regions_region r on r.code = a.region left join newsroom_photo p on p.id = a.cover_id
         order by a.published_at + 0 desc, a.id desc",
        from, to, mark.0, mark.1, &f.category, &f.lang, limit
    ))
    .await
}

async fn by_group(conn: &mut Conn, f: &Filter, mark: Mark, limit: i64) -> Result<Vec<Story>> {
    let (from, to) = span(&f.region);
    conn.all(sql!(
        "select a.id, a.slug, a.group_id, a.region, a.title, a.lead, a.category, a.lang, a.words, a.published_at, a.updated_at,
                coalesce(g.slug, '') as group_slug, coalesce(g.name, '') as group_name, g.logo as group_logo,
                coalesce(r.name, '') as place, p.name as cover, p.width as cover_width, p.height as cover_height, p.alt as cover_alt
         from newsroom_article a left join kim_group g on g.id = a.group_id
              left join regions_region r on r.code = a.region left join newsroom_photo p on p.id = a.cover_id
         where a.group_id = $1 and a.status = 'published' and (a.published_at, a.id) < ($2, $3) and a.region >= $4 and a.region < $5
           and (cast($6 as text) = '' or a.category = $6) and (cast($7 as text) = '' or a.lang = $7)
         order by a.published_at desc, a.id desc limit $8",
        f.group, mark.0, mark.1, from, to, &f.category, &f.lang, limit
    ))
    .await
}

async fn by_tag(conn: &mut Conn, f: &Filter, mark: Mark, limit: i64) -> Result<Vec<Story>> {
    let (from, to) = span(&f.region);
    conn.all(sql!(
        "select a.id, a.slug, a.group_id, a.region, a.title, a.lead, a.category, a.lang, a.words, a.published_at, a.updated_at,
                coalesce(g.slug, '') as group_slug, coalesce(g.name, '') as group_name, g.logo as group_logo,
                coalesce(r.name, '') as place, p.name as cover, p.width as cover_width, p.height as cover_height, p.alt as cover_alt
         from newsroom_tag t join newsroom_article a on a.id = t.article_id left join kim_group g on g.id = a.group_id
              left join regions_region r on r.code = a.region left join newsroom_photo p on p.id = a.cover_id
         where t.tag = $1 and coalesce(a.status, '') = 'published' and (a.published_at + 0, a.id) < ($2, $3) and a.region >= $4 and a.region < $5
           and (cast($6 as text) = '' or a.category = $6) and (cast($7 as text) = '' or a.lang = $7)
           and (cast($8 as bigint) = 0 or a.group_id = $8)
         order by a.published_at + 0 desc, a.id desc limit $9",
        &f.tag, mark.0, mark.1, from, to, &f.category, &f.lang, f.group, limit
    ))
    .await
}

/// The published ones among at most four ids, in no particular order.
pub async fn some(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Story>> {
    let id = |n: usize| ids.get(n).copied().unwrap_or(0);
    conn.all(sql!(
        "select a.id, a.slug, a.group_id, a.region, a.title, a.lead, a.category, a.lang, a.words, a.published_at, a.updated_at,
                coalesce(g.slug, '') as group_slug, coalesce(g.name, '') as group_name, g.logo as group_logo,
                coalesce(r.name, '') as place, p.name as cover, p.width as cover_width, p.height as cover_height, p.alt as cover_alt
         from newsroom_article a left join kim_group g on g.id = a.group_id
              left join regions_region r on r.code = a.region left join newsroom_photo p on p.id = a.cover_id
         where a.id in ($1, $2, $3, $4) and coalesce(a.status, '') = 'published'",
        id(0), id(1), id(2), id(3)
    ))
    .await
}

/// The published article of a slug.
pub async fn full(conn: &mut Conn, slug: &str) -> Result<Option<Full>> {
    conn.first(sql!(
        "select a.id, a.slug, a.group_id, a.region, a.title, a.lead, a.category, a.lang, a.words, a.published_at, a.updated_at,
                coalesce(g.slug, '') as group_slug, coalesce(g.name, '') as group_name, g.logo as group_logo,
                coalesce(r.name, '') as place, p.name as cover, p.width as cover_width, p.height as cover_height, p.alt as cover_alt,
                a.author_id, a.author_name, a.body, a.tags, p.caption as cover_caption, p.credit as cover_credit
         from newsroom_article a left join kim_group g on g.id = a.group_id
              left join regions_region r on r.code = a.region left join newsroom_photo p on p.id = a.cover_id
         where a.slug = $1 and a.status = 'published'",
        slug
    ))
    .await
}

impl Full {
    /// Leaves the writer's name away unless they agree to be named. Returns the tag of the writer.
    pub async fn unsign(&mut self, conn: &mut Conn) -> Result<Option<String>> {
        let Some(author) = self.author_id else { return Ok(None) };
        if !people::consent::named(conn, &[author]).await?.contains(&author) {
            self.author_name.clear();
        }
        Ok(Some(people::tag(author)))
    }
}

/// The text of a published article, for feeds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Body {
    pub id: i64,
    pub body: String,
    /// JSON array.
    pub tags: String,
}

/// Texts of at most thirty articles.
pub async fn bodies(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Body>> {
    let id = |n: usize| ids.get(n).copied().unwrap_or(0);
    conn.all(sql!(
        "select id, body, tags from newsroom_article
         where coalesce(status, '') = 'published' and id in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
                                               $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                                               $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)",
        id(0),
        id(1),
        id(2),
        id(3),
        id(4),
        id(5),
        id(6),
        id(7),
        id(8),
        id(9),
        id(10),
        id(11),
        id(12),
        id(13),
        id(14),
        id(15),
        id(16),
        id(17),
        id(18),
        id(19),
        id(20),
        id(21),
        id(22),
        id(23),
        id(24),
        id(25),
        id(26),
        id(27),
        id(28),
        id(29)
    ))
    .await
}

/// What stands under a slug now or stood there before, whatever its status.
pub async fn standing(conn: &mut Conn, slug: &str) -> Result<Option<Standing>> {
    conn.first(sql!(
        "select a.slug, a.group_id, a.status, a.title, a.withdrawn_reason
         from newsroom_article a where a.slug = $1
         union all
         select a.slug, a.group_id, a.status, a.title, a.withdrawn_reason
         from newsroom_slug s join newsroom_article a on a.id = s.article_id where s.slug = $1 and a.slug <> $1
         limit 1",
        slug
    ))
    .await
}

/// The pictures of an article in their order.
pub async fn photos(conn: &mut Conn, article: i64) -> Result<Vec<Photo>> {
    conn.all(sql!(
        "select name, width, height, alt, caption, credit from newsroom_photo where article_id = $1 order by position, id",
        article
    ))
    .await
}

/// How many were published in a region since a moment.
pub async fn count_since(conn: &mut Conn, region: &str, since: i64) -> Result<i64> {
    let (from, to) = span(region);
    conn.int(sql!(
        "select count(*) as n from newsroom_article a
         where a.status = 'published' and a.published_at >= $1 and a.region >= $2 and a.region < $3",
        since,
        from,
        to
    ))
    .await
}

/// A group as cards show it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Group {
    pub slug: String,
    pub name: String,
    pub logo: Option<String>,
    pub place: String,
}

/// Groups of a region that have their place on the register, by name.
pub async fn groups(conn: &mut Conn, region: &str, limit: i64) -> Result<Vec<Group>> {
    if region.is_empty() {
        return conn
            .all(sql!(
                "select g.slug, g.name, g.logo, coalesce(r.name, '') as place
                 from kim_group g left join regions_region r on r.code = g.region
                 where coalesce(g.status, '') in ('verified', 'active', 'dormant') order by g.needle, g.id limit $1",
                limit
            ))
            .await;
    }
    let (from, to) = span(region);
    conn.all(sql!(
        "select g.slug, g.name, g.logo, coalesce(r.name, '') as place
         from kim_group g left join regions_region r on r.code = g.region
         where g.region >= $1 and g.region < $2 and coalesce(g.status, '') in ('verified', 'active', 'dormant')
         order by g.needle, g.id limit $3",
        from,
        to,
        limit
    ))
    .await
}

/// How many groups of a region have their place on the register.
pub async fn count_groups(conn: &mut Conn, region: &str) -> Result<i64> {
    let (from, to) = span(region);
    conn.int(sql!(
        "select count(*) as n from kim_group
         where region >= $1 and region < $2 and coalesce(status, '') in ('verified', 'active', 'dormant')",
        from,
        to
    ))
    .await
}

/// The published article that an old address was moved to: its slug.
pub async fn moved(conn: &mut Conn, path: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = conn
        .first(sql!(
            "select a.slug from newsroom_redirect r join newsroom_article a on a.id = r.article_id where r.path = $1",
            path
        ))
        .await?;
    Ok(row.map(|row| row.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_holds_whole_parts_only() {
        let within = |code: &str, root: &str| {
            let (from, to) = span(root);
            code >= from.as_str() && code < to.as_str()
        };
        for (code, root) in [("62.71", "62.71"), ("62.71.01.1001", "62.71"), ("62", "62"), ("62.71", ""), ("", "")] {
            assert!(within(code, root), "{code} in {root}");
        }
        for (code, root) in [("62.711", "62.71"), ("62.7", "62.71"), ("62.72", "62.71"), ("63", "62"), ("", "62")] {
            assert!(!within(code, root), "{code} in {root}");
            assert_eq!(base::authz::within(code, root), within(code, root));
        }
    }

    #[test]
    fn a_mark_is_read_back() {
        let mark = Mark(1_795_480_800_000_000, 12);
        assert_eq!(Mark::read(&mark.to_string()), Some(mark));
        assert_eq!(Mark::read("x.1"), None);
        assert_eq!(Mark::read(""), None);
    }
}
