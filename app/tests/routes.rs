//! The permission matrix: every route × every kind of person × own and other region, on both engines.
//! A route that is not in the table fails the gate.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use axum::http::Method;
use base::authz::{Role, Scope};
use both::both;
use newsroom::article::Status;
use people::roles::{AGENCY, EDITOR, FOSTERING, MEMBER, OFFICER, OPERATOR, VERIFIER};
use stage::{Client, Engine, Stage};

/// Kinds of persons. "Other" ones hold the same role over another KIM or region.
const PERSONS: &[&str] = &[
    "nobody",
    "locked",
    "token",
    "joining",
    "joining token",
    "resident",
    "member",
    "officer",
    "editor",
    "other editor",
    "verifier",
    "other verifier",
    "fostering",
    "agency",
    "operator",
];

/// What someone may do who has not finished joining, besides reading what is public: finish, look
/// after their own account, leave. Nothing else opens, whatever they hold by mistake.
const JOINING: &[(&str, &str)] = &[
    ("POST", "/keluar"),
    ("GET", "/akun"),
    ("POST", "/akun"),
    ("POST", "/akun/sandi"),
    ("POST", "/gabung/daftar"),
    ("POST", "/gabung/terima"),
    ("POST", "/gabung/batal"),
    ("POST", "/wilayah/pilih"),
];

const ANYONE: &[&str] = PERSONS;
const SIGNED_IN: &[&str] =
    &["resident", "member", "officer", "editor", "other editor", "verifier", "other verifier", "fostering", "agency", "operator"];
const BOSS: &[&str] = &["operator"];
const OVERSEERS: &[&str] = &["verifier", "other verifier", "fostering", "operator"];
const OVER_IT: &[&str] = &["verifier", "fostering", "operator"];
const INSIDERS: &[&str] = &["member", "officer", "editor", "operator"];
const KEEPERS: &[&str] = &["officer", "operator"];
const AT_DESK: &[&str] = &["member", "officer", "editor", "other editor", "verifier", "other verifier", "fostering", "operator"];
const WRITERS: &[&str] = &["member", "officer", "editor", "other editor", "operator"];
/// Who may open a draft of the KIM: its people, and the operator.
const READERS: &[&str] = &["member", "officer", "editor", "operator"];
/// Who may change another's draft.
const MENDERS: &[&str] = &["editor", "operator"];

/// Method, path, and who gets further than the door.
const TABLE: &[(&str, &str, &[&str])] = &[
    ("GET", "/masuk", ANYONE),
    ("POST", "/masuk", ANYONE),
    ("POST", "/keluar", ANYONE),
    ("GET", "/daftar", ANYONE),
    ("POST", "/daftar", ANYONE),
    ("GET", "/masuk/lewat/{provider}", ANYONE),
    ("GET", "/masuk/lewat/{provider}/kembali", ANYONE),
    ("POST", "/akun/keamanan/identitas/{id}/lepas", SIGNED_IN),
    ("GET", "/masuk/kode", ANYONE),
    ("POST", "/masuk/kode", ANYONE),
    ("POST", "/masuk/kunci/mulai", ANYONE),
    ("POST", "/masuk/kunci", ANYONE),
    ("POST", "/daftar/kunci/mulai", ANYONE),
    ("POST", "/daftar/kunci", ANYONE),
    ("GET", "/lupa-sandi", ANYONE),
    ("POST", "/lupa-sandi", ANYONE),
    ("POST", "/lupa-sandi/slip", ANYONE),
    ("GET", "/atur-sandi/{secret}", ANYONE),
    ("GET", "/atur-sandi", ANYONE),
    ("POST", "/atur-sandi", ANYONE),
    ("GET", "/akun/buktikan", SIGNED_IN),
    ("POST", "/akun/buktikan", SIGNED_IN),
    ("GET", "/akun/keamanan", SIGNED_IN),
    ("GET", "/akun/keamanan/aplikasi", SIGNED_IN),
    ("POST", "/akun/keamanan/aplikasi", SIGNED_IN),
    ("POST", "/akun/keamanan/kunci/mulai", SIGNED_IN),
    ("POST", "/akun/keamanan/kunci", SIGNED_IN),
    ("POST", "/akun/keamanan/faktor/{id}/hapus", SIGNED_IN),
    ("POST", "/akun/keamanan/pemulihan", SIGNED_IN),
    ("POST", "/akun/keamanan/tanpa-sandi", SIGNED_IN),
    ("POST", "/akun/keamanan/sesi/{id}/akhiri", SIGNED_IN),
    ("POST", "/akun/keamanan/sesi/akhiri-lain", SIGNED_IN),
    ("GET", "/akun/kontak", SIGNED_IN),
    ("POST", "/akun/kontak", SIGNED_IN),
    ("POST", "/kelola/akun/{id}/slip", BOSS),
    ("GET", "/akun", SIGNED_IN),
    ("POST", "/akun", SIGNED_IN),
    ("POST", "/akun/sandi", SIGNED_IN),
    ("POST", "/akun/token", SIGNED_IN),
    ("POST", "/akun/token/{id}/cabut", SIGNED_IN),
    ("GET", "/gabung", ANYONE),
    ("GET", "/gabung/{rahasia}", ANYONE),
    ("GET", "/gabung/daftar", ANYONE),
    ("POST", "/gabung/daftar", ANYONE),
    ("POST", "/gabung/terima", SIGNED_IN),
    ("POST", "/gabung/batal", SIGNED_IN),
    ("GET", "/akun/serah-terima", SIGNED_IN),
    ("POST", "/akun/serah-terima", &[]),
    ("GET", "/akun/serah-terima/{id}", SIGNED_IN),
    ("POST", "/akun/serah-terima/{id}/setuju", SIGNED_IN),
    ("POST", "/akun/serah-terima/{id}/tolak", SIGNED_IN),
    ("POST", "/akun/serah-terima/{id}/batal", SIGNED_IN),
    ("GET", "/akun/pengganti", SIGNED_IN),
    ("POST", "/akun/pengganti", SIGNED_IN),
    ("POST", "/akun/pengganti/{id}/akhiri", SIGNED_IN),
    ("GET", "/meja/kim/{slug}/undangan", KEEPERS),
    ("POST", "/meja/kim/{slug}/undangan", KEEPERS),
    ("POST", "/meja/kim/{slug}/undangan/{id}/cabut", KEEPERS),
    ("POST", "/meja/kim/{slug}/undangan/orang/{id}/terima", KEEPERS),
    ("POST", "/meja/kim/{slug}/undangan/orang/{id}/tolak", KEEPERS),
    ("GET", "/meja/kim/{slug}/serah-terima", &["officer", "verifier", "fostering", "operator"]),
    ("POST", "/meja/kim/{slug}/serah-terima", &["officer", "verifier", "fostering", "operator"]),
    ("GET", "/bina/tanpa-pengurus", OVERSEERS),
    ("POST", "/bina/kim/{slug}/undang-pengurus", OVER_IT),
    ("GET", "/kelola/undangan", BOSS),
    ("POST", "/kelola/undangan", BOSS),
    ("POST", "/kelola/undangan/{id}/cabut", BOSS),
    ("GET", "/meja", SIGNED_IN),
    ("POST", "/meja/pemberitahuan", SIGNED_IN),
    ("GET", "/kelola", BOSS),
    ("GET", "/kelola/akun/{id}", BOSS),
    ("POST", "/kelola/akun/{id}/hak", BOSS),
    ("POST", "/kelola/akun/{id}/hak/{grant}/akhiri", BOSS),
    ("POST", "/kelola/akun/{id}/kunci", BOSS),
    ("POST", "/kelola/pekerjaan/{id}/ulang", BOSS),
    ("GET", "/wilayah", ANYONE),
    ("GET", "/wilayah/pilih", ANYONE),
    ("POST", "/wilayah/pilih", ANYONE),
    ("GET", "/wilayah/{code}", ANYONE),
    ("GET", "/wilayah/{code}/aturan", ANYONE),
    ("POST", "/wilayah/{code}/aturan", OVER_IT),
    ("GET", "/bahasa/{code}", ANYONE),
    ("GET", "/api/v1/regions", ANYONE),
    ("GET", "/api/v1/regions/{code}", ANYONE),
    ("GET", "/kim", ANYONE),
    ("GET", "/kim/baru", SIGNED_IN),
    ("POST", "/kim/baru", SIGNED_IN),
    ("GET", "/kim/{slug}", ANYONE),
    ("GET", "/kim/{slug}/riwayat", ANYONE),
    ("GET", "/api/v1/kim", ANYONE),
    ("GET", "/api/v1/kim/{slug}", ANYONE),
    ("GET", "/meja/kim/{slug}", INSIDERS),
    ("GET", "/meja/kim/{slug}/profil", KEEPERS),
    ("POST", "/meja/kim/{slug}/profil", KEEPERS),
    ("GET", "/meja/kim/{slug}/anggota", INSIDERS),
    ("GET", "/meja/kim/{slug}/anggota/baru", KEEPERS),
    ("POST", "/meja/kim/{slug}/anggota/baru", KEEPERS),
    ("GET", "/meja/kim/{slug}/anggota/{id}", KEEPERS),
    ("POST", "/meja/kim/{slug}/anggota/{id}", KEEPERS),
    ("POST", "/meja/kim/{slug}/anggota/{id}/keluar", KEEPERS),
    ("GET", "/meja/kim/{slug}/jabatan", INSIDERS),
    ("GET", "/meja/kim/{slug}/jabatan/{id}", KEEPERS),
    ("POST", "/meja/kim/{slug}/jabatan/{id}", KEEPERS),
    ("POST", "/meja/kim/{slug}/jabatan/{id}/serah", KEEPERS),
    ("GET", "/meja/kim/{slug}/sarana", KEEPERS),
    ("POST", "/meja/kim/{slug}/sarana", KEEPERS),
    ("GET", "/meja/kim/{slug}/masih-aktif", KEEPERS),
    ("POST", "/meja/kim/{slug}/masih-aktif", KEEPERS),
    ("GET", "/meja/kim/{slug}/sk", KEEPERS),
    ("POST", "/meja/kim/{slug}/sk", KEEPERS),
    ("GET", "/meja/kim/{slug}/sk/berkas/{id}", &["officer", "verifier", "fostering", "operator"]),
    ("GET", "/meja/kim/{slug}/ajukan", KEEPERS),
    ("POST", "/meja/kim/{slug}/ajukan", KEEPERS),
    ("GET", "/bina", OVERSEERS),
    ("GET", "/bina/verifikasi", OVERSEERS),
    ("POST", "/bina/verifikasi", OVERSEERS),
    ("GET", "/bina/verifikasi/hasil/{id}", OVERSEERS),
    ("GET", "/bina/cakupan", OVERSEERS),
    ("GET", "/bina/cakupan/daftar", OVERSEERS),
    ("GET", "/bina/cakupan.csv", OVERSEERS),
    ("GET", "/bina/cakupan.xlsx", OVERSEERS),
    ("GET", "/bina/kim/{slug}", OVER_IT),
    ("POST", "/bina/kim/{slug}/verifikasi", OVER_IT),
    ("POST", "/bina/kim/{slug}/kembalikan", OVER_IT),
    ("POST", "/bina/kim/{slug}/tolak", OVER_IT),
    ("POST", "/bina/kim/{slug}/buka-lagi", OVER_IT),
    ("POST", "/bina/kim/{slug}/aktifkan", OVER_IT),
    ("POST", "/bina/kim/{slug}/istirahatkan", OVER_IT),
    ("POST", "/bina/kim/{slug}/bubarkan", OVER_IT),
    ("GET", "/kim/ekspor/{file}", ANYONE),
    ("GET", "/kim/{slug}/sematan", ANYONE),
    ("GET", "/kim/{slug}/sematan/pasang", ANYONE),
    ("GET", "/kim/{slug}/klaim", SIGNED_IN),
    ("POST", "/kim/{slug}/klaim", SIGNED_IN),
    ("GET", "/meja/kim/{slug}/halaman", KEEPERS),
    ("POST", "/meja/kim/{slug}/halaman", KEEPERS),
    ("GET", "/meja/kim/{slug}/anggota/ekspor/{file}", &["officer", "verifier", "fostering", "operator"]),
    ("GET", "/meja/kim/{slug}/ekspor", KEEPERS),
    ("GET", "/meja/kim/{slug}/ekspor/{file}", KEEPERS),
    ("GET", "/meja/kim/{slug}/impor", KEEPERS),
    ("POST", "/meja/kim/{slug}/impor", KEEPERS),
    ("GET", "/meja/kim/{slug}/impor/templat/{file}", KEEPERS),
    ("GET", "/meja/kim/{slug}/impor/formulir", KEEPERS),
    ("GET", "/meja/kim/{slug}/impor/{id}", KEEPERS),
    ("GET", "/meja/kim/{slug}/impor/{id}/ditolak/{file}", KEEPERS),
    ("POST", "/meja/kim/{slug}/impor/{id}/masukkan", KEEPERS),
    ("POST", "/meja/kim/{slug}/impor/{id}/buang", KEEPERS),
    ("POST", "/meja/kim/{slug}/impor/{id}/batalkan", KEEPERS),
    ("GET", "/bina/impor", OVERSEERS),
    ("POST", "/bina/impor", OVERSEERS),
    ("GET", "/bina/impor/templat/{file}", OVERSEERS),
    ("GET", "/bina/impor/formulir", OVERSEERS),
    ("GET", "/bina/impor/{id}", OVERSEERS),
    ("GET", "/bina/impor/{id}/ditolak/{file}", OVERSEERS),
    ("POST", "/bina/impor/{id}/masukkan", OVERSEERS),
    ("POST", "/bina/impor/{id}/buang", OVERSEERS),
    ("POST", "/bina/impor/{id}/batalkan", OVERSEERS),
    ("GET", "/bina/ekspor/{file}", OVERSEERS),
    ("GET", "/bina/klaim", OVERSEERS),
    ("POST", "/bina/klaim/{id}/terima", OVERSEERS),
    ("POST", "/bina/klaim/{id}/tolak", OVERSEERS),
    ("GET", "/bina/ganda", OVERSEERS),
    ("GET", "/bina/ganda/{one}/{two}", OVERSEERS),
    ("POST", "/bina/ganda/{one}/{two}/gabung", OVERSEERS),
    ("POST", "/bina/ganda/{one}/{two}/beda", OVERSEERS),
    ("GET", "/bina/pindah", OVERSEERS),
    ("POST", "/bina/pindah/{slug}", OVER_IT),
    ("GET", "/meja/tulisan", AT_DESK),
    ("GET", "/meja/tulis", WRITERS),
    ("POST", "/meja/tulis", READERS),
    ("GET", "/meja/tulisan/{id}", READERS),
    ("POST", "/meja/tulisan/{id}", MENDERS),
    ("POST", "/meja/tulisan/{id}/simpan-otomatis", MENDERS),
    ("GET", "/meja/tulisan/{id}/pratinjau", READERS),
    ("POST", "/meja/tulisan/{id}/kirim", MENDERS),
    ("POST", "/meja/tulisan/{id}/hapus", MENDERS),
    ("POST", "/meja/tulisan/{id}/foto", MENDERS),
    ("POST", "/meja/tulisan/{id}/foto/{photo}", MENDERS),
    ("POST", "/meja/tulisan/{id}/foto/{photo}/hapus", MENDERS),
    ("GET", "/meja/tulisan/{id}/periksa", MENDERS),
    ("POST", "/meja/tulisan/{id}/terbitkan", MENDERS),
    ("POST", "/meja/tulisan/{id}/minta-perbaikan", MENDERS),
    ("POST", "/meja/tulisan/{id}/komentar", READERS),
    ("POST", "/meja/tulisan/{id}/tarik", MENDERS),
    ("POST", "/meja/tulisan/{id}/terbitkan-lagi", MENDERS),
    ("GET", "/meja/tulisan/{id}/riwayat", READERS),
    ("POST", "/meja/tulisan/{id}/riwayat/{rev}/pulihkan", MENDERS),
    (
        "POST",
        "/api/v1/articles",
        &[
            "token",
            "resident",
            "member",
            "officer",
            "editor",
            "other editor",
            "verifier",
            "other verifier",
            "fostering",
            "agency",
            "operator",
        ],
    ),
    ("GET", "/", ANYONE),
    ("GET", "/kabar", ANYONE),
    ("GET", "/kabar/{slug}", ANYONE),
    ("GET", "/cari", ANYONE),
    ("GET", "/feed.atom", ANYONE),
    ("GET", "/feed.json", ANYONE),
    ("GET", "/kabar/kategori/{kategori}/{feed}", ANYONE),
    ("GET", "/kim/{slug}/feed.atom", ANYONE),
    ("GET", "/kim/{slug}/feed.json", ANYONE),
    ("GET", "/wilayah/{code}/feed.atom", ANYONE),
    ("GET", "/wilayah/{code}/feed.json", ANYONE),
    ("GET", "/sitemap.xml", ANYONE),
    ("GET", "/sitemap/{part}", ANYONE),
    ("GET", "/robots.txt", ANYONE),
    ("GET", "/tentang", ANYONE),
    ("GET", "/privasi", ANYONE),
    ("GET", "/api", ANYONE),
    ("GET", "/api/v1/articles", ANYONE),
    ("GET", "/api/v1/articles/{slug}", ANYONE),
    ("GET", "/api/v1/search", ANYONE),
    ("GET", "/api/openapi.json", ANYONE),
    ("GET", "/{*lama}", ANYONE),
];

const HERE: &str = "62.71.01.1005";
const THERE: &str = "63.71.01.1001";

struct World {
    stage: Stage,
    group: kim::Brief,
    /// Kind of person, account (0 for nobody), client.
    clients: Vec<(&'static str, i64, Client)>,
}

async fn world(engine: Engine) -> World {
    let stage = Stage::new(engine, simpul::slices(), people::identify).await;
    regions::testing::sample(&stage.kit).await;
    let id = kim::testing::active(&stage.kit, "kim-sini", HERE).await;
    let other = kim::testing::active(&stage.kit, "kim-sana", THERE).await;
    let mut conn = stage.read().await;
    let group = kim::briefs(&mut conn, &[id]).await.expect("briefs").remove(&id).expect("the group");
    drop(conn);
    let mut clients = Vec::new();
    for person in PERSONS {
        let grants: Vec<(Role, Scope)> = match *person {
            "member" => vec![(MEMBER, Scope::Group(id))],
            "officer" => vec![(OFFICER, Scope::Group(id))],
            "editor" | "locked" | "token" => vec![(EDITOR, Scope::Group(id))],
            // Everything there is: none of it counts before they are in.
            "joining" | "joining token" => {
                let city = Scope::Region("62.71".into());
                let own = [MEMBER, OFFICER, EDITOR].map(|role| (role, Scope::Group(id)));
                own.into_iter().chain([(VERIFIER, city.clone()), (FOSTERING, city), (OPERATOR, Scope::All)]).collect()
            }
            "other editor" => vec![(EDITOR, Scope::Group(other)), (OFFICER, Scope::Group(other))],
            "verifier" => vec![(VERIFIER, Scope::Region("62.71".into()))],
            "other verifier" => vec![(VERIFIER, Scope::Region("63".into()))],
            "fostering" => vec![(FOSTERING, Scope::Region("62".into()))],
            "agency" => vec![(AGENCY, Scope::Region("62.71".into()))],
            "operator" => vec![(OPERATOR, Scope::All)],
            _ => vec![],
        };
        let (account, client) = client(&stage, person, &grants).await;
        clients.push((*person, account, client));
    }
    World { stage, group, clients }
}

async fn client(stage: &Stage, person: &str, grants: &[(Role, Scope)]) -> (i64, Client) {
    let mut client = stage.client();
    if person == "nobody" {
        return (0, client);
    }
    let (id, cookie) = people::testing::person(&stage.kit, person, grants).await;
    match person {
        "token" | "joining token" => {
            return (id, client.bearer(&people::testing::token(&stage.kit, id, &["articles:write"]).await));
        }
        "locked" => {
            let mut tx = stage.write().await;
            people::operator::pages::set_lock(&mut tx, id, true, stage.kit.clock.now()).await.expect("locked");
            tx.commit().await.expect("committed");
        }
        _ => {}
    }
    client.cookie("__Host-simpul", &cookie);
    (id, client)
}

impl World {
    /// A path with the ids of things of this KIM, new ones each time, so that one act does not
    /// spoil the next.
    async fn fill(&self, path: &str) -> String {
        let mut path = path.replace("{code}", "62.71").replace("{kategori}", "kabar").replace("{feed}", "feed.atom");
        path = path.replace("{part}", "1.xml").replace("{*lama}", "tidak/pernah/ada").replace("/bahasa/62.71", "/bahasa/en");
        if path.contains("/tulisan/{id}") || path.contains("/kabar/{slug}") || path.contains("articles/{slug}") {
            let status = if path.contains("/meja/") { Status::Draft } else { Status::Published };
            let (id, slug) = self.story(status).await;
            path = path.replace("{id}", &id.to_string()).replace("{slug}", &slug);
        }
        let file = match path.as_str() {
            "/bina/impor/templat/{file}" => "templat-kim.csv",
            "/meja/kim/{slug}/impor/templat/{file}" => "templat-anggota.csv",
            "/kim/ekspor/{file}" => "kim.csv",
            "/bina/ekspor/{file}" => "register-kim.csv",
            "/meja/kim/{slug}/anggota/ekspor/{file}" => "anggota.csv",
            "/meja/kim/{slug}/ekspor/{file}" => "kim-sini.tar.gz",
            _ => "ditolak.csv",
        };
        path.replace("{file}", file)
            .replace("{one}", "1")
            .replace("{two}", "2")
            .replace("{slug}", "kim-sini")
            .replace("{rahasia}", "abcdefghijkmnpqrstuvwxyz23456789")
            .replace("{id}", "1")
            .replace("{grant}", "999")
            .replace("{photo}", "999")
            .replace("{rev}", "999")
    }

    async fn story(&self, status: Status) -> (i64, String) {
        let story = newsroom::seed::Story {
            group: self.group.clone(),
            author_id: None,
            author_name: "Penulis".into(),
            title: format!("Cerita {}", self.stage.kit.ids.short()),
            lead: "Ringkasan.".into(),
            body: "<p>Isi.</p>".into(),
            category: "kabar".into(),
            tags: vec![],
            lang: "id".into(),
            status,
            at: self.stage.kit.clock.now(),
            picture: None,
        };
        let id = newsroom::seed::add(&self.stage.kit, &story).await.expect("a story");
        let mut conn = self.stage.read().await;
        let article = newsroom::article::store::by_id(&mut conn, id).await.expect("read").expect("there");
        (id, article.slug)
    }
}

/// Whether an answer shows that the door was open (`Some(true)`) or shut: a detour to the login, 401,
/// 403, or the 404 of something that is there. A 404 of something that is not there tells nothing.
fn opened(answer: &stage::Answer, path: &str) -> Option<bool> {
    let unknown = [
        "/999",
        "/sk/berkas/",
        "tidak/pernah",
        "/anggota/1",
        "/jabatan/1",
        "/hasil/1",
        "/token/1/",
        "/faktor/1/",
        "/identitas/1/",
        "/masuk/lewat/",
        "/sesi/1/",
        "pekerjaan/1",
        "/sitemap/1.xml",
        "/undangan/",
        "/serah-terima/1",
        "/pengganti/1",
        "/impor/1",
        "/klaim",
        "/ganda/1",
    ];
    match answer.status.as_u16() {
        401 | 403 => Some(false),
        404 if unknown.iter().any(|part| path.contains(part)) => None,
        404 => Some(false),
        303 if answer.location() == "/gabung" && !path.starts_with("/gabung") => Some(false),
        _ => Some(!answer.location().starts_with("/masuk?")),
    }
}

#[test]
fn every_route_is_in_the_table() {
    let mut missing = Vec::new();
    let slices = simpul::slices();
    let routes: Vec<_> = slices.iter().flat_map(|slice| slice.routes.iter()).collect();
    for route in &routes {
        if !TABLE.iter().any(|(method, path, _)| *method == route.method.as_str() && *path == route.path) {
            missing.push(format!("{} {}", route.method, route.path));
        }
    }
    assert!(missing.is_empty(), "routes without a line in the matrix: {missing:#?}");
    for (method, path, _) in TABLE {
        assert!(routes.iter().any(|r| r.method.as_str() == *method && r.path == *path), "{method} {path} is no route");
    }
}

#[both]
async fn every_door_opens_for_those_it_should(engine: Engine) {
    let mut world = world(engine).await;
    world.stage.leave_jobs();
    let mut wrong = Vec::new();
    for (method, path, allowed) in TABLE {
        for index in 0..PERSONS.len() {
            let (person, account, client) = &world.clients[index];
            if person.starts_with("joining") {
                // An act before may have let them out.
                people::testing::joining(&world.stage.kit, *account).await;
            }
            // Logging out or throttling one client must not touch the next line.
            let mut client = client.clone();
            let logs_out = matches!(*path, "/keluar" | "/masuk" | "/daftar") && *method == "POST";
            if logs_out && *person != "nobody" {
                continue;
            }
            let filled = world.fill(path).await;
            let answer = match *method {
                "GET" => client.get(&filled).await,
                _ if filled.starts_with("/api/") => client.post_json(&filled, &serde_json::json!({})).await,
                _ => client.post(&filled, &[("kim", "kim-sini")]).await,
            };
            let opened = opened(&answer, &filled);
            let should = match *person {
                // Where the route is public, reading it stays so; the rest is shut or listed above.
                "joining" if *method == "GET" && *allowed == ANYONE => true,
                "joining" => JOINING.contains(&(method, path)),
                // A token of such an account is nobody's.
                "joining token" => allowed.contains(&"nobody"),
                person => allowed.contains(&person),
            };
            if opened.is_some_and(|opened| opened != should) {
                let word = if opened == Some(true) { "opened" } else { "shut" };
                wrong.push(format!("{method} {path} {word} for {person}: {} {}", answer.status, answer.location()));
            }
            assert!(answer.status.as_u16() < 500, "{method} {filled} as {person}: {}", answer.main());
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
}

/// The description of the API and the API agree.
#[test]
fn the_api_is_described_whole() {
    let described = simpul::serve::description(simpul::slices(), "http://simpul.test");
    let text = serde_json::to_value(&described).expect("json");
    let paths = text["paths"].as_object().expect("paths");
    for slice in simpul::slices() {
        for route in slice.routes.iter().filter(|route| route.path.starts_with("/api/v1/")) {
            let verb = if route.method == Method::GET { "get" } else { "post" };
            assert!(
                paths.get(route.path).and_then(|path| path.get(verb)).is_some(),
                "{} {} is not described",
                route.method,
                route.path
            );
        }
    }
    for path in paths.keys() {
        assert!(
            simpul::slices().iter().any(|slice| slice.routes.iter().any(|r| r.path == path)),
            "{path} is described but absent"
        );
    }
}
