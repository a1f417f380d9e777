//! Whom the register names, and how it forgets.
use base::authz::Scope;
use base::clock::DAY;
use people::consent::{self, NAME, PHONE};
use people::roles::{EDITOR, OFFICER, OPERATOR};
use stage::{Engine, Stage};

use super::*;
use crate::member::{Office, store as members};
use crate::scene::{self, WARD};

async fn say(stage: &Stage, id: i64, purpose: consent::Purpose, given: bool) {
    let mut tx = stage.write().await;
    consent::say(&mut tx, id, purpose, given, "uji", stage.kit.clock.now()).await.expect("said");
    tx.commit().await.expect("committed");
}

async fn join(stage: &Stage, group: i64, account: Option<i64>, name: &str, office: Office) -> i64 {
    let mut tx = stage.write().await;
    let new =
        members::NewMember { account_id: account, name, office, division: "", joined_at: stage.kit.clock.now(), show: true };
    let id = members::add(&mut tx, group, &new).await.expect("a member");
    tx.commit().await.expect("committed");
    id
}

/// Lets the page cache hear what happened, as a server does.
async fn hear(stage: &Stage) {
    base::events::place(&stage.kit.db).await.expect("placed");
    stage.app.drop_stale(&mut 0).await.expect("dropped");
}

#[both::both]
async fn the_page_names_only_those_who_agree(engine: Engine) {
    let stage = scene::open(engine).await;
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let (id, _) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(group))]).await;
    join(&stage, group, Some(id), "Rina Pengurus", Office::Chair).await;
    join(&stage, group, None, "Budi Tanpa Akun", Office::Secretary).await;
    let mut reader = stage.client();
    let page = async |reader: &mut stage::Client| reader.get("/kim/kim-riak").await.expect(200).main();
    assert!(page(&mut reader).await.contains("Rina Pengurus"));
    say(&stage, id, NAME, false).await;
    hear(&stage).await;
    let now = page(&mut reader).await;
    assert!(!now.contains("Rina Pengurus") && now.contains("Budi Tanpa Akun"), "the kept page is made anew: {now}");
    let api = stage.client().get("/api/v1/kim/kim-riak").await.expect(200);
    assert!(!api.text().contains("Rina Pengurus"));
    say(&stage, id, NAME, true).await;
    hear(&stage).await;
    assert!(page(&mut reader).await.contains("Rina Pengurus"));
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn a_number_is_shown_only_while_its_owner_agrees(engine: Engine) {
    let stage = scene::open(engine).await;
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let (id, mut rina) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(group))]).await;
    let mut tx = stage.write().await;
    tx.run(base::Query::new("update people_account set phone = '+6281234567890' where name = 'Rina'", vec![]))
        .await
        .expect("set");
    tx.commit().await.expect("committed");
    let profile = [
        ("nama", "KIM Riak"),
        ("alamat_halaman", "kim-riak"),
        ("tentang", "Kami."),
        ("telepon", "0812 3456 7890"),
        ("tampil_telepon", "1"),
    ];
    let path = "/meja/kim/kim-riak/profil";
    let page = rina.post(path, &profile).await.expect(422);
    assert!(page.main().contains("Ini nomor Anda. Setujui dulu"), "{}", page.main());
    let mut other = scene::officer(&stage, group).await;
    assert!(other.post(path, &profile).await.expect(422).main().contains("Pemilik nomor ini belum setuju"));
    say(&stage, id, PHONE, true).await;
    other.post(path, &profile).await.expect(303);
    hear(&stage).await;
    let mut reader = stage.client();
    assert!(reader.get("/kim/kim-riak").await.text().contains("6281234567890"));
    say(&stage, id, PHONE, false).await;
    hear(&stage).await;
    assert!(!reader.get("/kim/kim-riak").await.expect(200).text().contains("6281234567890"));
    assert!(!reader.get("/api/v1/kim/kim-riak").await.expect(200).text().contains("6281234567890"));
    stage.settle().await;
    stage.done().await;
}

#[both::both]
async fn the_only_officer_hands_over_before_leaving(engine: Engine) {
    let stage = scene::open(engine).await;
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let grants = [(OFFICER, Scope::Group(group)), (EDITOR, Scope::Group(group))];
    let (id, mut rina) = scene::person(&stage, "Rina", &grants).await;
    let row = join(&stage, group, Some(id), "Rina Pengurus", Office::Chair).await;
    let mut boss = scene::operator(&stage).await;
    let ask = [("jenis", "deletion")];
    let page = rina.post("/akun/data/permohonan", &ask).await.expect(422);
    assert!(page.main().contains("satu-satunya pengurus KIM Riak") && page.main().contains("Serahkan dulu"), "{}", page.main());
    assert_eq!(page.count("a[href='/meja/kim/kim-riak/anggota']"), 1, "it says where");
    // Another officer comes, and the first may go. Meanwhile that one is locked in again.
    let (other, _) = scene::person(&stage, "Budi", &grants).await;
    rina.post("/akun/data/permohonan", &ask).await.expect(303);
    let link = boss.get("/kelola/permohonan").await.attribute("tbody a", "href").expect("a request");
    let mut tx = stage.write().await;
    people::grant::end(&mut tx, other, OFFICER, &Scope::Group(group), stage.kit.clock.now()).await.expect("ended");
    tx.commit().await.expect("committed");
    let grant = [("jawab", "kabulkan"), ("alasan", "Baik.")];
    assert!(boss.post(&format!("{link}/jawab"), &grant).await.expect(422).main().contains("belum bisa dihapus"));
    let mut tx = stage.write().await;
    people::grant::give(&mut tx, other, OFFICER, &Scope::Group(group), None, stage.kit.clock.now(), None).await.expect("given");
    tx.commit().await.expect("committed");
    boss.post(&format!("{link}/jawab"), &grant).await.expect(303);
    stage.settle().await;
    let kept = members::get(&mut stage.read().await, group, row).await.expect("read").expect("a row");
    assert_eq!((kept.name.as_str(), kept.account_id, kept.show), (people::privacy::FORMER, None, false));
    assert!(kept.left_at.is_some() && kept.office == Office::Chair, "that there was a chair stays");
    assert!(!stage.client().get("/kim/kim-riak").await.expect(200).text().contains("Rina"));
    stage.done().await;
}

#[both::both]
async fn names_leave_the_roster_years_after_their_people(engine: Engine) {
    let stage = scene::open(engine).await;
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let now = stage.kit.clock.now();
    let gone = join(&stage, group, None, "Lama Pergi", Office::Member).await;
    let stays = join(&stage, group, None, "Masih Ada", Office::Member).await;
    let mut tx = stage.write().await;
    members::leave(&mut tx, gone, now).await.expect("left");
    tx.commit().await.expect("committed");
    let name = async |days: i64, row: i64| {
        stage.kit.clock.advance(now + days * DAY - stage.kit.clock.now());
        let mut tx = stage.write().await;
        base::jobs::enqueue(&mut tx, retention::JOB.kind, &serde_json::Value::Null, stage.kit.clock.now(), None)
            .await
            .expect("enqueued");
        tx.commit().await.expect("committed");
        stage.settle().await;
        members::get(&mut stage.read().await, group, row).await.expect("read").expect("a row").name
    };
    assert_eq!(name(5 * 365 - 1, gone).await, "Lama Pergi");
    assert_eq!(name(5 * 365 + 1, gone).await, people::privacy::FORMER);
    assert_eq!(name(20 * 365, stays).await, "Masih Ada");
    stage.done().await;
}

#[both::both]
async fn looks_at_a_decree_are_seen_by_the_members(engine: Engine) {
    let stage = scene::open(engine).await;
    let group = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, group).await;
    let mut budi = scene::member(&stage, group).await;
    let mut outsider = scene::person(&stage, "Warga", &[]).await.1;
    let fields = [("nomor", "12/KEL/2024"), ("tanggal", "2024-03-14"), ("penanda_tangan", "Lurah")];
    rina.post_files("/meja/kim/kim-riak/sk", &fields, &[("foto", "sk.png", &scene::png())]).await.expect(303);
    scene::verifier(&stage, "62.71").await.get("/meja/kim/kim-riak/sk/berkas/1").await.expect(200);
    let seen = budi.get("/akun/data").await.expect(200).main();
    assert!(seen.contains("Membuka foto SK") && seen.contains("Sari Pembina") && seen.contains("Pemeriksa wilayah"), "{seen}");
    assert!(!outsider.get("/akun/data").await.main().contains("Membuka foto SK"));
    let audit =
        scene::client(&stage, "Pengelola", OPERATOR, Scope::All).await.get("/kelola/audit?jenis=view").await.expect(200).main();
    assert!(audit.contains("Membuka foto SK") && audit.contains("decree 1"), "{audit}");
    stage.settle().await;
    stage.done().await;
}
