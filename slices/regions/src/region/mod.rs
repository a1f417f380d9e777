//! A region and the rules of its code: level, kind and the regions above follow from the code alone,
//! and one way of folding names serves the index and the question.
pub mod api;
#[cfg(test)]
mod api_tests;
pub mod choose;
mod lookup;
pub mod pages;
pub mod picker;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub mod tiles;
mod walk;

pub use lookup::{former_codes, placed, successors, villages_named};
pub use store::{children, find, full_name, get, search, trail};
pub use tiles::map;

/// Stands for the whole country where a code is asked for: policies, tile maps.
pub const COUNTRY: &str = "ID";

/// A region as others see it. History keeps its row, with an end.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Region {
    /// Dotted official code, such as `62.71.01.1005`.
    pub code: String,
    /// The name to show.
    pub name: String,
    /// 1 province, 2 regency or city, 3 district, 4 village.
    pub level: i64,
    /// Code of the region above; empty for a province.
    pub parent: String,
    /// Five digits for a village, empty otherwise.
    pub postal: String,
    /// Epoch microseconds; `None` when not known.
    pub valid_from: Option<i64>,
    /// When the code ended; `None` while it holds.
    pub valid_until: Option<i64>,
    /// The code that took its place.
    pub replaced_by: Option<String>,
}

impl Region {
    /// Path of its page.
    pub fn url(&self) -> String {
        format!("/wilayah/{}", self.code)
    }

    /// Text key of its kind.
    pub fn kind_key(&self) -> &'static str {
        kind_key(&self.code)
    }

    /// Whether the code still holds.
    pub fn is_current(&self) -> bool {
        self.valid_until.is_none()
    }
}

/// A region with the regions above it, ready to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub region: Region,
    /// Names of the regions above, nearest first: up to the regency, or the province for a regency.
    pub path: String,
}

impl Placed {
    /// "Pahandut Seberang, Pahandut, Kota Palangka Raya".
    pub fn full_name(&self) -> String {
        if self.path.is_empty() { self.region.name.clone() } else { format!("{}, {}", self.region.name, self.path) }
    }
}

/// 0 for the country, 1 to 4 from province to village.
pub fn level(code: &str) -> i64 {
    if code.is_empty() || code == COUNTRY { 0 } else { 1 + code.bytes().filter(|b| *b == b'.').count() as i64 }
}

/// The code above; empty for a province.
pub fn parent(code: &str) -> &str {
    code.rsplit_once('.').map_or("", |(above, _)| above)
}

/// Codes from the province down to `code` itself.
pub fn line(code: &str) -> Vec<&str> {
    let ends = code.match_indices('.').map(|(at, _)| at).chain([code.len()]);
    ends.map(|end| &code[..end]).filter(|code| !code.is_empty()).collect()
}

/// Whether a text has the shape of a region code.
pub fn is_code(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let wanted = [2, 2, 2, 4];
    parts.len() <= 4
        && parts.iter().zip(wanted).all(|(part, digits)| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit()))
}

/// The code's digits as a number, the subject id of events about a region; 0 for the country.
pub fn subject_id(code: &str) -> i64 {
    code.replace('.', "").parse().unwrap_or(0)
}

/// Text key for the kind of region: province, regency, city, district, ward, village.
pub fn kind_key(code: &str) -> &'static str {
    let last = code.rsplit('.').next().unwrap_or(code).as_bytes().first().copied();
    match (level(code), last) {
        (0, _) => "regions-kind-country",
        (1, _) => "regions-kind-province",
        (2, Some(b'7'..=b'9')) => "regions-kind-city",
        (2, _) => "regions-kind-regency",
        (3, _) => "regions-kind-district",
        (_, Some(b'1')) => "regions-kind-ward",
        (_, Some(b'3')) => "regions-kind-customary",
        _ => "regions-kind-village",
    }
}

/// How names are compared: small letters without marks, anything else one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        // Nearly every name: the import folds a hundred thousand of them.
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                folded.push(char::from(byte.to_ascii_lowercase()));
            } else if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        folded.truncate(folded.trim_end().len());
        return folded;
    }
    for letter in text.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            Some(letter) if letter.is_alphanumeric() => folded.push(letter),
            Some(_) if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The letter without its mark; nothing for a mark that stands alone.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        '\u{300}'..='\u{36f}' => return None,
        'à'..='å' | 'ā' | 'ă' => 'a',
        'ç' => 'c',
        'è'..='ë' | 'ē' | 'ĕ' | 'ě' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ō' => 'o',
        'ù'..='ü' | 'ū' => 'u',
        'ý' | 'ÿ' => 'y',
        // Apostrophes that count as letters.
        'ʻ' | 'ʼ' | 'ʹ' => ' ',
        other => other,
    })
}

/// The name without the word for its kind, when it starts with one.
pub fn bare(name: &str) -> &str {
    let kinds = ["Kabupaten Administrasi ", "Kota Administrasi ", "Kabupaten ", "Kota "];
    kinds.iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name)
}

/// Every folded name by which a region of this name is found, sorted.
pub fn search_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut all = Vec::new();
    for name in names {
        let short = Some(bare(name)).filter(|short| *short != name);
        for form in std::iter::once(name).chain(short) {
            all.push(fold(form));
            if form.contains(['\'', '’']) {
                all.push(fold(&form.replace(['\'', '’'], "")));
            }
        }
    }
    all.retain(|name| !name.is_empty());
    all.sort_unstable();
    all.dedup();
    all
}

/// A folded question without a leading word for a kind of region, when there is one.
pub(crate) fn without_kind(folded: &str) -> Option<&str> {
    let kinds = [
        "provinsi",
        "prov",
        "propinsi",
        "kabupaten",
        "kab",
        "kota",
        "kecamatan",
        "kec",
        "distrik",
        "kelurahan",
        "kel",
        "desa",
        "kampung",
    ];
    let (first, rest) = folded.split_once(' ')?;
    kinds.contains(&first).then_some(rest)
}

/// The upper end of the range of texts that start with `prefix`.
pub(crate) fn beyond(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
