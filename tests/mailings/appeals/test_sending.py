"""From a draft to the last mail: everybody once, and a name for whoever got none."""

from __future__ import annotations

from fundraise.campaigns.models import Campaign
from mailings.appeals import queries
from mailings.appeals.models import Appeal
from mailings.appeals.services import finishing
from tests.mailings.appeals.house import Fake, people, released, send_all, states, written


def test_an_appeal_goes_to_everybody_once_and_ends_in_balance(campaign: Campaign) -> None:
    people(12)
    appeal = released(written(campaign))
    assert send_all(appeal) == 3
    assert finishing.finish(appeal.pk)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.frozen) == (Appeal.State.FINISHED, 12)
    assert sorted(Fake.delivered.values()) == [1] * 12
    assert states(appeal) == {"accepted": 3}
    assert queries.balance(appeal).holds
