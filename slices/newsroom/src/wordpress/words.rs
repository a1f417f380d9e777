//! Small rules about words: HTML to plain text, cutting at a word, dates, and the category of ours
//! that is nearest to a name of theirs.
use std::collections::HashMap;

use scraper::{ElementRef, Html, Node};

/// The readable text of a piece of HTML, entities decoded and spaces folded. Scripts have none.
pub fn plain(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return fold(html);
    }
    if too_deep(html) {
        return fold(&without_tags(html));
    }
    let tree = Html::parse_fragment(html);
    let mut text = String::new();
    let hidden = |node: &Node| node.as_element().is_some_and(|e| matches!(e.name(), "script" | "style" | "template"));
    for node in tree.root_element().descendants() {
        if let Node::Text(piece) = node.value()
            && !node.ancestors().any(|above| hidden(above.value()))
        {
            text.push_str(piece);
        } else if let Some(element) = ElementRef::wrap(node)
            && matches!(element.value().name(), "p" | "br" | "li" | "div" | "td" | "th")
        {
            text.push(' ');
        }
    }
    fold(&text)
}

/// Whether tags are nested so deeply that reading them would take minutes or worse. Elements that
/// close each other do not count.
pub fn too_deep(html: &str) -> bool {
    const MOST: usize = 300;
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut depth = 0;
    for part in html.split('<').skip(1) {
        let closes = part.starts_with('/');
        let name = part.trim_start_matches('/');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let name = name[..end].to_ascii_lowercase();
        let simple = matches!(
            name.as_str(),
            "" | "p"
                | "li"
                | "dt"
                | "dd"
                | "td"
                | "th"
                | "tr"
                | "option"
                | "br"
                | "img"
                | "hr"
                | "input"
                | "meta"
                | "link"
                | "source"
                | "wbr"
                | "col"
                | "area"
                | "embed"
                | "param"
                | "track"
                | "base"
        );
        if simple {
            continue;
        }
        let count = open.entry(name).or_default();
        if !closes {
            *count += 1;
            depth += 1;
        } else if *count > 0 {
            *count -= 1;
            depth -= 1;
        }
        if depth > MOST {
            return true;
        }
    }
    false
}

/// The text between tags, for markup that nobody can read otherwise.
pub fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 4);
    for (order, part) in html.split('<').enumerate() {
        let words = if order == 0 { part } else { part.split_once('>').map_or("", |(_, words)| words) };
        if !words.trim().is_empty() {
            text.push_str(words);
            text.push(' ');
        }
    }
    text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Runs of spaces and line breaks become one space.
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `most` characters, cut after a whole word and marked with `…`. The bool says if it was cut.
pub fn cut(text: &str, most: usize) -> (String, bool) {
    if text.chars().count() <= most {
        return (text.to_owned(), false);
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = match head.rfind(' ') {
        Some(space) if space * 2 > head.len() => &head[..space],
        _ => head.as_str(),
    };
    let trimmed = whole.trim_end_matches([' ', ',', ';', ':', '-', '–', '—', '(']);
    (format!("{trimmed}…"), true)
}

/// Whole sentences up to `most` characters; a longer first sentence is cut.
pub fn summary(text: &str, most: usize) -> String {
    let ends = text.match_indices(['.', '!', '?']).map(|(at, mark)| at + mark.len());
    let whole = ends.filter(|&end| text[end..].is_empty() || text[end..].starts_with(char::is_whitespace));
    let fitting = whole.take_while(|&end| text[..end].chars().count() <= most).last();
    fitting.map_or_else(|| cut(text, most).0, |end| text[..end].to_owned())
}

/// The first sentence, for a story without a title.
pub fn first_sentence(text: &str, most: usize) -> String {
    let end = text.match_indices(['.', '!', '?']).map(|(at, mark)| at + mark.len()).find(|&end| {
        let rest = &text[end..];
        rest.is_empty() || rest.starts_with(char::is_whitespace)
    });
    let sentence = end.map_or(text, |end| &text[..end]);
    let (sentence, _) = cut(sentence.trim_end_matches('.'), most);
    sentence
}

/// Words that tell which category of ours is meant.
const HINTS: &[(&str, &[&str])] = &[
    ("pengumuman", &["pengumuman", "pemberitahuan", "maklumat", "agenda", "jadwal", "announcement"]),
    ("kesehatan", &["kesehatan", "sehat", "posyandu", "puskesmas", "stunting", "covid", "health"]),
    ("pertanian", &["pertanian", "tani", "perkebunan", "perikanan", "peternakan", "pangan"]),
    ("lingkungan", &["lingkungan", "sampah", "kebersihan", "sungai", "environment"]),
    ("usaha", &["usaha", "umkm", "ukm", "ekonomi", "bisnis", "produk", "wirausaha", "pasar", "koperasi"]),
    ("budaya", &["budaya", "kebudayaan", "seni", "wisata", "pariwisata", "adat", "tradisi", "kuliner"]),
    ("pendidikan", &["pendidikan", "sekolah", "pelatihan", "literasi", "edukasi", "paud"]),
    ("pelayanan", &["pelayanan", "layanan", "administrasi", "kependudukan", "perizinan"]),
    ("kebencanaan", &["kebencanaan", "bencana", "banjir", "kebakaran", "karhutla", "gempa"]),
    ("olahraga", &["olahraga", "sepakbola", "voli", "futsal", "sport"]),
];

/// The category of ours nearest to the first name that resembles one; `kabar` when none does.
pub fn category<'a>(names: impl Iterator<Item = &'a str>) -> &'static str {
    let near = |name: &str| {
        let name = name.to_lowercase();
        let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
        HINTS.iter().find(|(_, hints)| hints.iter().any(|hint| words.contains(hint))).map(|(category, _)| *category)
    };
    names.map(near).find_map(|category| category).unwrap_or("kabar")
}

/// WordPress's own name for "no category", in the languages of these sites.
pub fn is_no_category(slug: &str, name: &str) -> bool {
    let none = ["uncategorized", "uncategorised", "tak berkategori", "tidak berkategori", "tanpa kategori", "tak-berkategori"];
    none.contains(&slug) || none.contains(&name.to_lowercase().as_str())
}

/// `YYYY-MM-DD hh:mm:ss`, read as UTC, to epoch microseconds. None for zeros and nonsense.
pub fn micros(text: &str) -> Option<i64> {
    let (date, time) = text.trim().split_once([' ', 'T'])?;
    let mut date = date.splitn(3, '-').map(number);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut time = time.splitn(3, ':').map(number);
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let sane = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 61;
    sane.then(|| ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second.min(59)).map(|s| s * 1_000_000)
}

fn number(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1 January 1970 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let years = (year - 1) * 365 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    let months: i64 = (1..month).map(|m| days_in(year, m)).sum();
    years + months + day - 1 - 719_162
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_text_out_of_html() {
        assert_eq!(plain("Air &amp; Listrik"), "Air & Listrik");
        assert_eq!(plain("5 < 7 itu 'benar' \\ 100% ✔"), "5 < 7 itu 'benar' \\ 100% ✔");
        assert_eq!(plain("A <em>b</em><script>x()</script>\n c<br>d"), "A b c d");
    }

    #[test]
    fn cuts_at_words() {
        assert_eq!(cut("satu dua tiga", 20), ("satu dua tiga".into(), false));
        assert_eq!(cut("satu dua, tiga empat", 12), ("satu dua…".into(), true));
        assert_eq!(cut("漢字漢字漢字", 4), ("漢字漢…".into(), true));
        assert_eq!(first_sentence("Air mengalir. Terima kasih.", 80), "Air mengalir");
        assert_eq!(first_sentence("Harga Rp2.000 naik", 80), "Harga Rp2.000 naik");
    }

    #[test]
    fn sums_up_in_whole_sentences() {
        assert_eq!(summary("Satu. Dua! Tiga empat lima.", 12), "Satu. Dua!");
        assert_eq!(summary("Satu dua tiga empat.", 12), "Satu dua…");
        assert_eq!(summary("Rp2.000 saja", 40), "Rp2.000 saja");
    }

    #[test]
    fn finds_the_nearest_category() {
        let near = |names: &[&str]| category(names.iter().copied());
        assert_eq!(near(&["Kegiatan Warga", "Pengumuman"]), "pengumuman");
        assert_eq!(near(&["Layanan Publik"]), "pelayanan");
        assert_eq!(near(&["KESEHATAN"]), "kesehatan");
        assert_eq!(near(&["Kegiatan"]), "kabar");
        assert_eq!(near(&[]), "kabar");
        assert!(HINTS.iter().all(|(ours, _)| crate::article::CATEGORIES.iter().any(|(name, _)| name == ours)));
        assert!(
            is_no_category("uncategorized", "x") && is_no_category("x", "Tak Berkategori") && !is_no_category("warta", "Warta")
        );
    }

    #[test]
    fn sees_tangles() {
        assert!(too_deep(&"<div>".repeat(400)) && too_deep(&"<b></p>".repeat(400)));
        assert!(
            !too_deep(&"<p>a".repeat(4000)) && !too_deep(&"<div><b>a</b></div>".repeat(4000)) && !too_deep(&"a < b ".repeat(999))
        );
        assert_eq!(plain(&format!("{}Kata &amp; kata", "<i>".repeat(5000))), "Kata & kata");
    }

    #[test]
    fn reads_dates() {
        assert_eq!(micros("1970-01-01 00:00:00"), Some(0));
        assert_eq!(micros("2024-02-29 12:30:15"), Some(1_709_209_815_000_000));
        assert_eq!(micros("2039-02-02 23:00:00"), Some(2_180_300_400_000_000));
        for wrong in ["0000-00-00 00:00:00", "2023-02-29 00:00:00", "2024-1", "", "9999999-01-01 00:00:00", "2024-01-01 -1:00:00"]
        {
            assert_eq!(micros(wrong), None, "{wrong}");
        }
    }
}
