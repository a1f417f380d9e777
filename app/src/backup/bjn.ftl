# Belum diterjemahkan: kunci yang tidak ada diambil dari id.ftl.
