//! KIM: the register with its lifecycle, members, decrees, public pages and the fostering desk.
mod access;
mod activity;
mod age;
pub mod arrival;
mod bina;
mod bulk;
mod claim;
mod coverage;
mod decree;
mod duplicate;
mod emblem;
mod export;
mod facility;
mod handover;
mod history;
mod invite;
mod keeper;
mod member;
mod named;
mod page;
mod place;
mod privacy;
mod public;
mod reconfirm;
mod register;
#[cfg(test)]
mod scene;
pub mod seed;
mod sheet;
mod slip;
mod term;
#[doc(hidden)]
pub mod testing;
mod verify;

use std::sync::Arc;

use base::Migration;
use base::jobs::{Cron, Job};
use base::pictures::MOST_BYTES;
use web::slice::{Access, MenuItem, Place, Searchable, get, post};
use web::{Route, Slice};

pub use bina::{days_left, left_class, say_left};
pub use emblem::{emblem, emblem_big};
pub use export::rows::{DecreeRow, FORMAT, HistoryRow, KimRow, MemberRow, TermRow, VERSION, picture};
pub use register::{Brief, Kim, Status, briefs, by_id, find, of_actor, present};

use access::{DECREE_READERS, INSIDERS, KEEPERS};
use people::roles::OVERSEERS;

const MIGRATIONS: &[Migration] = &[
    Migration { name: "kim/0001_group", sql: include_str!("../migrations/0001_group.sql") },
    Migration { name: "kim/0002_member", sql: include_str!("../migrations/0002_member.sql") },
    Migration { name: "kim/0003_activity", sql: include_str!("../migrations/0003_activity.sql") },
    Migration { name: "kim/0004_decision", sql: include_str!("../migrations/0004_decision.sql") },
    Migration { name: "kim/0005_decree", sql: include_str!("../migrations/0005_decree.sql") },
    Migration { name: "kim/0006_reconfirm", sql: include_str!("../migrations/0006_reconfirm.sql") },
    Migration { name: "kim/0007_term", sql: include_str!("../migrations/0007_term.sql") },
    Migration { name: "kim/0008_facility", sql: include_str!("../migrations/0008_facility.sql") },
    Migration { name: "kim/0010_bulk", sql: include_str!("../migrations/0010_bulk.sql") },
    Migration { name: "kim/0011_claim", sql: include_str!("../migrations/0011_claim.sql") },
    Migration { name: "kim/0012_duplicate", sql: include_str!("../migrations/0012_duplicate.sql") },
    Migration { name: "kim/0013_page", sql: include_str!("../migrations/0013_page.sql") },
    Migration { name: "kim/0014_age", sql: include_str!("../migrations/0014_age.sql") },
    Migration { name: "kim/0020_handover", sql: include_str!("../migrations/0020_handover.sql") },
    Migration { name: "kim/0021_recount", sql: include_str!("../migrations/0021_recount.sql") },
    Migration { name: "kim/0022_published_at", sql: include_str!("../migrations/0022_published_at.sql") },
    Migration { name: "kim/0021_arrival", sql: include_str!("../migrations/0021_arrival.sql") },
];

const MENU: &[MenuItem] = &[
    MenuItem { place: Place::Bar, order: 30, href: "/kim", text: "kim-menu", icon: "people", roles: &[] },
    MenuItem { place: Place::Desk, order: 20, href: "/bina", text: "kim-menu-bina", icon: "road", roles: OVERSEERS },
    MenuItem { place: Place::Foot, order: 20, href: "/kim", text: "kim-menu-all", icon: "people", roles: &[] },
];

const JOBS: &[Job] = &[decree::remind::JOB, reconfirm::ask::JOB, bulk::JOB, privacy::retention::JOB];
const CRONS: &[Cron] = &[decree::remind::CRON, reconfirm::ask::CRON, bulk::CRON, privacy::retention::CRON];

const SEARCHABLES: &[(&str, Searchable)] = &[("kim", public::search::load)];

/// Everything this slice offers.
#[allow(clippy::needless_update, reason = "what slices may offer grows; this one names what it has")]
pub fn slice() -> Slice {
    let mut routes = public_routes();
    routes.extend(desk_routes());
    routes.extend(bina_routes());
    routes.extend(joining_routes());
    routes.extend(bulk_routes());
    routes.extend(claim_routes());
    routes.extend(duplicate_routes());
    routes.extend(export_routes());
    Slice {
        name: "kim",
        migrations: MIGRATIONS,
        texts: vec![
            web::texts!("."),
            web::texts!("verify"),
            web::texts!("decree"),
            web::texts!("reconfirm"),
            web::texts!("term"),
            web::texts!("facility"),
            web::texts!("invite"),
            web::texts!("keeper"),
            web::texts!("handover"),
            web::texts!("slip"),
            web::texts!("coverage"),
            web::texts!("bulk"),
            web::texts!("claim"),
            web::texts!("duplicate"),
            web::texts!("export"),
            web::texts!("page"),
            web::texts!("place"),
            web::texts!("age"),
            web::texts!("privacy"),
        ],
        routes,
        listeners: vec![
            Arc::new(activity::Activity),
            Arc::new(invite::Joins),
            Arc::new(handover::Offices),
            Arc::new(place::Places),
        ],
        jobs: JOBS,
        crons: CRONS,
        menu: MENU,
        searchables: SEARCHABLES,
        stale: Some(public::search::stale),
        panels: Some(public::panels::panels),
        tasks: Some(public::panels::tasks),
        name_of: Some(named::name_of),
        find_group: Some(named::find_group),
        region_map: Some(coverage::map::region),
        openapi: Some(public::api::openapi),
        archive: Some(export::rows::archive),
        arrival: Some(arrival::ADMIT),
        domain_page: Some(|slug| format!("/kim/{slug}")),
        vet: Some(|conn, vetted| Box::pin(age::vet(conn, vetted))),
        personal: Some(privacy::PERSONAL),
        acts: privacy::ACTS,
        ..Slice::default()
    }
}

fn public_routes() -> Vec<Route> {
    vec![
        get("/kim", Access::Public, public::directory::list).cached(),
        get("/kim/baru", Access::Account, register::pages::new),
        post("/kim/baru", Access::Account, register::pages::create),
        get("/kim/{slug}", Access::Public, public::show::show).cached(),
        get("/kim/{slug}/riwayat", Access::Public, public::show::history).cached(),
        get("/api/v1/kim", Access::Public, public::api::list),
        get("/api/v1/kim/{slug}", Access::Public, public::api::show),
        get("/api/v1/kim/{slug}/history", Access::Public, public::api::history),
    ]
}

fn desk_routes() -> Vec<Route> {
    let keepers = Access::Roles(KEEPERS);
    vec![
        get("/meja/kim/{slug}", Access::Roles(INSIDERS), register::pages::manage),
        get("/meja/kim/{slug}/profil", keepers, register::profile::edit),
        post("/meja/kim/{slug}/profil", keepers, register::profile::save).most(2 * MOST_BYTES + 64 * 1024),
        get("/meja/kim/{slug}/anggota", Access::Roles(INSIDERS), member::pages::list),
        get("/meja/kim/{slug}/anggota/baru", keepers, member::pages::new),
        post("/meja/kim/{slug}/anggota/baru", keepers, member::pages::add),
        get("/meja/kim/{slug}/anggota/{id}", keepers, member::pages::edit),
        post("/meja/kim/{slug}/anggota/{id}", keepers, member::pages::save),
        post("/meja/kim/{slug}/anggota/{id}/keluar", keepers, member::pages::leave),
        get("/meja/kim/{slug}/jabatan", Access::Roles(INSIDERS), term::pages::list),
        get("/meja/kim/{slug}/jabatan/{id}", keepers, term::pages::show),
        post("/meja/kim/{slug}/jabatan/{id}", keepers, term::pages::save),
        post("/meja/kim/{slug}/jabatan/{id}/serah", keepers, term::pages::pass),
        get("/meja/kim/{slug}/sarana", keepers, facility::pages::edit),
        post("/meja/kim/{slug}/sarana", keepers, facility::pages::save),
        get("/meja/kim/{slug}/sk", keepers, decree::pages::show),
        post("/meja/kim/{slug}/sk", keepers, decree::pages::add).most(MOST_BYTES + 64 * 1024),
        get("/meja/kim/{slug}/sk/berkas/{id}", Access::Roles(DECREE_READERS), decree::pages::scan),
        get("/meja/kim/{slug}/masih-aktif", keepers, reconfirm::pages::show),
        post("/meja/kim/{slug}/masih-aktif", keepers, reconfirm::pages::answer),
        get("/meja/kim/{slug}/halaman", keepers, page::pages::edit),
        post("/meja/kim/{slug}/halaman", keepers, page::pages::save),
        get("/meja/kim/{slug}/ajukan", keepers, register::submit::check),
        post("/meja/kim/{slug}/ajukan", keepers, register::submit::submit),
    ]
}

/// Inviting people, handing over, and naming an officer where there is none.
fn joining_routes() -> Vec<Route> {
    use self::invite::official;
    use self::invite::pages as invite;
    let keepers = Access::Roles(KEEPERS);
    let operator = Access::Roles(&[people::roles::OPERATOR]);
    let movers = Access::Roles(handover::pages::MOVERS);
    let overseers = Access::Roles(OVERSEERS);
    vec![
        get("/meja/kim/{slug}/undangan", keepers, invite::list),
        post("/meja/kim/{slug}/undangan", keepers, invite::make),
        post("/meja/kim/{slug}/undangan/{id}/cabut", keepers, invite::revoke),
        post("/meja/kim/{slug}/undangan/orang/{id}/terima", keepers, invite::approve),
        post("/meja/kim/{slug}/undangan/orang/{id}/tolak", keepers, invite::refuse),
        get("/kelola/undangan", operator, official::list),
        post("/kelola/undangan", operator, official::make),
        post("/kelola/undangan/{id}/cabut", operator, official::revoke),
        get("/meja/kim/{slug}/serah-terima", movers, handover::pages::form),
        post("/meja/kim/{slug}/serah-terima", movers, handover::pages::add),
        get("/bina/tanpa-pengurus", overseers, keeper::pages::list),
        post("/bina/kim/{slug}/undang-pengurus", overseers, keeper::pages::appoint),
        get("/bina/kim/{slug}/slip", overseers, slip::list),
        post("/bina/kim/{slug}/slip/{id}", overseers, slip::make),
    ]
}

fn bina_routes() -> Vec<Route> {
    let overseers = Access::Roles(OVERSEERS);
    vec![
        get("/bina", overseers, bina::pages::desk),
        get("/bina/verifikasi", overseers, verify::queue::show),
        post("/bina/verifikasi", overseers, verify::approve::approve),
        get("/bina/verifikasi/hasil/{id}", overseers, verify::approve::result),
        get("/bina/cakupan", overseers, coverage::pages::show),
        get("/bina/cakupan/daftar", overseers, coverage::list::show),
        get("/bina/cakupan.csv", overseers, coverage::export::csv),
        get("/bina/cakupan.xlsx", overseers, coverage::export::xlsx),
        get("/bina/kim/{slug}", overseers, bina::check::show),
        post("/bina/kim/{slug}/verifikasi", overseers, bina::check::verify),
        post("/bina/kim/{slug}/kembalikan", overseers, bina::check::give_back),
        post("/bina/kim/{slug}/tolak", overseers, bina::check::reject),
        post("/bina/kim/{slug}/buka-lagi", overseers, bina::check::reopen),
        post("/bina/kim/{slug}/aktifkan", overseers, bina::check::activate),
        post("/bina/kim/{slug}/istirahatkan", overseers, bina::check::rest),
        post("/bina/kim/{slug}/bubarkan", overseers, bina::check::dissolve),
    ]
}

/// The same pages twice: a register for those over a region, a roster for those who keep a KIM.
fn bulk_routes() -> Vec<Route> {
    use bulk::{pages, paper};
    const FILE: usize = bulk::FILE_MOST + 1024 * 1024;
    let (over, keep) = (Access::Roles(OVERSEERS), Access::Roles(KEEPERS));
    vec![
        get("/bina/impor", over, pages::start),
        post("/bina/impor", over, pages::upload).most(FILE),
        get("/bina/impor/templat/{file}", over, pages::template),
        get("/bina/impor/formulir", over, paper::show),
        get("/bina/impor/{id}", over, pages::show),
        get("/bina/impor/{id}/ditolak/{file}", over, pages::refused),
        post("/bina/impor/{id}/masukkan", over, pages::run),
        post("/bina/impor/{id}/buang", over, pages::discard),
        post("/bina/impor/{id}/batalkan", over, pages::take_back),
        get("/meja/kim/{slug}/impor", keep, pages::start),
        post("/meja/kim/{slug}/impor", keep, pages::upload).most(FILE),
        get("/meja/kim/{slug}/impor/templat/{file}", keep, pages::template),
        get("/meja/kim/{slug}/impor/formulir", keep, paper::show),
        get("/meja/kim/{slug}/impor/{id}", keep, pages::show),
        get("/meja/kim/{slug}/impor/{id}/ditolak/{file}", keep, pages::refused),
        post("/meja/kim/{slug}/impor/{id}/masukkan", keep, pages::run),
        post("/meja/kim/{slug}/impor/{id}/buang", keep, pages::discard),
        post("/meja/kim/{slug}/impor/{id}/batalkan", keep, pages::take_back),
    ]
}

fn claim_routes() -> Vec<Route> {
    let over = Access::Roles(OVERSEERS);
    vec![
        get("/kim/{slug}/klaim", Access::Account, claim::pages::show),
        post("/kim/{slug}/klaim", Access::Account, claim::pages::claim),
        get("/bina/klaim", over, claim::desk::list),
        post("/bina/klaim/{id}/terima", over, claim::desk::accept),
        post("/bina/klaim/{id}/tolak", over, claim::desk::refuse),
    ]
}

fn duplicate_routes() -> Vec<Route> {
    let over = Access::Roles(OVERSEERS);
    vec![
        get("/bina/ganda", over, duplicate::pages::list),
        get("/bina/ganda/{one}/{two}", over, duplicate::pages::pair),
        post("/bina/ganda/{one}/{two}/gabung", over, duplicate::pages::merge),
        post("/bina/ganda/{one}/{two}/beda", over, duplicate::pages::part),
        get("/bina/pindah", over, place::pages::list),
        post("/bina/pindah/{slug}", over, place::pages::decide),
    ]
}

fn export_routes() -> Vec<Route> {
    vec![
        get("/kim/ekspor/{file}", Access::Public, export::table::public),
        get("/bina/ekspor/{file}", Access::Roles(OVERSEERS), export::table::overseen),
        get("/meja/kim/{slug}/anggota/ekspor/{file}", Access::Roles(DECREE_READERS), export::table::roster),
        get("/meja/kim/{slug}/ekspor", Access::Roles(KEEPERS), export::archive::show),
        get("/meja/kim/{slug}/ekspor/{file}", Access::Roles(KEEPERS), export::archive::download),
    ]
}
