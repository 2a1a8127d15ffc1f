from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from fundraise.campaigns import proofs as campaign_proofs
from fundraise.campaigns.models import Thermometer
from fundraise.gifts import proofs as gift_proofs
from fundraise.gifts.models import Gift
from fundraise.jobs import work
from fundraise.ledger.models import Journal
from fundraise.ledger.queries import balance_ore
from fundraise.reporting.books import exporting
from fundraise.reporting.books.closing.checks import checklist
from fundraise.reporting.books.earlier import booking as earlier
from fundraise.reporting.books.earlier import rows, services
from fundraise.reporting.books.earlier.booking import EarlierGift
from fundraise.reporting.books.models import EarlierList
from tests.people import DAVID, make_campaign, make_party

pytestmark = pytest.mark.django_db


def listed(party: Any, text: str, **more: Any) -> EarlierList:
    return services.bring_in(party, text.encode(), by=DAVID, channel="bank", **more)


def work_of(row: EarlierList) -> EarlierList:
    latest = services.latest_work(row)
    assert latest is not None
    work.run(latest.pk)
    return EarlierList.objects.select_related("entity").get(pk=row.pk)


def code_of(do: Any, *args: Any, **options: Any) -> str:
    with pytest.raises(services.EarlierError) as refused:
        do(*args, **options)
    return refused.value.code


LIST = "Datum;Belopp;Verifikat;Sätt;E-post\n2026-03-01;1 000;V 1;Swish;anna@exempel.se\n"
NEXT = "2025-12-30;250,50;V 2;;\n"


def test_a_list_is_looked_at_booked_once_taken_back_and_brought_in_mended() -> None:
    party = make_party()
    campaign = make_campaign(party)
    row = listed(party, LIST + NEXT, campaign=campaign)
    look = services.look(row)
    assert (look.gifts, look.sum_ore, look.of_donors, look.of_addresses, look.of_nobody) == (
        2, 1250_50, 0, 1, 1,
    )  # fmt: skip
    assert look.years == [(2025, 1, 250_50), (2026, 1, 1000_00)]
    assert not Gift.objects.exists()
    services.book(row, by=DAVID)
    assert code_of(services.book, row, by=DAVID) == "past"
    assert code_of(services.throw_away, row) == "past"
    row = work_of(row)
    assert (row.state, row.gifts, row.sum_ore, row.body) == ("booked", 2, 1250_50, None)
    assert Thermometer.objects.get(campaign=campaign).received_ore == 1250_50
    assert [gift.channel for gift in Gift.objects.order_by("amount_ore")] == ["bank", "swish"]
    again = listed(party, LIST + NEXT, campaign=None)
    assert (services.look(again).known, code_of(services.book, again, by=DAVID)) == (2, "nothing")

    assert code_of(services.undo, row, by=DAVID, why=" ") == "comment"
    assert code_of(services.undo, row, by=DAVID, why="Anna 811228-9874") == "personal"
    services.undo(row, by=DAVID, why="Fel belopp")
    row = work_of(row)
    assert (row.state, balance_ore(party.pk, "gifts")) == ("undone", 0)
    assert Thermometer.objects.get(campaign=campaign).received_ore == 0
    assert Journal.objects.exclude(reversal_of=None).count() == 2
    assert {journal.series.code for journal in Journal.objects.all()} == {"O"}
    mended = listed(party, LIST + NEXT.replace("250,50", "300"), campaign=campaign)
    services.book(mended, by=DAVID)
    assert work_of(mended).sum_ore == 1300_00
    assert Thermometer.objects.get(campaign=campaign).received_ore == 1300_00
    assert wrong() == []


def test_a_gift_that_went_back_meanwhile_stands_and_the_work_goes_on_after_it() -> None:
    party = make_party()
    row = listed(party, LIST + NEXT, campaign=None)
    services.book(row, by=DAVID)
    row = work_of(row)
    gift = Gift.objects.get(amount_ore=250_50)
    Gift.objects.filter(pk=gift.pk).update(refunded_ore=50)
    services.undo(row, by=DAVID, why="Fel lista")
    row = work_of(row)
    ended = services.latest_work(row)
    assert (row.state, ended.state, ended.code) == ("undoing", "failed", "some_moved")  # type: ignore[union-attr]
    Gift.objects.filter(pk=gift.pk).update(refunded_ore=0)
    services.go_on(row, by=DAVID)
    assert code_of(services.go_on, row, by=DAVID) == "past"
    assert work_of(row).state == "undone"
    assert balance_ore(party.pk, "gifts") == 0


def test_a_broken_row_refuses_the_list_with_its_place_and_a_list_left_lying_goes() -> None:
    party = make_party()
    broken = (
        "Dag,Belopp,Ver,Kanal,E-post,Givare\n2026-13-01,1.000,V 1,,,\n2026-01-02,5,V 1,fax,x,y\n"
        f"2027-01-01,0,<,,,{uuid4()}\n1999-01-01,-5,V 3,,,\n2026-01-03,7,V 4,,,{uuid4()}\n"
    )
    row = listed(party, broken, campaign=None)
    told = [(one.line, one.field, one.code) for one in services.look(row).faults]
    assert told == [
        (2, "day", "day"), (2, "sum", "sum_unclear"), (3, "way", "way"), (3, "email", "email"),
        (3, "donor", "donor"), (3, "proof", "again"), (4, "day", "future"),
        (4, "sum", "sum_empty"), (4, "proof", "proof"), (5, "day", "old"),
        (5, "sum", "sum_negative"), (6, "donor", "donor"),
    ]  # fmt: skip
    assert code_of(services.book, row, by=DAVID) == "faults"
    assert rows.wrong(["day", "day", ""]) == ["no_sum", "no_proof", "twice"]
    EarlierList.objects.update(keep_until=date(2026, 1, 1))
    assert (services.forget_left_lying(), services.forget_left_lying()) == (1, 0)
    row.refresh_from_db()
    assert (row.state, row.body, code_of(services.look, row)) == ("thrown", None, "gone")
    assert not Gift.objects.exists()


def wrong() -> list[str]:
    found = [*gift_proofs.checks(), *campaign_proofs.checks()]
    return [check.name for check in found if check.status != "ok"]


def test_gifts_from_before_the_start_count_once_and_in_a_thermometer_by_choice_alone() -> None:
    party = make_party()
    campaign = make_campaign(party)
    gifts = [EarlierGift(f"A {n}", date(2026, 3, n), 100_00 * n, "bank") for n in (1, 2, 3)]
    hidden = earlier.record_earlier(party, gifts[:2], by=DAVID)
    shown = earlier.record_earlier(party, gifts, by=DAVID, campaign=campaign)
    assert (len(hidden), len(shown)) == (2, 1)
    asked = {line.key: line.actual for line in checklist(party, date(2027, 1, 1))}
    assert asked["earlier"] == 0, "the months of before are closed in the bookkeeping program"
    assert earlier.record_earlier(party, gifts, by=DAVID) == []
    assert Thermometer.objects.get(campaign=campaign).received_ore == 300_00
    assert hidden[0].campaign.status == "draft"
    assert {gift.origin for gift in Gift.objects.all()} == {"import"}
    assert {journal.series.code for journal in Journal.objects.all()} == {"O"}
    assert (balance_ore(party.pk, "gifts"), balance_ore(party.pk, "opening")) == (-600_00, 600_00)
    with pytest.raises(exporting.ExportError, match="nothing"):
        exporting.prepare(party, date(2026, 3, 1), date(2026, 3, 31))
    with pytest.raises(ValueError, match="another legal entity"):
        earlier.record_earlier(make_party("skane"), gifts, by=DAVID, campaign=campaign)
    assert wrong() == []
