"""What a person says of the bank's items is booked, learned, logged, and can be undone."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from donors import services as donors
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Thermometer
from fundraise.gifts import giver, services
from fundraise.gifts.models import Gift, Refund
from fundraise.ledger.models import Journal, Period
from fundraise.ledger.queries import balance_ore
from fundraise.ledger.services import set_period
from fundraise.reconciliation import accounts, deciding, proposals, queries, tasks
from fundraise.reconciliation.deciding import Choice, DecideError
from fundraise.reconciliation.models import Item, Line, Match, PayerAlias, QueueItem
from fundraise.refs import short_reference
from tests.people import NOON, make_campaign, make_party
from tests.proofs import differing
from tests.reconciliation.house import ADMIN, OPENING, make_bank
from tests.reconciliation.test_inbox import OCR, balances, book, donor_with
from tests.reconciliation.written import Book, one

pytestmark = pytest.mark.django_db
DAVID = "staff:7"
PAYER = "SE3550000000054910000003"
decide = partial(deciding.decide, by=DAVID)


def the_item(**which: object) -> Item:
    return Item.objects.get(**which)


def test_a_payer_that_was_confirmed_is_suggested_and_taken_the_next_time() -> None:
    bank = make_bank()
    anna = donor_with(OCR, bank)
    ledger = Book()
    book(ledger.day(one(100_00, name="ANNA L", account=PAYER, message="till valet")))
    item = the_item()
    made = deciding.to_donor(item.pk, anna, bank.campaign, by=DAVID)
    assert (made.by, made.makes_gift, made.state) == (DAVID, True, "stands")
    assert QueueItem.objects.get().how == "placed"
    assert PayerAlias.objects.get().donor_id == anna.pk
    assert Gift.objects.get().iban_country == "SE"
    assert balances(bank)["suspense"] == 0

    day = date(2026, 11, 9)
    book(ledger.day(one(100_00, name="ANNA L", account=PAYER, message="igen", day=day), day=day))
    suggestion = Match.objects.get(state="suggested")
    assert suggestion.evidence["found"] == ["payer", "sum"]
    assert queries.counters([bank.entity.pk]).suggested == 1
    outcomes = deciding.take_many([suggestion.pk, suggestion.pk, 10**9], by=DAVID)
    assert [outcome.code for outcome in outcomes] == ["", "not_open"]
    assert Thermometer.objects.get().received_ore == 200_00
    assert balances(bank) == {
        "bank": OPENING + 200_00, "giro_clearing": 0, "suspense": 0, "gifts": -200_00,
    }  # fmt: skip
    assert PayerAlias.objects.get().times == 2
    assert differing() == []
    with pytest.raises(DecideError, match="not_open"):
        deciding.take(suggestion.pk, by=DAVID)


def test_a_wrong_match_is_undone_and_the_money_goes_to_the_right_donor() -> None:
    bank = make_bank()
    anna, bo = donor_with(OCR, bank), donor_with("2345678901", bank, "Bo Ek")
    book(Book().day(one(100_00, ocr=OCR, account=PAYER)))
    match = Match.objects.get()
    with pytest.raises(DecideError, match="why"):
        deciding.undo(match.pk, by=DAVID, why=" ")

    undone = deciding.undo(match.pk, by=DAVID, why="Fel givare")

    assert undone.proposal is None
    gift = Gift.objects.get()
    assert (gift.state, gift.refunded_ore, gift.refunds.get().origin) == (
        "received", 100_00, "undone",
    )  # fmt: skip
    assert Thermometer.objects.get().received_ore == 0
    assert balances(bank) == {
        "bank": OPENING + 100_00, "giro_clearing": 0, "suspense": -100_00, "gifts": 0,
    }  # fmt: skip
    again = deciding.to_donor(match.item_id, bo, bank.campaign, by=DAVID)
    assert [gift.donor_id for gift in Gift.objects.order_by("pk")] == [anna.pk, bo.pk]
    assert again.gift is not None
    assert balances(bank)["suspense"] == 0
    assert Thermometer.objects.get().received_ore == 100_00
    match.refresh_from_db()
    assert (match.state, match.ended_by, match.ended_why) == ("undone", DAVID, "Fel givare")
    said = ChangeLine.objects.filter(subject_type="match").order_by("pk")
    assert [line.action for line in said] == ["match.undone", "match.decided"]
    assert differing() == []
    deciding.undo(again.pk, by=DAVID, why="En gång till")
    deciding.to_donor(match.item_id, None, bank.campaign, by=DAVID)
    assert balances(bank)["suspense"] == 0
    assert differing() == []


def test_what_a_line_is_goes_to_its_account_and_moves_no_thermometer() -> None:
    bank = make_bank()
    kinds = {"membership": 11_00, "sale": 12_00, "lottery": 13_00, "loan": 14_00,
             "within_party": 15_00, "other_income": 16_00, "public_support": 17_00}  # fmt: skip
    entries = [one(ore, name=f"Nn{ore}") for ore in kinds.values()]
    book(Book().day(*entries, one(-5_00, name="Banken AB")))
    for kind, ore in kinds.items():
        decide(the_item(amount_ore=ore).pk, Choice(kind))
    decide(the_item(amount_ore=-5_00).pk, Choice("bank_fee"))
    roles = {"sale": "sales"}
    told = {kind: -balance_ore(bank.entity.pk, roles.get(kind, kind)) for kind in kinds}
    assert told == kinds
    assert balance_ore(bank.entity.pk, "fees") == 5_00
    assert balances(bank)["suspense"] == balances(bank)["giro_clearing"] == 0
    assert Thermometer.objects.get().received_ore == 0
    for match in Match.objects.all():
        deciding.undo(match.pk, by=DAVID, why="Prov")
    assert balances(bank)["suspense"] == -sum(kinds.values()) + 5_00


def test_a_payment_is_split_into_parts_that_are_its_sum() -> None:
    bank = make_bank()
    anna = donor_with(OCR, bank)
    book(Book().day(one(500_00, name="Anna L", account=PAYER)))
    item = the_item()
    for sums in ([500_00], [400_00, 90_00], [600_00, -100_00]):
        with pytest.raises(DecideError, match="sum"):
            deciding.split(item.pk, sums, by=DAVID)
    gift, fee = deciding.split(item.pk, [300_00, 200_00], by=DAVID)
    assert balances(bank)["suspense"] == -500_00
    deciding.to_donor(gift.pk, anna, bank.campaign, by=DAVID)
    decide(fee.pk, Choice("membership"))
    assert balances(bank) == {
        "bank": OPENING + 500_00, "giro_clearing": 0, "suspense": 0, "gifts": -300_00,
    }  # fmt: skip
    with pytest.raises(DecideError, match="not_open"):
        decide(item.pk, Choice("sale"))


def test_parts_are_joined_again_while_none_is_decided_and_may_be_split_anew() -> None:
    bank = make_bank()
    anna = donor_with(OCR, bank)
    book(Book().day(one(500_00, name="Anna L", account=PAYER)))
    item = the_item()
    with pytest.raises(DecideError, match="not_open"):
        deciding.join(item.pk, by=DAVID)
    gift, _rest = deciding.split(item.pk, [300_00, 200_00], by=DAVID)
    match = deciding.to_donor(gift.pk, anna, bank.campaign, by=DAVID)
    item.refresh_from_db()
    assert not deciding.may_be_joined(item)
    with pytest.raises(DecideError, match="parts"):
        deciding.join(item.pk, by=DAVID)
    assert balances(bank)["suspense"] == -200_00

    deciding.undo(match.pk, by=DAVID, why="Hela raden är en sak")
    assert deciding.may_be_joined(item)
    deciding.join(item.pk, by=DAVID)
    with pytest.raises(DecideError, match="not_open"):
        deciding.join(item.pk, by=DAVID)  # pressed twice
    assert balances(bank)["suspense"] == -500_00
    assert list(item.parts.values_list("state", flat=True)) == ["joined", "joined"]
    with pytest.raises(DecideError, match="not_open"):
        deciding.to_donor(gift.pk, anna, bank.campaign, by=DAVID)
    for broken in ({"state": "unknown"}, {"state": "matched"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.filter(pk=gift.pk).update(**broken)
    assert differing() == []

    more = deciding.split(item.pk, [300_00, 200_00], by=DAVID)
    assert [part.amount_ore for part in more] == [300_00, 200_00]
    deciding.join(item.pk, by=DAVID)
    deciding.to_donor(item.pk, anna, bank.campaign, by=DAVID)
    assert balances(bank) == {
        "bank": OPENING + 500_00, "giro_clearing": 0, "suspense": 0, "gifts": -500_00,
    }  # fmt: skip
    assert differing() == []
    told = ChangeLine.objects.filter(subject_ref=str(item.ref)).values_list("action", flat=True)
    assert [one_ for one_ in told if one_.startswith("bank_item")] == [
        "bank_item.split", "bank_item.joined", "bank_item.split", "bank_item.joined",
    ]  # fmt: skip


def test_of_a_shared_account_only_what_is_ours_is_booked() -> None:
    bank = make_bank(is_shared=True)
    donor_with(OCR, bank)
    book(Book().day(one(100_00, ocr=OCR), one(-9_000_00, name="Lön"), one(30_00, name="Okänd")))
    assert Line.objects.filter(journal=None).count() == 2
    assert balances(bank)["bank"] == OPENING + 100_00
    suggested = Match.objects.get(state="suggested")
    assert (suggested.kind, suggested.item.amount_ore) == ("other_books", -9_000_00)
    deciding.take(suggested.pk, by=DAVID)
    assert Line.objects.get(amount_ore=-9_000_00).other_books
    deciding.undo(suggested.pk, by=DAVID, why="Tittar igen")
    assert balances(bank)["bank"] == OPENING + 100_00
    salary, unknown = the_item(amount_ore=-9_000_00), the_item(amount_ore=30_00)
    assert deciding.class_others([salary.pk], by=DAVID) == 1
    assert Line.objects.get(amount_ore=-9_000_00).other_books
    deciding.park(unknown.pk, "Frågat banken", by=DAVID)
    assert balances(bank) == {
        "bank": OPENING + 130_00, "giro_clearing": 0, "suspense": -30_00, "gifts": -100_00,
    }  # fmt: skip
    with pytest.raises(DecideError, match="booked"):
        deciding.class_others([unknown.pk], by=DAVID)
    deciding.undo(
        Match.objects.get(kind="other_books", state="stands").pk, by=DAVID, why="Vår ändå"
    )
    assert not Line.objects.get(amount_ore=-9_000_00).other_books
    assert differing() == []


def test_undoing_in_a_closed_month_needs_a_second_person() -> None:
    bank = make_bank()
    donor_with(OCR, bank)
    book(Book().day(one(100_00, ocr=OCR)))
    set_period(bank.entity, month=NOON.date(), state=Period.State.CLOSED, by=ADMIN)
    match = Match.objects.get()
    asked = deciding.undo(match.pk, by=DAVID, why="Fel givare").proposal
    assert asked is not None
    match.refresh_from_db()
    assert match.state == "stands"
    proposals.agree(asked.ref, by="staff:8")
    match.refresh_from_db()
    assert (match.state, match.ended_by) == ("undone", DAVID)
    assert Journal.objects.filter(accounting_date__month=11, reversal_of__isnull=False).count() == 0
    assert balances(bank)["suspense"] == -100_00


def test_a_gift_in_another_entity_s_closed_month_needs_a_second_person_too() -> None:
    bank = make_bank()
    other = make_campaign(make_party("ung"), "ung")
    book(Book().day(one(60_00, message="till ung")))
    match = deciding.to_donor(the_item().pk, None, other, by=DAVID)
    set_period(other.entity, month=NOON.date(), state=Period.State.CLOSED, by=ADMIN)
    asked = deciding.undo(match.pk, by=DAVID, why="Fel").proposal
    assert asked is not None
    proposals.agree(asked.ref, by="staff:8")
    assert balance_ore(other.entity_id, "gifts") == balance_ore(bank.entity.pk, "suspense") + 60_00
    assert differing() == []


def test_two_accounts_of_ours_and_two_entities() -> None:
    bank = make_bank()
    other = make_campaign(make_party("ung"), "ung")
    savings = accounts.open_account(
        accounts.NewAccount(
            bank.entity, "Sparkonto", [("iban", PAYER)], date(2026, 9, 1), ledger_number=1940
        ),
        by=ADMIN,
    )
    book(Book().day(one(-80_00, message="till spar"), one(60_00, message="till ung")))
    book(Book(balance=0, iban=PAYER).day(one(80_00, message="från bank")))
    suggestion = Match.objects.get(state="suggested")
    deciding.take(suggestion.pk, by=DAVID)
    assert Match.objects.filter(kind="own_transfer", state="stands").count() == 2
    assert balance_ore(bank.entity.pk, "own_transfer") == 0
    assert accounts.balance_ore(savings) == 80_00
    deciding.to_donor(the_item(amount_ore=60_00).pk, None, other, by=DAVID)
    assert balance_ore(bank.entity.pk, "owed_to_entity") == -60_00
    assert balance_ore(other.entity_id, "owed_by_entity") == 60_00
    assert balance_ore(other.entity_id, "gifts") == -60_00
    assert balances(bank)["suspense"] == balances(bank)["giro_clearing"] == 0
    deciding.undo(Match.objects.get(kind="gift").pk, by=DAVID, why="Vår ändå")
    deciding.undo(suggestion.pk, by=DAVID, why="Inte så")
    assert balance_ore(bank.entity.pk, "owed_to_entity") == 0
    assert balance_ore(other.entity_id, "gifts") == 0
    assert Match.objects.filter(state="stands").count() == 0
    assert Refund.objects.get().origin == "undone"
    assert differing() == []


def test_who_was_forgotten_is_no_payer_and_no_reference_any_more() -> None:
    bank = make_bank()
    anna = donor_with(OCR, bank)
    ledger = Book()
    book(ledger.day(one(100_00, name="ANNA L", account=PAYER)))
    deciding.to_donor(the_item().pk, anna, bank.campaign, by=DAVID)
    donors.forget_donor(donor_ref=anna.ref, by=DAVID, reason="asked")
    day = date(2026, 11, 9)
    book(ledger.day(one(90_00, account=PAYER, day=day), one(80_00, ocr=OCR, day=day), day=day))
    assert set(Item.objects.filter(booked_on=day).values_list("state", flat=True)) == {"unknown"}
    tasks.again()
    assert not PayerAlias.objects.exists()
    assert Item.objects.filter(state="unknown").count() == 2
    with pytest.raises(DecideError, match="donor"):
        deciding.to_donor(the_item(amount_ore=80_00).pk, anna, bank.campaign, by=DAVID)


def test_a_yes_on_a_waiting_gift_is_taken_back_suggested_again_and_said_once_more() -> None:
    bank = make_bank()
    who = giver.Giver(name="Bo Alm", email="bo@example.org")
    waiting = services.begin_gift(
        services.NewGift(bank.campaign, 100_00, who, channel="swish_number")
    )
    book(Book().day(one(100_00, name="BO ALM", message=short_reference(waiting.ref))))
    match = Match.objects.get()
    assert (match.state, match.gift_id, match.makes_gift) == ("stands", waiting.pk, False)
    for _mistake in range(2):
        again = deciding.take_back(match.pk, by=DAVID, why="Sagt av misstag")
        assert isinstance(again, Match)
        assert (again.state, again.gift_id, again.makes_gift) == ("suggested", waiting.pk, False)
        assert the_item().state == "suggested"
        assert Thermometer.objects.get().received_ore == 0
        assert balances(bank)["suspense"] == -100_00
        assert differing() == []
        match = deciding.take(again.pk, by=DAVID)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.refunded_ore, waiting.standing_ore) == (
            "received", 0, 100_00,
        )  # fmt: skip
        assert Thermometer.objects.get().received_ore == 100_00
        assert balances(bank) == {
            "bank": OPENING + 100_00, "giro_clearing": 0, "suspense": 0, "gifts": -100_00,
        }  # fmt: skip
        assert differing() == []
    assert Gift.objects.count() == 1, "one gift, one receipt"
    assert list(Refund.objects.values_list("origin", "state")) == [("undone", "failed")] * 2
    with pytest.raises(DecideError):
        deciding.take(match.pk, by=DAVID)


def test_a_waiting_gift_of_another_entity_is_owed_to_it() -> None:
    bank = make_bank()
    other = make_campaign(make_party("ung"), "ung")
    waiting = services.begin_gift(services.NewGift(other, 60_00, giver.Giver()))
    book(Book().day(one(60_00, message="till ung")))
    decide(the_item().pk, Choice("gift", gift=waiting))
    assert balance_ore(bank.entity.pk, "owed_to_entity") == -60_00
    assert balance_ore(other.entity_id, "owed_by_entity") == 60_00
    assert balance_ore(other.entity_id, "gifts") == -60_00
    assert balances(bank)["suspense"] == balances(bank)["giro_clearing"] == 0
    assert differing() == []
