//! Writing: from an empty form to a story that was handed in, and every way that is barred.
use base::sql;
use both::both;
use stage::Engine;

use super::*;
use crate::testing::{City, body, draft, handed_in, id_of, story, with};

#[both]
async fn a_member_writes_saves_and_hands_in(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let start = sari.get("/meja/tulis").await.expect(200);
    assert!(start.main().contains("KIM Riak Seberang") && start.main().contains("Tulis kabar baru"), "{}", start.main());
    assert_eq!(start.count("textarea[data-editor][data-label-link-address]"), 1);
    let id = draft(&mut sari, "Warga memasang tanda tinggi air").await;
    let page = sari.get(&format!("/meja/tulisan/{id}")).await.expect(200);
    assert!(page.main().contains("Draf"), "{}", page.main());
    assert_eq!(
        page.attribute("form[data-autosave]", "data-autosave").as_deref(),
        Some(&*format!("/meja/tulisan/{id}/simpan-otomatis"))
    );
    let article = city.article(id).await;
    assert_eq!((article.slug.as_str(), article.status, article.version), ("warga-memasang-tanda-tinggi-air", Status::Draft, 1));
    assert_eq!(article.tags(), ["banjir", "sungai"]);
    assert_eq!(article.region, "62.71.01.1006");
    assert_eq!(article.words, 65);

    let text = body().replace("empat", "lima");
    let fields = with(&story("Warga memasang tanda air", &text), &[("version", "1")]);
    sari.post(&format!("/meja/tulisan/{id}"), &fields).await.expect(303);
    let article = city.article(id).await;
    assert_eq!((article.slug.as_str(), article.version), ("warga-memasang-tanda-air", 2), "unpublished: follows its title");
    assert_eq!(city.count(sql!("select count(*) as n from newsroom_revision where article_id = $1", id)).await, 2);

    let preview = sari.get(&format!("/meja/tulisan/{id}/pratinjau")).await.expect(200);
    assert!(preview.main().contains("di lima titian"), "{}", preview.main());
    sari.post(&format!("/meja/tulisan/{id}/kirim"), &[]).await.expect(303);
    assert_eq!(city.article(id).await.status, Status::Review);
    assert_eq!(city.events(id).await, ["created", "submitted"]);
    let list = sari.get("/meja/tulisan?status=review&q=TANDA").await.expect(200);
    assert!(list.main().contains("Warga memasang tanda air"), "{}", list.main());
    assert!(!sari.get("/meja/tulisan?status=draft&q=").await.main().contains("Warga memasang tanda air"));
    assert!(!sari.get("/meja/tulisan?q=%25").await.main().contains("Warga memasang tanda air"), "no wild cards");
    // The pen is with the editor now.
    sari.post(&format!("/meja/tulisan/{id}"), &with(&fields, &[("version", "3")])).await.expect(403);
    sari.post(&format!("/meja/tulisan/{id}/kirim"), &[]).await.expect(409);
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn a_story_that_lacks_something_is_not_handed_in(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let short = with(&story("Judul", "<p>Pendek.</p>"), &[("lead", ""), ("act", "kirim")]);
    let page = sari.post("/meja/tulis", &short).await.expect(422);
    assert!(page.main().contains("Tulis ringkasan satu kalimat."), "{}", page.main());
    assert_eq!(page.attribute("#f-title", "value").as_deref(), Some("Judul"), "what was typed stays");
    let long = "x".repeat(TITLE_MOST + 1);
    let bad: [(&str, &str); 5] = [
        ("title", &long),
        ("category", "gosip"),
        ("lang", "xx"),
        ("tags", "a,b,c,d,e,f,g,h,i"),
        ("tags", "tagarinipanjangnyalebihdaritigapuluhhuruf"),
    ];
    let text = body();
    for (name, value) in bad {
        let page = sari.post("/meja/tulis", &with(&story("Judul", &text), &[(name, value)])).await.expect(422);
        assert_eq!(page.count(".error-summary li"), 1, "{name}: {}", page.main());
    }
    let page = sari.post("/meja/tulis", &with(&story("Judul", &text), &[("lead", &"y".repeat(LEAD_MOST + 1))])).await.expect(422);
    assert!(page.main().contains("Paling banyak 300 huruf"), "{}", page.main());
    let page = sari.post("/meja/tulis", &story("Judul", &"z".repeat(BODY_MOST + 1))).await.expect(422);
    assert!(page.main().contains("Isi terlalu panjang"), "{}", page.main());
    sari.post("/meja/tulis", &story("", &text)).await.expect(422);
    let id = draft(&mut sari, "Judul").await;
    let few = with(&story("Judul", "<p>satu dua tiga</p>"), &[("version", "1")]);
    let page = sari.post(&format!("/meja/tulisan/{id}/kirim"), &few).await.expect(422);
    assert!(page.main().contains("Isi baru 3 kata"), "{}", page.main());
    assert_eq!(city.article(id).await.version, 1, "nothing changed");
    city.stage.done().await;
}

#[both]
async fn strangers_are_kept_out(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let id = draft(&mut sari, "Kabar Sari").await;
    let desk = format!("/meja/tulisan/{id}");
    let mut stranger = city.stage.client();
    assert!(stranger.get(&desk).await.expect(303).location().starts_with("/masuk"));
    let mut resident = city.resident("Warga").await;
    let text = body();
    let fields = with(&story("Bajakan", &text), &[("version", "1")]);
    for path in [desk.clone(), format!("{desk}/kirim"), format!("{desk}/hapus"), format!("{desk}/simpan-otomatis")] {
        resident.post(&path, &fields).await.expect(403);
    }
    resident.get("/meja/tulis").await.expect(403);
    resident.get(&desk).await.expect(403);
    // Another KIM's editor does not even learn that it is there.
    let mut neighbour = city.neighbour("Tetangga").await;
    neighbour.get(&desk).await.expect(404);
    neighbour.get(&format!("{desk}/periksa")).await.expect(404);
    neighbour.get(&format!("{desk}/riwayat")).await.expect(404);
    neighbour.post(&desk, &fields).await.expect(404);
    neighbour.post(&format!("{desk}/hapus"), &[]).await.expect(404);
    neighbour.post("/meja/tulis", &fields).await.expect(403);
    neighbour.get("/meja/tulisan?kim=kim-riak-seberang").await.expect(403);
    neighbour.get("/meja/tulis?kim=kim-riak-seberang").await.expect(403);
    // A draft is not for the region's officer yet.
    city.fostering("Pembina", "62.71").await.get(&desk).await.expect(404);
    // A colleague reads, and no more.
    let mut budi = city.officer("Budi").await;
    let page = budi.get(&desk).await.expect(200);
    assert!(page.main().contains("Kabar Sari") && page.count("textarea") == 0, "{}", page.main());
    budi.post(&desk, &fields).await.expect(403);
    budi.post(&format!("{desk}/kirim"), &[]).await.expect(403);
    budi.post(&format!("{desk}/hapus"), &[]).await.expect(403);
    budi.post(&format!("{desk}/terbitkan"), &[]).await.expect(403);
    sari.post(&format!("{desk}/terbitkan"), &[]).await.expect(403);
    sari.get("/meja/tulisan/999").await.expect(404);
    assert_eq!(city.article(id).await.title, "Kabar Sari");
    city.stage.done().await;
}

#[both]
async fn no_update_is_lost(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let mut editor = city.editor("Rudi").await;
    let id = draft(&mut sari, "Kabar air").await;
    let desk = format!("/meja/tulisan/{id}");
    let (mine, theirs) = ("<p>Tulisan Sari yang panjang.</p>", "<p>Tulisan redaktur.</p>");
    editor.post(&desk, &with(&story("Kabar air", theirs), &[("version", "1"), ("sheet", "b")])).await.expect(303);
    let page = sari.post(&desk, &with(&story("Kabar air", mine), &[("version", "1"), ("sheet", "a")])).await.expect(409);
    assert!(page.main().contains("Orang lain mengubah tulisan ini lebih dulu."), "{}", page.main());
    assert!(page.main().contains("Tulisan redaktur.") && page.text().contains("Tulisan Sari"), "both texts");
    assert_eq!(city.article(id).await.body, theirs);
    let version = page.attribute("input[name=version]", "value").expect("a version");
    sari.post(&desk, &with(&story("Kabar air", mine), &[("version", &version)])).await.expect(303);
    assert_eq!(city.article(id).await.body, mine);
    sari.post(&desk, &with(&story("Kabar air", mine), &[("version", "")])).await.expect(409);
    let sent = with(&story("Kabar air", &body()), &[("version", "1")])
        .into_iter()
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect::<Vec<_>>();
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    sari.post(&format!("{desk}/kirim"), &sent).await.expect(409);
    assert_eq!(city.article(id).await.status, Status::Draft);
    city.stage.done().await;
}

#[both]
async fn the_form_saves_by_itself(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let id = draft(&mut sari, "Kabar air").await;
    let auto = format!("/meja/tulisan/{id}/simpan-otomatis");
    let fields = with(&story("", "Belum selesai"), &[("version", "1"), ("sheet", "satu")]);
    let answer = sari.post(&auto, &fields).await.expect(200).json();
    assert_eq!((answer["version"].as_i64(), answer["fields"]["version"].as_str()), (Some(2), Some("2")));
    assert_eq!(answer["saved_at"].as_i64(), Some(stage::START / 1000));
    let article = city.article(id).await;
    assert_eq!((article.title.as_str(), article.body.as_str(), article.slug.as_str()), ("", "<p>Belum selesai</p>", "kabar-air"));
    assert_eq!(city.count(sql!("select count(*) as n from newsroom_revision where article_id = $1", id)).await, 1);
    // The answer got lost on a weak signal: the same form is no conflict with itself.
    sari.post(&auto, &with(&fields, &[("body", "Hampir selesai")])).await.expect(200);
    let other = with(&fields, &[("sheet", "dua"), ("body", "Dari tab lain")]);
    assert_eq!(sari.post(&auto, &other).await.expect(409).json()["version"].as_i64(), Some(3));
    assert_eq!(city.article(id).await.body, "<p>Hampir selesai</p>");
    sari.post(&auto, &with(&fields, &[("title", &"x".repeat(TITLE_MOST + 1))])).await.expect(422);
    // Saving by hand from the same form goes through, and ends its privilege.
    sari.post(&format!("/meja/tulisan/{id}"), &with(&fields, &[("title", "Kabar jadi")])).await.expect(303);
    assert_eq!(city.article(id).await.title, "Kabar jadi");
    sari.post(&auto, &fields).await.expect(409);
    city.member("Budi").await.post(&auto, &fields).await.expect(403);
    let id = handed_in(&mut sari, "Kabar terkirim").await;
    let auto = format!("/meja/tulisan/{id}/simpan-otomatis");
    sari.post(&auto, &fields).await.expect(403);
    city.editor("Rudi").await.post(&auto, &fields).await.expect(409);
    city.stage.done().await;
}

#[both]
async fn a_form_sent_twice_makes_one_story(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let text = body();
    let fields = story("Satu kabar saja", &text);
    let first = sari.post_with_key("/meja/tulis", "kunci-formulir-1", &fields).await.expect(303);
    let second = sari.post_with_key("/meja/tulis", "kunci-formulir-1", &fields).await.expect(303);
    assert_eq!(first.location(), second.location());
    assert_eq!(city.count(sql!("select count(*) as n from newsroom_article")).await, 1);
    sari.post_with_key("/meja/tulis", "kunci-formulir-1", &with(&fields, &[("title", "Lain")])).await.expect(422);
    city.stage.done().await;
}

#[both]
async fn a_draft_is_deleted_with_all_it_holds(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let id = draft(&mut sari, "Salah tulis").await;
    let answer = sari.post(&format!("/meja/tulisan/{id}/hapus"), &[]).await.expect(303);
    assert_eq!(answer.location(), "/meja/tulisan");
    sari.get(&format!("/meja/tulisan/{id}")).await.expect(404);
    assert_eq!(city.count(sql!("select count(*) as n from newsroom_revision")).await, 0);
    assert_eq!(city.count(sql!("select count(*) as n from newsroom_tag")).await, 0);
    let id = handed_in(&mut sari, "Sudah terkirim").await;
    sari.post(&format!("/meja/tulisan/{id}/hapus"), &[]).await.expect(409);
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn addresses_are_unique(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    for slug in ["rapat-rt", "rapat-rt-2", "rapat-rt-3"] {
        let id = draft(&mut sari, "Rapat RT").await;
        assert_eq!(city.article(id).await.slug, slug);
    }
    let id = draft(&mut sari, "Rapat RT lagi").await;
    assert_eq!(city.article(id).await.slug, "rapat-rt-lagi");
    let mut conn = city.stage.read().await;
    assert_eq!(store::by_slug(&mut conn, "rapat-rt-2").await.expect("read").map(|a| a.title).as_deref(), Some("Rapat RT"));
    assert_eq!(store::redirected_to(&mut conn, "/2020/rapat").await.expect("read"), None);
    drop(conn);
    city.stage.done().await;
}

#[both]
async fn the_place_is_near(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let text = body();
    let fields = story("Kabar kecamatan", &text);
    let id = id_of(&sari.post("/meja/tulis", &with(&fields, &[("region", "62.71.02")])).await.expect(303));
    assert_eq!(city.article(id).await.region, "62.71.02");
    let page = sari.post("/meja/tulis", &with(&fields, &[("region", "63.71.01.1001")])).await.expect(422);
    assert!(page.main().contains("Pilih tempat di kabupaten atau kota KIM Anda."), "{}", page.main());
    let page = sari.post("/meja/tulis", &with(&fields, &[("region", ""), ("region_q", "Negeri Antah")])).await.expect(422);
    assert!(page.main().contains("Tempat itu tidak kami temukan."), "{}", page.main());
    city.stage.done().await;
}

#[both]
async fn someone_in_several_kim_chooses(engine: Engine) {
    use base::authz::Scope;
    let city = City::open(engine).await;
    let grants = [(people::roles::MEMBER, Scope::Group(city.kim)), (people::roles::MEMBER, Scope::Group(city.other))];
    let (_, mut both) = city.person("Dua", &grants).await;
    let page = both.get("/meja/tulis").await.expect(200);
    assert!(page.main().contains("KIM Riak Seberang") && page.main().contains("KIM Sebelah"), "{}", page.main());
    assert!(both.get("/meja/tulis?kim=kim-sebelah").await.expect(200).main().contains("KIM Sebelah"));
    both.get("/meja/tulis?kim=tidak-ada").await.expect(404);
    let list = both.get("/meja/tulisan?kim=kim-sebelah").await.expect(200);
    assert_eq!(list.count(".chips a"), 2);
    let mut operator = city.operator("Operator").await;
    assert!(operator.get("/meja/tulis").await.expect(200).main().contains("Anda belum masuk KIM mana pun"));
    operator.get("/meja/tulis?kim=kim-sebelah").await.expect(200);
    city.stage.done().await;
}

#[both]
async fn the_list_goes_on_by_the_last_row(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    for n in 0..23 {
        draft(&mut sari, &format!("Kabar nomor {n}")).await;
    }
    let first = sari.get("/meja/tulisan").await.expect(200);
    assert_eq!(first.count(".story"), 20);
    let next = first.attribute("a[rel=next]", "href").expect("more");
    let second = sari.get(&next).await.expect(200);
    assert_eq!(second.count(".story"), 3);
    assert!(second.main().contains("Kabar nomor 0") && second.attribute("a[rel=next]", "href").is_none());
    city.stage.done().await;
}

#[both]
async fn pages_say_every_word_and_name_each_part_once(engine: Engine) {
    let city = City::open(engine).await;
    let (mut sari, mut rudi) = (city.member("Sari").await, city.editor("Rudi").await);
    let id = draft(&mut sari, "Kabar air").await;
    let desk = format!("/meja/tulisan/{id}");
    let photos = [("foto", "a.png", &*crate::testing::picture()), ("foto", "b.png", &*crate::testing::picture())];
    sari.post_files(&format!("{desk}/foto"), &[], &photos).await.expect(303);
    let ends = ["", "/pratinjau", "/riwayat"].map(|end| format!("{desk}{end}"));
    let mut pages = vec![sari.post(&format!("{desk}/kirim"), &[]).await.expect(422)];
    for path in ends.iter().map(String::as_str).chain(["/meja/tulis", "/meja/tulisan"]) {
        pages.push(sari.get(path).await.expect(200));
    }
    pages.push(rudi.get(&format!("{desk}/periksa")).await.expect(200));
    for page in pages {
        let html = page.text();
        assert!(!page.main().contains("newsroom-") && !html.contains("\"newsroom-"), "{}", page.main());
        let parsed = scraper::Html::parse_document(&html);
        let ids: Vec<&str> = parsed.tree.nodes().filter_map(|node| node.value().as_element()?.id()).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{ids:?}");
        let keys = scraper::Selector::parse("input[name=_kunci]").expect("a selector");
        let mut keys: Vec<&str> = parsed.select(&keys).filter_map(|key| key.attr("value")).collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all, "a key for each form");
    }
    city.stage.done().await;
}
