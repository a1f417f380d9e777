use stage::Engine;

use super::Status;
use super::rules::*;
use crate::scene::{self, ELSEWHERE, WARD};

#[test]
fn addresses_come_from_names() {
    assert_eq!(slug_of("KIM Riak Seberang"), "kim-riak-seberang");
    assert_eq!(slug_of("  Café -- «Huma» Betang’s 2 "), "cafe-huma-betangs-2");
    assert_eq!(slug_of("ꦏꦶꦩ꧀"), "kim");
    assert_eq!(slug_of("Baru"), "kim-baru");
    assert_eq!(slug_of("KM"), "kim-km");
    assert!(is_slug(&slug_of(&"panjang ".repeat(40))));
    for bad in ["", "ab", "-abc", "abc-", "a--b", "Abc", "a b", "baru", &"x".repeat(61)] {
        assert!(!is_slug(bad), "{bad}");
    }
    assert!(is_slug("abc") && is_slug(&"x".repeat(60)));
}

#[test]
fn a_subtree_is_a_range_of_codes() {
    let (from, to) = subtree("62.71");
    let holds = |code: &str| from.as_str() <= code && code < to.as_str();
    assert!(holds("62.71") && holds("62.71.01.1001"));
    assert!(!holds("62.7") && !holds("62.72") && !holds("62.710") && !holds("62"));
    let (from, to) = subtree("");
    assert!(from.as_str() <= "11" && "96.71.09.2999" < to.as_str());
    assert_eq!(codes_above("62.71.01"), ["62.71.01", "62.71", "62"]);
    assert_eq!(outermost(&["62.71".into(), "62".into(), "63".into(), "62".into()]), ["62", "63"]);
}

#[test]
fn a_group_lacks_what_policy_and_readers_need() {
    let size = Size { least: 3, most: 8 };
    let whole = Facts {
        about: true,
        members: 3,
        chair: true,
        secretary: true,
        decree: true,
        decree_expired: false,
        signer_differs: false,
        contact: true,
    };
    assert!(lacks(&whole, size).is_empty());
    assert!(lacks(&Facts { members: 8, ..whole }, size).is_empty());
    assert_eq!(lacks(&Facts { members: 2, ..whole }, size), [Lack::Few(3)]);
    assert_eq!(lacks(&Facts { members: 9, ..whole }, size), [Lack::Many(8)]);
    assert_eq!(lacks(&Facts { chair: false, decree: false, ..whole }, size), [Lack::Chair, Lack::Decree]);
    assert_eq!(lacks(&Facts { signer_differs: true, ..whole }, size), [Lack::Signer]);
    assert!(!Lack::Signer.blocks() && Lack::Signer.is_policy());
    assert!(!Lack::Decree.blocks() && Lack::Decree.is_policy() && Lack::Chair.blocks());
}

#[test]
fn themes_are_known_ones_in_order() {
    let sent = ["lingkungan".to_owned(), "usaha".to_owned(), "lain,aneh".to_owned()];
    assert_eq!(join_themes(&sent), ",usaha,lingkungan,");
    assert_eq!(join_themes(&[]), ",");
    assert!(theme_key("usaha").is_some() && theme_key("lain").is_none());
}

const NEW: &[(&str, &str)] =
    &[("nama", "KIM  Riak Seberang"), ("wilayah", WARD), ("wilayah_q", ""), ("jabatan", "chair"), ("lahir", "1990")];

#[both::both]
async fn from_registration_to_verification_and_on(engine: Engine) {
    let stage = scene::open(engine).await;
    let (founder, mut rina) = scene::person(&stage, "Rina", &[]).await;
    let (_, mut stranger) = scene::person(&stage, "Orang Lain", &[]).await;
    let mut sari = scene::verifier(&stage, "62.71").await;
    let mut far = scene::verifier(&stage, "63").await;

    rina.get("/kim/baru").await.expect(200);
    let answer = rina.post("/kim/baru", NEW).await.expect(303);
    assert_eq!(answer.location(), "/meja/kim/kim-riak-seberang");
    let page = rina.follow(answer).await.expect(200).main();
    assert!(
        page.contains("hal lagi sebelum mengajukan") && page.contains("Belum ada sekretaris")
            || page.contains("Anggota belum cukup"),
        "{page}"
    );
    // Nobody else knows of a draft.
    stranger.get("/kim/kim-riak-seberang").await.expect(404);
    stranger.get("/meja/kim/kim-riak-seberang").await.expect(403);
    stage.client().get("/kim/kim-riak-seberang").await.expect(404);
    stage.client().get("/api/v1/kim/kim-riak-seberang").await.expect(404);
    rina.get("/kim/kim-riak-seberang").await.expect(200);
    assert!(rina.get("/meja").await.main().contains("Lengkapi pendaftaran KIM Riak Seberang"));

    // Too early.
    let refused = rina.post("/meja/kim/kim-riak-seberang/ajukan", &[]).await.expect(422);
    assert!(refused.main().contains("hal wajib belum ada"), "{}", refused.main());
    // Complete it.
    for (name, office) in [("Budi", "secretary"), ("Citra", "member")] {
        let fields = [("nama", name), ("jabatan", office), ("mulai", "2026-11-01"), ("lahir", "1990")];
        rina.post("/meja/kim/kim-riak-seberang/anggota/baru", &fields).await.expect(303);
    }
    let profile = [("nama", "KIM Riak Seberang"), ("alamat_halaman", "kim-riak-seberang"), ("tentang", "Warga tepi Kahayan.")];
    rina.post("/meja/kim/kim-riak-seberang/profil", &profile).await.expect(303);
    let check = rina.get("/meja/kim/kim-riak-seberang/ajukan").await.expect(200).main();
    assert!(check.contains("SK belum ada") && check.contains("paling lama 7 hari"), "{check}");
    // Only its officers submit.
    sari.post("/meja/kim/kim-riak-seberang/ajukan", &[]).await.expect(403);
    let first = rina.post_with_key("/meja/kim/kim-riak-seberang/ajukan", "kunci-ajukan-1", &[]).await.expect(303);
    let again = rina.post_with_key("/meja/kim/kim-riak-seberang/ajukan", "kunci-ajukan-1", &[]).await.expect(303);
    assert_eq!(first.location(), again.location());
    rina.post("/meja/kim/kim-riak-seberang/ajukan", &[]).await.expect(409);
    stage.settle().await;

    // The overseer of the region finds it; another region's does not know of it.
    assert!(sari.get("/meja").await.main().contains("KIM Riak Seberang menunggu pemeriksaan Anda"));
    let desk = sari.get("/bina").await.expect(200).main();
    assert!(desk.contains("Satu KIM menunggu") && desk.contains("Sisa 7 hari"), "{desk}");
    assert!(far.get("/bina").await.expect(200).main().contains("Tidak ada yang menunggu"));
    far.get("/bina/kim/kim-riak-seberang").await.expect(404);
    far.post("/bina/kim/kim-riak-seberang/verifikasi", &[("nomor", "KIM-1"), ("tetap", "1")]).await.expect(404);
    rina.get("/bina/kim/kim-riak-seberang").await.expect(403);
    rina.post("/bina/kim/kim-riak-seberang/verifikasi", &[("nomor", "KIM-1")]).await.expect(403);

    // Given back with a reason, submitted again.
    sari.post("/bina/kim/kim-riak-seberang/kembalikan", &[("alasan", " ")]).await.expect(422);
    let long = "a".repeat(501);
    sari.post("/bina/kim/kim-riak-seberang/kembalikan", &[("alasan", &long)]).await.expect(422);
    sari.post("/bina/kim/kim-riak-seberang/kembalikan", &[("alasan", "Tambah nomor HP ketua.")]).await.expect(303);
    stage.settle().await;
    assert!(rina.get("/meja/kim/kim-riak-seberang").await.main().contains("Tambah nomor HP ketua."));
    assert!(rina.get("/meja").await.main().contains("Tambah nomor HP ketua."));
    rina.post("/meja/kim/kim-riak-seberang/ajukan", &[]).await.expect(303);

    // Verified despite the missing decree, only with the tick.
    let page = sari.get("/bina/kim/kim-riak-seberang").await.expect(200).main();
    assert!(page.contains("SK belum ada") && page.contains("Tetap verifikasi"), "{page}");
    sari.post("/bina/kim/kim-riak-seberang/verifikasi", &[("nomor", ""), ("tetap", "1")]).await.expect(422);
    let refused = sari.post("/bina/kim/kim-riak-seberang/verifikasi", &[("nomor", "KIM-0217")]).await.expect(422);
    assert!(refused.main().contains("Centang bila tetap memverifikasi"));
    sari.post("/bina/kim/kim-riak-seberang/aktifkan", &[]).await.expect(409);
    sari.post("/bina/kim/kim-riak-seberang/verifikasi", &[("nomor", "KIM-0217"), ("tetap", "1")]).await.expect(303);
    stage.settle().await;
    let page = stage.client().get("/kim/kim-riak-seberang").await.expect(200).main();
    assert!(page.contains("Terverifikasi") && page.contains("KIM-0217") && page.contains("Kota Palangka Raya"), "{page}");
    assert!(!page.contains("Rina") && !page.contains("Budi"), "names show only by choice: {page}");

    // And on: active, asleep, active again, dissolved.
    sari.post("/bina/kim/kim-riak-seberang/tolak", &[("alasan", "x")]).await.expect(409);
    sari.post("/bina/kim/kim-riak-seberang/aktifkan", &[]).await.expect(303);
    assert!(sari.get("/bina/kim/kim-riak-seberang").await.expect(200).main().contains("Istirahatkan"));
    sari.post("/bina/kim/kim-riak-seberang/istirahatkan", &[("alasan", "")]).await.expect(422);
    sari.post("/bina/kim/kim-riak-seberang/istirahatkan", &[("alasan", "Enam bulan tanpa kabar.")]).await.expect(303);
    assert!(sari.get("/bina").await.main().contains("Sedang istirahat"));
    assert!(sari.get("/bina/kim/kim-riak-seberang").await.main().contains("Aktifkan lagi"));
    sari.post("/bina/kim/kim-riak-seberang/aktifkan", &[]).await.expect(422);
    sari.post("/bina/kim/kim-riak-seberang/aktifkan", &[("alasan", "Kembali menulis.")]).await.expect(303);
    sari.post("/bina/kim/kim-riak-seberang/bubarkan", &[("alasan", "")]).await.expect(422);
    sari.post("/bina/kim/kim-riak-seberang/bubarkan", &[("alasan", "Anggota sepakat bubar.")]).await.expect(303);
    sari.post("/bina/kim/kim-riak-seberang/bubarkan", &[("alasan", "Lagi.")]).await.expect(409);
    stage.settle().await;
    let page = stage.client().get("/kim/kim-riak-seberang").await.expect(200).main();
    assert!(page.contains("arsip"), "{page}");
    let past = stage.client().get("/kim/kim-riak-seberang/riwayat").await.expect(200).main();
    assert!(past.contains("Diverifikasi") && past.contains("Dibubarkan") && !past.contains("sepakat"), "{past}");
    assert!(!past.contains("Dikembalikan") && !past.contains("Sari"), "{past}");
    rina.get("/meja/kim/kim-riak-seberang").await.expect(200);
    rina.post("/meja/kim/kim-riak-seberang/profil", &profile).await.expect(409);
    rina.get("/meja/kim/kim-riak-seberang/anggota/baru").await.expect(409);
    let mut conn = stage.read().await;
    let kinds: Vec<String> = base::events::about(&mut conn, "kim", 1)
        .await
        .expect("events")
        .into_iter()
        .map(|event| event.kind)
        .filter(|kind| kind.starts_with("kim.group.") && kind != "kim.group.changed")
        .collect();
    let verbs: Vec<&str> = kinds.iter().map(|kind| kind.trim_start_matches("kim.group.")).collect();
    assert_eq!(
        verbs,
        ["created", "submitted", "returned", "submitted", "verified", "activated", "rested", "revived", "dissolved"]
    );
    let holders = people::grant::holders(&mut conn, people::roles::EDITOR, &base::authz::Scope::Group(1), stage.kit.clock.now());
    assert_eq!(holders.await.expect("holders"), [founder]);
    drop(conn);
    stage.done().await;
}

#[both::both]
async fn registration_says_what_is_wrong(engine: Engine) {
    let stage = scene::open(engine).await;
    stage.client().get("/kim/baru").await.expect(303);
    let (_, mut rina) = scene::person(&stage, "Rina", &[]).await;
    let page = rina.post("/kim/baru", &[]).await.expect(422);
    for problem in ["Tulis nama KIM", "Pilih desa atau kelurahan", "Pilih jabatan"] {
        assert!(page.main().contains(problem), "{problem}: {}", page.main());
    }
    let long = "n".repeat(81);
    let page = rina.post("/kim/baru", &[("nama", &long), ("wilayah", "62.71"), ("jabatan", "member")]).await.expect(422).main();
    assert!(page.contains("Paling banyak 80 huruf") && page.contains("Pilih sampai desa"), "{page}");
    // A name that fits several places, without script.
    let page = rina.post("/kim/baru", &[("nama", "KIM A"), ("wilayah_q", "Pahandut"), ("jabatan", "chair")]).await.expect(422);
    assert!(page.main().contains("Pilih yang benar") && page.count("input[type=radio][name=wilayah]") > 1, "{}", page.main());
    rina.post("/kim/baru", &[("nama", "KIM A"), ("wilayah_q", "Pahandut Seberang"), ("jabatan", "chair"), ("lahir", "1990")])
        .await
        .expect(303);
    // The same name gets another address; the fourth unfinished one is refused.
    let second = rina
        .post("/kim/baru", &[("nama", "KIM A"), ("wilayah", WARD), ("jabatan", "chair"), ("lahir", "1990")])
        .await
        .expect(303);
    assert_eq!(second.location(), "/meja/kim/kim-a-2");
    let key = "kunci-yang-sama";
    let fields = [("nama", "KIM B"), ("wilayah", WARD), ("jabatan", "secretary"), ("lahir", "1990")];
    rina.post_with_key("/kim/baru", key, &fields).await.expect(303);
    rina.post_with_key("/kim/baru", key, &fields).await.expect(303);
    let mut conn = stage.read().await;
    assert_eq!(crate::register::store::drafts_of(&mut conn, 1).await.expect("a count"), 3, "the same form acts once");
    drop(conn);
    assert!(
        rina.post("/kim/baru", &[("nama", "KIM C"), ("wilayah", WARD), ("jabatan", "chair"), ("lahir", "1990")])
            .await
            .expect(422)
            .main()
            .contains("tiga pendaftaran")
    );
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_renamed_group_is_found_under_its_old_address(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-lama", WARD, Status::Active).await;
    scene::kim(&stage, "kim-lain", WARD, Status::Active).await;
    let draft = scene::kim(&stage, "kim-draf", WARD, Status::Draft).await;
    let mut rina = scene::officer(&stage, id).await;
    let name = [("nama", "KIM Lama"), ("tentang", "Kami.")];
    let with = |slug: &'static str| [name[0], name[1], ("alamat_halaman", slug)];
    for (slug, problem) in [("kim-lain", "sudah dipakai KIM lain"), ("A b", "huruf kecil"), ("baru", "huruf kecil")] {
        let page = rina.post("/meja/kim/kim-lama/profil", &with(slug)).await.expect(422);
        assert!(page.main().contains(problem), "{slug}: {}", page.main());
    }
    rina.post("/meja/kim/kim-lama/profil", &with("kim-anyar")).await.expect(303);
    stage.settle().await;
    let moved = stage.client().get("/kim/kim-lama").await;
    assert!(moved.status.is_redirection());
    assert_eq!(moved.location(), "/kim/kim-anyar");
    assert_eq!(stage.client().get("/kim/kim-lama/riwayat").await.location(), "/kim/kim-anyar/riwayat");
    assert_eq!(stage.client().get("/api/v1/kim/kim-lama").await.expect(200).json()["slug"], "kim-anyar");
    // The old address stays taken for others, and free for the group itself.
    let mut other = scene::officer(&stage, draft).await;
    let fields = [("nama", "KIM Draf"), ("alamat_halaman", "kim-lama")];
    other.post("/meja/kim/kim-draf/profil", &fields).await.expect(422);
    rina.post("/meja/kim/kim-anyar/profil", &with("kim-lama")).await.expect(303);
    stage.client().get("/kim/kim-lama").await.expect(200);
    assert_eq!(stage.client().get("/kim/kim-anyar").await.location(), "/kim/kim-lama");
    // A moved draft does not betray itself.
    other.post("/meja/kim/kim-draf/profil", &[("nama", "KIM Draf"), ("alamat_halaman", "kim-draf-2")]).await.expect(303);
    stage.client().get("/kim/kim-draf").await.expect(404);
    assert_eq!(other.get("/kim/kim-draf").await.location(), "/kim/kim-draf-2");
    stage.done().await;
}

#[both::both]
async fn the_profile_is_checked_and_contacts_stay_hidden_until_chosen(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let elsewhere = scene::kim(&stage, "kim-jauh", ELSEWHERE, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let mut other = scene::officer(&stage, elsewhere).await;
    let mut budi = scene::member(&stage, id).await;
    other.get("/meja/kim/kim-riak/profil").await.expect(403);
    budi.get("/meja/kim/kim-riak/profil").await.expect(403);
    assert!(budi.get("/meja/kim/kim-riak").await.expect(200).main().contains("Hanya pengurus"));
    stage.client().get("/meja/kim/kim-riak/profil").await.expect(303);

    let about = "a".repeat(601);
    let bad = [
        ("nama", ""),
        ("alamat_halaman", "kim-riak"),
        ("tentang", about.as_str()),
        ("berdiri", "2030-01-01"),
        ("telepon", "12"),
        ("surel", "bukan"),
        ("tampil_alamat", "1"),
        ("tema", "usaha"),
        ("tema", "budaya"),
        ("tema", "pemuda"),
        ("tema", "kesehatan"),
        ("tema", "bencana"),
    ];
    let page = rina.post("/meja/kim/kim-riak/profil", &bad).await.expect(422).main();
    for problem in [
        "Tulis nama KIM",
        "Paling banyak 600 huruf",
        "tanggal yang sudah lewat",
        "nomor HP lengkap",
        "email lengkap",
        "alamat sebelum menampilkannya",
        "paling banyak empat bidang",
    ] {
        assert!(page.contains(problem), "{problem}: {page}");
    }
    let mut good = vec![
        ("nama", "KIM Riak"),
        ("alamat_halaman", "kim-riak"),
        ("tentang", "Warga <b>tepi</b> sungai."),
        ("berdiri", "2019-05-01"),
        ("telepon", "0812 3456 7890"),
        ("surel", "Riak@Contoh.id"),
        ("alamat", "Jalan Titian 3"),
        ("tema", "usaha"),
        ("tema", "budaya"),
    ];
    rina.post("/meja/kim/kim-riak/profil", &good).await.expect(303);
    stage.settle().await;
    let page = stage.client().get("/kim/kim-riak").await.expect(200);
    assert!(page.main().contains("Warga <b>tepi</b> sungai.") && page.main().contains("Usaha warga"));
    let api = stage.client().get("/api/v1/kim/kim-riak").await.expect(200).json();
    for secret in ["81234567890", "riak@contoh.id", "Jalan Titian"] {
        assert!(!page.text().contains(secret) && !api.to_string().contains(secret), "{secret}");
    }
    assert_eq!(api["themes"], serde_json::json!(["usaha", "budaya"]));
    assert_eq!(api["founded"], "2019-05-01");

    good.extend([("tampil_telepon", "1"), ("tampil_surel", "1"), ("tampil_alamat", "1")]);
    let picture = scene::png();
    let files = [("logo", "logo.png", picture.as_slice()), ("sampul", "s.png", picture.as_slice())];
    rina.post_files("/meja/kim/kim-riak/profil", &good, &files).await.expect(303);
    let bad = [("logo", "logo.svg", b"<svg onload=alert(1)>".as_slice())];
    assert!(rina.post_files("/meja/kim/kim-riak/profil", &good, &bad).await.expect(422).main().contains("tidak bisa kami baca"));
    stage.settle().await;
    let page = stage.client().get("/kim/kim-riak").await.expect(200);
    assert_eq!(page.attribute("a[href^='https://wa.me/']", "href").as_deref(), Some("https://wa.me/6281234567890"));
    assert!(page.main().contains("riak@contoh.id") && page.main().contains("Jalan Titian 3"));
    let logo = page.attribute("img.logo", "src").expect("a logo");
    stage.client().get(&logo).await.expect(200);
    let api = stage.client().get("/api/v1/kim/kim-riak").await.expect(200).json();
    assert_eq!(api["contact"]["phone"], "+6281234567890");
    let data = page.attribute("script[type='application/ld+json']", "nonce").expect("linked data");
    assert!(!data.is_empty() && page.text().contains("\\u003cb>tepi"));
    // Dropping the logo brings the emblem back.
    good.push(("hapus_logo", "1"));
    rina.post("/meja/kim/kim-riak/profil", &good).await.expect(303);
    stage.settle().await;
    let page = stage.client().get("/kim/kim-riak").await.expect(200);
    assert_eq!((page.count("img.logo"), page.count(".cover img"), page.count("svg.emblem--big")), (0, 1, 1));
    stage.done().await;
}
