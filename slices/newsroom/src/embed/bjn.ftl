# Draf, menunggu penutur asli bahasa Banjar. Kata yang belum ada tampil dalam bahasa Indonesia.
newsroom-embed-frame = Habar paling hanyar { $name }
newsroom-embed-none = Balum ada habar tarbit.
newsroom-embed-from = Matan
newsroom-embed-gallery = Foto matan habar kami
