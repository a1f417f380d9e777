//! The archive of a KIM, with the rows of both slices.
use base::authz::Scope;
use people::roles::{EDITOR, MEMBER, OFFICER};
use stage::Engine;

use super::{ArticleRow, PhotoRow};
use crate::testing::{City, body, handed_in, picture, story, with};

#[both::both]
async fn a_kim_takes_all_its_data_along(engine: Engine) {
    let city = City::open(engine).await;
    let grants = [(MEMBER, Scope::Group(city.kim)), (EDITOR, Scope::Group(city.kim)), (OFFICER, Scope::Group(city.kim))];
    let mut rina = city.person("Rina", &grants).await.1;
    let id = handed_in(&mut rina, "Titian Puntun selesai dicat").await;
    let photo = picture();
    rina.post_files(&format!("/meja/tulisan/{id}/foto"), &[], &[("foto", "a.png", &photo)]).await.expect(303);
    let words = [("alt", "Titian kuning"), ("caption", "Sesudah dicat")];
    rina.post(&format!("/meja/tulisan/{id}/foto/1"), &words).await.expect(303);
    rina.post(&format!("/meja/tulisan/{id}/terbitkan"), &[]).await.expect(303);
    let body = body();
    let theirs = with(&story("Kabar tetangga", &body), &[("kim", "kim-sebelah"), ("act", "kirim")]);
    city.neighbour("Tetangga").await.post("/meja/tulis", &theirs).await.expect(303);
    let profile = [("nama", "KIM Riak Seberang"), ("alamat_halaman", "kim-riak-seberang"), ("telepon", "081234567890")];
    rina.post_files("/meja/kim/kim-riak-seberang/profil", &profile, &[("logo", "l.png", &photo)]).await.expect(303);
    let member = [("nama", "Ani"), ("jabatan", "secretary"), ("mulai", "2024-01-02"), ("lahir", "1990")];
    rina.post("/meja/kim/kim-riak-seberang/anggota/baru", &member).await.expect(303);
    let decree = [("nomor", "12/SK"), ("tanggal", "2024-03-14"), ("penanda_tangan", "Lurah")];
    rina.post_files("/meja/kim/kim-riak-seberang/sk", &decree, &[("foto", "sk.png", &photo)]).await.expect(303);

    let page = rina.get("/meja/kim/kim-riak-seberang/ekspor").await.expect(200).main();
    assert!(page.contains("articles.jsonl 1") && page.contains("Foto dan pindaian 3"), "{page}");
    let path = "/meja/kim/kim-riak-seberang/ekspor/kim-riak-seberang.tar.gz";
    let answer = rina.get(path).await.expect(200);
    assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("application/gzip", "no-store"));
    let mut parts = std::collections::BTreeMap::new();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(answer.body.as_slice()));
    for entry in archive.entries().expect("an archive") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).expect("bytes");
        parts.insert(path.strip_prefix("kim-kim-riak-seberang/").expect("one folder").to_owned(), bytes);
    }
    let lines = |name: &str| -> Vec<serde_json::Value> {
        let text = String::from_utf8(parts[name].clone()).expect("utf-8");
        text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
    };
    let manifest: serde_json::Value = serde_json::from_slice(&parts["manifest.json"]).expect("a manifest");
    assert_eq!((manifest["format"].as_str(), manifest["version"].as_i64()), (Some("simpul-kim"), Some(2)));
    assert_eq!(manifest["parts"].as_array().expect("parts").len(), 9);
    let term: kim::TermRow = serde_json::from_value(lines("terms.jsonl").remove(0)).expect("a term");
    assert_eq!((term.office.as_str(), term.from.as_str()), ("secretary", "2024-01-02"));
    // Rows read back as the structs they were written from.
    let article: ArticleRow = serde_json::from_value(lines("articles.jsonl").remove(0)).expect("an article");
    assert_eq!((article.title.as_str(), article.status.as_str()), ("Titian Puntun selesai dicat", "published"));
    let photo: PhotoRow = serde_json::from_value(lines("photos.jsonl").remove(0)).expect("a photo");
    assert_eq!((photo.article, photo.alt.as_str()), (id, "Titian kuning"));
    assert!(parts[&photo.file].starts_with(&[0xff, 0xd8, 0xff]), "a JPEG");
    let own: kim::KimRow = serde_json::from_value(lines("kim.jsonl").remove(0)).expect("a KIM");
    assert_eq!((own.phone.as_str(), own.show_phone), ("+6281234567890", false));
    assert!(parts.contains_key(&own.logo.expect("a logo")));
    let decree: kim::DecreeRow = serde_json::from_value(lines("decrees.jsonl").remove(0)).expect("a decree");
    assert!(parts.contains_key(&decree.scan.expect("a scan")));
    let member: kim::MemberRow = serde_json::from_value(lines("members.jsonl").remove(0)).expect("a member");
    assert_eq!((member.name.as_str(), member.joined.as_str()), ("Ani", "2024-01-02"));
    let history: Vec<kim::HistoryRow> =
        lines("history.jsonl").into_iter().map(|row| serde_json::from_value(row).expect("a row")).collect();
    assert_eq!(history[0].kind, "kim.group.created");
    assert_eq!(lines("articles.jsonl").len(), 1, "and nothing of the neighbours");

    // For those who keep it, and nobody else.
    rina.get("/meja/kim/kim-riak-seberang/ekspor/lain.tar.gz").await.expect(404);
    for mut refused in
        [city.member("Budi").await, city.editor("Cici").await, city.neighbour("Dedi").await, city.verifier("Sari", "62.71").await]
    {
        refused.get(path).await.expect(403);
    }
    city.operator("Operator").await.get(path).await.expect(200);
    city.stage.client().get(path).await.expect(303);
    for _ in 0..5 {
        rina.get(path).await.expect(200);
    }
    rina.get(path).await.expect(429);
    city.stage.settle().await;
    city.stage.done().await;
}
