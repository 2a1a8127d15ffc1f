"""Anna and an association got an appeal; Bo shares a mailbox with Anna. All said yes to appeals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from donors import queries
from donors import services as donors
from donors.models import Donor
from mailings import tokens
from mailings.appeals.models import Message
from tests.donors.givers import BY, SHARED, register
from tests.mailings.mailed import Mailed, mail_to
from tests.pledging import House, own_time

KASSA = "kassa@hamn.example.se"


@dataclass(frozen=True)
class Post:
    """Who got the appeal, and what their links hold."""

    mailed: Mailed
    anna: Donor
    bo: Donor
    kassa: Donor

    def leave(self, donor: Donor) -> str:
        """The token of a donor's unsubscribe link."""
        return self._token(donor, tokens.Purpose.LEAVE)

    def give(self, donor: Donor) -> str:
        """The token of a donor's other links."""
        return self._token(donor, tokens.Purpose.GIVE)

    def _token(self, donor: Donor, purpose: tokens.Purpose) -> str:
        seq = Message.objects.get(appeal=self.mailed.appeal, donor_id=donor.pk).seq
        return tokens.make(tokens.Token(purpose, self.mailed.appeal.pk, seq))


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """The party on 2 November 2026, its clock in the test's hands."""
    with own_time() as made:
        yield made


@pytest.fixture
def post(house: House) -> Post:
    return mail_out(house)


def mail_out(house: House) -> Post:
    """The party opens, three people come into its register, and two get its appeal."""
    campaign = house.open()
    anna, bo, kassa = register(), register(given="Bo"), register(email=KASSA)
    donors.ensure_first_wordings()
    wording = queries.current_wording("appeals")
    assert wording is not None
    for donor in (anna, bo, kassa):
        donors.give_consent(donor_id=donor.pk, wording=wording, source="x", proof="form:1", by=BY)
    mailed = mail_to(campaign, [(anna.pk, SHARED), (kassa.pk, KASSA)])
    return Post(mailed, anna, bo, kassa)
