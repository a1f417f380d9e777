//! Text into terms, the same way for documents and queries: lower case, no accents, split at anything that is not
//! a letter or digit; each word keeps its surface form beside its stem.

use super::english;
use super::stem::Stemmer;

/// Longest word kept, in bytes; the rest of a longer one is cut off.
const LONGEST: usize = 64;
/// Second halves that only inflect the first (`umkm-nya`).
const ENCLITICS: [&str; 8] = ["nya", "lah", "kah", "tah", "pun", "ku", "mu", "an"];

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Byte range in the text.
    pub from: usize,
    pub to: usize,
    pub stem: String,
    /// The folded word as written.
    pub form: String,
    /// For the first part of a compound, the parts joined (`e-ktp`: ektp), and how many there are.
    pub joined: Option<(String, usize)>,
}

/// Folds one character: lower case, without accents; several characters for a few, none for combining marks.
fn fold(c: char, into: &mut String) {
    if c.is_ascii() {
        into.push(c.to_ascii_lowercase());
        return;
    }
    for c in c.to_lowercase() {
        match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => into.push('a'),
            'ç' | 'ć' | 'č' => into.push('c'),
            'è'..='ë' | 'ē' | 'ĕ' | 'ę' | 'ě' => into.push('e'),
            'ì'..='ï' | 'ī' | 'ĭ' => into.push('i'),
            'ñ' | 'ń' => into.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' => into.push('o'),
            'ù'..='ü' | 'ū' | 'ŭ' => into.push('u'),
            'ý' | 'ÿ' => into.push('y'),
            'š' | 'ś' => into.push('s'),
            'ž' | 'ź' => into.push('z'),
            'æ' => into.push_str("ae"),
            'ß' => into.push_str("ss"),
            '\u{300}'..='\u{36f}' => {}
            _ => into.push(c),
        }
    }
}

/// Folds a whole text: see [`fold`].
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| fold(c, &mut out));
    out
}

fn apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`')
}

fn hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

/// Combining marks belong to the letter before them.
fn inside(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}')
}

/// A part of a compound, between hyphens or between letters and digits.
struct Part {
    from: usize,
    to: usize,
    word: String,
    /// A hyphen stood before it.
    hyphened: bool,
}

/// The words of `text` in order. `english` chooses the stemmer.
pub fn tokens(text: &str, stemmer: &Stemmer, english: bool) -> Vec<Token> {
    let mut stem = |word: &str| {
        if english { english::stem(word) } else { stemmer.stem(word) }
    };
    tokens_by(text, &mut stem, stemmer)
}

/// The words of `text` in order, stemmed by `stem`; `stemmer` only tells which words are known.
pub fn tokens_by(text: &str, stem: &mut dyn FnMut(&str) -> String, stemmer: &Stemmer) -> Vec<Token> {
    let mut out = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut gap = false;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, c)| c);
        if inside(c) {
            let digit = c.is_numeric();
            let fresh = match parts.last() {
                None => true,
                Some(part) => gap || part.word.chars().next_back().is_some_and(|b| b.is_numeric() != digit),
            };
            if fresh {
                parts.push(Part { from: at, to: at, word: String::new(), hyphened: gap });
            }
            gap = false;
            if let Some(part) = parts.last_mut() {
                part.to = at + c.len_utf8();
                if part.word.len() < LONGEST {
                    fold(c, &mut part.word);
                }
            }
            continue;
        }
        if !parts.is_empty() && next.is_some_and(inside) {
            if apostrophe(c) {
                continue;
            }
            if hyphen(c) {
                gap = true;
                continue;
            }
        }
        gap = false;
        close(&mut parts, stem, stemmer, &mut out);
    }
    close(&mut parts, stem, stemmer, &mut out);
    out
}

fn reduced(word: &str, stem: &mut dyn FnMut(&str) -> String) -> String {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        // RT 03 is RT 3; longer numbers (telephones, codes) stay as written.
        let short = word.trim_start_matches('0');
        return if word.len() <= 3 && !short.is_empty() { short } else { word }.to_owned();
    }
    stem(word)
}

/// Turns the collected parts of one compound into tokens and empties `parts`.
fn close(parts: &mut Vec<Part>, stem: &mut dyn FnMut(&str) -> String, stemmer: &Stemmer, out: &mut Vec<Token>) {
    parts.retain(|part| !part.word.is_empty());
    if parts.len() > 8 {
        // Codes and serial numbers: one token, not a dozen letters.
        let word: String = parts.iter().flat_map(|p| p.word.chars()).take(LONGEST).collect();
        let (from, to) = (parts[0].from, parts[parts.len() - 1].to);
        out.push(Token { from, to, stem: word.clone(), form: word, joined: None });
        parts.clear();
        return;
    }
    let end = parts.last().map_or(0, |p| p.to);
    while parts.len() > 1 && parts.last().is_some_and(|p| p.hyphened && ENCLITICS.contains(&p.word.as_str())) {
        parts.pop();
    }
    let whole: String = parts.iter().map(|p| p.word.as_str()).collect();
    let mut made: Vec<Token> = Vec::with_capacity(parts.len());
    for part in parts.iter() {
        let stem = reduced(&part.word, stem);
        let repeated = part.hyphened && made.last().is_some_and(|t| t.stem == stem);
        // anak2 is anak-anak in short.
        let doubled = part.word == "2" && made.last().is_some_and(|t| t.form.len() > 3 && stemmer.knows(&t.stem));
        if let Some(last) = made.last_mut().filter(|_| repeated || doubled) {
            last.to = part.to;
            last.form = whole.clone();
        } else {
            made.push(Token { from: part.from, to: part.to, stem, form: part.word.clone(), joined: None });
        }
    }
    let count = made.len();
    if count == 1 {
        made[0].to = end;
    } else if count > 1 && whole.len() <= LONGEST {
        made[0].joined = Some((whole, count));
    }
    out.append(&mut made);
    parts.clear();
}
