# Draf, menunggu penutur asli bahasa Ngaju. Kata yang belum ada tampil dalam bahasa Indonesia.
kim-menu-all = Uras KIM
kim-no = Dia
kim-not-yet = Hindai
kim-all = Uras
kim-directory-in = KIM intu { $place }
kim-search = Gau aran KIM atawa eka
kim-search-do = Gau
kim-empty-title = Hindai tege KIM intu hetuh
kim-confirmed-by = SK { $number } bara { $signer }
kim-region-all = Uras { $n } KIM
kim-region-none = Hindai tege KIM huang wilayah tuh.
kim-name = Aran KIM
