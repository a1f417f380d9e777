//! Simpul, put together: the slices, the commands, the servers.
pub mod cli;
pub mod demo;
pub mod doctor;
pub mod serve;
pub mod start;

use web::Slice;

/// Every slice, in the order their migrations run.
pub fn slices() -> Vec<Slice> {
    vec![people::slice(), regions::slice(), kim::slice(), newsroom::slice(), own()]
}

/// What belongs to the whole rather than to a slice.
fn own() -> Slice {
    use web::Access;
    use web::slice::get;
    Slice { name: "app", routes: vec![get("/api/openapi.json", Access::Public, serve::openapi)], ..Slice::default() }
}
