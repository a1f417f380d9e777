//! Names that would be code: wherever a name stands, it is shown as it is typed and does nothing.
use base::Query;
use both::both;
use newsroom::article::Status;
use stage::Engine;

use super::TABLE;
use crate::world::{Account, HERE, Membership, Person, World};

/// Ends an attribute of either quotation, opens an element that no page has, and runs a script.
const NAME: &str = "Uji\"'><uji-sisip></uji-sisip><script>uji_sisip()</script>";

/// Every text of one line that people type or bring in.
const TEXTS: &[&str] = &[
    "update people_account set name = $1",
    "update people_token set name = $1",
    "update people_factor set name = $1",
    "update people_session set device = $1",
    "update people_request set words = $1, answer = $1",
    "update people_invite set title = $1, note = $1",
    "update people_handover set title = $1",
    "update people_delegation set title = $1",
    "update people_notice set title = $1, reason = $1",
    "update kim_group set name = $1, about = $1, contact_address = $1, equipment_other = $1, show_address = true",
    "update kim_member set name = $1, division = $1, skills_other = $1, languages_other = $1",
    "update kim_term set division = $1",
    "update kim_decree set number = $1, signer = $1",
    "update kim_claim set reason = $1, answer = $1",
    "update kim_import set file = $1",
    "update newsroom_article set title = $1, lead = $1, author_name = $1, withdrawn_reason = $1",
    "update newsroom_photo set alt = $1, caption = $1, credit = $1",
    "update newsroom_revision set account_name = $1, title = $1, lead = $1",
    "update newsroom_comment set account_name = $1, body = $1",
    "update regions_region set name = $1",
    "update base_event set title = $1",
    "update base_job set last_error = $1 where state = 'dead'",
];

async fn rename(world: &World) {
    let mut tx = world.stage.write().await;
    for text in TEXTS {
        tx.run(Query::new(text, vec![NAME.into()])).await.expect(text);
    }
    tx.commit().await.expect("committed");
    world.stage.app.clear_pages();
}

/// A story with a remark, a withdrawn one, and the addresses that show what others only lead to.
async fn more(world: &World, me: i64) -> Vec<String> {
    let out = world.story(&world.here, Status::Published).await;
    let gone = world.story(&world.here, Status::Withdrawn).await;
    let draft = world.story(&world.here, Status::Draft).await;
    let text = "insert into newsroom_comment (article_id, at, account_id, account_name, body, kind)
         values ($1, 1, $2, 'Rina', 'Catatan', 'changes')";
    let mut tx = world.stage.write().await;
    for story in [&out, &gone, &draft] {
        tx.run(Query::new(text, vec![story.id.into(), me.into()])).await.expect("a remark");
    }
    tx.commit().await.expect("committed");
    vec![
        format!("/kabar/{}", out.slug),
        format!("/kabar/{}", gone.slug),
        format!("/meja/tulisan/{}", draft.id),
        format!("/meja/tulisan/{}/periksa", draft.id),
        format!("/wilayah/{HERE}"),
        "/cari?q=uji".into(),
        "/cari?q=uji&kim=kim-sini".into(),
        "/kabar?kim=kim-sini".into(),
        "/kabar?tag=%3Cuji-sisip%3E".into(),
        "/cari?q=%22%27%3E%3Cuji-sisip%3E".into(),
        "/kim?q=%22%27%3E%3Cuji-sisip%3E".into(),
        "/kelola?q=%22%27%3E%3Cuji-sisip%3E".into(),
        "/kelola/audit?orang=%22%27%3E%3Cuji-sisip%3E".into(),
        "/bina/verifikasi?q=%22%27%3E%3Cuji-sisip%3E".into(),
        "/masuk?lalu=/%22%27%3E%3Cuji-sisip%3E".into(),
        "/meja/tulisan?q=%22%27%3E%3Cuji-sisip%3E".into(),
        "/wilayah/pilih?q=%22%27%3E%3Cuji-sisip%3E".into(),
        "/tidak/ada/%3Cuji-sisip%3E".into(),
    ]
}

/// A name with quotation marks and tags, as everything that has one, on every page and to everyone:
/// escaped wherever it stands, in text, in attributes, in titles, in scripts, in feeds.
#[both]
async fn a_name_with_tags_is_escaped_wherever_it_stands(engine: Engine) {
    let world = World::open(engine).await;
    let (mut wrong, mut shown) = (Vec::new(), 0);
    for role in ["operator", "officer", "editor", "verifier", "resident", "nobody"] {
        let (me, mut client) = world.enter(&Person::new(role, Account::Active, Membership::Holds)).await;
        // What the forms act on is listed on the pages, so it is made too.
        let mut paths = more(&world, if me > 0 { me } else { world.target }).await;
        for (method, route, _) in TABLE {
            let filled = world.fill(route, me, |_| true).await;
            if *method == "GET" {
                paths.push(filled);
            }
        }
        // Search learns the names, and the notices that were written meanwhile get them too.
        rename(&world).await;
        world.stage.settle().await;
        rename(&world).await;
        for path in &paths {
            let answer = client.get(path).await;
            assert!(answer.status.as_u16() < 500, "{path} for a {role}: {}", answer.main());
            let kind = answer.header("content-type").to_owned();
            if !kind.starts_with("text/html") && !kind.contains("xml") {
                continue;
            }
            let text = answer.text();
            if text.contains("uji-sisip") {
                shown += 1;
            }
            if text.contains("<uji-sisip") || text.contains("<script>uji_sisip") || answer.count("uji-sisip") > 0 {
                wrong.push(format!("{path} for a {role}"));
            }
        }
    }
    assert!(wrong.is_empty(), "a name became code:\n{}", wrong.join("\n"));
    assert!(shown > 100, "only {shown} pages show a name");
    world.stage.kit.db.close().await;
}
