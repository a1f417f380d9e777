use std::collections::BTreeMap;

use stage::{Engine, Stage};

use super::*;
use crate::register::Status;
use crate::scene::{self, WARD};

const HUES: &str = include_str!("../../../../web/css/kim.css");
const TOKENS: &str = include_str!("../../../../web/css/tokens.css");

/// The relative luminance of WCAG 2.
fn luminance(hex: &str) -> f64 {
    let digits = hex.trim_start_matches('#');
    let long = if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
    let channel = |i: usize| {
        let value = f64::from(u8::from_str_radix(&long[i..i + 2], 16).expect("a colour")) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(one: &str, two: &str) -> f64 {
    let (a, b) = (luminance(one), luminance(two));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The variables of one rule.
fn variables(rule: &'static str) -> BTreeMap<&'static str, &'static str> {
    let inside = rule.split_once('{').and_then(|(_, rest)| rest.split_once('}')).expect("a rule").0;
    let bare = |pair: &'static str| pair.rsplit_once("*/").map_or(pair, |(_, pair)| pair).trim();
    inside.split(';').filter_map(|pair| bare(pair).strip_prefix("--")?.split_once(": ")).collect()
}

/// The rules of a hue: light, dark by the system, dark by hand.
fn rules_of(code: &str) -> [BTreeMap<&'static str, &'static str>; 3] {
    let find = |selector: String| {
        let at = HUES.lines().find(|line| line.trim_start().starts_with(&selector)).expect("a rule");
        variables(at)
    };
    [
        find(format!(".hue-{code} {{")),
        find(format!(":root:not([data-theme=\"light\"]) .hue-{code} {{")),
        find(format!(":root[data-theme=\"dark\"] .hue-{code} {{")),
    ]
}

#[test]
fn every_colour_can_be_read_light_and_dark() {
    assert!((contrast("#000", "#fff") - 21.0).abs() < 0.01 && (contrast("#777", "#fff") - 4.48).abs() < 0.01);
    let light = variables(TOKENS);
    let dark = variables(&TOKENS[TOKENS.find(":root[data-theme=\"dark\"]").expect("dark tokens")..]);
    for (code, _) in COLOURS.iter().filter(|(code, _)| !code.is_empty()) {
        let [day, night, chosen] = rules_of(code);
        assert_eq!(night, chosen, "{code}");
        for (hue, ground, name) in [(&day, &light, "light"), (&night, &dark, "dark")] {
            let check = |front: &str, back: &str, what: &str| {
                let ratio = contrast(front, back);
                assert!(ratio >= 4.5, "{code}, {name}: {what} {front} on {back} is {ratio:.2}");
            };
            // Words on the band and on buttons, and the band's colour as words on every surface.
            check(hue["on-brand"], hue["brand"], "words on the colour");
            check(hue["on-brand"], hue["brand-hover"], "words on the colour under the pointer");
            for surface in ["paper", "card", "well"] {
                check(hue["brand-ink"], ground[surface], surface);
                check(hue["brand"], ground[surface], surface);
            }
            check(hue["brand-ink"], hue["brand-soft"], "links on the soft colour");
            check(ground["ink"], hue["brand-soft"], "words on the soft colour");
        }
    }
    let classes = HUES.lines().filter(|line| line.starts_with(".hue-")).count();
    assert_eq!(classes, COLOURS.len() - 1, "no class without a choice");
}

#[test]
fn blocks_keep_their_order_and_new_ones_come_last() {
    let usual = read("");
    assert_eq!(write(&usual), "kabar,kegiatan,tentang,pengurus,kontak,-bidang,-galeri,lain");
    assert_eq!(write(&read("kontak,-kabar,sulap,kontak")), "kontak,-kabar,kegiatan,tentang,pengurus,-bidang,-galeri,lain");
    let act = |text: &str, acts: &[&str]| {
        let placed = acts.iter().fold(read(text), |placed, act| Act::parse(act).expect("an act").apply(placed));
        write(&placed)
    };
    assert_eq!(act("", &["naik:kontak", "naik:kontak"]), "kabar,kegiatan,kontak,tentang,pengurus,-bidang,-galeri,lain");
    assert_eq!(act("", &["naik:kabar", "turun:lain"]), write(&usual), "past an end nothing changes");
    assert_eq!(
        act("", &["sembunyi:kabar", "tampil:galeri", "turun:kabar"]),
        "kegiatan,-kabar,tentang,pengurus,kontak,-bidang,galeri,lain"
    );
    assert_eq!(act("kontak,-kabar", &["semula"]), write(&usual));
    for odd in ["", "naik:", "naik:sulap", "hapus:kabar"] {
        assert_eq!(Act::parse(odd), None, "{odd}");
    }
}

#[both::both]
async fn officers_arrange_their_page(engine: Engine) {
    let stage = scene::open(engine).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    let other = scene::kim(&stage, "kim-lain", WARD, Status::Active).await;
    let mut rina = scene::officer(&stage, id).await;
    let fields =
        [("nama", "KIM Riak"), ("alamat_halaman", "kim-riak"), ("tema", "usaha"), ("surel", "a@b.id"), ("tampil_surel", "1")];
    rina.post("/meja/kim/kim-riak/profil", &fields).await.expect(303);
    stage.settle().await;
    let mut visitor = stage.client();
    let heads = |page: &stage::Answer| {
        let text = page.text();
        let found = text.split("<h2 id=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned());
        found.collect::<Vec<_>>()
    };
    let before = visitor.get("/kim/kim-riak").await.expect(200);
    assert_eq!(heads(&before), ["kerja", "kenali", "pengurus", "kontak"]);
    assert_eq!(before.count("[class^='hue-']"), 0);

    let path = "/meja/kim/kim-riak/halaman";
    assert_eq!(rina.get(path).await.expect(200).count("ol.arrange li"), 8);
    let saved = rina.post(path, &[("aksi", "naik:kontak")]).await.expect(303);
    assert_eq!(saved.location(), "/meja/kim/kim-riak/halaman#b-kontak");
    for act in ["naik:kontak", "naik:kontak", "naik:kontak", "sembunyi:pengurus", "tampil:bidang"] {
        rina.post(path, &[("aksi", act)]).await.expect(303);
    }
    rina.post(path, &[("warna", "langit")]).await.expect(303);
    rina.post(path, &[("warna", "ungu-menyala")]).await.expect(422);
    rina.post(path, &[("aksi", "hapus:kabar")]).await.expect(422);
    stage.settle().await;
    let after = visitor.get("/kim/kim-riak").await.expect(200);
    assert_eq!(heads(&after), ["kontak", "kerja", "kenali", "bidang"]);
    assert_eq!(after.count(".hue-langit .kim-head"), 1);
    assert!(after.main().contains("a@b.id") && after.count("a[href='/kim?tema=usaha']") == 1);
    rina.post(path, &[("aksi", "semula")]).await.expect(303);
    stage.settle().await;
    assert_eq!(heads(&visitor.get("/kim/kim-riak").await), ["kerja", "kenali", "pengurus", "kontak"]);
    for mut refused in [scene::member(&stage, id).await, scene::officer(&stage, other).await, scene::verifier(&stage, "62").await]
    {
        refused.get(path).await.expect(403);
        refused.post(path, &[("warna", "daun")]).await.expect(403);
    }
    stage.done().await;
}

#[both::both]
async fn a_domain_of_its_own_shows_the_page_and_nothing_else(engine: Engine) {
    let slices = vec![people::slice(), regions::slice(), crate::slice()];
    let domains = |config: &mut base::Config| {
        config.domains = BTreeMap::from([("riak.contoh.id".into(), "kim-riak".into())]);
    };
    let stage = Stage::set(engine, slices, people::identify, domains).await;
    regions::testing::sample(&stage.kit).await;
    let id = scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    stage.settle().await;
    let mut own = stage.client().header("host", "riak.contoh.id");
    let page = own.get("/").await.expect(200);
    assert!(page.main().contains("KIM Riak"));
    assert_eq!(page.attribute("link[rel=canonical]", "href").as_deref(), Some("http://simpul.test/kim/kim-riak"));
    assert_eq!(own.get("/masuk?lalu=/meja").await.expect(302).location(), "http://simpul.test/masuk?lalu=/meja");
    assert_eq!(own.get("/kim/kim-riak").await.expect(302).location(), "http://simpul.test/kim/kim-riak");
    let refused = own.post("/masuk", &[("masuk", "a"), ("sandi", "b")]).await.expect(405);
    assert_eq!(refused.header("allow"), "GET,HEAD");
    own.get("/healthz").await.expect(200);
    stage.client().header("host", "lain.contoh.id").get("/kim/kim-riak").await.expect(421);
    stage.client().get("/kim/kim-riak").await.expect(200);
    // Its officers see the address at their desk.
    assert!(scene::officer(&stage, id).await.get("/meja/kim/kim-riak/halaman").await.main().contains("riak.contoh.id"));
    stage.done().await;

    // Without such settings every host is served, as behind a proxy that names it otherwise.
    let stage = scene::open(engine).await;
    scene::kim(&stage, "kim-riak", WARD, Status::Active).await;
    stage.client().header("host", "lain.contoh.id").get("/kim/kim-riak").await.expect(200);
    stage.done().await;
}
