"""One pledge from its first day to its last, and what may come between."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from fundraise import bankdays, clock
from fundraise.gifts.models import Gift
from fundraise.pledges import proofs
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Collection, Instalment, Mandate, Notice, Pledge
from fundraise.pledges.services import (
    changing,
    drawing,
    mandates,
    outcomes,
    saved_cards,
    starting,
)
from fundraise.pledges.services.changing import wish
from fundraise.pledges.services.mandates import Said
from fundraise.pledges.services.outcomes import Failure
from fundraise.pledges.services.saved_cards import SavedCard
from fundraise.pledges.services.starting import NewAccount, NewPledge, Signed
from tests.pledging import ACCOUNT, ANNA, House, paid_seen, pay


def test_a_signed_pledge_is_announced_approved_drawn_and_booked(house: House) -> None:
    pledge = house.active()
    notice = pledge.notices.get()
    assert (notice.kind, notice.first_on, notice.covers_following) == (
        "sign_up", date(2026, 11, 30), True,
    )  # fmt: skip
    assert pledge.state == Pledge.State.ACTIVE
    days = [row.due_on.isoformat() for row in pledge.instalments.order_by("period")]
    assert days == ["2026-11-30", "2026-12-28"]
    draw = house.send_next(pledge)
    assert (draw.due_on, draw.amount_ore, draw.number) == (date(2026, 11, 30), 200_00, 1)
    assert pay(draw)
    assert not pay(draw)
    gift = Gift.objects.get()
    assert (gift.amount_ore, gift.channel, gift.origin) == (200_00, "autogiro", "pledge")
    house.campaign.thermometer.refresh_from_db()
    assert house.campaign.thermometer.received_ore == 200_00
    assert pledge.instalments.get(period="2026-11-01").state == "paid"


def test_a_late_yes_moves_the_first_draw_with_a_new_notice(house: House) -> None:
    pledge = house.sign_up()
    house.beat()
    house.go_to(date(2026, 11, 30))
    house.beat()
    first, second = pledge.instalments.order_by("period")[:2]
    assert (first.state, first.reason) == ("cancelled", "late_mandate")
    assert second.notice is not None
    assert (second.notice.kind, second.notice.first_on) == ("moved", date(2026, 12, 28))
    house.approve(pledge)
    draw = house.send_next(pledge)
    assert draw.due_on == date(2026, 12, 28)
    assert Collection.objects.count() == 1


def test_a_draw_that_was_not_told_in_time_is_not_made(house: House) -> None:
    pledge = house.sign_up()
    Notice.objects.update(sent_at=clock.now() + timedelta(days=20))
    house.approve(pledge)
    house.beat()
    house.go_to(date(2026, 11, 26))
    assert house.send() == []
    assert Collection.objects.count() == 0


def test_lack_of_money_is_tried_once_more_and_told(house: House) -> None:
    pledge = house.active(day=15)
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    assert outcomes.failed(draw.pk, Failure("1", may_retry=True))
    again = pledge.instalments.get(pk=draw.instalment_id)
    assert (again.state, again.due_on, again.retried) == ("planned", date(2026, 11, 26), True)
    assert again.notice is not None
    assert again.notice.kind == "retry"
    house.tell()
    house.go_to(bankdays.add(again.due_on, -2))
    house.beat()
    second = house.send()[0]
    assert (second.instalment_id, second.number) == (draw.instalment_id, 2)
    house.go_to(second.due_on)
    assert outcomes.failed(second.pk, Failure("1", may_retry=True))
    again.refresh_from_db()
    assert again.state == "missed"


def test_a_new_try_too_near_the_next_draw_is_left_out(house: House) -> None:
    pledge = house.active(day=28)
    draw = house.send_next(pledge)
    house.go_to(date(2026, 12, 10))  # the bank took its time
    outcomes.failed(draw.pk, Failure("1", may_retry=True))
    assert pledge.instalments.get(pk=draw.instalment_id).state == "missed"


def test_a_closed_account_halts_until_a_new_one_is_approved(house: House) -> None:
    pledge = house.active()
    old = pledge.mandates.get()
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    outcomes.failed(draw.pk, Failure("2", halts=True))
    pledge.refresh_from_db()
    assert pledge.state == "halted"
    new = mandates.new_account(
        pledge.pk, NewAccount(ACCOUNT), by="donor", channel="my_pages", received_at=clock.now()
    )
    starting.sign(new.pk, Signed("tick"), by="donor")
    pledge.refresh_from_db()
    assert pledge.state == "pending"
    assert new.payer_number != old.payer_number
    house.approve(pledge)
    old.refresh_from_db()
    assert (pledge.state, old.state) == ("active", "ending")
    house.beat()
    told = pledge.instalments.get(period="2026-12-01").notice
    assert told is None or told.first_on >= bankdays.add(clock.today(), 8)


def test_the_old_mandate_draws_until_the_new_one_is_approved(house: House) -> None:
    pledge = house.active()
    old = pledge.mandates.get()
    draw = house.send_next(pledge)
    new = mandates.new_account(
        pledge.pk, NewAccount(ACCOUNT), by="donor", channel="my_pages", received_at=clock.now()
    )
    starting.sign(new.pk, Signed("tick"), by="donor")
    house.approve(pledge)
    old.refresh_from_db()
    assert old.state == Mandate.State.RETIRING
    pay(draw)
    old.refresh_from_db()
    assert old.state == Mandate.State.ENDING
    assert house.send_next(pledge).mandate_id == new.pk


def test_a_stop_before_the_cut_off_cancels_what_is_at_the_bank(house: House) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)  # two bank days ahead: a file of tomorrow can still take it back
    assert changing.stop(pledge.pk, wish())
    assert not changing.stop(pledge.pk, wish())
    draw.refresh_from_db()
    pledge.refresh_from_db()
    assert (draw.state, pledge.state) == ("cancelling", "ended")
    assert pledge.mandates.get().state == "ending"
    outcomes.cancelled(draw.pk, "12")
    assert {row.state for row in pledge.instalments.all()} == {"cancelled"}


def test_a_stop_after_the_cut_off_leaves_only_that_draw(house: House) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    changing.stop(pledge.pk, wish())
    draw.refresh_from_db()
    assert draw.state == "sent"
    pay(draw)
    assert Gift.objects.count() == 1
    house.go_to(date(2027, 1, 20))
    house.beat()
    assert house.send() == []


def test_the_payer_ends_it_at_the_bank(house: House) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    mandates.ended(pledge.mandates.get().pk, Said("46+02", clock.today()), by_payer=True)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.end_reason) == ("ended", "bank")
    outcomes.cancelled(draw.pk, "12")
    draw.refresh_from_db()
    assert draw.state == "cancelled"
    assert {row.state for row in pledge.instalments.all()} == {"cancelled"}


def test_money_after_a_cancellation_still_counts_and_a_second_time_is_surplus(house: House) -> None:
    pledge = house.active()
    draw = house.send_next(pledge)
    outcomes.failed(draw.pk, Failure("9x"))
    instalment = Instalment.objects.get(pk=draw.instalment_id)
    assert instalment.state == "missed"
    pay(draw)
    instalment.refresh_from_db()
    assert instalment.state == "paid"
    twin = Collection.objects.create(
        instalment=instalment, mandate=draw.mandate, number=2, amount_ore=200_00,
        due_on=draw.due_on, state="failed", created_at=clock.now(),
    )  # fmt: skip
    assert outcomes.paid_many([paid_seen(twin)]) == {twin.pk: "surplus"}
    assert Gift.objects.count() == 2


def test_the_database_refuses_a_draw_without_a_live_mandate(house: House) -> None:
    pledge = house.active()
    row = pledge.instalments.order_by("due_on")[0]
    house.go_to(bankdays.add(row.due_on, -2))
    drawing.queue(house.entity.pk, "autogiro", today=clock.today(), until=row.due_on)
    draw = Collection.objects.get()
    Mandate.objects.update(state="ending")
    with pytest.raises(DatabaseError), transaction.atomic():
        drawing.mark_sent([draw.pk], clock.now())
    draw.refresh_from_db()
    assert draw.state == "queued"
    with pytest.raises(DatabaseError), transaction.atomic():
        Collection.objects.create(
            instalment=row, mandate=draw.mandate, number=2, amount_ore=1, due_on=row.due_on,
            created_at=clock.now(),
        )  # fmt: skip


def test_a_higher_sum_waits_for_its_notice_and_a_lower_one_does_not(house: House) -> None:
    pledge = house.active()
    house.go_to(date(2026, 11, 20))
    change = changing.change_amount(pledge.pk, 300_00, wish())
    assert change is not None
    sums = list(pledge.instalments.order_by("period").values_list("amount_ore", flat=True))
    assert sums == [200_00, 300_00]
    assert changing.undo(change.pk, wish())
    sums = list(pledge.instalments.order_by("period").values_list("amount_ore", flat=True))
    assert sums == [200_00, 200_00]
    changing.change_amount(pledge.pk, 100_00, wish())
    sums = list(pledge.instalments.order_by("period").values_list("amount_ore", flat=True))
    assert sums == [100_00, 100_00]
    assert house.send_next(pledge).amount_ore == 100_00


def test_another_day_never_gives_two_draws_in_one_month(house: House) -> None:
    pledge = house.active(day=28)
    changing.change_day(pledge.pk, 20, wish())
    days = [row.due_on.isoformat() for row in pledge.instalments.order_by("period")]
    assert days == ["2026-11-20", "2026-12-21"]
    house.tell()
    pay(house.send_next(pledge))
    changing.change_day(pledge.pk, 31, wish())
    house.go_to(date(2026, 11, 27))
    house.beat()
    assert house.send() == []
    days = [row.due_on.isoformat() for row in pledge.instalments.order_by("period")]
    assert days == ["2026-11-20", "2026-12-30"]


def test_a_pause_skips_and_its_end_is_announced(house: House) -> None:
    pledge = house.active()
    changing.pause(pledge.pk, date(2027, 1, 15), wish())
    house.go_to(date(2026, 12, 20))
    house.beat()
    states = list(pledge.instalments.order_by("period").values_list("state", flat=True))
    assert states[:2] == ["skipped", "skipped"]
    house.go_to(date(2027, 1, 8))
    house.beat()
    pledge.refresh_from_db()
    assert pledge.state == "active"
    row = pledge.instalments.get(period="2027-01-01")
    assert row.notice is not None
    assert (row.notice.kind, row.notice.first_on) == ("resume", date(2027, 1, 28))


def test_a_skip_takes_back_what_is_sent_and_can_be_undone(house: House) -> None:
    pledge = house.active()
    change = changing.skip_next(pledge.pk, wish())
    period = date.fromisoformat(change.after["period"])
    assert pledge.instalments.get(period=period).state == "skipped"
    changing.unskip(pledge.pk, period, wish())
    draw = house.send_next(pledge)
    changing.skip_next(pledge.pk, wish())
    draw.refresh_from_db()
    assert draw.state == "cancelling"
    outcomes.cancelled(draw.pk, "12")
    assert pledge.instalments.get(period=period).state == "skipped"
    house.go_to(draw.due_on)
    with pytest.raises(PledgeError, match="too_late"):
        changing.unskip(pledge.pk, period, wish())


def test_a_yearly_draw_is_announced_each_time(house: House) -> None:
    pledge = house.active(ore=1_200_00, months=12)
    pay(house.send_next(pledge))
    house.go_to(date(2027, 11, 10))
    house.beat()
    row = pledge.instalments.get(period="2027-11-01")
    assert row.notice is not None
    assert (row.notice.kind, row.notice.covers_following) == ("draw", False)
    assert pledge.instalments.count() == 2


def test_disowned_before_it_was_signed_nothing_is_left(house: House) -> None:
    pledge = house.sign_up()
    house.beat()
    assert starting.disown(pledge.pk)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.end_reason) == ("ended", "not_me")
    assert pledge.mandates.get().state == "ended"
    assert not pledge.instalments.exclude(state="cancelled").exists()


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("UPDATE pledges_instalment SET state = 'missed' WHERE state = 'paid'", "paid draw"),
        ("UPDATE pledges_instalment SET state = 'collecting', notice_id = (SELECT min(id) FROM"
         " pledges_notice) WHERE state = 'planned'", "has its draw"),
        ("INSERT INTO pledges_mandatetransition (mandate_id, from_state, to_state, at, by, reason,"
         " event_id) SELECT id, 'active', 'ending', '2026-11-03 00:00Z', 'donor', '', ''"
         " FROM pledges_mandate", "after a stop"),
    ],
)  # fmt: skip
def test_each_identity_of_pledges_catches_its_fault(house: House, fault: str, check: str) -> None:
    pay(house.send_next(house.active()))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(fault)
        differs = [one.name for one in proofs.checks() if one.status == "differs"]
        transaction.set_rollback(True)
    assert len(differs) == 1
    assert check in differs[0]


def test_a_draw_in_no_file_yet_moves_to_the_new_account(house: House) -> None:
    pledge = house.active()
    new = house.another_account(pledge)
    row = pledge.instalments.order_by("due_on")[0]
    house.go_to(bankdays.add(row.due_on, -2))
    drawing.queue(house.entity.pk, "autogiro", today=clock.today(), until=row.due_on)
    mandates.approved(new.pk, Said("04+32"))
    assert pledge.mandates.get(state="ending").pk != new.pk
    assert [draw.mandate_id for draw in house.send()] == [new.pk]


def test_a_card_is_drawn_until_the_bank_has_said_yes_to_an_account(house: House) -> None:
    pledge = starting.start_pledge(NewPledge(house.campaign, 200_00, 28, ANNA, method="card"))
    card = SavedCard("cus_1", "pm_1", "Visa •• 4242")
    saved_cards.add_card(pledge.pk, card, gift_id=None, by="donor")
    new = house.another_account(pledge)
    pledge.refresh_from_db()
    assert (pledge.method, pledge.state) == ("card", "active")
    mandates.approved(new.pk, Said("04+32"))
    pledge.refresh_from_db()
    assert pledge.method == "autogiro"
    assert pledge.mandates.get(method="card").state == "ended"


def test_a_pause_taken_back_twice_is_told_anew_each_time(house: House) -> None:
    pledge = house.active()
    for _ in range(2):
        changing.pause(pledge.pk, date(2026, 11, 20), wish())
        changing.resume(pledge.pk, wish())
    house.tell()
    notice = pledge.instalments.order_by("due_on")[0].notice
    assert notice is not None
    assert (notice.kind, notice.withdrawn_at) == ("resume", None)
    assert pledge.notices.filter(kind="resume").count() == 2
    assert house.send_next(pledge).state == "sent"


def sums(pledge: Pledge) -> list[int]:
    rows = pledge.instalments.filter(state="planned").order_by("period")
    return list(rows.values_list("amount_ore", flat=True))


def test_a_lowered_sum_holds_after_a_pause_and_a_skip_taken_back(house: House) -> None:
    paused, skipped = house.active(ore=500_00), house.active(ore=500_00)
    changing.pause(paused.pk, date(2027, 3, 1), wish())
    changing.change_amount(paused.pk, 100_00, wish())
    changing.resume(paused.pk, wish())
    period = changing.skip_next(skipped.pk, wish()).after["period"]
    changing.change_amount(skipped.pk, 100_00, wish())
    changing.unskip(skipped.pk, date.fromisoformat(period), wish())
    assert set(sums(paused)) == set(sums(skipped)) == {100_00}
    house.tell()
    assert house.send_next(skipped).amount_ore == 100_00


def test_a_skip_taken_back_after_a_pause_is_told_anew(house: House) -> None:
    pledge = house.active()
    period = changing.skip_next(pledge.pk, wish()).after["period"]
    changing.pause(pledge.pk, date(2026, 11, 10), wish())
    changing.resume(pledge.pk, wish())
    changing.unskip(pledge.pk, date.fromisoformat(period), wish())
    notice = pledge.instalments.get(period=period).notice
    assert notice is not None
    assert (notice.kind, notice.withdrawn_at) == ("resume", None)


def test_another_day_moves_no_draw_into_a_pause_or_next_to_the_last_one(house: House) -> None:
    pledge = house.active(day=28)
    changing.pause(pledge.pk, date(2026, 12, 15), wish())
    changing.change_day(pledge.pk, 5, wish())
    house.go_to(date(2026, 12, 8))
    house.beat()
    changing.change_day(pledge.pk, 10, wish())
    due = pledge.instalments.filter(state="planned").order_by("due_on")[0].due_on
    assert due >= date(2026, 12, 15)
    near = house.active(day=28)
    pay(house.send_next(near))
    changing.change_day(near.pk, 1, wish())
    days = near.instalments.filter(state__in=["paid", "planned"]).order_by("due_on")
    found = list(days.values_list("due_on", flat=True))
    assert all((b - a).days >= 14 for a, b in itertools.pairwise(found))


def test_a_retry_is_lowered_with_the_sum(house: House) -> None:
    pledge = house.active(ore=500_00, day=15)
    draw = house.send_next(pledge)
    house.go_to(draw.due_on)
    outcomes.failed(draw.pk, Failure("1", may_retry=True))
    house.tell()
    changing.change_amount(pledge.pk, 100_00, wish())
    assert pledge.instalments.get(pk=draw.instalment_id).amount_ore == 100_00


def test_a_yes_after_the_last_file_moves_the_first_draw_too(house: House) -> None:
    pledge = house.sign_up()
    house.beat()
    house.go_to(date(2026, 11, 27), hour=18)
    house.approve(pledge)
    house.beat()
    first, second = pledge.instalments.order_by("period")[:2]
    assert (first.state, first.reason) == ("cancelled", "late_mandate")
    assert second.notice is not None
    assert second.notice.kind == "moved"


def test_a_raise_is_undone_while_only_the_old_sum_has_left(house: House) -> None:
    pledge = house.active()
    house.go_to(date(2026, 11, 20))
    change = changing.change_amount(pledge.pk, 250_00, wish())
    assert change is not None
    assert house.send_next(pledge).amount_ore == 200_00
    assert changing.undo(change.pk, wish())
    pledge.refresh_from_db()
    assert pledge.amount_ore == 200_00
