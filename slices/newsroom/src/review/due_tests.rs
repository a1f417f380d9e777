//! Until when a story should be read, by the policy of its region, and what is late.
use base::clock::DAY;
use both::both;
use stage::{Answer, Engine, START};

use crate::article::Status;
use crate::testing::{City, body, handed_in, story, with};

const DAYS: &str = "clock_review_days";

/// The titles of a list, in its order.
fn order(page: &Answer, titles: [&str; 2]) -> [Option<usize>; 2] {
    let main = page.main();
    titles.map(|title| main.find(title))
}

#[both]
async fn the_oldest_deadline_stands_first_and_late_ones_are_marked(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let mut rudi = city.editor("Rudi").await;
    city.decides("62", DAYS, "10").await;
    let slow = handed_in(&mut sari, "Kabar pelan").await;
    // The nearer region decides, and moves no promise that was given.
    city.decides("62.71", DAYS, "2").await;
    let soon = handed_in(&mut sari, "Kabar segera").await;
    assert_eq!(city.article(slow).await.due_at, Some(START + 10 * DAY));
    assert_eq!(city.article(soon).await.due_at, Some(START + 2 * DAY));
    let titles = ["Kabar segera", "Kabar pelan"];
    let list = rudi.get("/meja/tulisan?status=review").await.expect(200);
    let [first, second] = order(&list, titles);
    assert!(first.is_some() && first < second, "{}", list.main());
    assert!(list.main().contains("Sisa 2 hari Tenggat 26 November 2026"), "{}", list.main());
    assert!(list.main().contains("Sisa 10 hari Tenggat 4 Desember 2026"), "{}", list.main());
    assert!(rudi.get("/meja/tulisan").await.expect(200).main().contains("Sisa 10 hari"));
    let today = rudi.get("/meja").await.expect(200);
    let [first, second] = order(&today, titles);
    assert!(first.is_some() && first < second, "{}", today.main());
    assert!(today.main().contains("tenggat 26 November 2026 · Sisa 2 hari"), "{}", today.main());

    city.stage.kit.clock.advance(4 * DAY);
    let list = rudi.get("/meja/tulisan?status=review").await.expect(200);
    assert!(list.main().contains("Lewat 2 hari"), "{}", list.main());
    assert_eq!(list.count(".story .badge.is-danger"), 1);
    assert!(rudi.get("/meja").await.main().contains("Lewat 2 hari"));
    let page = rudi.get(&format!("/meja/tulisan/{soon}/periksa")).await.expect(200).main();
    assert!(page.contains("Lewat 2 hari") && page.contains("Tenggat 26 November 2026"), "{page}");

    // What goes back has no deadline, and gets a new one when it comes again.
    let desk = format!("/meja/tulisan/{soon}");
    rudi.post(&format!("{desk}/minta-perbaikan"), &[("alasan", "Sebut tempatnya.")]).await.expect(303);
    assert_eq!(city.article(soon).await.due_at, None);
    sari.post(&format!("{desk}/kirim"), &[]).await.expect(303);
    assert_eq!(city.article(soon).await.due_at, Some(START + 6 * DAY));
    rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(303);
    let article = city.article(soon).await;
    assert_eq!((article.status, article.due_at), (Status::Published, None));
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn the_regions_officer_has_days_of_their_own(engine: Engine) {
    let city = City::open(engine).await;
    city.wants_approval().await;
    let mut sari = city.member("Sari").await;
    let mut rudi = city.editor("Rudi").await;
    let mut officer = city.fostering("Pembina", "62.71").await;
    let late = handed_in(&mut sari, "Kabar lama").await;
    city.decides("62.71.01", DAYS, "1").await;
    let next = handed_in(&mut sari, "Kabar baru").await;
    city.stage.kit.clock.advance(DAY);
    rudi.post(&format!("/meja/tulisan/{late}/terbitkan"), &[]).await.expect(303);
    city.stage.kit.clock.advance(DAY);
    rudi.post(&format!("/meja/tulisan/{next}/terbitkan"), &[]).await.expect(303);
    assert_eq!(city.article(late).await.due_at, Some(START + 2 * DAY));
    assert_eq!(city.article(next).await.due_at, Some(START + 3 * DAY));
    city.stage.kit.clock.advance(DAY);
    for path in ["/meja", "/meja/tulisan"] {
        let page = officer.get(path).await.expect(200);
        let [first, second] = order(&page, ["Kabar lama", "Kabar baru"]);
        assert!(first.is_some() && first < second, "{}", page.main());
        assert!(page.main().contains("Lewat 1 hari") && page.main().contains("Hari ini batasnya"), "{}", page.main());
    }
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn what_waits_goes_on_by_its_deadline(engine: Engine) {
    let city = City::open(engine).await;
    let mut rudi = city.editor("Rudi").await;
    let text = body();
    for n in 0..23 {
        let title = format!("Kabar nomor {n}");
        rudi.post("/meja/tulis", &with(&story(&title, &text), &[("act", "kirim")])).await.expect(303);
    }
    let first = rudi.get("/meja/tulisan?status=review").await.expect(200);
    assert_eq!(first.count(".story"), 20);
    assert!(!first.main().contains("Kabar nomor 22"));
    let next = first.attribute("a[rel=next]", "href").expect("more");
    let second = rudi.get(&next).await.expect(200);
    assert_eq!(second.count(".story"), 3);
    assert!(second.main().contains("Kabar nomor 22") && second.attribute("a[rel=next]", "href").is_none());
    city.stage.settle().await;
    city.stage.done().await;
}
