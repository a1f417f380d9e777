//! The statements of OWASP ASVS 5.0 on authorization, by their numbers. 8.2.1 and 8.2.2 as a whole are
//! the matrix in routes.rs; here stands what a matrix of doors cannot show.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
mod world;

use base::Query;
use base::authz::Scope;
use base::clock::DAY;
use both::both;
use newsroom::article::Status;
use people::roles::{EDITOR, FOSTERING, OFFICER, OPERATOR};
use stage::{Client, Engine};
use world::{Account, HERE, Membership, Person, World};

async fn signed_in(world: &World, role: &'static str) -> Client {
    world.client(&Person::new(role, Account::Active, Membership::Holds)).await
}

/// 8.2.1: what a role may do depends on the place, for each function.
#[both]
async fn v8_2_1_a_right_reaches_only_its_place(engine: Engine) {
    let world = World::open(engine).await;
    for (role, here, there) in [
        ("officer", "/meja/kim/kim-sini/anggota", "/meja/kim/kim-sana/anggota"),
        ("verifier", "/bina/kim/kim-sini", "/bina/kim/kim-sana"),
        ("fostering", "/kelola/audit?wilayah=62.71", "/kelola/audit?wilayah=63.71"),
    ] {
        let mut client = signed_in(&world, role).await;
        client.get(here).await.expect(200);
        client.get(there).await.expect(403);
    }
    // A region holds whole parts of a code only, and nothing above itself.
    let mut verifier = signed_in(&world, "verifier").await;
    for code in ["62.7", "62", "62.710", "", "63.71"] {
        let answer = verifier.get(&format!("/kelola/audit?wilayah={code}")).await;
        let expected = if code.is_empty() { 200 } else { 403 };
        assert_eq!(answer.status.as_u16(), expected, "{code}");
    }
    world.stage.kit.db.close().await;
}

/// 8.2.2: an object is reached only by those whose it is, whatever number is asked for.
#[both]
async fn v8_2_2_an_object_of_another_is_not_reached(engine: Engine) {
    let world = World::open(engine).await;
    let mut editor = signed_in(&world, "editor").await;
    let own = world.story(&world.here, Status::Draft).await;
    let other = world.story(&world.there, Status::Draft).await;
    editor.get(&format!("/meja/tulisan/{}", own.id)).await.expect(200);
    for path in ["", "/pratinjau", "/periksa", "/riwayat"] {
        let answer = editor.get(&format!("/meja/tulisan/{}{path}", other.id)).await;
        assert!(matches!(answer.status.as_u16(), 403 | 404), "{path}: {}", answer.status);
    }
    // Requests about data belong to their person.
    let mut resident = signed_in(&world, "resident").await;
    resident.post("/akun/data/permohonan", &[("jenis", "withdrawal")]).await.expect(303);
    let back = resident.get("/akun/data/permohonan").await.attribute("form[action$='/batal']", "action").expect("a form");
    editor.post(&back, &[]).await.expect(404);
    resident.post(&back, &[]).await.expect(303);
    world.stage.kit.db.close().await;
}

/// 8.2.3: fields that are not for everyone are in no public answer: numbers, addresses, years of
/// birth, the words of reviewers; and a citizen number has no place at all.
#[both]
async fn v8_2_3_fields_of_others_stay_hidden(engine: Engine) {
    let world = World::open(engine).await;
    let stage = &world.stage;
    let columns = base::schema::columns(&mut stage.read().await).await.expect("columns");
    for column in &columns {
        let name = column.column_name.as_str();
        let citizen = ["nik", "ktp", "citizen", "national_id", "ip", "user_agent"].contains(&name);
        assert!(!citizen, "{}.{name} has no place here", column.table_name);
    }
    let (id, _) = people::testing::person(&stage.kit, "Rina Tersembunyi", &[(OFFICER, Scope::Group(world.here.group.id))]).await;
    let story = world.story(&world.here, Status::Published).await;
    let mut tx = stage.write().await;
    for (text, values) in [
        ("update people_account set phone = '+6281211112222', email = 'rina@rahasia.id' where id = $1", vec![id.into()]),
        (
            "update kim_member set account_id = $1, name = 'Rina Tersembunyi', office = 'chair', born = 1987, show = false where id = $2",
            vec![id.into(), world.here.member.into()],
        ),
        (
            "update kim_group set contact_phone = '+6281233334444', contact_email = 'kim@rahasia.id', contact_address = 'Jalan Rahasia'
             where id = $1",
            vec![world.here.group.id.into()],
        ),
        ("update newsroom_article set author_id = $1, author_name = 'Rina Tersembunyi' where id = $2", vec![id.into(), story.id.into()]),
        (
            "insert into newsroom_comment (article_id, at, account_id, account_name, body, kind)
             values ($2, 1, $1, 'Rina Tersembunyi', 'Catatan rahasia', 'comment')",
            vec![id.into(), story.id.into()],
        ),
    ] {
        tx.run(Query::new(text, values)).await.expect(text);
    }
    people::consent::say(&mut tx, id, people::consent::NAME, false, "uji", stage.kit.clock.now()).await.expect("said");
    tx.commit().await.expect("committed");
    stage.settle().await;
    let secrets = [
        "81211112222",
        "rina@rahasia.id",
        "81233334444",
        "kim@rahasia.id",
        "Jalan Rahasia",
        "1987",
        "Rina Tersembunyi",
        "Catatan rahasia",
    ];
    let paths = [
        "/".to_owned(),
        "/kim".into(),
        "/kim/kim-sini".into(),
        "/kim/kim-sini/riwayat".into(),
        "/api/v1/kim".into(),
        "/api/v1/kim?listings=true".into(),
        "/api/v1/kim/kim-sini".into(),
        "/api/v1/kim/kim-sini/history".into(),
        format!("/api/v1/regions/{HERE}/policies"),
        format!("/kabar/{}", story.slug),
        format!("/api/v1/articles/{}", story.slug),
        "/api/v1/articles".into(),
        "/feed.atom".into(),
        "/feed.json".into(),
        "/kim/kim-sini/feed.atom".into(),
        "/cari?q=rina".into(),
        "/api/v1/search?q=rina&facets=true".into(),
        format!("/wilayah/{HERE}"),
        "/sitemap/1.xml".into(),
        "/privasi".into(),
    ];
    for role in ["nobody", "resident", "agency"] {
        let mut client = signed_in(&world, role).await;
        for path in &paths {
            let text = client.get(path).await.text();
            for secret in secrets {
                assert!(!text.contains(secret), "{path} shows {secret} to a {role}");
            }
        }
    }
    // A fellow member sees the roster without numbers; an overseer sees names, not addresses.
    for (role, path) in [("member", "/meja/kim/kim-sini/anggota"), ("verifier", "/bina/kim/kim-sini")] {
        let text = signed_in(&world, role).await.get(path).await.expect(200).text();
        assert!(text.contains("Rina Tersembunyi"), "{path}");
        assert!(!text.contains("81211112222") && !text.contains("rina@rahasia.id") && !text.contains("1987"), "{path}");
    }
    // The operator's list is no telephone book.
    let list = signed_in(&world, "operator").await.get("/kelola?q=rina").await.expect(200).text();
    assert!(list.contains("Rina Tersembunyi") && !list.contains("81211112222") && !list.contains("rina@rahasia.id"));
    stage.kit.db.close().await;
}

/// 8.3.2: a right that is given, ended, run out, or locked away acts on the very next request.
#[both]
async fn v8_3_2_a_change_of_rights_acts_at_once(engine: Engine) {
    let world = World::open(engine).await;
    let (stage, group) = (&world.stage, Scope::Group(world.here.group.id));
    let (id, cookie) = people::testing::person(&stage.kit, "Rina", &[]).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    let path = "/meja/kim/kim-sini/profil";
    client.get(path).await.expect(403);
    let change = async |role: base::authz::Role, scope: &Scope, give: bool, until: Option<i64>| {
        let now = stage.kit.clock.now();
        let mut tx = stage.write().await;
        if give {
            people::grant::give(&mut tx, id, role, scope, None, now, until).await.expect("given");
        } else {
            people::grant::end(&mut tx, id, role, scope, now).await.expect("ended");
        }
        tx.commit().await.expect("committed");
    };
    change(OFFICER, &group, true, None).await;
    client.get(path).await.expect(200);
    change(OFFICER, &group, false, None).await;
    client.get(path).await.expect(403);
    change(OFFICER, &group, true, Some(stage.kit.clock.now() + DAY)).await;
    client.get(path).await.expect(200);
    stage.kit.clock.advance(DAY + 1);
    client.get(path).await.expect(403);
    // Less is less: an officer who becomes an editor keeps no key of the officer.
    change(EDITOR, &group, true, None).await;
    client.get(path).await.expect(403);
    client.get("/meja/kim/kim-sini").await.expect(200);
    let region = Scope::Region("62.71".into());
    change(FOSTERING, &region, true, None).await;
    client.get("/bina").await.expect(200);
    let mut boss = signed_in(&world, "operator").await;
    let token = people::testing::token(&stage.kit, id, &["articles:write"]).await;
    let mut program = stage.client().bearer(&token);
    assert_ne!(program.post_json("/api/v1/articles", &serde_json::json!({})).await.status.as_u16(), 401);
    boss.post(&format!("/kelola/akun/{id}/kunci"), &[]).await.expect(303);
    client.get("/bina").await.expect(303);
    program.post_json("/api/v1/articles", &serde_json::json!({})).await.expect(401);
    stage.kit.db.close().await;
}

/// 8.4.1: a village, a city, a province is a tenant: nothing of one shows in the lists, searches for
/// work, counts, or records of another.
#[both]
async fn v8_4_1_regions_are_kept_apart(engine: Engine) {
    let world = World::open(engine).await;
    let stage = &world.stage;
    for village in [&world.here, &world.there] {
        let text = Query::new(
            "update kim_group set status = 'submitted', submitted_at = 1 where id = $1",
            vec![village.group.id.into()],
        );
        let mut tx = stage.write().await;
        tx.run(text).await.expect("submitted");
        tx.commit().await.expect("committed");
        let (id, cookie) = people::testing::person(&stage.kit, "Pengurus", &[(OFFICER, Scope::Group(village.group.id))]).await;
        assert!(id > 0);
        let mut client = stage.client();
        client.cookie("__Host-simpul", &cookie);
        client.get(&format!("/bina/kim/{}", village.slug)).await.expect(403);
    }
    stage.settle().await;
    let mut here = signed_in(&world, "verifier").await;
    let mut there = world.client(&Person::new("verifier", Account::Active, Membership::Elsewhere)).await;
    for path in ["/bina", "/meja", "/kelola/permohonan", "/kelola/audit"] {
        let (ours, theirs) = (here.get(path).await.expect(200).text(), there.get(path).await.expect(200).text());
        assert!(!ours.contains("kim-sana") && !ours.contains("63.71"), "{path} shows the other province");
        assert!(!theirs.contains("kim-sini") && !theirs.contains("62.71"), "{path} shows the other province");
    }
    assert!(here.get("/bina").await.text().contains("kim-sini") && there.get("/bina").await.text().contains("kim-sana"));
    let link = format!("/kelola/permohonan/{}", world.there.request);
    here.get(&link).await.expect(403);
    there.get(&link).await.expect(200);
    let mut boss = world.client(&Person::new(OPERATOR.0, Account::Active, Membership::Holds)).await;
    boss.get(&link).await.expect(200);
    stage.kit.db.close().await;
}
