"""What monthly giving still lacks, in words for staff."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MISSING: dict[tuple[str, str], str | Promise] = {
    ("autogiro", "account"): _("Autogiro: an active account with Bankgirot is missing."),
    ("autogiro", "bankgiro"): _("Autogiro: the account has no right bankgiro number."),
    ("autogiro", "agreement"): _("Autogiro: the agreement with Bankgirot is missing or ended."),
    ("autogiro", "range"): _("Autogiro: no range of payer numbers is set."),
    ("card", "account"): _("Card: an active account with Stripe is missing."),
    ("card", "paused"): _("Card: card gifts are closed just now."),
    ("autogiro", "wording"): _("Autogiro: the mandate's text is missing."),
}


def sentences(missing: dict[str, list[str]]) -> Iterable[str | Promise]:
    """A sentence for each thing that is missing; a code without words is shown as it is."""
    for method, codes in missing.items():
        for code in codes:
            yield MISSING.get((method, code), f"{method}: {code}")
