people-reset-title = Lupa kata sandi
people-reset-by-mail = Lewat email
people-reset-mail-hint = Email yang Anda pakai untuk masuk.
people-reset-send = Kirim tautan
people-reset-sent = Kalau alamat itu terdaftar, tautan sudah kami kirim. Tautan berlaku satu jam.
people-reset-by-slip = Dengan slip dari pembina
people-reset-slip-note = Tidak punya email? Mintalah slip kepada pembina KIM Anda, lalu ketik kodenya di sini.
people-reset-code = Kode pada slip
people-reset-code-hint = Dua belas huruf dan angka. Contoh: abcd-efgh-2345
people-reset-code-wrong = Kode ini belum cocok atau sudah tidak berlaku. Periksa lagi hurufnya.
people-reset-open = Lanjut
people-reset-late = Tautan atau slip ini sudah dipakai atau sudah lewat waktunya. Minta yang baru.
people-reset-new = Kata sandi baru
people-reset-new-lead = Setelah ini, semua perangkat yang memakai akun Anda keluar. Masuklah lagi dengan kata sandi baru.
people-reset-done = Kata sandi baru sudah tersimpan. Silakan masuk.
people-reset-mail-title = Kata sandi baru untuk akun Simpul Anda
people-reset-mail =
    Halo, { $name }.

    Ada yang meminta kata sandi baru untuk akun Anda. Buka tautan ini untuk membuatnya:

    { $link }

    Tautan berlaku satu jam dan hanya satu kali. Bukan Anda yang meminta? Abaikan surat ini; kata sandi Anda tidak berubah.
people-notice-slip = Slip kata sandi dibuat untuk akun Anda. Bukan Anda yang minta? Hubungi pengelola.
people-notice-reset = Kata sandi akun Anda baru saja diganti. Bukan Anda? Hubungi pengelola.
people-slip-title = Slip kata sandi
people-slip-make = Buat slip kata sandi
people-slip-note = Untuk orang yang lupa kata sandi dan tidak punya email. Serahkan slipnya langsung kepada orangnya.
people-slip-one = Buka { $address } di HP.
people-slip-two = Ketik kode ini:
people-slip-three = Buat kata sandi baru, lalu masuk.
people-slip-until = Berlaku sampai
people-slip-once = Kode ini hanya tampil sekali. Cetak atau salin sekarang, dan jangan kirim lewat grup.
people-slip-back = Kembali
