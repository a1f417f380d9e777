//! Stories follow merges of KIM and changes of regions, in pages, search and figures.
use base::authz::Scope;
use base::search::Query;
use base::{Event, sql};
use people::roles::{EDITOR, MEMBER, OFFICER};
use stage::Engine;

use crate::testing::{City, handed_in};

/// The group that the search index holds for a story.
fn found(city: &City, words: &str) -> Vec<(String, String)> {
    let query = Query { text: words.into(), kinds: vec!["article".into()], limit: 10, ..Query::default() };
    city.stage.kit.index.find(&query).expect("a search").items.into_iter().map(|hit| (hit.group_name, hit.region)).collect()
}

/// Listeners may tell of what they did, and others hear of that.
async fn settle(city: &City) {
    city.stage.settle().await;
    city.stage.settle().await;
}

#[both::both]
async fn stories_follow_a_merge(engine: Engine) {
    let city = City::open(engine).await;
    let mut writer = city.member("Rina").await;
    let draft = handed_in(&mut writer, "Draf tentang titian").await;
    let id = handed_in(&mut writer, "Titian Puntun selesai dicat").await;
    city.editor("Ani").await.post(&format!("/meja/tulisan/{id}/terbitkan"), &[]).await.expect(303);
    settle(&city).await;
    assert_eq!(found(&city, "Puntun"), [("KIM Riak Seberang".to_owned(), "62.71.01.1006".to_owned())]);
    let mut visitor = city.stage.client();
    assert!(visitor.get("/kim/kim-sebelah").await.expect(200).main().contains("Belum ada kabar terbit"));

    let mut sari = city.verifier("Sari", "62.71").await;
    let path = format!("/bina/ganda/{}/{}/gabung", city.kim, city.other);
    sari.post(&path, &[("tetap", &city.other.to_string())]).await.expect(303);
    settle(&city).await;
    assert_eq!(city.article(id).await.group_id, city.other);
    assert_eq!(city.article(draft).await.group_id, city.other, "drafts too");
    assert_eq!(found(&city, "Puntun"), [("KIM Sebelah".to_owned(), "62.71.01.1006".to_owned())]);
    let page = visitor.get("/kim/kim-sebelah").await.expect(200).main();
    assert!(page.contains("Titian Puntun") && page.contains("1 kabar terbit"), "{page}");
    let story = visitor.get("/kabar/titian-puntun-selesai-dicat").await.expect(200).main();
    assert!(story.contains("KIM Sebelah") && !story.contains("KIM Riak Seberang"), "{story}");
    // The feed of the old address is the feed of the one that stays.
    assert!(visitor.get("/kim/kim-riak-seberang/feed.atom").await.expect(200).text().contains("Titian Puntun"));
    // Its writers write on where they are now.
    writer.get(&format!("/meja/tulisan/{draft}")).await.expect(200);
    assert_eq!(city.events(id).await.last().map(String::as_str), Some("moved"));

    // Heard again from the first event, nothing moves and nothing is told twice.
    let told = city.count(sql!("select count(*) as n from base_event")).await;
    city.stage.app.rebuild_listeners().await.expect("rebuilt");
    assert_eq!(city.count(sql!("select count(*) as n from base_event")).await, told);
    assert!(visitor.get("/kim/kim-sebelah").await.expect(200).main().contains("1 kabar terbit"));
    city.stage.done().await;
}

#[both::both]
async fn stories_follow_a_region_that_became_another(engine: Engine) {
    let city = City::open(engine).await;
    let grants = [(MEMBER, Scope::Group(city.kim)), (EDITOR, Scope::Group(city.kim)), (OFFICER, Scope::Group(city.kim))];
    let mut writer = city.person("Rina", &grants).await.1;
    let id = handed_in(&mut writer, "Titian Puntun selesai dicat").await;
    writer.post(&format!("/meja/tulisan/{id}/terbitkan"), &[]).await.expect(303);
    settle(&city).await;
    // 62.71.01.1006 became 62.71.01.1001 as a whole.
    let mut tx = city.stage.write().await;
    let data = serde_json::json!({ "old": "62.71.01.1006", "new": ["62.71.01.1001"] }).to_string();
    let event = Event::new(city.stage.kit.clock.now(), "regions.region.changed", ("region", 1));
    tx.emit(Event { region: Some("62.71.01.1006".into()), data, ..event }).await.expect("an event");
    tx.commit().await.expect("committed");
    settle(&city).await;
    assert_eq!(city.article(id).await.region, "62.71.01.1001");
    assert_eq!(found(&city, "Puntun")[0].1, "62.71.01.1001");
    assert!(city.stage.client().get("/wilayah/62.71.01.1001").await.expect(200).main().contains("Titian Puntun"));
    // A KIM that an overseer places after a split takes its stories along, and only its own.
    let mut tx = city.stage.write().await;
    for (group, to) in [(city.other, "62.71.02.1002"), (city.kim, "62.71.01.1002")] {
        let data = serde_json::json!({ "was_region": "62.71.01.1001" }).to_string();
        let event = Event::new(city.stage.kit.clock.now(), "kim.group.moved", ("kim", group));
        tx.emit(Event { region: Some(to.into()), group_id: Some(group), data, ..event }).await.expect("an event");
    }
    tx.commit().await.expect("committed");
    settle(&city).await;
    assert_eq!(city.article(id).await.region, "62.71.01.1002");
    city.stage.done().await;
}
