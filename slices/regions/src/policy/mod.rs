//! What each region may decide for the groups within it. The nearest region above that has decided
//! counts; where none has, a built-in default. Regions disagree, so nothing of this is a constant.
pub mod api;
pub mod pages;
#[cfg(test)]
mod properties;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use base::{Conn, Result};
use web::Errors;

use crate::region::{COUNTRY, level, line};

/// A thing that regions decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Policy {
    /// Fewest members of a KIM.
    KimSizeMin,
    /// Most members of a KIM.
    KimSizeMax,
    /// Who signs the decree.
    DecreeSigner,
    /// Who may be an officer.
    Eligibility,
    /// Years of a term.
    TermYears,
    /// Who publishes: [`CHAIN_KIM`] or [`CHAIN_REGENCY`].
    ReviewChain,
    /// Days within which an article is reviewed.
    ClockReviewDays,
    /// Days within which a KIM is verified.
    ClockVerifyDays,
    /// The six kinds of activity, parted by commas.
    AdindaLabels,
    /// How a KIM's number is made; see [`NUMBER_PARTS`].
    NumberPattern,
}

/// The KIM's own editor publishes.
pub const CHAIN_KIM: &str = "kim";
/// The regency's officer publishes.
pub const CHAIN_REGENCY: &str = "regency";

/// The part of a number pattern that counts on; a pattern needs it.
pub const NUMBER_COUNT: &str = "{urut}";
/// The parts of a number pattern: code of the regency, code of the village, year, running number.
pub const NUMBER_PARTS: [&str; 4] = ["{kode}", "{desa}", "{tahun}", NUMBER_COUNT];

/// What values a policy takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number within bounds.
    Number { least: i64, most: i64 },
    /// One of a few words: value and text key.
    Choice(&'static [(&'static str, &'static str)]),
    /// Text of at most [`TEXT`] characters.
    Text,
}

/// The most characters of a text value.
pub const TEXT: usize = 500;
/// The most characters of a number pattern, so that numbers stay short.
const PATTERN: usize = 30;

impl Policy {
    pub const ALL: [Policy; 10] = [
        Policy::KimSizeMin,
        Policy::KimSizeMax,
        Policy::DecreeSigner,
        Policy::Eligibility,
        Policy::TermYears,
        Policy::ReviewChain,
        Policy::ClockReviewDays,
        Policy::ClockVerifyDays,
        Policy::AdindaLabels,
        Policy::NumberPattern,
    ];

    /// Name in the database, in forms and in events.
    pub fn key(self) -> &'static str {
        match self {
            Policy::KimSizeMin => "kim_size_min",
            Policy::KimSizeMax => "kim_size_max",
            Policy::DecreeSigner => "decree_signer",
            Policy::Eligibility => "eligibility",
            Policy::TermYears => "term_years",
            Policy::ReviewChain => "review_chain",
            Policy::ClockReviewDays => "clock_review_days",
            Policy::ClockVerifyDays => "clock_verify_days",
            Policy::AdindaLabels => "adinda_labels",
            Policy::NumberPattern => "number_pattern",
        }
    }

    /// Text key of its name.
    pub fn label(self) -> &'static str {
        match self {
            Policy::KimSizeMin => "regions-policy-size-min",
            Policy::KimSizeMax => "regions-policy-size-max",
            Policy::DecreeSigner => "regions-policy-decree-signer",
            Policy::Eligibility => "regions-policy-eligibility",
            Policy::TermYears => "regions-policy-term-years",
            Policy::ReviewChain => "regions-policy-review-chain",
            Policy::ClockReviewDays => "regions-policy-review-days",
            Policy::ClockVerifyDays => "regions-policy-verify-days",
            Policy::AdindaLabels => "regions-policy-adinda",
            Policy::NumberPattern => "regions-policy-number-pattern",
        }
    }

    /// Text key that says a number of it, with the value `n`; `None` for a value that stands alone.
    pub fn unit(self) -> Option<&'static str> {
        match self {
            Policy::KimSizeMin | Policy::KimSizeMax => Some("regions-policy-people"),
            Policy::TermYears => Some("regions-policy-years"),
            Policy::ClockReviewDays | Policy::ClockVerifyDays => Some("regions-policy-days"),
            _ => None,
        }
    }

    /// What holds until a region decides. Values are data that officials edit, not interface text.
    pub fn default_value(self) -> &'static str {
        match self {
            Policy::KimSizeMin => "3",
            Policy::KimSizeMax => "30",
            Policy::DecreeSigner => "Lurah atau kepala desa",
            Policy::Eligibility => "Warga setempat berusia 18 tahun ke atas",
            Policy::TermYears => "3",
            Policy::ReviewChain => CHAIN_KIM,
            Policy::ClockReviewDays => "3",
            Policy::ClockVerifyDays => "7",
            Policy::AdindaLabels => "Akses, Diskusi, Implementasi, Networking, Diseminasi, Aspirasi",
            Policy::NumberPattern => "KIM-{kode}-{urut}",
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            Policy::KimSizeMin => Kind::Number { least: 1, most: 200 },
            Policy::KimSizeMax => Kind::Number { least: 1, most: 500 },
            Policy::TermYears => Kind::Number { least: 1, most: 10 },
            Policy::ClockReviewDays => Kind::Number { least: 1, most: 60 },
            Policy::ClockVerifyDays => Kind::Number { least: 1, most: 180 },
            Policy::ReviewChain => Kind::Choice(&[(CHAIN_KIM, "regions-chain-kim"), (CHAIN_REGENCY, "regions-chain-regency")]),
            Policy::DecreeSigner | Policy::Eligibility | Policy::AdindaLabels | Policy::NumberPattern => Kind::Text,
        }
    }
}

/// What holds in a region, and whose word it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub policy: Policy,
    pub value: String,
    /// Code of the region that decided ([`COUNTRY`] for the whole country); empty for the built-in
    /// default.
    pub from: String,
    /// Account that set it.
    pub set_by: Option<i64>,
    /// Epoch microseconds.
    pub set_at: Option<i64>,
}

/// What holds in a region: its own decision, the nearest above, or the default.
pub async fn get(conn: &mut Conn, region: &str, policy: Policy) -> Result<Setting> {
    let rows = store::decided(conn, region).await?;
    Ok(nearest(&rows, policy))
}

/// A policy that is a number.
pub async fn int(conn: &mut Conn, region: &str, policy: Policy) -> Result<i64> {
    let setting = get(conn, region, policy).await?;
    // Only checked numbers are stored; a policy of another kind has no number.
    Ok(setting.value.parse().unwrap_or(0))
}

/// Everything that holds in a region, in the order of [`Policy::ALL`].
pub async fn all(conn: &mut Conn, region: &str) -> Result<Vec<Setting>> {
    let rows = store::decided(conn, region).await?;
    Ok(Policy::ALL.into_iter().map(|policy| nearest(&rows, policy)).collect())
}

/// What holds in each region of a subtree, read once: for lists, where asking for each row would be
/// too much.
#[derive(Clone, Debug, Default)]
pub struct Table(HashMap<String, Vec<(String, String)>>);

impl Table {
    /// Everything decided in a subtree and above it; the empty code is the country.
    pub async fn load(conn: &mut Conn, root: &str) -> Result<Table> {
        let mut rows = store::decided_below(conn, root).await?;
        rows.extend(store::decided(conn, if root.is_empty() { COUNTRY } else { root }).await?);
        let mut table = Table::default();
        for row in rows {
            table.0.entry(row.region).or_default().push((row.policy, row.value));
        }
        Ok(table)
    }

    /// What holds in a region.
    pub fn get(&self, region: &str, policy: Policy) -> &str {
        let of = |code: &str| {
            let decided = self.0.get(code)?;
            decided.iter().find(|(key, _)| key == policy.key()).map(|(_, value)| value.as_str())
        };
        line(region).into_iter().rev().find_map(of).or_else(|| of(COUNTRY)).unwrap_or(policy.default_value())
    }

    /// A policy that is a number.
    pub fn int(&self, region: &str, policy: Policy) -> i64 {
        self.get(region, policy).parse().unwrap_or(0)
    }
}

/// The decision of the nearest region among those of one line of regions.
fn nearest(rows: &[store::Decided], policy: Policy) -> Setting {
    let decided = rows.iter().filter(|row| row.policy == policy.key()).max_by_key(|row| level(&row.region));
    match decided {
        Some(row) => Setting {
            policy,
            value: row.value.clone(),
            from: row.region.clone(),
            set_by: Some(row.set_by),
            set_at: Some(row.set_at),
        },
        None => Setting { policy, value: policy.default_value().into(), from: String::new(), set_by: None, set_at: None },
    }
}

/// The regions whose decisions reach a region: itself, those above, the country.
fn reach(region: &str) -> [&str; 5] {
    let line = if region == COUNTRY { Vec::new() } else { line(region) };
    let at = |i: usize| line.get(i).copied().unwrap_or(COUNTRY);
    [at(0), at(1), at(2), at(3), COUNTRY]
}

/// Checks what was typed, by policy key; empty means to follow the region above. `above` is what
/// would hold then. Gives the values to keep, trimmed.
pub fn check(typed: &BTreeMap<String, String>, above: &[Setting]) -> std::result::Result<Vec<(Policy, String)>, Errors> {
    let mut errors = Errors::default();
    let mut values = Vec::new();
    if let Some(unknown) = typed.keys().find(|key| !Policy::ALL.iter().any(|policy| policy.key() == key.as_str())) {
        errors.add_with("", "form-unknown-field", &[("field", unknown)]);
    }
    for policy in Policy::ALL {
        let value = typed.get(policy.key()).map(|value| value.trim()).unwrap_or_default().to_owned();
        if !value.is_empty() {
            check_one(policy, &value, &mut errors);
        }
        values.push((policy, value));
    }
    if errors.is_empty() {
        let number = |of: Policy| {
            let own = values.iter().find(|(policy, _)| *policy == of).map(|(_, value)| value).filter(|value| !value.is_empty());
            let inherited = above.iter().find(|setting| setting.policy == of).map(|setting| &setting.value);
            own.or(inherited).and_then(|value| value.parse::<i64>().ok())
        };
        let ordered = number(Policy::KimSizeMin) <= number(Policy::KimSizeMax);
        errors.check(ordered, Policy::KimSizeMax.key(), "regions-policy-order");
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

fn check_one(policy: Policy, value: &str, errors: &mut Errors) {
    match policy.kind() {
        Kind::Number { least, most } => {
            let number = value.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
            if number.is_none() {
                let (least, most) = (least.to_string(), most.to_string());
                errors.add_with(policy.key(), "regions-policy-number", &[("least", &least), ("most", &most)]);
            }
        }
        Kind::Choice(choices) => {
            let known = choices.iter().any(|(choice, _)| *choice == value);
            errors.check(known, policy.key(), "regions-policy-choice");
        }
        Kind::Text if policy == Policy::NumberPattern => {
            errors.most(value, policy.key(), PATTERN);
            let bare = NUMBER_PARTS.iter().fold(value.to_owned(), |rest, part| rest.replace(part, ""));
            let counts = value.matches(NUMBER_COUNT).count() == 1;
            errors.check(counts && !bare.contains(['{', '}']), policy.key(), "regions-policy-pattern");
        }
        Kind::Text => errors.most(value, policy.key(), TEXT),
    }
}
