//! The coverage table as CSV, and as a workbook with every list behind it.
use anyhow::Context as _;
use axum::extract::Query;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use web::{Ctx, Result};

use super::list::why;
use super::pages::Asked;
use super::store::{self, Found, Village};
use super::{Coverage, Row, View, asked, count};

/// Lines of one list in the workbook.
const MOST: i64 = 5_000;

fn heads(ctx: &Ctx) -> Vec<String> {
    let fixed = ["kim-cover-code", "kim-region", "kim-cover-villages", "kim-menu"];
    fixed.into_iter().chain(View::ALL.into_iter().map(View::key)).map(|key| ctx.say(key)).collect()
}

fn cells(row: &Row) -> (String, String, Vec<i64>) {
    let name = if row.above.is_empty() { row.name.clone() } else { format!("{}, {}", row.name, row.above) };
    let numbers = [row.villages, row.groups].into_iter().chain(View::ALL.into_iter().map(|view| row.of(&view)));
    (row.code.clone(), name, numbers.collect())
}

/// A text that a spreadsheet takes as text: what looks like a formula gets a mark before it.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn file(bytes: Vec<u8>, kind: &'static str, region: &str, end: &str) -> Result<Response> {
    let region = if region.is_empty() { "indonesia" } else { region };
    let name = format!("attachment; filename=\"cakupan-kim-{region}.{end}\"");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).context("a file name")?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET /bina/cakupan.csv`
pub async fn csv(ctx: Ctx, Query(asked_for): Query<Asked>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let code = asked(&ctx, &mut conn, &asked_for.wilayah).await?;
    let coverage = count(&mut conn, &code, ctx.now()).await?;
    drop(conn);
    // The mark by which spreadsheets know UTF-8.
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(heads(&ctx)).context("a line of CSV")?;
    for row in &coverage.rows {
        let (code, name, numbers) = cells(row);
        let line = [code, plain(&name)].into_iter().chain(numbers.iter().map(i64::to_string));
        writer.write_record(line).context("a line of CSV")?;
    }
    let bytes = writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?;
    file(bytes, "text/csv; charset=utf-8", &code, "csv")
}

/// One list of the workbook: its name, its heads, its lines.
struct Sheet {
    name: String,
    heads: Vec<String>,
    lines: Vec<Vec<String>>,
}

/// `GET /bina/cakupan.xlsx`
pub async fn xlsx(ctx: Ctx, Query(asked_for): Query<Asked>) -> Result<Response> {
    let mut conn = ctx.kit.db.read().await?;
    let code = asked(&ctx, &mut conn, &asked_for.wilayah).await?;
    let coverage = count(&mut conn, &code, ctx.now()).await?;
    let villages = store::empty(&mut conn, &code, "", MOST).await?;
    let mut sheets = vec![village_sheet(&ctx, villages)];
    for view in View::ALL.into_iter().skip(1) {
        let found = store::found(&mut conn, &code, view, None, MOST, ctx.now()).await?;
        sheets.push(kim_sheet(&ctx, view, &found));
    }
    drop(conn);
    let (title, heads) = (ctx.say("kim-cover-table"), heads(&ctx));
    let bytes =
        tokio::task::spawn_blocking(move || workbook(&title, &heads, &coverage, &sheets)).await.context("a workbook")??;
    file(bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &code, "xlsx")
}

fn village_sheet(ctx: &Ctx, villages: Vec<Village>) -> Sheet {
    let heads = ["kim-cover-code", "kim-region", "kim-cover-above"];
    Sheet {
        name: ctx.say(View::Empty.key()),
        heads: heads.iter().map(|key| ctx.say(key)).collect(),
        lines: villages.into_iter().map(|village| vec![village.code, village.name, village.above]).collect(),
    }
}

fn kim_sheet(ctx: &Ctx, view: View, found: &[Found]) -> Sheet {
    let heads = ["kim-name", "kim-number", "kim-cover-code", "kim-region", "kim-cover-above", "kim-bina-note"];
    let line = |one: &Found| {
        let number = one.number.clone().unwrap_or_default();
        vec![one.name.clone(), number, one.region.clone(), one.region_name.clone(), one.above.clone(), why(ctx, view, one)]
    };
    Sheet {
        name: ctx.say(view.key()),
        heads: heads.iter().map(|key| ctx.say(key)).collect(),
        lines: found.iter().map(line).collect(),
    }
}

fn workbook(title: &str, heads: &[String], coverage: &Coverage, sheets: &[Sheet]) -> anyhow::Result<Vec<u8>> {
    let mut book = Workbook::new();
    let first = book.add_worksheet();
    first.set_name(short(title))?;
    head(first, heads)?;
    for (row, at) in coverage.rows.iter().zip(1u32..) {
        let (code, name, numbers) = cells(row);
        first.write_string(at, 0, code)?;
        first.write_string(at, 1, name)?;
        for (number, column) in numbers.iter().zip(2u16..) {
            first.write_number(at, column, *number as f64)?;
        }
    }
    first.autofit();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(short(&sheet.name))?;
        head(page, &sheet.heads)?;
        for (line, at) in sheet.lines.iter().zip(1u32..) {
            for (cell, column) in line.iter().zip(0u16..) {
                page.write_string(at, column, cell)?;
            }
        }
        page.autofit();
    }
    Ok(book.save_to_buffer()?)
}

fn head(sheet: &mut Worksheet, heads: &[String]) -> anyhow::Result<()> {
    let bold = Format::new().set_bold();
    for (head, column) in heads.iter().zip(0u16..) {
        sheet.write_string_with_format(0, column, head, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Names of sheets have at most 31 signs and few of the odd ones.
fn short(name: &str) -> String {
    name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_stay_text() {
        assert_eq!(plain("=1+1"), "'=1+1");
        assert_eq!(plain("@x"), "'@x");
        assert_eq!(plain("KIM =1"), "KIM =1");
        assert_eq!(short("Tanpa [SK]: 'habis' / lama, sangat panjang sekali"), "Tanpa SK habis  lama, sangat pa");
    }
}
