//! How much a form takes: each text up to its limit and not a letter more, and no body without end.
use both::both;
use stage::{Answer, Client, Engine};

use super::TABLE;
use super::fields::BODILESS;
use crate::world::{Account, Membership, Person, World, changes};

/// A text field: who sends the form, where to, what else it holds, the field and its most letters.
type Field = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str, usize);

const MEMBER: &[(&str, &str)] = &[("nama", "Ani"), ("jabatan", "member"), ("mulai", "2026-11-24")];
const STORY: &[(&str, &str)] = &[
    ("kim", "kim-sini"),
    ("title", "Panen"),
    ("lead", "Ringkasan."),
    ("body", "<p>Isi.</p>"),
    ("category", "kabar"),
    ("lang", "id"),
];
const PROFILE: &[(&str, &str)] = &[("nama", "KIM Sini"), ("alamat_halaman", "kim-sini")];
const DECREE: &[(&str, &str)] = &[("nomor", "1/2026"), ("tanggal", "2026-11-01"), ("penanda_tangan", "Lurah"), ("lain", "1")];
const PASSWORD: &str = "perahu hanyut ke hulu";

#[rustfmt::skip]
const FIELDS: &[Field] = &[
    ("nobody", "/daftar", &[("masuk", "warga-satu"), ("sandi", PASSWORD)], "nama", 80),
    ("nobody", "/daftar", &[("nama", "Warga"), ("sandi", PASSWORD)], "masuk", 40),
    ("nobody", "/daftar", &[("nama", "Warga"), ("masuk", "warga-dua")], "sandi", 200),
    ("resident", "/akun", &[], "nama", 80),
    ("editor", "/akun/token", &[], "token", 60),
    ("resident", "/akun/data/permohonan", &[("jenis", "correction")], "isi", 1_000),
    ("resident", "/kim/{slug}/klaim", &[("jabatan", "chair"), ("dewasa", "1")], "alasan", 500),
    ("officer", "/meja/kim/{slug}/undangan", &[("peran", "member"), ("untuk", "satu")], "catatan", 80),
    ("officer", "/meja/kim/{slug}/profil", PROFILE, "nama", 80),
    ("officer", "/meja/kim/{slug}/profil", PROFILE, "tentang", 600),
    ("officer", "/meja/kim/{slug}/profil", PROFILE, "alamat", 200),
    ("officer", "/meja/kim/{slug}/anggota/baru", MEMBER, "nama", 80),
    ("officer", "/meja/kim/{slug}/anggota/baru", MEMBER, "bidang", 60),
    ("officer", "/meja/kim/{slug}/anggota/baru", MEMBER, "keahlian_lain", 120),
    ("officer", "/meja/kim/{slug}/anggota/baru", MEMBER, "bahasa_lain", 120),
    ("officer", "/meja/kim/{slug}/sarana", &[("sinyal", "good")], "alat_lain", 200),
    ("officer", "/meja/kim/{slug}/sk", DECREE, "nomor", 80),
    ("officer", "/meja/kim/{slug}/sk", DECREE, "penanda_tangan", 120),
    ("member", "/meja/tulis", STORY, "title", 120),
    ("member", "/meja/tulis", STORY, "lead", 300),
    ("member", "/meja/tulis", STORY, "tags", 30),
    ("member", "/meja/tulisan/{id}/komentar", &[], "catatan", 2_000),
    ("editor", "/meja/tulisan/{id}/foto/{photo}", &[], "alt", 200),
    ("editor", "/meja/tulisan/{id}/foto/{photo}", &[], "caption", 300),
    ("editor", "/meja/tulisan/{id}/foto/{photo}", &[], "credit", 100),
    ("verifier", "/bina/klaim/{id}/tolak", &[], "alasan", 500),
    ("verifier", "/kelola/permohonan/{id}/jawab", &[("jawab", "tolak")], "alasan", 1_000),
    ("operator", "/kelola/undangan", &[("peran", "verifier"), ("wilayah", "62.71")], "catatan", 80),
    ("verifier", "/bina/kim/{slug}/istirahatkan", &[], "alasan", 500),
];

async fn send(client: &mut Client, path: &str, rest: &[(&str, &str)], field: &str, value: &str) -> Answer {
    let mut fields: Vec<(&str, &str)> = rest.iter().copied().filter(|(name, _)| *name != field).collect();
    fields.push((field, value));
    client.post(path, &fields).await
}

/// One letter more than a field takes is refused and leaves nothing behind; as many as it takes are kept.
#[both]
async fn fields_end_where_they_say(engine: Engine) {
    let world = World::open(engine).await;
    let mut wrong = Vec::new();
    for (n, (role, route, rest, field, most)) in FIELDS.iter().enumerate() {
        let (me, mut client) = world.enter(&Person::new(role, Account::Active, Membership::Holds)).await;
        let path = world.fill(route, me, |_| true).await;
        let what = format!("{field} of {path}");
        // Another letter each time, so that what is found was kept now.
        let letter = char::from(b"abcdefghijklmnopqrstuvwxyz"[n % 26]).to_string();
        let before = world.rows().await;
        let long = send(&mut client, &path, rest, field, &letter.repeat(most + 1)).await;
        if long.status.as_u16() != 422 {
            wrong.push(format!("{what} took {} letters: {}", most + 1, long.status));
        }
        let changed = changes(&before, &world.rows().await);
        if !changed.is_empty() {
            wrong.push(format!("{what} was too long and changed {changed:?}"));
        }
        let text = letter.repeat(*most);
        let fits = send(&mut client, &path, rest, field, &text).await;
        let kept = *field == "sandi" || world.rows().await.values().flatten().any(|row| row.contains(&text));
        if !matches!(fits.status.as_u16(), 200 | 303) || !kept {
            wrong.push(format!("{what} did not take {most} letters: {} {}", fits.status, fits.main()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
    world.stage.kit.db.close().await;
}

/// Ten megabytes where a form is expected are refused by every route, and nothing of them is kept.
#[both]
async fn a_body_of_ten_megabytes_is_refused(engine: Engine) {
    const MUCH: usize = 10 * 1024 * 1024;
    let world = World::open(engine).await;
    let (me, boss) = world.enter(&Person::new("operator", Account::Active, Membership::Holds)).await;
    let mut routes = Vec::new();
    for (_, route, _) in TABLE.iter().filter(|(method, path, _)| *method == "POST" && !BODILESS.contains(path)) {
        routes.push((*route, world.fill(route, me, |_| true).await));
    }
    let text = "a".repeat(MUCH);
    // A key as forms send it; what is refused does not use it up.
    let form = |field: &str| format!("_kunci=sepuluh-megabita&{field}={text}").into_bytes();
    let before = world.rows().await;
    let mut wrong = Vec::new();
    for (route, path) in &routes {
        let mut client = if matches!(*route, "/masuk" | "/daftar" | "/keluar") { world.stage.client() } else { boss.clone() };
        let script = route.starts_with("/api/") || route.ends_with("/kunci") || route.ends_with("/kunci/mulai");
        let (kind, body) = match script {
            true => ("application/json", format!("{{\"title\":\"{text}\"}}").into_bytes()),
            false => ("application/x-www-form-urlencoded", form("isi")),
        };
        let answer = client.send("POST", path, Some(kind), body).await;
        if !matches!(answer.status.as_u16(), 413 | 422) {
            wrong.push(format!("{route}: {}", answer.status));
        }
    }
    // Where photos and files come, the words beside them still have their end.
    for (path, field) in [("/meja/kim/kim-sini/profil", "tentang"), ("/meja/kim/kim-sini/sk", "nomor"), ("/meja/tulis", "body")] {
        let mut client = boss.clone();
        let alone = client.send("POST", path, Some("application/x-www-form-urlencoded"), form(field)).await;
        let parted = client.post_files(path, &[(field, &text)], &[]).await;
        for answer in [alone, parted] {
            if !matches!(answer.status.as_u16(), 413 | 422) {
                wrong.push(format!("{field} of {path}: {}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let changed = changes(&before, &world.rows().await);
    assert!(changed.is_empty(), "{changed:?}");
    world.stage.kit.db.close().await;
}
