//! The columns of the two templates, the names by which each is found, and their limits.
use regions::fold;

use crate::register::rules;

/// A column of a template.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub code: &'static str,
    /// Key of its name; the template's head is always its Indonesian text.
    pub text: &'static str,
    /// Key of what to write in it.
    pub hint: &'static str,
    /// Folded names by which it is found besides its own.
    pub names: &'static [&'static str],
    /// Longest cell, in characters.
    pub most: usize,
    /// Whether a file without it cannot be read.
    pub needed: bool,
    /// What the template shows in its example line.
    pub example: &'static str,
}

macro_rules! column {
    ($code:literal, $text:literal, $hint:literal, $names:expr, $most:expr, $needed:literal, $example:literal) => {
        Column { code: $code, text: $text, hint: $hint, names: &$names, most: $most, needed: $needed, example: $example }
    };
}

/// A register of KIM.
pub const REGISTER: &[Column] = &[
    column!(
        "nama",
        "kim-bulk-name",
        "kim-bulk-name-hint",
        ["nama", "kim", "nama kelompok", "kelompok"],
        rules::NAME_MOST,
        true,
        "KIM Riak Seberang"
    ),
    column!(
        "nomor",
        "kim-bulk-number",
        "kim-bulk-number-hint",
        ["nomor", "no kim", "nomor induk kim", "no induk kim", "nomor register"],
        rules::NUMBER_MOST,
        false,
        "62.71/KIM/001"
    ),
    column!(
        "kode_wilayah",
        "kim-bulk-code",
        "kim-bulk-code-hint",
        ["kode", "kode desa", "kode kelurahan", "kode desa kelurahan", "kode kelurahan desa", "kode kemendagri"],
        13,
        false,
        "62.71.01.1005"
    ),
    column!(
        "desa",
        "kim-bulk-village",
        "kim-bulk-village-hint",
        ["desa", "kelurahan", "desa kelurahan", "kelurahan desa", "wilayah", "nama desa", "nama kelurahan"],
        80,
        false,
        "Pahandut Seberang"
    ),
    column!("kecamatan", "kim-bulk-district", "kim-bulk-district-hint", ["distrik", "nama kecamatan"], 80, false, "Pahandut"),
    column!(
        "kabupaten",
        "kim-bulk-regency",
        "kim-bulk-regency-hint",
        ["kabupaten", "kota", "kabupaten kota", "kab kota", "kota kabupaten"],
        80,
        false,
        "Kota Palangka Raya"
    ),
    column!(
        "berdiri",
        "kim-bulk-founded",
        "kim-bulk-founded-hint",
        ["berdiri", "tgl berdiri", "tanggal dibentuk", "tanggal pembentukan"],
        40,
        false,
        "14/03/2021"
    ),
    column!("bidang", "kim-bulk-themes", "kim-bulk-themes-hint", ["tema", "bidang garapan", "bidang kegiatan"], 200, false, ""),
    column!(
        "tentang",
        "kim-bulk-about",
        "kim-bulk-about-hint",
        ["keterangan", "profil", "deskripsi"],
        rules::ABOUT_MOST,
        false,
        ""
    ),
    column!(
        "telepon",
        "kim-bulk-phone",
        "kim-bulk-phone-hint",
        ["telepon", "no hp", "hp", "no telepon", "nomor telepon", "whatsapp", "no wa", "nomor wa", "nomor whatsapp", "kontak"],
        30,
        false,
        ""
    ),
    column!("surel", "kim-bulk-email", "kim-bulk-email-hint", ["surel", "e mail", "alamat email"], 120, false, ""),
    column!("alamat", "kim-bulk-address", "kim-bulk-address-hint", ["alamat", "sekretariat"], rules::ADDRESS_MOST, false, ""),
    column!("nomor_sk", "kim-bulk-decree", "kim-bulk-decree-hint", ["no sk", "sk"], 80, false, "12/KEL/2021"),
    column!("tanggal_sk", "kim-bulk-decree-day", "kim-bulk-decree-day-hint", ["tgl sk"], 40, false, "20/03/2021"),
    column!(
        "penanda_tangan",
        "kim-bulk-decree-signer",
        "kim-bulk-decree-signer-hint",
        ["penanda tangan", "penandatangan", "penandatangan sk", "sk dari"],
        120,
        false,
        "Lurah Pahandut Seberang"
    ),
];

/// The roster of one KIM. A member's phone number is no part of it: nobody asked them.
pub const ROSTER: &[Column] = &[
    column!("nama", "kim-bulk-person", "kim-bulk-person-hint", ["nama", "nama anggota", "anggota"], rules::NAME_MOST, true, ""),
    column!("jabatan", "kim-bulk-office", "kim-bulk-office-hint", ["posisi", "kedudukan"], 40, false, ""),
    column!("bidang", "kim-bulk-division", "kim-bulk-division-hint", ["bidang", "seksi", "divisi"], 60, false, ""),
    column!("mulai", "kim-bulk-joined", "kim-bulk-joined-hint", ["mulai", "tanggal bergabung", "bergabung"], 40, false, ""),
];

/// Columns that our own files add and that say nothing when they come back.
const OWN: &[&str] = &["alasan", "no", "nomor urut", "baris"];
/// Words in names of columns that a roster never keeps.
const PHONES: &[&str] = &["hp", "telepon", "telp", "wa", "whatsapp", "kontak", "nik", "ktp"];

/// What a name of a column in a file stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Index into the columns.
    Known(usize),
    /// Left out without a word.
    Silent,
    /// Holds what we never keep of a person.
    Private,
    Unknown,
}

/// Reads a name of a column. `own` are the folded Indonesian names of the columns, in their order.
pub fn meaning(columns: &[Column], own: &[String], name: &str) -> Meaning {
    let folded = fold(name);
    if folded.is_empty() {
        return Meaning::Silent;
    }
    let fits = |i: usize| own.get(i).is_some_and(|o| *o == folded) || columns[i].names.contains(&folded.as_str());
    let coded = |i: usize| fold(columns[i].code) == folded;
    if let Some(i) = (0..columns.len()).find(|i| fits(*i)).or_else(|| (0..columns.len()).find(|i| coded(*i))) {
        return Meaning::Known(i);
    }
    if OWN.contains(&folded.as_str()) {
        return Meaning::Silent;
    }
    let private = folded.split(' ').any(|word| PHONES.contains(&word));
    if private { Meaning::Private } else { Meaning::Unknown }
}
