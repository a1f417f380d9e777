//! Reading and acting go together: whoever may do something to a thing may see its page, and what lies
//! below a page opens for nobody to whom the page is shut.
use both::both;
use newsroom::article::Status;
use stage::{Client, Engine};

use super::TABLE;
use crate::world::{Account, Membership, Person, World, knock, opened};

/// Everyone with something to do here or next door, each once.
fn persons() -> Vec<Person> {
    use Membership::{Elsewhere, Holds, Lent};
    let roles = ["nobody", "resident", "member", "officer", "editor", "verifier", "fostering", "agency", "operator"];
    let others = ["member", "officer", "editor", "verifier", "fostering", "agency"];
    let all = roles.map(|role| (role, Holds)).into_iter();
    let all = all.chain(others.map(|role| (role, Elsewhere))).chain([("officer", Lent), ("verifier", Lent)]);
    all.map(|(role, membership)| Person::new(role, Account::Active, membership)).collect()
}

/// How many parts of a route's address its page has: the nearest page of one thing above it, or itself
/// when `itself` is such a page. None where only lists stand above.
fn page_of(route: &str, itself: bool) -> Option<usize> {
    let parts: Vec<&str> = route.split('/').collect();
    let most = if itself { parts.len() } else { parts.len() - 1 };
    (2..=most).rev().find(|end| {
        let above = parts[..*end].join("/");
        above.contains('{') && TABLE.iter().any(|(method, path, _)| *method == "GET" && *path == above)
    })
}

/// Whether a person sees the page of a thing. Of a KIM's desk that may be the page of those who watch over it.
async fn sees(client: &mut Client, filled: &str, parts: usize) -> bool {
    let page = filled.split('/').take(parts).collect::<Vec<_>>().join("/");
    if opened(&client.get(&page).await, &page) == Some(true) {
        return true;
    }
    let Some(slug) = page.strip_prefix("/meja/kim/").and_then(|rest| rest.split('/').next()) else { return false };
    let page = format!("/bina/kim/{slug}");
    opened(&client.get(&page).await, &page) == Some(true)
}

/// Everyone at every route of a kind: who got in without seeing the page it belongs to, and how many were let in.
async fn unseen(world: &World, wanted: &str) -> (Vec<String>, usize) {
    let (mut wrong, mut let_in) = (Vec::new(), 0);
    for person in persons() {
        let (me, signed_in) = world.enter(&person).await;
        for (method, route, _) in TABLE.iter().filter(|(method, ..)| *method == wanted) {
            let Some(parts) = page_of(route, wanted == "POST") else { continue };
            let filled = world.fill(route, me, |_| true).await;
            let sees = sees(&mut signed_in.clone(), &filled, parts).await;
            let answer = knock(&mut signed_in.clone(), method, route, &filled).await;
            if opened(&answer, &filled) != Some(true) {
                continue;
            }
            let_in += 1;
            if !sees {
                wrong.push(format!("{method} {route} opened for {}: {}", person.acts_as(), answer.status));
            }
        }
    }
    (wrong, let_in)
}

#[both]
async fn acting_implies_reading(engine: Engine) {
    let world = World::open(engine).await;
    let (wrong, let_in) = unseen(&world, "POST").await;
    assert!(let_in > 100, "only {let_in} acts");
    assert!(wrong.is_empty(), "who may act must see on what:\n{}", wrong.join("\n"));
    world.stage.kit.db.close().await;
}

#[both]
async fn what_lies_below_a_page_opens_with_it(engine: Engine) {
    let world = World::open(engine).await;
    let (mut wrong, let_in) = unseen(&world, "GET").await;
    assert!(let_in > 100, "only {let_in} pages");
    // A story changes hands with its status; what hangs on it goes along.
    let mut stories = Vec::new();
    for status in Status::ALL {
        stories.push((status, world.story(&world.here, status).await));
    }
    for person in persons() {
        let mut client = world.client(&person).await;
        for (status, story) in &stories {
            let page = format!("/meja/tulisan/{}", story.id);
            let sees = opened(&client.get(&page).await, &page) == Some(true);
            for below in ["pratinjau", "riwayat", "periksa"] {
                let path = format!("{page}/{below}");
                if opened(&client.get(&path).await, &path) == Some(true) && !sees {
                    wrong.push(format!("{below} of a story {} opened for {}", status.name(), person.acts_as()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.stage.kit.db.close().await;
}
