"""Each check of appeals and of what they brought catches its fault, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from mailings.appeals import proofs as appeals
from mailings.appeals.models import Message
from mailings.attribution import proofs as attribution
from mailings.attribution.models import GiftTouch
from tests.mailings.appeals import house
from tests.mailings.journeys.lives import gave
from tests.pledging import START

LISTS, COUNTS = "appeals_lists_are_messages", "appeals_batches_count_their_messages"
REACHED = "appeals_reached_are_their_messages"
ORPHANS, ENDED = "appeals_messages_without_owner", "appeals_ended_with_batches_open"
ANOTHERS = "attribution: counted to another's message"
STRAY = "attribution: counted without money"
LATER = "attribution valet: öre of gifts not counted yet"
SUM = "attribution valet: appeals and none = thermometer"

TABLES = (
    "appeals_appeal", "appeals_batch", "appeals_message", "appeals_reached", "gifts_gift",
)  # fmt: skip
KEPT = "SELECT appeals_keep_reached(id) FROM appeals_appeal"
FAULTS = {
    "a message taken away": (
        "DELETE FROM appeals_message WHERE seq = 1", {LISTS, COUNTS, ANOTHERS},
    ),
    "a batch that counts one more": ("UPDATE appeals_batch SET sent = sent + 1", {COUNTS}),
    "a message of no batch": (
        "UPDATE appeals_message SET batch_id = 999999 WHERE seq = 1", {ORPHANS, COUNTS},
    ),
    "an end with mails left": (
        "UPDATE appeals_batch SET state = 'ready';"
        "UPDATE appeals_appeal SET state = 'finished', ended_at = now()", {ENDED, REACHED},
    ),
    "a finished appeal of which nothing is kept": (
        "UPDATE appeals_appeal SET state = 'finished', ended_at = now()", {REACHED},
    ),
    "one too many of whom it reached": (
        f"{KEPT}; UPDATE appeals_reached SET bits = set_bit(bits, 0, 1)", {REACHED},
    ),
    "one too few of whom it reached": (
        f"{KEPT}; UPDATE appeals_reached k SET bits = set_bit(bits, donor_id, 0)"
        "  FROM appeals_message m WHERE m.appeal_id = k.appeal_id AND seq = 1", {REACHED},
    ),
    "whom it reached cut off": (
        f"{KEPT}; UPDATE appeals_reached SET bits = ''", {REACHED},
    ),
    "somebody left out when it was over": (
        f"{KEPT}; UPDATE appeals_message SET outcome = 'gave' WHERE seq = 2", {REACHED, COUNTS},
    ),
    "a gift counted to another's message": (
        "UPDATE attribution_gifttouch SET seq = 2 WHERE seq = 1;"
        "UPDATE attribution_gifttouch SET donor_id = 999999", {ANOTHERS},
    ),
    "a counted gift that is pending again": (
        "UPDATE gifts_gift SET state = 'pending'", {STRAY, SUM},
    ),
    "a gift that is counted to nothing": ("DELETE FROM attribution_gifttouch", {LATER}),
    "a thermometer that was moved": (
        "UPDATE campaigns_thermometer SET received_ore = received_ore + 1", {SUM},
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(as_owner: None, settings: Any, fault: str) -> None:
    settings.MAIL_SENDERS = dict(settings.MAIL_SENDERS)
    house.use_fake()
    campaign = house.house()
    people = house.people(3)
    appeal = house.released(house.written(campaign))
    house.send_all(appeal)
    gift = gave(campaign, people[0], START)
    campaign.thermometer.received_ore = gift.amount_ore
    campaign.thermometer.save()
    GiftTouch.objects.create(
        gift=gift, way="link", appeal=appeal, donor_id=Message.objects.get(seq=1).donor_id, seq=1
    )
    assert differing() == set()

    statement, expected = FAULTS[fault]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)

    assert differing() == expected


def differing() -> set[str]:
    """The checks that are not in order."""
    found = [*appeals.checks(), *attribution.checks()]
    return {check.name for check in found if check.status != "ok"}
