# Draf, menunggu penutur asli bahasa Banjar.
people-login-title = Masuk
people-login-go = Masuk
