//! Every word the product says, from Fluent files beside the templates. Indonesian and English are
//! complete; Ngaju and Banjar fall back to Indonesian word by word.
use std::collections::HashMap;
use std::sync::Arc;

use anyhow::anyhow;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::Result;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    #[default]
    Id,
    En,
    Nij,
    Bjn,
}

impl Lang {
    pub const ALL: [Lang; 4] = [Lang::Id, Lang::En, Lang::Nij, Lang::Bjn];

    /// The BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Id => "id",
            Lang::En => "en",
            Lang::Nij => "nij",
            Lang::Bjn => "bjn",
        }
    }

    /// The language's own name.
    pub fn name(self) -> &'static str {
        match self {
            Lang::Id => "Indonesia",
            Lang::En => "English",
            Lang::Nij => "Ngaju",
            Lang::Bjn => "Banjar",
        }
    }

    /// Whether native speakers have yet to review it.
    pub fn is_draft(self) -> bool {
        matches!(self, Lang::Nij | Lang::Bjn)
    }

    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }
}

/// A Fluent file: its language and text.
pub type Source = (Lang, &'static str);

/// The texts of one folder: `texts!("list.ftl" …)` in a slice lists `id.ftl` and its siblings.
pub type Sources = &'static [Source];

/// All texts, ready to be said. Cheap to clone.
#[derive(Clone)]
pub struct Texts(Arc<HashMap<Lang, FluentBundle<FluentResource>>>);

impl Texts {
    /// Fails on a file that cannot be read or a key defined twice.
    pub fn load(sources: &[Source]) -> Result<Texts> {
        let mut bundles = HashMap::new();
        for lang in Lang::ALL {
            let tag = lang.code().parse().map_err(|e| anyhow!("language {}: {e}", lang.code()))?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // Screen readers and WhatsApp show the isolation marks as noise.
            bundle.set_use_isolating(false);
            for (_, text) in sources.iter().filter(|(of, _)| *of == lang) {
                let resource = FluentResource::try_new((*text).to_owned())
                    .map_err(|(_, errors)| anyhow!("texts of {}: {errors:?}", lang.code()))?;
                bundle.add_resource(resource).map_err(|errors| anyhow!("texts of {}: {errors:?}", lang.code()))?;
            }
            bundles.insert(lang, bundle);
        }
        Ok(Texts(Arc::new(bundles)))
    }

    /// Whether a language has its own words for a key.
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.0.get(&lang).is_some_and(|bundle| bundle.has_message(key))
    }

    /// Says a key with named values. A missing key is said as itself, so that it is seen and found.
    pub fn say(&self, lang: Lang, key: &str, values: &[(&str, &str)]) -> String {
        let own = if self.has(lang, key) { lang } else { Lang::Id };
        let said = self.0.get(&own).and_then(|bundle| {
            let pattern = bundle.get_message(key)?.value()?;
            let mut args = FluentArgs::new();
            for (name, value) in values {
                args.set(*name, number(value).unwrap_or_else(|| FluentValue::from(*value)));
            }
            let mut errors = Vec::new();
            let said = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
            if !errors.is_empty() {
                tracing::warn!(key, ?errors, "text with missing values");
            }
            Some(said)
        });
        said.unwrap_or_else(|| key.to_owned())
    }
}

/// Plain small numbers become numbers, so that plural rules work; anything else stays as written.
fn number(value: &str) -> Option<FluentValue<'static>> {
    let digits = !value.is_empty() && value.len() < 7 && value.bytes().all(|b| b.is_ascii_digit());
    let plain = digits && (value == "0" || !value.starts_with('0'));
    plain.then(|| value.parse::<i64>().ok()).flatten().map(FluentValue::from)
}
