//! The values a statement may carry: the few kinds that mean the same on both engines.

/// One bound parameter. Every integer is 64-bit; time is epoch microseconds; JSON is text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Int(Option<i64>),
    Real(Option<f64>),
    Bool(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! from {
    ($($source:ty => $variant:ident, $value:ident => $convert:expr;)*) => {$(
        impl From<$source> for Value {
            fn from($value: $source) -> Self {
                Value::$variant(Some($convert))
            }
        }
        impl From<Option<$source>> for Value {
            fn from(value: Option<$source>) -> Self {
                Value::$variant(value.map(|$value| $convert))
            }
        }
    )*};
}

from! {
    i64 => Int, v => v;
    i32 => Int, v => i64::from(v);
    u32 => Int, v => i64::from(v);
    f64 => Real, v => v;
    bool => Bool, v => v;
    String => Text, v => v;
    &String => Text, v => v.clone();
    &str => Text, v => v.to_owned();
    Vec<u8> => Bytes, v => v;
    &[u8] => Bytes, v => v.to_vec();
    serde_json::Value => Text, v => v.to_string();
}

impl From<&Option<String>> for Value {
    fn from(value: &Option<String>) -> Self {
        Value::Text(value.clone())
    }
}
