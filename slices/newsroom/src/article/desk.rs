//! An article on the desk of one person: its KIM, what the person may do, and the events it leaves.
use base::authz::Scope;
use base::clock::DAY;
use base::{Conn, Event, Tx};
use kim::{Kim, Status as KimStatus};
use people::roles::{EDITOR, EDITORS, FOSTERING, NEWSROOM, OVERSEERS, VERIFIER};
use regions::policy::{self, Policy};
use serde_json::{Value, json};
use web::{Ctx, Error, Errors};

use super::{Article, Refusal, Standing, Status, Step, WORDS_LEAST, store};
use crate::media::Photo;

/// What a handler needs before it lets someone touch an article.
pub(crate) struct Desk {
    pub article: Article,
    pub kim: Kim,
    pub standing: Standing,
    /// The region's officer approves before readers see it.
    pub chain: bool,
}

/// Whether a KIM may show stories to readers.
pub(crate) fn may_publish(kim: &Kim) -> bool {
    matches!(kim.status, KimStatus::Verified | KimStatus::Active | KimStatus::Dormant)
}

/// Whether the region of a KIM wants its officer to approve.
pub(crate) async fn chain(conn: &mut Conn, region: &str) -> base::Result<bool> {
    Ok(policy::get(conn, region, Policy::ReviewChain).await?.value == "regency")
}

/// Gives the next reader of a story the days that the region of its KIM allows.
pub(crate) async fn set_due(tx: &mut Tx, region: &str, id: i64, now: i64) -> base::Result<()> {
    let days = policy::int(tx, region, Policy::ClockReviewDays).await?;
    store::set_due(tx, id, now + days * DAY).await
}

/// What the person is to a KIM's newsroom, regardless of any article.
fn standing(ctx: &Ctx, kim: &Kim) -> Standing {
    Standing {
        author: false,
        member: ctx.may(NEWSROOM, &kim.region, Some(kim.id)),
        editor: ctx.may(EDITORS, &kim.region, Some(kim.id)),
        overseer: ctx.may(OVERSEERS, &kim.region, Some(kim.id)),
        others: false,
    }
}

/// Opens an article for the person; what they may not know of is missing.
pub(crate) async fn open(ctx: &Ctx, conn: &mut Conn, id: i64) -> web::Result<Desk> {
    let actor = ctx.actor()?;
    let article = store::by_id(conn, id).await?.ok_or(Error::Missing)?;
    let kim = kim::by_id(conn, article.group_id).await?.ok_or(Error::Missing)?;
    let mut standing = standing(ctx, &kim);
    standing.author = article.author_id == Some(actor.account_id) && (standing.member || standing.editor || standing.overseer);
    if !standing.may_read(article.status) {
        return Err(Error::Missing);
    }
    if standing.author && standing.editor {
        let editors = people::grant::holders(conn, EDITOR, &Scope::Group(kim.id), ctx.now()).await?;
        standing.others = editors.iter().any(|editor| *editor != actor.account_id);
    }
    let chain = chain(conn, &kim.region).await?;
    Ok(Desk { article, kim, standing, chain })
}

impl Desk {
    /// Whether the next reader before publication is the region's officer.
    fn goes_up(&self) -> bool {
        self.chain || self.article.withdrawn_above
    }

    /// The status that a step leads to, or the error that says why not.
    pub fn step(&self, step: Step) -> web::Result<Status> {
        let next = self.standing.step(step, self.article.status, self.goes_up()).map_err(|refusal| match refusal {
            Refusal::NotYours => Error::Forbidden,
            Refusal::NotNow | Refusal::OwnStory => Error::Conflict(refusal.key()),
        })?;
        // What a dissolved KIM has published is an archive: it may be withdrawn, not rewritten.
        let writes = matches!(step, Step::Edit | Step::Submit | Step::AskChanges | Step::Delete);
        if writes && self.kim.status == kim::Status::Dissolved {
            return Err(Error::Conflict("newsroom-refused-kim-not-open"));
        }
        if matches!(step, Step::Publish | Step::Approve | Step::Republish) && !may_publish(&self.kim) {
            return Err(Error::Conflict("newsroom-refused-kim-not-open"));
        }
        Ok(next)
    }

    /// Whether the page should offer a step.
    pub fn may(&self, step: Step) -> bool {
        self.standing.step(step, self.article.status, self.goes_up()).is_ok()
    }

    /// Fails when the form was filled against an older version than the one that stands.
    pub fn same_version(&self, typed: &str) -> web::Result<()> {
        let same = typed.is_empty() || typed.parse() == Ok(self.article.version);
        if same { Ok(()) } else { Err(Error::Conflict("newsroom-conflict")) }
    }
}

/// What a story still lacks before others read it.
pub(crate) fn lacks(title: &str, lead: &str, words: i64, photos: &[Photo]) -> Errors {
    let mut errors = Errors::default();
    errors.check(!title.trim().is_empty(), "title", "newsroom-title-empty");
    errors.check(!lead.trim().is_empty(), "lead", "newsroom-lead-empty");
    if words < WORDS_LEAST {
        errors.add_with("body", "newsroom-body-short", &[("least", &WORDS_LEAST.to_string()), ("n", &words.to_string())]);
    }
    for photo in photos.iter().filter(|photo| photo.alt.trim().is_empty()) {
        errors.add(&format!("alt-{}", photo.id), "newsroom-alt-empty");
    }
    errors
}

/// The event of something that happened to an article. `more` joins its data.
pub(crate) fn event(ctx: &Ctx, verb: &str, article: &Article, more: Value) -> Event {
    let mut data = json!({
        "slug": article.slug,
        "category": article.category,
        "lang": article.lang,
        "words": article.words,
        "author_id": article.author_id,
    });
    if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
        data.extend(more);
    }
    Event {
        actor_id: ctx.account_id(),
        region: Some(article.region.clone()),
        group_id: Some(article.group_id),
        link: article.link(),
        title: article.title.clone(),
        data: data.to_string(),
        ..Event::new(ctx.now(), &format!("newsroom.article.{verb}"), ("article", article.id))
    }
}

/// Appends the event of a change.
pub(crate) async fn emit(ctx: &Ctx, tx: &mut Tx, verb: &str, article: &Article, more: Value) -> web::Result<()> {
    Ok(tx.emit(event(ctx, verb, article, more)).await?)
}

/// The editors of a KIM.
pub(crate) async fn editors(ctx: &Ctx, conn: &mut Conn, kim: &Kim) -> base::Result<Vec<i64>> {
    people::grant::holders(conn, EDITOR, &Scope::Group(kim.id), ctx.now()).await
}

/// Event data that tells the region's officers of an edit after publishing, where they approve stories.
pub(crate) async fn told_of_edit(ctx: &Ctx, conn: &mut Conn, desk: &Desk) -> base::Result<serde_json::Value> {
    if !desk.chain {
        return Ok(serde_json::json!({}));
    }
    let officers = overseers(ctx, conn, &desk.kim).await?;
    Ok(serde_json::json!({ "notify": officers, "notice": "newsroom-notice-edited" }))
}

/// The officers who watch over a KIM's region, from its own place up to the province.
pub(crate) async fn overseers(ctx: &Ctx, conn: &mut Conn, kim: &Kim) -> base::Result<Vec<i64>> {
    let mut all = Vec::new();
    let ends = kim.region.match_indices('.').map(|(end, _)| end).chain([kim.region.len()]);
    for end in ends {
        let scope = Scope::Region(kim.region[..end].to_owned());
        for role in [VERIFIER, FOSTERING] {
            all.extend(people::grant::holders(conn, role, &scope, ctx.now()).await?);
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
