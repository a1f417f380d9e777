//! What slices hold of people: the register of processing, the copy a person takes along, and how
//! everything of one person is forgotten.
use base::{Conn, Later, Tx};
use serde_json::Value as Json;

use crate::Ctx;

/// The person whose data it is, with every way to recognise them.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub username: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl Person {
    /// What names the person in words: name, numbers, addresses.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        let all = [Some(&self.name), self.phone.as_ref(), self.email.as_ref(), self.username.as_ref()];
        all.into_iter().flatten().filter(|name| !name.is_empty())
    }
}

/// On what law a processing rests (UU PDP art. 20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The person agreed and may withdraw at any time.
    Consent,
    /// Needed for what the person asked for.
    Agreement,
    /// A law demands it.
    Duty,
    /// A public task in the public interest.
    PublicTask,
    /// A legitimate interest weighed against the person's.
    Interest,
}

impl Basis {
    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Basis::Consent => "privacy-basis-consent",
            Basis::Agreement => "privacy-basis-agreement",
            Basis::Duty => "privacy-basis-duty",
            Basis::PublicTask => "privacy-basis-task",
            Basis::Interest => "privacy-basis-interest",
        }
    }
}

/// How long something is kept: a text, and the number in it.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    pub key: &'static str,
    /// Value `n` of the text.
    pub n: i64,
}

/// One line of the register of processing. All texts are keys.
#[derive(Clone, Copy, Debug)]
pub struct Processing {
    /// Tables and folders of the file store that hold it.
    pub tables: &'static [&'static str],
    pub what: &'static str,
    /// Which data.
    pub data: &'static str,
    pub why: &'static str,
    pub basis: Basis,
    /// Who sees it.
    pub seen: &'static str,
    pub kept: Kept,
}

/// A part of the copy that a person takes along: a list of objects with Indonesian names.
#[derive(Clone, Debug)]
pub struct Part {
    /// Short name in the file, such as `akun`.
    pub name: &'static str,
    /// Key of its heading.
    pub title: &'static str,
    pub rows: Vec<Json>,
}

/// Why a person cannot be forgotten yet.
#[derive(Clone, Debug)]
pub struct Bond {
    /// Key of the sentence, with the value `name`.
    pub key: &'static str,
    pub name: String,
    /// Where it can be undone.
    pub link: String,
}

/// Everything that a slice holds of one person, for that person.
pub type Export = for<'a> fn(&'a mut Conn, &'a Person) -> Later<'a, base::Result<Vec<Part>>>;
/// Forgets one person in a slice: deletes what was theirs, takes their name off what stays.
pub type Erase = for<'a> fn(&'a mut Tx, &'a Person, i64) -> Later<'a, base::Result<()>>;
/// What keeps a person from being forgotten.
pub type Bonds = for<'a> fn(&'a mut Conn, &'a Person, i64) -> Later<'a, base::Result<Vec<Bond>>>;
/// The region in which a person is at home, if the slice knows.
pub type Home = for<'a> fn(&'a mut Conn, &'a Person, i64) -> Later<'a, base::Result<Option<String>>>;

/// The accounts of which a table holds something; none when the table is another slice's.
pub type Holders = for<'a> fn(&'a mut Conn, &'a str) -> Later<'a, base::Result<Option<Vec<i64>>>>;

/// What one slice holds of people.
#[derive(Clone, Copy)]
pub struct Personal {
    pub register: &'static [Processing],
    /// Tables that hold nothing of people.
    pub impersonal: &'static [&'static str],
    pub export: Option<Export>,
    pub erase: Option<Erase>,
    pub bonds: Option<Bonds>,
    pub home: Option<Home>,
    pub holders: Option<Holders>,
}

impl Personal {
    /// A slice that holds nothing of people but in these lines.
    pub const fn new(register: &'static [Processing], impersonal: &'static [&'static str]) -> Personal {
        Personal { register, impersonal, export: None, erase: None, bonds: None, home: None, holders: None }
    }
}

const FOR_EVER: Kept = Kept { key: "privacy-kept-always", n: 0 };

/// What the platform itself holds.
pub const PLATFORM: Personal = Personal {
    holders: Some(|conn, table| Box::pin(base::audit::holders(conn, table))),
    ..Personal::new(LINES, &["base_migration", "base_cursor", "base_calendar"])
};

const LINES: &[Processing] = &[
    Processing {
        tables: &["base_event"],
        what: "privacy-event",
        data: "privacy-event-data",
        why: "privacy-event-why",
        basis: Basis::PublicTask,
        seen: "privacy-event-seen",
        kept: FOR_EVER,
    },
    Processing {
        tables: &["base_audit"],
        what: "privacy-audit",
        data: "privacy-audit-data",
        why: "privacy-audit-why",
        basis: Basis::Duty,
        seen: "privacy-audit-seen",
        kept: FOR_EVER,
    },
    Processing {
        tables: &["base_once", "base_job"],
        what: "privacy-work",
        data: "privacy-work-data",
        why: "privacy-work-why",
        basis: Basis::Agreement,
        seen: "privacy-work-seen",
        kept: Kept { key: "privacy-kept-days", n: base::once::KEPT / base::clock::DAY },
    },
];

/// What keeps a person, over all slices.
pub async fn bonds(all: &[Personal], conn: &mut Conn, person: &Person, now: i64) -> base::Result<Vec<Bond>> {
    let mut found = Vec::new();
    for bonds in all.iter().filter_map(|personal| personal.bonds) {
        found.extend(bonds(conn, person, now).await?);
    }
    Ok(found)
}

/// The whole copy of one person.
pub async fn export(all: &[Personal], conn: &mut Conn, person: &Person) -> base::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for export in all.iter().filter_map(|personal| personal.export) {
        parts.extend(export(conn, person).await?);
    }
    Ok(parts)
}

/// Forgets a person everywhere. Slices above go first: they still need to know who it was.
pub async fn erase(all: &[Personal], tx: &mut Tx, person: &Person, now: i64) -> base::Result<()> {
    for erase in all.iter().rev().filter_map(|personal| personal.erase) {
        erase(tx, person, now).await?;
    }
    base::once::forget(tx, person.id).await?;
    Ok(())
}

/// Where a person is at home, by the first slice that knows.
pub async fn home(all: &[Personal], conn: &mut Conn, person: &Person, now: i64) -> base::Result<Option<String>> {
    for home in all.iter().filter_map(|personal| personal.home) {
        if let Some(code) = home(conn, person, now).await? {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// The accounts of which a table holds something; an error for a table that no slice knows.
pub async fn holders(all: &[Personal], conn: &mut Conn, table: &str) -> base::Result<Vec<i64>> {
    for holders in all.iter().filter_map(|personal| personal.holders) {
        if let Some(ids) = holders(conn, table).await? {
            return Ok(ids);
        }
    }
    Err(anyhow::anyhow!("no table {table} that holds data of people").into())
}

impl Ctx {
    /// What each slice holds of people, in the order of the slices.
    pub fn personal(&self) -> &[Personal] {
        &self.shared.personal
    }
}
