"""Attacks as staff see them, and the switch that closes card gifts."""

from __future__ import annotations

from html import unescape
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.limits import tally
from fundraise.limits.models import Breaker
from fundraise.providers import pausing, watch
from fundraise.providers.models import Account, Attempt, Pause
from tests.console.conftest import LogIn, cash_gift


def page_of(client: Client) -> str:
    answer = client.get("/staff/defence/")
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def happen(account: Account, **kinds: int) -> None:
    for kind, number in kinds.items():
        for _ in range(number):
            tally.count(watch.scope_of(account.pk), kind, clock.real_now())


def try_of(gift: Gift, account: Account, *, suspect: bool) -> None:
    Attempt.objects.create(
        gift=gift, account=account, number=1, idempotency_key=f"k{gift.pk}", request=b"",
        created_at=clock.now(), declines=2, suspect=suspect, state="closed",
    )  # fmt: skip


def test_the_page_tells_calm_from_attack_and_fraud_from_a_givers_no(
    stripe: Account, david: Client
) -> None:
    assert "Lugnt" in page_of(david)
    happen(stripe, begun=9, declined=7, fraud=3, paid=1, prove=5, trap=2)
    now = clock.real_now()
    Breaker.objects.create(scope=watch.scope_of(stripe.pk), opened_at=now, bad_at=now)
    page = page_of(david)
    assert "Ber om arbetsbevis sedan" in page
    assert "9 påbörjade, 7 nekade, 1 betalda" in page
    cells = page.split("<tbody>")[1].split("</tbody>")[0]
    numbers = [cell.split("</td>")[0] for cell in cells.split('<td class="num">')[1:]]
    assert numbers == ["9", "1", "4", "3", "7"]


def test_real_givers_whose_bank_said_no_are_not_hidden_among_the_attack(
    campaign: Campaign, stripe: Account, david: Client
) -> None:
    real, attacker = (cash_gift(campaign, proof=f"slip {n}") for n in (1, 2))
    try_of(real, stripe, suspect=False)
    try_of(attacker, stripe, suspect=True)
    page = page_of(david)
    assert f"/staff/gifts/{real.ref}/" in page
    assert f"/staff/gifts/{attacker.ref}/" not in page


@pytest.mark.parametrize("whole", [False, True])
def test_card_gifts_are_closed_with_a_reason_and_opened_again(
    stripe: Account, david: Client, whole: bool
) -> None:
    named = {"account": "house" if whole else str(stripe.pk)}
    refused = david.post("/staff/defence/close/", named)
    assert (refused.status_code, Pause.objects.count()) == (422, 0)
    assert "Nothing was saved" not in refused.content.decode()
    for _ in range(2):
        answer = david.post("/staff/defence/close/", {**named, "reason": "many declines"})
        assert answer["Location"] == "/staff/defence/"
    assert Pause.objects.get().account == (None if whole else stripe)
    closed = page_of(david)
    assert "Kortgåvor är stängda" in closed
    assert 'name="reason"' not in closed  # nothing is left to close
    assert pausing.is_paused(stripe)
    for _ in range(2):
        assert david.post("/staff/defence/open/", named).status_code == 302
    assert not pausing.is_paused(stripe)
    logged = ChangeLine.objects.filter(action__startswith="giving.").order_by("pk")
    assert [line.action for line in logged] == ["giving.paused", "giving.resumed"]


def test_whoever_may_only_look_is_refused(stripe: Account, log_in: LogIn) -> None:
    auditor = log_in("rut", "auditor")
    assert 'name="reason"' not in page_of(auditor)
    answer = auditor.post("/staff/defence/close/", {"reason": "x"})
    assert (answer.status_code, Pause.objects.count()) == (403, 0)


def test_an_account_that_is_not_there_closes_nothing(stripe: Account, david: Client) -> None:
    for key in ("x", "999999", "²", ""):
        answer = david.post("/staff/defence/close/", {"reason": "x", "account": key})
        assert (answer.status_code, Pause.objects.count()) == (404, 0)


def giving(*words: str) -> str:
    out = StringIO()
    call_command("giving", *words, stdout=out)
    return out.getvalue()


def test_the_command_closes_opens_and_tells(stripe: Account) -> None:
    happen(stripe, begun=2, declined=1)
    assert giving("status") == "stripe/main: open; begun 2, declined 1, paid 0\n"
    told = giving("pause", "--reason", "attack", "--by", "staff:7").splitlines()
    assert told[0] == "Card gifts are closed."
    assert told[1].startswith("the whole house: closed since ")
    assert told[2] == "stripe/main: closed; begun 2, declined 1, paid 0"
    assert giving("pause", "--reason", "attack").startswith("They were closed before.")
    assert giving("resume").startswith("Card gifts are open.\nstripe/main: open;")
    assert giving("resume", "--account", "stripe/main").startswith("They were not closed.")
    assert Pause.objects.get().paused_by == "staff:7"


@pytest.mark.parametrize("words", [("pause",), ("status", "--account", "stripe/nix")])
def test_the_command_says_what_it_misses(stripe: Account, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        giving(*words)
    assert Pause.objects.count() == 0
