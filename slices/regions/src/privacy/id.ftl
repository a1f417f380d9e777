regions-holds-policy = Aturan wilayah
regions-holds-policy-data = Isi aturan, nomor akun yang menetapkan, dan kapan.
regions-holds-policy-why = Supaya jelas siapa yang memutuskan aturan wilayah.
regions-holds-policy-seen = Umum, dengan nama penetapnya
regions-kept-policy = Sampai aturan itu diganti
regions-act-policy = Aturan wilayah diubah
