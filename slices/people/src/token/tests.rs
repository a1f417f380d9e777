//! Tokens are shown once, act within their scope, and end with the account.
use base::authz::Scope;
use both::both;
use stage::Engine;

use crate::roles::EDITOR;
use crate::session::tests::open;
use crate::testing;

#[both]
async fn a_token_is_issued_used_and_revoked(engine: Engine) {
    let stage = open(engine).await;
    let (id, cookie) = testing::person(&stage.kit, "Penyunting", &[(EDITOR, Scope::Group(1))]).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    client.post("/akun/token", &[("token", "")]).await.expect(422);
    let page = client.post("/akun/token", &[("token", "Program kantor")]).await.expect(200);
    let secret = page.attribute("#token ~ *", "x").unwrap_or_else(|| page.main());
    let secret = secret.split_whitespace().find(|word| word.starts_with("simpul_")).expect("a secret").to_owned();
    let account = client.get("/akun").await.expect(200);
    assert!(account.main().contains("Program kantor") && !account.text().contains(&secret));
    let mut program = stage.client().bearer(&secret);
    // A token opens no page of its owner.
    program.get("/akun").await.expect(403);
    program.post("/akun/token", &[("token", "anak")]).await.expect(403);
    program.post("/akun/sandi", &[("lama", "x"), ("sandi", "tiga kata acak")]).await.expect(403);
    stage.client().bearer("simpul_salah").get("/akun").await.expect(303);
    let path = account.attribute("form[action$='/cabut']", "action").expect("a form");
    let (_, other) = testing::person(&stage.kit, "Orang lain", &[]).await;
    let mut stranger = stage.client();
    stranger.cookie("__Host-simpul", &other);
    stranger.post(&path, &[]).await.expect(404);
    client.post(&path, &[]).await.expect(303);
    program.get("/akun").await.expect(303);
    let late = testing::token(&stage.kit, id, &["articles:write"]).await;
    stage.client().bearer(&late).get("/akun").await.expect(403);
    stage.kit.clock.advance(crate::token::LASTS);
    stage.client().bearer(&late).get("/akun").await.expect(303);
    let mut client = stage.client();
    client.cookie("__Host-simpul", &testing::again(&stage.kit, id).await);
    let again = testing::token(&stage.kit, id, &["articles:write"]).await;
    let mut program = stage.client().bearer(&again);
    program.get("/akun").await.expect(403);
    let mut tx = stage.write().await;
    crate::operator::pages::set_lock(&mut tx, id, true, stage.kit.clock.now()).await.expect("locked");
    tx.commit().await.expect("committed");
    program.get("/akun").await.expect(303);
    client.get("/akun").await.expect(303);
    stage.done().await;
}
