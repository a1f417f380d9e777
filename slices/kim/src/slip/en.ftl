# slips for forgotten passwords
kim-slip-title = Help someone who forgot their password
kim-slip-lead = Make sure first that it is them. Make a slip, print or copy it, and hand it to them yourself.
kim-slip-link = Help officers who forgot their password
kim-slip-none = Nobody has an account yet
kim-slip-none-text = Invite officers or members of this KIM first.
kim-slip-roles = Rights
kim-slip-do = Make a slip
kim-slip-refused = This person also holds rights beyond your region. Ask the operator of Simpul for a slip.
