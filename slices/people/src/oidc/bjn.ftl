# Menunggu penutur asli.
