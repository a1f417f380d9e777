//! Reading and writing the query part of an address. What a reader may type never fails; it is cut.
use web::Ctx;

/// Longest value taken, in characters.
const MOST: usize = 200;

/// The named values of a query, in their order, trimmed.
#[derive(Debug, Default)]
pub struct Asked(Vec<(String, String)>);

impl Asked {
    /// The query of a request.
    pub fn of(ctx: &Ctx) -> Asked {
        Asked::read(ctx.uri.split_once('?').map_or("", |(_, query)| query))
    }

    fn read(query: &str) -> Asked {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Asked(pairs.map(|(name, value)| (name.into_owned(), value.trim().chars().take(MOST).collect())).collect())
    }

    /// The first value of a name; empty without one.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value)
    }

    /// Where a list of the API goes on: its `after`, or `next`.
    pub fn cursor(&self) -> &str {
        web::json::cursor(self.get("after"), self.get("next"))
    }

    /// Every value of a name, also those written as one with commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(of, _)| of == name).flat_map(|(_, value)| value.split(','));
        values.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }
}

/// A path with the pairs that have a value.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_whatever_comes() {
        let asked = Asked::read("q=+banjir%20rob+&jenis=article,kim&jenis=&jenis=region&x=%ff%00");
        assert_eq!(asked.get("q"), "banjir rob");
        assert_eq!(asked.list("jenis"), ["article", "kim", "region"]);
        assert_eq!(asked.get("none"), "");
        assert_eq!(Asked::read("after=&next=1.2").cursor(), "1.2");
        assert_eq!(Asked::read("next=1.2&after=3.4").cursor(), "3.4");
        assert_eq!(Asked::read(&format!("q={}", "é".repeat(500))).get("q").chars().count(), 200);
    }

    #[test]
    fn writes_only_what_is_set() {
        assert_eq!(address("/kabar", &[("wilayah", ""), ("tag", "")]), "/kabar");
        assert_eq!(address("/kabar", &[("wilayah", "62.71"), ("tag", "a&b")]), "/kabar?wilayah=62.71&tag=a%26b");
    }
}
