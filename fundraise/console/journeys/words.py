"""What journeys say: what sets one off, why something can't be done, why somebody left."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fundraise.console.pledge_states import Text, Tones
from mailings.journeys.models import Journey, Run
from mailings.journeys.services import JourneyError

T = Journey.Trigger
SET_OFF: dict[str, Text] = {
    T.WELCOME: gettext_lazy("A donor's first gift sets it off."),
    T.THANKS: gettext_lazy("Every gift sets it off, except those that a monthly gift brings."),
    T.MISSED: gettext_lazy(
        "A month's draw that was missed sets it off. Before each mail it is looked at again: who"
        " has paid or ended gets no more."
    ),
    T.ENDING: gettext_lazy(
        "A card that runs out in 30 days, or a mandate that has ended, sets it off. Whoever has"
        " got another since gets no more."
    ),
    T.ANNIVERSARY: gettext_lazy("The day of the first gift, in later years, sets it off."),
    T.UPGRADE: gettext_lazy(
        "A monthly gift that has had the same sum for a year sets it off, and every year after."
        " Whoever has changed it since gets no more."
    ),
    T.MONTHLY: gettext_lazy(
        "A gift that was given once, by somebody without a monthly gift, sets it off. Whoever has"
        " begun one since gets no more."
    ),
}
LEFT: dict[str, Text] = {
    "gift": gettext_lazy("Gave on the way"),
    "over": gettext_lazy("The reason no longer held"),
    "stopped": gettext_lazy("The journey was ended"),
    "closed": gettext_lazy("The next mail asks for a campaign that is over"),
}
STATES: dict[str, Tones] = {
    "journey": {
        "off": ("quiet", Journey.State.OFF.label),
        "on": ("done", Journey.State.ON.label),
        "ended": ("quiet", Journey.State.ENDED.label),
    },
    "on_the_way": {
        "going": ("waits", Run.State.GOING.label),
        "done": ("done", Run.State.DONE.label),
        "left": ("quiet", Run.State.LEFT.label),
    },
}


def set_off(journey: Journey) -> Text:
    """What sets a journey off, as a sentence."""
    if journey.trigger != T.LAPSED:
        return SET_OFF[journey.trigger]
    said = ngettext(
        "%(n)d month since the newest gift sets it off. Whoever has begun a monthly gift since gets"
        " no more.",
        "%(n)d months since the newest gift set it off. Whoever has begun a monthly gift since gets"
        " no more.",
        journey.months,
    )
    return said % {"n": journey.months}


def waits(days: int, number: int) -> str:
    """When a mail leaves, counted from what comes before it."""
    if days == 0:
        return _("at once") if number == 1 else _("with the one before")
    if number == 1:
        return ngettext("%(n)d day after", "%(n)d days after", days) % {"n": days}
    said = ngettext("%(n)d day after the one before", "%(n)d days after the one before", days)
    return said % {"n": days}


def refused(error: JourneyError) -> str:
    """Why a journey can't be changed so, and what to do."""
    code, _colon, step = error.code.partition(":")
    if code == "words":
        return _(
            "The words of mail %(number)s are not ready: write them in Swedish, and mend what the"
            " editor lists."
        ) % {"number": step}
    if code == "closed":
        return _(
            "Mail %(number)s asks for the journey's campaign, which is over. Open the campaign"
            " again, or take what asks out of the mail."
        ) % {"number": step}
    if code == "sender":
        return _(
            "Mail %(number)s does not come from an address that may be used: choose one of the"
            " verified senders where its words are written."
        ) % {"number": step}
    return str(
        {
            "on": _("Switch the journey off first: it can't be changed while it runs."),
            "ended": _("The journey has ended for good. Make a new one."),
            "no_steps": _("The journey has no mail yet. Add one first."),
            "used": _("Somebody has got the last mail or waits for it, so it stays."),
        }[code]
    )
