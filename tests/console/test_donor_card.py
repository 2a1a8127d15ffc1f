"""A donor's card: what has happened, and what donor care changes there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from donors import queries
from donors import services as donors
from donors.models import ContactPoint, Donor, LegalBasis
from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts import refunds
from fundraise.gifts.models import Gift
from fundraise.providers.models import Account
from fundraise.reporting import receipts
from fundraise.reporting.models import Receipt
from mailings import subscribers
from mailings.appeals import received
from mailings.appeals.models import Appeal, Fate, Message
from tests.console.conftest import LogIn, card_gift, cash_gift
from tests.console.house import make_donor
from tests.mailings.mailed import mail_to
from tests.people import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(log_in: LogIn) -> Client:
    return log_in("dora", "donor_care")


@pytest.fixture
def donor(campaign: Campaign) -> Donor:
    return make_donor()


def page(client: Client, donor: Donor, query: str = "") -> str:
    return client.get(f"/staff/donors/{donor.ref}/{query}").content.decode()


def events(html: str) -> list[str]:
    """The timeline's lines without their times."""
    found = re.findall(r"</time><span>(.*?)</li>", html, re.DOTALL)
    return [
        " ".join(re.sub(r"<[^>]+>", " ", line).split()).replace("\u202f", " ") for line in found
    ]


def post(client: Client, donor: Donor, act: str, **values: str) -> int:
    return client.post(f"/staff/donors/{donor.ref}/{act}/", values).status_code


def test_the_timeline_tells_gifts_refunds_receipts_and_changes(
    campaign: Campaign, stripe: Account, donor: Donor, dora: Client
) -> None:
    gift, old = card_gift(campaign, stripe, 500_00), cash_gift(campaign, 100_00)
    Gift.objects.filter(pk__in=[gift.pk, old.pk]).update(donor=donor)
    refunds.request_refund(gift.pk, amount_ore=50_00, reason="fel belopp", by="staff:1")
    receipts.request_receipt(gift.pk)
    subscribers.send_receipt(Receipt.objects.get(gift=gift).pk)

    told = events(page(dora, donor))

    assert told[0].startswith("Ett kvitto väntar på att skickas Kvitto 2026-1")
    assert {
        "Gav 100 kr till Två miljoner till valet",
        "Gav 500 kr till Två miljoner till valet",
    } < {*told}
    assert any(line.startswith("Återbetalning av 50 kr: ska skickas") for line in told)
    assert any(line.startswith("Kom in i registret · systemet (import)") for line in told)
    assert len(told) == 5


def test_one_kind_is_shown_when_asked_for(campaign: Campaign, donor: Donor, dora: Client) -> None:
    Gift.objects.filter(pk=cash_gift(campaign, 100_00).pk).update(donor=donor)
    assert events(page(dora, donor, "?show=gifts")) == ["Gav 100 kr till Två miljoner till valet"]
    assert len(events(page(dora, donor, "?show=changes"))) == 1
    assert events(page(dora, donor, "?show=mails")) == []


def test_the_head_adds_up_what_still_stands(
    campaign: Campaign, stripe: Account, donor: Donor, dora: Client
) -> None:
    gift = card_gift(campaign, stripe, 500_00)
    Gift.objects.filter(pk=gift.pk).update(donor=donor, refunded_ore=200_00)
    html = page(dora, donor).replace("\u202f", " ")
    assert "<b>300 kr</b>" in html
    assert "i 1 gåva" in html


def test_donor_care_corrects_a_name_once_and_says_why(donor: Donor, dora: Client) -> None:
    values = {"given": "Björn", "family": "Provgren", "reason": "felstavat"}
    assert post(dora, donor, "name", **values) == 302
    assert "Björn Provgren" in page(dora, donor)
    line = ChangeLine.objects.get(action="donor.renamed")
    assert (line.reason, line.after) == ("felstavat", {"fields": ["name"]})


def test_a_contact_point_is_added_chosen_and_taken_away(donor: Donor, dora: Client) -> None:
    new = {"kind": "email", "value": "bjorn@example.se"}
    assert [post(dora, donor, "contact", **new) for _ in range(2)] == [302, 302]
    added = ContactPoint.objects.filter(donor=donor, kind="email").order_by("pk").last()
    assert added is not None
    assert ContactPoint.objects.filter(donor=donor, kind="email").count() == 2
    assert post(dora, donor, f"contact/{added.pk}/change", do="first") == 302
    added.refresh_from_db()
    assert added.is_primary
    assert post(dora, donor, f"contact/{added.pk}/change", do="remove") == 302
    assert not ContactPoint.objects.filter(pk=added.pk).exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "email", "value": "bjorn"}, "Skriv hela e-postadressen"),
        ({"kind": "phone", "value": "12"}, "Skriv hela telefonnumret"),
        ({"kind": "postal", "address": "Gatan 1", "postcode": "1", "city": "X"}, "fem siffror"),
        ({"kind": "phone"}, "Fyll i det som du vill lägga till"),
    ],
)
def test_what_can_not_be_reached_is_refused_in_words_and_kept_in_its_field(
    values: dict[str, str], sentence: str, donor: Donor, dora: Client
) -> None:
    before = ContactPoint.objects.count()
    answer = dora.post(f"/staff/donors/{donor.ref}/contact/", values)
    html = answer.content.decode()
    assert (answer.status_code, sentence in html) == (422, True)
    assert ContactPoint.objects.count() == before
    if values["kind"] == "email":
        assert 'value="bjorn"' in html


def test_a_yes_on_paper_has_day_and_proof_and_a_no_ends_it(donor: Donor, dora: Client) -> None:
    today = clock.today().isoformat()
    yes = {"yes-purpose": "appeals", "yes-given_on": today, "yes-source": "letter"}
    assert post(dora, donor, "yes", **yes) == 422
    assert not LegalBasis.objects.filter(donor=donor).exists()
    assert post(dora, donor, "yes", **yes, **{"yes-proof": "A-17"}) == 302
    basis = LegalBasis.objects.get(donor=donor)
    assert (basis.basis, basis.source, basis.proof) == ("consent", "staff:letter", "A-17")
    assert queries.may(donor.pk, "appeals")
    assert post(dora, donor, "no", **{"no-purpose": "appeals", "no-source": "phone"}) == 302
    assert not queries.may(donor.pk, "appeals")


def test_a_yes_of_a_day_that_has_not_come_is_refused(donor: Donor, dora: Client) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    yes = {"yes-purpose": "appeals", "yes-given_on": tomorrow, "yes-source": "letter"}
    assert post(dora, donor, "yes", **yes, **{"yes-proof": "A-17"}) == 422
    assert not LegalBasis.objects.filter(donor=donor).exists()


def test_a_donor_is_kept_and_not_used_and_used_again(donor: Donor, dora: Client) -> None:
    assert post(dora, donor, "restrict", do="restrict", reason="begärt") == 302
    donor.refresh_from_db()
    assert donor.status == Donor.Status.RESTRICTED
    assert "Använd givaren igen" in page(dora, donor)
    assert post(dora, donor, "restrict", do="release", reason="återtaget") == 302
    donor.refresh_from_db()
    assert donor.status == Donor.Status.ACTIVE


def test_who_may_look_and_not_change_sees_no_button(donor: Donor, david: Client) -> None:
    before = ChangeLine.objects.count()
    acts = ["name", "contact", "yes", "no", "restrict"]
    shown = page(david, donor)
    assert not [act for act in acts if f'action="/staff/donors/{donor.ref}/{act}/' in shown]
    assert [post(david, donor, act) for act in acts] == [403] * 5
    assert ChangeLine.objects.count() == before


def test_a_forgotten_donor_can_not_be_changed(donor: Donor, dora: Client) -> None:
    donors.forget_donor(donor_ref=donor.ref, by="staff:1", reason="begärt")
    answer = dora.post(
        f"/staff/donors/{donor.ref}/contact/", {"kind": "phone", "value": "070-174 06 06"}
    )
    assert "glömd" in answer.content.decode()
    assert not ContactPoint.objects.filter(donor=donor).exists()


def test_the_timeline_tells_which_appeals_came_which_did_not_and_what_became_of_them(
    campaign: Campaign, donor: Donor, dora: Client
) -> None:
    other = (donor.pk + 1000, "other@example.org")
    mine = (donor.pk, "bjorn.testgren@example.se")
    first = mail_to(campaign, [other, mine], title="Första")
    Fate.objects.create(
        appeal=first.appeal, seq=2, content_id=first.content.pk, delivered_at=NOON, bounced_at=NOON
    )
    held = mail_to(campaign, [mine], title="Andra")
    Message.objects.filter(appeal=held.appeal).update(outcome="capped", batch_id=None)
    mail_to(campaign, [mine], state="in_doubt", title="Tredje")
    mail_to(campaign, [other], title="Fjärde")
    draft = Appeal.objects.create(campaign=campaign, title="Femte", created_at=NOON, created_by="x")

    told = events(page(dora, donor, "?show=mails"))

    assert sorted(told) == [
        "Fick inte ”Andra” Har fått nog med post den senaste tiden",
        "Fick ”Första” levererades, studsade",
        "Fick ”Tredje”, eller inte: ingen vet",
    ]
    assert received.of_donor(donor.pk, Appeal.objects.filter(pk=draft.pk)) == []
    assert [row.appeal.title for row in received.of_donor(donor.pk, Appeal.objects.all(), 1)] == [
        "Tredje"
    ]
