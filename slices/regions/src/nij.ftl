# Draf, menunggu penutur asli bahasa Ngaju. Kata yang belum ada tampil dalam bahasa Indonesia.
regions-search-label = Aran atawa kode wilayah
regions-search-go = Gau
regions-none-title = Hindai sundau
regions-name = Aran
regions-aliases = Aran beken
regions-choose-title = Intih wilayah keton
regions-choose-walk = Intih bara daftar provinsi
regions-choose = Intih
