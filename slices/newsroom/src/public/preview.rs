//! What the head of an article says to search engines and messengers: Open Graph, JSON-LD, feeds.
use serde_json::json;
use web::page::Head;
use web::{Ctx, assets, dates};

use super::card::{Author, path};
use super::share::cut;
use super::store::Full;

/// Longest description that previews show.
const DESCRIPTION: usize = 200;

/// The head of an article's page.
pub fn head(ctx: &Ctx, full: &Full, group: &Author) -> Head {
    let story = &full.story;
    let picture = story.cover().map(|cover| ctx.absolute(&cover.path(800, "jpg")));
    Head {
        description: cut(&story.lead, DESCRIPTION),
        canonical: path(&story.slug),
        picture: picture.unwrap_or_default(),
        og_type: "article".into(),
        json_ld: json_ld(ctx, full, group),
        feeds: super::feeds::links(&group.name, &format!("{}/feed", group.href), ""),
        published: dates::iso(story.published_at, &story.region),
        modified: dates::iso(story.updated_at.max(story.published_at), &story.region),
        ..Head::default()
    }
}

fn json_ld(ctx: &Ctx, full: &Full, group: &Author) -> String {
    let story = &full.story;
    let url = ctx.absolute(&path(&story.slug));
    let images: Vec<String> =
        story.cover().map_or(Vec::new(), |cover| [1600, 800].map(|width| ctx.absolute(&cover.path(width, "jpg"))).to_vec());
    let document = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": cut(&story.title, 110),
        "description": story.lead,
        "datePublished": dates::iso(story.published_at, &story.region),
        "dateModified": dates::iso(story.updated_at.max(story.published_at), &story.region),
        "author": { "@type": "Organization", "name": group.name, "url": ctx.absolute(&group.href) },
        "publisher": {
            "@type": "Organization",
            "name": ctx.say("site-name"),
            "url": ctx.absolute("/"),
            "logo": { "@type": "ImageObject", "url": ctx.absolute(&assets::address("ikon-512.png")) },
        },
        "image": images,
        "inLanguage": story.lang,
        "keywords": full.tags(),
        "contentLocation": { "@type": "Place", "name": story.place },
        "mainEntityOfPage": { "@type": "WebPage", "@id": url },
    });
    inert(&document.to_string())
}

/// JSON that cannot end the script element it stands in, nor open a comment there.
fn inert(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_json_ends_the_script() {
        let title = "</script><script>alert(1)</script><!-- & ]]>";
        let text = inert(&json!({ "headline": title }).to_string());
        assert!(!text.contains(['<', '>', '&']));
        let back: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(back["headline"], title);
    }
}
