//! Simpul, put together: the slices, the commands, the servers.
pub mod arrival;
pub mod audit;
pub mod backup;
pub mod breach;
pub mod cli;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod gauges;
mod manager;
pub mod privacy;
pub mod serve;
pub mod start;
pub mod user;

use base::Migration;
use web::Slice;

const MIGRATIONS: &[Migration] = &[Migration { name: "app/0001_backup", sql: include_str!("../migrations/0001_backup.sql") }];

/// Every slice, in the order their migrations run.
pub fn slices() -> Vec<Slice> {
    vec![people::slice(), regions::slice(), kim::slice(), newsroom::slice(), own()]
}

/// What belongs to the whole rather than to a slice.
fn own() -> Slice {
    use web::Access;
    use web::privacy::Personal;
    use web::slice::get;
    Slice {
        name: "app",
        migrations: MIGRATIONS,
        texts: vec![web::texts!("backup"), web::texts!("texts")],
        routes: vec![get("/api/openapi.json", Access::Public, serve::openapi)],
        jobs: backup::schedule::JOBS,
        crons: backup::schedule::CRONS,
        personal: Some(Personal::new(&[], &["app_backup"])),
        ..Slice::default()
    }
}
