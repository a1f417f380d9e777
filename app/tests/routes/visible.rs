//! What is public by page is public by API and feed, and nothing besides.
use base::Query;
use both::both;
use newsroom::article::Status;
use stage::{Client, Engine};

use crate::world::{Account, HERE, Membership, Person, World};

/// Those who see of the public part what a stranger sees.
const STRANGERS: &[&str] = &["nobody", "token", "resident", "agency"];
const OTHERS: &[&str] = &["member", "officer", "editor", "verifier", "fostering", "operator"];

async fn is_open(client: &mut Client, path: &str) -> bool {
    client.get(path).await.status.is_success()
}

async fn shows(client: &mut Client, path: &str, word: &str) -> bool {
    client.get(path).await.expect(200).text().contains(word)
}

/// A story of each status; the withdrawn one had been out.
async fn stories(world: &World) -> Vec<(Status, String)> {
    let mut all = Vec::new();
    for status in Status::ALL {
        let story = world.story(&world.here, status).await;
        if status == Status::Withdrawn {
            let text =
                "update newsroom_article set published_at = 1, withdrawn_at = 2, withdrawn_reason = 'Keliru' where id = $1";
            let mut tx = world.stage.write().await;
            tx.run(Query::new(text, vec![story.id.into()])).await.expect("withdrawn");
            tx.commit().await.expect("committed");
        }
        all.push((status, story.slug));
    }
    all
}

/// Stories of every status: page, API, lists, feeds and search agree for everyone.
#[both]
async fn the_api_shows_the_stories_that_the_pages_show(engine: Engine) {
    let world = World::open(engine).await;
    let stories = stories(&world).await;
    world.stage.settle().await;
    let lists = [
        "/kabar",
        "/kabar?kim=kim-sini",
        "/api/v1/articles?limit=100",
        "/api/v1/articles?kim=kim-sini",
        "/feed.atom",
        "/feed.json",
        "/kim/kim-sini/feed.atom",
        "/kim/kim-sini/feed.json",
        "/kim/kim-sini/sematan",
        "/wilayah/62.71/feed.json",
        "/kabar/kategori/kabar/feed.json",
        "/cari?q=cerita",
        "/api/v1/search?q=cerita",
    ];
    for role in STRANGERS.iter().chain(OTHERS) {
        let mut client = world.client(&Person::new(role, Account::Active, Membership::Holds)).await;
        for (status, slug) in &stories {
            let out = *status == Status::Published;
            let page = client.get(&format!("/kabar/{slug}")).await.status.as_u16();
            let api = client.get(&format!("/api/v1/articles/{slug}")).await.status.as_u16();
            assert_eq!(page, api, "a story {} for a {role}", status.name());
            assert_eq!(page == 200, out, "a story {} for a {role}", status.name());
            for list in &lists {
                let word = format!("/kabar/{slug}");
                assert_eq!(shows(&mut client, list, &word).await, out, "{list} and a story {} for a {role}", status.name());
            }
        }
    }
    world.stage.kit.db.close().await;
}

/// KIM of every status: where the page is shut, so is everything that names the KIM; to strangers page
/// and API are the same. What an import listed and nobody verified has a page and is not in the API.
#[both]
async fn the_api_shows_the_kim_that_the_pages_show(engine: Engine) {
    let world = World::open(engine).await;
    let kit = &world.stage.kit;
    let mut slugs = Vec::new();
    for status in kim::Status::ALL {
        let slug = format!("kim-{}", status.code());
        kim::testing::in_status(kit, &slug, HERE, status).await;
        slugs.push((slug, status.is_public()));
    }
    let listed = kim::testing::in_status(kit, "kim-terdaftar", HERE, kim::Status::Draft).await;
    let mut tx = world.stage.write().await;
    let text = "update kim_group set listing = 'unclaimed' where id = $1";
    tx.run(Query::new(text, vec![listed.into()])).await.expect("listed");
    tx.commit().await.expect("committed");
    world.stage.settle().await;
    let derived = |slug: &str| {
        [
            format!("/api/v1/kim/{slug}"),
            format!("/kim/{slug}/riwayat"),
            format!("/kim/{slug}/feed.atom"),
            format!("/kim/{slug}/feed.json"),
            format!("/kim/{slug}/sematan"),
            format!("/kim/{slug}/sematan/pasang"),
            format!("/kabar?kim={slug}"),
            format!("/feed.json?kim={slug}"),
            format!("/cari?q=kabar&kim={slug}"),
            format!("/api/v1/articles?kim={slug}"),
        ]
    };
    for role in STRANGERS.iter().chain(OTHERS) {
        let mut client = world.client(&Person::new(role, Account::Active, Membership::Holds)).await;
        for (slug, public) in &slugs {
            let page = is_open(&mut client, &format!("/kim/{slug}")).await;
            let api = is_open(&mut client, &format!("/api/v1/kim/{slug}")).await;
            assert_eq!(api, *public, "the API and {slug} for a {role}");
            assert!(page || !api, "the API shows {slug} to a {role}, the page does not");
            if STRANGERS.contains(role) {
                assert_eq!(page, api, "{slug} for a {role}");
            }
            // To whom it is public makes no difference here: nobody finds more of it than its page says.
            for path in derived(slug) {
                let open = is_open(&mut client, &path).await;
                assert!(page || !open, "{path} opened for a {role}, the page of {slug} is shut");
                assert!(*public || !open || path.ends_with("/riwayat"), "{path} opened for a {role}");
            }
            let word = format!("/kim/{slug}\"");
            for list in ["/kim", "/api/v1/kim?limit=100", "/api/v1/search?q=kim"] {
                assert!(*public || !shows(&mut client, list, &word).await, "{list} shows {slug} to a {role}");
            }
        }
        assert!(is_open(&mut client, "/kim/kim-terdaftar").await, "a listing for a {role}");
        assert!(is_open(&mut client, "/api/v1/kim/kim-terdaftar").await, "a listing in the API for a {role}");
    }
    world.stage.kit.db.close().await;
}
