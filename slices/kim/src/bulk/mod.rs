//! Many at once: an overseer brings in a register of KIM, an officer the roster of a KIM, from a
//! spreadsheet. Nothing is kept before the preview was confirmed, and a whole import can be undone.
pub mod columns;
pub mod dates;
mod examine;
pub mod file;
mod make;
pub mod pages;
pub mod paper;
mod place;
mod roster;
mod row;
mod store;
mod template;
#[cfg(test)]
mod tests;
mod undo;
mod xlsx;

use std::collections::BTreeMap;

use base::clock::{DAY, HOUR};
use base::jobs::{Cron, Job};
use base::{Kit, Later};
use serde::{Deserialize, Serialize};
use web::limits::Limit;

/// Largest file, in bytes.
pub const FILE_MOST: usize = 5 * 1024 * 1024;
/// Most rows of one file.
pub const ROWS_MOST: usize = 5_000;
/// Rows wait this long for a decision.
pub const KEPT: i64 = DAY;
/// Reading a spreadsheet is work; nobody needs to do it this often.
const UPLOADS: Limit = Limit { name: "kim.import", acts: 40, window: HOUR };

/// What is brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// KIM of a region.
    Register,
    /// Members of one KIM.
    Roster,
}

impl Kind {
    pub fn code(self) -> &'static str {
        match self {
            Kind::Register => "register",
            Kind::Roster => "roster",
        }
    }

    /// Its columns, in the order of the template.
    pub fn columns(self) -> &'static [columns::Column] {
        match self {
            Kind::Register => columns::REGISTER,
            Kind::Roster => columns::ROSTER,
        }
    }
}

/// The filled cells of a row, by code of the column.
pub type Cells = BTreeMap<String, String>;

/// What is wrong with one cell, or with the row when the column is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    /// Code of the column.
    pub column: String,
    /// Key of the text that says what to do.
    pub key: String,
    pub values: Vec<(String, String)>,
}

impl Flaw {
    pub fn new(column: &str, key: &str) -> Flaw {
        Flaw::with(column, key, &[])
    }

    pub fn with(column: &str, key: &str, values: &[(&str, &str)]) -> Flaw {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Flaw { column: column.to_owned(), key: key.to_owned(), values }
    }
}

/// Deletes rows that waited for a day.
pub const EXPIRE: &str = "kim.import.expire";

pub const JOB: Job = Job { kind: EXPIRE, run: expire };
pub const CRON: Cron = Cron { job: EXPIRE, when: "12 * * * *" };

fn expire(kit: Kit, _: serde_json::Value) -> Later<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let mut tx = kit.db.write().await?;
        store::expire(&mut tx, kit.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    })
}

/// The sheets of a file as the import reads them.
#[cfg(test)]
pub fn read_back(bytes: &[u8]) -> Vec<Vec<Vec<String>>> {
    let sheets = xlsx::read(bytes).expect("a spreadsheet");
    sheets.into_iter().map(|lines| lines.into_iter().map(|(_, cells)| cells).collect()).collect()
}
