//! Tests of what happens to single words: stems, folding, the word lists, edit distances.

use super::tests::{entry, index, words};
use super::{Words, analyse, english, near};

#[test]
fn stems() {
    let words = words();
    let table = "pemberdayaan daya, pelatihan latih, masyarakat masyarakat, mempromosikan promosi, \
        kesinambungan sinambung, ditekankannya tekan, beras beras, penyebarluasan sebarluas, keterbatasan batas, \
        berita berita, memberitakan berita, umkmnya umkm, bersihkan bersih, dikurangi kurang, pelayanan layan, \
        kesehatan sehat, penanaman tanam, pembangunan bangun, perempuan perempuan, kebakaran bakar, \
        penanggulangan tanggulang, kebencanaan bencana, peternakan ternak, perikanan ikan, pendaftaran daftar, \
        pengaduan adu, perekaman rekam, kelurahan lurah, kecamatan camat, perbaikan baik, pengurusan urus, \
        persyaratan syarat, penerima terima, bantuan bantu, imunisasi imun, penimbangan timbang, pengairan air, \
        pemupukan pupuk, menyemprotkan semprot, memanen panen, kelompok kelompok, petani tani, pengolahan olah, \
        pengangkutan angkut, bermusyawarah musyawarah, pemilihan pilih, terpilih pilih, peringatan ingat, \
        ketertiban tertib, perlindungan lindung, mengungsi ungsi, kebanjiran banjir, menginformasikan informasi, \
        memasarkan pasar, pekerjaan kerja, menanyakan tanya, penyuluhan suluh, belajar ajar, pelajaran ajar, \
        disekolahkan sekolah, menular tular, kelahiran lahir, mengecat cat, perubahan ubah, pengalaman alam, \
        mengetahui tahu, mempekerjakan kerja, diterimanya terima, keberhasilan hasil, pemenuhan penuh, \
        tepercaya percaya, bekerja kerja, pentingkah penting, memperbaiki baik, kependudukan penduduk, \
        keluarganya keluarga, rumahku rumah, berikan beri, sekolahlah sekolah, penyapu sapu, mengelola kelola, \
        menyebarluaskan sebarluas, posyandunya posyandu, xyzzy xyzzy, di di, bansosnya bansos";
    let mut wrong = Vec::new();
    let mut cases = 0;
    for case in table.split(", ") {
        let (word, stem) = case.trim().split_once(' ').unwrap();
        cases += 1;
        if words.stemmer.stem(word) != stem {
            wrong.push(format!("{word}: {} instead of {stem}", words.stemmer.stem(word)));
        }
    }
    assert!(cases > 80 && wrong.is_empty(), "{wrong:?}");
}

#[test]
fn roots_stay_and_are_sorted() {
    let words = words();
    let text = include_str!("../../../../data/search/roots.txt");
    let roots: Vec<&str> = text.lines().filter_map(|l| l.split(' ').next()).collect();
    assert!(roots.is_sorted());
    let kept = roots.iter().filter(|r| words.stemmer.stem(r) == **r).count();
    assert!(kept * 1_000 > roots.len() * 995, "{kept} of {}", roots.len());
}

#[test]
fn words_are_cut_and_folded() {
    let words = words();
    let stems =
        |text: &str| -> Vec<String> { analyse::tokens(text, &words.stemmer, false).into_iter().map(|t| t.stem).collect() };
    assert_eq!(stems("anak-anak berjalan-jalan, tolong-menolong"), ["anak", "jalan", "tolong"]);
    assert_eq!(stems("anak2 UMKM-nya Jum'at café RT.03/RW 007"), ["anak", "umkm", "jumat", "cafe", "rt", "3", "rw", "7"]);
    assert_eq!(stems("gas 3kg, 081234567890"), ["gas", "3", "kg", "081234567890"]);
    assert_eq!(stems("sayur-mayur"), ["sayur", "mayur"]);
    let token = &analyse::tokens("Urus e-KTP!", &words.stemmer, false)[1];
    assert_eq!((token.from, token.joined.clone()), (5, Some(("ektp".into(), 2))));
    assert_eq!(stems("— ' - … 🌾"), Vec::<String>::new());
    assert_eq!(english::stem("services"), english::stem("service"));
    assert_eq!(english::stem("planting"), "plant");
    assert_eq!(english::stem("hopping"), "hop");
}

#[test]
fn a_written_table_of_some_size() {
    let words = words();
    assert!(words.count() > 600, "{}", words.count());
    assert!(!words.synonyms("musrenbang").is_empty());
    assert!(Words::parse("same = [[\"a\"], 3]").is_err());
    assert!(Words::parse("unknown = 1").is_err());
}

#[test]
fn distances() {
    let index = index(vec![entry(1, "abcdefgh", "zzz abdc 9kata")]);
    let view = index.view_for_tests();
    let near = |word: &str, reach| -> Vec<(String, u8)> {
        let all = near::near(&view.text, view.segments.len(), word, reach).unwrap();
        all.into_iter().map(|n| (n.word, n.distance)).collect()
    };
    assert_eq!(near("abcd", 1), [("abdc".into(), 1)]);
    assert_eq!(near("bacdefhg", 2), [("abcdefgh".into(), 2)]);
    assert_eq!(near("abcdefgh", 1), [("abcdefgh".into(), 0)]);
    assert_eq!(near("xbcdefgh", 1), [("abcdefgh".into(), 1)]);
    assert_eq!(near("abcdefg", 1), [("abcdefgh".into(), 1)]);
    assert!(near("zzzzz", 1).is_empty());
}
