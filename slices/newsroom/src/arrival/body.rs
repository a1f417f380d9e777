//! The words of a story that moved: its pictures have other names here, and some pages other addresses.
use std::collections::HashMap;

use crate::article::clean;

/// What changed its name on the way.
pub struct Renamed<'a> {
    /// The story's own pictures: old name and new one.
    pub pictures: Vec<(String, String)>,
    /// Paths of pages of the KIM that another page has here: old path and new one.
    pub pages: &'a HashMap<String, String>,
}

impl Renamed<'_> {
    /// A body with the new names, sanitised: nothing of an archive is trusted.
    pub fn body(&self, html: &str) -> String {
        let mut html = relink(html, self.pages);
        for (old, new) in &self.pictures {
            html = html.replace(&format!("/media/{old}-"), &format!("/media/{new}-"));
        }
        let own: Vec<&str> = self.pictures.iter().map(|(_, new)| new.as_str()).collect();
        clean(&html, &own)
    }
}

/// The name of a stored picture from its path in an archive.
pub fn name_of(path: &str) -> Option<&str> {
    path.strip_prefix("files/")?.strip_suffix("-1600.jpg").filter(|name| !name.is_empty())
}

fn relink(html: &str, pages: &HashMap<String, String>) -> String {
    const LINK: &str = "href=\"";
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(LINK) {
        let (before, after) = rest.split_at(at + LINK.len());
        out.push_str(before);
        let end = after.find(['"', '?', '#']).unwrap_or(after.len());
        let (path, behind) = after.split_at(end);
        out.push_str(pages.get(path).map_or(path, String::as_str));
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_links_follow() {
        let pages = HashMap::from([("/kabar/titian".to_owned(), "/kabar/titian-2".to_owned())]);
        let renamed = Renamed { pictures: vec![("lama".into(), "baru".into())], pages: &pages };
        let html = "<p><a href=\"/kabar/titian#dua\">Titian</a> <a href=\"/kabar/titian-baru\">lain</a> \
                    <a href=\"https://asal.example.id/kabar/titian\">jauh</a></p>\
                    <figure><img src=\"/media/lama-800.webp\" alt=\"Titian\"></figure>\
                    <figure><img src=\"/media/orang-800.webp\" alt=\"Bukan miliknya\"></figure><script>x</script>";
        let body = renamed.body(html);
        assert!(body.contains("href=\"/kabar/titian-2#dua\"") && body.contains("href=\"/kabar/titian-baru\""), "{body}");
        assert!(body.contains("href=\"https://asal.example.id/kabar/titian\""), "{body}");
        assert!(body.contains("/media/baru-800.webp") && !body.contains("orang") && !body.contains("script"), "{body}");
        assert_eq!(renamed.body(&body), body, "coming in once more changes nothing");
    }

    #[test]
    fn a_picture_has_its_name_from_its_path() {
        assert_eq!(name_of("files/abc-1600.jpg"), Some("abc"));
        assert_eq!(name_of("files/-1600.jpg"), None);
        assert_eq!(name_of("files/sk-1.jpg"), None);
    }
}
