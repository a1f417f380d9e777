//! Notices: an event that names people in `notify` reaches each of them on their desk.
use async_trait::async_trait;
use axum::response::Response;
use base::events::Listener;
use base::{Conn, Event, Result, Tx, sql};
use serde::Deserialize;
use web::{Ctx, Form};

/// The listener that turns events into notices.
pub struct Notices;

#[async_trait]
impl Listener for Notices {
    fn name(&self) -> &'static str {
        "people.notices"
    }

    fn wants(&self, _kind: &str) -> bool {
        true
    }

    fn heeds(&self, event: &Event) -> bool {
        event.data.contains("\"notify\"")
    }

    async fn hear(&self, tx: &mut Tx, event: &Event) -> Result<()> {
        let data = event.json();
        let Some(people) = data["notify"].as_array() else { return Ok(()) };
        let key = data["notice"].as_str().unwrap_or_default();
        let reason = data["reason"].as_str().unwrap_or_default();
        for account_id in people.iter().filter_map(serde_json::Value::as_i64) {
            if Some(account_id) == event.actor_id {
                continue;
            }
            tx.run(sql!(
                "insert into people_notice (event_position, account_id, at, text_key, title, reason, link)
                 select cast($1 as bigint), id, cast($3 as bigint), cast($4 as text), cast($5 as text), cast($6 as text), cast($7 as text)
                 from people_account where id = $2 and status <> 'deleted'
                 on conflict (event_position, account_id) do nothing",
                event.position,
                account_id,
                event.at,
                key,
                &event.title,
                reason,
                data["notice_link"].as_str().unwrap_or(&event.link)
            ))
            .await?;
        }
        Ok(())
    }

    async fn forget(&self, tx: &mut Tx) -> Result<()> {
        // What a person has read stays read: hearing an event again leaves that row alone.
        tx.run(sql!("delete from people_notice where read_at is null")).await.map(drop)
    }
}

/// A notice on the desk.
#[derive(sqlx::FromRow)]
pub(crate) struct Notice {
    pub at: i64,
    pub text_key: String,
    pub title: String,
    pub reason: String,
    pub link: String,
    pub read_at: Option<i64>,
}

/// The newest notices of a person, unread ones first.
pub(crate) async fn newest(conn: &mut Conn, account_id: i64, limit: i64) -> Result<Vec<Notice>> {
    conn.all(sql!(
        "select at, text_key, title, reason, link, read_at from people_notice where account_id = $1
         order by case when read_at is null then 0 else 1 end, id desc limit $2",
        account_id,
        limit
    ))
    .await
}

/// Takes words out of the reasons that someone gave others.
pub(crate) async fn blacken(tx: &mut Tx, actor_id: i64, secret: &str, instead: &str) -> Result<()> {
    tx.run(sql!(
        "update people_notice set reason = replace(reason, $2, $3)
         where reason <> '' and event_position in (select position from base_event where actor_id = $1)",
        actor_id,
        secret,
        instead
    ))
    .await?;
    Ok(())
}

/// Deletes the notices of a person.
pub(crate) async fn forget_person(tx: &mut Tx, account_id: i64) -> Result<u64> {
    tx.run(sql!("delete from people_notice where account_id = $1", account_id)).await
}

#[derive(Deserialize)]
pub struct Nothing {}

/// Marks all notices of the person as read.
pub async fn read_all(ctx: Ctx, form: Form<Nothing>) -> web::Result<Response> {
    let account_id = ctx.actor()?.account_id;
    let mut tx = ctx.kit.db.write().await?;
    tx.run(sql!("update people_notice set read_at = $2 where account_id = $1 and read_at is null", account_id, ctx.now()))
        .await?;
    ctx.commit(tx, &form, ctx.onward("/meja", "people-notices-read")).await
}
