//! What the rows tell: indexes, clocks, jobs, listeners, search, backups.
use anyhow::Result;
use base::clock::{DAY, HOUR, MINUTE};
use base::search::{Index, Words};
use base::{Config, Conn, Db, events, jobs, migrate};

use super::Findings;
use super::machine::skew;
use crate::backup::store;

/// How long events and jobs may wait before somebody is missing.
const LATE: i64 = 10 * MINUTE;

pub(super) async fn check(config: &Config, db: &Db, now: i64, found: &mut Findings) -> Result<()> {
    let mut conn = db.read().await?;
    if let Some(time) = conn.time().await? {
        skew("the clock of the database server", time - now, found);
    }
    indexes(&mut conn, found).await?;
    if regions::import::counts(&mut conn).await?.villages == 0 {
        found.wrong("regions", "no regions are loaded", "run simpul regions import");
    }
    working(&mut conn, now, found).await?;
    following(config, &mut conn, now, found).await?;
    if let Some(place) = base::audit::verify(&mut conn).await?.broken {
        found.wrong(
            "audit",
            format!("the audit is broken at row {place}: it does not hold what was written there, or is missing"),
            "somebody changed the database by hand; compare with a backup and with the heads in the log",
        );
    }
    backups(config, &mut conn, now, found).await
}

async fn indexes(conn: &mut Conn, found: &mut Findings) -> Result<()> {
    let there = migrate::indexes(conn).await?;
    for (name, statement) in migrate::indexes_of(&crate::backup::known()) {
        if !there.contains(&name) {
            found.wrong(
                "index",
                format!("the index {name} is missing or broken: pages get slow"),
                format!("run in the database: {statement}"),
            );
        }
    }
    Ok(())
}

async fn working(conn: &mut Conn, now: i64, found: &mut Findings) -> Result<()> {
    let dead = jobs::dead(conn, 100).await?;
    if !dead.is_empty() {
        let mut kinds: Vec<&str> = dead.iter().map(|job| job.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let what = format!("{} jobs failed for good ({})", dead.len(), kinds.join(", "));
        found.wrong("jobs-dead", what, "open /kelola as the operator: it shows the errors and a button to try again");
    }
    if let Some(since) = jobs::waiting_since(conn).await?
        && since + LATE < now
    {
        let what = format!("jobs have been waiting for {} minutes", (now - since) / MINUTE);
        found.wrong("jobs-late", what, "start simpul serve with SIMPUL_JOBS=true, or simpul work");
    }
    Ok(())
}

async fn following(config: &Config, conn: &mut Conn, now: i64, found: &mut Findings) -> Result<()> {
    let newest = events::newest(conn).await?;
    if let Some(last) = events::after(conn, newest - 1, 1).await?.first() {
        let ahead = last.at - now;
        // Only the future is suspicious: a quiet site has old events.
        if ahead > 0 {
            skew("the newest event's clock", ahead, found);
        }
    }
    if let Some(since) = events::unplaced_since(conn).await?
        && since + LATE < now
    {
        let what = format!("events have been waiting for their place for {} minutes", (now - since) / MINUTE);
        found.wrong("events", what, "start simpul serve: it places them");
    }
    let cursors = events::cursors(conn).await?;
    let slices = crate::slices();
    for listener in slices.iter().flat_map(|slice| slice.listeners.iter()) {
        let position = cursors.iter().find(|cursor| cursor.listener == listener.name()).map_or(0, |cursor| cursor.position);
        if let Some(what) = behind(conn, position, newest, now).await? {
            let mend = "start simpul serve and look into its log; simpul events rebuild derives everything anew";
            found.wrong("listener", format!("{} {what}", listener.name()), mend);
        }
    }
    let folder = config.data.join("search");
    match Index::position_in(&folder, &Words::load(Some(&config.data))?) {
        Some(position) => {
            if let Some(what) = behind(conn, position, newest, now).await? {
                found.wrong(
                    "search",
                    format!("the search index {what}"),
                    "start simpul serve; simpul search rebuild fills it anew",
                );
            }
        }
        None if newest > 0 => {
            found.advise("search", "there is no search index of this version yet", "simpul serve fills it while it runs");
        }
        None => {}
    }
    Ok(())
}

/// Says how far behind a position is, if it has been so for long.
async fn behind(conn: &mut Conn, position: i64, newest: i64, now: i64) -> Result<Option<String>> {
    let Some(next) = events::after(conn, position, 1).await?.into_iter().next() else { return Ok(None) };
    let late = next.at + LATE < now;
    Ok(late.then(|| format!("is {} events behind, since {} minutes", newest - position, (now - next.at) / MINUTE)))
}

async fn backups(config: &Config, conn: &mut Conn, now: i64, found: &mut Findings) -> Result<()> {
    let mend = "set backup.folder, or run simpul backup from a timer";
    let Some(newest) = store::newest(conn).await? else {
        found.wrong("backup-none", "no backup of this site is known", mend);
        return Ok(());
    };
    if !newest.error.is_empty() {
        found.wrong(
            "backup-failed",
            format!("the last backup failed: {}", newest.error),
            "mend that; the next try comes by itself",
        );
    }
    let most = (2 * config.backup.interval()?).max(2 * DAY);
    match store::newest_verified(conn).await? {
        None => {
            let mend = "run simpul verify with the key";
            found.wrong("backup-unverified", format!("no backup was verified, also not {}", newest.file), mend);
        }
        Some(at) if at + most < now => {
            let what = format!("the newest verified backup is {} hours old", (now - at) / HOUR);
            found.wrong("backup-old", what, mend);
        }
        Some(_) => {}
    }
    Ok(())
}
