kim-menu = KIM
kim-menu-all = All KIM
kim-menu-bina = Fostering desk
kim-yes = Yes
kim-no = No
kim-not-yet = Not yet
kim-all = All
kim-act = Action
kim-change = Change
kim-save = Save
kim-month = Month
kim-country = Indonesia
kim-status = Status
kim-status-draft = Draft
kim-status-submitted = Waiting for a check
kim-status-verified = Verified
kim-status-active = Active
kim-status-dormant = Resting
kim-status-dissolved = Dissolved
kim-theme = Theme
kim-theme-services = Public services
kim-theme-business = Small businesses
kim-theme-farming = Farming and fishing
kim-theme-health = Health
kim-theme-education = Education
kim-theme-environment = Environment
kim-theme-disaster = Disaster readiness
kim-theme-culture = Culture and travel
kim-theme-women = Women and families
kim-theme-youth = Youth
kim-office = Office
kim-office-chair = Chair
kim-office-secretary = Secretary
kim-office-treasurer = Treasurer
kim-office-head = Head of division
kim-office-member = Member
kim-office-empty = Choose an office.
kim-office-second-chair = This KIM already has a chair. Change the office of the present chair first.
kim-office-hint = Chair, secretary and treasurer may keep the data of this KIM.
kim-eligibility = Rule of the region: { $rule }.

kim-directory-title = KIM around us
kim-directory-in = KIM in { $place }
kim-directory-lead = Community information groups: residents who write news, answer rumours and carry their neighbours' needs.
kim-directory-description = List of community information groups (KIM) by region and theme.
kim-search = Search by name or place
kim-search-do = Search
kim-filters = Filter by region, theme and status
kim-filter-do = Show
kim-none-title = No KIM fits
kim-none-text = Try another word, or clear the filters.
kim-none-all = See all KIM
kim-empty-title = No KIM here yet
kim-empty-text = Gather a few neighbours, then register your group. It is free.
kim-empty-do = Register a KIM

kim-archive = This KIM has been dissolved. We keep this page as an archive.
kim-not-public = This page is not public yet. Only members and overseers can see it.
kim-pulse-week = Active this week
kim-pulse-month = Active this month
kim-contact-whatsapp = Contact the group
kim-to-desk = Manage this KIM
kim-see-page = See the page
kim-work = What we do
kim-work-history = See the history
kim-work-none = No news published in the last seven months.
kim-work-articles = news published
kim-work-table = Show as a table
kim-work-caption = News published each month
kim-know = Get to know us
kim-region = Region
kim-number = KIM number
kim-confirmed = Confirmed
kim-confirmed-by = Decree { $number } by { $signer }
kim-term = Term
kim-term-until = Until
kim-term-over = Has ended
kim-term-used = { $percent } percent of the term has passed
kim-leaders = Officers
kim-leaders-hidden = The officers chose not to show their names.
kim-emblem-note = This woven emblem is made from the KIM's name. Every KIM has one.
kim-history = History
kim-history-of = History of { $name }
kim-history-lead = The main steps since this KIM was verified.
kim-history-lead-whole = Every step with its reason. Reasons and names are seen by the people of this KIM and those who foster it only.
kim-history-none = No history yet
kim-history-none-text = It fills itself once the KIM is verified.
kim-past-created = Registration began
kim-past-submitted = Submitted for a check
kim-past-returned = Given back to be completed
kim-past-verified = Verified
kim-past-activated = Declared active
kim-past-rested = Put to rest
kim-past-revived = Active again
kim-past-dissolved = Dissolved
kim-past-renamed = Renamed
kim-past-decree = Decree recorded
kim-past-reason = Reason: { $reason }

kim-region-title = KIM in this region
kim-region-all = All { $n } KIM
kim-region-reach = { $some } of { $all } villages and wards have a KIM.
kim-region-none = There is no KIM in this region yet.

kim-new-eyebrow = Registering a KIM
kim-new-title = Register your group
kim-new-lead = A name and a place are enough. The rest can follow step by step.
kim-new-do = Start registering
kim-new-next = Next you complete members and profile, then submit it to your fostering office.
kim-name = Name of the KIM
kim-name-hint = For example: KIM Riak Seberang
kim-name-empty = Write the name of the KIM.
kim-region-village = Choose down to the village or ward.
kim-region-which = Several places have that name. Choose the right one.
kim-region-empty = Choose a village or ward. Write its name, then try again.
kim-your-office = Your office
kim-your-office-hint = Whoever registers becomes an officer. You can change this later.
kim-drafts-many = You already have three unfinished registrations. Complete one of them first.
kim-done-created = Registration has begun. Complete what is listed below, then submit.
kim-yours = Your KIM

kim-manage-lacking = { $n ->
    [one] One more thing before submitting
   *[other] { $n } more things before submitting
}
kim-manage-ready = Ready to submit
kim-manage-waiting = Waiting for the fostering office
kim-manage-open = Manage the KIM
kim-manage-dormant = This KIM is resting
kim-manage-dissolved = This KIM has been dissolved
kim-manage-member = Only officers can change this data.
kim-reason = Note from the fostering office
kim-job-fine = Complete
kim-job-open = To be completed
kim-job-profile = Profile
kim-job-profile-done = Profile and contact are filled in.
kim-job-profile-do = Complete the profile
kim-job-members = Members and officers
kim-job-members-done = { $n ->
    [one] One person recorded.
   *[other] { $n } people recorded.
}
kim-job-members-do = Add a member
kim-job-decree = Decree
kim-job-decree-done = The decree is recorded.
kim-job-decree-do = Record the decree
kim-job-submit = Submit
kim-job-submit-ready = Everything required is there.
kim-job-submit-later = Possible once everything required is there.
kim-job-submit-do = Check, then submit

kim-lack-about = There is no short story about the KIM yet.
kim-lack-few = Too few members. The region asks for at least { $n }.
kim-lack-many = Too many members. The region allows at most { $n }.
kim-lack-chair = There is no chair yet.
kim-lack-secretary = There is no secretary yet.
kim-lack-decree = There is no decree yet.
kim-lack-decree-expired = The term of the decree has ended.
kim-lack-contact = There is no phone number or email of the group yet.

kim-profile-title = Profile of the KIM
kim-profile-lead = This is what residents read first. Write as you would tell a neighbour.
kim-slug = Page address
kim-slug-hint = The last part of the address after /kim/. The old address keeps leading here.
kim-slug-bad = Use 3 to 60 small letters, digits, or single hyphens between them.
kim-slug-taken = Another KIM uses this address. Choose another.
kim-about = About us
kim-about-hint = Who are you, and what do you do? At most 600 characters.
kim-founded = Founded on
kim-founded-hint = May stay empty.
kim-founded-bad = Give a day in the past.
kim-themes = Themes
kim-themes-hint = Choose at most four.
kim-themes-many = Choose at most four themes.
kim-contacts = Contact
kim-contacts-lead = Contacts appear on the page only where you tick them.
kim-phone = Phone number of the group
kim-phone-hint = A WhatsApp number. For example: 0812 3456 7890
kim-phone-bad = Write the whole mobile number. For example: 0812 3456 7890
kim-phone-show = Show the phone number
kim-phone-show-note = Residents can reach the group by WhatsApp.
kim-phone-show-empty = Write the phone number before showing it.
kim-email = Email
kim-email-bad = Write the whole email address. For example: nama@contoh.id
kim-email-show = Show the email
kim-email-show-empty = Write the email before showing it.
kim-address = Address of the office
kim-address-show = Show the address
kim-address-show-empty = Write the address before showing it.
kim-pictures = Pictures
kim-logo = Logo
kim-logo-hint = May stay empty. Without a logo the KIM uses its woven emblem.
kim-logo-drop = Remove the present logo
kim-cover = Cover photo
kim-cover-hint = A wide photo of your work. May stay empty.
kim-cover-drop = Remove the present cover photo
kim-picture-unreadable = We cannot read this photo. Use JPEG, PNG or WebP.
kim-picture-large = This photo is too large. At most 15 MB.
kim-done-profile = We saved the profile.

kim-members = Members
kim-members-title = Members and officers
kim-members-lead = Rule of the region: { $least } to { $most } people, with a chair and a secretary.
kim-members-count = { $n ->
    [one] One person
   *[other] { $n } people
}
kim-members-none = No members yet
kim-members-none-text = Add the chair and the secretary first.
kim-members-former = Left ({ $n })
kim-member-add = Add a member
kim-member-new-title = Add a member
kim-member-change-title = Change a member
kim-member-name = Full name
kim-member-name-empty = Write the member's name.
kim-member-account = Has an account
kim-member-shown = Name shown
kim-member-last-keeper = This is the last officer with an account. Appoint another officer first.
kim-division = Division
kim-division-hint = May stay empty. For example: Writing
kim-joined = Joined on
kim-joined-bad = Give the day of joining, today at the latest.
kim-account-linked = Linked to their account.
kim-account-needed = Editing needs an account. Invite them first, or clear the tick.
kim-edits = May edit and publish
kim-edits-note = Checks what other members write, then publishes it.
kim-show = Show the name on the page
kim-show-note = Only for officers and heads of division. Ask the person first.
kim-left = Left on
kim-left-bad = Give a day after joining, today at the latest.
kim-leave-title = Leaving the KIM
kim-leave-lead = Their rights in this KIM end at once. What they wrote stays.
kim-leave-do = Record leaving
kim-done-joined = We added the member.
kim-done-member = We saved the member.
kim-done-left = We recorded that the member left. Their rights have ended.

kim-decree = Decree
kim-decree-title = Decree
kim-decree-lead = The decree strengthens the KIM. Only officers and overseers see the photo or PDF.
kim-decree-first = Record the decree
kim-decree-next = Record a new decree
kim-decree-number = Decree number
kim-decree-number-hint = Write it exactly as in the letter.
kim-decree-number-empty = Write the decree number.
kim-decree-issued = Date of the decree
kim-decree-issued-bad = Give the date of the decree, today at the latest.
kim-decree-signer = Signed by
kim-decree-signer-hint = Rule of the region: { $signer }.
kim-decree-signer-empty = Write who signed it.
kim-decree-end = Valid until
kim-decree-end-hint = Leave empty for the term of the region: { $years } years.
kim-decree-end-bad = Give a day after the date of the decree.
kim-decree-photo = Photo or PDF of the decree
kim-decree-photo-hint = May stay empty. JPEG, PNG or WebP photo up to 15 MB, or PDF up to 10 MB.
kim-decree-open = Open the decree
kim-decree-do = Save the decree
kim-done-decree = We recorded the decree.

kim-submit-title = Check before submitting
kim-submit-lead = Make sure that everything is right. Your fostering office will read this.
kim-submit-blocking = This must be completed first:
kim-submit-later = This may follow later:
kim-submit-lacking = { $n ->
    [one] One required thing is missing.
   *[other] { $n } required things are missing.
}
kim-submit-next = The fostering office checks within { $days } days. You will hear of it on your desk.
kim-submit-reason = Note to the fostering office (may stay empty)
kim-submit-reason-hint = They read it when they check, and it stays in the history of the KIM. At most 500 characters.
kim-submit-do = Submit now
kim-submit-back = Back to completing
kim-done-submitted = The KIM is submitted. We told the fostering office.
kim-conflict-dissolved = This KIM has been dissolved. Its data is kept as an archive.
kim-conflict-step = The status of this KIM has changed. Reload the page to see where it stands.

kim-bina = Fostering desk
kim-bina-eyebrow = Fostering desk · { $place }
kim-bina-free = Nothing waits for your decision
kim-bina-waiting = { $n ->
    [one] One KIM waits for your decision
   *[other] { $n } KIM wait for your decision
}
kim-bina-decide = Decide today
kim-bina-caption = Queue of decisions, the longest waiting first
kim-bina-case = Case
kim-bina-kind = Kind
kim-bina-limit = Limit
kim-bina-asks = { $name } asks to be confirmed
kim-bina-verification = Verification
kim-bina-look = Check the file
kim-bina-queue-none = The queue is empty
kim-bina-queue-none-text = Thank you. New submissions appear here.
kim-bina-map = Where there is no KIM yet
kim-bina-map-note = The number in a square is the number of KIM.
kim-bina-list = Show as a list
kim-bina-list-caption = KIM in { $place }
kim-bina-count = KIM
kim-bina-note = Note
kim-bina-dormant = { $n } resting
kim-bina-others = Your other regions:
kim-bina-policy = Rules of the region
kim-legend-on = Has a KIM
kim-legend-weak = All resting
kim-legend-none = None yet
kim-tile-on = { $name }: { $n } KIM
kim-tile-weak = { $name }: { $n } KIM, all resting
kim-tile-none = { $name }: no KIM yet
kim-left-days = { $n ->
    [one] One day left
   *[other] { $n } days left
}
kim-left-today = Due today
kim-left-over = { $n ->
    [one] One day late
   *[other] { $n } days late
}
kim-care = Worth a call
kim-care-none = No KIM is resting, and no decree ends soon.
kim-care-quiet = { $n } days without news.
kim-care-dormant = Resting, and has never published news.
kim-care-dormant-step = Step: call the officers and ask what they need.
kim-care-over = The term of the decree has ended.
kim-care-soon = The decree ends in { $n } days.
kim-care-decree-step = Step: help the officers ask for a new decree.

kim-check-title = Check { $name }
kim-check-lacks = What is missing
kim-check-whole = Everything that the region's rules ask for is there
kim-check-verify = Verify this KIM
kim-check-verify-do = Verify
kim-number-hint = Numbered the way your region does. It must differ from every other KIM.
kim-number-empty = Write the KIM number.
kim-number-taken = Another KIM has this number.
kim-anyway = Verify although something is missing
kim-anyway-note = I know what is missing and will ask for it.
kim-anyway-empty = Something is missing. Tick this to verify all the same.
kim-check-return = Give back to be completed
kim-check-return-do = Give back
kim-check-activate = Declare active
kim-check-activate-note = This KIM has begun to work.
kim-check-activate-do = Declare active
kim-check-revive = Make active again
kim-check-revive-note = This KIM is at work again.
kim-check-revive-do = Make active again
kim-check-rest = Put the KIM to rest
kim-check-rest-do = Put to rest
kim-check-dissolve = Dissolve the KIM
kim-check-dissolve-note = This cannot be undone. The page stays as an archive.
kim-check-dissolve-do = Dissolve the KIM
kim-reason-label = Reason
kim-reason-hint = The officers read it. Write what is missing and what comes next. At most 500 characters.
kim-reason-empty = Write the reason.
kim-reason-free = Reason (may stay empty)
kim-reason-free-hint = The officers read it, and it stays in the history of the KIM. At most 500 characters.
kim-done-verified = { $name } is verified. We told its officers.
kim-done-returned = { $name } is given back. Its officers receive your reason.
kim-done-activated = { $name } is now active.
kim-done-rested = { $name } is now resting. Its officers receive your reason.
kim-done-revived = { $name } is active again.
kim-done-dissolved = { $name } is dissolved. Its page becomes an archive.

kim-notice-submitted = { $title } waits for your check
kim-notice-returned = { $title } was given back to be completed
kim-notice-verified = { $title } is verified
kim-notice-activated = { $title } is declared active
kim-notice-rested = { $title } was put to rest
kim-notice-revived = { $title } is active again
kim-notice-dissolved = { $title } was dissolved
kim-notice-left = Your membership of { $title } has ended
kim-task-draft = Complete the registration of { $name }
kim-task-draft-note = { $n ->
    [0] Everything required is there. It only needs to be submitted.
    [one] One required thing is missing.
   *[other] { $n } required things are missing.
}
kim-task-draft-do = Continue
kim-task-verify = { $n } KIM waiting for a check
kim-task-verify-do = Open the queue

kim-api-status = Use verified, active or dormant.
kim-api-limit = Use a number from 1 to 100.
kim-api-after = Use the value of next from the page before.
kim-api-theme = Use the code of a theme, such as usaha.
kim-api-flag = Use true or false.
