//! Tests of the search over a small index in memory.

use proptest::prelude::*;

use super::*;

pub fn words() -> Words {
    Words::load(None).unwrap()
}

pub fn entry(id: i64, title: &str, body: &str) -> Entry {
    Entry {
        kind: "article".into(),
        id,
        slug: format!("s{id}"),
        title: title.into(),
        url: format!("/b/s{id}"),
        body: body.into(),
        lang: "id".into(),
        at: id * 1_000_000,
        ..Entry::default()
    }
}

pub fn index(entries: Vec<Entry>) -> Index {
    let index = Index::in_memory(words()).unwrap();
    index.apply(entries.into_iter().map(Change::Put).collect(), 1).unwrap();
    index
}

pub fn query(text: &str) -> Query {
    Query { text: text.into(), limit: 20, ..Query::default() }
}

pub fn ids(index: &Index, query: &Query) -> Vec<i64> {
    index.find(query).unwrap().items.iter().map(|h| h.id).collect()
}

#[test]
fn long_and_strange_texts() {
    let words = words();
    let long = "a".repeat(60_000);
    let mixed = format!("meng{}kan-{}-nya", "peng".repeat(15_000), "ß\u{301}".repeat(9_000));
    let index = index(vec![entry(1, &long, &mixed), entry(2, "biasa", "\u{0}\u{202e}<b>")]);
    for text in [long.as_str(), &mixed, "\u{301}\u{301}", "'-'-", "a-", "-a", "İstanbul ǅ", "= == =a", "\u{0}"] {
        index.find(&query(text)).unwrap();
        words.stemmer.stem(text);
        index.suggest(text, 5);
    }
    assert_eq!(ids(&index, &query("biasa")), [2]);
    assert!(index.find(&query("??!")).unwrap().items.is_empty());
}

#[test]
fn forms_and_stems_meet() {
    let index = index(vec![
        entry(1, "Pelayanan kelurahan", "Kantor melayani warga setiap hari."),
        entry(2, "Panen padi", "Petani memanen padi di ladang."),
    ]);
    assert_eq!(ids(&index, &query("dilayani")), [1]);
    assert_eq!(ids(&index, &query("pertanian")), [2]);
    assert_eq!(ids(&index, &query("PEMANENAN")), [2]);
}

#[test]
fn phrases_stay_within_a_part() {
    let mut parted = entry(1, "Nomor kartu", "keluarga besar");
    parted.tags = vec!["kartu".into(), "keluarga".into()];
    let index = index(vec![parted, entry(2, "Kartu keluarga", "baru")]);
    assert_eq!(ids(&index, &query("kk")), [2]);
}

#[test]
fn words_of_most_entries_weigh_little() {
    let mut all: Vec<Entry> = (1..=1_200).map(|id| entry(id, "Kabar desa", "warga desa")).collect();
    all[700].body.push_str(" jembatan");
    let index = index(all);
    assert_eq!(ids(&index, &query("jembatan desa")), [701]);
    assert_eq!(index.find(&query("desa")).unwrap().total, 1_200);
}

#[test]
fn english_pages() {
    let mut page = entry(1, "Community services", "Farmers are planting trees near the villages.");
    page.lang = "en".into();
    let index = index(vec![page, entry(2, "Lain", "Tidak ada")]);
    for text in ["service", "planted tree", "farmer village"] {
        assert_eq!(ids(&index, &query(text)), [1], "{text}");
    }
}

#[test]
fn synonyms_and_shorthand() {
    let index = index(vec![
        entry(1, "Stok elpiji aman", "Pangkalan menjual tabung bersubsidi."),
        entry(2, "Mengurus kartu keluarga", "Datang ke kelurahan."),
        entry(3, "Kebakaran lahan", "Asap tebal menyelimuti kota."),
        entry(4, "Kota Palangka Raya", "Ibu kota provinsi."),
        entry(5, "Kartu undangan", "Untuk seluruh keluarga besar."),
    ]);
    assert_eq!(ids(&index, &query("gas melon")), [1]);
    assert_eq!(ids(&index, &query("LPG")), [1]);
    assert_eq!(ids(&index, &query("kk")), [2], "a phrase is not its words apart");
    assert_eq!(ids(&index, &query("karhutla"))[0], 3);
    assert_eq!(ids(&index, &query("palangkaraya")), [4]);
    assert_eq!(ids(&index, &query("palangka raya"))[0], 4);
    assert_eq!(ids(&index, &query("yg jual elpiji"))[0], 1);
}

#[test]
fn typing_errors() {
    let index = index(vec![
        entry(1, "Jadwal posyandu", "Balita ditimbang di balai kelurahan."),
        entry(2, "Musyawarah warga", "Pelayanan surat dibahas."),
        entry(3, "Bantuan sosial", "Penyaluran beras."),
    ]);
    let found = index.find(&query("jadwal posyadnu")).unwrap();
    assert_eq!((found.items[0].id, found.corrected.as_deref()), (1, Some("jadwal posyandu")));
    let found = index.find(&query("musyawaroh")).unwrap();
    assert_eq!((found.items[0].id, found.corrected.as_deref()), (2, Some("musyawarah")));
    let found = index.find(&query("pelayann")).unwrap();
    assert_eq!((found.items[0].id, found.corrected.as_deref()), (2, Some("pelayanan")));
    let found = index.find(&query("bantuansosial")).unwrap();
    assert_eq!((found.items[0].id, found.corrected.as_deref()), (3, Some("bantuan sosial")));
    assert_eq!(ids(&index, &query("posy andu"))[0], 1);
    let found = index.find(&query("jadwal")).unwrap();
    assert_eq!(found.corrected, None, "nothing to correct");
    assert!(index.find(&query("qqqqqqqq")).unwrap().items.is_empty());
}

#[test]
fn highlights_are_escaped() {
    let body = format!("{} <script>alert('x')</script> & kegiatan menanam pohon \"jati\" di tepi sungai", "isi ".repeat(90));
    let index = index(vec![entry(1, "Kegiatan", &body)]);
    let found = index.find(&query("penanaman pohon")).unwrap();
    let excerpt = &found.items[0].excerpt;
    assert!(excerpt.contains("<mark>menanam</mark> <mark>pohon</mark> &quot;jati&quot;"), "{excerpt}");
    assert!(excerpt.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp;"), "{excerpt}");
    assert!(!excerpt.replace("<mark>", "").replace("</mark>", "").contains('<'));
    assert!(excerpt.starts_with('…') && excerpt.len() < 500);
}

#[test]
fn related_and_suggested() {
    let index = index(vec![
        entry(1, "Panen padi di Kalampangan", "Petani memanen padi gambut bersama penyuluh."),
        entry(2, "Pupuk untuk petani padi", "Penyuluh membagikan pupuk padi."),
        entry(3, "Lomba voli", "Turnamen antar kelurahan."),
        entry(4, "Panén raya", "padi gambut"),
    ]);
    let similar = index.similar("article", 1, 2).unwrap();
    assert_eq!(similar.len(), 2);
    assert!(similar.iter().all(|h| h.id == 2 || h.id == 4));
    assert!(index.similar("article", 99, 5).unwrap().is_empty());
    assert_eq!(index.suggest("panen", 5), ["Panen padi di Kalampangan", "Panén raya"]);
    assert_eq!(index.suggest("LOMBA v", 5), ["Lomba voli"]);
    assert!(index.suggest("", 5).is_empty());
}

#[test]
fn shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<(Index, Words)>();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_panics(text in "\\PC{0,60}", affixed in "(me|pe|ber|ter|di|ke|se|meng|peny|mem|an|kan|i|nya|lah|[a-zé -]){0,14}") {
        static INDEX: std::sync::LazyLock<Index> = std::sync::LazyLock::new(super::tests_index::filed);
        let words = words_once();
        for text in [&text, &affixed] {
            words.stemmer.stem(text);
            let tokens = analyse::tokens(text, &words.stemmer, false);
            for t in &tokens {
                prop_assert!(text.get(t.from..t.to).is_some() && !t.stem.is_empty());
            }
            prop_assert!(tokens.windows(2).all(|w| w[0].to <= w[1].from));
            let found = INDEX.find(&Query { facets: true, after: Some(text.clone()), ..query(text) }).unwrap();
            prop_assert!(found.items.len() <= 20);
            INDEX.suggest(text, 3);
            let marks = tokens.iter().map(|t| t.stem.clone()).collect();
            let marked = excerpt::excerpt(words, &marks, text, &affixed);
            prop_assert!(!marked.replace("<mark>", "").replace("</mark>", "").contains('<'));
        }
    }
}

fn words_once() -> &'static Words {
    static WORDS: std::sync::LazyLock<Words> = std::sync::LazyLock::new(words);
    &WORDS
}
