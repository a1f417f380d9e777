//! Days as people write them in spreadsheets.
const MONTHS: [&[&str]; 12] = [
    &["januari", "jan"],
    &["februari", "pebruari", "feb", "peb"],
    &["maret", "mar"],
    &["april", "apr"],
    &["mei"],
    &["juni", "jun"],
    &["juli", "jul"],
    &["agustus", "agu", "agt", "ags"],
    &["september", "sep", "sept"],
    &["oktober", "okt"],
    &["november", "nopember", "nov", "nop"],
    &["desember", "des"],
];

/// A day as `2024-03-14` from `14/03/2024`, `14-3-2024`, `14 Maret 2024` or `2024-03-14`; none when
/// it is no day. The day comes before the month; a year has four digits.
pub fn read(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let parts: Vec<&str> = lower.split(['/', '-', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let [first, middle, last] = parts.as_slice() else { return None };
    let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
    let month = match middle.parse::<usize>() {
        Ok(month) => month,
        Err(_) => MONTHS.iter().position(|names| names.contains(middle))? + 1,
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let fits = digits(day) && digits(year) && year.len() == 4 && day.len() <= 2 && (1..=12).contains(&month);
    fits.then(|| format!("{year}-{month:02}-{day:0>2}"))
}

/// The start of a day in a region, from any of the forms of [`read`].
pub fn parse(text: &str, region: &str) -> Option<i64> {
    web::dates::parse_day(&read(text)?, region)
}
