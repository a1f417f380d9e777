use stage::Stage;
use web::slice::{Panel, Slice, Spot};

use super::picker::{self, Resolved};
use super::tiles::{LAID, Tile, TileState, draw, label, laid, layout};
use super::*;

async fn with_sample(engine: stage::Engine) -> Stage {
    let stage = Stage::new(engine, vec![people::slice(), crate::slice()], people::identify).await;
    crate::testing::sample(&stage.kit).await;
    stage
}

#[test]
fn codes_tell_level_kind_and_line() {
    assert_eq!(line("62.71.01.1005"), ["62", "62.71", "62.71.01", "62.71.01.1005"]);
    assert!(line("").is_empty());
    assert_eq!((level("62"), level("62.71.01.1005"), level(COUNTRY)), (1, 4, 0));
    assert_eq!((parent("62"), parent("62.71.01.1005")), ("", "62.71.01"));
    assert!(is_code("62") && is_code("62.71.01.1005"));
    for bad in ["", "6", "62.", "62.7", "62.71.01.100", "62.71.01.10051", "62.71.01.1005.01", "ab", "62/71"] {
        assert!(!is_code(bad), "{bad}");
    }
    let kinds = ["62", "62.01", "62.71", "62.71.01", "62.71.01.1005", "62.01.01.2001", "94.01.01.3001"].map(kind_key);
    let said = ["province", "regency", "city", "district", "ward", "village", "customary"];
    assert_eq!(kinds, said.map(|kind| ["regions-kind-", kind].concat()));
    assert_eq!(subject_id("62.71.01.1005"), 6_271_011_005);
}

#[test]
fn names_fold_to_plain_words() {
    assert_eq!(fold("  Kota  PALANGKA-Raya! "), "kota palangka raya");
    assert_eq!(fold("Pasi Kuala Ba'u (I)"), "pasi kuala ba u i");
    assert_eq!(fold("Señor Café Ånge e\u{301}"), "senor cafe ange e");
    assert_eq!(fold("…"), "");
    assert_eq!(search_names(["Kota Ba'u"]), ["ba u", "bau", "kota ba u", "kota bau"]);
    assert_eq!(bare("Kota Administrasi Jakarta Pusat"), "Jakarta Pusat");
    assert_eq!(bare("Kotabaru"), "Kotabaru");
}

#[test]
fn laid_maps_are_whole_and_do_not_overlap() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/regions/tiles");
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    let mut known: Vec<String> = LAID.iter().map(|(code, _)| format!("{code}.tsv")).collect();
    files.sort();
    known.sort();
    assert_eq!(files, known);
    for (code, text) in LAID {
        let tiles = laid(code).unwrap();
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count();
        assert_eq!(tiles.len(), lines, "{code}: every line is read");
        let mut cells: Vec<_> = tiles.iter().map(|tile| (tile.col, tile.row)).collect();
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), tiles.len(), "{code}: one region a cell");
        assert!(tiles.iter().all(|tile| tile.label.len() <= 2 && tile.label.iter().all(|line| line.chars().count() <= 11)));
        let groups = text.lines().filter(|line| line.starts_with("#group")).count();
        assert_eq!(tiles.iter().filter(|tile| tile.group.is_some()).count(), groups, "{code}: every heading has its tile");
    }
    assert_eq!(laid("").map(|tiles| tiles.len()), Some(38));
    assert!(laid("63").is_none());
}

#[test]
fn labels_fit_a_tile() {
    assert_eq!(label("Pahandut Seberang"), ["Pahandut", "Seberang"]);
    assert_eq!(label("Gunung Mas"), ["Gunung Mas"]);
    assert_eq!(label("Kepulauan Siau Tagulandang Biaro"), ["Kepulauan", "Siau Tagul…"]);
    assert!(label("").is_empty());
}

#[test]
fn a_drawn_map_is_safe_and_says_every_state() {
    let tile = |code: &str, col, group: Option<&str>| Tile {
        code: code.into(),
        col,
        row: 0,
        label: vec!["<b>A".into(), "B&".into()],
        group: group.map(str::to_owned),
    };
    let tiles = [tile("1", 0, Some("\"Hulu\"")), tile("2", 1, None), tile("3", 2, None)];
    let svg = draw(&tiles, "Peta <uji>", &|code| {
        let class = match code {
            "1" => "t-on",
            "2" => "t-weak",
            _ => "t-none is-blank",
        };
        TileState { class, value: "7".into(), href: "/x?a=1&b=\"".into(), title: "<script>".into() }
    });
    assert!(svg.starts_with("<svg class=\"tilemap\" viewBox=\"0 0 208 68\""), "{svg}");
    assert!(!svg.contains("<b>") && !svg.contains("<script>") && !svg.contains("style="), "{svg}");
    assert!(svg.contains("&quot;Hulu&quot;") && svg.contains("href=\"/x?a=1&amp;b=&quot;\""), "{svg}");
    assert_eq!(svg.matches("font-size=\"13\">7<").count(), 2, "a blank spot shows its sign in place of a number");
    assert!(svg.contains("t-blank") && svg.contains("id=\"hatch\""));
    assert!(draw(&[], "", &|_| TileState::default()).contains("viewBox=\"0 0 0 0\""));
}

#[both::both]
async fn regions_are_read_by_code(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut conn = stage.read().await;
    let city = get(&mut conn, "62.71").await.unwrap();
    assert_eq!((city.name.as_str(), city.level, city.parent.as_str()), ("Kota Palangka Raya", 2, "62"));
    assert_eq!(find(&mut conn, "").await.unwrap(), None);
    assert!(matches!(get(&mut conn, "99").await, Err(base::Error::Missing)));
    let trail = trail(&mut conn, "62.71.01.1005").await.unwrap();
    assert_eq!(trail.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), line("62.71.01.1005"));
    assert!(matches!(super::trail(&mut conn, "62.71.99").await, Err(base::Error::Missing)));
    assert_eq!(full_name(&mut conn, "62.71.01.1005").await.unwrap(), "Pahandut Seberang, Pahandut, Kota Palangka Raya");
    assert_eq!(full_name(&mut conn, "62.71").await.unwrap(), "Kota Palangka Raya, Kalimantan Tengah");
    assert_eq!(full_name(&mut conn, "62").await.unwrap(), "Kalimantan Tengah");
    let names: Vec<String> = children(&mut conn, "62.71").await.unwrap().into_iter().map(|r| r.name).collect();
    assert_eq!(names, ["Bukit Batu", "Jekan Raya", "Pahandut", "Rakumpit", "Sabangau"]);
    let provinces = children(&mut conn, "").await.unwrap();
    assert_eq!(provinces.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(), ["63", "62", "64"]);
    assert_eq!(store::villages(&mut conn, "62.71").await.unwrap().len(), 30);
    let grid = layout(&mut conn, "63.71.01").await.unwrap();
    assert_eq!((grid.len(), grid[1].col, grid[1].row), (2, 1, 0));
    assert_eq!(layout(&mut conn, "62.71").await.unwrap().len(), 30);
    drop(conn);
    stage.done().await;
}

#[both::both]
async fn a_search_finds_every_name_best_first(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut conn = stage.read().await;
    for (q, code) in [
        ("Palangkaraya", "62.71"),
        ("palangka  RAYA", "62.71"),
        ("kota palangkaraya", "62.71"),
        ("Kota Palangka Raya", "62.71"),
        ("Sebangau", "62.71.04"),
        ("Sabangau", "62.71.04"),
        ("kecamatan sebangau", "62.71.04"),
        ("kec. sabangau", "62.71.04"),
        ("Kalteng", "62"),
        ("62.71.01", "62.71.01"),
        ("pahandut", "62.71.01"),
        ("Pahandut, Pahandut", "62.71.01.1001"),
        ("pahandut seberang, pahandut, kota palangka raya", "62.71.01.1005"),
    ] {
        let found = search(&mut conn, q, 10).await.unwrap();
        assert_eq!(found.first().map(|r| r.code.as_str()), Some(code), "{q}");
    }
    let found: Vec<String> = search(&mut conn, "pahandut", 10).await.unwrap().into_iter().map(|r| r.code).collect();
    assert_eq!(found, ["62.71.01", "62.71.01.1001", "62.71.01.1005"], "exact first, the larger before the smaller");
    let found: Vec<String> = search(&mut conn, "pal", 10).await.unwrap().into_iter().map(|r| r.code).collect();
    assert_eq!(found, ["62.71", "62.71.03.1001"]);
    for q in ["", " - ", "angkaraya", "%", "_", "zzz", "99.99", &"x".repeat(5_000)] {
        assert!(search(&mut conn, q, 10).await.unwrap().is_empty(), "{q}");
    }
    let below = store::search_placed(&mut conn, "tanjung", "63.71", 10).await.unwrap();
    assert!(below.is_empty());
    let below = store::search_placed(&mut conn, "tanjung", "62.71", 10).await.unwrap();
    assert_eq!(below[0].full_name(), "Tanjung Pinang, Pahandut, Kota Palangka Raya");
    assert_eq!(search(&mut conn, "k", 3).await.unwrap().len(), 3);
    drop(conn);
    stage.done().await;
}

#[both::both]
async fn a_sent_field_is_understood_without_script(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut conn = stage.read().await;
    let one = |resolved: Resolved| match resolved {
        Resolved::One(region) => region.code,
        other => format!("{other:?}"),
    };
    // Chosen with the script; typed in full; typed over what was chosen before.
    assert_eq!(one(picker::resolve(&mut conn, "62.71.01.1005", "Pahandut Seberang").await.unwrap()), "62.71.01.1005");
    assert_eq!(one(picker::resolve(&mut conn, "62.71.01.1005", "").await.unwrap()), "62.71.01.1005");
    assert_eq!(one(picker::resolve(&mut conn, "62.71.01.1005", "Kalampangan").await.unwrap()), "62.71.04.1002");
    assert_eq!(one(picker::resolve(&mut conn, "", "palangkaraya").await.unwrap()), "62.71");
    assert_eq!(one(picker::resolve(&mut conn, "", "62.71").await.unwrap()), "62.71");
    // A radio button, with the words as they were typed.
    assert_eq!(one(picker::resolve(&mut conn, "62.71.01.1001", "pahandut").await.unwrap()), "62.71.01.1001");
    let Resolved::Many(many) = picker::resolve(&mut conn, "", "pahandut").await.unwrap() else { panic!("several fit") };
    assert_eq!(many.len(), 3);
    assert_eq!(picker::resolve(&mut conn, "99", "atlantis").await.unwrap(), Resolved::None);
    assert_eq!(picker::resolve(&mut conn, "", "").await.unwrap(), Resolved::None);
    drop(conn);
    stage.done().await;
}

#[both::both]
async fn the_country_shows_map_table_and_search(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut client = stage.client();
    let page = client.get("/wilayah").await.expect(200);
    assert_eq!(page.count("svg.tilemap a"), 38);
    assert_eq!(page.count("table tbody tr"), 3);
    assert!(page.main().contains("Kalimantan Tengah"), "{}", page.main());
    assert_eq!(page.attribute("table a[href='/wilayah/62']", "href").as_deref(), Some("/wilayah/62"));
    assert_eq!(page.count(".footer a[href='/wilayah']"), 1);
    assert_eq!(client.get("/wilayah").await.header("x-cache"), "hit");
    let page = client.get("/wilayah?q=sebangau").await.expect(200);
    assert!(page.main().contains("Sabangau Kecamatan · Kota Palangka Raya"), "{}", page.main());
    let page = client.get("/wilayah?q=%3Cscript%3E").await.expect(200);
    assert!(page.main().contains("Belum ketemu") && !page.text().contains("<script>Has"), "{}", page.main());
    stage.done().await;
}

#[both::both]
async fn an_empty_country_says_so(engine: stage::Engine) {
    let stage = Stage::new(engine, vec![people::slice(), crate::slice()], people::identify).await;
    let page = stage.client().get("/wilayah").await.expect(200);
    assert!(page.main().contains("Data wilayah belum dimuat"));
    stage.done().await;
}

#[both::both]
async fn a_region_shows_where_it_lies_and_what_lies_in_it(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut client = stage.client();
    let page = client.get("/wilayah/62.71").await.expect(200);
    let words = page.main();
    assert!(words.starts_with("Indonesia Kalimantan Tengah Kota Kota Palangka Raya"), "{words}");
    assert!(words.contains("Nama resmi Kota Palangkaraya"), "{words}");
    assert!(words.contains("Nama lain Palangka Raya, Palangkaraya"), "{words}");
    assert!(words.contains("Anggota KIM paling sedikit 3 orang Bawaan Simpul"), "{words}");
    assert_eq!((page.count("svg.tilemap a"), page.count("svg.tilemap .t-label"), page.count("tbody tr")), (30, 5, 30));
    assert_eq!(page.count("tbody a[href='/wilayah/62.71.04']"), 6, "each ward names its district");
    assert_eq!(page.attribute(".crumbs li:last-child a", "href").as_deref(), Some("/wilayah/62"));
    assert_eq!(client.get("/wilayah/62.71").await.header("x-cache"), "hit");
    assert_eq!(page.count(".region strong"), 1);

    let page = client.get("/wilayah/62").await.expect(200);
    assert_eq!((page.count("svg.tilemap a"), page.count("tbody tr")), (14, 1));
    let page = client.get("/wilayah/63.71.01").await.expect(200);
    assert_eq!((page.count("svg.tilemap"), page.count("tbody tr")), (0, 2));
    let page = client.get("/wilayah/63.71.01.1001").await.expect(200);
    assert!(page.main().contains("Kode pos 70244"), "{}", page.main());
    assert_eq!(page.count("tbody tr"), 0);
    let english = client.header("accept-language", "en").get("/wilayah/62.71").await.expect(200);
    assert!(english.main().contains("Official name Kota Palangkaraya"), "{}", english.main());
    let mut client = stage.client();
    for missing in ["/wilayah/99", "/wilayah/62.71.", "/wilayah/ID", "/wilayah/%27", "/wilayah/62.71.01.1005.1"] {
        client.get(missing).await.expect(404);
    }
    stage.done().await;
}

#[both::both]
async fn other_slices_add_panels(engine: stage::Engine) {
    let other = Slice {
        name: "other",
        panels: Some(|_, _, spot| {
            let html = |side| Panel { order: 1, side, html: format!("<p>{side} {spot:?}</p>") };
            let panels = if matches!(spot, Spot::Region(_)) { vec![html(true), html(false)] } else { Vec::new() };
            Box::pin(async move { Ok(panels) })
        }),
        ..Slice::default()
    };
    let stage = Stage::new(engine, vec![people::slice(), crate::slice(), other], people::identify).await;
    crate::testing::sample(&stage.kit).await;
    let page = stage.client().get("/wilayah/62.71").await.expect(200);
    assert!(page.main().contains("false Region(\"62.71\")") && page.main().contains("true Region(\"62.71\")"));
    assert_eq!(page.count(".grid--side > div"), 2);
    stage.done().await;
}

#[both::both]
async fn a_region_is_chosen_without_script(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut client = stage.client();
    // Walking down.
    let page = client.get("/wilayah/pilih?kembali=%2Fkabar%3Fhal%3D2").await.expect(200);
    assert_eq!(page.count("main form[method=post]"), 4, "three provinces and the whole country");
    let next = page.attribute("main li a[href*='induk=62&']", "href").unwrap();
    assert_eq!(next, "/wilayah/pilih?induk=62&kembali=%2Fkabar%3Fhal%3D2");
    let page = client.get("/wilayah/pilih?induk=62.71&kembali=%2Fkabar%3Fhal%3D2").await.expect(200);
    assert!(page.main().contains("Seluruh Kota Palangka Raya"), "{}", page.main());
    assert_eq!(page.count("main form[method=post]"), 6);
    let page = client.get("/wilayah/pilih?induk=62.71.01").await.expect(200);
    assert_eq!(page.count("main li a[href*=induk]"), 2, "wards lead no further");
    // Searching.
    let page = client.get("/wilayah/pilih?q=sebangau&kembali=%2Fkabar").await.expect(200);
    assert_eq!(page.attribute("main form[method=post] input[name=code]", "value").as_deref(), Some("62.71.04"));
    assert_eq!(page.attribute("main form[method=post] input[name=kembali]", "value").as_deref(), Some("/kabar"));
    let page = client.get("/wilayah/pilih?q=zzz").await.expect(200);
    assert!(page.main().contains("Coba tulis awal namanya"), "{}", page.main());
    // Choosing.
    let answer = client.post("/wilayah/pilih", &[("code", "62.71.04"), ("kembali", "/wilayah")]).await.expect(303);
    assert_eq!(answer.location(), "/wilayah");
    assert!(answer.headers.get_all("set-cookie").iter().any(|c| {
        c.to_str().unwrap().starts_with("wilayah=62.71.04; Path=/;") && c.to_str().unwrap().contains("Max-Age=31536000")
    }));
    let page = client.follow(answer).await.expect(200);
    assert!(page.text().contains("Wilayah Anda sekarang Sabangau."));
    let page = client.get("/wilayah/pilih").await.expect(200);
    assert!(page.main().contains("Sekarang Anda melihat kabar Sabangau"), "{}", page.main());
    client.post("/wilayah/pilih", &[("code", ""), ("kembali", "")]).await.expect(303);
    assert!(!client.has_cookie("wilayah"));
    stage.done().await;
}

#[both::both]
async fn a_choice_stays_on_this_site_and_is_real(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut client = stage.client();
    for away in ["https://jahat.example", "//jahat.example", "/\\jahat.example", "javascript:alert(1)", "/%2f/jahat.example", ""]
    {
        let answer = client.post("/wilayah/pilih", &[("code", "62"), ("kembali", away)]).await.expect(303);
        assert_eq!(answer.location(), "/", "{away}");
        let address = away.replace('%', "%25").replace('\\', "%5C");
        let answer = client.get(&format!("/bahasa/en?kembali={address}")).await.expect(303);
        assert_eq!(answer.location(), "/", "{away}");
        let page = client.get(&format!("/wilayah/pilih?kembali={address}")).await.expect(200);
        assert_eq!(page.attribute("main form[method=post] input[name=kembali]", "value").as_deref(), Some("/"), "{away}");
    }
    for code in ["99", "ID", "62.71; Domain=x", "62.71.01.1005.9"] {
        client.post("/wilayah/pilih", &[("code", code), ("kembali", "/")]).await.expect(404);
    }
    client.get("/wilayah/pilih?induk=99").await.expect(404);
    let answer = client.send("POST", "/wilayah/pilih", Some("application/x-www-form-urlencoded"), b"code=62".to_vec()).await;
    answer.expect(422);
    stage.done().await;
}

#[both::both]
async fn a_language_is_remembered(engine: stage::Engine) {
    let stage = with_sample(engine).await;
    let mut client = stage.client();
    let answer = client.get("/bahasa/en?kembali=%2Fwilayah%3Fq%3Dx").await.expect(303);
    assert_eq!(answer.location(), "/wilayah?q=x");
    assert!(answer.header("set-cookie").contains("Max-Age=31536000"));
    let page = client.follow(answer).await.expect(200);
    assert!(page.main().contains("Regions of Indonesia"), "{}", page.main());
    for lang in ["nij", "bjn", "id"] {
        client.get(&format!("/bahasa/{lang}")).await.expect(303);
        client.get("/wilayah/62.71").await.expect(200);
    }
    client.get("/bahasa/xx?kembali=/").await.expect(404);
    stage.done().await;
}

#[both::both]
async fn a_form_holds_the_field_for_a_region(engine: stage::Engine) {
    async fn form(ctx: web::Ctx, axum::extract::Path(chosen): axum::extract::Path<String>) -> web::Result<String> {
        let mut conn = ctx.kit.db.read().await?;
        match chosen.as_str() {
            "pahandut" => picker::offer(&ctx, &mut conn, "region", "pahandut").await,
            "-" => picker::render(&ctx, &mut conn, "region", "").await,
            code => picker::render(&ctx, &mut conn, "region", code).await,
        }
    }
    let routes = vec![web::slice::get("/coba/{chosen}", web::Access::Public, form)];
    let other = Slice { name: "other", routes, ..Slice::default() };
    let stage = Stage::new(engine, vec![people::slice(), crate::slice(), other], people::identify).await;
    crate::testing::sample(&stage.kit).await;
    let mut client = stage.client();
    let field = client.get("/coba/62.71.01.1005").await.expect(200);
    assert_eq!(field.attribute("input[type=hidden][name=region]", "value").as_deref(), Some("62.71.01.1005"));
    let words = field.attribute("input#f-region[name=region_q][data-region-search]", "value");
    assert_eq!(words.as_deref(), Some("Pahandut Seberang, Pahandut, Kota Palangka Raya"));
    assert_eq!(field.attribute("input#f-region", "data-found").as_deref(), Some("{n} wilayah ditemukan"));
    for empty in ["/coba/-", "/coba/99"] {
        let field = client.get(empty).await.expect(200);
        assert_eq!(field.attribute("input[type=hidden][name=region]", "value").as_deref(), Some(""));
    }
    let field = client.get("/coba/pahandut").await.expect(200);
    assert_eq!((field.count("input[type=radio][name=region]"), field.count("input[type=hidden]")), (3, 0));
    stage.done().await;
}
