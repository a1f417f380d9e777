//! Files made to harm, addresses in use, and what is refused before anything is written.
use both::both;
use stage::Engine;

use super::tests::{fixture, options, run, written};
use super::words::micros;
use super::*;
use crate::testing::City;

/// An export with some items, written into the folder of the stage.
fn export(city: &City, head: &str, items: &str) -> Options {
    let file = city.stage.folder().join("export.xml");
    let text = format!(
        "<?xml version=\"1.0\"?>{head}<rss><channel><title>Situs</title><wp:wxr_version>1.2</wp:wxr_version>\
         <wp:base_blog_url>https://www.lama.example/warta</wp:base_blog_url><language>en-US</language>{items}</channel></rss>"
    );
    std::fs::write(&file, text).expect("a file");
    Options { file, media: None, ..options() }
}

fn post(id: i64, title: &str, slug: &str, content: &str, more: &str) -> String {
    format!(
        "<item><title>{title}</title><link>https://www.lama.example/warta/{slug}/</link><content:encoded><![CDATA[{content}]]></content:encoded>\
         <wp:post_id>{id}</wp:post_id><wp:post_date>2020-01-02 03:04:05</wp:post_date><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>\
         <wp:post_name>{slug}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{more}</item>"
    )
}

#[both]
async fn hostile_files_do_no_harm(engine: Engine) {
    let city = City::open(engine).await;
    let secret = city.stage.folder().join("rahasia.jpg");
    std::fs::copy(fixture().join("media/wp-content/uploads/2024/03/Kerja-Bakti-01.jpg"), &secret).expect("a copy");
    let media = city.stage.folder().join("media");
    std::fs::create_dir_all(media.join("uploads")).expect("a folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, media.join("uploads/tautan.jpg")).expect("a link");
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>";
    let attachment = |id: i64, file: &str| {
        format!(
            "<item><wp:post_id>{id}</wp:post_id><wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>\
             <wp:postmeta><wp:meta_key>_wp_attached_file</wp:meta_key><wp:meta_value>{file}</wp:meta_value></wp:postmeta></item>"
        )
    };
    let large = "kata ".repeat(super::parse::MOST_TEXT / 5 + 10);
    let items = [
        attachment(1, "../../rahasia.jpg"),
        attachment(2, "tautan.jpg"),
        attachment(3, "/etc/passwd.jpg"),
        attachment(4, "surat.pdf"),
        attachment(5, "sepi.jpg"),
        post(
            10,
            "&b;&f;",
            "satu",
            "<p>&b; &f; dua tiga</p><img class=\"wp-image-1\"><img class=\"wp-image-2\"><img class=\"wp-image-3\">",
            "",
        ),
        post(10, "Lagi", "lagi", "kata", ""),
        post(11, "Besar", "besar", &large, ""),
        post(12, "Kosong", "kosong", "[form id=\"1\"]", ""),
        post(0, "Tanpa nomor", "nol", "kata", ""),
        post(13, "Sama", "satu", "kata \u{1}kata", ""),
        post(14, "Rahasia", "sandi", "kata", "<wp:post_password>x</wp:post_password>"),
        post(15, "Aneh", "aneh", "kata", "<wp:status>acf-disabled</wp:status>"),
        post(16, "Besok", "besok", "kata", "<wp:post_date_gmt>2099-01-01 00:00:00</wp:post_date_gmt>"),
        post(17, "Beda kind", "beda", "kata", "<wp:post_type>produk</wp:post_type>"),
    ];
    let options = Options { media: Some(media), ..export(&city, bomb, &items.concat()) };
    let report = run(&city, &options).await;
    let left: Vec<(i64, Reason)> = report.skipped.iter().map(|skipped| (skipped.id, skipped.reason)).collect();
    assert_eq!(
        left,
        [
            (0, Reason::Number),
            (1, Reason::MissingFile),
            (2, Reason::MissingFile),
            (3, Reason::MissingFile),
            (4, Reason::NotPicture),
            (5, Reason::Unused),
            (10, Reason::Number),
            (11, Reason::TooLarge),
            (12, Reason::Empty),
            (14, Reason::Password),
            (15, Reason::Status),
            (16, Reason::Scheduled),
            (17, Reason::CustomType),
        ]
    );
    let (rows, photos, redirects) = written(&city).await;
    assert_eq!(photos.len(), 0);
    assert_eq!(rows.keys().copied().collect::<Vec<_>>(), [10, 13]);
    assert_eq!((rows[&10].title.as_str(), rows[&10].lang.as_str()), ("&b;&f;", "en"));
    assert_eq!(rows[&10].source_key, "wp:lama.example:10");
    assert!(!rows[&10].body.contains("aaaaaaaaaaaa") && !rows[&10].body.contains("root:"), "{}", rows[&10].body);
    assert_eq!((rows[&13].slug.as_str(), rows[&13].body.as_str()), ("satu-2", "<p>kata kata</p>"));
    assert_eq!(rows[&13].published_at, micros("2020-01-02 03:04:05").expect("a time"), "local time when there is no other");
    assert!(
        redirects.contains(&("/warta/satu".into(), "satu".into())) && redirects.contains(&("/?p=13".into(), "satu-2".into())),
        "{redirects:?}"
    );
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn an_address_in_use_stays_where_it_is(engine: Engine) {
    let city = City::open(engine).await;
    let mut sari = city.member("Sari").await;
    crate::testing::draft(&mut sari, "Pagi di Pasar Terapung Kecil").await;
    let mine = export(
        &city,
        "",
        &[
            post(1, "A", "pagi-di-pasar-terapung-kecil", "satu dua", ""),
            post(2, "B", "b", "<a href=\"/warta/pagi-di-pasar-terapung-kecil/\">x</a> y", ""),
        ]
        .concat(),
    );
    run(&city, &mine).await;
    let (rows, _, _) = written(&city).await;
    assert_eq!(rows[&1].slug, "pagi-di-pasar-terapung-kecil-2");
    assert!(rows[&2].body.contains("<a href=\"/kabar/pagi-di-pasar-terapung-kecil-2\">x</a>"), "{}", rows[&2].body);
    city.stage.settle().await;
    city.stage.done().await;
}

#[both]
async fn what_cannot_work_is_refused_at_once(engine: Engine) {
    let city = City::open(engine).await;
    kim::testing::in_status(&city.stage.kit, "kim-baru", "62.71.01.1006", kim::Status::Draft).await;
    let said = async |options: Options| {
        let error = import(&city.stage.kit, &options, &|_, _| {}).await.expect_err("a refusal");
        format!("{error:#}")
    };
    assert!(said(Options { kim: "tiada".into(), ..options() }).await.contains("no KIM"));
    assert!(said(Options { kim: "kim-baru".into(), ..options() }).await.contains("not verified"));
    assert!(said(Options { file: "/tiada.xml".into(), ..options() }).await.contains("opening /tiada.xml"));
    assert!(said(Options { media: Some("/tiada".into()), ..options() }).await.contains("media folder"));
    let file = city.stage.folder().join("x.xml");
    for (text, why) in [
        ("", "not a WordPress export"),
        ("Kata saja", "not a WordPress export"),
        ("<rss><channel><item></item></channel></rss>", "not a WordPress export"),
        ("<rss><channel><link>https://a.example</link><wp:wxr_version>1.2</wp:wxr_version><item><title>a", "cut short"),
        (
            "<rss><channel><link>https://a.example</link><wp:wxr_version>1.2</wp:wxr_version><item><title",
            "the XML breaks near byte",
        ),
        (
            "<rss><channel><wp:wxr_version>1.2</wp:wxr_version><item><title>a</title></item></channel></rss>",
            "address of its site",
        ),
    ] {
        std::fs::write(&file, text).expect("a file");
        let error = said(Options { file: file.clone(), ..options() }).await;
        assert!(error.contains(why), "{text}: {error}");
    }
    let bare = run(&city, &Options { media: None, ..options() }).await;
    assert_eq!((bare.imported, bare.pictures), (18, 0));
    assert!(bare.warnings[0].text.contains("no media folder"), "{bare}");
    city.stage.settle().await;
    city.stage.done().await;
}
