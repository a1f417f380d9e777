//! Which village a row means: by code, or by names that may need the district beside them.
use std::collections::HashMap;

use base::authz::within;
use base::{Conn, Result};
use regions::{Placed, fold};

use super::{Cells, Flaw};

/// Choices that one message names.
const NAMED: usize = 4;

/// Finds villages for the rows of one file, asking the database once per place.
pub struct Finder<'a> {
    /// Codes that the importer watches over.
    own: &'a [String],
    codes: HashMap<String, std::result::Result<Placed, Flaw>>,
    names: HashMap<String, Vec<Placed>>,
}

/// The dotted form of a code written with or without dots.
pub fn dotted(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ' ');
    match (plain, digits.len()) {
        (true, 10) => format!("{}.{}.{}.{}", &digits[..2], &digits[2..4], &digits[4..6], &digits[6..]),
        _ => text.replace(' ', ""),
    }
}

impl<'a> Finder<'a> {
    pub fn new(own: &'a [String]) -> Finder<'a> {
        Finder { own, codes: HashMap::new(), names: HashMap::new() }
    }

    /// The village of a row, or what is wrong.
    pub async fn find(&mut self, conn: &mut Conn, cells: &Cells) -> Result<std::result::Result<Placed, Flaw>> {
        let cell = |code: &str| cells.get(code).map(String::as_str).unwrap_or_default();
        let found = match (cell("kode_wilayah"), cell("desa")) {
            ("", "") => Err(Flaw::new("desa", "kim-bulk-place-empty")),
            ("", name) => self.by_name(conn, name, cell("kecamatan"), cell("kabupaten")).await?,
            (code, name) => self.by_code(conn, code).await?.and_then(|placed| agree(placed, name)),
        };
        Ok(found.and_then(|placed| {
            let theirs = self.own.iter().any(|root| within(&placed.region.code, root));
            let name = placed.full_name();
            let column = if cell("kode_wilayah").is_empty() { "desa" } else { "kode_wilayah" };
            if theirs { Ok(placed) } else { Err(Flaw::with(column, "kim-bulk-place-outside", &[("name", &name)])) }
        }))
    }

    async fn by_code(&mut self, conn: &mut Conn, typed: &str) -> Result<std::result::Result<Placed, Flaw>> {
        let code = dotted(typed);
        if let Some(known) = self.codes.get(&code) {
            return Ok(known.clone());
        }
        let flaw = |key: &str| Flaw::with("kode_wilayah", key, &[("code", &code)]);
        let found = match regions::find(conn, &code).await? {
            None => Err(flaw("kim-bulk-code-unknown")),
            Some(region) if !region.is_current() => {
                let next = regions::successors(conn, &code).await?;
                match next.as_slice() {
                    [] => Err(flaw("kim-bulk-code-ended")),
                    all => {
                        let next = all.iter().map(|one| one.region.code.as_str()).collect::<Vec<_>>().join(", ");
                        Err(Flaw::with("kode_wilayah", "kim-bulk-code-replaced", &[("code", &code), ("next", &next)]))
                    }
                }
            }
            Some(region) if region.level != 4 => Err(flaw("kim-bulk-code-high")),
            Some(region) => Ok(regions::placed(conn, region).await?),
        };
        self.codes.insert(code, found.clone());
        Ok(found)
    }

    async fn by_name(
        &mut self,
        conn: &mut Conn,
        name: &str,
        district: &str,
        regency: &str,
    ) -> Result<std::result::Result<Placed, Flaw>> {
        let folded = without_kind(name);
        if !self.names.contains_key(&folded) {
            self.names.insert(folded.clone(), regions::villages_named(conn, &folded).await?);
        }
        let all = self.names.get(&folded).map(Vec::as_slice).unwrap_or_default();
        let fits = |placed: &&Placed| {
            let mut above = placed.path.split(", ").map(without_kind);
            let (up, top) = (above.next().unwrap_or_default(), above.next().unwrap_or_default());
            (district.is_empty() || without_kind(district) == up) && (regency.is_empty() || without_kind(regency) == top)
        };
        let fitting: Vec<&Placed> = all.iter().filter(fits).collect();
        let own = |placed: &&&Placed| self.own.iter().any(|root| within(&placed.region.code, root));
        let mine: Vec<&&Placed> = fitting.iter().filter(own).collect();
        Ok(match (mine.as_slice(), fitting.as_slice()) {
            ([only], _) => Ok((**only).clone()),
            ([], []) if all.is_empty() => Err(Flaw::with("desa", "kim-bulk-village-unknown", &[("name", name)])),
            ([], []) => Err(Flaw::with("kecamatan", "kim-bulk-village-elsewhere", &[("name", name)])),
            // It lies elsewhere: the caller says so.
            ([], [other, ..]) => Ok((*other).clone()),
            (several, _) => {
                let named = several.iter().take(NAMED).map(|placed| format!("{} ({})", placed.path, placed.region.code));
                let mut named = named.collect::<Vec<_>>().join("; ");
                if several.len() > NAMED {
                    named.push_str("; …");
                }
                Err(Flaw::with("desa", "kim-bulk-village-many", &[("name", name), ("all", &named)]))
            }
        })
    }
}

/// A folded name without the word for its kind.
fn without_kind(name: &str) -> String {
    let folded = fold(name);
    let kinds = ["desa", "kelurahan", "kel", "kecamatan", "kec", "kabupaten", "kab", "kota"];
    match folded.split_once(' ') {
        Some((first, rest)) if kinds.contains(&first) => rest.to_owned(),
        _ => folded,
    }
}

/// A code and a name in one row must mean the same place.
fn agree(placed: Placed, name: &str) -> std::result::Result<Placed, Flaw> {
    let same = name.is_empty() || without_kind(name) == without_kind(&placed.region.name);
    let flaw = || Flaw::with("desa", "kim-bulk-place-differs", &[("name", &placed.region.name)]);
    if same { Ok(placed) } else { Err(flaw()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_taken_with_or_without_dots() {
        assert_eq!(dotted("6271011005"), "62.71.01.1005");
        assert_eq!(dotted(" 62.71.01.1005 "), "62.71.01.1005");
        assert_eq!(dotted("62.71"), "62.71");
        assert_eq!(dotted("abc"), "abc");
        assert_eq!(without_kind("Kel. Pahandut Seberang"), "pahandut seberang");
        assert_eq!(without_kind("Kota Palangka Raya"), "palangka raya");
    }
}
