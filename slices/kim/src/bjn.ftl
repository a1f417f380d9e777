# Draf, menunggu penutur asli bahasa Banjar. Kata yang belum ada tampil dalam bahasa Indonesia.
kim-menu-all = Samunyaan KIM
kim-yes = Inggih
kim-no = Kada
kim-not-yet = Balum
kim-all = Samunyaan
kim-office-chair = Katua

kim-directory-title = KIM di sakitar kita
kim-search = Cari ngaran KIM atawa wadah
kim-none-title = Balum ada KIM nang cucuk
kim-none-text = Cubai kata lain, atawa hapus saringannya.
kim-none-all = Lihat samunyaan KIM
kim-empty-title = Balum ada KIM di sini
kim-empty-text = Kumpulakan babarapa tatangga, imbah itu daftarakan kalumpuk Pian. Kada babayar.
kim-empty-do = Daftarakan KIM

kim-archive = KIM ini sudah dibubarakan. Halaman ini kami simpan gasan arsip.
kim-contact-whatsapp = Hubungi kalumpuk
kim-work = Nang kami gawi
kim-work-articles = habar tarbit
kim-work-caption = Habar tarbit saban bulan
kim-know = Kanali kami
kim-number = Numur KIM
kim-confirmed-by = SK { $number } matan { $signer }
kim-leaders = Pangurus
kim-history-none = Balum ada riwayat

kim-region-all = Samunyaan { $n } KIM
kim-region-reach = { $some } matan { $all } desa wan kalurahan sudah baisi KIM.
kim-region-none = Balum ada KIM di wilayah ini.
kim-new-title = Daftarakan kalumpuk Pian
kim-name = Ngaran KIM
