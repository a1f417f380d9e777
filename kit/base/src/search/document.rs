//! The shape of an entry in the index: which fields are searched, which are columns, which are stored.

use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value};
use tantivy::{TantivyDocument, Term};

use super::terms::{SPLIT, Stems, Terms};
use super::{Entry, Hit, analyse};

/// Raise it whenever the schema or the analysis changes: the index is then built again.
pub const VERSION: u32 = 1;
/// Bytes of body kept for the excerpt.
const KEPT: usize = 2_000;
/// Bytes of a title kept for suggestions.
const PREFIX: usize = 80;

/// The fields. `text` holds every searched word of the entry; `title` and `head` repeat those that weigh more.
#[derive(Clone)]
pub struct Fields {
    pub schema: Schema,
    pub key: Field,
    pub text: Field,
    pub title: Field,
    pub head: Field,
    pub start: Field,
    kind: Field,
    id: Field,
    at: Field,
    region: Field,
    group: Field,
    category: Field,
    kept: [Field; 7],
}

impl Fields {
    pub fn new() -> Self {
        let mut b = Schema::builder();
        let words = |option| {
            TextOptions::default()
                .set_indexing_options(TextFieldIndexing::default().set_tokenizer(SPLIT).set_index_option(option))
        };
        let column = TextOptions::default().set_fast("raw") | STORED;
        Self {
            key: b.add_text_field("key", STRING),
            text: b.add_text_field("text", words(IndexRecordOption::WithFreqsAndPositions)),
            title: b.add_text_field("title", words(IndexRecordOption::WithFreqs)),
            head: b.add_text_field("head", words(IndexRecordOption::WithFreqs)),
            start: b.add_text_field("start", STRING),
            kind: b.add_text_field("kind", column.clone()),
            id: b.add_i64_field("id", FAST | STORED),
            at: b.add_i64_field("at", FAST | STORED),
            region: b.add_text_field("region", column.clone()),
            group: b.add_text_field("group", column.clone()),
            category: b.add_text_field("category", column),
            kept: ["slug", "name", "url", "lead", "body", "region_name", "group_name"].map(|name| b.add_text_field(name, STORED)),
            schema: b.build(),
        }
    }

    /// The term that identifies an entry.
    pub fn identity(&self, kind: &str, id: i64) -> Term {
        Term::from_field_text(self.key, &format!("{kind}:{id}"))
    }

    /// The document of an entry.
    pub fn document(&self, entry: &Entry, stems: &mut Stems) -> TantivyDocument {
        let english = entry.lang == "en";
        let mut doc = TantivyDocument::default();
        doc.add_text(self.key, format!("{}:{}", entry.kind, entry.id));
        let mut whole = Terms::default();
        let mut title = Terms::default();
        title.write(&entry.title, true, stems, english);
        whole.write(&entry.title, true, stems, english);
        let mut head = Terms::default();
        let names = [&entry.lead, &entry.category, &entry.region_name, &entry.group_name];
        for text in names.into_iter().chain(&entry.tags) {
            head.write(text, false, stems, english);
            whole.write(text, true, stems, english);
        }
        whole.write(&entry.body, true, stems, english);
        doc.add_text(self.text, whole.finish());
        doc.add_text(self.title, title.finish());
        doc.add_text(self.head, head.finish());
        doc.add_text(self.start, cut(&analyse::folded(entry.title.trim()), PREFIX));
        doc.add_i64(self.id, entry.id);
        doc.add_i64(self.at, entry.at);
        let columns = [
            (self.kind, &entry.kind),
            (self.region, &entry.region),
            (self.group, &entry.group),
            (self.category, &entry.category),
        ];
        for (field, value) in columns {
            if !value.is_empty() {
                doc.add_text(field, value);
            }
        }
        let kept = [
            entry.slug.as_str(),
            &entry.title,
            &entry.url,
            &entry.lead,
            cut(&entry.body, KEPT),
            &entry.region_name,
            &entry.group_name,
        ];
        for (field, value) in self.kept.into_iter().zip(kept) {
            doc.add_text(field, value);
        }
        doc
    }

    /// A hit without excerpt and score, and the stored lead and start of the body.
    pub fn hit(&self, doc: &TantivyDocument) -> (Hit, String, String) {
        let text = |field: Field| doc.get_first(field).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let number = |field: Field| doc.get_first(field).and_then(|v| v.as_i64()).unwrap_or_default();
        let [slug, title, url, lead, body, region_name, group_name] = self.kept.map(text);
        let hit = Hit {
            kind: text(self.kind),
            id: number(self.id),
            slug,
            title,
            url,
            region: text(self.region),
            region_name,
            group: text(self.group),
            group_name,
            category: text(self.category),
            at: number(self.at),
            ..Hit::default()
        };
        (hit, lead, body)
    }
}

/// The longest start of `text` within `bytes` that does not break a character.
pub fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
