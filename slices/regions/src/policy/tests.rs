use base::authz::Scope;
use people::roles::{EDITOR, FOSTERING, OPERATOR, VERIFIER};
use stage::{Client, Stage};

use super::*;

async fn with_sample(engine: stage::Engine) -> Stage {
    let stage = Stage::new(engine, vec![people::slice(), crate::slice()], people::identify).await;
    crate::testing::sample(&stage.kit).await;
    stage
}

async fn person(stage: &Stage, name: &str, role: base::authz::Role, scope: Scope) -> Client {
    let (_, session) = people::testing::person(&stage.kit, name, &[(role, scope)]).await;
    let mut client = stage.client();
    client.cookie("__Host-simpul", &session);
    client
}

fn region(code: &str) -> Scope {
    Scope::Region(code.into())
}

#[test]
fn keys_and_labels_are_each_their_own_and_defaults_are_valid() {
    let mut keys: Vec<&str> = Policy::ALL.iter().flat_map(|policy| [policy.key(), policy.label()]).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 2 * Policy::ALL.len());
    let typed = Policy::ALL.iter().map(|policy| (policy.key().to_owned(), policy.default_value().to_owned())).collect();
    assert_eq!(check(&typed, &[]).unwrap().len(), Policy::ALL.len());
}

#[test]
fn values_are_checked() {
    let above: Vec<Setting> = Policy::ALL.into_iter().map(|policy| nearest(&[], policy)).collect();
    let problem = |key: &str, value: &str| {
        let typed = BTreeMap::from([(key.to_owned(), value.to_owned())]);
        check(&typed, &above).err().map(|errors| (errors.all()[0].field.clone(), errors.all()[0].key))
    };
    let refused = |key: &str, text: &'static str| Some((key.to_owned(), text));
    assert_eq!(problem("kim_size_min", " 10 "), None);
    for bad in ["0", "201", "-1", "1.5", "sepuluh", "99999999999999999999"] {
        assert_eq!(problem("kim_size_min", bad), refused("kim_size_min", "regions-policy-number"), "{bad}");
    }
    assert_eq!(problem("term_years", "11"), refused("term_years", "regions-policy-number"));
    assert_eq!(problem("kim_size_min", "31"), refused("kim_size_max", "regions-policy-order"), "above the inherited most");
    assert_eq!(problem("kim_size_max", "2"), refused("kim_size_max", "regions-policy-order"), "below the inherited fewest");
    assert_eq!(problem("review_chain", "regency"), None);
    assert_eq!(problem("review_chain", "mayor"), refused("review_chain", "regions-policy-choice"));
    assert_eq!(problem("eligibility", &"é".repeat(500)), None);
    assert_eq!(problem("eligibility", &"é".repeat(501)), refused("eligibility", "form-too-long"));
    assert_eq!(problem("number_pattern", "{desa}/KIM/{tahun}/{urut}"), None);
    for bad in ["KIM-1", "{urut}{urut}", "{urut}-{kota}", "{urut}-}"] {
        assert_eq!(problem("number_pattern", bad), refused("number_pattern", "regions-policy-pattern"), "{bad}");
    }
    assert_eq!(problem("number_pattern", &format!("{{urut}}{}", "x".repeat(25))), refused("number_pattern", "form-too-long"));
    assert_eq!(problem("unknown", "x"), refused("", "form-unknown-field"));
}

#[both::both]
async fn the_nearest_decision_counts_and_names_its_maker(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut country = person(&stage, "Sari", FOSTERING, region("")).await;
    let mut province = person(&stage, "Budi", FOSTERING, region("62")).await;
    let mut city = person(&stage, "Rina", VERIFIER, region("62.71")).await;
    country.post("/wilayah/ID/aturan", &[("term_years", "4"), ("kim_size_min", "5")]).await.expect(303);
    province.post("/wilayah/62/aturan", &[("kim_size_min", "8")]).await.expect(303);
    let answer = city.post("/wilayah/62.71/aturan", &[("kim_size_min", "10"), ("decree_signer", "Lurah")]).await.expect(303);
    assert_eq!(answer.location(), "/wilayah/62.71/aturan");
    assert!(city.follow(answer).await.text().contains("Aturan Kota Palangka Raya kami simpan."));

    let mut conn = stage.read().await;
    for (code, least, from) in
        [("62.71.01.1005", 10, "62.71"), ("62.01", 8, "62"), ("62", 8, "62"), ("63.71", 5, "ID"), ("ID", 5, "ID")]
    {
        assert_eq!(int(&mut conn, code, Policy::KimSizeMin).await.unwrap(), least, "{code}");
        let setting = get(&mut conn, code, Policy::KimSizeMin).await.unwrap();
        assert_eq!((setting.from.as_str(), setting.set_at), (from, Some(stage::START)), "{code}");
        assert!(setting.set_by.is_some());
    }
    let default = get(&mut conn, "62.71", Policy::ReviewChain).await.unwrap();
    assert_eq!((default.value.as_str(), default.from.as_str(), default.set_by), (CHAIN_KIM, "", None));
    assert_eq!(int(&mut conn, "62.71", Policy::ReviewChain).await.unwrap(), 0, "not a number");
    // Read once for a whole subtree, the same decisions count.
    let table = Table::load(&mut conn, "").await.unwrap();
    for (code, least) in [("62.71.01.1005", 10), ("62.01", 8), ("62", 8), ("63.71", 5)] {
        assert_eq!(table.int(code, Policy::KimSizeMin), least, "{code}");
    }
    let table = Table::load(&mut conn, "62.71.01").await.unwrap();
    assert_eq!((table.int("62.71.01.1005", Policy::KimSizeMin), table.int("62.71.01.1005", Policy::TermYears)), (10, 4));
    assert_eq!(table.get("62.71.01.1005", Policy::ReviewChain), CHAIN_KIM);
    let all = all(&mut conn, "62.71.01").await.unwrap();
    assert_eq!(all.iter().map(|setting| setting.policy).collect::<Vec<_>>(), Policy::ALL);
    drop(conn);

    let words = stage.client().get("/wilayah/62.71.01/aturan").await.expect(200).main();
    assert!(words.contains("Anggota KIM paling sedikit 10 orang Kota Palangka Raya, oleh Rina, 24 November 2026"), "{words}");
    assert!(words.contains("Masa bakti 4 tahun Indonesia, oleh Sari, 24 November 2026"), "{words}");
    assert!(words.contains("Penerbit kabar Redaktur KIM Bawaan Simpul"), "{words}");
    let words = stage.client().get("/wilayah/62.71.01.1005").await.expect(200).main();
    assert!(words.contains("Penanda tangan SK Lurah Kota Palangka Raya, oleh Rina"), "{words}");
    stage.done().await;
}

#[both::both]
async fn programs_read_what_holds_and_who_decided(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut country = person(&stage, "Sari", FOSTERING, region("")).await;
    let mut city = person(&stage, "Rina", VERIFIER, region("62.71")).await;
    country.post("/wilayah/ID/aturan", &[("term_years", "4")]).await.expect(303);
    city.post("/wilayah/62.71/aturan", &[("kim_size_min", "10"), ("review_chain", CHAIN_REGENCY)]).await.expect(303);
    let mut conn = stage.read().await;
    let sari = get(&mut conn, "ID", Policy::TermYears).await.unwrap().set_by.unwrap();
    drop(conn);
    let mut tx = stage.write().await;
    people::consent::say(&mut tx, sari, people::consent::NAME, false, "uji", stage.kit.clock.now()).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = stage.client();
    let page = reader.get("/api/v1/regions/62.71.01/policies").await.expect(200);
    assert_eq!(page.header("access-control-allow-origin"), "*");
    let page = page.json();
    assert_eq!(page["items"].as_array().unwrap().len(), Policy::ALL.len());
    assert!(page["next"].is_null());
    let of = |page: &serde_json::Value, key: &str| {
        page["items"].as_array().unwrap().iter().find(|item| item["key"] == key).expect("a policy").clone()
    };
    let now = "2026-11-24T07:40:00+07:00";
    let least = serde_json::json!({
        "key": "kim_size_min", "name": "Anggota KIM paling sedikit", "value": "10", "text": "10 orang",
        "set_in": { "code": "62.71", "name": "Kota Palangka Raya" }, "set_at": now, "set_by": "Rina",
    });
    assert_eq!(of(&page, "kim_size_min"), least);
    let years = serde_json::json!({
        "key": "term_years", "name": "Masa bakti", "value": "4", "text": "4 tahun",
        "set_in": { "code": "ID", "name": "Indonesia" }, "set_at": now, "set_by": null,
    });
    assert_eq!(of(&page, "term_years"), years, "who does not agree to be named is not");
    let most = serde_json::json!({
        "key": "kim_size_max", "name": "Anggota KIM paling banyak", "value": "30", "text": "30 orang",
        "set_in": null, "set_at": null, "set_by": null,
    });
    assert_eq!(of(&page, "kim_size_max"), most);
    let chain = of(&page, "review_chain");
    assert_eq!((chain["value"].as_str(), chain["set_in"]["code"].as_str()), (Some(CHAIN_REGENCY), Some("62.71")));

    let page = reader.get("/api/v1/regions/ID/policies").await.expect(200).json();
    assert_eq!(of(&page, "term_years"), years);
    assert!(of(&page, "kim_size_min")["set_in"].is_null());
    let page = stage.client().header("accept-language", "en").get("/api/v1/regions/62/policies").await.json();
    assert_eq!(of(&page, "kim_size_min")["name"], "Fewest members of a KIM");
    for code in ["99", "x", "id"] {
        reader.get(&format!("/api/v1/regions/{code}/policies")).await.expect(404);
    }
    stage.done().await;
}

#[both::both]
async fn an_empty_value_follows_the_region_above_again(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut city = person(&stage, "Rina", FOSTERING, region("62.71")).await;
    let page = city.get("/wilayah/62.71/aturan").await.expect(200);
    assert_eq!((page.count("main form"), page.attribute("#f-kim_size_max", "value").as_deref()), (1, Some("")));
    assert!(page.main().contains("Kalau kosong: 30 orang (Bawaan Simpul, belum ada wilayah yang menetapkan)."));
    city.post("/wilayah/62.71/aturan", &[("kim_size_max", "20"), ("review_chain", "regency"), ("eligibility", " Bukan ASN ")])
        .await
        .expect(303);
    let page = city.get("/wilayah/62.71/aturan").await.expect(200);
    assert_eq!(page.attribute("#f-kim_size_max", "value").as_deref(), Some("20"));
    assert_eq!(page.attribute("#f-review_chain option[selected]", "value").as_deref(), Some("regency"));
    assert!(page.main().contains("Bukan ASN") && page.main().contains("Pembina kabupaten atau kota"));

    stage.kit.clock.advance(base::clock::DAY);
    city.post("/wilayah/62.71/aturan", &[("kim_size_max", ""), ("review_chain", "regency"), ("eligibility", "Bukan ASN")])
        .await
        .expect(303);
    let mut conn = stage.read().await;
    assert_eq!(get(&mut conn, "62.71", Policy::KimSizeMax).await.unwrap().from, "");
    let kept = get(&mut conn, "62.71", Policy::Eligibility).await.unwrap();
    assert_eq!(kept.set_at, Some(stage::START), "what stayed the same keeps its date");
    let events = base::events::about(&mut conn, "region", 6271).await.unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!((events[1].kind.as_str(), events[1].region.as_deref()), ("regions.policy.changed", Some("62.71")));
    assert_eq!(events[1].json(), serde_json::json!({ "changes": { "kim_size_max": ["20", ""] } }));
    assert_eq!((events[1].link.as_str(), events[1].title.as_str()), ("/wilayah/62.71/aturan", "Kota Palangka Raya"));
    drop(conn);
    let answer =
        city.post("/wilayah/62.71/aturan", &[("review_chain", "regency"), ("eligibility", "Bukan ASN")]).await.expect(303);
    assert!(city.follow(answer).await.text().contains("Tidak ada yang berubah."));
    let mut conn = stage.read().await;
    assert_eq!(base::events::about(&mut conn, "region", 6271).await.unwrap().len(), 2);
    drop(conn);
    stage.done().await;
}

#[both::both]
async fn only_those_who_foster_there_may_decide(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let fields = [("kim_size_min", "4")];
    let answer = stage.client().post("/wilayah/62.71/aturan", &fields).await.expect(303);
    assert!(answer.location().starts_with("/masuk"), "{}", answer.location());
    let page = stage.client().get("/wilayah/62.71/aturan").await.expect(200);
    assert_eq!(page.count("main form"), 0);
    for (role, scope) in [
        (EDITOR, region("62.71")),
        (FOSTERING, region("63")),
        (FOSTERING, region("62.71.01")),
        (VERIFIER, region("62.7")),
        (FOSTERING, Scope::Group(1)),
    ] {
        let mut other = person(&stage, "Orang", role, scope.clone()).await;
        other.post("/wilayah/62.71/aturan", &fields).await.expect(403);
        other.post("/wilayah/ID/aturan", &fields).await.expect(403);
        assert_eq!(other.get("/wilayah/62.71/aturan").await.expect(200).count("main form"), 0, "{scope:?}");
    }
    let mut operator = person(&stage, "Pengelola", OPERATOR, Scope::All).await;
    operator.post("/wilayah/62.71/aturan", &fields).await.expect(303);
    operator.post("/wilayah/ID/aturan", &fields).await.expect(303);
    for path in ["/wilayah/99/aturan", "/wilayah/x/aturan"] {
        operator.get(path).await.expect(404);
        operator.post(path, &fields).await.expect(404);
    }
    stage.done().await;
}

#[both::both]
async fn what_was_typed_stays_when_it_is_refused(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut city = person(&stage, "Rina", FOSTERING, region("62.71")).await;
    let long = "x".repeat(501);
    let page = city
        .post("/wilayah/62.71/aturan", &[("kim_size_min", "0"), ("eligibility", &long), ("review_chain", "x")])
        .await
        .expect(422);
    assert_eq!(page.count(".error-summary a"), 3);
    assert_eq!(page.attribute("#f-kim_size_min", "value").as_deref(), Some("0"));
    assert!(page.main().contains("Tulis angka dari 1 sampai 200.") && page.main().contains("Paling banyak 500 huruf."));
    let page = city.post("/wilayah/62.71/aturan", &[("kim_size_min", "40"), ("kim_size_max", "20")]).await.expect(422);
    assert!(page.main().contains("Jumlah paling banyak harus sama dengan atau lebih"), "{}", page.main());
    let mut conn = stage.read().await;
    assert!(store::decided(&mut conn, "62.71").await.unwrap().is_empty());
    drop(conn);
    stage.done().await;
}

#[both::both]
async fn one_form_acts_once(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut city = person(&stage, "Rina", FOSTERING, region("62.71")).await;
    let path = "/wilayah/62.71/aturan";
    city.post_with_key(path, "kunci-satu", &[("kim_size_min", "4")]).await.expect(303);
    city.post_with_key(path, "kunci-satu", &[("kim_size_min", "4")]).await.expect(303);
    city.post_with_key(path, "kunci-satu", &[("kim_size_min", "5")]).await.expect(422);
    let mut conn = stage.read().await;
    assert_eq!(base::events::about(&mut conn, "region", 6271).await.unwrap().len(), 1);
    assert_eq!(int(&mut conn, "62.71", Policy::KimSizeMin).await.unwrap(), 4);
    drop(conn);
    stage.done().await;
}

#[both::both]
async fn a_decision_makes_cached_pages_below_stale(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut reader = stage.client();
    reader.get("/wilayah/62.71.01").await.expect(200);
    reader.get("/wilayah/62.71.01/aturan").await.expect(200);
    let mut operator = person(&stage, "Pengelola", OPERATOR, Scope::All).await;
    let mut seen = 0;
    operator.post("/wilayah/62/aturan", &[("kim_size_min", "6")]).await.expect(303);
    base::events::place(&stage.kit.db).await.unwrap();
    stage.app.drop_stale(&mut seen).await.unwrap();
    for path in ["/wilayah/62.71.01", "/wilayah/62.71.01/aturan"] {
        let words = reader.get(path).await.expect(200).main();
        assert!(words.contains("6 orang Kalimantan Tengah, oleh Pengelola"), "{words}");
    }
    stage.done().await;
}
