//! Places for the tests of backups: one filled, and empty ones of either engine to restore into.
#![allow(dead_code, reason = "not every test uses all of it")]
use std::sync::atomic::{AtomicU64, Ordering};

use base::authz::Scope;
use base::blobs::{Blobs, S3};
use base::{Config, Db, Event};
use bytes::Bytes;
use people::roles::{EDITOR, OPERATOR};
use stage::{Engine, Stage};

/// A whole product with a region, two KIM, people, stories and files.
pub async fn filled(engine: Engine) -> Stage {
    let stage = Stage::new(engine, simpul::slices(), people::identify).await;
    regions::testing::sample(&stage.kit).await;
    let group = kim::testing::active(&stage.kit, "kim-riak-seberang", "62.71.01.1006").await;
    kim::testing::active(&stage.kit, "kim-sebelah", "62.71.02.1001").await;
    let (editor, _) = people::testing::person(&stage.kit, "Penyunting \"satu\" – é", &[(EDITOR, Scope::Group(group))]).await;
    people::testing::person(&stage.kit, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    people::testing::token(&stage.kit, editor, &["articles:write"]).await;
    for n in 0..20 {
        put(&stage, &format!("awal-{n}")).await;
    }
    stage.kit.blobs.put("private/decree/1.jpg", Bytes::from(vec![3u8; 70_000])).await.expect("stored");
    stage.settle().await;
    stage
}

/// The file of a name.
pub fn key(name: &str) -> String {
    format!("media/{}/{name}.webp", &name[..2])
}

/// Content that tells the name.
pub fn content(name: &str) -> Vec<u8> {
    name.bytes().cycle().take(5_000 + name.len() * 100).collect()
}

/// Stores a file, then a row that names it, as every upload does.
pub async fn put(stage: &Stage, name: &str) {
    stage.kit.blobs.put(&key(name), content(name).into()).await.expect("stored");
    let mut tx = stage.write().await;
    tx.emit(Event { title: name.into(), ..Event::new(7, "test.file.named", ("file", 1)) }).await.expect("emitted");
    tx.commit().await.expect("committed");
}

/// An empty place.
pub struct Place {
    pub config: Config,
    pub folder: tempfile::TempDir,
}

impl Place {
    pub async fn fresh(engine: Engine) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let database = match engine {
            Engine::Sqlite => format!("sqlite:{}", data.join("simpul.sqlite").display()),
            Engine::Postgres => schema().await,
        };
        let blobs = data.join("blobs").display().to_string();
        let config = Config { data, database, blobs, base_url: "http://simpul.test".into(), ..Config::default() };
        Place { config, folder }
    }

    pub async fn db(&self) -> Db {
        Db::open(&self.config.database, None).await.expect("a database")
    }

    pub fn blobs(&self) -> Blobs {
        Blobs::open(&self.config.blobs, &S3::default()).expect("files")
    }
}

/// The address of a new schema in the test server.
#[allow(clippy::disallowed_methods, reason = "the task runner passes the server's address this way")]
async fn schema() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("SIMPUL_TEST_POSTGRES").expect("SIMPUL_TEST_POSTGRES is set by `cargo x test`");
    let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_nanos();
    let name = format!("p{}_{}_{}", std::process::id(), moment % 1_000_000_000, COUNT.fetch_add(1, Ordering::Relaxed));
    Db::open(&server, Some(&name)).await.expect("a schema").close().await;
    format!("{server}?options[search_path]={name}")
}

/// Starts a server that speaks S3 over a folder whose subfolders are buckets; returns its address.
pub async fn serve_s3(folder: &std::path::Path) -> String {
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use hyper_util::server::conn::auto::Builder;
    let files = s3s_fs::FileSystem::new(folder).expect("a file system");
    let mut builder = s3s::service::S3ServiceBuilder::new(files);
    builder.set_auth(s3s::auth::SimpleAuth::from_single("KUNCI", "RAHASIA"));
    let service = builder.build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let server = Builder::new(TokioExecutor::new());
                // A client that goes away is its own affair.
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    format!("http://{address}")
}
