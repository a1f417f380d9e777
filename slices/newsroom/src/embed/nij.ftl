# Draf, menunggu penutur asli bahasa Ngaju. Kata yang belum ada tampil dalam bahasa Indonesia.
newsroom-embed-frame = Barita taheta { $name }
newsroom-embed-from = Bara
