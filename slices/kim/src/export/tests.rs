use stage::Engine;

use crate::register::Status;
use crate::scene::{self, ELSEWHERE, WARD};

#[both::both]
async fn the_register_is_taken_out_as_it_is_filtered_and_for_whom(engine: Engine) {
    let stage = scene::open(engine).await;
    let riak = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    scene::kim(&stage, "kim-tidur", "62.71.02.1001", Status::Dormant).await;
    scene::kim(&stage, "kim-draf", WARD, Status::Draft).await;
    scene::kim(&stage, "kim-jauh", ELSEWHERE, Status::Verified).await;
    let mut rina = scene::officer(&stage, riak).await;
    let fields = [
        ("nama", "=KIM Riak"),
        ("alamat_halaman", "kim-riak"),
        ("tentang", "@kami"),
        ("tema", "usaha"),
        ("telepon", "081234567890"),
        ("surel", "kim@contoh.id"),
        ("tampil_surel", "1"),
    ];
    rina.post("/meja/kim/kim-riak/profil", &fields).await.expect(303);
    let mut visitor = stage.client();
    let names = |text: &str| -> Vec<String> {
        text.lines().skip(1).map(|line| line.split(';').next().unwrap_or_default().to_owned()).collect()
    };
    let csv = visitor.get("/kim/ekspor/kim.csv").await.expect(200);
    assert!(csv.header("content-disposition").contains("kim.csv"));
    let text = csv.text();
    assert!(text.starts_with("\u{feff}Nama KIM;Nomor KIM;Kode wilayah;"), "{text}");
    assert_eq!(names(&text), ["'=KIM Riak", "KIM Jauh", "KIM Tidur"]);
    // What the group publishes goes to everyone, the rest to no visitor.
    assert!(text.contains("kim@contoh.id") && text.contains("'@kami") && !text.contains("81234567890"), "{text}");
    for (query, expected) in [
        ("wilayah=62.71", vec!["'=KIM Riak", "KIM Tidur"]),
        ("status=dormant", vec!["KIM Tidur"]),
        ("tema=usaha", vec!["'=KIM Riak"]),
        ("q=jauh", vec!["KIM Jauh"]),
    ] {
        assert_eq!(names(&visitor.get(&format!("/kim/ekspor/kim.csv?{query}")).await.expect(200).text()), expected, "{query}");
    }
    visitor.get("/kim/ekspor/kim.csv?wilayah=99.99").await.expect(404);
    visitor.get("/kim/ekspor/lain.csv").await.expect(404);
    visitor.get("/kim/ekspor/kim.pdf").await.expect(404);
    // The list itself leads to the file with the same filter.
    let page = visitor.get("/kim?wilayah=62.71&tema=usaha").await.expect(200);
    assert_eq!(page.attribute("a[href*='kim.csv']", "href").as_deref(), Some("/kim/ekspor/kim.csv?wilayah=62.71&tema=usaha"));

    // Overseers: drafts and contacts of their own region only.
    let mut sari = scene::verifier(&stage, "62.71").await;
    let book = sari.get("/bina/ekspor/register-kim.xlsx").await.expect(200);
    let sheet = crate::bulk::read_back(&book.body).remove(0);
    let column = |name: &str| sheet[0].iter().position(|head| head == name).expect("a column");
    let listed: Vec<&str> = sheet[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(listed, ["'=KIM Riak", "KIM Draf", "KIM Tidur"]);
    assert_eq!(sheet[1][column("Nomor HP")], "'+6281234567890");
    assert_eq!(sheet[2][column("Status")], "Draf");
    let narrow = sari.get("/bina/ekspor/register-kim.csv?wilayah=62.71.02").await.expect(200).text();
    assert_eq!(names(&narrow), ["KIM Tidur"]);
    assert_eq!(names(&sari.get("/bina/ekspor/register-kim.csv?wilayah=63").await.expect(200).text()), Vec::<String>::new());
    assert_eq!(names(&sari.get("/bina/ekspor/register-kim.csv?wilayah=62").await.expect(200).text()).len(), 3);
    rina.get("/bina/ekspor/register-kim.csv").await.expect(403);
    // An overseer who takes the public file sees contacts of their region in it, and of no other.
    assert!(sari.get("/kim/ekspor/kim.csv").await.text().contains("'+6281234567890"));
    assert!(!scene::verifier(&stage, "63").await.get("/kim/ekspor/kim.csv").await.text().contains("81234567890"));
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_roster_is_for_its_officers_and_overseers(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let other = scene::kim(&stage, "kim-lain", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let fields = [("nama", "-Ani"), ("jabatan", "secretary"), ("bidang", "+Tulis"), ("mulai", "2024-01-02"), ("lahir", "1990")];
    rina.post("/meja/kim/kim-riak/anggota/baru", &fields).await.expect(303);
    let path = "/meja/kim/kim-riak/anggota/ekspor/anggota.csv";
    let text = rina.get(path).await.expect(200).text();
    assert_eq!(text, "\u{feff}Nama lengkap;Jabatan;Bidang atau seksi;Mulai bergabung\n'-Ani;Sekretaris;'+Tulis;2024-01-02\n");
    scene::verifier(&stage, "62.71").await.get(path).await.expect(200);
    for mut refused in [
        scene::member(&stage, id).await,
        scene::officer(&stage, other).await,
        scene::verifier(&stage, "63").await,
        scene::person(&stage, "Warga", &[]).await.1,
    ] {
        refused.get(path).await.expect(403);
    }
    stage.client().get(path).await.expect(303);
    // What was taken out comes back in.
    let back = rina.post_files("/meja/kim/kim-lain/impor", &[], &[("berkas", "a.csv", text.as_bytes())]).await;
    back.expect(403);
    let mut lain = scene::officer(&stage, other).await;
    let back = lain.post_files("/meja/kim/kim-lain/impor", &[], &[("berkas", "a.csv", text.as_bytes())]).await.expect(303);
    assert!(lain.follow(back).await.main().contains("1 Baris siap"));
    stage.settle().await;
    stage.done().await;
}
