"""What staff do with gifts: entered, confirmed, shown; each refusal changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import clock
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts import linking, queries
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.ledger.models import Journal
from fundraise.providers.models import Account
from fundraise.refs import short_reference
from tests.console.conftest import PERSONAL, LogIn, card_gift, cash_gift, swish_gift
from tests.console.test_front import rows


def slip(campaign: Campaign, **changes: Any) -> dict[str, Any]:
    """A form for 250 kr in cash."""
    filled = {
        "campaign": campaign.pk,
        "amount_ore": "250",
        "channel": "cash",
        "received_on": clock.today().isoformat(),
        "proof": "slip 17",
    }
    return {**filled, **changes}


def booked() -> list[tuple[str, str, str, int]]:
    """Every entry of the books: source, debit, credit, öre."""
    journals = Journal.objects.order_by("pk").values_list(
        "source",
        "entries__debit_account__role",
        "entries__credit_account__role",
        "entries__amount_ore",
    )
    return [(str(s), str(d), str(c), int(ore)) for s, d, c, ore in journals]


def test_cash_gift_is_booked_once_however_often_the_form_is_sent(
    campaign: Campaign, david: Client
) -> None:
    first = david.post("/staff/gifts/new/", slip(campaign))
    second = david.post("/staff/gifts/new/", slip(campaign))

    gift = Gift.objects.get()
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"] == f"/staff/gifts/{gift.ref}/"
    assert (gift.state, gift.amount_ore, gift.channel) == ("received", 250_00, "cash")
    assert booked() == [("manual:slip 17", "cash", "gifts", 250_00)]
    campaign.thermometer.refresh_from_db()
    assert (campaign.thermometer.received_ore, campaign.thermometer.gifts) == (250_00, 1)


def test_giver_of_a_slip_is_sealed_on_the_gift(campaign: Campaign, david: Client) -> None:
    who = {"name": "Björn Testgren", "address": "Provgatan 7", "city": "Teststad"}

    david.post("/staff/gifts/new/", slip(campaign, **who, identity_number="19800101-9234"))

    typed = queries.giver_of(Gift.objects.get().pk)
    assert typed is not None
    assert (typed.name, typed.city, typed.identified) == ("Björn Testgren", "Teststad", True)
    assert typed.identity_number.replace("-", "") == "198001019234"


def test_proof_of_another_gift_is_refused_and_changes_nothing(
    campaign: Campaign, david: Client
) -> None:
    cash_gift(campaign, 500_00, proof="slip 17")
    before = rows()

    answer = david.post("/staff/gifts/new/", slip(campaign))

    assert answer.status_code == 422
    assert "Underlaget är redan bokfört" in answer.content.decode()
    assert rows() == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount_ore": "1.000"}, "utan punkt eller komma"),
        ({"amount_ore": "0"}, "över noll"),
        ({"amount_ore": "-5"}, "över noll"),
        ({"amount_ore": "1" * 13}, "för stort"),
        ({"amount_ore": "fem"}, "med siffror"),
        ({"proof": "Anna Å"}, "bokstäverna a–z"),
        ({"proof": ""}, "Underlag"),
        ({"channel": "card"}, "card"),
        ({"received_on": "2999-01-01"}, "har inte kommit"),
        ({"email": "anna@"}, "mejladress"),
        ({"identity_number": "19900101-0000"}, "Numret stämmer inte"),
        ({"identity_number": "802000-0000", "organisation": "on"}, "Numret stämmer inte"),
    ],
)
def test_slip_that_is_wrong_is_refused_in_words(
    changes: dict[str, str], said: str, campaign: Campaign, david: Client
) -> None:
    before = rows()

    answer = david.post("/staff/gifts/new/", slip(campaign, **changes))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert rows() == before


def test_swish_gift_is_confirmed_from_the_banks_report(campaign: Campaign, david: Client) -> None:
    gift = swish_gift(campaign, 300_00)
    form = {"seen_on": clock.today().isoformat(), "proof": "BG 4711"}

    first = david.post(f"/staff/gifts/{gift.ref}/confirm/", form)
    second = david.post(f"/staff/gifts/{gift.ref}/confirm/", {**form, "proof": "BG 4712"})

    gift.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 302)
    assert gift.state == "received"
    assert booked() == [("manual:BG 4711", "giro_clearing", "gifts", 300_00)]


def test_card_gift_is_never_confirmed_by_hand(
    campaign: Campaign, stripe: Account, david: Client
) -> None:
    gift = card_gift(campaign, stripe)
    before = rows()

    answer = david.post(
        f"/staff/gifts/{gift.ref}/confirm/",
        {"seen_on": clock.today().isoformat(), "proof": "BG 1"},
    )

    assert answer.status_code == 422
    assert rows() == before


def test_gift_page_shows_no_person_until_asked(campaign: Campaign, david: Client) -> None:
    gift = cash_gift(campaign)

    text = david.get(f"/staff/gifts/{gift.ref}/").content.decode()

    assert [word for word in PERSONAL if word in text] == []
    assert ReadLine.objects.count() == 0


def test_showing_the_giver_writes_the_read_log(campaign: Campaign, david: Client) -> None:
    gift = cash_gift(campaign)

    answer = david.post(f"/staff/gifts/{gift.ref}/giver/")

    assert "bjorn.testgren@example.se" in answer.content.decode()
    line = ReadLine.objects.get()
    assert (line.subject_type, line.subject_ref) == ("gift", str(gift.ref))
    assert line.by == f"staff:{david.session['_auth_user_id']}"
    assert "no-store" in answer["Cache-Control"]


def test_comms_sees_no_person_and_enters_nothing(campaign: Campaign, cecilia: Client) -> None:
    gift = swish_gift(campaign)
    before = rows()

    answers = [
        cecilia.post(f"/staff/gifts/{gift.ref}/giver/"),
        cecilia.post("/staff/gifts/new/", slip(campaign)),
        cecilia.post(
            f"/staff/gifts/{gift.ref}/confirm/",
            {"seen_on": clock.today().isoformat(), "proof": "BG 1"},
        ),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert rows() == before


def test_donor_care_opens_the_giver_and_enters_no_money(campaign: Campaign, log_in: LogIn) -> None:
    gift, dora = cash_gift(campaign), log_in("dora", "donor_care")

    assert dora.post(f"/staff/gifts/{gift.ref}/giver/").status_code == 200
    assert dora.post("/staff/gifts/new/", slip(campaign)).status_code == 403
    assert Gift.objects.count() == 1


def test_actions_are_never_done_by_get(campaign: Campaign, log_in: LogIn) -> None:
    boss, gift = log_in("boss"), swish_gift(campaign)
    before = rows()
    names = ["giver", "confirm_gift", "ask_refund"]

    answers = [boss.get(reverse(f"console:{name}", args=[gift.ref])) for name in names]

    assert [answer["Location"] for answer in answers] == [f"/staff/gifts/{gift.ref}/"] * 3
    assert rows() == before


def test_filters_choose_and_the_foot_adds_up(
    campaign: Campaign, stripe: Account, david: Client
) -> None:
    cash_gift(campaign, 400_00)
    card_gift(campaign, stripe, 700_00)
    swish_gift(campaign)

    cash = david.get("/staff/gifts/?channel=cash").context["list"].foot
    received = david.get("/staff/gifts/?state=received&campaign=valet").context["list"].foot
    tomorrow = clock.today() + timedelta(days=1)
    later = david.get(f"/staff/gifts/?from_day={tomorrow}").context["list"].foot

    assert (cash.number, cash.sums["amount_ore"]) == (1, 400_00)
    assert (received.number, received.sums["amount_ore"]) == (2, 1_100_00)
    assert later.number == 0


def test_next_page_begins_where_the_first_ended(
    campaign: Campaign, david: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fundraise.console.paging.SIZE", 2)
    made = [swish_gift(campaign).pk for _ in range(5)]

    first = david.get("/staff/gifts/").context["list"]
    second = david.get(f"/staff/gifts/?{first.next_query}").context["list"]
    third = david.get(f"/staff/gifts/?{second.next_query}").context["list"]

    shown = [gift.pk for page in (first, second, third) for gift in page.rows]
    assert shown == made[::-1]
    assert third.next_query == ""


def test_a_huge_selection_is_said_to_be_so_and_not_counted(
    campaign: Campaign, david: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fundraise.console.paging.COUNT_CAP", 2)
    for _ in range(3):
        swish_gift(campaign)

    answer = david.get("/staff/gifts/")

    assert answer.context["list"].foot.whole is False
    assert "Mer än 2 gåvor" in answer.content.decode()


def test_journals_of_a_gift_are_all_of_its_own(
    campaign: Campaign, stripe: Account, reader: Client
) -> None:
    mine, other = card_gift(campaign, stripe, ref="ch_1"), card_gift(campaign, stripe, ref="ch_2")

    shown = reader.get(f"/staff/gifts/{mine.ref}/").context["journals"]

    assert [journal.source for journal in shown] == ["stripe:charge:ch_1"]
    assert other.ref != mine.ref


def test_staff_say_whose_gift_it_is_when_a_couple_shares_the_address(
    campaign: Campaign, log_in: LogIn
) -> None:
    for given in ("Anna", "Erik"):
        donors.register_donor(
            name=PersonName(given, "Lind"), language="sv", source="staff", by="staff:1",
            email="familjen@example.org",
        )  # fmt: skip
    gift = cash_gift(campaign, giver=Giver(name="E. Lind", email="familjen@example.org"))
    linking.link_donor(gift.pk)
    david = log_in("david", "treasurer")
    shown = david.post(reverse("console:giver", args=[gift.ref])).content.decode()
    assert "Anna Lind" in shown
    assert "Erik Lind" in shown
    erik = donors.match_giver(email="familjen@example.org", name="Erik Lind").donor_id
    ref = Donor.objects.get(pk=erik or 0).ref
    for _twice in range(2):
        david.post(reverse("console:choose_donor", args=[gift.ref]), {"donor": str(ref)})
    gift.refresh_from_db()
    assert gift.donor_id == erik


def test_a_donor_without_the_address_can_not_be_chosen(campaign: Campaign, log_in: LogIn) -> None:
    other = donors.register_donor(
        name=PersonName("Eva", "Berg"), language="sv", source="staff", by="staff:1",
        email="eva@example.org",
    )  # fmt: skip
    gift = cash_gift(campaign, giver=Giver(name="E. Lind", email="familjen@example.org"))
    path = reverse("console:choose_donor", args=[gift.ref])
    log_in("david", "treasurer").post(path, {"donor": str(other.ref)})
    log_in("cecilia", "comms").post(path, {"donor": "nonsense"})
    gift.refresh_from_db()
    assert gift.donor_id is None


@pytest.mark.parametrize("typed", ["short", "spaced", "whole", "provider"])
def test_a_gift_is_found_by_the_reference_of_the_banks_report(
    campaign: Campaign, david: Client, typed: str
) -> None:
    wanted = cash_gift(campaign, proof="slip 1")
    other = cash_gift(campaign, proof="slip 2")
    short = short_reference(wanted.ref)
    words = {
        "short": short,
        "spaced": f"{short[:4]} {short[4:]}".lower(),
        "whole": str(wanted.ref),
        "provider": wanted.provider_ref,
    }
    page = david.get("/staff/gifts/", {"reference": words[typed]}).content.decode()
    assert str(wanted.ref) in page
    assert str(other.ref) not in page
