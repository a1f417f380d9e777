//! Whole imports of a real export on both engines, also in parts.
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base::sql;
use both::both;
use stage::Engine;

use super::words::micros;
use super::*;
use crate::testing::City;

pub(super) fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/wordpress")
}

pub(super) fn options() -> Options {
    Options {
        file: fixture().join("export.xml"),
        kim: "kim-riak-seberang".into(),
        media: Some(fixture().join("media")),
        by: None,
        dry_run: false,
    }
}

pub(super) async fn run(city: &City, options: &Options) -> Report {
    import(&city.stage.kit, options, &|_, _| {}).await.expect("an import")
}

fn expected() -> Vec<(i64, String, bool, String)> {
    let text = std::fs::read_to_string(fixture().join("expected.tsv")).expect("the table");
    let rows = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| (row[0].parse().expect("a number"), row[1].to_owned(), row[4] == "import", row[5].to_owned())).collect()
}

fn reason_of(words: &str) -> Reason {
    let pairs = [
        ("corrupt", Reason::Unreadable),
        ("the file is not", Reason::MissingFile),
        ("draft", Reason::Draft),
        ("private", Reason::Private),
        ("password", Reason::Password),
        ("scheduled", Reason::Scheduled),
        ("trash", Reason::Trash),
        ("custom post type", Reason::CustomType),
        ("nav_menu_item", Reason::Menu),
        ("wp_global_styles", Reason::Design),
    ];
    pairs.into_iter().find(|(start, _)| words.starts_with(start)).unwrap_or_else(|| panic!("{words}")).1
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) source_key: String,
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) body: String,
    pub(super) category: String,
    pub(super) tags: String,
    pub(super) lang: String,
    pub(super) status: String,
    pub(super) author_name: String,
    pub(super) published_at: i64,
    pub(super) updated_at: i64,
    pub(super) words: i64,
    pub(super) cover: i64,
}

/// Everything that an import writes, with the random names of pictures numbered.
pub(super) async fn written(city: &City) -> (BTreeMap<i64, Row>, Vec<(String, i64, String, String)>, Vec<(String, String)>) {
    let mut conn = city.stage.read().await;
    let mut rows: Vec<Row> = conn
        .all(sql!(
            "select a.source_key, a.slug, a.title, a.lead, a.body, a.category, a.tags, a.lang, a.status, a.author_name, a.published_at,
                    a.updated_at, a.words, coalesce(p.position, 0) as cover
             from newsroom_article a left join newsroom_photo p on p.id = a.cover_id where a.source_key is not null"
        ))
        .await
        .expect("rows");
    let photos: Vec<(String, i64, String, String, String)> = conn
        .all(sql!(
            "select a.source_key as k, p.position as n, p.alt as a, p.caption as c, p.name as m
             from newsroom_photo p join newsroom_article a on a.id = p.article_id order by 1, 2"
        ))
        .await
        .expect("photos");
    for (key, position, _, _, name) in &photos {
        let row = rows.iter_mut().find(|row| row.source_key == *key).expect("its story");
        row.body = row.body.replace(name.as_str(), &format!("foto{position}"));
    }
    let redirects = conn
        .all(sql!(
            "select r.path as p, a.slug as s from newsroom_redirect r join newsroom_article a on a.id = r.article_id order by 1"
        ))
        .await
        .expect("redirects");
    let id = |key: &str| key.rsplit(':').next().and_then(|id| id.parse().ok()).expect("a number");
    let rows = rows.into_iter().map(|row| (id(&row.source_key), row)).collect();
    (rows, photos.into_iter().map(|(key, n, alt, caption, _)| (key, n, alt, caption)).collect(), redirects)
}

#[both]
async fn a_real_export_comes_in_as_expected(engine: Engine) {
    let city = City::open(engine).await;
    let (done, total) = (Cell::new(0), Cell::new(0));
    let report = import(&city.stage.kit, &options(), &|d, t| {
        done.set(d);
        total.set(t);
    })
    .await
    .expect("an import");
    assert_eq!((done.get(), total.get()), (18, 18));
    let (rows, photos, redirects) = written(&city).await;
    for (id, kind, comes_in, why) in expected() {
        let skipped = report.skipped.iter().find(|skipped| skipped.id == id);
        match (kind.as_str(), comes_in) {
            ("attachment", true) => assert_eq!(skipped, None),
            (_, true) => {
                assert!(skipped.is_none(), "{id}");
                let row = rows.get(&id).unwrap_or_else(|| panic!("{id} is missing"));
                assert_eq!(
                    (row.status.as_str(), row.source_key.as_str()),
                    ("published", &*format!("wp:kim-contoh.example:{id}"))
                );
            }
            (_, false) => {
                assert_eq!(
                    skipped.map(|skipped| (skipped.kind.as_str(), skipped.reason)),
                    Some((kind.as_str(), reason_of(&why)))
                );
                assert!(!rows.contains_key(&id), "{id}");
            }
        }
    }
    assert_eq!((report.imported, report.already, report.skipped.len(), rows.len()), (18, 0, 10, 18));
    assert_eq!(report.pictures, 10);
    assert_eq!(photos.len(), 10);
    assert_eq!(report.redirects, 18 * 2 + 3);
    assert_eq!(redirects.len(), 39);
    let again = run(&city, &options()).await;
    assert_eq!((again.imported, again.already, again.pictures, again.redirects), (0, 18, 0, 0));
    assert_eq!(written(&city).await.0, rows, "nothing comes in twice");
    assert_eq!(city.count(sql!("select count(*) as n from base_event where kind = 'newsroom.article.published'")).await, 18);
    looks_right(&rows, &photos, &report);
    let id = city.count(sql!("select id from newsroom_article where slug = 'kerja-bakti-membersihkan-saluran-air'")).await;
    assert_eq!(city.events(id).await, ["published"]);
    let data = city.last_data(id).await;
    assert_eq!((data["imported"].as_bool(), data["slug"].as_str()), (Some(true), Some("kerja-bakti-membersihkan-saluran-air")));
    assert!(data.get("notify").is_none());
    assert_eq!(city.article(id).await.author_id, None);

    let blobs = &city.stage.kit.blobs;
    let files = blobs.list("media").await.expect("files");
    assert_eq!(files.len(), 10 * 6);
    for file in files {
        let bytes = blobs.get(&file).await.expect("a file");
        let found = |needle: &[u8]| bytes.windows(needle.len()).any(|part| part == needle);
        assert!(!found(b"Exif") && !found(b"EXIF") && !found(b"GPS") && !found(b"Kamera"), "{file}");
    }
    city.stage.settle().await;
    city.stage.done().await;
}

fn looks_right(rows: &BTreeMap<i64, Row>, photos: &[(String, i64, String, String)], report: &Report) {
    let at = |id: i64, time: &str| assert_eq!(rows[&id].published_at, micros(time).expect("a time"), "{id}");
    at(10, "2023-12-04 01:00:00");
    at(17, "2024-09-29 22:30:00");
    at(20, "2025-03-03 07:00:00");
    assert_eq!(rows[&10].lead, "Dua belas warga sepakat mengelola kabar kelurahan bersama-sama.");
    assert!(rows[&10].body.starts_with("<p>Dua belas warga Kelurahan"), "a written excerpt leaves the text whole");
    assert!(rows[&11].lead.starts_with("Banyak orang tua") && !rows[&11].body.contains("Banyak orang tua"));
    assert!(
        rows[&11].body.contains(
            "<ol><li>Ambil nomor antrean di meja depan.</li><li>Serahkan berkas kepada petugas untuk diperiksa.<ul><li>"
        )
    );
    // The featured picture stands above the text, so the text does not show it again.
    assert_eq!((rows[&12].cover, rows[&12].body.contains("<img")), (1, false));
    assert!(photos.contains(&(
        "wp:kim-contoh.example:12".into(),
        1,
        "Gambar tiga warga membersihkan tepi saluran air".into(),
        "Warga membersihkan saluran air (gambar contoh).".into()
    )));
    let map = "<figure><img src=\"/media/foto1-800.jpg\" alt=\"Peta rekaan wilayah Sungai Contoh\" width=\"2560\" height=\"1280\"><figcaption>Peta rekaan, bukan peta resmi.</figcaption></figure>";
    assert!(rows[&10].body.contains(map), "{}", rows[&10].body);
    assert_eq!(rows[&13].body.matches("<figure>").count(), 2, "the damaged picture is left out");
    assert!(
        rows[&14].body.contains("<blockquote><p>Sungai itu halaman depan")
            && rows[&14].body.contains("<p>— Seorang tetua kampung")
    );
    assert!(rows[&15].body.contains("<a href=\"https://www.youtube.com/watch?v=contohVideo\""));
    assert!(
        rows[&16].body.contains("<figcaption>Warga menyiapkan lapangan sebelum lomba.</figcaption>")
            && !rows[&16].body.contains('[')
    );
    assert!(
        rows[&17].body.contains("<li>Senin: Blok A dan Blok B</li>")
            && rows[&17].body.contains("<a href=\"https://youtu.be/contohVideo\"")
    );
    let bad = ["<script", "onclick", "onerror", "onload", "javascript:", "data:", "<iframe", "<form", "<svg", "<style", "style="];
    let worse = [
        "tidak boleh jalan",
        "iklan.contoh.example",
        "Teks tersembunyi",
        "sandi",
        "[contact-form",
        "wp:",
        "kim-contoh.example/wp-content",
    ];
    for row in rows.values() {
        for bad in bad.iter().chain(&worse) {
            assert!(!row.body.contains(bad) && !row.lead.contains(bad), "{bad} in {}: {}", row.slug, row.body);
        }
    }
    let kept = [
        "Pendaftaran dibuka sampai tanggal dua puluh.",
        "meja depan",
        "href=\"https://layanan.contoh.example/relawan?a=1&amp;b=2\"",
    ];
    assert!(kept.iter().all(|kept| rows[&18].body.contains(kept)), "{}", rows[&18].body);
    let links = [
        "<a href=\"/kabar/kerja-bakti-membersihkan-saluran-air\">kerja bakti tahun lalu</a>",
        "<a href=\"/kabar/kerja-bakti-membersihkan-saluran-air\">tulisan yang sama</a>",
        "<a href=\"/kabar/pesan-para-tetua-tentang-menjaga-sungai\">pesan para tetua</a>",
        "<a href=\"/media/foto1-1600.jpg\">diunduh sebagai gambar</a>",
        "<a href=\"/kabar?kim=kim-riak-seberang&amp;tag=pengumuman\">halaman pengumuman</a>",
        "<a href=\"/kabar/tentang-kami\">halaman tentang kami</a>",
    ];
    for link in links {
        assert!(rows[&19].body.contains(link), "{link}: {}", rows[&19].body);
    }
    assert_eq!(rows[&20].title, "Tanya & Jawab: “Apa itu NIK?” – 5 < 7 itu 'benar' \\ 100% ✔");
    assert_eq!(rows[&20].slug, "tanya-jawab-apa-itu-nik-5-7-itu-benar-100");
    assert!(
        rows[&20].body.contains("// akhir CDATA: ]]&gt;")
            && rows[&20].body.contains("👍🏽")
            && rows[&20].body.contains("tanda &lt;b&gt; yang")
    );
    assert!(
        rows[&21].title.chars().count() <= 120
            && rows[&21].title.ends_with('…')
            && rows[&21].body.contains("Tahun Anggaran Mendatang")
    );
    assert!(rows[&22].body.contains("Ayu ka sini, dangsanak"));
    assert_eq!((rows[&23].cover, rows[&23].category.as_str()), (0, "kesehatan"));
    assert!(rows[&23].body.contains("<li>Pos: Melati · Hari: Senin pertama · Pukul: 08.00</li>"));
    assert!(rows[&23].body.contains("<a href=\"/kabar/kontak\">Hubungi kader</a>"));
    assert_eq!(
        (rows[&30].title.as_str(), rows[&30].slug.as_str(), rows[&30].tags.as_str()),
        ("Air bersih mengalir kembali ke Gang Kenanga sejak pukul dua siang setelah pipa…", "30-2", "[\"air & listrik\"]")
    );
    assert_eq!(
        (rows[&32].tags.as_str(), rows[&32].category.as_str(), rows[&32].slug.as_str()),
        ("[\"halaman\"]", "kabar", "struktur-pengurus")
    );
    assert_eq!(
        (rows[&12].author_name.as_str(), rows[&12].category.as_str(), rows[&12].lang.as_str()),
        ("Penulis Demo", "kabar", "id")
    );
    assert_eq!(rows[&12].tags, "[\"kegiatan warga\",\"banjir\",\"gotong royong\",\"sungai\"]");
    let noted = |id: i64, part: &str| report.warnings.iter().any(|warning| warning.id == id && warning.text.contains(part));
    assert!(noted(33, "[contact-form-7]") && noted(30, "no title") && noted(21, "cut") && noted(18, "script"), "{report}");
}

#[both]
async fn old_addresses_lead_on(engine: Engine) {
    let city = City::open(engine).await;
    run(&city, &options()).await;
    let mut client = city.stage.client();
    for (old, new) in [
        ("/2024/03/kerja-bakti-membersihkan-saluran-air/", "/kabar/kerja-bakti-membersihkan-saluran-air"),
        ("/2024/03/kerja-bakti-membersihkan-saluran-air", "/kabar/kerja-bakti-membersihkan-saluran-air"),
        ("/2025/03/tanya-jawab-apa-itu-nik-5-7-itu-benar-100-%E2%9C%94/", "/kabar/tanya-jawab-apa-itu-nik-5-7-itu-benar-100"),
        ("/tentang-kami/struktur-pengurus/", "/kabar/struktur-pengurus"),
        ("/?p=14", "/kabar/pesan-para-tetua-tentang-menjaga-sungai"),
    ] {
        let answer = client.get(old).await;
        assert_eq!((answer.status.is_redirection(), answer.location()), (true, new), "{old}");
    }
    let page = client.get("/kabar/lowongan-relawan-pendataan").await.expect(200);
    assert!(page.main().contains("Pendaftaran dibuka sampai tanggal dua puluh."), "{}", page.main());
    client.get("/2025/04/daftar-penerima-bibit/").await.expect(404);
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn a_run_cut_short_goes_on_where_it_stopped(engine: Engine) {
    let whole = City::open(engine).await;
    run(&whole, &options()).await;
    let parts = City::open(engine).await;
    let progress = |_: u64, _: u64| {};
    for (most, already) in [(1, 0), (6, 1), (5, 7)] {
        let report = import_some(&parts.stage.kit, &options(), &progress, most).await.expect("a part");
        assert_eq!((report.imported, report.already), (most, already));
    }
    let rest = run(&parts, &options()).await;
    assert_eq!((rest.imported, rest.already), (6, 12));
    assert_eq!(written(&parts).await, written(&whole).await);
    for city in [whole, parts] {
        city.stage.settle().await;
        city.stage.done().await;
    }
}

#[both]
async fn a_dry_run_writes_nothing(engine: Engine) {
    let city = City::open(engine).await;
    let dry = run(&city, &Options { dry_run: true, ..options() }).await;
    assert_eq!(written(&city).await.0.len(), 0);
    assert!(city.stage.kit.blobs.list("media").await.expect("files").is_empty());
    assert_eq!(city.count(sql!("select count(*) as n from base_event where subject_kind = 'article'")).await, 0);
    let real = run(&city, &options()).await;
    assert_eq!(Report { dry_run: false, ..dry }, real, "it foretells the real run");
    city.stage.settle().await;
    city.stage.done().await;
}
