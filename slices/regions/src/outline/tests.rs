//! Reading GeoJSON, making outlines light, drawing them.
use stage::{Engine, Stage};

use super::*;

async fn with_sample(engine: Engine) -> Stage {
    let stage = Stage::new(engine, vec![people::slice(), crate::slice()], people::identify).await;
    crate::testing::sample(&stage.kit).await;
    stage
}

/// A square of one degree with its corner at a place, with many points on each side.
fn square(code: &str, east: f64, north: f64) -> String {
    let mut points = Vec::new();
    for (dx, dy, sx, sy) in [(0.0, 0.0, 1.0, 0.0), (1.0, 0.0, 0.0, 1.0), (1.0, 1.0, -1.0, 0.0), (0.0, 1.0, 0.0, -1.0)] {
        for n in 0..500 {
            let t = f64::from(n) / 500.0;
            points.push(format!("[{},{},12.5]", east + dx + sx * t, north + dy + sy * t));
        }
    }
    points.push(points[0].clone());
    format!(
        r#"{{"type":"Feature","properties":{{"nama":"x","kode":"{code}"}},"geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}"#,
        points.join(",")
    )
}

fn collection(features: &[String]) -> Vec<u8> {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")).into_bytes()
}

#[test]
fn codes_are_read_as_files_write_them() {
    for (text, expected) in [
        ("62.71", Some("62.71")),
        (" 62 ", Some("62")),
        ("6271", Some("62.71")),
        ("627101", Some("62.71.01")),
        ("6271011003", Some("62.71.01.1003")),
        ("62710", None),
        ("Palangka Raya", None),
        ("", None),
        ("62.71.1", None),
    ] {
        assert_eq!(read::code(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn an_outline_grows_light_and_keeps_its_shape() {
    let ring = |step: usize| (0..=20_000).step_by(step).map(|i| f64::from(i as u32) / 20_000.0 * std::f64::consts::TAU);
    let circle: Vec<(f64, f64)> = ring(1).map(|t| (113.0 + t.cos(), -2.0 + t.sin())).collect();
    let speck: Vec<(f64, f64)> = ring(5_000).map(|t| (115.0 + t.cos() / 5_000.0, -2.0 + t.sin() / 5_000.0)).collect();
    let drawn = simplify::outline("62.71", 2, &[speck.clone(), circle]).expect("an outline");
    for (bound, at) in [(drawn.west, 1_120_000), (drawn.east, 1_140_000), (drawn.north, 10_000), (drawn.south, 30_000)] {
        assert!((bound - at as i64).abs() < 200, "{drawn:?}");
    }
    assert_eq!(drawn.path.matches('M').count(), 1, "the speck fell away: {}", drawn.path);
    assert!(drawn.path.len() < 1_500 && drawn.path.len() > 100, "{}", drawn.path.len());
    assert!(drawn.path.starts_with('M') && drawn.path.ends_with('z'));
    assert!(simplify::outline("62.71", 2, &[speck]).is_none(), "nothing left of a speck alone");
    let line = vec![(113.0, -2.0), (114.0, -2.0), (115.0, -2.0), (113.0, -2.0)];
    assert!(simplify::outline("62.71", 2, &[line]).is_none(), "a line has no area");
}

#[test]
fn what_is_no_collection_is_refused() {
    let problem = |text: &str| read::features(text.as_bytes()).err();
    assert!(matches!(problem("{"), Some(Problem::Unreadable(_))));
    assert!(matches!(problem(r#"{"type":"Topology"}"#), Some(Problem::Unreadable(_))));
    assert_eq!(problem(r#"{"features":[]}"#), Some(Problem::Empty));
    let point = r#"{"features":[{"properties":{"code":"62"},"geometry":{"type":"Point","coordinates":[1,2]}},
        {"properties":null,"geometry":null},
        {"properties":{"code":"62"},"geometry":{"type":"Polygon","coordinates":[[[999,0],[1,1],[2,2],[999,0]]]}}]}"#;
    assert_eq!(problem(point), Some(Problem::Empty));
}

#[both::both]
async fn outlines_are_kept_and_drawn(engine: Engine) {
    let stage = with_sample(engine).await;
    let now = stage.kit.clock.now();
    let text = collection(&[square("6271", 113.0, -2.0), square("62.71.01", 113.0, -2.0), square("99.99", 113.0, -2.0)]);
    let report = import(&stage.kit.db, &text, now).await.expect("an import").expect("a collection");
    assert_eq!(report, Report { kept: 2, unknown: vec!["99.99".into()], unreadable: 0 });
    // Once more, moved: replaced, not doubled.
    let text = collection(&[square("62.71.01", 114.0, -2.0)]);
    assert_eq!(import(&stage.kit.db, &text, now).await.expect("an import").expect("a collection").kept, 1);
    let problem = import(&stage.kit.db, b"[]", now).await.expect("an answer").expect_err("no collection");
    assert!(matches!(problem, Problem::Unreadable(_)));

    let mut conn = stage.read().await;
    let state = |code: &str| TileState { class: "t-on", value: "3".into(), href: format!("#w-{code}"), title: "A <b>".into() };
    let svg = draw(&mut conn, "62.71", &["62.71.01"], "Peta \"x\"", &state).await.expect("drawn").expect("a map");
    assert!(svg.contains("viewBox=\"1140000 10000 10000 10000\"") && svg.contains("aria-label=\"Peta &quot;x&quot;\""), "{svg}");
    assert!(svg.contains("<a href=\"#w-62.71.01\" class=\"t-on\"><title>A &lt;b&gt;</title>") && svg.len() < 600, "{svg}");
    // One missing, no map: a hole would say that there is nothing.
    assert!(draw(&mut conn, "62.71", &["62.71.01", "62.71.02"], "", &state).await.expect("asked").is_none());
    assert!(draw(&mut conn, "", &["62"], "", &state).await.expect("asked").is_none());
    assert!(draw(&mut conn, "", &[], "", &state).await.expect("asked").is_none());
    let events = base::events::about(&mut conn, "region", 0).await.expect("events");
    assert_eq!(events.iter().filter(|event| event.kind == "regions.outlines.imported").count(), 2);
    drop(conn);
    stage.done().await;
}
