//! The address of an article, made from its title.

/// Longest address, in characters.
const MOST: usize = 80;

/// Lower-case letters, digits and single hyphens; `kabar` when the title has none of them.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.replace('&', " dan ").chars().flat_map(char::to_lowercase) {
        match fold(c) {
            Some(letters) => slug.push_str(letters),
            None if c.is_ascii_alphanumeric() => slug.push(c),
            // An apostrophe holds a word together: jum'at, nyaru'.
            None if matches!(c, '\'' | '’' | '‘' | 'ʼ' | '\u{300}'..='\u{36f}') => {}
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
    }
    let end = if slug.len() > MOST { slug[..=MOST].rfind('-').unwrap_or(MOST) } else { slug.len() };
    slug.truncate(end);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "kabar".into() } else { slug.into() }
}

/// Letters of Latin with marks, as plain ones.
fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' | 'ŋ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' => "o",
        'ś' | 'š' | 'ş' => "s",
        'ť' | 'ţ' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ŭ' | 'ů' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_and_cuts_between_words() {
        assert_eq!(slug("Jum'at Berkah: 120 Warga Kereng Bangkirai!"), "jumat-berkah-120-warga-kereng-bangkirai");
        assert_eq!(slug("  Café — Déjà vu  "), "cafe-deja-vu");
        assert_eq!(slug("Ibu&Anak"), "ibu-dan-anak");
        assert_eq!(slug("漢字"), "kabar");
        assert_eq!(slug(""), "kabar");
        let long = slug(&"kelurahan ".repeat(20));
        assert!(long.len() <= 80 && long.ends_with("kelurahan"), "{long}");
        assert_eq!(slug(&"a".repeat(200)).len(), 80);
    }

    proptest::proptest! {
        #[test]
        fn is_always_a_plain_path(title in ".{0,200}") {
            let slug = slug(&title);
            proptest::prop_assert!(!slug.is_empty() && slug.len() <= 80);
            proptest::prop_assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            proptest::prop_assert!(!slug.starts_with('-') && !slug.ends_with('-'));
        }
    }
}
