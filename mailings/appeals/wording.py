"""One person's words of a mail, from what composing makes of names, sums and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailings.appeals.letters import LEAVE_TAG, Names
from mailings.appeals.models import Appeal
from mailings.composing import houses, values
from mailings.composing.terms import Terms

if TYPE_CHECKING:
    from mailings.appeals.batching import Chosen


def terms_of(appeal: Appeal) -> Terms:
    """The campaign's sums, and where it stands when the mails are prepared."""
    return houses.terms_of(appeal.campaign)


def values_of(one: Chosen, name: Names, terms: Terms, *, targeted: bool) -> list[str]:
    """The values of all tags of a person's mail, in their order: the content's, then ours."""
    row, person, form = one.row, one.person, one.form
    record = values.Record(
        name.link,
        name.leave,
        person.given,
        person.full,
        row.town,
        form.bulk.language,  # of the words, which may be another than the reader's
        targeted,
        row.last_ore,
        row.largest_ore,
        row.gifts,
        row.monthly_ore,
        row.last_on,
        terms,
    )
    made = form.plan(record)
    for tag in form.extra:
        made.append(name.leave if tag == LEAVE_TAG else name.message)
    return made
