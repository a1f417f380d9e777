//! A KIM leaves one site as an archive and comes in at another: the same but for its numbers, beside the
//! KIM that are there, whole or not at all.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
mod common;
mod moved;

use both::both;
use moved::{Parts, SLUG, STORY, WARD, count, operator, pack, plain, put, rich, rows, run, taken, unpack};
use newsroom::article::Status;
use newsroom::seed::Story;
use serde_json::{Value, json};
use simpul::arrival::{Arriving, Report, import};
use stage::{Engine, Stage};

const FROM: &str = "http://simpul.test";
const TO: &str = "http://lain.test";

/// Brings an archive in; the words of the error when it was refused.
async fn arrive(stage: &Stage, archive: &[u8], region: Option<&str>, dry_run: bool) -> Result<Report, String> {
    let file = stage.folder().join("kim.tar.gz");
    std::fs::write(&file, archive).expect("written");
    let asked = Arriving { file, region: region.map(str::to_owned), dry_run };
    import(&stage.app, &asked, &|_, _| {}).await.map_err(|error| format!("{error:#}"))
}

/// How much a site holds: KIM, stories, events, files.
async fn size(stage: &Stage) -> (i64, i64, i64, usize) {
    (
        count(stage, "select count(*) as n from kim_group").await,
        count(stage, "select count(*) as n from newsroom_article").await,
        count(stage, "select count(*) as n from base_event").await,
        stage.kit.blobs.all().await.expect("files").len(),
    )
}

#[both]
async fn out_in_and_out_again_is_the_same(engine: Engine) {
    let from = moved::open(engine, FROM).await;
    let mut rina = rich(&from).await;
    let archive = taken(&mut rina).await;
    let first = unpack(&archive);
    from.done().await;

    let to = moved::open(engine, TO).await;
    let empty = size(&to).await;
    let tried = arrive(&to, &archive, None, true).await.expect("tried");
    assert!(tried.dry_run && tried.to_string().contains("nothing was changed"), "{tried}");
    assert_eq!(size(&to).await, empty, "a dry run changes nothing");

    let report = arrive(&to, &archive, None, false).await.expect("in");
    assert_eq!((report.path.as_str(), report.region.as_str(), report.site.as_str()), ("/kim/riak-seberang", WARD, FROM));
    assert_eq!((report.rows("members"), report.rows("articles"), report.files), (4, 4, 6));
    assert_eq!(report.notes, ["stories that waited for a reader and are drafts again: 1"]);
    assert_eq!(tried.notes, report.notes, "the dry run tells all of it");
    to.settle().await;

    // Taken out again it is what it was.
    let mut boss = operator(&to).await;
    let again = unpack(&taken(&mut boss).await);
    let (mut one, two) = (plain(&first), plain(&again));
    for row in one.get_mut("articles.jsonl").expect("stories").iter_mut().filter(|row| row["status"] == "changes") {
        row["status"] = "draft".into();
        row["submitted_at"] = Value::Null;
    }
    for (part, rows) in &one {
        assert_eq!(rows, &two[part], "{part}");
    }
    assert_eq!(one.len(), two.len());
    for (path, bytes) in again.iter().filter(|(path, _)| path.starts_with("files/")) {
        assert!(bytes.starts_with(&[0xff, 0xd8, 0xff]) || bytes.starts_with(b"%PDF-"), "{path}");
    }
    let files = |parts: &Parts| parts.keys().filter(|path| path.starts_with("files/")).count();
    assert_eq!(files(&first), files(&again));
    // It is rich enough to tell.
    assert_eq!((one["terms.jsonl"].len(), one["decrees.jsonl"].len(), one["photos.jsonl"].len()), (4, 2, 2));
    assert!(one["revisions.jsonl"].len() >= 5 && one["remarks.jsonl"].len() == 2, "{one:?}");
    assert_eq!((&one["members.jsonl"][0]["born"], &one["members.jsonl"][2]["guardian"]), (&json!(1990), &json!("2026-11-24")));
    lives(&to).await;

    // Once more adds nothing.
    let before = size(&to).await;
    let twice = arrive(&to, &archive, None, false).await.expect("here");
    assert!(twice.already && twice.to_string().contains("nothing was added"), "{twice}");
    assert_eq!(size(&to).await, before);
    to.done().await;
}

/// Its pages, old addresses, search and figures at the new site.
async fn lives(to: &Stage) {
    let mut visitor = to.client();
    let page = visitor.get(&format!("/kim/{SLUG}")).await.expect(200).main();
    assert!(page.contains("KIM Riak Seberang") && page.contains("Ani Ketua") && page.contains("1 kabar terbit"), "{page}");
    assert!(!page.contains("Dedi"), "who left is not named: {page}");
    for (old, new) in [
        ("/kim/kim-riak-seberang", "/kim/riak-seberang"),
        ("/kabar/titian-lama", "/kabar/titian-puntun-selesai-dicat"),
        ("/2024/03/titian/", "/kabar/titian-puntun-selesai-dicat"),
    ] {
        assert_eq!(visitor.get(old).await.expect(301).location(), new);
    }
    let story = visitor.get(&format!("/kabar/{STORY}")).await.expect(200);
    assert!(story.main().contains("empat titian") && story.main().contains("Rina"), "{}", story.main());
    let mut conn = to.read().await;
    let article = newsroom::article::store::by_slug(&mut conn, STORY).await.expect("read").expect("the story");
    let own = newsroom::media::of(&mut conn, article.id).await.expect("photos");
    assert!(article.body.contains(&own[1].path(800)), "the picture in the text is its own: {}", article.body);
    assert_eq!(article.source_key.as_deref(), Some("wp:lama.example.id:7"));
    drop(conn);
    visitor.get(&own[1].path(800)).await.expect(200);
    visitor.get("/kabar/jadwal-keliru").await.expect(410);
    visitor.get("/kabar/kerja-bakti-minggu").await.expect(404);
    assert!(visitor.get("/cari?q=titian").await.expect(200).main().contains("Titian Puntun selesai dicat"));
    let past = visitor.get(&format!("/kim/{SLUG}/riwayat")).await.expect(200).main();
    assert!(past.contains("Pindah ke situs ini bersama arsipnya http://simpul.test"), "{past}");

    let mut boss = operator(to).await;
    let desk = boss.get(&format!("/meja/kim/{SLUG}")).await.expect(200).main();
    assert!(desk.contains("impor dari http://simpul.test"), "who verified it: {desk}");
    let decree = count(to, "select max(id) as id from kim_decree").await;
    let scan = boss.get(&format!("/meja/kim/{SLUG}/sk/berkas/{decree}")).await.expect(200);
    assert_eq!(scan.body, b"%PDF-1.7\n%%EOF\n");
    assert_eq!(count(to, "select count(*) as n from kim_member where account_id is not null").await, 0);
    assert_eq!(count(to, "select count(*) as n from people_grant where group_id is not null").await, 0);
    let acts = base::audit::list(&mut to.read().await, &base::audit::Asked::default()).await.expect("rows");
    assert!(acts.iter().any(|row| row.act == "kim.group.arrived" && row.actor_id.is_none()));
    // Derived again from the first event, it is the same.
    to.app.rebuild_listeners().await.expect("rebuilt");
    to.settle().await;
    assert!(visitor.get(&format!("/kim/{SLUG}")).await.expect(200).main().contains("1 kabar terbit"));
}

#[both]
async fn addresses_that_are_taken_lead_to_the_next_ones(engine: Engine) {
    let from = moved::open(engine, FROM).await;
    let mut rina = rich(&from).await;
    let archive = taken(&mut rina).await;
    from.done().await;

    let to = moved::open(engine, TO).await;
    let other = kim::testing::active(&to.kit, SLUG, WARD).await;
    run(&to, "update kim_group set number = 'KIM-0007' where id = $1", vec![other.into()]).await;
    let group = kim::briefs(&mut to.read().await, &[other]).await.expect("briefs").remove(&other).expect("the group");
    let story = Story {
        group,
        author_id: None,
        author_name: "Tetangga".into(),
        title: "Titian Puntun selesai dicat".into(),
        lead: "Punya tetangga.".into(),
        body: "<p>Isi tetangga.</p>".into(),
        category: "kabar".into(),
        tags: vec![],
        lang: "id".into(),
        status: Status::Published,
        at: to.kit.clock.now() - 1,
        picture: None,
    };
    newsroom::seed::add(&to.kit, &story).await.expect("a story");
    let report = arrive(&to, &archive, Some("62.71.02.1001"), false).await.expect("in");
    assert_eq!((report.path.as_str(), report.region.as_str()), ("/kim/riak-seberang-2", "62.71.02.1001"));
    for words in ["/kim/riak-seberang is another KIM's", "KIM-0007", "stands at /kabar/titian-puntun-selesai-dicat-2"] {
        assert!(report.notes.iter().any(|note| note.contains(words)), "{words}: {:?}", report.notes);
    }
    to.settle().await;
    let mut visitor = to.client();
    for (old, new) in [
        ("/kim/kim-riak-seberang", "/kim/riak-seberang-2"),
        ("/kim/kim-riak-seberang/riwayat", "/kim/riak-seberang-2/riwayat"),
        ("/kabar/titian-lama", "/kabar/titian-puntun-selesai-dicat-2"),
        ("/2024/03/titian/", "/kabar/titian-puntun-selesai-dicat-2"),
    ] {
        assert_eq!(visitor.get(old).await.expect(301).location(), new);
    }
    assert!(visitor.get("/kim/riak-seberang").await.expect(200).main().contains("KIM Riak Seberang"));
    assert!(visitor.get(&format!("/kabar/{STORY}")).await.expect(200).main().contains("Isi tetangga"));
    let story = visitor.get(&format!("/kabar/{STORY}-2")).await.expect(200).main();
    assert!(story.contains("empat titian"), "{story}");
    let mut conn = to.read().await;
    let here = kim::find(&mut conn, "riak-seberang-2").await.expect("read").expect("the KIM");
    assert_eq!((here.region.as_str(), here.number.as_deref()), ("62.71.02.1001", None));
    let article = newsroom::article::store::by_slug(&mut conn, &format!("{STORY}-2")).await.expect("read").expect("there");
    assert_eq!((article.region.as_str(), article.group_id), ("62.71.02.1001", here.id));
    drop(conn);
    to.done().await;
}

#[both]
async fn what_cannot_come_in_leaves_nothing_behind(engine: Engine) {
    let from = moved::open(engine, FROM).await;
    let mut rina = rich(&from).await;
    let archive = taken(&mut rina).await;
    let parts = unpack(&archive);
    from.done().await;

    let to = moved::open(engine, TO).await;
    let empty = size(&to).await;
    let changed = |change: &dyn Fn(&mut Parts)| {
        let mut parts = parts.clone();
        change(&mut parts);
        pack(&parts)
    };
    let told = |key: &'static str, value: Value| {
        changed(&|parts: &mut Parts| {
            let mut manifest = moved::manifest(parts);
            manifest[key] = value.clone();
            parts.insert("manifest.json".into(), manifest.to_string().into_bytes());
        })
    };
    let row = |part: &'static str, key: &'static str, value: Value| {
        changed(&|parts: &mut Parts| {
            let mut all = rows(parts, part);
            all[0][key] = value.clone();
            put(parts, part, &all);
        })
    };
    let lost = |name: &'static str| changed(&|parts: &mut Parts| drop(parts.remove(name)));
    let site = json!({ "form": 1, "use": "export", "tables": [] }).to_string().into_bytes();
    let whole = pack(&Parts::from([("manifest.json".to_owned(), site)]));
    for (archive, words) in [
        (b"bukan arsip".to_vec(), "is not the archive of a KIM"),
        (Vec::new(), "is not the archive of a KIM"),
        (whole, "of a whole site"),
        (lost("manifest.json"), "is not the archive of a KIM"),
        (told("format", json!("lain")), "is not the archive of a KIM"),
        (told("version", json!(3)), "newer version of Simpul (archive version 3; this one reads up to 2)"),
        (archive[..archive.len() / 2].to_vec(), "was cut short or is damaged"),
        (lost("members.jsonl"), "members.jsonl is missing"),
        (row("kim.jsonl", "region", json!("11.01.01.2001")), "--region CODE"),
        (row("kim.jsonl", "status", json!("lain")), "there is no status lain"),
        (row("members.jsonl", "joined", json!("kemarin")), "“kemarin” is no day"),
        (row("terms.jsonl", "member", json!(999)), "names member 999"),
        (row("articles.jsonl", "title", json!(7)), "line 1 of articles.jsonl"),
        (row("articles.jsonl", "created_at", json!("dulu")), "story 1 of articles.jsonl: “dulu” is no time"),
    ] {
        let error = arrive(&to, &archive, None, false).await.expect_err(words);
        assert!(error.contains(words), "{words}: {error}");
        assert_eq!(size(&to).await, empty, "{words}");
    }
    let fewer = changed(&|parts: &mut Parts| {
        let all = rows(parts, "members.jsonl");
        let text: String = all.iter().skip(1).map(|row| format!("{row}\n")).collect();
        parts.insert("members.jsonl".into(), text.into_bytes());
    });
    let error = arrive(&to, &fewer, None, false).await.expect_err("a row is gone");
    assert!(error.contains("members.jsonl holds 3 rows instead of 4"), "{error}");
    assert_eq!(size(&to).await, empty);

    // A picture that is gone or cannot be read does not spoil the rest.
    let photo = rows(&parts, "photos.jsonl")[0]["file"].as_str().expect("a path").to_owned();
    let logo = rows(&parts, "kim.jsonl")[0]["logo"].as_str().expect("a path").to_owned();
    let spoilt = changed(&|parts: &mut Parts| {
        parts.insert(photo.clone(), b"bukan gambar".to_vec());
        parts.remove(&logo);
    });
    let report = arrive(&to, &spoilt, None, false).await.expect("in");
    assert!(report.notes.iter().any(|note| note.contains(&photo) && note.contains("cannot be read")), "{:?}", report.notes);
    assert!(report.notes.iter().any(|note| note.contains(&logo) && note.contains("not in the archive")), "{:?}", report.notes);
    assert_eq!(count(&to, "select count(*) as n from newsroom_photo").await, 1);
    to.settle().await;
    to.done().await;
}

/// The first version told neither revisions nor consents.
#[both]
async fn an_older_version_still_reads(engine: Engine) {
    let from = moved::open(engine, FROM).await;
    let mut rina = rich(&from).await;
    let mut parts = unpack(&taken(&mut rina).await);
    from.done().await;
    let mut manifest = moved::manifest(&parts);
    manifest["version"] = 1.into();
    let later = |part: &Value| part["name"] == "revisions" || part["name"] == "remarks";
    manifest["parts"].as_array_mut().expect("parts").retain(|part| !later(part));
    parts.insert("manifest.json".into(), manifest.to_string().into_bytes());
    parts.retain(|name, _| name != "revisions.jsonl" && name != "remarks.jsonl");
    for (part, fields) in [
        ("kim.jsonl", vec!["confirmed_at"]),
        ("members.jsonl", vec!["born", "guardian"]),
        ("articles.jsonl", vec!["author_named", "withdrawn_above", "submitted_at", "source_key", "former_paths"]),
    ] {
        let mut all = rows(&parts, part);
        for row in &mut all {
            let object = row.as_object_mut().expect("an object");
            for field in &fields {
                assert!(object.remove(*field).is_some(), "{field} of {part}");
            }
        }
        if part == "members.jsonl" {
            all[0]["account"] = 12.into();
        }
        put(&mut parts, part, &all);
    }

    let to = moved::open(engine, TO).await;
    let report = arrive(&to, &pack(&parts), None, false).await.expect("in");
    for words in ["phone number is hidden", "names hidden until an officer shows them", "without their writer's name"] {
        assert!(report.notes.iter().any(|note| note.contains(words)), "{words}: {:?}", report.notes);
    }
    to.settle().await;
    let mut visitor = to.client();
    let page = visitor.get(&format!("/kim/{SLUG}")).await.expect(200).main();
    assert!(page.contains("1 kabar terbit") && !page.contains("Ani Ketua"), "nobody said that she agrees: {page}");
    let api = visitor.get(&format!("/api/v1/kim/{SLUG}")).await.expect(200).text();
    assert!(!api.contains("81234567890"), "{api}");
    let story = visitor.get(&format!("/kabar/{STORY}")).await.expect(200).main();
    assert!(!story.contains("· Rina") && story.contains("empat titian"), "{story}");
    to.done().await;
}
