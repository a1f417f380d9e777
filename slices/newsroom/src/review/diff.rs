//! What changed between two texts, word by word, with a sign for those who do not see colours.
use similar::{ChangeTag, TextDiff};
use web::feed::escape;

/// Safe HTML: each line of `new` as a paragraph, with `<ins>` and `<del>` around what changed.
/// Both texts are plain. `added` and `removed` are said to those who do not see the marks.
pub fn words(old: &str, new: &str, added: &str, removed: &str) -> String {
    let diff = TextDiff::from_words(old, new);
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    let mut html = String::from("<p>");
    for (tag, text) in runs {
        let (name, said) = match tag {
            ChangeTag::Equal => ("", ""),
            ChangeTag::Insert => ("ins", added),
            ChangeTag::Delete => ("del", removed),
        };
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            if name.is_empty() || line.trim().is_empty() {
                html.push_str(&escape(line));
            } else {
                html.push_str(&format!("<{name}><span class=\"hide\">{} </span>{}</{name}>", escape(said), escape(line)));
            }
            if lines.peek().is_some() {
                html.push_str("</p><p>");
            }
        }
    }
    html.push_str("</p>");
    html.replace("<p></p>", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_words_and_keeps_lines() {
        let html = words("Lima titian diberi tanda.\nDua.", "Empat titian diberi tanda.\nDua.", "ditambah", "dihapus");
        assert!(html.contains("<del><span class=\"hide\">dihapus </span>Lima</del>"), "{html}");
        assert!(html.contains("<ins><span class=\"hide\">ditambah </span>Empat</ins> titian"), "{html}");
        assert!(html.ends_with("<p>Dua.</p>"), "{html}");
    }

    #[test]
    fn escapes_what_people_wrote() {
        let html = words("", "<script>alert(1)</script> & \"x\"", "+", "-");
        assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"), "{html}");
    }
}
