//! The decree (SK) that confirms a KIM: number, signer, term, and a scan that stays private.
pub mod pages;
pub mod remind;
pub mod scan;
pub mod store;
#[cfg(test)]
mod tests;

use base::clock::DAY;
use web::dates;

/// How soon a decree's end is worth a word.
pub const SOON: i64 = 90 * DAY;

/// A decree as the row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Decree {
    pub id: i64,
    pub number: String,
    pub issued_at: i64,
    pub signer: String,
    pub expires_at: Option<i64>,
    /// Key in the file store, never an address.
    pub scan: Option<String>,
    /// The decree issued next; none for the one in force.
    pub replaced_by: Option<i64>,
}

impl Decree {
    /// How much of the term has passed, in percent; none without an end.
    pub fn used(&self, now: i64) -> Option<i64> {
        let end = self.expires_at?;
        let whole = i128::from(end.saturating_sub(self.issued_at).max(1));
        let gone = i128::from(now.saturating_sub(self.issued_at)).clamp(0, whole);
        i64::try_from(gone * 100 / whole).ok()
    }

    pub fn is_over(&self, now: &i64) -> bool {
        self.expires_at.is_some_and(|end| end <= *now)
    }
}

/// Words of an office as they are compared: small letters, common short forms written out.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        match word {
            "kades" => words.extend(["kepala".into(), "desa".into()]),
            "walikota" => words.extend(["wali".into(), "kota".into()]),
            other => words.push(other.to_owned()),
        }
    }
    words
}

/// Whether a signer holds one of the offices that a region's policy names, such as "Lurah atau kepala
/// desa". A policy without words fits everyone.
pub fn fits(policy: &str, signer: &str) -> bool {
    let signer = words(signer);
    let mut offices = policy.split([',', ';', '/']).flat_map(|part| {
        let words = words(part);
        words.split(|word| word == "atau").map(<[String]>::to_vec).collect::<Vec<_>>()
    });
    let mut named = false;
    let holds = offices.any(|office| {
        named |= !office.is_empty();
        !office.is_empty() && signer.windows(office.len()).any(|window| window == office)
    });
    holds || !named
}

/// The same day so many years later; 28 February for a leap day.
pub fn years_later(at: i64, years: i64, region: &str) -> Option<i64> {
    let day = dates::local(at, region);
    let year = i64::from(day.year()) + years;
    let date = |d: i8| dates::parse_day(&format!("{year:04}-{:02}-{d:02}", day.month()), region);
    date(day.day()).or_else(|| date(28))
}
