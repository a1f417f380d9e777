# Menunggu penutur asli; kata yang belum ada ditampilkan dalam bahasa Indonesia.
