//! Reads every statement of the sources, for the gates over them: `sql!` for both engines, and `sqlite!`
//! and `postgres!`, which the platform writes where only one engine understands.
#![allow(clippy::expect_used, reason = "a gate for tests fails loudly")]
use std::path::Path;

use proc_macro2::TokenTree;
use syn::visit::Visit;

/// Which engines run a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Both,
    Sqlite,
    Postgres,
}

impl On {
    /// What the macro of this name promises; none for another macro.
    fn of(name: &str) -> Option<On> {
        match name {
            "sql" => Some(On::Both),
            "sqlite" => Some(On::Sqlite),
            "postgres" => Some(On::Postgres),
            _ => None,
        }
    }

    /// The names of the engines.
    pub fn engines(self) -> &'static [&'static str] {
        match self {
            On::Both => &["sqlite", "postgres"],
            On::Sqlite => &["sqlite"],
            On::Postgres => &["postgres"],
        }
    }
}

/// A statement and where it stands.
#[derive(Clone, Debug)]
pub struct Found {
    pub text: String,
    pub on: On,
    pub file: String,
    pub line: usize,
}

struct Finder {
    file: String,
    found: Vec<Found>,
    in_tests: bool,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if let Some(on) = call.path.segments.last().and_then(|segment| On::of(&segment.ident.to_string()))
            && !self.in_tests
        {
            self.note(on, call.tokens.clone());
        }
        // A statement may stand inside another macro, such as `tokio::join!` or `vec!`.
        self.search(call.tokens.clone());
        syn::visit::visit_macro(self, call);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let before = self.in_tests;
        self.in_tests |= module.attrs.iter().any(|a| quote_of(a).contains("test"));
        syn::visit::visit_item_mod(self, module);
        self.in_tests = before;
    }
}

fn quote_of(attribute: &syn::Attribute) -> String {
    match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string(),
        _ => String::new(),
    }
}

impl Finder {
    fn note(&mut self, on: On, tokens: proc_macro2::TokenStream) {
        if let Some(TokenTree::Literal(literal)) = tokens.into_iter().next()
            && let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string())
        {
            let line = literal.span().start().line;
            self.found.push(Found { text: text.value(), on, file: self.file.clone(), line });
        }
    }

    fn search(&mut self, tokens: proc_macro2::TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (i, token) in tokens.iter().enumerate() {
            if let TokenTree::Group(group) = token {
                if i >= 2
                    && is_bang(&tokens[i - 1])
                    && let Some(on) = named(&tokens[i - 2])
                    && !self.in_tests
                {
                    self.note(on, group.stream());
                }
                self.search(group.stream());
            }
        }
    }
}

fn named(token: &TokenTree) -> Option<On> {
    let TokenTree::Ident(ident) = token else { return None };
    On::of(&ident.to_string())
}

fn is_bang(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '!')
}

/// Every statement under `root`, tests left out.
pub fn all(root: &Path) -> Vec<Found> {
    let mut found = Vec::new();
    for folder in ["kit/base/src", "kit/web/src", "slices", "app/src"] {
        for entry in walkdir::WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().flatten() {
            let path = entry.path();
            let name = path.to_string_lossy().into_owned();
            let test = name.ends_with("tests.rs") || name.ends_with("testing.rs") || name.contains("/tests/");
            if path.extension().is_none_or(|end| end != "rs") || test {
                continue;
            }
            let text = std::fs::read_to_string(path).expect("a source file");
            let tree = syn::parse_file(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            let file = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
            let mut finder = Finder { file, found: Vec::new(), in_tests: false };
            finder.visit_file(&tree);
            found.append(&mut finder.found);
        }
    }
    found
}
