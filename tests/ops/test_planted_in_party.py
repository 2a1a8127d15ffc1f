"""Each identity of party finance catches its fault, planted by the owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection

from fundraise import clock
from fundraise.gifts.models import Channel
from fundraise.ledger import proving
from fundraise.providers import by_hand
from fundraise.reporting.party import anonymous, filing
from tests.people import DAVID, make_campaign, make_party

PROOF = ["fundraise.reporting.party.proofs.checks"]
HELD = "party party: gifts to be repaid = their account"
SAID = "party party 2026 version 1: says what it said when it was filed"
THEN = "party party 2026 version 1: gifts of the year in the ledger then"
NOW = "party party 2026 version 1: total = total by gifts and books of today"
FAULTS: dict[str, tuple[str, set[str]]] = {
    "a hold that is on no list": ("UPDATE party_hold SET amount_ore = amount_ore - 1", {HELD}),
    "a changed line": ("UPDATE party_reportline SET amount_ore = 1 WHERE code = 'sales'", {SAID}),
    "a giver taken out": ("DELETE FROM party_reportdonor WHERE position = 2", {SAID}),
    "another sum of the ledger": (
        "UPDATE party_partyreport SET ledger_ore = ledger_ore + 1",
        {SAID, THEN},
    ),
    "a gift that was changed without a journal": (
        "UPDATE gifts_gift SET refunded_ore = refunded_ore + 1 WHERE id ="
        " (SELECT max(id) FROM gifts_gift)",
        {NOW},
    ),
}


@pytest.fixture
def house(as_owner: None) -> Iterator[None]:
    """A filed year with two givers, and a part of a third's gift that is held."""
    campaign = make_campaign(make_party())
    for number, kronor in enumerate((300, 400, 5_000)):
        by_hand.record_manual_gift(
            by_hand.ManualGift(
                campaign,
                kronor * 100,
                Channel.CASH,
                datetime(2026, 11, 2, 9, tzinfo=UTC),
                proof=f"s{number}",
                by=DAVID,
            )
        )
    anonymous.reckon(campaign.entity_id, 2026)
    ahead = datetime(2027, 1, 15, 9, tzinfo=UTC) - clock.real_now()
    clock.use(lambda: ahead)
    filing.file_report(campaign.entity, 2026, by=DAVID)
    yield
    clock.use(None)


def test_a_filed_year_agrees_and_each_fault_is_found(house: None) -> None:
    sound = proving.prove(PROOF)
    assert [check.name for check in sound.differing] == []
    assert {check.name for check in sound.checks} == {HELD, SAID, THEN, NOW}
    assert sound.checks[0].note == "1 gifts to be repaid, 75 days left for the first"
    caught = set[str]()
    for fault, (statement, expected) in FAULTS.items():
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT planted")
            cursor.execute(statement)
            found = {check.name for check in proving.prove(PROOF).differing}
            cursor.execute("ROLLBACK TO SAVEPOINT planted")
        assert found == expected, fault
        caught |= found
    assert caught == {HELD, SAID, THEN, NOW}
