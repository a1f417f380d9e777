//! Personal data over the whole product: nothing of a person who left stays, every table is in the
//! register, nothing is ticked beforehand, and the commands for the operator.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
mod common;

use std::collections::BTreeSet;

use base::Lang;
use base::authz::Scope;
use both::both;
use people::roles::{EDITOR, MEMBER, OFFICER, OPERATOR, VERIFIER};
use stage::{Client, Engine, Stage};

const WARD: &str = "62.71.01.1005";

async fn open(engine: Engine) -> Stage {
    let stage = Stage::new(engine, simpul::slices(), people::identify).await;
    regions::testing::sample(&stage.kit).await;
    stage
}

async fn person(stage: &Stage, name: &str, grants: &[(base::authz::Role, Scope)]) -> (i64, Client) {
    let (id, cookie) = people::testing::person(&stage.kit, name, grants).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    (id, client)
}

/// Everything that the database holds, as one text, table by table.
async fn dump(stage: &Stage) -> Vec<(String, String)> {
    let mut conn = stage.read().await;
    let columns = base::schema::columns(&mut conn).await.expect("columns");
    let tables: BTreeSet<String> = columns.iter().map(|column| column.table_name.clone()).collect();
    let mut all = Vec::new();
    for table in tables {
        let own = columns.iter().filter(|column| column.table_name == table);
        let cells = own.map(|column| format!("coalesce(cast({} as text), '')", column.column_name)).collect::<Vec<_>>();
        let text = format!("select {} as row from {table}", cells.join(" || ' ' || "));
        let rows: Vec<(String,)> = conn.all(base::Query::new(Box::leak(text.into_boxed_str()), vec![])).await.expect("rows");
        all.push((table, rows.into_iter().map(|row| row.0).collect::<Vec<_>>().join("\n")));
    }
    all
}

/// Places below the product's folder (database, its log, files) that hold one of the words.
fn files_with(stage: &Stage, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(stage.folder()).into_iter().flatten().filter(|entry| entry.path().is_file()) {
        let bytes = std::fs::read(entry.path()).expect("a file");
        for word in words {
            if bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes())) {
                found.push(format!("{word} in {}", entry.path().display()));
            }
        }
    }
    found
}

async fn rows_with(stage: &Stage, words: &[&str]) -> Vec<String> {
    let all = dump(stage).await;
    let holds = |text: &str, word: &str| text.to_lowercase().contains(&word.to_lowercase());
    all.iter()
        .flat_map(|(table, text)| words.iter().filter(|word| holds(text, word)).map(move |word| format!("{word} in {table}")))
        .collect()
}

fn picture() -> Vec<u8> {
    std::fs::read(common::root().join("data/demo/pictures/pasar-subuh.jpg")).expect("a drawing")
}

const NAME: &str = "Kanarizxqv Wbhjk";
const PHONE: &str = "+6281298765432";
const MAIL: &str = "kanarizxqv@contoh.id";
const TRACES: &[&str] = &["kanarizxqv", "81298765432"];

/// A person with this login does everything that leaves a trace, in a KIM that others keep too.
async fn live(stage: &Stage, login: &str) -> Client {
    let mut client = stage.client();
    let consents = ["nama", "nomor"].map(|purpose| ("setuju", purpose));
    let mut fields = vec![("nama", NAME), ("masuk", login), ("sandi", "tiga kata acak")];
    fields.extend(consents);
    client.post("/daftar", &fields).await.expect(303);
    let found = [("nama", "KIM Burung"), ("wilayah", WARD), ("jabatan", "chair"), ("lahir", "1990")];
    let desk = client.post("/kim/baru", &found).await.expect(303).location().to_owned();
    let slug = desk.rsplit('/').next().expect("a slug").to_owned();
    let mut profile = vec![("nama", "KIM Burung"), ("alamat_halaman", slug.as_str()), ("tentang", "Kami.")];
    if login == PHONE {
        profile.extend([("telepon", PHONE), ("tampil_telepon", "1")]);
    } else {
        profile.extend([("surel", MAIL), ("tampil_surel", "1")]);
    }
    client.post(&format!("{desk}/profil"), &profile).await.expect(303);
    let mut tx = stage.write().await;
    let group = kim::find(&mut tx, &slug).await.expect("read").expect("a group");
    let text = base::Query::new("update kim_group set status = 'active' where id = $1", vec![group.id.into()]);
    tx.run(text).await.expect("active");
    tx.commit().await.expect("committed");
    let row =
        [("nama", NAME), ("jabatan", "chair"), ("mulai", "2026-11-24"), ("lahir", "1990"), ("tampil", "1"), ("sunting", "1")];
    let roster = client.get(&format!("{desk}/anggota")).await.expect(200);
    let edit = roster.attribute("tbody .table-act a", "href").expect("a row");
    client.post(&edit, &row).await.expect(303);

    // A draft with a photo that bears the name, and a published story.
    let words = "Warga memasang tanda tinggi air di empat titian supaya semua tahu kapan harus pindah ke tempat yang aman";
    let body = format!("<p>{words}.</p><p>{words}.</p><p>{words}.</p><p>{words}.</p>");
    let story = |title: &'static str| {
        [
            ("kim", slug.as_str()),
            ("title", title),
            ("lead", "Ringkas."),
            ("body", &body),
            ("category", "kabar"),
            ("lang", "id"),
            ("act", "draf"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let as_fields = |story: &[(String, String)]| story.iter().map(|(n, v)| (n.clone(), v.clone())).collect::<Vec<_>>();
    let mut places = Vec::new();
    for title in ["Draf rahasia", "Kabar terbit"] {
        let fields = as_fields(&story(title));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        places.push(client.post("/meja/tulis", &fields).await.expect(303).location().to_owned());
    }
    for place in &places {
        client.post_files(&format!("{place}/foto"), &[], &[("foto", "a.png", &picture())]).await.expect(303);
        let page = client.get(place).await.expect(200);
        let photo = page.attribute("form[action*='/foto/']", "action").expect("a photo");
        client.post(&photo, &[("alt", "Titian"), ("caption", "Titian di tepi sungai"), ("credit", NAME)]).await.expect(303);
        client.post(&format!("{place}/komentar"), &[("catatan", &format!("Tolong hubungi {NAME} di {login}"))]).await.expect(303);
    }
    client.post(&format!("{}/kirim", places[1]), &[]).await.expect(303);
    let check = client.get(&format!("{}/periksa", places[1])).await.expect(200);
    let version = check.attribute("form[action$='/terbitkan'] input[name=version]", "value").unwrap_or_default();
    client.post(&format!("{}/terbitkan", places[1]), &[("version", &version)]).await.expect(303);
    client.post("/akun/token", &[("token", NAME)]).await.expect(200);
    client.post("/akun/data/permohonan", &[("jenis", "correction"), ("isi", &format!("Nama saya {NAME}"))]).await.expect(303);
    client.post("/akun/data/permohonan", &[("jenis", "restriction"), ("isi", login)]).await.expect(303);
    // Somebody else keeps the KIM too, so that the person may go.
    person(stage, "Pengganti", &[(OFFICER, Scope::Group(group.id)), (EDITOR, Scope::Group(group.id))]).await;
    client
}

async fn leave_nothing(engine: Engine, login: &str) {
    let stage = open(engine).await;
    let (_, mut boss) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let mut client = live(&stage, login).await;
    stage.settle().await;
    let mut reader = stage.client();
    let pages = [
        "/kim/kim-burung",
        "/kabar/kabar-terbit",
        "/api/v1/kim/kim-burung",
        "/api/v1/articles/kabar-terbit",
        "/cari?q=kanarizxqv",
    ];
    for path in &pages[..4] {
        assert!(reader.get(path).await.expect(200).text().contains("Kanarizxqv"), "{path} named the person");
    }
    // The search itself looks into what it must not find afterwards.
    assert!(!rows_with(&stage, TRACES).await.is_empty());
    let photos = stage.kit.blobs.list("media").await.expect("a list").len();

    client
        .post("/akun/data/permohonan", &[("jenis", "deletion"), ("isi", &format!("Selamat tinggal, {NAME}"))])
        .await
        .expect(303);
    stage.settle().await;
    let list = boss.get("/kelola/permohonan").await.expect(200);
    let html = list.text();
    let row = html.split("<tr>").skip(1).find(|row| row.contains("Hapus akun")).expect("a row");
    let link = row
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|to| to.starts_with("/kelola/"))
        .expect("a link")
        .to_owned();
    boss.post(&format!("{link}/jawab"), &[("jawab", "kabulkan"), ("alasan", "Selamat jalan.")]).await.expect(303);
    // What a server does by itself: jobs (files, log), listeners, search, stale pages.
    let (jobs, crons) = stage.app.jobs();
    base::jobs::Runner::new(stage.kit.clone(), &jobs, &crons).expect("jobs").drain().await.expect("jobs run");
    stage.app.catch_up().await.expect("listeners hear");
    stage.app.drop_stale(&mut 0).await.expect("dropped");

    assert_eq!(rows_with(&stage, TRACES).await, Vec::<String>::new());
    if engine == Engine::Sqlite {
        assert_eq!(files_with(&stage, TRACES), Vec::<String>::new(), "database file, its log, stored files");
        assert!(!files_with(&stage, &["kabar-terbit"]).is_empty(), "the search over files does find");
    }
    for path in pages {
        let page = reader.get(path).await.expect(200).text();
        let page = page.replace("q=kanarizxqv", "").replace("value=\"kanarizxqv\"", "").replace("“kanarizxqv”", "");
        assert!(!page.contains("Kanarizxqv") && !page.contains("81298765432") && !page.contains(MAIL), "{path}");
    }
    let hits = reader.get("/api/v1/search?q=kanarizxqv").await.expect(200).json();
    assert_eq!(hits["items"].as_array().map(Vec::len), Some(0));
    let left = stage.kit.blobs.list("media").await.expect("a list").len();
    assert_eq!(left * 2, photos, "the draft's photo is gone, the story's is not");
    client.get("/akun").await.expect(303);
    stage.done().await;
}

#[both]
async fn deletion_leaves_no_number_and_no_name(engine: Engine) {
    leave_nothing(engine, PHONE).await;
}

#[both]
async fn deletion_leaves_no_address_and_no_name(engine: Engine) {
    leave_nothing(engine, MAIL).await;
}

#[both]
async fn every_table_is_in_the_register(engine: Engine) {
    let stage = open(engine).await;
    let columns = base::schema::columns(&mut stage.read().await).await.expect("columns");
    let tables: BTreeSet<&str> = columns.iter().map(|column| column.table_name.as_str()).collect();
    let all = web::app::personal(&simpul::slices());
    let mut known = BTreeSet::new();
    for personal in &all {
        let lines = personal.register.iter().flat_map(|line| line.tables).chain(personal.impersonal);
        for name in lines.filter(|name| name.contains('_')) {
            assert!(known.insert(*name), "{name} twice in the register");
        }
    }
    let missing: Vec<_> = tables.difference(&known).collect();
    assert!(missing.is_empty(), "tables that no slice's register names (Slice::personal): {missing:?}");
    let gone: Vec<_> = known.difference(&tables).collect();
    assert!(gone.is_empty(), "in the register but not in the database: {gone:?}");
    // What holds data of people can say of whom.
    let mut conn = stage.read().await;
    for table in all.iter().flat_map(|personal| personal.register).flat_map(|line| line.tables).filter(|name| name.contains('_'))
    {
        web::privacy::holders(&all, &mut conn, table).await.unwrap_or_else(|error| panic!("{table}: {error}"));
    }
    drop(conn);
    stage.done().await;
}

#[test]
fn nothing_is_ticked_beforehand() {
    let mut boxes = 0;
    let mut wrong = Vec::new();
    for (path, text) in common::files(&["kit/web/src", "slices"], &["html"]) {
        for tag in text.split("<input").skip(1) {
            let tag = &tag[..tag.find("><").or(tag.find(">\n")).unwrap_or(tag.len())];
            if !tag.contains("checkbox") {
                continue;
            }
            boxes += 1;
            // Only what a person chose, or what holds already, may be ticked.
            let mut bare = tag.to_owned();
            while let (Some(from), Some(to)) = (bare.find("{% if "), bare.find("{% endif %}")) {
                bare.replace_range(from..to + "{% endif %}".len(), "");
            }
            if bare.contains(" checked") {
                wrong.push(format!("{}: <input{tag}", path.display()));
            }
        }
    }
    assert!(boxes > 5, "only {boxes} boxes found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_register_is_a_table() {
    let texts = web::app::texts(&simpul::slices()).expect("texts");
    for lang in [Lang::Id, Lang::En] {
        let mut out = Vec::new();
        simpul::privacy::register(&texts, lang, &mut out).expect("written");
        let text = String::from_utf8(out).expect("utf-8");
        let lines: Vec<&str> = text.split("\r\n").filter(|line| !line.is_empty()).collect();
        assert!(lines.len() > 12 && text.contains("people_account") && text.contains("365"), "{text}");
        assert!(!text.contains("people-holds") && !text.contains("privacy-"), "a key without words: {text}");
    }
    let mut out = Vec::new();
    simpul::privacy::line(&mut out, &["=1+1".into(), "a,\"b\"".into(), "biasa".into()]).expect("written");
    assert_eq!(String::from_utf8_lossy(&out), "'=1+1,\"a,\"\"b\"\"\",biasa\r\n");
}

#[both]
async fn a_leak_is_reported_with_its_people_and_both_notices(engine: Engine) {
    let stage = open(engine).await;
    let group = kim::testing::active(&stage.kit, "kim-sini", WARD).await;
    let (boss_id, mut boss) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let (id, _) = person(&stage, "=Rumus", &[(MEMBER, Scope::Group(group))]).await;
    person(&stage, "Pemeriksa", &[(VERIFIER, Scope::Region("62.71".into()))]).await;
    boss.get(&format!("/kelola/akun/{id}")).await.expect(200);
    let out = stage.folder().join("laporan");
    let asked = |table: &[&str], accounts: &[String]| simpul::breach::Breach {
        since: "2026-11-20".into(),
        until: "2026-11-24".into(),
        table: table.iter().map(|name| (*name).to_owned()).collect(),
        accounts: accounts.to_vec(),
        found: Some("2026-11-24T01:00:00Z".into()),
        out: out.clone(),
    };
    let report = simpul::breach::write(&stage.app, &asked(&[], &[])).await.expect("a report");
    assert_eq!(report.affected, 3, "everybody, when it is not known what leaked");
    assert!(report.tables.len() > 10 && report.due == web::dates::parse_iso("2026-11-27T01:00:00Z").expect("a time"));
    let report = simpul::breach::write(&stage.app, &asked(&["people_grant", "people_account"], &[])).await.expect("a report");
    assert_eq!(report.affected, 3);
    let list = std::fs::read_to_string(out.join("terdampak.csv")).expect("a list");
    assert!(list.starts_with("Nomor akun,Nama,"), "{list}");
    let row = list.lines().find(|line| line.starts_with(&format!("{id},"))).expect("a row");
    assert!(row.contains("'=Rumus") && row.ends_with(",1,0,1"), "one look, no copy, one session: {row}");
    let people = std::fs::read_to_string(out.join("pemberitahuan-pemilik-data.txt")).expect("a draft");
    for words in ["antara 20 November 2026 dan 24 November 2026", "Nama, satu cara masuk", "tidak pernah meminta NIK", "(ISI:"] {
        assert!(people.contains(words), "{words}: {people}");
    }
    let agency = std::fs::read_to_string(out.join("pemberitahuan-lembaga.txt")).expect("a draft");
    for words in ["Pasal 46", "27 November 2026", "3 orang"] {
        assert!(agency.contains(words), "{words}: {agency}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(out.join("terdampak.csv")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else reads it");
    }
    let one = simpul::breach::write(&stage.app, &asked(&[], &[format!("#{boss_id}")])).await.expect("a report");
    assert_eq!(one.affected, 1);
    assert!(simpul::breach::write(&stage.app, &asked(&["tidak_ada"], &[])).await.is_err());
    assert!(simpul::breach::write(&stage.app, &asked(&[], &["tidak-ada".into()])).await.is_err());
    // That it was made is written too.
    let rows = base::audit::list(&mut stage.read().await, &base::audit::Asked::default()).await.expect("rows");
    assert!(rows.iter().any(|row| row.act == "people.breach.reported"));
    let mut lines = Vec::new();
    let exported = simpul::audit::export(&stage.app, i64::MIN, i64::MAX, &mut lines).await.expect("exported");
    assert!(exported >= 4 && String::from_utf8_lossy(&lines).lines().all(|line| line.contains("\"hash\":\"")));
    stage.settle().await;
    stage.done().await;
}

#[test]
fn the_doctor_names_the_first_broken_row() {
    stage::run(async {
        let stage = open(Engine::Sqlite).await;
        for _ in 0..3 {
            simpul::audit::note(&stage.app, "people.grant.given", ("account", 1), "operator").await.expect("written");
        }
        let config = base::Config {
            database: format!("sqlite:{}", stage.folder().join("test.sqlite").display()),
            blobs: stage.folder().join("blobs").display().to_string(),
            ..stage.kit.config.clone()
        };
        let broken = async || {
            let found = simpul::doctor::examine(&config).await.expect("examined");
            found.into_iter().find(|finding| finding.what.contains("audit")).map(|finding| finding.what)
        };
        assert_eq!(broken().await, None);
        let mut tx = stage.write().await;
        for text in ["drop trigger base_audit_kept", "update base_audit set actor_id = 7 where position = 2"] {
            tx.run(base::Query::new(text, vec![])).await.expect("done");
        }
        tx.commit().await.expect("committed");
        let what = broken().await.expect("a finding");
        assert!(what.contains("row 2"), "{what}");
        stage.done().await;
    });
}
