//! The converter by itself: what WordPress writes, and whatever else a file may hold.
use proptest::prelude::*;

use super::convert::{Note, Shown, convert};
use super::known::{Key, Known};
use super::parse::Item;

fn known() -> Known {
    let mut known = Known::new("https://kim.example", "kim-a").expect("a site");
    for (id, file) in [(4, "2024/a.jpg"), (5, "2024/b.png"), (6, "2024/surat.pdf")] {
        let (file, alt) = (file.to_owned(), format!("alt {id}"));
        known.add_attachment(&Item { id, parent: 9, file, alt, ..Item::default() }, String::new(), format!("kata {id}"));
    }
    known.add_story(12, "https://kim.example/2024/lama/", "baru".into());
    known
}

fn shown(key: &Key) -> Option<Shown> {
    let name = match key {
        Key::Attachment(id) => format!("p{id}"),
        Key::File(_) => "berkas".into(),
    };
    Some(Shown { name, width: 8, height: 6, inside: true })
}

fn html(content: &str) -> String {
    convert(content, 9, &known(), &shown).blocks.iter().map(|block| block.html.as_str()).collect()
}

fn notes(content: &str) -> Vec<Note> {
    convert(content, 9, &known(), &shown).notes.into_iter().collect()
}

fn figure(id: i64, alt: &str, caption: &str) -> String {
    let below = if caption.is_empty() { String::new() } else { format!("<figcaption>{caption}</figcaption>") };
    format!("<figure><img src=\"/media/p{id}-800.jpg\" alt=\"{alt}\" width=\"8\" height=\"6\">{below}</figure>")
}

#[test]
fn classic_text_gets_paragraphs() {
    assert_eq!(
        html("Satu\r\ndua\n\n \ntiga <b>empat\n\nlima</b>"),
        "<p>Satu<br>dua</p><p>tiga <strong>empat</strong></p><p><strong>lima</strong></p>"
    );
    assert_eq!(html("A\n<ul>\n <li>b\n</li>\n\n<li></li></ul>\nC"), "<p>A</p><ul><li>b</li></ul><p>C</p>");
    assert_eq!(html("<div>A<br><br/>B</div><p>&nbsp;</p><p><br></p>"), "<p>A</p><p>B</p>");
    assert_eq!(
        html("<h1>A</h1><h5><b></b>B</h5><blockquote>C<h2>D</h2></blockquote>"),
        "<h2>A</h2><h3>B</h3><blockquote><p>C</p><p><strong>D</strong></p></blockquote>"
    );
    assert_eq!(html("a <i> b </i> c<span> </span>d"), "<p>a <em>b</em> c d</p>");
}

#[test]
fn addresses_alone_on_a_line_become_links() {
    let link = "<a href=\"https://youtu.be/x?a=1&amp;b\">https://youtu.be/x?a=1&amp;b</a>";
    assert_eq!(html("Lihat:\nhttps://youtu.be/x?a=1&amp;b\n\nnanti"), format!("<p>Lihat:<br>{link}</p><p>nanti</p>"));
    assert_eq!(html("lihat https://a.example/b saja"), "<p>lihat https://a.example/b saja</p>");
    assert_eq!(
        html("http://kim.example/2024/lama"),
        "<p><a href=\"https://simpul.invalid/kabar/baru\">http://kim.example/2024/lama</a></p>"
    );
    let frame = "<iframe src=\"//www.youtube.com/embed/abc?rel=0\"></iframe>";
    assert_eq!(html(frame), "<p><a href=\"https://www.youtube.com/watch?v=abc\">https://www.youtube.com/watch?v=abc</a></p>");
    assert_eq!(html("<iframe src=\"https://x.example\"></iframe>"), "");
    assert_eq!(notes("<iframe src=\"https://x.example\"></iframe>"), [Note::Part("iframe x.example".into())]);
}

#[test]
fn pictures_stand_by_themselves() {
    let image = "<a href=\"/wp-content/uploads/2024/a.jpg\"><img src=\"/wp-content/uploads/2024/a-300x200.jpg\" alt=\"\"></a>";
    assert_eq!(html(&format!("<p>{image} Kata</p>")), format!("{}<p>Kata</p>", figure(4, "alt 4", "")));
    assert_eq!(html(&format!("<p>Kata {image} lagi</p>")), format!("<p>Kata lagi</p>{}", figure(4, "alt 4", "")));
    assert_eq!(
        html(&format!("<ul><li>a {image}</li><li>b</li></ul>")),
        format!("<ul><li>a</li><li>b</li></ul>{}", figure(4, "alt 4", ""))
    );
    let caption = format!("[caption width=\"3\"]{image} Di <em>sini</em> &amp; sana[/caption]");
    assert_eq!(html(&caption), figure(4, "alt 4", "Di sini &amp; sana"));
    let gallery = figure(4, "alt 4", "kata 4") + &figure(5, "alt 5", "kata 5");
    assert_eq!(html("[gallery]"), gallery);
    let old = "<ul class=\"wp-block-gallery\"><li class=\"blocks-gallery-item\"><figure><img src=\"/wp-content/uploads/2024/b.png\"><figcaption>B</figcaption></figure></li></ul>";
    assert_eq!(html(old), figure(5, "alt 5", "B"));
    assert_eq!(html("<img class=\"emoji\" alt=\"🙏\" src=\"https://s.w.org/x.png\"> a <img width=1 src=x>"), "<p>🙏 a</p>");
    assert_eq!(notes("<img src=\"https://x.example/y.jpg\">"), [Note::Foreign("x.example".into())]);
    let pictures = convert(&format!("{image}a{image}"), 9, &known(), &|_| None).pictures;
    assert_eq!(pictures.len(), 1);
    assert!(pictures[0].leading);
}

#[test]
fn tables_become_lists() {
    let table = "<table><tr><th>Pos</th><th>Hari</th></tr><tr><td>Melati</td><td>Senin <b>pagi</b></td></tr><tr><td></td><td>Rabu</td></tr></table>";
    assert_eq!(html(table), "<ul><li>Pos: Melati · Hari: Senin <strong>pagi</strong></li><li>Hari: Rabu</li></ul>");
    assert_eq!(html("<table><tr><td>A</td><td>B</td></tr></table>"), "<p>A</p><p>B</p>");
}

#[test]
fn other_parts_keep_their_words() {
    assert_eq!(html("<pre>a\n  b &lt;</pre>"), "<p>a<br>\u{a0}\u{a0}b &lt;</p>");
    assert_eq!(html("m<sup>2</sup> H<sub>2</sub>O 1<sup>e</sup>"), "<p>m² H₂O 1e</p>");
    assert_eq!(html("<dl><dt>A</dt><dd>B</dd></dl><q>c</q>"), "<p><strong>A</strong></p><p>B</p><p>“c”</p>");
    assert_eq!(
        html("<details><summary>A</summary>B</details><p hidden>x</p><p style=\"DISPLAY : none\">x</p>"),
        "<p>A</p><p>B</p>"
    );
    assert_eq!(
        html("<a href=\"/wp-content/uploads/2024/surat.pdf\">surat</a>"),
        "<p><a href=\"https://kim.example/wp-content/uploads/2024/surat.pdf\">surat</a></p>"
    );
    assert_eq!(
        notes("<!-- wp:latest-posts {\"a\":1} /--><!-- wp:paragraph --><p>a</p><!-- /wp:paragraph -->"),
        [Note::Block("latest-posts".into())]
    );
}

#[test]
fn a_tangle_keeps_its_words() {
    let deep = format!("{}kata{}", "<div><b>".repeat(150_000), "</b></div>".repeat(150_000));
    assert_eq!(html(&deep), "<p>kata</p>");
    assert_eq!(notes(&deep), [Note::Tangled]);
    assert_eq!(html(&format!("{}kata", "<p><span>".repeat(250))), "<p>kata</p>");
    for part in [
        "<a",
        "[a",
        "[a]",
        "<!--",
        "<pre>",
        "[[",
        "&#",
        "<p>",
        "<li>",
        "[caption]",
        "<td>",
        "<b",
        "\"<a ",
        "[caption][/caption]",
        "[x y=1]",
    ] {
        let started = std::time::Instant::now();
        html(&part.repeat(30_000 / part.len()));
        // Far more than it takes, far less than a square of the length would.
        assert!(started.elapsed().as_secs() < 20, "{part}: {:?}", started.elapsed());
    }
}

/// Pieces of what WordPress, its plugins and enemies write.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "<!-- wp:paragraph -->",
        "<!-- /wp:paragraph -->",
        "<p>",
        "</p>",
        "<div class=\"a\" onclick=\"alert(1)\">",
        "</div>",
        "<ul>",
        "<li>",
        "</li>",
        "</ul>",
        "<ol>",
        "<blockquote>",
        "</blockquote>",
        "<cite>",
        "<b>",
        "</b>",
        "<em>",
        "</i>",
        "<h2>",
        "</h3>",
        "<a href=\"javascript:alert(1)\">",
        "<a href='/?p=12'>",
        "<a href=\"https://x.example/\">",
        "</a>",
        "<br>",
        "<br/>\n",
        "<img src=\"/wp-content/uploads/2024/a-1x1.jpg\">",
        "<img class=wp-image-5 alt='\"><script>'>",
        "<figure>",
        "</figure>",
        "<figcaption>",
        "</figcaption>",
        "<table>",
        "<tr>",
        "<td>",
        "<th>",
        "</table>",
        "<pre>",
        "</pre>",
        "<script>alert(1)</script>",
        "<svg onload=alert(1)>",
        "<style>",
        "</style>",
        "<iframe src=x>",
        "</iframe>",
        "<math><mi>",
        "<select><option>",
        "<template>",
        "[caption]",
        "[/caption]",
        "[gallery ids=\"4,5\"]",
        "[gallery]",
        "[embed]",
        "[/embed]",
        "[x y=\"1\"]",
        "[/x]",
        "[[y]]",
        "[",
        "]",
        "<",
        ">",
        "&",
        "&lt;script&gt;",
        "&#0;",
        "\"",
        "'",
        "\n",
        "\n\n",
        "\r\n",
        "\u{0}",
        "\u{202e}",
        "https://youtu.be/x",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<plaintext>",
        "<frameset>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "</body>",
    ]);
    prop_oneof![4 => fixed.prop_map(str::to_owned), 1 => ".{0,12}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_soup_becomes_plain_html(pieces in prop::collection::vec(piece(), 0..40)) {
        let content = pieces.concat();
        let html = html(&content);
        let clean = crate::article::clean(&html, &["p4", "p5", "berkas"]);
        for bad in ["<script", "onclick=", "onload=", "onerror=", "javascript:", "<iframe", "<svg", "<style"] {
            // Words may say so; tags may not.
            prop_assert!(!clean.to_lowercase().contains(bad) || !bad.starts_with('<'), "{bad} in {clean}");
            let tags = clean.split('<').skip(1).map(|part| part.split('>').next().unwrap_or(""));
            prop_assert!(tags.map(without_values).all(|tag| !tag.contains(bad)), "{bad} in {clean}");
        }
        // Ours is well-formed already: the sanitiser finds no tag to add or to take away.
        let count = |html: &str| html.matches('<').count();
        prop_assert_eq!(count(&html), count(&clean), "{} → {}", html, clean);
        let again = html_of_clean(&clean);
        prop_assert_eq!(count(&again), count(&clean));
    }

    #[test]
    fn any_text_becomes_plain_html(content in "(?s).{0,400}") {
        html(&content);
    }
}

fn html_of_clean(clean: &str) -> String {
    crate::article::clean(clean, &["p4", "p5", "berkas"])
}

/// A tag without what stands between quotes.
fn without_values(tag: &str) -> String {
    tag.split('"').step_by(2).collect()
}
