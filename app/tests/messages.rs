//! Every text is there, complete in Indonesian and English, and used.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails loudly")]
mod common;

use std::collections::{BTreeMap, BTreeSet};

use base::Lang;

/// Keys of one language, with the names of the values each needs.
fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let slices = simpul::slices();
    let own = web::TEXTS.iter().copied();
    let sources = own.chain(slices.iter().flat_map(|slice| slice.texts.iter()).flat_map(|s| s.iter().copied()));
    let mut keys = BTreeMap::new();
    for (_, text) in sources.filter(|(of, _)| *of == lang) {
        let mut current = String::new();
        for line in text.lines() {
            let named = line.split_once('=').map(|(name, _)| name.trim_end()).filter(|_| !line.starts_with([' ', '#', '-']));
            if let Some(name) = named {
                current = name.to_owned();
                assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "{name} twice in {}", lang.code());
            }
            for part in line.split("{ $").skip(1).chain(line.split("{$").skip(1)) {
                let value: String = part.trim_start().chars().take_while(|c| c.is_alphanumeric()).collect();
                if let Some(values) = keys.get_mut(&current) {
                    values.insert(value);
                }
            }
        }
    }
    keys
}

/// Every double-quoted word of the sources that could be a key.
fn quoted() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in common::files(&["kit/web/src", "kit/base/src", "slices", "app/src"], &["rs", "html"]) {
        if path.ends_with("tests.rs") {
            continue;
        }
        found.extend(text.split('"').map(str::to_owned));
    }
    found
}

#[test]
fn english_says_all_that_indonesian_says() {
    let (id, en) = (keys(Lang::Id), keys(Lang::En));
    let missing: Vec<_> = id.keys().filter(|key| !en.contains_key(*key)).collect();
    assert!(missing.is_empty(), "not in English: {missing:?}");
    let extra: Vec<_> = en.keys().filter(|key| !id.contains_key(*key)).collect();
    assert!(extra.is_empty(), "not in Indonesian: {extra:?}");
    for (key, values) in &id {
        let used = &en[key];
        assert!(used.is_subset(values) || values.is_subset(used), "{key}: {values:?} in Indonesian, {used:?} in English");
    }
}

#[test]
fn drafts_have_no_key_of_their_own() {
    let id = keys(Lang::Id);
    for lang in [Lang::Nij, Lang::Bjn] {
        for key in keys(lang).keys() {
            assert!(id.contains_key(key), "{key} of {} is not in Indonesian", lang.code());
        }
    }
}

#[test]
fn every_key_is_used() {
    let used = quoted();
    let unused: Vec<_> = keys(Lang::Id).into_keys().filter(|key| !used.contains(key)).collect();
    assert!(unused.is_empty(), "unused texts: {unused:#?}");
}

#[test]
fn every_used_key_exists() {
    let known = keys(Lang::Id);
    let prefixes: BTreeSet<&str> = known.keys().filter_map(|key| key.split('-').next()).collect();
    let mut missing = BTreeSet::new();
    for (path, text) in common::files(&["kit/web/src", "slices"], &["html"]) {
        for part in text.split("\"|t").collect::<Vec<_>>().iter().rev().skip(1) {
            let key = part.rsplit('"').next().unwrap_or_default();
            if !known.contains_key(key) {
                missing.insert(format!("{key} in {}", path.display()));
            }
        }
    }
    for (path, text) in common::files(&["kit/web/src", "slices"], &["rs"]) {
        if path.ends_with("tests.rs") {
            continue;
        }
        for call in ["say(\"", "say_with(\"", "onward("] {
            for part in text.split(call).skip(1) {
                let key = match call {
                    "onward(" => part.split(')').next().unwrap_or_default().rsplit('"').nth(1).unwrap_or_default(),
                    _ => part.split('"').next().unwrap_or_default(),
                };
                let like_a_key = key.contains('-') && !key.contains(['/', ' ', '{']);
                if like_a_key && key.split('-').next().is_some_and(|p| prefixes.contains(p)) && !known.contains_key(key) {
                    missing.insert(format!("{key} in {}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "missing texts: {missing:#?}");
}

#[test]
fn no_words_in_templates() {
    let mut wrong = Vec::new();
    for (path, text) in common::files(&["kit/web/src", "slices"], &["html"]) {
        let mut plain = String::new();
        let mut depth = 0;
        let cleaned = strip(&text);
        for c in cleaned.chars() {
            match c {
                '<' => depth += 1,
                '>' if depth > 0 => depth -= 1,
                c if depth == 0 => plain.push(c),
                _ => {}
            }
        }
        let words: Vec<&str> = plain.split_whitespace().filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() > 2).collect();
        let known = [
            "KIM", "Simpul", "WhatsApp", "Telegram", "Atom", "JSON", "RSS", "Feed", "API", "GET", "POST", "&nbsp;", "curl",
            "middot", "&middot;",
        ];
        let words: Vec<_> = words
            .into_iter()
            .filter(|w| !w.starts_with('/'))
            .filter(|w| !known.contains(&w.trim_matches(|c: char| !c.is_alphanumeric())))
            .collect();
        if !words.is_empty() {
            wrong.push(format!("{}: {words:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Removes what the template engine and code samples hold.
fn strip(text: &str) -> String {
    let mut out = text.to_owned();
    for (open, close) in
        [("{%", "%}"), ("{{", "}}"), ("{#", "#}"), ("<style", "</style>"), ("<code", "</code>"), ("<pre", "</pre>")]
    {
        while let Some(start) = out.find(open) {
            let Some(end) = out[start..].find(close) else { break };
            out.replace_range(start..start + end + close.len(), " ");
        }
    }
    out
}
