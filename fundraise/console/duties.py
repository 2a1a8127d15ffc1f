"""What the house does by itself and what to do when it rings (docs/operations.md, said short)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fundraise.console import appeal_words, giro_words, party_words, treasury_words
from fundraise.console.words import Text

JOBS: dict[str, Text] = {
    "promise-reckoning": _("Reckons what is promised to each campaign, and its forecast"),
    "pledge-days": _("Plans and announces draws of monthly gifts, and ends pauses"),
    **giro_words.JOBS,
    **treasury_words.JOBS,
    **party_words.JOBS,
    **appeal_words.JOBS,
    "outbox-sweep": _("Delivers facts that have waited"),
    "provider-event-sweep": _("Works on providers' messages that have waited"),
    "open-attempt-sweep": _("Asks the provider how unfinished gifts stand"),
    "card-draws": _("Draws the monthly gifts by card whose day it is"),
    "card-draw-sweep": _("Finds out about card draws whose answer was lost"),
    "card-expiry": _("Tells givers of cards that run out within a month"),
    "refund-sweep": _("Sends refunds that have waited"),
    "suppression-check": _("Compares SendGrid's lists of addresses with ours"),
    "inbound-sweep": _("Reads mail that came in, and sees that replies are answered in time"),
    "mail-sweep": _("Sends mails that have waited"),
    "campaign-weeks": _("Mails last week's figures to staff who asked for them"),
    "attribution-sweep": _("Counts new gifts to the appeals that brought them"),
    "attribution-nightly": _("Counts gifts to appeals that were tied to a donor later"),
    "mail-event-sweep": _("Reads what came back about mails, and judges visits"),
    "mail-event-tidy": _("Deletes what came back about mails when its time has passed"),
    "breaker-watch": _("Sees whether cards are being tested on the donation page"),
    "webhook-sweep": _("Sends facts to others that have waited"),
    "api-tidy": _("Forgets answers of the API that are older than a day"),
    "my-pages-tidy": _("Forgets old links to My pages and visits that are over"),
    "segments-refresh": _("Brings up to date what segments choose by, so that counts are quick"),
    "second-person": _("Asks second persons by mail, and reminds them"),
    "trials": _("Looks at trials of versions, and decides what can be decided"),
    "journeys": _("Lets people into journeys and hands their mails over"),
    "monthly-mails": _("Mails notices that were missed, and asks for sums of mandates"),
    "import-sweep": _("Takes up member lists whose process died, and throws old ones away"),
    "daily-proof": _("Proves that bank, providers, books and reports agree"),
    "hourly-proof": _("Proves what is new in the books since the last whole proof"),
    "go-live-watch": _("Sees that what was in order for going live still is"),
    "nightly-backup": _("Takes the ordinary backup and the key table apart"),
    "missed-run-watch": _("Sees that every other job has run"),
    "nightly-pull": _("Fetches from the providers what may have been missed"),
    "nightly-tidy": _("Deletes what need not be kept any more"),
    "work-sweep": _("Takes up long work whose process died"),
    "year-statements": _(
        "Makes new versions of yearly statements whose year has changed, and tells in January when"
        " they can be sent"
    ),
    "export-tidy": _("Deletes files taken out when their time has passed"),
}

ALARMS: dict[str, Text] = {
    **giro_words.ALARMS,
    **treasury_words.ALARMS,
    **party_words.ALARMS,
    "provider-event-failed": _("A provider's message could not be worked on"),
    "provider-message-refused": _("A provider's message was refused"),
    "provider-money-unplaced": _("Money came that could not be placed"),
    "provider-warning": _("The provider warns"),
    "card-draw-doubt": _("Draws on saved cards have no answer"),
    "card-draw-refused": _("The provider refuses draws on saved cards"),
    "card-testing": _("Cards are being tested on the donation page"),
    "webhook-failed": _("A webhook was given up"),
    "webhook-paused": _("A webhook is paused: its address does not answer"),
    "outbox-failed": _("A fact could not be delivered"),
    "no-second-person": _("Nobody may answer as the second person: name one"),
    "job-late": _("A scheduled job is late"),
    "pledge-work-failed": _("Draws of monthly gifts could not be planned"),
    "notice-not-told": _("Donors have not been told of coming draws"),
    "monthly-mail-failed": _("Mails of monthly giving could not be written"),
    "pledge-not-drawn": _("Monthly gifts were not drawn that should have been"),
    "books-differ": _("The books do not add up"),
    "nightly-pull-failed": _("The nightly fetch from a provider failed"),
    "import-failed": _("A member list could not be brought in"),
    "suppressions-differ": _("SendGrid's list of addresses has holes"),
    "suppressions-grew": _("A list of addresses at SendGrid grew much in a night"),
    "replies-overdue": _("People who wrote to us have waited too long"),
    "inbound-mail-parked": _("A mail to us could not be read"),
    "year-statements-wait": _("Yearly statements wait to be sent to their givers"),
    "mail-in-doubt": _("A mail may or may not have left"),
    "mail-failed": _("A mail was given up"),
    "seal-broken": _("No mail is sent: the settings are not this database's"),
    "restore-trial-failed": _("A backup did not come back as it was"),
    "go-live-line": _("A line of the go-live page is not in order"),
    "go-live-test": _("A test from the go-live page"),
}

ADVICE: dict[str, Text] = {
    "replies-overdue": _(
        "People who wrote to us wait. Open Replies: the oldest stand first, and each is closed with"
        " one press when it is done."
    ),
    "suppressions-differ": _(
        "Somebody took addresses off SendGrid's own lists. We still keep them away; open Not mailed"
        " to see which, and ask who has been there. Put them back at SendGrid or lift them here."
    ),
    "suppressions-grew": _(
        "Far more addresses came back or complained than usual. Look at the latest appeal's results"
        " and at who was brought in last; pause what is being sent. Close the alarm when you know."
    ),
    "inbound-mail-parked": _(
        "A mail to us could not be read. Ask whoever runs the server: what came is kept as it came."
        " Close the alarm when it is seen to."
    ),
    **giro_words.ADVICE,
    **treasury_words.ADVICE,
    **party_words.ADVICE,
    **appeal_words.ADVICE,
    "card-testing": _(
        "Somebody tries many cards on the donation page. It now asks for a proof of work, and that"
        " closes by itself. Open Attacks and watch: if declines go on, close card gifts there, and"
        " tell the treasurer and the provider."
    ),
    "pledge-work-failed": _(
        "Draws are not planned or announced until this is mended: the log says which row. What was"
        " done for other pledges stands."
    ),
    "notice-not-told": _(
        "Donors have not been told of coming draws, and nothing is drawn untold. Look at Mail for"
        " what failed; letters are printed from the list of notices. Do it today."
    ),
    "monthly-mail-failed": _(
        "A step of the mails of monthly giving failed: the log says which row. Others went out."
    ),
    "pledge-not-drawn": _(
        "Months were left out that should have been drawn: a notice did not leave in time, or no"
        " file was made. Look at Mail and at the autogiro files; nobody is drawn late."
    ),
    "job-late": _(
        "Open Jobs: a failed run says why. If nothing has run at all, the scheduler or a worker has"
        " stopped: whoever runs the server starts it again. It closes after the next done run."
    ),
    "outbox-failed": _(
        "Whoever runs the server mends the cause and runs manage.py outbox_retry. Nothing is lost."
    ),
    "webhook-failed": _(
        "Tell whoever runs the address. When it answers again, open Sent facts and press Send it"
        " once more."
    ),
    "webhook-paused": _(
        "Nothing is sent there any more. Ask its owner, then open the webhook and resume it; facts"
        " that happen meanwhile are not kept for it."
    ),
    "mail-events-parked": _(
        "SendGrid posted something that can't be read. Whoever runs the server mends the cause and"
        " runs manage.py mail_events --retry; nothing else waits for it."
    ),
    "appeal-reputation": _(
        "Mail hosts refuse an appeal for its content or for our name. Pause it, look at the reasons"
        " in its results, and at the sender's domain, before more leaves. Nobody is kept from mail"
        " for it."
    ),
    "year-statements-wait": _(
        "Open Yearly statements, Mails, look at the mail and how many it reaches, and send it."
    ),
    "mail-failed": _(
        "Mend the mail server or its password, then run manage.py mail_doubts --retry-failed."
    ),
    "mail-in-doubt": _(
        "Look in the mail server's log whether it left, then say so with manage.py mail_doubts."
    ),
    "seal-broken": _(
        "Settings and database do not belong together. Stop, and find out which of them is wrong."
        " Never seal a copy to be rid of the alarm."
    ),
    "provider-event-failed": _(
        "Open Provider messages and press Work on it again. If it fails again, the error there is"
        " what whoever runs the server needs."
    ),
    "provider-message-refused": _(
        "Somebody sent a message with a wrong signature, mode or version. Compare the webhook at"
        " the provider with docs/settings.md."
    ),
    "provider-money-unplaced": _(
        "Look up the reference at the provider: money came that belongs to no gift of ours. Enter"
        " the gift, or pay it back there."
    ),
    "card-draw-doubt": _(
        "Draws on saved cards have had no answer for hours: look whether the provider is up. They"
        " are asked about every five minutes and never sent twice; it closes when all are known."
    ),
    "card-draw-refused": _(
        "The provider takes no draws on saved cards: look whether its key and the account still"
        " hold. Nothing is lost and nobody is drawn twice: each draw is asked about again."
    ),
    "provider-warning": _("Read what the provider says and answer it in the provider's dashboard."),
    "nightly-pull-failed": _(
        "It is tried again every night. Two nights in a row: look whether the provider can be"
        " reached and whether its key still holds."
    ),
    "no-second-person": _(
        "Give somebody at the centre the role of second person: until then no large refund leaves."
    ),
    "import-failed": _("Open Member lists: the list there says what was wrong with it."),
    "restore-trial-failed": _(
        "Take a new backup and try it again. Until one comes back whole, trust none."
    ),
    "go-live-line": _("Open Going live: the line that is not in order says what it needs."),
    "go-live-test": _("It was a test. Confirm on Going live that you saw it."),
    "books-differ": _(
        "Run manage.py verify_books: it names the sum that differs. Enter nothing by hand before"
        " the cause is known."
    ),
}
OTHERWISE: Text = _("Read the machine's words; docs/operations.md says more.")


def alarm(code: str) -> Text:
    """What an alarm is about."""
    return ALARMS.get(code, code)


def job(name: str) -> Text:
    """What a scheduled job does; empty for one that is not described."""
    return JOBS.get(name, "")


def advice(code: str) -> Text:
    """What to do about an alarm."""
    return ADVICE.get(code, OTHERWISE)
