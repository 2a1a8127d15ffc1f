"""The lines, bands and kinds of the report in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise.money import format_kronor

Text = str | Promise

LINES: dict[str, Text] = {
    "party_support": gettext_lazy("State party support"),
    "womens_support": gettext_lazy("Support to the women's organisation"),
    "group_support": gettext_lazy("Support to the parliamentary group"),
    "municipal_support": gettext_lazy("Municipal and regional party support"),
    "youth_support": gettext_lazy("Support to the youth organisation"),
    "membership": gettext_lazy("Membership fees"),
    "sales": gettext_lazy("Sales"),
    "lottery": gettext_lazy("Lotteries"),
    "within_party": gettext_lazy("Contributions from within the party, by bank"),
    "other_income": gettext_lazy("Other income"),
    "interest": gettext_lazy("Interest"),
    "collections": gettext_lazy("Cash collections"),
    "small": gettext_lazy("Contributions up to 0.005 price base amounts"),
    "kind_person": gettext_lazy("Contributions from private persons"),
    "kind_within": gettext_lazy("Contributions from associations within the party"),
    "kind_other": gettext_lazy("Contributions from others"),
    "anonymous": gettext_lazy("Anonymous contributions"),
}
KINDS: dict[str, Text] = {
    "person": gettext_lazy("Private person"),
    "within": gettext_lazy("Within the party"),
    "other": gettext_lazy("Other"),
}
BANDS: dict[str, Text] = {
    "small": gettext_lazy("Up to 0.005"),
    "kinds": gettext_lazy("Above 0.005"),
    "named": gettext_lazy("Above 0.5: named"),
    "anonymous": gettext_lazy("Anonymous"),
}
LINES_TYPED = (
    "party_support", "womens_support", "group_support", "municipal_support", "youth_support",
    "membership", "sales", "lottery", "within_party", "other_income", "interest",
)  # fmt: skip


def line(code: str, detail: dict[str, str | int] | None = None) -> str:
    """A line in words; one below another tells what that is made of."""
    said = detail or {}
    if code == "lottery_tickets":
        return _("tickets at %(price)s") % {"price": format_kronor(int(said.get("price_ore", 0)))}
    if code == "other_what":
        return str(said.get("what", ""))
    if code == "collection":
        return f"{said.get('at', '')} {said.get('place', '')}"
    if code == "anonymous_gift":
        return _("an anonymous contribution")
    return str(LINES.get(code, code))


def in_the_way(code: str, number: int) -> str:
    """What is in the way of a report, and what to do about it."""
    sentences = {
        "base_missing": _(
            "The price base amount of the year is missing: every limit here follows that of"
            " %(number)s. Whoever runs the server adds it. No report can be filed before."
        ),
        "surplus": _(
            "%(sum)s of unknown givers exceeds the limit and is not held back yet: the night's work"
            " does it."
        ),
        "held": _("%(sum)s waits to be repaid. See What is held back."),
        "not_deposited": _("Cash collections without a deposit: %(number)s."),
        "not_over": _("The year is not over: the report can be filed from 1 January."),
    }
    parted = _(
        "Sums marked as in our books are %(sum)s more than the account holds. Withdraw one of them."
    )
    text = sentences.get(code, parted if code.startswith("parted_") else code)
    return text % {"number": number, "sum": format_kronor(number)}
