//! The desk and its notices.
use base::Event;
use both::both;
use stage::Engine;

use crate::notice::Notices;
use crate::session::tests::open;
use crate::testing;

#[both]
async fn a_notice_reaches_those_it_names(engine: Engine) {
    let stage = open(engine).await;
    let (one, mine) = testing::person(&stage.kit, "Satu", &[]).await;
    let (two, theirs) = testing::person(&stage.kit, "Dua", &[]).await;
    let mut tx = stage.write().await;
    let mut event = Event::new(stage.kit.clock.now(), "test.thing.done", ("thing", 1));
    event.actor_id = Some(two);
    event.title = "Titian baru".into();
    event.link = "/kabar/titian-baru".into();
    event.data = serde_json::json!({ "notify": [one, two], "notice": "people-saved", "reason": "<b>sebab</b>" }).to_string();
    tx.emit(event).await.expect("emitted");
    tx.commit().await.expect("committed");
    stage.settle().await;
    base::events::rebuild(&stage.kit.db, &Notices, 1).await.expect("rebuilt");
    let mut client = stage.client();
    client.cookie("__Host-simpul", &mine);
    let desk = client.get("/meja").await.expect(200);
    assert!(desk.main().contains("Perubahan sudah kami simpan.") && desk.main().contains("“<b>sebab</b>”"), "{}", desk.main());
    assert_eq!(desk.count("aside a[href='/kabar/titian-baru']"), 1);
    client.post("/meja/pemberitahuan", &[]).await.expect(303);
    assert_eq!(client.get("/meja").await.count("aside .badge"), 0);
    let mut actor = stage.client();
    actor.cookie("__Host-simpul", &theirs);
    assert!(actor.get("/meja").await.main().contains("Belum ada kabar untuk Anda."), "not to the one who did it");
    stage.done().await;
}
