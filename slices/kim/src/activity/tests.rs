use base::Event;
use base::clock::DAY;
use base::events;
use stage::{Engine, Stage};

use super::{Activity, Month, last_months, month_of, store};
use crate::register::Status;
use crate::scene::{self, WARD};

async fn hear(stage: &Stage, kind: &str, article: i64, group: i64, at: i64) {
    let mut tx = stage.write().await;
    let event = Event { group_id: Some(group), region: Some(WARD.into()), ..Event::new(at, kind, ("article", article)) };
    tx.emit(event).await.expect("an event");
    tx.commit().await.expect("a commit");
}

async fn derived(stage: &Stage, group: i64) -> (Vec<Month>, Option<i64>) {
    let mut conn = stage.read().await;
    let months = store::months(&mut conn, group).await.expect("months");
    (months, store::last(&mut conn, group).await.expect("a moment"))
}

#[both::both]
async fn articles_count_once_and_can_be_counted_anew(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let now = stage.kit.clock.now();
    let (published, withdrawn) = ("newsroom.article.published", "newsroom.article.withdrawn");
    hear(&stage, published, 1, id, now - 40 * DAY).await;
    hear(&stage, published, 2, id, now - DAY).await;
    hear(&stage, published, 2, id, now).await;
    hear(&stage, published, 3, id, now).await;
    hear(&stage, withdrawn, 3, id, now).await;
    hear(&stage, withdrawn, 99, id, now).await;
    hear(&stage, published, 4, id + 1, now).await;
    stage.settle().await;
    let month = |month: &str, articles| Month { month: month.into(), articles };
    let expected = (vec![month("2026-11", 1), month("2026-10", 1)], Some(now - DAY));
    assert_eq!(derived(&stage, id).await, expected);
    let page = stage.client().get("/kim/kim-riak").await.expect(200);
    assert!(page.main().contains("Aktif pekan ini") && page.main().contains("November 2026 1"), "{}", page.main());
    assert_eq!(page.count("svg.bars rect"), 7);
    let api = stage.client().get("/api/v1/kim/kim-riak").await.json();
    assert_eq!(api["activity"][6], serde_json::json!({ "month": "2026-11", "articles": 1 }));
    events::rebuild(&stage.kit.db, &Activity, now).await.expect("a rebuild");
    assert_eq!(derived(&stage, id).await, expected);
    // All taken back: nothing is left to show.
    hear(&stage, withdrawn, 1, id, now).await;
    hear(&stage, withdrawn, 2, id, now).await;
    stage.settle().await;
    assert_eq!(derived(&stage, id).await, (Vec::new(), None));
    stage.done().await;
}

#[both::both]
async fn what_comes_back_counts_where_it_was_first_published(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let now = stage.kit.clock.now();
    let (published, withdrawn, republished) =
        ("newsroom.article.published", "newsroom.article.withdrawn", "newsroom.article.republished");
    hear(&stage, published, 1, id, now - 40 * DAY).await;
    hear(&stage, withdrawn, 1, id, now - 30 * DAY).await;
    stage.settle().await;
    assert_eq!(derived(&stage, id).await, (Vec::new(), None));
    hear(&stage, republished, 1, id, now).await;
    hear(&stage, republished, 1, id, now).await;
    // One whose first publication nobody told of.
    hear(&stage, republished, 2, id, now).await;
    stage.settle().await;
    let month = |month: &str| Month { month: month.into(), articles: 1 };
    let expected = (vec![month("2026-11"), month("2026-10")], Some(now));
    assert_eq!(derived(&stage, id).await, expected);
    events::rebuild(&stage.kit.db, &Activity, now).await.expect("a rebuild");
    assert_eq!(derived(&stage, id).await, expected);
    stage.done().await;
}

#[both::both]
async fn an_article_counts_for_the_group_that_has_it(engine: Engine) {
    let stage = scene::open(engine).await;
    let one = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let two = scene::kim(&stage, "kim-kerja", WARD, Status::Active).await;
    let now = stage.kit.clock.now();
    let (published, moved) = ("newsroom.article.published", "newsroom.article.moved");
    hear(&stage, published, 1, one, now - 40 * DAY).await;
    hear(&stage, published, 2, one, now).await;
    hear(&stage, moved, 1, two, now).await;
    // To where it is already, and one that was never counted.
    hear(&stage, moved, 1, two, now).await;
    hear(&stage, moved, 99, two, now).await;
    stage.settle().await;
    let month = |month: &str| Month { month: month.into(), articles: 1 };
    let expected = [(vec![month("2026-11")], Some(now)), (vec![month("2026-10")], Some(now - 40 * DAY))];
    assert_eq!([derived(&stage, one).await, derived(&stage, two).await], expected);
    events::rebuild(&stage.kit.db, &Activity, now).await.expect("a rebuild");
    assert_eq!([derived(&stage, one).await, derived(&stage, two).await], expected);
    stage.done().await;
}

#[test]
fn months_go_back_over_the_year() {
    let now = web::dates::parse_iso("2026-01-31T17:30:00Z").expect("a time");
    assert_eq!(month_of(now, "62"), "2026-02", "in the zone of the region");
    let found = [Month { month: "2025-12".into(), articles: 4 }];
    let months = last_months(&found, 4, now, "62");
    let said: Vec<(&str, i64)> = months.iter().map(|m| (m.month.as_str(), m.articles)).collect();
    assert_eq!(said, [("2025-11", 0), ("2025-12", 4), ("2026-01", 0), ("2026-02", 0)]);
}
