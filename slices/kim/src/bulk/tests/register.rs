use base::search::Query;
use base::sql;
use people::roles::{FOSTERING, VERIFIER};
use stage::{Engine, Stage};

use super::{reasons, upload};
use crate::bulk::EXPIRE;
use crate::register::Status;
use crate::scene;

const FIXTURE: &[u8] = include_bytes!("../fixtures/kalteng.xlsx");

/// Kalimantan Tengah whole, and a ward elsewhere.
async fn province(engine: Engine) -> Stage {
    let stage = scene::open(engine).await;
    let whole = regions::import::edition(|code| base::authz::within(code, "62") || base::authz::within("63.71.01.1001", code));
    let mut tx = stage.write().await;
    regions::import::write(&mut tx, &whole.expect("regions"), stage.kit.clock.now(), &|_, _| {}).await.expect("written");
    tx.commit().await.expect("committed");
    stage
}

#[both::both]
async fn a_register_of_five_hundred_with_twenty_mistakes(engine: Engine) {
    let stage = province(engine).await;
    scene::kim(&stage, "kim-sudah-ada", "62.71.03.1002", Status::Active).await;
    let taken = scene::kim(&stage, "kim-lama", "62.71.04.1001", Status::Active).await;
    let mut tx = stage.write().await;
    tx.run(sql!("update kim_group set number = 'LAMA-1' where id = $1", taken)).await.expect("numbered");
    tx.commit().await.expect("committed");
    let mut sari = scene::verifier(&stage, "62").await;

    let path = upload(&mut sari, "/bina/impor", "Rekap KIM 2026.xlsx", FIXTURE).await;
    let page = sari.get(&path).await.expect(200);
    let main = page.main();
    assert!(main.contains("500 Baris siap") && main.contains("20 Baris ditolak"), "{main}");
    assert!(main.contains("Kolom ini tidak kami kenal dan kami lewati: Warna map."), "{main}");
    let expected = [
        "Nama KIM Tulis nama KIM.",
        "Nama KIM “KIM Panjang Panjang Panjang Panjang Panjang Panjang Panjang ” Terlalu panjang. Paling banyak 80 huruf.",
        "Desa atau kelurahan Tulis kode wilayah atau nama desa.",
        "Kode wilayah “62.71.01.1999” Kode 62.71.01.1999 tidak ada dalam daftar wilayah.",
        "Kode wilayah “62.71.01” Kode 62.71.01 bukan desa atau kelurahan. Tulis kode sampai desa.",
        "Kode wilayah “63.71.01.1001” Mantuil, Banjarmasin Selatan, Kota Banjarmasin di luar wilayah Anda.",
        "Desa atau kelurahan “Negeri Dongeng” Tidak ada desa atau kelurahan bernama “Negeri Dongeng”.",
        "Desa atau kelurahan “Sumber Makmur” Ada beberapa “Sumber Makmur”:",
        "Desa atau kelurahan “Menteng” Kode itu milik Langkai. Betulkan kode atau namanya.",
        "Nomor KIM “KT-0001” Nomor ini juga dipakai baris 4.",
        "Nomor KIM “LAMA-1” Nomor ini sudah dipakai KIM lain.",
        "Nama KIM “kim riak bersatu” Sama dengan baris 4. Hapus salah satunya.",
        "Nama KIM “KIM Sudah Ada” Desa ini sudah punya KIM Sudah Ada. Hapus baris ini bila KIM-nya sama.",
        "Tanggal berdiri “31/02/2020” “31/02/2020” bukan tanggal yang kami kenal. Tulis seperti 14/03/2021.",
        "Tanggal berdiri “2031-05-01” Tanggal “2031-05-01” belum lewat. Periksa tahunnya.",
        "Nomor HP “0536 3221234” “0536 3221234” bukan nomor HP. Tulis seperti 0812 3456 7890.",
        "Email “kim.contoh.id” “kim.contoh.id” bukan alamat email. Tulis seperti nama@contoh.id.",
        "Nama KIM “=” Sel ini berisi rumus atau diawali = + - @. Ganti dengan tulisan biasa.",
        "Bidang “Sulap” Bidang “sulap” tidak kami kenal. Pakai salah satu dari petunjuk.",
        "Nomor KIM Ini tampak seperti NIK warga. Kami tidak menyimpannya, jadi hapus dari berkas.",
    ];
    let found = reasons(&page);
    assert_eq!(found.len(), expected.len());
    for (i, ((line, text), wanted)) in found.iter().zip(expected).enumerate() {
        assert_eq!(*line, 29 + 26 * i as i64, "{text}");
        assert!(
            text.starts_with(wanted.split(" ”").next().unwrap_or(wanted))
                && text.ends_with(wanted.rsplit('”').next().unwrap_or("").trim())
                || text.starts_with(wanted),
            "{line}: {text}\n{wanted}"
        );
    }
    assert_eq!(sari.get(&format!("{path}?tampil=baik")).await.expect(200).count("tbody tr"), 50);
    // A citizen number is not kept, not even for a day.
    let mut conn = stage.read().await;
    let rows: Vec<(String,)> = conn.all(sql!("select cells from kim_import_row")).await.expect("rows");
    assert!(rows.iter().all(|row| !row.0.contains("6271010101010001")));
    drop(conn);

    let done = sari.post(&format!("{path}/masukkan"), &[("sebagai", "terverifikasi")]).await.expect(303);
    let text = sari.follow(done).await.expect(200).text();
    assert!(text.contains("500 baris masuk, 20 ditolak"), "{text}");
    sari.post(&format!("{path}/masukkan"), &[]).await.expect(409);
    let mut conn = stage.read().await;
    let verified =
        conn.int(sql!("select count(*) as n from kim_group where listing = 'unclaimed' and status = 'verified'")).await;
    assert_eq!(verified.expect("a count"), 500);
    // The good rows are gone at once, the others wait to be fetched.
    assert_eq!(conn.int(sql!("select count(*) as n from kim_import_row")).await.expect("a count"), 20);
    let one: (String, Option<i64>, String, String) = conn
        .one(sql!("select name, founded_at, contact_phone, themes from kim_group where number = 'KT-0003'"))
        .await
        .expect("a KIM");
    assert_eq!(one, ("KIM Huma Lestari".into(), None, "+6281300000003".into(), ",usaha,".into()));
    drop(conn);
    stage.settle().await;
    let api = stage.client().get("/api/v1/kim/kim-titian-maju").await.expect(200).json();
    assert_eq!((api["number"].as_str(), api["founded"].as_str()), (Some("KT-0002"), Some("2019-02-02")));
    assert_eq!(api["contact"]["phone"], serde_json::Value::Null, "nobody allowed it to be shown");

    let refused = sari.get(&format!("{path}/ditolak/ditolak.xlsx")).await.expect(200);
    let sheets = crate::bulk::read_back(&refused.body);
    assert_eq!((sheets[0].len(), sheets[0][0][15].as_str()), (21, "Alasan"));
    assert_eq!(sheets[0][4][15], "Kode wilayah: Kode 62.71.01.1999 tidak ada dalam daftar wilayah.");
    let csv = sari.get(&format!("{path}/ditolak/ditolak.csv")).await.expect(200);
    assert!(csv.text().contains("KIM Kode Salah;"));
    // What was turned down and mended comes in with the next upload: the file is its own template.
    // A citizen number was dropped from it, so that row is ready too.
    let mended = csv.text().replace("62.71.01.1999", "62.71.01.1002");
    let second = upload(&mut sari, "/bina/impor", "ditolak.csv", mended.as_bytes()).await;
    let main = sari.get(&second).await.expect(200).main();
    assert!(main.contains("2 Baris siap"), "{main}");
    stage.settle().await;
    stage.done().await;
}

/// Addresses that a search for "Satu" finds.
fn found(stage: &Stage) -> Vec<String> {
    let query = Query { text: "satu".into(), kinds: vec!["kim".into()], limit: 10, ..Query::default() };
    stage.kit.index.find(&query).expect("a search").items.into_iter().map(|hit| hit.slug).collect()
}

#[both::both]
async fn an_import_is_undone_whole_but_for_what_was_changed(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let csv = "Nama KIM;Kelurahan;Nomor KIM\nKIM Satu;Langkai;1\nKIM Dua;Langkai;2\nKIM Tiga;Menteng;\n";
    let path = upload(&mut sari, "/bina/impor", "tiga.csv", csv.as_bytes()).await;
    sari.post(&format!("{path}/masukkan"), &[("sebagai", "terverifikasi")]).await.expect(303);
    stage.settle().await;
    let mut visitor = stage.client();
    assert!(visitor.get("/kim/kim-satu").await.expect(200).main().contains("Terverifikasi"));
    // Without a number it is no verified one, but it stands in the register for all to see.
    visitor.get("/kim/kim-tiga").await.expect(200);
    assert!(sari.get("/bina/kim/kim-satu").await.expect(200).main().contains("Masuk lewat impor"));
    assert_eq!(found(&stage), ["kim-satu"]);

    // One of them changes: another overseer declares it active.
    let mut other = scene::verifier(&stage, "62").await;
    other.post("/bina/kim/kim-dua/aktifkan", &[]).await.expect(303);
    // Others of the region see the import and may undo it; from elsewhere it does not exist.
    scene::verifier(&stage, "63").await.get(&path).await.expect(404);
    let page = other.get(&path).await.expect(200).main();
    assert!(page.contains("Ini sudah diubah dan akan tetap ada: KIM Dua"), "{page}");
    let answer = other.post(&format!("{path}/batalkan"), &[]).await.expect(303);
    let page = other.follow(answer).await.expect(200).text();
    assert!(
        page.contains("2 baris dibatalkan, 1 tetap ada") && page.contains("jadi tetap ada:") && page.contains("<li>KIM Dua</li>"),
        "{page}"
    );
    other.post(&format!("{path}/batalkan"), &[]).await.expect(409);
    stage.settle().await;
    visitor.get("/kim/kim-satu").await.expect(404);
    visitor.get("/kim/kim-dua").await.expect(200);
    assert!(found(&stage).is_empty());
    // What was undone may come again.
    let again = upload(&mut sari, "/bina/impor", "tiga.csv", csv.as_bytes()).await;
    assert!(sari.get(&again).await.main().contains("Desa ini sudah punya KIM Dua"));
    stage.done().await;
}

#[both::both]
async fn only_a_verifier_of_the_region_brings_in_verified_ones(engine: Engine) {
    let stage = scene::open(engine).await;
    let csv = "nama,kode,nomor\nKIM Satu,62.71.01.1003,1\nKIM Dua,63.71.01.1001,2\n";
    let grants = [(VERIFIER, base::authz::Scope::Region("62.71".into())), (FOSTERING, base::authz::Scope::Region("63".into()))];
    let (_, mut both) = scene::person(&stage, "Dua Wilayah", &grants).await;
    let path = upload(&mut both, "/bina/impor", "dua.csv", csv.as_bytes()).await;
    both.post(&format!("{path}/masukkan"), &[("sebagai", "terverifikasi")]).await.expect(303);
    let mut conn = stage.read().await;
    let all: Vec<(String, String)> = conn.all(sql!("select name, status from kim_group order by id")).await.expect("KIM");
    assert_eq!(all, [("KIM Satu".into(), "verified".into()), ("KIM Dua".into(), "draft".into())]);
    drop(conn);
    // The choice is not even shown to those who only foster.
    let mut fosterer = scene::client(&stage, "Pembina", FOSTERING, base::authz::Scope::Region("62.71".into())).await;
    let csv = "nama,kode,nomor\nKIM Tiga,62.71.01.1003,3\n";
    let path = upload(&mut fosterer, "/bina/impor", "tiga.csv", csv.as_bytes()).await;
    assert_eq!(fosterer.get(&path).await.expect(200).count("input[name=sebagai]"), 0);
    fosterer.post(&format!("{path}/masukkan"), &[("sebagai", "terverifikasi")]).await.expect(303);
    let mut conn = stage.read().await;
    let drafts = conn.int(sql!("select count(*) as n from kim_group where name = 'KIM Tiga' and status = 'draft'")).await;
    assert_eq!(drafts.expect("a count"), 1);
    drop(conn);
    // A member of a KIM has no business here.
    let kim = scene::kim(&stage, "kim-lain", scene::WARD, Status::Active).await;
    scene::officer(&stage, kim).await.get("/bina/impor").await.expect(403);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn rows_wait_a_day_and_may_be_replaced_or_deleted(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let first = upload(&mut sari, "/bina/impor", "a.csv", b"nama;desa\nKIM A;Atlantis\n").await;
    sari.post(&format!("{first}/masukkan"), &[]).await.expect(409);
    let id = first.rsplit('/').next().expect("an id").to_owned();
    let sent = sari.post_files("/bina/impor", &[("ganti", &id)], &[("berkas", "b.csv", b"nama;desa\nKIM A;Langkai\n")]).await;
    let second = sent.expect(303).location().to_owned();
    sari.get(&first).await.expect(404);
    // Another's upload is nobody's business before it was carried out.
    scene::verifier(&stage, "62").await.get(&second).await.expect(404);
    sari.post(&format!("{second}/buang"), &[]).await.expect(303);
    sari.get(&second).await.expect(404);
    let third = upload(&mut sari, "/bina/impor", "c.csv", b"nama;desa\nKIM A;Langkai\n").await;
    stage.kit.clock.advance(base::clock::DAY);
    sari.get(&third).await.expect(410);
    sari.post(&format!("{third}/masukkan"), &[]).await.expect(410);
    let mut tx = stage.write().await;
    base::jobs::enqueue(&mut tx, EXPIRE, &serde_json::Value::Null, stage.kit.clock.now(), None).await.expect("a job");
    tx.commit().await.expect("committed");
    stage.settle().await;
    let mut conn = stage.read().await;
    assert_eq!(conn.int(sql!("select count(*) as n from kim_import_row")).await.expect("a count"), 0);
    drop(conn);
    sari.get(&third).await.expect(404);

    // Files that are none say so, and keep what they were to replace.
    for (name, bytes, words) in [
        ("x.pdf", &b"%PDF-1.7\0"[..], "tidak bisa kami baca"),
        ("x.csv", b"kolom;lain\n1;2\n", "Kolom nama tidak kami temukan"),
        ("x.xls", &[0xd0, 0xcf, 0x11, 0xe0], "bentuk Excel lama"),
        ("x.csv", b"", "Pilih berkasnya dulu"),
    ] {
        let page = sari.post_files("/bina/impor", &[("ganti", "7")], &[("berkas", name, bytes)]).await.expect(422);
        assert!(page.main().contains(words), "{words}: {}", page.main());
        assert_eq!(page.attribute("input[name=ganti]", "value").as_deref(), Some("7"));
    }
    let large = vec![b'x'; crate::bulk::FILE_MOST + 1];
    let page = sari.post_files("/bina/impor", &[], &[("berkas", "besar.csv", &large)]).await.expect(422);
    assert!(page.main().contains("lebih dari 5 MB"));
    stage.done().await;
}

#[both::both]
async fn templates_and_paper_are_there_to_fill_in(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let book = sari.get("/bina/impor/templat/templat-kim.xlsx").await.expect(200);
    assert!(book.header("content-disposition").contains("templat-kim.xlsx"));
    let sheets = crate::bulk::read_back(&book.body);
    assert_eq!((sheets.len(), sheets[0].len(), sheets[0][0].len()), (2, 1, 15));
    assert!(sheets[1].iter().any(|row| row[0] == "Kode wilayah" && row[1] == "Tidak"));
    assert!(sheets[1].iter().any(|row| row[0] == "Lingkungan"));
    let csv = sari.get("/bina/impor/templat/templat-kim.csv").await.expect(200).text();
    assert!(csv.starts_with("\u{feff}Nama KIM;Nomor KIM;Kode wilayah;"), "{csv}");
    sari.get("/bina/impor/templat/lain.csv").await.expect(404);
    sari.get("/bina/impor/templat/templat-kim.pdf").await.expect(404);
    let paper = sari.get("/bina/impor/formulir").await.expect(200);
    assert_eq!(paper.count("table.table--form"), 3);
    // Each column of a template is found again, in whatever language it was fetched.
    let filled = format!("{}KIM Uji;;62.71.01.1003;;;;;;;;;;;;\n", csv);
    let path = upload(&mut sari, "/bina/impor", "isi.csv", filled.as_bytes()).await;
    let main = sari.get(&path).await.main();
    assert!(main.contains("1 Baris siap") && !main.contains("tidak kami kenal"), "{main}");
    stage.done().await;
}

#[both::both]
async fn what_was_taken_meanwhile_is_turned_down(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let csv = "Nama KIM;Kelurahan;Nomor KIM\nKIM Satu;Langkai;1\nKIM Dua;Langkai;2\n";
    let path = upload(&mut sari, "/bina/impor", "dua.csv", csv.as_bytes()).await;
    let other = scene::kim(&stage, "kim-lain", scene::WARD, Status::Active).await;
    let mut tx = stage.write().await;
    tx.run(sql!("update kim_group set number = '2' where id = $1", other)).await.expect("numbered");
    tx.commit().await.expect("committed");

    let done = sari.post(&format!("{path}/masukkan"), &[("sebagai", "terverifikasi")]).await.expect(303);
    let text = sari.follow(done).await.expect(200).text();
    assert!(text.contains("1 baris masuk, 1 ditolak"), "{text}");
    let refused = sari.get(&format!("{path}/ditolak/ditolak.csv")).await.expect(200).text();
    assert!(
        refused.contains("KIM Dua;") && refused.contains("sudah dipakai KIM lain") && !refused.contains("KIM Satu;"),
        "{refused}"
    );
    stage.settle().await;
    stage.done().await;
}
