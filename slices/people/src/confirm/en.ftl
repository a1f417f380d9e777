people-confirm-title = Confirm your e-mail address
people-confirm-lead = We sent a code to { $email }. Type it here.
people-confirm-code = Code from the letter
people-confirm-code-hint = Eight letters and digits; it works for one hour. For example: abcd-2345
people-confirm-do = Confirm
people-confirm-wrong = This code does not fit or has run out. Look again, or ask for a new one.
people-confirm-done = Your e-mail address is confirmed. Thank you.
people-confirm-none = No letter yet?
people-confirm-none-text = Wait some minutes and look into the spam folder too.
people-confirm-again = Send a code again
people-confirm-sent = A new code is on its way. The one before no longer works.
people-confirm-other = Wrong address? Write the right one
people-confirm-other-do = Send to this address
people-confirm-open = not confirmed
people-confirm-go = Type the code
people-confirm-wait = We sent a code to the new address. The old one stays until the code is typed.
people-confirm-mail-title = A code for your Simpul account
people-confirm-mail =
    Hello { $name },

    The code that confirms your e-mail address: { $code }

    Type it at { $link }

    It works for one hour. Did you not register? Ignore this letter.
people-confirm-vouch-title = E-mail not confirmed
people-confirm-vouch-note = A code went to { $email } and was not typed yet. If letters do not get through and you know that the address is theirs, confirm it here.
people-confirm-vouch = Confirm this address
people-confirm-vouched = The address is confirmed.
people-welcome-held = Welcome, { $name }. One step is left.
