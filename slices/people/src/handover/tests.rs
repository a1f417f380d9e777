//! Handing over: who may hand what to whom, through the router. Offices and stories follow in other slices.
use base::authz::{Role, Scope};
use base::clock::DAY;
use both::both;
use stage::{Client, Engine, Stage};

use crate::account::{self, NewAccount};
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

async fn roles(stage: &Stage, account: i64) -> Vec<String> {
    let mut conn = stage.read().await;
    let own = grant::own(&mut conn, account, stage.kit.clock.now()).await.expect("grants");
    own.into_iter().map(|own| own.role).collect()
}

/// An account that can be found by its login.
async fn named(stage: &Stage, login: &str) -> i64 {
    let mut tx = stage.write().await;
    let new = NewAccount { name: format!("Akun {login}"), username: Some(login.into()), ..NewAccount::default() };
    let id = account::add_hashed(&mut tx, stage.kit.clock.now(), &new, "-").await.expect("an account");
    tx.commit().await.expect("committed");
    id
}

#[both]
async fn a_seat_of_a_group_moves_in_one_step(engine: Engine) {
    let stage = open(engine).await;
    let (rina, mut giver) = person(&stage, "Rina", &[(OFFICER, KIM), (EDITOR, KIM)]).await;
    let (budi, mut successor) = person(&stage, "Budi", &[(MEMBER, KIM)]).await;
    let (stranger, mut outsider) = person(&stage, "Orang Luar", &[(OFFICER, Scope::Group(8))]).await;
    let path = "/akun/serah-terima";
    assert!(giver.get(path).await.expect(200).main().contains("Budi"));
    let page = giver.post(path, &[("tempat", "kim-7")]).await.expect(422).main();
    assert!(page.contains("Pilih paling sedikit satu peran.") && page.contains("Pilih siapa yang menerima."), "{page}");
    for target in [rina, stranger, 999] {
        let target = target.to_string();
        giver.post(path, &[("tempat", "kim-7"), ("peran", "officer"), ("penerima", &target)]).await.expect(422);
    }
    // Nobody hands over a seat that is not theirs.
    outsider.post(path, &[("tempat", "kim-7"), ("peran", "officer"), ("penerima", &budi.to_string())]).await.expect(403);

    let to = budi.to_string();
    let fields = [("tempat", "kim-7"), ("peran", "officer"), ("peran", "editor"), ("penerima", to.as_str()), ("tetap", "1")];
    let done = giver.post_with_key(path, "serah-terima-1", &fields).await.expect(303);
    let again = giver.post_with_key(path, "serah-terima-1", &fields).await.expect(303);
    assert_eq!(done.location(), again.location(), "one form hands over once");
    assert_eq!(roles(&stage, budi).await, ["member", "officer", "editor"]);
    assert_eq!(roles(&stage, rina).await, ["member"], "who stays is a plain member");
    let record = giver.follow(done).await.expect(200);
    for words in ["Rina", "Budi", "Pengurus KIM", "Penyunting KIM", "Yang menyerahkan,", "Mengetahui,", "Selesai"] {
        assert!(record.main().contains(words), "{words}: {}", record.main());
    }
    successor.get("/akun/serah-terima/1").await.expect(200);
    outsider.get("/akun/serah-terima/1").await.expect(404);
    stage.settle().await;
    assert!(successor.get("/meja").await.main().contains("Serah terima di kim-7 selesai"));
    assert!(giver.get(path).await.expect(200).main().contains("Serah terima yang lalu"));

    // The rest moves too, and who keeps nothing is out.
    let back = rina.to_string();
    successor.post(path, &[("tempat", "kim-7"), ("peran", "officer"), ("penerima", &back)]).await.expect(303);
    assert_eq!(roles(&stage, rina).await, ["member", "officer"]);
    assert_eq!(roles(&stage, budi).await, ["member", "editor"], "what was not chosen stays");
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn a_seat_over_a_region_waits_for_someone_above(engine: Engine) {
    let stage = open(engine).await;
    let city = Scope::Region("62.71".into());
    let (sari, mut giver) = person(&stage, "Sari", &[(VERIFIER, city.clone()), (FOSTERING, city.clone())]).await;
    let (_, mut colleague) = person(&stage, "Rekan", &[(VERIFIER, city.clone())]).await;
    let (_, mut province) = person(&stage, "Provinsi", &[(FOSTERING, Scope::Region("62".into()))]).await;
    let (_, mut elsewhere) = person(&stage, "Lain", &[(FOSTERING, Scope::Region("63".into()))]).await;
    let (_, mut boss) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let deni = named(&stage, "deni").await;
    let path = "/akun/serah-terima";
    let page = giver.post(path, &[("tempat", "wilayah-62.71"), ("peran", "verifier"), ("akun", "tidak-ada")]).await.expect(422);
    assert!(page.main().contains("Akun itu belum ada."));
    assert_eq!(page.attribute("#f-akun", "value").as_deref(), Some("tidak-ada"));
    giver.post(path, &[("tempat", "wilayah-62.71"), ("peran", "verifier"), ("akun", " ")]).await.expect(422);
    let fields = [("tempat", "wilayah-62.71"), ("peran", "verifier"), ("akun", "deni")];
    let sent = giver.post(path, &fields).await.expect(303);
    let record = sent.location().to_owned();
    assert!(roles(&stage, deni).await.is_empty(), "nothing moves before a word from above");
    stage.settle().await;
    assert!(province.get("/meja").await.main().contains("Serah terima di 62.71 menunggu Anda"));
    assert!(!elsewhere.get("/meja").await.main().contains("Serah terima"));

    // The giver, an equal, an official of elsewhere: none of them decides.
    let accept = format!("{record}/setuju");
    giver.post(&accept, &[]).await.expect(403);
    colleague.post(&accept, &[]).await.expect(403);
    elsewhere.post(&accept, &[]).await.expect(404);
    province.get(&record).await.expect(200);
    province.post(&format!("{record}/tolak"), &[]).await.expect(303);
    province.post(&accept, &[]).await.expect(409);
    assert_eq!(roles(&stage, sari).await, ["verifier", "fostering"]);

    // Taken back by who made it, and by nobody else.
    let record = giver.post(path, &fields).await.expect(303).location().to_owned();
    province.post(&format!("{record}/batal"), &[]).await.expect(403);
    giver.post(&format!("{record}/batal"), &[]).await.expect(303);
    boss.post(&format!("{record}/setuju"), &[]).await.expect(409);

    let record = giver.post(path, &fields).await.expect(303).location().to_owned();
    boss.post(&format!("{record}/setuju"), &[]).await.expect(303);
    assert_eq!(roles(&stage, deni).await, ["verifier"]);
    assert_eq!(roles(&stage, sari).await, ["fostering"]);
    // What is no longer there cannot be let happen.
    let fields = [("tempat", "wilayah-62.71"), ("peran", "fostering"), ("akun", "deni")];
    let record = giver.post(path, &fields).await.expect(303).location().to_owned();
    let mut tx = stage.write().await;
    grant::end(&mut tx, sari, FOSTERING, &city, stage.kit.clock.now()).await.expect("ended");
    tx.commit().await.expect("committed");
    province.post(&format!("{record}/setuju"), &[]).await.expect(409);
    assert_eq!(roles(&stage, deni).await, ["verifier"]);
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn the_longer_of_two_grants_stays(engine: Engine) {
    let stage = open(engine).await;
    let (rina, mut giver) = person(&stage, "Rina", &[]).await;
    let (budi, _) = person(&stage, "Budi", &[]).await;
    let now = stage.kit.clock.now();
    let mut tx = stage.write().await;
    grant::give(&mut tx, rina, OFFICER, &KIM, None, now, None).await.expect("given");
    grant::give(&mut tx, rina, EDITOR, &KIM, None, now, Some(now + DAY)).await.expect("given");
    grant::give(&mut tx, budi, OFFICER, &KIM, None, now, Some(now + DAY)).await.expect("given");
    grant::give(&mut tx, budi, EDITOR, &KIM, None, now, None).await.expect("given");
    tx.commit().await.expect("committed");
    let to = budi.to_string();
    let fields = [("tempat", "kim-7"), ("peran", "officer"), ("peran", "editor"), ("penerima", to.as_str())];
    giver.post("/akun/serah-terima", &fields).await.expect(303);
    assert!(roles(&stage, rina).await.is_empty());
    stage.kit.clock.advance(2 * DAY);
    let mut kept = roles(&stage, budi).await;
    kept.sort();
    assert_eq!(kept, ["editor", "officer"], "neither was shortened");
    stage.settle().await;
    stage.done().await;
}

#[both]
async fn the_operator_cannot_take_the_last_officer_away(engine: Engine) {
    let stage = open(engine).await;
    let (rina, _) = person(&stage, "Rina", &[(OFFICER, KIM)]).await;
    let (budi, _) = person(&stage, "Budi", &[(OFFICER, KIM)]).await;
    let (_, mut boss) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let end = async |boss: &mut Client, who: i64| {
        let form = boss.get(&format!("/kelola/akun/{who}")).await.attribute("li form", "action").expect("a form");
        boss.post(&form, &[]).await
    };
    end(&mut boss, rina).await.expect(303);
    let refused = end(&mut boss, budi).await.expect(409);
    assert!(refused.main().contains("pengurus terakhir"), "{}", refused.main());
    assert_eq!(roles(&stage, budi).await, ["officer"]);
    stage.settle().await;
    stage.done().await;
}
