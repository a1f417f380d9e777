//! What the first reading of the file learned: where every story will live and which picture every
//! address means. Links and pictures of the stories are resolved against it.
use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use url::Url;

use super::parse::Item;

/// An attachment of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    pub title: String,
    pub alt: String,
    pub caption: String,
    /// Paths under the uploads folder to look at, best first.
    pub files: Vec<String>,
    /// By its name: JPEG, PNG or WebP.
    pub picture: bool,
}

/// A picture, however a story names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Attachment(i64),
    /// A path under the uploads folder that no attachment of the file tells of.
    File(String),
}

/// Where a link of a story leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nowhere that may be followed.
    Nowhere,
    /// A story that is imported: its new address.
    Story(String),
    /// A list of ours, or the page of the group: its path.
    List(String),
    Picture(Key),
    /// A place on the old site that has no new address.
    Old(String),
    Out(String),
}

/// The index.
pub struct Known {
    base: Url,
    host: String,
    /// New address of each story by its old number.
    stories: HashMap<i64, String>,
    /// Story by old path.
    paths: HashMap<String, i64>,
    pub attachments: HashMap<i64, Attachment>,
    exact: HashMap<String, i64>,
    /// The same without a size in the name.
    bare: HashMap<String, i64>,
    children: HashMap<i64, Vec<i64>>,
    /// Our tag of a category or tag of the site, by its slug.
    tags: HashMap<String, String>,
    kim: String,
}

impl Known {
    /// `address` is that of the site, such as `https://kim-contoh.example`; `kim` the slug of the group.
    pub fn new(address: &str, kim: &str) -> Option<Known> {
        let base = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let host = plain_host(&base)?;
        Some(Known {
            base,
            host,
            stories: HashMap::new(),
            paths: HashMap::new(),
            attachments: HashMap::new(),
            exact: HashMap::new(),
            bare: HashMap::new(),
            children: HashMap::new(),
            tags: HashMap::new(),
            kim: kim.to_owned(),
        })
    }

    /// Host of the site without `www.`, with the port if there is one.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Notes where a story will live.
    pub fn add_story(&mut self, id: i64, link: &str, slug: String) {
        self.stories.insert(id, slug);
        if let Some(path) = self.path_inside(link) {
            self.paths.entry(path).or_insert(id);
        }
    }

    /// The new address of a story.
    pub fn story(&self, id: i64) -> Option<&str> {
        self.stories.get(&id).map(String::as_str)
    }

    /// Notes which tag of ours stands for a category or tag of the site.
    pub fn add_tag(&mut self, slug: &str, tag: String) {
        self.tags.entry(slug.to_lowercase()).or_insert(tag);
    }

    /// What the file says of a picture.
    pub fn described(&self, key: &Key) -> Option<&Attachment> {
        match key {
            Key::Attachment(id) => self.attachments.get(id),
            Key::File(_) => None,
        }
    }

    /// Notes an attachment.
    pub fn add_attachment(&mut self, item: &Item, title: String, caption: String) {
        let file = if item.file.is_empty() { uploads(&item.attachment_url).unwrap_or_default() } else { item.file.clone() };
        let mut files = vec![file.clone()];
        files.extend(uploads(&item.guid));
        // WordPress writes big pictures anew as `-scaled`; the untouched file lies beside it.
        files.push(file.replace("-scaled.", "."));
        let mut seen = std::collections::HashSet::new();
        files.retain(|file| !file.is_empty() && seen.insert(file.clone()));
        for file in &files {
            self.exact.entry(file.clone()).or_insert(item.id);
            self.bare.entry(without_size(file)).or_insert(item.id);
        }
        self.children.entry(item.parent).or_default().push(item.id);
        if let Some(path) = self.path_inside(&item.link) {
            self.paths.entry(path).or_insert(item.parent);
        }
        let picture = is_picture(&file);
        self.attachments.insert(item.id, Attachment { title, alt: item.alt.clone(), caption, files, picture });
    }

    /// Attachments of a post, in the order of their numbers.
    pub fn children(&self, post: i64) -> Vec<i64> {
        let mut ids = self.children.get(&post).cloned().unwrap_or_default();
        ids.retain(|id| self.attachments.get(id).is_some_and(|attachment| attachment.picture));
        ids.sort_unstable();
        ids
    }

    /// Where files of a picture may lie under the uploads folder, best first.
    pub fn files(&self, key: &Key) -> Vec<String> {
        match key {
            Key::Attachment(id) => self.attachments.get(id).map(|a| a.files.clone()).unwrap_or_default(),
            Key::File(file) => {
                let bare = without_size(file);
                if bare == *file { vec![bare] } else { vec![bare, file.clone()] }
            }
        }
    }

    /// The picture of an `<img>`: by its address, else by the number in its class `wp-image-N`.
    pub fn picture(&self, src: &str, classes: &str) -> Option<Key> {
        let number = classes.split_whitespace().find_map(|class| class.strip_prefix("wp-image-")?.parse::<i64>().ok());
        let number = number.filter(|id| self.attachments.get(id).is_some_and(|attachment| attachment.picture));
        let by_address = self.inside(src.trim()).and_then(|url| uploads(url.as_str())).map(|file| self.file(file));
        match by_address {
            Some(Key::File(_)) | None => number.map(Key::Attachment).or(by_address),
            attachment => attachment,
        }
    }

    fn file(&self, file: String) -> Key {
        let found = self.exact.get(&file).or_else(|| self.bare.get(&without_size(&file)));
        found.map_or(Key::File(file), |id| Key::Attachment(*id))
    }

    /// Where a link leads.
    pub fn link(&self, href: &str) -> Link {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') {
            return Link::Nowhere;
        }
        let Ok(url) = self.base.join(href) else { return Link::Nowhere };
        match url.scheme() {
            "http" | "https" => {}
            "mailto" | "tel" => return Link::Out(url.into()),
            _ => return Link::Nowhere,
        }
        let Some(inside) = self.inside(url.as_str()) else { return Link::Out(url.into()) };
        let number = inside.query_pairs().find(|(name, _)| matches!(name.as_ref(), "p" | "page_id"));
        if let Some(slug) = number.and_then(|(_, id)| self.stories.get(&id.parse::<i64>().ok()?)) {
            return Link::Story(slug.clone());
        }
        if let Some(file) = uploads(inside.as_str())
            && is_picture(&file)
        {
            return Link::Picture(self.file(file));
        }
        let path = key_of(inside.path());
        if let Some(slug) = self.paths.get(&path).and_then(|id| self.stories.get(id)) {
            return Link::Story(slug.clone());
        }
        self.list(&path, &inside).map_or(Link::Old(inside.into()), Link::List)
    }

    /// The front page, and the archives of categories and tags.
    fn list(&self, path: &str, url: &Url) -> Option<String> {
        if path == key_of(self.base.path()) && url.query().is_none() {
            return Some(format!("/kim/{}", self.kim));
        }
        let inner = path.strip_prefix(&key_of(self.base.path())).unwrap_or(path).trim_start_matches('/');
        let (kind, rest) = inner.split_once('/')?;
        let slug = rest.rsplit('/').next().filter(|_| matches!(kind, "category" | "tag" | "kategori"))?;
        let tag = self.tags.get(slug)?;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("kim", &self.kim).append_pair("tag", tag);
        Some(format!("/kabar?{}", query.finish()))
    }

    /// The address if it lies on the site, also when it is written with another scheme, with `www.`
    /// or through the picture servers of WordPress.com.
    fn inside(&self, address: &str) -> Option<Url> {
        let url = self.base.join(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let host = plain_host(&url)?;
        if host == self.host {
            return Some(url);
        }
        let relayed = host.len() == 9 && host.starts_with('i') && host.ends_with(".wp.com");
        if relayed {
            let original = Url::parse(&format!("https:/{}", url.path())).ok()?;
            return (plain_host(&original)? == self.host).then_some(original);
        }
        None
    }

    fn path_inside(&self, link: &str) -> Option<String> {
        let url = self.inside(link)?;
        let path = key_of(url.path());
        // The front page, and drafts that are only `?p=12`.
        (!path.is_empty()).then_some(path)
    }
}

/// A host as it is compared: lower-case, without `www.`, with a port that is not the usual one.
fn plain_host(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    Some(url.port().map_or(host.clone(), |port| format!("{host}:{port}")))
}

/// A path as it is compared: decoded, lower-case, without slashes at its ends.
fn key_of(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().trim_matches('/').to_lowercase()
}

/// The part of an address after the uploads folder, decoded.
fn uploads(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or("");
    let (_, file) = path.split_once("/wp-content/uploads/")?;
    Some(percent_decode_str(file).decode_utf8_lossy().into_owned())
}

fn is_picture(file: &str) -> bool {
    let end = file.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    matches!(end.as_str(), "jpg" | "jpeg" | "jpe" | "png" | "webp")
}

/// `peta-1024x512.jpg` and `peta-scaled.jpg` are sizes of `peta.jpg`.
fn without_size(file: &str) -> String {
    let Some((stem, end)) = file.rsplit_once('.') else { return file.to_owned() };
    let mut stem = stem;
    if let Some((head, size)) = stem.rsplit_once('-')
        && let Some((width, height)) = size.split_once('x')
        && [width, height].iter().all(|n| !n.is_empty() && n.len() <= 5 && n.bytes().all(|b| b.is_ascii_digit()))
    {
        stem = head;
    }
    format!("{}.{end}", stem.strip_suffix("-scaled").unwrap_or(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let mut known = Known::new("https://kim.example", "kim-a").expect("a site");
        known.add_tag("air-listrik", "air & listrik".into());
        let item = |id, file: &str, url: &str| Item {
            id,
            parent: 12,
            file: file.into(),
            guid: format!("https://kim.example/wp-content/uploads/{url}"),
            attachment_url: format!("https://kim.example/wp-content/uploads/{file}"),
            link: format!("https://kim.example/2024/x/foto-{id}/"),
            ..Item::default()
        };
        known.add_attachment(&item(7, "2023/peta-scaled.jpg", "2023/peta.jpg"), String::new(), String::new());
        known.add_attachment(&item(4, "2024/Kerja-01.jpg", "2024/Kerja-01.jpg"), String::new(), String::new());
        known.add_story(12, "https://kim.example/2024/x/", "x".into());
        known.add_story(20, "https://kim.example/2025/jawab-%e2%9c%94/", "jawab".into());
        known
    }

    #[test]
    fn finds_pictures_by_any_name() {
        let known = known();
        for (src, classes, id) in [
            ("https://kim.example/wp-content/uploads/2023/peta-1024x512.jpg", "", 7),
            ("http://www.kim.example/wp-content/uploads/2023/peta.jpg?w=3", "", 7),
            ("/wp-content/uploads/2023/peta-scaled.jpg", "wp-image-4", 7),
            ("https://i0.wp.com/kim.example/wp-content/uploads/2024/Kerja-01-300x200.jpg", "", 4),
            ("https://old.example/gone.jpg", "a wp-image-4 b", 4),
            ("", "wp-image-4", 4),
        ] {
            assert_eq!(known.picture(src, classes), Some(Key::Attachment(id)), "{src}");
        }
        assert_eq!(known.picture("https://iklan.example/wp-content/uploads/2023/peta.jpg", "wp-image-99"), None);
        let loose = known.picture("/wp-content/uploads/2020/a%20b-10x10.png", "").expect("a file");
        assert_eq!(known.files(&loose), ["2020/a b.png", "2020/a b-10x10.png"]);
        assert_eq!(known.files(&Key::Attachment(7)), ["2023/peta-scaled.jpg", "2023/peta.jpg"]);
    }

    #[test]
    fn knows_where_links_lead() {
        let known = known();
        let story = |slug: &str| Link::Story(slug.into());
        for (href, link) in [
            ("https://kim.example/2024/x/", story("x")),
            ("http://kim.example/2024/x#comments", story("x")),
            ("/2024/X/?utm=1", story("x")),
            ("https://www.kim.example/?p=12", story("x")),
            ("/?page_id=20", story("jawab")),
            ("https://kim.example/2025/jawab-%E2%9C%94", story("jawab")),
            ("https://kim.example/2024/x/foto-4/", story("x")),
            ("/wp-content/uploads/2023/peta.jpg", Link::Picture(Key::Attachment(7))),
            ("https://lain.example/a?b=1", Link::Out("https://lain.example/a?b=1".into())),
            ("mailto:a@b.example", Link::Out("mailto:a@b.example".into())),
            ("https://kim.example", Link::List("/kim/kim-a".into())),
            ("/category/layanan/air-listrik/", Link::List("/kabar?kim=kim-a&tag=air+%26+listrik".into())),
            ("/category/pengumuman/", Link::Old("https://kim.example/category/pengumuman/".into())),
            ("/wp-content/uploads/2023/surat.pdf", Link::Old("https://kim.example/wp-content/uploads/2023/surat.pdf".into())),
            ("javascript:alert(1)", Link::Nowhere),
            ("data:text/html,x", Link::Nowhere),
            ("#bawah", Link::Nowhere),
            ("", Link::Nowhere),
            ("http://[", Link::Nowhere),
        ] {
            assert_eq!(known.link(href), link, "{href}");
        }
    }
}
