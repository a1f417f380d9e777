//! Tests of the index as a store: filters, counts, pages, changes, reopening.

use super::tests::{entry, ids, index, query, words};
use super::*;

pub fn filed() -> Index {
    let mut all = Vec::new();
    for id in 1..=12 {
        let mut e = entry(id, &format!("Berita {id}"), "banjir di kampung");
        e.kind = if id % 3 == 0 { "event" } else { "article" }.into();
        e.region = ["62.71.01.1001", "62.71.01.1002", "62.7", "62.71.03.1001"][id as usize % 4].into();
        e.group = if id % 2 == 0 { "kim-a" } else { "" }.into();
        e.category = if id < 5 { "alam" } else { "sosial" }.into();
        all.push(e);
    }
    index(all)
}

#[test]
fn putting_again_changes_nothing() {
    let index = index(vec![entry(1, "Satu", "banjir"), entry(2, "Dua", "banjir")]);
    let before = index.find(&query("banjir")).unwrap().items;
    index.apply(vec![Change::Put(entry(1, "Satu", "banjir")), Change::Put(entry(2, "Dua", "banjir"))], 1).unwrap();
    let after = index.find(&query("banjir")).unwrap();
    assert_eq!((after.total, after.items.len(), before.len()), (2, 2, 2));
    let twice = vec![Change::Put(entry(1, "Lama", "kering")), Change::Put(entry(1, "Baru", "hujan"))];
    index.apply(twice, 2).unwrap();
    assert_eq!(ids(&index, &query("kering")), Vec::<i64>::new());
    assert_eq!(ids(&index, &query("hujan")), [1]);
    index.apply(vec![Change::Remove { kind: "article".into(), id: 1 }], 3).unwrap();
    assert_eq!(ids(&index, &query("")), [2]);
    index.apply(vec![Change::Put(entry(7, "Tujuh", "x")), Change::Clear, Change::Put(entry(8, "Delapan", "x"))], 4).unwrap();
    assert_eq!(ids(&index, &query("")), [8]);
    assert_eq!(index.position(), 4);
}

#[test]
fn reopening_keeps_the_position() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path(), words()).unwrap();
    assert_eq!(index.position(), 0);
    index.apply(vec![Change::Put(entry(1, "Satu", "banjir"))], 41).unwrap();
    drop(index);
    let index = Index::open(dir.path(), words()).unwrap();
    assert_eq!((index.position(), ids(&index, &query("banjir"))), (41, vec![1]));
    index.apply(vec![Change::Put(entry(2, "Dua", "banjir"))], 42).unwrap();
    drop(index);
    let mut other = words();
    other.rehash_for_tests();
    let index = Index::open(dir.path(), other).unwrap();
    assert_eq!((index.position(), index.find(&query("")).unwrap().total), (0, 0), "made with other words");
    drop(index);
    std::fs::write(dir.path().join("meta.json"), "broken").unwrap();
    let index = Index::open(dir.path(), words()).unwrap();
    assert_eq!(index.position(), 0);
}

#[test]
fn words_can_be_replaced() {
    let index = index(vec![entry(1, "Pesta laut", "ramai")]);
    assert!(ids(&index, &query("keriaan")).is_empty());
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("synonyms.toml"), "same = [[\"keriaan\", \"pesta laut\"]]").unwrap();
    index.reload_words(Words::load(Some(dir.path())).unwrap());
    assert_eq!(ids(&index, &query("keriaan")), [1]);
    std::fs::write(dir.path().join("synonyms.toml"), "same = 1").unwrap();
    assert!(format!("{:#}", Words::load(Some(dir.path())).err().unwrap()).contains("synonyms.toml"));
    assert!(Words::load(Some(&dir.path().join("missing"))).is_ok(), "no file, the built-in ones");
}

#[test]
fn filters() {
    let index = filed();
    for text in ["banjir", ""] {
        let q = query(text);
        let count = |q: Query| index.find(&q).unwrap().total;
        assert_eq!(count(q.clone()), 12);
        assert_eq!(count(Query { kinds: vec!["event".into()], ..q.clone() }), 4);
        assert_eq!(count(Query { kinds: vec!["event".into(), "article".into()], ..q.clone() }), 12);
        assert_eq!(count(Query { kinds: vec!["nothing".into()], ..q.clone() }), 0);
        assert_eq!(count(Query { region: Some("62.7".into()), ..q.clone() }), 3);
        assert_eq!(count(Query { region: Some("62.71".into()), ..q.clone() }), 9);
        assert_eq!(count(Query { region: Some("62.71.01".into()), ..q.clone() }), 6);
        assert_eq!(count(Query { region: Some("62".into()), ..q.clone() }), 12);
        assert_eq!(count(Query { group: Some("kim-a".into()), ..q.clone() }), 6);
        assert_eq!(count(Query { category: Some("alam".into()), ..q.clone() }), 4);
        assert_eq!(count(Query { from: Some(2_000_000), until: Some(4_000_000), ..q.clone() }), 2);
        assert_eq!(count(Query { group: Some("kim-a".into()), from: Some(8_000_000), ..q.clone() }), 3);
    }
    assert_eq!(ids(&index, &query(""))[..3], [12, 11, 10], "newest first");
}

#[test]
fn facets() {
    let index = filed();
    let facet = |q: Query, name: &str| {
        let found = index.find(&Query { facets: true, ..q }).unwrap();
        found.facets.into_iter().find(|f| f.name == name).unwrap().values
    };
    let pairs = |list: &[(&str, u64)]| list.iter().map(|(v, c)| (v.to_string(), *c)).collect::<Vec<_>>();
    assert_eq!(facet(query("banjir"), "kind"), pairs(&[("article", 8), ("event", 4)]));
    assert_eq!(facet(query(""), "group"), pairs(&[("kim-a", 6)]));
    assert_eq!(facet(query(""), "region"), pairs(&[("62.71", 9), ("62.7", 3)]));
    let inside = Query { region: Some("62.71".into()), ..query("") };
    assert_eq!(facet(inside, "region"), pairs(&[("62.71.01", 6), ("62.71.03", 3)]));
    let district = Query { region: Some("62.71.01".into()), ..query("") };
    assert_eq!(facet(district, "region"), pairs(&[("62.71.01.1001", 3), ("62.71.01.1002", 3)]));
    assert!(index.find(&query("banjir")).unwrap().facets.is_empty(), "only when asked");
}

#[test]
fn every_page_once() {
    let mut all: Vec<Entry> = (1..=57).map(|id| entry(id, "Banjir", "air naik lagi")).collect();
    for (at, e) in all.iter_mut().enumerate() {
        e.body.push_str(&" kabar".repeat(at % 5));
        e.kind = if at % 7 == 0 { "event" } else { "article" }.into();
        e.at = (at as i64 % 10) - 5;
    }
    let index = Index::in_memory(words()).unwrap();
    for part in all.chunks(10) {
        index.apply(part.iter().cloned().map(Change::Put).collect(), 1).unwrap();
    }
    for text in ["banjir kabar", ""] {
        let whole = index.find(&Query { limit: 1_000, ..query(text) }).unwrap();
        assert_eq!((whole.items.len(), whole.next.clone()), (57, None));
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let found = index.find(&Query { limit: 4, after: after.clone(), ..query(text) }).unwrap();
            assert_eq!(found.total, 57);
            paged.extend(found.items);
            after = found.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole.items, "{text:?}");
    }
    let odd = index.find(&Query { after: Some("what?".into()), ..query("banjir") }).unwrap();
    assert_eq!(odd.items.len(), 20, "a cursor that cannot be read gives the first page");
}

#[test]
fn one_process_writes_and_others_keep_off() {
    let dir = tempfile::tempdir().unwrap();
    let server = Index::open(dir.path(), words()).unwrap();
    server.apply(vec![Change::Put(entry(1, "Satu", "banjir"))], 5).unwrap();
    let command = Index::attach(dir.path(), words()).unwrap();
    assert_eq!((command.position(), ids(&command, &query("banjir"))), (5, vec![1]));
    let refused: crate::Error = command.apply(vec![Change::Clear], 6).unwrap_err().into();
    assert!(is_busy(&refused) && !is_busy(&crate::Error::Missing));
    assert_eq!(command.position(), 5);
    // Another version's command must not empty what the server uses.
    let mut other = words();
    other.rehash_for_tests();
    let stranger = Index::attach(dir.path(), other).unwrap();
    assert_eq!((stranger.position(), stranger.find(&query("")).unwrap().total), (0, 0));
    assert!(is_busy(&stranger.apply(vec![Change::Clear], 6).unwrap_err().into()));
    assert!(is_busy(&stranger.restart(7).unwrap_err().into()));
    server.apply(vec![Change::Put(entry(2, "Dua", "banjir"))], 6).unwrap();
    assert_eq!(ids(&server, &query("banjir")).len(), 2);
    drop(server);
    command.apply(vec![Change::Put(entry(3, "Tiga", "banjir"))], 7).unwrap();
    assert_eq!(ids(&command, &query("banjir")).len(), 3);
}

#[test]
fn a_restart_is_remembered() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path(), words()).unwrap();
    index.apply(vec![Change::Put(entry(1, "Satu", "banjir"))], 41).unwrap();
    assert_eq!(index.generation(), 0);
    index.restart(1_000).unwrap();
    assert_eq!((index.position(), index.generation(), index.find(&query("")).unwrap().total), (0, 1_000, 0));
    index.apply(vec![Change::Put(entry(1, "Satu", "banjir"))], 41).unwrap();
    drop(index);
    assert_eq!(Index::position_in(dir.path(), &words()), Some(41));
    assert_eq!(Index::position_in(&dir.path().join("missing"), &words()), None);
    let index = Index::open(dir.path(), words()).unwrap();
    assert_eq!((index.position(), index.generation()), (41, 1_000));
}
