//! The templates to fill in, and what was turned down as a file to mend.
use base::Lang;
use web::Ctx;

use super::store::Row;
use super::{Flaw, Kind};
use crate::member::Office;
use crate::register::rules;
use crate::sheet::Sheet;

/// A text of a file. Files are read by the names in them, so they are always Indonesian.
fn said(ctx: &Ctx, key: &str) -> String {
    ctx.kit.texts.say(Lang::Id, key, &[])
}

fn head(ctx: &Ctx, kind: Kind) -> Vec<String> {
    kind.columns().iter().map(|column| said(ctx, column.text)).collect()
}

fn widths(kind: Kind) -> Vec<u16> {
    kind.columns().iter().map(|column| u16::try_from(column.most.clamp(14, 34)).unwrap_or(20)).collect()
}

/// The empty table, and a sheet that explains each column.
pub fn sheets(ctx: &Ctx, kind: Kind) -> Vec<Sheet> {
    let choices = match kind {
        Kind::Register => Vec::new(),
        Kind::Roster => vec![(1, Office::ALL.iter().map(|office| said(ctx, office.key())).collect())],
    };
    let data = Sheet {
        name: said(ctx, if kind == Kind::Register { "kim-bulk-sheet-register" } else { "kim-bulk-sheet-roster" }),
        head: head(ctx, kind),
        widths: widths(kind),
        choices,
        ..Sheet::default()
    };
    let line = |column: &super::columns::Column| {
        let must = said(ctx, if column.needed { "kim-yes" } else { "kim-no" });
        vec![said(ctx, column.text), must, said(ctx, column.hint), column.most.to_string(), column.example.to_owned()]
    };
    let mut rows: Vec<Vec<String>> = kind.columns().iter().map(line).collect();
    if kind == Kind::Register {
        rows.push(Vec::new());
        rows.push(vec![said(ctx, "kim-bulk-help-themes")]);
        rows.extend(rules::THEMES.iter().map(|(_, key)| vec![said(ctx, key)]));
    }
    let help = Sheet {
        name: said(ctx, "kim-bulk-sheet-help"),
        head: ["kim-bulk-help-column", "kim-bulk-help-must", "kim-bulk-help-what", "kim-bulk-help-most", "kim-bulk-help-example"]
            .map(|key| said(ctx, key))
            .to_vec(),
        rows,
        widths: vec![26, 8, 80, 12, 30],
        choices: Vec::new(),
    };
    vec![data, help]
}

/// Rows that were turned down, each with its reasons in a last column.
pub fn refused(ctx: &Ctx, kind: Kind, rows: &[Row]) -> Sheet {
    let mut names = head(ctx, kind);
    names.push(said(ctx, "kim-bulk-reason"));
    let mut widths = widths(kind);
    widths.push(60);
    let line = |row: &Row| {
        let cells = kind.columns().iter().map(|column| row.cells.get(column.code).cloned().unwrap_or_default());
        let mut line: Vec<String> = cells.collect();
        line.push(row.flaws.iter().map(|flaw| reason(ctx, kind, flaw)).collect::<Vec<_>>().join(" "));
        line
    };
    let name = said(ctx, "kim-bulk-sheet-refused");
    Sheet { name, head: names, rows: rows.iter().map(line).collect(), widths, choices: Vec::new() }
}

/// "Nomor HP: Tulis nomor HP lengkap."
fn reason(ctx: &Ctx, kind: Kind, flaw: &Flaw) -> String {
    let values: Vec<(&str, &str)> = flaw.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = ctx.kit.texts.say(Lang::Id, &flaw.key, &values);
    match kind.columns().iter().find(|column| column.code == flaw.column) {
        Some(column) => format!("{}: {text}", said(ctx, column.text)),
        None => text,
    }
}
