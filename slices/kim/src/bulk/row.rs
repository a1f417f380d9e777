//! One row of a register, read: what it would become, and everything that is wrong with it. Pure.
use regions::fold;

use super::columns::{Column, REGISTER};
use super::{Cells, Flaw, dates};
use crate::register::rules;

/// A KIM that a row describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub number: Option<String>,
    pub region: String,
    pub founded_at: Option<i64>,
    /// As stored.
    pub themes: String,
    pub about: String,
    pub phone: String,
    pub email: String,
    pub address: String,
    pub decree: Option<Decree>,
}

/// The decree that a row names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decree {
    pub number: String,
    pub issued_at: i64,
    pub signer: String,
}

/// Names of themes, folded, and the code of each.
pub type Themes = [(String, &'static str)];

/// A value that came out of one of our own files loses the mark that keeps it from being a formula.
pub fn unmark(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\'']) => rest,
        _ => cell,
    }
}

/// Whether a spreadsheet would take a cell for a formula.
pub fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@'])
}

/// Whether a cell holds a citizen number: sixteen digits, however they are grouped.
pub fn is_citizen_number(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    digits == 16 && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '-' | '\''))
}

/// What is wrong with the cells as such: too long, a formula, a citizen number.
pub fn look(columns: &[Column], cells: &Cells) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for column in columns {
        let Some(cell) = cells.get(column.code) else { continue };
        let phone =
            column.code == "telepon" && cell.strip_prefix('+').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if is_citizen_number(cell) {
            flaws.push(Flaw::new(column.code, "kim-bulk-citizen"));
        } else if is_formula(cell) && !phone {
            flaws.push(Flaw::new(column.code, "kim-bulk-formula"));
        } else if unmark(cell).chars().count() > column.most {
            flaws.push(Flaw::with(column.code, "kim-bulk-long", &[("most", &column.most.to_string())]));
        }
    }
    flaws
}

/// Reads a row whose village is known; `region` is empty when it is not, and its days are then read
/// in the zone of the west. `now` bounds days.
pub fn read(cells: &Cells, region: &str, themes: &Themes, now: i64) -> (Draft, Vec<Flaw>) {
    let mut flaws = look(REGISTER, cells);
    let odd: Vec<String> = flaws.iter().map(|flaw| flaw.column.clone()).collect();
    // What is odd already has its message; a second one would only confuse.
    let cell = |code: &str| match cells.get(code) {
        Some(cell) if !odd.iter().any(|column| column == code) => unmark(cell),
        _ => "",
    };
    let named = rules::is_name(cell("nama"));
    if !named && !odd.iter().any(|column| column == "nama") {
        flaws.push(Flaw::new("nama", "kim-bulk-name-empty"));
    }
    let mut day = |code: &str| -> Option<i64> {
        let text = cell(code);
        if text.is_empty() {
            return None;
        }
        let at = dates::parse(text, region);
        match at {
            None => flaws.push(Flaw::with(code, "kim-bulk-day-bad", &[("text", text)])),
            Some(at) if at > now => flaws.push(Flaw::with(code, "kim-bulk-day-future", &[("text", text)])),
            Some(_) => {}
        }
        at
    };
    let (founded_at, issued_at) = (day("berdiri"), day("tanggal_sk"));
    let phone = people::account::phone(cell("telepon")).unwrap_or_default();
    if !cell("telepon").is_empty() && phone.is_empty() {
        flaws.push(Flaw::with("telepon", "kim-bulk-phone-bad", &[("text", cell("telepon"))]));
    }
    let email = cell("surel").to_lowercase();
    if !email.is_empty() && !crate::register::profile::is_email(&email) {
        flaws.push(Flaw::with("surel", "kim-bulk-email-bad", &[("text", &email)]));
    }
    let chosen = read_themes(cell("bidang"), themes, &mut flaws);
    let decree = read_decree(cell("nomor_sk"), issued_at, cell("penanda_tangan"), cells, &mut flaws);
    let number = Some(rules::tidy(cell("nomor"))).filter(|number| !number.is_empty());
    let draft = Draft {
        name: rules::tidy(cell("nama")),
        number,
        region: region.to_owned(),
        founded_at,
        themes: rules::join_themes(&chosen),
        about: cell("tentang").to_owned(),
        phone,
        email,
        address: cell("alamat").to_owned(),
        decree,
    };
    (draft, flaws)
}

fn read_themes(text: &str, themes: &Themes, flaws: &mut Vec<Flaw>) -> Vec<String> {
    let mut chosen = Vec::new();
    for word in text.split([',', ';', '/', '|']).map(fold).filter(|word| !word.is_empty()) {
        match themes.iter().find(|(name, _)| *name == word) {
            Some((_, code)) => chosen.push((*code).to_owned()),
            None => flaws.push(Flaw::with("bidang", "kim-bulk-theme-unknown", &[("text", &word)])),
        }
    }
    chosen.sort();
    chosen.dedup();
    if chosen.len() > rules::THEMES_MOST {
        flaws.push(Flaw::new("bidang", "kim-themes-many"));
    }
    chosen
}

/// A decree is whole or not there at all.
fn read_decree(number: &str, issued_at: Option<i64>, signer: &str, cells: &Cells, flaws: &mut Vec<Flaw>) -> Option<Decree> {
    let given = ["nomor_sk", "tanggal_sk", "penanda_tangan"].map(|code| cells.contains_key(code));
    if given.iter().any(|given| *given) && !given.iter().all(|given| *given) {
        let at = given.iter().position(|given| !*given).unwrap_or(0);
        flaws.push(Flaw::new(["nomor_sk", "tanggal_sk", "penanda_tangan"][at], "kim-bulk-decree-part"));
    }
    let issued_at = issued_at?;
    let whole = !number.is_empty() && !signer.is_empty();
    whole.then(|| Decree { number: number.to_owned(), issued_at, signer: signer.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(pairs: &[(&str, &str)]) -> Cells {
        pairs.iter().map(|(code, text)| ((*code).to_owned(), (*text).to_owned())).collect()
    }

    fn flaws(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let themes = [("lingkungan".to_owned(), "lingkungan"), ("usaha warga".to_owned(), "usaha")];
        let now = web::dates::parse_day("2026-11-24", "62").expect("a day");
        let all = read(&cells(pairs), "62.71.01.1005", &themes, now).1;
        all.into_iter().map(|flaw| (flaw.column, flaw.key.trim_start_matches("kim-bulk-").to_owned())).collect()
    }

    #[test]
    fn a_whole_row_is_read() {
        let now = web::dates::parse_day("2026-11-24", "62").expect("a day");
        let themes = [("lingkungan".to_owned(), "lingkungan"), ("usaha warga".to_owned(), "usaha")];
        let row = cells(&[
            ("nama", "KIM  Riak Seberang"),
            ("nomor", "62.71/KIM/001"),
            ("berdiri", "14 Maret 2021"),
            ("bidang", "Usaha warga; lingkungan"),
            ("telepon", "'+6281234567890"),
            ("surel", "KIM@contoh.id"),
            ("nomor_sk", "12/2021"),
            ("tanggal_sk", "20/3/2021"),
            ("penanda_tangan", "Lurah"),
        ]);
        let (draft, flaws) = read(&row, "62.71.01.1005", &themes, now);
        assert_eq!(flaws, []);
        assert_eq!((draft.name.as_str(), draft.themes.as_str()), ("KIM Riak Seberang", ",usaha,lingkungan,"));
        assert_eq!((draft.phone.as_str(), draft.email.as_str()), ("+6281234567890", "kim@contoh.id"));
        assert_eq!(draft.founded_at, web::dates::parse_day("2021-03-14", "62"));
        assert_eq!(draft.decree.expect("a decree").issued_at, web::dates::parse_day("2021-03-20", "62").expect("a day"));
    }

    #[test]
    fn each_oddity_has_one_message_at_its_cell() {
        let said = |pairs: &[(&str, &str)]| flaws(&[&[("nama", "KIM A")], pairs].concat());
        let one = |column: &str, key: &str| vec![(column.to_owned(), key.to_owned())];
        assert_eq!(flaws(&[("desa", "x")]), one("nama", "name-empty"));
        assert_eq!(flaws(&[("nama", &"K".repeat(81))]), one("nama", "long"));
        assert_eq!(flaws(&[("nama", "=HYPERLINK(\"x\")")]), one("nama", "formula"));
        assert_eq!(said(&[("nomor", "6271 0101 0101 0001")]), one("nomor", "citizen"));
        assert_eq!(said(&[("alamat", "@sum")]), one("alamat", "formula"));
        assert_eq!(said(&[("telepon", "+6281234567890")]), []);
        assert_eq!(said(&[("telepon", "0536 123")]), one("telepon", "phone-bad"));
        assert_eq!(said(&[("surel", "bukan email")]), one("surel", "email-bad"));
        for bad in ["31/02/2021", "2021", "3/14/2021", "14/3/21", "kemarin", "14/03/1800"] {
            assert_eq!(said(&[("berdiri", bad)]), one("berdiri", "day-bad"), "{bad}");
        }
        assert_eq!(said(&[("berdiri", "25/11/2026")]), one("berdiri", "day-future"));
        assert_eq!(said(&[("bidang", "lingkungan, sulap")]), one("bidang", "theme-unknown"));
        assert_eq!(said(&[("nomor_sk", "1"), ("tanggal_sk", "1/1/2021")]), one("penanda_tangan", "decree-part"));
        assert_eq!(dates::read("7 Pebruari 2020").as_deref(), Some("2020-02-07"));
    }
}
