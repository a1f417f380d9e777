//! Reads the features of a GeoJSON text: their region code and their rings.
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::Value;

use crate::region::is_code;

/// Names under which files keep the code of a region, the plainest first.
const NAMES: [&str; 8] = ["code", "kode", "kode_wilayah", "kd_wilayah", "KODE", "KODE_WIL", "kode_kemendagri", "id"];

/// Why a text is no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not JSON, or not a collection of features; with what the reader said.
    Unreadable(String),
    /// No feature with a code and an area.
    Empty,
}

/// One region of the file; rings of longitude and latitude in degrees.
pub(super) struct Found {
    pub code: String,
    pub rings: Vec<Vec<(f64, f64)>>,
}

pub(super) struct All {
    pub features: Vec<Found>,
    pub unreadable: u64,
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    properties: Option<serde_json::Map<String, Value>>,
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<Position>>),
    MultiPolygon(Vec<Vec<Vec<Position>>>),
    Point(IgnoredAny),
    MultiPoint(IgnoredAny),
    LineString(IgnoredAny),
    MultiLineString(IgnoredAny),
}

/// Longitude and latitude; a height, if there is one, is left out.
struct Position(f64, f64);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Position, D::Error> {
        struct Pair;
        impl<'de> Visitor<'de> for Pair {
            type Value = Position;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a longitude and a latitude")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Position, A::Error> {
                let missing = || serde::de::Error::custom("a position needs two numbers");
                let east = seq.next_element()?.ok_or_else(missing)?;
                let north = seq.next_element()?.ok_or_else(missing)?;
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Position(east, north))
            }
        }
        deserializer.deserialize_seq(Pair)
    }
}

/// The code of a region as files write it: dotted, or its digits alone.
pub(super) fn code(text: &str) -> Option<String> {
    let text = text.trim();
    if is_code(text) {
        return Some(text.to_owned());
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let cuts: &[usize] = match text.len() {
        2 => &[2],
        4 => &[2, 4],
        6 => &[2, 4, 6],
        10 => &[2, 4, 6, 10],
        _ => return None,
    };
    let mut from = 0;
    let parts: Vec<&str> = cuts
        .iter()
        .map(|to| {
            let part = &text[from..*to];
            from = *to;
            part
        })
        .collect();
    Some(parts.join("."))
}

fn code_of(properties: &serde_json::Map<String, Value>) -> Option<String> {
    NAMES.iter().find_map(|name| match properties.get(*name)? {
        Value::String(text) => code(text),
        Value::Number(number) => code(&number.to_string()),
        _ => None,
    })
}

pub(super) fn features(text: &[u8]) -> Result<All, Problem> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let read: Collection = serde_json::from_slice(text).map_err(|error| Problem::Unreadable(error.to_string()))?;
    let mut all = All { features: Vec::new(), unreadable: 0 };
    for feature in read.features {
        let code = feature.properties.as_ref().and_then(code_of);
        let polygons = match feature.geometry {
            Some(Geometry::Polygon(rings)) => vec![rings],
            Some(Geometry::MultiPolygon(polygons)) => polygons,
            _ => Vec::new(),
        };
        let on_earth = |p: &Position| p.0.abs() <= 180.0 && p.1.abs() <= 90.0;
        let rings: Vec<Vec<(f64, f64)>> = polygons
            .into_iter()
            .flatten()
            .filter(|ring| ring.len() >= 4 && ring.iter().all(on_earth))
            .map(|ring| ring.into_iter().map(|p| (p.0, p.1)).collect())
            .collect();
        match code {
            Some(code) if !rings.is_empty() => all.features.push(Found { code, rings }),
            _ => all.unreadable += 1,
        }
    }
    if all.features.is_empty() { Err(Problem::Empty) } else { Ok(all) }
}
