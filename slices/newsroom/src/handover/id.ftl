newsroom-handover-title = { $n ->
    [1] Satu tulisan ikut berpindah
   *[other] { $n } tulisan ikut berpindah
}
