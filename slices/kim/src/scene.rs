//! The scene of this slice's tests: Palangka Raya, its people, a KIM in any stage.
use base::authz::{Role, Scope};
use base::clock::DAY;
use people::roles::{EDITOR, MEMBER, OFFICER, OPERATOR, VERIFIER};
use stage::{Client, Engine, Stage};

use crate::decree;
use crate::member::{self, Office};
use crate::register::{self, Status};

/// A ward, and one in another city.
pub const WARD: &str = "62.71.01.1003";
pub const ELSEWHERE: &str = "63.71.01.1001";

/// A product with the sample of regions.
pub async fn open(engine: Engine) -> Stage {
    let stage = Stage::new(engine, vec![people::slice(), regions::slice(), crate::slice()], people::identify).await;
    regions::testing::sample(&stage.kit).await;
    stage
}

/// Someone signed in.
pub async fn person(stage: &Stage, name: &str, grants: &[(Role, Scope)]) -> (i64, Client) {
    let (id, cookie) = people::testing::person(&stage.kit, name, grants).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &cookie);
    (id, client)
}

pub async fn client(stage: &Stage, name: &str, role: Role, scope: Scope) -> Client {
    person(stage, name, &[(role, scope)]).await.1
}

pub async fn officer(stage: &Stage, group: i64) -> Client {
    let grants = [(OFFICER, Scope::Group(group)), (EDITOR, Scope::Group(group))];
    person(stage, "Rina Pengurus", &grants).await.1
}

pub async fn member(stage: &Stage, group: i64) -> Client {
    client(stage, "Budi Anggota", MEMBER, Scope::Group(group)).await
}

pub async fn verifier(stage: &Stage, region: &str) -> Client {
    client(stage, "Sari Pembina", VERIFIER, Scope::Region(region.into())).await
}

pub async fn operator(stage: &Stage) -> Client {
    client(stage, "Operator", OPERATOR, Scope::All).await
}

/// The same person on another day.
pub async fn again(stage: &Stage, account: i64) -> Client {
    let mut client = stage.client();
    client.cookie("__Host-simpul", &people::testing::again(&stage.kit, account).await);
    client
}

/// A KIM in a status, with its id.
pub async fn kim(stage: &Stage, slug: &str, region: &str, status: Status) -> i64 {
    crate::testing::in_status(&stage.kit, slug, region, status).await
}

/// Gives a KIM all that a region asks for: a description, a contact, three people, a decree.
pub async fn complete(stage: &Stage, id: i64) {
    let mut tx = stage.write().await;
    fill(&mut tx, id, stage.kit.clock.now()).await;
    tx.commit().await.expect("a commit");
}

/// As [`complete`], within a transaction.
pub async fn fill(tx: &mut base::Tx, id: i64, now: i64) {
    let kim = crate::by_id(tx, id).await.expect("a read").expect("a group");
    let profile = register::store::Profile {
        slug: &kim.slug,
        name: &kim.name,
        needle: &register::rules::needle(&kim.name, "Langkai, Pahandut, Kota Palangka Raya", None),
        about: "Warga tepi Kahayan.",
        founded_at: None,
        themes: ",",
        phone: "+6281234567890",
        email: "",
        address: "",
        show_phone: false,
        show_email: false,
        show_address: false,
        logo: None,
        cover: None,
    };
    register::store::set_profile(tx, id, &profile, now).await.expect("a profile");
    for (name, office) in [("Rina", Office::Chair), ("Budi", Office::Secretary), ("Citra", Office::Member)] {
        let new = member::store::NewMember { account_id: None, name, office, division: "", joined_at: now, show: false };
        member::store::add(tx, id, &new).await.expect("a member");
    }
    let new = decree::store::NewDecree {
        number: "12/KEL/2026",
        issued_at: now - 30 * DAY,
        signer: "Lurah Langkai",
        expires_at: Some(now + 1_000 * DAY),
        scan: None,
        created_by: None,
    };
    decree::store::add(tx, id, &new, now).await.expect("a decree");
}

/// A small picture.
pub fn png() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 3) as u8, (y * 4) as u8, 120]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}
