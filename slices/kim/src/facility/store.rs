//! SQL of tools and signal.
use base::{Conn, Result, Tx, sql};

use super::Facility;

pub async fn of(conn: &mut Conn, group: i64) -> Result<Facility> {
    conn.one(sql!("select connectivity, equipment, equipment_other from kim_group where id = $1", group)).await
}

pub async fn set(tx: &mut Tx, group: i64, facility: &Facility, now: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_group set connectivity = $2, equipment = $3, equipment_other = $4, updated_at = $5 where id = $1",
        group,
        &facility.connectivity,
        &facility.equipment,
        &facility.equipment_other,
        now
    ))
    .await
    .map(drop)
}
