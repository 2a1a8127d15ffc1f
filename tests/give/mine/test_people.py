"""What is shown to whom: a mailbox sees what it gave with, and a register's errors show nobody."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from donors import queries
from donors import services as donors
from donors.models import ContactPoint, Donor, LegalBasis
from donors.values import PersonName
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.give.mine.people import Person, is_known
from fundraise.reconciliation import accounts
from fundraise.reconciliation.models import Reference
from fundraise.reporting import receipts
from fundraise.reporting.models import Receipt, YearStatement
from mailings.transactional import _opened
from tests.give.mine.browsing import HOME, deliver, mails, said, visit
from tests.pledging import House, pay

ANNA, BJORN = "anna@example.se", "bjorn@example.org"


def listed(address: str, given: str = "Cecilia", family: str = "Falk", **more: Any) -> Donor:
    """Somebody of a member list, with an address that nobody has confirmed."""
    return donors.register_donor(
        name=PersonName(given, family), language="sv", source="import:1", by="staff:1",
        email=address, **more,
    )  # fmt: skip


def paid(house: House) -> None:
    """Anna's first month has come."""
    draw = house.send_next(house.active())
    house.go_to(draw.due_on)
    pay(draw)
    deliver()


def test_two_who_share_an_address_share_a_mailbox_and_both_are_shown(
    house: House, client: Client
) -> None:
    house.sign_up()
    house.sign_up(300_00, giver=Giver(name="Björn Ek", email="ANNA@example.se"))
    page = said(visit(client, ANNA).get(HOME))
    assert "200 kr varje månad" in page
    assert "300 kr varje månad" in page


def test_a_wrong_address_in_a_list_shows_its_holder_nothing_of_the_donor(
    house: House, client: Client
) -> None:
    paid(house)
    anna = Donor.objects.get()
    donors.add_contact_point(
        donor_id=anna.pk, kind="email", value="wrong@example.org", source="import:1", by="staff:1"
    )
    stranger = visit(client, "wrong@example.org")
    assert is_known("wrong@example.org")
    assert "Du har ingen månadsgåva" in said(stranger.get(HOME))
    assert "Ingen gåva" in said(stranger.get(f"{HOME}gavor/"))
    details = said(stranger.get(f"{HOME}uppgifter/"))
    assert "Anna" not in details
    assert "visar inget mer av den här" in details
    assert "skriva till ekonomi@framtidspartiet.example från den här adressen" in details
    asked = stranger.post(f"{HOME}begaran/", {"what": "copy"})  # of nobody's record: not taken
    assert (asked.status_code, mails("privacy_request")) == (404, [])
    Person("wrong@example.org").confirm()
    assert set(ContactPoint.objects.values_list("source", "state")) == {
        ("donation_page", "unconfirmed"), ("import:1", "unconfirmed"),
    }  # fmt: skip


def test_a_listed_donor_who_gives_with_the_same_name_and_address_is_that_donor(
    house: House,
) -> None:
    donor = listed(ANNA, "Anna", "Ek")
    assert Person(ANNA).donors == []
    house.sign_up()
    deliver()
    assert Person(ANNA).donors == [donor]
    Person(ANNA).confirm()
    assert donor.contact_points.get().state == "confirmed"


def test_an_erased_donor_is_not_known(house: House) -> None:
    donor = listed(ANNA)
    donors.forget_donor(donor_ref=donor.ref, by="staff:1", reason="")
    assert not is_known(ANNA)
    assert not is_known("no address at all")


def test_gifts_receipts_and_the_years_sum_stand_there_for_their_giver_alone(
    house: House, client: Client
) -> None:
    paid(house)
    anna = visit(client, ANNA)
    page = anna.get(f"{HOME}gavor/")
    assert "2026: 200 kr" in said(page)
    year = said(anna.get(f"{HOME}gavor/2026/"))
    assert "Dina gåvor 2026 Anna Ek" in year
    assert "30 november Autogiro 200 kr Totalt 200 kr" in year
    assert "802000-0000" in year
    receipt = receipts.issue(Gift.objects.get())
    page = anna.get(f"{HOME}gavor/")
    path = f"{HOME}kvitto/{receipt.ref}/"
    assert path in page.content.decode()
    assert f"Kvittonummer {receipt}" in said(anna.get(path))
    assert "Thank you! Your gift of 200 kr" in said(
        anna.get(f"/en/my-pages/receipt/{receipt.ref}/")
    )
    receipt.refresh_from_db()
    assert receipt.language == "sv"
    eva = visit(Client(), "eva@example.org")
    assert [eva.get(p).status_code for p in (path, f"{HOME}gavor/2026/")] == [404, 404]
    assert eva.post(f"{path}pdf/").status_code == 404


def test_receipt_and_yearly_statement_are_posted_for_and_come_as_pdf(
    house: House, client: Client
) -> None:
    paid(house)
    anna, eva = visit(client, ANNA), visit(Client(), "eva@example.org")
    gift = Gift.objects.get()
    ask, year = f"{HOME}gavor/{gift.ref}/kvitto/", f"{HOME}gavor/2026/arsbesked/"
    chosen = re.search(
        r'name="of" value="([^"]+)"', anna.get(f"{HOME}gavor/2026/").content.decode()
    )
    assert chosen is not None
    assert [anna.get(path).status_code for path in (ask, year)] == [303, 303]
    assert [eva.post(path, {"of": chosen[1]}).status_code for path in (ask, year)] == [404, 404]
    assert (Receipt.objects.count(), YearStatement.objects.count()) == (0, 0)

    page = anna.post(ask)["Location"]
    first, again = (anna.post(f"{page}pdf/") for _ in range(2))
    statement = anna.post(year, {"of": chosen[1]})

    assert first.content == again.content
    assert (
        first["Content-Disposition"] == f'attachment; filename="kvitto-{Receipt.objects.get()}.pdf"'
    )
    assert statement["Content-Disposition"] == 'attachment; filename="arsbesked-2026-1.pdf"'
    assert {answer["Content-Type"] for answer in (first, statement)} == {"application/pdf"}
    assert anna.post("/en/my-pages/gifts/2026/statement/", {"of": chosen[1]}).content
    assert (Receipt.objects.count(), YearStatement.objects.count()) == (1, 1)
    assert "Hämta kvitto" not in said(anna.get(f"{HOME}gavor/"))


# --- Details, consents, requests ------------------------------------------------------------------
@pytest.fixture
def anna(house: House, client: Client) -> Client:
    house.sign_up()
    deliver()
    return visit(client, ANNA)


def test_details_are_shown_masked_and_the_look_is_written_down(anna: Client) -> None:
    donor = Donor.objects.get()
    donors.record_identity(
        donor_id=donor.pk, kind="personal_number", number="198112289874", reason="mandate",
        source="pledge", by="staff:1",
    )  # fmt: skip
    page = said(anna.get(f"{HOME}uppgifter/"))
    assert "Anna Ek" in page
    assert "E-post anna@example.se" in page
    assert "19811228-****" in page
    assert "9874" not in page
    look = ReadLine.objects.latest("pk")
    assert (look.by, look.subject_ref, look.purpose) == (
        f"donor:{donor.ref}", str(donor.ref), "my_pages",
    )  # fmt: skip


@pytest.mark.parametrize("purpose", ["appeals", "targeting"])
def test_a_consent_is_given_and_taken_back_with_proof(anna: Client, purpose: str) -> None:
    donor, wording = Donor.objects.get(), queries.current_wording(purpose)
    assert wording is not None
    sent = {"donor": str(donor.ref), "purpose": purpose}
    assert wording.text_sv in html.unescape(anna.get(f"{HOME}uppgifter/").content.decode())
    assert not queries.may(donor.pk, purpose)
    for _ in range(2):
        anna.post(f"{HOME}samtycke/", {**sent, "say": "yes", "wording": str(wording.pk)})
    (basis,) = LegalBasis.objects.filter(purpose=purpose)
    assert (basis.source, basis.wording, basis.proof[:9]) == ("my_pages", wording, "my_pages:")
    assert queries.may(donor.pk, purpose)
    assert "Ja, sedan" in said(anna.get(f"{HOME}uppgifter/"))
    for _ in range(2):
        anna.post(f"{HOME}samtycke/", {**sent, "say": "no"})
    assert not queries.may(donor.pk, purpose)
    basis.refresh_from_db()
    assert basis.withdrawn_at is not None


def test_the_holder_of_an_address_may_stop_mail_and_agree_to_nothing_for_another(
    house: House, client: Client
) -> None:
    donor = listed(BJORN)
    donors.record_membership(
        donor_id=donor.pk, informed_on=donor.created_at.date(), source="import:1", by="staff:1"
    )
    holder = visit(client, BJORN)
    sent = {"donor": str(donor.ref), "purpose": "newsletter"}
    wording = queries.current_wording("newsletter") or queries.current_wording("appeals")
    assert wording is not None
    holder.post(f"{HOME}samtycke/", {**sent, "say": "yes", "wording": str(wording.pk)})
    assert not LegalBasis.objects.filter(basis="consent").exists()
    holder.post(f"{HOME}samtycke/", {**sent, "purpose": "appeals", "say": "no"})
    assert not queries.may(donor.pk, "appeals")
    eva = visit(Client(), "eva@example.org")
    assert eva.post(f"{HOME}samtycke/", {**sent, "say": "no"}).status_code == 404
    assert holder.post(f"{HOME}samtycke/", {**sent, "purpose": "receipts"}).status_code == 404


def test_a_request_is_written_down_and_told_to_the_house_once_a_day(anna: Client) -> None:
    donor = Donor.objects.get()
    for _ in range(2):
        answer = anna.post(f"{HOME}begaran/", {"what": "erase"})
    assert "Vi har din begäran" in said(anna.get(answer["Location"]))
    line = ChangeLine.objects.filter(action="donor.asked.erase").latest("pk")
    assert (line.by, line.subject_ref) == (f"donor:{donor.ref}", str(donor.ref))
    (mail,) = mails("privacy_request")
    told = _opened(mail)
    assert told.to == "ekonomi@framtidspartiet.example"
    assert f"/staff/donors/{donor.ref}/" in told.text
    assert "Anna" not in told.text + told.subject
    assert anna.post(f"{HOME}begaran/", {"what": "all"}).status_code == 404


def test_a_giver_fetches_an_ocr_number_once_where_the_house_has_a_bankgiro(
    house: House, client: Client
) -> None:
    paid(house)
    mine = visit(client, ANNA)
    assert "bankgiro" not in said(mine.get(HOME)).casefold(), "the house has none"
    numbers = [("bgnr", "9912346")]
    new = accounts.NewAccount(house.entity, "Giro", numbers, date(2026, 1, 1))
    accounts.open_account(new, by="staff:1")
    page = said(mine.get(HOME))
    assert "991-2346" in page
    assert not Reference.objects.exists()
    for _twice in range(2):
        assert mine.post(f"{HOME}ocr-nummer/", {"entity": house.entity.slug}).status_code == 302
    number = Reference.objects.get(donor=Donor.objects.get()).number
    assert number in said(mine.get(HOME))
    assert mine.post(f"{HOME}ocr-nummer/", {"entity": "another"}).status_code == 404
    assert "991-2346" not in said(visit(Client(), BJORN).get(HOME))
