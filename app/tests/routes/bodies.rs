//! Ids in the body of a form: each is looked at as the address is, so that one of the other village is
//! refused and changes nothing.
use base::Query;
use base::authz::Scope;
use base::clock::DAY;
use both::both;
use newsroom::article::Status;
use people::roles::{FOSTERING, MEMBER};
use stage::{Answer, Engine};

use crate::world::{Account, HERE, Membership, Person, Rows, THERE, Village, World, changes};

type Body = Vec<(&'static str, String)>;

/// A form of our village that takes ids.
struct Form {
    role: &'static str,
    path: String,
    right: Body,
    /// The same with an id of the other village in it.
    wrong: Vec<Body>,
}

fn body(fields: &[(&'static str, &str)]) -> Body {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// A body with another value for one of its fields, or with one field more.
fn with(body: &Body, field: &'static str, value: &str) -> Body {
    let mut changed: Body = body.iter().filter(|(name, _)| *name != field).cloned().collect();
    changed.push((field, value.to_owned()));
    changed
}

async fn send(world: &World, role: &'static str, path: &str, body: &Body) -> Answer {
    let mut client = world.client(&Person::new(role, Account::Active, Membership::Holds)).await;
    let fields: Vec<(&str, &str)> = body.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post(path, &fields).await
}

/// The account of a new member of a village's KIM.
async fn member(world: &World, village: &Village) -> String {
    let grant = (MEMBER, Scope::Group(village.group.id));
    people::testing::person(&world.stage.kit, "Anggota", &[grant]).await.0.to_string()
}

/// The account of a new official of a province.
async fn official(world: &World, code: &str) -> String {
    let grant = (FOSTERING, Scope::Region(code.to_owned()));
    people::testing::person(&world.stage.kit, "Pembina", &[grant]).await.0.to_string()
}

async fn desk_forms(world: &World) -> Vec<Form> {
    let (here, there) = (&world.here, &world.there);
    let (ani, budi, citra) = (member(world, here).await, member(world, here).await, member(world, here).await);
    let stranger = member(world, there).await;
    let (seat, other_seat) = (format!("kim-{}", here.group.id), format!("kim-{}", there.group.id));
    let (row, other_row) = (here.member.to_string(), there.member.to_string());
    let days = [("mulai", "2026-11-24"), ("sampai", "2026-11-30")];
    let handover = body(&[("dari", &ani), ("ke", &budi)]);
    let above = body(&[("dari", &citra), ("ke", &budi)]);
    let invite = body(&[("peran", "member"), ("untuk", "satu"), ("anggota", &row)]);
    let pass = body(&[("penerus", &row), ("mulai", "2026-11-24")]);
    let deputy = body(&[("tempat", &seat), ("pengganti", &budi), days[0], days[1]]);
    let seat_over = body(&[("tempat", &seat), ("peran", "officer"), ("penerima", &budi)]);
    let profile = body(&[("nama", "KIM Sini"), ("alamat_halaman", "kim-sini")]);
    let wrong = |right: &Body, fields: &[(&'static str, &str)]| -> Vec<Body> {
        fields.iter().map(|&(field, value)| with(right, field, value)).collect()
    };
    let form = |role: &'static str, path: &str, right: Body, fields: &[(&'static str, &str)]| {
        let wrong = wrong(&right, fields);
        Form { role, path: path.to_owned(), right, wrong }
    };
    let term = world.fill("/meja/kim/{slug}/jabatan/{id}/serah", 0, |_| true).await;
    vec![
        form("officer", "/meja/kim/kim-sini/serah-terima", handover, &[("dari", &stranger), ("ke", &stranger)]),
        form("verifier", "/meja/kim/kim-sini/serah-terima", above, &[("dari", &stranger), ("ke", &stranger)]),
        form("officer", "/meja/kim/kim-sini/undangan", invite, &[("anggota", &other_row)]),
        form("officer", &term, pass, &[("penerus", &other_row)]),
        form("officer", "/akun/pengganti", deputy, &[("tempat", &other_seat), ("pengganti", &stranger)]),
        form("officer", "/akun/serah-terima", seat_over, &[("tempat", &other_seat), ("penerima", &stranger)]),
        form("officer", "/meja/kim/kim-sini/profil", profile, &[("alamat_halaman", "kim-sana")]),
    ]
}

async fn region_forms(world: &World) -> Vec<Form> {
    let kit = &world.stage.kit;
    let (above, other_above) = (official(world, "62").await, official(world, "63").await);
    let waiting = kim::testing::in_status(kit, "kim-tunggu-sini", HERE, kim::Status::Submitted).await.to_string();
    let other = kim::testing::in_status(kit, "kim-tunggu-sana", THERE, kim::Status::Submitted).await.to_string();
    let pair = world.fill("/bina/ganda/{one}/{two}/gabung", 0, |_| true).await;
    let stays = pair.split('/').nth(3).expect("the first").to_owned();
    let (third, foreign) = (world.here.group.id.to_string(), world.there.group.id.to_string());
    // A ward of the same city that became two.
    kim::testing::active(kit, "kim-pecah", "62.71.01.1003").await;
    let lines = "62.71.01.1003,62.71.01.1011,2026-01-01,Hulu\n62.71.01.1003,62.71.01.1012,2026-01-01,Hilir\n";
    let lines = regions::change::read(lines).expect("lines");
    regions::change::run(&kit.db, &lines, kit.clock.now()).await.expect("split");
    let deputy = body(&[("tempat", "wilayah-62.71"), ("pengganti", &above), ("mulai", "2026-11-24"), ("sampai", "2026-11-30")]);
    let ticked = body(&[("kim", &waiting)]);
    let both = body(&[("kim", &waiting), ("kim", &other)]);
    let merge = body(&[("tetap", &stays)]);
    let moved = body(&[("ke", "62.71.01.1011")]);
    vec![
        Form {
            role: "verifier",
            path: "/akun/pengganti".into(),
            wrong: vec![with(&deputy, "tempat", "wilayah-63.71"), with(&deputy, "pengganti", &other_above)],
            right: deputy,
        },
        Form {
            role: "verifier",
            path: "/bina/verifikasi".into(),
            wrong: vec![with(&ticked, "kim", &other), both],
            right: ticked,
        },
        Form {
            role: "verifier",
            path: pair,
            wrong: vec![with(&merge, "tetap", &third), with(&merge, "tetap", &foreign)],
            right: merge,
        },
        Form {
            role: "verifier",
            path: "/bina/pindah/kim-pecah".into(),
            wrong: vec![with(&moved, "ke", THERE), with(&moved, "ke", HERE)],
            right: moved,
        },
    ]
}

async fn story_forms(world: &World) -> Vec<Form> {
    let story = world.story(&world.here, Status::Draft).await;
    let stands = newsroom::article::store::by_id(&mut world.stage.read().await, story.id).await.expect("read").expect("a story");
    let version = stands.version.to_string();
    let words = [("title", "Panen"), ("lead", "Ringkasan."), ("body", "<p>Isi.</p>"), ("category", "kabar"), ("lang", "id")];
    let new = with(&body(&words), "kim", "kim-sini");
    let change = with(&body(&words), "version", &version);
    vec![
        Form {
            role: "member",
            path: "/meja/tulis".into(),
            wrong: vec![with(&new, "kim", "kim-sana"), with(&new, "region", THERE)],
            right: new,
        },
        Form {
            role: "editor",
            path: format!("/meja/tulisan/{}", story.id),
            wrong: vec![with(&change, "region", THERE)],
            right: change,
        },
    ]
}

/// Whether an answer refuses.
fn refused(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 403 | 404 | 409 | 422)
}

/// Notes what a refusal left behind, or that it was none.
async fn look(world: &World, before: &Rows, what: &str, answer: &Answer, wrong: &mut Vec<String>) {
    if !refused(answer) {
        wrong.push(format!("{what}: {} {}", answer.status, answer.location()));
    }
    let changed = changes(before, &world.rows().await);
    if !changed.is_empty() {
        wrong.push(format!("{what} changed {changed:?}"));
    }
}

/// An id of the other village in the body of a form of ours is refused and leaves nothing behind; the
/// same form with ids of ours is taken.
#[both]
async fn ids_in_bodies_are_looked_at_too(engine: Engine) {
    let world = World::open(engine).await;
    let mut forms = desk_forms(&world).await;
    forms.extend(region_forms(&world).await);
    forms.extend(story_forms(&world).await);
    let mut wrong = Vec::new();
    for form in &forms {
        for body in &form.wrong {
            // The client comes first: making it stores a person.
            let mut client = world.client(&Person::new(form.role, Account::Active, Membership::Holds)).await;
            let fields: Vec<(&str, &str)> = body.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let before = world.rows().await;
            let answer = client.post(&form.path, &fields).await;
            look(&world, &before, &format!("{} {body:?} by a {}", form.path, form.role), &answer, &mut wrong).await;
        }
        let answer = send(&world, form.role, &form.path, &form.right).await;
        let taken = matches!(answer.status.as_u16(), 200 | 303) && !answer.location().starts_with("/akun/buktikan");
        if !taken {
            wrong.push(format!("{} {:?} was not taken: {} {}", form.path, form.right, answer.status, answer.main()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.stage.kit.db.close().await;
}

/// A program that writes for one KIM writes for no other.
#[both]
async fn a_token_writes_for_its_own_kim(engine: Engine) {
    let world = World::open(engine).await;
    let mut program = world.client(&Person::new("token", Account::Active, Membership::Holds)).await;
    let story = |kim: &str, status: &str| {
        let (lead, body) = ("Ringkasan.", "<p>Isi.</p>");
        serde_json::json!({ "kim": kim, "title": "Panen", "lead": lead, "body_html": body, "status": status })
    };
    let before = world.rows().await;
    for status in ["draft", "published"] {
        program.post_json("/api/v1/articles", &story("kim-sana", status)).await.expect(403);
    }
    let changed = changes(&before, &world.rows().await);
    assert!(changed.is_empty(), "{changed:?}");
    program.post_json("/api/v1/articles", &story("kim-sini", "draft")).await.expect(201);
    world.stage.kit.db.close().await;
}

/// An upload takes the place of one's own waiting import, never of another's.
#[both]
async fn an_upload_replaces_nothing_of_others(engine: Engine) {
    let world = World::open(engine).await;
    let now = world.stage.kit.clock.now();
    let mut others = Vec::new();
    for (kind, group) in [("roster", Some(world.there.group.id)), ("register", None)] {
        let text =
            "insert into kim_import (kind, region, group_id, account_id, file, state, good, bad, notes, created_at, expires_at)
             values ($1, $2, $3, $4, 'punya-sana.csv', 'waiting', 0, 0, '[]', $5, $6) returning id";
        let values = vec![kind.into(), THERE.into(), group.into(), world.target.into(), now.into(), (now + DAY).into()];
        let mut tx = world.stage.write().await;
        let id = tx.int(Query::new(text, values)).await.expect("an import");
        tx.commit().await.expect("committed");
        others.push(id.to_string());
    }
    let tries = [
        ("officer", "/meja/kim/kim-sini/impor", "Nama,Jabatan\nBudi Satu,Anggota\n", &others[0]),
        ("verifier", "/bina/impor", "Nama,Kode\nKIM Baru,62.71.01.1005\n", &others[1]),
    ];
    for (role, path, csv, other) in tries {
        let mut client = world.client(&Person::new(role, Account::Active, Membership::Holds)).await;
        let files: &[(&str, &str, &[u8])] = &[("berkas", "daftar.csv", csv.as_bytes())];
        let before = world.rows().await;
        client.post_files(path, &[("ganti", other)], files).await.expect(404);
        let changed = changes(&before, &world.rows().await);
        assert!(changed.is_empty(), "{path}: {changed:?}");
        client.post_files(path, &[], files).await.expect(303);
    }
    world.stage.kit.db.close().await;
}

/// What an address asks for in its query is looked at as well: nothing of the other village is shown.
#[both]
async fn queries_show_nothing_of_another_village(engine: Engine) {
    let world = World::open(engine).await;
    let stranger = member(&world, &world.there).await;
    let mut tx = world.stage.write().await;
    for text in
        ["update kim_member set name = 'Orang Sana' where id = $1", "update people_account set name = 'Orang Sana' where id = $1"]
    {
        let id = if text.contains("kim_member") { world.there.member } else { stranger.parse().expect("an id") };
        tx.run(Query::new(text, vec![id.into()])).await.expect(text);
    }
    tx.commit().await.expect("committed");
    let row = world.there.member;
    let asked = [
        ("officer", format!("/meja/kim/kim-sini/undangan?anggota={row}")),
        ("officer", format!("/meja/kim/kim-sini/serah-terima?dari={stranger}")),
        ("officer", format!("/akun/pengganti?tempat=kim-{}", world.there.group.id)),
        ("officer", format!("/akun/serah-terima?tempat=kim-{}", world.there.group.id)),
        ("member", "/meja/tulisan?kim=kim-sana".into()),
        ("member", "/meja/tulis?kim=kim-sana".into()),
        ("verifier", "/kelola/audit?wilayah=63.71".into()),
        ("verifier", format!("/kelola/audit?orang=%23{stranger}")),
        ("verifier", "/bina/verifikasi?wilayah=63.71&status=disetujui".into()),
        ("verifier", "/bina/cakupan/daftar?wilayah=63.71&lihat=sunyi".into()),
        ("verifier", "/bina/cakupan.csv?wilayah=63.71".into()),
        ("verifier", "/bina/ganda?wilayah=63.71".into()),
        ("verifier", "/bina/ekspor/register-kim.csv?wilayah=63.71".into()),
        ("verifier", "/bina/tanpa-pengurus?wilayah=63.71".into()),
    ];
    for (role, path) in asked {
        let mut client = world.client(&Person::new(role, Account::Active, Membership::Holds)).await;
        let answer = client.get(&path).await;
        let shut = matches!(answer.status.as_u16(), 403 | 404);
        let text = answer.text();
        assert!(shut || answer.status == 200, "{path}: {}", answer.status);
        assert!(shut || !(text.contains("Orang Sana") || text.contains("KIM Sana")), "{path} shows the other village");
    }
    world.stage.kit.db.close().await;
}
