# slips for forgotten passwords
kim-slip-title = Bantu yang lupa kata sandi
kim-slip-lead = Pastikan dulu orangnya benar. Buat slip, cetak atau salin, lalu serahkan langsung kepadanya.
kim-slip-link = Bantu pengurus yang lupa kata sandi
kim-slip-none = Belum ada yang punya akun
kim-slip-none-text = Undang pengurus atau anggota KIM ini dulu.
kim-slip-roles = Hak
kim-slip-do = Buat slip
kim-slip-refused = Orang ini juga punya hak di luar wilayah Anda. Mintalah slip kepada pengelola Simpul.
