//! The words that go out when a reader shares a story: bold title, lead, address. Pure.

/// Most characters of a shared text without its address; WhatsApp folds longer ones.
const MOST: usize = 500;

/// The text for WhatsApp: `*title*`, the lead, and the address on its own last line.
pub fn whatsapp(title: &str, lead: &str, url: &str) -> String {
    let title = cut(&plain(title), MOST / 2);
    let lead = cut(&plain(lead), MOST - title.chars().count().min(MOST));
    let lead = if lead.is_empty() { String::new() } else { format!("\n\n{lead}") };
    format!("*{title}*{lead}\n\n{url}")
}

/// The address that opens WhatsApp with the text.
pub fn whatsapp_link(title: &str, lead: &str, url: &str) -> String {
    with("https://wa.me/", &[("text", &whatsapp(title, lead, url))])
}

/// The address that opens Telegram with the address and the title.
pub fn telegram_link(title: &str, url: &str) -> String {
    with("https://t.me/share/url", &[("url", url), ("text", &cut(&plain(title), MOST / 2))])
}

fn with(base: &str, pairs: &[(&str, &str)]) -> String {
    let encode = |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("{base}?{}", query.join("&"))
}

/// One line, without the stars that would end the bold part.
fn plain(text: &str) -> String {
    text.replace('*', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `most` characters, cut at the end of a word, with "…" when anything is left out.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most.saturating_sub(1)).collect();
    let end = start.rfind(char::is_whitespace).filter(|end| *end > start.len() / 2).unwrap_or(start.len());
    format!("{}…", start[..end].trim_end_matches([' ', ',', '.', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_title_lead_and_address() {
        let text = whatsapp("Air *naik*\ndi titian", "Naikkan barang.", "http://x.test/kabar/air");
        assert_eq!(text, "*Air naik di titian*\n\nNaikkan barang.\n\nhttp://x.test/kabar/air");
        assert_eq!(whatsapp("Air", " ", "u"), "*Air*\n\nu");
    }

    #[test]
    fn never_cuts_the_address() {
        let url = format!("http://x.test/kabar/{}", "a".repeat(300));
        let text = whatsapp(&"kata ".repeat(200), &"lead ".repeat(200), &url);
        assert!(text.ends_with(&url));
        assert!(text.chars().count() <= MOST + url.chars().count() + 10, "{}", text.chars().count());
        assert!(text.contains("kata…*"));
    }

    #[test]
    fn links_are_wholly_encoded() {
        let link = whatsapp_link("A & B", "\"c\" <d>", "http://x.test/?a=1&b=2");
        assert!(link.starts_with("https://wa.me/?text=%2AA%20%26%20B%2A%0A%0A%22c%22"));
        assert_eq!(link.matches('&').count(), 0);
        let link = telegram_link("A & B", "http://x.test/a");
        assert_eq!(link, "https://t.me/share/url?url=http%3A%2F%2Fx%2Etest%2Fa&text=A%20%26%20B");
    }

    #[test]
    fn cuts_at_words() {
        assert_eq!(cut("satu dua tiga", 13), "satu dua tiga");
        assert_eq!(cut("satu dua, tiga", 11), "satu dua…");
        assert_eq!(cut("ééééé", 3), "éé…");
    }
}
