use stage::Engine;

use super::*;
use crate::register::Status;
use crate::scene::{self, WARD};

#[test]
fn codes_are_kept_in_the_order_of_the_list() {
    let sent = ["wifi".to_owned(), "ponsel".to_owned(), "roket,ponsel".to_owned()];
    assert_eq!(join(&EQUIPMENT, &sent), ",ponsel,wifi,");
    assert_eq!(named(&EQUIPMENT, ",ponsel,wifi,roket,"), ["kim-tool-phone", "kim-tool-wifi"]);
    assert_eq!((signal_key("blank"), signal_key("")), (Some("kim-signal-blank"), None));
}

#[both::both]
async fn a_group_says_how_its_signal_is(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let path = "/meja/kim/kim-riak/sarana";
    assert!(rina.get("/meja/kim/kim-riak").await.expect(200).main().contains("Sinyal di tempat Anda belum tercatat."));
    let long = "x".repeat(201);
    let page = rina.post(path, &[("sinyal", "5G"), ("alat", "laptop"), ("alat_lain", &long)]).await.expect(422);
    assert!(page.main().contains("Pilih keadaan sinyalnya.") && page.main().contains("200 huruf"), "{}", page.main());
    assert_eq!(page.attribute("input[name=alat][checked]", "value").as_deref(), Some("laptop"));
    let fields = [("sinyal", "blank"), ("alat", "laptop"), ("alat", "ponsel"), ("alat_lain", "Perahu")];
    rina.post(path, &fields).await.expect(303);
    let page = rina.get(path).await.expect(200);
    assert_eq!(page.attribute("input[name=sinyal][checked]", "value").as_deref(), Some("blank"));
    assert_eq!(
        (page.count("input[name=alat][checked]"), page.attribute("#f-alat_lain", "value").as_deref()),
        (2, Some("Perahu"))
    );
    assert!(rina.get("/meja/kim/kim-riak").await.main().contains("Tidak ada sinyal. 2 jenis alat tercatat."));
    let check = scene::verifier(&stage, "62.71").await.get("/bina/kim/kim-riak").await.expect(200).main();
    assert!(check.contains("Tidak ada sinyal") && check.contains("Laptop atau komputer") && check.contains("Perahu"), "{check}");
    scene::member(&stage, id).await.get(path).await.expect(403);
    scene::person(&stage, "Warga", &[]).await.1.post(path, &fields).await.expect(403);
    stage.client().get(path).await.expect(303);
    stage.settle().await;
    stage.done().await;
}
