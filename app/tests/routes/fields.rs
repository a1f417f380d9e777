//! Fields that a form does not have.
use both::both;
use stage::Engine;

use super::TABLE;
use crate::world::{Account, Membership, Person, World};

/// What the script of passkeys asks for and answers with: nothing, and JSON.
pub const BODILESS: &[&str] = &["/masuk/kunci/mulai", "/akun/keamanan/kunci/mulai"];
const BY_SCRIPT: &[&str] = &["/masuk/kunci", "/daftar/kunci/mulai", "/daftar/kunci", "/akun/keamanan/kunci"];

/// A field that a form does not have is refused, above all one that would give a right.
#[both]
async fn unknown_and_privileged_fields_are_refused(engine: Engine) {
    let world = World::open(engine).await;
    let boss = world.client(&Person::new("operator", Account::Active, Membership::Holds)).await;
    let mut wrong = Vec::new();
    for (method, path, _) in TABLE.iter().filter(|(method, ..)| *method == "POST") {
        if BODILESS.contains(path) {
            continue;
        }
        let by_script = path.starts_with("/api/") || BY_SCRIPT.contains(path);
        for field in ["role", "peran_saya", "is_admin", "account_id", "status", "_kunci2"] {
            let mut client = if matches!(*path, "/masuk" | "/daftar" | "/keluar") { world.stage.client() } else { boss.clone() };
            let filled = world.fill(path, 0, |_| true).await;
            let answer = if by_script {
                client.post_json(&filled, &serde_json::json!({ field: "operator" })).await
            } else {
                client.post(&filled, &[(field, "operator")]).await
            };
            let said = answer.text().contains(field) || BY_SCRIPT.contains(path);
            if answer.status.as_u16() != 422 || !said {
                wrong.push(format!("{method} {path} took {field}: {}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
    world.stage.kit.db.close().await;
}
