//! Rules of the register: addresses, themes, and what a group lacks. Pure.
use base::authz::within;

/// Longest name, in characters.
pub const NAME_MOST: usize = 80;
/// Longest description, in characters.
pub const ABOUT_MOST: usize = 600;
/// Longest reason, in characters.
pub const REASON_MOST: usize = 500;
/// Longest number, in characters.
pub const NUMBER_MOST: usize = 40;
/// Longest address, in characters.
pub const ADDRESS_MOST: usize = 200;
/// Themes a group may choose.
pub const THEMES_MOST: usize = 4;
/// Unfinished registrations one person may have.
pub const DRAFTS_MOST: i64 = 3;

/// What groups work on: code and key of its name.
pub const THEMES: [(&str, &str); 10] = [
    ("pelayanan", "kim-theme-services"),
    ("usaha", "kim-theme-business"),
    ("pertanian", "kim-theme-farming"),
    ("kesehatan", "kim-theme-health"),
    ("pendidikan", "kim-theme-education"),
    ("lingkungan", "kim-theme-environment"),
    ("bencana", "kim-theme-disaster"),
    ("budaya", "kim-theme-culture"),
    ("perempuan", "kim-theme-women"),
    ("pemuda", "kim-theme-youth"),
];

/// Whether there is a letter or a digit in what was typed as a name.
pub fn is_name(name: &str) -> bool {
    name.chars().any(char::is_alphanumeric)
}

/// Key of a theme's name.
pub fn theme_key(code: &str) -> Option<&'static str> {
    THEMES.iter().find(|(known, _)| *known == code).map(|(_, key)| *key)
}

/// Known themes among those sent, as stored: between commas, in the order of the list.
pub fn join_themes(sent: &[String]) -> String {
    let known = THEMES.iter().filter(|(code, _)| sent.iter().any(|s| s == code));
    known.fold(",".to_owned(), |all, (code, _)| format!("{all}{code},"))
}

/// Addresses that pages of their own use.
const RESERVED: [&str; 1] = ["baru"];

/// Whether an address is well-formed and free to use: 3 to 60 letters, digits and single hyphens.
pub fn is_slug(slug: &str) -> bool {
    let letters = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let hyphens = !slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--");
    letters && hyphens && (3..=60).contains(&slug.len()) && !RESERVED.contains(&slug)
}

/// An address from a name; `kim` when no letter can be kept.
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            'à' | 'á' | 'â' | 'ä' => slug.push('a'),
            'è' | 'é' | 'ê' | 'ë' => slug.push('e'),
            'ì' | 'í' | 'î' | 'ï' => slug.push('i'),
            'ò' | 'ó' | 'ô' | 'ö' => slug.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => slug.push('u'),
            '\'' | '’' | '`' => {}
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
        if slug.len() >= 50 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    let fits = slug.len() >= 3 && !RESERVED.contains(&slug);
    if fits { slug.to_owned() } else { format!("kim-{slug}").trim_end_matches('-').to_owned() }
}

/// The text that the directory searches in: it starts with the name and so also orders by it.
pub fn needle(name: &str, place: &str, number: Option<&str>) -> String {
    format!("{name} {place} {}", number.unwrap_or("")).to_lowercase().trim().to_owned()
}

/// A name on one line, without doubled spaces.
pub fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The code and all codes above it, nearest first, without the country.
pub fn codes_above(code: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = code;
    while !rest.is_empty() {
        all.push(rest);
        rest = rest.rfind('.').map_or("", |dot| &rest[..dot]);
    }
    all
}

/// Bounds of all codes at or below a code: `from <= code < to`. Everything for the empty code.
pub fn subtree(code: &str) -> (String, String) {
    // '/' is the sign after '.', so the range holds the code and its dotted parts only.
    if code.is_empty() { (String::new(), "~".into()) } else { (code.to_owned(), format!("{code}/")) }
}

/// Drops codes that lie below another code of the list.
pub fn outermost(codes: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut sorted = codes.to_vec();
    sorted.sort();
    sorted.dedup();
    for code in sorted {
        if !kept.iter().any(|root| within(&code, root)) {
            kept.push(code);
        }
    }
    kept
}

/// What is known of a group when it is looked over.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub about: bool,
    pub members: i64,
    pub chair: bool,
    pub secretary: bool,
    pub decree: bool,
    pub decree_expired: bool,
    /// Whether someone else signed the decree than the region's policy names.
    pub signer_differs: bool,
    pub contact: bool,
}

/// Sizes that the region's policy asks for.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub least: i64,
    pub most: i64,
}

/// Something a group lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    About,
    /// Fewer members than this.
    Few(i64),
    /// More members than this.
    Many(i64),
    Chair,
    Secretary,
    Decree,
    DecreeExpired,
    Signer,
    Contact,
}

impl Lack {
    /// Whether it keeps the group from being submitted.
    pub fn blocks(self) -> bool {
        !matches!(self, Lack::Decree | Lack::DecreeExpired | Lack::Signer | Lack::Contact)
    }

    /// Whether policy asks for it, so that a verifier must say that they go on without it.
    pub fn is_policy(self) -> bool {
        !matches!(self, Lack::About | Lack::Contact)
    }

    /// Key of the text that says it.
    pub fn key(self) -> &'static str {
        match self {
            Lack::About => "kim-lack-about",
            Lack::Few(_) => "kim-lack-few",
            Lack::Many(_) => "kim-lack-many",
            Lack::Chair => "kim-lack-chair",
            Lack::Secretary => "kim-lack-secretary",
            Lack::Decree => "kim-lack-decree",
            Lack::DecreeExpired => "kim-lack-decree-expired",
            Lack::Signer => "kim-lack-signer",
            Lack::Contact => "kim-lack-contact",
        }
    }

    /// The number its text needs.
    pub fn n(self) -> i64 {
        match self {
            Lack::Few(n) | Lack::Many(n) => n,
            _ => 0,
        }
    }
}

/// What a group lacks, the most basic first.
pub fn lacks(facts: &Facts, size: Size) -> Vec<Lack> {
    let all = [
        (!facts.about, Lack::About),
        (facts.members < size.least, Lack::Few(size.least)),
        (facts.members > size.most, Lack::Many(size.most)),
        (!facts.chair, Lack::Chair),
        (!facts.secretary, Lack::Secretary),
        (!facts.decree, Lack::Decree),
        (facts.decree_expired, Lack::DecreeExpired),
        (facts.signer_differs, Lack::Signer),
        (!facts.contact, Lack::Contact),
    ];
    all.into_iter().filter_map(|(lacking, lack)| lacking.then_some(lack)).collect()
}
