"""Which of its faces a monthly gift's own page shows, and what stands on it.

Whoever holds the link sees sum, days and state, no person and no account. Who has just signed up
(the `fresh` token) gets the mandate's paper and may give at once as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from fundraise import bankdays, clock
from fundraise.give import links, presets
from fundraise.give.terms import Terms
from fundraise.pledges import queries, rules, schedule, signed, words
from fundraise.pledges.models import Mandate, Pledge
from fundraise.pledges.times import until_of
from fundraise.providers import signing
from fundraise.providers.papers import wording

FOLLOWING = 2
State = Pledge.State


@dataclass(frozen=True)
class Step:
    """One thing that happens, and when: `done`, `now` or `later`."""

    state: str
    what: str
    when: str


def kind_of(pledge: Pledge, mandate: Mandate | None, *, fresh: str = "") -> str:
    """The face of the page: also the name of its template."""
    if fresh and _waits_for_signature(pledge, mandate):
        return "sign"
    if pledge.state == State.ENDED:
        return "not_me" if pledge.end_reason == "not_me" else "ended"
    if pledge.state != State.UNCONFIRMED:
        return str(pledge.state)
    if pledge.method != "autogiro" or mandate is None:
        return "begun"
    if mandate.origin == Mandate.Origin.INTERNET_BANK:
        return "bank"
    return "sign" if signing.chosen().way != "mail_link" else "mail"


def _waits_for_signature(pledge: Pledge, mandate: Mandate | None) -> bool:
    """Whether whoever is here signs now: the first mandate, or that of another account."""
    return (
        mandate is not None
        and mandate.state == Mandate.State.DRAFT
        and mandate.origin != Mandate.Origin.INTERNET_BANK
        and pledge.state != State.ENDED
        and signing.chosen().begins_later
    )


def title(kind: str) -> str:
    """What stands on the browser's tab: the state, no sum."""
    if kind in {"pending", "active"}:
        return _("Thank you")
    return _("Your monthly gift") if kind not in {"sign", "mail", "begun", "bank"} else _("Waiting")


def context(pledge: Pledge, mandate: Mandate | None, terms: Terms, *, fresh: str) -> dict[str, Any]:
    """What the template reads."""
    kind = kind_of(pledge, mandate, fresh=fresh)
    language = terms.language
    return {
        "pledge": pledge,
        "terms": terms,
        "kind": kind,
        "title": title(kind),
        "body": f"give/pledge_{kind}.html",
        "every": words.every(pledge.interval_months),
        "first_on": words.on(pledge.starts_on),
        "following": following(pledge),
        "steps": steps(pledge, mandate, clock.now()),
        "fresh": fresh,
        "payer_number": mandate.payer_number if mandate and kind == "bank" else "",
        "bankgiro": wording.bankgiro_shown(pledge.entity_id) if kind == "bank" else "",
        "sign_url": links.pledge_sign(pledge.ref, language),
        "first_gift_url": links.first_gift(pledge.ref, language),
        "first_ways": terms.ways if fresh and kind in {"pending", "active"} else (),
        "paper_url": _paper("mandate", mandate, fresh, language),
        "pdf_url": _paper("mandate_pdf", mandate, fresh, language),
        "share_url": links.absolute(links.donate(terms.slug, language)),
        "again_url": _again(pledge, terms),
    }


def _again(pledge: Pledge, terms: Terms) -> str:
    """The form with this sum and rhythm chosen."""
    query = presets.chosen(pledge.amount_ore, pledge.interval_months, terms.language)
    return f"{links.donate(terms.slug, terms.language)}?{urlencode(query)}"


def _paper(purpose: str, mandate: Mandate | None, fresh: str, language: str) -> str:
    """Where the mandate is read by who just signed up; empty when it has no text of ours."""
    if not fresh or mandate is None or mandate.wording_id is None:
        return ""
    return signed.url(purpose, mandate.ref, language)


def following(pledge: Pledge) -> str:
    """The days after the first one, and the rhythm."""
    days = schedule.following_days(queries.rhythm_of(pledge), pledge.first_period, FOLLOWING)
    if not days:
        return ""
    return _("%(rhythm)s: %(days)s and so on") % {
        "days": words.listed(days),
        "rhythm": words.rhythm(pledge.day, pledge.interval_months),
    }


def steps(pledge: Pledge, mandate: Mandate | None, now: datetime) -> list[Step]:
    """What happens, from the real state: signed, at the bank, approved, drawn."""
    if mandate is None or pledge.method != "autogiro":
        return []
    first = Step("later", _("The first gift is drawn"), words.on(pledge.starts_on))
    if mandate.state == Mandate.State.ACTIVE:
        approved = _on(mandate.decided_at)
        return [Step("done", _("Approved by your bank"), approved), first]
    if mandate.state == Mandate.State.SENT:
        sent = Step("done", _("Sent to your bank"), _on(mandate.sent_at))
        return [sent, _answer(mandate.sent_at or now), first]
    file_day = rules.next_file_day(now, until_of(mandate.entity_id, clock.local_date(now)))
    sent = Step("now", _("Is sent to your bank"), words.on(file_day))
    return [sent, _answer_by(file_day), first]


def _answer(sent_at: datetime) -> Step:
    return _answer_by(clock.local_date(sent_at))


def _answer_by(day: date) -> Step:
    latest = bankdays.add(day, schedule.MANDATE_BANK_DAYS)
    said = _("by %(day)s (it takes one to six bank days)") % {"day": words.on(latest)}
    return Step("later", _("Your bank answers"), said)


def _on(at: datetime | None) -> str:
    return words.on(clock.local_date(at)) if at else ""
