kim-born = Year of birth
kim-born-hint = Example: 1990. Needed for officers, editors and those with an account. It is not shown.
kim-born-bad = Write the year of birth with four digits. Example: 1990
kim-born-empty = Write the year of birth, so that we know that they are old enough.
kim-born-officer = Officers and editors must be 18. By the year of birth, that is certain only in { $year }.
kim-born-account = Accounts are for people of { $n } years and older. By the year of birth, that is certain only in { $year }.
kim-born-yours = Officers must be 18. We keep only the year, and do not show it.
kim-guardian = I have seen the guardian's consent
kim-guardian-note = For those under 18. Keep the paper at the KIM. The guardian's name is not needed here.
kim-guardian-needed = Members under 18 need the written consent of their guardian. Tick this once you have seen the paper.
kim-conflict-young = This person is not certainly 18 yet, so they cannot be an officer or editor.
kim-born-task = { $n ->
    [1] Fill in the year of birth of one officer
   *[other] Fill in the year of birth of { $n } officers
}
kim-born-task-do = Open the roster
