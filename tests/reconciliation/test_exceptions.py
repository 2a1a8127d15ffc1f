"""What no rule could settle stands once in the queue until somebody says what was done."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from fundraise.audit.models import ChangeLine
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.models import QueueItem
from tests.people import make_party

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 11, tzinfo=UTC)


def test_a_thing_stands_once_while_it_is_open_and_again_when_it_comes_back() -> None:
    party = make_party()
    with time_machine.travel(MONDAY, tick=False):
        first = exceptions.open_("gap", "statement:a:1", entity_id=party.pk, amount_ore=5)
        again = exceptions.open_("gap", "statement:a:1", entity_id=party.pk, amount_ore=7)
    assert (again.pk, again.amount_ore, first.due_on) == (first.pk, 5, date(2026, 11, 3))
    assert exceptions.solved("gap", ["statement:a:1", "statement:a:2"]) == 1
    anew = exceptions.open_("gap", "statement:a:1", entity_id=party.pk)
    assert anew.pk != first.pk
    assert list(QueueItem.objects.order_by("pk").values_list("state", "how")) == [
        ("settled", "solved_itself"),
        ("open", ""),
    ]


def test_a_person_settles_it_once_and_names_nobody() -> None:
    item = exceptions.open_("unknown_payer", "item:1", entity_id=make_party().pk)
    with pytest.raises(exceptions.QueueError, match="how"):
        exceptions.settle(item.pk, how="away", by="staff:1")
    with pytest.raises(exceptions.QueueError, match="personal"):
        exceptions.note(item.pk, "Ring 070-123 45 67", by="staff:1")
    exceptions.note(item.pk, "Frågat banken", by="staff:1")
    done = exceptions.settle(item.pk, how="placed", by="staff:1")
    assert (done.state, done.settled_by, done.note) == ("settled", "staff:1", "Frågat banken")
    with pytest.raises(exceptions.QueueError, match="settled"):
        exceptions.settle(item.pk, how="placed", by="staff:2")
    told = ChangeLine.objects.filter(subject_type="exception").order_by("pk")
    assert [line.action for line in told] == ["exception.noted", "exception.settled"]
    assert told[1].after == {"code": "unknown_payer", "how": "placed"}
