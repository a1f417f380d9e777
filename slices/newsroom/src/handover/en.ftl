newsroom-handover-title = { $n ->
    [1] One story went along
   *[other] { $n } stories went along
}
