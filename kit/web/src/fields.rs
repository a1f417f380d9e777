//! Which fields a form may have: asked of its type, so that a field that nobody declared is refused
//! for every form at once.
use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer, Visitor};

/// The field names that a type reads; none when it takes any, as a map does.
pub(crate) fn of<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
    match T::deserialize(Probe) {
        Err(Told::Fields(fields)) => Some(fields),
        _ => None,
    }
}

/// Reads nothing: it only listens to what a type asks for.
struct Probe;

/// What it heard, as an error because nothing is read.
#[derive(Debug)]
enum Told {
    Fields(&'static [&'static str]),
    Other,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing is read here")
    }
}

impl std::error::Error for Told {}

impl de::Error for Told {
    fn custom<M: fmt::Display>(_: M) -> Told {
        Told::Other
    }
}

impl<'de> Deserializer<'de> for Probe {
    type Error = Told;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Told> {
        Err(Told::Other)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Told> {
        Err(Told::Fields(fields))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(default, rename_all = "kebab-case")]
    #[derive(Default)]
    #[allow(dead_code, reason = "only its shape is asked for")]
    struct Sample {
        one_word: String,
        #[serde(alias = "dua")]
        two: Option<String>,
    }

    #[derive(serde::Deserialize)]
    struct Nothing {}

    #[test]
    fn a_type_tells_its_fields() {
        let sample = of::<Sample>().expect("a struct");
        assert!(sample.contains(&"one-word") && sample.contains(&"two") && sample.contains(&"dua"), "{sample:?}");
        assert_eq!(of::<Nothing>(), Some([].as_slice()));
        assert_eq!(of::<BTreeMap<String, String>>(), None, "a map checks its keys itself");
    }
}
