use std::collections::HashSet;

use base::authz::Scope;
use base::{Event, sql};
use people::roles::OFFICER;
use stage::Engine;

use super::*;
use crate::register::Status;
use crate::scene::{self, WARD};

#[test]
fn a_key_leaves_out_what_all_kim_are_called() {
    assert_eq!(key_of("KIM Riak-Seberang"), "riak seberang");
    assert_eq!(key_of("Kelompok Informasi Masyarakat (KIM) RIAK SEBERANG"), "riak seberang");
    assert_eq!(key_of("KIM"), "kim");
    assert_eq!(plain_number("62.71/KIM/001"), plain_number("62-71-kim-1"));
    assert_ne!(plain_number("62.71/KIM/001"), plain_number("62.71/KIM/010"));
}

#[test]
fn likely_pairs_are_found_with_their_reasons() {
    let seen = |id: i64, name: &str, region: &str, number: &str, phone: &str| Seen {
        id,
        name: name.into(),
        region: region.into(),
        number: Some(number.to_owned()).filter(|number| !number.is_empty()),
        contact_phone: phone.into(),
    };
    let mut all = vec![
        seen(1, "KIM Riak Seberang", "62.71.01.1005", "62.71/001", "+6281"),
        // The same, typed another way in the same village, with the same phone.
        seen(2, "KIM Riak Sebrang", "62.71.01.1005", "", "+6281"),
        // The next district: the same name, and the same number with other zeros.
        seen(3, "Kelompok Informasi Masyarakat Seberang Riak", "62.71.02.1001", "62.71/1", ""),
        // Another regency: a name is no sign there.
        seen(4, "KIM Riak Seberang", "62.01.01.1001", "", ""),
        // Numbers and short words tell apart.
        seen(5, "KIM Warga RT 3", "62.71.01.1005", "", ""),
        seen(6, "KIM Warga RT 4", "62.71.01.1005", "", ""),
        seen(7, "KIM Bina", "62.71.01.1005", "", ""),
        seen(8, "KIM Dina", "62.71.01.1005", "", ""),
    ];
    // A name that half the city bears is no sign either, but within one village it is.
    for id in 10..16 {
        all.push(seen(id, "KIM Maju Bersama", &format!("62.71.03.10{id}"), "", ""));
    }
    all.push(seen(16, "KIM Maju Bersama", "62.71.03.1015", "", ""));
    let found: Vec<_> = pairs(&all, &HashSet::new()).into_iter().map(|p| (p.one, p.two, p.why, p.near)).collect();
    assert_eq!(
        found,
        [
            (1, 2, vec![Why::Phone, Why::Alike], true),
            (1, 3, vec![Why::Number, Why::Alike], false),
            (15, 16, vec![Why::Name], true),
        ]
    );
    let apart = HashSet::from([(1, 2), (15, 16)]);
    assert_eq!(pairs(&all, &apart).len(), 1);
}

#[both::both]
async fn two_become_one_with_all_that_belongs_to_them(engine: Engine) {
    let stage = scene::open(engine).await;
    let stays = scene::kim(&stage, "kim-riak-seberang", WARD, Status::Active).await;
    let goes = scene::kim(&stage, "kim-riak-sebrang", WARD, Status::Verified).await;
    let far = scene::kim(&stage, "kim-jauh", scene::ELSEWHERE, Status::Active).await;
    let (rina_id, mut rina) = scene::person(&stage, "Rina", &[(OFFICER, Scope::Group(stays))]).await;
    let (budi_id, mut budi) = scene::person(&stage, "Budi", &[(OFFICER, Scope::Group(goes))]).await;
    let mut tx = stage.write().await;
    for (group, account, name) in
        [(stays, Some(rina_id), "Rina"), (goes, Some(budi_id), "Budi"), (goes, Some(rina_id), "Rina"), (goes, None, "Cici")]
    {
        tx.run(sql!(
            "insert into kim_member (group_id, account_id, name, office, division, joined_at) values ($1, $2, $3, 'member', '', 1)",
            group,
            account,
            name
        ))
        .await
        .expect("a member");
    }
    tx.run(sql!("update kim_group set number = '7', about = 'Kami', contact_phone = '+6281234567890' where id = $1", goes))
        .await
        .expect("details");
    tx.run(sql!(
        "insert into kim_decree (group_id, number, issued_at, signer, created_at) values ($1, '12/SK', 1, 'Lurah', 1)",
        goes
    ))
    .await
    .expect("a decree");
    for (article, group) in [(1, goes), (2, stays), (3, goes)] {
        let event = Event {
            group_id: Some(group),
            region: Some(WARD.into()),
            ..Event::new(stage.kit.clock.now(), "newsroom.article.published", ("article", article))
        };
        tx.emit(event).await.expect("an event");
    }
    tx.commit().await.expect("committed");
    // An address that the one that goes gave up before.
    let fields = [("nama", "KIM Riak Sebrang"), ("alamat_halaman", "kim-sebrang"), ("tentang", "Kami")];
    budi.post("/meja/kim/kim-riak-sebrang/profil", &fields).await.expect(303);
    stage.settle().await;

    let mut sari = scene::verifier(&stage, "62.71").await;
    let list = sari.get("/bina/ganda").await.expect(200);
    assert!(list.main().contains("KIM Riak Sebrang") && list.main().contains("Nama mirip"), "{}", list.main());
    let path = format!("/bina/ganda/{stays}/{goes}");
    assert_eq!(list.attribute("li a.button", "href").as_deref(), Some(path.as_str()));
    sari.get(&path).await.expect(200);
    sari.get(&format!("/bina/ganda/{stays}/{far}")).await.expect(404);
    sari.get(&format!("/bina/ganda/{stays}/{stays}")).await.expect(404);
    scene::verifier(&stage, "63").await.post(&format!("{path}/gabung"), &[("tetap", "1")]).await.expect(404);
    sari.post(&format!("{path}/gabung"), &[]).await.expect(422);
    sari.post(&format!("{path}/gabung"), &[("tetap", &far.to_string())]).await.expect(422);
    let stay = stays.to_string();
    let long = "a".repeat(501);
    sari.post(&format!("{path}/gabung"), &[("tetap", &stay), ("alasan", &long)]).await.expect(422);
    let fields = [("tetap", stay.as_str()), ("alasan", "Orangnya sama.")];
    let done = sari.post(&format!("{path}/gabung"), &fields).await.expect(303);
    assert!(sari.follow(done).await.main().contains("Tidak ada yang mirip"));
    sari.post(&format!("{path}/gabung"), &[("tetap", &stays.to_string())]).await.expect(409);
    stage.settle().await;

    // Every address leads to the one that stays, on pages and in the API.
    let mut visitor = stage.client();
    for old in ["kim-sebrang", "kim-riak-sebrang"] {
        assert_eq!(visitor.get(&format!("/kim/{old}")).await.expect(301).location(), "/kim/kim-riak-seberang");
        assert_eq!(visitor.get(&format!("/kim/{old}/riwayat")).await.expect(301).location(), "/kim/kim-riak-seberang/riwayat");
        assert_eq!(visitor.get(&format!("/api/v1/kim/{old}")).await.expect(200).json()["slug"], "kim-riak-seberang");
    }
    let page = visitor.get("/kim/kim-riak-seberang").await.expect(200).main();
    assert!(page.contains("12/SK") && page.contains("3 kabar terbit"), "{page}");
    assert!(!visitor.get("/kim").await.expect(200).main().contains("Sebrang"));
    let history = visitor.get("/kim/kim-riak-seberang/riwayat").await.expect(200).main();
    assert!(history.contains("KIM lain digabungkan ke sini") && history.contains("KIM Riak Sebrang"), "{history}");
    assert!(!history.contains("Orangnya sama."), "{history}");
    assert!(rina.get("/kim/kim-riak-seberang/riwayat").await.expect(200).main().contains("Orangnya sama."));
    let api = visitor.get("/api/v1/kim/kim-riak-sebrang/history").await.expect(200).json();
    let told =
        api["items"].as_array().expect("items").iter().find(|item| item["kind"] == "kim.group.absorbed").expect("the merge");
    assert_eq!((told["text"].as_str(), told["other"].as_str()), (Some("KIM lain digabungkan ke sini"), Some("KIM Riak Sebrang")));
    let api = visitor.get("/api/v1/kim/kim-riak-seberang").await.json();
    assert_eq!((api["number"].as_str(), api["about"].as_str()), (Some("7"), Some("Kami")));
    // Its people keep their rights, once each, and both sides were told.
    let roster = budi.get("/meja/kim/kim-riak-seberang/anggota").await.expect(200).main();
    assert!(roster.contains("Budi") && roster.contains("Cici") && roster.contains("3 orang"), "{roster}");
    assert!(budi.get("/meja").await.main().contains("digabungkan dengan KIM lain"));
    assert!(rina.get("/meja").await.main().contains("KIM lain digabungkan ke KIM Riak Seberang"));
    let mut conn = stage.read().await;
    let now = stage.kit.clock.now();
    assert_eq!(people::grant::holders(&mut conn, OFFICER, &Scope::Group(stays), now).await.expect("holders"), [rina_id, budi_id]);
    assert!(people::grant::holders(&mut conn, OFFICER, &Scope::Group(goes), now).await.expect("holders").is_empty());
    drop(conn);
    // Derived rows come out the same when everything is heard again.
    stage.app.rebuild_listeners().await.expect("rebuilt");
    stage.app.clear_pages();
    assert!(visitor.get("/kim/kim-riak-seberang").await.main().contains("3 kabar terbit"));
    stage.done().await;
}

#[both::both]
async fn a_pair_that_is_two_is_not_asked_about_again(engine: Engine) {
    let stage = scene::open(engine).await;
    let one = scene::kim(&stage, "kim-huma-betang", WARD, Status::Active).await;
    let two = scene::kim(&stage, "kim-huma-bentang", WARD, Status::Draft).await;
    let mut sari = scene::verifier(&stage, "62").await;
    assert!(sari.get("/bina/ganda?wilayah=62.71").await.expect(200).main().contains("Huma Betang"));
    assert!(sari.get("/bina/ganda?wilayah=62.71.02").await.expect(200).main().contains("Tidak ada yang mirip"));
    let path = format!("/bina/ganda/{two}/{one}/beda");
    sari.post(&path, &[]).await.expect(303);
    sari.post(&path, &[]).await.expect(303);
    assert!(sari.get("/bina/ganda").await.expect(200).main().contains("Tidak ada yang mirip"));
    let member = scene::kim(&stage, "kim-lain", WARD, Status::Active).await;
    scene::officer(&stage, member).await.get("/bina/ganda").await.expect(403);
    stage.settle().await;
    stage.done().await;
}

#[test]
fn what_the_one_that_goes_has_fills_what_the_other_lacks() {
    use super::merge::join;
    use super::store::Details;
    let stays = Details { about: "Kami".into(), logo: Some("a".into()), listing: "unclaimed".into(), ..Details::default() };
    let goes = Details {
        number: Some("7".into()),
        about: "Mereka".into(),
        logo: Some("b".into()),
        cover: Some("c".into()),
        contact_phone: "+62".into(),
        ..Details::default()
    };
    let (whole, rest) = join(stays, goes);
    assert_eq!((whole.number.as_deref(), whole.about.as_str(), whole.contact_phone.as_str()), (Some("7"), "Kami", "+62"));
    assert_eq!((whole.logo.as_deref(), whole.cover.as_deref(), whole.listing.as_str()), (Some("a"), Some("c"), "claimed"));
    // A number or a picture never stands in two rows.
    assert_eq!((rest.number, rest.logo.as_deref(), rest.cover), (None, Some("b"), None));
}

#[both::both]
async fn rights_move_as_they_were(engine: Engine) {
    let stage = scene::open(engine).await;
    let stays = scene::kim(&stage, "kim-riak-seberang", WARD, Status::Active).await;
    let goes = scene::kim(&stage, "kim-riak-sebrang", WARD, Status::Verified).await;
    let (from, into) = (Scope::Group(goes), Scope::Group(stays));
    let (rina, mut officer) = scene::person(&stage, "Rina", &[(OFFICER, from.clone())]).await;
    let (budi, _) = scene::person(&stage, "Budi", &[(people::roles::MEMBER, from.clone())]).await;
    let (cici, _) = scene::person(&stage, "Cici", &[]).await;
    let now = stage.kit.clock.now();
    let mut tx = stage.write().await;
    people::grant::give(&mut tx, cici, people::roles::EDITOR, &from, None, now, Some(now + base::clock::DAY))
        .await
        .expect("given");
    tx.commit().await.expect("committed");
    let (tempat, whom) = (format!("kim-{goes}"), budi.to_string());
    let lend = [("tempat", tempat.as_str()), ("pengganti", &whom), ("mulai", "2026-11-24"), ("sampai", "2026-11-30")];
    officer.post("/akun/pengganti", &lend).await.expect(303);
    let invited = officer.post("/meja/kim/kim-riak-sebrang/undangan", &[("peran", "member"), ("untuk", "satu")]).await;
    let link = crate::invite::tests::link(invited);
    let mut sari = scene::verifier(&stage, "62.71").await;
    sari.post(&format!("/bina/ganda/{stays}/{goes}/gabung"), &[("tetap", &stays.to_string())]).await.expect(303);
    stage.settle().await;
    let held = async |role, at| {
        let mut conn = stage.read().await;
        people::grant::holders(&mut conn, role, &into, at).await.expect("holders")
    };
    assert_eq!(held(OFFICER, now).await, [rina], "what was lent did not become the stand-in's");
    assert_eq!(held(people::roles::MEMBER, now).await, [budi]);
    assert_eq!(held(people::roles::EDITOR, now).await, [cici]);
    assert!(held(people::roles::EDITOR, now + 2 * base::clock::DAY).await.is_empty(), "an end stays an end");
    // An invitation sent before leads to the one that stays.
    let (dodo, mut guest) = scene::person(&stage, "Dodo", &[]).await;
    guest.get(&link).await.expect(303);
    assert!(guest.get("/gabung").await.main().contains("KIM Riak Seberang"));
    guest.post("/gabung/terima", &[("dewasa", "1")]).await.expect(303);
    stage.settle().await;
    assert_eq!(held(people::roles::MEMBER, now).await, [budi, dodo]);
    assert!(officer.get("/meja/kim/kim-riak-seberang/anggota").await.expect(200).main().contains("Dodo"));
    stage.done().await;
}

#[both::both]
async fn merging_gives_nobody_what_they_did_not_have(engine: Engine) {
    let stage = scene::open(engine).await;
    let stays = scene::kim(&stage, "kim-riak-seberang", WARD, Status::Active).await;
    let goes = scene::kim(&stage, "kim-riak-sebrang", WARD, Status::Submitted).await;
    let (into, from) = (Scope::Group(stays), Scope::Group(goes));
    let (keeper, _) = scene::person(&stage, "Rina", &[(OFFICER, into.clone())]).await;
    let (other, _) = scene::person(&stage, "Budi", &[(OFFICER, from.clone())]).await;
    let region = Scope::Region("62.71".into());
    let path = format!("/bina/ganda/{stays}/{goes}/gabung");
    let form = [("tetap", stays.to_string())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();

    // Nobody merges what they are in themselves, and no stand-in gives rights that last.
    let grants = [(people::roles::VERIFIER, region.clone()), (people::roles::MEMBER, from)];
    let (party, mut within) = scene::person(&stage, "Pihak", &grants).await;
    within.post(&path, &form).await.expect(409);
    let (giver, mut official) = scene::person(&stage, "Wati", &[(people::roles::VERIFIER, region.clone())]).await;
    let (deputy, mut stand_in) = scene::person(&stage, "Joko", &[(people::roles::FOSTERING, region)]).await;
    let lend = [("tempat", "wilayah-62.71"), ("mulai", "2026-11-24"), ("sampai", "2026-11-30")];
    let whom = deputy.to_string();
    let lend: Vec<(&str, &str)> = lend.into_iter().chain([("pengganti", whom.as_str())]).collect();
    official.post("/akun/pengganti", &lend).await.expect(303);
    let now = stage.kit.clock.now();
    let mut tx = stage.write().await;
    people::grant::end(&mut tx, deputy, people::roles::FOSTERING, &Scope::Region("62.71".into()), now).await.expect("ended");
    tx.commit().await.expect("committed");
    stand_in.post(&path, &form).await.expect(403);
    assert_ne!(giver, deputy);

    // Officers of one that nobody verified are members of the one that others keep.
    official.post(&path, &form).await.expect(303);
    stage.settle().await;
    let mut conn = stage.read().await;
    let holders = people::grant::holders(&mut conn, OFFICER, &into, now).await.expect("holders");
    assert_eq!(holders, [keeper]);
    let members = people::grant::holders(&mut conn, people::roles::MEMBER, &into, now).await.expect("holders");
    assert_eq!(members, [other, party]);
    drop(conn);
    // What is merged already is not merged again.
    official.post(&path, &form).await.expect(409);
    stage.done().await;
}
