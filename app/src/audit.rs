//! `simpul audit`: the record of acts for an outsider's eye.
use std::io::Write;

use anyhow::{Context, Result, bail};
use base::audit::{self, Class, Entry};
use base::clock::DAY;
use clap::Subcommand;
use web::{App, dates};

#[derive(Subcommand)]
pub enum Audit {
    /// Prints the rows as JSON lines with their hashes. docs/OPERATING.md says how to check them.
    Export {
        /// First day, such as 2026-11-24.
        #[arg(long, value_name = "DAY")]
        from: Option<String>,
        /// Last day.
        #[arg(long, value_name = "DAY")]
        until: Option<String>,
    },
    /// Walks along the chain; exit code 1 and the first broken row when it does not hold.
    Verify,
}

pub async fn run(app: &App, command: Audit) -> Result<()> {
    let kit = app.kit();
    audit::chain(&kit.db).await?;
    match command {
        Audit::Export { from, until } => {
            let from = from.as_deref().map(day).transpose()?.unwrap_or(i64::MIN);
            let until = until.as_deref().map(day).transpose()?.map_or(i64::MAX, |day| day + DAY);
            let rows = export(app, from, until, &mut std::io::stdout().lock()).await?;
            note(app, "base.audit.exported", ("audit", 0), &format!("{rows} rows")).await?;
        }
        Audit::Verify => {
            let verdict = audit::verify(&mut kit.db.read().await?).await?;
            if let Some(place) = verdict.broken {
                bail!("row {place} does not hold what was written there, or is missing; {} rows before it hold", verdict.sound);
            }
            match verdict.head {
                Some(head) => println!("{} rows hold. Head: {} {}", verdict.sound, head.position, head.hash),
                None => println!("Nothing is written yet."),
            }
        }
    }
    Ok(())
}

/// A day of the command line, in western Indonesian time.
pub fn day(text: &str) -> Result<i64> {
    dates::parse_day(text, "62").with_context(|| format!("{text} is no day such as 2026-11-24"))
}

/// Writes the rows of a span; returns how many.
pub async fn export(app: &App, from: i64, until: i64, out: &mut dyn Write) -> Result<u64> {
    let (mut place, mut rows) = (0, 0);
    loop {
        let batch = audit::after(&mut app.kit().db.read().await?, place, from, until, 1_000).await?;
        let Some(last) = batch.last() else { return Ok(rows) };
        place = last.position;
        for row in &batch {
            writeln!(out, "{}", row.line()?)?;
            rows += 1;
        }
    }
}

/// Writes what a command did. Nobody is logged in on a command line, so nobody is named.
pub async fn note(app: &App, act: &str, subject: (&str, i64), detail: &str) -> Result<()> {
    let kit = app.kit();
    let class = if matches!(act, "people.copy.made" | "base.audit.exported" | "people.breach.reported") {
        Class::View
    } else {
        Class::Act
    };
    let about_id = (subject.0 == "account").then_some(subject.1);
    let mut tx = kit.db.write().await?;
    tx.audit(Entry {
        detail: detail.into(),
        about_id,
        request: "command line".into(),
        ..Entry::new(kit.clock.now(), class, act, subject)
    })
    .await?;
    tx.commit().await?;
    audit::chain(&kit.db).await?;
    Ok(())
}
