//! Numbers of two villages in one address, and what stays with a place when its officer goes.
use base::Query;
use base::clock::DAY;
use both::both;
use people::roles::VERIFIER;
use stage::Engine;

use super::{ANYONE, TABLE};
use crate::world::{Account, HERE, Membership, Person, World, changes, knock, opened};

/// Names of an address whose things lie in a village or belong to a person.
const NAMES: [&str; 7] = ["slug", "id", "photo", "rev", "code", "one", "two"];

/// Whoever may do something in one village reaches nothing of the other by mixing their numbers, and
/// nothing of another person.
#[both]
async fn numbers_of_two_villages_never_mix(engine: Engine) {
    use Membership::{Holds, Lent};
    let world = World::open(engine).await;
    let mut tried = 0;
    let mut wrong = Vec::new();
    let held = ["resident", "member", "officer", "editor", "verifier", "fostering"].map(|role| (role, Holds));
    for (role, membership) in held.into_iter().chain([("officer", Lent), ("verifier", Lent)]) {
        let person = Person::new(role, Account::Active, membership);
        let who = person.acts_as();
        let (me, signed_in) = world.enter(&person).await;
        // Whatever is on the register as nobody's can be claimed by anyone, from wherever they are.
        let guarded = TABLE.iter().filter(|(_, path, allowed)| *allowed != ANYONE && *path != "/kim/{slug}/klaim");
        for (method, path, allowed) in guarded {
            let names: Vec<&str> = NAMES.into_iter().filter(|name| path.contains(&format!("{{{name}}}"))).collect();
            // Every way to take at least one of the names from the other village.
            for mix in 1..(1_u32 << names.len()) {
                let foreign = |name: &str| names.iter().position(|own| *own == name).is_some_and(|i| mix & (1 << i) != 0);
                let filled = world.fill(path, me, |name| !foreign(name)).await;
                let before = world.events().await;
                let answer = knock(&mut signed_in.clone(), method, path, &filled).await;
                tried += 1;
                if opened(&answer, &filled) != Some(false) {
                    wrong.push(format!("{method} {filled} ({path}) opened for a {who}: {}", answer.status));
                }
                if world.events().await != before {
                    wrong.push(format!("{method} {filled} ({path}) did something for a {who}: {}", answer.status));
                }
            }
            // The same address with all names of one village opens, so the numbers are true ones.
            if allowed.contains(&who.as_str()) && !names.is_empty() {
                let filled = world.fill(path, me, |_| true).await;
                let answer = knock(&mut signed_in.clone(), method, path, &filled).await;
                if opened(&answer, &filled) == Some(false) {
                    wrong.push(format!("{method} {filled} shut for a {who}: {}", answer.status));
                }
            }
        }
    }
    assert!(tried > 600, "only {tried} ways tried");
    assert!(wrong.is_empty(), "{}\n{} wrong of {tried}", wrong.join("\n"), wrong.len());
    world.stage.kit.db.close().await;
}

/// An officer who now watches over another place has lost the files that they brought in for the first.
#[both]
async fn what_was_brought_in_stays_with_its_region(engine: Engine) {
    let world = World::open(engine).await;
    let (me, mut sari) = world.enter(&Person::new("verifier", Account::Active, Membership::Holds)).await;
    let now = world.stage.kit.clock.now();
    let mut paths = Vec::new();
    for state in ["waiting", "done"] {
        let text = "insert into kim_import (kind, region, account_id, file, state, good, bad, notes, created_at, expires_at)
             values ('register', $1, $2, 'kim.csv', $3, 0, 1, '[]', $4, $5) returning id";
        let values = vec![HERE.into(), me.into(), state.into(), now.into(), (now + DAY).into()];
        let mut tx = world.stage.write().await;
        let id = tx.int(Query::new(text, values)).await.expect("an import");
        tx.commit().await.expect("committed");
        paths.push(format!("/bina/impor/{id}"));
    }
    for path in &paths {
        sari.get(path).await.expect(200);
    }
    let scope = |code: &str| base::authz::Scope::Region(code.to_owned());
    let mut tx = world.stage.write().await;
    people::grant::end(&mut tx, me, VERIFIER, &scope("62.71"), now).await.expect("ended");
    people::grant::give(&mut tx, me, VERIFIER, &scope("63.71"), None, now, None).await.expect("given");
    tx.commit().await.expect("committed");
    let before = world.rows().await;
    for path in &paths {
        sari.get(path).await.expect(404);
        for act in ["masukkan", "buang", "batalkan"] {
            sari.post(&format!("{path}/{act}"), &[]).await.expect(404);
        }
    }
    let changed = changes(&before, &world.rows().await);
    assert!(changed.is_empty(), "{changed:?}");
    world.stage.kit.db.close().await;
}
