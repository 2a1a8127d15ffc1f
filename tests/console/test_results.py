"""What an appeal brought: each number has its rows, and a trial says what it takes."""

from __future__ import annotations

import re
from html import escape, unescape

import pytest
from django.test import Client
from django.urls import reverse

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.money import format_kronor
from fundraise.providers.models import Account
from mailings.appeals.models import Appeal, Message, Trial, Variant
from mailings.appeals.services import fates
from mailings.appeals.services.fates import Fact, Judgement
from mailings.attribution import counting
from mailings.attribution.models import SourceCode
from tests.console import asking, going, writing
from tests.console.conftest import LogIn, card_gift
from tests.console.house import House, furnish
from tests.mailings.appeals import house as sending
from tests.mailings.attribution.money import left
from tests.mailings.mailed import Mailed, mail_to, some_people

pytestmark = pytest.mark.django_db
BROUGHT = format_kronor(1_000_00)
NUMBER = re.compile(r'<td class="num"><a href="([^"]+)">([\d\u202f]+)</a>')


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    return furnish(campaign, stripe)


@pytest.fixture
def mailed(house: House, stripe: Account) -> Mailed:
    """Three got it: one gave twice and clicked, one came back, one was left out by hand."""
    made = mail_to(house.campaign, some_people(3), versions="AB")
    for number in (1, 2):
        gift = card_gift(house.campaign, stripe, 500_00, f"ch_mail_{number}")
        Gift.objects.filter(pk=gift.pk).update(reference=made.token(1))
    counting.count_left()
    at, appeal = clock.now(), made.appeal.pk
    fates.note([Fact(appeal, 1, "delivered", at), Fact(appeal, 2, "bounced", at, "invalid")])
    fates.judge([Judgement(appeal, 1, human_click_at=at, click_confidence="high")])
    return made


def text_of(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(f"console:{name}", args=args)).content.decode()


def test_each_number_of_a_result_leads_to_as_many_rows(
    mailed: Mailed, log_in: LogIn, house: House
) -> None:
    boss = log_in("boss")
    page = text_of(boss, "appeal_result", mailed.appeal.ref)
    found = [(unescape(url), int(n.replace("\u202f", ""))) for url, n in NUMBER.findall(page)]
    kronor = re.search(rf'<a href="([^"]+)">{BROUGHT}</a>', page)

    behind = [(url, boss.get(url).context["list"].foot.number) for url, _n in found]

    assert [pair for pair in behind if "gifts" not in pair[0]] == [
        pair for pair in found if "gifts" not in pair[0]
    ]
    assert {url.partition("fact=")[2]: n for url, n in found if "fact=" in url}["human_clicks"] == 1
    assert kronor is not None
    rows = boss.get(unescape(kronor.group(1))).context["list"]
    assert (rows.foot.number, rows.foot.sums["amount_ore"]) == (2, 1_000_00)
    assert {"A", "B"} <= {url.partition("version=")[2][:1] for url, _n in found}
    assert "100,0 % av 1" in page
    listed = boss.get(reverse("console:mails"), {"appeal": str(mailed.appeal.ref)})
    assert listed.context["list"].said == "i utskicket Sista veckan"
    chosen = f'<option value="{mailed.appeal.ref}" selected>Sista veckan</option>'
    assert chosen in listed.content.decode()
    assert boss.get(reverse("console:mails"), {"appeal": "nonsense"}).status_code == 302
    assert "säkert människor" in page
    other = log_in("ada", "admin")
    assert BROUGHT in text_of(other, "appeal_results")


def test_a_gift_says_what_it_counts_to_and_who_reached_its_giver_first(
    cecilia: Client, house: House, stripe: Account
) -> None:
    giver = sending.person(1)
    early, last = (
        left(mail_to(house.campaign, [(giver.pk, "a@b.se")], title=str(days)), days=days)
        for days in (5, 1)
    )
    gift, lone = (card_gift(house.campaign, stripe, 100_00, f"ch_{n}") for n in "ab")
    Gift.objects.filter(pk=gift.pk).update(donor=giver)
    before = text_of(cecilia, "gift", gift.ref)
    counting.count_left()

    page, alone = (text_of(cecilia, "gift", one.ref) for one in (gift, lone))

    assert "Inte räknad än" in before
    assert "<dd>Inget utskick</dd>" in alone
    for label, appeal in (("Räknas till", last.appeal), ("Först nådd av", early.appeal)):
        cell = page.partition(f"<dt>{label}</dt>")[2].partition("</dd>")[0]
        assert reverse("console:appeal_result", args=[appeal.ref]) in cell
    assert "Fick mejl strax före" in page
    first = text_of(cecilia, "appeal_result", early.appeal.ref)
    listed = re.search(r'href="([^"]+first_by=[^"]+)"', first)
    assert listed is not None
    rows = cecilia.get(unescape(listed.group(1))).context["list"].rows
    assert gift in rows
    assert lone not in rows


def test_what_an_appeal_added_stands_with_its_gifts_and_says_how_sure_it_is(
    cecilia: Client, house: House, stripe: Account
) -> None:
    asked, held = sending.person(1), sending.person(2)
    made = mail_to(house.campaign, [(asked.pk, "a@b.se")], holdout=50)
    appeal = made.appeal
    Message.objects.create(appeal=appeal, seq=2, donor_id=held.pk, outcome="holdout")
    for number, (donor, sums) in enumerate([(asked, [900_00, 100_00]), (held, [300_00])]):
        for one, ore in enumerate(sums):
            gift = card_gift(house.campaign, stripe, ore, f"ch_{number}_{one}")
            Gift.objects.filter(pk=gift.pk).update(donor=donor)

    page = text_of(cecilia, "appeal_result", appeal.ref)

    assert "För få har gett än för att säga vad utskicket tillförde: det behövs minst 20" in page
    for part, number, ore in (("asked_by", 2, 1_000_00), ("held_by", 1, 300_00)):
        found = re.search(rf'<a href="([^"]+{part}=[^"]+)">([^<]+)</a>', page)
        assert found is not None
        assert found.group(2) == format_kronor(ore)
        rows = cecilia.get(unescape(found.group(1))).context["list"]
        assert (rows.foot.number, rows.foot.sums["amount_ore"]) == (number, ore)
    wrong = cecilia.get(reverse("console:gifts"), {"held_by": str(house.campaign.ref)})
    assert wrong.context["list"].foot.number == 0


def test_the_appeal_is_a_part_of_its_campaign_and_beside_its_others(
    mailed: Mailed, cecilia: Client, house: House
) -> None:
    mail_to(house.campaign, some_people(1), title="Gav inget")

    page = text_of(cecilia, "appeal_result", mailed.appeal.ref)
    listed = cecilia.get(reverse("console:appeal_results"), {"campaign": house.campaign.slug})

    house.campaign.thermometer.refresh_from_db()
    total = format_kronor(house.campaign.thermometer.received_ore)
    assert f"Utskicket gav {BROUGHT} av insamlingens {total}." in page
    rows = listed.context["rows"]
    titles = [row.title for row, _one, _bar, _links in rows]
    shown = listed.content.decode()
    behind = unescape(rows[0][3]["received_ore"])
    assert f'<a href="{escape(behind)}">{BROUGHT}</a>' in shown
    rest = dict(listed.context["rest"])
    assert rest["Insamlingen totalt"] == house.campaign.thermometer.received_ore
    assert (
        sum(one.received_ore for _row, one, *_more in rows) + rest["Inget utskick"]
        == (rest["Insamlingen totalt"])
    )
    assert titles == ["Sista veckan", "Gav inget"]
    assert reverse("console:appeal_results") in text_of(cecilia, "campaign", house.campaign.ref)


def test_a_trial_says_how_many_it_takes_and_is_set_only_for_versions_of_a_draft(
    cecilia: Client, house: House
) -> None:
    row = writing.appeal_of(house)
    url = reverse("console:appeal_trial", args=[row.ref])
    Variant.objects.get_or_create(appeal=row, letter="A")
    form = {"percent": "20", "hours": "24"}

    alone = cecilia.post(url, form, follow=True).content.decode()
    Variant.objects.create(appeal=row, letter="B")
    shown = cecilia.get(url).content.decode()
    wrong = cecilia.post(url, {"percent": "0", "hours": "24"})

    assert "Ett test kräver minst två versioner." in alone
    assert "För att se en skillnad på 20 % i kronor per person behövs" in shown
    assert "Antaget, eftersom för lite är känt om tidigare utskick: 0,5 % ger, i snitt" in shown
    assert wrong.status_code == 422
    assert not Trial.objects.exists()
    set_ = cecilia.post(url, form)
    step = reverse("console:appeal_test", args=[row.ref])
    assert set_["Location"] == step  # the third of the five steps, where the size needed is said
    assert "För att se en skillnad på 20 % i kronor per person behövs" in text_of(
        cecilia, "appeal_test", row.ref
    )
    assert (Trial.objects.get().percent, Trial.objects.get().hours) == (20, 24)
    cecilia.post(url, {"do": "drop"})
    assert not Trial.objects.exists()
    sent = asking.sending(house)
    cecilia.post(reverse("console:appeal_trial", args=[sent.ref]), form)
    assert not Trial.objects.exists()


def test_what_a_trial_saw_and_decided_is_told_in_plain_words(cecilia: Client, house: House) -> None:
    row = writing.appeal_of(house)
    for letter in "AB":
        sending.write(Variant.objects.get_or_create(appeal=row, letter=letter)[0])
    seen = {
        "people": {"A": 50, "B": 50}, "givers": {"A": 1, "B": 20}, "ore": {"B": 40_000_00},
        "evidence": {"AB": 0.1, "BA": 57.3}, "needed": 40.0, "uneven": False,
    }  # fmt: skip
    Trial.objects.create(appeal=row, percent=20, expected_ore2=1, cap_ore=1, seen=seen)
    at = clock.now()
    Appeal.objects.filter(pk=row.pk).update(
        state="scheduled", send_at=at, scheduled_at=at, local_time="2026-11-26T18:03"
    )
    Trial.objects.update(state="won", winner=row.variants.get(letter="B"), decided_at=at)

    page = text_of(cecilia, "appeal_trial", row.ref)

    assert "Version B har vunnit: resten får den." in page
    assert "Att B ger mer än A skulle bero på slumpen högst en gång av 57; en gång av 40" in page
    assert f">{format_kronor(800_00)}</td>" in page


def test_a_code_is_made_once_and_has_its_link_and_its_qr_code(
    cecilia: Client, house: House
) -> None:
    form = {key: str(value) for key, value in going.coded(house).items()}
    url = reverse("console:source_codes")

    made = cecilia.post(url, form, follow=True)
    again = cecilia.post(url, {**form, "code": form["code"].lower()})
    bad = cecilia.post(url, {**form, "code": "å b"})
    row = SourceCode.objects.get()
    picture = cecilia.get(reverse("console:source_code_qr", args=[row.ref]), {"save": ""})

    assert f"?ref={row.code}</code>" in made.content.decode()
    assert (again.status_code, bad.status_code) == (422, 422)
    assert "Koden används redan." in again.content.decode()
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture["Content-Disposition"] == f'attachment; filename="qr-{row.code}.svg"'
    assert picture.content.startswith(b"<svg")
    cecilia.post(reverse("console:close_source_code", args=[row.ref]))
    row.refresh_from_db()
    assert row.closed_at is not None


def test_a_list_links_to_donors_only_for_who_may_open_them(
    mailed: Mailed, log_in: LogIn, house: House
) -> None:
    giver = sending.person(1)
    made = mail_to(house.campaign, [(giver.pk, "anna1@example.org")], title="Till Anna")
    address, donor = reverse("console:mails"), reverse("console:donor", args=[giver.ref])

    for who, role, opens in (("cecilia2", "comms", True), ("ada", "admin", False)):
        page = log_in(who, role).get(address, {"appeal": str(made.appeal.ref)}).content.decode()
        assert str(giver.ref)[:8] in page
        assert (donor in page) == opens
