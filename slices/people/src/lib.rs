//! People: accounts, sessions, grants, API tokens, notices, the member's desk and the operator's page.
pub mod account;
pub mod desk;
pub mod grant;
pub mod notice;
pub mod operator;
pub mod roles;
pub mod session;
#[doc(hidden)]
pub mod testing;
pub mod token;

use std::sync::Arc;

use base::Migration;
pub use session::identify;
use web::slice::{get, post};
use web::{Access, MenuItem, Place, Route, Slice};

const MIGRATIONS: &[Migration] = &[Migration { name: "people/0001_people", sql: include_str!("../migrations/0001_people.sql") }];

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
        texts: vec![web::texts!(".")],
        routes: routes(),
        listeners: vec![Arc::new(notice::Notices)],
        jobs: session::JOBS,
        crons: session::CRONS,
        menu: MENU,
        ..Slice::default()
    }
}

fn routes() -> Vec<Route> {
    use account::pages as account;
    use operator::pages as operator;
    use session::pages as session;
    const OPERATOR: Access = Access::Roles(&[roles::OPERATOR]);
    vec![
        get("/masuk", Access::Public, session::form),
        post("/masuk", Access::Public, session::log_in),
        post("/keluar", Access::Public, session::log_out),
        get("/daftar", Access::Public, account::form),
        post("/daftar", Access::Public, account::register),
        get("/akun", Access::Account, account::show),
        post("/akun", Access::Account, account::save),
        post("/akun/sandi", Access::Account, account::change_password),
        post("/akun/token", Access::Account, token::pages::issue),
        post("/akun/token/{id}/cabut", Access::Account, token::pages::revoke),
        get("/meja", Access::Account, desk::show),
        post("/meja/pemberitahuan", Access::Account, notice::read_all),
        get("/kelola", OPERATOR, operator::show),
        get("/kelola/akun/{id}", OPERATOR, operator::account),
        post("/kelola/akun/{id}/hak", OPERATOR, operator::give),
        post("/kelola/akun/{id}/hak/{grant}/akhiri", OPERATOR, operator::end),
        post("/kelola/akun/{id}/kunci", OPERATOR, operator::lock),
        post("/kelola/pekerjaan/{id}/ulang", OPERATOR, operator::revive),
    ]
}
