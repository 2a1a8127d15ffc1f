"""What codes of monthly giving mean: how often, which day, by which way, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise.console import decline_reasons
from fundraise.console.words import Text
from fundraise.pledges.models import Notice, Pledge, PledgeChange
from fundraise.pledges.models.pledge import LAST_BANK_DAY
from fundraise.providers import autogiro_words

METHODS: dict[str, Text] = {"autogiro": gettext_lazy("Autogiro"), "card": gettext_lazy("Card")}
ORIGINS: dict[str, Text] = {
    "page": gettext_lazy("the donation page"),
    "staff": gettext_lazy("staff"),
    "import": gettext_lazy("a list that was brought in"),
    "internet_bank": gettext_lazy("the Internet bank"),
    "api": gettext_lazy("another site"),
}
CHANNELS: dict[str, Text] = {
    "my_pages": gettext_lazy("on my pages"),
    "mail_link": gettext_lazy("by the link in a mail"),
    "page": gettext_lazy("on the donation page"),
    "phone": gettext_lazy("by phone"),
    "letter": gettext_lazy("by letter"),
    "email": gettext_lazy("by e-mail"),
    "bank": gettext_lazy("through the bank"),
    "register": gettext_lazy("from the donor's page"),
    "gift": gettext_lazy("by a gift"),
}
REASONS: dict[str, Text] = {
    "stopped": gettext_lazy("The donor stopped it"),
    "disowned": gettext_lazy("The donor says that somebody else signed up"),
    "not_me": gettext_lazy("The donor says that somebody else signed up"),
    "bank": gettext_lazy("It ended at the bank"),
    "deceased": gettext_lazy("The donor has died"),
    "replaced": gettext_lazy("A new account took its place"),
    "do_not_contact": gettext_lazy("The donor wants no contact"),
    "forgotten": gettext_lazy("The donor was forgotten"),
    "not_paid": gettext_lazy("The first gift never came"),
    "changed": gettext_lazy("The form was sent again with other choices"),
    "never_confirmed": gettext_lazy("The donor never confirmed"),
    "unsigned": gettext_lazy("The donor never confirmed"),
    "dispute": gettext_lazy("The donor's bank took money back"),
    "finished": gettext_lazy("Its last day has passed"),
    "stop": gettext_lazy("The donor stopped it"),
    "skip": gettext_lazy("The donor skipped the month"),
    "instead": gettext_lazy("Given once instead"),
    "pause": gettext_lazy("The donor paused it"),
    "money": gettext_lazy("Money is short"),
    "other_cause": gettext_lazy("Gives to something else"),
    "unhappy": gettext_lazy("Is not happy with us"),
    "other": gettext_lazy("Another reason"),
}
NOTICE_KINDS = dict(Notice.Kind.choices)
CHANGE_KINDS = dict(PledgeChange.Kind.choices)


def every(months: int) -> str:
    """How often, in words."""
    return str(Pledge.Interval(months).label)


def day_of(day: int) -> str:
    """The chosen day of the month."""
    if day == LAST_BANK_DAY:
        return _("the last bank day")
    return _("day %(day)s") % {"day": day}


def method(code: str) -> Text:
    """The way that the money is drawn."""
    return METHODS.get(code, code)


def answer(codes: str) -> str:
    """A mandate's reason: the bank's pair of codes in words with the codes behind, or ours."""
    information, plus, comment = codes.partition("+")
    if not plus:
        return str(REASONS.get(codes, codes))
    return f"{autogiro_words.mandate(information, comment).what} ({codes})"


def answer_then(codes: str) -> str:
    """What staff do about an answer of the bank; empty for a code of ours."""
    information, plus, comment = codes.partition("+")
    return str(autogiro_words.mandate(information, comment).then) if plus else ""


def draw_reason(code: str) -> str:
    """Why a draw did not come, in plain words."""
    return str(_draw(code)[0])


def draw_advice(code: str) -> str:
    """What to do about a draw that did not come."""
    return str(_draw(code)[1])


def _draw(code: str) -> tuple[Text, Text]:
    """Ours are words; one digit is a payment's status, two refuse an order; cards have words."""
    if not code or code in REASONS:
        return REASONS.get(code, ""), ""
    if not code.isdigit():
        return decline_reasons.decline(code), decline_reasons.decline_advice(code)
    said = autogiro_words.status(code) if len(code) == 1 else autogiro_words.rejection(code)
    return said.what, said.then
