//! Puts the rows and files of an archive into a database and a file store.
use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base::blobs::Blobs;
use base::rows::{self, Reference, Table};
use base::{Tx, migrate};

use super::manifest::{FILES, Manifest, TABLES};
use super::unpack::{Item, Unpack};
use super::{Key, Progress, known, owners};

/// Lines that wait for one insert.
const LINES: usize = 1_000;

/// What else stood in the archive: name and bytes.
pub type Extras = Vec<(String, Vec<u8>)>;

/// Makes the schema that the archive fits, puts its rows in, and stores its files if there is a
/// place for them. All rows come in with the transaction, which the caller commits. The manifest is
/// that of a check before.
pub async fn load(
    from: &Path,
    key: Key,
    manifest: &Manifest,
    tx: &mut Tx,
    blobs: Option<&Blobs>,
    progress: Progress<'_>,
) -> Result<Extras> {
    migrate::run_in(tx, &manifest.schema(&known())?, manifest.taken_at).await?;
    let tables = rows::tables(tx, &owners(manifest)).await?;
    let in_archive: HashSet<&str> = manifest.tables.iter().map(|table| table.name.as_str()).collect();
    let replaced: Vec<Table> =
        tables.iter().filter(|t| in_archive.contains(t.name.as_str()) || t.name != "base_migration").cloned().collect();
    let mut loading = Loading { manifest, tables, references: rows::loosen(tx).await?, done: 0, rows_end: false };
    rows::clear(tx, &replaced).await?;
    let mut unpack = Unpack::start(from, key);
    let mut extras = Extras::new();
    let total = manifest.members.len() as u64;
    while let Some(item) = unpack.next().await {
        let Item::Begin(name) = item else { continue };
        if let Some(table) = name.strip_prefix(TABLES) {
            loading.table(tx, table, &mut unpack).await.with_context(|| name.clone())?;
        } else if let Some(key) = name.strip_prefix(FILES) {
            loading.finish(tx).await?;
            let bytes = whole(&mut unpack).await;
            if let Some(blobs) = blobs {
                blobs.put(key, bytes.into()).await.with_context(|| name.clone())?;
            }
        } else {
            extras.push((name, whole(&mut unpack).await));
        }
        loading.done += 1;
        progress(loading.done, total);
    }
    unpack.end().await?;
    loading.finish(tx).await?;
    Ok(extras)
}

/// The bytes up to the end of a member; a reading error shows at the end of the archive.
async fn whole(unpack: &mut Unpack) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(Item::Bytes(bytes)) = unpack.next().await {
        all.extend_from_slice(&bytes);
    }
    all
}

struct Loading<'a> {
    manifest: &'a Manifest,
    tables: Vec<Table>,
    references: Vec<Reference>,
    done: u64,
    rows_end: bool,
}

impl Loading<'_> {
    async fn table(&mut self, tx: &mut Tx, member: &str, unpack: &mut Unpack) -> Result<()> {
        let name = member.strip_suffix(".jsonl").context("not a table's name")?;
        let table = self.tables.iter().find(|table| table.name == name).context("there is no such table")?;
        let said = self.manifest.tables.iter().find(|table| table.name == name).context("the manifest lacks it")?;
        let (mut waiting, mut count) = (String::new(), 0);
        let mut torn: Vec<u8> = Vec::new();
        while let Some(Item::Bytes(bytes)) = unpack.next().await {
            // A piece may end within a line, even within a letter.
            let Some(last) = bytes.iter().rposition(|byte| *byte == b'\n') else {
                torn.extend_from_slice(&bytes);
                continue;
            };
            torn.extend_from_slice(&bytes[..=last]);
            waiting.push_str(std::str::from_utf8(&torn)?);
            torn.clear();
            torn.extend_from_slice(&bytes[last + 1..]);
            if waiting.len() > 200 * LINES {
                count += insert(tx, table, &std::mem::take(&mut waiting)).await?;
            }
        }
        count += insert(tx, table, &waiting).await?;
        if !torn.is_empty() || count != said.rows {
            bail!("{count} rows instead of {}", said.rows);
        }
        rows::set_last_id(tx, table, said.last_id).await?;
        Ok(())
    }

    /// After the last row: every reference must hold, and no event may be left without a place.
    async fn finish(&mut self, tx: &mut Tx) -> Result<()> {
        if !std::mem::replace(&mut self.rows_end, true) {
            rows::tighten(tx, std::mem::take(&mut self.references)).await?;
            base::events::place_in(tx).await?;
        }
        Ok(())
    }
}

async fn insert(tx: &mut Tx, table: &Table, text: &str) -> Result<u64> {
    let lines: Vec<&str> = text.lines().collect();
    let mut count = 0;
    for some in lines.chunks(LINES) {
        count += rows::load(tx, table, some).await?;
    }
    Ok(count)
}
