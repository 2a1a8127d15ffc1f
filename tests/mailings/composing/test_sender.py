"""Whom an appeal comes from."""

from __future__ import annotations

from typing import Any

import pytest

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from mailings.appeals.models import Appeal, Content
from mailings.appeals.services import sender, writing
from mailings.appeals.services.sender import Sender
from mailings.composing import sheets
from mailings.composing.errors import Refused
from mailings.verified.models import VerifiedSender
from tests.mailings.composing.mails import WHOLE
from tests.people import make_campaign, make_party

pytestmark = pytest.mark.django_db
BY = "staff:1"
SHEET = sheets.read({"subject": "Hej", "preheader": "Läs", "blocks": WHOLE})


@pytest.fixture
def appeal() -> Appeal:
    campaign: Campaign = make_campaign(make_party())
    return Appeal.objects.create(
        campaign=campaign, title="Höst", created_at=clock.now(), created_by=BY
    )


def _verify(appeal: Appeal, address: str, name: str) -> None:
    VerifiedSender.objects.create(
        entity=appeal.campaign.entity,
        address=address,
        name=name,
        domain=address.rpartition("@")[2],
        by=BY,
        created_at=clock.now(),
        verified_at=clock.now(),
        how="code",
    )


def _write(appeal: Appeal, language: str = "sv", letter: str = "A") -> None:
    writing.save_words(
        appeal_id=appeal.pk, letter=letter, language=language, sheet=SHEET, edition=0, by=BY
    )


def _choose(appeal: Appeal, wanted: Sender, letter: str = "A") -> None:
    sender.choose(appeal_id=appeal.pk, letter=letter, wanted=wanted, by=BY)


def _from() -> set[tuple[str, str, str, str]]:
    names = ("variant__letter", "from_email", "from_name", "reply_to")
    return set(Content.objects.values_list(*names))


def test_what_is_written_first_comes_from_the_first_verified_address(
    appeal: Appeal, settings: Any
) -> None:
    settings.LIVE = True
    _write(appeal)
    assert _from() == {("A", "", "", "")}
    _verify(appeal, "hej@partiet.example", "Partiet")
    _write(appeal, "en")
    assert Content.objects.get(language="en").from_email == "hej@partiet.example"


def test_a_version_comes_from_whom_was_chosen_in_all_its_languages(appeal: Appeal) -> None:
    _verify(appeal, "anna@partiet.example", "Anna på Partiet")
    _verify(appeal, "hej@partiet.example", "Partiet")
    _write(appeal)
    writing.add_variant(appeal_id=appeal.pk, copy_of="A", by=BY)
    wanted = Sender("hej@partiet.example", "  Partiet   centralt ", "anna@partiet.example")
    _choose(appeal, wanted, "B")
    _choose(appeal, wanted, "B")
    _write(appeal, "en", "B")

    assert _from() == {
        ("A", "anna@partiet.example", "Anna på Partiet", ""),
        ("B", "hej@partiet.example", "Partiet centralt", "anna@partiet.example"),
    }
    assert Content.objects.filter(variant__letter="B").count() == 2
    assert ChangeLine.objects.filter(action="appeal.sender_chosen").count() == 1
    assert sender.of_variant(appeal, "B").name == "Partiet centralt"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Sender("eva@annat.example", "Eva"), "sender_unknown"),
        (Sender("hej@partiet.example", "Partiet", "eva@annat.example"), "sender_unknown"),
        (Sender("hej@partiet.example", " "), "sender_name"),
        (Sender("hej@partiet.example", "x" * 71), "sender_name"),
        (Sender("hej@partiet.example", "Partiet\r\nBcc: eva@annat.example"), "sender_name"),
        (Sender("hej@partiet.example", "Partiet <eva@annat.example>"), "sender_name"),
    ],
)
def test_nobody_else_and_no_other_name_may_send(appeal: Appeal, wanted: Sender, code: str) -> None:
    _verify(appeal, "hej@partiet.example", "Partiet")
    _write(appeal)
    before = _from()
    with pytest.raises(Refused, match=code):
        _choose(appeal, wanted)
    assert _from() == before


def test_another_entitys_address_is_not_among_the_choices_and_a_demos_own_is(
    appeal: Appeal, settings: Any
) -> None:
    other = make_party("annat")
    other_appeal = Appeal(campaign=Campaign(entity=other))
    _verify(other_appeal, "hej@annat.example", "Annat")
    own = appeal.campaign.entity.email
    assert [one.address for one in sender.choices(appeal)] == [own]
    settings.LIVE = True
    assert sender.choices(appeal) == []


def test_nothing_written_or_not_a_draft_has_no_sender_to_choose(appeal: Appeal) -> None:
    _verify(appeal, "hej@partiet.example", "Partiet")
    wanted = Sender("hej@partiet.example", "Annat namn")
    with pytest.raises(Refused, match="no_variant"):
        _choose(appeal, wanted)
    _write(appeal)
    Appeal.objects.update(state="cancelled", ended_at=clock.now())
    with pytest.raises(Refused, match="not_draft"):
        _choose(appeal, wanted)
    assert _from() == {("A", "hej@partiet.example", "Partiet", "")}
