//! Dates and numbers as people here read them.
use base::{Lang, Texts};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

const MONTHS: [&str; 12] =
    ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"];
const MONTHS_EN: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// Hours east of Greenwich and the zone's name, by province code (Presidential Decree 41/1987).
pub fn zone(region: &str) -> (i8, &'static str) {
    match region.get(..2).unwrap_or("62") {
        "51" | "52" | "53" | "63" | "64" | "65" | "71" | "72" | "73" | "74" | "75" | "76" => (8, "WITA"),
        "81" | "82" | "91" | "92" | "93" | "94" | "95" | "96" => (9, "WIT"),
        _ => (7, "WIB"),
    }
}

/// The wall clock of a region. `at` is epoch microseconds.
pub fn local(at: i64, region: &str) -> DateTime {
    let stamp = Timestamp::from_microsecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    Offset::constant(zone(region).0).to_datetime(stamp)
}

pub fn month(number: i8, lang: Lang) -> &'static str {
    let names = if lang == Lang::En { MONTHS_EN } else { MONTHS };
    names[usize::try_from(number - 1).unwrap_or(0).min(11)]
}

pub fn date(at: i64, lang: Lang, region: &str) -> String {
    let day = local(at, region);
    format!("{} {} {}", day.day(), month(day.month(), lang), day.year())
}

pub fn datetime(at: i64, lang: Lang, region: &str) -> String {
    let clock = local(at, region);
    let dot = if lang == Lang::En { ':' } else { '.' };
    format!("{}, {:02}{dot}{:02} {}", date(at, lang, region), clock.hour(), clock.minute(), zone(region).1)
}

pub fn iso(at: i64, region: &str) -> String {
    let clock = local(at, region);
    let hours = zone(region).0;
    format!("{}+{hours:02}:00", clock.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// How long ago, in the words of a neighbour; the date once it is more than six days.
pub fn ago(at: i64, now: i64, lang: Lang, region: &str, texts: &Texts) -> String {
    use base::clock::{HOUR, MINUTE};
    let passed = now - at;
    let days = local(now, region).date().since(local(at, region).date()).map_or(99, |span| span.get_days());
    let n = |n: i64| n.to_string();
    match passed {
        _ if passed < 0 => datetime(at, lang, region),
        _ if passed < 2 * MINUTE => texts.say(lang, "date-now", &[]),
        _ if passed < HOUR => texts.say(lang, "date-minutes", &[("n", &n(passed / MINUTE))]),
        _ if days == 0 || passed < 6 * HOUR => texts.say(lang, "date-hours", &[("n", &n(passed / HOUR))]),
        _ if days == 1 => texts.say(lang, "date-yesterday", &[]),
        _ if days < 7 => texts.say(lang, "date-days", &[("n", &n(days.into()))]),
        _ => date(at, lang, region),
    }
}

pub fn count(n: i64, lang: Lang) -> String {
    let digits = n.unsigned_abs().to_string();
    let mark = if lang == Lang::En { ',' } else { '.' };
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    if n < 0 { format!("-{out}") } else { out }
}

/// Reads `2026-11-24` as the start of that day in a region.
pub fn parse_day(text: &str, region: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.trim().parse().ok()?;
    if !(1900..=2200).contains(&date.year()) {
        return None;
    }
    let start = Offset::constant(zone(region).0).to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(start.as_microsecond())
}

/// Reads RFC 3339 (or a day) as epoch microseconds.
pub fn parse_iso(text: &str) -> Option<i64> {
    let stamp: Option<Timestamp> = text.trim().parse().ok();
    let near = |at: &i64| (1900..=2200).contains(&local(*at, "62").year());
    stamp.map(|stamp| stamp.as_microsecond()).filter(near).or_else(|| parse_day(text, "62"))
}

/// `2026-11-24`, for date inputs.
pub fn day(at: i64, region: &str) -> String {
    local(at, region).strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_in_the_zone_of_the_region() {
        let at = parse_iso("2026-11-24T00:40:00Z").expect("a time");
        assert_eq!(datetime(at, Lang::Id, "62.71"), "24 November 2026, 07.40 WIB");
        assert_eq!(datetime(at, Lang::En, "91.71"), "24 November 2026, 09:40 WIT");
        assert_eq!(iso(at, "64"), "2026-11-24T08:40:00+08:00");
        assert_eq!(day(parse_day("2026-01-31", "94").expect("a day"), "94"), "2026-01-31");
        assert_eq!(count(-1_234_567, Lang::Id), "-1.234.567");
        assert_eq!(count(999, Lang::En), "999");
    }
}
