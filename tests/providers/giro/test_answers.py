"""What each of the bank's words does to mandates, draws and pledges."""

from __future__ import annotations

from datetime import date, timedelta

from fundraise import bankdays, clock
from fundraise.gifts.models import Gift, Refund
from fundraise.jobs.models import Alarm
from fundraise.pledges.models import Collection, Mandate, Pledge
from fundraise.pledges.services import changing, e_mandates
from fundraise.pledges.services.changing import wish
from fundraise.providers.giro import watching
from fundraise.providers.giro.models import Agreement, Deposit, InFile, InRow, Order, Question
from tests.giro import BANKGIRO, GiroHouse


def number(mandate: Mandate) -> str:
    return str(mandate.payer_number)


def test_the_bank_answers_about_mandates(house: GiroHouse) -> None:
    said = {
        "4232": ("active", "active"),
        "0432": ("active", "active"),
        "4203": ("refused", "halted"),
        "4205": ("refused", "halted"),
        "4307": ("ended", "halted"),
    }
    pledges = {pair: house.sign_up() for pair in said}
    for pair, pledge in pledges.items():
        house.bank.next_answer(BANKGIRO, number(pledge.mandates.get()), pair)
    house.until(date(2026, 11, 12))
    for pair, pledge in pledges.items():
        mandate = pledge.mandates.get()
        pledge.refresh_from_db()
        code = f"{pair[:2]}+{pair[2:]}"
        assert (mandate.state, pledge.state, mandate.reason) == (*said[pair], code)
        assert mandate.orders.get().answer == code
    assert Question.objects.count() == 0


def test_bankgirot_refuses_mandates_at_once(house: GiroHouse) -> None:
    for code in ("10", "20", "21", "23", "29", "30"):
        house.bank.knobs.shares.clear()
        house.bank.set_knobs({"shares": {f"mandate.04.{code}": 1.0}})
        pledge = house.sign_up()
        house.day()
        mandate = pledge.mandates.get()
        assert (mandate.state, mandate.reason) == ("refused", f"04+{code}")
        assert Alarm.objects.filter(code="giro-our-fault").exists() == (code in {"29", "30"})


def test_the_payer_ends_it_in_the_bank_and_what_waits_is_cancelled_with_it(
    house: GiroHouse,
) -> None:
    pledge = house.sign_up()
    house.until(date(2026, 11, 27))
    draw = Collection.objects.get()
    assert draw.state == "sent"
    house.bank.payer_cancels(BANKGIRO, number(pledge.mandates.get()))
    house.day()
    pledge.refresh_from_db()
    draw.refresh_from_db()
    assert (pledge.state, pledge.end_reason, draw.state, draw.reason) == (
        "ended", "bank", "cancelled", "03+12",
    )  # fmt: skip
    mandate = pledge.mandates.get()
    assert (mandate.state, mandate.reason) == ("ended", "46+02")
    house.until(date(2026, 12, 8))
    assert (Gift.objects.count(), Order.objects.filter(kind="end").count()) == (0, 0)


def test_a_stop_goes_out_the_day_after_its_order_and_the_end_a_day_later(house: GiroHouse) -> None:
    pledge = house.sign_up()
    house.until(date(2026, 11, 26))
    house.day()  # the draw of the 30th leaves two bank days ahead
    draw = Collection.objects.get()
    changing.stop(pledge.pk, wish())
    draw.refresh_from_db()
    assert (draw.state, pledge.mandates.get().state) == ("cancelling", "ending")
    made, _taken = house.day()
    assert [(f.kind, f.day) for f in made] == [("changes", date(2026, 11, 27))]
    draw.refresh_from_db()
    assert (draw.state, draw.reason, Gift.objects.count()) == ("cancelled", "25+12", 0)
    made, _taken = house.day()
    assert [(f.kind, f.day) for f in made] == [("mandates", date(2026, 11, 30))]
    mandate = pledge.mandates.get()
    assert (mandate.state, mandate.reason) == ("ended", "03+33")
    days = list(Order.objects.order_by("pk").values_list("kind", "day", "answer"))
    assert [(kind, day.day, answer) for kind, day, answer in days] == [
        ("new", 2, "42+32"), ("draw", 26, "25+12"), ("cancel", 27, "12"), ("end", 30, "03+33"),
    ]  # fmt: skip
    assert house.bank.mandates(BANKGIRO) == {number(mandate): "cancelled"}


def test_a_cancellation_that_finds_nothing_is_a_doubt_that_time_settles(house: GiroHouse) -> None:
    pledge = house.sign_up()
    drawn = house.sign_up()
    house.until(date(2026, 11, 27))
    changing.skip_next(pledge.pk, wish())
    house.bank.set_knobs({"shares": {"change.13": 1.0}})
    house.day()
    draw = draw_of(pledge)
    assert (draw.state, draw.reason) == ("doubt", "25+13")
    house.until(date(2026, 12, 4))
    watching.look()
    assert draw_of(pledge).state == "doubt"  # money may still come
    house.until(date(2026, 12, 7))
    watching.look()
    draw.refresh_from_db()
    assert (draw.state, draw.instalment.state) == ("cancelled", "skipped")
    assert draw_of(drawn).state == "paid"


def test_what_becomes_of_draws(house: GiroHouse) -> None:
    said = {
        "0": ("paid", "paid", "active"),
        "1": ("trying", "failed", "active"),
        "2": ("failed", "failed", "halted"),
        "4": ("failed", "failed", "active"),
    }
    pledges = {status: house.sign_up() for status in said}
    late = house.sign_up()
    house.until(date(2026, 11, 30))
    for status, pledge in (*pledges.items(), ("1", late)):
        house.bank.next_draw(BANKGIRO, number(pledge.mandates.get()), status)
    house.day()
    found = {status: draw_of(pledge).state for status, pledge in pledges.items()}
    assert found == {status: first for status, (first, _last, _pledge) in said.items()}
    house.bank.next_draw(BANKGIRO, number(late.mandates.get()), "0")
    house.until(date(2026, 12, 7))
    for status, pledge in pledges.items():
        pledge.refresh_from_db()
        assert (draw_of(pledge).state, pledge.state) == said[status][1:]
    assert Gift.objects.count() == 2
    gift = draw_of(late).gift  # a renewed check found the money: it is booked on the day it moved
    assert gift is not None
    assert gift.received_at is not None
    assert clock.local_date(gift.received_at) == date(2026, 12, 1)
    row = InRow.objects.get(collection=draw_of(late), code="0")
    assert (row.kind, row.day) == ("82", date(2026, 11, 30))


def draw_of(pledge: Pledge) -> Collection:
    """Its first draw."""
    return Collection.objects.filter(instalment__pledge=pledge).order_by("pk")[0]


def test_bankgirot_takes_no_order(house: GiroHouse) -> None:
    said = {
        "01": ("halted", False),
        "02": ("halted", False),
        "13": ("active", True),
        "24": ("active", False),
    }
    days = dict(zip(said, (16, 18, 20, 24), strict=True))  # there is room for a new try
    pledges = {code: house.sign_up(day=day) for code, day in days.items()}
    for code, pledge in pledges.items():
        house.bank.knobs.shares.clear()
        house.bank.set_knobs({"shares": {f"payment.{code}": 1.0}})
        house.until(date(2026, 11, days[code]))
        draw = draw_of(pledge)
        pledge.refresh_from_db()
        assert (draw.state, draw.reason, pledge.state, draw.instalment.retried) == (
            "failed", code, *said[code],
        )  # fmt: skip
        assert Alarm.objects.filter(code="giro-our-fault").exists() == (code == "24")


def test_money_that_is_taken_back_is_a_refund(house: GiroHouse) -> None:
    never, too_high = house.sign_up(), house.sign_up()
    house.until(date(2026, 12, 2))
    house.bank.refund(BANKGIRO, number(never.mandates.get()), "01")
    house.bank.refund(BANKGIRO, number(too_high.mandates.get()), "03")
    house.day()
    for pledge, mandate_state in ((never, "ending"), (too_high, "active")):
        draw = draw_of(pledge)
        assert draw.gift is not None
        assert (draw.state, draw.gift.refunded_ore) == ("refunded", 200_00)
        assert pledge.mandates.get().state == mandate_state
    assert Refund.objects.count() == 2
    codes = Deposit.objects.order_by("pk").values_list("code", "amount_ore", "ours_ore")
    assert list(codes) == [
        ("15", 400_00, 400_00), ("17", 200_00, 200_00), ("17", 200_00, 200_00),
    ]  # fmt: skip


def test_a_closed_bankgiro_and_a_closed_agreement(house: GiroHouse) -> None:
    pledge = house.sign_up()
    house.until(date(2026, 11, 27))
    house.bank.close_bankgiro(BANKGIRO, number(pledge.mandates.get()))
    other = house.sign_up(day=27)
    house.day()
    assert pledge.mandates.get().reason == "44+98"
    house.day()
    house.bank.close_payee(BANKGIRO)
    house.day()
    assert other.mandates.get().reason == "10"
    assert Agreement.objects.get().stopped_at is not None
    assert Alarm.objects.get(code="giro-agreement-ended").resolved_at is None
    house.sign_up()
    assert house.evening() == []


def test_an_e_mandate_is_answered_in_the_next_file(house: GiroHouse) -> None:
    for payer in ("1234566", "1234574", "77"):
        house.bank.give_emandate(BANKGIRO, payer)
    house.day()
    first, second = Mandate.objects.order_by("payer_number")
    assert {first.state, second.state} == {"received"}
    assert InFile.objects.get().counts == {"applied": 2, "noted": 8, "other": 5}
    e_mandates.accept_e_mandate(first.pk, None, by="staff:1")
    e_mandates.reject_e_mandate(second.pk, by="staff:1", reason="unknown")
    house.day()
    assert list(Order.objects.order_by("line").values_list("kind", "answer")) == [
        ("approve", "04+32"), ("reject", ""),
    ]  # fmt: skip
    first.refresh_from_db()
    assert (first.state, first.pledge) == ("active", None)
    assert house.bank.registers["0009912346"].emandates.keys() == {"77".rjust(16, "0")}


def test_an_e_mandate_that_nobody_answers_rings_and_lapses(house: GiroHouse) -> None:
    house.bank.give_emandate(BANKGIRO, "1234566")
    house.day()
    started = clock.today()
    house.go_to(bankdays.add(started, 16))
    watching.look()
    assert Alarm.objects.get(code="giro-e-mandate-waits").resolved_at is None
    house.go_to(bankdays.add(started, 19) + timedelta(days=1))
    watching.look()
    assert Alarm.objects.get(code="giro-e-mandate-waits").resolved_at is not None
    mandate = Mandate.objects.get()
    assert (mandate.state, mandate.reason) == ("ended", "lapsed")
