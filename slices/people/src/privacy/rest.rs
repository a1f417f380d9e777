//! SQL over what logging in, invitations and handovers hold of one person: their copy, and forgetting it.
use base::{Conn, Result, Tx, sql};
use serde_json::{Value as Json, json};
use web::dates;
use web::privacy::Part;

use crate::{confirm, factor, oidc};

fn time(at: i64) -> Json {
    dates::iso(at, "62").into()
}

/// A thing with a name and two times.
#[derive(sqlx::FromRow)]
struct Thing {
    kind: String,
    name: String,
    at: i64,
    last: Option<i64>,
}

impl Thing {
    fn json(self, kind: &str, name: &str, at: &str, last: &str) -> Json {
        json!({ kind: self.kind, name: self.name, at: time(self.at), last: self.last.map(time) })
    }
}

/// What a person has to log in with, without its secrets; and where they invited, stood in or handed over.
pub(super) async fn parts(conn: &mut Conn, id: i64) -> Result<Vec<Part>> {
    let factors: Vec<Thing> = conn
        .all(sql!(
            "select kind, name, created_at as at, used_at as last from people_factor where account_id = $1
             union all select 'penyedia' as kind, provider as name, created_at as at, used_at as last
                 from people_identity where account_id = $1
             union all select 'atur ulang sandi' as kind, via as name, created_at as at, used_at as last
                 from people_reset where account_id = $1
             union all select 'email yang menunggu' as kind, email as name, sent_at as at, cast(null as bigint) as last
                 from people_confirm where account_id = $1
             union all select 'perangkat' as kind, '' as name, seen_at as at, cast(null as bigint) as last
                 from people_device where account_id = $1
             order by 3",
            id
        ))
        .await?;
    let invites: Vec<Thing> = conn
        .all(sql!(
            "select 'undangan dibuat' as kind, title as name, created_at as at, revoked_at as last from people_invite where made_by = $1
             union all select 'undangan diterima' as kind, i.title as name, j.at as at, j.decided_at as last
                 from people_join j join people_invite i on i.id = j.invite_id where j.account_id = $1
             order by 3",
            id
        ))
        .await?;
    let handed: Vec<Thing> = conn
        .all(sql!(
            "select case when source_id = $1 then 'menyerahkan' else 'menerima' end as kind, title as name, created_at as at, done_at as last
                 from people_handover where source_id = $1 or target_id = $1
             union all select case when giver_id = $1 then 'diganti' else 'menggantikan' end as kind, title as name, from_at as at,
                 coalesce(ended_at, until_at) as last from people_delegation where giver_id = $1 or deputy_id = $1
             order by 3",
            id
        ))
        .await?;
    let rows = |things: Vec<Thing>| things.into_iter().map(|thing| thing.json("jenis", "nama", "pada", "terakhir")).collect();
    Ok(vec![
        Part { name: "cara_masuk", title: "people-copy-factors", rows: rows(factors) },
        Part { name: "undangan", title: "people-copy-invites", rows: rows(invites) },
        Part { name: "serah_terima", title: "people-copy-handed", rows: rows(handed) },
    ])
}

/// Deletes what a person logs in with and takes them out of what is under way. That somebody of this
/// number invited or handed over stays.
pub(super) async fn forget(tx: &mut Tx, id: i64, now: i64) -> Result<()> {
    factor::store::forget_all(tx, id).await?;
    oidc::store::forget_all(tx, id).await?;
    confirm::store::remove(tx, id).await?;
    tx.run(sql!("delete from people_step where account_id = $1", id)).await?;
    tx.run(sql!("delete from people_device where account_id = $1", id)).await?;
    tx.run(sql!("delete from people_reset where account_id = $1", id)).await?;
    tx.run(sql!(
        "update people_invite set note = '' where note <> '' and not many
             and id in (select invite_id from people_join where account_id = $1)",
        id
    ))
    .await?;
    tx.run(sql!("delete from people_join where account_id = $1 and state in ('started', 'waiting')", id)).await?;
    tx.run(sql!(
        "update people_invite set note = '', revoked_at = case when used_at is null then coalesce(revoked_at, $2) else revoked_at end
         where made_by = $1",
        id,
        now
    ))
    .await?;
    tx.run(sql!("update people_delegation set ended_at = coalesce(ended_at, $2) where giver_id = $1 or deputy_id = $1", id, now))
        .await?;
    tx.run(sql!(
        "update people_handover set state = 'cancelled', done_at = $2 where state = 'waiting' and (source_id = $1 or target_id = $1)",
        id,
        now
    ))
    .await?;
    Ok(())
}

/// The accounts of which one of these tables holds something.
pub(super) async fn holders(conn: &mut Conn, table: &str) -> Result<Option<Vec<i64>>> {
    let query = match table {
        "people_factor" => sql!("select distinct account_id as id from people_factor order by account_id"),
        "people_recovery" => sql!("select distinct account_id as id from people_recovery order by account_id"),
        "people_step" => {
            sql!("select distinct account_id as id from people_step where account_id is not null order by account_id")
        }
        "people_confirm" => sql!("select account_id as id from people_confirm order by account_id"),
        "people_device" => sql!("select distinct account_id as id from people_device order by account_id"),
        "people_reset" => sql!("select distinct account_id as id from people_reset order by account_id"),
        "people_identity" => sql!("select distinct account_id as id from people_identity order by account_id"),
        "people_invite" => sql!("select distinct made_by as id from people_invite order by made_by"),
        "people_join" => sql!("select distinct account_id as id from people_join order by account_id"),
        "people_delegation" => {
            sql!("select giver_id as id from people_delegation union select deputy_id from people_delegation order by 1")
        }
        "people_handover" | "people_handed" => {
            sql!("select source_id as id from people_handover union select target_id from people_handover order by 1")
        }
        _ => return Ok(None),
    };
    let rows: Vec<(i64,)> = conn.all(query).await?;
    Ok(Some(rows.into_iter().map(|row| row.0).collect()))
}
