//! What a KIM has to work with: its tools, and whether there is a signal where it works.
pub mod pages;
pub mod store;
#[cfg(test)]
mod tests;

/// Longest words for tools that the list does not hold, in characters.
pub const OTHER_MOST: usize = 200;

/// How the signal is: code, key of its name, key of a note.
pub const CONNECTIVITY: [(&str, &str, &str); 3] = [
    ("good", "kim-signal-good", "kim-signal-good-note"),
    ("hotspot", "kim-signal-hotspot", "kim-signal-hotspot-note"),
    ("blank", "kim-signal-blank", "kim-signal-blank-note"),
];

/// Tools that groups have: code and key of the name.
pub const EQUIPMENT: [(&str, &str); 11] = [
    ("ponsel", "kim-tool-phone"),
    ("laptop", "kim-tool-laptop"),
    ("kamera", "kim-tool-camera"),
    ("mikrofon", "kim-tool-microphone"),
    ("tripod", "kim-tool-tripod"),
    ("cetak", "kim-tool-printer"),
    ("proyektor", "kim-tool-projector"),
    ("pengeras", "kim-tool-speaker"),
    ("mading", "kim-tool-board"),
    ("radio", "kim-tool-radio"),
    ("wifi", "kim-tool-wifi"),
];

/// What a group said of its tools and signal.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Facility {
    /// A code of [`CONNECTIVITY`]; empty until the group says.
    pub connectivity: String,
    /// Codes of [`EQUIPMENT`] between commas.
    pub equipment: String,
    pub equipment_other: String,
}

impl Facility {
    /// Key of the words for its signal.
    pub fn signal(&self) -> Option<&'static str> {
        signal_key(&self.connectivity)
    }

    /// Keys of the names of its tools.
    pub fn tools(&self) -> Vec<&'static str> {
        named(&EQUIPMENT, &self.equipment)
    }
}

/// Key of the words for a signal.
pub fn signal_key(code: &str) -> Option<&'static str> {
    CONNECTIVITY.iter().find(|(known, ..)| *known == code).map(|(_, key, _)| *key)
}

/// Known codes among those sent, as stored: between commas, in the order of the list.
pub fn join(list: &[(&str, &str)], sent: &[String]) -> String {
    let known = list.iter().filter(|(code, _)| sent.iter().any(|one| one == code));
    known.fold(",".to_owned(), |all, (code, _)| format!("{all}{code},"))
}

/// Keys of the names of stored codes.
pub fn named(list: &[(&str, &'static str)], stored: &str) -> Vec<&'static str> {
    let key = |code: &str| list.iter().find(|(known, _)| *known == code).map(|(_, key)| *key);
    stored.split(',').filter_map(key).collect()
}
