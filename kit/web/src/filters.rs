//! Filters for templates: texts, dates, addresses of assets. They read the reader's language from
//! the values that `Ctx::render` passes.
use std::fmt::Display;

use askama::Values;
use base::{Lang, Texts};

use crate::{Problem, assets, dates};

/// The reader's language and moment, as filters see them.
#[derive(Clone)]
pub struct Say {
    pub texts: Texts,
    pub lang: Lang,
    pub now: i64,
}

impl Values for Say {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn std::any::Any> {
        (key == "say").then_some(self)
    }
}

fn say(values: &dyn Values) -> askama::Result<&Say> {
    askama::get_value::<Say>(values, "say")
}

/// `{{ "key"|t }}` says a text.
#[askama::filter_fn]
pub fn t(key: impl Display, values: &dyn Values) -> askama::Result<String> {
    let say = say(values)?;
    Ok(say.texts.say(say.lang, &key.to_string(), &[]))
}

/// `{{ "key"|t1("name", value) }}` says a text with one value.
#[askama::filter_fn]
pub fn t1<V: Display>(key: impl Display, values: &dyn Values, name: &str, value: V) -> askama::Result<String> {
    let say = say(values)?;
    Ok(say.texts.say(say.lang, &key.to_string(), &[(name, &value.to_string())]))
}

/// `{{ "key"|t2("a", x, "b", y) }}` says a text with two values.
#[askama::filter_fn]
pub fn t2<V: Display, W: Display>(
    key: impl Display,
    values: &dyn Values,
    name: &str,
    value: V,
    name2: &str,
    value2: W,
) -> askama::Result<String> {
    let say = say(values)?;
    let pairs = [(name, value.to_string()), (name2, value2.to_string())];
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
    Ok(say.texts.say(say.lang, &key.to_string(), &pairs))
}

/// What is wrong with a field, said.
#[askama::filter_fn]
pub fn problem(problem: &Problem, values: &dyn Values) -> askama::Result<String> {
    let say = say(values)?;
    let pairs: Vec<(&str, &str)> = problem.values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    Ok(say.texts.say(say.lang, problem.key, &pairs))
}

/// "24 November 2026" in the zone of a region.
#[askama::filter_fn]
pub fn date(at: &i64, values: &dyn Values, #[optional("62")] region: &str) -> askama::Result<String> {
    Ok(dates::date(*at, say(values)?.lang, region))
}

/// "24 November 2026, 07.40 WIB" in the zone of a region.
#[askama::filter_fn]
pub fn datetime(at: &i64, values: &dyn Values, #[optional("62")] region: &str) -> askama::Result<String> {
    Ok(dates::datetime(*at, say(values)?.lang, region))
}

/// "2 jam lalu", "kemarin", or the date.
#[askama::filter_fn]
pub fn ago(at: &i64, values: &dyn Values, #[optional("62")] region: &str) -> askama::Result<String> {
    let say = say(values)?;
    Ok(dates::ago(*at, say.now, say.lang, region, &say.texts))
}

/// RFC 3339, for `datetime` attributes and data.
#[askama::filter_fn]
pub fn iso(at: &i64, _values: &dyn Values, #[optional("62")] region: &str) -> askama::Result<String> {
    Ok(dates::iso(*at, region))
}

/// 12.345 in Indonesian, 12,345 in English.
#[askama::filter_fn]
pub fn count(n: &i64, values: &dyn Values) -> askama::Result<String> {
    Ok(dates::count(*n, say(values)?.lang))
}

/// The address of a built asset, such as `"app.css"|asset`.
#[askama::filter_fn]
pub fn asset(name: &str, _values: &dyn Values) -> askama::Result<String> {
    Ok(assets::address(name))
}

/// The content of a small SVG asset as a `data:` address, which spares the reader a request.
#[askama::filter_fn]
pub fn inline(name: &str, _values: &dyn Values) -> askama::Result<String> {
    Ok(assets::inline(name))
}
