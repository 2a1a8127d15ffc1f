"""A gift that was tried and not paid: one mail to its giver, and none to anybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fundraise import clock
from fundraise.gifts import services as gifts
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.gifts.services import NewGift
from fundraise.limits.models import Breaker
from fundraise.outbox.models import OutboxEvent
from fundraise.providers import watch
from fundraise.providers.models import Account, Attempt
from mailings import unpaid
from mailings.models import TransactionalMessage
from mailings.transactional import _opened
from tests.people import make_campaign, make_party

pytestmark = pytest.mark.django_db

Begin = Callable[..., Gift]


@pytest.fixture
def begin() -> Begin:
    """Begin a gift with an open page; what is said of the page follows."""
    campaign = make_campaign(make_party())
    account = Account.objects.create(
        entity=campaign.entity, provider="stripe", slug="main", name="Stripe",
        settings_prefix="STRIPE",
    )  # fmt: skip

    def one(email: str = "bjorn@exempel.se", **page: Any) -> Gift:
        giver = Giver(name="Björn Åkesson", email=email)
        gift = gifts.begin_gift(NewGift(campaign=campaign, amount_ore=200_00, giver=giver))
        said = {"state": "open", "session_id": f"cs_{gift.pk}", "expires_at": clock.now(), **page}
        Attempt.objects.create(
            gift=gift, account=account, number=1, idempotency_key=f"gift-{gift.ref}-1",
            request=b"", created_at=clock.now(), url="https://pay.example/", **said,
        )  # fmt: skip
        return gift

    return one


def end(gift: Gift, new: str = "expired") -> list[TransactionalMessage]:
    """The gift ends; the mails there are then."""
    Attempt.objects.filter(gift=gift).update(state="closed")
    before = OutboxEvent.objects.filter(kind="GiftUnpaid").count()
    assert gifts.end_gift(gift.pk, new=new, by="test") is True
    assert gifts.end_gift(gift.pk, new=new, by="test") is False
    told = OutboxEvent.objects.filter(kind="GiftUnpaid").count() - before
    assert told == (0 if new == "void" else 1)
    for _ in range(2 * told):
        unpaid.tell(gift.pk)
    return list(TransactionalMessage.objects.filter(kind=unpaid.KIND).order_by("pk"))


def test_whoever_pressed_pay_is_told_once_that_nothing_was_taken_and_how_to_go_on(
    begin: Begin,
) -> None:
    first = begin(declines=1)
    (row,) = end(first)
    mail = _opened(row)
    assert (mail.to, mail.reply_to) == ("bjorn@exempel.se", "ekonomi@framtidspartiet.example")
    assert mail.subject == "Din gåva är inte betald"
    assert "200\u202fkr till Framtidspartiet är inte betald. Inga pengar har dragits." in mail.text
    assert f"/gava/{first.ref}/" in mail.text
    assert len(end(begin(declines=2))) == 1  # one a day to an address
    assert len(end(begin("eva@exempel.se", intent_id="pi_1"))) == 2  # pressed, and no answer came


@pytest.mark.parametrize(
    "page", [{}, {"declines": 1, "suspect": True}], ids=["looked and left", "a card tester"]
)
def test_nobody_else_is_written_to(begin: Begin, page: dict[str, Any]) -> None:
    assert end(begin(**page)) == []


def test_who_went_on_changed_or_has_died_hears_nothing_and_an_attack_mails_nobody(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert end(begin(declines=1), "void") == []
    first = begin(declines=1)
    begin()  # another form: the giver is still about it
    assert end(first) == []
    with monkeypatch.context() as patch:
        patch.setattr(unpaid, "MOST_IN_AN_HOUR", 0)
        assert end(begin("eva@exempel.se", declines=1)) == []
    guarded = begin("lisa@exempel.se", declines=1)
    scope = watch.scope_of(Account.objects.get().pk)
    at = clock.real_now() - timedelta(minutes=1)
    Breaker.objects.create(scope=scope, opened_at=at, bad_at=at)
    assert end(guarded) == []
