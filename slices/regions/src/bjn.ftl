# Banjar: menunggu penutur asli. Kata yang belum ada ditampilkan dalam bahasa Indonesia.
