"""Why an act on an appeal was not done, in words that say what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailings.appeals.errors import AppealError

Text = str | Promise

REFUSALS: dict[str, Text] = {
    "not_draft": _(
        "The appeal was scheduled meanwhile, so it stays as it was approved. Take it back first if"
        " something is wrong. Nothing was changed."
    ),
    "changed_meanwhile": _(
        "The appeal was changed in another window or by somebody else after this page was opened."
        " Nothing was saved: here is the appeal as it stands now."
    ),
    "pattern": _("These are the words of a journey's step: the journey sends them."),
    "one_version": _("A trial takes two versions at least. Add one where the appeal is written."),
    "not_sent": _("Nobody has got this appeal yet, so nobody can be reminded."),
    "campaign_over": _(
        "Its campaign is over, so nobody is asked for it any more. Open the campaign again or move"
        " its last day first. Nothing was changed."
    ),
    "past": _("That time has passed. Choose one that is to come, or send it now."),
    "too_far": _("That is more than a year ahead. Look at the year."),
    "quiet_hours": _(
        "That is at night, when nobody is mailed without a reason. Choose another time, or write"
        " why it must be then; a second person has to agree."
    ),
    "preflight": _("Something must be mended before it can be scheduled. It stands in red below."),
    "unreadable": _("Choose a day and a time."),
    "unknown_zone": _("Choose a time zone of the list."),
    "skipped": _(
        "That time does not exist: the clocks leap over it that night. Choose one an hour later."
    ),
    "ambiguous": _("The clocks show that time twice that night. Choose which one is meant."),
    "not_asked": _("It does not wait for an answer any more. Nothing was changed."),
    "same_person": _("Another person than the one who asked must decide."),
    "too_late": _(
        "It has begun already, so it can't be taken back. Pause it, or cancel what is left."
    ),
    "not_sending": _("It is not being sent any more. Here is how it stands. Nothing was changed."),
    "not_paused": _("It is not paused. Here is how it stands. Nothing was changed."),
    "needs_reason": _("Write why, for the log."),
    "over": _("It is over already. Nothing was changed."),
    "unknown": _("There is no such appeal."),
    "released": _("The wave has gone already. Nothing was changed."),
    "settled": _("It was settled meanwhile. Nothing was changed."),
    "bad_link": _("That is no address that a mail can link to. Begin with https://"),
    "no_link": _("Write an address."),
    "insecure_link": _("Write https:// if the site has it."),
}


def of_code(code: str) -> str:
    """A code in words; one that nobody has words for is shown as it is."""
    return str(REFUSALS.get(code, code))


def sentence(error: AppealError) -> str:
    """An error in words."""
    return of_code(error.code)
