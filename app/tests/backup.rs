//! The drill: backups taken under writes are restored into a fresh place of either engine and are
//! the same; what was changed by a bit, cut short or made by a newer version is refused.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
#[path = "common/place.rs"]
mod place;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use age::secrecy::ExposeSecret;
use base::{Config, Db, Ids, rows, sql};
use both::both;
use futures::TryStreamExt;
use place::{Place, content, filled, key, put};
use sha2::{Digest, Sha256};
use simpul::backup::restore::{Serving, restore};
use simpul::backup::schedule::due;
use simpul::backup::{Ground, Key, Lock, Packed, Target, What, store, take, verify};
use stage::{Engine, Stage};

fn other(engine: Engine) -> Engine {
    if engine == Engine::Sqlite { Engine::Postgres } else { Engine::Sqlite }
}

async fn backup(stage: &Stage, path: PathBuf) -> Packed {
    take(&Ground::of(&stage.kit), What::Everything, Target::File(path), None, &|_, _| {}).await.expect("a backup")
}

/// The hash of every table, as the member of a backup has it.
async fn tables(db: &Db) -> BTreeMap<String, String> {
    let mut conn = db.snapshot().await.expect("a snapshot");
    let owners = ["app", "base", "kim", "newsroom", "people", "regions"];
    let mut all = BTreeMap::new();
    for table in rows::tables(&mut conn, &owners).await.expect("tables") {
        let lines: Vec<String> = rows::dump(&mut conn, &table, &[]).try_collect().await.expect("lines");
        all.insert(format!("tables/{}.jsonl", table.name), hex::encode(Sha256::digest(lines.concat())));
    }
    all
}

fn members(packed: &Packed) -> BTreeMap<String, String> {
    packed.manifest.members.iter().map(|member| (member.name.clone(), member.sha256.clone())).collect()
}

#[both]
async fn a_backup_under_writes_is_restored_whole_into_either_engine(engine: Engine) {
    let stage = Arc::new(filled(engine).await);
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writers: Vec<_> = (0..3)
        .map(|writer| {
            let (stage, stop, written) = (stage.clone(), stop.clone(), written.clone());
            tokio::spawn(async move {
                let mut reader = stage.client();
                for n in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    put(&stage, &format!("tulis-{writer}-{n}")).await;
                    reader.get("/kim/kim-riak-seberang").await.expect(200);
                    written.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    while written.load(Ordering::SeqCst) < 10 {
        tokio::task::yield_now().await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let before = written.load(Ordering::SeqCst);
    let packed = backup(&stage, folder.path().join("cadangan.tar.gz")).await;
    let during = written.load(Ordering::SeqCst) - before;
    while written.load(Ordering::SeqCst) < before + during + 5 {
        tokio::task::yield_now().await;
    }
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.expect("a writer");
    }
    assert!(during > 0, "nobody could write while the backup was made");
    assert!(packed.manifest.vanished.is_empty());

    for engine in [engine, other(engine)] {
        let to = Place::fresh(engine).await;
        let restored = restore(&to.config, &packed.path, Key::default(), false, &|_, _| {}).await.expect("restored");
        assert_eq!(restored.manifest.members, packed.manifest.members);
        let db = to.db().await;
        let mut all = tables(&db).await;
        // Events that had no place when the backup was made got one; every other table is the same.
        if packed.manifest.engine.as_deref() == Some("postgres") {
            let events = "tables/base_event.jsonl";
            all.insert(events.into(), members(&packed)[events].clone());
        }
        for (name, bytes) in blobs(&to).await {
            all.insert(format!("files/{name}"), hex::encode(Sha256::digest(bytes)));
        }
        assert_eq!(all, members(&packed));
        // Whatever a row names is there.
        let mut conn = db.read().await.expect("a connection");
        let named: Vec<(String,)> =
            conn.all(sql!("select title from base_event where kind = 'test.file.named' order by id")).await.expect("rows");
        assert!(named.len() >= 30 && (named.len() as u64) < written.load(Ordering::SeqCst) + 20);
        for (name,) in named {
            assert_eq!(to.blobs().get(&key(&name)).await.expect("the file is there"), content(&name));
        }
        let unplaced = conn.int(sql!("select count(*) as n from base_event where position is null")).await.expect("a number");
        assert_eq!(unplaced, 0);
        drop(conn);
        db.close().await;
        goes_on(&to.config).await;
    }
    let stage = Arc::into_inner(stage).expect("nobody else holds it");
    stage.done().await;
}

/// The restored product opens, shows its pages, and takes new rows.
async fn goes_on(config: &Config) {
    let config = Config { secret: "a secret for tests only, forty characters".into(), ..config.clone() };
    let app = simpul::start::open(config, true).await.expect("opens");
    app.catch_up().await.expect("hears and indexes");
    let mut tx = app.kit().db.write().await.expect("a transaction");
    tx.emit(base::Event::new(8, "test.after.restore", ("file", 2))).await.expect("emitted");
    tx.commit().await.expect("committed");
    app.catch_up().await.expect("hears and indexes");
    assert!(app.kit().index.position() > 20);
    app.kit().db.close().await;
}

async fn blobs(place: &Place) -> Vec<(String, bytes::Bytes)> {
    let mut all = Vec::new();
    for (name, _) in place.blobs().all().await.expect("listed") {
        let bytes = place.blobs().get(&name).await.expect("read");
        all.push((name, bytes));
    }
    all
}

#[both]
async fn what_is_there_is_put_aside_only_when_asked(engine: Engine) {
    let stage = filled(engine).await;
    let folder = tempfile::tempdir().expect("a folder");
    let packed = backup(&stage, folder.path().join("a.tar.gz")).await;
    let to = Place::fresh(engine).await;
    let put_back = |replace| restore(&to.config, &packed.path, Key::default(), replace, &|_, _| {});
    put_back(false).await.expect("an empty place");
    let refused = put_back(false).await.expect_err("it holds something").to_string();
    assert!(refused.contains("--replace"), "{refused}");
    let db = to.db().await;
    let mut tx = db.write().await.expect("a transaction");
    tx.run(sql!("delete from kim_slug")).await.expect("deleted");
    tx.run(sql!("update kim_group set name = 'Lain'")).await.expect("changed");
    tx.commit().await.expect("committed");
    db.close().await;
    let restored = put_back(true).await.expect("replaced");
    assert_eq!(restored.aside.len(), 2, "{:?}", restored.aside);
    let db = to.db().await;
    assert_eq!(tables(&db).await["tables/kim_group.jsonl"], members(&packed)["tables/kim_group.jsonl"]);
    db.close().await;
    let server = Serving::mark(&to.config.data).expect("a server starts");
    let refused = put_back(true).await.expect_err("a server runs").to_string();
    assert!(refused.contains("stop it first"), "{refused}");
    drop(server);
    stage.done().await;
}

#[test]
fn every_flipped_bit_is_found() {
    stage::run(async {
        let stage = filled(Engine::Sqlite).await;
        let folder = tempfile::tempdir().expect("a folder");
        let plain = backup(&stage, folder.path().join("a.tar.gz")).await;
        verify::verify(&plain.path, Key::default(), &|_, _| {}).await.expect("whole");
        let secret = age::x25519::Identity::generate();
        let identity = folder.path().join("kunci");
        std::fs::write(&identity, secret.to_string().expose_secret()).expect("written");
        let key = || Key::of(Some(&identity), None).expect("a key");
        let lock = Lock::For(vec![secret.to_public()]);
        let target = Target::File(folder.path().join("a.tar.gz.age"));
        let locked = take(&Ground::of(&stage.kit), What::Everything, target, Some(lock), &|_, _| {}).await.expect("a backup");
        verify::verify(&locked.path, key(), &|_, _| {}).await.expect("whole");
        let ids = Ids::seeded(11);
        for n in 0..100u64 {
            let (from, key) = if n % 4 == 3 { (&locked.path, key()) } else { (&plain.path, Key::default()) };
            let mut bytes = std::fs::read(from).expect("read");
            let at = u64::from_le_bytes(ids.bytes()) % (bytes.len() as u64 * 8);
            bytes[(at / 8) as usize] ^= 1 << (at % 8);
            let flipped = folder.path().join("flipped");
            std::fs::write(&flipped, bytes).expect("written");
            assert!(verify::verify(&flipped, key, &|_, _| {}).await.is_err(), "bit {at} of {}", from.display());
        }
        // The places that compression and archives leave unread.
        let bytes = std::fs::read(&plain.path).expect("read");
        let ends = (0..100 * 8).chain((bytes.len() - 80) * 8..bytes.len() * 8);
        for at in ends {
            let mut changed = bytes.clone();
            changed[at / 8] ^= 1 << (at % 8);
            let flipped = folder.path().join("flipped");
            std::fs::write(&flipped, changed).expect("written");
            assert!(verify::verify(&flipped, Key::default(), &|_, _| {}).await.is_err(), "bit {at}");
        }
        for length in [0, 10, 100, bytes.len() / 2, bytes.len() - 58, bytes.len() - 1] {
            let cut = folder.path().join("cut");
            std::fs::write(&cut, &bytes[..length]).expect("written");
            assert!(verify::verify(&cut, Key::default(), &|_, _| {}).await.is_err(), "cut after {length}");
        }
        stage.done().await;
    });
}

#[test]
fn the_secret_travels_only_encrypted() {
    stage::run(async {
        let stage = filled(Engine::Sqlite).await;
        let folder = tempfile::tempdir().expect("a folder");
        let plain = backup(&stage, folder.path().join("a.tar.gz")).await;
        assert!(!members(&plain).contains_key("secret"));
        let words = folder.path().join("sandi");
        std::fs::write(&words, "lima kata yang acak sekali\n").expect("written");
        let settings = base::config::Backup { passphrase_file: words.display().to_string(), ..Default::default() };
        let lock = Lock::of(&settings).expect("a lock");
        let target = Target::File(folder.path().join("a.tar.gz.age"));
        let locked = take(&Ground::of(&stage.kit), What::Everything, target, lock, &|_, _| {}).await.expect("a backup");
        assert!(members(&locked).contains_key("secret"));
        let raw = std::fs::read(&locked.path).expect("read");
        assert!(!raw.windows(6).any(|part| part == b"secret"));
        let refused = verify::verify(&locked.path, Key::default(), &|_, _| {}).await.expect_err("no key");
        assert!(format!("{refused:#}").contains("encrypted"));
        std::fs::write(folder.path().join("salah"), "bukan kata yang benar\n").expect("written");
        let wrong = Key::of(None, Some(&folder.path().join("salah"))).expect("a key");
        assert!(verify::verify(&locked.path, wrong, &|_, _| {}).await.is_err());
        let to = Place::fresh(Engine::Sqlite).await;
        let key = Key::of(None, Some(&words)).expect("a key");
        restore(&to.config, &locked.path, key, false, &|_, _| {}).await.expect("restored");
        let kept = to.config.secret_file();
        assert_eq!(std::fs::read_to_string(&kept).expect("the secret"), stage.kit.config.secret);
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&kept.metadata().expect("a file")) & 0o077, 0);
        let mode = std::os::unix::fs::MetadataExt::mode(&locked.path.metadata().expect("a file"));
        assert_eq!(mode & 0o077, 0, "only its owner reads a backup");
        stage.done().await;
    });
}

#[test]
fn newer_schemas_and_foreign_files_are_refused() {
    stage::run(async {
        let stage = filled(Engine::Sqlite).await;
        let folder = tempfile::tempdir().expect("a folder");
        let mut tx = stage.write().await;
        tx.run(sql!("insert into base_migration (name, checksum, applied_at) values ('kim/9999_future', 'x', 1)"))
            .await
            .expect("added");
        tx.commit().await.expect("committed");
        let target = Target::File(folder.path().join("a.tar.gz"));
        let refused = take(&Ground::of(&stage.kit), What::Everything, target, None, &|_, _| {}).await.expect_err("newer");
        assert!(format!("{refused:#}").contains("newer version"), "{refused:#}");
        assert!(std::fs::read_dir(folder.path()).expect("a folder").next().is_none(), "nothing is left behind");
        let mut tx = stage.write().await;
        tx.run(sql!("delete from base_migration where name = 'kim/9999_future'")).await.expect("deleted");
        tx.commit().await.expect("committed");

        let good = take(&Ground::of(&stage.kit), What::Everything, Target::Folder(folder.path().join("b")), None, &|_, _| {})
            .await
            .expect("a folder");
        verify::verify(&good.path, Key::default(), &|_, _| {}).await.expect("whole");
        let change = |from: &str, to: &str| {
            let path = good.path.join("manifest.json");
            let text = std::fs::read_to_string(&path).expect("read");
            assert!(text.contains(from));
            std::fs::write(&path, text.replacen(from, to, 1)).expect("written");
        };
        for (from, to, word) in [
            ("\"name\": \"app/0001_backup\"", "\"name\": \"app/0099_later\"", "newer version"),
            ("\"form\": 1", "\"form\": 2", "form 2"),
            ("tables/app_backup.jsonl", "tables/../../x", "belong"),
        ] {
            change(from, to);
            let refused = verify::verify(&good.path, Key::default(), &|_, _| {}).await.expect_err(word);
            assert!(format!("{refused:#}").contains(word), "{refused:#}");
            change(to, from);
        }
        let mut wav = tar_of(&folder.path().join("c.tar.gz"), "notes.txt");
        let refused = verify::verify(&wav, Key::default(), &|_, _| {}).await.expect_err("foreign");
        assert!(format!("{refused:#}").contains("seal") || format!("{refused:#}").contains("manifest"), "{refused:#}");
        wav.pop();
        assert!(verify::verify(&wav.join("nothing"), Key::default(), &|_, _| {}).await.is_err());
        stage.done().await;
    });
}

/// A foreign archive with one file.
fn tar_of(path: &Path, name: &str) -> PathBuf {
    let file = std::fs::File::create(path).expect("a file");
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_size(3);
    header.set_mode(0o600);
    tar.append_data(&mut header, name, &b"abc"[..]).expect("added");
    tar.into_inner().expect("a stream").finish().expect("written");
    path.to_owned()
}

#[test]
fn other_programs_read_the_archive() {
    stage::run(async {
        let stage = filled(Engine::Sqlite).await;
        let folder = tempfile::tempdir().expect("a folder");
        let packed = backup(&stage, folder.path().join("a.tar.gz")).await;
        let out = std::process::Command::new("tar").arg("-xzf").arg(&packed.path).arg("-C").arg(folder.path()).output();
        let out = out.expect("tar runs");
        assert!(out.status.success() && out.stderr.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
        let text = std::fs::read_to_string(folder.path().join("tables/kim_group.jsonl")).expect("rows");
        assert!(text.lines().count() == 2 && text.contains("\"slug\":\"kim-riak-seberang\""));
        let file = std::fs::read(folder.path().join("files").join(key("awal-3"))).expect("a file");
        assert_eq!(file, content("awal-3"));
        stage.done().await;
    });
}

fn kept(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.starts_with("simpul-"));
    names.sort();
    names
}

#[both]
async fn backups_come_by_themselves_and_old_ones_go(engine: Engine) {
    let stage = filled(engine).await;
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("cadangan");
    let mut ground = Ground::of(&stage.kit);
    assert!(due(&ground).await.expect("nothing is set").is_none());
    ground.config.backup =
        base::config::Backup { folder: place.display().to_string(), keep: 2, every: "6h".into(), ..Default::default() };
    let first = due(&ground).await.expect("taken").expect("it was due");
    assert_eq!(kept(&place), ["simpul-20261124T004000Z.tar.gz"]);
    let newest = store::newest(&mut stage.read().await).await.expect("asked").expect("noted");
    assert_eq!((newest.bytes as u64, newest.verified_at), (first.bytes, Some(stage.kit.clock.now())));
    assert!(due(&ground).await.expect("asked").is_none(), "not due yet");
    std::fs::write(place.join("simpul-20261124T000000Z.tar.gz.part"), "cut short").expect("written");
    std::fs::write(place.join("catatan.txt"), "the operator's own").expect("written");
    for _ in 0..3 {
        stage.kit.clock.advance(6 * base::clock::HOUR);
        due(&ground).await.expect("taken").expect("it was due");
    }
    assert_eq!(kept(&place), ["simpul-20261124T124000Z.tar.gz", "simpul-20261124T184000Z.tar.gz"]);
    assert!(place.join("catatan.txt").exists());
    // Whoever holds the turn is at it; nobody else begins.
    stage.kit.clock.advance(6 * base::clock::HOUR);
    let turn = std::fs::File::create(place.join(".simpul-backup.lock")).expect("a file");
    turn.lock().expect("the turn");
    assert!(due(&ground).await.expect("asked").is_none());
    drop(turn);
    // What is encrypted for others' keys cannot be verified here, and says so until it is.
    let secret = age::x25519::Identity::generate();
    ground.config.backup.recipients = vec![secret.to_public().to_string()];
    let locked = due(&ground).await.expect("taken").expect("it was due");
    assert!(kept(&place)[1].ends_with(".tar.gz.age"));
    let verified = store::newest_verified(&mut stage.read().await).await.expect("asked").expect("the one before");
    assert!(verified < locked.manifest.taken_at);
    let mut tx = stage.write().await;
    assert!(store::verified(&mut tx, &locked.digest, 9).await.expect("noted"));
    assert!(!store::verified(&mut tx, "unknown", 9).await.expect("asked"));
    let verified = store::newest_verified(&mut tx).await.expect("asked").expect("this one");
    assert_eq!(verified, locked.manifest.taken_at);
    drop(tx);
    stage.done().await;
}

#[both]
async fn a_failing_backup_reaches_the_operators_once(engine: Engine) {
    let mut stage = filled(engine).await;
    stage.leave_jobs();
    let folder = tempfile::tempdir().expect("a folder");
    let blocked = folder.path().join("berkas");
    std::fs::write(&blocked, "a file where a folder should be").expect("written");
    let config = base::Config {
        backup: base::config::Backup { folder: blocked.display().to_string(), ..Default::default() },
        ..stage.kit.config.clone()
    };
    let kit = base::Kit::new(base::Parts {
        db: stage.kit.db.clone(),
        blobs: stage.kit.blobs.clone(),
        index: stage.kit.index.clone(),
        clock: stage.kit.clock.clone(),
        ids: stage.kit.ids.clone(),
        config,
        texts: web::app::texts(&simpul::slices()).expect("texts"),
        bell: stage.kit.bell.clone(),
    });
    let (jobs, crons) = stage.app.jobs();
    let runner = base::jobs::Runner::new(kit, &jobs, &crons).expect("jobs");
    let day = stage.kit.clock.now();
    runner.tick(day).await.expect("the calendar begins");
    for _ in 0..3 {
        stage.kit.clock.advance(10 * base::clock::MINUTE);
        runner.tick(stage.kit.clock.now()).await.expect("the calendar");
        runner.drain().await.expect("jobs");
    }
    let newest = store::newest(&mut stage.read().await).await.expect("asked").expect("noted");
    assert!(newest.error.contains("berkas") && newest.taken_at > day, "{}", newest.error);
    let mut conn = stage.read().await;
    let told = conn.int(sql!("select count(*) as n from base_event where kind = 'app.backup.failed'")).await.expect("a number");
    assert_eq!(told, 1);
    let dead = conn.int(sql!("select count(*) as n from base_job where state = 'dead'")).await.expect("a number");
    assert_eq!(dead, 0, "the next try comes by the calendar");
    drop(conn);
    stage.app.catch_up().await.expect("heard");
    let (_, cookie) = people::testing::person(&stage.kit, "Warga", &[]).await;
    let mut resident = stage.client();
    resident.cookie("__Host-simpul", &cookie);
    assert!(!resident.get("/meja").await.expect(200).main().contains("Cadangan gagal"));
    let notices = stage.read().await.int(sql!("select count(*) as n from people_notice")).await.expect("a number");
    assert_eq!(notices, 1, "the one operator has a notice");
    stage.done().await;
}

#[test]
fn files_of_an_s3_store_travel_too() {
    stage::run(async {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("ember")).expect("a bucket");
        let endpoint = place::serve_s3(folder.path()).await;
        let s3 = base::blobs::S3 { endpoint, region: "lokal".into(), access_key: "KUNCI".into(), secret_key: "RAHASIA".into() };
        let stage = filled(Engine::Sqlite).await;
        let out = tempfile::tempdir().expect("a folder");
        let from_folder = backup(&stage, out.path().join("a.tar.gz")).await;
        let mut to = Place::fresh(Engine::Sqlite).await;
        to.config.blobs = "s3://ember/simpul".into();
        to.config.s3 = s3;
        restore(&to.config, &from_folder.path, Key::default(), false, &|_, _| {}).await.expect("restored");
        let refused = restore(&to.config, &from_folder.path, Key::default(), false, &|_, _| {}).await.expect_err("full");
        assert!(refused.to_string().contains("s3://ember/simpul holds files"), "{refused}");
        let ground = Ground::open(to.config.clone()).await.expect("opens");
        assert_eq!(ground.blobs.get(&key("awal-7")).await.expect("in the store"), content("awal-7"));
        let target = Target::File(out.path().join("b.tar.gz"));
        let from_s3 = take(&ground, What::Everything, target, None, &|_, _| {}).await.expect("a backup");
        ground.db.close().await;
        assert_eq!(members(&from_s3), members(&from_folder));
        stage.done().await;
    });
}
