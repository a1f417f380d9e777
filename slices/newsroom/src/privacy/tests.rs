//! Whom a story names, and what stays of a writer who leaves.
use base::authz::Scope;
use both::both;
use people::consent::{self, NAME};
use people::privacy::FORMER;
use people::roles::{MEMBER, OPERATOR};
use stage::{Client, Engine};

use crate::article::Status;
use crate::testing::{City, body};

async fn story(city: &City, author: i64, title: &str, status: Status) -> (i64, String) {
    let kit = &city.stage.kit;
    let mut conn = city.stage.read().await;
    let group = kim::briefs(&mut conn, &[city.kim]).await.expect("briefs").remove(&city.kim).expect("a group");
    drop(conn);
    let story = crate::seed::Story {
        group,
        author_id: Some(author),
        author_name: "Penulis Kabar".into(),
        title: title.into(),
        lead: "Ringkasan.".into(),
        body: body(),
        category: "kabar".into(),
        tags: vec![],
        lang: "id".into(),
        status,
        at: kit.clock.now(),
        picture: None,
    };
    let id = crate::seed::add(kit, &story).await.expect("a story");
    let article = crate::article::store::by_id(&mut city.stage.read().await, id).await.expect("read").expect("there");
    (id, article.slug)
}

async fn hear(city: &City) {
    base::events::place(&city.stage.kit.db).await.expect("placed");
    city.stage.app.drop_stale(&mut 0).await.expect("dropped");
}

async fn shown(reader: &mut Client, slug: &str) -> (String, String) {
    let page = reader.get(&format!("/kabar/{slug}")).await.expect(200).main();
    let api = reader.get(&format!("/api/v1/articles/{slug}")).await.expect(200).json();
    (page, api["author"].as_str().expect("an author").to_owned())
}

#[both]
async fn a_story_names_its_writer_only_with_consent(engine: Engine) {
    let city = City::open(engine).await;
    let (id, _) = city.person("Penulis Kabar", &[(MEMBER, Scope::Group(city.kim))]).await;
    let (_, slug) = story(&city, id, "Titian baru", Status::Published).await;
    let mut reader = city.stage.client();
    let (page, api) = shown(&mut reader, &slug).await;
    assert!(page.contains("Penulis Kabar") && api == "Penulis Kabar", "{page}");
    let mut tx = city.stage.write().await;
    consent::say(&mut tx, id, NAME, false, "uji", city.stage.kit.clock.now()).await.expect("said");
    tx.commit().await.expect("committed");
    hear(&city).await;
    let (page, api) = shown(&mut reader, &slug).await;
    assert!(!page.contains("Penulis Kabar") && api.is_empty(), "{page}");
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn published_stories_stay_and_drafts_go(engine: Engine) {
    let city = City::open(engine).await;
    let (id, mut writer) = city.person("Penulis Kabar", &[(MEMBER, Scope::Group(city.kim))]).await;
    let mut boss = city.person("Pengelola", &[(OPERATOR, Scope::All)]).await.1;
    let (_, slug) = story(&city, id, "Titian baru", Status::Published).await;
    let (draft, _) = story(&city, id, "Belum jadi", Status::Draft).await;
    let (other, _) = story(&city, 999, "Orang lain", Status::Draft).await;
    let note = [("catatan", "Dari Penulis Kabar untuk semua")];
    writer.post(&format!("/meja/tulisan/{other}/komentar"), &note).await.expect(303);
    let mut reader = city.stage.client();
    assert!(shown(&mut reader, &slug).await.0.contains("Penulis Kabar"));
    // The copy holds what is theirs and nothing of others.
    let mut conn = city.stage.read().await;
    let person = people::privacy::person(&mut conn, id).await.expect("read").expect("a person");
    let parts = people::privacy::copy_parts(&web::app::personal(&[crate::slice()]), &mut conn, &person).await.expect("parts");
    let text = people::privacy::copy_as_json(&person, &parts, 0).to_string();
    for words in ["Titian baru", "Belum jadi", "untuk semua"] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("Orang lain"));
    drop(conn);

    writer.post("/akun/data/permohonan", &[("jenis", "deletion")]).await.expect(303);
    let link = boss.get("/kelola/permohonan").await.attribute("tbody a", "href").expect("a request");
    boss.post(&format!("{link}/jawab"), &[("jawab", "kabulkan"), ("alasan", "Baik.")]).await.expect(303);
    hear(&city).await;
    let (page, api) = shown(&mut reader, &slug).await;
    assert!(!page.contains("Penulis Kabar") && page.contains(FORMER) && api == FORMER, "{page}");
    let mut conn = city.stage.read().await;
    assert!(crate::article::store::by_id(&mut conn, draft).await.expect("read").is_none());
    let remark = crate::review::store::comments(&mut conn, other).await.expect("remarks").remove(0);
    assert_eq!((remark.account_name.as_str(), remark.body.as_str()), (FORMER, "Dari Mantan anggota untuk semua"));
    drop(conn);
    city.stage.settle().await;
    city.stage.done().await;
}
