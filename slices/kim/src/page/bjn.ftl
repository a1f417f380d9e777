# Draf, menunggu penutur asli bahasa Banjar.
