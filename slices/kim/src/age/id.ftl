kim-born = Tahun lahir
kim-born-hint = Contoh: 1990. Wajib untuk pengurus, penyunting, dan yang punya akun. Tidak kami tampilkan.
kim-born-bad = Tulis tahun lahir dengan empat angka. Contoh: 1990
kim-born-empty = Tulis tahun lahirnya, supaya kami tahu ia sudah cukup umur.
kim-born-officer = Pengurus dan penyunting harus sudah 18 tahun. Menurut tahun lahirnya, itu baru pasti pada { $year }.
kim-born-account = Akun hanya untuk yang sudah { $n } tahun. Menurut tahun lahirnya, itu baru pasti pada { $year }.
kim-born-yours = Pengurus harus sudah 18 tahun. Hanya tahun yang kami simpan, dan tidak kami tampilkan.
kim-guardian = Persetujuan wali sudah saya lihat
kim-guardian-note = Untuk yang belum 18 tahun. Simpan suratnya di KIM. Nama wali tidak perlu ditulis di sini.
kim-guardian-needed = Anggota di bawah 18 tahun perlu persetujuan tertulis dari walinya. Centang setelah Anda melihat suratnya.
kim-conflict-young = Orang ini belum pasti 18 tahun, jadi belum bisa menjadi pengurus atau penyunting.
kim-born-task = { $n ->
    [1] Isi tahun lahir seorang pengurus
   *[other] Isi tahun lahir { $n } pengurus
}
kim-born-task-do = Buka daftar anggota
