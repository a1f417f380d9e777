# Draf, menunggu penutur asli bahasa Banjar. Kata yang belum ada tampil dalam bahasa Indonesia.
people-login-title = Masuk
people-login-go = Masuk
people-login-lead = Gasan anggota KIM, pambina, wan patugas dinas. Mambaca habar kada parlu akun.
people-login = Numur WhatsApp, email, atawa ngaran pamakai
people-login-hint = Cuntuh: 0812 3456 7890
people-login-lost = Kada kawa masuk?
people-login-refused = Numur atawa kata sandi balum cucuk. Pariksa pulang, imbah itu cubai sakali lagi.
people-logged-out = Pian sudah kaluar. Kadada data nang tatinggal di HP ini.
people-register-have = Sudah baisi akun?
people-name = Ngaran Pian
people-name-empty = Tulis ngaran Pian.
people-account-title = Akun Pian
people-desk-read = Baca habar
people-notices = Habar gasan Pian
people-notices-none = Balum ada habar gasan Pian.
