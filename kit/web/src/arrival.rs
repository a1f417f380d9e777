//! A group's archive as it comes in at another place: what was read of it, and how each slice takes its
//! part. Files are kept first; the rows of all slices are written in one transaction.
use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use base::pictures::{self, Refused, Stored};
use base::{Kit, Later, Tx};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How a slice takes its part of an archive.
#[derive(Clone, Copy)]
pub struct Admit {
    /// Names of the parts that it reads.
    pub parts: &'static [&'static str],
    /// Reads its rows and names the files that they need; an error says which row cannot be read.
    pub read: fn(&Arrival) -> Result<Vec<Wanted>>,
    /// Writes its rows, in the transaction of the whole.
    pub write: for<'a> fn(&'a Kit, &'a mut Tx, &'a mut Arrival) -> Later<'a, base::Result<()>>,
}

/// What a file is, and so how it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Anyone may see it.
    Picture,
    /// A paper that no public address leads to, in this folder under `private/`.
    Paper(&'static str),
}

/// A file that rows name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Path in the archive.
    pub path: String,
    pub sort: Sort,
}

impl Wanted {
    pub fn picture(path: String) -> Wanted {
        Wanted { path, sort: Sort::Picture }
    }

    pub fn paper(path: String, folder: &'static str) -> Wanted {
        Wanted { path, sort: Sort::Paper(folder) }
    }
}

/// A file as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    Picture(Stored),
    /// Key in the file store.
    Paper(String),
}

/// Keeps a file as its sort asks. The outer error is ours, the inner the sender's.
pub async fn keep(kit: &Kit, sort: Sort, bytes: Bytes) -> base::Result<std::result::Result<Kept, Refused>> {
    let name = kit.ids.token();
    Ok(match sort {
        Sort::Picture => pictures::store(&kit.blobs, name, bytes).await?.map(Kept::Picture),
        Sort::Paper(folder) => pictures::store_paper(&kit.blobs, folder, &name, bytes).await?.map(Kept::Paper),
    })
}

impl Kept {
    /// As if a file had been kept, to try an archive out.
    pub fn pretend(kit: &Kit, sort: Sort) -> Kept {
        let name = kit.ids.token();
        match sort {
            Sort::Picture => Kept::Picture(Stored { name, width: 1, height: 1 }),
            Sort::Paper(folder) => Kept::Paper(format!("{folder}/{name}.jpg")),
        }
    }

    /// Deletes the file again.
    pub async fn forget(&self, kit: &Kit) -> base::Result<()> {
        match self {
            Kept::Picture(stored) => pictures::delete(&kit.blobs, &stored.name).await,
            Kept::Paper(key) => kit.blobs.delete(key).await,
        }
    }
}

/// Where the group lives now, and where it did. Its own slice says so before the others write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// 0 until it is written.
    pub group: i64,
    pub name: String,
    pub slug: String,
    pub was_slug: String,
    /// Dotted code.
    pub region: String,
    pub was_region: String,
}

/// An archive on its way in.
#[derive(Debug, Default)]
pub struct Arrival {
    /// Version of its rows.
    pub version: u32,
    /// Address of the site that it comes from.
    pub site: String,
    pub home: Home,
    /// What the operator should know.
    pub notes: Vec<String>,
    parts: BTreeMap<String, Vec<Value>>,
    kept: HashMap<String, Kept>,
}

impl Arrival {
    pub fn new(version: u32, site: String, parts: BTreeMap<String, Vec<Value>>) -> Arrival {
        Arrival { version, site, parts, ..Arrival::default() }
    }

    /// Name of each part, and how many rows it has.
    pub fn parts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.parts.iter().map(|(name, rows)| (name.as_str(), rows.len()))
    }

    /// The rows of a part; none when the archive has no such part.
    pub fn rows<T: DeserializeOwned>(&self, part: &str) -> Result<Vec<T>> {
        let mut read = Vec::new();
        for (n, row) in self.parts.get(part).into_iter().flatten().enumerate() {
            read.push(<T as serde::Deserialize>::deserialize(row).with_context(|| format!("line {} of {part}.jsonl", n + 1))?);
        }
        Ok(read)
    }

    /// Notes how a file was kept.
    pub fn keep(&mut self, path: String, kept: Kept) {
        self.kept.insert(path, kept);
    }

    /// The picture of a path, once: a picture belongs to one row.
    pub fn picture(&mut self, path: &str) -> Option<Stored> {
        match self.kept.remove(path)? {
            Kept::Picture(stored) => Some(stored),
            Kept::Paper(_) => None,
        }
    }

    /// Key of the paper of a path, once.
    pub fn paper(&mut self, path: &str) -> Option<String> {
        match self.kept.remove(path)? {
            Kept::Paper(key) => Some(key),
            Kept::Picture(_) => None,
        }
    }

    /// What no row took.
    pub fn left(&mut self) -> Vec<Kept> {
        self.kept.drain().map(|(_, kept)| kept).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Row {
        id: i64,
    }

    fn arrival() -> Arrival {
        let rows = vec![serde_json::json!({ "id": 7, "later": true }), serde_json::json!({ "id": "x" })];
        Arrival::new(2, "https://asal.example.id".into(), BTreeMap::from([("things".to_owned(), rows)]))
    }

    #[test]
    fn a_row_that_cannot_be_read_is_named() {
        let arrival = arrival();
        let error = arrival.rows::<Row>("things").expect_err("the second row");
        assert!(format!("{error:#}").starts_with("line 2 of things.jsonl: "), "{error:#}");
        assert!(arrival.rows::<Row>("others").expect("none").is_empty());
        assert_eq!(arrival.parts().collect::<Vec<_>>(), [("things", 2)]);
    }

    #[test]
    fn a_file_belongs_to_one_row() {
        let mut arrival = arrival();
        let stored = Stored { name: "abc".into(), width: 8, height: 8 };
        arrival.keep("files/a.jpg".into(), Kept::Picture(stored.clone()));
        arrival.keep("files/b.jpg".into(), Kept::Paper("private/x/b.jpg".into()));
        assert_eq!(arrival.picture("files/a.jpg"), Some(stored));
        assert_eq!(arrival.picture("files/a.jpg"), None);
        assert_eq!(arrival.paper("files/c.jpg"), None);
        assert_eq!(arrival.left(), [Kept::Paper("private/x/b.jpg".into())]);
    }
}
