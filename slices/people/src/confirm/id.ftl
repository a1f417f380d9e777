people-confirm-title = Pastikan email Anda
people-confirm-lead = Kami mengirim kode ke { $email }. Ketik kodenya di sini.
people-confirm-code = Kode dari email
people-confirm-code-hint = Delapan huruf dan angka, berlaku satu jam. Contoh: abcd-2345
people-confirm-do = Pastikan
people-confirm-wrong = Kode ini belum cocok atau sudah lewat waktunya. Periksa lagi, atau minta kode baru.
people-confirm-done = Email Anda sudah pasti. Terima kasih.
people-confirm-none = Belum ada surat?
people-confirm-none-text = Tunggu beberapa menit dan lihat juga folder spam.
people-confirm-again = Kirim kode lagi
people-confirm-sent = Kode baru sedang dikirim. Kode sebelumnya tidak berlaku lagi.
people-confirm-other = Alamatnya salah? Tulis email yang benar
people-confirm-other-do = Kirim ke alamat ini
people-confirm-open = belum dipastikan
people-confirm-go = Masukkan kode
people-confirm-wait = Kami mengirim kode ke alamat baru. Alamat lama tetap berlaku sampai kodenya diketik.
people-confirm-mail-title = Kode untuk akun Simpul Anda
people-confirm-mail =
    Halo, { $name }.

    Kode untuk memastikan email Anda: { $code }

    Ketik di { $link }

    Kode berlaku satu jam. Bukan Anda yang mendaftar? Abaikan surat ini.
people-confirm-vouch-title = Email belum dipastikan
people-confirm-vouch-note = Kode dikirim ke { $email } dan belum diketik. Bila surat tidak sampai dan Anda tahu alamat ini memang miliknya, pastikan di sini.
people-confirm-vouch = Pastikan alamat ini
people-confirm-vouched = Alamat sudah dipastikan.
people-welcome-held = Selamat datang, { $name }. Tinggal satu langkah lagi.
