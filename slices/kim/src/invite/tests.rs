//! Inviting, through the router: from the officer's page to the roster.
use base::authz::{Role, Scope};
use base::clock::{DAY, HOUR, MINUTE};
use people::roles::{EDITOR, MEMBER, OFFICER, VERIFIER};
use stage::{Answer, Client, Engine, Stage};

use crate::register::Status;
use crate::scene::{self, WARD};

const DESK: &str = "/meja/kim/kim-riak/undangan";

/// The path of the link that the page of a new invitation shows.
pub(crate) fn link(answer: Answer) -> String {
    let page = answer.expect(200).main();
    let link = page.split_whitespace().find(|word| word.starts_with("http://simpul.test/gabung/")).expect("a link");
    link.trim_start_matches("http://simpul.test").to_owned()
}

/// Follows a link: its secret goes from the address into a cookie.
async fn follow(client: &mut Client, link: &str) -> Answer {
    let moved = client.get(link).await.expect(303);
    assert_eq!(moved.location(), "/gabung");
    assert!(moved.header("set-cookie").contains("__Host-undangan=") && moved.header("set-cookie").contains("Max-Age=1800"));
    client.follow(moved).await
}

async fn register(client: &mut Client, name: &str, login: &str) {
    let fields = [("nama", name), ("masuk", login), ("sandi", "tiga kata acak")];
    let done = client.post("/gabung/daftar", &fields).await.expect(303);
    assert_eq!(done.location(), "/gabung");
}

async fn holds(stage: &Stage, role: Role, group: i64) -> Vec<i64> {
    let mut conn = stage.read().await;
    people::grant::owners(&mut conn, role, &Scope::Group(group), stage.kit.clock.now()).await.expect("owners")
}

#[both::both]
async fn one_person_comes_in_by_a_link(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    assert!(rina.get(DESK).await.expect(200).main().contains("Belum ada undangan."));
    let page = rina.post(DESK, &[("peran", "raja"), ("untuk", "semua"), ("catatan", &"x".repeat(81))]).await.expect(422).main();
    for problem in ["Pilih salah satu peran.", "Pilih untuk satu orang atau banyak orang.", "80 huruf"] {
        assert!(page.contains(problem), "{problem}: {page}");
    }
    let made = rina.post(DESK, &[("peran", "member"), ("untuk", "satu"), ("catatan", "relawan posko")]).await.expect(200);
    assert_eq!(made.count(".poster svg"), 1);
    let whatsapp = made.attribute("a[href^='https://wa.me/']", "href").expect("a link");
    assert!(whatsapp.contains("KIM%20Riak") && whatsapp.contains("%2Fgabung%2F"), "{whatsapp}");
    let link = link(made);
    assert!(!rina.get(DESK).await.text().contains(link.trim_start_matches("/gabung/")), "the link is shown once");

    // The invited person sees who invites them to what, registers, and can do nothing but finish.
    let mut budi = stage.client();
    assert!(budi.get("/gabung").await.expect(200).main().contains("Undangannya tidak ada di sini"));
    let page = follow(&mut budi, &link).await.expect(200).main();
    for words in ["KIM Riak", "Rina Pengurus mengundang Anda", "Anggota KIM", "Daftar dan bergabung"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    budi.get("/gabung/daftar").await.expect(200);
    let bad = budi.post("/gabung/daftar", &[("nama", "Budi"), ("masuk", "budi"), ("sandi", "pendek")]).await.expect(422);
    assert_eq!(bad.attribute("#f-nama", "value").as_deref(), Some("Budi"), "what was typed stays");
    register(&mut budi, "Budi Warga", "budi-warga").await;
    assert_eq!(budi.get("/meja").await.expect(303).location(), "/gabung");
    assert_eq!(budi.post("/kim/baru", &[("nama", "KIM Baru")]).await.expect(303).location(), "/gabung");
    assert!(budi.get("/akun").await.expect(200).main().contains("belum selesai bergabung"));
    budi.get("/kim").await.expect(200);
    assert!(holds(&stage, MEMBER, id).await.is_empty());
    // Logging in again leads to the same place, without the cookie.
    budi.post("/keluar", &[]).await.expect(303);
    let mut budi = stage.client();
    budi.post("/masuk", &[("masuk", "budi-warga"), ("sandi", "tiga kata acak")]).await.expect(303);
    let page = budi.get("/gabung").await.expect(200).main();
    assert!(page.contains("Anda masuk sebagai Budi Warga") && page.contains("Terima undangan"), "{page}");
    assert_eq!(budi.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303).location(), "/meja");
    stage.settle().await;
    budi.get("/meja/kim/kim-riak").await.expect(200);
    assert_eq!(holds(&stage, MEMBER, id).await.len(), 1);
    let roster = rina.get("/meja/kim/kim-riak/anggota").await.expect(200);
    assert!(roster.main().contains("Budi Warga"), "{}", roster.main());
    assert!(rina.get("/meja").await.main().contains("Undangan Anda ke KIM Riak sudah diterima"));
    let list = rina.get(DESK).await.expect(200).main();
    assert!(list.contains("relawan posko") && list.contains("Sudah dipakai") && list.contains("Budi Warga: Diterima"), "{list}");

    // It works once, and not for who made it.
    let mut other = stage.client();
    assert!(follow(&mut other, &link).await.main().contains("sudah dipakai"));
    other.get("/gabung/daftar").await.expect(303);
    other.post("/gabung/daftar", &[("nama", "X"), ("masuk", "orang-lain"), ("sandi", "tiga kata acak")]).await.expect(303);
    assert_eq!(people::account::count(&mut stage.read().await).await.expect("a count"), 2, "nobody registers by a used link");
    let (_, mut known) = scene::person(&stage, "Kenalan", &[]).await;
    follow(&mut known, &link).await.expect(200);
    known.post("/gabung/terima", &[("dewasa", "1")]).await.expect(409);
    let own = self::link(rina.post(DESK, &[("peran", "editor"), ("untuk", "satu")]).await);
    assert!(follow(&mut rina, &own).await.main().contains("buatan Anda sendiri"));
    rina.post("/gabung/terima", &[("dewasa", "1")]).await.expect(409);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn an_entry_of_the_roster_gets_its_account(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let roster = "/meja/kim/kim-riak/anggota";
    for (name, office) in [("Cici Warga", "secretary"), ("Dodo Warga", "member")] {
        let fields = [("nama", name), ("jabatan", office), ("mulai", "2026-01-05"), ("tampil", "1"), ("lahir", "1990")];
        rina.post(&format!("{roster}/baru"), &fields).await.expect(303);
    }
    let page = rina.get(&format!("{DESK}?anggota=1")).await.expect(200);
    assert!(page.main().contains("Untuk Cici Warga") && page.count("input[name=peran]") == 1);
    assert_eq!(page.attribute("input[name=peran]", "value").as_deref(), Some("officer"), "the role follows the office");
    let fields = |role: &'static str, whom: &'static str| [("peran", role), ("untuk", "satu"), ("anggota", whom)];
    rina.post(DESK, &fields("member", "1")).await.expect(422);
    rina.post(DESK, &fields("officer", "2")).await.expect(422);
    rina.post(DESK, &[("peran", "officer"), ("untuk", "banyak"), ("anggota", "1")]).await.expect(422);
    rina.post(DESK, &fields("officer", "99")).await.expect(409);
    rina.post(DESK, &fields("officer", "satu")).await.expect(404);
    let link = link(rina.post(DESK, &fields("officer", "1")).await);
    let (cici, mut client) = scene::person(&stage, "Cici di Simpul", &[]).await;
    follow(&mut client, &link).await.expect(200);
    client.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    stage.settle().await;
    stage.settle().await;
    assert!(holds(&stage, OFFICER, id).await.contains(&cici));
    let page = rina.get(roster).await.expect(200);
    assert_eq!(page.count("tbody tr"), 2, "nobody stands there twice");
    assert!(page.main().contains("Cici Warga") && !page.main().contains("Cici di Simpul"));
    assert!(rina.get(&format!("{roster}/1")).await.expect(200).main().contains("Sudah tersambung ke akunnya"));
    rina.post(DESK, &fields("officer", "1")).await.expect(409);
    // Hearing it all again changes nothing that people have changed since.
    rina.post(&format!("{roster}/1/keluar"), &[("keluar", "2026-11-24")]).await.expect(303);
    stage.app.rebuild_listeners().await.expect("rebuilt");
    assert_eq!(rina.get(roster).await.count("tbody tr"), 1);
    stage.done().await;
}

#[both::both]
async fn a_poster_lets_people_ask(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let other = scene::kim(&stage, "kim-lain", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let mut foreign = scene::officer(&stage, other).await;
    let link = link(rina.post(DESK, &[("peran", "member"), ("untuk", "banyak")]).await);
    let (known, mut dodo) = scene::person(&stage, "Dodo", &[]).await;
    follow(&mut dodo, &link).await.expect(200);
    assert_eq!(dodo.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303).location(), "/gabung");
    assert!(dodo.get("/gabung").await.expect(200).main().contains("Menunggu pengurus"));
    dodo.get("/meja/kim/kim-riak").await.expect(403);
    dodo.get("/meja").await.expect(200);
    // Several may ask, with a new account too.
    let mut eka = stage.client();
    follow(&mut eka, &link).await.expect(200);
    register(&mut eka, "Eka", "eka-warga").await;
    eka.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    assert_eq!(eka.get("/meja").await.expect(303).location(), "/gabung", "asking is not being in");
    let mut fani = stage.client();
    follow(&mut fani, &link).await.expect(200);
    register(&mut fani, "Fani", "fani-warga").await;
    fani.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    stage.settle().await;
    let desk = rina.get("/meja").await.expect(200).main();
    assert!(desk.contains("3 orang ingin bergabung") && desk.contains("Ada yang ingin bergabung dengan KIM Riak"), "{desk}");

    let person = |join: i64, verb: &str| format!("{DESK}/orang/{join}/{verb}");
    foreign.post(&person(1, "terima"), &[]).await.expect(403);
    foreign.post(&person(1, "terima").replace("kim-riak", "kim-lain"), &[]).await.expect(404);
    dodo.post(&person(1, "terima"), &[]).await.expect(403);
    assert!(rina.get(DESK).await.expect(200).main().contains("3 orang menunggu Anda"));
    rina.post(&person(1, "terima"), &[]).await.expect(303);
    rina.post(&person(1, "terima"), &[]).await.expect(404);
    rina.post(&person(2, "tolak"), &[]).await.expect(303);
    stage.settle().await;
    assert_eq!(holds(&stage, MEMBER, id).await, [known]);
    assert!(rina.get("/meja/kim/kim-riak/anggota").await.main().contains("Dodo"));
    assert!(dodo.get("/meja").await.main().contains("Anda kini bergabung dengan KIM Riak"));
    // Refused: a plain resident, who cannot ask again by the same link.
    assert!(eka.get("/meja").await.expect(200).main().contains("tidak diterima"));
    eka.get("/meja/kim/kim-riak").await.expect(403);
    assert!(follow(&mut eka, &link).await.main().contains("tidak menerima permintaan Anda"));
    eka.post("/gabung/terima", &[("dewasa", "1")]).await.expect(409);
    // Giving up by oneself: a plain resident too, who may come back.
    let third = rina.get(DESK).await.attribute("form[action$='/terima']", "action").expect("Fani waits");
    fani.post("/gabung/batal", &[]).await.expect(303);
    fani.get("/meja").await.expect(200);
    rina.post(&third, &[]).await.expect(404);
    follow(&mut fani, &link).await.expect(200);
    fani.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    rina.post(&third, &[]).await.expect(303);
    stage.settle().await;
    assert_eq!(holds(&stage, MEMBER, id).await.len(), 2);
    stage.done().await;
}

#[both::both]
async fn an_invitation_ends(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let (officer, mut rina) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(id))]).await;
    let _second = scene::officer(&stage, id).await;
    let (_, mut guest) = scene::person(&stage, "Tamu", &[]).await;
    let make = [("peran", "editor"), ("untuk", "satu")];
    let revoked = link(rina.post(DESK, &make).await);
    rina.post(&format!("{DESK}/1/cabut"), &[]).await.expect(303);
    rina.post(&format!("{DESK}/1/cabut"), &[]).await.expect(404);
    assert!(follow(&mut guest, &revoked).await.main().contains("sudah dicabut"));
    guest.post("/gabung/terima", &[("dewasa", "1")]).await.expect(409);
    let late = link(rina.post(DESK, &make).await);
    let lapsed = link(rina.post(DESK, &[("peran", "editor"), ("untuk", "satu"), ("catatan", "nanti")]).await);
    // An account made for it that never got in goes on as a resident's.
    let mut eka = stage.client();
    follow(&mut eka, &late).await.expect(200);
    register(&mut eka, "Eka", "eka-warga").await;
    stage.kit.clock.advance(15 * DAY - HOUR);
    eka.post("/masuk", &[("masuk", "eka-warga"), ("sandi", "tiga kata acak")]).await.expect(303);
    let page = eka.get("/gabung").await.expect(200).main();
    assert!(page.contains("sudah tidak berlaku") && page.contains("Lanjut sebagai warga"), "{page}");
    eka.post("/gabung/terima", &[("dewasa", "1")]).await.expect(409);
    eka.post("/gabung/batal", &[]).await.expect(303);
    eka.get("/meja").await.expect(200);
    stage.kit.clock.advance(-(15 * DAY - HOUR));

    // Whoever invited must still keep the place: else the next officer invites.
    let mut tx = stage.write().await;
    people::grant::end(&mut tx, officer, OFFICER, &Scope::Group(id), stage.kit.clock.now()).await.expect("ended");
    tx.commit().await.expect("committed");
    assert!(follow(&mut guest, &lapsed).await.main().contains("sudah tidak mengurus tempat ini"));
    guest.post("/gabung/terima", &[("dewasa", "1")]).await.expect(409);
    assert_eq!(holds(&stage, EDITOR, id).await.len(), 1, "the second officer alone");
    // A link of nobody's is no invitation, and the cookie is gone after half an hour in a browser.
    let mut lost = stage.client();
    lost.get("/gabung/abcdefghijkmnpqrstuvwxyz23456789").await.expect(303);
    assert!(lost.get("/gabung").await.expect(200).main().contains("tidak ada di sini"));
    lost.get("/gabung/pendek").await.expect(303);
    stage.kit.clock.advance(MINUTE);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_lock_does_not_let_anyone_in(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let mut boss = scene::operator(&stage).await;
    let link = link(rina.post(DESK, &[("peran", "member"), ("untuk", "banyak")]).await);
    let mut eka = stage.client();
    follow(&mut eka, &link).await.expect(200);
    register(&mut eka, "Eka", "eka-warga").await;
    eka.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    let account = people::account::find_by_login(&mut stage.read().await, "eka-warga").await.expect("read").expect("there");
    let page = boss.get(&format!("/kelola/akun/{account}")).await.expect(200).main();
    assert!(page.contains("Belum selesai bergabung") && page.contains("Kunci akun ini"), "{page}");
    for _ in 0..2 {
        boss.post(&format!("/kelola/akun/{account}/kunci"), &[]).await.expect(303);
    }
    eka.post("/masuk", &[("masuk", "eka-warga"), ("sandi", "tiga kata acak")]).await.expect(303);
    assert_eq!(eka.get("/meja").await.expect(303).location(), "/gabung", "opened, and still outside");
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn the_operator_invites_officials(engine: Engine) {
    let stage = scene::open(engine).await;
    let mut boss = scene::operator(&stage).await;
    let path = "/kelola/undangan";
    let page = boss.post(path, &[("peran", "member"), ("wilayah_q", "Tidak Ada")]).await.expect(422).main();
    assert!(page.contains("Pilih salah satu peran.") && page.contains("Pilih wilayahnya."), "{page}");
    let fields = [("peran", "verifier"), ("wilayah", "62.71"), ("wilayah_q", ""), ("catatan", "pengganti Bu Sari")];
    let link = link(boss.post(path, &fields).await);
    let spare = self::link(boss.post(path, &fields).await);
    let (id, mut sari) = scene::person(&stage, "Sari", &[]).await;
    let page = follow(&mut sari, &link).await.expect(200).main();
    assert!(page.contains("Palangka Raya") && page.contains("Pemeriksa wilayah"), "{page}");
    sari.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    stage.settle().await;
    sari.get("/bina").await.expect(200);
    let mut conn = stage.read().await;
    let owners = people::grant::owners(&mut conn, VERIFIER, &Scope::Region("62.71".into()), stage.kit.clock.now()).await;
    assert_eq!(owners.expect("owners"), [id]);
    drop(conn);
    let list = boss.get(path).await.expect(200);
    assert!(list.main().contains("pengganti Bu Sari") && list.main().contains("Sari: Diterima"), "{}", list.main());
    boss.post("/kelola/undangan/2/cabut", &[]).await.expect(303);
    boss.post("/kelola/undangan/2/cabut", &[]).await.expect(404);
    assert!(follow(&mut stage.client(), &spare).await.main().contains("sudah dicabut"));
    // An invitation of a KIM is not the operator's list's to revoke.
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, group).await;
    rina.post(DESK, &[("peran", "member"), ("untuk", "satu")]).await.expect(200);
    boss.post("/kelola/undangan/3/cabut", &[]).await.expect(404);
    sari.get(path).await.expect(403);
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn the_operator_names_a_kim_by_its_address(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let second = scene::kim(&stage, "kim-riak-hulu", WARD, Status::Active).await;
    let mut boss = scene::operator(&stage).await;
    let (account, _) = scene::person(&stage, "Budi", &[]).await;
    let give = format!("/kelola/akun/{account}/hak");
    let page = boss.post(&give, &[("peran", "officer"), ("kim", "kim tidak ada")]).await.expect(422);
    assert!(page.main().contains("Tidak ada KIM dengan alamat atau nama itu"), "{}", page.main());
    assert_eq!(page.attribute("#f-kim", "value").as_deref(), Some("kim tidak ada"));
    let page = boss.post(&give, &[("peran", "officer"), ("kim", "KIM Riak")]).await.expect(422);
    assert!(page.main().contains("Pilih salah satu di bawah") && page.count("input[name=pilih]") == 2, "{}", page.main());
    boss.post(&give, &[("peran", "officer"), ("kim", "KIM Riak"), ("pilih", "kim-riak-hulu")]).await.expect(303);
    boss.post(&give, &[("peran", "officer"), ("kim", "http://simpul.test/kim/kim-riak")]).await.expect(303);
    boss.post(&give, &[("peran", "editor"), ("kim", "kim riak hulu")]).await.expect(303);
    assert_eq!((holds(&stage, OFFICER, id).await, holds(&stage, OFFICER, second).await), (vec![account], vec![account]));
    assert_eq!(holds(&stage, EDITOR, second).await, [account]);
    assert!(boss.get(&format!("/kelola/akun/{account}")).await.main().contains("KIM Riak Hulu"));
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_stand_in_invites_members_only(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let (budi, mut deputy) = scene::person(&stage, "Budi", &[(MEMBER, Scope::Group(id))]).await;
    let tempat = format!("kim-{id}");
    let whom = budi.to_string();
    let fields = [("tempat", tempat.as_str()), ("pengganti", &whom), ("mulai", "2026-11-24"), ("sampai", "2026-11-30")];
    rina.post("/akun/pengganti", &fields).await.expect(303);
    let page = deputy.get(DESK).await.expect(200);
    assert!(page.main().contains("Anda sedang menggantikan pengurus") && page.count("input[name=peran]") == 1);
    deputy.post(DESK, &[("peran", "officer"), ("untuk", "satu")]).await.expect(422);
    deputy.post(DESK, &[("peran", "editor"), ("untuk", "satu")]).await.expect(422);
    deputy.post(DESK, &[("peran", "member"), ("untuk", "satu")]).await.expect(200);
    // Who waits by the officer's poster for a role with rights is not a stand-in's to let in.
    let link = link(rina.post(DESK, &[("peran", "editor"), ("untuk", "banyak")]).await);
    let (_, mut guest) = scene::person(&stage, "Tamu", &[]).await;
    follow(&mut guest, &link).await.expect(200);
    guest.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    deputy.post(&format!("{DESK}/orang/1/terima"), &[]).await.expect(403);
    // Nor does the roster make a stand-in, or anyone else, an officer.
    let roster = "/meja/kim/kim-riak/anggota";
    deputy.get(&format!("{roster}/baru")).await.expect(200);
    deputy.post(&format!("{roster}/baru"), &[("nama", "Eka"), ("jabatan", "member"), ("mulai", "2026-01-05")]).await.expect(303);
    deputy.post("/meja/kim/kim-riak/serah-terima", &[("dari", "1"), ("ke", &whom)]).await.expect(403);
    assert_eq!(holds(&stage, OFFICER, id).await.len(), 1);
    stage.settle().await;
    stage.done().await;
}
