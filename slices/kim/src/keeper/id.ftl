kim-keeper-title = KIM tanpa pengurus
kim-keeper-lead = Tidak ada pengurus KIM ini yang bisa masuk. Undang satu orang, lalu ia mengurus selebihnya.
kim-keeper-none = Semua KIM punya pengurus
kim-keeper-none-text = Bila pengurus terakhir pergi atau akunnya dikunci, KIM-nya muncul di sini.
kim-keeper-invited = Sudah diundang, berlaku sampai
kim-keeper-do = Undang pengurus
kim-keeper-there = KIM ini sudah punya pengurus. Pengurusnya yang mengundang orang lain.
kim-keeper-task = { $n ->
    [1] Satu KIM tanpa pengurus
   *[other] { $n } KIM tanpa pengurus
}
kim-keeper-task-note = Undang pengurus baru supaya KIM-nya bisa bekerja.
kim-keeper-task-do = Lihat KIM-nya
kim-keeper-left = Yang ditinggal pengurusnya
kim-keeper-listings = Yang belum diklaim
