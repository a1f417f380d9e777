//! `simpul breach-report`: after a leak, who is affected, with what, since when; and drafts of both
//! notices that the law wants within 3 × 24 hours (UU PDP art. 46).
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base::clock::{DAY, HOUR};
use base::{Kit, Lang};
use clap::Args;
use people::privacy::{Traces, person, traces};
use web::App;
use web::dates;
use web::privacy::{Person, Personal, holders};

use crate::audit::{day, note};
use crate::privacy::{find, line};

/// Within so long both notices are due.
const LAW: i64 = 72 * HOUR;

#[derive(Args)]
pub struct Breach {
    /// First day of the leak, such as 2026-11-20.
    #[arg(long, value_name = "DAY")]
    pub since: String,
    /// Last day of the leak.
    #[arg(long, value_name = "DAY")]
    pub until: String,
    /// A table that leaked; repeatable. Without it and --accounts: all accounts.
    #[arg(long, value_name = "TABLE", conflicts_with = "accounts")]
    pub table: Vec<String>,
    /// Accounts that leaked, by login or # and number, parted by commas.
    #[arg(long, value_name = "ACCOUNTS", value_delimiter = ',')]
    pub accounts: Vec<String>,
    /// When the leak was found, RFC 3339; now unless told. The clock of 72 hours runs from then.
    #[arg(long, value_name = "TIME")]
    pub found: Option<String>,
    /// Folder for the list and the drafts; made when missing.
    #[arg(long, default_value = "laporan-kebocoran")]
    pub out: PathBuf,
}

/// Somebody who is affected.
struct Affected {
    person: Person,
    traces: Traces,
}

/// What the report found.
pub struct Report {
    pub affected: usize,
    pub tables: Vec<String>,
    /// When both notices are due.
    pub due: i64,
}

pub async fn run(app: &App, asked: Breach) -> Result<()> {
    let now = app.kit().clock.now();
    let report = write(app, &asked).await?;
    let left = (report.due - now).div_euclid(HOUR);
    println!("{} people are affected. Data of: {}", report.affected, report.tables.join(", "));
    println!("Written to {}: terdampak.csv, pemberitahuan-pemilik-data.txt, pemberitahuan-lembaga.txt", asked.out.display());
    if left >= 0 {
        println!("Both notices are due by {} ({left} hours left).", dates::iso(report.due, "62"));
    } else {
        println!("Both notices were due by {} ({} hours ago). Send them now.", dates::iso(report.due, "62"), -left);
    }
    Ok(())
}

/// Writes the three files.
pub async fn write(app: &App, asked: &Breach) -> Result<Report> {
    let kit = app.kit();
    let (since, until) = (day(&asked.since)?, day(&asked.until)? + DAY);
    if until <= since {
        bail!("--until lies before --since");
    }
    let found = match &asked.found {
        Some(text) => dates::parse_iso(text).with_context(|| format!("{text} is no time such as 2026-11-24T07:00:00Z"))?,
        None => kit.clock.now(),
    };
    let all = web::app::personal(&crate::slices());
    let tables = tables(&all, asked);
    let affected = affected(kit, &all, asked, &tables, (since, until)).await?;
    std::fs::create_dir_all(&asked.out).with_context(|| format!("making {}", asked.out.display()))?;
    list(kit, &affected, &asked.out)?;
    let words = words(kit, &all, &tables);
    let due = found + LAW;
    let values = |key: &str| {
        kit.texts.say(
            Lang::Id,
            key,
            &[
                ("since", &dates::date(since, Lang::Id, "62")),
                ("until", &dates::date(until - 1, Lang::Id, "62")),
                ("found", &dates::datetime(found, Lang::Id, "62")),
                ("due", &dates::datetime(due, Lang::Id, "62")),
                ("n", &affected.len().to_string()),
                ("data", &words),
                ("site", &kit.config.base_url),
            ],
        )
    };
    private(&asked.out.join("pemberitahuan-pemilik-data.txt"))?.write_all(values("app-breach-people").as_bytes())?;
    private(&asked.out.join("pemberitahuan-lembaga.txt"))?.write_all(values("app-breach-agency").as_bytes())?;
    note(app, "people.breach.reported", ("breach", 0), &format!("{} accounts, {}", affected.len(), tables.join(" "))).await?;
    Ok(Report { affected: affected.len(), tables, due })
}

/// The tables that were asked for, or every table that holds data of people.
fn tables(all: &[Personal], asked: &Breach) -> Vec<String> {
    if !asked.table.is_empty() {
        return asked.table.clone();
    }
    let lines = all.iter().flat_map(|personal| personal.register);
    // A folder of the file store is named with the table that leads to it.
    lines.flat_map(|line| line.tables).filter(|table| table.contains('_')).map(|table| (*table).to_owned()).collect()
}

async fn affected(kit: &Kit, all: &[Personal], asked: &Breach, tables: &[String], span: (i64, i64)) -> Result<Vec<Affected>> {
    let mut conn = kit.db.read().await?;
    let mut ids = BTreeSet::new();
    for named in &asked.accounts {
        ids.insert(find(&mut conn, named.trim()).await?.id);
    }
    if asked.accounts.is_empty() {
        for table in tables {
            ids.extend(holders(all, &mut conn, table).await?);
        }
    }
    let mut affected = Vec::new();
    for id in ids {
        // Nothing that leads to a person is left of an erased account.
        let Some(person) = person(&mut conn, id).await? else { continue };
        let traces = traces(&mut conn, id, span.0, span.1).await?;
        affected.push(Affected { person, traces });
    }
    Ok(affected)
}

/// Who is affected and how to reach them; for the operator's eyes.
fn list(kit: &Kit, affected: &[Affected], folder: &Path) -> Result<()> {
    let mut out = private(&folder.join("terdampak.csv"))?;
    let heads = [
        "app-breach-account",
        "app-breach-name",
        "app-breach-phone",
        "app-breach-email",
        "app-breach-username",
        "app-breach-looks",
        "app-breach-copies",
        "app-breach-sessions",
    ];
    let head: Vec<String> = heads.iter().map(|key| kit.texts.say(Lang::Id, key, &[])).collect();
    line(&mut out, &head)?;
    for Affected { person, traces } in affected {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        line(
            &mut out,
            &[
                person.id.to_string(),
                person.name.clone(),
                text(&person.phone),
                text(&person.email),
                text(&person.username),
                traces.looks.to_string(),
                traces.copies.to_string(),
                traces.sessions.to_string(),
            ],
        )?;
    }
    Ok(())
}

/// Which data it was, as a list in words.
fn words(kit: &Kit, all: &[Personal], tables: &[String]) -> String {
    let lines = all.iter().flat_map(|personal| personal.register);
    let named = lines.filter(|line| line.tables.iter().any(|table| tables.iter().any(|named| named == table)));
    let say = |key: &str| kit.texts.say(Lang::Id, key, &[]);
    named.map(|line| format!("- {}: {}", say(line.what), say(line.data))).collect::<Vec<_>>().join("\n")
}

/// A new file that only its owner reads.
fn private(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("writing {}", path.display()))
}
