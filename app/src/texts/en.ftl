app-register-data = Data kept
app-register-places = Where it is kept
app-breach-account = Account number
app-breach-name = Name
app-breach-phone = Phone number
app-breach-email = E-mail
app-breach-username = User name
app-breach-looks = Looks on record
app-breach-copies = Copies made
app-breach-sessions = Sessions alive
app-breach-people =
    Notice of a leak of personal data

    To the users of { $site },

    Your personal data at { $site } has leaked. It happened between { $since } and { $until }. We found it on { $found }.

    What leaked:
    { $data }

    How it happened:
    (FILL IN)

    What we have done:
    (FILL IN)

    What you should do:
    - Change your password at { $site }/akun, and wherever you use the same one.
    - Beware of calls, messages and links from people who claim to be us.
    - We never ask for your citizen number, a code, or money.

    At { $site }/akun/data you see who opened your data, and can ask for a copy or deletion.

    We are sorry. Reach us: (FILL IN).
app-breach-agency =
    Written notice of a failure to protect personal data
    (Law 27 of 2022, article 46)

    To: (FILL IN)
    From: (FILL IN)
    System: { $site }

    Due: { $due } (3 x 24 hours after it was found)

    1. When
    Between { $since } and { $until }. Found on { $found }.

    2. How
    (FILL IN)

    3. Personal data
    { $data }

    4. Number of people
    { $n }. The list is with the controller.

    5. Handling and recovery
    (FILL IN)

    6. Notice to the people
    (FILL IN)

    (FILL IN: place, date, signature)
