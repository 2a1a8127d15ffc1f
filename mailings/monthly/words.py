"""Sentences that several mails of monthly giving have, in the language that is active."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from fundraise.ledger.models import LegalEntity
from fundraise.money import format_kronor
from fundraise.pledges import links, queries, signed, words
from fundraise.pledges.models import Instalment, Mandate, Pledge
from fundraise.pledges.schedule import following_days
from fundraise.providers.papers.wording import bankgiro_shown

FOLLOWING = 2
Facts = list[tuple[str, str]]


def owe_nothing() -> str:
    """What every mail about a gift that did not come says."""
    return _("You owe nothing: a gift that did not come is no debt.")


def sum_and_rhythm(pledge: Pledge) -> str:
    """ "200 kr every month"."""
    return f"{format_kronor(pledge.amount_ore)} {words.every(pledge.interval_months)}"


def which_day(pledge: Pledge) -> str:
    """The day of the month that was chosen."""
    said = words.which_day(pledge.day)
    return said[0].upper() + said[1:]


def following(pledge: Pledge, after: date) -> str:
    """The days after a period, and the rhythm; empty when there are none."""
    days = following_days(queries.rhythm_of(pledge), after, FOLLOWING)
    if not days:
        return ""
    return _("%(rhythm)s: %(days)s and so on") % {
        "rhythm": words.rhythm(pledge.day, pledge.interval_months),
        "days": words.listed(days),
    }


def way(pledge: Pledge, mandate: Mandate | None) -> str:
    """ "Autogiro, Swedbank …234"; never a whole number."""
    name = _("Card") if pledge.method == "card" else _("Autogiro")
    return f"{name}, {mandate.account_hint}" if mandate and mandate.account_hint else name


def mandate_of(pledge: Pledge) -> Mandate | None:
    """The mandate that draws, else the one that waits."""
    return queries.drawing_mandate(pledge.pk) or queries.waiting_mandate(pledge.pk)


def payee(pledge: Pledge) -> Facts:
    """Who draws; the organisation number stands in the foot."""
    entity = pledge.entity
    number = bankgiro_shown(entity.pk) if pledge.method == "autogiro" else ""
    facts = [
        (_("Payee"), entity.name),
        (_("Bankgiro number"), number),
    ]
    return [(name, value) for name, value in facts if value]


def draw(row: Instalment) -> str:
    """ "200 kr on 28 December"."""
    return _("%(sum)s on %(day)s") % {
        "sum": format_kronor(row.amount_ore),
        "day": words.on(row.due_on),
    }


def mine(pledge: Pledge) -> str:
    """The address of My pages."""
    return links.my_pages(pledge.language)


def not_me(mandate: Mandate, language: str) -> tuple[str, str]:
    """The link that stops what somebody else has begun."""
    return _("It was not me: stop it"), signed.url("disown", mandate.ref, language)


def call_us(entity: LegalEntity) -> str:
    """Who to ask."""
    return _("Is something wrong? Write to %(email)s or call %(phone)s.") % {
        "email": entity.email,
        "phone": entity.phone,
    }


def foot_of(entity: LegalEntity, why: str) -> tuple[str, ...]:
    """Who we are, and why the mail comes."""
    payee = _("%(payee)s, organisation number %(number)s")
    return (payee % {"payee": entity.name, "number": entity.org_number}, why)


def foot(pledge: Pledge, why: str = "") -> tuple[str, ...]:
    """Who we are, why the mail comes, and how to stop: in that order."""
    said = foot_of(
        pledge.entity, why or _("You get this mail because you have a monthly gift with us.")
    )
    if pledge.state in {Pledge.State.ENDED, Pledge.State.UNCONFIRMED}:
        return said
    return (*said, _("Change or end your gift on My pages: %(url)s") % {"url": mine(pledge)})
