# Draf, menunggu penutur asli bahasa Banjar. Kata yang belum ada tampil dalam bahasa Indonesia.
regions-search-label = Ngaran atawa kode wilayah
regions-search-hint = Cuntuh: Pahandut, Palangka Raya, atawa 62.71
regions-none-title = Balum tadapat
regions-none = Cubai tulis awal ngarannya haja, kada pakai kata desa atawa kacamatan.
regions-all = Lihat samunyaan provinsi
regions-list-districts = Kacamatan
regions-list-villages = Desa wan kalurahan
regions-name = Ngaran
regions-official-name = Ngaran rasmi
regions-aliases = Ngaran lain
regions-choose-this = Jadiakan wilayah ulun
regions-choose-title = Pilih wilayah Pian
regions-choose-now = Wahini Pian malihat habar { $name }. Pilih wilayah lain di bawah ini.
regions-choose-walk = Pilih matan daftar provinsi
regions-choose-whole = Saluruh { $name }
regions-choose-all = Saluruh Indonesia
regions-chosen-all = Wahini Pian malihat habar saluruh Indonesia.
