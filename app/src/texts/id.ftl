app-register-data = Data yang disimpan
app-register-places = Tempat penyimpanan
app-breach-account = Nomor akun
app-breach-name = Nama
app-breach-phone = Nomor HP
app-breach-email = Email
app-breach-username = Nama pengguna
app-breach-looks = Akses tercatat
app-breach-copies = Salinan dibuat
app-breach-sessions = Sesi aktif
app-breach-people =
    Pemberitahuan kebocoran data pribadi

    Kepada Bapak, Ibu, dan Saudara pengguna { $site },

    Data pribadi Anda di { $site } bocor. Kejadiannya antara { $since } dan { $until }. Kami mengetahuinya pada { $found }.

    Data yang bocor:
    { $data }

    Bagaimana terjadinya:
    (ISI: tulis dengan kata biasa apa yang terjadi dan siapa yang mungkin mendapat datanya)

    Yang sudah kami lakukan:
    (ISI: misalnya menutup celah, mengakhiri semua sesi, mengganti kunci)

    Yang sebaiknya Anda lakukan:
    - Ganti kata sandi Anda di { $site }/akun. Ganti juga di tempat lain bila sandinya sama.
    - Waspadai telepon, pesan, dan tautan dari orang yang mengaku dari kami.
    - Kami tidak pernah meminta NIK, kode OTP, atau uang.

    Anda bisa melihat siapa yang membuka data Anda, meminta salinan, atau meminta penghapusan di { $site }/akun/data.

    Kami mohon maaf. Hubungi kami: (ISI: nama, nomor, dan email petugas).
app-breach-agency =
    Pemberitahuan tertulis kegagalan pelindungan data pribadi
    (Pasal 46 Undang-Undang Nomor 27 Tahun 2022)

    Kepada: (ISI: lembaga pelindungan data pribadi)
    Dari: (ISI: nama pengendali data, alamat, nama dan kontak petugas)
    Sistem: { $site }

    Batas waktu pemberitahuan: { $due } (3 x 24 jam sejak diketahui)

    1. Kapan
    Terjadi antara { $since } dan { $until }. Diketahui pada { $found }.

    2. Bagaimana
    (ISI: cara terjadinya)

    3. Data pribadi yang terungkap
    { $data }

    4. Jumlah subjek data
    { $n } orang. Daftarnya ada pada pengendali.

    5. Penanganan dan pemulihan
    (ISI: yang sudah dilakukan, yang sedang dilakukan, dan kapan selesai)

    6. Pemberitahuan kepada subjek data
    (ISI: kapan dan dengan cara apa)

    (ISI: tempat, tanggal, tanda tangan)
