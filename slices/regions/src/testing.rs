//! A small set of real regions for the tests of this and later slices.
#![allow(clippy::expect_used, reason = "builders of tests")]
use std::sync::OnceLock;

use base::Kit;

use crate::import::{self, Edition};

/// Whether a code belongs to the small set.
fn belongs(code: &str) -> bool {
    let known = ["62", "63", "64", "63.71", "63.71.01", "63.71.01.1001", "63.71.01.1002"];
    known.contains(&code) || base::authz::within(code, "62.71")
}

/// Loads Kalimantan Tengah with Kota Palangka Raya, its 5 districts and 30 wards; Kalimantan Selatan
/// with Kota Banjarmasin, one district and two wards; Kalimantan Timur alone.
pub async fn sample(kit: &Kit) {
    static SMALL: OnceLock<Edition> = OnceLock::new();
    let small = SMALL.get_or_init(|| import::edition(belongs).expect("the regions"));
    let mut tx = kit.db.write().await.expect("a transaction");
    import::write(&mut tx, small, kit.clock.now(), &|_, _| {}).await.expect("an import");
    tx.commit().await.expect("a commit");
}
