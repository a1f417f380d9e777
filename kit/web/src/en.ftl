site-name = Simpul
layout-skip = Skip to content
layout-main-menu = Main menu
layout-more = More
layout-search = Search
layout-login = Log in
layout-logout = Log out
layout-account = Account of { $name }
layout-news-of = News of
layout-change = Change
layout-region-find = Find a village, ward or city
layout-region-search = Find region
layout-region-about = About { $name }
layout-region-browse = Choose from a list
layout-other-pages = Other pages
layout-language = Language
layout-draft = draft
layout-draft-note = This language is a draft that awaits native speakers. Missing words are shown in Indonesian.
layout-foot = Simpul connects community information groups (KIM) and their city offices. Open source, AGPL-3.0.
date-now = just now
date-minutes = { $n ->
    [one] a minute ago
   *[other] { $n } minutes ago
}
date-hours = { $n ->
    [one] an hour ago
   *[other] { $n } hours ago
}
date-yesterday = yesterday
date-days = { $n ->
    [one] a day ago
   *[other] { $n } days ago
}
page-more = Next
page-more-label = Pages
form-summary = { $n ->
    [one] One thing needs completing
   *[other] { $n } things need completing
}
form-too-long = Too long. At most { $most } characters.
form-without-key = This form is incomplete. Open the page again, then send it.
form-unreadable = We cannot read what was sent. Open the page again and retry.
form-too-large = This is too large. Make the photos smaller or send them one by one.
form-key-reused = This form was already sent with other content. Open the page again before sending.
api-unreadable = The request body cannot be read: { $error }
error-missing-title = This page does not exist
error-missing = The address may be mistyped, or the page has moved. Try a search.
error-gone-title = This story was withdrawn
error-gone = Its writer withdrew this story. Perhaps you are looking for another one.
error-method-title = This address cannot be opened this way
error-method = It takes forms, or can only be read. Go back to the page before and try again from there.
error-slow-title = Too slow
error-slow = This took too long, so we stopped it. Reload the page to see whether it was saved, then try again.
error-forbidden-title = This part is not for your account
error-forbidden = Your account has no right here yet. Ask the chair of your KIM or your fostering officer.
error-login-title = Log in first
error-login = This part is for members. Log in, then try again.
error-invalid-title = Something needs mending
error-invalid = We could not accept this yet. Nothing has changed.
error-conflict-title = It changed before you
error-conflict-taken = That name or number is taken. Choose another.
error-conflict-running = The same form is being worked on. Wait a moment, then reload the page.
error-many-title = Too often
error-many = Wait about { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}, then try again.
error-broken-title = Something broke on our side
error-broken = This is not your fault. Try again soon. If it stays, send the code below to the operator.
error-search = Search stories, KIM or regions
error-search-go = Search
error-to-news = All stories
error-to-groups = All KIM
error-to-home = To the front page
error-reference = Code: { $reference }
audit-form-sent = Changed something
audit-door-shut = Refused: no such right
privacy-basis-consent = Your consent
privacy-basis-agreement = Needed for the service you asked for
privacy-basis-duty = Demanded by law
privacy-basis-task = A public service task
privacy-basis-interest = A legitimate interest
privacy-kept-always = As long as this system is in use
privacy-kept-days = { $n } days
privacy-event = Record of events
privacy-event-data = Account number, what happened, when, and in which region. No names.
privacy-event-why = So that reports, search and notices are made from recorded work.
privacy-event-seen = The operator
privacy-audit = Audit record
privacy-audit-data = Account number, the role used, what was changed or seen, and when. No names and no IP address.
privacy-audit-why = So that you can know who changed or saw your data.
privacy-audit-seen = The operator, and fostering officers for their region
privacy-work = Sent forms and background jobs
privacy-work-data = Answers to forms that were sent, and jobs that wait for their turn.
privacy-work-why = So that a form sent twice does not act twice.
privacy-work-seen = Nobody
form-unknown-field = This form holds a field that we do not know: { $field }. Open the page again, then send it once more.
