//! Tables as files, CSV and XLSX, with nothing in them that a spreadsheet would run.
use anyhow::Context;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{DataValidation, Format as Style, Workbook, Worksheet};
use web::{Error, Result};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    /// By the ending of a file's name.
    pub fn of(file: &str) -> Result<Format> {
        match file.rsplit_once('.') {
            Some((_, "csv")) => Ok(Format::Csv),
            Some((_, "xlsx")) => Ok(Format::Xlsx),
            _ => Err(Error::Missing),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }
}

/// One sheet. Widths are in characters; columns beyond them get a usual one.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub widths: Vec<u16>,
    /// Column and the words that it offers to choose from.
    pub choices: Vec<(u16, Vec<String>)>,
}

/// A cell that no spreadsheet takes for a formula.
pub fn safe(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell.to_owned() }
}

/// The bytes of a file. CSV holds the first sheet: UTF-8 with its mark and semicolons, which is what
/// spreadsheets set to Indonesian open without questions.
pub fn write(format: Format, sheets: &[Sheet]) -> Result<Vec<u8>> {
    Ok(match format {
        Format::Csv => csv(sheets.first().context("a sheet")?)?,
        Format::Xlsx => xlsx(sheets)?,
    })
}

fn csv(sheet: &Sheet) -> anyhow::Result<Vec<u8>> {
    let mut writer = ::csv::WriterBuilder::new().delimiter(b';').from_writer("\u{feff}".as_bytes().to_vec());
    for row in std::iter::once(&sheet.head).chain(&sheet.rows) {
        writer.write_record(row.iter().map(|cell| safe(cell)))?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

fn xlsx(sheets: &[Sheet]) -> anyhow::Result<Vec<u8>> {
    let mut book = Workbook::new();
    let (bold, plain) = (Style::new().set_bold().set_num_format("@"), Style::new().set_num_format("@"));
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name)?;
        page.set_freeze_panes(1, 0)?;
        for (i, name) in sheet.head.iter().enumerate() {
            let column = u16::try_from(i)?;
            page.set_column_width(column, f64::from(sheet.widths.get(i).copied().unwrap_or(20)))?;
            // As text, so that codes keep their zeros and phone numbers stay what they are.
            page.set_column_format(column, &plain)?;
            page.write_string_with_format(0, column, safe(name), &bold)?;
        }
        for (i, row) in sheet.rows.iter().enumerate() {
            fill(page, u32::try_from(i + 1)?, row, &plain)?;
        }
        for (column, words) in &sheet.choices {
            let offered = DataValidation::new().allow_list_strings(words)?;
            page.add_data_validation(1, *column, 5_000, *column, &offered)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

fn fill(page: &mut Worksheet, n: u32, row: &[String], style: &Style) -> anyhow::Result<()> {
    for (i, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        // The format itself takes no longer cell.
        let cut: String = safe(cell).chars().take(32_000).collect();
        page.write_string_with_format(n, u16::try_from(i)?, cut, style)?;
    }
    Ok(())
}

/// The answer that a browser saves as a file. `name` has no ending and needs no quoting.
pub fn answer(format: Format, name: &str, sheets: &[Sheet]) -> Result<Response> {
    let mut response = write(format, sheets)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.kind()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.ending());
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).context("a file name")?);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+62812", "-1", "@sum", "\t=1", "\r=1"] {
            assert_eq!(safe(cell), format!("'{cell}"));
        }
        assert_eq!(safe("KIM A"), "KIM A");
        let sheet = Sheet {
            name: "KIM".into(),
            head: vec!["Nama".into(), "=jahat".into()],
            rows: vec![vec!["KIM \"A\"; B".into(), "@x".into()]],
            ..Sheet::default()
        };
        let text = String::from_utf8(write(Format::Csv, std::slice::from_ref(&sheet)).expect("csv")).expect("utf-8");
        assert_eq!(text, "\u{feff}Nama;'=jahat\n\"KIM \"\"A\"\"; B\";'@x\n");
        let bytes = write(Format::Xlsx, &[sheet]).expect("xlsx");
        let sheets = crate::bulk::read_back(&bytes);
        assert_eq!(sheets[0], [["Nama", "'=jahat"], ["KIM \"A\"; B", "'@x"]]);
    }
}
