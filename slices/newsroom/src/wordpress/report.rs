//! What an import did, line by line for the terminal and row by row for a table.
use std::fmt;
use std::io::{self, Write};

/// Why something was left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    Draft,
    Private,
    /// Guarded by a password.
    Password,
    /// To come out later.
    Scheduled,
    Trash,
    /// A status of a plugin.
    Status,
    /// A kind of content of a plugin.
    CustomType,
    Menu,
    /// Templates, styles and other parts of the look.
    Design,
    /// Neither words nor pictures that can be shown.
    Empty,
    /// A text of more than 5 MB.
    TooLarge,
    /// Without a number, or with one that came before.
    Number,
    /// An attachment that is no JPEG, PNG or WebP.
    NotPicture,
    /// A picture whose file is not in the media folder.
    MissingFile,
    /// A picture that cannot be decoded.
    Unreadable,
    /// A picture with too many bytes or pixels.
    PictureTooLarge,
    /// A picture that no imported story shows.
    Unused,
}

impl Reason {
    /// A short stable name, for tables.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Draft => "draft",
            Reason::Private => "private",
            Reason::Password => "password",
            Reason::Scheduled => "scheduled",
            Reason::Trash => "trash",
            Reason::Status => "status",
            Reason::CustomType => "custom-type",
            Reason::Menu => "menu",
            Reason::Design => "design",
            Reason::Empty => "empty",
            Reason::TooLarge => "too-large",
            Reason::Number => "number",
            Reason::NotPicture => "not-a-picture",
            Reason::MissingFile => "file-missing",
            Reason::Unreadable => "file-unreadable",
            Reason::PictureTooLarge => "picture-too-large",
            Reason::Unused => "unused",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Draft => "not published yet",
            Reason::Private => "private",
            Reason::Password => "protected by a password",
            Reason::Scheduled => "scheduled for later",
            Reason::Trash => "in the trash",
            Reason::Status => "has a status that WordPress itself does not know",
            Reason::CustomType => "content type of a plugin",
            Reason::Menu => "menu entry",
            Reason::Design => "part of the site's design",
            Reason::Empty => "nothing in it can be shown",
            Reason::TooLarge => "a text of more than 5 MB",
            Reason::Number => "no number of its own",
            Reason::NotPicture => "not a JPEG, PNG or WebP picture",
            Reason::MissingFile => "the file is not in the media folder",
            Reason::Unreadable => "the picture is damaged",
            Reason::PictureTooLarge => "the picture is too large",
            Reason::Unused => "no imported story shows it",
        })
    }
}

/// Something of the file that was left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its number in WordPress.
    pub id: i64,
    /// `post`, `page`, `attachment` or another type of WordPress.
    pub kind: String,
    pub title: String,
    pub reason: Reason,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "skipped {} {}: {}{}", self.kind, self.id, self.reason, titled(&self.title))
    }
}

/// Something of an imported story that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Number of the story in WordPress; 0 for the whole file.
    pub id: i64,
    pub title: String,
    pub text: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.id == 0 {
            return write!(f, "note: {}", self.text);
        }
        write!(f, "note on {}: {}{}", self.id, self.text, titled(&self.title))
    }
}

fn titled(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" (“{}”)", super::words::cut(title, 60).0) }
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Stories and pages brought in by this run.
    pub imported: u64,
    /// Those an earlier run had brought in.
    pub already: u64,
    pub skipped: Vec<Skipped>,
    /// Pictures stored.
    pub pictures: u64,
    /// Old addresses that now lead to a story.
    pub redirects: u64,
    pub warnings: Vec<Warning>,
    /// Nothing was written.
    pub dry_run: bool,
}

impl Report {
    /// A row for each thing left behind and each note: `id,type,title,outcome,detail`.
    pub fn write_csv(&self, mut to: impl Write) -> io::Result<()> {
        writeln!(to, "id,type,title,outcome,detail")?;
        for skipped in &self.skipped {
            let Skipped { id, kind, title, reason } = skipped;
            writeln!(to, "{id},{},{},skipped: {},{}", cell(kind), cell(title), reason.code(), cell(&reason.to_string()))?;
        }
        for warning in &self.warnings {
            writeln!(to, "{},,{},note,{}", warning.id, cell(&warning.title), cell(&warning.text))?;
        }
        Ok(())
    }
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if risky { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for skipped in &self.skipped {
            writeln!(f, "{skipped}")?;
        }
        for warning in &self.warnings {
            writeln!(f, "{warning}")?;
        }
        let verb = if self.dry_run { "would import" } else { "imported" };
        let Report { imported, already, pictures, redirects, .. } = self;
        let (skipped, notes) = (self.skipped.len(), self.warnings.len());
        writeln!(f, "{verb} {imported} stories with {pictures} pictures; {redirects} old addresses lead to them")?;
        write!(f, "{already} were here already; {skipped} things left behind; {notes} notes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_happened() {
        let report = Report {
            imported: 2,
            skipped: vec![Skipped {
                id: 8,
                kind: "attachment".into(),
                title: "=foto, \"rusak\"".into(),
                reason: Reason::Unreadable,
            }],
            warnings: vec![Warning { id: 0, title: String::new(), text: "no folder".into() }],
            ..Report::default()
        };
        let mut csv = Vec::new();
        report.write_csv(&mut csv).expect("written");
        let csv = String::from_utf8(csv).expect("utf-8");
        assert_eq!(
            csv,
            "id,type,title,outcome,detail\n8,attachment,\"'=foto, \"\"rusak\"\"\",skipped: file-unreadable,the picture is damaged\n0,,,note,no folder\n"
        );
        let said = report.to_string();
        assert!(
            said.starts_with("skipped attachment 8: the picture is damaged (“=foto, \"rusak\"”)\nnote: no folder\nimported 2 "),
            "{said}"
        );
    }
}
