//! The test harness: a product on an empty database of either engine, a browser-like client, a clock
//! you hold. A dev-dependency only.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test harness fails loudly")]
mod client;
mod engine;

use std::sync::Arc;

use base::blobs::{Blobs, S3};
use base::search::{Index, Words};
use base::{Clock, Config, Ids, Kit, Parts};
pub use client::{Answer, Client};
pub use engine::Engine;
pub use statements;
use web::app::Identify;
use web::{App, Slice};

/// 24 November 2026, 07.40 WIB: when tests begin.
pub const START: i64 = 1_795_480_800 * 1_000_000;

/// A product under test.
pub struct Stage {
    pub app: App,
    pub kit: Kit,
    folder: tempfile::TempDir,
    watch_jobs: bool,
}

/// Runs one test body on its own runtime.
pub fn run(test: impl std::future::Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(test);
}

/// A visitor of a product that the test opened itself.
pub fn visitor(app: &App) -> Client {
    Client::new(app.router(), app.kit().clone())
}

impl Stage {
    /// Migrates an empty database and assembles the slices.
    pub async fn new(engine: Engine, slices: Vec<Slice>, identify: Identify) -> Stage {
        Stage::set(engine, slices, identify, |_| ()).await
    }

    /// As [`Stage::new`], with settings changed.
    pub async fn set(engine: Engine, slices: Vec<Slice>, identify: Identify, change: impl FnOnce(&mut Config)) -> Stage {
        let folder = tempfile::tempdir().expect("a folder");
        let db = engine.open(folder.path()).await;
        let migrations = web::app::migrations(&slices);
        base::migrate::run(&db, &migrations, START).await.expect("migrations");
        let mut config = Config {
            data: folder.path().to_owned(),
            base_url: "http://simpul.test".into(),
            secret: "a secret for tests only, forty characters".into(),
            ..Config::default()
        };
        change(&mut config);
        let blobs = folder.path().join("blobs");
        let words = Words::load(None).expect("words");
        let kit = Kit::new(Parts {
            db,
            blobs: Blobs::open(blobs.to_str().expect("utf-8"), &S3::default()).expect("blobs"),
            index: Arc::new(Index::in_memory(words).expect("an index")),
            clock: Clock::held(START),
            ids: Ids::seeded(1),
            config,
            texts: web::app::texts(&slices).expect("texts"),
            bell: base::events::Bell::default(),
        });
        let app = App::new(kit.clone(), slices, identify);
        Stage { app, kit, folder, watch_jobs: true }
    }

    /// A visitor with a cookie jar of their own.
    pub fn client(&self) -> Client {
        Client::new(self.app.router(), self.kit.clone())
    }

    /// Folder of this product's files.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Lets listeners, search and the page cache hear everything, and runs every due job.
    pub async fn settle(&self) {
        let (jobs, crons) = self.app.jobs();
        let runner = base::jobs::Runner::new(self.kit.clone(), &jobs, &crons).expect("jobs");
        runner.drain().await.expect("jobs run");
        self.app.catch_up().await.expect("listeners hear");
        self.app.clear_pages();
    }

    /// Says that this test leaves jobs behind on purpose.
    pub fn leave_jobs(&mut self) {
        self.watch_jobs = false;
    }

    /// Ends the test: jobs left over fail it.
    pub async fn done(self) {
        if self.watch_jobs {
            let mut conn = self.kit.db.read().await.expect("a connection");
            let left = base::jobs::counts(&mut conn).await.expect("counts");
            assert!(left.is_empty(), "jobs left over: {left:?}");
        }
        self.kit.db.close().await;
    }

    /// A write transaction, for builders.
    pub async fn write(&self) -> base::Tx {
        self.kit.db.write().await.expect("a transaction")
    }

    /// A connection for reading.
    pub async fn read(&self) -> base::Conn {
        self.kit.db.read().await.expect("a connection")
    }
}
