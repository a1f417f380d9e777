//! A light English stemmer (plural, -ed, -ing, -ly: the first steps of Porter 1980): enough for the English pages,
//! without another dependency.

fn voweled(word: &str) -> bool {
    word.bytes().any(|b| b"aeiouy".contains(&b))
}

/// After -ed and -ing: hopping to hop, hoping to hope.
fn mend(word: &str) -> String {
    let bytes = word.as_bytes();
    if word.ends_with("at") || word.ends_with("bl") || word.ends_with("iz") {
        return format!("{word}e");
    }
    match bytes {
        [.., a, b] if a == b && !b"aeioulsz".contains(a) => word[..word.len() - 1].to_owned(),
        [head @ .., a, b, c] if head.len() <= 1 && !b"aeiou".contains(a) && b"aeiou".contains(b) && !b"aeiouwxy".contains(c) => {
            format!("{word}e")
        }
        _ => word.to_owned(),
    }
}

/// The stem of a lower-case English word; words with other than ASCII letters stay as they are.
pub fn stem(word: &str) -> String {
    if word.len() < 4 || word.len() > 40 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut stem = match word {
        w if w.ends_with("sses") => w[..w.len() - 2].to_owned(),
        w if w.ends_with("ies") => format!("{}y", &w[..w.len() - 3]),
        w if w.ends_with("ss") || w.ends_with("us") || w.ends_with("is") => w.to_owned(),
        w => w.strip_suffix('s').unwrap_or(w).to_owned(),
    };
    for suffix in ["ingly", "edly", "ing", "ed"] {
        if let Some(rest) = stem.strip_suffix(suffix) {
            if rest.len() > 2 && voweled(rest) {
                stem = mend(rest);
            }
            break;
        }
    }
    if let Some(rest) = stem.strip_suffix("ly").filter(|r| r.len() > 3) {
        stem = rest.to_owned();
    }
    // create and creating, service and services meet without their last e.
    stem.strip_suffix('e').filter(|r| r.len() > 3).map(str::to_owned).unwrap_or(stem)
}
