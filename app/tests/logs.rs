//! Secrets stay secret: at the most talkative level nothing that opens an account is logged, and nothing
//! of it is stored as it is. One subscriber takes all that this process logs.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use base::Query;
use base::authz::Scope;
use both::both;
use futures::TryStreamExt;
use people::roles::{EDITOR, OFFICER, OPERATOR};
use stage::{Answer, Client, Engine, Stage};

const FIRST: &str = "kelotok biru 8231 hanyut";
const SECOND: &str = "kelotok hijau 5512 karam";
const THIRD: &str = "kelotok merah 9907 pulang";
const WRONG: &str = "kelotok salah 4410 alamat";
/// A recovery code as people type it, and what is read of it.
const CODE: &str = "kd2f-9aku-7tor";

/// Everything, but what reads the pages in these tests.
const LEVELS: &str = "trace,html5ever=off,markup5ever=off,scraper=off,selectors=off,cssparser=off";

/// What was logged so far.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Everything from the first test on, at every level.
    fn begin() -> &'static Log {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log = Log::default();
            let writer = log.clone();
            let filter = simpul::start::filter(LEVELS).expect("a filter");
            let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || writer.clone());
            lines.try_init().expect("the first subscriber of this process");
            log
        })
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("the log")).into_owned()
    }
}

/// What was found out, with what it is.
type Secrets = Vec<(&'static str, String)>;

/// The values of the cookies that an answer sets to guard something.
fn cookies(answer: &Answer, secrets: &mut Secrets) {
    for line in answer.headers.get_all("set-cookie") {
        let line = line.to_str().expect("a cookie");
        let (pair, _) = line.split_once(';').expect("attributes");
        let (name, value) = pair.split_once('=').expect("a pair");
        if value.len() == 32 && name != "__Host-pesan" {
            secrets.push(("a cookie", value.to_owned()));
        }
    }
}

fn login(password: &str) -> [(&str, &str); 2] {
    [("masuk", "081234567890"), ("sandi", password)]
}

/// Runs a statement that stands for what a person did before.
async fn run(stage: &Stage, text: &'static str, values: Vec<base::Value>) {
    let mut tx = stage.write().await;
    tx.run(Query::new(text, values)).await.expect(text);
    tx.commit().await.expect("committed");
}

/// A word of a page.
fn word(page: &Answer, fits: impl Fn(&str) -> bool) -> String {
    let text = page.main();
    text.split_whitespace().find(|word| fits(word)).unwrap_or_else(|| panic!("not in {text}")).to_owned()
}

/// Registers, logs in wrongly and rightly, and changes the password.
async fn passwords(stage: &Stage, client: &mut Client, secrets: &mut Secrets) {
    let form = [("nama", "Warga"), ("masuk", "081234567890"), ("sandi", FIRST)];
    cookies(&client.post("/daftar", &form).await.expect(303), secrets);
    stage.client().post("/masuk", &login(WRONG)).await.expect(422);
    let mut other = stage.client();
    cookies(&other.post("/masuk", &login(FIRST)).await.expect(303), secrets);
    client.post("/akun/sandi", &[("lama", WRONG), ("sandi", SECOND)]).await.expect(422);
    client.post("/akun/sandi", &[("lama", FIRST), ("sandi", SECOND)]).await.expect(303);
    client.post("/akun/buktikan", &[("lalu", "/akun"), ("sandi", SECOND)]).await.expect(303);
    // Forms that are no forms: the words of one must not be told either.
    client.post("/masuk", &[("sandi", SECOND), ("rahasia", SECOND)]).await.expect(422);
    let broken = format!("{{\"kim\": \"{SECOND}\"");
    client.send("POST", "/api/v1/articles", Some("application/json"), broken.into_bytes()).await.expect(422);
    client.send("POST", "/akun/sandi", Some("text/plain"), SECOND.as_bytes().to_vec()).await.expect(422);
    for password in [FIRST, SECOND, THIRD, WRONG] {
        secrets.push(("a password", password.to_owned()));
        secrets.push(("a password as forms send it", password.replace(' ', "%20")));
        secrets.push(("a password as forms send it", password.replace(' ', "+")));
    }
}

/// A token that is used, and one that nobody has.
async fn tokens(stage: &Stage, client: &mut Client, secrets: &mut Secrets) {
    let page = client.post("/akun/token", &[("token", "Program")]).await.expect(200);
    let token = word(&page, |word| word.starts_with("simpul_"));
    for secret in [token.as_str(), "simpul_abcdefghijkmnpqrstuvwxyz23456789"] {
        let mut program = stage.client().bearer(secret);
        program.post_json("/api/v1/articles", &serde_json::json!({})).await;
        program.get("/akun").await;
        program.get("/tidak/ada").await;
        secrets.push(("a token", secret.to_owned()));
    }
}

/// A second factor, a link and a slip for a lost password, an invitation.
async fn ways_in(stage: &Stage, id: i64, group: i64, secrets: &mut Secrets) {
    let now = stage.kit.clock.now();
    let code = CODE.replace('-', "");
    let text = "insert into people_factor (account_id, kind, name, data, last_step, created_at) values ($1, 'totp', 'Aplikasi', $2, 0, 1)";
    run(stage, text, vec![id.into(), stage.kit.ids.token().into()]).await;
    run(stage, "insert into people_recovery (hash, account_id) values ($1, $2)", vec![web::hash(&code).into(), id.into()]).await;
    let mut half = stage.client();
    cookies(&half.post("/masuk", &login(SECOND)).await.expect(303), secrets);
    half.post("/masuk/kode", &[("kode", "salah-satu-kode")]).await.expect(422);
    cookies(&half.post("/masuk/kode", &[("kode", CODE)]).await.expect(303), secrets);
    secrets.extend([("a code", CODE.to_owned()), ("a code", code)]);

    let link = stage.kit.ids.token();
    let text = "insert into people_reset (account_id, hash, via, created_at, ends_at) values ($1, $2, 'link', $3, $4)";
    let ends = now + base::clock::HOUR;
    run(stage, text, vec![id.into(), web::hash(&link).into(), now.into(), ends.into()]).await;
    let mut lost = stage.client();
    cookies(&lost.get(&format!("/atur-sandi/{link}")).await.expect(303), secrets);
    lost.post("/atur-sandi", &[("sandi", THIRD)]).await.expect(303);
    secrets.push(("a link", link));

    let mut boss = person(stage, &[(OPERATOR, Scope::All)], secrets).await;
    let page = boss.post(&format!("/kelola/akun/{id}/slip"), &[]).await.expect(200);
    let slip = word(&page, |word| word.len() == 14 && word.matches('-').count() == 2);
    cookies(&stage.client().post("/lupa-sandi/slip", &[("kode", &slip)]).await.expect(303), secrets);
    secrets.extend([("a slip", slip.replace('-', "")), ("a slip", slip)]);

    let mut officer = person(stage, &[(OFFICER, Scope::Group(group))], secrets).await;
    let page = officer.post("/meja/kim/kim-sini/undangan", &[("peran", "member"), ("untuk", "satu")]).await.expect(200).text();
    let start = page.find("/gabung/").expect("an address") + "/gabung/".len();
    let invitation = page[start..start + 32].to_owned();
    let mut guest = stage.client();
    cookies(&guest.get(&format!("/gabung/{invitation}")).await.expect(303), secrets);
    guest.get("/gabung").await.expect(200);
    // A door that is shut, and one that is not there: the address is noted without it.
    officer.get(&format!("/kelola/{invitation}")).await.expect(404);
    officer.post(&format!("/kelola/undangan/{invitation}/cabut"), &[]).await.expect(403);
    secrets.push(("an invitation", invitation));
}

/// Somebody with rights, signed in.
async fn person(stage: &Stage, grants: &[(base::authz::Role, Scope)], secrets: &mut Secrets) -> Client {
    let (_, cookie) = people::testing::person(&stage.kit, "Petugas", grants).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    secrets.push(("a cookie", cookie));
    client
}

/// Everything that is stored, as lines.
async fn stored(stage: &Stage) -> Vec<(String, String)> {
    let mut conn = stage.read().await;
    let owners = ["app", "base", "people", "regions", "kim", "newsroom"];
    let tables = base::rows::tables(&mut conn, &owners).await.expect("tables");
    let mut all = Vec::new();
    for table in &tables {
        let rows: Vec<String> = base::rows::dump(&mut conn, table, &[]).try_collect().await.expect("rows");
        all.extend(rows.into_iter().map(|row| (table.name.clone(), row)));
    }
    all
}

#[both]
async fn no_secret_is_logged_or_stored(engine: Engine) {
    let log = Log::begin();
    let stage = Stage::new(engine, simpul::slices(), people::identify).await;
    regions::testing::sample(&stage.kit).await;
    let group = kim::testing::active(&stage.kit, "kim-sini", "62.71.01.1005").await;
    let mut secrets = Secrets::new();
    let mut client = stage.client();
    passwords(&stage, &mut client, &mut secrets).await;
    let id = people::account::find_by_login(&mut stage.read().await, "081234567890").await.expect("asked").expect("an account");
    let mut editor = person(&stage, &[(EDITOR, Scope::Group(group))], &mut secrets).await;
    tokens(&stage, &mut editor, &mut secrets).await;
    ways_in(&stage, id, group, &mut secrets).await;
    stage.settle().await;

    assert!(secrets.len() > 25, "only {} secrets", secrets.len());
    let said = log.text();
    for sign in ["simpul::login", "simpul::request", "simpul::denied"] {
        assert!(said.contains(sign), "nothing of {sign} was logged");
    }
    let rows = stored(&stage).await;
    for (what, secret) in &secrets {
        let line = said.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{what} was logged: {}", line.unwrap_or_default());
        let row = rows.iter().find(|(_, row)| row.contains(secret));
        assert!(row.is_none(), "{what} is stored: {row:?}");
    }
    stage.kit.db.close().await;
}
