//! SQL of imports.
use base::{Conn, Result, Tx, sql};

use super::{Cells, Flaw, KEPT, Kind};
use crate::register::rules;

/// An import as the row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Import {
    pub id: i64,
    pub kind: String,
    pub region: String,
    pub group_id: Option<i64>,
    pub account_id: i64,
    pub file: String,
    pub state: String,
    pub good: i64,
    pub bad: i64,
    pub made: i64,
    pub notes: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub imported_at: Option<i64>,
    pub undone_at: Option<i64>,
}

impl Import {
    pub fn is_waiting(&self) -> bool {
        self.state == "waiting"
    }

    pub fn is_done(&self) -> bool {
        self.state == "done"
    }

    /// When it came into the state it is in.
    pub fn since(&self) -> &i64 {
        self.undone_at.as_ref().or(self.imported_at.as_ref()).unwrap_or(&self.created_at)
    }

    /// Key of its state.
    pub fn state_key(&self) -> &'static str {
        match self.state.as_str() {
            "waiting" => "kim-bulk-state-waiting",
            "done" => "kim-bulk-state-done",
            _ => "kim-bulk-state-undone",
        }
    }

    /// Names of columns that were left out: unknown ones, and private ones.
    pub fn left_out(&self) -> (Vec<String>, Vec<String>) {
        serde_json::from_str(&self.notes).unwrap_or_default()
    }
}

/// What a new import starts with.
pub struct NewImport<'a> {
    pub kind: Kind,
    pub region: &'a str,
    pub group_id: Option<i64>,
    pub account_id: i64,
    pub file: &'a str,
    pub good: i64,
    pub bad: i64,
    pub notes: &'a str,
}

pub async fn add(tx: &mut Tx, new: &NewImport<'_>, now: i64) -> Result<i64> {
    tx.int(sql!(
        "insert into kim_import (kind, region, group_id, account_id, file, state, good, bad, notes, created_at, expires_at)
         values ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $9, $10) returning id",
        new.kind.code(),
        new.region,
        new.group_id,
        new.account_id,
        new.file,
        new.good,
        new.bad,
        new.notes,
        now,
        now + KEPT
    ))
    .await
}

pub async fn add_row(tx: &mut Tx, import: i64, line: i64, cells: &Cells, flaws: &[Flaw]) -> Result<()> {
    tx.run(sql!(
        "insert into kim_import_row (import_id, line, cells, flaws, good) values ($1, $2, $3, $4, $5)",
        import,
        line,
        serde_json::to_string(cells).unwrap_or_default(),
        serde_json::to_string(flaws).unwrap_or_default(),
        flaws.is_empty()
    ))
    .await?;
    Ok(())
}

pub async fn get(conn: &mut Conn, id: i64) -> Result<Option<Import>> {
    conn.first(sql!(
        "select id, kind, region, group_id, account_id, file, state, good, bad, made, notes, created_at, expires_at,
                imported_at, undone_at
         from kim_import where id = $1",
        id
    ))
    .await
}

/// The newest imports of registers that a person made or that lie in a subtree.
pub async fn of_region(conn: &mut Conn, account: i64, region: &str, limit: i64) -> Result<Vec<Import>> {
    let (from, to) = rules::subtree(region);
    conn.all(sql!(
        "select id, kind, region, group_id, account_id, file, state, good, bad, made, notes, created_at, expires_at,
                imported_at, undone_at
         from kim_import where kind = 'register' and (account_id = $1 or (region >= $2 and region < $3 and state <> 'waiting'))
         order by id desc limit $4",
        account,
        from,
        to,
        limit
    ))
    .await
}

/// The newest imports of a KIM's roster.
pub async fn of_group(conn: &mut Conn, group: i64, limit: i64) -> Result<Vec<Import>> {
    conn.all(sql!(
        "select id, kind, region, group_id, account_id, file, state, good, bad, made, notes, created_at, expires_at,
                imported_at, undone_at
         from kim_import where kind = 'roster' and group_id = $1 order by id desc limit $2",
        group,
        limit
    ))
    .await
}

#[derive(sqlx::FromRow)]
struct Raw {
    line: i64,
    cells: String,
    flaws: String,
}

/// A row that waits.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: i64,
    pub cells: Cells,
    pub flaws: Vec<Flaw>,
}

impl From<Raw> for Row {
    fn from(raw: Raw) -> Row {
        Row {
            line: raw.line,
            cells: serde_json::from_str(&raw.cells).unwrap_or_default(),
            flaws: serde_json::from_str(&raw.flaws).unwrap_or_default(),
        }
    }
}

/// Rows of one sort after a line, in their order.
pub async fn rows(conn: &mut Conn, import: i64, good: bool, after: i64, limit: i64) -> Result<Vec<Row>> {
    let raw: Vec<Raw> = conn
        .all(sql!(
            "select line, cells, flaws from kim_import_row where import_id = $1 and good = $2 and line > $3 order by line limit $4",
            import,
            good,
            after,
            limit
        ))
        .await?;
    Ok(raw.into_iter().map(Row::from).collect())
}

/// How many rows of one sort are left.
pub async fn rows_left(conn: &mut Conn, import: i64, good: bool) -> Result<i64> {
    conn.int(sql!("select count(*) as n from kim_import_row where import_id = $1 and good = $2", import, good)).await
}

/// Takes a row out once it was imported; false when another request was first.
pub async fn take_row(tx: &mut Tx, import: i64, line: i64) -> Result<bool> {
    Ok(tx.run(sql!("delete from kim_import_row where import_id = $1 and line = $2 and good", import, line)).await? == 1)
}

/// Turns a row down that was good when it came.
pub async fn refuse_row(tx: &mut Tx, import: i64, line: i64, flaws: &[Flaw]) -> Result<()> {
    tx.run(sql!(
        "update kim_import_row set good = false, flaws = $3 where import_id = $1 and line = $2",
        import,
        line,
        serde_json::to_string(flaws).unwrap_or_default()
    ))
    .await?;
    Ok(())
}

pub async fn drop_rows(tx: &mut Tx, import: i64) -> Result<()> {
    tx.run(sql!("delete from kim_import_row where import_id = $1", import)).await?;
    Ok(())
}

/// Deletes an import that was never carried out.
pub async fn drop_waiting(tx: &mut Tx, import: i64) -> Result<bool> {
    Ok(tx.run(sql!("delete from kim_import where id = $1 and state = 'waiting'", import)).await? == 1)
}

/// Notes what an import made.
pub async fn add_made(tx: &mut Tx, import: i64, subject: i64, stamp: &str, event: i64) -> Result<()> {
    tx.run(sql!(
        "insert into kim_import_made (import_id, subject_id, stamp, event_id) values ($1, $2, $3, $4)",
        import,
        subject,
        stamp,
        event
    ))
    .await?;
    Ok(())
}

/// Something that an import made.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Made {
    pub subject_id: i64,
    pub stamp: String,
    pub event_id: i64,
}

/// What an import made, in the order of making.
pub async fn made(conn: &mut Conn, import: i64) -> Result<Vec<Made>> {
    conn.all(sql!("select subject_id, stamp, event_id from kim_import_made where import_id = $1 order by subject_id", import))
        .await
}

/// How much of what an import made still stands.
pub async fn made_count(conn: &mut Conn, import: i64) -> Result<i64> {
    conn.int(sql!("select count(*) as n from kim_import_made where import_id = $1", import)).await
}

/// Notes how far an import came: rows made, rows turned down, and whether it is over.
pub async fn set_progress(tx: &mut Tx, import: i64, made: i64, bad: i64, done: bool, now: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_import set made = made + $2, bad = bad + $3, good = good - $3,
             state = case when $4 then 'done' else state end, imported_at = case when $4 then $5 else imported_at end
         where id = $1",
        import,
        made,
        bad,
        done,
        now
    ))
    .await?;
    Ok(())
}

/// Notes that an import was undone; false when it was not there to undo.
pub async fn set_undone(tx: &mut Tx, import: i64, now: i64) -> Result<bool> {
    Ok(tx
        .run(sql!("update kim_import set state = 'undone', undone_at = $2 where id = $1 and state = 'done'", import, now))
        .await?
        == 1)
}

pub async fn forget_made(tx: &mut Tx, import: i64, subject: i64) -> Result<()> {
    tx.run(sql!("delete from kim_import_made where import_id = $1 and subject_id = $2", import, subject)).await?;
    Ok(())
}

/// Deletes rows whose day is over, and imports that waited for nothing.
pub async fn expire(tx: &mut Tx, now: i64) -> Result<()> {
    tx.run(sql!("delete from kim_import_row where import_id in (select id from kim_import where expires_at <= $1)", now)).await?;
    tx.run(sql!("delete from kim_import where state = 'waiting' and expires_at <= $1", now)).await?;
    Ok(())
}

/// Names of the KIM of a village that are not over.
pub async fn names_in(conn: &mut Conn, region: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        conn.all(sql!("select name from kim_group where region = $1 and status <> 'dissolved' order by id", region)).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Fills what an import knows of a new KIM.
pub async fn set_details(tx: &mut Tx, id: i64, draft: &super::row::Draft, now: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_group set number = $2, about = $3, founded_at = $4, themes = $5, contact_phone = $6, contact_email = $7,
             contact_address = $8, listing = 'unclaimed', updated_at = $9
         where id = $1",
        id,
        &draft.number,
        &draft.about,
        draft.founded_at,
        &draft.themes,
        &draft.phone,
        &draft.email,
        &draft.address,
        now
    ))
    .await?;
    Ok(())
}

/// The newest event, by the order of writing.
pub async fn last_event(conn: &mut Conn) -> Result<i64> {
    conn.int(sql!("select coalesce(max(id), 0) as id from base_event")).await
}

/// Groups of an import that an event after their making speaks of. `first` is the oldest of those
/// moments; it spares the events before.
pub async fn touched(conn: &mut Conn, import: i64, first: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = conn
        .all(sql!(
            "select distinct m.subject_id as id from base_event e join kim_import_made m on m.subject_id = e.group_id
             where m.import_id = $1 and e.id > $2 and e.id > m.event_id order by m.subject_id",
            import,
            first
        ))
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Deletes a KIM that an import made and that nobody touched since, with its decree.
pub async fn delete_group(tx: &mut Tx, id: i64) -> Result<()> {
    tx.run(sql!("delete from kim_decree where group_id = $1", id)).await?;
    tx.run(sql!("delete from kim_slug where group_id = $1", id)).await?;
    tx.run(sql!("delete from kim_group where id = $1", id)).await?;
    Ok(())
}

pub async fn delete_member(tx: &mut Tx, group: i64, id: i64) -> Result<()> {
    tx.run(sql!("delete from kim_term where member_id = $1 and group_id = $2", id, group)).await?;
    tx.run(sql!("delete from kim_member where id = $1 and group_id = $2", id, group)).await?;
    Ok(())
}
