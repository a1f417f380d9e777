//! A KIM with everything that an archive may hold, and its archive as bytes and as rows.
#![allow(dead_code, reason = "each test uses its part")]
use std::collections::BTreeMap;
use std::io::Read;

use base::Query;
use base::authz::{Role, Scope};
use base::clock::DAY;
use people::roles::{EDITOR, MEMBER, OFFICER, OPERATOR};
use serde_json::Value;
use stage::{Answer, Client, Engine, Stage};

pub const WARD: &str = "62.71.01.1006";
/// Its address, after it gave up `kim-riak-seberang`.
pub const SLUG: &str = "riak-seberang";
pub const STORY: &str = "titian-puntun-selesai-dicat";

/// Names of the files of an archive below its folder, with their bytes.
pub type Parts = BTreeMap<String, Vec<u8>>;

/// A whole product at an address.
pub async fn open(engine: Engine, site: &'static str) -> Stage {
    let slices = simpul::slices();
    let stage = Stage::set(engine, slices, people::identify, |config| config.base_url = site.to_owned()).await;
    regions::testing::sample(&stage.kit).await;
    stage
}

pub async fn person(stage: &Stage, name: &str, grants: &[(Role, Scope)]) -> Client {
    let (_, cookie) = people::testing::person(&stage.kit, name, grants).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    client
}

pub async fn operator(stage: &Stage) -> Client {
    person(stage, "Pengelola", &[(OPERATOR, Scope::All)]).await
}

pub async fn run(stage: &Stage, text: &'static str, values: Vec<base::Value>) {
    let mut tx = stage.write().await;
    tx.run(Query::new(text, values)).await.expect(text);
    tx.commit().await.expect("committed");
}

pub async fn count(stage: &Stage, text: &'static str) -> i64 {
    stage.read().await.int(Query::new(text, vec![])).await.expect(text)
}

fn picture() -> Vec<u8> {
    std::fs::read(crate::common::root().join("data/demo/pictures/pasar-subuh.jpg")).expect("a drawing")
}

/// The number in a redirect to the desk page of a story.
fn number(answer: &Answer) -> i64 {
    let rest = answer.location().strip_prefix("/meja/tulisan/").expect("a desk page");
    rest.split(['/', '?', '#']).next().and_then(|id| id.parse().ok()).expect("a number")
}

fn words(title: &'static str, act: &'static str, body: &str, version: &str) -> Vec<(&'static str, String)> {
    [
        ("kim", SLUG),
        ("title", title),
        ("lead", "Tanda cat kuning membantu warga."),
        ("body", body),
        ("category", "lingkungan"),
        ("tags", "Titian, Sungai Kahayan"),
        ("lang", "id"),
        ("version", version),
        ("act", act),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.to_owned()))
    .collect()
}

async fn send(client: &mut Client, path: &str, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post(path, &fields).await.expect(303)
}

fn text() -> String {
    let words = "Warga Pahandut Seberang memasang tanda tinggi air di empat titian supaya semua tahu kapan harus pindah";
    format!("<p>{words}.</p><h2>Caranya</h2><p>{words}.</p><p>{words}.</p>")
}

/// Fills a site with a KIM in a rich state, verified and at work; its officer.
pub async fn rich(stage: &Stage) -> Client {
    let kim = kim::testing::active(&stage.kit, "kim-riak-seberang", WARD).await;
    let roles = [MEMBER, EDITOR, OFFICER].map(|role| (role, Scope::Group(kim)));
    let mut rina = person(stage, "Rina", &roles).await;
    let photo = picture();
    let profile = [
        ("nama", "KIM Riak Seberang"),
        ("alamat_halaman", SLUG),
        ("tentang", "Warga tepi Kahayan."),
        ("berdiri", "2020-05-06"),
        ("tema", "usaha"),
        ("tema", "lingkungan"),
        ("telepon", "081234567890"),
        ("tampil_telepon", "1"),
        ("surel", "riak@contoh.id"),
        ("alamat", "Titian satu"),
    ];
    let files: [(&str, &str, &[u8]); 2] = [("logo", "l.jpg", &photo), ("sampul", "s.jpg", &photo)];
    rina.post_files("/meja/kim/kim-riak-seberang/profil", &profile, &files).await.expect(303);
    people_of(&mut rina).await;
    let desk = format!("/meja/kim/{SLUG}");
    let decree = [("nomor", "12/SK"), ("tanggal", "2023-03-14"), ("penanda_tangan", "Lurah")];
    rina.post_files(&format!("{desk}/sk"), &decree, &[("foto", "sk.jpg", &photo)]).await.expect(303);
    let decree = [("nomor", "34/SK"), ("tanggal", "2026-03-14"), ("penanda_tangan", "Lurah")];
    rina.post_files(&format!("{desk}/sk"), &decree, &[("foto", "sk.pdf", b"%PDF-1.7\n%%EOF\n")]).await.expect(303);
    let tools = [("sinyal", "hotspot"), ("alat", "ponsel"), ("alat", "mading"), ("alat_lain", "Klotok")];
    rina.post(&format!("{desk}/sarana"), &tools).await.expect(303);
    rina.post(&format!("{desk}/halaman"), &[("warna", "daun")]).await.expect(303);
    rina.post(&format!("{desk}/halaman"), &[("aksi", "naik:tentang")]).await.expect(303);
    run(
        stage,
        "update kim_group set number = 'KIM-0007', submitted_at = $2, verified_at = $3, confirmed_at = $3 where id = $1",
        vec![kim.into(), (stage::START - 9 * DAY).into(), (stage::START - 7 * DAY).into()],
    )
    .await;
    stories(stage, &mut rina).await;
    stage.settle().await;
    rina
}

/// Four members: one of them young, one who took another office, one who left.
async fn people_of(rina: &mut Client) {
    let roster = format!("/meja/kim/{SLUG}/anggota");
    let ani = [
        ("nama", "Ani"),
        ("jabatan", "chair"),
        ("mulai", "2024-01-02"),
        ("lahir", "1990"),
        ("tampil", "1"),
        ("keahlian", "tulis"),
        ("keahlian", "foto"),
        ("keahlian_lain", "Menyetir klotok"),
        ("bahasa", "nij"),
    ];
    rina.post(&format!("{roster}/baru"), &ani).await.expect(303);
    let rest = [("Budi", "secretary", "1985", ""), ("Cici", "member", "2012", "1"), ("Dedi", "treasurer", "1970", "")];
    for (name, office, born, guardian) in rest {
        let fields = [("nama", name), ("jabatan", office), ("mulai", "2024-01-02"), ("lahir", born), ("wali", guardian)];
        rina.post(&format!("{roster}/baru"), &fields).await.expect(303);
    }
    let head = [("nama", "Budi"), ("jabatan", "head"), ("bidang", "Penulisan"), ("mulai", "2024-01-02"), ("lahir", "1985")];
    rina.post(&format!("{roster}/2"), &head).await.expect(303);
    rina.post(&format!("{roster}/4/keluar"), &[("keluar", "2025-06-30")]).await.expect(303);
}

/// A published story with photos, one of them in its text; one withdrawn; one that waits for its writer; a draft.
async fn stories(stage: &Stage, rina: &mut Client) {
    let photo = picture();
    let id = number(&send(rina, "/meja/tulis", &words("Titian Puntun selesai dicat", "draf", &text(), "")).await);
    let desk = format!("/meja/tulisan/{id}");
    let files: [(&str, &str, &[u8]); 2] = [("foto", "a.jpg", &photo), ("foto", "b.jpg", &photo)];
    rina.post_files(&format!("{desk}/foto"), &[], &files).await.expect(303);
    let photos = newsroom::media::of(&mut stage.read().await, id).await.expect("photos");
    for (photo, alt) in photos.iter().zip(["Titian kuning", "Cat di ember"]) {
        let fields = [("alt", alt), ("caption", "Sesudah dicat"), ("credit", "Rina")];
        rina.post(&format!("{desk}/foto/{}", photo.id), &fields).await.expect(303);
    }
    let inside = format!("{}<figure><img src=\"{}\" alt=\"Cat\"></figure>", text(), photos[1].path(800));
    let fields = words("Titian Puntun selesai dicat", "draf", &inside, "1");
    send(rina, &desk, &fields).await;
    rina.post(&format!("{desk}/komentar"), &[("catatan", "Sebut ketua RT.")]).await.expect(303);
    rina.post(&format!("{desk}/kirim"), &[]).await.expect(303);
    rina.post(&format!("{desk}/terbitkan"), &[]).await.expect(303);
    run(stage, "insert into newsroom_slug (slug, article_id) values ('titian-lama', $1)", vec![id.into()]).await;
    run(stage, "insert into newsroom_redirect (path, article_id) values ('/2024/03/titian/', $1)", vec![id.into()]).await;
    run(stage, "update newsroom_article set source_key = 'wp:lama.example.id:7' where id = $1", vec![id.into()]).await;

    let gone = number(&send(rina, "/meja/tulis", &words("Jadwal keliru", "kirim", &text(), "")).await);
    rina.post(&format!("/meja/tulisan/{gone}/terbitkan"), &[]).await.expect(303);
    rina.post(&format!("/meja/tulisan/{gone}/tarik"), &[("alasan", "Tanggalnya keliru.")]).await.expect(303);

    let asked = number(&send(rina, "/meja/tulis", &words("Kerja bakti Minggu", "kirim", &text(), "")).await);
    rina.post(&format!("/meja/tulisan/{asked}/minta-perbaikan"), &[("alasan", "Tambah foto.")]).await.expect(303);

    send(rina, "/meja/tulis", &words("Draf tentang pasar", "draf", "<p>Pendek.</p>", "")).await;
}

/// The archive of the KIM as its keeper gets it.
pub async fn taken(client: &mut Client) -> Vec<u8> {
    client.get(&format!("/meja/kim/{SLUG}/ekspor/{SLUG}.tar.gz")).await.expect(200).body
}

pub fn unpack(bytes: &[u8]) -> Parts {
    let mut parts = Parts::new();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    for entry in archive.entries().expect("an archive") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("bytes");
        parts.insert(path.split_once('/').expect("one folder").1.to_owned(), bytes);
    }
    parts
}

/// An archive again, its files before its manifest: a reader must not count on the order.
pub fn pack(parts: &Parts) -> Vec<u8> {
    let mut out = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    for (path, bytes) in parts {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        out.append_data(&mut header, format!("kim-uji/{path}"), bytes.as_slice()).expect("added");
    }
    out.into_inner().expect("a tar").finish().expect("a gzip")
}

pub fn rows(parts: &Parts, name: &str) -> Vec<Value> {
    let text = std::str::from_utf8(&parts[name]).expect("utf-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

/// Puts other rows into a part, and their number into the manifest.
pub fn put(parts: &mut Parts, name: &str, rows: &[Value]) {
    let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    parts.insert(name.to_owned(), text.into_bytes());
    let mut manifest = manifest(parts);
    for part in manifest["parts"].as_array_mut().expect("parts") {
        if format!("{}.jsonl", part["name"].as_str().expect("a name")) == name {
            part["rows"] = rows.len().into();
        }
    }
    parts.insert("manifest.json".into(), manifest.to_string().into_bytes());
}

pub fn manifest(parts: &Parts) -> Value {
    serde_json::from_slice(&parts["manifest.json"]).expect("a manifest")
}

/// The rows of an archive without what differs from site to site: numbers, accounts, names of files.
pub fn plain(parts: &Parts) -> BTreeMap<String, Vec<Value>> {
    let names: Vec<String> = parts.keys().filter(|name| name.ends_with(".jsonl")).cloned().collect();
    let mut all: BTreeMap<String, Vec<Value>> = names.iter().map(|name| (name.clone(), rows(parts, name))).collect();
    let places = |part: &str, all: &BTreeMap<String, Vec<Value>>| -> BTreeMap<i64, usize> {
        all[part].iter().enumerate().map(|(place, row)| (row["id"].as_i64().expect("an id"), place)).collect()
    };
    let (members, articles, photos) =
        (places("members.jsonl", &all), places("articles.jsonl", &all), places("photos.jsonl", &all));
    let mut pictures = Vec::new();
    for (part, field) in [("kim.jsonl", "logo"), ("kim.jsonl", "cover"), ("photos.jsonl", "file")] {
        for row in &all[part] {
            let path = row[field].as_str().expect("a path");
            pictures.push(path.trim_start_matches("files/").trim_end_matches("-1600.jpg").to_owned());
        }
    }
    for (part, rows) in &mut all {
        for (place, row) in rows.iter_mut().enumerate() {
            if row["id"].is_i64() {
                row["id"] = place.into();
            }
            for (field, places) in [("member", &members), ("article", &articles), ("cover", &photos)] {
                if let Some(id) = row[field].as_i64() {
                    row[field] = places[&id].into();
                }
            }
            for field in ["account", "author"] {
                if !row[field].is_null() {
                    row[field] = Value::Null;
                }
            }
            if part == "decrees.jsonl" {
                let end = row["scan"].as_str().and_then(|path| path.rsplit('.').next()).map(str::to_owned);
                row["scan"] = end.into();
            }
            let mut text = row.to_string();
            for (n, picture) in pictures.iter().enumerate() {
                text = text.replace(picture, &format!("gambar-{n}"));
            }
            *row = serde_json::from_str(&text).expect("a row");
        }
        // It tells of the way itself.
        rows.retain(|row| row["kind"] != "kim.group.arrived");
    }
    all
}
