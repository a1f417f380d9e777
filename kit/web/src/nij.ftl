# Draf, menunggu penutur asli bahasa Ngaju. Kata yang belum ada tampil dalam bahasa Indonesia.
layout-search = Gau
layout-login = Tame
layout-logout = Lua
layout-news-of = Barita
layout-region-find = Gau lewu, kelurahan, atawa kota
layout-region-search = Gau wilayah
layout-region-browse = Intih bara daftar
layout-language = Basa
date-yesterday = male
error-missing-title = Halaman tuh jaton
error-login-title = Tame helu
error-search = Gau barita, KIM, atawa wilayah
error-search-go = Gau
error-to-news = Uras barita
error-to-groups = Uras KIM
