use base::authz::Scope;
use people::roles::{MEMBER, OFFICER, VERIFIER};
use stage::Engine;

use crate::register::Status;
use crate::scene::{self, ELSEWHERE, WARD};

/// The code on the page of a slip.
fn code(page: &stage::Answer) -> String {
    page.attribute("code.secret", "class").expect("a code");
    let main = page.main();
    let found = main.split_whitespace().find(|word| word.len() == 14 && word.matches('-').count() == 2);
    found.expect("a code").to_owned()
}

#[both::both]
async fn who_watches_over_a_kim_prints_a_slip_for_its_people(engine: Engine) {
    let stage = scene::open(engine).await;
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let far = scene::kim(&stage, "kim-jauh", ELSEWHERE, Status::Active).await;
    let (officer, mut rina) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(group))]).await;
    let both = [(MEMBER, Scope::Group(group)), (OFFICER, Scope::Group(far))];
    let (abroad, _) = scene::person(&stage, "Joko", &both).await;
    let official = [(MEMBER, Scope::Group(group)), (VERIFIER, Scope::Region("62".into()))];
    let (above, _) = scene::person(&stage, "Wati", &official).await;
    let (stranger, _) = scene::person(&stage, "Orang Lain", &[]).await;
    let mut sari = scene::verifier(&stage, "62.71").await;

    let path = "/bina/kim/kim-riak/slip";
    assert!(sari.get("/bina/kim/kim-riak").await.expect(200).main().contains("Bantu pengurus yang lupa kata sandi"));
    let page = sari.get(path).await.expect(200);
    assert_eq!((page.count("tbody tr"), page.count("tbody form")), (3, 1), "{}", page.main());
    // Nobody above the officer, nobody who also works elsewhere, nobody of no KIM.
    sari.post(&format!("{path}/{abroad}"), &[]).await.expect(409);
    sari.post(&format!("{path}/{above}"), &[]).await.expect(409);
    sari.post(&format!("{path}/{stranger}"), &[]).await.expect(404);
    sari.post(&format!("/bina/kim/kim-jauh/slip/{abroad}"), &[]).await.expect(403);
    rina.get(path).await.expect(403);
    scene::verifier(&stage, "63").await.get(path).await.expect(403);

    let slip = sari.post(&format!("{path}/{officer}"), &[]).await.expect(200);
    assert!(slip.main().contains("Rina"));
    stage.settle().await;
    assert!(rina.get("/meja").await.main().contains("Slip kata sandi dibuat untuk akun Anda"));
    let mut phone = stage.client();
    let onward = phone.post("/lupa-sandi/slip", &[("kode", &code(&slip))]).await.expect(303);
    phone.follow(onward).await.expect(200);
    phone.post("/atur-sandi", &[("sandi", "empat kata acak lagi")]).await.expect(303);
    rina.get("/akun").await.expect(303);
    // An old proof is not enough to open somebody's account.
    stage.kit.clock.advance(base::clock::HOUR);
    assert!(sari.get(path).await.expect(303).location().starts_with("/akun/buktikan"));
    assert!(sari.post(&format!("{path}/{officer}"), &[]).await.expect(303).location().starts_with("/akun/buktikan"));
    stage.done().await;
}
