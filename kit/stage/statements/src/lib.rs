//! Reads every `sql!` of the sources, for the gates over statements.
#![allow(clippy::expect_used, reason = "a gate for tests fails loudly")]
use std::path::Path;

use proc_macro2::TokenTree;
use syn::visit::Visit;

/// A statement and where it stands.
#[derive(Clone, Debug)]
pub struct Found {
    pub text: String,
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
        if call.path.segments.last().is_some_and(|segment| segment.ident == "sql") && !self.in_tests {
            self.note(call.tokens.clone());
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
    fn note(&mut self, tokens: proc_macro2::TokenStream) {
        if let Some(TokenTree::Literal(literal)) = tokens.into_iter().next()
            && let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string())
        {
            let line = literal.span().start().line;
            self.found.push(Found { text: text.value(), file: self.file.clone(), line });
        }
    }

    fn search(&mut self, tokens: proc_macro2::TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (i, token) in tokens.iter().enumerate() {
            if let TokenTree::Group(group) = token {
                let call = i >= 2 && is_ident(&tokens[i - 2], "sql") && is_bang(&tokens[i - 1]);
                if call && !self.in_tests {
                    self.note(group.stream());
                }
                self.search(group.stream());
            }
        }
    }
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
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
