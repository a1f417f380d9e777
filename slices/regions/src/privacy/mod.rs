//! What the regions hold of people: who set a policy, by number.
use base::Conn;
use web::privacy::{Basis, Kept, Personal, Processing};

pub const PERSONAL: Personal = Personal {
    holders: Some(|conn, table| Box::pin(holders(conn, table))),
    ..Personal::new(LINES, &["regions_region", "regions_name", "regions_outline", "regions_change"])
};

const LINES: &[Processing] = &[Processing {
    tables: &["regions_policy"],
    what: "regions-holds-policy",
    data: "regions-holds-policy-data",
    why: "regions-holds-policy-why",
    basis: Basis::PublicTask,
    seen: "regions-holds-policy-seen",
    kept: Kept { key: "regions-kept-policy", n: 0 },
}];

/// The accounts that a table of this slice names.
async fn holders(conn: &mut Conn, table: &str) -> base::Result<Option<Vec<i64>>> {
    if table == "regions_policy" { crate::policy::store::deciders(conn).await.map(Some) } else { Ok(None) }
}

/// The acts of this slice with the keys of their words.
pub const ACTS: &[(&str, &str)] = &[("regions.policy.changed", "regions-act-policy")];
