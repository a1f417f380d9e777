use stage::Engine;

use crate::testing::{City, handed_in};

#[both::both]
async fn another_site_may_show_the_latest_stories(engine: Engine) {
    let city = City::open(engine).await;
    let mut writer = city.member("Rina").await;
    let mut editor = city.editor("Ani").await;
    for title in ["Titian Puntun selesai", "Air bersih <mengalir> lagi"] {
        let id = handed_in(&mut writer, title).await;
        editor.post(&format!("/meja/tulisan/{id}/terbitkan"), &[]).await.expect(303);
        city.stage.kit.clock.advance(base::clock::HOUR);
    }
    handed_in(&mut writer, "Masih draf").await;
    city.stage.settle().await;
    let path = "/kim/kim-riak-seberang/sematan";
    let mut visitor = city.stage.client();
    let page = visitor.get(path).await.expect(200);
    let main = page.main();
    assert!(
        main.contains("Titian Puntun selesai") && main.contains("Air bersih <mengalir> lagi") && !main.contains("Masih draf"),
        "{main}"
    );
    assert!(main.find("Air bersih") < main.find("Titian Puntun"), "newest first");
    // Framable by anyone, and with nothing in it that could do harm or follow anyone.
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("frame-ancestors *") && policy.contains("default-src 'none'") && !policy.contains("script-src"),
        "{policy}"
    );
    assert_eq!((page.header("x-frame-options"), page.header("set-cookie")), ("", ""));
    assert_eq!(page.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!((page.count("script"), page.count("form"), page.count("[style]")), (0, 0, 0));
    assert!(page.body.len() < 6_000, "{} bytes", page.body.len());
    let targets = page.text();
    assert!(targets.matches("<a ").count() == targets.matches("target=\"_blank\" rel=\"noopener\"").count());
    // The policy holds the digest of exactly this style.
    let style =
        page.text().split("<style>").nth(1).and_then(|rest| rest.split("</style>").next().map(str::to_owned)).expect("a style");
    let mut headers = axum::http::HeaderMap::new();
    web::headers::frame(&mut headers, &style);
    assert_eq!(headers["content-security-policy"], policy);
    assert_eq!(visitor.get(&format!("{path}?n=1")).await.expect(200).count("li"), 1);
    assert_eq!(visitor.get(&format!("{path}?n=9999")).await.expect(200).count("li"), 2);
    // From the page cache it is the same, and every other page still refuses frames.
    assert_eq!(visitor.get(path).await.expect(200).header("x-frame-options"), "");
    assert_eq!(visitor.get("/kim/kim-riak-seberang").await.expect(200).header("x-frame-options"), "DENY");

    let page = visitor.get(&format!("{path}/pasang")).await.expect(200);
    assert!(
        page.text().contains("&#60;iframe src=&#34;http://simpul.test/kim/kim-riak-seberang/sematan&#34;"),
        "{}",
        page.text()
    );
    assert_eq!(page.header("x-frame-options"), "DENY");
    // An old address serves on: nobody edits another site because a KIM changed its name.
    let mut officer = city.officer("Budi").await;
    let fields = [("nama", "KIM Riak"), ("alamat_halaman", "kim-riak")];
    officer.post("/meja/kim/kim-riak-seberang/profil", &fields).await.expect(303);
    city.stage.settle().await;
    assert!(visitor.get(path).await.expect(200).main().contains("Kabar terbaru KIM Riak"));
    visitor.get("/kim/tidak-ada/sematan").await.expect(404);
    city.stage.done().await;
}
