//! The permission matrix: every route × role × status of the account × status of the membership × own
//! or other village, on both engines. A route that is not in the table fails the gate.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
#[path = "routes/bodies.rs"]
mod bodies;
#[path = "routes/fields.rs"]
mod fields;
#[path = "routes/limits.rs"]
mod limits;
#[path = "routes/mixing.rs"]
mod mixing;
#[path = "routes/names.rs"]
mod names;
#[path = "routes/reading.rs"]
mod reading;
#[path = "routes/visible.rs"]
mod visible;
mod world;

use both::both;
use stage::Engine;
use world::{Account, Membership, World, knock, opened, persons};

/// What someone may do who has not finished joining, besides reading what is public: finish, look
/// after their own account, leave. Nothing else opens, whatever they hold by mistake.
const JOINING: &[(&str, &str)] = &[
    ("POST", "/keluar"),
    ("GET", "/akun"),
    ("GET", "/akun/persetujuan"),
    ("POST", "/akun/persetujuan"),
    ("GET", "/akun/data"),
    ("GET", "/akun/data/salinan"),
    ("POST", "/akun/data/salinan"),
    ("GET", "/akun/data/permohonan"),
    ("POST", "/akun/data/permohonan"),
    ("POST", "/akun/data/permohonan/{id}/batal"),
    ("POST", "/akun/data/buka"),
    ("GET", "/akun/email"),
    ("POST", "/akun/email"),
    ("POST", "/akun/email/ulang"),
    ("POST", "/akun/email/ganti"),
    ("POST", "/akun"),
    ("POST", "/akun/sandi"),
    ("POST", "/gabung/daftar"),
    ("POST", "/gabung/terima"),
    ("POST", "/gabung/batal"),
    ("POST", "/wilayah/pilih"),
];

// Whom the doors know. "Other" ones hold the same role over another KIM or region; "lent" ones stand in
// for somebody who holds it here.
#[rustfmt::skip]
const ANYONE: &[&str] = &[
    "nobody", "token", "resident", "member", "other member", "officer", "lent officer", "other officer", "editor",
    "other editor", "verifier", "lent verifier", "other verifier", "fostering", "other fostering", "agency",
    "other agency", "operator",
];
#[rustfmt::skip]
const SIGNED_IN: &[&str] = &[
    "resident", "member", "other member", "officer", "lent officer", "other officer", "editor", "other editor",
    "verifier", "lent verifier", "other verifier", "fostering", "other fostering", "agency", "other agency", "operator",
];
/// Everyone with an account, and programs that act for one.
#[rustfmt::skip]
const CALLERS: &[&str] = &[
    "token", "resident", "member", "other member", "officer", "lent officer", "other officer", "editor",
    "other editor", "verifier", "lent verifier", "other verifier", "fostering", "other fostering", "agency",
    "other agency", "operator",
];
const BOSS: &[&str] = &["operator"];
const OVERSEERS: &[&str] = &["verifier", "lent verifier", "other verifier", "fostering", "other fostering", "operator"];
const OVER_IT: &[&str] = &["verifier", "lent verifier", "fostering", "operator"];
/// Who does what a stand-in may not: it gives or moves rights that last.
const OVER_IT_SELF: &[&str] = &["verifier", "fostering", "operator"];
/// Who reaches above the city of the village.
const ABOVE_IT: &[&str] = &["fostering", "operator"];
const INSIDERS: &[&str] = &["member", "officer", "lent officer", "editor", "operator"];
const KEEPERS: &[&str] = &["officer", "lent officer", "operator"];
/// As [`OVER_IT_SELF`], within the KIM.
const KEEPERS_SELF: &[&str] = &["officer", "operator"];
const DECREE: &[&str] = &["officer", "lent officer", "verifier", "lent verifier", "fostering", "operator"];
/// As [`OVER_IT_SELF`], for both sides.
const DECREE_SELF: &[&str] = &["officer", "verifier", "fostering", "operator"];
#[rustfmt::skip]
const AT_DESK: &[&str] = &[
    "member", "other member", "officer", "lent officer", "other officer", "editor", "other editor", "verifier",
    "lent verifier", "other verifier", "fostering", "other fostering", "operator",
];
#[rustfmt::skip]
const WRITERS: &[&str] = &[
    "member", "other member", "officer", "lent officer", "other officer", "editor", "other editor", "operator",
];
/// Who may open a draft of the KIM: its people, and the operator.
const READERS: &[&str] = &["member", "officer", "lent officer", "editor", "operator"];
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
    ("GET", "/akun/email", SIGNED_IN),
    ("POST", "/akun/email", SIGNED_IN),
    ("POST", "/akun/email/ulang", SIGNED_IN),
    ("POST", "/akun/email/ganti", SIGNED_IN),
    ("POST", "/kelola/akun/{id}/email", BOSS),
    ("POST", "/kelola/akun/{id}/faktor", BOSS),
    ("POST", "/kelola/akun/{id}/slip", BOSS),
    ("GET", "/akun", SIGNED_IN),
    ("POST", "/akun", SIGNED_IN),
    ("POST", "/akun/sandi", SIGNED_IN),
    ("POST", "/akun/token", &["editor", "other editor", "operator"]),
    ("POST", "/akun/token/{id}/cabut", SIGNED_IN),
    ("GET", "/gabung", ANYONE),
    ("GET", "/gabung/{rahasia}", ANYONE),
    ("GET", "/gabung/daftar", ANYONE),
    ("POST", "/gabung/daftar", ANYONE),
    ("POST", "/gabung/terima", SIGNED_IN),
    ("POST", "/gabung/batal", SIGNED_IN),
    ("GET", "/akun/serah-terima", SIGNED_IN),
    ("POST", "/akun/serah-terima", &[]),
    ("GET", "/akun/serah-terima/{id}", OVER_IT),
    ("POST", "/akun/serah-terima/{id}/setuju", ABOVE_IT),
    ("POST", "/akun/serah-terima/{id}/tolak", ABOVE_IT),
    ("POST", "/akun/serah-terima/{id}/batal", SIGNED_IN),
    ("GET", "/akun/pengganti", SIGNED_IN),
    ("POST", "/akun/pengganti", SIGNED_IN),
    ("POST", "/akun/pengganti/{id}/akhiri", SIGNED_IN),
    ("GET", "/meja/kim/{slug}/undangan", KEEPERS),
    ("POST", "/meja/kim/{slug}/undangan", KEEPERS),
    ("POST", "/meja/kim/{slug}/undangan/{id}/cabut", KEEPERS),
    ("POST", "/meja/kim/{slug}/undangan/orang/{id}/terima", KEEPERS),
    ("POST", "/meja/kim/{slug}/undangan/orang/{id}/tolak", KEEPERS),
    ("GET", "/meja/kim/{slug}/serah-terima", DECREE_SELF),
    ("POST", "/meja/kim/{slug}/serah-terima", DECREE_SELF),
    ("GET", "/bina/tanpa-pengurus", OVERSEERS),
    ("POST", "/bina/kim/{slug}/undang-pengurus", OVER_IT_SELF),
    ("GET", "/bina/kim/{slug}/slip", OVER_IT_SELF),
    ("POST", "/bina/kim/{slug}/slip/{id}", OVER_IT_SELF),
    ("GET", "/kelola/undangan", BOSS),
    ("POST", "/kelola/undangan", BOSS),
    ("POST", "/kelola/undangan/{id}/cabut", BOSS),
    ("GET", "/akun/persetujuan", SIGNED_IN),
    ("POST", "/akun/persetujuan", SIGNED_IN),
    ("GET", "/akun/data", SIGNED_IN),
    ("GET", "/akun/data/salinan", SIGNED_IN),
    ("POST", "/akun/data/salinan", SIGNED_IN),
    ("GET", "/akun/data/permohonan", SIGNED_IN),
    ("POST", "/akun/data/permohonan", SIGNED_IN),
    ("POST", "/akun/data/permohonan/{id}/batal", SIGNED_IN),
    ("POST", "/akun/data/buka", SIGNED_IN),
    ("GET", "/kelola/permohonan", OVERSEERS),
    ("GET", "/kelola/permohonan/{id}", OVER_IT),
    ("POST", "/kelola/permohonan/{id}/jawab", OVER_IT),
    ("GET", "/kelola/audit", OVERSEERS),
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
    ("GET", "/api/v1/regions/{code}/policies", ANYONE),
    ("GET", "/kim", ANYONE),
    ("GET", "/kim/baru", SIGNED_IN),
    ("POST", "/kim/baru", SIGNED_IN),
    ("GET", "/kim/{slug}", ANYONE),
    ("GET", "/kim/{slug}/riwayat", ANYONE),
    ("GET", "/api/v1/kim", ANYONE),
    ("GET", "/api/v1/kim/{slug}", ANYONE),
    ("GET", "/api/v1/kim/{slug}/history", ANYONE),
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
    ("POST", "/meja/kim/{slug}/jabatan/{id}/serah", KEEPERS_SELF),
    ("GET", "/meja/kim/{slug}/sarana", KEEPERS),
    ("POST", "/meja/kim/{slug}/sarana", KEEPERS),
    ("GET", "/meja/kim/{slug}/masih-aktif", KEEPERS),
    ("POST", "/meja/kim/{slug}/masih-aktif", KEEPERS),
    ("GET", "/meja/kim/{slug}/sk", KEEPERS),
    ("POST", "/meja/kim/{slug}/sk", KEEPERS),
    ("GET", "/meja/kim/{slug}/sk/berkas/{id}", DECREE),
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
    ("GET", "/meja/kim/{slug}/anggota/ekspor/{file}", DECREE),
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
    ("GET", "/bina/impor/{id}", OVER_IT),
    ("GET", "/bina/impor/{id}/ditolak/{file}", OVER_IT),
    ("POST", "/bina/impor/{id}/masukkan", OVER_IT),
    ("POST", "/bina/impor/{id}/buang", OVER_IT),
    ("POST", "/bina/impor/{id}/batalkan", OVER_IT),
    ("GET", "/bina/ekspor/{file}", OVERSEERS),
    ("GET", "/bina/klaim", OVERSEERS),
    ("POST", "/bina/klaim/{id}/terima", OVER_IT_SELF),
    ("POST", "/bina/klaim/{id}/tolak", OVER_IT),
    ("GET", "/bina/ganda", OVERSEERS),
    ("GET", "/bina/ganda/{one}/{two}", OVER_IT),
    ("POST", "/bina/ganda/{one}/{two}/gabung", OVER_IT_SELF),
    ("POST", "/bina/ganda/{one}/{two}/beda", OVER_IT),
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
    ("POST", "/api/v1/articles", CALLERS),
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
    ("GET", "/api/v1/categories", ANYONE),
    ("GET", "/api/v1/search", ANYONE),
    ("GET", "/api/openapi.json", ANYONE),
    ("GET", "/{*lama}", ANYONE),
];

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
    let world = World::guarded(engine).await;
    let mut wrong = Vec::new();
    for person in persons() {
        let who = person.acts_as();
        let (id, signed_in) = world.enter(&person).await;
        // Who is nobody, or an ordinary resident, is asked at the doors that are not open to all.
        let shut = matches!(person.membership, Membership::Ended | Membership::Expired | Membership::Withheld);
        let plain = person.account != Account::Active || shut;
        for (method, path, allowed) in TABLE {
            if plain && person.account != Account::Joining && *allowed == ANYONE {
                continue;
            }
            if person.account == Account::Joining {
                // An act before may have let them out.
                people::testing::joining(&world.stage.kit, id).await;
            }
            // Logging in, out or on is for strangers; it must not touch the next line.
            if matches!(*path, "/keluar" | "/masuk" | "/daftar") && *method == "POST" && who != "nobody" {
                continue;
            }
            let mut client = signed_in.clone();
            let filled = world.fill(path, id, |_| true).await;
            let answer = knock(&mut client, method, path, &filled).await;
            let opened = opened(&answer, &filled);
            let should = match who.as_str() {
                // Where the route is public, reading it stays so; the rest is shut or listed above.
                "joining" if *method == "GET" && *allowed == ANYONE => true,
                "joining" => JOINING.contains(&(method, path)),
                who => allowed.contains(&who),
            };
            if opened.is_some_and(|opened| opened != should) {
                let word = if opened == Some(true) { "opened" } else { "shut" };
                wrong.push(format!("{method} {path} {word} for {}: {} {}", person.name(), answer.status, answer.location()));
            }
            assert!(answer.status.as_u16() < 500, "{method} {filled} as {}: {}", person.name(), answer.main());
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
}
