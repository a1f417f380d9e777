//! Exports: out of one engine, into the other, out again, and nothing changed; no way to log in leaves
//! unasked; addresses of old keep leading to their place.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
#[path = "common/place.rs"]
mod place;

use std::path::Path;

use base::{Config, Event, migrate, rows, sql};
use both::both;
use newsroom::article::Status;
use newsroom::seed::Story;
use place::{Place, filled};
use simpul::backup::restore::restore;
use simpul::backup::{Ground, Key, Packed, Target, What, take, verify};
use simpul::export::{leaves, takes};
use stage::{Engine, Stage};

async fn export(stage: &Stage, accounts: bool, to: &Path) -> Packed {
    let what = What::Export { accounts };
    take(&Ground::of(&stage.kit), what, Target::Folder(to.to_owned()), None, &|_, _| {}).await.expect("an export")
}

/// Every file below a folder, with its bytes.
fn all(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten().filter(|entry| entry.path().is_file());
    files
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).expect("inside").display().to_string();
            (name, std::fs::read(entry.path()).expect("read"))
        })
        .collect()
}

/// The place as the settings of an import see it, opened.
async fn open(config: &Config) -> web::App {
    let config = Config { secret: "a secret for tests only, forty characters".into(), ..config.clone() };
    simpul::start::open(config, true).await.expect("opens")
}

async fn story(stage: &Stage) -> i64 {
    let group = kim::find(&mut stage.read().await, "kim-riak-seberang").await.expect("asked").expect("a KIM").id;
    let brief = kim::briefs(&mut stage.read().await, &[group]).await.expect("asked").remove(&group).expect("a KIM");
    let story = Story {
        group: brief,
        author_id: Some(1),
        author_name: "Penyunting".into(),
        title: "Titian baru selesai".into(),
        lead: "Warga menyeberang lagi.".into(),
        body: "<p>Titian sepanjang dua puluh meter selesai.</p>".into(),
        category: "kabar".into(),
        tags: vec!["titian".into()],
        lang: "id".into(),
        status: Status::Published,
        at: stage.kit.clock.now() - 1,
        picture: None,
    };
    newsroom::seed::add(&stage.kit, &story).await.expect("a story")
}

#[both]
async fn out_in_and_out_again_is_the_same(engine: Engine) {
    let stage = filled(engine).await;
    let id = story(&stage).await;
    // Addresses that the story had elsewhere.
    let mut tx = stage.write().await;
    tx.run(sql!("insert into newsroom_redirect (path, article_id) values ('/2024/03/titian/', $1)", id)).await.expect("added");
    tx.run(sql!("insert into newsroom_slug (slug, article_id) values ('titian-lama', $1)", id)).await.expect("added");
    tx.emit(Event::new(1, "test.thing.gone", ("thing", 9))).await.expect("emitted");
    tx.commit().await.expect("committed");
    stage.settle().await;
    let slug = stage.client().get("/2024/03/titian/").await.location().to_owned();
    for accounts in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let first = export(&stage, accounts, &folder.path().join("satu")).await;
        verify::verify(&first.path, Key::default(), &|_, _| {}).await.expect("whole");
        let other = if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite };
        let to = Place::fresh(other).await;
        restore(&to.config, &first.path, Key::default(), false, &|_, _| {}).await.expect("imported");
        let ground = Ground::open(to.config.clone()).await.expect("opens");
        let target = Target::Folder(folder.path().join("dua"));
        let again = take(&ground, What::Export { accounts }, target, None, &|_, _| {}).await.expect("an export");
        ground.db.close().await;
        let (one, two) = (all(&first.path), all(&again.path));
        assert_eq!(one.len(), two.len());
        for ((name, bytes), (other, others)) in one.iter().zip(&two) {
            assert_eq!(name, other);
            if name == "manifest.json" {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("a text");
                let timeless = |bytes: &[u8]| {
                    text(bytes).lines().filter(|line| !line.contains("\"taken_at\"")).map(str::to_owned).collect::<Vec<_>>()
                };
                assert_eq!(timeless(bytes), timeless(others));
            } else {
                assert!(bytes == others, "{name} differs");
            }
        }
        let app = open(&to.config).await;
        app.catch_up().await.expect("indexed");
        let mut visitor = stage::visitor(&app);
        assert_eq!(visitor.get("/2024/03/titian/").await.location(), slug);
        assert_eq!(visitor.get("/kabar/titian-lama").await.location(), slug);
        assert!(visitor.get(&slug).await.expect(200).main().contains("Titian sepanjang dua puluh meter"));
        assert!(visitor.get("/cari?q=titian").await.expect(200).main().contains("Titian baru selesai"));
        app.kit().db.close().await;
    }
    stage.done().await;
}

#[both]
async fn no_way_to_log_in_leaves_unasked(engine: Engine) {
    let stage = filled(engine).await;
    let mut tx = stage.write().await;
    tx.run(sql!("update people_account set password_hash = '$argon2id$rahasia'")).await.expect("changed");
    tx.commit().await.expect("committed");
    let folder = tempfile::tempdir().expect("a folder");
    let without = export(&stage, false, &folder.path().join("tanpa")).await;
    let with = export(&stage, true, &folder.path().join("dengan")).await;
    let text = |packed: &Packed| {
        let rows = all(&packed.path).into_iter().filter(|(name, _)| name.starts_with("tables/"));
        rows.map(|(_, bytes)| String::from_utf8(bytes).expect("a text")).collect::<String>()
    };
    let mut conn = stage.read().await;
    let (session,): (String,) = conn.one(sql!("select hash from people_session order by id limit 1")).await.expect("a session");
    let (token,): (String,) = conn.one(sql!("select hash from people_token order by id limit 1")).await.expect("a token");
    for secret in ["rahasia", &session, &token] {
        assert!(!text(&without).contains(secret), "{secret} left");
        assert!(text(&with).contains(secret), "{secret} was asked for");
    }
    assert!(text(&without).contains("Pengelola"), "people's names go with their stories");
    for local in ["base_job", "base_calendar", "base_once", "app_backup"] {
        assert!(!with.path.join(format!("tables/{local}.jsonl")).exists(), "{local} left");
    }
    // Whoever comes with such an export has no password that fits.
    let to = Place::fresh(engine).await;
    restore(&to.config, &without.path, Key::default(), false, &|_, _| {}).await.expect("imported");
    let app = open(&to.config).await;
    let name: (String,) = conn.one(sql!("select username from people_account order by id limit 1")).await.expect("a name");
    drop(conn);
    let fields = [("masuk", name.0.as_str()), ("sandi", "!")];
    stage::visitor(&app).post("/masuk", &fields).await.expect(422);
    app.kit().db.close().await;
    stage.done().await;
}

/// A table that nobody thought about must not leave, and must not be forgotten.
#[both]
async fn every_table_says_whether_it_leaves(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = engine.open(folder.path()).await;
    migrate::run(&db, &simpul::backup::known(), 1).await.expect("migrations");
    let slices = simpul::slices();
    let owners: Vec<&str> = ["base"].into_iter().chain(slices.iter().map(|slice| slice.name)).collect();
    let found = rows::tables(&mut db.read().await.expect("a connection"), &owners).await.expect("tables");
    let silent: Vec<&str> = found.iter().map(|t| t.name.as_str()).filter(|name| leaves(name).is_none()).collect();
    assert!(silent.is_empty(), "say in app/src/export/mod.rs whether these leave with an export: {silent:?}");
    assert!(!takes("people_session", false) && takes("people_session", true) && !takes("unknown", true));
    // Secrets have telling names; a new one must be covered or stay.
    for table in &found {
        for column in &table.columns {
            let secret = ["hash", "secret", "password", "seed"].iter().any(|word| column.name.contains(word));
            let covered = simpul::export::covers(&table.name, false).iter().any(|(name, _)| *name == column.name);
            // What holds the record of acts together tells nothing.
            let secret = secret && table.name != "base_audit";
            assert!(!secret || covered || !takes(&table.name, false), "{}.{} leaves uncovered", table.name, column.name);
        }
    }
    // What leaves refers to nothing that stays.
    if engine == Engine::Sqlite {
        let text = "select m.name as child, f.\"table\" as parent from sqlite_schema m join pragma_foreign_key_list(m.name) f";
        let mut conn = db.read().await.expect("a connection");
        let references: Vec<(String, String)> = conn.all(base::Query::new(text, vec![])).await.expect("references");
        assert!(references.len() > 10);
        for (child, parent) in references {
            for accounts in [false, true] {
                assert!(!takes(&child, accounts) || takes(&parent, accounts), "{child} leaves without {parent}");
            }
        }
    }
    db.close().await;
}

#[test]
fn a_site_that_moved_leads_to_its_new_place() {
    stage::run(async {
        let place = Place::fresh(Engine::Sqlite).await;
        std::fs::create_dir_all(&place.config.data).expect("a folder");
        let app = open(&Config { moved_to: "https://baru.example.id".into(), ..place.config.clone() }).await;
        let mut visitor = stage::visitor(&app);
        let answer = visitor.get("/kabar/titian?cari=a%20b").await.expect(308);
        assert_eq!(answer.location(), "https://baru.example.id/kabar/titian?cari=a%20b");
        visitor.post("/masuk", &[]).await.expect(308);
        visitor.get("/healthz").await.expect(200);
        visitor.get("/readyz").await.expect(200);
        app.kit().db.close().await;
    });
}
