# Draf, menunggu penutur asli bahasa Banjar.
layout-search = Cari
layout-login = Masuk
layout-logout = Kaluar
layout-more = Lainnya
