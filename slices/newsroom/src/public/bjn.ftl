# Menunggu penutur asli. Kata yang belum ada tampil dalam bahasa Indonesia.
