//! What an archive says of itself: its last member, written when everything else is known.
use anyhow::{Result, bail};
use base::Migration;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name of the member that holds the manifest.
pub const NAME: &str = "manifest.json";
/// The only form there is so far.
const FORM: u32 = 1;

/// What an archive is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// Everything, to go on from where it was.
    Backup,
    /// What may leave the house, to live elsewhere.
    Export,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub form: u32,
    #[serde(rename = "use")]
    pub purpose: Use,
    /// Version of the program that wrote it.
    pub simpul: String,
    /// Epoch microseconds of the moment that the rows show.
    pub taken_at: i64,
    /// Engine the rows came from; an export does not say, because it is the same from both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The schema that the rows fit, in the order of application.
    pub migrations: Vec<Applied>,
    pub tables: Vec<Rows>,
    /// Files that were deleted while the archive was written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vanished: Vec<String>,
    /// Every member before this one, in order.
    pub members: Vec<Member>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    pub name: String,
    pub checksum: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    pub name: String,
    pub rows: u64,
    /// The last id that the table gave; 0 when it gives none.
    pub last_id: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

impl Manifest {
    pub fn new(purpose: Use, taken_at: i64) -> Manifest {
        Manifest {
            form: FORM,
            purpose,
            simpul: env!("CARGO_PKG_VERSION").into(),
            taken_at,
            engine: None,
            migrations: Vec::new(),
            tables: Vec::new(),
            vanished: Vec::new(),
            members: Vec::new(),
        }
    }

    /// The text that stands in the archive, and its SHA-256, which names the archive.
    pub fn write(&self) -> Result<(String, String)> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        let digest = digest(text.as_bytes());
        Ok((text, digest))
    }

    pub fn read(text: &[u8]) -> Result<Manifest> {
        #[derive(Deserialize)]
        struct Form {
            form: u32,
        }
        let Form { form } = serde_json::from_slice(text)?;
        if form != FORM {
            bail!("this is form {form}; this version of Simpul reads form {FORM}");
        }
        Ok(serde_json::from_slice(text)?)
    }

    /// The known migrations that the rows fit; an error when a newer version wrote the archive.
    pub fn schema(&self, known: &[Migration]) -> Result<Vec<Migration>> {
        for one in &self.migrations {
            match known.iter().find(|migration| migration.name == one.name) {
                None => bail!("it was made by a newer version of Simpul (migration {}); use that version", one.name),
                Some(migration) if migration.checksum() != one.checksum => bail!("its migration {} is not ours", one.name),
                Some(_) => {}
            }
        }
        if self.migrations.is_empty() {
            bail!("it names no migrations");
        }
        let has = |migration: &&Migration| self.migrations.iter().any(|one| one.name == migration.name);
        Ok(known.iter().filter(has).copied().collect())
    }

    /// The files among the members: key, bytes and hash.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.members.iter().filter_map(|member| Some((member.name.strip_prefix(FILES)?, member)))
    }

    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// Folder of the members with rows.
pub const TABLES: &str = "tables/";
/// Folder of the members with files.
pub const FILES: &str = "files/";

/// Name of the member with a table's rows.
pub fn rows_of(table: &str) -> String {
    format!("{TABLES}{table}.jsonl")
}

pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
