"""From a sign-up to its money, in files to the bank and back."""

from __future__ import annotations

from datetime import date

from fundraise.gifts.models import Gift
from fundraise.pledges.models import Collection
from fundraise.providers.giro.models import Deposit, InRow, Order, OutFile
from tests.giro import GiroHouse


def test_a_pledge_is_approved_drawn_and_booked_in_files_alone(house: GiroHouse) -> None:
    pledge = house.sign_up()
    made, taken = house.day()
    assert [(f.kind, f.orders_number, f.state, f.day) for f in OutFile.objects.all()] == [
        ("mandates", 1, "delivered", date(2026, 11, 2))
    ]
    assert (len(made), taken) == (1, [])
    house.day()
    mandate = pledge.mandates.get()
    assert (mandate.state, mandate.reason) == ("active", "42+32")
    order = Order.objects.get()
    assert (order.kind, order.line, order.answer) == ("new", 3, "42+32")
    house.until(date(2026, 12, 2))
    draw = Collection.objects.get()
    assert (draw.state, draw.due_on) == ("paid", date(2026, 11, 30))
    gift = Gift.objects.get()
    assert (gift.amount_ore, gift.channel) == (200_00, "autogiro")
    deposit = Deposit.objects.get()
    assert (deposit.amount_ore, deposit.ours_ore, deposit.number) == (200_00, 200_00, 1)
    assert set(InRow.objects.values_list("kind", "result")) == {
        ("73", "applied"), ("15", "noted"), ("82", "applied"),
    }  # fmt: skip
