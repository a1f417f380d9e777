//! What the import of a KIM did, for the operator to read.
use std::fmt;

/// What became of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub name: String,
    /// Path of its page here.
    pub path: String,
    /// Dotted code.
    pub region: String,
    /// Address of the site that it came from.
    pub site: String,
    /// Name and number of rows of each part.
    pub parts: Vec<(String, usize)>,
    /// Files that were kept.
    pub files: usize,
    /// What the operator should know.
    pub notes: Vec<String>,
    /// The KIM was here before; nothing was added.
    pub already: bool,
    pub dry_run: bool,
}

impl Report {
    /// Rows of a part.
    pub fn rows(&self, part: &str) -> usize {
        self.parts.iter().find(|(name, _)| name == part).map_or(0, |(_, rows)| *rows)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { name, path, region, site, .. } = self;
        if self.already {
            return write!(f, "{name} is here already, at {path}: nothing was added.");
        }
        let verb = if self.dry_run { "would stand" } else { "stands" };
        writeln!(f, "{name} of {site} {verb} at {path}, in region {region}.")?;
        let parts: Vec<String> = self.parts.iter().map(|(name, rows)| format!("{name} {rows}")).collect();
        write!(f, "{}, files {}", parts.join(", "), self.files)?;
        for note in &self.notes {
            write!(f, "\nNote: {note}.")?;
        }
        if self.dry_run {
            write!(f, "\nDry run: nothing was changed.")?;
        }
        Ok(())
    }
}
