people-reset-title = Lost password
people-reset-by-mail = By e-mail
people-reset-mail-hint = The address that you log in with.
people-reset-send = Send a link
people-reset-sent = If that address is known, a link is on its way. It works for one hour.
people-reset-by-slip = With a slip from an officer
people-reset-slip-note = No e-mail? Ask the officer who fosters your KIM for a slip and type its code here.
people-reset-code = Code on the slip
people-reset-code-hint = Twelve letters and digits. For example: abcd-efgh-2345
people-reset-code-wrong = This code does not fit or has run out. Look at the letters again.
people-reset-open = Go on
people-reset-late = This link or slip was used or has run out. Ask for a new one.
people-reset-new = New password
people-reset-new-lead = After this, all devices with your account are logged out. Log in again with the new password.
people-reset-done = The new password is kept. Please log in.
people-reset-mail-title = A new password for your Simpul account
people-reset-mail =
    Hello { $name },

    Someone asked for a new password for your account. Open this link to make one:

    { $link }

    The link works for one hour and only once. Was it not you? Ignore this letter; your password stays as it is.
people-notice-slip = A password slip was made for your account. Did not ask? Tell the operator.
people-notice-reset = The password of your account was changed just now. Not you? Tell the operator.
people-slip-title = Password slip
people-slip-make = Make a password slip
people-slip-note = For someone who lost the password and has no e-mail. Hand it to the person directly.
people-slip-one = Open { $address } on the phone.
people-slip-two = Type this code:
people-slip-three = Make a new password and log in.
people-slip-until = Works until
people-slip-once = This code is shown once. Print or copy it now, and never send it to a group chat.
people-slip-back = Back
