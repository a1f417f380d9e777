kim-account-invite = No account yet. So that they can write, invite them; the account is linked once they accept.
kim-account-invite-do = Invite
kim-deputy-refused = A stand-in cannot change what others may do. Wait for the officer, or ask another one.
kim-invite-title = Invite people
kim-invite-lead = Send a link, show the QR code, or put it on the board. An invitation stands for 14 days.
kim-invite-waiting = { $n ->
    [1] One person waits for you
   *[other] { $n } people wait for you
}
kim-invite-waiting-note = Let in only people you know. Once in, they can work in this KIM at once.
kim-invite-approve = Let in
kim-invite-refuse = Refuse
kim-invite-new = New invitation
kim-invite-entry = For { $name }, who is on the roster already.
kim-invite-other = Invite someone else
kim-invite-stands-in = You stand in for an officer. A stand-in can invite members, not officers or editors.
kim-invite-role = As what?
kim-invite-role-empty = Choose a role.
kim-invite-member = Writes for the KIM.
kim-invite-editor = Writes, reviews and publishes.
kim-invite-officer = Keeps the KIM's data. Noted as chair if there is none, otherwise as secretary.
kim-invite-for = For whom?
kim-invite-for-empty = Choose one person or several.
kim-invite-one = One person
kim-invite-one-note = Works once. Whoever accepts has joined.
kim-invite-many = Several people
kim-invite-many-note = For a poster or a chat group. Each waits for your word.
kim-invite-entry-one = An invitation for a name of the roster is for one person.
kim-invite-linked = That name has an account already, or has left.
kim-invite-note = Note
kim-invite-note-hint = May stay empty. Only officers see it. Example: volunteers of the post
kim-invite-do = Make the invitation
kim-invite-list = Invitations made
kim-invite-none = No invitations yet.
kim-invite-by = made by { $name }
kim-invite-until = open until
kim-invite-revoke = Revoke
kim-invite-made = The invitation is ready
kim-invite-back = Back to the invitations
kim-invite-poster = Come and join
kim-invite-scan = Scan with the phone's camera, then follow the steps.
kim-invite-whatsapp = Send by WhatsApp
kim-invite-copy = Copy the link
kim-invite-words = You are invited to join { $title } on Simpul. Open this link within 14 days: { $address }
kim-invite-once = Send or print it now: this link cannot be shown again.
kim-invite-one-next = It works one time.
kim-invite-many-next = Whoever uses it waits for your word on the page Invite people.
kim-invite-done-revoked = The invitation is revoked and works no more.
kim-invite-done-approved = That person is in and has been told.
kim-invite-done-refused = That request was refused. They have been told.
kim-invite-task = { $n ->
    [1] One person wants to join
   *[other] { $n } people want to join
}
kim-invite-task-do = See who
kim-official-title = Invite an official of a region
kim-official-lead = An invitation for one person. Whoever accepts is in office at once.
kim-official-region-empty = Choose the region. Write its name, then try again.
