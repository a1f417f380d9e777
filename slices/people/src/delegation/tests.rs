//! Standing in: through the router, from naming to the end.
use base::authz::{Role, Scope};
use base::clock::{DAY, HOUR};
use both::both;
use stage::{Client, Engine, Stage};
use web::Errors;

use super::{LONGEST, read_days};
use crate::roles::{EDITOR, FOSTERING, MEMBER, OFFICER, OPERATOR, VERIFIER};
use crate::session::tests::open;
use crate::{grant, testing};

const KIM: Scope = Scope::Group(7);

async fn person(stage: &Stage, name: &str, grants: &[(Role, Scope)]) -> (i64, Client) {
    let (id, cookie) = testing::person(&stage.kit, name, grants).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    (id, client)
}

/// What an account holds now: role, scope, whether it was lent.
async fn held(stage: &Stage, account: i64) -> Vec<(String, bool)> {
    let mut conn = stage.read().await;
    let grants = grant::held(&mut conn, account, stage.kit.clock.now()).await.expect("grants");
    grants.into_iter().map(|grant| (grant.role, grant.delegated)).collect()
}

#[test]
fn days_are_read_as_people_mean_them() {
    let noon = stage::START + 4 * HOUR;
    let read = |from: &str, until: &str| {
        let mut errors = Errors::default();
        let days = read_days(from, until, "62", noon, &mut errors);
        (days, errors.all().iter().map(|problem| problem.key).collect::<Vec<_>>())
    };
    let (days, problems) = read("2026-11-24", "2026-11-24");
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(days.from_at, noon, "not before now");
    assert_eq!(web::dates::day(days.until_at - 1, "62"), "2026-11-24", "the last day counts whole");
    assert_eq!(read("2026-11-23", "2026-11-30").1, ["people-deputy-from-bad"]);
    assert_eq!(read("besok", "lusa").1, ["people-deputy-from-bad", "people-deputy-until-bad"]);
    assert_eq!(read("2026-12-02", "2026-12-01").1, ["people-deputy-until-bad"]);
    assert_eq!(read("2026-12-01", "2027-12-01").1, ["people-deputy-long"]);
    let (days, problems) = read("2026-12-01", "2027-06-01");
    assert!(problems.is_empty() && days.until_at - days.from_at <= LONGEST);
}

#[both]
async fn someone_stands_in_and_it_ends_by_itself(engine: Engine) {
    let stage = open(engine).await;
    let (giver, mut rina) = person(&stage, "Rina", &[(OFFICER, KIM), (EDITOR, KIM)]).await;
    let (deputy, mut budi) = person(&stage, "Budi", &[(MEMBER, KIM)]).await;
    let (outsider, _) = person(&stage, "Orang Luar", &[(OFFICER, Scope::Group(8))]).await;
    let path = "/akun/pengganti";
    let page = rina.get(path).await.expect(200).main();
    assert!(page.contains("Budi") && !page.contains("Orang Luar"), "{page}");
    let ask = |who: i64, from: &'static str, until: &'static str| {
        [("tempat", "kim-7".to_owned()), ("pengganti", who.to_string()), ("mulai", from.to_owned()), ("sampai", until.to_owned())]
    };
    let fields = |all: &[(&'static str, String)]| all.to_vec();
    let bad = fields(&ask(outsider, "2026-11-20", "2026-11-01"));
    let bad: Vec<(&str, &str)> = bad.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let page = rina.post(path, &bad).await.expect(422);
    for problem in ["Pilih penggantinya.", "Pilih hari ini atau sesudahnya.", "Pilih hari terakhir"] {
        assert!(page.main().contains(problem), "{problem}: {}", page.main());
    }
    assert_eq!(page.attribute("#f-sampai", "value").as_deref(), Some("2026-11-01"), "what was typed stays");
    let good = fields(&ask(deputy, "2026-11-25", "2026-11-30"));
    let good: Vec<(&str, &str)> = good.iter().map(|(n, v)| (*n, v.as_str())).collect();
    rina.post(path, &good).await.expect(303);
    stage.settle().await;
    assert_eq!(held(&stage, deputy).await, [("member".into(), false)], "not before the first day");
    assert!(budi.get("/meja").await.expect(200).main().contains("Anda akan menggantikan Rina"));

    stage.kit.clock.advance(DAY);
    assert_eq!(held(&stage, deputy).await, [("member".into(), false), ("officer".into(), true), ("editor".into(), true)]);
    let desk = budi.get("/meja").await.expect(200).main();
    assert!(desk.contains("Anda menggantikan Rina") && desk.contains("30 November 2026"), "{desk}");
    assert!(desk.contains("Anda ditunjuk sebagai pengganti"), "{desk}");
    assert!(rina.get("/meja").await.expect(200).main().contains("Budi menggantikan Anda"));
    assert!(budi.get("/akun").await.expect(200).main().contains("menggantikan Rina"));
    let mut conn = stage.read().await;
    let now = stage.kit.clock.now();
    assert_eq!(grant::holders(&mut conn, OFFICER, &KIM, now).await.expect("holders"), [giver, deputy]);
    assert_eq!(grant::owners(&mut conn, OFFICER, &KIM, now).await.expect("owners"), [giver], "a stand-in keeps nothing");
    assert_eq!(grant::kept_alone(&mut conn, giver, now).await.expect("groups"), [7]);
    assert!(grant::kept_alone(&mut conn, deputy, now).await.expect("groups").is_empty());
    drop(conn);

    stage.kit.clock.advance(6 * DAY);
    assert_eq!(held(&stage, deputy).await, [("member".into(), false)], "it ended by itself");
    assert!(!budi.get("/meja").await.main().contains("menggantikan"), "and nobody speaks of it");
    stage.done().await;
}

#[both]
async fn a_stand_in_can_neither_pass_on_nor_prolong(engine: Engine) {
    let stage = open(engine).await;
    let city = Scope::Region("62.71".into());
    let (giver, mut sari) = person(&stage, "Sari", &[(VERIFIER, city.clone())]).await;
    let (deputy, mut deni) = person(&stage, "Deni", &[(FOSTERING, Scope::Region("62".into()))]).await;
    let (third, mut tono) = person(&stage, "Tono", &[(FOSTERING, Scope::Region("62".into()))]).await;
    let path = "/akun/pengganti";
    let deputy_text = deputy.to_string();
    let fields = [("tempat", "wilayah-62.71"), ("pengganti", &deputy_text), ("mulai", "2026-11-24"), ("sampai", "2026-11-26")];
    sari.post(path, &fields).await.expect(303);
    assert!(held(&stage, deputy).await.contains(&("verifier".into(), true)));

    // The seat that was lent is not the deputy's: it is not offered, and a sent form is refused.
    assert!(!deni.get(path).await.expect(200).text().contains("wilayah-62.71"));
    let third_text = third.to_string();
    let on = [("tempat", "wilayah-62.71"), ("pengganti", third_text.as_str()), ("mulai", "2026-11-24"), ("sampai", "2027-01-26")];
    deni.post(path, &on).await.expect(422);
    deni.post("/akun/serah-terima", &[("tempat", "wilayah-62.71"), ("peran", "verifier"), ("akun", "siapa")]).await.expect(403);
    assert!(!held(&stage, third).await.iter().any(|(role, _)| role == "verifier"));
    // Nor can someone be named who has nothing to do with the place, or oneself.
    let giver_text = giver.to_string();
    let own =
        [("tempat", "wilayah-62.71"), ("pengganti", giver_text.as_str()), ("mulai", "2026-11-24"), ("sampai", "2026-11-26")];
    sari.post(path, &own).await.expect(422);

    // A third person can end nothing; the giver ends it at once.
    tono.post("/akun/pengganti/1/akhiri", &[]).await.expect(404);
    sari.post("/akun/pengganti/1/akhiri", &[]).await.expect(303);
    sari.post("/akun/pengganti/1/akhiri", &[]).await.expect(404);
    assert!(!held(&stage, deputy).await.iter().any(|(_, lent)| *lent));

    // What the giver loses, the stand-in loses with it; a lock counts as well.
    sari.post(path, &fields).await.expect(303);
    let mut tx = stage.write().await;
    crate::operator::pages::set_lock(&mut tx, giver, true, stage.kit.clock.now()).await.expect("locked");
    tx.commit().await.expect("committed");
    assert!(!held(&stage, deputy).await.iter().any(|(_, lent)| *lent), "while the giver is locked");
    let mut tx = stage.write().await;
    crate::operator::pages::set_lock(&mut tx, giver, false, stage.kit.clock.now()).await.expect("opened");
    tx.commit().await.expect("committed");
    assert!(held(&stage, deputy).await.iter().any(|(_, lent)| *lent), "and again after");
    let mut tx = stage.write().await;
    grant::end(&mut tx, giver, VERIFIER, &city, stage.kit.clock.now()).await.expect("ended");
    tx.commit().await.expect("committed");
    assert!(!held(&stage, deputy).await.iter().any(|(_, lent)| *lent));
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_role_with_an_end_is_lent_no_longer_than_it_lasts(engine: Engine) {
    let stage = open(engine).await;
    let (giver, mut sari) = person(&stage, "Sari", &[(OPERATOR, Scope::All)]).await;
    let (deputy, mut deni) = person(&stage, "Deni", &[(MEMBER, KIM)]).await;
    assert!(
        sari.get("/akun/pengganti").await.expect(200).main().contains("belum memegang peran"),
        "keeping the system is not lent"
    );
    let now = stage.kit.clock.now();
    let mut tx = stage.write().await;
    grant::give(&mut tx, giver, EDITOR, &KIM, None, now, Some(now + 2 * DAY)).await.expect("given");
    tx.commit().await.expect("committed");
    let deputy_text = deputy.to_string();
    let fields = [("tempat", "kim-7"), ("pengganti", &deputy_text), ("mulai", "2026-11-24"), ("sampai", "2026-12-24")];
    sari.post("/akun/pengganti", &fields).await.expect(303);
    assert!(held(&stage, deputy).await.contains(&("editor".into(), true)));
    stage.kit.clock.advance(2 * DAY);
    assert_eq!(held(&stage, deputy).await, [("member".into(), false)]);
    // Laying it down oneself is possible too.
    stage.kit.clock.advance(-DAY);
    deni.post("/akun/pengganti/1/akhiri", &[]).await.expect(303);
    assert_eq!(held(&stage, deputy).await, [("member".into(), false)]);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_borrowed_phone_gives_no_office_away(engine: Engine) {
    let stage = open(engine).await;
    let (_, mut rina) = person(&stage, "Rina", &[(OFFICER, KIM)]).await;
    let (budi, _) = person(&stage, "Budi", &[(MEMBER, KIM)]).await;
    stage.kit.clock.advance(HOUR);
    let to = budi.to_string();
    let hand = [("tempat", "kim-7"), ("peran", "officer"), ("penerima", to.as_str())];
    let lend = [("tempat", "kim-7"), ("pengganti", to.as_str()), ("mulai", "2026-11-24"), ("sampai", "2026-11-26")];
    for (path, fields) in [("/akun/serah-terima", &hand[..]), ("/akun/pengganti", &lend[..])] {
        assert!(rina.get(path).await.expect(303).location().starts_with("/akun/buktikan"), "{path}");
        assert!(rina.post(path, fields).await.expect(303).location().starts_with("/akun/buktikan"), "{path}");
    }
    assert_eq!(held(&stage, budi).await, [("member".into(), false)]);
    stage.done().await;
}
