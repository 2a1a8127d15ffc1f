"""People's words of a mail, from what composing makes of names, sums and days."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from donors.opening import Opened
from fundraise.pledges.links import upgrade_key
from mailings.appeals.letters import LEAVE_TAG, Form, Names
from mailings.appeals.models import Appeal
from mailings.appeals.people import Row
from mailings.composing import houses
from mailings.composing.terms import Terms
from mailings.composing.values import Monthly, People


def terms_of(appeal: Appeal) -> Terms:
    """The campaign's sums, and where it stands when the mails are prepared."""
    return houses.terms_of(appeal.campaign)


def _raise_key(monthly: Monthly, to_ore: int) -> str:
    """What the link of one person's mail carries: signed when the mail is prepared."""
    return upgrade_key(UUID(monthly.ref), monthly.amount_ore, to_ore)


def values_of(
    form: Form,
    names: Names,
    rows: Sequence[Row],
    opened: Sequence[Opened],
    terms: Terms,
    *,
    targeted: bool,
) -> list[Sequence[str]]:
    """The values of each tag for all these people: the content's tags in their order, then ours."""
    people = People(
        names.link,
        names.leave,
        [person.given for person in opened],
        [person.full for person in opened],
        [row.town for row in rows],
        [row.given for row in rows],
        form.bulk.language,  # of the words, which may be another than the readers'
        targeted,
        terms,
        [row.monthly for row in rows],
        _raise_key,
    )
    made = form.plan.columns(people)
    made += [names.leave if tag == LEAVE_TAG else names.message for tag in form.extra]
    return made
