# Draf, menunggu penutur asli bahasa Ngaju. Kata yang belum ada tampil dalam bahasa Indonesia.
people-menu-today = Andau tuh
people-login-title = Tame
people-login-go = Tame
people-login-lost = Dia tau tame?
people-name = Aran keton
people-account-title = Akun keton
people-desk-find = Gau KIM
people-notices = Barita akan keton
