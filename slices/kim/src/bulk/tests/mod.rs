//! Importing through the router, from real spreadsheets.
mod register;
mod roster;

use stage::{Answer, Client};

/// Uploads a file and returns the path of its preview.
async fn upload(client: &mut Client, path: &str, name: &str, bytes: &[u8]) -> String {
    client.post_files(path, &[], &[("berkas", name, bytes)]).await.expect(303).location().to_owned()
}

/// The reasons of the preview, as (line, text of the cell).
fn reasons(page: &Answer) -> Vec<(i64, String)> {
    let text = page.text();
    let rows = text.split("<tr><th scope=\"row\" class=\"num\">").skip(1);
    let words = |html: &str| {
        let mut plain = String::new();
        let mut tag = false;
        for c in html.chars() {
            match c {
                '<' => tag = true,
                '>' => {
                    tag = false;
                    plain.push(' ');
                }
                c if !tag => plain.push(c),
                _ => {}
            }
        }
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    rows.map(|row| {
        let (line, rest) = row.split_once('<').expect("a line");
        let mend = rest.split("<ul class=\"tight\">").nth(1).and_then(|rest| rest.split("</ul>").next()).unwrap_or_default();
        (line.parse().expect("a number"), words(mend))
    })
    .collect()
}
