//! Unfinished stories go with the pen; what is published keeps its author.
use base::authz::Scope;
use people::roles::{EDITOR, MEMBER, OFFICER};
use stage::Engine;

use crate::testing::{City, draft, handed_in};

#[both::both]
async fn drafts_follow_who_takes_over(engine: Engine) {
    let city = City::open(engine).await;
    let kim = Scope::Group(city.kim);
    let (rina, mut giver) = city.person("Rina", &[(OFFICER, kim.clone()), (EDITOR, kim.clone())]).await;
    let (budi, mut successor) = city.person("Budi", &[(MEMBER, kim)]).await;
    let written = draft(&mut giver, "Titian dibangun lagi").await;
    let waiting = handed_in(&mut giver, "Air bersih mengalir").await;
    let elsewhere = draft(&mut successor, "Tulisan Budi").await;
    let published = handed_in(&mut giver, "Pasar malam dibuka").await;
    giver.post(&format!("/meja/tulisan/{published}/terbitkan"), &[]).await.expect(303);
    let (tempat, to) = (format!("kim-{}", city.kim), budi.to_string());

    // Who stays an editor keeps what is handed in: nobody becomes the reader of their own story.
    let fields = [("tempat", tempat.as_str()), ("peran", "officer"), ("penerima", &to)];
    let done = giver.post("/akun/serah-terima", &fields).await.expect(303);
    city.stage.settle().await;
    let author = async |id: i64| city.article(id).await.author_id;
    assert_eq!((author(written).await, author(waiting).await), (Some(budi), Some(rina)));
    assert_eq!(author(published).await, Some(rina));
    assert_eq!(city.article(written).await.author_name, "Rina", "the byline stays");
    let record = giver.follow(done).await.expect(200).main();
    assert!(record.contains("Satu tulisan ikut berpindah") && record.contains("Titian dibangun lagi"), "{record}");
    assert!(city.events(written).await.contains(&"handed_over".to_owned()));
    assert!(successor.get("/meja").await.main().contains("Titian dibangun lagi"), "the task goes along");

    // The rest goes when they leave.
    let fields = [("tempat", tempat.as_str()), ("peran", "editor"), ("penerima", &to)];
    let done = giver.post("/akun/serah-terima", &fields).await.expect(303);
    city.stage.settle().await;
    assert_eq!((author(waiting).await, author(published).await), (Some(budi), Some(rina)));
    assert_eq!(author(elsewhere).await, Some(budi));
    // Titles of drafts are for the KIM's own people; who has left reads how many there were.
    let record = giver.follow(done).await.expect(200).main();
    assert!(record.contains("Satu tulisan ikut berpindah") && !record.contains("Air bersih mengalir"), "{record}");
    city.stage.app.rebuild_listeners().await.expect("rebuilt");
    assert_eq!(author(written).await, Some(budi));
    city.stage.settle().await;
    city.stage.done().await;
}
