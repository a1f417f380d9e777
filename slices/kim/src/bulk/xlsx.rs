//! XLSX within bounds. A small file can unpack to gigabytes, or claim counts that a reader would
//! reserve memory for, so everything is unpacked and looked at under a limit before it is parsed.
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use zip::ZipArchive;

use super::ROWS_MOST;
use super::file::{COLUMNS_MOST, Line, Problem, tidy};

/// All parts of the archive together, unpacked, in bytes: four times what 5,000 full rows take.
const UNPACKED_MOST: u64 = 32 * 1024 * 1024;
/// Most parts of the archive.
const PARTS_MOST: usize = 400;
/// Largest count that a part may claim.
const COUNT_MOST: u64 = 1_000_000;
/// Sheets that are looked at.
const SHEETS_MOST: usize = 8;
/// Lines of a sheet that are looked at: the rows, a title, and gaps between.
const LINES_MOST: u32 = 20_000;

/// The lines of the first sheets.
pub fn read(bytes: &[u8]) -> Result<Vec<Vec<Line>>, Problem> {
    weigh(bytes)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| Problem::Unreadable)?;
    let names = book.sheet_names();
    let mut sheets = Vec::new();
    for name in names.iter().take(SHEETS_MOST) {
        // A chart sheet has no cells; the others are still of use.
        if let Some(lines) = sheet(&mut book, name)? {
            sheets.push(lines);
        }
    }
    if sheets.is_empty() { Err(Problem::Unreadable) } else { Ok(sheets) }
}

/// Refuses an archive that unpacks to too much, whatever its directory claims.
fn weigh(bytes: &[u8]) -> Result<(), Problem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Problem::Unreadable)?;
    if archive.len() > PARTS_MOST {
        return Err(Problem::Bomb);
    }
    let mut claimed: u64 = 0;
    for i in 0..archive.len() {
        let part = archive.by_index_raw(i).map_err(|_| Problem::Unreadable)?;
        claimed = claimed.saturating_add(part.size());
    }
    if claimed > UNPACKED_MOST {
        return Err(Problem::Bomb);
    }
    let mut left = UNPACKED_MOST;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|_| Problem::Unreadable)?;
        let mut text = Vec::new();
        let read = part.take(left + 1).read_to_end(&mut text).map_err(|_| Problem::Unreadable)?;
        left = left.checked_sub(u64::try_from(read).unwrap_or(u64::MAX)).ok_or(Problem::Bomb)?;
        if claims_too_much(&text) {
            return Err(Problem::Bomb);
        }
    }
    Ok(())
}

/// Whether an attribute `count` or `uniqueCount` names more than any honest sheet has.
fn claims_too_much(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = rest.windows(4).position(|four| four == b"ount") {
        rest = &rest[at + 4..];
        let value = rest.trim_ascii_start().strip_prefix(b"=").map(<[u8]>::trim_ascii_start).unwrap_or_default();
        let [b'"' | b'\'', digits @ ..] = value else { continue };
        let digits = digits.iter().take_while(|b| b.is_ascii_digit());
        if digits.fold(0u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0'))) > COUNT_MOST {
            return true;
        }
    }
    false
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Option<Vec<Line>>, Problem> {
    let Ok(mut cells) = book.worksheet_cells_reader(name) else { return Ok(None) };
    let mut lines: Vec<Line> = Vec::new();
    // One cell after the other: a table over the named range could be a billion cells wide.
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| Problem::Unreadable)? {
        let (row, column) = cell.pos;
        let text = if cell.formula.is_some() { "=".to_owned() } else { said(&cell.value) };
        let at = usize::try_from(column).unwrap_or(usize::MAX);
        if text.is_empty() || at >= COLUMNS_MOST {
            continue;
        }
        if row >= LINES_MOST || lines.len() > ROWS_MOST + 100 {
            return Err(Problem::TooMany);
        }
        let n = i64::from(row) + 1;
        let line = match lines.last_mut() {
            Some(line) if line.0 == n => line,
            _ => {
                lines.push((n, Vec::new()));
                match lines.last_mut() {
                    Some(line) => line,
                    None => continue,
                }
            }
        };
        if line.1.len() <= at {
            line.1.resize(at + 1, String::new());
        }
        line.1[at] = text;
    }
    Ok(Some(lines))
}

/// A value as a person would type it; a day as `2024-03-14`.
fn said(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        // Phone numbers and codes are often kept as numbers.
        DataRef::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        DataRef::Float(n) => n.to_string(),
        DataRef::String(text) => tidy(text),
        DataRef::SharedString(text) => tidy(text),
        DataRef::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) => text.get(..10).unwrap_or(text).to_owned(),
        DataRef::Bool(true) => "ya".into(),
        DataRef::Bool(false) | DataRef::DurationIso(_) | DataRef::Empty => String::new(),
        DataRef::Error(_) => "=".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
            archive.write_all(bytes).expect("bytes");
        }
        archive.finish().expect("an archive").into_inner()
    }

    #[test]
    fn cells_read_as_typed() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, " KIM\tRiak \n Seberang ").expect("a cell");
        sheet.write_number(0, 1, 6_271_011_005.0).expect("a cell");
        let day = ExcelDateTime::from_ymd(2021, 3, 14).expect("a day");
        sheet.write_datetime_with_format(0, 2, &day, &Format::new().set_num_format("dd/mm/yyyy")).expect("a cell");
        sheet.write_formula(0, 3, Formula::new("HYPERLINK(\"http://x\")").set_result("x")).expect("a cell");
        sheet.write_number(4, 0, 1.5).expect("a cell");
        sheet.write_string(4, 16_000, "far out").expect("a cell");
        let bytes = book.save_to_buffer().expect("a book");
        let sheets = read(&bytes).expect("sheets");
        assert_eq!(sheets[0][0], (1, ["KIM Riak Seberang", "6271011005", "2021-03-14", "="].map(str::to_owned).to_vec()));
        assert_eq!(sheets[0][1], (5, vec!["1.5".to_owned()]));
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused_before_it_is_read() {
        let zeros = vec![b' '; 40 * 1024 * 1024];
        let bomb = zipped(&[("xl/worksheets/sheet1.xml", &zeros)]);
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        assert_eq!(read(&bomb).expect_err("a bomb"), Problem::Bomb);
        // The directory lies about the size.
        let mut lying = bomb;
        let size = u32::try_from(zeros.len()).expect("fits").to_le_bytes();
        let places: Vec<usize> = (0..lying.len() - 4).filter(|i| lying[*i..*i + 4] == size).collect();
        assert!(!places.is_empty());
        for at in places {
            lying[at..at + 4].copy_from_slice(&9u32.to_le_bytes());
        }
        assert!(matches!(read(&lying).expect_err("a bomb"), Problem::Bomb | Problem::Unreadable));
        let many: Vec<(String, &[u8])> = (0..PARTS_MOST + 1).map(|n| (format!("x{n}"), &b""[..])).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        assert_eq!(read(&zipped(&many)).expect_err("too many parts"), Problem::Bomb);
        for claim in ["<sst uniqueCount=\"99999999999\">", "<sst count = '4000000000'/>"] {
            assert_eq!(
                read(&zipped(&[("xl/sharedStrings.xml", claim.as_bytes())])).expect_err("a claim"),
                Problem::Bomb,
                "{claim}"
            );
        }
        assert_eq!(read(&zipped(&[("word/document.xml", b"<w/>")])).expect_err("no sheets"), Problem::Unreadable);
    }
}
