"""One person's words of a mail, from what composing makes of names, sums and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fundraise.campaigns.models import Campaign, Thermometer
from mailings.appeals.letters import LEAVE_TAG, Names
from mailings.appeals.models import Appeal
from mailings.composing import values
from mailings.composing.terms import Terms

if TYPE_CHECKING:
    from mailings.appeals.batching import Chosen


def terms_of(appeal: Appeal) -> Terms:
    """The campaign's sums, and where it stands when the mails are prepared."""
    campaign = appeal.campaign
    row = Thermometer.objects.filter(campaign=campaign).first()
    return Terms(
        minimum_ore=campaign.minimum_ore,
        maximum_ore=campaign.maximum_ore,
        once=campaign.amounts_once,
        monthly=campaign.amounts_monthly,
        raised_ore=row.received_ore if row is not None else 0,
        goal_ore=_goal(campaign),
        givers=row.donors if row is not None else 0,
    )


def _goal(campaign: Campaign) -> int:
    return max(1, campaign.goal_ore)


def values_of(one: Chosen, name: Names, terms: Terms, *, targeted: bool) -> list[str]:
    """The values of all tags of a person's mail, in their order: the content's, then ours."""
    row, person = one.row, one.person
    record = values.Record(
        name.link,
        name.leave,
        person.given,
        person.full,
        row.town,
        row.language,
        targeted,
        row.last_ore,
        row.largest_ore,
        row.gifts,
        row.monthly_ore,
        row.last_on,
        terms,
    )
    made = values.make(record, one.form.names)
    made += [name.leave if tag == LEAVE_TAG else name.message for tag in one.form.extra]
    return made
