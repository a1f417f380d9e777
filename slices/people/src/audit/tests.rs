//! The audit writes itself: acts by a right, looks, refusals; and is read by those who may.
use base::audit::{self, Asked, Row};
use base::authz::Scope;
use base::clock::{HOUR, MINUTE};
use both::both;
use stage::{Client, Engine, Stage};

use crate::roles::{FOSTERING, OPERATOR};
use crate::session::tests::open;
use crate::testing;

async fn rows(stage: &Stage) -> Vec<Row> {
    audit::chain(&stage.kit.db).await.expect("chained");
    let mut conn = stage.read().await;
    audit::list(&mut conn, &Asked { limit: 5_000, ..Asked::default() }).await.expect("rows")
}

async fn person(stage: &Stage, name: &str, grants: &[(base::authz::Role, Scope)]) -> (i64, Client) {
    let (id, cookie) = testing::person(&stage.kit, name, grants).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    (id, client)
}

#[both]
async fn a_privileged_act_names_who_what_and_by_which_right(engine: Engine) {
    let stage = open(engine).await;
    let (boss, mut client) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let (id, mut other) = person(&stage, "Petugas Baru", &[]).await;
    let grants = {
        let mut conn = stage.read().await;
        crate::grant::held(&mut conn, boss, stage.kit.clock.now()).await.expect("held")
    };
    let answer =
        client.post(&format!("/kelola/akun/{id}/hak"), &[("peran", "fostering"), ("wilayah", "62.71")]).await.expect(303);
    let row = rows(&stage).await.remove(0);
    assert_eq!((row.act.as_str(), row.class.as_str()), ("people.grant.given", "act"));
    assert_eq!((row.actor_id, row.about_id, row.grant_id), (Some(boss), Some(id), Some(grants[0].id)));
    assert_eq!((row.role.as_deref(), row.region.as_deref()), (Some("operator"), Some("62.71")));
    assert_eq!(row.request, answer.header("x-request-id"), "found again in the log");
    assert!(row.hash.is_some() && row.position > 0);
    // What one does with one's own is nobody's business.
    let before = rows(&stage).await.len();
    other.post("/akun", &[("nama", "Nama Baru")]).await.expect(303);
    assert_eq!(rows(&stage).await.len(), before);
    // A change that no event tells of is written with its address.
    let mut tx = stage.write().await;
    base::jobs::enqueue(&mut tx, "tidak.dikenal", &serde_json::Value::Null, stage.kit.clock.now(), None).await.expect("enqueued");
    tx.commit().await.expect("committed");
    for _ in 0..base::jobs::ATTEMPTS {
        stage.settle().await;
        stage.kit.clock.advance(HOUR);
    }
    let page = client.get("/kelola").await.expect(200);
    let path = page.attribute("form[action*=pekerjaan]", "action").expect("a form");
    client.post(&path, &[]).await.expect(303);
    let row = rows(&stage).await.remove(0);
    assert_eq!(row.act, "web.form.sent");
    assert!(row.detail.contains("/kelola/pekerjaan/{id}/ulang") && row.detail.ends_with(&path), "{}", row.detail);
    let mut stage = stage;
    stage.leave_jobs();
}

#[both]
async fn looking_at_another_is_noted_once_in_a_while(engine: Engine) {
    let stage = open(engine).await;
    let (boss, mut client) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let (id, mut other) = person(&stage, "Petugas Baru", &[]).await;
    client.get(&format!("/kelola/akun/{id}")).await.expect(200);
    client.get(&format!("/kelola/akun/{id}")).await.expect(200);
    client.get(&format!("/kelola/akun/{boss}")).await.expect(200);
    client.get("/kelola/akun/999").await.expect(404);
    let looks = |rows: &[Row]| rows.iter().filter(|row| row.act == "people.account.viewed").count();
    let all = rows(&stage).await;
    assert_eq!(looks(&all), 1, "{all:?}");
    assert_eq!((all[0].class.as_str(), all[0].about_id, all[0].actor_id), ("view", Some(id), Some(boss)));
    stage.kit.clock.advance(11 * MINUTE);
    client.get(&format!("/kelola/akun/{id}")).await.expect(200);
    assert_eq!(looks(&rows(&stage).await), 2);
    // The person sees who it was, and not what was about others.
    let mine = other.get("/akun/data").await.expect(200);
    assert!(mine.main().contains("Membuka halaman akun") && mine.main().contains("Pengelola"), "{}", mine.main());
    stage.done().await;
}

#[both]
async fn a_refusal_is_noted_but_never_without_end(engine: Engine) {
    let stage = open(engine).await;
    let (id, mut client) = person(&stage, "Penasaran", &[]).await;
    for n in 0..60 {
        client.get(&format!("/kelola/akun/{n}?q=rahasia")).await.expect(403);
    }
    let denials = |rows: Vec<Row>| rows.into_iter().filter(|row| row.class == "denial").collect::<Vec<_>>();
    let all = denials(rows(&stage).await);
    assert_eq!(all.len(), 20);
    assert_eq!((all[0].actor_id, all[0].grant_id), (Some(id), None));
    assert!(all[0].detail.starts_with("GET /kelola/akun/{id} /kelola/akun/19"), "{}", all[0].detail);
    assert!(!all[0].detail.contains("rahasia"), "what was typed is not kept");
    stage.kit.clock.advance(11 * MINUTE);
    client.get("/kelola").await.expect(403);
    let all = denials(rows(&stage).await);
    assert_eq!(all.len(), 21);
    assert!(all[0].detail.ends_with("(+40)"), "what was not written is counted: {}", all[0].detail);
    // A stranger is sent to the login; that is no refusal.
    stage.client().get("/kelola").await.expect(303);
    assert_eq!(denials(rows(&stage).await).len(), 21);
    stage.done().await;
}

#[both]
async fn an_officer_reads_the_audit_of_their_region_only(engine: Engine) {
    let stage = open(engine).await;
    let (_, mut boss) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    let (_, mut here) = person(&stage, "Pembina Sini", &[(FOSTERING, Scope::Region("62.71".into()))]).await;
    let (id, mut nobody) = person(&stage, "Petugas Baru", &[]).await;
    let give = format!("/kelola/akun/{id}/hak");
    boss.post(&give, &[("peran", "verifier"), ("wilayah", "62.71.01")]).await.expect(303);
    boss.post(&give, &[("peran", "agency"), ("wilayah", "63.71")]).await.expect(303);
    stage.settle().await;
    nobody.get("/kelola/audit?wilayah=62.71").await.expect(403);
    let page = here.get("/kelola/audit").await.expect(200);
    assert_eq!(page.count("tbody tr"), 2, "the refusal and the grant: {}", page.main());
    assert!(page.main().contains("62.71.01") && !page.main().contains("63.71"), "{}", page.main());
    here.get("/kelola/audit?wilayah=63.71").await.expect(403);
    here.get("/kelola/audit?wilayah=62").await.expect(403);
    let all = boss.get("/kelola/audit").await.expect(200);
    assert!(all.main().contains("63.71") && all.main().contains("Peran diberikan"), "{}", all.main());
    let acts = boss.get("/kelola/audit?jenis=denial").await.expect(200);
    assert!(acts.main().contains("Ditolak: tidak punya hak") && !acts.main().contains("Peran diberikan"), "{}", acts.main());
    let none = boss.get("/kelola/audit?orang=tidak-ada").await.expect(200);
    assert!(none.main().contains("Akun itu tidak kami temukan"), "{}", none.main());
    let his = boss.get(&format!("/kelola/audit?orang=%23{id}&bagian=people&hari=2026-11-24")).await.expect(200);
    assert_eq!(his.count("tbody tr"), 2, "{}", his.main());
    assert_eq!(boss.get("/kelola/audit?hari=2020-01-01").await.expect(200).count("tbody tr"), 0);
    stage.done().await;
}

#[both]
async fn the_audit_is_paged(engine: Engine) {
    let stage = open(engine).await;
    let (_, mut boss) = person(&stage, "Pengelola", &[(OPERATOR, Scope::All)]).await;
    for _ in 0..60 {
        let mut tx = stage.write().await;
        tx.audit(audit::Entry::new(stage.kit.clock.now(), audit::Class::Act, "kim.group.verified", ("kim", 1)))
            .await
            .expect("written");
        tx.commit().await.expect("committed");
    }
    let first = boss.get("/kelola/audit?bagian=kim").await.expect(200);
    assert_eq!(first.count("tbody tr"), 50);
    let next = first.attribute("a[rel=next]", "href").expect("a next page");
    let second = boss.get(&next).await.expect(200);
    assert_eq!(second.count("tbody tr"), 10);
    assert_eq!(second.count("a[rel=next]"), 0);
    stage.done().await;
}
