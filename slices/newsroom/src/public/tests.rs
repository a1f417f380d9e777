//! The reading side through the whole router, on both engines. Builders here, tests in `tests/`.
mod feeding;
mod listing;
mod reading;
mod searching;

use base::{Event, sql};
use stage::{Answer, Engine, Stage};
use web::slice::{Access, Slice, Spot, get};
use web::{Ctx, Page};

/// A product with people, regions, groups and the newsroom, and the small set of regions.
async fn open(engine: Engine) -> Stage {
    // The group's page asks for parts the same way.
    let probe = Slice { name: "uji", routes: vec![get("/uji/{id}", Access::Public, group_part)], ..Slice::default() };
    let slices = vec![people::slice(), regions::slice(), kim::slice(), crate::slice(), probe];
    let stage = Stage::new(engine, slices, people::identify).await;
    regions::testing::sample(&stage.kit).await;
    stage
}

#[derive(askama::Template)]
#[template(source = "{{ html|safe }}", ext = "html")]
struct Part {
    html: String,
}

async fn group_part(ctx: Ctx, axum::extract::Path(id): axum::extract::Path<i64>) -> web::Result<Page> {
    let mut conn = ctx.kit.db.read().await?;
    let parts = ctx.panels(&mut conn, &Spot::Group(id)).await?;
    ctx.page("Uji", &Part { html: parts.into_iter().map(|part| part.html).collect() })
}

/// An article to build.
#[derive(Clone)]
struct New<'a> {
    slug: &'a str,
    title: &'a str,
    lead: &'a str,
    body: &'a str,
    category: &'a str,
    lang: &'a str,
    region: &'a str,
    group: i64,
    status: &'a str,
    at: i64,
    tags: &'a [&'a str],
}

impl<'a> New<'a> {
    fn of(slug: &'a str, group: i64, region: &'a str) -> New<'a> {
        New {
            slug,
            title: slug,
            lead: "Ringkasan kabar.",
            body: "<p>Isi kabar.</p>",
            category: "kabar",
            lang: "id",
            region,
            group,
            status: "published",
            at: stage::START - base::clock::HOUR,
            tags: &[],
        }
    }

    /// Writes it with the event that tells of it; returns its id.
    async fn add(&self, stage: &Stage) -> i64 {
        let mut tx = stage.write().await;
        let tags = serde_json::json!(self.tags);
        let published = (self.status == "published" || self.status == "withdrawn").then_some(self.at);
        let words = i64::try_from(self.body.split_whitespace().count()).expect("few words");
        let id = tx
            .int(sql!(
                "insert into newsroom_article (slug, group_id, region, author_name, title, lead, body, category, tags, lang,
                     status, created_at, updated_at, published_at, version, words)
                 values ($1, $2, $3, 'Rina', $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, 1, $13) returning id",
                self.slug,
                self.group,
                self.region,
                self.title,
                self.lead,
                self.body,
                self.category,
                tags,
                self.lang,
                self.status,
                self.at,
                published,
                words
            ))
            .await
            .expect("an article");
        for tag in self.tags {
            tx.run(sql!("insert into newsroom_tag (tag, article_id) values ($1, $2)", *tag, id)).await.expect("a tag");
        }
        tell(&mut tx, "newsroom.article.published", id, self.group, self.region).await;
        tx.commit().await.expect("a commit");
        id
    }
}

async fn tell(tx: &mut base::Tx, kind: &str, id: i64, group: i64, region: &str) {
    let event = Event::new(stage::START, kind, ("article", id));
    let event = Event { group_id: Some(group), region: Some(region.into()), ..event };
    tx.emit(event).await.expect("an event");
}

/// Gives an article a picture, as its cover if told so.
async fn photo(stage: &Stage, article: i64, name: &str, caption: &str, cover: bool) {
    let mut tx = stage.write().await;
    let id = tx
        .int(sql!(
            "insert into newsroom_photo (article_id, name, width, height, alt, caption, credit, position, created_at)
             values ($1, $2, 1280, 800, $3, $3, 'KIM', 1, 1) returning id",
            article,
            name,
            caption
        ))
        .await
        .expect("a photo");
    if cover {
        tx.run(sql!("update newsroom_article set cover_id = $2 where id = $1", article, id)).await.expect("a cover");
    }
    tx.commit().await.expect("a commit");
}

/// The addresses of all stories shown in a page, in order.
fn stories(answer: &Answer) -> Vec<String> {
    let html = scraper::Html::parse_document(&answer.text());
    let links = scraper::Selector::parse("main .story h2 a, main .story h3 a").expect("a selector");
    html.select(&links).filter_map(|a| a.value().attr("href")).filter(|to| to.starts_with("/kabar/")).map(str::to_owned).collect()
}

/// Fails when a page shows a text key, or runs or loads anything that is not its own.
#[track_caller]
fn sound(answer: &Answer) {
    let main = answer.main();
    assert!(!main.contains("newsroom-"), "a text is missing: {main}");
    let html = scraper::Html::parse_document(&answer.text());
    let all = scraper::Selector::parse("*").expect("a selector");
    for element in html.select(&all).map(|element| element.value()) {
        let scripted =
            element.attrs().any(|(name, value)| name.starts_with("on") || value.trim_start().starts_with("javascript:"));
        assert!(!scripted && element.attr("style").is_none(), "{element:?}");
        if element.name() == "script" {
            assert!(element.attr("nonce").is_some(), "{element:?}");
        }
    }
}
