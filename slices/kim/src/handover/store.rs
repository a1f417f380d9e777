//! SQL of offices that were handed over.
use base::{Conn, Result, Tx, sql};

use crate::member::Office;

/// Notes an office before and after; empty for outside the roster.
pub(super) async fn note(tx: &mut Tx, handover: i64, member: i64, before: &str, after: &str) -> Result<u64> {
    tx.run(sql!(
        "insert into kim_handover (handover_id, member_id, before, after) values ($1, $2, $3, $4)
         on conflict (handover_id, member_id) do nothing",
        handover,
        member,
        before,
        after
    ))
    .await
}

/// A member's office before and after.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Moved {
    pub name: String,
    pub before: String,
    pub after: String,
}

impl Moved {
    pub fn before_key(&self) -> &'static str {
        Office::parse(&self.before).map_or("kim-handover-outside", Office::key)
    }

    pub fn after_key(&self) -> &'static str {
        Office::parse(&self.after).map_or("kim-handover-left", Office::key)
    }
}

pub(super) async fn moved(conn: &mut Conn, handover: i64) -> Result<Vec<Moved>> {
    conn.all(sql!(
        "select m.name as name, h.before as before, h.after as after from kim_handover h join kim_member m on m.id = h.member_id
         where h.handover_id = $1 order by m.id",
        handover
    ))
    .await
}
