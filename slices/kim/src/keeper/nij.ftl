# keeper
