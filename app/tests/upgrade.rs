//! From each released schema with data: the rows of yesterday are there, whole, under today's program.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
use base::{Migration, Query, migrate, sql};
use both::both;
use newsroom::article::Status;
use stage::Engine;

/// What the first schema consisted of. A release adds its list; a list is never changed.
const FIRST: &[&str] = &[
    "base/0001_platform",
    "people/0001_people",
    "regions/0001_region",
    "regions/0002_policy",
    "kim/0001_group",
    "kim/0002_member",
    "kim/0003_activity",
    "newsroom/0001_article",
];

/// Rows as the first program wrote them.
const ROWS: &str = "
insert into people_account (id, name, username, password_hash, status, created_at, updated_at)
    values (1, 'Warga', 'warga', 'x', 'active', 5, 5);
insert into people_grant (id, account_id, role, reach, group_id, from_at, created_at) values (1, 1, 'editor', 'group', 1, 5, 5);
insert into people_session (id, hash, account_id, created_at, seen_at, ends_at) values (1, 'h', 1, 5, 5, 9000000000000000);
insert into kim_group (id, slug, name, needle, region, status, about, themes, contact_phone, contact_email, contact_address, created_at, updated_at)
    values (1, 'kim-lama', 'KIM Lama', 'kim lama', '62.71.01.1001', 'active', '', '', '', '', '', 5, 5);
insert into kim_member (id, group_id, account_id, name, office, division, joined_at) values (1, 1, 1, 'Warga', 'chair', '', 5);
insert into kim_decree (id, group_id, number, issued_at, signer, created_at) values (1, 1, '1/2024', 5, 'Lurah', 5);
insert into newsroom_article (id, slug, group_id, region, author_name, title, lead, body, category, tags, lang, status, created_at, updated_at, published_at, version, words)
    values (1, 'kabar-lama', 1, '62.71.01.1001', 'Warga', 'Kabar lama', 'Lead', '<p>Isi</p>', 'kabar', '[]', 'id', 'published', 5, 5, 5, 1, 1);
insert into newsroom_article (id, slug, group_id, region, author_name, title, lead, body, category, tags, lang, status, created_at, updated_at, submitted_at, version, words)
    values (2, 'kabar-tunggu', 1, '62.71.01.1001', 'Warga', 'Kabar tunggu', 'Lead', '<p>Isi</p>', 'kabar', '[]', 'id', 'review', 5, 6, 5, 1, 1);
insert into newsroom_revision (article_id, at, account_name, title, lead, body, note) values (1, 4, 'Warga', 'Kabar', '', '', '');
insert into newsroom_revision (article_id, at, account_name, title, lead, body, note) values (1, 5, 'Warga', 'Kabar lama', 'Lead', '<p>Isi</p>', '');
insert into regions_policy (region, policy, value, set_by, set_at) values ('62.71', 'clock_review_days', '2', 1, 5);
";

#[both]
async fn rows_of_the_first_schema_are_there_today(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = engine.open(folder.path()).await;
    let all = web::app::migrations(&simpul::slices());
    let first: Vec<Migration> = all.iter().filter(|one| FIRST.contains(&one.name)).copied().collect();
    assert_eq!(first.len(), FIRST.len(), "a released migration is gone");
    migrate::run(&db, &first, 5).await.expect("the first schema");
    let mut tx = db.write().await.expect("a transaction");
    for row in ROWS.split(';').map(str::trim).filter(|row| !row.is_empty()) {
        tx.run(Query::new(row, vec![])).await.expect(row);
    }
    tx.commit().await.expect("committed");

    let later = migrate::run(&db, &all, 6).await.expect("today's schema");
    assert_eq!(later.len(), all.len() - first.len());
    let mut conn = db.read().await.expect("a connection");
    let article = newsroom::article::store::by_slug(&mut conn, "kabar-lama").await.expect("read").expect("the article");
    assert_eq!((article.status, article.title.as_str(), article.words), (Status::Published, "Kabar lama", 1));
    let kim = kim::find(&mut conn, "kim-lama").await.expect("read").expect("the group");
    assert_eq!((kim.id, kim.name.as_str()), (1, "KIM Lama"));
    assert_eq!(people::account::find_by_login(&mut conn, "warga").await.expect("read"), Some(1));
    let held = people::grant::holders(&mut conn, people::roles::EDITOR, &base::authz::Scope::Group(1), 10).await;
    assert_eq!(held.expect("read"), [1]);
    for (table, query) in [
        ("decree", sql!("select count(*) as n from kim_decree where number = '1/2024'")),
        ("member", sql!("select count(*) as n from kim_member where name = 'Warga'")),
        ("deadline", sql!("select count(*) as n from newsroom_article where slug = 'kabar-tunggu' and due_at = 172800000005")),
        ("revision", sql!("select count(*) as n from newsroom_revision where category = 'kabar' and region = '62.71.01.1001'")),
        ("session", sql!("select count(*) as n from people_session where hash = 'h'")),
    ] {
        assert_eq!(conn.int(query).await.expect("read"), 1, "{table}");
    }
}
