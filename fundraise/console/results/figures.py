"""The figures of an appeal as rows: each with its rows behind it, its part and the usual figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fundraise.console.pledge_states import Text
from mailings.appeals.models import Appeal, Message
from mailings.attribution.results import Figures, Result

# How a figure is called, whether it is money, and what it is a part of.
MONEY = "money"
CAME: dict[str, tuple[Text, str]] = {
    "received_ore": (_("Kronor"), MONEY),
    "per_mail_ore": (_("Kronor per mail"), MONEY),
    "gifts": (_("Gifts"), ""),
    "givers": (_("Givers"), "mails"),
    "new_monthly": (_("New monthly gifts"), "mails"),
    "monthly_going_on": (_("of them going on"), "new_monthly"),
    "promised_month_ore": (_("promised a month"), MONEY),
    "monthly_given_ore": (_("given by them so far"), MONEY),
    "raised_monthly": (_("Raised monthly gifts"), "mails"),
    "raised_month_ore": (_("more each month"), MONEY),
    "passed_on": (_("Gifts by a link that was passed on"), "gifts"),
}
HAPPENED: dict[str, tuple[Text, str]] = {
    "mails": (_("Mails"), ""),
    "delivered": (_("Delivered"), "mails"),
    "human_clicks": (_("Followed a link"), "delivered"),
    "unsubscribed": (_("Unsubscribed"), "delivered"),
    "complaints": (_("Marked it as spam"), "delivered"),
    "replied": (_("Replied"), "delivered"),
    "bounced": (_("Came back: the address does not work"), "mails"),
    "blocked": (_("Refused by the receiver's server"), "mails"),
    "dropped": (_("Left out by the sender"), "mails"),
}
MACHINES: dict[str, tuple[Text, str]] = {
    "machine_clicks": (_("Links followed by machines"), "delivered"),
    "machine_opens": (_("Opened by machines"), "delivered"),
    "human_opens": (_("Opened by people, as far as it shows"), "delivered"),
}
COMPARED: dict[str, Text] = {
    "received_ore": _("Kronor"),
    "per_mail_ore": _("Kronor per mail"),
    "gifts": _("Gifts"),
    "givers": _("Givers"),
    "new_monthly": _("New monthly gifts"),
    "raised_month_ore": _("more each month by raised gifts"),
    "mails": _("Mails"),
    "human_clicks": _("Followed a link"),
    "unsubscribed": _("Unsubscribed"),
    "complaints": _("Marked it as spam"),
}
LISTED = (
    *("received_ore", "per_mail_ore", "givers", "new_monthly"),
    *("human_clicks", "unsubscribed", "mails"),
)
CONFIDENCE: dict[str, Text] = {
    "high": _("surely a person"),
    "medium": _("probably a person"),
    "low": _("perhaps a person"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of an appeal."""

    label: Text
    value: int | None
    is_money: bool
    of: int | None  # what it is a part of
    usual: int | None  # the middle of the last ten
    has_usual: bool
    url: str


def rows(found: Result, names: Mapping[str, tuple[Text, str]]) -> list[Row]:
    """The named figures, with what each is compared with."""
    total = found.total
    return [
        Row(
            label=label,
            value=getattr(total, name),
            is_money=part == MONEY,
            of=getattr(total, part) if part and part != MONEY else None,
            usual=found.compared.get(name),
            has_usual=name in found.compared,
            url=url(found.appeal, name),
        )
        for name, (label, part) in names.items()
    ]


def versions(found: Result) -> list[tuple[Text, bool, list[tuple[int | None, str]]]]:
    """The versions side by side, a figure a line: each with the rows behind it."""
    return [
        (
            label,
            name.endswith("_ore"),
            [
                (_value(one, name), url(found.appeal, name, letter))
                for letter, one in found.versions.items()
            ],
        )
        for name, label in COMPARED.items()
    ]


def _value(figures: Figures, name: str) -> int | None:
    value: int | None = getattr(figures, name)
    return value


def left_out(found: Result) -> list[tuple[str, int, str]]:
    """Who did not get it, by reason, the most first."""
    labels = dict(Message.Outcome.choices)
    counts = sorted(found.left_out.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(str(labels[code]), n, url(found.appeal, code)) for code, n in counts]


def clicks(found: Result) -> list[tuple[Text, int, str]]:
    """Clicks of people by how sure it is, with their mails."""
    counts = found.clicks_by_confidence
    return [
        (label, counts[code], url(found.appeal, f"human_clicks_{code}"))
        for code, label in CONFIDENCE.items()
        if counts.get(code)
    ]


def links(appeal: Appeal) -> dict[str, str]:
    """The rows behind each figure of the list of results."""
    return {name: url(appeal, name) for name in LISTED}


# Lists that know which version led to a row.
BY_VERSION = {"gifts": "appeal_gifts", "pledges": "appeal_pledges"}


def url(appeal: Appeal, name: str, letter: str = "") -> str:
    """The list of the rows behind a figure, of one version where a letter names it."""
    page, chosen = "mails", {}
    if name in {"received_ore", "per_mail_ore"}:
        page = "gifts"
    elif name in {"gifts", "givers"}:
        page, chosen = "gifts", {"left": "yes"}
    elif name in {"monthly_given_ore", "passed_on"}:
        page, chosen = "gifts", {"led": name}
    elif name in {"new_monthly", "monthly_going_on", "promised_month_ore"}:
        page, chosen = "pledges", {} if name == "new_monthly" else {"going": "yes"}
    elif name in {"raised_monthly", "raised_month_ore"}:
        chosen = {} if name == "raised_monthly" else {"going": "yes"}
        query = urlencode({"raised_by": str(appeal.ref), **chosen})
        return "" if letter else f"{reverse('console:pledges')}?{query}"
    elif name == "mails":
        chosen = {"outcome": "sent"}
    elif name in Message.Outcome.values:
        chosen = {"outcome": name}
    else:
        chosen = {"fact": name}
    if letter:
        page, chosen = BY_VERSION.get(page, page), {**chosen, "version": letter}
    return f"{reverse(f'console:{page}')}?{urlencode({'appeal': str(appeal.ref), **chosen})}"
