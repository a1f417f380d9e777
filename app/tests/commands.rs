//! The binary as operators run it: commands beside a running server, signals, the service manager,
//! and the whole drill from backup to a new start.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
mod common;
#[path = "common/place.rs"]
mod place;
#[path = "commands/served.rs"]
mod served;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use both::both;
use place::Place;
use stage::Engine;

const SIMPUL: &str = env!("CARGO_BIN_EXE_simpul");

/// A site: its place, its port, and the words that commands get.
struct Site {
    place: Place,
    port: u16,
    metrics: u16,
}

/// A server; it is killed with this value.
struct Server {
    child: Child,
    log: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

impl Site {
    async fn fresh(engine: Engine) -> Site {
        Site { place: Place::fresh(engine).await, port: port(), metrics: port() }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.program(SIMPUL);
        command.args(words);
        command
    }

    /// A program at this place, with the settings of the site.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command
            .current_dir(self.place.folder.path())
            .env("SIMPUL_DATA", &self.place.config.data)
            .env("SIMPUL_DATABASE", &self.place.config.database)
            .env("SIMPUL_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("SIMPUL_METRICS", format!("127.0.0.1:{}", self.metrics))
            .env("RUST_MIN_STACK", "8388608")
            .stdin(Stdio::null());
        command
    }

    /// The product of the place, opened here.
    async fn open(&self) -> web::App {
        let config = base::Config { secret: "s".repeat(40), ..self.place.config.clone() };
        simpul::start::open(config, true).await.expect("opens")
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("it runs")
    }

    /// What a command prints; it must succeed.
    fn ok(&self, words: &[&str]) -> String {
        let out = self.run(words);
        let (said, errors) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success(), "{words:?}: {said}{errors}");
        said.into_owned()
    }

    /// What a command complains of; it must fail.
    fn fails(&self, words: &[&str]) -> String {
        let out = self.run(words);
        assert_eq!(out.status.code(), Some(1), "{words:?}: {}", String::from_utf8_lossy(&out.stdout));
        String::from_utf8_lossy(&out.stderr).into_owned()
    }

    fn serve(&self, more: &[(&str, &str)]) -> Server {
        let log = self.place.folder.path().join(format!("log-{}", port()));
        let file = std::fs::File::create(&log).expect("a log");
        let mut command = self.command(&["serve"]);
        command.stderr(file).stdout(Stdio::null()).envs(more.iter().copied());
        let server = Server { child: command.spawn().expect("it starts"), log };
        wait("the server is ready", || self.get("/readyz").starts_with("HTTP/1.1 200"));
        server
    }

    fn get(&self, path: &str) -> String {
        ask(self.port, path)
    }
}

/// The whole answer of a plain request; empty when nobody answers.
fn ask(port: u16, path: &str) -> String {
    say(port, "GET", path)
}

fn say(port: u16, method: &str, path: &str) -> String {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return String::new() };
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    let request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("asked");
    let mut answer = Vec::new();
    // A server that stops meanwhile closes the connection.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[track_caller]
fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

impl Server {
    fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(sent.expect("kill runs").success());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).expect("a log")
    }

    /// Asks it to stop; says whether it ended well.
    fn stop(mut self) -> bool {
        self.signal("TERM");
        self.child.wait().expect("it ends").success()
    }
}

fn fixture(name: &str) -> String {
    common::root().join("tests/fixtures/wordpress").join(name).display().to_string()
}

/// A region, a KIM that may publish, people.
async fn settle(site: &Site) {
    let app = site.open().await;
    regions::testing::sample(app.kit()).await;
    kim::testing::active(app.kit(), "kim-riak-seberang", "62.71.01.1006").await;
    app.kit().db.close().await;
}

#[both]
async fn commands_work_beside_a_running_server(engine: Engine) {
    let site = Site::fresh(engine).await;
    settle(&site).await;
    site.ok(&["user", "add", "Pengelola", "--login", "pengelola"]);
    site.ok(&["user", "grant", "pengelola", "operator"]);
    let server = site.serve(&[]);

    // The importer leaves the index to the server, which follows by itself.
    let (file, media) = (fixture("export.xml"), fixture("media"));
    site.ok(&["import", "wordpress", &file, "--kim", "kim-riak-seberang", "--media", &media]);
    let search = "/api/v1/search?q=kahayan&limit=50";
    let total = || {
        let answer = site.get(search);
        let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        serde_json::from_str::<serde_json::Value>(body).ok().and_then(|json| json["items"].as_array().map(Vec::len)).unwrap_or(0)
    };
    wait("the server has indexed what was imported", || total() > 0);
    let found = total();

    // A rebuild is asked of the server.
    assert!(site.ok(&["search", "rebuild"]).contains("running server"));
    wait("the server starts its index anew", || server.log().contains("search index starts anew"));
    wait("the server has indexed everything again", || total() >= found);

    // A backup, its verification, and what the figures say of it.
    let out = site.place.folder.path().join("out");
    std::fs::create_dir(&out).expect("a folder");
    let said = site.ok(&["backup", out.to_str().expect("utf-8")]);
    assert!(said.contains("Verified") && said.contains("Not encrypted"), "{said}");
    let backup = std::fs::read_dir(&out).expect("a folder").flatten().next().expect("a backup").path();
    let backup = backup.to_str().expect("utf-8");
    assert!(site.ok(&["verify", backup]).contains("are whole"));
    let figures = ask(site.metrics, "/metrics");
    for figure in ["simpul_jobs{state=\"dead\"} 0", "simpul_search_lag_events 0", "simpul_backup_failed 0"] {
        assert!(figures.contains(figure), "{figure}\n{figures}");
    }
    assert!(figures.contains("simpul_backup_verified_timestamp_seconds 1"), "{figures}");
    assert!(site.fails(&["restore", backup, "--replace"]).contains("stop it first"));

    // Sessions end at once.
    let said = site.ok(&["user", "sessions", "end", "pengelola"]);
    assert!(said.contains("0 sessions"), "{said}");
    assert!(site.fails(&["user", "sessions", "end", "siapa"]).contains("no account named siapa"));

    // The drill: stop, lose everything, put back, start, find it again.
    assert!(server.stop());
    site.ok(&["restore", backup, "--replace"]);
    assert!(!site.place.config.data.join("search").exists(), "an index of other rows would answer wrongly");
    let server = site.serve(&[]);
    wait("the index is filled from the restored rows", || total() >= found);
    assert!(server.stop());
    // Without a server the command rebuilds it itself.
    let said = site.ok(&["search", "rebuild"]);
    assert!(said.contains("rebuilt from") && !said.contains("from 0 events"), "{said}");
}

#[both]
async fn roles_have_days_and_an_end(engine: Engine) {
    let site = Site::fresh(engine).await;
    settle(&site).await;
    for login in ["penyunting", "pemuda"] {
        site.ok(&["user", "add", "Orang Uji", "--login", login]);
    }
    let editor = ["penyunting", "editor", "--kim", "kim-riak-seberang"];
    let grant = |more: &[&'static str]| [&["user", "grant"][..], &editor[..], more].concat();
    let ungrant = |what: &[&'static str]| [&["user", "ungrant"][..], what].concat();
    let said = site.ok(&grant(&["--from", "2100-01-01", "--until", "2100-02-01"]));
    assert!(said.contains("holds editor from 2100-01-01 until 2100-02-01"), "{said}");
    assert!(site.fails(&grant(&["--from", "2001-01-01"])).contains("Choose today or a later day."));
    let late = ["--from", "2100-01-01", "--until", "2100-01-01"];
    assert!(site.fails(&grant(&late)).contains("after the first day"));
    assert!(site.ok(&grant(&["--until", "2100-01-01"])).contains("now holds editor until 2100-01-01"));
    assert!(site.ok(&ungrant(&editor)).contains("no longer holds editor"));
    assert!(site.fails(&ungrant(&editor)).contains("does not hold editor there"));
    assert!(site.fails(&ungrant(&["penyunting", "verifier"])).contains("needs --region"));

    // A KIM keeps its last officer.
    let officer = ["penyunting", "officer", "--kim", "kim-riak-seberang"];
    site.ok(&[&["user", "grant"][..], &officer[..]].concat());
    assert!(site.fails(&ungrant(&officer)).contains("last officer"));
    // Whom a slice refuses at the page, it refuses here: the KIM knows that they are a child.
    let open = simpul::start::open(base::Config { secret: "s".repeat(40), ..site.place.config.clone() }, true).await;
    let app = open.expect("opens");
    let mut tx = app.kit().db.write().await.expect("a transaction");
    let young = people::account::find_by_login(&mut tx, "pemuda").await.expect("read").expect("an account");
    tx.run(base::sql!(
        "insert into kim_member (group_id, account_id, name, office, division, joined_at, born)
         values ((select id from kim_group where slug = 'kim-riak-seberang'), $1, 'Orang Uji', 'member', '', 1, 2099)",
        young
    ))
    .await
    .expect("a member");
    tx.commit().await.expect("committed");
    app.kit().db.close().await;
    let refused = site.fails(&["user", "grant", "pemuda", "officer", "--kim", "kim-riak-seberang"]);
    assert!(refused.contains("not certainly 18"), "{refused}");
    site.ok(&["user", "grant", "pemuda", "member", "--kim", "kim-riak-seberang"]);
}

#[test]
fn an_export_moves_a_site_by_command() {
    stage::run(async {
        let from = Site::fresh(Engine::Sqlite).await;
        settle(&from).await;
        let to = Site::fresh(Engine::Sqlite).await;
        let folder = from.place.folder.path().join("keluar");
        let folder = folder.to_str().expect("utf-8");
        assert!(from.ok(&["export", folder]).contains("Passwords are not in it"));
        assert!(from.fails(&["export", folder]).contains("exists already"));
        to.ok(&["import", folder]);
        assert!(to.fails(&["import", folder]).contains("holds rows"));
        let again = from.place.folder.path().join("lagi");
        to.ok(&["export", again.to_str().expect("utf-8")]);
        let rows = |folder: &Path| std::fs::read(folder.join("tables/kim_group.jsonl")).expect("rows");
        assert_eq!(rows(Path::new(folder)), rows(&again));
        assert_eq!(to.run(&["import"]).status.code(), Some(2));
    });
}

#[both]
async fn a_kim_moves_by_command_beside_a_running_server(engine: Engine) {
    let from = Site::fresh(engine).await;
    settle(&from).await;
    let app = from.open().await;
    let (_, cookie) =
        people::testing::person(app.kit(), "Pengelola", &[(people::roles::OPERATOR, base::authz::Scope::All)]).await;
    let mut boss = stage::visitor(&app);
    boss.cookie("__Host-simpul", &cookie);
    let archive = boss.get("/meja/kim/kim-riak-seberang/ekspor/kim-riak-seberang.tar.gz").await.expect(200).body;
    let file = from.place.folder.path().join("kim.tar.gz");
    std::fs::write(&file, archive).expect("written");
    let file = file.to_str().expect("utf-8");
    app.kit().db.close().await;

    let to = Site::fresh(engine).await;
    let error = to.fails(&["import", "kim", file]);
    assert!(error.contains("--region CODE"), "no region is loaded yet: {error}");
    let app = to.open().await;
    regions::testing::sample(app.kit()).await;
    app.kit().db.close().await;
    drop(app);
    let server = to.serve(&[]);
    let page = || to.get("/kim/kim-riak-seberang");
    assert!(to.ok(&["import", "kim", file, "--dry-run"]).contains("Dry run: nothing was changed."));
    assert!(page().starts_with("HTTP/1.1 404"));
    assert!(to.ok(&["import", "kim", file]).contains("stands at /kim/kim-riak-seberang"));
    wait("its page is there", || page().starts_with("HTTP/1.1 200"));
    assert!(to.ok(&["import", "kim", file]).contains("is here already"));
    assert!(to.ok(&["import", "kim", file, "--region", "62.71.02.1001"]).contains("nothing was added"));
    assert_eq!(to.run(&["import", "kim"]).status.code(), Some(2));
    assert!(server.stop());
}

#[test]
fn doctor_looks_and_makes_nothing() {
    stage::run(async {
        let site = Site::fresh(Engine::Sqlite).await;
        let out = site.run(&["doctor", "--json"]);
        assert_eq!(out.status.code(), Some(1));
        let said: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
        assert_eq!(said["ok"], false);
        let codes: Vec<&str> = said["findings"].as_array().expect("a list").iter().flat_map(|f| f["code"].as_str()).collect();
        assert!(codes.contains(&"database-missing") && codes.contains(&"data-missing"), "{codes:?}");
        assert!(!site.place.config.data.exists());
        assert!(site.fails(&["backup", "x.tar.gz"]).contains("there is no database"));
        assert!(site.fails(&["verify", "x.tar.gz"]).contains("x.tar.gz"));
        assert!(!site.place.config.data.exists());
    });
}

#[test]
fn signals_reload_and_stop_and_the_manager_hears() {
    stage::run(async {
        let site = Site::fresh(Engine::Sqlite).await;
        settle(&site).await;
        let settings = site.place.folder.path().join("simpul.toml");
        std::fs::write(&settings, "log = \"info,simpul::request=warn\"\n").expect("written");
        let socket = site.place.folder.path().join("manager");
        let manager = UnixDatagram::bind(&socket).expect("a socket");
        manager.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        let hear = || {
            let mut bytes = [0; 256];
            let read = manager.recv(&mut bytes).expect("the manager is told");
            String::from_utf8_lossy(&bytes[..read]).into_owned()
        };
        let mut server = site.serve(&[("NOTIFY_SOCKET", socket.to_str().expect("utf-8")), ("WATCHDOG_USEC", "1500000")]);
        assert_eq!(hear().trim(), "READY=1");
        assert_eq!(hear().trim(), "WATCHDOG=1");
        assert_eq!(hear().trim(), "WATCHDOG=1");

        // Requests show once the filter lets them, without their query.
        site.get("/kim?sebelum");
        assert!(!server.log().contains("/kim"));
        std::fs::write(&settings, "log = \"info\"\n").expect("written");
        server.signal("HUP");
        wait("the filter is read", || server.log().contains("log filter read again"));
        assert!(server.log().contains("search words read again"));
        site.get("/kim?sesudah");
        wait("requests are logged", || server.log().contains("/kim"));
        assert!(!server.log().contains("sesudah"));
        std::fs::write(&settings, "log = 7\n").expect("written");
        server.signal("HUP");
        wait("a wrong file changes nothing", || server.log().contains("settings not read"));

        // A request under way is finished; nobody new is let in.
        let mut slow = TcpStream::connect(("127.0.0.1", site.port)).expect("a connection");
        slow.write_all(b"POST /masuk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nmas").expect("half");
        std::thread::sleep(Duration::from_millis(300));
        server.signal("TERM");
        wait("it says that it stops", || server.log().contains("finishing what is under way"));
        assert!(server.child.try_wait().expect("asked").is_none(), "it waits for the request");
        slow.write_all(b"uk=x").expect("the rest");
        let mut answer = String::new();
        slow.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 422") || answer.starts_with("HTTP/1.1 403"), "{answer}");
        assert!(server.child.wait().expect("it ends").success());

        // A second signal does not wait for one who never ends.
        std::fs::write(&settings, "log = \"info\"\n").expect("written");
        let mut server = site.serve(&[]);
        let mut stuck = TcpStream::connect(("127.0.0.1", site.port)).expect("a connection");
        stuck
            .write_all(b"POST /masuk HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nmas")
            .expect("half");
        std::thread::sleep(Duration::from_millis(300));
        server.signal("TERM");
        wait("it says that it stops", || server.log().contains("finishing what is under way"));
        let asked = Instant::now();
        server.signal("TERM");
        server.child.wait().expect("it ends");
        assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
        drop(stuck);
    });
}
