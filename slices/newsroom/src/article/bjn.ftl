# Draf, menunggu penutur asli bahasa Banjar. Kata yang belum ada tampil dalam bahasa Indonesia.
newsroom-category-kabar = Habar warga
