//! A small known set, twenty entries and fifteen questions as residents type them, to notice when a change of the
//! ranking or the word lists does harm. The figure is not comparable with the larger sets of the benchmark.

use super::{Change, Entry, Index, Query, Words};

const ENTRIES: [(&str, &str); 20] = [
    (
        "Jadwal posyandu balita Kelurahan Menteng",
        "Penimbangan dan imunisasi balita dilaksanakan setiap tanggal 10 di balai warga. Bawa buku KIA.",
    ),
    (
        "Cara mengurus kartu keluarga baru",
        "Warga datang ke Disdukcapil membawa surat pengantar RT, buku nikah, dan KTP. Pelayanan gratis.",
    ),
    (
        "KTP elektronik hilang, ini langkahnya",
        "Buat surat kehilangan di kepolisian, lalu cetak ulang di kantor kecamatan tanpa biaya.",
    ),
    (
        "Stok elpiji tiga kilogram aman",
        "Pertamina menambah pasokan tabung bersubsidi di pangkalan menjelang hari raya. Harga sesuai HET.",
    ),
    (
        "Kebakaran lahan gambut di Kalampangan dipadamkan",
        "Petugas BPBD dan masyarakat peduli api memadamkan api. Asap menyelimuti permukiman.",
    ),
    (
        "Musyawarah perencanaan pembangunan tingkat kelurahan",
        "Warga mengusulkan perbaikan drainase dan lampu jalan untuk tahun depan.",
    ),
    ("Bedah rumah bagi keluarga tidak mampu", "Pemerintah kota memperbaiki 20 rumah tidak layak huni melalui bantuan stimulan."),
    (
        "Waspada demam berdarah pada musim hujan",
        "Puskesmas mengajak warga memberantas sarang nyamuk dan memantau jentik di rumah.",
    ),
    ("Penyaluran bantuan langsung tunai tahap dua", "Penerima manfaat mengambil bantuan di kantor pos dengan membawa KTP asli."),
    (
        "Pelatihan pemasaran digital untuk pelaku UMKM",
        "Peserta belajar memotret produk dan membuka toko di lokapasar. Pendaftaran sampai Jumat.",
    ),
    ("Petani Kalampangan panen sayur", "Kelompok tani memanen sawi dan cabai di lahan gambut tanpa membakar."),
    ("Banjir rendam Bereng Bengkel", "Air Sungai Sabangau meluap. Warga mengungsi ke posko, perahu klotok disiapkan."),
    (
        "Lomba perahu hias memeriahkan hari jadi kota",
        "Peserta dari tiap kelurahan menghias perahu di Sungai Kahayan. Pendaftaran gratis.",
    ),
    ("Penerimaan murid baru sekolah dasar dibuka", "Orang tua mendaftar secara daring dengan akta kelahiran dan kartu keluarga."),
    ("Vaksin rabies gratis untuk anjing dan kucing", "Dinas pertanian membuka layanan vaksinasi hewan peliharaan di lapangan."),
    ("Jadwal pemadaman listrik hari Minggu", "PLN memelihara jaringan di Jekan Raya. Listrik padam pukul 9 sampai 13."),
    (
        "Awas penipuan undangan digital lewat WhatsApp",
        "Jangan membuka berkas APK. Laporkan nomor pengirim dan jangan berikan kode OTP.",
    ),
    ("Warga kerja bakti membersihkan selokan", "Gotong royong dilakukan setiap Minggu pagi agar saluran air tidak tersumbat."),
    ("Budidaya ikan patin di keramba", "Kelompok pembudidaya menebar benih patin di Sungai Rungan. Penyuluh memberi pakan."),
    (
        "Bank sampah menerima plastik dan kardus",
        "Nasabah menabung sampah terpilah. Timbangan dibuka tiap Sabtu di kantor kelurahan.",
    ),
];

/// Question, the number of the entry that answers it, then those that help.
const QUESTIONS: [(&str, &[usize]); 15] = [
    ("kapan posyandu menteng", &[0]),
    ("bikin kk baru syaratnya apa", &[1, 13]),
    ("ktp sy hilang gmn", &[2]),
    ("harga gas melon", &[3]),
    ("karhutla kalampangan", &[4]),
    ("musrenbang", &[5]),
    ("bantuan RTLH", &[6]),
    ("dbd", &[7]),
    ("blt kpn cair", &[8]),
    ("pelatian umkm jualan online", &[9]),
    ("daftar sekolah sd", &[13]),
    ("suntik anjing gila", &[14]),
    ("mati lampu hr minggu", &[15]),
    ("banjir ngungsi dimana", &[11]),
    ("ternak ikan patin", &[18]),
];

/// Discounted gain over the first ten, where the answer counts 3 and a help 1.
fn gain(found: &[usize], right: &[usize]) -> f64 {
    let worth = |id: usize| match right.iter().position(|r| *r == id) {
        Some(0) => 3.0,
        Some(_) => 1.0,
        None => 0.0,
    };
    let sum =
        |ids: &[usize]| -> f64 { ids.iter().take(10).enumerate().map(|(at, id)| worth(*id) / (at as f64 + 2.0).log2()).sum() };
    sum(found) / sum(right)
}

#[test]
fn residents_find_their_answer() {
    let index = Index::in_memory(Words::load(None).unwrap()).unwrap();
    let entries = ENTRIES.iter().zip(0..).map(|((title, body), id)| {
        Change::Put(Entry {
            kind: "article".into(),
            id,
            title: title.to_string(),
            body: body.to_string(),
            lang: "id".into(),
            ..Entry::default()
        })
    });
    index.apply(entries.collect(), 1).unwrap();
    let mut total = 0.0;
    for (text, right) in QUESTIONS {
        let query = Query { text: text.into(), limit: 10, ..Query::default() };
        let found: Vec<usize> = index.find(&query).unwrap().items.iter().map(|h| h.id as usize).collect();
        let gain = gain(&found, right);
        println!("{gain:.3} {text}: {found:?}");
        total += gain;
    }
    let mean = total / QUESTIONS.len() as f64;
    println!("nDCG@10 {mean:.3}");
    assert!(mean > 0.9, "{mean}");
}
