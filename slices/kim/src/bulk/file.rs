//! A spreadsheet as rows of text: CSV in the encodings and with the separators that are about, or XLSX.
use std::collections::BTreeMap;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::columns::{self, Column, Meaning};
use super::{Cells, ROWS_MOST, xlsx};

/// Longest cell that is looked at, in characters.
const CELL_MOST: usize = 2_000;
/// Most columns that are looked at.
pub const COLUMNS_MOST: usize = 60;
/// The head may stand below a title of so many lines.
const HEAD_WITHIN: usize = 12;

/// Why a file gives no rows. Each names the text that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Unreadable,
    /// The old binary form of spreadsheets.
    Old,
    /// Unpacks to more than a spreadsheet of this size could need.
    Bomb,
    /// No line names the columns that are needed.
    Headless,
    Empty,
    TooMany,
}

impl Problem {
    pub fn key(self) -> &'static str {
        match self {
            Problem::Unreadable => "kim-bulk-unreadable",
            Problem::Old => "kim-bulk-old",
            Problem::Bomb => "kim-bulk-bomb",
            Problem::Headless => "kim-bulk-headless",
            Problem::Empty => "kim-bulk-empty",
            Problem::TooMany => "kim-bulk-many",
        }
    }
}

/// A line with its number as the person's program shows it, starting at 1.
pub type Line = (i64, Vec<String>);

/// What a file holds, by code of the column.
#[derive(Debug, Default)]
pub struct Table {
    pub rows: Vec<(i64, Cells)>,
    /// Names of columns that are not ours, as written.
    pub unknown: Vec<String>,
    /// Names of columns with what is never kept of a person.
    pub private: Vec<String>,
}

/// Reads a file. `own` are the folded Indonesian names of the columns, in their order.
pub fn read(bytes: &[u8], columns: &[Column], own: &[String]) -> Result<Table, Problem> {
    let sheets = match bytes {
        [b'P', b'K', 3, 4, ..] => xlsx::read(bytes)?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(Problem::Old),
        _ => vec![csv(bytes)?],
    };
    let mut problem = Problem::Empty;
    for lines in &sheets {
        match table(lines, columns, own) {
            Ok(table) => return Ok(table),
            Err(Problem::Headless) => problem = Problem::Headless,
            Err(Problem::Empty) => {}
            Err(other) => return Err(other),
        }
    }
    Err(problem)
}

fn csv(bytes: &[u8]) -> Result<Vec<Line>, Problem> {
    let text = decode(bytes)?;
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(&text)).from_reader(text.as_bytes());
    let mut lines = Vec::new();
    // The reader's own count is one behind after a carriage return.
    let (mut n, mut counted) = (1, 0);
    for record in reader.records() {
        let record = record.map_err(|_| Problem::Unreadable)?;
        let start = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(counted);
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        let start = start + rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let between = text.as_bytes().get(counted..start).unwrap_or_default();
        n += between.iter().filter(|b| **b == b'\n').count();
        counted = start.max(counted);
        let cells = record.iter().take(COLUMNS_MOST).map(tidy).collect();
        lines.push((i64::try_from(n).unwrap_or(0), cells));
        // Title and head do not count, so a few more may be read than are taken.
        if lines.len() > ROWS_MOST + 2 * HEAD_WITHIN {
            return Err(Problem::TooMany);
        }
    }
    Ok(lines)
}

/// The text of a file: by its mark, as UTF-8, or as the usual Windows code page.
fn decode(bytes: &[u8]) -> Result<String, Problem> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned());
    }
    if bytes.contains(&0) {
        return Err(Problem::Unreadable);
    }
    match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text.into_owned()),
        None => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()),
    }
}

/// The separator that the first lines use most, outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.lines().take(HEAD_WITHIN).flat_map(str::bytes) {
        if byte == b'"' {
            quoted = !quoted;
        }
        if let Some(count) = counts.iter_mut().find(|(sign, _)| *sign == byte && !quoted) {
            count.1 += 1;
        }
    }
    // Of equals the last wins: the comma before the semicolon would be the rarer choice here.
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(sign, _)| *sign)
}

/// A cell on one line, without what cannot be seen, cut to what is looked at.
pub fn tidy(cell: &str) -> String {
    let seen = cell.chars().map(|c| if c.is_control() || c == '\u{a0}' || c == '\u{feff}' { ' ' } else { c });
    let cut: String = seen.take(CELL_MOST).collect();
    cut.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Finds the head and reads the rows below it.
fn table(lines: &[Line], columns: &[Column], own: &[String]) -> Result<Table, Problem> {
    if lines.iter().all(|(_, cells)| cells.iter().all(String::is_empty)) {
        return Err(Problem::Empty);
    }
    let known = |cells: &[String]| -> Vec<(usize, usize)> {
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (at, name) in cells.iter().enumerate() {
            if let Meaning::Known(i) = columns::meaning(columns, own, name)
                && !found.iter().any(|(_, known)| *known == i)
            {
                found.push((at, i));
            }
        }
        found
    };
    let needed = |found: &[(usize, usize)]| {
        let all = columns.iter().enumerate().filter(|(_, column)| column.needed);
        all.map(|(i, _)| i).all(|i| found.iter().any(|(_, known)| *known == i))
    };
    let heads = lines.iter().take(HEAD_WITHIN).enumerate().map(|(i, (_, cells))| (i, known(cells)));
    let best = heads.filter(|(_, found)| needed(found)).max_by_key(|(i, found)| (found.len(), HEAD_WITHIN - i));
    let Some((head, places)) = best else { return Err(Problem::Headless) };

    let mut table = Table::default();
    for name in &lines[head].1 {
        match columns::meaning(columns, own, name) {
            Meaning::Unknown => table.unknown.push(name.chars().take(60).collect()),
            Meaning::Private => table.private.push(name.chars().take(60).collect()),
            _ => {}
        }
    }
    for (n, cells) in &lines[head + 1..] {
        let row: BTreeMap<String, String> = places
            .iter()
            .filter_map(|(at, i)| Some((columns[*i].code.to_owned(), cells.get(*at).filter(|cell| is_filled(cell))?.clone())))
            .collect();
        if !row.is_empty() {
            table.rows.push((*n, row));
        }
        if table.rows.len() > ROWS_MOST {
            return Err(Problem::TooMany);
        }
    }
    if table.rows.is_empty() { Err(Problem::Empty) } else { Ok(table) }
}

/// A lone dash is how many write that there is nothing.
fn is_filled(cell: &str) -> bool {
    !matches!(cell, "" | "-" | "–" | "—" | "'-")
}

#[cfg(test)]
mod tests {
    use super::super::columns::REGISTER;
    use super::*;

    fn own() -> Vec<String> {
        ["nama kim", "nomor kim", "kode wilayah", "desa atau kelurahan"].map(str::to_owned).to_vec()
    }

    fn rows(bytes: &[u8]) -> Vec<(i64, Cells)> {
        read(bytes, REGISTER, &own()).expect("a table").rows
    }

    #[test]
    fn csv_is_read_with_either_separator_and_in_either_encoding() {
        let expected: Cells = [("kode_wilayah", "62.71.01.1005"), ("nama", "KIM Riak; \"Seberang\"")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        for text in [
            "Nama KIM;Kode wilayah\n\"KIM Riak; \"\"Seberang\"\"\";62.71.01.1005\n",
            "Kode wilayah,NAMA  kim\r\n62.71.01.1005,\"KIM Riak; \"\"Seberang\"\"\"\r\n",
            "\u{feff}Nama KIM\tKode wilayah\n\"KIM Riak; \"\"Seberang\"\"\"\t62.71.01.1005",
        ] {
            assert_eq!(rows(text.as_bytes()), [(2, expected.clone())], "{text}");
        }
        // Windows-1252, and UTF-16 as Excel's "Unicode text".
        assert_eq!(rows(b"Nama KIM,Desa\nKIM Andr\xe9 \x96 Satu,-\n")[0].1["nama"], "KIM André – Satu");
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("Nama KIM\nKIM É".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(rows(&wide)[0].1["nama"], "KIM É");
    }

    #[test]
    fn the_head_may_stand_below_a_title_and_columns_in_any_order() {
        let text = "DAFTAR KIM KOTA PALANGKA RAYA;;;\n;;;\nNo;Kelurahan;Kelompok;NIK ketua;Warna\n1;Langkai;KIM A;627101;biru\n;;;;\n2;Menteng;KIM B;;\n";
        let table = read(text.as_bytes(), REGISTER, &own()).expect("a table");
        let names: Vec<(i64, &str)> = table.rows.iter().map(|(n, cells)| (*n, cells["nama"].as_str())).collect();
        assert_eq!(names, [(4, "KIM A"), (6, "KIM B")]);
        assert_eq!((table.unknown, table.private), (vec!["Warna".to_owned()], vec!["NIK ketua".to_owned()]));
    }

    #[test]
    fn what_is_no_table_is_named() {
        let problem = |bytes: &[u8]| read(bytes, REGISTER, &own()).expect_err("no table");
        assert_eq!(problem(b""), Problem::Empty);
        assert_eq!(problem(b"\n;;\n"), Problem::Empty);
        assert_eq!(problem(b"Nama KIM;Desa\n"), Problem::Empty);
        assert_eq!(problem(b"a;b\n1;2\n"), Problem::Headless);
        assert_eq!(problem(b"%PDF-1.7\0\x01"), Problem::Unreadable);
        assert_eq!(problem(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]), Problem::Old);
        assert_eq!(problem(b"PK\x03\x04 not a zip"), Problem::Unreadable);
        let many = format!("Nama KIM\n{}", "KIM\n".repeat(ROWS_MOST + 1));
        assert_eq!(problem(many.as_bytes()), Problem::TooMany);
        let most = format!("Nama KIM\n{}", "KIM\n".repeat(ROWS_MOST));
        assert_eq!(rows(most.as_bytes()).len(), ROWS_MOST);
    }
}
