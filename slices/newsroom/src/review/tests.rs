//! From handed in to published and back, and everyone who may not.
use base::sql;
use both::both;
use stage::Engine;

use crate::article::Status;
use crate::testing::{City, body, draft, handed_in, story, with};

#[both]
async fn an_editor_reads_asks_and_publishes(engine: Engine) {
    let city = City::open(engine).await;
    let (author, mut sari) = city.person("Sari", &[(people::roles::MEMBER, base::authz::Scope::Group(city.kim))]).await;
    let mut rudi = city.editor("Rudi").await;
    let id = handed_in(&mut sari, "Tanda tinggi air").await;
    let desk = format!("/meja/tulisan/{id}");
    city.stage.settle().await;
    let today = rudi.get("/meja").await.expect(200);
    assert!(today.main().contains("Baca tulisan yang menunggu") && today.main().contains("Tanda tinggi air"), "{}", today.main());
    let page = rudi.get(&format!("{desk}/periksa")).await.expect(200);
    assert!(page.main().contains("Terbitkan") && page.main().contains("Isi paling sedikit 40 kata"), "{}", page.main());
    sari.get(&format!("{desk}/periksa")).await.expect(403);
    rudi.post(&format!("{desk}/minta-perbaikan"), &[("alasan", " ")]).await.expect(422);
    rudi.post(&format!("{desk}/minta-perbaikan"), &[("alasan", &"x".repeat(crate::review::REMARK_MOST + 1))]).await.expect(422);
    rudi.post(&format!("{desk}/minta-perbaikan"), &[("alasan", "Sebut nama ketua RT."), ("version", "1")]).await.expect(303);
    assert_eq!(city.article(id).await.status, Status::Changes);
    assert_eq!(city.last_data(id).await["notify"], serde_json::json!([author]));
    city.stage.settle().await;
    let today = sari.get("/meja").await.expect(200);
    assert!(today.main().contains("Perbaiki tulisan Anda") && today.main().contains("perlu diperbaiki"), "{}", today.main());
    assert!(sari.get(&desk).await.expect(200).main().contains("Sebut nama ketua RT."));
    sari.post(&format!("{desk}/komentar"), &[("catatan", "Sudah saya tambah.")]).await.expect(303);
    sari.post(&format!("{desk}/komentar"), &[("catatan", "")]).await.expect(422);
    rudi.post(&format!("{desk}/komentar"), &[("catatan", "")]).await.expect(422);
    city.neighbour("Tetangga").await.post(&format!("{desk}/komentar"), &[("catatan", "x")]).await.expect(404);
    assert!(sari.get(&desk).await.expect(200).main().contains("Sudah saya tambah."));
    let text = body().replace("empat", "enam");
    sari.post(&format!("{desk}/kirim"), &with(&story("Tanda tinggi air", &text), &[("version", "2")])).await.expect(303);
    // A colleague's page shows an old version: nothing is published unread.
    rudi.post(&format!("{desk}/terbitkan"), &[("version", "2")]).await.expect(409);
    let page = rudi.get(&format!("{desk}/periksa")).await.expect(200);
    assert!(page.main().contains("Sudah saya tambah."), "{}", page.main());
    let version = page.attribute("form[action$=terbitkan] input[name=version]", "value").expect("a version");
    let answer = rudi.post(&format!("{desk}/terbitkan"), &[("version", &version)]).await.expect(303);
    assert_eq!(answer.location(), "/kabar/tanda-tinggi-air");
    let article = city.article(id).await;
    assert_eq!((article.status, article.published_at), (Status::Published, Some(stage::START)));
    assert_eq!(city.events(id).await, ["created", "submitted", "changes_asked", "commented", "submitted", "published"]);
    assert_eq!(city.last_data(id).await["alone"], false);
    rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(409);
    city.stage.settle().await;
    assert!(sari.get("/meja").await.main().contains("sudah terbit"));
    assert!(city.stage.client().get("/kabar/tanda-tinggi-air").await.expect(200).main().contains("di enam titian"));
    city.stage.done().await;
}

#[both]
async fn a_published_story_is_edited_withdrawn_and_given_back(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let mut rudi = city.editor("Rudi").await;
    let id = handed_in(&mut sari, "Pasar pagi buka").await;
    let desk = format!("/meja/tulisan/{id}");
    rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(303);
    sari.post(&desk, &story("Bajakan", &body())).await.expect(403);
    let version = city.article(id).await.version.to_string();
    let text = body();
    let fields = with(&story("Pasar pagi buka lagi", &text), &[("version", &version)]);
    rudi.post(&desk, &with(&fields, &[("lead", "")])).await.expect(422);
    rudi.post(&desk, &fields).await.expect(303);
    assert_eq!(city.article(id).await.slug, "pasar-pagi-buka", "published: keeps its address");
    let version = city.article(id).await.version.to_string();
    let ticked = with(&fields, &[("version", &version), ("ganti_alamat", "1")]);
    rudi.post(&desk, &ticked).await.expect(303);
    assert_eq!(city.article(id).await.slug, "pasar-pagi-buka-lagi");
    let mut conn = city.stage.read().await;
    let moved = crate::article::store::moved_to(&mut conn, "pasar-pagi-buka").await.expect("read");
    drop(conn);
    assert_eq!(moved.as_deref(), Some("pasar-pagi-buka-lagi"));
    let taken = draft(&mut sari, "Pasar pagi buka").await;
    assert_eq!(city.article(taken).await.slug, "pasar-pagi-buka-2", "an old address stays taken");

    sari.post(&format!("{desk}/tarik"), &[("alasan", "x")]).await.expect(403);
    city.verifier("Jauh", "63.71").await.post(&format!("{desk}/tarik"), &[("alasan", "x")]).await.expect(404);
    rudi.post(&format!("{desk}/tarik"), &[("alasan", "")]).await.expect(422);
    rudi.post(&format!("{desk}/tarik"), &[("alasan", "Datanya keliru.")]).await.expect(303);
    let article = city.article(id).await;
    assert_eq!((article.status, article.withdrawn_reason.as_deref()), (Status::Withdrawn, Some("Datanya keliru.")));
    city.stage.settle().await;
    assert_eq!(city.stage.client().get("/kabar/pasar-pagi-buka-lagi").await.status, 410);
    rudi.post(&desk, &ticked).await.expect(409);
    rudi.post(&format!("{desk}/hapus"), &[]).await.expect(409);
    sari.post(&format!("{desk}/terbitkan-lagi"), &[]).await.expect(403);
    rudi.post(&format!("{desk}/terbitkan-lagi"), &[]).await.expect(303);
    let article = city.article(id).await;
    assert_eq!((article.status, article.withdrawn_reason), (Status::Published, None));
    let events = city.events(id).await;
    assert_eq!(events, ["created", "submitted", "published", "edited", "edited", "withdrawn", "republished"]);
    city.stage.settle().await;
    let kim = city.stage.client().get("/kim/kim-riak-seberang").await.expect(200).main();
    assert!(kim.contains("1 kabar terbit"), "{kim}");
    city.stage.done().await;
}

#[both]
async fn the_regions_officer_has_the_last_word_where_wanted(engine: Engine) {
    let city = City::open(engine).await;
    city.wants_approval().await;
    let mut sari = city.member("Sari").await;
    let mut rudi = city.editor("Rudi").await;
    let mut officer = city.fostering("Pembina", "62.71").await;
    let mut far = city.fostering("Pembina jauh", "63.71").await;
    let id = handed_in(&mut sari, "Kabar berantai").await;
    let desk = format!("/meja/tulisan/{id}");
    officer.get(&format!("{desk}/periksa")).await.expect(404);
    assert!(rudi.get(&format!("{desk}/periksa")).await.main().contains("Teruskan ke pembina"));
    rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(303);
    assert_eq!(city.article(id).await.status, Status::Approval);
    rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(403);
    far.get(&format!("{desk}/periksa")).await.expect(404);
    far.post(&format!("{desk}/terbitkan"), &[]).await.expect(404);
    city.stage.settle().await;
    let today = officer.get("/meja").await.expect(200);
    assert!(
        today.main().contains("Setujui kabar yang menunggu") && today.main().contains("menunggu persetujuan Anda"),
        "{}",
        today.main()
    );
    assert!(!far.get("/meja").await.main().contains("Kabar berantai"));
    assert!(officer.get("/meja/tulisan").await.expect(200).main().contains("Kabar berantai"));
    assert!(!far.get("/meja/tulisan").await.expect(200).main().contains("Kabar berantai"));
    assert!(officer.get(&format!("{desk}/periksa")).await.expect(200).main().contains("Setujui dan terbitkan"));
    officer.post(&format!("{desk}/minta-perbaikan"), &[("alasan", "Tambah sumber.")]).await.expect(303);
    sari.post(&format!("{desk}/kirim"), &[]).await.expect(303);
    rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(303);
    officer.post(&format!("{desk}/terbitkan"), &[("alasan", "Bagus.")]).await.expect(303);
    assert_eq!(city.article(id).await.status, Status::Published);
    assert_eq!(city.count(sql!("select count(*) as n from newsroom_comment where kind = 'approval'")).await, 1);
    let events = city.events(id).await;
    assert_eq!(events, ["created", "submitted", "approved", "changes_asked", "submitted", "approved", "published"]);
    let version = city.article(id).await.version.to_string();
    rudi.post(&desk, &with(&story("Kabar berantai baru", &body()), &[("version", &version)])).await.expect(303);
    city.stage.settle().await;
    assert!(officer.get("/meja").await.main().contains("diubah redaktur"), "the officer hears of it");
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn an_editor_alone_reads_their_own_story(engine: Engine) {
    let city = City::open(engine).await;
    let mut rudi = city.editor("Rudi").await;
    let id = handed_in(&mut rudi, "Kabar redaktur").await;
    rudi.post(&format!("/meja/tulisan/{id}/terbitkan"), &[]).await.expect(303);
    assert_eq!(city.last_data(id).await["alone"], true);
    let mut rina = city.editor("Rina").await;
    let id = handed_in(&mut rudi, "Kabar redaktur lagi").await;
    let desk = format!("/meja/tulisan/{id}");
    assert!(rudi.get(&format!("{desk}/periksa")).await.main().contains("Minta redaktur lain membacanya."));
    let page = rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(409);
    assert!(page.main().contains("Minta redaktur lain membacanya."), "{}", page.main());
    rina.post(&format!("{desk}/terbitkan"), &[]).await.expect(303);
    assert_eq!(city.last_data(id).await["alone"], false);
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn a_kim_that_is_not_verified_does_not_publish(engine: Engine) {
    let city = City::open(engine).await;
    let young = kim::testing::in_status(&city.stage.kit, "kim-muda", "62.71.01.1006", kim::Status::Submitted).await;
    let (_, mut rudi) = city.person("Rudi", &[(people::roles::EDITOR, base::authz::Scope::Group(young))]).await;
    let text = body();
    let fields = with(&story("Kabar muda", &text), &[("kim", "kim-muda"), ("act", "kirim")]);
    let id = crate::testing::id_of(&rudi.post("/meja/tulis", &fields).await.expect(303));
    let page = rudi.post(&format!("/meja/tulisan/{id}/terbitkan"), &[]).await.expect(409);
    assert!(page.main().contains("KIM ini belum boleh menerbitkan kabar."), "{}", page.main());
    let closed = kim::testing::in_status(&city.stage.kit, "kim-bubar", "62.71.01.1006", kim::Status::Dissolved).await;
    let (_, mut late) = city.person("Lama", &[(people::roles::EDITOR, base::authz::Scope::Group(closed))]).await;
    late.post("/meja/tulis", &with(&fields, &[("kim", "kim-bubar")])).await.expect(409);
    city.stage.done().await;
}

#[both]
async fn an_incomplete_story_is_not_published(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let mut rudi = city.editor("Rudi").await;
    let id = handed_in(&mut sari, "Kabar pendek").await;
    let desk = format!("/meja/tulisan/{id}");
    // The editor cut too much.
    let cut = with(&story("Kabar pendek", "<p>Pendek.</p>"), &[("version", "1")]);
    rudi.post(&desk, &cut).await.expect(303);
    let page = rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(422);
    assert!(page.main().contains("belum lengkap untuk terbit"), "{}", page.main());
    assert_eq!(city.article(id).await.status, Status::Review);
    city.stage.done().await;
}

#[both]
async fn the_history_shows_changes_and_brings_them_back(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let id = draft(&mut sari, "Empat titian").await;
    let desk = format!("/meja/tulisan/{id}");
    let text = body().replace("empat", "lima");
    sari.post(&desk, &with(&story("Lima titian", &text), &[("version", "1")])).await.expect(303);
    // A save that changes nothing leaves no revision.
    sari.post(&desk, &with(&story("Lima titian", &text), &[("version", "2")])).await.expect(303);
    let page = sari.get(&format!("{desk}/riwayat")).await.expect(200);
    assert_eq!(page.count(".timeline > li"), 2, "{}", page.main());
    assert!(page.text().contains("<del><span class=\"hide\">dihapus </span>Empat</del>"), "{}", page.text());
    assert!(page.text().contains("<ins><span class=\"hide\">ditambah </span>lima</ins>"));
    let first = city.count(sql!("select min(id) as id from newsroom_revision where article_id = $1", id)).await;
    city.member("Budi").await.post(&format!("{desk}/riwayat/{first}/pulihkan"), &[]).await.expect(403);
    sari.post(&format!("{desk}/riwayat/999/pulihkan"), &[]).await.expect(404);
    sari.post(&format!("{desk}/riwayat/{first}/pulihkan"), &[]).await.expect(303);
    let article = city.article(id).await;
    assert_eq!((article.title.as_str(), article.body.as_str()), ("Empat titian", body().as_str()));
    assert!(sari.get(&format!("{desk}/riwayat")).await.main().contains("dikembalikan"));
    for (n, version) in (0..12).zip(article.version..) {
        let text = format!("{}<p>Tambahan {n}</p>", body());
        sari.post(&desk, &with(&story("Empat titian", &text), &[("version", &version.to_string())])).await.expect(303);
    }
    let page = sari.get(&format!("{desk}/riwayat")).await.expect(200);
    assert_eq!(page.count(".timeline > li"), 10);
    let next = page.attribute("a[rel=next]", "href").expect("more");
    let page = sari.get(&next).await.expect(200);
    assert_eq!(page.count(".timeline > li"), 5);
    assert!(page.main().contains("tulisan pertama"));
    city.stage.done().await;
}

#[both]
async fn the_history_shows_what_changed_beside_the_words(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let id = draft(&mut sari, "Lima titian").await;
    let desk = format!("/meja/tulisan/{id}");
    let text = body();
    let fields = with(&story("Lima titian", &text), &[("version", "1")]);
    let changes = [("version", "1"), ("category", "lingkungan"), ("tags", "titian"), ("lang", "nij"), ("region", "62.71.02")];
    sari.post(&desk, &with(&fields, &changes)).await.expect(303);
    let mut conn = city.stage.read().await;
    let mut names = Vec::new();
    for code in ["62.71.01.1006", "62.71.02"] {
        names.push(regions::find(&mut conn, code).await.expect("read").expect("a region").name);
    }
    drop(conn);
    let region = format!("Wilayah: {} → {}", names[0], names[1]);
    let page = sari.get(&format!("{desk}/riwayat")).await.expect(200);
    assert_eq!(page.count(".timeline > li"), 2, "{}", page.main());
    for line in [
        "Kategori: Kabar warga → Lingkungan",
        "Tagar: banjir, sungai → titian",
        "Bahasa: Bahasa Indonesia → Bahasa Ngaju",
        region.as_str(),
    ] {
        assert!(page.main().contains(line), "{line}: {}", page.main());
    }
    // One change is one line, and an older version comes back as a whole.
    sari.post(&desk, &with(&fields, &[("version", "2"), ("tags", ""), ("lang", "nij"), ("region", "62.71.02")]))
        .await
        .expect(303);
    let page = sari.get(&format!("{desk}/riwayat")).await.expect(200).main();
    assert!(page.contains("Tagar: titian → –") && page.contains("Kategori: Lingkungan → Kabar warga"), "{page}");
    let changed = city.count(sql!("select max(id) - 1 as id from newsroom_revision where article_id = $1", id)).await;
    sari.post(&format!("{desk}/riwayat/{changed}/pulihkan"), &[]).await.expect(303);
    let article = city.article(id).await;
    assert_eq!((article.category.as_str(), article.lang.as_str(), article.region.as_str()), ("lingkungan", "nij", "62.71.02"));
    assert_eq!(article.tags(), ["titian"]);
    // What a version before did not keep is no change, and stays as it is.
    let mut tx = city.stage.write().await;
    let forget =
        sql!("update newsroom_revision set category = null, tags = null, lang = null, region = null where article_id = $1", id);
    tx.run(forget).await.expect("forgotten");
    tx.commit().await.expect("committed");
    let page = sari.get(&format!("{desk}/riwayat")).await.expect(200).main();
    assert!(!page.contains("Kategori:") && !page.contains("Wilayah:"), "{page}");
    let first = city.count(sql!("select min(id) as id from newsroom_revision where article_id = $1", id)).await;
    sari.post(&format!("{desk}/riwayat/{first}/pulihkan"), &[]).await.expect(303);
    assert_eq!(city.article(id).await.category, "lingkungan");
    city.stage.done().await;
}

#[both]
async fn a_story_without_history_begins_one_when_it_changes(engine: Engine) {
    let city = City::open(engine).await;
    let kit = &city.stage.kit;
    let brief = kim::briefs(&mut city.stage.read().await, &[city.kim]).await.expect("briefs").remove(&city.kim).expect("a group");
    let story = crate::seed::Story {
        group: brief,
        author_id: None,
        author_name: "Penulis".into(),
        title: "Empat titian".into(),
        lead: "Ringkasan.".into(),
        body: body(),
        category: "kabar".into(),
        tags: vec![],
        lang: "id".into(),
        status: Status::Published,
        at: kit.clock.now(),
        picture: None,
    };
    let id = crate::seed::add(kit, &story).await.expect("a story");
    let desk = format!("/meja/tulisan/{id}");
    let mut rudi = city.editor("Rudi").await;
    let text = body();
    let fields = with(&crate::testing::story("Lima titian", &text), &[("version", "1"), ("category", "lingkungan")]);
    rudi.post(&desk, &fields).await.expect(303);
    let page = rudi.get(&format!("{desk}/riwayat")).await.expect(200);
    assert_eq!(page.count(".timeline > li"), 2, "{}", page.main());
    assert!(page.main().contains("Kategori: Kabar warga → Lingkungan") && page.main().contains("Penulis"), "{}", page.main());
    city.stage.settle().await;
    city.stage.done().await;
}

/// What a dissolved KIM published is an archive: its editor may not rewrite it.
#[both]
async fn a_dissolved_kim_rewrites_nothing(engine: Engine) {
    let city = City::open(engine).await;
    let kit = &city.stage.kit;
    let group = kim::testing::in_status(kit, "kim-bubar", "62.71.01.1006", kim::Status::Dissolved).await;
    let brief = kim::briefs(&mut city.stage.read().await, &[group]).await.expect("briefs").remove(&group).expect("the group");
    let story = crate::seed::Story {
        group: brief,
        author_id: None,
        author_name: "Penulis".into(),
        title: "Arsip lama".into(),
        lead: "Ringkasan.".into(),
        body: body(),
        category: "kabar".into(),
        tags: vec![],
        lang: "id".into(),
        status: crate::article::Status::Published,
        at: kit.clock.now(),
        picture: None,
    };
    let id = crate::seed::add(kit, &story).await.expect("a story");
    let mut editor = city.person("Penyunting", &[(people::roles::EDITOR, base::authz::Scope::Group(group))]).await.1;
    let fields = [("title", "Dibajak"), ("version", "1")];
    editor.post(&format!("/meja/tulisan/{id}"), &fields).await.expect(409);
    assert_eq!(city.article(id).await.title, "Arsip lama");
    city.stage.done().await;
}

#[both]
async fn what_the_regions_officer_withdrew_comes_back_through_them(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    let mut rudi = city.editor("Rudi").await;
    let mut officer = city.fostering("Pembina", "62.71").await;
    let id = handed_in(&mut sari, "Kabar yang ditarik").await;
    let desk = format!("/meja/tulisan/{id}");
    rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(303);
    officer.post(&format!("{desk}/tarik"), &[("alasan", "Menyebut nama anak.")]).await.expect(303);
    assert!(city.article(id).await.withdrawn_above);

    rudi.post(&format!("{desk}/terbitkan-lagi"), &[]).await.expect(303);
    assert_eq!(city.article(id).await.status, Status::Approval, "the officer reads it again first");
    rudi.post(&format!("{desk}/terbitkan"), &[]).await.expect(403);
    officer.post(&format!("{desk}/terbitkan"), &[]).await.expect(303);
    let article = city.article(id).await;
    assert_eq!((article.status, article.withdrawn_above), (Status::Published, false));
    city.stage.settle().await;
    city.stage.done().await;
}
