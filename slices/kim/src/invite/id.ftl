kim-account-invite = Belum punya akun. Supaya bisa menulis, undang dia; akunnya tersambung setelah ia menerima.
kim-account-invite-do = Undang
kim-deputy-refused = Pengganti sementara tidak bisa mengubah hak orang lain. Tunggu pengurusnya, atau minta pengurus lain.
kim-invite-title = Undang orang
kim-invite-lead = Kirim tautan, tunjukkan kode QR, atau tempel di papan. Undangan berlaku 14 hari.
kim-invite-waiting = { $n ->
    [1] Satu orang menunggu Anda
   *[other] { $n } orang menunggu Anda
}
kim-invite-waiting-note = Terima hanya orang yang Anda kenal. Setelah diterima, ia langsung bisa bekerja di KIM ini.
kim-invite-approve = Terima
kim-invite-refuse = Tolak
kim-invite-new = Undangan baru
kim-invite-entry = Untuk { $name }, yang sudah ada di daftar anggota.
kim-invite-other = Undang orang lain
kim-invite-stands-in = Anda sedang menggantikan pengurus. Pengganti bisa mengundang anggota, bukan pengurus atau penyunting.
kim-invite-role = Sebagai apa?
kim-invite-role-empty = Pilih salah satu peran.
kim-invite-member = Menulis untuk KIM.
kim-invite-editor = Menulis, memeriksa, dan menerbitkan.
kim-invite-officer = Mengurus data KIM. Tercatat sebagai ketua bila belum ada ketua, selain itu sekretaris.
kim-invite-for = Untuk siapa?
kim-invite-for-empty = Pilih untuk satu orang atau banyak orang.
kim-invite-one = Satu orang
kim-invite-one-note = Sekali pakai. Begitu diterima, ia langsung bergabung.
kim-invite-many = Banyak orang
kim-invite-many-note = Untuk poster atau grup. Tiap orang menunggu persetujuan Anda.
kim-invite-entry-one = Undangan untuk nama di daftar hanya untuk satu orang.
kim-invite-linked = Nama itu sudah punya akun atau sudah keluar.
kim-invite-note = Catatan
kim-invite-note-hint = Boleh kosong. Hanya pengurus yang melihatnya. Contoh: relawan posko
kim-invite-do = Buat undangan
kim-invite-list = Undangan yang sudah dibuat
kim-invite-none = Belum ada undangan.
kim-invite-by = dibuat { $name }
kim-invite-until = berlaku sampai
kim-invite-revoke = Cabut
kim-invite-made = Undangan siap
kim-invite-back = Kembali ke daftar undangan
kim-invite-poster = Mari bergabung dengan
kim-invite-scan = Pindai dengan kamera HP, lalu ikuti langkahnya.
kim-invite-whatsapp = Kirim lewat WhatsApp
kim-invite-copy = Salin tautan
kim-invite-words = Anda diundang bergabung dengan { $title } di Simpul. Buka tautan ini dalam 14 hari: { $address }
kim-invite-once = Kirim atau cetak sekarang: tautan ini tidak bisa ditampilkan lagi.
kim-invite-one-next = Setelah dipakai satu kali, undangan ini habis.
kim-invite-many-next = Siapa yang memakainya menunggu persetujuan Anda di halaman Undang orang.
kim-invite-done-revoked = Undangan sudah dicabut dan tidak bisa dipakai lagi.
kim-invite-done-approved = Orang itu sudah diterima dan kami beri tahu.
kim-invite-done-refused = Permintaan itu sudah ditolak. Ia kami beri tahu.
kim-invite-task = { $n ->
    [1] Satu orang ingin bergabung
   *[other] { $n } orang ingin bergabung
}
kim-invite-task-do = Periksa siapa
kim-official-title = Undang petugas wilayah
kim-official-lead = Undangan untuk satu orang. Begitu diterima, ia langsung bertugas.
kim-official-region-empty = Pilih wilayahnya. Tulis namanya, lalu coba lagi.
