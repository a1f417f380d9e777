# Draf, menunggu penutur asli bahasa Ngaju.
layout-search = Gau
layout-login = Tame
layout-logout = Lua
