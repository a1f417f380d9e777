//! People: accounts, sessions, grants, API tokens, notices, the member's desk and the operator's page.
pub mod account;
pub mod audit;
pub mod confirm;
pub mod consent;
pub mod delegation;
pub mod desk;
pub mod factor;
pub mod grant;
pub mod handover;
pub mod invite;
pub mod notice;
pub mod oidc;
pub mod operator;
pub mod privacy;
pub mod reset;
pub mod roles;
pub mod session;
#[doc(hidden)]
pub mod testing;
pub mod token;

use std::sync::Arc;

use base::jobs::{Cron, Job};
use base::{Conn, Event, Migration};
pub use session::identify;
use web::slice::{get, post};
use web::{Access, Ctx, MenuItem, Panel, Place, Route, Slice, Spot, Task};

const MIGRATIONS: &[Migration] = &[
    Migration { name: "people/0001_people", sql: include_str!("../migrations/0001_people.sql") },
    Migration { name: "people/0002_factor", sql: include_str!("../migrations/0002_factor.sql") },
    Migration { name: "people/0003_identity", sql: include_str!("../migrations/0003_identity.sql") },
    Migration { name: "people/0010_consent", sql: include_str!("../migrations/0010_consent.sql") },
    Migration { name: "people/0011_request", sql: include_str!("../migrations/0011_request.sql") },
    Migration { name: "people/0020_invite", sql: include_str!("../migrations/0020_invite.sql") },
    Migration { name: "people/0021_delegation", sql: include_str!("../migrations/0021_delegation.sql") },
    Migration { name: "people/0022_handover", sql: include_str!("../migrations/0022_handover.sql") },
    Migration { name: "people/0023_confirm", sql: include_str!("../migrations/0023_confirm.sql") },
    Migration { name: "people/0024_token_end", sql: include_str!("../migrations/0024_token_end.sql") },
];

const JOBS: &[Job] =
    &[session::JOB, reset::JOBS[0], confirm::JOB, privacy::watch::JOB, privacy::retention::JOB, privacy::retention::FOLD];
const CRONS: &[Cron] = &[session::CRON, privacy::watch::CRON, privacy::retention::CRON];

const MENU: &[MenuItem] = &[MenuItem {
    place: Place::Desk,
    order: 1,
    href: "/meja",
    text: "people-menu-today",
    icon: "today",
    roles: roles::ANYONE_AT_WORK,
}];

/// What this slice offers the app.
pub fn slice() -> Slice {
    Slice {
        name: "people",
        migrations: MIGRATIONS,
        texts: vec![
            web::texts!("."),
            web::texts!("factor"),
            web::texts!("reset"),
            web::texts!("confirm"),
            web::texts!("oidc"),
            web::texts!("invite"),
            web::texts!("handover"),
            web::texts!("delegation"),
            web::texts!("audit"),
            web::texts!("consent"),
            web::texts!("privacy"),
        ],
        routes: routes(),
        listeners: vec![Arc::new(notice::Notices)],
        jobs: JOBS,
        crons: CRONS,
        menu: MENU,
        stale: Some(stale),
        panels: Some(|ctx, conn, spot| Box::pin(panels(ctx, conn, spot))),
        tasks: Some(|ctx, conn| Box::pin(tasks(ctx, conn))),
        personal: Some(privacy::forget::PERSONAL),
        acts: audit::ACTS,
        ..Slice::default()
    }
}

async fn panels(ctx: &Ctx, conn: &mut Conn, spot: &Spot) -> web::Result<Vec<Panel>> {
    let mut all = delegation::panels(ctx, conn, spot).await?;
    all.extend(privacy::answer::panels(ctx, conn, spot).await?);
    Ok(all)
}

async fn tasks(ctx: &Ctx, conn: &mut Conn) -> web::Result<Vec<Task>> {
    let mut all = handover::tasks(ctx, conn).await?;
    all.extend(privacy::answer::tasks(ctx, conn).await?);
    all.extend(consent::pages::tasks(ctx, conn).await?);
    all.extend(factor::tasks(ctx, conn).await?);
    Ok(all)
}

/// Pages that name a person carry the tag of that person.
pub fn tag(account_id: i64) -> String {
    format!("person:{account_id}")
}

/// What changes how, or whether, a person is named.
fn stale(event: &Event) -> Vec<String> {
    let named = ["people.consent.", "people.account."].iter().any(|kind| event.kind.starts_with(kind));
    if named && event.subject_kind == "account" { vec![tag(event.subject_id)] } else { Vec::new() }
}

fn routes() -> Vec<Route> {
    let mut routes = own_routes();
    routes.extend(joining_routes());
    routes.extend(handing_routes());
    routes.extend(data_routes());
    routes
}

/// Coming in by an invitation.
fn joining_routes() -> Vec<Route> {
    use invite::pages as invite;
    vec![
        get("/gabung", Access::Public, invite::show),
        get("/gabung/{rahasia}", Access::Public, invite::open),
        get("/gabung/daftar", Access::Public, invite::form),
        post("/gabung/daftar", Access::Public, invite::register).joining(),
        post("/gabung/terima", Access::Account, invite::accept).joining(),
        post("/gabung/batal", Access::Account, invite::withdraw).joining(),
    ]
}

/// Handing over, and standing in.
fn handing_routes() -> Vec<Route> {
    use delegation::pages as delegation;
    use handover::pages as handover;
    vec![
        get("/akun/serah-terima", Access::Account, handover::form),
        post("/akun/serah-terima", Access::Account, handover::add),
        get("/akun/serah-terima/{id}", Access::Account, handover::show),
        post("/akun/serah-terima/{id}/setuju", Access::Account, handover::accept),
        post("/akun/serah-terima/{id}/tolak", Access::Account, handover::refuse),
        post("/akun/serah-terima/{id}/batal", Access::Account, handover::cancel),
        get("/akun/pengganti", Access::Account, delegation::show),
        post("/akun/pengganti", Access::Account, delegation::add),
        post("/akun/pengganti/{id}/akhiri", Access::Account, delegation::end),
    ]
}

/// Consent, the rights over one's data, and the record of acts.
fn data_routes() -> Vec<Route> {
    use crate::audit::pages as audit;
    use crate::consent::pages as consent;
    use crate::privacy::{answer, pages as privacy};
    const OVERSEER: Access = Access::Roles(roles::OVERSEERS);
    vec![
        get("/akun/persetujuan", Access::Account, consent::show).joining(),
        post("/akun/persetujuan", Access::Account, consent::save).joining(),
        get("/akun/data", Access::Account, privacy::show).joining(),
        get("/akun/data/salinan", Access::Account, privacy::take).joining(),
        post("/akun/data/salinan", Access::Account, privacy::download).joining(),
        get("/akun/data/permohonan", Access::Account, privacy::requests).joining(),
        post("/akun/data/permohonan", Access::Account, privacy::ask).joining(),
        post("/akun/data/permohonan/{id}/batal", Access::Account, privacy::take_back).joining(),
        post("/akun/data/buka", Access::Account, privacy::lift).joining(),
        get("/kelola/permohonan", OVERSEER, answer::list),
        get("/kelola/permohonan/{id}", OVERSEER, answer::show),
        post("/kelola/permohonan/{id}/jawab", OVERSEER, answer::answer),
        get("/kelola/audit", OVERSEER, audit::show),
    ]
}

fn own_routes() -> Vec<Route> {
    use account::pages as account;
    use operator::pages as operator;
    use session::pages as session;
    const OPERATOR: Access = Access::Roles(&[roles::OPERATOR]);
    vec![
        get("/masuk", Access::Public, session::form),
        post("/masuk", Access::Public, session::log_in),
        get("/masuk/kode", Access::Public, session::code_form),
        post("/masuk/kode", Access::Public, session::code),
        post("/masuk/kunci/mulai", Access::Public, factor::passkey::login_start),
        post("/masuk/kunci", Access::Public, factor::passkey::login),
        post("/daftar/kunci/mulai", Access::Public, factor::passkey::join_start),
        post("/daftar/kunci", Access::Public, factor::passkey::join),
        get("/masuk/lewat/{provider}", Access::Public, oidc::pages::go),
        get("/masuk/lewat/{provider}/kembali", Access::Public, oidc::pages::back),
        post("/akun/keamanan/identitas/{id}/lepas", Access::Account, oidc::pages::unlink),
        get("/lupa-sandi", Access::Public, reset::pages::lost),
        post("/lupa-sandi", Access::Public, reset::pages::ask),
        post("/lupa-sandi/slip", Access::Public, reset::pages::open_slip),
        get("/atur-sandi/{secret}", Access::Public, reset::pages::open_link),
        get("/atur-sandi", Access::Public, reset::pages::form),
        post("/atur-sandi", Access::Public, reset::pages::set),
        get("/akun/buktikan", Access::Account, factor::prove::form),
        post("/akun/buktikan", Access::Account, factor::prove::prove),
        get("/akun/keamanan", Access::Account, factor::pages::show),
        get("/akun/keamanan/aplikasi", Access::Account, factor::pages::app_form),
        post("/akun/keamanan/aplikasi", Access::Account, factor::pages::add_app),
        post("/akun/keamanan/kunci/mulai", Access::Account, factor::passkey::add_start),
        post("/akun/keamanan/kunci", Access::Account, factor::passkey::add),
        post("/akun/keamanan/faktor/{id}/hapus", Access::Account, factor::pages::remove),
        post("/akun/keamanan/pemulihan", Access::Account, factor::pages::renew),
        post("/akun/keamanan/tanpa-sandi", Access::Account, factor::pages::drop_password),
        post("/akun/keamanan/sesi/{id}/akhiri", Access::Account, crate::session::list::end),
        post("/akun/keamanan/sesi/akhiri-lain", Access::Account, crate::session::list::end_others),
        get("/akun/kontak", Access::Account, factor::pages::contact_form),
        post("/akun/kontak", Access::Account, factor::pages::set_contact),
        get("/akun/email", Access::Account, confirm::pages::show).joining(),
        post("/akun/email", Access::Account, confirm::pages::confirm).joining(),
        post("/akun/email/ulang", Access::Account, confirm::pages::again).joining(),
        post("/akun/email/ganti", Access::Account, confirm::pages::other).joining(),
        post("/kelola/akun/{id}/email", OPERATOR, confirm::pages::vouch),
        post("/keluar", Access::Public, session::log_out).joining(),
        get("/daftar", Access::Public, account::form),
        post("/daftar", Access::Public, account::register),
        get("/akun", Access::Account, account::show).joining(),
        post("/akun", Access::Account, account::save).joining(),
        post("/akun/sandi", Access::Account, account::change_password).joining(),
        post("/akun/token", Access::Account, token::pages::issue),
        post("/akun/token/{id}/cabut", Access::Account, token::pages::revoke),
        get("/meja", Access::Account, desk::show),
        post("/meja/pemberitahuan", Access::Account, notice::read_all),
        get("/kelola", OPERATOR, operator::show),
        get("/kelola/akun/{id}", OPERATOR, operator::account),
        post("/kelola/akun/{id}/hak", OPERATOR, operator::give),
        post("/kelola/akun/{id}/hak/{grant}/akhiri", OPERATOR, operator::end),
        post("/kelola/akun/{id}/kunci", OPERATOR, operator::lock),
        post("/kelola/akun/{id}/faktor", OPERATOR, operator::drop_factors),
        post("/kelola/akun/{id}/slip", OPERATOR, reset::pages::operator_slip),
        post("/kelola/pekerjaan/{id}/ulang", OPERATOR, operator::revive),
    ]
}
