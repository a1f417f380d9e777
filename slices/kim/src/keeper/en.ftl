kim-keeper-title = KIM without an officer
kim-keeper-lead = No officer of these KIM can log in. Invite one person, who then keeps the rest.
kim-keeper-none = Every KIM has an officer
kim-keeper-none-text = When the last officer leaves or is locked, the KIM appears here.
kim-keeper-invited = Invited, open until
kim-keeper-do = Invite an officer
kim-keeper-there = This KIM has an officer. It is the officer who invites others.
kim-keeper-task = { $n ->
    [1] One KIM without an officer
   *[other] { $n } KIM without an officer
}
kim-keeper-task-note = Invite a new officer so that the KIM can work.
kim-keeper-task-do = See which
kim-keeper-left = Left by their officers
kim-keeper-listings = Not yet claimed
