"""From a dropped file to a clean page: looked at, booked, matched by one press, undone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fundraise import clock
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.ledger.queries import balance_ore
from fundraise.reconciliation import accounts, exceptions, tasks
from fundraise.reconciliation.models import (
    Item,
    Match,
    PaymentList,
    ProofLine,
    ProofRun,
    QueueItem,
    StatementFile,
)
from fundraise.staff.models import Approval
from tests.console.conftest import LogIn
from tests.reconciliation.house import ADMIN, IBAN, OPENED, OPENING, Bank
from tests.reconciliation.paying.test_lists import two_refunds
from tests.reconciliation.test_inbox import OCR, donor_with
from tests.reconciliation.test_payouts_back import paid_out
from tests.reconciliation.written import Book, one

pytestmark = pytest.mark.django_db
FILES, MATCH = "console:statement_files", "console:match"


def bank_of(campaign: Campaign) -> Bank:
    """An account of the legal entity whose treasurer is logged in."""
    new = accounts.NewAccount(
        campaign.entity, "Insamlingskontot", [("iban", IBAN)], OPENED, OPENING, campaign=campaign
    )
    return Bank(campaign.entity, campaign, accounts.open_account(new, by=ADMIN))


def drop(staff: Client, content: bytes) -> StatementFile:
    sent = SimpleUploadedFile("utdrag.xml", content)
    answer = staff.post(reverse("console:drop_statement"), {"file": sent})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return StatementFile.objects.latest("pk")


def press(staff: Client, name: str, ref: object, **form: object) -> str:
    answer = staff.post(reverse(f"console:{name}", args=[ref]), form, follow=True)
    return str(answer.content.decode())


def booked(staff: Client, bank: Bank) -> Item:
    """A file with one donor's gift and one line that nobody knows, booked on its page."""
    donor_with(OCR, bank)
    content = Book().day(one(100_00, ocr=OCR), one(70_00, name="Okänd Person", message="hej"))
    file = drop(staff, content)
    page = staff.get(reverse("console:statement_file", args=[file.ref])).content.decode()
    assert "summor och saldon stämmer" in page
    assert Gift.objects.count() == 0, "looked at, not booked"
    assert "1 matchade, 1 kvar" in press(staff, "book_statement", file.ref)
    assert drop(staff, content).pk == file.pk, "the same bytes are one file"
    return Item.objects.get(state="unknown")


def test_a_file_is_looked_at_booked_and_its_unknown_line_placed_and_undone(
    log_in: LogIn, campaign: Campaign
) -> None:
    staff, bank = log_in("boss"), bank_of(campaign)
    item = booked(staff, bank)
    page = staff.get(reverse(MATCH)).content.decode()
    assert "Okänd Person" in page
    assert ReadLine.objects.filter(purpose="staff.match", subject_ref=str(item.ref)).exists()
    assert "Okänd Person" not in staff.get(reverse("console:bank_items")).content.decode()
    queue = reverse("console:exceptions")
    link = reverse("console:exception", args=[QueueItem.objects.get().ref])
    assert link in staff.get(queue).content.decode()
    assert link not in staff.get(f"{queue}?due=passed").content.decode()
    opens = reverse("console:bank_item", args=[item.ref])
    assert f'href="{opens}"' in staff.get(link).content.decode()
    dora = log_in("dora", "donor_care")
    assert f'href="{opens}"' not in dora.get(link).content.decode(), "it is not hers to open"
    assert dora.get(opens).status_code == 403
    front = staff.get(reverse("console:front")).content.decode()
    assert f'<a href="{reverse(MATCH)}?state=unknown"><b>1</b>' in front

    wrong = press(staff, "item_is_gift", item.ref, campaign=bank.campaign.pk, email="x@example.org")
    assert "Det finns ingen sådan givare" in wrong
    said = press(staff, "item_is_gift", item.ref, campaign=bank.campaign.pk, email="")
    assert "Bokförd som gåva." in said
    assert QueueItem.objects.get().how == "placed"
    assert (balance_ore(bank.entity.pk, "bank"), balance_ore(bank.entity.pk, "suspense")) == (
        OPENING + 170_00, 0,
    )  # fmt: skip

    assert "raden är öppen igen" in press(staff, "undo_match", item.ref, why="fel kampanj")
    assert balance_ore(bank.entity.pk, "suspense") == -70_00
    assert "Delad i 2 delar" in press(staff, "split_item", item.ref, sums="50; 20")
    assert sorted(Item.objects.filter(part_of=item).values_list("amount_ore", flat=True)) == [
        20_00, 50_00,
    ]  # fmt: skip


def test_a_payout_that_no_rule_found_is_chosen_on_the_line_s_page_and_again_when_it_was_undone(
    log_in: LogIn, campaign: Campaign
) -> None:
    staff, bank = log_in("boss"), bank_of(campaign)
    payout, late = paid_out(bank), date(2026, 11, 23)
    file = drop(staff, Book().day(one(900_00, name="STRIPE", day=late), day=late))
    press(staff, "book_statement", file.ref)
    item = Item.objects.get(state="unknown")
    exceptions.open_(QueueItem.Code.PAYOUT_FAILED, f"payout:{payout.ref}", entity_id=bank.entity.pk)
    failed = QueueItem.objects.get(code="payout_failed")
    opened = staff.get(reverse("console:exception", args=[failed.ref])).content.decode()
    assert reverse("console:payout", args=[payout.ref]) in opened
    run = ProofRun.objects.create(day=late, began_at=clock.now(), ended_at=clock.now(), by=ADMIN)
    ProofLine.objects.create(
        run=run, entity=bank.entity, letter="B", source="payouts", name="x", expected=900_00,
        actual=0, status="differs", rows=[f"payout:{payout.ref}"],
    )  # fmt: skip
    assert (
        reverse("console:payout", args=[payout.ref])
        in staff.get(reverse("console:day_proof")).content.decode()
    )
    for _time in range(2):
        shown = staff.get(reverse("console:bank_item", args=[item.ref])).content.decode()
        assert "Utbetalning, 2\u00a0nov" in shown
        answer = staff.post(reverse("console:item_belongs", args=[item.ref]), {"of": "payout:x"})
        assert answer.status_code == 422
        press(staff, "item_belongs", item.ref, of=f"payout:{payout.ref}")
        assert balance_ore(bank.entity.pk, "payout_in_transit") == -900_00
        of = staff.get(reverse("console:bank_item", args=[item.ref])).content.decode()
        assert reverse("console:payout", args=[payout.ref]) in of
        press(staff, "undo_match", item.ref, why="fel rad")
        assert balance_ore(bank.entity.pk, "payout_in_transit") == 0


def test_many_suggestions_are_taken_by_one_press_and_one_refused_by_another(
    log_in: LogIn, campaign: Campaign
) -> None:
    staff, bank = log_in("boss"), bank_of(campaign)
    item = booked(staff, bank)
    press(staff, "item_is", item.ref, kind="membership", why="")
    for suggested in (10_00, 20_00, 30_00):
        drop(staff, Book(balance=0).day(one(suggested, name="B"), ident=f"x{suggested}"))
    files = StatementFile.objects.filter(state="read")
    for file in files:
        press(staff, "book_statement", file.ref)
    matches = [
        Match.objects.create(item=one_, state="suggested", kind="interest", by="system:rules",
                             made_at=item.statement.file.received_at)
        for one_ in Item.objects.filter(state="unknown").order_by("amount_ore")
    ]  # fmt: skip
    Item.objects.filter(state="unknown").update(state="suggested")
    assert len(matches) == 3
    page = staff.get(reverse(MATCH)).content.decode()
    assert page.count('class="match"') == 3
    no = staff.post(reverse("console:refuse_matches"), {"only": str(matches[0].ref)}, follow=True)
    assert "Förslaget är borta" in no.content.decode()
    whole_page = [*(str(one_.ref) for one_ in matches), *("gone" for _row in range(100))]
    yes = staff.post(reverse("console:take_matches"), {"match": whole_page}, follow=True)
    assert "2 rader är matchade." in yes.content.decode()
    assert "Någon bestämde det under tiden." in yes.content.decode()
    assert -balance_ore(bank.entity.pk, "interest") == 50_00


def test_an_account_gets_another_campaign_and_is_closed_and_opens_again(
    log_in: LogIn, campaign: Campaign
) -> None:
    staff, bank = log_in("boss"), bank_of(campaign)
    page, change = "console:bank_account", "console:change_bank_account"
    form = {"name": "Nya namnet", "bank": "SEB", "campaign": "", "closed_on": "2026-11-20"}
    wrong = staff.post(
        reverse(change, args=[bank.account.ref]), {**form, "closed_on": "2020-01-01"}
    )
    assert wrong.status_code == 422
    staff.post(reverse(change, args=[bank.account.ref]), form)
    bank.account.refresh_from_db()
    assert (bank.account.name, bank.account.campaign) == ("Nya namnet", None)
    assert str(bank.account.closed_on) == "2026-11-20"
    assert "Avslutat i banken" in staff.get(reverse(page, args=[bank.account.ref])).content.decode()
    again = {"name": "Nya namnet", "campaign": campaign.pk, "details_follow": "on"}
    staff.post(reverse(change, args=[bank.account.ref]), again)
    bank.account.refresh_from_db()
    assert (bank.account.closed_on, bank.account.campaign) == (None, campaign)
    assert bank.account.details_follow


def test_what_is_wrong_with_a_file_is_said_with_its_place_and_nothing_is_kept(
    log_in: LogIn, campaign: Campaign
) -> None:
    staff, bank = log_in("boss"), bank_of(campaign)
    content = Book().day(one(100_00)).replace(b'<Amt Ccy="SEK">100.00', b'<Amt Ccy="SEK">99.00')
    file = drop(staff, content)
    assert file.state == "refused"
    page = staff.get(reverse("console:statement_file", args=[file.ref])).content.decode()
    assert file.reason == "balance"
    assert "Ingående saldo och rörelser blir" in page
    assert (Item.objects.count(), balance_ore(bank.entity.pk, "bank")) == (0, OPENING)


def test_a_large_file_is_booked_by_a_worker_and_the_page_says_so(
    log_in: LogIn, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, bank = log_in("boss"), bank_of(campaign)
    monkeypatch.setattr("fundraise.console.views.treasury_files.BOOKED_WHILE_WAITING", 1)
    asked: list[tuple[int, str]] = []
    monkeypatch.setattr(
        "fundraise.reconciliation.tasks.book_file.delay", lambda *said: asked.append(said)
    )
    file = drop(staff, Book().day(one(100_00), one(70_00)))
    assert "Den bokförs nu." in press(staff, "book_statement", file.ref)
    ((pk, by),) = asked
    assert (pk, balance_ore(bank.entity.pk, "bank")) == (file.pk, OPENING)
    tasks.book_file(pk, by)
    assert balance_ore(bank.entity.pk, "bank") == OPENING + 170_00


def test_a_line_that_was_split_is_joined_again_on_its_page(
    log_in: LogIn, campaign: Campaign
) -> None:
    staff, bank = log_in("david", "treasurer"), bank_of(campaign)
    item = booked(staff, bank)
    assert "Delad i 2 delar." in press(staff, "split_item", item.ref, sums="50; 20")
    page = staff.get(reverse("console:bank_item", args=[item.ref])).content.decode()
    assert "Slå ihop delarna igen" in page

    assert "En rad igen." in press(staff, "join_item", item.ref)
    again = staff.post(reverse("console:join_item", args=[item.ref]))
    assert (again.status_code, Item.objects.get(pk=item.pk).state) == (409, "unknown")
    part = item.parts.first()
    assert part is not None
    shown = staff.get(reverse("console:bank_item", args=[part.ref])).content.decode()
    assert "Hopslagen igen" in shown
    assert 'id="split"' not in shown


def test_rows_that_the_bank_refused_are_ticked_and_freed_with_two_people(
    log_in: LogIn, campaign: Campaign, settings: Any
) -> None:
    david, signe, bank = log_in("david", "treasurer"), log_in("signe", "second"), bank_of(campaign)
    donor_with(OCR, bank)
    refund, _other = two_refunds(bank, Book())
    made = PaymentList.objects.get()
    settings.TWO_PERSON_REFUND_ORE = 50_00
    page = david.get(reverse("console:payment_list", args=[made.ref])).content.decode()
    assert page.count('name="row"') == 2
    assert "Skriv vad banken sa." in press(david, "payments_refused", made.ref, why="")

    form = {"row": [refund.ref.hex], "why": "Kontot är avslutat"}
    assert "En andra person är tillfrågad." in press(david, "payments_refused", made.ref, **form)
    asked = reverse("console:matching_second", args=[Approval.objects.get(kind="matching").ref])
    shown = signe.get(asked).content.decode()
    assert "Säga att banken avvisade det som står på en betalningslista" in shown
    assert "100" in shown
    assert made.rows.filter(is_live=True).count() == 2

    answer = signe.post(asked, {"answer": "yes", "reason": ""}, follow=True).content.decode()
    assert "Godkänt och gjort." in answer
    after = david.get(reverse("console:payment_list", args=[made.ref])).content.decode()
    assert (after.count("avvisad av banken"), after.count('name="row"')) == (1, 1)
    assert made.rows.get(is_live=False).refund == refund
