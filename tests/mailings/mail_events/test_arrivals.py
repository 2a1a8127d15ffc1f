"""Visits to links of our mails: noted, judged, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from donors import services as donors
from donors.values import PersonName
from mailings import tokens
from mailings.appeals.models import Fate
from mailings.appeals.services import fates
from mailings.appeals.services.fates import Fact
from mailings.mail_events import arrivals, services
from mailings.mail_events.models import Arrival, ToJudge
from mailings.segments.models import MailStanding
from mailings.tokens import Purpose, Token
from tests.mailings.mailed import Mailed, mail_to, some_people
from tests.people import CECILIA, NOON, make_campaign, make_party

pytestmark = pytest.mark.django_db
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"}


@pytest.fixture
def mailed() -> Mailed:
    return mail_to(make_campaign(make_party()), some_people(2))


def visit(mailed: Mailed, seq: int, link: int = 1, *, beacon: bool = False, **said: str) -> None:
    services.note_arrival(
        tokens.read(mailed.token(seq), Purpose.GIVE),
        link=link,
        method=said.get("method", "GET"),
        headers=BROWSER,
        ip="192.0.2.9",
        beacon=beacon,
    )


def test_a_visit_and_the_pages_own_word_make_a_sure_human_click(mailed: Mailed) -> None:
    fates.note([Fact(mailed.appeal.pk, 1, "delivered", NOON - timedelta(days=40))])
    visit(mailed, 1)
    visit(mailed, 1, beacon=True)

    assert arrivals.judge_waiting() == 1

    fate = Fate.objects.get(appeal=mailed.appeal, seq=1)
    first = Arrival.objects.order_by("pk").first()
    assert first is not None
    assert (fate.human_click_at, fate.click_confidence) == (first.at, "high")
    assert fate.machine_click_at is None
    assert not ToJudge.objects.exists()


def test_a_scanner_that_follows_every_link_leaves_no_human_click(mailed: Mailed) -> None:
    for link in (1, 2, 3):
        visit(mailed, 2, link)
        visit(mailed, 2, link, method="HEAD")

    arrivals.judge_waiting()

    fate = Fate.objects.get(appeal=mailed.appeal, seq=2)
    assert (fate.human_click_at, fate.click_confidence) == (None, "")
    assert fate.machine_click_at is not None


def test_a_delivery_that_is_known_later_changes_the_judgement(mailed: Mailed) -> None:
    visit(mailed, 1)
    arrivals.judge_waiting()
    assert Fate.objects.get(appeal=mailed.appeal, seq=1).click_confidence == "low"

    at = Arrival.objects.get().at
    fates.note([Fact(mailed.appeal.pk, 1, "delivered", at - timedelta(seconds=4))])
    arrivals.judge([(mailed.appeal.pk, 1)])

    fate = Fate.objects.get(appeal=mailed.appeal, seq=1)
    assert (fate.human_click_at, fate.machine_click_at) == (None, at)


def test_a_link_that_names_the_appeal_alone_is_noted_of_nobody(mailed: Mailed) -> None:
    services.note_arrival(
        Token(Purpose.GIVE, mailed.appeal.pk, 0, 1), link=2, method="GET", headers=BROWSER, ip=""
    )

    assert Arrival.objects.filter(appeal_id=mailed.appeal.pk, seq=0, extra=1, link=2).count() == 1
    assert arrivals.judge_waiting() == 0
    assert not Fate.objects.exists()


def test_a_persons_visit_is_told_to_the_segments_once(mailed: Mailed) -> None:
    anna = donors.register_donor(
        name=PersonName("Anna", "Ek"), language="sv", source="staff", by=CECILIA,
        email="anna@example.se",
    )  # fmt: skip
    hers = mail_to(mailed.appeal.campaign, [(anna.pk, "anna@example.se")], title="Hennes")
    for _again in range(2):
        visit(hers, 1)
        arrivals.judge_waiting()

    standing = MailStanding.objects.get(donor=anna)
    first = Arrival.objects.earliest("pk")
    assert (standing.human_clicks, standing.last_human_click_at) == (1, first.at)
