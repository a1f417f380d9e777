//! `simpul import kim`: the archive of one KIM comes in beside the KIM that are here, whole or not at
//! all. Its files are kept first; its rows are one transaction, and events tell the rest.
mod report;
mod unpack;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use anyhow::{Context, Result};
use base::pictures::Refused;
use base::{Kit, Tx};
use clap::Args;
use tokio::sync::mpsc;
use web::App;
use web::arrival::{Admit, Arrival, Kept, Sort, keep};

pub use self::report::Report;
use self::unpack::Unpacked;
use crate::audit::note;

#[derive(Args, Clone, Debug)]
pub struct Arriving {
    /// The archive, kim-….tar.gz.
    pub file: PathBuf,
    /// Code of the village or ward that the KIM comes to; its own unless told.
    #[arg(long, value_name = "CODE")]
    pub region: Option<String>,
    /// Reads, tries and reports; changes nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Brings an archive in. `progress` hears how many of its files are done and how many there are.
///
/// # Errors
/// When the file is no archive of a KIM, or of a newer version, when the region is not known, when a row
/// cannot be read, or when the database or the file store fails. Nothing is left behind then.
pub async fn import(app: &App, asked: &Arriving, progress: &dyn Fn(u64, u64)) -> Result<Report> {
    let kit = app.kit();
    let file = asked.file.clone();
    let unpacked = tokio::task::spawn_blocking(move || unpack::rows(&file)).await??;
    let Unpacked { version, site, parts, files } = unpacked;
    let mut arrival = Arrival::new(version, site, parts);
    let mut conn = kit.db.read().await?;
    let here = kim::arrival::check(kit, &mut conn, &mut arrival, asked.region.as_deref()).await?;
    drop(conn);
    if let Some(kim) = here {
        let path = kim.path();
        return Ok(Report { name: kim.name, path, region: kim.region, site: arrival.site, already: true, ..Report::default() });
    }
    let admits = app.arrivals();
    let wanted = wanted(&mut arrival, &admits, &files)?;

    let mut keeping = Keeping { kit, asked, kept: Vec::new() };
    let written = match keeping.files(&mut arrival, wanted, progress).await {
        Ok(()) => write(kit, &admits, &mut arrival).await,
        Err(error) => Err(error),
    };
    let tx = match written {
        Ok(tx) if !asked.dry_run => tx,
        outcome => {
            // Undone; whatever was kept for it goes again.
            let report = outcome.map(|tx| {
                drop(tx);
                report(&arrival, keeping.kept.len(), true)
            });
            if !asked.dry_run {
                forget(kit, &keeping.kept).await;
            }
            return report;
        }
    };
    // A commit whose answer is lost may have happened: its files stay.
    tx.commit().await.context("committing")?;
    kit.bell.ring();
    forget(kit, &arrival.left()).await;
    note(app, "kim.group.arrived", ("kim", arrival.home.group), "").await?;
    Ok(report(&arrival, keeping.kept.len(), false))
}

/// Reads every row once and says which files are needed, and how each is kept.
fn wanted(arrival: &mut Arrival, admits: &[Admit], files: &HashSet<String>) -> Result<HashMap<String, Sort>> {
    let mut wanted = HashMap::new();
    for admit in admits {
        for one in (admit.read)(arrival)? {
            if files.contains(&one.path) {
                wanted.insert(one.path, one.sort);
            } else {
                arrival.notes.push(format!("{} is not in the archive", one.path));
            }
        }
    }
    let unread: Vec<String> = arrival
        .parts()
        .filter(|(name, _)| !admits.iter().any(|admit| admit.parts.contains(name)))
        .map(|(name, rows)| format!("{rows} rows of {name}.jsonl were left out: this version of Simpul does not know them"))
        .collect();
    arrival.notes.extend(unread);
    Ok(wanted)
}

/// The files of an archive on their way into the file store.
struct Keeping<'a> {
    kit: &'a Kit,
    asked: &'a Arriving,
    kept: Vec<Kept>,
}

impl Keeping<'_> {
    async fn files(&mut self, arrival: &mut Arrival, wanted: HashMap<String, Sort>, progress: &dyn Fn(u64, u64)) -> Result<()> {
        if self.asked.dry_run {
            for (path, sort) in wanted {
                self.take(arrival, path, Kept::pretend(self.kit, sort));
            }
            return Ok(());
        }
        let total = wanted.len() as u64;
        let mut done = 0;
        progress(done, total);
        let (to, mut coming) = mpsc::channel(2);
        let (file, paths) = (self.asked.file.clone(), wanted.keys().cloned().collect());
        let work = tokio::task::spawn_blocking(move || unpack::files(&file, paths, &to));
        while let Some((path, bytes)) = coming.recv().await {
            let Some(sort) = wanted.get(&path).copied() else { continue };
            match keep(self.kit, sort, bytes.into()).await.with_context(|| path.clone())? {
                Ok(kept) => self.take(arrival, path, kept),
                Err(Refused::TooLarge) => arrival.notes.push(format!("{path} is too large and was left out")),
                Err(Refused::Unreadable) => arrival.notes.push(format!("{path} cannot be read and was left out")),
            }
            done += 1;
            progress(done, total);
        }
        work.await?
    }

    fn take(&mut self, arrival: &mut Arrival, path: String, kept: Kept) {
        self.kept.push(kept.clone());
        arrival.keep(path, kept);
    }
}

/// Deletes what was kept in vain. A file that stays behind does no harm and is only told of.
async fn forget(kit: &Kit, kept: &[Kept]) {
    for one in kept {
        if let Err(error) = one.forget(kit).await {
            tracing::warn!(%error, "a file of an import stays behind");
        }
    }
}

/// Writes the rows of all slices; the transaction is still open.
async fn write(kit: &Kit, admits: &[Admit], arrival: &mut Arrival) -> Result<Tx> {
    let mut tx = kit.db.write().await?;
    for admit in admits {
        (admit.write)(kit, &mut tx, arrival).await?;
    }
    Ok(tx)
}

fn report(arrival: &Arrival, files: usize, dry_run: bool) -> Report {
    let home = &arrival.home;
    Report {
        name: home.name.clone(),
        path: format!("/kim/{}", home.slug),
        region: home.region.clone(),
        site: arrival.site.clone(),
        parts: arrival.parts().map(|(name, rows)| (name.to_owned(), rows)).collect(),
        files,
        notes: arrival.notes.clone(),
        already: false,
        dry_run,
    }
}
