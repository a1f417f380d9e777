//! The terms of a text on their way into the index. They travel as one string, because documents wait in a queue
//! and a list of tokens would take thirty times the memory: `=form|stem` a word, words parted by blanks, and a line
//! end after each part of an entry.

use std::collections::HashMap;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::stem::Stemmer;
use super::{analyse, english};

/// Name of the tokenizer that takes the string apart.
pub const SPLIT: &str = "terms";
/// Places between two parts of an entry, so that no phrase crosses them.
const GAP: usize = 10;
/// Words whose stem is remembered within a batch.
const REMEMBERED: usize = 20_000;

/// A stemmer that remembers: the same few thousand words make up most of any text.
pub struct Stems<'a> {
    stemmer: &'a Stemmer,
    known: HashMap<String, String>,
}

impl<'a> Stems<'a> {
    pub fn new(stemmer: &'a Stemmer) -> Self {
        Self { stemmer, known: HashMap::new() }
    }

    fn tokens(&mut self, text: &str, english: bool) -> Vec<analyse::Token> {
        let stemmer = self.stemmer;
        analyse::tokens_by(text, &mut |word| self.stem(word, english), stemmer)
    }

    fn stem(&mut self, word: &str, english: bool) -> String {
        if english {
            return english::stem(word);
        }
        if let Some(stem) = self.known.get(word) {
            return stem.clone();
        }
        let stem = self.stemmer.stem(word);
        if self.known.len() < REMEMBERED {
            self.known.insert(word.to_owned(), stem.clone());
        }
        stem
    }
}

/// Collects the terms of one field.
#[derive(Default)]
pub struct Terms(String);

impl Terms {
    /// Adds a text. With `forms`, a word that differs from its stem also stands as `=word`, at the same place.
    pub fn write(&mut self, text: &str, forms: bool, stems: &mut Stems, english: bool) {
        for token in stems.tokens(text, english) {
            if forms && token.form != token.stem {
                self.0.extend(["=", &token.form, "|"]);
            }
            if let Some((joined, _)) = &token.joined {
                self.0.extend([joined, "|"]);
            }
            self.0.extend([&token.stem, " "]);
        }
        if !self.0.is_empty() {
            self.0.push('\n');
        }
    }

    pub fn finish(self) -> String {
        self.0
    }
}

/// Takes the string apart again.
#[derive(Clone, Default)]
pub struct Split {
    token: Token,
}

pub struct Parts<'a> {
    rest: &'a str,
    next: usize,
    token: &'a mut Token,
}

impl Tokenizer for Split {
    type TokenStream<'a> = Parts<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Parts<'a> {
        self.token = Token::default();
        Parts { rest: text, next: 0, token: &mut self.token }
    }
}

impl TokenStream for Parts<'_> {
    fn advance(&mut self) -> bool {
        while !self.rest.is_empty() {
            let end = self.rest.find([' ', '|', '\n']).unwrap_or(self.rest.len());
            let (term, tail) = self.rest.split_at(end);
            self.token.position = self.next;
            self.next += match tail.bytes().next() {
                Some(b'|') => 0,
                Some(b'\n') => GAP,
                _ => 1,
            };
            self.rest = tail.get(1..).unwrap_or_default();
            if !term.is_empty() {
                self.token.text.clear();
                self.token.text.push_str(term);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
