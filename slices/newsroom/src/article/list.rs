//! The stories of a KIM on its desk, by status; for the region's officers, the stories that wait for them.
use askama::Template;
use axum::extract::Query;
use base::{Conn, Result, sql};
use kim::{Brief, days_left, left_class, say_left};
use people::roles::{EDITORS, NEWSROOM, OVERSEERS};
use serde::Deserialize;
use web::{Ctx, Error, Page, dates, filters};

use super::Status;

/// Stories a page shows.
const PAGE: usize = 20;
/// Beyond this many, a tab says "and more" instead of counting on.
const MANY: i64 = 1000;

/// What a row of the list needs.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub id: i64,
    pub title: String,
    #[sqlx(try_from = "String")]
    pub status: Status,
    pub author_name: String,
    pub updated_at: i64,
    pub words: i64,
    pub group_name: String,
    pub region: String,
    /// Until when its next reader should have read it.
    pub due_at: Option<i64>,
}

impl Line {
    fn desk(&self) -> String {
        format!("/meja/tulisan/{}", self.id)
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    kim: String,
    status: String,
    q: String,
    /// `{updated_at}-{id}` of the last row before, or `{due_at}-{id}` where the deadline orders.
    after: String,
}

/// Statuses whose stories wait for a reader: the oldest deadline stands first.
const WAITS: [Status; 2] = [Status::Review, Status::Approval];

/// The newest stories of a group, of one status when it is not empty, whose title or writer holds the words;
/// of stories that wait, those due first.
async fn lines(conn: &mut Conn, group: i64, asked: &Asked, status: Option<Status>) -> Result<Vec<Line>> {
    let pattern = asked.q.trim().to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let pattern = format!("%{pattern}%");
    let after = cursor(&asked.after);
    let limit = i64::try_from(PAGE + 1).unwrap_or(21);
    if let Some(status) = status.filter(|status| WAITS.contains(status)) {
        return lines_due(conn, group, status.name(), &pattern, after.unwrap_or((i64::MIN, 0)), limit).await;
    }
    let after = after.unwrap_or((i64::MAX, i64::MAX));
    if let Some(status) = status {
        return lines_at(conn, group, status.name(), &pattern, after, limit).await;
    }
    conn.all(sql!(
        "select a.id as id, a.title as title, a.status as status, a.author_name as author_name, a.updated_at as updated_at, a.words as words, g.name as group_name,
             a.region as region, a.due_at as due_at
         from newsroom_article a join kim_group g on g.id = a.group_id
         where a.group_id = $1 and (lower(a.title) like $2 escape '!' or lower(a.author_name) like $2 escape '!')
           and (a.updated_at, a.id) < ($3, $4)
         order by a.updated_at desc, a.id desc limit $5",
        group,
        pattern,
        after.0,
        after.1,
        limit
    ))
    .await
}

/// As [`lines`], of one status: a rare one is found without walking past all others.
async fn lines_at(conn: &mut Conn, group: i64, status: &str, pattern: &str, after: (i64, i64), limit: i64) -> Result<Vec<Line>> {
    conn.all(sql!(
        "select a.id as id, a.title as title, a.status as status, a.author_name as author_name, a.updated_at as updated_at, a.words as words, g.name as group_name,
             a.region as region, a.due_at as due_at
         from newsroom_article a join kim_group g on g.id = a.group_id
         where a.group_id = $1 and a.status = $2 and (lower(a.title) like $3 escape '!' or lower(a.author_name) like $3 escape '!')
           and (a.updated_at, a.id) < ($4, $5)
         order by a.updated_at desc, a.id desc limit $6",
        group,
        status,
        pattern,
        after.0,
        after.1,
        limit
    ))
    .await
}

/// As [`lines_at`], those due first; one without a deadline stands where it was changed last.
async fn lines_due(conn: &mut Conn, group: i64, status: &str, pattern: &str, after: (i64, i64), limit: i64) -> Result<Vec<Line>> {
    conn.all(sql!(
        "select a.id as id, a.title as title, a.status as status, a.author_name as author_name, a.updated_at as updated_at, a.words as words, g.name as group_name,
             a.region as region, coalesce(a.due_at, a.updated_at) as due_at
         from newsroom_article a join kim_group g on g.id = a.group_id
         where a.group_id = $1 and a.status = $2 and (lower(a.title) like $3 escape '!' or lower(a.author_name) like $3 escape '!')
           and (coalesce(a.due_at, a.updated_at), a.id) > ($4, $5)
         order by coalesce(a.due_at, a.updated_at), a.id limit $6",
        group,
        status,
        pattern,
        after.0,
        after.1,
        limit
    ))
    .await
}

/// How many stories of a group stand at a status, counted no further than [`MANY`].
async fn count(conn: &mut Conn, group: i64, status: &str) -> Result<i64> {
    conn.int(sql!(
        "select count(*) as n from (select id from newsroom_article where group_id = $1 and status = $2 limit $3) few",
        group,
        status,
        MANY
    ))
    .await
}

/// Stories that wait for the officer of a region and all below it; those due first.
pub(crate) async fn waiting(conn: &mut Conn, region: &str, limit: i64) -> Result<Vec<Line>> {
    conn.all(sql!(
        "select a.id as id, a.title as title, a.status as status, a.author_name as author_name, a.updated_at as updated_at, a.words as words, g.name as group_name,
             a.region as region, a.due_at as due_at
         from newsroom_article a join kim_group g on g.id = a.group_id
         where a.status = 'approval' and (cast($1 as text) = '' or g.region = $1 or (g.region >= $2 and g.region < $3))
         order by a.due_at nulls last, a.id limit $4",
        region,
        format!("{region}."),
        format!("{region}/"),
        limit
    ))
    .await
}

struct Tab {
    name: &'static str,
    key: &'static str,
    n: i64,
    href: String,
    here: bool,
}

impl Tab {
    fn is_many(&self) -> bool {
        self.n >= MANY
    }
}

#[derive(Template)]
#[template(path = "article/list.html")]
struct ListPage<'a> {
    kim: Option<&'a Brief>,
    all: Vec<(&'a Brief, bool)>,
    tabs: Vec<Tab>,
    asked: &'a Asked,
    lines: Vec<Line>,
    waiting: Vec<Line>,
    next: Option<String>,
    overseer: bool,
    ctx: &'a Ctx,
}

/// The deadline of a row.
struct Due {
    date: String,
    /// The days left, said.
    left: String,
    /// Class of the badge.
    class: &'static str,
}

impl ListPage<'_> {
    fn due(&self, line: &Line) -> Option<Due> {
        line.due_at.map(|at| {
            let (left, date) = (days_left(at, self.ctx.now()), dates::date(at, self.ctx.lang, &line.region));
            Due { date, left: say_left(self.ctx, left), class: left_class(left) }
        })
    }
}

/// Stories of the person's KIM.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> web::Result<Page> {
    let actor = ctx.actor()?;
    let mut conn = ctx.kit.db.read().await?;
    let all = kim::of_actor(&mut conn, actor, NEWSROOM).await?;
    let chosen = match asked.kim.as_str() {
        "" => all.first().cloned(),
        slug => {
            let kim = kim::find(&mut conn, slug).await?.ok_or(Error::Missing)?;
            if !ctx.may(NEWSROOM, &kim.region, Some(kim.id)) && !ctx.may(EDITORS, &kim.region, Some(kim.id)) {
                return Err(if kim.status.is_public() { Error::Forbidden } else { Error::Missing });
            }
            kim::briefs(&mut conn, &[kim.id]).await?.remove(&kim.id)
        }
    };
    let status = Status::parse(&asked.status);
    let mut page = ListPage {
        kim: chosen.as_ref(),
        all: all.iter().map(|one| (one, chosen.as_ref().is_some_and(|kim| kim.id == one.id))).collect(),
        tabs: Vec::new(),
        asked: &asked,
        lines: Vec::new(),
        waiting: Vec::new(),
        next: None,
        overseer: actor.holds(OVERSEERS),
        ctx: &ctx,
    };
    if let Some(kim) = &chosen {
        page.lines = lines(&mut conn, kim.id, &asked, status).await?;
        page.next = next(&mut page.lines, &asked, status, &kim.slug);
        let mut counts = Vec::new();
        for status in Status::ALL {
            counts.push(count(&mut conn, kim.id, status.name()).await?);
        }
        page.tabs = tabs(&counts, status.map_or("", Status::name), &kim.slug);
    }
    for region in actor.regions(OVERSEERS) {
        page.waiting.extend(waiting(&mut conn, &region, 20).await?);
    }
    page.waiting.sort_by_key(|line| line.id);
    page.waiting.dedup_by_key(|line| line.id);
    page.waiting.sort_by_key(|line| (line.due_at.unwrap_or(i64::MAX), line.id));
    let page = ctx.page(ctx.say("newsroom-list-title"), &page)?;
    Ok(page.section("/meja/tulis").head(|head| head.private = true))
}

/// Reads `{time}-{id}`; none when it cannot be read.
fn cursor(after: &str) -> Option<(i64, i64)> {
    let (at, id) = after.split_once('-')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

/// Cuts the page and says where the next begins.
fn next(lines: &mut Vec<Line>, asked: &Asked, status: Option<Status>, kim: &str) -> Option<String> {
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let last = lines.last().filter(|_| more)?;
    let mut to = url::form_urlencoded::Serializer::new("/meja/tulisan?".to_owned());
    to.append_pair("kim", kim).append_pair("status", &asked.status).append_pair("q", &asked.q);
    let by_due = status.is_some_and(|status| WAITS.contains(&status));
    let at = last.due_at.filter(|_| by_due).unwrap_or(last.updated_at);
    to.append_pair("after", &format!("{at}-{}", last.id));
    Some(to.finish())
}

/// `counts` are those of [`Status::ALL`], in its order.
fn tabs(counts: &[i64], here: &str, kim: &str) -> Vec<Tab> {
    let mut tabs = vec![Tab {
        name: "",
        key: "newsroom-list-all",
        n: counts.iter().sum(),
        href: format!("/meja/tulisan?kim={kim}"),
        here: here.is_empty(),
    }];
    tabs.extend(Status::ALL.into_iter().zip(counts).map(|(status, n)| Tab {
        name: status.name(),
        key: status.key(),
        n: *n,
        href: format!("/meja/tulisan?kim={kim}&status={}", status.name()),
        here: here == status.name(),
    }));
    tabs.retain(|tab| tab.n > 0 || tab.here || tab.name.is_empty());
    tabs
}

#[derive(Template)]
#[template(path = "article/choose.html")]
struct Choose {
    own: Vec<Brief>,
}

/// The choice of a KIM for someone in several, or in none.
pub fn choose(ctx: &Ctx, own: Vec<Brief>) -> web::Result<Page> {
    let page = ctx.page(ctx.say("newsroom-choose-title"), &Choose { own })?;
    Ok(page.section("/meja/tulis").head(|head| head.private = true))
}
