"""What the log, the jobs and the alarms say of appeals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fundraise.console.words import Text

CHANGES: dict[str, Text] = {
    "appeal.made": _("An appeal was begun"),
    "appeal.changed": _("The choices of an appeal were changed"),
    "appeal.copied": _("An appeal was copied"),
    "appeal.tested": _("A test of an appeal was mailed to staff"),
    "appeal.scheduled": _("An appeal was scheduled"),
    "appeal.unscheduled": _("A scheduled appeal was taken back"),
    "appeal.approved": _("A second person agreed to an appeal"),
    "appeal.declined": _("A second person said no to an appeal"),
    "appeal.paused": _("An appeal was paused"),
    "appeal.resumed": _("A paused appeal went on"),
    "appeal.campaign_over": _("An appeal stopped by itself: its campaign is over"),
    "appeal.cancelled": _("An appeal was cancelled"),
    "appeal.wave_released": _("A wave was let go before its time"),
    "appeal.doubt_settled": _("Mails in doubt were settled by hand"),
    "appeal.trial_set": _("A trial of versions was set"),
    "appeal.trial_decided": _("A trial of versions was decided"),
    "journey.made": _("A journey was begun"),
    "journey.changed": _("A journey was changed"),
}
FIELDS: dict[str, Text] = {
    "copied_from": _("Copied from"),
    "second": _("Needs a second person"),
    "batch": _("Batch"),
    "has_left": _("Had left"),
    "mails": _("Mails"),
    "wave": _("Wave"),
    "trigger": _("What sets it off"),
    "percent": _("Per cent of the people"),
    "hours": _("Hours"),
    "winner": _("Winner"),
    "waits": _("Days between the mails"),
    "steps": _("Steps"),
    "journey": _("Journey"),
    "going": _("On the way"),
    "fact": _("What came of it"),
    "led": _("What led there"),
}
JOBS: dict[str, Text] = {
    "appeals": _("Begins appeals that are due, lets waves go, and ends what is sent"),
    "appeals-tidy": _("Forgets addresses and values of appeals that ended some days ago"),
}
ADVICE: dict[str, Text] = {
    "appeal-in-doubt": _(
        "The sender's answer was lost: some mails may have left or not. Wait: an event settles most"
        " of them within minutes. What is left stands by name on the appeal's page; look at the"
        " sender's own log, then say whether it left."
    ),
    "appeal-old-doubt": _(
        "Mails of an appeal have been in doubt for hours, so no event of them came. Look in the"
        " sender's own log, then say on the appeal's page whether they left."
    ),
    "appeal-paused": _(
        "An appeal stopped by itself: its page says why. key_refused: mend the sender's key."
        " bounces, complaints: find out what is wrong with the list or the words before you go on."
        " refused: the mail itself is refused; copy the appeal, mend it and send to the rest."
        " campaign_over: open the campaign again, or cancel the appeal."
    ),
    "trial-uneven": _(
        "The versions of a trial did not go to even parts of the people, so nothing is concluded"
        " from it and the rest is sent evenly. Tell whoever runs the server."
    ),
    "trial-complaints": _(
        "Too many marked one version of a trial as spam: it is not sent to anybody else. Read it"
        " again before you use its words."
    ),
    "appeal-gate": _(
        "More bounces or complaints than there should be. Look at the appeal's page; it is paused"
        " by itself before it gets bad."
    ),
    "appeal-unheard": _(
        "The carrier tells nothing of an appeal's mails, so nobody knows whether they come back."
        " Its next part waits: look whether events arrive, or release it on the appeal's page."
    ),
    "appeal-unreadable": _(
        "The bodies of an appeal's mails don't open: a field key is missing in"
        " FUNDRAISE_FIELD_KEYS. Put it back, then let the appeal go on."
    ),
    "appeal-unbalanced": _(
        "An appeal's figures don't add up, so it is not ended. Run manage.py verify_books and tell"
        " whoever runs the server; nothing is sent twice meanwhile."
    ),
    "appeal-stuck": _(
        "An appeal has not moved for hours: look under Jobs whether the workers of the queue"
        " appeals run."
    ),
    "appeal-failed": _(
        "An appeal can't go on: the log says why. Others are not held up; it is tried again every"
        " twenty seconds."
    ),
    "appeal-not-recalled": _(
        "The sender did not confirm that it threw away what it holds of a cancelled appeal. Cancel"
        " the scheduled send in the sender's own pages, within ten minutes."
    ),
    "appeal-campaign-over": _(
        "An appeal was scheduled for a campaign that is over, so it is a draft again. Open the"
        " campaign or move its last day and schedule it anew, or cancel it."
    ),
    "journey-campaign-over": _(
        "A journey has mails that ask for a campaign that is over: they are not sent, and whoever"
        " would get one leaves it. Open the campaign, write the mails anew, or end the journey."
    ),
    "appeal-grew": _(
        "An appeal had grown above the size that needs a second person when it was to be sent: it"
        " is a draft again. Look at its people and schedule it anew."
    ),
}
