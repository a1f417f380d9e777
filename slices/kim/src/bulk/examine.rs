//! Looks whole files over: each row with its place, its own oddities, and what it repeats of other
//! rows and of the register.
use std::collections::HashMap;

use base::{Conn, Lang, Result};
use people::roles::OVERSEERS;
use regions::fold;
use web::Ctx;

use super::place::Finder;
use super::roster::{self, Person};
use super::row::{self, Draft};
use super::{Cells, Flaw, Kind, store};
use crate::duplicate::key_of;
use crate::member::{self, Office};
use crate::register::{Kim, rules};

/// A row and what it would become.
#[derive(Clone, Debug)]
pub struct Checked {
    pub line: i64,
    pub cells: Cells,
    pub flaws: Vec<Flaw>,
    pub wish: Wish,
}

/// What a row would become; to be used only when it has no flaws.
#[derive(Clone, Debug)]
pub enum Wish {
    Kim(Draft),
    Person(Person),
}

impl Checked {
    pub fn is_good(&self) -> bool {
        self.flaws.is_empty()
    }

    /// Dotted code of the KIM; empty for a person or an unknown place.
    pub fn region(&self) -> &str {
        match &self.wish {
            Wish::Kim(draft) => &draft.region,
            Wish::Person(_) => "",
        }
    }
}

/// The folded Indonesian names of the columns, in their order.
pub fn own_names(ctx: &Ctx, kind: Kind) -> Vec<String> {
    kind.columns().iter().map(|column| fold(&ctx.kit.texts.say(Lang::Id, column.text, &[]))).collect()
}

/// Looks rows over for a person; `kim` is the KIM of a roster.
pub async fn all(ctx: &Ctx, conn: &mut Conn, kim: Option<&Kim>, rows: Vec<(i64, Cells)>) -> web::Result<Vec<Checked>> {
    let mut checked = match kim {
        Some(kim) => people(ctx, conn, kim, rows).await?,
        None => register(ctx, conn, rows).await?,
    };
    for row in &mut checked {
        // A citizen number is never kept, not even for a day.
        row.cells.retain(|_, cell| !row::is_citizen_number(cell));
    }
    Ok(checked)
}

async fn register(ctx: &Ctx, conn: &mut Conn, rows: Vec<(i64, Cells)>) -> web::Result<Vec<Checked>> {
    let own = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
    let themes = themes(ctx);
    let mut finder = Finder::new(&own);
    let mut repeats = Repeats::default();
    let mut checked = Vec::new();
    for (line, cells) in rows {
        let place = finder.find(conn, &cells).await?;
        let region = place.as_ref().map(|placed| placed.region.code.clone()).unwrap_or_default();
        let (draft, mut flaws) = row::read(&cells, &region, &themes, ctx.now());
        flaws.extend(place.err());
        flaws.extend(repeats.look(conn, line, &draft).await?);
        checked.push(Checked { line, cells, flaws, wish: Wish::Kim(draft) });
    }
    Ok(checked)
}

/// Names of themes in both whole languages, and their codes.
fn themes(ctx: &Ctx) -> Vec<(String, &'static str)> {
    let mut all = Vec::new();
    for (code, key) in rules::THEMES {
        all.push((code.to_owned(), code));
        all.extend([Lang::Id, Lang::En].map(|lang| (fold(&ctx.kit.texts.say(lang, key, &[])), code)));
    }
    all
}

/// What was seen so far of a file and of the register.
#[derive(Default)]
struct Repeats {
    /// Line by number, and by village and name.
    numbers: HashMap<String, i64>,
    names: HashMap<(String, String), i64>,
    /// Keys and names of the KIM of each village asked for.
    standing: HashMap<String, Vec<(String, String)>>,
}

impl Repeats {
    async fn look(&mut self, conn: &mut Conn, line: i64, draft: &Draft) -> Result<Vec<Flaw>> {
        let mut flaws = Vec::new();
        if let Some(number) = &draft.number {
            if let Some(first) = self.numbers.get(number) {
                flaws.push(Flaw::with("nomor", "kim-bulk-number-twice", &[("line", &first.to_string())]));
            } else if crate::register::store::number_taken(conn, number, 0).await? {
                flaws.push(Flaw::new("nomor", "kim-number-taken"));
            }
            self.numbers.entry(number.clone()).or_insert(line);
        }
        if draft.region.is_empty() || draft.name.is_empty() {
            return Ok(flaws);
        }
        let key = key_of(&draft.name);
        if !self.standing.contains_key(&draft.region) {
            let names = store::names_in(conn, &draft.region).await?;
            self.standing.insert(draft.region.clone(), names.into_iter().map(|name| (key_of(&name), name)).collect());
        }
        let standing = self.standing.get(&draft.region).map(Vec::as_slice).unwrap_or_default();
        let place = (draft.region.clone(), key.clone());
        if let Some(first) = self.names.get(&place) {
            flaws.push(Flaw::with("nama", "kim-bulk-name-twice", &[("line", &first.to_string())]));
        } else if let Some((_, name)) = standing.iter().find(|(known, _)| *known == key) {
            flaws.push(Flaw::with("nama", "kim-bulk-name-taken", &[("name", name)]));
        }
        self.names.entry(place).or_insert(line);
        Ok(flaws)
    }
}

async fn people(ctx: &Ctx, conn: &mut Conn, kim: &Kim, rows: Vec<(i64, Cells)>) -> web::Result<Vec<Checked>> {
    let say = |lang: Lang, office: Office| (fold(&ctx.kit.texts.say(lang, office.key(), &[])), office);
    let offices: Vec<(String, Office)> =
        Office::ALL.into_iter().flat_map(|office| [Lang::Id, Lang::En].map(|lang| say(lang, office))).collect();
    let standing = member::store::current(conn, kim.id).await?;
    let mut chair = standing.iter().any(|member| member.office == Office::Chair).then_some(0);
    let mut names: HashMap<String, i64> = standing.iter().map(|member| (fold(&member.name), 0)).collect();
    let mut checked = Vec::new();
    for (line, cells) in rows {
        let (person, mut flaws) = roster::read(&cells, &kim.region, &offices, ctx.now());
        let first = |line: i64| line.to_string();
        match names.get(&fold(&person.name)) {
            Some(0) => flaws.push(Flaw::new("nama", "kim-bulk-person-there")),
            Some(line) => flaws.push(Flaw::with("nama", "kim-bulk-name-twice", &[("line", &first(*line))])),
            None if person.name.is_empty() => {}
            None => {
                names.insert(fold(&person.name), line);
            }
        }
        if person.office == Office::Chair {
            match chair {
                Some(0) => flaws.push(Flaw::new("jabatan", "kim-office-second-chair")),
                Some(line) => flaws.push(Flaw::with("jabatan", "kim-bulk-chair-twice", &[("line", &first(line))])),
                None => chair = Some(line),
            }
        }
        checked.push(Checked { line, cells, flaws, wish: Wish::Person(person) });
    }
    Ok(checked)
}

/// The region in which all rows lie, or that of the importer.
pub(super) fn common_region(ctx: &Ctx, kim: Option<&Kim>, rows: &[Checked]) -> web::Result<String> {
    if let Some(kim) = kim {
        return Ok(kim.region.clone());
    }
    let mut codes = rows.iter().filter(|row| row.is_good()).map(Checked::region);
    let Some(first) = codes.next() else {
        let own = rules::outermost(&ctx.actor()?.regions(OVERSEERS));
        return Ok(if own.len() == 1 { own.into_iter().next().unwrap_or_default() } else { String::new() });
    };
    let mut common = rules::codes_above(first);
    for code in codes {
        common.retain(|above| base::authz::within(code, above));
    }
    Ok(common.first().copied().unwrap_or_default().to_owned())
}
