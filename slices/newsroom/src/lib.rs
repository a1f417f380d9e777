//! Newsroom: writing, reviewing, publishing and reading the stories of KIM; bringing in old sites.
mod archive;
mod arrival;
pub mod article;
mod embed;
pub mod handover;
pub mod media;
mod moves;
mod privacy;
pub mod public;
pub mod review;
pub mod seed;
#[cfg(test)]
mod testing;
pub mod wordpress;

use std::sync::{Arc, LazyLock};

use base::authz::Role;
use base::i18n::Sources;
use base::jobs::Job;
use base::{Event, Migration};
use people::roles::{EDITOR, FOSTERING, MEMBER, NEWSROOM, OFFICER, OPERATOR, VERIFIER};
use utoipa::OpenApi;
use web::slice::{Searchable, get, post};
use web::{Access, MenuItem, Place, Route, Slice};

const MIGRATIONS: &[Migration] = &[
    Migration { name: "newsroom/0001_article", sql: include_str!("../migrations/0001_article.sql") },
    Migration { name: "newsroom/0002_desk", sql: include_str!("../migrations/0002_desk.sql") },
    Migration { name: "newsroom/0010_handover", sql: include_str!("../migrations/0010_handover.sql") },
    Migration { name: "newsroom/0011_due", sql: include_str!("../migrations/0011_due.sql") },
    Migration { name: "newsroom/0012_revision", sql: include_str!("../migrations/0012_revision.sql") },
    Migration { name: "newsroom/0020_remark", sql: include_str!("../migrations/0020_remark.sql") },
];

const TEXTS: Sources = web::texts!("article");

const JOBS: &[Job] = &[Job { kind: media::SWEEP, run: media::sweep }];

const SEARCHABLES: &[(&str, Searchable)] = &[("article", article::searchable::load)];

const WRITE: MenuItem =
    MenuItem { place: Place::Desk, order: 2, href: "/meja/tulis", text: "newsroom-menu-write", icon: "write", roles: NEWSROOM };

static MENU: LazyLock<Vec<MenuItem>> = LazyLock::new(|| [&[WRITE], public::MENU].concat());

/// Those who write.
const WRITERS: &[Role] = &[MEMBER, OFFICER, EDITOR, OPERATOR];
/// Those who have something to do with a story before readers see it.
const DESK: &[Role] = &[MEMBER, OFFICER, EDITOR, VERIFIER, FOSTERING, OPERATOR];

/// What this slice offers the app.
pub fn slice() -> Slice {
    Slice {
        name: "newsroom",
        migrations: MIGRATIONS,
        texts: vec![TEXTS, embed::TEXTS, public::TEXTS, wordpress::TEXTS, handover::TEXTS, web::texts!("privacy")],
        routes: routes(),
        listeners: vec![Arc::new(handover::Pens), Arc::new(moves::Moves)],
        jobs: JOBS,
        menu: &MENU,
        searchables: SEARCHABLES,
        stale: Some(stale),
        panels: Some(|ctx, conn, spot| public::panels(ctx, conn, spot)),
        tasks: Some(|ctx, conn| review::tasks(ctx, conn)),
        openapi: Some(openapi),
        archive: Some(archive::archive),
        arrival: Some(arrival::ADMIT),
        personal: Some(privacy::PERSONAL),
        acts: privacy::ACTS,
        ..Slice::default()
    }
}

fn routes() -> Vec<Route> {
    use self::article::pages as article;
    use self::media::pages as media;
    use self::review::pages as review;
    const WRITER: Access = Access::Roles(WRITERS);
    const AT_DESK: Access = Access::Roles(DESK);
    /// A body of 60,000 characters may take three times that in a form.
    const TEXT: usize = 1024 * 1024;
    let mut routes = vec![
        get("/meja/tulisan", AT_DESK, article::list),
        get("/meja/tulis", WRITER, article::start),
        post("/meja/tulis", WRITER, article::create).most(TEXT),
        get("/meja/tulisan/{id}", AT_DESK, article::edit),
        post("/meja/tulisan/{id}", WRITER, article::save).most(TEXT),
        post("/meja/tulisan/{id}/simpan-otomatis", WRITER, article::autosave).most(TEXT),
        get("/meja/tulisan/{id}/pratinjau", AT_DESK, article::preview),
        post("/meja/tulisan/{id}/kirim", WRITER, article::submit).most(TEXT),
        post("/meja/tulisan/{id}/hapus", WRITER, article::delete),
        post("/meja/tulisan/{id}/foto", WRITER, media::add).most(60 * 1024 * 1024),
        post("/meja/tulisan/{id}/foto/{photo}", WRITER, media::save),
        post("/meja/tulisan/{id}/foto/{photo}/hapus", WRITER, media::delete),
        get("/meja/tulisan/{id}/periksa", AT_DESK, review::show),
        post("/meja/tulisan/{id}/terbitkan", AT_DESK, review::publish),
        post("/meja/tulisan/{id}/minta-perbaikan", AT_DESK, review::ask_changes),
        post("/meja/tulisan/{id}/komentar", AT_DESK, review::comment),
        post("/meja/tulisan/{id}/tarik", AT_DESK, review::withdraw),
        post("/meja/tulisan/{id}/terbitkan-lagi", AT_DESK, review::republish),
        get("/meja/tulisan/{id}/riwayat", AT_DESK, self::review::history::show),
        post("/meja/tulisan/{id}/riwayat/{rev}/pulihkan", WRITER, self::review::history::restore),
        post("/api/v1/articles", Access::Account, self::article::api::create).most(TEXT).scope("articles:write"),
    ];
    routes.push(get("/kim/{slug}/sematan", Access::Public, embed::block).cached());
    routes.push(get("/kim/{slug}/sematan/pasang", Access::Public, embed::install).cached());
    routes.extend(public::routes());
    routes.extend(wordpress::routes());
    routes
}

fn openapi() -> utoipa::openapi::OpenApi {
    let mut whole = article::api::Doc::openapi();
    whole.merge(public::openapi());
    whole
}

/// Pages that show an article or lists with it.
fn stale(event: &Event) -> Vec<String> {
    let verb = event.kind.strip_prefix("newsroom.article.").unwrap_or("");
    if !matches!(verb, "published" | "edited" | "withdrawn" | "republished" | "moved" | "unsigned") {
        return Vec::new();
    }
    let mut tags = vec!["articles".to_owned(), "home".to_owned(), format!("article:{}", event.subject_id)];
    let data = event.json();
    tags.extend([event.group_id, data["was_group"].as_i64()].into_iter().flatten().map(|group| format!("kim:{group}")));
    let before = data["was_region"].as_str();
    for region in [event.region.as_deref(), before].into_iter().flatten() {
        let ends = region.match_indices('.').map(|(end, _)| end).chain([region.len()]);
        tags.extend(ends.map(|end| format!("region:{}", &region[..end])));
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_makes_its_pages_stale() {
        let event = |kind: &str| Event {
            region: Some("62.71.01".into()),
            group_id: Some(7),
            data: r#"{"was_region":"62.71.02"}"#.into(),
            ..Event::new(0, kind, ("article", 3))
        };
        let tags = stale(&event("newsroom.article.edited"));
        for tag in ["articles", "home", "article:3", "kim:7", "region:62", "region:62.71", "region:62.71.01", "region:62.71.02"] {
            assert!(tags.iter().any(|found| found == tag), "{tag} in {tags:?}");
        }
        assert!(stale(&event("newsroom.article.submitted")).is_empty());
        assert!(stale(&event("kim.group.changed")).is_empty());
    }
}
