# Draf, menunggu penutur asli bahasa Ngaju.
