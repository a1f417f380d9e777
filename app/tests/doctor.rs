//! Doctor finds each fault, names nothing when there is none, and makes nothing.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
#[path = "common/place.rs"]
mod place;

use std::os::unix::fs::PermissionsExt;

use base::blobs::S3;
use base::clock::{DAY, HOUR};
use base::{Clock, Config, Event, events, jobs, mail, sql};
use both::both;
use place::Place;
use simpul::backup::store::{self, Note};
use simpul::doctor::{Weight, examine};
use stage::Engine;

/// The codes of what is wrong, sorted. A PostgreSQL for tests may be set to be quick rather than safe.
async fn wrong(config: &Config) -> Vec<&'static str> {
    let found = examine(config).await.expect("examined");
    let mut codes: Vec<_> = found.iter().filter(|one| one.weight == Weight::Wrong).map(|one| one.code).collect();
    if config.database.starts_with("postgres") {
        codes.retain(|code| *code != "durability");
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A place where nothing is wrong but what the test does.
async fn well(engine: Engine) -> (Place, web::App) {
    let mut place = Place::fresh(engine).await;
    place.config.base_url = "http://localhost:1".into();
    place.config.secret = "0123456789abcdef0123456789abcdef".into();
    let app = simpul::start::open(place.config.clone(), true).await.expect("opens");
    std::fs::set_permissions(&place.config.data, std::fs::Permissions::from_mode(0o700)).expect("closed");
    regions::testing::sample(app.kit()).await;
    note(&app, Note { verified_at: Some(1), ..taken(0) }).await;
    (place, app)
}

fn taken(ago: i64) -> Note {
    let at = Clock::system().now() - ago;
    Note { taken_at: at, file: "simpul.tar.gz".into(), digest: "abc".into(), ..Note::default() }
}

async fn note(app: &web::App, note: Note) {
    let mut tx = app.kit().db.write().await.expect("a transaction");
    store::add(&mut tx, &note).await.expect("noted");
    tx.commit().await.expect("committed");
}

async fn run(app: &web::App, statement: base::Query) {
    let mut tx = app.kit().db.write().await.expect("a transaction");
    tx.run(statement).await.expect("run");
    tx.commit().await.expect("committed");
}

#[test]
fn it_makes_nothing_where_nothing_is() {
    stage::run(async {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let database = format!("sqlite:{}", data.join("simpul.sqlite").display());
        let blobs = data.join("blobs").display().to_string();
        let config = Config { data: data.clone(), database, blobs, base_url: "http://localhost:1".into(), ..Config::default() };
        assert_eq!(wrong(&config).await, ["data-missing", "database-missing"]);
        assert!(!data.exists());
        std::fs::create_dir(&data).expect("a folder");
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).expect("open to all");
        std::fs::write(config.secret_file(), "x").expect("a secret");
        assert_eq!(wrong(&config).await, ["data-open", "database-missing", "secret-missing", "secret-open"]);
        assert_eq!(std::fs::read_dir(&data).expect("a folder").count(), 1);
    });
}

#[both]
async fn a_database_that_forgets_is_told(engine: Engine) {
    let (place, app) = well(engine).await;
    let weak = simpul::doctor::weak(&app.kit().db.durability().await.expect("settings"));
    let found = examine(&place.config).await.expect("examined");
    assert_eq!(found.iter().any(|one| one.code == "durability"), weak.is_some());
    assert!(engine == Engine::Postgres || weak.is_none());
    app.kit().db.close().await;
}

#[test]
fn settings_that_forget_are_known() {
    let weak = |name, value: &str| simpul::doctor::weak(&[(name, value.to_owned())]).is_some();
    assert!(weak("journal_mode", "delete") && weak("synchronous", "1") && weak("synchronous_commit", "off"));
    assert!(weak("fsync", "off") && weak("full_page_writes", "off"));
    assert!(!weak("journal_mode", "wal") && !weak("synchronous", "2") && !weak("fsync", "on"));
    assert!(!weak("synchronous_commit", "local") && !weak("synchronous_commit", "remote_apply"));
}

#[both]
async fn the_rows_tell_what_is_wrong(engine: Engine) {
    let (place, app) = well(engine).await;
    let config = &place.config;
    let now = Clock::system().now();
    assert_eq!(wrong(config).await, [""; 0]);

    run(&app, sql!("drop index kim_group_region")).await;
    run(&app, sql!("delete from regions_region")).await;
    let mut tx = app.kit().db.write().await.expect("a transaction");
    jobs::enqueue(&mut tx, "a.dead", &serde_json::Value::Null, now - HOUR, None).await.expect("enqueued");
    tx.run(sql!("update base_job set state = 'dead'")).await.expect("changed");
    jobs::enqueue(&mut tx, "a.late", &serde_json::Value::Null, now - HOUR, None).await.expect("enqueued");
    tx.commit().await.expect("committed");
    assert_eq!(wrong(config).await, ["index", "jobs-dead", "jobs-late", "regions"]);
    run(&app, sql!("delete from base_job")).await;
    run(&app, sql!("create index kim_group_region on kim_group (region)")).await;
    regions::testing::sample(app.kit()).await;

    let mut tx = app.kit().db.write().await.expect("a transaction");
    tx.emit(Event::new(now - HOUR, "test.thing.done", ("thing", 1))).await.expect("emitted");
    tx.commit().await.expect("committed");
    if engine == Engine::Postgres {
        assert_eq!(wrong(config).await, ["events"]);
        events::place(&app.kit().db).await.expect("placed");
    }
    assert_eq!(wrong(config).await, ["listener", "search"]);
    app.catch_up().await.expect("heard");
    assert_eq!(wrong(config).await, [""; 0]);
    let mut tx = app.kit().db.write().await.expect("a transaction");
    tx.emit(Event::new(now + DAY, "test.thing.done", ("thing", 1))).await.expect("emitted");
    tx.commit().await.expect("committed");
    app.catch_up().await.expect("heard");
    assert_eq!(wrong(config).await, ["clock"]);
    run(&app, sql!("delete from base_event where at > $1", now)).await;
    app.catch_up().await.expect("heard");

    run(&app, sql!("delete from app_backup")).await;
    assert_eq!(wrong(config).await, ["backup-none"]);
    note(&app, taken(3 * DAY)).await;
    assert_eq!(wrong(config).await, ["backup-unverified"]);
    note(&app, Note { verified_at: Some(1), ..taken(3 * DAY) }).await;
    note(&app, Note { error: "no space left".into(), ..taken(0) }).await;
    assert_eq!(wrong(config).await, ["backup-failed", "backup-old"]);
    note(&app, Note { verified_at: Some(1), ..taken(HOUR - 2 * HOUR) }).await;
    assert_eq!(wrong(config).await, [""; 0]);

    run(&app, sql!("insert into base_migration (name, checksum, applied_at) values ('kim/9999_later', 'x', 1)")).await;
    assert_eq!(wrong(config).await, ["migrations-newer"]);
    run(&app, sql!("delete from base_migration where name in ('kim/9999_later', 'app/0001_backup')")).await;
    assert_eq!(wrong(config).await, ["migrations"]);
    app.kit().db.close().await;
}

#[test]
fn the_settings_tell_what_is_wrong() {
    stage::run(async {
        let (place, app) = well(Engine::Sqlite).await;
        let with = |change: &dyn Fn(&mut Config)| {
            let mut config = place.config.clone();
            change(&mut config);
            config
        };
        let cases: [(&str, Config); 10] = [
            ("second-factor", with(&|c| c.second_factor = "editor, penyunting".into())),
            ("address", with(&|c| c.base_url = "http://kim.invalid".into())),
            ("address", with(&|c| c.listen = "0.0.0.0:8080".into())),
            ("proxies-few", with(&|c| c.base_url = "https://kim.invalid".into())),
            ("proxies-many", with(&|c| (c.proxies, c.listen) = (1, "203.0.113.9:80".into()))),
            ("secret-weak", with(&|c| c.secret = "abcabcabcabcabcabcabcabcabcabcabcabc".into())),
            ("secret-weak", with(&|c| c.secret = "kurang dari 32".into())),
            ("backup-lock", with(&|c| c.backup.recipients = vec!["age1salah".into()])),
            ("mail", with(&|c| c.mail = mail::Settings { server: "smtp://127.0.0.1:1".into(), from: "a@b.id".into() })),
            (
                "files",
                with(&|c| {
                    c.blobs = "s3://ember".into();
                    c.s3 = S3 {
                        endpoint: "http://127.0.0.1:1".into(),
                        region: "x".into(),
                        access_key: "x".into(),
                        secret_key: "x".into(),
                    };
                }),
            ),
        ];
        for (code, config) in cases {
            let found = wrong(&config).await;
            assert!(found.contains(&code), "{code}: {found:?}");
        }
        let secret = place.config.secret_file();
        std::fs::write(&secret, &place.config.secret).expect("a secret");
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o644)).expect("open to all");
        assert_eq!(wrong(&place.config).await, ["secret-open"]);
        let many = examine(&with(&|c| c.proxies = 5)).await.expect("examined");
        assert!(many.iter().any(|one| one.code == "proxies-many" && one.weight == Weight::Advice));
        app.kit().db.close().await;
    });
}

/// A server that answers /healthz with yesterday's date.
#[test]
fn a_wrong_clock_behind_the_address_is_noticed() {
    stage::run(async {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut place, app) = well(Engine::Sqlite).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        place.config.base_url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut asked = [0; 1024];
                let _ = stream.read(&mut asked).await;
                let answer = "HTTP/1.1 200 OK\r\ndate: Tue, 15 Nov 1994 08:12:31 GMT\r\ncontent-length: 2\r\n\r\nok";
                stream.write_all(answer.as_bytes()).await.expect("answered");
            }
        });
        assert_eq!(wrong(&place.config).await, ["clock"]);
        app.kit().db.close().await;
    });
}
